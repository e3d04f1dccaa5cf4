"""Overseeing children in family care over HTTP."""

from uuid import UUID

from childcare_api.access import audit
from childcare_api.access.commands import Given
from childcare_api.access.dependencies import CurrentActor, Session
from childcare_api.access.permissions import Permission
from childcare_api.cases.overseeing import actions, queries
from childcare_api.cases.overseeing.errors import CareReportAcknowledged, CareReportSent
from childcare_api.cases.overseeing.models import CareReport
from childcare_api.cases.overseeing.schemas import (
    AcknowledgeCareReport,
    CareReportOut,
    CareReportSummary,
    ChildInCare,
    Half,
    SendCareReport,
    Year,
)
from childcare_api.shared import clock, paging
from childcare_api.shared.idempotency import OnceIfKeyed
from childcare_api.shared.paging import Page, Paging
from childcare_api.shared.problems import (
    BadQuery,
    IdTaken,
    NotFound,
    StaleVersion,
    ValidationFailed,
    VersionRequired,
    problems,
)
from childcare_api.shared.requests import Router
from childcare_api.units.schemas import UnitId

router = Router()


@router.get("/children-in-care", responses=problems(BadQuery))
async def list_children_in_care(
    actor: CurrentActor,
    session: Session,
    page: Paging,
    *,
    commune_id: UnitId | None = None,
    received: bool | None = None,
    overdue: bool | None = None,
    see_at_once: bool | None = None,
) -> Page[ChildInCare]:
    """List the children in family care in your commune or province, without names, with their last assessment.

    `received=false`: those whose carer is decided on and has not received them yet. `overdue=true`: those whose
    half-yearly assessment is late (NĐ 56/2017, Điều 43.2; Luật Trẻ em, Điều 68.2).
    `see_at_once=true`: those whom nobody saw since their carer was found to have harmed another child (`carer.see_all`;
    Luật Trẻ em, Điều 69.2, 50).
    """
    actor.require(Permission.CASE_READ)
    statement, by = queries.in_care_on(
        clock.today(), commune_id=commune_id, received=received, overdue=overdue, see_at_once=see_at_once
    )
    found = await paging.fetch(session, statement, page, by)
    detail = {"ids": [str(child.case_id) for child in found.items]}
    await audit.record(session, "children_in_care.listed", subject_kind="case", subject_id=None, detail=detail)
    return Page[ChildInCare].model_validate(found)


@router.get("/care-reports", responses=problems(BadQuery))
async def list_care_reports(
    actor: CurrentActor, session: Session, page: Paging, *, year: Year | None = None, half: Half | None = None
) -> Page[CareReportSummary]:
    """List the half-yearly reports on children in family care that communes of your unit sent, the newest first."""
    actor.require(Permission.CASE_READ)
    statement = queries.reports_statement(actor, year=year, half=half)
    found = await paging.fetch(session, statement, page, CareReport.id, descending=True)
    kept = await queries.kept_of(session, found.items)
    rows = [queries.summary_out(report, kept) for report in found.items]
    return Page[CareReportSummary](items=rows, next_cursor=found.next_cursor, total=found.total)


@router.post("/care-reports", status_code=201, responses=problems(ValidationFailed, CareReportSent, IdTaken))
async def send_care_report(
    body: SendCareReport, actor: CurrentActor, session: Session, *, once: OnceIfKeyed
) -> CareReportOut:
    """Report how each child in family care in your commune fares, to the province, every half year (Điều 68.2).

    What it says is read off the visits; whom nobody assessed in that time is counted as such, and whom the carer has
    not received yet apart (`not_yet_received`).
    """
    actor.require(Permission.CASE_DECIDE)
    await once.begin(session)
    report = await actions.send_report(session, actor, body)
    return queries.report_out(report, await queries.kept_of(session, [report]))


@router.get("/care-reports/{care_report_id}", responses=problems(NotFound))
async def read_care_report(care_report_id: UUID, actor: CurrentActor, session: Session) -> CareReportOut:
    """Read a report as it was sent, but for cases that are sealed or kept from you. That you did is recorded."""
    actor.require(Permission.CASE_READ)
    report = await queries.get_report(session, actor, care_report_id)
    told = queries.report_out(report, await queries.kept_of(session, [report]))
    detail = {"ids": [str(one.case_id) for one in told.entries]}
    await audit.record(
        session, "care_report.opened", subject_kind="care_report", subject_id=report.id, detail=detail, holder=report
    )
    return told


@router.post(
    "/care-reports/{care_report_id}/acknowledge",
    responses=problems(NotFound, VersionRequired, StaleVersion, CareReportAcknowledged),
)
async def acknowledge_care_report(care_report_id: UUID, body: AcknowledgeCareReport, given: Given) -> CareReportOut:
    """Say that the province read the report, and what it does to support or to step in (Luật Trẻ em, Điều 68.2)."""
    await given.begin(Permission.CARE_REPORT_ACCEPT)
    report = await queries.lock_report(given.session, given.actor, care_report_id, given.version)
    await actions.acknowledge(given.session, given.actor, report, body)
    return queries.report_out(report, await queries.kept_of(given.session, [report]))
