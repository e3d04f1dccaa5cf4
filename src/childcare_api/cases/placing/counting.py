"""How many children of all communes a facility or a carer has: numbers, and no names."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

_TAKEN = text("SELECT facility_places_taken(:provider_id, :day)")
_CHILDREN = text("SELECT carer_id, children FROM children_with_carers(:carer_ids, :day)")


async def places_taken(session: AsyncSession, provider_id: UUID, day: date) -> int:
    """Return how many children of all communes are placed in a facility on a day."""
    taken: int = await session.scalar(_TAKEN, {"provider_id": provider_id, "day": day})
    return taken


async def children_with(session: AsyncSession, carer_ids: Iterable[UUID], day: date) -> dict[UUID, int]:
    """Return how many children of all communes each of some carers has in care on a day."""
    rows = await session.execute(_CHILDREN, {"carer_ids": list(carer_ids), "day": day})
    return {row.carer_id: row.children for row in rows}
