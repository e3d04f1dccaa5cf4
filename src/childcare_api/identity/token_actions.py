"""Logging in and out: what happens at the token endpoint (RFC 6749, RFC 7009).

Nobody is known yet, so nothing here has a scope: each step is a short transaction as childcare_auth, and the password
is compared between two of them, where it holds no connection.
"""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from secrets import token_bytes, token_urlsafe
from uuid import UUID

import asyncpg

from childcare_api.access import attempts
from childcare_api.access.attempts import Attempt
from childcare_api.access.scope import open_auth_connection
from childcare_api.access.tokens import LIFETIME_SECONDS, KeySet, TokenRefused, verify_access_token
from childcare_api.identity import passwords, rules, token_queries
from childcare_api.identity.errors import AssignmentRequired, InvalidClient, InvalidGrant, InvalidScope, NoAssignment
from childcare_api.identity.rules import Refresh
from childcare_api.identity.schemas import TokenOut
from childcare_api.identity.token_queries import Account
from childcare_api.identity.tokens import mint_access_token, mint_machine_token
from childcare_api.shared import clock
from childcare_api.shared.db import Database
from childcare_api.shared.ids import new_id


async def log_in(
    database: Database, keys: KeySet, *, username: str, password: str, assignment_id: UUID | None, address: str
) -> TokenOut:
    """Let a person in by password. Takes the same time for a name that nobody has."""
    attempt = await attempts.begin_login(database, account=username, address=address)
    async with open_auth_connection(database) as connection:
        found = await token_queries.find_person(connection, username)
    account, stored = found or (None, None)
    right = await passwords.matches(password, stored)
    if account is None or account.disabled or not right:
        await _record_failed(database, attempt, "user", account)
        raise InvalidGrant
    renewed = await passwords.hash_password(password) if stored and passwords.needs_rehash(stored) else None
    now = clock.now()
    async with open_auth_connection(database) as connection:
        if not await token_queries.holds_password(connection, account.id, stored):
            raise InvalidGrant
        await attempts.succeed(connection, attempt)
        if renewed is not None:
            await token_queries.store_password(connection, account.id, renewed, now)
        in_force = await token_queries.assignments_in_force(connection, account.id, clock.today())
    # Outside the transaction: a person who has still to choose was right all the same, and is not counted as failed.
    chosen = _choose(in_force, assignment_id)
    async with open_auth_connection(database) as connection:
        if not await token_queries.holds_password(connection, account.id, renewed or stored):
            raise InvalidGrant
        return await _begin_session(connection, keys, account, chosen, now)


async def refresh(database: Database, keys: KeySet, *, refresh_token: str, assignment_id: UUID | None) -> TokenOut:
    """Exchange a refresh token for its successor, and change over to another assignment if one is named."""
    now = clock.now()
    digest = _digest(refresh_token)
    async with open_auth_connection(database) as connection:
        family = await token_queries.lock_family(connection, digest)
        if family is None or family.account.disabled:
            raise InvalidGrant
        verdict = rules.judge_refresh(family.token, now)
        if verdict in (Refresh.ROTATE, Refresh.REPEAT):
            wanted = assignment_id or family.assignment_id
            in_force = await token_queries.assignments_in_force(connection, family.account.id, clock.today())
            chosen = _choose(in_force, wanted)
            if chosen != family.assignment_id:
                await token_queries.change_over(connection, family.session_id, chosen)
            successor = _successor(family.seed, refresh_token)
            if verdict is Refresh.ROTATE:
                await token_queries.mark_used(connection, digest, _digest(successor), now)
                ends = min(now + rules.REFRESH_UNUSED, family.token.session_expires_at)
                await token_queries.insert_refresh_token(
                    connection, _digest(successor), family.session_id, now=now, expires_at=ends
                )
            return _person_answer(keys, family.account.id, family.session_id, chosen, successor)
    if verdict is Refresh.REUSED:
        await attempts.record_reuse(database, session_id=family.session_id, holder=family.account.holder)
    raise InvalidGrant


