"""What the worker does for logins: forgetting what is over."""

from datetime import timedelta
from typing import Final

from childcare_api.access.scope import open_auth_connection
from childcare_api.shared import clock
from childcare_api.shared.db import Database

ATTEMPTS_KEPT: Final = timedelta(days=30)
"""Far longer than any limit looks back, so that an operator can still see where guesses came from."""


async def forget_old_logins(database: Database) -> None:
    """Delete sessions and tokens that have ended by themselves, and old attempts. The audit keeps what happened."""
    now = clock.now()
    async with open_auth_connection(database) as connection:
        await connection.execute(
            "DELETE FROM refresh_tokens r USING sessions s WHERE s.id = r.session_id AND s.expires_at <= $1", now
        )
        await connection.execute("DELETE FROM sessions WHERE expires_at <= $1", now)
        await connection.execute("DELETE FROM revoked_tokens WHERE expires_at <= $1", now)
        await connection.execute("DELETE FROM login_attempts WHERE attempted_at <= $1", now - ATTEMPTS_KEPT)
