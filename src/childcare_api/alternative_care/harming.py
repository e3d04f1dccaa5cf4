"""Which carers were found to harm a child, whichever and wherever: that they were, and nothing of the child."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.alternative_care.rules import LAW, Lack
from childcare_api.shared import clock

HARMED = Lack("harmed_a_child", f"{LAW} Điều 63.2, 69.2")
CHILDREN_THERE = Lack("children_still_there", f"{LAW} Điều 69.1.b, 69.2, 69.4")
CHILDREN_TO_SEE = Lack("children_to_see", f"{LAW} Điều 69.2, 50")

_TO_SEE = text("SELECT children_to_see_with(:carer_id)")
_BY = text(
    "SELECT EXISTS (SELECT FROM carers_found_harming(ARRAY[CAST(:carer_id AS uuid)], CAST(:day AS date))"
    " WHERE harmed_at <= :at)"
)
_FOUND = text("SELECT carer_id FROM carers_found_harming(:carer_ids, CAST(:day AS date))")


async def found_harming(session: AsyncSession, carer_ids: Iterable[UUID], day: date | None = None) -> set[UUID]:
    """Return who of some carers is given no child: they harmed one, and were not verified anew since (Mẫu 11).

    Of a decision of a day past, also whom only a verification of a later day cleared.
    """
    ids = list(carer_ids)
    return set(await session.scalars(_FOUND, {"carer_ids": ids, "day": day})) if ids else set()


async def children_to_see(session: AsyncSession, carer_id: UUID) -> int:
    """Return how many children with a carer are to be seen at once, since another was found to be harmed there."""
    number: int = await session.scalar(_TO_SEE, {"carer_id": carer_id})
    return number


async def harmed_by(session: AsyncSession, carer_id: UUID, at: datetime) -> bool:
    """Say whether a carer had been found to harm a child at a moment, and was not cleared then, or is not now."""
    harmed: bool = await session.scalar(_BY, {"carer_id": carer_id, "at": at, "day": clock.day_of(at)})
    return harmed
