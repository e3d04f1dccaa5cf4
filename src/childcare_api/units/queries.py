"""Reading units in time: which unit a place is, who holds a unit today, lists of units."""

from dataclasses import dataclass
from datetime import date

import asyncpg
from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.permissions import Level
from childcare_api.access.scope import bare_connection
from childcare_api.shared import clock
from childcare_api.shared.problems import NotFound
from childcare_api.shared.text import fold
from childcare_api.units.models import CodeList, CodeListEntry, Unit, UnitSuccession
from childcare_api.units.schemas import PlaceIn

_PLACE_OF_UNIT = """
SELECT $1::int AS unit_id, p.* FROM unit_place($1, $2) p
"""
_PLACE_OF_CODE = """
SELECT u.id AS unit_id, p.*
FROM units u CROSS JOIN LATERAL unit_place(u.id, $3) p
WHERE u.code = $1
  AND coalesce(u.valid_from, '-infinity') <= $2::date AND coalesce(u.valid_to, 'infinity') >= $2::date
"""


@dataclass(frozen=True, slots=True)
class HolderColumns:
    """Who answers for a record: the five columns of every scoped table."""

    unit_id: int
    village_id: int | None
    commune_id: int | None
    district_id: int | None
    province_id: int | None

    def columns(self) -> dict[str, int | None]:
        """Return them by name, to be given to a new record."""
        return {
            "unit_id": self.unit_id,
            "village_id": self.village_id,
            "commune_id": self.commune_id,
            "district_id": self.district_id,
            "province_id": self.province_id,
        }


@dataclass(frozen=True, slots=True)
class ResolvedPlace:
    """Where a place lands today.

    `unit_id` is what was named, in the list it was named in; the others are units in force today. `divided` says that
    the commune is empty because a person must choose it. `found` is false where a unit or code was named that does
    not exist: then nothing is known but the words.
    """

    unit_id: int | None
    village_id: int | None
    commune_id: int | None
    district_id: int | None
    province_id: int | None
    divided: bool
    text: str | None
    found: bool


async def resolve_place(session: AsyncSession, place: PlaceIn, today: date) -> ResolvedPlace:
    """Return where a place lands today. A place is never refused: what cannot be found out stays empty."""
    return await resolve_place_on(await bare_connection(session), place, today)


async def resolve_place_on(connection: asyncpg.Connection, place: PlaceIn, today: date) -> ResolvedPlace:
    """Return where a place lands today, on a bare connection."""
    named = place.province or place
    if named.unit_id is not None:
        row = await connection.fetchrow(_PLACE_OF_UNIT, named.unit_id, today)
    elif named.code is not None:
        row = await connection.fetchrow(_PLACE_OF_CODE, named.code, named.as_of, today)
    else:
        return ResolvedPlace(None, None, None, None, None, divided=False, text=place.text, found=True)
    if row is None:
        return ResolvedPlace(None, None, None, None, None, divided=False, text=place.text, found=False)
    if place.province is not None:
        # Only a province was stated, even where the unit named for it lies below one.
        return ResolvedPlace(
            row["unit_id"], None, None, None, row["province_id"], divided=False, text=place.text, found=True
        )
    return ResolvedPlace(
        row["unit_id"],
        row["village_id"],
        row["commune_id"],
        row["district_id"],
        row["province_id"],
        divided=row["divided"],
        text=place.text,
        found=True,
    )


async def holder_of_unit(session: AsyncSession, unit_id: int) -> HolderColumns:
    """Return who answers today for what was made for a unit. Raises NotFound for a unit that does not exist.

    A divided commune has no holder but its province; an ended district keeps its own id beside its province's.
    """
    connection = await bare_connection(session)
    row = await connection.fetchrow("SELECT * FROM unit_holder($1, $2)", unit_id, clock.today())
    if row is None:
        raise NotFound(unit_id=unit_id)
    return HolderColumns(unit_id, row["village_id"], row["commune_id"], row["district_id"], row["province_id"])


async def find_commune(session: AsyncSession, unit_id: int) -> Unit | None:
    """Return a commune of today, or None for any other unit and for one that has ended."""
    found: Unit | None = await session.scalar(
        select(Unit).where(Unit.id == unit_id, Unit.level == Level.COMMUNE, *in_force(clock.today()))
    )
    return found


