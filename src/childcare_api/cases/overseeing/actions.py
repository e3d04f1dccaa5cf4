"""Sending the report of a half year, what the province makes of it, and the clocks that ask for both."""

from collections.abc import Mapping
from datetime import datetime, time
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access import audit
from childcare_api.access.actor import Actor
from childcare_api.cases.overseeing import queries, rules
from childcare_api.cases.overseeing.errors import CareReportAcknowledged
from childcare_api.cases.overseeing.models import CareReport
from childcare_api.cases.overseeing.schemas import AcknowledgeCareReport, SendCareReport
from childcare_api.deadlines import actions as deadlines
from childcare_api.deadlines import queries as deadline_queries
from childcare_api.shared import clock
from childcare_api.shared.db import holder_of
from childcare_api.shared.ids import new_id
from childcare_api.shared.refusals import refused, too_early

SEND, READ = "care.half_year_report", "care.report_read"
_REPORTS = UUID("018f6f2e-0020-7000-8000-000000000000")


def reports_of_commune(commune_id: int) -> UUID:
    """Return what the clock of a commune's next report runs for: that is no record yet. The database knows it, too."""
    return UUID(int=_REPORTS.int + commune_id)


async def keep_clock(session: AsyncSession, holder: Mapping[str, int | None], *, since: tuple[int, int] | None) -> None:
    """Let the clock run while a child is in family care here: to the end of the half year whose report is not sent.

    `since` is the half year that the last clock ran for, or in which a child was received: none is left out from it on.
    """
    commune_id = holder["commune_id"]
    if commune_id is None:
        return
    due = rules.wanted(since, await queries.halves_sent(session, commune_id), clock.today())
    ends = datetime.combine(rules.end_of_half(*due), time(12), clock.VIET_NAM)
    # It is the commune's, of whichever village the child is.
    own = {**holder, "unit_id": commune_id, "village_id": None}
    await deadlines.start_unless_running(
        session,
        SEND,
        subject_kind="care_report",
        subject_id=reports_of_commune(commune_id),
        holder=own,
        from_instant=ends,
    )


async def send_report(session: AsyncSession, actor: Actor, command: SendCareReport) -> CareReport:
    """Write down the report of a half year as it goes to the province: every child whom the sender is shown."""
    begins = rules.first_of_half(command.year, command.half)
    if clock.today() < begins:
        raise too_early("/half", begins)
    if not rules.may_be_sent((command.year, command.half), clock.today()):
        raise refused("/half", "too_late", "Report this half year or the last.", "Chỉ báo cáo kỳ này hoặc kỳ trước.")
    children = await queries.all_in_care(session, clock.today())
    now = clock.now()
    report = CareReport(
        **actor.holder,
        id=command.id or new_id(),
        row_version=1,
        year=command.year,
        half=command.half,
        note=command.note,
        entries=[child.model_dump(mode="json") for child in children],
        measures=None,
        acknowledged_at=None,
        acknowledged_by=None,
        recorded_at=now,
        recorded_by=actor.id,
    )
    session.add(report)
    await session.flush()  # A second report of the half year is refused here, before the event is written.
    await _answer_clock(session, actor, report, goes_on=any(child.received_on for child in children))
    await deadlines.start(
        session, READ, subject_kind="care_report", subject_id=report.id, holder=holder_of(report), from_instant=now
    )
    detail = {"year": report.year, "half": report.half, "ids": [str(child.case_id) for child in children]}
    await _record(session, report, "sent", detail)
    return report


async def _answer_clock(session: AsyncSession, actor: Actor, report: CareReport, *, goes_on: bool) -> None:
    """End the clock of the half year that was reported, or of one that nobody can report any more; the next one runs.

    The report of this half year answers for no earlier one that can still be sent.
    """
    subject = reports_of_commune(actor.commune_id or 0)
    due = await deadline_queries.find_open_task(session, SEND, subject)
    asked = None if due is None else rules.half_of(clock.day_of(due.starts_at))
    if asked is not None:
        if asked != (report.year, report.half) and rules.may_be_sent(asked, clock.today()):
            return
        await deadlines.finish(session, SEND, subject, happened_at=report.recorded_at)
    if goes_on:
        await keep_clock(session, actor.holder, since=asked)


async def acknowledge(session: AsyncSession, actor: Actor, report: CareReport, command: AcknowledgeCareReport) -> None:
    """Write down that the province read it, and what it does about it (Luật Trẻ em, Điều 68.2)."""
    if report.acknowledged_at is not None:
        raise CareReportAcknowledged
    now = clock.now()
    report.measures, report.acknowledged_at, report.acknowledged_by = command.measures, now, actor.id
    report.row_version += 1
    await deadlines.finish(session, READ, report.id, happened_at=now)
    await session.flush()
    await _record(session, report, "acknowledged", {})


async def _record(session: AsyncSession, report: CareReport, what: str, detail: dict[str, object]) -> None:
    await audit.record(
        session, f"care_report.{what}", subject_kind="care_report", subject_id=report.id, detail=detail, holder=report
    )
