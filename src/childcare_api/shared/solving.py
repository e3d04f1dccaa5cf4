"""Solving a route's dependencies from a plan made once, where FastAPI works them out anew for every request.

The routes stay FastAPI's: it reads their signatures, validates their parameters and documents them. Only the walk over
the dependencies is ours, because FastAPI's costs more than the query it prepares (docs/adr/0040). A route with anything
the plan does not know (forms, sync or request-scoped dependencies, cookies) is left to FastAPI.
"""

import inspect
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import request_params_to_args
from fastapi.params import Form
from fastapi.routing import APIRoute

Values = dict[str, Any]


@dataclass(slots=True)
class Solved:
    """What a route is called with, what was wrong with the request, and the answer that headers were written to."""

    values: Values
    errors: list[Any]
    response: Response | None


class _Step:
    """One dependency, or the route itself: whom to ask first, what to read from the request, what to call."""

    __slots__ = (
        "call",
        "enter",
        "headers",
        "key",
        "name",
        "path",
        "query",
        "query_defaults",
        "request_name",
        "response_name",
        "steps",
    )

    def __init__(self, dependant: Dependant) -> None:
        self.name = dependant.name
        self.call: Callable[..., Any] = _callable_of(dependant)
        self.enter = asynccontextmanager(self.call) if inspect.isasyncgenfunction(self.call) else None
        self.key = self.call if dependant.use_cache else object()
        self.steps = tuple(_Step(one) for one in dependant.dependencies)
        self.path = dependant.path_params
        self.query = dependant.query_params
        self.headers = dependant.header_params
        self.query_defaults = self._defaults()
        self.request_name = dependant.request_param_name or dependant.http_connection_param_name
        self.response_name = dependant.response_param_name

    def _defaults(self) -> Values | None:
        """Return what the query parameters are without any query, if that is always the same."""
        values, errors = request_params_to_args(self.query, {})
        plain = all(isinstance(value, str | int | None) for value in values.values())
        return values if plain and not errors else None

    async def solve(self, request: Request, stack: AsyncExitStack, known: dict[object, Any], solved: Solved) -> Values:
        """Return the arguments of `call`; what is wrong with the request is added to `solved.errors`."""
        values: Values = {}
        for step in self.steps:
            if step.key not in known and not await step.answer(request, stack, known, solved):
                continue
            if step.name is not None:
                values[step.name] = known[step.key]
        for field in self.path:
            # The address was matched, so the parameter is there, once; only its value may be wrong.
            value, errors = field.validate(request.path_params[field.alias], {}, loc=("path", field.alias))
            values[field.name] = value
            solved.errors += errors
        if self.query_defaults is None:
            self._read(self.query, request.query_params, values, solved)
        else:
            values.update(self.query_defaults)
            if request.scope["query_string"]:
                # Only what is given: FastAPI takes 10 µs for each parameter, also for those that are not there.
                given = request.query_params
                self._read([field for field in self.query if field.alias in given], given, values, solved)
        if self.headers:
            self._read(self.headers, request.headers, values, solved)
        if self.request_name is not None:
            values[self.request_name] = request
        if self.response_name is not None:
            values[self.response_name] = solved.response = solved.response or _bare_response()
        return values

    async def answer(self, request: Request, stack: AsyncExitStack, known: dict[object, Any], solved: Solved) -> bool:
        """Ask this dependency, once for each request. Returns False where its own parameters were wrong."""
        count = len(solved.errors)
        arguments = await self.solve(request, stack, known, solved)
        if len(solved.errors) > count:
            return False
        if self.enter is not None:
            known[self.key] = await stack.enter_async_context(self.enter(**arguments))
        else:
            known[self.key] = await self.call(**arguments)
        return True

    @staticmethod
    def _read(fields: list[Any], received: Mapping[str, Any], values: Values, solved: Solved) -> None:
        read, errors = request_params_to_args(fields, received)
        values.update(read)
        solved.errors += errors


class Plan:
    """How to call one route."""

    def __init__(self, route: APIRoute) -> None:
        self._root = _Step(route.dependant)
        self.call = self._root.call
        body = route.dependant.body_params
        self.body_name = body[0].name if body else None
        self.body_default = body[0].default if body and not body[0].field_info.is_required() else ...

    async def solve(self, request: Request, stack: AsyncExitStack) -> Solved:
        """Solve the dependencies; those with an end are ended by the stack."""
        solved = Solved({}, [], None)
        solved.values = await self._root.solve(request, stack, {}, solved)
        return solved


def plan_of(route: APIRoute) -> Plan | None:
    """Return the plan for a route, or None where FastAPI had better do it."""
    return Plan(route) if _is_plain(route.dependant, is_root=True) and not _takes_form(route) else None


def _takes_form(route: APIRoute) -> bool:
    field = route.body_field
    return field is not None and (isinstance(field.field_info, Form) or len(route.dependant.body_params) != 1)


def _is_plain(dependant: Dependant, *, is_root: bool = False) -> bool:
    call = _callable_of(dependant)
    fits = dependant.scope == "function" if inspect.isasyncgenfunction(call) else inspect.iscoroutinefunction(call)
    return (
        fits
        and not dependant.cookie_params
        and dependant.background_tasks_param_name is None
        and dependant.security_scopes_param_name is None
        and dependant.websocket_param_name is None
        and dependant.concurrency is None
        and (is_root or not dependant.body_params)
        and all(_is_plain(one) for one in dependant.dependencies)
    )


def _callable_of(dependant: Dependant) -> Callable[..., Any]:
    call = dependant.call
    if call is None:
        raise TypeError(f"a dependency of {dependant.path} calls nothing")
    # Security schemes are objects whose __call__ is the coroutine.
    if inspect.isroutine(call) or inspect.isclass(call):
        return call
    bound: Callable[..., Any] = type(call).__call__.__get__(call)
    return bound


def _bare_response() -> Response:
    """Return the answer that routes and dependencies write headers to, as FastAPI makes it."""
    response = Response()
    del response.headers["content-length"]
    response.status_code = None  # type: ignore[assignment]
    return response
