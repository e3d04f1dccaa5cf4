"""Reading what has to be reported by whom, and reports."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Integer, Select, and_, cast, column, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.access.scope import VIET_NAM_UNIT, in_scope
from childcare_api.action_plans.drafting.models import ActionPlan, PlanTarget
from childcare_api.action_plans.drafting.queries import in_sight
from childcare_api.action_plans.reporting.models import Report, ReportObligation
from childcare_api.shared.concurrency import Version
from childcare_api.shared.paging import Column
from childcare_api.shared.problems import NotFound
from childcare_api.units.models import Unit

NEVER = date(2100, 12, 31)
"""Where what has no day stands in a list that is ordered by days."""


def visible(actor: Actor) -> ColumnElement[bool]:
    """Return the predicate of reports the caller may see: a draft is its sender's alone, or of who answers for that."""
    mine = func.coalesce(Report.commune_id, Report.province_id, VIET_NAM_UNIT) == actor.unit_id
    return and_(in_scope(Report, actor), or_(mine, Report.status != "draft"))


def due_statement(
    actor: Actor, *, plan_id: UUID | None, year: int | None, sender_unit_id: int | None
) -> tuple[Select[*tuple[Any, ...]], tuple[Column, ...]]:
    """Return the statement of who owes which report of which year, and the columns it is ordered by.

    Senders are the units of the obligation's level directly below the plan's unit that were in force on the day it
    is due, so a plan of 2024 binds the districts of its time. A unit sees what it owes itself, and what is owed to
    the plans it or a unit below it holds.
    """
    each_year = (
        func.generate_series(
            cast(func.extract("year", ActionPlan.period_from), Integer),
            cast(func.extract("year", ActionPlan.period_to), Integer),
        )
        .table_valued(column("year", Integer))
        .render_derived(name="each_year")
    )
    years = each_year.c.year
    due = func.make_date(years, ReportObligation.before_month, ReportObligation.before_day, type_=Date)
    in_force_on = func.coalesce(due, func.make_date(years, 12, 31), type_=Date)
    sender = and_(
        Unit.parent_id == ActionPlan.unit_id,
        Unit.level == ReportObligation.sender_level,
        or_(Unit.valid_from.is_(None), Unit.valid_from <= in_force_on),
        or_(Unit.valid_to.is_(None), Unit.valid_to >= in_force_on),
    )
    written = and_(
        Report.obligation_id == ReportObligation.id,
        Report.year == years,
        Report.unit_id == Unit.id,
        Report.kind != "ad_hoc",
        visible(actor),
    )
    statement = (
        select(ReportObligation, ActionPlan, Unit, Report.id, Report.status, years, due)
        .join(ActionPlan, ActionPlan.id == ReportObligation.plan_id)
        .join(each_year, literal(value=True))
        .join(Unit, sender)
        .outerjoin(Report, written)
        .where(
            in_sight(actor),
            ActionPlan.status == "issued",
            ReportObligation.carry_over.is_distinct_from("not_carried"),
            or_(Unit.id == actor.unit_id, in_scope(ActionPlan, actor)),
        )
    )
    if plan_id is not None:
        statement = statement.where(ActionPlan.id == plan_id)
    if year is not None:
        statement = statement.where(years == year)
    if sender_unit_id is not None:
        statement = statement.where(Unit.id == sender_unit_id)
    return statement, (func.coalesce(due, NEVER), ReportObligation.id, years, Unit.id)


async def get_obligation(
    session: AsyncSession, actor: Actor, obligation_id: UUID
) -> tuple[ReportObligation, ActionPlan]:
    """Return an obligation of an issued plan in the caller's sight, with the plan. Raises NotFound."""
    statement = (
        select(ReportObligation, ActionPlan)
        .join(ActionPlan, ActionPlan.id == ReportObligation.plan_id)
        .where(ReportObligation.id == obligation_id, ActionPlan.status == "issued", in_sight(actor))
    )
    found = (await session.execute(statement)).one_or_none()
    if found is None:
        raise NotFound(obligation_id=obligation_id)
    return found[0], found[1]


async def is_sender(session: AsyncSession, actor: Actor, obligation: ReportObligation, plan: ActionPlan) -> bool:
    """Say whether the actor's unit is bound by an obligation."""
    if obligation.carry_over == "not_carried":
        return False
    statement = select(Unit.id).where(
        Unit.id == actor.unit_id, Unit.parent_id == plan.unit_id, Unit.level == obligation.sender_level
    )
    return await session.scalar(statement) is not None


async def has_targets(session: AsyncSession, plan_id: UUID, target_ids: set[UUID]) -> bool:
    """Say whether all these targets are the plan's."""
    found = await session.scalars(
        select(PlanTarget.id).where(PlanTarget.plan_id == plan_id, PlanTarget.id.in_(target_ids))
    )
    return set(found) == target_ids


def reports_statement(
    actor: Actor, *, plan_id: UUID | None, status: str | None, unit_id: int | None, year: int | None
) -> Select[Report]:
    """Return the statement for a list of reports."""
    statement = select(Report).where(visible(actor))
    for field, wanted in (
        (Report.plan_id, plan_id),
        (Report.status, status),
        (Report.unit_id, unit_id),
        (Report.year, year),
    ):
        if wanted is not None:
            statement = statement.where(field == wanted)
    return statement


async def get_report(session: AsyncSession, actor: Actor, report_id: UUID) -> Report:
    """Return a report. Raises NotFound."""
    report = await session.scalar(select(Report).where(Report.id == report_id, visible(actor)))
    if report is None:
        raise NotFound(report_id=report_id)
    return report


async def lock_report(session: AsyncSession, actor: Actor, report_id: UUID, version: Version) -> Report:
    """Return a report at that version, locked until commit. Raises NotFound, VersionRequired or StaleVersion."""
    report = await session.scalar(select(Report).where(Report.id == report_id, visible(actor)).with_for_update())
    if report is None:
        raise NotFound(report_id=report_id)
    return version.check(report)
