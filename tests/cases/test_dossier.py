"""What a dossier lacks, by article."""

from dataclasses import replace
from datetime import date

import pytest
from tests.cases.care import NEEDS
from tests.cases.stories import SERVICE as LINE
from tests.cases.stories import File, tag

from childcare_api.cases.assessing.rules import asked_harm_doers, totals
from childcare_api.cases.planning.rules import CONTENTS, Dossier, PlannedService, carers_left_out, missing

SERVICE = PlannedService(
    date(2026, 3, 2), date(2026, 4, 2), "Trạm y tế xã Tả Van", provider_settled=True, cost_vnd=500_000, group="health"
)
COMPLETE = Dossier(
    has_report=True,
    has_initial_assessment=True,
    contents=dict.fromkeys(CONTENTS, True),
    has_minutes=True,
    minutes_name_chair=True,
    minutes_name_protectors=True,
    minutes_name_neighbourhood=True,
    minutes_answer_for_carers=True,
    services=(SERVICE,),
)


def test_a_complete_dossier_lacks_nothing():
    assert missing(COMPLETE) == []
    assert missing(replace(COMPLETE, in_alternative_care=True)) == []
    # The decree asks neither of the plan of a child that stays where it is.
    assert missing(replace(COMPLETE, has_objectives=False, has_supervision=False)) == []


@pytest.mark.parametrize(
    ("change", "what", "article"),
    [
        ({"has_report": False}, "intake_report", "28.2.a"),
        ({"has_initial_assessment": False}, "initial_assessment", "28.2.a"),
        ({"contents": None}, "assessment", "28.2.b"),
        ({"has_minutes": False}, "meeting_minutes", "28.2.b"),
        ({"minutes_name_chair": False}, "meeting_chair", "27.2"),
        ({"minutes_name_protectors": False}, "meeting_protectors", "27.2"),
        ({"minutes_name_neighbourhood": False}, "meeting_neighbourhood", "27.2"),
        ({"minutes_answer_for_carers": False}, "meeting_carers", "27.2"),
        ({"services": ()}, "services", "28.3.a"),
        ({"services": (replace(SERVICE, starts_on=None),)}, "service_start", "28.3.a"),
        ({"services": (replace(SERVICE, expected_end_on=None),)}, "service_expected_end", "28.3.a"),
        ({"services": (replace(SERVICE, responsible_body=None),)}, "service_responsible_body", "28.3.b"),
        ({"services": (replace(SERVICE, provider_settled=False),)}, "service_provider", "28.3.c"),
        ({"services": (replace(SERVICE, cost_vnd=None),)}, "service_cost", "28.3.d"),
        ({"cycle": 2}, "review", "30.1.c"),
        ({"in_alternative_care": True, "has_objectives": False}, "objectives", "9.3.a"),
        ({"in_alternative_care": True, "care_needs": frozenset({"legal", "health"})}, "activity_legal", "9.3.b"),
        ({"in_alternative_care": True, "has_supervision": False}, "supervision", "9.3.g"),
    ],
)
def test_each_thing_missing_is_named_with_its_article(change, what, article):
    found = missing(replace(COMPLETE, **change))
    assert [(one.what, one.article) for one in found] == [(what, article)]


@pytest.mark.parametrize("content", CONTENTS)
def test_each_of_the_eight_contents_is_asked_for(content):
    found = missing(replace(COMPLETE, contents={**COMPLETE.contents, content: False}))
    assert [(one.what, one.article) for one in found] == [(content, CONTENTS[content])]


def test_a_service_without_cost_is_named_by_its_place_in_the_plan():
    found = missing(replace(COMPLETE, services=(SERVICE, replace(SERVICE, cost_vnd=None))))
    assert [one.told() for one in found] == [
        {
            "what": "service_cost",
            "label_vi": "Kinh phí của dịch vụ",
            "label_en": "What the service costs",
            "article": "NĐ 56/2017 Điều 28.3.d",
            "service": 2,
            "supplied_by": [{"operation": "change_plan", "pointer": "/services/1/cost_vnd"}],
        }
    ]


def test_what_a_version_lacks_that_was_submitted_once_is_given_in_the_next_one():
    (found,) = missing(replace(COMPLETE, services=()))
    assert found.told("revise_plan")["supplied_by"] == [{"operation": "revise_plan", "pointer": "/services"}]


def test_a_service_that_costs_nothing_is_complete():
    assert missing(replace(COMPLETE, services=(replace(SERVICE, cost_vnd=0),))) == []


def test_harm_doers_are_not_asked_for_their_wishes():
    assert asked_harm_doers(["mother", "father"], {"father"}) == ["father"]
    assert asked_harm_doers(["mother"], {"father"}) == []


@pytest.mark.parametrize(
    ("harm_doers", "carers", "left_out"),
    [
        ({"father"}, {"father", "mother"}, False),
        ({"father", "mother"}, {"father", "mother"}, True),
        ({"father"}, {"father"}, True),
        ({"father"}, set(), False),
        ({"father", "mother"}, set(), True),
        ({"neighbour"}, {"grandparent"}, False),
    ],
)
def test_wishes_are_left_out_only_where_everybody_to_ask_did_the_harm(harm_doers, carers, left_out):
    assert carers_left_out(harm_doers, carers) is left_out


def test_the_grid_is_added_up_by_level():
    assert totals(["high", "low", "high", None]) == {"high": 2, "medium": 0, "low": 1}


async def test_the_plan_of_a_child_who_needs_other_care_says_who_watches_over_it(case_id, sa_pa_officer):
    """TT 14/2020, Điều 9.3 a, g: its contents are more than the decree's, and stand in its paper."""
    file = File(case_id)
    bare = {"protection_level": "support", "services": [LINE]}
    plan = await file.do(sa_pa_officer, "/intervention-plans", bare)
    assert not {"objectives", "supervision"} & {one["what"] for one in plan["missing"]}
    await file.do(sa_pa_officer, "/care-needs", NEEDS)
    address = f"/cases/{case_id}/intervention-plans/{plan['id']}"
    await file.do(sa_pa_officer, "/care-needs", NEEDS | {"needs": [{"group": "legal", "description": "Khai sinh."}]})
    lacking = [(one["what"], one["article"]) for one in (await sa_pa_officer.get(address)).json()["missing"]]
    assert lacking[-3:] == [
        ("objectives", "TT 14/2020/TT-BLĐTBXH Điều 9.3.a"),
        ("activity_legal", "TT 14/2020/TT-BLĐTBXH Điều 9.3.b"),
        ("supervision", "TT 14/2020/TT-BLĐTBXH Điều 9.3.g"),
    ]
    said = {"objectives": "Cháu có nơi ở ổn định.", "supervision": "Trưởng thôn, hằng tuần."}
    changed = await sa_pa_officer.patch(address, json=said, headers=tag(file.row_version))
    assert changed.json()["supervision"] == said["supervision"]
    assert not {"objectives", "supervision"} & {one["what"] for one in changed.json()["missing"]}
