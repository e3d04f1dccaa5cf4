"""Reading and writing what logins need: credentials, sessions and refresh tokens, as childcare_auth."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import asyncpg

from childcare_api.identity.rules import ShownToken


@dataclass(frozen=True, slots=True)
class Account:
    """A person or machine client that somebody names at a login."""

    id: UUID
    disabled: bool
    commune_id: int | None
    province_id: int | None

    @property
    def holder(self) -> tuple[int | None, int | None]:
        """The units whose inspectors find what happens to this account."""
        return self.commune_id, self.province_id


@dataclass(frozen=True, slots=True)
class Family:
    """The session behind a refresh token, and how the token stands in it."""

    session_id: UUID
    assignment_id: UUID
    seed: bytes
    account: Account
    token: ShownToken


async def find_person(connection: asyncpg.Connection, username: str) -> tuple[Account, str | None] | None:
    """Return the person of that name with the stored password hash, if there is one."""
    row = await connection.fetchrow(
        "SELECT u.id, u.disabled_at IS NOT NULL AS disabled, u.commune_id, u.province_id, c.password_hash"
        " FROM users u LEFT JOIN credentials c ON c.user_id = u.id WHERE u.username = $1",
        username,
    )
    return None if row is None else (_account(row), row["password_hash"])


async def names_of(connection: asyncpg.Connection, subject: UUID, *, machine: bool) -> tuple[str, str]:
    """Return a caller's display name and the name it logs in by."""
    if machine:
        row = await connection.fetchrow("SELECT name, client_id FROM machine_clients WHERE id = $1", subject)
    else:
        row = await connection.fetchrow("SELECT display_name, username FROM users WHERE id = $1", subject)
    return row[0], row[1]


async def password_hash_of(connection: asyncpg.Connection, user_id: UUID) -> str | None:
    """Return a person's stored password hash, if there is one."""
    stored: str | None = await connection.fetchval("SELECT password_hash FROM credentials WHERE user_id = $1", user_id)
    return stored


async def holds_password(connection: asyncpg.Connection, user_id: UUID, password_hash: str | None) -> bool:
    """Say whether a hash still is the person's, and keep it so until commit: whoever changes it waits, or came first.

    A login compares for a tenth of a second; the session it begins must not outlive a change made meanwhile.
    """
    stored = await connection.fetchval("SELECT password_hash FROM credentials WHERE user_id = $1 FOR SHARE", user_id)
    return bool(stored == password_hash)


async def store_password(connection: asyncpg.Connection, user_id: UUID, password_hash: str, now: datetime) -> None:
    """Store a person's password hash in place of any other."""
    await connection.execute(
        "INSERT INTO credentials (user_id, password_hash, changed_at) VALUES ($1, $2, $3)"
        " ON CONFLICT (user_id) DO UPDATE SET password_hash = EXCLUDED.password_hash, changed_at = EXCLUDED.changed_at",
        user_id,
        password_hash,
        now,
    )


async def assignments_in_force(connection: asyncpg.Connection, user_id: UUID, today: date) -> list[asyncpg.Record]:
    """Return a person's assignments that count today, in units that exist today; acting ends with the post itself.

    A post whose holder's account is disabled is acted for by nobody.
    """
    rows: list[asyncpg.Record] = await connection.fetch(
        "SELECT a.id, a.role, a.level, a.unit_id, t.name AS unit_name, a.valid_from, a.valid_to, a.is_default,"
        " a.position, a.acting_for_assignment_id FROM assignments a JOIN units t ON t.id = a.unit_id"
        " WHERE a.user_id = $1 AND a.revoked_at IS NULL AND a.valid_from <= $2"
        " AND (a.valid_to IS NULL OR a.valid_to >= $2) AND (t.valid_to IS NULL OR t.valid_to >= $2)"
        " AND (a.acting_for_assignment_id IS NULL OR EXISTS (SELECT FROM assignments f"
        "  JOIN users h ON h.id = f.user_id AND h.disabled_at IS NULL"
        "  WHERE f.id = a.acting_for_assignment_id AND f.revoked_at IS NULL"
        "  AND (f.valid_to IS NULL OR f.valid_to >= $2)))"
        " ORDER BY a.is_default DESC, a.valid_from, a.id",
        user_id,
        today,
    )
    return rows


async def find_machine(connection: asyncpg.Connection, client_id: str) -> tuple[Account, list[str], list[bytes]] | None:
    """Return the machine client of that name with its scopes and the digests of its valid secrets."""
    row = await connection.fetchrow(
        "SELECT m.id, m.disabled_at IS NOT NULL AS disabled, m.commune_id, m.province_id, m.scopes,"
        " array(SELECT s.secret_digest FROM machine_secrets s"
        "  WHERE s.machine_client_id = m.id AND s.revoked_at IS NULL) AS digests"
        " FROM machine_clients m WHERE m.client_id = $1",
        client_id,
    )
    return None if row is None else (_account(row), row["scopes"], row["digests"])


