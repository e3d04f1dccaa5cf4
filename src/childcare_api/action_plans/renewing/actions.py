"""Renewing a plan: a draft of today's unit for the current year that names its parent."""

from datetime import date
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access import audit
from childcare_api.access.actor import Actor
from childcare_api.access.scope import holder_unit
from childcare_api.action_plans.drafting import actions as drafting
from childcare_api.action_plans.drafting.errors import PlanOfAnotherUnit
from childcare_api.action_plans.drafting.models import (
    ActionPlan,
    Part,
    PlanBudgetLine,
    PlanLegalBasis,
    PlanStaffingLine,
    PlanTarget,
)
from childcare_api.action_plans.drafting.queries import parts_statement
from childcare_api.action_plans.renewing import queries, rules
from childcare_api.action_plans.reporting.models import ReportObligation
from childcare_api.jobs import outbox
from childcare_api.shared import clock
from childcare_api.shared.db import HOLDER_COLUMNS, constraint_of
from childcare_api.shared.ids import new_id

_RENEWAL_KEY = "action_plans_renewal_key"
_NOT_COPIED = {*HOLDER_COLUMNS, "id", "plan_id", "source_row", "carry_over", "carry_over_notes", "from_part_id"}


async def renew_plan(session: AsyncSession, actor: Actor, parent: ActionPlan) -> tuple[ActionPlan, bool]:
    """Return the draft of this year for the actor's unit, and whether it was made just now.

    Whoever renews a plan again finds what the first one made, be it at the same moment: the unique key of parent,
    unit and year lets one draft in, and the loser of a race reads it. Raises PlanOfAnotherUnit where the actor's
    unit neither holds the plan today nor the territory of the unit it was made for.
    """
    if holder_unit(parent) != actor.unit_id and not await queries.is_heir(session, actor, parent):
        raise PlanOfAnotherUnit
    today = clock.today()
    found = await queries.find_renewal(session, actor, parent, today.year)
    if found is not None:
        return found, False
    plan = drafting.new_plan(
        actor,
        id=new_id(),
        title=rules.renewed_title(parent.title, range(parent.period_from.year, parent.period_to.year + 1), today.year),
        period_from=date(today.year, 1, 1),
        period_to=date(today.year, 12, 31),
        objective=parent.objective,
        parent_plan_id=parent.id,
        renewal_year=today.year,
    )
    try:
        async with session.begin_nested():
            session.add(plan)
            await session.flush()  # Whether another draft came first is told here, by the key.
    except IntegrityError as error:
        if constraint_of(error) != _RENEWAL_KEY:
            raise
        other = await queries.find_renewal(session, actor, parent, today.year)
        if other is None:
            raise
        return other, False
    for part in await _carried_parts(session, actor, parent, plan):
        session.add(part)
    await session.flush()  # What the database refuses is refused before the event is written.
    detail = {"parent_plan_id": str(parent.id), "year": today.year}
    await audit.record(
        session, "action_plan.renewed", subject_kind="action_plan", subject_id=plan.id, detail=detail, holder=plan
    )
    await outbox.publish(session, "action_plan.renewed", plan_id=plan.id, parent_plan_id=parent.id)
    return plan, True


async def _carried_parts(session: AsyncSession, actor: Actor, parent: ActionPlan, plan: ActionPlan) -> list[Part]:
    year, same_unit = plan.period_from.year, parent.unit_id == plan.unit_id
    parts: list[Part] = []
    for model in (PlanLegalBasis, PlanTarget, PlanBudgetLine, PlanStaffingLine, ReportObligation):
        for part in await session.scalars(parts_statement(model, parent).order_by(model.position)):
            content = _content(part)
            if isinstance(part, PlanTarget):
                carried = rules.carry_target(content, same_unit=same_unit, year=year)
            elif isinstance(part, PlanBudgetLine):
                carried = rules.carry_budget_line(content, year=year)
            elif isinstance(part, PlanStaffingLine):
                carried = rules.carry_staffing_line(content, year=year)
            elif isinstance(part, ReportObligation):
                carried = rules.carry_obligation(content, unit_level=actor.level.value, year=year)
            else:
                carried = rules.carry_legal_basis()
            marks = {"carry_over": carried.carry_over, "carry_over_notes": carried.notes, "from_part_id": part.id}
            parts.append(drafting.new_part(model, plan, part_id=None, **(content | carried.changes | marks)))
    return parts


def _content(part: Part) -> dict[str, Any]:
    """Return what a part says, without whose it is and where it came from."""
    columns = inspect(type(part)).columns.keys()
    return {name: getattr(part, name) for name in columns if name not in _NOT_COPIED}
