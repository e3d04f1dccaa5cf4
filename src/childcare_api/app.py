"""Puts the application together: settings, the middleware, routers, problem handlers. No logic."""

import hashlib
import secrets
from importlib.metadata import PackageNotFoundError, version

from fastapi import FastAPI
from fastapi.routing import APIRoute

from childcare_api.access.actors import Actors
from childcare_api.access.tokens import KeySet
from childcare_api.action_plans import routes as action_plans_routes
from childcare_api.activities import routes as activities_routes
from childcare_api.agencies import routes as agencies_routes
from childcare_api.agencies.providers import routes as provider_routes
from childcare_api.alternative_care import routes as carer_routes
from childcare_api.alternative_care.facility_lists import routes as facility_list_routes
from childcare_api.alternative_care.listing import routes as carer_list_routes
from childcare_api.cases import routes as cases_routes
from childcare_api.cases.file.reading import FoundByGrant
from childcare_api.children import routes as children_routes
from childcare_api.children.households import routes as household_routes
from childcare_api.children.moving import routes as child_move_routes
from childcare_api.children.parts import routes as child_part_routes
from childcare_api.children.reading import routes as child_reading_routes
from childcare_api.deadlines import routes as deadlines_routes
from childcare_api.document import ADDRESSES, TAGS, examples
from childcare_api.exchange import routes as exchange_routes
from childcare_api.exchange.papers import routes as paper_routes
from childcare_api.exchange.papers.carers import routes as carer_paper_routes
from childcare_api.health import routes as health_routes
from childcare_api.identity import colleague_routes, machine_routes, token_routes
from childcare_api.identity import routes as identity_routes
from childcare_api.intake import routes as intake_routes
from childcare_api.intake.putting_aside import routes as intake_putting_aside_routes
from childcare_api.intake.revealing import routes as intake_revealing_routes
from childcare_api.intake.updating import routes as intake_updating_routes
from childcare_api.oversight import routes as oversight_routes
from childcare_api.settings import Settings
from childcare_api.shared.application import Application
from childcare_api.shared.bodies import MAX_BYTES
from childcare_api.shared.db import Database
from childcare_api.shared.requests import Router
from childcare_api.units import routes as units_routes

ROUTERS: list[Router] = [
    token_routes.router,
    identity_routes.router,
    colleague_routes.router,
    machine_routes.router,
    units_routes.router,
    agencies_routes.router,
    provider_routes.router,
    carer_routes.router,
    carer_list_routes.router,
    facility_list_routes.router,
    cases_routes.router,
    household_routes.router,
    child_reading_routes.router,
    children_routes.router,
    child_part_routes.router,
    child_move_routes.router,
    deadlines_routes.router,
    oversight_routes.router,
    intake_routes.router,
    intake_putting_aside_routes.router,
    intake_updating_routes.router,
    intake_revealing_routes.router,
    activities_routes.router,
    *action_plans_routes.ROUTERS,
    exchange_routes.router,
    paper_routes.router,
    carer_paper_routes.router,
]
"""The routers of the modules below /api/v1, in the order of the document."""
ROOT_ROUTERS: list[Router] = [health_routes.router, token_routes.root_router]
"""The few addresses outside /api/v1."""

DESCRIPTION = """\
Records, intake, casework and plans of child protection in Viet Nam, and how far the plans are.

Log in at `POST /api/v1/auth/token`. Every change of a record needs `If-Match` with the version that was read, every \
command that must not happen twice an `Idempotency-Key`. Whatever goes wrong is answered as RFC 9457 \
`application/problem+json`, in Vietnamese or English by `Accept-Language`.
"""


def create_app(settings: Settings, *, database: Database, keys: KeySet) -> FastAPI:
    """Return the application on an open database."""
    app = _assembled(settings)
    furnish(app, settings, database=database, keys=keys)
    return app


def furnish(app: FastAPI, settings: Settings, *, database: Database, keys: KeySet) -> None:
    """Give an application everything it works with and remembers; what it had before is forgotten."""
    app.state.settings = settings
    app.state.database = database
    app.state.keys = keys
    app.state.actors = Actors(database)
    app.state.found_by_grant = FoundByGrant()
    secret = settings.cursor_key.get_secret_value().encode() if settings.cursor_key else secrets.token_bytes(32)
    # As long as a key may be for what signs cursors, however long the setting is.
    app.state.cursor_key = hashlib.blake2b(secret).digest()


def _assembled(settings: Settings) -> FastAPI:
    app = Application(
        title="childcare-api",
        version=_version(),
        summary="A backend for Vietnamese child protection and care",
        description=DESCRIPTION,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        max_body_size=MAX_BYTES,
        generate_unique_id_function=_operation_id,
        openapi_tags=TAGS,
        examples=examples,
        addresses=ADDRESSES,
        cors_origins=settings.cors_origins,
    )
    for router in ROOT_ROUTERS:
        app.include_router(router)
    for router in ROUTERS:
        app.include_router(router, prefix="/api/v1")
    return app


def _operation_id(route: APIRoute) -> str:
    return route.name


def _version() -> str:
    try:
        return version("childcare-api")
    except PackageNotFoundError:
        return "0.1.0"
