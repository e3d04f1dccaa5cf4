"""Whether a case and another record can be of one child: pure rules, which refuse nothing."""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from childcare_api.children.rules import Precision, birthday_of_age, born_after, earliest_birthday, latest_birthday
from childcare_api.shared.text import fold

Trait = Literal["full_name", "sex", "birth_year"]
_CALLED: Final[dict[Trait, tuple[str, str]]] = {
    "full_name": ("họ tên", "name"),
    "sex": ("giới tính", "sex"),
    "birth_year": ("năm sinh", "year of birth"),
}

_GUESS = 2
"""By how many years an age that somebody guessed may be wrong before it is worth a second look."""


@dataclass(frozen=True, slots=True)
class Described:
    """A child as it is described: in a report, perhaps by little, or in the register."""

    full_name: str | None
    sex: str | None
    years: tuple[int, int] | None
    """The first and the last year in which it may have been born."""


def years_of(
    born_on: date | None, precision: Precision | None, estimated_age: int | None, seen_on: date
) -> tuple[int, int] | None:
    """Return the years in which a child may have been born, by its birthday, or by its age as guessed on a day."""
    if born_on is not None and precision == "estimated":
        return born_on.year - _GUESS, born_on.year + _GUESS
    if born_on is not None:
        known = precision or "day"
        return earliest_birthday(born_on, known).year, latest_birthday(born_on, known).year
    if estimated_age is None:
        return None
    return born_after(estimated_age, seen_on).year - _GUESS, birthday_of_age(estimated_age, seen_on).year + _GUESS


def differing(reported: Described, registered: Described) -> list[Trait]:
    """Return in what two descriptions cannot be of one child; what one of them leaves out differs in nothing."""
    found: list[Trait] = []
    if reported.full_name is not None and registered.full_name is not None:
        one, other = set(fold(reported.full_name).split()), set(fold(registered.full_name).split())
        if not (one <= other or other <= one):
            found.append("full_name")
    sexes = {reported.sex, registered.sex} - {None, "unknown"}
    if len(sexes) > 1:
        found.append("sex")
    if reported.years is not None and registered.years is not None:
        (first, last), (earliest, latest) = reported.years, registered.years
        if last < earliest or latest < first:
            found.append("birth_year")
    return found


def called(differs: list[Trait]) -> tuple[str, str]:
    """Return what differs as a sentence names it, in Vietnamese and in English."""
    vietnamese, english = (", ".join(_CALLED[one][at] for one in differs) for at in (0, 1))
    return vietnamese, english
