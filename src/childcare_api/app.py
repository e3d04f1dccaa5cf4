"""Puts the application together: settings, the middleware, routers, problem handlers. No logic."""

import secrets

from fastapi import APIRouter, FastAPI

from childcare_api.access.actors import Actors
from childcare_api.access.tokens import KeySet
from childcare_api.agencies import routes as agencies_routes
from childcare_api.cases import routes as cases_routes
from childcare_api.deadlines import routes as deadlines_routes
from childcare_api.identity import machine_routes, token_routes
from childcare_api.identity import routes as identity_routes
from childcare_api.settings import Settings
from childcare_api.shared import problem_handlers
from childcare_api.shared.bodies import MAX_BYTES
from childcare_api.shared.db import Database
from childcare_api.shared.edge import Edge
from childcare_api.units import routes as units_routes

ROUTERS: list[APIRouter] = [
    token_routes.router,
    identity_routes.router,
    machine_routes.router,
    units_routes.router,
    agencies_routes.router,
    cases_routes.router,
    deadlines_routes.router,
]
"""The routers of the modules, in the order of the document."""


def create_app(settings: Settings, *, database: Database, keys: KeySet) -> FastAPI:
    """Return the application on an open database."""
    app = FastAPI(
        title="childcare-api",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        max_body_size=MAX_BYTES,
    )
    app.state.settings = settings
    app.state.database = database
    app.state.keys = keys
    app.state.actors = Actors(database)
    app.state.cursor_key = (
        settings.cursor_key.get_secret_value().encode() if settings.cursor_key else secrets.token_bytes(32)
    )
    for router in ROUTERS:
        app.include_router(router, prefix="/api/v1")
    app.include_router(token_routes.root_router)
    problem_handlers.install(app)
    app.add_middleware(Edge, cors_origins=settings.cors_origins)
    return app
