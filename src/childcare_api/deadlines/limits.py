"""What the law numbers and no clock runs by: ages, how old a paper may be, how often. Data with its article."""

from datetime import date
from functools import cache

from childcare_api.deadlines.data import Limit, packaged_limits


@cache
def _rows() -> dict[str, list[Limit]]:
    rows: dict[str, list[Limit]] = {}
    for one in sorted(packaged_limits(), key=lambda each: each.valid_from):
        rows.setdefault(one.code, []).append(one)
    return rows


def limit(code: str, day: date) -> int:
    """Return the number that holds on a day; a day before the first is judged by the first. Raises KeyError."""
    rows = _rows()[code]
    return next((one for one in reversed(rows) if one.valid_from <= day), rows[0]).value


def limits_on(day: date) -> list[Limit]:
    """Return every number that holds on a day, by its code."""
    held = [one for rows in _rows().values() for one in rows if one.valid_from <= day]
    return sorted((one for one in held if one.valid_to is None or day <= one.valid_to), key=lambda one: one.code)
