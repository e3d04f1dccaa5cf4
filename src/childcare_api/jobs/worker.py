"""The worker: takes what the outbox holds, lets the module that cares handle it, and keeps the recurring chores.

A row is claimed, handled inside the scope of its own unit and marked done in one transaction, so a handler's effect
and the mark stand or fall together: a killed worker repeats nothing. Any number of workers may run; a row that one
has locked is skipped by the others.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.scope import open_worker_connection, open_worker_session, system_scope
from childcare_api.shared import clock
from childcare_api.shared.db import Database

log = logging.getLogger(__name__)

Result = TypeVar("Result")
Handler = Callable[[AsyncSession, dict[str, Any]], Awaitable[None]]

_IDLE_SECONDS = 1.0
ATTEMPTS = 12
"""After so many an event is given up, until an operator says otherwise."""
_FIRST_DELAY = timedelta(seconds=2)

_CLAIM = text(
    "SELECT id, event, payload, unit_id, attempts FROM outbox"
    " WHERE done_at IS NULL AND available_at <= :now AND attempts < :attempts AND event = ANY(:wanted)"
    " ORDER BY available_at, id LIMIT 1 FOR UPDATE SKIP LOCKED"
)
_DONE = text("UPDATE outbox SET done_at = :now, attempts = attempts + 1, failure = NULL WHERE id = :id")
_TICK_OFF = """
UPDATE outbox SET done_at = $1, attempts = attempts + 1 WHERE id IN (
    SELECT id FROM outbox WHERE done_at IS NULL AND available_at <= $1 AND attempts < $3 AND event <> ALL($2)
    ORDER BY available_at LIMIT 500 FOR UPDATE SKIP LOCKED
)
"""
_FAILED = text(
    "UPDATE outbox SET attempts = attempts + 1, available_at = :available_at, failure = :failure WHERE id = :id"
)


@dataclass(frozen=True, slots=True)
class Chore:
    """Something to do again and again, whatever the outbox holds."""

    name: str
    every: timedelta
    run: Callable[[Database], Awaitable[None]]


async def tick_off(database: Database, handlers: Mapping[str, Sequence[Handler]]) -> bool:
    """Mark events done that no module cares for, many in one go. Returns False when there were none.

    A thousand referrals a second leave as many of them, and each would cost a transaction of its own.
    """
    async with open_worker_connection(database) as connection:
        done = await connection.execute(_TICK_OFF, clock.now(), list(handlers), ATTEMPTS)
    return bool(done != "UPDATE 0")


async def work_once(database: Database, handlers: Mapping[str, Sequence[Handler]]) -> bool:
    """Take one row of the outbox that somebody wants and handle it. Returns False when nothing was waiting."""
    async with open_worker_session(database) as session:
        wanted = {"now": clock.now(), "attempts": ATTEMPTS, "wanted": list(handlers)}
        row = (await session.execute(_CLAIM, wanted)).mappings().one_or_none()
        if row is None:
            return False
        payload = orjson.loads(row["payload"]) if isinstance(row["payload"], str) else row["payload"]
        try:
            # A savepoint: a handler that fails leaves nothing behind, and its failure can still be written down.
            async with session.begin_nested():
                for handle in handlers.get(row["event"], ()):
                    async with system_scope(session, row["unit_id"]):
                        await handle(session, payload)
                        await session.flush()  # inside the scope that the handler was given
        except Exception as failure:  # noqa: BLE001 - whatever it was, it is written down and tried again
            session.expunge_all()
            await _put_off(session, row["id"], row["event"], row["attempts"], failure)
        else:
            await session.execute(_DONE, {"now": clock.now(), "id": row["id"]})
        return True


async def _put_off(session: AsyncSession, row_id: UUID, event: str, attempts: int, failure: Exception) -> None:
    """Try again later, and later each time. Only the kind of failure is kept: its text may quote a record."""
    if attempts + 1 < ATTEMPTS:
        log.warning("outbox event %s %s failed: %s", event, row_id, type(failure).__name__)
    else:
        # Nobody would learn otherwise that a hotline was never told, or a birthday never written down.
        log.error("outbox event %s %s is given up: %s", event, row_id, type(failure).__name__)
    await session.execute(
        _FAILED,
        {
            "available_at": clock.now() + _FIRST_DELAY * 2**attempts,
            "failure": type(failure).__name__,
            "id": row_id,
        },
    )


async def run(database: Database, handlers: Mapping[str, Sequence[Handler]], chores: Sequence[Chore]) -> None:
    """Work until cancelled."""
    async with asyncio.TaskGroup() as group:
        group.create_task(_empty_outbox(database, handlers))
        for chore in chores:
            group.create_task(_repeat(database, chore))


async def _empty_outbox(database: Database, handlers: Mapping[str, Sequence[Handler]]) -> None:
    while True:
        # A database that is away for a moment must not end the worker.
        while await _logged("outbox", tick_off(database, handlers)):
            pass
        while await _logged("outbox", work_once(database, handlers)):
            pass
        await asyncio.sleep(_IDLE_SECONDS)


async def _repeat(database: Database, chore: Chore) -> None:
    while True:
        await _logged(chore.name, chore.run(database))
        await asyncio.sleep(chore.every.total_seconds())


async def _logged(name: str, work: Awaitable[Result]) -> Result | None:
    try:
        return await work
    except Exception as failure:  # noqa: BLE001 - whatever it was, the next round comes
        log.warning("%s failed: %s", name, type(failure).__name__)
        return None
