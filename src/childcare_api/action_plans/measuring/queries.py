"""Reading what was measured and what counts."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Integer, Select, case, cast, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.access.permissions import Level
from childcare_api.access.scope import in_scope
from childcare_api.action_plans.drafting.errors import PlanOfAnotherUnit
from childcare_api.action_plans.drafting.models import ActionPlan, PlanTarget
from childcare_api.action_plans.drafting.queries import get_plan
from childcare_api.action_plans.measuring.models import Measurement, TargetActivity
from childcare_api.activities.models import Activity
from childcare_api.shared.concurrency import Version
from childcare_api.shared.problems import NotFound


async def plan_to_follow(session: AsyncSession, actor: Actor, plan_id: UUID) -> ActionPlan:
    """Return a plan whose progress the caller may see: one held in the caller's scope.

    A plan that is only read from below, a province's by a commune, is counted in records the commune may not see:
    PlanOfAnotherUnit. Raises NotFound for a plan out of sight.
    """
    plan = await get_plan(session, actor, plan_id)
    own = {
        Level.COMMUNE: plan.commune_id == actor.commune_id,
        Level.PROVINCE: plan.province_id == actor.province_id,
        Level.CENTRAL: True,
    }
    if not own.get(actor.level, False):
        raise PlanOfAnotherUnit
    return plan


async def targets_of(session: AsyncSession, plan: ActionPlan) -> Sequence[PlanTarget]:
    """Return all targets of a plan in their order."""
    statement = select(PlanTarget).where(PlanTarget.plan_id == plan.id).order_by(PlanTarget.position, PlanTarget.id)
    return (await session.scalars(statement)).all()


def measurements_statement(target_id: UUID) -> Select[Measurement]:
    """Return the statement for the measurements of a target; what was entered in error is shown as such."""
    return select(Measurement).where(Measurement.target_id == target_id)


async def latest_measurements(session: AsyncSession, plan: ActionPlan) -> dict[UUID, Measurement]:
    """Return the measurement that stands of each target of a plan: the newest not entered in error."""
    statement = (
        select(Measurement)
        .join(PlanTarget, PlanTarget.id == Measurement.target_id)
        .where(PlanTarget.plan_id == plan.id, Measurement.entered_in_error_at.is_(None))
        .ext(distinct_on(Measurement.target_id))
        .order_by(Measurement.target_id, Measurement.measured_on.desc(), Measurement.recorded_at.desc())
    )
    return {measurement.target_id: measurement for measurement in await session.scalars(statement)}


async def lock_measurement(session: AsyncSession, actor: Actor, measurement_id: UUID, version: Version) -> Measurement:
    """Return a measurement at that version, locked until commit. Raises NotFound, VersionRequired or StaleVersion."""
    statement = (
        select(Measurement).where(Measurement.id == measurement_id, in_scope(Measurement, actor)).with_for_update()
    )
    measurement = await session.scalar(statement)
    if measurement is None:
        raise NotFound(measurement_id=measurement_id)
    return version.check(measurement)


async def counted_by_target(session: AsyncSession, plan: ActionPlan) -> dict[UUID, int]:
    """Return what the activities linked to each target add up to: classes, or people of the target's audience."""
    people = case(
        (PlanTarget.audience.is_(None), Activity.participant_count),
        else_=func.coalesce(cast(Activity.audiences[PlanTarget.audience].astext, Integer), 0),
    )
    counted = case((PlanTarget.counts == "activities", Activity.session_count), else_=people)
    statement = (
        select(PlanTarget.id, func.sum(counted))
        .join(TargetActivity, TargetActivity.target_id == PlanTarget.id)
        .join(Activity, Activity.id == TargetActivity.activity_id)
        .where(PlanTarget.plan_id == plan.id, Activity.entered_in_error_at.is_(None))
        .group_by(PlanTarget.id)
    )
    return {target_id: int(total) for target_id, total in await session.execute(statement)}


def activities_of_plan(actor: Actor, plan: ActionPlan, target_id: UUID | None) -> Select[Activity]:
    """Return the statement for the activities in the caller's scope that count for a plan, or for one target of it."""
    linked = (
        select(TargetActivity.activity_id)
        .join(PlanTarget, PlanTarget.id == TargetActivity.target_id)
        .where(PlanTarget.plan_id == plan.id)
    )
    if target_id is not None:
        linked = linked.where(PlanTarget.id == target_id)
    return select(Activity).where(in_scope(Activity, actor), Activity.id.in_(linked))