async def let_machine_in(
    database: Database, keys: KeySet, *, client_id: str, client_secret: str, scope: str | None, address: str
) -> TokenOut:
    """Let a machine client in by its id and either of its secrets."""
    attempt = await attempts.begin_login(database, account=f"client:{client_id}", address=address)
    async with open_auth_connection(database) as connection:
        found = await token_queries.find_machine(connection, client_id)
    account, scopes, digests = found or (None, [], [])
    shown = _digest(client_secret)
    right = [hmac.compare_digest(digest, shown) for digest in digests]
    if account is None or account.disabled or not any(right):
        await _record_failed(database, attempt, "machine_client", account)
        raise InvalidClient
    if scope is not None and not set(scope.split()) <= set(scopes):
        raise InvalidScope
    now = clock.now()
    session_id = new_id()
    async with open_auth_connection(database) as connection:
        await attempts.succeed(connection, attempt)
        await token_queries.insert_session(
            connection,
            session_id,
            machine_client_id=account.id,
            now=now,
            expires_at=datetime.fromtimestamp(now.timestamp() + LIFETIME_SECONDS, UTC),
        )
    return TokenOut(
        access_token=mint_machine_token(keys, subject=account.id, session_id=session_id, client_id=client_id),
        token_type="Bearer",  # noqa: S106 - the kind of token
        expires_in=LIFETIME_SECONDS,
        refresh_token=None,
        scope=" ".join(sorted(scopes)),
        assignment_id=None,
    )


async def revoke(database: Database, keys: KeySet, token: str) -> None:
    """Hand a token back: an access token is refused by its id, a refresh token ends its whole session.

    A token that is none of ours, or has ended, is no error: what its bearer wanted is already so.
    """
    try:
        claims = verify_access_token(keys, token)
    except TokenRefused:
        async with open_auth_connection(database) as connection:
            family = await token_queries.lock_family(connection, _digest(token))
            if family is not None:
                await token_queries.end_session(connection, family.session_id, clock.now())
                await attempts.record(connection, "session.ended", "session", family.session_id, family.account.holder)
        return
    async with open_auth_connection(database) as connection:
        await token_queries.revoke_token(connection, claims.token_id, datetime.fromtimestamp(claims.expires_at, UTC))


async def _record_failed(database: Database, attempt: Attempt, kind: str, account: Account | None) -> None:
    subject_id, holder = (account.id, account.holder) if account is not None else (None, (None, None))
    await attempts.record_failed(database, attempt, subject_kind=kind, subject_id=subject_id, holder=holder)


def _choose(in_force: Sequence[asyncpg.Record], wanted: UUID | None) -> UUID:
    """Return the assignment to carry: the one wanted, else the only one, else the default one."""
    if not in_force:
        raise NoAssignment
    if wanted is not None:
        if all(row["id"] != wanted for row in in_force):
            raise InvalidGrant
        return wanted
    if len(in_force) > 1 and not in_force[0]["is_default"]:
        raise AssignmentRequired(
            assignments=[
                {"id": str(row["id"]), "role": row["role"], "unit_id": row["unit_id"], "unit_name": row["unit_name"]}
                for row in in_force
            ]
        )
    chosen: UUID = in_force[0]["id"]
    return chosen


async def _begin_session(
    connection: asyncpg.Connection, keys: KeySet, account: Account, assignment_id: UUID, now: datetime
) -> TokenOut:
    session_id, refresh_token = new_id(), token_urlsafe(32)
    await token_queries.insert_session(
        connection,
        session_id,
        user_id=account.id,
        assignment_id=assignment_id,
        seed=token_bytes(32),
        now=now,
        expires_at=now + rules.SESSION_LONGEST,
    )
    await token_queries.insert_refresh_token(
        connection, _digest(refresh_token), session_id, now=now, expires_at=now + rules.REFRESH_UNUSED
    )
    await attempts.record(connection, "session.started", "user", account.id, account.holder)
    return _person_answer(keys, account.id, session_id, assignment_id, refresh_token)


def _person_answer(keys: KeySet, user_id: UUID, session_id: UUID, assignment_id: UUID, refresh_token: str) -> TokenOut:
    return TokenOut(
        access_token=mint_access_token(keys, subject=user_id, session_id=session_id, assignment_id=assignment_id),
        token_type="Bearer",  # noqa: S106 - the kind of token
        expires_in=LIFETIME_SECONDS,
        refresh_token=refresh_token,
        scope=None,
        assignment_id=assignment_id,
    )


def _successor(seed: bytes, refresh_token: str) -> str:
    """Return the token that follows another one in its family.

    It is derived, not drawn: so the same answer can be given twice without the token standing anywhere. Who reads
    the database has the seed but no token; who has an old token has no seed.
    """
    made = hmac.new(seed, refresh_token.encode("utf-8", "replace"), sha256).digest()
    return urlsafe_b64encode(made).rstrip(b"=").decode()


def _digest(secret: str) -> bytes:
    return sha256(secret.encode("utf-8", "replace")).digest()
