"""Measuring targets, counting activities for them, and putting progress together."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access import audit
from childcare_api.access.actor import Actor
from childcare_api.access.scope import VIET_NAM_UNIT, holder_unit
from childcare_api.action_plans.drafting.errors import PlanOfAnotherUnit
from childcare_api.action_plans.drafting.models import ActionPlan, PlanTarget
from childcare_api.action_plans.drafting.queries import get_target
from childcare_api.action_plans.measuring import rules
from childcare_api.action_plans.measuring.errors import (
    ActivityOutsidePeriod,
    MeasurementDoesNotFit,
    TargetCountsNoActivities,
)
from childcare_api.action_plans.measuring.models import Measurement, TargetActivity
from childcare_api.action_plans.measuring.schemas import RecordCountedActivity, RecordMeasurement
from childcare_api.activities import actions as activities
from childcare_api.activities.models import Activity
from childcare_api.jobs import outbox
from childcare_api.shared import clock, corrections
from childcare_api.shared.corrections import EnterInError
from childcare_api.shared.db import holder_of
from childcare_api.shared.ids import new_id
from childcare_api.shared.refusals import too_early


async def record_measurement(
    session: AsyncSession, actor: Actor, plan: ActionPlan, target: PlanTarget, command: RecordMeasurement
) -> Measurement:
    """Write down what was reached of a target of a plan that the actor's unit holds, also of a source plan.

    The plan itself does not change by it.
    """
    if holder_unit(plan) != actor.unit_id:
        raise PlanOfAnotherUnit
    kind = rules.value_type(value=target.value, measure_unit=target.measure_unit)
    if not rules.fits(kind, command.value, command.finding):
        raise MeasurementDoesNotFit(value_type=kind)
    if command.measured_on < plan.period_from:
        raise too_early("/measured_on", plan.period_from)
    evidence = command.evidence
    measurement = Measurement(
        **actor.holder,
        id=command.id or new_id(),
        row_version=1,
        target_id=target.id,
        measured_on=command.measured_on,
        value=command.value,
        finding=command.finding,
        evidence_kind=evidence.kind,
        evidence_number=evidence.number,
        evidence_on=evidence.issued_on,
        evidence_issuer=evidence.issuer,
        evidence_note=evidence.note,
        recorded_at=clock.now(),
        recorded_by=actor.id,
        entered_in_error_at=None,
        entered_in_error_by=None,
        entered_in_error_reason=None,
    )
    session.add(measurement)
    await session.flush()  # An id that is taken is refused before the event is written.
    await _record(session, measurement, "measurement.recorded")
    return measurement


async def mark_in_error(
    session: AsyncSession, actor: Actor, measurement: Measurement, command: EnterInError
) -> Measurement:
    """Keep a measurement readable and let the one before it stand again."""
    if holder_unit(measurement) != actor.unit_id:
        raise PlanOfAnotherUnit
    corrections.retract(measurement, command, by=actor.id)
    measurement.row_version += 1
    await session.flush()  # Refused here, not after the event.
    await _record(session, measurement, "measurement.entered_in_error")
    return measurement


async def record_counted_activity(session: AsyncSession, actor: Actor, command: RecordCountedActivity) -> Activity:
    """Write down an activity and link it to the targets it counts for.

    Raises NotFound for a target out of sight, PlanOfAnotherUnit for one of a plan below or beside the actor's unit,
    TargetCountsNoActivities or ActivityOutsidePeriod.
    """
    targets = [await get_target(session, actor, target_id) for target_id in dict.fromkeys(command.target_ids)]
    for target, plan in targets:
        if holder_unit(plan) not in {actor.unit_id, actor.province_id, VIET_NAM_UNIT}:
            raise PlanOfAnotherUnit
        if target.counts is None or target.carry_over == "not_carried":
            raise TargetCountsNoActivities
        last = command.ended_on or command.started_on
        if command.started_on < plan.period_from or last > plan.period_to:
            raise ActivityOutsidePeriod
    activity = await activities.record_activity(session, actor, command)
    for target, _plan in targets:
        session.add(TargetActivity(**holder_of(activity), target_id=target.id, activity_id=activity.id))
        await _counts(session, activity, target.id)
    return activity


async def _counts(session: AsyncSession, activity: Activity, target_id: UUID) -> None:
    detail = {"target_id": str(target_id)}
    await audit.record(
        session, "activity.counted", subject_kind="activity", subject_id=activity.id, detail=detail, holder=activity
    )


async def _record(session: AsyncSession, measurement: Measurement, event: str) -> None:
    detail = {"target_id": str(measurement.target_id)}
    await audit.record(
        session, event, subject_kind="measurement", subject_id=measurement.id, detail=detail, holder=measurement
    )
    await outbox.publish(session, event, measurement_id=measurement.id, target_id=measurement.target_id)
