"""What routes ask for: the caller, and a way to the database inside the caller's scope."""

import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from typing import Annotated

import asyncpg
from fastapi import Depends, Header, Request
from fastapi.security import OAuth2PasswordBearer
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.datastructures import State

from childcare_api.access.actor import Actor
from childcare_api.access.attempts import record_refusal
from childcare_api.access.scope import AccessEnded, open_connection, open_session, read_at_once
from childcare_api.access.tokens import TokenRefused, verify_access_token
from childcare_api.shared.callers import Scope, name_caller, name_witness
from childcare_api.shared.problems import Unauthenticated
from childcare_api.shared.text import from_header

# What stands where an id should is anybody's text, and no text of anybody goes into the audit.
_ID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[0-9]{1,10}")

bearer = OAuth2PasswordBearer(tokenUrl="/api/v1/auth/token", auto_error=False)


async def current_actor(request: Request, token: Annotated[str | None, Depends(bearer)]) -> Actor:
    """Return the caller. Raises Unauthenticated without a token of ours that is valid now."""
    state = request.app.state
    try:
        claims = verify_access_token(state.keys, token or "")
    except TokenRefused:
        raise Unauthenticated from None
    actor: Actor = await state.actors.actor_for(claims, request_id=getattr(request.state, "request_id", ""))
    name_caller(request.scope, str(actor.assignment_id or actor.id))
    name_witness(request.scope, partial(_remember_refusal, actor))
    return actor


async def _remember_refusal(actor: Actor, scope: Scope, reason: str) -> None:
    """Record a refusal: the operation and the record asked for, which is kept only where it is an id."""
    asked_for = list(scope["path_params"].values())
    subject_id = str(asked_for[-1]) if asked_for and _ID.fullmatch(str(asked_for[-1])) else None
    operation = scope["endpoint"].__name__
    await record_refusal(scope["app"].state.database, actor, operation=operation, subject_id=subject_id, reason=reason)


CurrentActor = Annotated[Actor, Depends(current_actor)]


async def scoped_session(request: Request, actor: CurrentActor) -> AsyncIterator[AsyncSession]:
    """Lend a session in the caller's scope; it commits before the answer is sent."""
    try:
        async with open_session(request.app.state.database, actor) as session:
            yield session
    except AccessEnded:
        raise _ended(request, actor) from None


async def scoped_connection(request: Request, actor: CurrentActor) -> AsyncIterator[asyncpg.Connection]:
    """Lend a bare connection in the caller's scope; it commits before the answer is sent."""
    try:
        async with open_connection(request.app.state.database, actor) as connection:
            yield connection
    except AccessEnded:
        raise _ended(request, actor) from None


class Reader:
    """Runs statements in the caller's scope, each a transaction of its own that costs one message.

    It has the two methods of a connection that reading needs.
    """

    __slots__ = ("_actor", "_request", "_second_look")

    def __init__(self, request: Request, actor: Actor, *, second_look: bool = False) -> None:
        self._request = request
        self._actor = actor
        self._second_look = second_look

    async def fetch(self, sql: str, *values: object) -> list[asyncpg.Record]:
        """Return the rows of a statement; it is committed then."""
        try:
            database = self._request.app.state.database
            return await read_at_once(database, self._actor, sql, *values, second_look=self._second_look)
        except AccessEnded:
            raise _ended(self._request, self._actor) from None

    async def fetchrow(self, sql: str, *values: object) -> asyncpg.Record | None:
        """Return the first row of a statement, or None."""
        rows = await self.fetch(sql, *values)
        return rows[0] if rows else None

    @property
    def state(self) -> State:
        """Return what the application works with and remembers."""
        state: State = self._request.app.state
        return state

    def second_look(self) -> "Reader":
        """Return a reader that sees what other communes granted to the caller's, and nothing of its own."""
        return Reader(self._request, self._actor, second_look=True)


async def scoped_reader(request: Request, actor: CurrentActor) -> Reader:
    """Lend what reads in the caller's scope."""
    return Reader(request, actor)


async def scope_opener(
    request: Request, actor: CurrentActor
) -> Callable[[], AbstractAsyncContextManager[AsyncSession]]:
    """Lend a way to open a session in the caller's scope, for a route that has slow work to do after it is closed."""
    return partial(asynccontextmanager(scoped_session), request, actor)


def _ended(request: Request, actor: Actor) -> Unauthenticated:
    """Forget what was remembered of an actor whose access, says the database, has ended."""
    request.app.state.actors.forget(actor)
    return Unauthenticated()


Session = Annotated[AsyncSession, Depends(scoped_session, scope="function")]
Connection = Annotated[asyncpg.Connection, Depends(scoped_connection, scope="function")]
Reading = Annotated[Reader, Depends(scoped_reader)]


_REASON = "Why you need to know; the inspectors read it. In UTF-8, or percent-encoded as browsers must."


async def stated_reason(
    x_action_reason: Annotated[str | None, Header(description=_REASON, max_length=500)] = None,
) -> str:
    """Return why somebody does what needs no reason but says more with one; empty where nothing was said."""
    return from_header(x_action_reason or "")


async def action_reason(
    x_action_reason: Annotated[
        str | None,
        # Shown as required in the document; the route says that it is missing, once it knows who asks.
        Header(
            description=f"{_REASON} Dots and dashes say nothing.",
            max_length=500,
            # No pattern: what is a letter differs from client to client.
            json_schema_extra={"x-required": True, "minLength": 1},
        ),
    ] = None,
) -> str:
    """Return why somebody breaks a seal, as text; empty where nothing was said, and dots and dashes say nothing."""
    reason = from_header(x_action_reason or "")
    return reason if any(map(str.isalnum, reason)) else ""


StatedReason = Annotated[str, Depends(stated_reason)]
ActionReason = Annotated[str, Depends(action_reason)]
OpenScope = Annotated[Callable[[], AbstractAsyncContextManager[AsyncSession]], Depends(scope_opener)]
