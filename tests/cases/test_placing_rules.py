"""What the law asks of a placement, as rules: when reports are due, and which child is asked."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from childcare_api.alternative_care.rules import Birthday
from childcare_api.cases.placing import rules
from childcare_api.deadlines.data import packaged_clocks
from childcare_api.shared import clock as time

TERMS = {one.code: one.length for one in packaged_clocks() if one.code in rules.COME_AGAIN}


DAYS = st.dates(date(2018, 1, 1), date(2090, 1, 1))


INSTANTS = DAYS.map(lambda day: datetime(day.year, day.month, day.day, 3, tzinfo=UTC))


@given(received=INSTANTS, lateness=st.lists(st.integers(0, 400), max_size=12))
def test_the_nth_report_is_due_six_months_times_n_however_late_the_others_were(received, lateness):
    visits = [("half_year", received + timedelta(days=days)) for days in lateness]
    (report,) = [
        one for one in rules.follow_ups(received, visits=visits, reports=[], terms=TERMS) if one.rule == rules.REPORT
    ]
    assert report.runs_from == rules.months_on(received, 6 * len(visits))
    assert time.day_of(report.runs_from).day <= time.day_of(received).day
    assert rules.follow_ups(None, visits=visits, reports=[], terms=TERMS)[0].runs_from is None


@pytest.mark.parametrize(
    ("child", "asked"),
    [
        (None, True),
        (Birthday(date(2019, 11, 20), "day"), True),
        (Birthday(date(2019, 11, 21), "day"), False),
        (Birthday(date(2019, 12, 31), "year"), True),
        (Birthday(date(2020, 12, 31), "year"), False),
        (Birthday(date(2021, 1, 1), "estimated"), False),
    ],
)
def test_from_seven_years_on_a_child_is_asked_and_in_doubt_too(child, asked):
    assert rules.must_be_asked(child, date(2026, 11, 20)) is asked


@pytest.mark.parametrize(
    ("decided_by", "facility", "temporary", "ground", "court_ordered", "article"),
    [
        ("commune_chair", True, False, "refugee", True, "66.2, 66.3"),
        ("commune_chair", True, True, None, False, "66.2, 66.3"),
        ("facility_authority", True, False, "unsafe_or_unable_parents", False, None),
        ("commune_chair", False, False, "unsafe_or_unable_parents", False, "66.4"),
        ("commune_chair", False, False, "unsafe_or_unable_parents", True, None),
        ("commune_chair", False, True, "unsafe_or_unable_parents", False, None),
        ("commune_chair", False, False, "orphan_abandoned_no_support", False, None),
        ("court", False, False, "unsafe_or_unable_parents", False, None),
    ],
)
def test_who_decides_by_law_is_told_where_the_chair_is_said_to_have(
    decided_by, facility, temporary, ground, court_ordered, article
):
    told = rules.whose_decision(
        decided_by, facility=facility, temporary=temporary, ground=ground, court_ordered=court_ordered
    )
    assert (told and told.article) == (article and f"Luật Trẻ em Điều {article}")


@pytest.mark.parametrize(
    ("has_needs", "said", "told"),
    [
        (True, {"found_abandoned": True}, False),
        (False, {"found_abandoned": True}, True),  # as a report says alone, also of parents who are there
        (True, {"has_no_parent": True}, True),
        (False, {"found_abandoned": True, "is_separated": True}, False),
    ],
)
def test_care_at_once_is_refused_for_no_paper_and_tells_where_nobody_was_separated(has_needs, said, told):
    ready = rules.Ready(
        has_needs=has_needs,
        child_must_be_asked=False,
        child_was_asked=False,
        temporary=True,
        **({"is_separated": False} | said),
    )
    assert rules.lacking(ready) == []
    assert ("separation" in [one.code for one in rules.left_open(ready)]) is told
