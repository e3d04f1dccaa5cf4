"""Half years: which one a day lies in, when it ends, and which comes next."""

from datetime import date

_JULY = 7


def half_of(day: date) -> tuple[int, int]:
    """Return the year and the half that a day lies in."""
    return day.year, 1 if day.month < _JULY else 2


def next_half(year: int, half: int) -> tuple[int, int]:
    """Return the half year after one."""
    return (year, 2) if half == 1 else (year + 1, 1)


def first_of_half(year: int, half: int) -> date:
    """Return the first day of a half year."""
    return date(year, 1 if half == 1 else _JULY, 1)


def end_of_half(year: int, half: int) -> date:
    """Return the last day of a half year."""
    return date(year, 6, 30) if half == 1 else date(year, 12, 31)
