"""Report obligations over HTTP: what a plan says, and who owes which report by when."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from childcare_api.access.dependencies import CurrentActor, Session
from childcare_api.access.permissions import Level, Permission
from childcare_api.access.scope import holder_unit
from childcare_api.action_plans.drafting import actions
from childcare_api.action_plans.drafting.queries import get_part, get_plan, lock_draft, parts_statement
from childcare_api.action_plans.drafting.routes import OF_DRAFTS
from childcare_api.action_plans.drafting.schemas import ActionPlanOut, content_of
from childcare_api.action_plans.reporting import queries, rules
from childcare_api.action_plans.reporting.errors import NobodyBelow
from childcare_api.action_plans.reporting.models import ReportObligation
from childcare_api.action_plans.reporting.schemas import AddObligation, DuePlanReport, ObligationOut
from childcare_api.shared import clock, paging
from childcare_api.shared.concurrency import IfMatch
from childcare_api.shared.idempotency import OnceIfKeyed
from childcare_api.shared.paging import Page, Paging
from childcare_api.shared.problems import Forbidden, IdTaken, NotFound, problems
from childcare_api.shared.requests import Router

router = Router(tags=["reports"])

_BELOW = {Level.CENTRAL: "province", Level.PROVINCE: "commune"}


@router.get("/report-obligations", responses=problems(Forbidden))
async def list_report_obligations(
    actor: CurrentActor,
    session: Session,
    page: Paging,
    *,
    plan_id: UUID | None = None,
    year: Annotated[int | None, Query(ge=1990, le=2100)] = None,
    sender_unit_id: Annotated[int | None, Query(ge=1, le=2_147_483_647)] = None,
) -> Page[DuePlanReport]:
    """List which unit owes which report by when, the earliest first: what you owe, and what is owed to you.

    Each row is one obligation of an issued plan, one year of it and one sender. "Before 15 June" means that the 15th
    is too late. Senders are those of the plan's own time: a plan of 2024 bound districts, which have lapsed.
    """
    actor.require(Permission.REPORT_READ)
    statement, by = queries.due_statement(actor, plan_id=plan_id, year=year, sender_unit_id=sender_unit_id)
    rows = (await session.execute(paging.keyset(statement.add_columns(*by), page, *by))).all()
    shown = rows[: page.limit]
    today = clock.today()
    items = []
    for obligation, plan, sender, report_id, status, of_year, due, *_ in shown:
        ended = sender.valid_to is not None and sender.valid_to < today
        items.append(
            DuePlanReport(
                obligation_id=obligation.id,
                plan_id=plan.id,
                plan_number=plan.number,
                kind=obligation.kind,
                statement=obligation.statement,
                quote=obligation.quote,
                section=obligation.section,
                year=of_year,
                due_before=due,
                sender_unit_id=sender.id,
                sender_name=sender.name,
                recipient_unit_id=holder_unit(plan),
                report_id=report_id,
                status=rules.due_status(status, due, today=today, sender_ended=ended),
            )
        )
    cursor = page.cursor_after(shown[-1][-4:]) if len(rows) > page.limit else None
    return Page[DuePlanReport](items=items, next_cursor=cursor, total=await paging.total(session, statement, page))


@router.get("/action-plans/{plan_id}/report-obligations", responses=problems(Forbidden, NotFound))
async def list_plan_report_obligations(
    plan_id: UUID, actor: CurrentActor, session: Session, page: Paging
) -> Page[ObligationOut]:
    """List what a plan says about reporting, each with its original sentence where it has one."""
    actor.require(Permission.PLAN_READ)
    plan = await get_plan(session, actor, plan_id)
    statement = parts_statement(ReportObligation, plan)
    fetched = await paging.fetch(session, statement, page, ReportObligation.position, ReportObligation.id)
    items = [ObligationOut.of(plan, obligation) for obligation in fetched.items]
    return Page[ObligationOut](items=items, next_cursor=fetched.next_cursor, total=fetched.total)


@router.post(
    "/action-plans/{plan_id}/report-obligations",
    status_code=201,
    responses=problems(*OF_DRAFTS, NobodyBelow, IdTaken),
)
async def add_plan_report_obligation(
    plan_id: UUID, body: AddObligation, actor: CurrentActor, session: Session, *, if_match: IfMatch, once: OnceIfKeyed
) -> ObligationOut:
    """Bind the units directly below yours to a report: a province its communes, the centre the provinces."""
    actor.require(Permission.PLAN_WRITE)
    await once.begin(session)
    plan = await lock_draft(session, actor, plan_id, if_match)
    level = _BELOW.get(actor.level)
    if level is None:
        raise NobodyBelow
    obligation = actions.new_part(
        ReportObligation,
        plan,
        part_id=body.id,
        sender_level=level,
        recurs=body.kind != "ad_hoc",
        **content_of(body),
    )
    return ObligationOut.of(plan, await actions.add_part(session, actor, plan, obligation))


@router.delete("/action-plans/{plan_id}/report-obligations/{obligation_id}", responses=problems(*OF_DRAFTS))
async def remove_plan_report_obligation(
    plan_id: UUID, obligation_id: UUID, if_match: IfMatch, actor: CurrentActor, session: Session
) -> ActionPlanOut:
    """Take an obligation out of a draft. The answer is the plan at its new version."""
    actor.require(Permission.PLAN_WRITE)
    found = await get_plan(session, actor, plan_id)
    obligation = await get_part(session, ReportObligation, found, obligation_id)
    plan = await lock_draft(session, actor, plan_id, if_match)
    await actions.remove_part(session, actor, plan, obligation)
    return ActionPlanOut.model_validate(plan)
