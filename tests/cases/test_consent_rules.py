"""Whose consent care takes, as a rule of its ground and of who is left (Luật Trẻ em, Điều 63.1)."""

import pytest

from childcare_api.cases.consenting.to_care import (
    ORPHANED,
    REFUGEE,
    UNSAFE,
    Consents,
    all_who_are_left_consent,
    consents_missing,
    unheard,
)

DISASTER = "disaster_or_conflict"


@pytest.mark.parametrize(
    ("ground", "parents", "given_by", "override", "missing"),
    [
        (ORPHANED, (None, None), (), None, ["guardian_consent"]),
        (ORPHANED, ("left", "left"), ("father", "mother"), None, ["guardian_consent"]),
        (ORPHANED, (None, None), ("guardian",), None, []),
        (ORPHANED, (None, None), (), "no_natural_guardian", []),
        (ORPHANED, (None, None), (), "protection_measure", ["guardian_consent"]),
        (DISASTER, ("left", "left"), ("mother",), None, ["father_consent"]),
        (DISASTER, ("left", "left"), ("guardian",), None, ["father_consent", "mother_consent"]),
        (DISASTER, ("dead", "left"), ("mother",), None, []),
        (DISASTER, ("missing", "never_known"), (), None, []),
        (DISASTER, ("rights_restricted", "left"), (), None, ["mother_consent"]),
        (DISASTER, ("left", None), (), None, ["father_consent", "mother_unstated"]),
        (DISASTER, (None, None), ("father", "mother"), None, []),
        (DISASTER, ("left", "left"), (), "no_natural_guardian", ["father_consent", "mother_consent"]),
        (DISASTER, ("left", "dead"), (), "protection_measure", ["no_measure_applied", "father_consent"]),
        (DISASTER, (None, None), (), "rights_restricted", []),
        (DISASTER, ("left", "left"), (), "rights_restricted", []),
        (DISASTER, ("rights_restricted", "left"), (), "rights_restricted", ["mother_consent"]),
        (DISASTER, ("left", "rights_restricted"), ("father",), "rights_restricted", []),
        (REFUGEE, (None, "left"), (), None, ["mother_consent"]),
        (UNSAFE, ("left", "left"), (), "protection_measure", []),
        (UNSAFE, ("left", "left"), (), None, ["father_consent", "mother_consent"]),
    ],
)
def test_whose_consent_is_missing_goes_by_the_ground_and_by_who_is_left(ground, parents, given_by, override, missing):
    said = Consents(ground, *parents, given_by, override)
    found = consents_missing(said)
    article = "63.1.a" if ground == ORPHANED else "63.1.b"
    assert [(one.code, one.article) for one in found] == [(code, f"Luật Trẻ em Điều {article}") for code in missing]
    separated = Consents(ground, *parents, given_by, override, measure_applied=True)
    if override == "protection_measure" and ground != ORPHANED:
        assert consents_missing(separated) == []
    else:
        assert consents_missing(separated) == found


@pytest.mark.parametrize(
    ("parents", "given_by", "override", "all_consent"),
    [
        (("left", "left"), ("father", "mother"), None, True),
        (("dead", "left"), ("mother",), None, True),
        ((None, None), ("father", "mother"), None, True),
        (("dead", "dead"), ("father",), None, False),
        (("missing", "never_known"), (), None, False),
        (("dead", "rights_restricted"), ("mother",), None, False),
        (("left", "left"), ("father",), None, False),
        (("left", "left"), ("father", "mother"), "rights_restricted", False),
    ],
)
def test_the_chair_decides_by_the_word_of_somebody_who_is_left(parents, given_by, override, all_consent):
    assert all_who_are_left_consent(Consents(UNSAFE, *parents, given_by, override)) is all_consent


@pytest.mark.parametrize(
    ("ground", "parents", "given_by", "override", "told"),
    [
        (ORPHANED, ("left", "left"), (), "no_natural_guardian", ["father_consent", "mother_consent"]),
        (ORPHANED, ("dead", "left"), (), "no_natural_guardian", ["mother_consent"]),
        (ORPHANED, ("missing", None), (), "no_natural_guardian", []),
        (ORPHANED, ("left", "left"), ("guardian",), None, []),
        (DISASTER, ("left", "left"), (), "no_natural_guardian", []),
    ],
)
def test_who_is_left_of_a_child_said_to_have_no_guardian_is_told(ground, parents, given_by, override, told):
    assert [one.code for one in unheard(Consents(ground, *parents, given_by, override))] == told
