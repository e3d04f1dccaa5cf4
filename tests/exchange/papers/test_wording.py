"""Days, sums and places as papers write them, and the compressed axis of the picture."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from childcare_api.exchange.papers import wording
from childcare_api.exchange.papers.forms.clocks import Axis
from childcare_api.exchange.papers.forms.decisions import powers
from childcare_api.exchange.papers.forms.parts import head

INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - Hypothesis adds the zone


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 2, 5), "ngày 05 tháng 02 năm 2026"),
        (date(2026, 1, 31), "ngày 31 tháng 01 năm 2026"),
        (date(2026, 3, 9), "ngày 09 tháng 3 năm 2026"),
        (date(2026, 12, 10), "ngày 10 tháng 12 năm 2026"),
        (None, "ngày …… tháng …… năm ……"),
    ],
)
def test_a_day_takes_zeros_as_the_decree_on_clerical_work_wants_them(day, words):
    assert wording.long_day(day) == words


def test_an_instant_is_told_as_the_clock_stands_in_viet_nam():
    assert wording.moment(datetime(2026, 2, 4, 18, 5, tzinfo=UTC)) == "01 giờ 05 phút, ngày 05 tháng 02 năm 2026"
    assert wording.short_moment(datetime(2026, 2, 4, 18, 5, tzinfo=UTC)) == "01:05 05/02/2026"


def test_a_term_ends_with_its_last_day_or_at_its_hour():
    assert wording.until(datetime(2026, 2, 16, 16, 59, 59, tzinfo=UTC)) == "ngày 16 tháng 02 năm 2026"
    assert wording.until(datetime(2026, 2, 16, 3, 30, tzinfo=UTC)) == "10 giờ 30 phút, ngày 16 tháng 02 năm 2026"


def test_a_double_name_breaks_at_its_dash_and_a_day_nowhere():
    long = head("Phường Văn Miếu - Quốc Tử Giám", None, date(2026, 2, 5))
    assert [line.split(" ") for line in long.office] == [
        *(["Ủy", "ban", "nhân", "dân"], ["Phường\u00a0Văn\u00a0Miếu", "-", "Quốc\u00a0Tử\u00a0Giám"]),
    ]
    assert long.place_and_day.endswith(" ngày\u00a005\u00a0tháng\u00a002\u00a0năm\u00a02026")
    too_long = head("Phường Văn Miếu - Quốc Tử Giám Thượng Đình Hạ", None, None)
    assert "\u00a0" not in too_long.office[1], "wider than the letterhead, it would break within a word"
    assert head("Xã Tả Van", None, None).office == ("Ủy ban nhân dân", "Xã Tả Van")


def test_work_is_told_in_the_middle_of_a_line():
    told = [wording.amid(work) for work in ("Làm nương", "LĐ tự do", "giáo viên", "")]
    assert told == ["làm nương", "LĐ tự do", "giáo viên", ""]


@pytest.mark.parametrize(
    ("name", "place", "inside"),
    [
        ("Xã Tả Van", "Tả Van", "xã Tả Van"),
        ("Phường Sa Pa", "Sa Pa", "phường Sa Pa"),
        ("Phường 15", "Phường 15", "phường 15"),
        ("Đặc khu Phú Quốc", "Phú Quốc", "đặc khu Phú Quốc"),
        ("Xã Xã Phó", "Xã Phó", "xã Xã Phó"),
        (None, "……", "……"),
    ],
)
def test_a_place_is_a_name_without_its_kind(name, place, inside):
    assert (wording.place(name), wording.inside(name)) == (place, inside)


def test_a_decision_cites_the_law_its_chair_has_the_power_from_and_none_that_did_not_hold_yet():
    assert [len(powers(day)) for day in (None, date(2025, 6, 16), date(2025, 6, 15))] == [1, 1, 0]


def test_a_child_is_born_on_a_day_or_so_many_years_old():
    known = ("31/05/2018", "tháng 05/2018", "khoảng năm 2018", "khoảng 8 tuổi", None)
    assert [wording.born(one) for one in known] == [
        *("sinh ngày 31/05/2018", "sinh tháng 05/2018", "sinh khoảng năm 2018", "khoảng 8 tuổi", "sinh ……"),
    ]


def test_birthdays_and_sums_say_what_is_known():
    day = date(2018, 5, 31)
    assert [wording.birth(day, precision, None) for precision in ("day", "month", "year", "estimated")] == [
        *("31/05/2018", "tháng 05/2018", "năm 2018", "khoảng năm 2018"),
    ]
    assert (wording.birth(None, None, 8), wording.birth(None, None, None)) == ("khoảng 8 tuổi", None)
    assert [wording.money(vnd) for vnd in (0, 999, 1_500_000, None)] == ["0", "999", "1.500.000", None]


@given(st.lists(INSTANTS, min_size=1, max_size=40))
def test_the_axis_keeps_the_order_of_moments_and_pulls_them_apart(moments):
    axis = Axis.over(moments)
    assert list(axis.moments) == sorted(set(moments))
    assert axis.places[0] == 0.0
    assert all(before < after for before, after in zip(axis.places, axis.places[1:], strict=False))
    assert axis.places[-1] == (1.0 if len(axis.moments) > 1 else 0.0)


def test_twelve_hours_stay_visible_beside_four_months():
    start = datetime(2026, 2, 5, tzinfo=UTC)
    axis = Axis.over([start, start + timedelta(hours=12), start + timedelta(days=120)])
    assert axis.at(start + timedelta(hours=12)) > 0.2


def test_a_newborn_is_under_one_year_old_and_no_age_is_nought():
    ages = [wording.birth(None, None, age) for age in (0, 1, 8, None)]
    assert ages == ["dưới 01 tuổi", "khoảng 1 tuổi", "khoảng 8 tuổi", None]
    assert wording.born(ages[0]) == "dưới 01 tuổi"
