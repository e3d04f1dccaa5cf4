"""What the worker gave up: told to operators, and tried once more when they say so."""

from datetime import datetime

import asyncpg

from childcare_api.jobs.worker import ATTEMPTS

_STANDING = """
SELECT count(*) FILTER (WHERE attempts >= $1) AS given_up, count(*) FILTER (WHERE attempts < $1) AS waiting
FROM outbox WHERE done_at IS NULL
"""
_GIVEN_UP = """
SELECT id, event, unit_id, created_at, failure FROM outbox WHERE done_at IS NULL AND attempts >= $1
ORDER BY created_at, id LIMIT 200
"""
_AGAIN = """
WITH again AS (
    UPDATE outbox SET attempts = 0, available_at = $2 WHERE done_at IS NULL AND attempts >= $1 RETURNING id
), audited AS (
    INSERT INTO audit.events (action, subject_kind, detail)
    SELECT 'outbox.tried_again', 'outbox', jsonb_build_object('events', count(*)) FROM again
)
SELECT count(*) FROM again
"""


async def standing(connection: asyncpg.Connection) -> tuple[int, int]:
    """Return how many events were given up, and how many wait."""
    row = await connection.fetchrow(_STANDING, ATTEMPTS)
    return row["given_up"], row["waiting"]


async def given_up(connection: asyncpg.Connection) -> list[str]:
    """Return a line for each event that was given up, the oldest first: what and where, nothing personal."""
    rows = await connection.fetch(_GIVEN_UP, ATTEMPTS)
    return [
        f"{row['created_at']:%Y-%m-%d %H:%M}  {row['event']}  unit {row['unit_id']}  {row['failure']}  {row['id']}"
        for row in rows
    ]


async def try_again(connection: asyncpg.Connection, now: datetime) -> int:
    """Let the worker try everything once more that it gave up, and return how many events that are."""
    count: int = await connection.fetchval(_AGAIN, ATTEMPTS, now)
    return count
