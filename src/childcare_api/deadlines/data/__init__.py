"""The calendar and the clocks as they travel inside the package: versioned data with its source, read once.

A migration makes rows of them; a later edition of a day or a clock is a new row, never a rewrite.
"""

import csv
import json
from collections.abc import Iterable
from datetime import date
from importlib.resources import files
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from childcare_api.deadlines.rules import CalendarDay, Unit, WorkingCalendar

CONFIRMED = frozenset({"announced", "statute", "derived"})


class SpecialDay(BaseModel):
    """A day off within the week, or a working day at the week-end."""

    model_config = ConfigDict(frozen=True)

    day: date
    works: bool
    status: Literal["announced", "statute", "derived", "pending", "estimate"]
    kind: str
    name_vi: str
    document: str
    source: str
    confidence: str
    note: str


class CalendarYear(BaseModel):
    model_config = ConfigDict(frozen=True)

    year: int
    status: Literal["announced", "not_announced"]
    note: str


class Emergency(BaseModel):
    """What an emergency changes: no fixed days, but at once, with the ordinary day as the latest."""

    model_config = ConfigDict(frozen=True)

    article: str


class Clock(BaseModel):
    """One term of the law: how long, from which event, by which article, who answers and who is told."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    title_vi: str
    title_en: str
    article: str
    basis: Literal["law", "derived", "house"]
    length: int
    unit: Unit
    start_event: str
    start_choices: list[str]
    answers: list[str]
    escalates_to: list[str]
    as_soon_as_possible: bool
    emergency: Emergency | None
    extension_length: int | None = None
    escalate_before_hours: int = 0
    valid_from: date
    valid_to: date | None


class Limit(BaseModel):
    """A number of the law, or of the house where the law names none, and where it stands."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    value: int
    unit: Literal["years", "months", "days", "times"]
    title_vi: str
    title_en: str
    article: str
    basis: Literal["law", "house"]
    verified: bool
    valid_from: date
    valid_to: date | None


def _rows(name: str) -> Iterable[dict[str, str]]:
    with (files(__name__) / name).open(encoding="utf-8") as stream:
        yield from csv.DictReader(stream)


def packaged_days() -> list[SpecialDay]:
    """Return every special day that the package knows."""
    return [SpecialDay.model_validate(row) for row in _rows("holidays.csv")]


def packaged_years() -> list[CalendarYear]:
    """Return the years and whether their days off have been announced."""
    return [CalendarYear.model_validate(row) for row in _rows("years.csv")]


def packaged_clocks() -> list[Clock]:
    """Return every clock of the package."""
    text = (files(__name__) / "clocks.json").read_text(encoding="utf-8")
    return [Clock.model_validate(row) for row in json.loads(text)["clocks"]]


def packaged_limits() -> list[Limit]:
    """Return every number of the package that no clock runs by."""
    text = (files(__name__) / "limits.json").read_text(encoding="utf-8")
    return [Limit.model_validate(row) for row in json.loads(text)["limits"]]


def calendar_of(days: Iterable[tuple[date, bool, str]], years: Iterable[tuple[int, str]]) -> WorkingCalendar:
    """Return the calendar of the newest edition of each special day and each year, given with their status."""
    return WorkingCalendar(
        days={day: CalendarDay(works=works, confirmed=status in CONFIRMED) for day, works, status in days},
        announced_years=frozenset(year for year, status in years if status == "announced"),
    )


def reference_rows() -> dict[str, list[dict[str, Any]]]:
    """Return the rows of the three tables of reference data, in their first edition."""
    return {
        "calendar_days": [{"edition": 1, **row.model_dump()} for row in packaged_days()],
        "calendar_years": [{"edition": 1, **row.model_dump()} for row in packaged_years()],
        "clock_rules": [_clock_row(clock) for clock in packaged_clocks()],
    }


def _clock_row(clock: Clock) -> dict[str, Any]:
    row = clock.model_dump(exclude={"emergency"})
    return {**row, "emergency_article": clock.emergency.article if clock.emergency else None}
