"""Reading the audit and its seals."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import ColumnElement, DateTime, Select, Text, Uuid, cast, column, func, select, table, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.access.permissions import Level
from childcare_api.access.scope import bare_connection
from childcare_api.oversight import rules
from childcare_api.oversight.rules import CheckedSeal, Found, KeptSeal
from childcare_api.shared import clock
from childcare_api.shared.paging import Fetched, PageRequest

EVENTS_PER_CALL = 50_000
_Instant = DateTime(timezone=True)
_DAYS_LOOKED_BACK = 31
_NEWEST = 2**63 - 1
_VERIFY = "SELECT * FROM audit.verify($1, $2)"
_ACTORS = "SELECT * FROM audit.actors_of($1)"
_OF_CHILD = "SELECT * FROM looks_at_child($1, $2, $3, $4, $5, $6, $7, $8)"
_STANDING = "SELECT * FROM audit.standing()"

_NAMES = (
    "id", "recorded_at", "action", "subject_kind", "subject_id", "actor_id", "actor_kind", "assignment_id",
    "actor_unit_id", "request_id", "detail", "reason", "holder_commune_id", "holder_province_id",
)  # fmt: skip
ACTOR_NAMES = ("actor_name", "actor_role", "actor_unit_name")
_SCOPES = {Level.COMMUNE: "commune_id", Level.PROVINCE: "province_id"}
events = table("events", *(column(name) for name in (*_NAMES, "actor_commune_id", "actor_province_id")), schema="audit")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which events are asked for. `record_id` finds what was opened, changed or shown in a list.

    `child_id` finds that of a child, by whichever of the records that tell of it.
    """

    record_id: str | None
    subject_kind: str | None
    action: str | None
    actor_id: UUID | None
    since: datetime | None
    until: datetime | None
    child_id: UUID | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return what stands beside the scope."""
        stated: list[ColumnElement[bool]] = []
        if self.subject_kind is not None:
            stated.append(events.c.subject_kind == self.subject_kind)
        if self.action is not None:
            stated.append(events.c.action == self.action)
        if self.actor_id is not None:
            stated.append(events.c.actor_id == cast(self.actor_id, Uuid))
        if self.since is not None:
            stated.append(events.c.recorded_at >= cast(self.since, _Instant))
        if self.until is not None:
            stated.append(events.c.recorded_at < cast(self.until, _Instant))
        return stated


@dataclass(frozen=True, slots=True)
class Verification:
    """What checking a stretch of seals found."""

    fault: Found | None
    checked: Sequence[CheckedSeal]
    newest_no: int | None
    newest_hash: str | None
    sealed_at: datetime | None
    unsealed_events: int
    kept: Mapping[int, KeptSeal]


async def event_page(
    session: AsyncSession, actor: Actor, page: PageRequest, wanted: Wanted
) -> Fetched[Mapping[str, Any]]:
    """Return a page of the events that the actor's unit may see, the newest first.

    They are those done to records it answers for, and those its own people did elsewhere.
    """
    after = page.after()
    before_id = int(str(after[0])) if after is not None else _NEWEST
    if wanted.child_id is not None:
        rows = await _about_child(session, page, wanted, before_id)
    elif wanted.record_id is not None:
        rows = await _about_record(session, page, wanted, before_id)
    else:
        rows = await _in_scope(session, actor, page, wanted, before_id)
    shown = rows[: page.limit]
    cursor = page.cursor_after([shown[-1]["id"]]) if len(rows) > page.limit else None
    return Fetched(shown if wanted.child_id is not None else await _with_actors(session, shown), cursor, None)


async def _with_actors(session: AsyncSession, shown: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Add who did it by name, role and unit: an id alone tells an inspector nobody."""
    connection = await bare_connection(session)
    found = await connection.fetch(_ACTORS, [row["id"] for row in shown])
    actors = {row["event_id"]: dict(row) for row in found}
    return [{**row, **{name: actors.get(row["id"], {}).get(name) for name in ACTOR_NAMES}} for row in shown]


