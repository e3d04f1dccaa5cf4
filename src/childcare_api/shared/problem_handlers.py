"""From anything raised to a problem: our own, FastAPI's, Starlette's, and what PostgreSQL refuses.

The database's words quote values ("Key (phone)=(09…) already exists"), so only its codes and constraint names are read.
"""

import logging
import traceback
from typing import Any

import asyncpg
import orjson
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError, InterfaceError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from childcare_api.shared import languages
from childcare_api.shared.callers import witness_of
from childcare_api.shared.problems import (
    BadQuery,
    BodyTooLarge,
    ConcurrentChange,
    Conflict,
    Forbidden,
    IdTaken,
    InternalError,
    MethodNotAllowed,
    NotFound,
    Problem,
    Unauthenticated,
    Unavailable,
    UnsupportedMediaType,
    ValidationFailed,
    every_problem,
)
from childcare_api.shared.validation import field_errors

SERVER_ERRORS = 500
REFUSALS = (403, 404)
"""A caller who asked for what is not theirs: remembered, also what the scope does not show."""

log = logging.getLogger("childcare_api.problems")

_BY_STATUS: dict[int, type[Problem]] = {
    401: Unauthenticated,
    403: Forbidden,
    404: NotFound,
    405: MethodNotAllowed,
    413: BodyTooLarge,
    415: UnsupportedMediaType,
}
_BY_SQLSTATE: dict[str, type[Problem]] = {
    "40001": ConcurrentChange,  # serialization failure
    "40P01": ConcurrentChange,  # deadlock
    "55P03": ConcurrentChange,  # lock not available
    "57014": Unavailable,  # statement timeout
    "42501": Forbidden,  # the policy of a table refused a row
}
_UNAVAILABLE = ("08", "53", "57P")


def problem_of(error: BaseException) -> Problem:  # noqa: PLR0911 - a table of kinds
    """Return the problem that an exception means; what nobody foresaw is an InternalError."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, RequestValidationError):
        return _of_validation(error)
    if isinstance(error, HTTPException):
        found = _BY_STATUS.get(error.status_code, BadQuery if error.status_code < SERVER_ERRORS else InternalError)
        return found(headers=error.headers) if found is MethodNotAllowed else found()
    if isinstance(error, DBAPIError) and error.orig is not None and error.orig.__cause__ is not None:
        return problem_of(error.orig.__cause__)
    if isinstance(error, asyncpg.PostgresError):
        return _of_postgres(error)
    if isinstance(error, StaleDataError):
        # A row that was there went out of sight before it was written: somebody was kept from it meanwhile.
        return ConcurrentChange()
    if isinstance(error, asyncpg.InterfaceError | InterfaceError | PoolTimeout | ConnectionError | TimeoutError):
        return Unavailable()
    return InternalError()


def _of_validation(error: RequestValidationError) -> Problem:
    found = error.errors()
    places = {str(one["loc"][0]) for one in found}
    if "path" in places:
        # An address that cannot be a record's is an address where no record is.
        return NotFound()
    if places & {"query", "header", "cookie"}:
        wrong = [one for one in found if one["loc"][0] in {"query", "header", "cookie"}]
        errors = field_errors(wrong, skip=1)
        return BadQuery(errors=tuple(one._replace(pointer=one.pointer.removeprefix("/")) for one in errors))
    return ValidationFailed(errors=field_errors(found, skip=1))


def _of_postgres(error: asyncpg.PostgresError) -> Problem:
    state = error.sqlstate or ""
    constraint = getattr(error, "constraint_name", None)
    if constraint:
        for problem in every_problem():
            if constraint in problem.constraints:
                return problem()
        if state == "23505" and constraint.endswith("_pkey"):
            return IdTaken()
    if state.startswith("23"):
        return Conflict(constraint=constraint)
    if state in _BY_SQLSTATE:
        return _BY_SQLSTATE[state]()
    if state.startswith("22"):
        return ValidationFailed()
    return Unavailable() if state.startswith(_UNAVAILABLE) else InternalError()


def answer(problem: Problem, *, request_id: str, accept_language: str | None) -> Response:
    """Return a problem as the answer to one request."""
    language = languages.choose(accept_language)
    content = orjson.dumps(problem.body(language, request_id), default=str)
    headers = {"Content-Language": language, "Cache-Control": "no-store", **problem.headers}
    return Response(content, problem.status, headers, "application/problem+json")


def report(error: BaseException, request_id: str) -> None:
    """Log where an unforeseen error was raised, and not a word of it: exceptions quote what they choked on."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames[:-1] if "childcare_api" in frame.filename][-8:]
    places = " <- ".join(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in reversed([*ours, *frames[-1:]]))
    names = type(error).__name__
    if isinstance(error, DBAPIError) and error.orig is not None and error.orig.__cause__ is not None:
        names += f"/{type(error.orig.__cause__).__name__}"
    log.error("unforeseen %s in request %s at %s", names, request_id, places)


async def handle(request: Request, error: Exception) -> Response:
    """Answer an exception that a route or a dependency raised."""
    problem = problem_of(error)
    request_id: str = request.scope.get("state", {}).get("request_id", "")
    await note(request.scope, error, problem, request_id)
    return answer(problem, request_id=request_id, accept_language=request.headers.get("accept-language"))


async def note(scope: Scope, error: Exception, problem: Problem, request_id: str) -> None:
    """Log what nobody foresaw, and remember whom something was refused."""
    if problem.status >= SERVER_ERRORS:
        report(error, request_id)
    witness = witness_of(scope)
    if problem.status in REFUSALS and witness is not None:
        try:
            await witness(scope, problem.code)
        except Exception as failure:  # noqa: BLE001 - refused is refused, also where it could not be written down
            report(failure, request_id)


def install(app: FastAPI) -> None:
    """Make every exception of the application a problem."""
    foreseen: tuple[type[Any], ...] = (
        Problem,
        RequestValidationError,
        HTTPException,
        SQLAlchemyError,
        asyncpg.PostgresError,
        asyncpg.InterfaceError,
        ConnectionError,
        TimeoutError,
    )
    for kind in foreseen:
        app.add_exception_handler(kind, handle)
