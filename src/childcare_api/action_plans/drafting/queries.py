"""Reading plans and their parts.

Besides the plans a caller's unit and those below it hold, everyone reads what was issued above them: a commune its
province's plans and the plans of the districts that ended there, everyone the country's.
"""

from datetime import date
from typing import TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.access.permissions import Level
from childcare_api.access.scope import holder_unit, in_scope
from childcare_api.action_plans.drafting.errors import PlanAlreadyIssued, PlanFromSource, PlanOfAnotherUnit
from childcare_api.action_plans.drafting.models import ActionPlan, Part, PlanTarget
from childcare_api.shared.concurrency import Version
from childcare_api.shared.problems import NotFound

PartRow = TypeVar("PartRow", bound=Part)


def in_sight(actor: Actor) -> ColumnElement[bool]:
    """Return the predicate that row-level security also has: own plans, and those issued above."""
    if actor.level is Level.CENTRAL:
        return in_scope(ActionPlan, actor)
    above = and_(
        ActionPlan.status == "issued",
        ActionPlan.commune_id.is_(None),
        or_(ActionPlan.province_id == actor.province_id, ActionPlan.province_id.is_(None)),
    )
    return or_(in_scope(ActionPlan, actor), above)


def plans_statement(
    actor: Actor, *, unit_id: int | None, status: str | None, year: int | None, from_source: bool | None
) -> Select[ActionPlan]:
    """Return the statement for a list of plans; `unit_id` finds those made for a unit or held by it today."""
    statement = select(ActionPlan).where(in_sight(actor))
    if unit_id is not None:
        held = and_(ActionPlan.province_id == unit_id, ActionPlan.commune_id.is_(None))
        statement = statement.where(or_(ActionPlan.unit_id == unit_id, ActionPlan.commune_id == unit_id, held))
    if status is not None:
        statement = statement.where(ActionPlan.status == status)
    if year is not None:
        statement = statement.where(
            ActionPlan.period_from <= date(year, 12, 31), ActionPlan.period_to >= date(year, 1, 1)
        )
    if from_source is not None:
        statement = statement.where(ActionPlan.source_key.is_not(None) == from_source)
    return statement


async def get_plan(session: AsyncSession, actor: Actor, plan_id: UUID) -> ActionPlan:
    """Return a plan in the caller's sight. Raises NotFound."""
    plan = await session.scalar(select(ActionPlan).where(ActionPlan.id == plan_id, in_sight(actor)))
    if plan is None:
        raise NotFound(plan_id=plan_id)
    return plan


async def own_plan(session: AsyncSession, actor: Actor, plan_id: UUID) -> ActionPlan:
    """Return a plan that the caller's unit holds. Raises NotFound, or PlanOfAnotherUnit where it may be read."""
    plan = await get_plan(session, actor, plan_id)
    if holder_unit(plan) != actor.unit_id:
        raise PlanOfAnotherUnit
    return plan


async def lock_draft(session: AsyncSession, actor: Actor, plan_id: UUID, version: Version) -> ActionPlan:
    """Return an own draft at that version, locked until commit.

    Raises NotFound, PlanOfAnotherUnit, VersionRequired, StaleVersion, PlanFromSource or PlanAlreadyIssued.
    """
    await own_plan(session, actor, plan_id)
    plan = await session.scalar(
        select(ActionPlan)
        .where(ActionPlan.id == plan_id, in_scope(ActionPlan, actor))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if plan is None:
        raise NotFound(plan_id=plan_id)
    version.check(plan)
    if plan.source_key is not None:
        raise PlanFromSource
    if plan.status != "draft":
        raise PlanAlreadyIssued
    return plan


def parts_statement(model: type[PartRow], plan: ActionPlan) -> Select[PartRow]:
    """Return the statement for the parts of one kind of a plan that the caller may see."""
    return select(model).where(model.plan_id == plan.id)


async def get_part(session: AsyncSession, model: type[PartRow], plan: ActionPlan, part_id: UUID) -> PartRow:
    """Return a part of a plan. Raises NotFound."""
    part = await session.scalar(parts_statement(model, plan).where(model.id == part_id))
    if part is None:
        raise NotFound(part_id=part_id)
    return part


async def next_position(session: AsyncSession, model: type[Part], plan: ActionPlan) -> int:
    """Return the place after the last part of a kind."""
    last = await session.scalar(select(func.max(model.position)).where(model.plan_id == plan.id))
    return (last or 0) + 1


async def get_target(session: AsyncSession, actor: Actor, target_id: UUID) -> tuple[PlanTarget, ActionPlan]:
    """Return a target with its plan, both in the caller's sight. Raises NotFound."""
    statement = (
        select(PlanTarget, ActionPlan)
        .join(ActionPlan, ActionPlan.id == PlanTarget.plan_id)
        .where(PlanTarget.id == target_id, in_sight(actor))
    )
    found = (await session.execute(statement)).one_or_none()
    if found is None:
        raise NotFound(target_id=target_id)
    return found[0], found[1]


async def has_targets(session: AsyncSession, plan: ActionPlan) -> bool:
    """Say whether a plan has a target that was not left behind by renewing."""
    statement = select(PlanTarget.id).where(
        PlanTarget.plan_id == plan.id, PlanTarget.carry_over.is_distinct_from("not_carried")
    )
    return await session.scalar(statement.limit(1)) is not None
