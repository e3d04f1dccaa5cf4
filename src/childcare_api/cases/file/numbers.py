"""A number of the office's own that stands on another decision too: told with the answer, never refused."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.cases.file.schemas import NumberNoticeOut

_USED = text(
    "SELECT decision_numbers_used(CAST(:numbers AS text[]), CAST(:days AS date[]), :case_id, CAST(:issuer AS integer))"
)


class Numbered(NamedTuple):
    """The number on a decision that counts, and its day: a register of numbers begins anew every year."""

    number: str
    day: date


async def warnings_of(
    session: AsyncSession, case_id: UUID, issuer: int | None, numbered: Iterable[Numbered]
) -> list[NumberNoticeOut]:
    """Return which of these numbers `issuer` gave to another decision of any case that year; it alone is told."""
    asked = list(numbered)
    if not asked:
        return []
    given = {
        "numbers": [one.number for one in asked],
        "days": [one.day for one in asked],
        "case_id": case_id,
        "issuer": issuer,
    }
    used: list[str] = await session.scalar(_USED, given) or []
    return [
        NumberNoticeOut(
            code="number_used",
            pointer="/decision_number",
            decision_number=number,
            message_vi=f"Số {number} đã ghi cho quyết định khác trong cùng năm. Hãy kiểm tra lại số.",
            message_en=f"The number {number} stands on another decision of the same year. Look at it again.",
        )
        for number in sorted(used)
    ]
