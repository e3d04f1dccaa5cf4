"""Finding the route of a request in one step per part of its address, where FastAPI tries the routes one by one.

FastAPI 0.165 matches every route of every router twice, which came to more time than the request's whole work. The
index holds the same routes; what it does not know (an unknown address, another method, a form) goes FastAPI's own way.
"""

from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import cast

from fastapi import FastAPI, Request
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.types import Receive, Scope, Send

from childcare_api.shared.problems import MethodNotAllowed
from childcare_api.shared.requests import Handler, StrictRoute, planned_handler

TEMPLATE = "childcare.template"


@dataclass(slots=True)
class _Node:
    """One part of an address: the parts that may follow, by word or as a parameter, and what ends here, by method."""

    words: dict[str, "_Node"] = field(default_factory=dict)
    parameter: "_Node | None" = None
    ends: dict[str, "_Route"] = field(default_factory=dict)

    def find(self, parts: list[str], at: int, method: str, taken: list[str]) -> "_Route | None":
        """Return the route for the parts from `at` on; the values of parameters are collected in `taken`."""
        if at == len(parts):
            return self.ends.get(method)
        part = parts[at]
        word = self.words.get(part)
        if word is not None:
            found = word.find(parts, at + 1, method, taken)
            if found is not None:
                return found
        if self.parameter is None or not part:
            return None
        taken.append(part)
        found = self.parameter.find(parts, at + 1, method, taken)
        if found is None:
            taken.pop()
        return found

    def methods(self, parts: list[str], at: int) -> Iterator[str]:
        """Yield the methods that this address knows."""
        if at == len(parts):
            yield from self.ends
            return
        for node in (self.words.get(parts[at]), self.parameter if parts[at] else None):
            if node is not None:
                yield from node.methods(parts, at + 1)


@dataclass(frozen=True, slots=True)
class _Route:
    template: str
    names: tuple[str, ...]
    route: APIRoute
    handler: Handler

    async def run(self, scope: Scope, receive: Receive, send: Send, taken: list[str]) -> None:
        """Answer one request. The dependencies end, and the transaction with them, before the answer is sent."""
        scope["path_params"] = dict(zip(self.names, taken, strict=True))
        scope["route"], scope["endpoint"], scope[TEMPLATE] = self.route, self.route.endpoint, self.template
        async with AsyncExitStack() as stack:
            scope["fastapi_function_astack"] = stack
            response = await self.handler(Request(scope, receive, send))
        await response(scope, receive, send)


class Index:
    """The routes of an application, by address."""

    def __init__(self, app: FastAPI) -> None:
        self._root = _Node()
        for context in iter_route_contexts(app.routes):
            if isinstance(context.original_route, StrictRoute):
                # A context stands for the route as its router was included: it has all of a route's attributes.
                self._add(cast("APIRoute", context))

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> bool:
        """Answer a request if its route is known here; if not, nothing was done."""
        taken: list[str] = []
        parts = scope["path"].split("/")
        found = self._root.find(parts, 1, scope["method"], taken)
        if found is None:
            methods = set(self._root.methods(parts, 1))
            if methods:
                raise MethodNotAllowed(headers={"Allow": ", ".join(sorted(methods))})
            return False
        await found.run(scope, receive, send, taken)
        return True

    def _add(self, route: APIRoute) -> None:
        handler = planned_handler(route)
        parts = route.path_format.split("/")[1:]
        names = [part[1:-1] for part in parts if part.startswith("{")]
        if handler is None or names != list(route.param_convertors):
            # A parameter that is not one whole part of the address is FastAPI's to match.
            return
        node = self._root
        for part in parts:
            if part.startswith("{"):
                node.parameter = node.parameter or _Node()
                node = node.parameter
            else:
                node = node.words.setdefault(part, _Node())
        for method in route.methods or ():
            node.ends.setdefault(method, _Route(route.path_format, tuple(names), route, handler))
