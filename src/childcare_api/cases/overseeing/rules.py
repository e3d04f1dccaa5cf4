"""Half years: which one a day lies in, when it ends, which comes next, and whose report is still wanted."""

from collections.abc import Collection
from datetime import date

_JULY = 7


def half_of(day: date) -> tuple[int, int]:
    """Return the year and the half that a day lies in."""
    return day.year, 1 if day.month < _JULY else 2


def next_half(year: int, half: int) -> tuple[int, int]:
    """Return the half year after one."""
    return (year, 2) if half == 1 else (year + 1, 1)


def half_before(year: int, half: int) -> tuple[int, int]:
    """Return the half year before one."""
    return (year - 1, 2) if half == 1 else (year, 1)


def may_be_sent(half: tuple[int, int], today: date) -> bool:
    """Say whether a half year's report can still be sent: it tells how the children fare now, so this and the last."""
    return half >= half_before(*half_of(today))


def wanted(asked: tuple[int, int] | None, sent: Collection[tuple[int, int]], today: date) -> tuple[int, int]:
    """Return the half year whose report is to be sent next: the first that was not, from the one that was asked for on.

    Where none was asked for, from this one on; and none that can no longer be sent.
    """
    this = half_of(today)
    half = this if asked is None else max(asked, half_before(*this))
    while half in sent:
        half = next_half(*half)
    return half


def first_of_half(year: int, half: int) -> date:
    """Return the first day of a half year."""
    return date(year, 1 if half == 1 else _JULY, 1)


def end_of_half(year: int, half: int) -> date:
    """Return the last day of a half year."""
    return date(year, 6, 30) if half == 1 else date(year, 12, 31)
