"""The reckoning of terms: vectors checked against the announced calendars, and what must hold for any day."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from childcare_api.deadlines import data, rules

CALENDAR = data.calendar_of(
    ((row.day, row.works, row.status) for row in data.packaged_days()),
    ((row.year, row.status) for row in data.packaged_years()),
)
VIET_NAM = ZoneInfo("Asia/Ho_Chi_Minh")
OF_DAYS = ["days", "working_days", "months"]
ENDS_OF_FEBRUARY = st.builds(lambda year, day: date(year, 2, day), st.integers(1996, 2104), st.just(28)) | st.builds(
    lambda year: date(year, 2, 29), st.sampled_from([1996, 2000, 2024, 2028, 2096, 2104])
)
# The days of Tết and of the leap years, where a general draw comes too seldom, and the hour at which a day begins.
EDGES = [
    date(2024, 2, 7),
    date(2024, 2, 29),
    date(2025, 1, 24),
    date(2026, 2, 13),
    date(2026, 2, 28),
    date(2028, 2, 29),
]
MOMENTS = st.datetimes(
    datetime(2023, 12, 1),  # noqa: DTZ001 - bounds
    datetime(2028, 12, 31),  # noqa: DTZ001 - bounds
    timezones=st.just(UTC),
) | st.builds(
    lambda day, hour, second: datetime(day.year, day.month, day.day, hour, 59, second, tzinfo=UTC),
    st.sampled_from(EDGES),
    st.sampled_from([15, 16, 17]),
    st.integers(0, 59),
)


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        ("2024-02-07", 5, "2024-02-21"),  # across Tết Giáp Thìn
        ("2024-04-26", 5, "2024-05-07"),  # a swapped Monday, made up on Saturday 4 May
        ("2025-01-24", 5, "2025-02-07"),  # across Tết Ất Tỵ
        ("2025-04-25", 2, "2025-04-28"),  # Saturday 26 April works
        ("2025-04-29", 2, "2025-05-06"),
        ("2025-08-29", 5, "2025-09-09"),
        ("2025-12-31", 2, "2026-01-06"),
        ("2025-12-31", 5, "2026-01-09"),
        ("2026-01-08", 2, "2026-01-10"),  # Saturday 10 January works
        ("2026-02-13", 5, "2026-02-27"),  # across Tết Bính Ngọ
        ("2026-04-24", 2, "2026-04-29"),  # Giỗ Tổ on a Sunday is made up on Monday
        ("2026-08-20", 2, "2026-08-22"),  # Saturday 22 August works
        ("2026-08-28", 2, "2026-09-04"),
        ("2026-08-28", 15, "2026-09-23"),
    ],
)
def test_working_days_across_announced_holidays(start: str, count: int, expected: str):
    due = rules.add_working_days(CALENDAR, date.fromisoformat(start), count)
    assert due == rules.DueDay(date.fromisoformat(expected), provisional=False)


def test_a_pending_holiday_makes_the_day_provisional():
    """24 November waits for the National Assembly: it is counted as working, and nobody is late by it."""
    assert rules.add_working_days(CALENDAR, date(2026, 11, 21), 1) == rules.DueDay(
        date(2026, 11, 23), provisional=False
    )
    assert rules.add_working_days(CALENDAR, date(2026, 11, 21), 2) == rules.DueDay(date(2026, 11, 24), provisional=True)


@pytest.mark.parametrize("start", [date(2026, 12, 30), date(2027, 3, 1), date(2031, 5, 5), date(2019, 1, 2)])
def test_years_without_announcement_are_provisional(start: date):
    assert rules.add_working_days(CALENDAR, start, 5).provisional


@given(start=st.dates(date(2023, 12, 1), date(2028, 12, 31)), count=st.integers(1, 40))
def test_the_last_day_is_a_working_day_and_each_day_more_is_later(start: date, count: int):
    due = rules.add_working_days(CALENDAR, start, count)
    assert due.day > start
    assert CALENDAR.is_working_day(due.day)
    assert rules.add_working_days(CALENDAR, start, count + 1).day > due.day
    between = (due.day - start).days
    assert sum(CALENDAR.is_working_day(start + timedelta(days=n)) for n in range(1, between + 1)) == count


@given(start=st.dates(date(2023, 12, 1), date(2028, 12, 31)), first=st.integers(1, 20), then=st.integers(1, 20))
def test_working_days_add_up(start: date, first: int, then: int):
    halfway = rules.add_working_days(CALENDAR, start, first).day
    assert (
        rules.add_working_days(CALENDAR, halfway, then).day == rules.add_working_days(CALENDAR, start, first + then).day
    )


def test_a_term_without_length_is_refused():
    with pytest.raises(ValueError, match="at least one day"):
        rules.add_working_days(CALENDAR, date(2026, 1, 5), 0)


def test_hours_ignore_nights_and_holidays():
    start = datetime(2026, 2, 16, 20, 30, tzinfo=UTC)
    assert rules.due(CALENDAR, start, 12, "hours") == rules.Due(
        datetime(2026, 2, 17, 8, 30, tzinfo=UTC), provisional=False
    )


def test_a_term_of_days_ends_with_the_day_in_viet_nam():
    """23:30 UTC on Friday is Saturday morning in Viet Nam: counting starts on Monday."""
    start = datetime(2026, 6, 5, 23, 30, tzinfo=UTC)
    due = rules.due(CALENDAR, start, 1, "working_days")
    assert due.at.astimezone(VIET_NAM).date() == date(2026, 6, 8)
    assert due.at < datetime(2026, 6, 9, tzinfo=VIET_NAM)
    assert rules.due(CALENDAR, start, 15, "days").at.astimezone(VIET_NAM).date() == date(2026, 6, 21)


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2026, 11, 15), 3, date(2027, 2, 15)),
        (date(2026, 12, 1), 12, date(2027, 12, 1)),
    ],
)
def test_months_end_on_the_same_day_or_the_last(start: date, count: int, expected: date):
    assert rules.add_months(start, count) == expected


@given(start=st.dates(date(1996, 1, 1), date(2104, 12, 31)) | ENDS_OF_FEBRUARY, count=st.integers(-48, 48))
def test_months_land_in_the_month_that_is_meant_in_leap_years_too(start: date, count: int):
    """2000 has a 29 February and 2100 has none."""
    end = rules.add_months(start, count)
    assert (end.year - start.year) * 12 + end.month - start.month == count
    assert end.day == start.day or (end.day < start.day and (end + timedelta(days=1)).day == 1)


@given(
    start=MOMENTS,
    length=st.integers(1, 40),
    more=st.integers(1, 20),
    unit=st.sampled_from(["hours", "days", "working_days", "months"]),
)
def test_a_longer_term_ends_later_and_a_term_of_days_with_its_day(start, length, more, unit):
    """Across Tết, leap years, and the hour at which a day begins in Viet Nam, which is 17:00 UTC."""
    due, later = rules.due(CALENDAR, start, length, unit), rules.due(CALENDAR, start, length + more, unit)
    assert start < due.at < later.at
    assert later.provisional or not due.provisional
    here = due.at.astimezone(VIET_NAM)
    assert unit == "hours" or (here.hour, here.minute, here.second) == (23, 59, 59)
    if unit == "hours":
        assert due.at - start == timedelta(hours=length)
    if unit == "working_days":
        assert CALENDAR.is_working_day(here.date())


@given(start=MOMENTS, until_midnight=st.integers(1, 86_400), length=st.integers(1, 40), unit=st.sampled_from(OF_DAYS))
def test_a_term_of_days_asks_for_the_day_in_viet_nam_and_not_for_the_hour(start, until_midnight, length, unit):
    """A day begins at 17:00 of the day before in UTC: up to its last second the term is one, and then a later one."""
    midnight = datetime.combine(start.astimezone(VIET_NAM).date() + timedelta(days=1), time(), VIET_NAM)
    within = max(midnight - timedelta(seconds=until_midnight), start)
    due = rules.due(CALENDAR, start, length, unit)
    assert rules.due(CALENDAR, within.astimezone(UTC), length, unit) == due
    assert rules.due(CALENDAR, midnight.astimezone(UTC), length, unit).at >= due.at
    if unit == "days":
        assert rules.due(CALENDAR, midnight, length, unit).at - due.at == timedelta(days=1)


@given(start=MOMENTS, later=st.integers(0, 60 * 24 * 60), clock=st.sampled_from(data.packaged_clocks()))
def test_no_clock_of_the_law_ends_sooner_for_what_began_later(start, later, clock):
    due = rules.due(CALENDAR, start, max(clock.length, 1), clock.unit)
    assert start < due.at <= rules.due(CALENDAR, start + timedelta(minutes=later), max(clock.length, 1), clock.unit).at


@given(minutes=st.integers(1, 60 * 24 * 40), before=st.integers(0, 200))
def test_those_above_are_shown_a_task_in_its_second_half_and_never_after_its_end(minutes: int, before: int):
    due = NOON + timedelta(minutes=minutes)
    shown = rules.escalation(NOON, due, before)
    assert NOON + (due - NOON) / 2 <= shown <= due
    assert due - shown <= timedelta(hours=before)


NOON = datetime(2026, 6, 8, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("now", "provisional", "done_at", "expected"),
    [
        (NOON, False, None, "due"),
        (NOON + HOUR, False, None, "overdue"),
        (NOON + HOUR, True, None, "undecided"),
        (NOON + HOUR, False, NOON, "done"),
        (NOON + HOUR, False, NOON + HOUR, "done_late"),
        (NOON + HOUR, True, NOON + HOUR, "done"),
    ],
)
def test_where_a_task_stands(now: datetime, provisional: bool, done_at: datetime | None, expected: str):  # noqa: FBT001 - a column of the table
    assert rules.task_status(now, due_at=NOON, provisional=provisional, done_at=done_at, cancelled_at=None) == expected


def test_every_clock_cites_its_article_and_can_be_reckoned():
    clocks = data.packaged_clocks()
    assert {"intake.acknowledge", "emergency.intervene", "plan.submit", "plan.decide"} <= {each.code for each in clocks}
    for clock in clocks:
        assert "Điều" in clock.article
        assert clock.start_event in clock.start_choices
        assert rules.due(CALENDAR, NOON, clock.length, clock.unit).at >= NOON - timedelta(days=1)


def test_every_special_day_says_where_it_comes_from():
    days = data.packaged_days()
    assert len(days) == 58
    for day in days:
        assert day.source, day
        assert (day.status in data.CONFIRMED) != (day.status in {"pending", "estimate"}), day
