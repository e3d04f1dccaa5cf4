"""Health, readiness, metrics, the OpenAPI document, and /docs without internet."""

import hashlib
import ipaddress
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from math import nan
from typing import Annotated, Final

import asyncpg
import orjson
from fastapi import Header, Request, Response

from childcare_api.access.scope import open_auth_connection, open_worker_connection
from childcare_api.health.schemas import Health
from childcare_api.jobs import given_up
from childcare_api.shared import metrics
from childcare_api.shared.db import Database
from childcare_api.shared.problems import NotFound, Unavailable, problems
from childcare_api.shared.requests import Router

router = Router(tags=["service"])

_ASSETS: Final = {"swagger-ui-bundle.js": "text/javascript", "swagger-ui.css": "text/css"}
_PAGE: Final = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>childcare-api</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,"><link rel="stylesheet" href="docs/swagger-ui.css"></head>
<body><div id="swagger-ui"></div>
<script src="docs/swagger-ui-bundle.js"></script><script src="docs/start.js"></script></body>
</html>
"""
_START: Final = """window.ui = SwaggerUIBundle({
  url: new URL("openapi.json", document.baseURI).href,
  dom_id: "#swagger-ui",
  deepLinking: true,
  docExpansion: "none",
  displayRequestDuration: true,
  persistAuthorization: false,
  validatorUrl: null,
});
"""
# Nothing is loaded from elsewhere, so the page works without internet and no other host learns who reads it.
_POLICY: Final = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'"
_READ: Final = ["GET", "HEAD"]
_CACHED: Final = {"Cache-Control": "public, max-age=86400"}


@router.get("/healthz")
async def check_health() -> Health:
    """Say that the process runs."""
    return Health(status="ok")


@router.get("/readyz", responses=problems(Unavailable))
async def check_readiness(request: Request) -> Health:
    """Say that the process and its database can answer requests now."""
    async with open_auth_connection(request.app.state.database) as connection:
        await connection.fetchval("SELECT 1")
    return Health(status="ok")


@router.get("/metrics", include_in_schema=False)
async def read_metrics(request: Request) -> Response:
    """Numbers for Prometheus, told to this machine alone."""
    if not _is_local(request):
        raise NotFound
    metrics.show_outbox(*await _outbox(request.app.state.database))
    return Response(metrics.exposition(), media_type=metrics.CONTENT_TYPE)


async def _outbox(database: Database) -> tuple[float, float]:
    try:
        async with open_worker_connection(database) as connection:
            return await given_up.standing(connection)
    except (OSError, TimeoutError, asyncpg.PostgresError):
        # The other numbers are wanted most when the database is away.
        return nan, nan


def _is_local(request: Request) -> bool:
    # Behind a proxy on this machine everybody seems to be local; a proxy says so in these headers.
    if request.client is None or {"x-forwarded-for", "forwarded"} & set(request.headers.keys()):
        return False
    try:
        return ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False


@router.api_route("/openapi.json", methods=_READ, include_in_schema=False)
async def read_openapi(request: Request, if_none_match: Annotated[str | None, Header()] = None) -> Response:
    """Return the OpenAPI document of this API; it may be kept and asked for again by its ETag."""
    content = orjson.dumps(request.app.openapi())
    tag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
    headers = {"ETag": tag, "Cache-Control": "public, no-cache"}
    if if_none_match is not None and tag in if_none_match:
        return Response(status_code=304, headers=headers)
    return Response(content, headers=headers, media_type="application/json")


@router.get("/", include_in_schema=False)
async def go_to_docs() -> Response:
    """Send whoever opens the bare address to the page to read."""
    return Response(status_code=307, headers={"Location": "docs"})


@router.api_route("/docs", methods=_READ, include_in_schema=False)
async def read_docs() -> Response:
    """Return the page to read and try this API."""
    return Response(_PAGE, headers={"Content-Security-Policy": _POLICY}, media_type="text/html")


@router.api_route("/docs/{name}", methods=_READ, include_in_schema=False)
async def read_docs_asset(name: str) -> Response:
    """Return a part of the page."""
    if name == "start.js":
        return Response(_START, headers=_CACHED, media_type="text/javascript")
    if name not in _ASSETS:
        raise NotFound
    return Response(_asset(name), headers=_CACHED, media_type=_ASSETS[name])


@cache
def _asset(name: str) -> bytes:
    versions: list[Traversable] = list((files("swagger_ui_bundle") / "vendor").iterdir())
    return (versions[0] / name).read_bytes()
