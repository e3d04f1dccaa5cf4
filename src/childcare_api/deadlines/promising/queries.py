"""Reading what units promise."""

from collections.abc import Mapping
from datetime import date
from time import monotonic

import asyncpg
from sqlalchemy import or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.deadlines.models import ClockRule, UnitTerm

_KEPT_SECONDS, _KEPT_DAYS = 60, 16
_kept: dict[tuple[tuple[str, ...], date], tuple[float, dict[tuple[int, str], int]]] = {}
_PROMISED = """
SELECT DISTINCT ON (unit_id, rule_code) unit_id, rule_code, length FROM unit_terms
WHERE rule_code = ANY($1) AND valid_from <= $2 ORDER BY unit_id, rule_code, promised_at DESC, id DESC
"""


def office_of(holder: Mapping[str, int | None]) -> int | None:
    """Return the unit whose promise a record's clocks run by: its commune, else its province."""
    return holder["commune_id"] or holder["province_id"]


def office(actor: Actor) -> int | None:
    """Return the unit that an actor may promise for."""
    return actor.commune_id or actor.province_id


async def find_promise(session: AsyncSession, unit_id: int | None, code: str, on: date) -> UnitTerm | None:
    """Return the newest word of a unit about a clock on a day; one without length takes an older one back."""
    found: UnitTerm | None = await session.scalar(
        select(UnitTerm)
        .where(UnitTerm.unit_id == unit_id, UnitTerm.rule_code == code, UnitTerm.valid_from <= on)
        .order_by(UnitTerm.promised_at.desc(), UnitTerm.id.desc())
        .limit(1)
    )
    return found


async def promised_length(session: AsyncSession, rule: ClockRule, unit_id: int | None, on: date) -> int | None:
    """Return the shorter length that a unit promises for a clock, or None where the law's own stands."""
    promise = await find_promise(session, unit_id, rule.code, on)
    # The law may have become stricter since the promise was made.
    return None if promise is None or promise.length is None or promise.length >= rule.length else promise.length


async def promises_on(connection: asyncpg.Connection, codes: tuple[str, ...], on: date) -> dict[tuple[int, str], int]:
    """Return all promises about several clocks on a day; kept for a minute, because every report asks for the same."""
    kept = _kept.get((codes, on))
    if kept is not None and kept[0] > monotonic():
        return kept[1]
    rows = await connection.fetch(_PROMISED, codes, on)
    promises = {(row["unit_id"], row["rule_code"]): row["length"] for row in rows if row["length"] is not None}
    if len(_kept) > _KEPT_DAYS:
        _kept.clear()
    _kept[codes, on] = (monotonic() + _KEPT_SECONDS, promises)
    return promises


def forget_promises() -> None:
    """Forget what was kept, once something new is promised here; other processes hear of it within the minute."""
    _kept.clear()


async def clocks_today(session: AsyncSession, on: date) -> list[ClockRule]:
    """Return every clock as it stands on a day."""
    found = await session.scalars(
        select(ClockRule)
        .where(ClockRule.valid_from <= on, or_(ClockRule.valid_to.is_(None), ClockRule.valid_to >= on))
        .ext(distinct_on(ClockRule.code))
        .order_by(ClockRule.code, ClockRule.valid_from.desc())
    )
    return list(found)


async def promises_of(session: AsyncSession, unit_id: int | None, on: date) -> dict[str, UnitTerm]:
    """Return what a unit promises, by clock."""
    found = await session.scalars(
        select(UnitTerm)
        .where(UnitTerm.unit_id == unit_id, UnitTerm.valid_from <= on)
        .ext(distinct_on(UnitTerm.rule_code))
        .order_by(UnitTerm.rule_code, UnitTerm.promised_at.desc(), UnitTerm.id.desc())
    )
    return {one.rule_code: one for one in found if one.length is not None}
