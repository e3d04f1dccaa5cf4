"""Who is calling, as far as this layer needs to know: one opaque name per caller, put there once the token holds."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

CALLER = "childcare.caller"


def caller_of(scope: MutableMapping[str, Any]) -> str:
    """Return the caller's name: the same for one person in one assignment, different for any other."""
    name: str = scope[CALLER]
    return name


def name_caller(scope: MutableMapping[str, Any], name: str) -> None:
    """Record who is calling; whoever checks the token does it, before anything is decided for the caller."""
    scope[CALLER] = name


WITNESS = "childcare.witness"
Scope = MutableMapping[str, Any]
Witness = Callable[[Scope, str], Awaitable[None]]
"""Told the request's scope and the problem's code. It must not hold the request itself: that would be a circle through
the scope for each request, and collecting thousands of them stops every answer for tens of milliseconds."""


def name_witness(scope: MutableMapping[str, Any], witness: Witness) -> None:
    """Say who remembers that the caller was refused, and why, once everything of the request is rolled back."""
    scope[WITNESS] = witness


def witness_of(scope: MutableMapping[str, Any]) -> Witness | None:
    """Return who remembers refusals, if a caller is known."""
    return scope.get(WITNESS)