async def _about_child(
    session: AsyncSession, page: PageRequest, wanted: Wanted, before_id: int
) -> list[Mapping[str, Any]]:
    """Return events with who it was: whoever answers for the child reads names that are other units' else."""
    connection = await bare_connection(session)
    narrower = (wanted.subject_kind, wanted.action, wanted.actor_id)
    found = await connection.fetch(_OF_CHILD, wanted.child_id, *narrower, *_period(wanted), before_id, page.limit + 1)
    return [dict(row) for row in found]


def _period(wanted: Wanted) -> tuple[datetime, datetime]:
    until = wanted.until or clock.now() + timedelta(days=1)
    return wanted.since or until - timedelta(days=_DAYS_LOOKED_BACK), until


async def _about_record(
    session: AsyncSession, page: PageRequest, wanted: Wanted, before_id: int
) -> list[Mapping[str, Any]]:
    since, until = _period(wanted)
    narrower = (
        cast(wanted.subject_kind, Text),
        cast(wanted.action, Text),
        cast(wanted.actor_id, Uuid),
    )
    about = func.audit.events_about(
        [wanted.record_id], *narrower, cast(since, _Instant), cast(until, _Instant), before_id, page.limit + 1
    )
    found = about.table_valued(*(column(name) for name in _NAMES), name="about")
    statement = select(*(found.c[name] for name in _NAMES)).order_by(found.c.id.desc())
    return [dict(row) for row in (await session.execute(statement)).mappings()]


async def _in_scope(
    session: AsyncSession, actor: Actor, page: PageRequest, wanted: Wanted, before_id: int
) -> list[Mapping[str, Any]]:
    conditions = [*wanted.conditions(), events.c.id < before_id]
    scope = _SCOPES.get(actor.level)
    if scope is None:
        statement = _newest(conditions, page)
    else:
        mine = getattr(actor, scope)
        held, acted = events.c[f"holder_{scope}"], events.c[f"actor_{scope}"]
        # Two walks along an index each, not one OR, which would sort everything either ever did.
        both = union_all(
            _newest([*conditions, held == mine], page),
            _newest([*conditions, acted == mine, acted.is_distinct_from(held)], page),
        ).subquery()
        statement = select(both).order_by(both.c.id.desc()).limit(page.limit + 1)
    return [dict(row) for row in (await session.execute(statement)).mappings()]


def _newest(conditions: list[ColumnElement[bool]], page: PageRequest) -> Select[*tuple[Any, ...]]:
    wanted = (events.c[name] for name in _NAMES)
    return select(*wanted).where(*conditions).order_by(events.c.id.desc()).limit(page.limit + 1)


async def verify(session: AsyncSession, folder: Path, *, first_no: int) -> Verification:
    """Recompute the seals from a number on, as far as one call goes, and compare them with those kept outside."""
    connection = await bare_connection(session)
    standing = await connection.fetchrow(_STANDING)
    kept = await asyncio.to_thread(kept_seals, folder)
    previous_hash = rules.NO_HASH
    if first_no > 1:
        before = await connection.fetchrow(_VERIFY, first_no - 1, 1)
        previous_hash = before["hash"] if before is not None and before["no"] == first_no - 1 else rules.NO_HASH
    checked = [_checked(row) for row in await connection.fetch(_VERIFY, first_no, EVENTS_PER_CALL)]
    newest_no = standing["newest_no"] or 0
    fault = rules.first_fault(checked, kept, first_no=first_no, previous_hash=previous_hash)
    if fault is None and (not checked or checked[-1].no >= newest_no):
        fault = rules.cut_off(newest_no, kept)
    return Verification(
        fault,
        checked,
        standing["newest_no"],
        standing["newest_hash"],
        standing["sealed_at"],
        standing["unsealed_events"],
        kept,
    )


def _checked(row: asyncpg.Record) -> CheckedSeal:
    return CheckedSeal(**dict(row))


def kept_seals(folder: Path) -> dict[int, KeptSeal]:
    """Return the seals kept outside the database, by number. The first line for a number is the one that counts."""
    kept: dict[int, KeptSeal] = {}
    for file in sorted(folder.glob("*.jsonl")):
        for line in file.read_bytes().splitlines():
            seal = rules.kept_seal(line)
            if seal is not None:
                kept.setdefault(seal.no, seal)
    return kept
