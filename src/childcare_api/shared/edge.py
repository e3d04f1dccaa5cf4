"""The one middleware: what is the same for every request, whoever answers it.

Pure ASGI, and a single one: each BaseHTTPMiddleware costs more than the whole routing. Nothing personal is logged
or counted here: the route's template instead of the address, never a query, a header or a body.
"""

import gzip
import logging
import re
import time
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from childcare_api.shared import metrics, problem_handlers
from childcare_api.shared.dispatch import TEMPLATE
from childcare_api.shared.ids import new_id

log = logging.getLogger("childcare_api.requests")

_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")
_GZIP_FROM = 1024
_GZIP_LEVEL = 4
_COMPRESSIBLE = (b"application/json", b"application/problem+json", b"text/", b"application/javascript")
_EXPOSED = b"ETag, Location, Link, Retry-After, X-Request-Id, Idempotency-Replayed, RateLimit, RateLimit-Policy"
_ALLOWED_HEADERS = (
    b"Authorization, Content-Type, If-Match, If-None-Match, Idempotency-Key, X-Action-Reason, X-Request-Id"
)
_ALLOWED_METHODS = b"GET, POST, PUT, PATCH, DELETE"
_NO_ROUTE = "(none)"
Headers = list[tuple[bytes, bytes]]


class Edge:
    """Gives each request an id, each answer its headers, and whatever failed unforeseen a problem."""

    def __init__(self, app: ASGIApp, *, cors_origins: Sequence[str] = ()) -> None:
        """Wrap an application; `cors_origins` are the origins whose pages may call it from a browser."""
        self._app = app
        self._origins = frozenset(origin.rstrip("/").encode() for origin in cors_origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        asked = _Asked(scope)
        request_id = asked.request_id
        scope.setdefault("state", {})["request_id"] = request_id
        answer = _Answer(send, self._headers_for(asked, request_id), gzipped=asked.takes_gzip)
        started = time.perf_counter()
        if asked.method_wanted is not None and asked.origin in self._origins and scope["method"] == "OPTIONS":
            await _preflight(answer)
        else:
            try:
                await self._app(scope, receive, answer)
            except Exception as error:  # noqa: BLE001 - the one place that turns whatever was raised into an answer
                await _refuse(error, asked, scope, receive, answer)
        seconds = time.perf_counter() - started
        template = route_template(scope)
        metrics.count(scope["method"], template, answer.status, seconds)
        log.info("%s %s %d %.1f ms %s", scope["method"], template, answer.status, seconds * 1000, request_id)

    def _headers_for(self, asked: "_Asked", request_id: str) -> Headers:
        headers = [
            (b"x-request-id", request_id.encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"vary", b"Authorization, Accept-Language, Accept-Encoding, Origin"),
        ]
        if asked.origin in self._origins:
            headers.append((b"access-control-allow-origin", asked.origin))
            headers.append((b"access-control-expose-headers", _EXPOSED))
        return headers


class _Asked:
    """The few request headers that matter here, read in one pass."""

    __slots__ = ("language", "method_wanted", "origin", "request_id", "takes_gzip")

    def __init__(self, scope: Scope) -> None:
        self.origin = b""
        self.method_wanted: bytes | None = None
        self.takes_gzip = False
        self.language: str | None = None
        request_id = b""
        for name, value in scope["headers"]:
            if name == b"x-request-id":
                request_id = value
            elif name == b"origin":
                self.origin = value
            elif name == b"accept-encoding":
                self.takes_gzip = b"gzip" in value
            elif name == b"accept-language":
                self.language = value.decode("latin-1")
            elif name == b"access-control-request-method":
                self.method_wanted = value
        # An id from outside goes into logs and problems, so it has to be a plain word.
        self.request_id = request_id.decode() if _REQUEST_ID.fullmatch(request_id) else str(new_id())


class _Answer:
    """Passes an answer on, with the headers of every answer and gzip where it pays."""

    __slots__ = ("_headers", "_send", "_start", "gzipped", "started", "status")

    def __init__(self, send: Send, headers: Headers, *, gzipped: bool) -> None:
        self._send = send
        self._headers = headers
        self._start: Message | None = None
        self.gzipped = gzipped
        self.started = False
        self.status = 500

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started, self.status, self._start = True, message["status"], message
            return
        start = self._start
        if start is None:
            await self._send(message)
            return
        self._start = None
        headers: Headers = [*start.get("headers", ()), *self._headers]
        known = {name for name, _ in headers}
        if b"cache-control" not in known:
            headers.append((b"cache-control", b"no-store"))
        body = message.get("body", b"")
        whole = message["type"] == "http.response.body" and not message.get("more_body", False)
        if self.gzipped and whole and len(body) >= _GZIP_FROM and b"content-encoding" not in known:
            headers, message = _compress(headers, body)
        start["headers"] = headers
        await self._send(start)
        await self._send(message)


def _compress(headers: Headers, body: bytes) -> tuple[Headers, Message]:
    kind = next((value for name, value in headers if name == b"content-type"), b"")
    if kind.startswith(_COMPRESSIBLE):
        body = gzip.compress(body, _GZIP_LEVEL, mtime=0)
        headers = [(name, value) for name, value in headers if name != b"content-length"]
        headers += [(b"content-encoding", b"gzip"), (b"content-length", str(len(body)).encode())]
    return headers, {"type": "http.response.body", "body": body}


async def _refuse(error: Exception, asked: "_Asked", scope: Scope, receive: Receive, answer: "_Answer") -> None:
    # A function of its own: a local that kept the problem where it passed by would be a circle through its traceback.
    problem = problem_handlers.problem_of(error)
    await problem_handlers.note(scope, error, problem, asked.request_id)
    if not answer.started:
        told = problem_handlers.answer(problem, request_id=asked.request_id, accept_language=asked.language)
        await told(scope, receive, answer)


async def _preflight(send: Callable[[MutableMapping[str, Any]], Awaitable[None]]) -> None:
    headers = [
        (b"access-control-allow-methods", _ALLOWED_METHODS),
        (b"access-control-allow-headers", _ALLOWED_HEADERS),
        (b"access-control-max-age", b"7200"),
    ]
    await send({"type": "http.response.start", "status": 204, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


def route_template(scope: Scope) -> str:
    """Return the matched route as it is written, `/api/v1/cases/{case_id}`: an address would name a record."""
    if TEMPLATE in scope:
        known: str = scope[TEMPLATE]
        return known
    context = scope.get("fastapi", {}).get("effective_route_context")
    found = context if context is not None else scope.get("route")
    template: str = getattr(found, "path_format", _NO_ROUTE)
    return template
