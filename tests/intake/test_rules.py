"""What makes a report an emergency, and which step may follow which."""

import json
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from typing import get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from childcare_api.intake import rules
from childcare_api.intake.receiving import schemas
from childcare_api.intake.schemas import Status

NOON = datetime(2026, 6, 8, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("harm_doers", "harm_level", "stated", "expected"),
    [
        ([("father", None)], None, None, ["harm_doer_is_carer"]),
        ([("neighbour", None), ("step_parent", None)], None, None, ["harm_doer_is_carer"]),
        ([("grandparent", True)], None, None, ["harm_doer_is_carer"]),
        ([(None, True)], "low", None, ["harm_doer_is_carer"]),
        ([("grandparent", False)], None, None, []),
        ([("neighbour", None)], "medium", False, []),
        ([("neighbour", None)], "high", None, ["serious_harm"]),
        ([], None, True, ["stated"]),
        ([("carer", None)], "high", True, ["harm_doer_is_carer", "serious_harm", "stated"]),
    ],
)
def test_a_parent_or_carer_who_harms_makes_an_emergency(harm_doers, harm_level, stated, expected):
    assert rules.emergency_grounds(harm_doers, harm_level, stated=stated) == expected


@pytest.mark.parametrize(
    ("reported", "concluded", "expected"),
    [
        (["serious_harm", "stated"], [], ["serious_harm", "stated"]),
        (["serious_harm", "stated"], [False], []),
        (["harm_doer_is_carer", "stated"], [False], ["harm_doer_is_carer"]),
        ([], [True], ["assessed"]),
        (["stated"], [False, True], ["stated", "assessed"]),
    ],
)
def test_an_assessment_outweighs_what_was_told_but_not_the_decree(reported, concluded, expected):
    assert rules.grounds_after_assessment(reported, concluded) == expected


@pytest.mark.parametrize(
    ("commune", "grounds", "acknowledged", "expected"),
    [
        (1, [], False, ["intake.acknowledge", "intake.assess"]),
        (1, ["stated"], False, ["intake.acknowledge", "intake.assess", "emergency.intervene"]),
        (1, ["stated"], True, ["intake.assess", "emergency.intervene"]),
        (None, ["stated"], False, ["intake.route", "intake.assess", "emergency.intervene"]),
    ],
)
def test_which_clocks_a_report_starts(commune, grounds, acknowledged, expected):
    assert rules.clocks(commune, grounds, acknowledged=acknowledged) == expected


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        (None, NOON),
        (NOON - timedelta(days=3), NOON - timedelta(days=3)),
        (NOON + timedelta(minutes=4), NOON),
        (NOON + timedelta(minutes=6), None),
        (datetime(1999, 12, 31, tzinfo=UTC), None),
    ],
)
def test_a_source_is_believed_about_the_time_within_reason(stated, expected):
    assert rules.received_at(stated, NOON) == expected


@given(born=st.dates(date(1950, 1, 1), date(2030, 1, 1)), on=st.dates(date(2020, 1, 1), date(2030, 1, 1)))
@example(born=date(2008, 10, 31), on=date(2026, 10, 30))
@example(born=date(2008, 2, 29), on=date(2026, 2, 28))
def test_who_could_be_a_child(born: date, on: date):
    years = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    assert rules.could_be_a_child(born, on) is (born <= on and years < 18)


def test_every_status_is_known_and_no_step_follows_an_ended_report():
    statuses = set(get_args(Status))
    for command in get_args(rules.Command):
        assert rules._ALLOWED[command] <= statuses  # noqa: SLF001 - the table itself is what is checked
        assert not rules.may(command, "entered_in_error")
    assert not any(rules.may(command, "dismissed") for command in ("acknowledge", "assess", "transfer", "open_case"))


@pytest.mark.parametrize(
    ("name", "literal"),
    [
        ("channels", schemas.Channel),
        ("relations", schemas.Relation),
        ("reporter_kinds", schemas.ReporterKind),
        ("abuse_types", schemas.AbuseType),
        ("harm_levels", schemas.Grade),
        ("sexes", schemas.Sex),
        ("confidentiality_levels", schemas.Confidentiality),
    ],
)
def test_the_codes_are_those_of_the_code_lists(name: str, literal: object):
    text = (files("childcare_api.units") / "data" / "code_lists" / f"{name}.json").read_text(encoding="utf-8")
    assert list(get_args(literal)) == [entry["code"] for entry in json.loads(text)["entries"]]
