"""Newer editions of the calendar and of the house's own promises. Done as the owner of the tables, by command.

Days off are announced late, sometimes a week before, so an amendment reckons every task anew that it can move.
"""

import csv
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import orjson
from pydantic import BaseModel, ValidationError

from childcare_api.deadlines import rules
from childcare_api.deadlines.data import CalendarYear, SpecialDay, calendar_of, packaged_days, packaged_years

_DAY = ("works", "status", "kind", "name_vi", "document", "source", "confidence", "note")
_YEAR = ("status", "note")
_ADD_DAY = """
INSERT INTO calendar_days (day, edition, works, status, kind, name_vi, document, source, confidence, note)
SELECT $1, coalesce(max(edition), 0) + 1, $2, $3, $4, $5, $6, $7, $8, $9 FROM calendar_days WHERE day = $1
"""
_ADD_YEAR = """
INSERT INTO calendar_years (year, edition, status, note)
SELECT $1, coalesce(max(edition), 0) + 1, $2, $3 FROM calendar_years WHERE year = $1
"""
# A task that was done while its term was provisional was never judged; it is, once the term is certain.
_MOVABLE = """
SELECT t.id, t.starts_at, t.due_at, t.provisional, coalesce(t.length, r.length) + coalesce(t.extension, 0) AS length
FROM tasks t JOIN clock_rules r ON r.code = t.rule_code AND r.valid_from = t.rule_valid_from
WHERE r.unit = 'working_days' AND t.cancelled_at IS NULL AND (t.done_at IS NULL OR t.provisional)
FOR UPDATE OF t
"""
_MOVE = """
UPDATE tasks SET due_at = $2, escalate_at = $2::timestamptz - (due_at - escalate_at), provisional = $3,
    row_version = row_version + 1
WHERE id = $1
"""
_AUDIT = "INSERT INTO audit.events (action, subject_kind, detail) VALUES ($1, $2, $3::text::jsonb)"


class AmendmentRefused(Exception):  # noqa: N818 - a fact
    """What an operator asked for cannot be; the text says why."""


async def load_packaged_calendar(connection: asyncpg.Connection) -> int:
    """Add what this release knows and no edition ever said; an operator's newer word is not overwritten."""
    async with connection.transaction():
        known_days = await _every(connection, "SELECT * FROM calendar_days", "day", _DAY)
        known_years = await _every(connection, "SELECT * FROM calendar_years", "year", _YEAR)
        days = [each for each in packaged_days() if (each.day, *_of(each, _DAY)) not in known_days]
        years = [each for each in packaged_years() if (each.year, *_of(each, _YEAR)) not in known_years]
        return await _add(connection, days, years)


async def amend_calendar(
    connection: asyncpg.Connection, days: Sequence[SpecialDay], years: Sequence[CalendarYear]
) -> int:
    """Add newer editions of days and years, and return how many tasks were moved by them."""
    async with connection.transaction():
        return await _add(connection, days, years)


async def set_promise(connection: asyncpg.Connection, code: str, hours: int, on: date) -> None:
    """Change a promise of the house from a day on; clocks that run keep the one they were started by.

    A term of the law is not ours to change. Raises AmendmentRefused.
    """
    async with connection.transaction():
        rule = await connection.fetchrow(
            "SELECT * FROM clock_rules WHERE code = $1 AND valid_from <= $2 AND (valid_to IS NULL OR valid_to >= $2)"
            " ORDER BY valid_from DESC LIMIT 1 FOR UPDATE",
            code,
            on,
        )
        if rule is None or rule["basis"] != "house" or rule["unit"] != "hours":
            raise AmendmentRefused(f"{code} is no promise of the house in hours; the law's terms stand.")
        if hours < 1:
            raise AmendmentRefused("A promise is at least one hour.")
        if rule["valid_from"] == on:
            await connection.execute(
                "UPDATE clock_rules SET length = $3 WHERE code = $1 AND valid_from = $2", code, on, hours
            )
        else:
            newer = {**dict(rule), "valid_from": on, "length": hours}
            await connection.execute(
                "UPDATE clock_rules SET valid_to = $3 WHERE code = $1 AND valid_from = $2",
                code,
                rule["valid_from"],
                on - timedelta(days=1),
            )
            await connection.execute(
                "INSERT INTO clock_rules SELECT * FROM jsonb_populate_record(NULL::clock_rules, $1::text::jsonb)",
                orjson.dumps(newer).decode(),
            )
        await _audit(connection, "clock.amended", {"code": code, "hours": hours, "valid_from": on.isoformat()})


def read_days(path: Path) -> list[SpecialDay]:
    """Read special days from a file with the columns of data/holidays.csv. Raises AmendmentRefused."""
    with path.open(encoding="utf-8", newline="") as stream:
        try:
            return [SpecialDay.model_validate(row) for row in csv.DictReader(stream)]
        except (ValidationError, UnicodeDecodeError, csv.Error):
            raise AmendmentRefused(
                f"{path.name} is not a calendar: day,works,status,kind,name_vi,document,source,confidence,note."
            ) from None


async def _add(connection: asyncpg.Connection, days: Iterable[SpecialDay], years: Iterable[CalendarYear]) -> int:
    day_rows = [(each.day, *_of(each, _DAY)) for each in days]
    year_rows = [(each.year, *_of(each, _YEAR)) for each in years]
    if not day_rows and not year_rows:
        return 0
    await connection.executemany(_ADD_DAY, day_rows)
    await connection.executemany(_ADD_YEAR, year_rows)
    moved = await _reckon_anew(connection)
    detail = {"days": [row[0].isoformat() for row in day_rows], "years": [row[0] for row in year_rows], "moved": moved}
    await _audit(connection, "calendar.amended", detail)
    return moved


async def _reckon_anew(connection: asyncpg.Connection) -> int:
    calendar = await _calendar(connection)
    moved = []
    for task in await connection.fetch(_MOVABLE):
        due = rules.due(calendar, task["starts_at"], task["length"], "working_days")
        if (due.at, due.provisional) != (task["due_at"], task["provisional"]):
            moved.append((task["id"], due.at, due.provisional))
    await connection.executemany(_MOVE, moved)
    return len(moved)


async def _calendar(connection: asyncpg.Connection) -> rules.WorkingCalendar:
    days = await connection.fetch("SELECT DISTINCT ON (day) * FROM calendar_days ORDER BY day, edition DESC")
    years = await connection.fetch("SELECT DISTINCT ON (year) * FROM calendar_years ORDER BY year, edition DESC")
    return calendar_of(
        ((row["day"], row["works"], row["status"]) for row in days), ((row["year"], row["status"]) for row in years)
    )


async def _every(connection: asyncpg.Connection, statement: str, key: str, columns: Sequence[str]) -> set[Any]:
    return {(row[key], *(row[column] for column in columns)) for row in await connection.fetch(statement)}


def _of(row: BaseModel, columns: Sequence[str]) -> tuple[Any, ...]:
    return tuple(getattr(row, column) for column in columns)


async def _audit(connection: asyncpg.Connection, action: str, detail: dict[str, Any]) -> None:
    await connection.execute(_AUDIT, action, "calendar", orjson.dumps(detail).decode())
