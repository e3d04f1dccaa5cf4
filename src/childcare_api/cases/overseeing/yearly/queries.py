"""Reading the yearly reports within the caller's scope, and the numbers that the database makes for them."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.access.scope import in_scope
from childcare_api.cases.overseeing.yearly.models import ProvinceCareReport
from childcare_api.shared.concurrency import Version
from childcare_api.shared.problems import NotFound

_COUNTS = text("SELECT province_care_counts(:since, :until)")
_HAD_CARE = text("SELECT province_had_care(:since, :until)")
_WANTED = text("SELECT province_care_year(:subject, :year)")


async def counts(session: AsyncSession, since: date, until: date) -> dict[str, Any]:
    """Return the numbers of the caller's province, those kept back that would point at children (ADR 0031)."""
    found: dict[str, Any] = await session.scalar(_COUNTS, {"since": since, "until": until})
    return found


async def had_care(session: AsyncSession, since: date, until: date) -> bool:
    """Say whether a child was in care in the caller's province at some time of those days."""
    return bool(await session.scalar(_HAD_CARE, {"since": since, "until": until}))


async def wanted(session: AsyncSession, subject_id: UUID, year: int) -> int | None:
    """Return the first year from one on whose report is not sent; None while the clock of one runs."""
    found: int | None = await session.scalar(_WANTED, {"subject": subject_id, "year": year})
    return found


async def told_until(session: AsyncSession, actor: Actor, year: int) -> date | None:
    """Return the last day that the report of a year tells of, if it was sent."""
    found: date | None = await session.scalar(
        select(ProvinceCareReport.until_on).where(
            in_scope(ProvinceCareReport, actor),
            ProvinceCareReport.year == year,
            ProvinceCareReport.asked_by.is_(None),
            ProvinceCareReport.entered_in_error_at.is_(None),
        )
    )
    return found


def reports_statement(actor: Actor, *, province_id: int | None, year: int | None) -> Select[ProvinceCareReport]:
    """Return the statement for the reports of the caller's province, or for the ministry of all."""
    statement = select(ProvinceCareReport).where(in_scope(ProvinceCareReport, actor))
    if province_id is not None:
        statement = statement.where(ProvinceCareReport.province_id == province_id)
    return statement if year is None else statement.where(ProvinceCareReport.year == year)


async def get_report(session: AsyncSession, actor: Actor, report_id: UUID) -> ProvinceCareReport:
    """Return a report. Raises NotFound for one outside the caller's scope."""
    statement = select(ProvinceCareReport).where(
        ProvinceCareReport.id == report_id, in_scope(ProvinceCareReport, actor)
    )
    found = await session.scalar(statement)
    if found is None:
        raise NotFound(province_care_report_id=report_id)
    return found


async def lock_report(session: AsyncSession, actor: Actor, report_id: UUID, version: Version) -> ProvinceCareReport:
    """Return a report at that version, locked until commit. Raises NotFound."""
    statement = select(ProvinceCareReport).where(
        ProvinceCareReport.id == report_id, in_scope(ProvinceCareReport, actor)
    )
    found = await session.scalar(statement.with_for_update())
    if found is None:
        raise NotFound(province_care_report_id=report_id)
    return version.check(found)
