"""Measurements, and activities that count for targets, over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from childcare_api.access.dependencies import CurrentActor, Session
from childcare_api.access.permissions import Permission
from childcare_api.action_plans.drafting.errors import PlanOfAnotherUnit
from childcare_api.action_plans.drafting.queries import get_plan, get_target
from childcare_api.action_plans.measuring import actions, queries
from childcare_api.action_plans.measuring.errors import (
    ActivityOutsidePeriod,
    MeasurementDoesNotFit,
    TargetCountsNoActivities,
)
from childcare_api.action_plans.measuring.models import Measurement
from childcare_api.action_plans.measuring.schemas import MeasurementOut, RecordCountedActivity, RecordMeasurement
from childcare_api.activities.models import Activity
from childcare_api.activities.routes import activity_out
from childcare_api.activities.schemas import ActivityOut, ActivitySummary, EvidenceOut
from childcare_api.shared import paging
from childcare_api.shared.concurrency import IfMatch
from childcare_api.shared.corrections import AlreadyEnteredInError, EnterInError
from childcare_api.shared.idempotency import OnceIfKeyed
from childcare_api.shared.paging import Page, Paging
from childcare_api.shared.problems import Forbidden, IdTaken, NotFound, StaleVersion, VersionRequired, problems
from childcare_api.shared.requests import Router

router = Router(tags=["action plans"])
activities_router = Router(tags=["activities"])


@router.get("/targets/{target_id}/measurements", responses=problems(Forbidden, NotFound))
async def list_measurements(
    target_id: UUID, actor: CurrentActor, session: Session, page: Paging
) -> Page[MeasurementOut]:
    """List what was measured of a target, the newest first, each with the paper that says so."""
    actor.require(Permission.PLAN_READ)
    await get_target(session, actor, target_id)
    statement = queries.measurements_statement(target_id)
    fetched = await paging.fetch(session, statement, page, Measurement.measured_on, Measurement.id, descending=True)
    items = [_out(measurement) for measurement in fetched.items]
    return Page[MeasurementOut](items=items, next_cursor=fetched.next_cursor, total=fetched.total)


@router.post(
    "/targets/{target_id}/measurements",
    status_code=201,
    responses=problems(Forbidden, PlanOfAnotherUnit, NotFound, MeasurementDoesNotFit, IdTaken),
)
async def record_measurement(
    target_id: UUID, body: RecordMeasurement, actor: CurrentActor, session: Session, once: OnceIfKeyed
) -> MeasurementOut:
    """Write down what was reached of a target by a day, such as 1,050,000,000 đồng raised, with its evidence.

    Targets of issued and of loaded plans are measured too: the plan itself does not change by it.
    """
    actor.require(Permission.PLAN_WRITE)
    await once.begin(session)
    target, plan = await get_target(session, actor, target_id)
    return _out(await actions.record_measurement(session, actor, plan, target, body))


@router.post(
    "/measurements/{measurement_id}/entered-in-error",
    responses=problems(Forbidden, PlanOfAnotherUnit, NotFound, VersionRequired, StaleVersion, AlreadyEnteredInError),
)
async def mark_measurement_in_error(
    measurement_id: UUID, body: EnterInError, if_match: IfMatch, actor: CurrentActor, session: Session
) -> MeasurementOut:
    """Mark a measurement entered in error: it stays readable, and the one before it stands again."""
    actor.require(Permission.PLAN_WRITE)
    measurement = await queries.lock_measurement(session, actor, measurement_id, if_match)
    return _out(await actions.mark_in_error(session, actor, measurement, body))


@activities_router.post(
    "/activities",
    status_code=201,
    responses=problems(
        Forbidden,
        PlanOfAnotherUnit,
        NotFound,
        ActivityOutsidePeriod,
        TargetCountsNoActivities,
        IdTaken,
    ),
)
async def record_activity(
    body: RecordCountedActivity, actor: CurrentActor, session: Session, once: OnceIfKeyed, response: Response
) -> ActivityOut:
    """Write down something your unit did: a class, a forum, a campaign, an inspection.

    `target_ids` names the targets it counts for, of a plan of your unit or of one above it: `session_count` is added
    to a target that counts `activities`, the participants (of its audience, where it names one) to one that counts
    `participants`. Nine classes for 540 people may be one record with `session_count` 9.
    """
    actor.require(Permission.ACTIVITY_WRITE)
    await once.begin(session)
    activity = await actions.record_counted_activity(session, actor, body)
    response.headers["Location"] = f"/api/v1/activities/{activity.id}"
    return activity_out(activity)


@activities_router.get("/action-plans/{plan_id}/activities", responses=problems(Forbidden, NotFound))
async def list_plan_activities(
    plan_id: UUID,
    actor: CurrentActor,
    session: Session,
    page: Paging,
    *,
    target_id: Annotated[UUID | None, Query(description="Only those that count for this target.")] = None,
) -> Page[ActivitySummary]:
    """List the activities of your unit and those below it that count for a plan's targets, the newest first."""
    actor.require(Permission.ACTIVITY_READ)
    plan = await get_plan(session, actor, plan_id)
    statement = queries.activities_of_plan(actor, plan, target_id)
    fetched = await paging.fetch(session, statement, page, Activity.started_on, Activity.id, descending=True)
    return Page[ActivitySummary].model_validate(fetched, from_attributes=True)


def _out(measurement: Measurement) -> MeasurementOut:
    own = {name: getattr(measurement, name) for name in MeasurementOut.model_fields if name != "evidence"}
    evidence = EvidenceOut(
        kind=measurement.evidence_kind,
        number=measurement.evidence_number,
        issued_on=measurement.evidence_on,
        issuer=measurement.evidence_issuer,
        note=measurement.evidence_note,
    )
    return MeasurementOut.model_validate({**own, "evidence": evidence})
