"""The application as it is served: FastAPI's, with our way to the routes and our document."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from childcare_api.shared import bodies, openapi, problem_handlers
from childcare_api.shared.dispatch import Index
from childcare_api.shared.edge import Edge
from childcare_api.shared.problems import BodyTooLarge


class Application(FastAPI):
    """A FastAPI application behind the edge. Its routes are found by index; the rest goes FastAPI's way."""

    def __init__(
        self,
        *,
        cors_origins: Sequence[str] = (),
        examples: Callable[[], Mapping[str, Any]] = dict,
        addresses: Mapping[str, str] | None = None,
        **options: Any,  # noqa: ANN401 - FastAPI's own
    ) -> None:
        """Take whose pages may call it, bodies to try by operation, and what the parameters in addresses mean."""
        super().__init__(**options)
        self._examples, self._addresses = examples, addresses or {}
        problem_handlers.install(self)
        self._edge = Edge(self._dispatch, cors_origins=cors_origins)
        self._index: Index | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or start and stop."""
        if scope["type"] == "http":
            scope["app"] = self
            await self._edge(scope, receive, send)
        else:
            # Made before the server's own start, which puts what is there beyond the reach of the collector.
            self._index = Index(self)
            await super().__call__(scope, receive, send)

    def openapi(self) -> dict[str, Any]:
        """Return the OpenAPI document, made once and kept."""
        if self.openapi_schema is None:
            self.openapi_schema = openapi.complete(self, examples=self._examples(), addresses=self._addresses)
        return self.openapi_schema

    async def _dispatch(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._index is None:
            self._index = Index(self)
        if not await self._index.answer(scope, receive, send):
            length = next((value for name, value in scope["headers"] if name == b"content-length"), b"")
            if bodies.is_declared_too_long(length.decode("latin-1")):
                # FastAPI's own limit would say so in plain text.
                raise BodyTooLarge
            await super().__call__(scope, receive, send)
