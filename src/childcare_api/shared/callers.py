"""Who is calling, as far as this layer needs to know: one opaque name per caller, put there once the token holds."""

from collections.abc import MutableMapping
from typing import Any

CALLER = "childcare.caller"


def caller_of(scope: MutableMapping[str, Any]) -> str:
    """Return the caller's name: the same for one person in one assignment, different for any other."""
    name: str = scope[CALLER]
    return name


def name_caller(scope: MutableMapping[str, Any], name: str) -> None:
    """Record who is calling; whoever checks the token does it, before anything is decided for the caller."""
    scope[CALLER] = name