async def insert_session(
    connection: asyncpg.Connection,
    session_id: UUID,
    *,
    user_id: UUID | None = None,
    assignment_id: UUID | None = None,
    machine_client_id: UUID | None = None,
    seed: bytes | None = None,
    now: datetime,
    expires_at: datetime,
) -> None:
    """Begin a session of a person or a machine client."""
    await connection.execute(
        "INSERT INTO sessions (id, user_id, assignment_id, machine_client_id, refresh_seed, created_at, expires_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7)",
        session_id,
        user_id,
        assignment_id,
        machine_client_id,
        seed,
        now,
        expires_at,
    )


async def insert_refresh_token(
    connection: asyncpg.Connection, digest: bytes, session_id: UUID, *, now: datetime, expires_at: datetime
) -> None:
    """Keep a refresh token by its digest."""
    await connection.execute(
        "INSERT INTO refresh_tokens (token_digest, session_id, created_at, expires_at) VALUES ($1, $2, $3, $4)",
        digest,
        session_id,
        now,
        expires_at,
    )


async def mark_used(connection: asyncpg.Connection, digest: bytes, successor: bytes, now: datetime) -> None:
    """Note that a refresh token was exchanged for its successor."""
    await connection.execute(
        "UPDATE refresh_tokens SET used_at = $3, successor_digest = $2 WHERE token_digest = $1", digest, successor, now
    )


async def lock_family(connection: asyncpg.Connection, digest: bytes) -> Family | None:
    """Return the session behind a refresh token, locked until commit, so that twins come one after the other."""
    session_id = await connection.fetchval(
        "SELECT s.id FROM sessions s WHERE s.id = (SELECT session_id FROM refresh_tokens WHERE token_digest = $1)"
        " FOR UPDATE",
        digest,
    )
    if session_id is None:
        return None
    # A second statement: what a twin wrote while the lock was awaited is visible only to a new snapshot.
    row = await connection.fetchrow(
        "SELECT s.id AS session_id, s.assignment_id, s.refresh_seed, s.expires_at AS session_expires_at,"
        " s.revoked_at IS NOT NULL AS session_revoked, r.expires_at, r.used_at,"
        " EXISTS (SELECT FROM refresh_tokens n WHERE n.token_digest = r.successor_digest AND n.used_at IS NOT NULL)"
        "  AS successor_used,"
        " u.id, u.disabled_at IS NOT NULL AS disabled, u.commune_id, u.province_id"
        " FROM sessions s JOIN refresh_tokens r ON r.session_id = s.id JOIN users u ON u.id = s.user_id"
        " WHERE s.id = $1 AND r.token_digest = $2",
        session_id,
        digest,
    )
    return Family(
        session_id=row["session_id"],
        assignment_id=row["assignment_id"],
        seed=row["refresh_seed"],
        account=_account(row),
        token=ShownToken(
            expires_at=row["expires_at"],
            used_at=row["used_at"],
            successor_used=row["successor_used"],
            session_revoked=row["session_revoked"],
            session_expires_at=row["session_expires_at"],
        ),
    )


async def change_over(connection: asyncpg.Connection, session_id: UUID, assignment_id: UUID) -> None:
    """Let a session go on in another assignment."""
    await connection.execute("UPDATE sessions SET assignment_id = $2 WHERE id = $1", session_id, assignment_id)


async def end_session(connection: asyncpg.Connection, session_id: UUID, now: datetime) -> None:
    """End one session with all its tokens."""
    await connection.execute(
        "UPDATE sessions SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL", session_id, now
    )


async def end_sessions_of_user(
    connection: asyncpg.Connection, user_id: UUID, now: datetime, *, but: UUID | None = None
) -> None:
    """End every session of a person, but for the one named."""
    await connection.execute(
        "UPDATE sessions SET revoked_at = $2 WHERE user_id = $1 AND revoked_at IS NULL AND id IS DISTINCT FROM $3",
        user_id,
        now,
        but,
    )


async def end_sessions_of_machine(connection: asyncpg.Connection, machine_client_id: UUID, now: datetime) -> None:
    """End every session of a machine client."""
    await connection.execute(
        "UPDATE sessions SET revoked_at = $2 WHERE machine_client_id = $1 AND revoked_at IS NULL",
        machine_client_id,
        now,
    )


async def revoke_token(connection: asyncpg.Connection, token_id: UUID, expires_at: datetime) -> None:
    """Refuse one access token until it would have ended anyway."""
    await connection.execute(
        "INSERT INTO revoked_tokens (id, expires_at) VALUES ($1, $2) ON CONFLICT DO NOTHING", token_id, expires_at
    )


def _account(row: asyncpg.Record) -> Account:
    return Account(row["id"], row["disabled"], row["commune_id"], row["province_id"])
