"""What routes ask for: the caller, and a way to the database inside the caller's scope."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Annotated, Any

import asyncpg
from fastapi import Depends, Request
from fastapi.security import OAuth2PasswordBearer
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.access.scope import AccessEnded, open_connection, open_session
from childcare_api.access.tokens import TokenRefused, verify_access_token
from childcare_api.shared.problems import Unauthenticated

bearer = OAuth2PasswordBearer(tokenUrl="/api/v1/auth/token", auto_error=False)


async def current_actor(request: Request, token: Annotated[str | None, Depends(bearer)]) -> Actor:
    """Return the caller. Raises Unauthenticated without a token of ours that is valid now."""
    state = request.app.state
    try:
        claims = verify_access_token(state.keys, token or "")
    except TokenRefused:
        raise Unauthenticated from None
    actor: Actor = await state.actors.actor_for(claims, request_id=getattr(request.state, "request_id", ""))
    return actor


CurrentActor = Annotated[Actor, Depends(current_actor)]


async def scoped_session(request: Request, actor: CurrentActor) -> AsyncIterator[AsyncSession]:
    """Lend a session in the caller's scope; it commits before the answer is sent."""
    async with _entered(request, actor, open_session(request.app.state.database, actor)) as session:
        yield session


async def scoped_connection(request: Request, actor: CurrentActor) -> AsyncIterator[asyncpg.Connection]:
    """Lend a bare connection in the caller's scope; it commits before the answer is sent."""
    async with _entered(request, actor, open_connection(request.app.state.database, actor)) as connection:
        yield connection


class _entered:  # noqa: N801 - read as a word in an async with
    """Enter a scope; where the database says that access has ended, forget what was remembered and answer 401."""

    def __init__(self, request: Request, actor: Actor, scope: AbstractAsyncContextManager[Any]) -> None:
        self._request, self._actor, self._scope = request, actor, scope

    async def __aenter__(self) -> Any:  # noqa: ANN401 - a session or a connection
        try:
            return await self._scope.__aenter__()
        except AccessEnded:
            self._request.app.state.actors.forget(self._actor)
            raise Unauthenticated from None

    async def __aexit__(self, *error: Any) -> bool | None:  # noqa: ANN401 - what every context manager gets
        return await self._scope.__aexit__(*error)


Session = Annotated[AsyncSession, Depends(scoped_session, scope="function")]
Connection = Annotated[asyncpg.Connection, Depends(scoped_connection, scope="function")]
