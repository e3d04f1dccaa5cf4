"""What must outlive a refused request: written in a transaction of its own, as childcare_auth, after the rollback.

A login that is about to be tried is counted before the password is looked at, and marked as right afterwards. Counted
afterwards, fifty guesses sent at once would all have been compared before the first one counted.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

import asyncpg
import orjson

from childcare_api.access.actor import Actor
from childcare_api.access.scope import open_auth_connection
from childcare_api.shared import clock
from childcare_api.shared.db import Database
from childcare_api.shared.ids import new_id
from childcare_api.shared.problems import TooManyRequests
from childcare_api.shared.text import nfc

WINDOW: Final = timedelta(minutes=15)
FAILURES_PER_ACCOUNT: Final = 5
FAILURES_PER_ADDRESS: Final = 50

Units = tuple[int | None, int | None]
"""A commune and a province."""

_ACCOUNT_FAILURES = """
SELECT attempted_at FROM login_attempts
WHERE account_digest = $1 AND attempted_at > $2 AND outcome = 'failed'
    AND attempted_at > coalesce(
        (SELECT max(attempted_at) FROM login_attempts
         WHERE account_digest = $1 AND attempted_at > $2 AND outcome = 'succeeded'), '-infinity')
ORDER BY attempted_at DESC LIMIT $3
"""
_ADDRESS_FAILURES = """
SELECT attempted_at FROM login_attempts
WHERE address = $1 AND attempted_at > $2 AND outcome = 'failed'
ORDER BY attempted_at DESC LIMIT $3
"""
_INSERT_ATTEMPT = """
INSERT INTO login_attempts (id, account_digest, address, attempted_at, outcome) VALUES ($1, $2, $3, $4, $5)
"""
_INSERT_EVENT = """
INSERT INTO audit.events (action, subject_kind, subject_id, detail, holder_commune_id, holder_province_id)
VALUES ($1, $2, $3, CAST($4 AS jsonb), $5, $6)
"""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A login that is being tried, already counted as failed."""

    id: UUID


async def begin_login(database: Database, *, account: str, address: str) -> Attempt:
    """Count one more login for the account and the address; raise TooManyRequests where that is one too many.

    The account is remembered as a digest: what people type into that field is sometimes their password.
    """
    account_digest = _digest(account)
    now = clock.now()
    attempt = Attempt(new_id())
    async with open_auth_connection(database) as connection:
        # Twins wait for each other here, accounts before addresses, so that nobody waits in a circle.
        await connection.execute("SELECT pg_advisory_xact_lock(7102021, hashtext($1))", account_digest.hex())
        await connection.execute("SELECT pg_advisory_xact_lock(7102022, hashtext($1))", address)
        wait = await _wait(connection, _ACCOUNT_FAILURES, account_digest, now, FAILURES_PER_ACCOUNT)
        limit = FAILURES_PER_ACCOUNT
        if wait is None:
            wait = await _wait(connection, _ADDRESS_FAILURES, address, now, FAILURES_PER_ADDRESS)
            limit = FAILURES_PER_ADDRESS
        outcome = "failed" if wait is None else "limited"
        await connection.execute(_INSERT_ATTEMPT, attempt.id, account_digest, address, now, outcome)
    if wait is not None:
        refusal = TooManyRequests(retry_after=wait, limit=limit)
        # Two members that OAuth clients look for (RFC 6749, 5.2), which has no word for "too often".
        refusal.members["error"] = "temporarily_unavailable"
        refusal.members["error_description"] = "Too many attempts. Wait and try again."
        raise refusal
    return attempt


async def succeed(connection: asyncpg.Connection, attempt: Attempt) -> None:
    """Mark the attempt as right, in the transaction that lets the person in."""
    await connection.execute("UPDATE login_attempts SET outcome = 'succeeded' WHERE id = $1", attempt.id)


async def record_failed(
    database: Database, attempt: Attempt, *, subject_kind: str, subject_id: UUID | None, holder: Units
) -> None:
    """Record that somebody tried to be this person or machine client.

    A name that nobody has leaves no event, only its count; that count is written once more, because a transaction
    less would tell by its time which names exist.
    """
    async with open_auth_connection(database) as connection:
        if subject_id is None:
            await connection.execute("UPDATE login_attempts SET outcome = 'failed' WHERE id = $1", attempt.id)
        else:
            await record(connection, "login.failed", subject_kind, subject_id, holder)


async def record_reuse(database: Database, *, session_id: UUID, holder: Units) -> None:
    """End a session whose refresh token came a second time: somebody else holds a copy of it."""
    async with open_auth_connection(database) as connection:
        await connection.execute(
            "UPDATE sessions SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL", session_id, clock.now()
        )
        await record(connection, "session.refresh_reused", "session", session_id, holder)


async def record_refusal(
    database: Database, actor: Actor, *, operation: str, subject_id: str | None, reason: str
) -> None:
    """Record that an actor was refused: the operation, the record asked for and the problem's code, never a body."""
    async with open_auth_connection(database) as connection:
        await act_as(connection, actor)
        detail = {"operation": operation, "reason": reason}
        holder = (actor.commune_id, actor.province_id)
        await record(connection, "request.refused", "operation", subject_id, holder, detail=detail)


async def act_as(connection: asyncpg.Connection, actor: Actor) -> None:
    """Let the audit know who acts, in a transaction that could not enter the actor's own scope."""
    settings = {
        "app.actor_id": str(actor.id),
        "app.actor_kind": actor.kind,
        "app.assignment_id": str(actor.assignment_id or ""),
        "app.unit_id": str(actor.unit_id),
        "app.commune_id": str(actor.commune_id or ""),
        "app.province_id": str(actor.province_id or ""),
        "app.request_id": actor.request_id,
    }
    await connection.execute(
        "SELECT set_config(name, value, true) FROM unnest($1::text[], $2::text[]) AS setting (name, value)",
        list(settings),
        list(settings.values()),
    )


async def record(
    connection: asyncpg.Connection,
    action: str,
    subject_kind: str,
    subject_id: UUID | str | None,
    holder: Units,
    *,
    detail: dict[str, str] | None = None,
) -> None:
    """Write an audit event outside any scope; `holder` is the commune and province whose inspectors find it."""
    subject = None if subject_id is None else str(subject_id)
    await connection.execute(_INSERT_EVENT, action, subject_kind, subject, orjson.dumps(detail or {}).decode(), *holder)


async def _wait(
    connection: asyncpg.Connection, failures: str, key: bytes | str, now: datetime, allowed: int
) -> int | None:
    """Return for how many seconds no further attempt is heard, or None when one is."""
    rows = await connection.fetch(failures, key, now - WINDOW, allowed)
    if len(rows) < allowed:
        return None
    oldest: datetime = rows[-1]["attempted_at"]
    return max(1, int((oldest + WINDOW - now).total_seconds()))


def _digest(account: str) -> bytes:
    return sha256(nfc(account).strip().lower().encode("utf-8", "replace")).digest()
