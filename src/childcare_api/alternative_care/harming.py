"""Which carers were found to harm a child, whichever and wherever: that they were, and nothing of the child."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.alternative_care.rules import LAW, Lack

HARMED = Lack("harmed_a_child", f"{LAW} Điều 63.2, 69.2")
CHILDREN_THERE = Lack("children_still_there", f"{LAW} Điều 69.1.b, 69.2, 69.4")

_FOUND = text("SELECT carer_id FROM carers_found_harming(:carer_ids, CAST(:day AS date))")


async def found_harming(session: AsyncSession, carer_ids: Iterable[UUID], day: date | None = None) -> set[UUID]:
    """Return who of some carers is given no child: they harmed one, and were not verified anew since (Mẫu 11).

    Of a decision of a day past, also whom only a verification of a later day cleared.
    """
    ids = list(carer_ids)
    return set(await session.scalars(_FOUND, {"carer_ids": ids, "day": day})) if ids else set()
