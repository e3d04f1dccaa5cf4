"""Sending the yearly report of a province or one that was asked for, taking it back, and the clock that asks for it."""

from datetime import datetime, time, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access import audit
from childcare_api.access.actor import Actor
from childcare_api.cases.overseeing.yearly import queries, rules
from childcare_api.cases.overseeing.yearly.models import ProvinceCareReport
from childcare_api.cases.overseeing.yearly.schemas import SendProvinceCareReport
from childcare_api.deadlines import actions as deadlines
from childcare_api.deadlines import queries as deadline_queries
from childcare_api.shared import clock
from childcare_api.shared.corrections import EnterInError, retract
from childcare_api.shared.ids import new_id
from childcare_api.shared.refusals import refused, too_early

SEND = "care.yearly_report"
_KIND = "province_care_report"
_REPORTS = UUID("018f6f2e-0021-7000-8000-000000000000")


def reports_of_province(province_id: int) -> UUID:
    """Return what the clock of a province's next report runs for: that is no record yet. The database knows it, too."""
    return UUID(int=_REPORTS.int + province_id)


async def keep_clock(
    session: AsyncSession, province_id: int | None, *, origin_unit_id: int | None, asked: int | None = None
) -> None:
    """Let the province's clock run once a child is in care in it: to 24 December of the year whose report is not sent.

    The commune begins it that gives the first child into care. `asked` is the year that the last clock ran for.
    """
    if province_id is None:
        return
    this, subject = rules.year_of(clock.today()), reports_of_province(province_id)
    year = await queries.wanted(session, subject, this if asked is None else max(asked, this - 1))
    if year is None:
        return
    levels = {"village_id": None, "commune_id": None, "district_id": None, "province_id": province_id}
    await deadlines.start_unless_running(
        session,
        SEND,
        subject_kind=_KIND,
        subject_id=subject,
        holder={"unit_id": province_id, **levels},
        from_instant=datetime.combine(rules.last_of_year(year), time(12), clock.VIET_NAM),
        origin_unit_id=origin_unit_id,
    )


async def send_report(session: AsyncSession, actor: Actor, command: SendProvinceCareReport) -> ProvinceCareReport:
    """Write down the report as it goes to the ministry, with the numbers of this moment."""
    today = clock.today()
    begins = rules.last_of_year(command.year - 1) + timedelta(days=1)
    if today < begins:
        raise too_early("/year", begins)
    if not rules.may_be_sent(command.year, today):
        raise refused("/year", "too_late", "Report this year or the last.", "Chỉ báo cáo năm nay hoặc năm trước.")
    last_told = await queries.told_until(session, actor, command.year - 1)
    since, until = rules.days_told(command.year, last_told, today)
    now = clock.now()
    report = ProvinceCareReport(
        **actor.holder,
        id=command.id or new_id(),
        row_version=1,
        year=command.year,
        asked_by=command.asked_by,
        words=command.words,
        since_on=since,
        until_on=until,
        counts=await queries.counts(session, since, until),
        recorded_at=now,
        recorded_by=actor.id,
        entered_in_error_at=None,
        entered_in_error_by=None,
        entered_in_error_reason=None,
    )
    session.add(report)
    await session.flush()  # A second report of the year is refused here, before the event is written.
    if report.asked_by is None:
        await _answer_clock(session, actor, report)
    await _record(session, report, "sent", {"year": report.year, "asked": report.asked_by is not None})
    return report


async def mark_in_error(session: AsyncSession, actor: Actor, report: ProvinceCareReport, command: EnterInError) -> None:
    """Mark a report that should not have been sent so. The yearly one is wanted again while it can be sent."""
    retract(report, command, by=actor.id)
    report.row_version += 1
    await session.flush()
    if report.asked_by is None and rules.may_be_sent(report.year, clock.today()):
        running = await _asked(session, actor)
        if running is not None and running > report.year:
            await deadlines.cancel(session, SEND, reports_of_province(actor.unit_id), reason="no_longer_due")
        await keep_clock(session, actor.province_id, origin_unit_id=actor.unit_id, asked=report.year)
    await _record(session, report, "entered_in_error", {"year": report.year})


async def _answer_clock(session: AsyncSession, actor: Actor, report: ProvinceCareReport) -> None:
    """End the clock of the year that was reported, or of one that nobody can report any more; the next one runs.

    It does where a child was in care since. This year's report answers for no earlier one that can still be sent.
    """
    asked = await _asked(session, actor)
    if asked is not None:
        if asked != report.year and rules.may_be_sent(asked, clock.today()):
            return
        await deadlines.finish(session, SEND, reports_of_province(actor.unit_id), happened_at=report.recorded_at)
    if await queries.had_care(session, report.until_on + timedelta(days=1), clock.today() + timedelta(days=1)):
        await keep_clock(session, actor.province_id, origin_unit_id=actor.unit_id, asked=asked)


async def _asked(session: AsyncSession, actor: Actor) -> int | None:
    """Return the year whose report the clock of the province waits for."""
    task = await deadline_queries.find_open_task(session, SEND, reports_of_province(actor.unit_id))
    return None if task is None else rules.year_of(clock.day_of(task.starts_at))


async def _record(session: AsyncSession, report: ProvinceCareReport, what: str, detail: dict[str, object]) -> None:
    await audit.record(
        session, f"{_KIND}.{what}", subject_kind=_KIND, subject_id=report.id, detail=detail, holder=report
    )
