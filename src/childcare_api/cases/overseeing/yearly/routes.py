"""The yearly reports of provinces on alternative care over HTTP."""

from uuid import UUID

from childcare_api.access.commands import Given
from childcare_api.access.dependencies import CurrentActor, Session
from childcare_api.access.permissions import Permission
from childcare_api.cases.overseeing.schemas import Year
from childcare_api.cases.overseeing.yearly import actions, queries
from childcare_api.cases.overseeing.yearly.errors import ProvinceCareReportSent
from childcare_api.cases.overseeing.yearly.models import ProvinceCareReport
from childcare_api.cases.overseeing.yearly.schemas import (
    ProvinceCareReportOut,
    ProvinceCareReportSummary,
    SendProvinceCareReport,
)
from childcare_api.shared import paging
from childcare_api.shared.corrections import AlreadyEnteredInError, EnterInError
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

router = Router(prefix="/province-care-reports")


@router.get("", responses=problems(BadQuery))
async def list_province_care_reports(
    actor: CurrentActor,
    session: Session,
    page: Paging,
    *,
    province_id: UnitId | None = None,
    year: Year | None = None,
) -> Page[ProvinceCareReportSummary]:
    """List the reports on alternative care that your province sent, or to the ministry those of all, the newest first.

    Communes find none, as they find no report but their own (`GET /care-reports`).
    """
    actor.require(Permission.REPORT_READ)
    statement = queries.reports_statement(actor, province_id=province_id, year=year)
    found = await paging.fetch(session, statement, page, ProvinceCareReport.id, descending=True)
    return Page[ProvinceCareReportSummary].model_validate(found)


@router.post("", status_code=201, responses=problems(ValidationFailed, ProvinceCareReportSent, IdTaken))
async def send_province_care_report(
    body: SendProvinceCareReport, actor: CurrentActor, session: Session, *, once: OnceIfKeyed
) -> ProvinceCareReportOut:
    """Report alternative care in your province to the ministry, before 25 December (TT 14/2020, Điều 15.1 a6).

    The numbers are read off the communes' files as they are now, and stay as they were sent; those of children are told
    by fives, rounded down, and from 1 to 4 not at all, so that no two reports point at a child. A year ends on 24
    December: what comes later goes into the next report. Where a report is asked for beside it, say by whom
    (`asked_by`): there may be any number of those.
    """
    actor.require(Permission.CARE_REPORT_SUBMIT)
    await once.begin(session)
    return ProvinceCareReportOut.model_validate(await actions.send_report(session, actor, body))


@router.get("/{province_care_report_id}", responses=problems(NotFound))
async def read_province_care_report(
    province_care_report_id: UUID, actor: CurrentActor, session: Session
) -> ProvinceCareReportOut:
    """Read a report as it was sent: your province's, or as the ministry any."""
    actor.require(Permission.REPORT_READ)
    found = await queries.get_report(session, actor, province_care_report_id)
    return ProvinceCareReportOut.model_validate(found)


@router.post(
    "/{province_care_report_id}/entered-in-error",
    responses=problems(NotFound, VersionRequired, StaleVersion, AlreadyEnteredInError),
)
async def mark_province_care_report_in_error(
    province_care_report_id: UUID, body: EnterInError, given: Given
) -> ProvinceCareReportOut:
    """Mark a report that was sent wrong. It stays readable, and the yearly one is wanted again."""
    await given.begin(Permission.CARE_REPORT_SUBMIT)
    report = await queries.lock_report(given.session, given.actor, province_care_report_id, given.version)
    await actions.mark_in_error(given.session, given.actor, report, body)
    return ProvinceCareReportOut.model_validate(report)
