"""Reading the directory. It is public: nothing here is bounded by a scope."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

import asyncpg
from sqlalchemy import Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.agencies.models import Agency, Hotline
from childcare_api.shared.problems import NotFound
from childcare_api.shared.text import fold

# What serves a unit serves those below it: a unit, the units above it, and the older units whose territory they hold,
# so that an entry made for old Lào Cai is found from today's.
_AREAS = """
WITH RECURSIVE above (id, parent_id) AS (
    SELECT u.id, u.parent_id FROM units u WHERE u.id = $1
    UNION ALL
    SELECT u.id, u.parent_id FROM above a JOIN units u ON u.id = a.parent_id
), areas (id) AS (
    SELECT id FROM above
    UNION
    SELECT s.old_id FROM areas a JOIN unit_succession s ON s.new_id = a.id WHERE s.extent = 'whole'
)
SELECT id FROM areas
"""
_OFFICE = """
SELECT u.name, u.kind, a.name AS agency, a.phone
FROM units u
LEFT JOIN LATERAL (
    SELECT a.name, a.phone FROM agencies a
    WHERE a.area_unit_id = u.id AND a.kind IN ('commune_office', 'peoples_committee', 'province_department')
      AND coalesce(a.valid_from, '-infinity') <= $2 AND coalesce(a.valid_to, 'infinity') >= $2
    ORDER BY a.kind, a.id
    LIMIT 1
) a ON true
WHERE u.id = $1
"""


@dataclass(frozen=True, slots=True)
class Office:
    """The office of a unit, as a receipt names it."""

    name: str
    phone: str | None


async def office_of_unit(connection: asyncpg.Connection, unit_id: int, day: date) -> Office:
    """Return the office that answers for a unit, with its telephone where the directory knows it.

    Every unit has a People's Committee, so a unit without an entry is answered by that name.
    """
    row = await connection.fetchrow(_OFFICE, unit_id, day)
    if row is None:
        raise NotFound(unit_id=unit_id)
    return Office(row["agency"] or f"Ủy ban nhân dân {_in_a_sentence(row['name'], row['kind'])}", row["phone"])


def _in_a_sentence(name: str, kind: str) -> str:
    """Return `phường Sa Pa` for `Phường Sa Pa`: only at the beginning does the kind of a unit have a capital."""
    return kind.lower() + name.removeprefix(kind) if name.startswith(kind) else name


def agencies_statement(as_of: date, *, kind: str | None, unit_ids: list[int] | None, q: str | None) -> Select[Agency]:
    """Return the statement for a list of agencies valid on a day. `unit_ids` bounds the areas they serve."""
    statement = select(Agency).where(
        or_(Agency.valid_from.is_(None), Agency.valid_from <= as_of),
        or_(Agency.valid_to.is_(None), Agency.valid_to >= as_of),
    )
    if kind is not None:
        statement = statement.where(Agency.kind == kind)
    if unit_ids is not None:
        statement = statement.where(Agency.area_unit_id.in_(unit_ids))
    for word in fold(q or "").split():
        statement = statement.where(func.concat(" ", Agency.search_name).contains(f" {word}", autoescape=True))
    return statement


async def get_agency(session: AsyncSession, agency_id: UUID) -> Agency:
    """Return an agency. Raises NotFound."""
    agency = await session.get(Agency, agency_id)
    if agency is None:
        raise NotFound(agency_id=agency_id)
    return agency


async def hotlines(session: AsyncSession, as_of: date, unit_ids: list[int] | None) -> list[Hotline]:
    """Return the hotlines valid on a day; with `unit_ids` those that serve one of these areas."""
    statement = select(Hotline).where(
        or_(Hotline.valid_from.is_(None), Hotline.valid_from <= as_of),
        or_(Hotline.valid_to.is_(None), Hotline.valid_to >= as_of),
    )
    if unit_ids is not None:
        statement = statement.where(Hotline.area_unit_id.in_(unit_ids))
    return list(await session.scalars(statement.order_by(Hotline.area_unit_id, Hotline.id)))


async def areas_of(connection: asyncpg.Connection, unit_id: int) -> list[int]:
    """Return the units whose entries serve a unit: itself, those above, and older ones with the same territory."""
    return [row["id"] for row in await connection.fetch(_AREAS, unit_id)]
