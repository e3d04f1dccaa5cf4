"""What holds of children and their papers, as tables of examples and as properties."""

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from childcare_api.children import rules

DAYS = st.dates(date(1950, 1, 1), date(2150, 12, 31))


@pytest.mark.parametrize(
    ("born_on", "precision", "earliest", "latest"),
    [
        (date(2018, 5, 12), "day", date(2018, 5, 12), date(2018, 5, 12)),
        (date(2018, 2, 3), "month", date(2018, 2, 1), date(2018, 2, 28)),
        (date(2020, 2, 3), "month", date(2020, 2, 1), date(2020, 2, 29)),
        (date(2018, 5, 12), "year", date(2018, 1, 1), date(2018, 12, 31)),
        (date(2018, 5, 12), "estimated", date(2013, 5, 12), date(2018, 5, 12)),
    ],
)
def test_half_known_birthday_lies_between_two_days(born_on, precision, earliest, latest):
    assert rules.earliest_birthday(born_on, precision) == earliest
    assert rules.latest_birthday(born_on, precision) == latest


@pytest.mark.parametrize(
    ("born_on", "day", "is_child"),
    [
        (date(2010, 11, 21), date(2026, 11, 20), True),
        (date(2010, 11, 21), date(2026, 11, 21), False),
        (date(2012, 2, 29), date(2028, 2, 28), True),
        (date(2012, 2, 29), date(2028, 2, 29), False),
    ],
)
def test_who_turns_16_today_is_a_child_no_longer(born_on, day, is_child):
    assert rules.is_child_on(born_on, day) is is_child


@given(DAYS)
def test_the_day_of_turning_16_is_the_first_on_which_nobody_is_a_child(born_on):
    turning = rules.turns_16_on(born_on)
    assert not rules.is_child_on(born_on, turning)
    assert rules.is_child_on(born_on, date.fromordinal(turning.toordinal() - 1))


@given(st.integers(0, 100), DAYS)
@example(16, date(2028, 2, 29))
@example(16, date(2027, 2, 28))
def test_an_age_lies_between_the_earliest_and_the_latest_birthday_of_it(age, today):
    latest, earliest = rules.birthday_of_age(age, today), rules.born_after(age, today)
    assert (rules.age_on(earliest, today), rules.age_on(latest, today)) == (age, age)
    assert rules.age_on(latest + timedelta(days=1), today) == age - 1
    assert rules.age_on(earliest - timedelta(days=1), today) == age + 1


# 0 10 and 15 lie in the Lào Cai of today, 12 is Lai Châu.
OLD = {"10": True, "15": True, "12": False}


@pytest.mark.parametrize(
    ("value", "sex", "born_on", "precision", "codes"),
    [
        ("010218000001", "male", date(2018, 5, 1), "day", []),
        ("010318000001", "female", date(2018, 5, 1), "day", []),
        ("010318000001", "unknown", date(2018, 5, 1), "day", []),
        ("010218000001", "female", date(2018, 5, 1), "day", ["personal_id_sex_differs"]),
        ("010217000001", "male", date(2018, 5, 1), "day", ["personal_id_year_differs"]),
        ("010018000001", "male", date(2018, 5, 1), "day", ["personal_id_year_differs"]),
        ("010216000001", "male", date(2018, 5, 1), "estimated", []),
        ("012218000001", "male", date(2018, 5, 1), "day", ["personal_id_province_differs"]),
        ("003218000001", "male", date(2018, 5, 1), "day", ["personal_id_province_unknown"]),
        ("128218000001", "male", date(2018, 5, 1), "day", []),
    ],
)
def test_personal_id_is_compared_softly(value, sex, born_on, precision, codes):
    found = rules.personal_id_warnings(value, sex=sex, born_on=born_on, precision=precision, old_provinces=OLD)
    assert [one.code for one in found] == codes


def test_history_is_undone_newest_first():
    record = {
        "full_name": "Giàng A Sà",
        "sex": "male",
        "circumstance": {"c1": {"ended_on": "2026-11-01"}, "c2": {"ended_on": None}},
        "guardian": {},
        "identifier": {},
    }
    changes = [
        {"action": "circumstance_added", "part": "circumstance", "part_id": "c2", "fields": {}},
        {
            "action": "circumstance_ended",
            "part": "circumstance",
            "part_id": "c1",
            "fields": {"ended_on": {"old": None, "new": "2026-11-01"}},
        },
        {"action": "changed", "part": "child", "part_id": None, "fields": {"sex": {"old": "unknown", "new": "male"}}},
    ]
    before = rules.undo(record, changes)
    assert before["sex"] == "unknown"
    assert before["circumstance"] == {"c1": {"ended_on": None}}


def test_only_fields_that_differ_are_a_change():
    old, new = {"a": 1, "b": 2}, {"a": 1, "b": 3, "c": None}
    assert rules.changed_fields(old, new) == {"b": {"old": 2, "new": 3}}
