"""Where a provider stands on a day by its papers (Luật Trẻ em, Điều 57, 59). Pure functions."""

from collections.abc import Iterable
from datetime import date
from typing import Literal, Protocol

Standing = Literal[
    "licensed", "licence_unknown", "licence_expired", "partly_suspended", "suspended", "partly_ended", "ended"
]


_GRAVEST_FIRST: dict[tuple[str, bool], Standing] = {
    ("ended", True): "ended",
    ("suspended", True): "suspended",
    ("ended", False): "partly_ended",
    ("suspended", False): "partly_suspended",
}


class Licence(Protocol):
    """A licence, as far as its days go."""

    issued_on: date
    valid_to: date | None


class Restriction(Protocol):
    """A suspension or an end, as far as its days go."""

    kind: str
    whole: bool
    from_on: date
    until_on: date | None
    lifted_on: date | None


def standing_on(
    day: date, *, valid_to: date | None, licences: Iterable[Licence], restrictions: Iterable[Restriction]
) -> Standing:
    """Return where a provider stands on a day: the gravest restriction in force wins over any licence.

    No licence known is no finding that there is none: public bodies often came without one into the directory.
    """
    in_force = {(one.kind, one.whole) for one in restrictions if _in_force(one, day)}
    if valid_to is not None and valid_to < day:
        return "ended"
    for restriction, standing in _GRAVEST_FIRST.items():
        if restriction in in_force:
            return standing
    issued = [one for one in licences if one.issued_on <= day]
    if not issued:
        return "licence_unknown"
    if all(one.valid_to is not None and one.valid_to < day for one in issued):
        return "licence_expired"
    return "licensed"


def _in_force(one: Restriction, day: date) -> bool:
    """Say whether a restriction binds on a day; a suspension is over on the day it is lifted and after its last day."""
    if day < one.from_on or (one.lifted_on is not None and day >= one.lifted_on):
        return False
    return one.until_on is None or day <= one.until_on
