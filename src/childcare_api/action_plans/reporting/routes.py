"""Reports over HTTP: draft, submit, return, accept."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from childcare_api.access.dependencies import CurrentActor, Session
from childcare_api.access.permissions import Permission
from childcare_api.action_plans.reporting import actions, queries, rules
from childcare_api.action_plans.reporting.errors import (
    NotASender,
    ReportExists,
    ReportOfAnotherUnit,
    ReportStatusForbids,
    ReportYearOutsidePlan,
)
from childcare_api.action_plans.reporting.models import Report
from childcare_api.action_plans.reporting.rules import ReportStatus
from childcare_api.action_plans.reporting.schemas import (
    ChangePlanReport,
    DraftPlanReport,
    PlanReportOut,
    PlanReportSummary,
    ReportFigureOut,
    ReturnPlanReport,
)
from childcare_api.shared import clock, paging
from childcare_api.shared.concurrency import IfMatch
from childcare_api.shared.idempotency import OnceIfKeyed
from childcare_api.shared.paging import Page, Paging
from childcare_api.shared.problems import Forbidden, IdTaken, NotFound, StaleVersion, VersionRequired, problems
from childcare_api.shared.requests import Router

router = Router(tags=["reports"])

_STEP = (Forbidden, ReportOfAnotherUnit, NotFound, VersionRequired, StaleVersion, ReportStatusForbids)


@router.get("/reports", responses=problems(Forbidden))
async def list_reports(
    actor: CurrentActor,
    session: Session,
    page: Paging,
    *,
    plan_id: UUID | None = None,
    status: ReportStatus | None = None,
    unit_id: Annotated[int | None, Query(ge=1, le=2_147_483_647, description="Who sends it.")] = None,
    year: Annotated[int | None, Query(ge=1990, le=2100)] = None,
) -> Page[PlanReportSummary]:
    """List the reports your unit writes, and those submitted by units below it, the newest first."""
    actor.require(Permission.REPORT_READ)
    statement = queries.reports_statement(actor, plan_id=plan_id, status=status, unit_id=unit_id, year=year)
    fetched = await paging.fetch(session, statement, page, Report.created_at, Report.id, descending=True)
    return Page[PlanReportSummary].model_validate(fetched, from_attributes=True)


@router.post(
    "/reports",
    status_code=201,
    responses=problems(Forbidden, NotFound, NotASender, ReportYearOutsidePlan, ReportExists, IdTaken),
)
async def draft_report(
    body: DraftPlanReport, actor: CurrentActor, session: Session, once: OnceIfKeyed, response: Response
) -> PlanReportOut:
    """Draft a report that your unit owes by an obligation of `GET /report-obligations`. Nobody above sees the draft."""
    actor.require(Permission.REPORT_WRITE)
    await once.begin(session)
    obligation, plan = await queries.get_obligation(session, actor, body.obligation_id)
    report = await actions.draft_report(session, actor, obligation, plan, body)
    response.headers["Location"] = f"/api/v1/reports/{report.id}"
    return _out(report)


@router.get("/reports/{report_id}", responses=problems(Forbidden, NotFound))
async def read_report(report_id: UUID, actor: CurrentActor, session: Session) -> PlanReportOut:
    """Read one report."""
    actor.require(Permission.REPORT_READ)
    return _out(await queries.get_report(session, actor, report_id))


@router.patch("/reports/{report_id}", responses=problems(*_STEP))
async def change_report(
    report_id: UUID, body: ChangePlanReport, if_match: IfMatch, actor: CurrentActor, session: Session
) -> PlanReportOut:
    """Change a report that is a draft or was returned to you."""
    actor.require(Permission.REPORT_WRITE)
    report = await queries.lock_report(session, actor, report_id, if_match)
    return _out(await actions.change_report(session, actor, report, body))


@router.post("/reports/{report_id}/submit", responses=problems(*_STEP))
async def submit_report(
    report_id: UUID, if_match: IfMatch, actor: CurrentActor, session: Session, once: OnceIfKeyed
) -> PlanReportOut:
    """Send a report to its recipient: a commune's goes to the province, a province's to the centre."""
    actor.require(Permission.REPORT_SUBMIT)
    await once.begin(session)
    report = await queries.lock_report(session, actor, report_id, if_match)
    return _out(await actions.submit_report(session, actor, report))


@router.post("/reports/{report_id}/return", responses=problems(*_STEP))
async def return_report(
    report_id: UUID,
    body: ReturnPlanReport,
    actor: CurrentActor,
    session: Session,
    *,
    if_match: IfMatch,
    once: OnceIfKeyed,
) -> PlanReportOut:
    """Send a report back to its sender with a reason; the sender changes it and submits it again."""
    actor.require(Permission.REPORT_ACCEPT)
    await once.begin(session)
    report = await queries.lock_report(session, actor, report_id, if_match)
    return _out(await actions.return_report(session, actor, report, body))


@router.post("/reports/{report_id}/accept", responses=problems(*_STEP))
async def accept_report(
    report_id: UUID, if_match: IfMatch, actor: CurrentActor, session: Session, once: OnceIfKeyed
) -> PlanReportOut:
    """Accept a report. From then on it never changes."""
    actor.require(Permission.REPORT_ACCEPT)
    await once.begin(session)
    report = await queries.lock_report(session, actor, report_id, if_match)
    return _out(await actions.accept_report(session, actor, report))


def _out(report: Report) -> PlanReportOut:
    computed = {"figures", "is_late"}
    own = {name: getattr(report, name) for name in PlanReportOut.model_fields if name not in computed}
    handed_in = clock.today() if report.submitted_at is None else clock.day_of(report.submitted_at)
    figures = [
        ReportFigureOut(target_id=UUID(figure["target_id"]), value=figure["value"], note=figure["note"])
        for figure in report.figures
    ]
    return PlanReportOut.model_validate(
        {**own, "figures": figures, "is_late": rules.is_late(report.due_before, handed_in)}
    )
