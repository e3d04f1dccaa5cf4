"""The years of the provinces' reports: a report sent before 25 December tells of a year that ends then, too."""

from datetime import date, timedelta

_LAST = (12, 24)


def year_of(day: date) -> int:
    """Return the year of the report that a day belongs to: from 25 December on it is the next one's."""
    return day.year + ((day.month, day.day) > _LAST)


def last_of_year(year: int) -> date:
    """Return the last day on which the report of a year is in time (TT 14/2020, Điều 15.1 a6)."""
    return date(year, *_LAST)


def may_be_sent(year: int, today: date) -> bool:
    """Say whether a year's report can still be sent: of this year and the last."""
    return year >= year_of(today) - 1


def days_told(year: int, last_told: date | None, today: date) -> tuple[date, date]:
    """Return from which day to which a report tells: from where the last year's ended, to today or the year's end.

    What is recorded of the days between an early report and 24 December goes into the next one.
    """
    since = (last_of_year(year - 1) if last_told is None else last_told) + timedelta(days=1)
    return since, min(today, last_of_year(year))
