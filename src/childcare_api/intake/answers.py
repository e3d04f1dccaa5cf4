"""The answer for a report in full, and for its receipt."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.scope import bare_connection
from childcare_api.agencies.queries import office_of_unit
from childcare_api.intake import queries
from childcare_api.intake.models import Intake
from childcare_api.intake.queries import IntakeFile
from childcare_api.intake.schemas import IntakeOut, IntakeReceipt, OfficeOut
from childcare_api.shared import clock

_RECEIPT: Final = ("row_version", "id", "status", "received_at", "recorded_at", "acknowledged_at", "emergency")


def intake_out(file: IntakeFile) -> IntakeOut:
    """Return the answer for a report with its parts."""
    return IntakeOut.of(
        file.intake,
        children=file.children,
        assessments=file.assessments,
        measures=file.measures,
        transfers=file.transfers,
        updates=file.updates,
        reexaminations=file.reexaminations,
    )


async def answer(session: AsyncSession, intake: Intake) -> IntakeOut:
    """Return a report as it is after a step."""
    # What was changed must be written before its parts are read again.
    await session.flush()
    return intake_out(await queries.file_of(session, intake))


async def receipt(session: AsyncSession, row: Mapping[str, Any]) -> IntakeReceipt:
    """Return what whoever told of a report may know of it: that it arrived, which office has it, and how far it is."""
    holder = row["commune_id"] or row["province_id"]
    return IntakeReceipt(
        **{name: row[name] for name in _RECEIPT}, office=None if holder is None else await office(session, holder)
    )


async def office(session: AsyncSession, unit_id: int) -> OfficeOut:
    """Return the office of a commune or province, and where to call it."""
    found = await office_of_unit(await bare_connection(session), unit_id, clock.today())
    return OfficeOut(unit_id=unit_id, name=found.name, phone=found.phone)
