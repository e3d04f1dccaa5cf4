"""When a clock of the law runs out: pure reckoning with hours, days and working days.

Days are those of Asia/Ho_Chi_Minh. Counting begins on the day after the starting event, and a term of days ends
with the last moment of its last day. A clock of hours ignores the calendar.
"""

import calendar as months_of
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, Literal, assert_never, cast, get_args
from uuid import UUID

from childcare_api.access.permissions import Level, Permission
from childcare_api.shared.clock import VIET_NAM, day_of

Unit = Literal["hours", "days", "working_days", "months"]
SATURDAY = 5


def unit_of(text: str) -> Unit:
    """Return the unit that a stored clock names."""
    if text not in get_args(Unit):
        raise ValueError(text)
    return cast("Unit", text)


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day that differs from its place in the week.

    `confirmed` is false for a day off that is only expected: the law does not give it yet, or it is an estimate.
    """

    works: bool
    confirmed: bool


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """The exceptions to a week of Monday to Friday, and the years whose days off have been announced.

    The Prime Minister fixes Tết and the second National Day for each year, and swaps days at short notice
    (Bộ luật Lao động 2019, Điều 112.3). Until then nobody can know a year's working days.
    """

    days: Mapping[date, CalendarDay]
    announced_years: frozenset[int]

    def is_working_day(self, day: date) -> bool:
        """Return whether state offices work that day; an unconfirmed day off does not count as off."""
        known = self.days.get(day)
        if known is not None and known.confirmed:
            return known.works
        return day.weekday() < SATURDAY

    def is_certain(self, day: date) -> bool:
        """Return whether that day can no longer change: its year is announced and nothing about it is pending."""
        known = self.days.get(day)
        return day.year in self.announced_years and (known is None or known.confirmed)


@dataclass(frozen=True, slots=True)
class Due:
    """The last moment of a term. When it is provisional, the calendar may still move it to a later day."""

    at: datetime
    provisional: bool


@dataclass(frozen=True, slots=True)
class DueDay:
    day: date
    provisional: bool


def add_working_days(calendar: WorkingCalendar, start: date, count: int) -> DueDay:
    """Return the day on which `count` working days after `start` have passed.

    Counting starts on the day after `start`. It is provisional as soon as one counted day is not certain: then it is
    the earliest day that the term can end on, and nobody may be called late by it.
    """
    if count < 1:
        raise ValueError("a term of working days is at least one day")
    day, provisional = start, False
    while count:
        day += timedelta(days=1)
        provisional = provisional or not calendar.is_certain(day)
        count -= calendar.is_working_day(day)
    return DueDay(day, provisional)


def add_months(start: date, count: int) -> date:
    """Return the same day `count` months later, or the last day of a month that has no such day."""
    year, month = divmod(start.year * 12 + start.month - 1 + count, 12)
    return date(year, month + 1, min(start.day, months_of.monthrange(year, month + 1)[1]))


def end_of_day(day: date) -> datetime:
    """Return the last moment of a day in Viet Nam."""
    return datetime.combine(day, time.max, VIET_NAM)


def due(calendar: WorkingCalendar, start: datetime, length: int, unit: Unit) -> Due:
    """Return the last moment of a term that an event at `start` began."""
    match unit:
        case "hours":
            return Due(start + timedelta(hours=length), provisional=False)
        case "days":
            return Due(end_of_day(day_of(start) + timedelta(days=length)), provisional=False)
        case "months":
            return Due(end_of_day(add_months(day_of(start), length)), provisional=False)
        case "working_days":
            last = add_working_days(calendar, day_of(start), length)
            return Due(end_of_day(last.day), provisional=last.provisional)
        case _:
            assert_never(unit)


def escalation(start: datetime, due_at: datetime, before_hours: int) -> datetime:
    """Return when those above are shown a task: that long before its last moment, never in its first half."""
    lead = min(timedelta(hours=before_hours), (due_at - start) / 2)
    return due_at - max(lead, timedelta())


TaskStatus = Literal["due", "overdue", "undecided", "done", "done_late", "cancelled"]


def task_status(
    now: datetime,
    *,
    due_at: datetime,
    provisional: bool,
    done_at: datetime | None,
    cancelled_at: datetime | None,
) -> TaskStatus:
    """Say where a task stands.

    A provisional term never makes anyone late: past it the status is `undecided` until the calendar is announced.
    """
    if cancelled_at is not None:
        return "cancelled"
    if done_at is not None:
        return "done_late" if done_at > due_at and not provisional else "done"
    if now <= due_at:
        return "due"
    return "undecided" if provisional else "overdue"


SubjectKind = Literal[
    "intake",
    "case",
    "referral",
    "placement_request",
    "case_transfer",
    "child_move",
    "broken_glass",
    "carer",
    "carer_list",
    "facility",
    "facility_list",
    "facility_child",
    "care_report",
    "province_care_report",
]
"""What a task can be about."""

IN_CASES = {"referral": "referrals", "placement_request": "placement-requests", "case_transfer": "transfers"}
"""What of it is a step of a case, and the part of the case where it is read."""

_RECEIVED = {"referral.answer": "referrals", "referral.perform": "referrals", "transfer.answer": "transfers"}
"""What another commune was asked: where it reads that itself."""


def subject_kind_of(text: str) -> SubjectKind:
    """Return what a stored task is about."""
    if text not in get_args(SubjectKind):
        raise ValueError(text)
    return cast("SubjectKind", text)


_READ_WITH: Final[Mapping[str, Permission]] = {
    "intake": Permission.INTAKE_READ,
    "carer": Permission.CARER_READ,
    "carer_list": Permission.CARER_READ,
    "child_move": Permission.CHILD_MOVE,
    "province_care_report": Permission.REPORT_READ,
}
"""What opens the address of a task about something else than a case; all else is read with a case."""


_ADDRESS: Final[Mapping[str, str]] = {
    "carer": "/carers/{}",
    "carer_list": "/carer-lists",
    "broken_glass": "/broken-glasses",
    "facility": "/facility-lists",
    "facility_list": "/facility-lists/{}",
    "facility_child": "/facility-children/{}",
    "care_report": "/care-reports",
    "province_care_report": "/province-care-reports",
}
"""Where what is about no case is read: among its like, or by itself."""


def path_of(
    rule: str,
    kind: str,
    subject_id: UUID,
    case_id: UUID | None,
    *,
    level: Level | None,
    may: Callable[[Permission], bool],
) -> str | None:
    """Return where a reader of that level reads what a task is about, or None where there is no such address.

    A hotline reads nothing of it; and nobody is sent where their role is refused: a leader is told of a report or of a
    child's move that nobody saw to, and speaks with who reads it.
    """
    if level is None or not may(_READ_WITH.get(kind, Permission.CASE_READ)):
        return None
    if kind in {"intake", "case"}:
        return f"/{kind}s/{subject_id}"
    if kind in _ADDRESS:
        return _ADDRESS[kind].format(subject_id)
    received = "child-moves" if kind == "child_move" else _RECEIVED.get(rule)
    if received is not None and level is Level.COMMUNE:
        return f"/{received}/{subject_id}"
    return f"/cases/{case_id}/{IN_CASES[kind]}" if case_id is not None and kind in IN_CASES else None
