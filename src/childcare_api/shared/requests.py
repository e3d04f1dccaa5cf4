"""How a request is read: one route class, so that every operation is equally strict.

Routers of the modules are `Router`, never a bare APIRouter; `create_app` refuses others. What is wrong with a body or
a query is told only after the token has been checked: whoever has none learns nothing about what an operation takes.
"""

import re
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast, get_args, get_origin
from urllib.parse import parse_qsl, unquote_to_bytes

from fastapi import APIRouter, Request, Response
from fastapi._compat import ModelField
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import get_flat_params
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute, _effective_route_context_var, serialize_response
from pydantic import TypeAdapter, ValidationError
from starlette.types import Scope

from childcare_api.shared import bodies
from childcare_api.shared.idempotency import ONCE, AnsweredBefore
from childcare_api.shared.paging import LINK
from childcare_api.shared.problems import (
    BadQuery,
    BodyTooLarge,
    FieldError,
    NotFound,
    Problem,
    UnsupportedMediaType,
    ValidationFailed,
)
from childcare_api.shared.solving import Solved, plan_of
from childcare_api.shared.validation import field_errors, shown_name

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
Validator = Callable[[bytes], object]

_CONTENT_TYPE = re.compile(
    r'^application/(?:json|merge-patch\+json)\s*(?:;\s*charset\s*=\s*"?utf-?8"?\s*)?;?$', re.IGNORECASE
)
_DAY, _INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}$", re.ASCII), re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]", re.ASCII)
_VERSION = re.compile(rb'^\{"row_version":(\d+)[,}]')


@dataclass(frozen=True, slots=True)
class _Parameter:
    """How a query parameter may stand: several times, and in what form before Pydantic looks at it."""

    is_list: bool
    form: re.Pattern[str] | None


class StrictRoute(APIRoute):
    """A route that reads JSON strictly, knows its query parameters, and answers a version with its ETag."""

    def get_route_handler(self) -> Handler:
        """Return what answers a request that FastAPI has routed here.

        FastAPI asks twice for each route before it serves, and the index finds nearly all of them itself: what takes
        long to make is made when a request comes this way.
        """
        # Included routers build each route anew for their prefix; FastAPI hands that variant over this way.
        route = cast("APIRoute", _effective_route_context_var.get() or self)
        usual = super().get_route_handler()
        made: Handler | None = None

        async def handle(request: Request) -> Response:
            nonlocal made
            made = made or planned_handler(route) or _unplanned_handler(route, usual)
            return await made(request)

        return handle


def _unplanned_handler(route: APIRoute, usual: Handler) -> Handler:
    names = _query_fields(route.dependant)

    async def handle(request: Request) -> Response:
        _check_address(request.scope, names)
        return _with_headers(await usual(request), request.scope)

    return handle


def planned_handler(route: APIRoute) -> Handler | None:
    """Return what answers a request to this route by its plan, or None where FastAPI had better do it."""
    plan = plan_of(route)
    if plan is None:
        return None
    names = _query_fields(route.dependant)
    validate = _body_validator(route) if route.body_field is not None else None

    async def handle(request: Request) -> Response:
        scope = request.scope
        refusal: Problem | None = None
        body: object = plan.body_default
        try:
            _check_address(scope, names)
            if validate is not None:
                body = await _read(request, validate, body)
        except Problem as problem:
            refusal = problem
        # The token is judged among the dependencies, so what is wrong with the body is told only after them.
        solved = await plan.solve(request, scope["fastapi_function_astack"])
        if refusal is not None:
            try:
                raise refusal
            finally:
                del refusal  # this frame stands in its traceback: a circle
        if solved.errors:
            raise RequestValidationError(solved.errors)
        if plan.body_name is not None:
            solved.values[plan.body_name] = body
        try:
            response = _with_headers(await _answer(route, solved, await plan.call(**solved.values)), scope)
        except AnsweredBefore as answered:
            return answered.response
        if ONCE in scope:
            await scope[ONCE].keep(response)
        return response

    return handle


class Router(APIRouter):
    """The router of a module: `router = Router(tags=["cases"])`."""

    def __init__(self, *, prefix: str = "", tags: Sequence[str] = ()) -> None:
        super().__init__(prefix=prefix, tags=list(tags), route_class=StrictRoute, redirect_slashes=False)


