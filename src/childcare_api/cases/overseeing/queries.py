"""Reading children in family care, and the reports on them, within the caller's scope."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Date, Integer, Select, Text, Uuid, column, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Bundle

from childcare_api.access.actor import Actor
from childcare_api.access.scope import in_scope
from childcare_api.cases.overseeing.models import CareReport
from childcare_api.cases.overseeing.rules import first_of_half
from childcare_api.cases.overseeing.schemas import CareReportOut, CareReportSummary, ChildInCare
from childcare_api.shared.concurrency import Version
from childcare_api.shared.problems import NotFound

_COLUMNS = {"placement_id": Uuid, "case_id": Uuid, "commune_id": Integer, "form": Text, "temporary": Boolean} | {
    "received_on": Date,
    "assessed_on": Date,
    "occasion": Text,
    "proposal": Text,
    "due_on": Date,
}
_MADE = {"children", "not_yet_received", "unassessed", "proposed"}
_KEPT = text("SELECT cases_kept_of(CAST(:cases AS uuid[]))")


def in_care_on(
    day: date,
    *,
    commune_id: int | None = None,
    received: bool | None = None,
    overdue: bool | None = None,
    see_at_once: bool | None = None,
) -> tuple[Select[Any], Any]:
    """Return the statement for the children in family care whom the caller answers for, and the id to page by.

    A function of the gate finds them: the commune of the carer follows a child whose case another may lead (ADR 0034).
    """
    cared = func.children_in_care(day).table_valued(*(column(name, kind) for name, kind in _COLUMNS.items()))
    statement: Select[Any] = select(Bundle("child", *cared.c))
    if commune_id is not None:
        statement = statement.where(cared.c.commune_id == commune_id)
    if received is not None:
        statement = statement.where(cared.c.received_on.is_not(None) == received)
    if overdue is not None:
        late = func.coalesce(cared.c.due_on < day, False)
        statement = statement.where(late if overdue else ~late)
    if see_at_once is not None:
        to_see = cared.c.placement_id.in_(select(func.care_to_see()))
        statement = statement.where(to_see if see_at_once else ~to_see)
    return statement, cared.c.placement_id


async def all_in_care(session: AsyncSession, day: date) -> list[ChildInCare]:
    """Return every child in family care whom the caller answers for, and whom a family is to receive."""
    statement, by = in_care_on(day)
    return [ChildInCare.model_validate(row[0]) for row in (await session.execute(statement.order_by(by))).all()]


def reports_statement(actor: Actor, *, year: int | None, half: int | None) -> Select[CareReport]:
    """Return the statement for the reports of the caller's unit and those below it."""
    statement = select(CareReport).where(in_scope(CareReport, actor))
    if year is not None:
        statement = statement.where(CareReport.year == year)
    return statement if half is None else statement.where(CareReport.half == half)


async def get_report(session: AsyncSession, actor: Actor, report_id: UUID) -> CareReport:
    """Return a report. Raises NotFound for one outside the caller's scope."""
    found = await session.scalar(select(CareReport).where(CareReport.id == report_id, in_scope(CareReport, actor)))
    if found is None:
        raise NotFound(care_report_id=report_id)
    return found


async def lock_report(session: AsyncSession, actor: Actor, report_id: UUID, version: Version) -> CareReport:
    """Return a report at that version, locked until commit. Raises NotFound."""
    statement = select(CareReport).where(CareReport.id == report_id, in_scope(CareReport, actor))
    found = await session.scalar(statement.with_for_update())
    if found is None:
        raise NotFound(care_report_id=report_id)
    return version.check(found)


async def halves_sent(session: AsyncSession, commune_id: int) -> set[tuple[int, int]]:
    """Return the half years whose reports the commune has sent."""
    sent = select(CareReport.year, CareReport.half).where(CareReport.commune_id == commune_id)
    return {(row.year, row.half) for row in await session.execute(sent)}


async def kept_of(session: AsyncSession, reports: Iterable[CareReport]) -> set[str]:
    """Return which cases that reports speak of are kept from the caller: what is sealed is no row (ADR 0039)."""
    ids = {one["case_id"] for report in reports for one in report.entries}
    return {str(one) for one in await session.scalar(_KEPT, {"cases": list(ids)}) or ()}


def summary_out(report: CareReport, kept: Collection[str]) -> CareReportSummary:
    """Return the row of a list of reports, without the cases that are kept from the caller."""
    own = {name: getattr(report, name) for name in CareReportSummary.model_fields.keys() - _MADE}
    return CareReportSummary.model_validate(own | _counted(report, _shown(report, kept)))


def report_out(report: CareReport, kept: Collection[str]) -> CareReportOut:
    """Return the answer for a report, without the cases that are kept from the caller."""
    own = {name: getattr(report, name) for name in CareReportOut.model_fields.keys() - _MADE}
    shown = _shown(report, kept)
    return CareReportOut.model_validate(own | {"entries": shown} | _counted(report, shown))


def _shown(report: CareReport, kept: Collection[str]) -> list[dict[str, Any]]:
    return [one for one in report.entries if one["case_id"] not in kept]


def _counted(report: CareReport, entries: Sequence[dict[str, Any]]) -> dict[str, int]:
    """Return the numbers of a report; whom nobody has received yet is nobody's to assess, and told apart."""
    begins = first_of_half(report.year, report.half).isoformat()
    received = [one for one in entries if one["received_on"] is not None]
    return {
        "children": len(received),
        "not_yet_received": len(entries) - len(received),
        "unassessed": sum((one["assessed_on"] or "") < begins for one in received),
        "proposed": sum(one["proposal"] not in (None, "continue") for one in received),
    }