async def is_province(session: AsyncSession, unit_id: int) -> bool:
    """Say whether a unit is a province of today."""
    found = select(Unit.id).where(Unit.id == unit_id, Unit.level == Level.PROVINCE, *in_force(clock.today()))
    return await session.scalar(found) is not None


async def unit_by_id(session: AsyncSession, unit_id: int) -> Unit:
    """Return a unit, of whichever list. Raises NotFound."""
    unit = await session.get(Unit, unit_id)
    if unit is None:
        raise NotFound(unit_id=unit_id)
    return unit


def units_statement(
    as_of: date, *, level: str | None, parent_id: int | None, code: str | None, q: str | None
) -> Select[Unit]:
    """Return the statement for a list of the units in force on a day.

    `q` is looked for without accents, each of its words at the beginning of any word of the name, in any order.
    """
    statement = select(Unit).where(*in_force(as_of))
    if level is not None:
        statement = statement.where(Unit.level == level)
    if parent_id is not None:
        statement = statement.where(Unit.parent_id == parent_id)
    if code is not None:
        statement = statement.where(Unit.code == code)
    for word in fold(q or "").split():
        statement = statement.where(func.concat(" ", Unit.search_name).contains(f" {word}", autoescape=True))
    return statement


async def ancestors_of(session: AsyncSession, unit: Unit) -> list[Unit]:
    """Return the units above a unit, the nearest first."""
    above: list[Unit] = []
    while unit.parent_id is not None:
        unit = await unit_by_id(session, unit.parent_id)
        above.append(unit)
    return above


async def predecessors_of(session: AsyncSession, unit_id: int) -> list[tuple[Unit, UnitSuccession]]:
    """Return the units whose territory, or a part of it, a unit took over."""
    statement = (
        select(Unit, UnitSuccession)
        .join(UnitSuccession, UnitSuccession.old_id == Unit.id)
        .where(UnitSuccession.new_id == unit_id)
        .order_by(Unit.level.desc(), Unit.id)
    )
    return [(unit, step) for unit, step in await session.execute(statement)]


async def successors_of(session: AsyncSession, unit_id: int) -> list[tuple[Unit, UnitSuccession]]:
    """Return the units that took over a unit's territory, or a part of it."""
    statement = (
        select(Unit, UnitSuccession)
        .join(UnitSuccession, UnitSuccession.new_id == Unit.id)
        .where(UnitSuccession.old_id == unit_id)
        .order_by(Unit.id)
    )
    return [(unit, step) for unit, step in await session.execute(statement)]


async def heirs_of(session: AsyncSession, unit_id: int, day: date) -> list[Unit]:
    """Return the units that hold a unit's territory on a day: itself while it is in force."""
    statement = select(Unit).where(Unit.id.in_(select(func.unit_heirs(unit_id, day)))).order_by(Unit.id)
    return list(await session.scalars(statement))


async def code_lists(session: AsyncSession) -> list[tuple[CodeList, int]]:
    """Return all code lists with the number of their entries of any time."""
    statement = (
        select(CodeList, func.count(CodeListEntry.id))
        .outerjoin(CodeListEntry, CodeListEntry.list_name == CodeList.name)
        .group_by(CodeList.name)
        .order_by(CodeList.name)
    )
    return [(head, count) for head, count in await session.execute(statement)]


async def code_list_by_name(session: AsyncSession, name: str, as_of: date) -> tuple[CodeList, list[CodeListEntry]]:
    """Return a code list with its entries in force on a day. Raises NotFound for a list that does not exist."""
    head = await session.get(CodeList, name)
    if head is None:
        raise NotFound(name=name)
    statement = (
        select(CodeListEntry)
        .where(
            CodeListEntry.list_name == name,
            or_(CodeListEntry.valid_from.is_(None), CodeListEntry.valid_from <= as_of),
            or_(CodeListEntry.valid_to.is_(None), CodeListEntry.valid_to >= as_of),
        )
        .order_by(CodeListEntry.position)
    )
    return head, list(await session.scalars(statement))


def in_force(day: date) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Return the conditions that a unit is in force on a day."""
    return (
        or_(Unit.valid_from.is_(None), Unit.valid_from <= day),
        or_(Unit.valid_to.is_(None), Unit.valid_to >= day),
    )