async def _answer(route: APIRoute, solved: Solved, result: object) -> Response:
    """Return a route's result as its answer, by its response model."""
    if isinstance(result, Response):
        return result
    status = (solved.response.status_code if solved.response else None) or route.status_code or 200
    content: bytes = b""
    if route.response_field is not None:
        content = await serialize_response(
            field=route.response_field,
            response_content=result,
            exclude_none=route.response_model_exclude_none,
            exclude_unset=route.response_model_exclude_unset,
            dump_json=True,
        )
    response = Response(content, status, media_type="application/json" if content else None)
    if solved.response is not None:
        response.headers.raw.extend(solved.response.headers.raw)
    return response


def _query_fields(dependant: Dependant) -> dict[str, _Parameter]:
    """Return the query parameters of an operation, each with whether it may stand several times."""
    every, pending = [], [dependant]
    while pending:
        current = pending.pop()
        every += current.query_params
        pending += current.dependencies
    fields = get_flat_params(Dependant(query_params=every))
    return {field.alias: _parameter(field.field_info.annotation) for field in fields}


def _parameter(annotation: object) -> _Parameter:
    kinds = set(_plain_kinds(annotation))
    # Pydantic also reads a number as a day or an instant: seconds since 1970.
    form = _INSTANT if datetime in kinds else _DAY if date in kinds else None
    return _Parameter(is_list=_is_list(annotation), form=form)


def _plain_kinds(annotation: object) -> Iterator[object]:
    yield annotation
    for part in get_args(annotation):
        yield from _plain_kinds(part)


def _is_list(annotation: object) -> bool:
    return get_origin(annotation) in {list, set, tuple} or any(_is_list(part) for part in get_args(annotation))


def _check_address(scope: Scope, names: dict[str, _Parameter]) -> None:
    if b"%00" in scope.get("raw_path", b""):
        raise NotFound
    if scope["query_string"]:
        _check_query(scope["query_string"], names)


def _check_query(raw: bytes, names: dict[str, _Parameter]) -> None:
    errors = []
    try:
        text = unquote_to_bytes(raw.replace(b"+", b" ")).decode()
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        errors.append(FieldError("", "not_text", "The query is not text in UTF-8.", "Truy vấn không phải UTF-8."))
    pairs = parse_qsl(raw.decode("latin-1"), keep_blank_values=True)
    given = Counter(name for name, _ in pairs)
    for name, count in given.items():
        if name not in names:
            errors.append(
                FieldError(
                    shown_name(name), "unknown_parameter", "There is no such parameter.", "Không có tham số này."
                )
            )
        elif count > 1 and not names[name].is_list:
            errors.append(FieldError(name, "doubled_parameter", "It stands more than once.", "Tham số bị lặp lại."))
    for name, value in pairs:
        form = names[name].form if name in names else None
        if form is not None and not form.match(value):
            errors.append(FieldError(name, "date_parsing", "Write it as RFC 3339 does.", "Hãy viết theo RFC 3339."))
    if errors:
        raise BadQuery(errors=tuple(errors))


def _body_validator(route: APIRoute) -> Validator:
    field = cast("ModelField", route.body_field)
    adapter: TypeAdapter[object] = TypeAdapter(cast("Any", field.field_info.annotation))
    # One body parameter that is a model is read by that model; FastAPI lets the finished instance pass.
    return lambda body: adapter.validate_json(body, strict=True)


async def _read(request: Request, validate: Validator, default: object) -> object:
    """Return the body as the route takes it; `default` is what an absent one means, `...` if there must be one."""
    if bodies.is_declared_too_long(request.headers.get("content-length", "0")):
        raise BodyTooLarge
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > bodies.MAX_BYTES:
            # Content-Length may be missing or a lie, so the bytes are counted as they come.
            raise BodyTooLarge
        chunks.append(chunk)
    body = b"".join(chunks)
    if not body and default is not ...:
        return default
    if body and not _CONTENT_TYPE.match(request.headers.get("content-type", "").strip()):
        raise UnsupportedMediaType
    request.scope["childcare.json"] = bodies.parse(body)
    try:
        return validate(body)
    except ValidationError as error:
        raise ValidationFailed(errors=field_errors(error.errors(include_url=False, include_input=False))) from None


def _with_headers(response: Response, scope: Scope) -> Response:
    """Add what can be told from the answer itself, also from one that was made beside FastAPI."""
    match = _VERSION.match(response.body)
    headers = response.raw_headers
    if match and not any(name == b"etag" for name, _ in headers):
        headers.append((b"etag", b'"' + match[1] + b'"'))
    if LINK in scope:
        headers.append((b"link", scope[LINK].encode()))
    return response
