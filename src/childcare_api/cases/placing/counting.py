"""How many children of all communes a facility has: a number, and no names."""

from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

_TAKEN = text("SELECT facility_places_taken(:provider_id, :day)")


async def places_taken(session: AsyncSession, provider_id: UUID, day: date) -> int:
    """Return how many children of all communes are placed in a facility on a day."""
    taken: int = await session.scalar(_TAKEN, {"provider_id": provider_id, "day": day})
    return taken
