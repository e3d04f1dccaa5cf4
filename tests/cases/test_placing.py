"""Alternative care: needs, candidates in the decree's order, the decision, visits and their clocks, the end."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import pytest
from tests.alternative_care.carers import list_sent, listed
from tests.answers import code_of, faults_of
from tests.cases.care import DECISION, HANDED, NEEDS, NO_PAPERS, TOLD, VISIT, due
from tests.cases.stories import ASSESSMENT, File
from tests.cases.test_walls import as_commune
from tests.people import SA_PA, TA_LENG, TA_VAN

from childcare_api.shared import clock as time
from childcare_api.shared.ids import new_id


@pytest.fixture(autouse=True)
def _november(clock):
    clock.set(datetime(2026, 11, 20, 3, tzinfo=UTC))


async def test_a_child_is_placed_visited_and_goes_home(  # noqa: PLR0915 - one story
    case_id, sa_pa_officer, sa_pa_leader, lao_cai_province_officer, ta_van_officer, clock, events, rows
):
    file = File(case_id)
    carer = await listed(sa_pa_officer, sa_pa_leader)
    today = time.today().isoformat()
    decision = DECISION | {"carer_id": carer["id"], "decided_on": today}
    bare = {"carer_id": carer["id"], "decided_on": today, "decision_number": "1"}
    refused = await file.post(sa_pa_leader, "/placements", bare)
    assert (refused.status_code, code_of(refused)) == (409, "placement_not_ready")
    assert {one["what"]: one["article"] for one in refused.json()["missing"]} == NO_PAPERS | {
        "child_opinion": "Luật Trẻ em Điều 60.3",
        "consent": "Luật Trẻ em Điều 63.1",
    }
    assert (await file.post(sa_pa_officer, "/placements", decision)).status_code == 403
    hurried = await file.post(sa_pa_leader, "/placements", decision | {"temporary": True})
    assert [one["what"] for one in hurried.json()["missing"]] == ["separation"]
    await file.do(sa_pa_officer, "/care-needs", NEEDS)
    placed = await file.do(sa_pa_leader, "/placements", decision)
    assert (placed["form"], placed["in_force"], placed["carer_commune_id"]) == ("non_relative", True, SA_PA)
    assert await due(sa_pa_officer) == {"hand_over": "2026-12-11"}
    twice = await file.post(sa_pa_leader, "/placements", decision)
    assert code_of(twice) == "child_is_placed"

    path = f"/placements/{placed['id']}"
    once_met = await file.post(sa_pa_officer, f"{path}/handover", HANDED | {"met_on": ["2026-11-18", "2026-11-18"]})
    assert [one["what"] for one in once_met.json()["missing"]] == ["met_twice"]
    clock.set(datetime(2026, 11, 30, 3, tzinfo=UTC))
    await file.do(sa_pa_officer, f"{path}/handover", HANDED | {"met_on": ["2026-11-18", "2026-11-25"]})
    first = {"visit_first": "2026-12-30", "visit_second": "2027-02-28", "report": "2027-05-30"}
    told = {"carer_report_first": "2027-05-30", "carer_report_yearly": "2027-11-30"}
    assert await due(sa_pa_officer) == first | told
    clock.set(datetime(2027, 1, 15, 3, tzinfo=UTC))
    visit = await file.do(sa_pa_officer, f"{path}/visits", VISIT | {"occasion": "month_1"})
    assert "visit_first" not in await due(sa_pa_officer)
    await file.do(sa_pa_officer, f"/placement-visits/{visit['id']}/entered-in-error", {"reason": "Nhầm trẻ."})
    assert (await due(sa_pa_officer))["visit_first"] == "2026-12-30"
    # Late, and the next one is still reckoned from the day the child was received.
    clock.set(datetime(2027, 7, 10, 3, tzinfo=UTC))
    await file.do(sa_pa_officer, f"{path}/visits", VISIT | {"occasion": "half_year"})
    await file.do(sa_pa_officer, f"{path}/carer-reports", TOLD | {"occasion": "month_6"})
    running = await due(sa_pa_officer)
    assert (running["report"], "carer_report_first" in running) == ("2027-11-30", False)
    late = await rows("SELECT rule_code, done_at > due_at AS late FROM tasks WHERE done_at IS NOT NULL ORDER BY 1")
    assert ("placement.report", True) in [tuple(row) for row in late]

    # Whoever asks to end it, or finds that it should, is answered: by going on, or by the decision (Điều 48.2).
    ill = {"asked_by": "carer", "ground": "carer_asked", "reason": "Ốm."}
    for number, (asks, body) in enumerate((("visits", VISIT | {"occasion": "unplanned"}), ("end-requests", ill))):
        more = {} if number else {"proposal": "end", "proposal_note": "Cháu không hòa nhập được."}
        assert "decide_end" not in await due(sa_pa_leader)
        await file.do(sa_pa_officer, f"{path}/{asks}", body | more)
        assert (await due(sa_pa_leader))["decide_end"] == "2027-07-16"
        await file.do(sa_pa_officer, f"{path}/visits", VISIT | {"occasion": "unplanned"})
    assert "decide_end" not in await due(sa_pa_leader)
    await file.do(sa_pa_officer, f"{path}/end-requests", ill)
    end = {"ground": "family_reunited", "decision_number": "40/QĐ-UBND", "ended_on": "2027-07-10", "goes_to": "family"}
    ended = await file.do(sa_pa_leader, f"{path}/end", end)
    assert (ended["in_force"], ended["end"]["goes_to"], len(ended["end_requests"])) == (False, "family", 2)
    # Nobody looked whether the family is safe (Luật Trẻ em, Điều 69.1 đ): that is told, and an assessment mends it.
    assert [one["what"] for one in ended["notices"]][-1] == "family_not_found_safe"
    await file.do(sa_pa_leader, f"/placement-ends/{ended['end']['id']}/entered-in-error", {"reason": "Chưa đánh giá."})
    await file.do(sa_pa_officer, "/assessments", ASSESSMENT | {"carers_ensure_safety": True})
    ended = await file.do(sa_pa_leader, f"{path}/end", end)
    assert "family_not_found_safe" not in [one["what"] for one in ended["notices"]]
    assert await due(sa_pa_officer) == await due(sa_pa_leader) == {}
    after = await file.post(sa_pa_officer, f"{path}/visits", VISIT | {"occasion": "unplanned"})
    assert (after.status_code, code_of(after), after.json()["why"]) == (409, "placement_not_in_state", "not_in_force")
    seen = (await lao_cai_province_officer.get(f"/cases/{case_id}{path}/visits")).json()["items"]
    assert [(one["occasion"], one["counts"]) for one in seen] == [
        ("month_1", False), ("half_year", True), *[("unplanned", True)] * 3]  # fmt: skip
    assert (await ta_van_officer.get(f"/cases/{case_id}/placements")).status_code == 404
    for what in ("care_needs_recorded", "placed", "child_handed_over", "carer_reported"):
        assert len(await events(f"case.{what}")) == 1, what
    assert len(await events("case.placement_ended")) == 2
    stored = await rows("SELECT form, carer_commune_id FROM case_placements")
    assert [tuple(row) for row in stored] == [("non_relative", SA_PA)]


async def test_a_child_is_seen_in_care_once_the_carer_has_it(case_id, sa_pa_officer, sa_pa_leader, clock):
    file = File(case_id)
    carer = await listed(sa_pa_officer, sa_pa_leader)
    await file.do(sa_pa_officer, "/care-needs", NEEDS)
    decided_on = time.today().isoformat()
    placed = await file.do(sa_pa_leader, "/placements", DECISION | {"carer_id": carer["id"], "decided_on": decided_on})
    path = f"/placements/{placed['id']}"
    seen = {"visits": VISIT | {"occasion": "month_1"}, "carer-reports": TOLD | {"occasion": "month_6"}}
    # Otherwise a look at a home where the child is not yet would have done the visit of the first month.
    for part, body in seen.items():
        early = await file.post(sa_pa_officer, f"{path}/{part}", body)
        assert (code_of(early), early.json()["why"]) == ("placement_not_in_state", "not_handed_over")
    clock.forward(days=3)
    await file.do(sa_pa_officer, f"{path}/handover", HANDED | {"met_on": ["2026-11-18", "2026-11-19"]})
    twice = await file.post(sa_pa_officer, f"{path}/handover", HANDED | {"met_on": ["2026-11-18", "2026-11-19"]})
    assert (code_of(twice), twice.json()["why"]) == ("placement_not_in_state", "handed_over")
    before = (clock.at - timedelta(hours=1)).isoformat()
    for part, body in seen.items():
        refused = await file.post(sa_pa_officer, f"{path}/{part}", body | {"happened_at": before})
        assert faults_of(refused) == {"/happened_at": "too_early"}
    unheard = await file.post(sa_pa_officer, f"{path}/visits", seen["visits"] | {"child_seen": False})
    assert (unheard.status_code, unheard.json()["errors"][0]["code"]) == (422, "child_not_seen")
    assert {"visit_first", "carer_report_first"} <= set(await due(sa_pa_officer))
    # After a month, three and each six (Điều 43.2), what the carer tells after six and each year (LQ 64.1 b), some days
    # of the house before: no earlier look does that visit, and no earlier word that report.
    for part, occasion, first, task in (
        ("visits", "month_1", (2026, 12, 13), {"visit_first"}),
        ("visits", "month_3", (2027, 2, 13), {"visit_second"}),
        ("carer-reports", "month_6", (2027, 4, 23), {"carer_report_first"}),
        ("visits", "half_year", (2027, 5, 13), set()),
        ("carer-reports", "yearly", (2027, 10, 24), set()),
        ("visits", "half_year", (2027, 11, 13), set()),
        ("carer-reports", "yearly", (2028, 10, 24), set()),
    ):
        before, running = seen[part] | {"occasion": occasion}, await due(sa_pa_officer)
        clock.set(datetime(*first, 3, tzinfo=UTC) - timedelta(days=1))
        early = await file.post(sa_pa_officer, f"{path}/{part}", before)
        assert (faults_of(early), early.status_code) == ({"/occasion": "too_early"}, 422), first
        assert await due(sa_pa_officer) == running
        clock.forward(days=1)
        await file.do(sa_pa_officer, f"{path}/{part}", before)
        assert running.keys() - (await due(sa_pa_officer)).keys() == task
    await file.do(sa_pa_officer, f"{path}/visits", VISIT | {"occasion": "unplanned"})
    await file.do(sa_pa_officer, f"{path}/carer-reports", TOLD | {"occasion": "sudden"})


async def test_candidates_come_in_the_order_of_the_decree_with_what_stands_against_each(
    case_id, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_leader, ta_leng_officer, ta_leng_leader, events
):
    near = await listed(sa_pa_officer, sa_pa_leader, child_age_to=5)
    young = await listed(sa_pa_officer, sa_pa_leader, born_on="2006-01-01", full_name="Sùng Thị Dua")
    aunt = await listed(sa_pa_officer, sa_pa_leader, born_on="2004-01-01", full_name="Vàng Thị Sua")
    stranger = {"is_foreigner": True, "resident_from": "2020-01-01", "resident_until": "2030-01-01"}
    foreign = await listed(sa_pa_officer, sa_pa_leader, judicial_record_on="2026-09-01", **stranger)
    elsewhere = await listed(ta_van_officer, ta_van_leader, full_name="Giàng Thị Mỷ")
    unsent = await listed(ta_leng_officer, ta_leng_leader)
    await list_sent(ta_van_officer)
    file = File(case_id)
    relative = {"full_name": "Vàng Thị Sua", "relation": "other_relative", "carer_id": aunt["id"]}
    await file.do(sa_pa_officer, "/care-needs", NEEDS | {"relatives": [relative]})
    answer = await sa_pa_officer.get(f"/cases/{case_id}/placement-candidates")
    assert answer.status_code == 200, answer.text
    found = {one["carer_id"]: one for one in answer.json()["carers"]}
    assert [(one["carer_id"], one["order"]) for one in answer.json()["carers"]] == [
        (aunt["id"], "relative"),
        (near["id"], "commune"),
        (young["id"], "commune"),
        (elsewhere["id"], "vietnamese"),
        (foreign["id"], "foreigner"),
    ]
    assert found[aunt["id"]]["order_article"] == "NĐ 56/2017 Điều 42.3.a"
    assert (found[aunt["id"]]["form"], found[aunt["id"]]["against"]) == ("relative", [])
    assert [one["what"] for one in found[near["id"]]["against"]] == ["age_not_wished"]
    assert [one["article"] for one in found[young["id"]]["against"]] == ["Luật Trẻ em Điều 63.2.d"]
    assert (found[near["id"]]["full_name"], found[elsewhere["id"]]["full_name"]) == ("Lù Thị Mẩy", None)
    assert unsent["id"] not in found
    assert answer.json()["child_must_be_asked"] is True
    assert set((await events("carers.listed"))[-1]["detail"]["ids"]) == set(found)
    assert (await ta_van_officer.get(f"/cases/{case_id}/placement-candidates")).status_code == 404


async def test_the_carers_commune_decides_for_another_communes_child_and_follows_it(
    *, case_id, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_second_officer, ta_van_leader, ta_leng_officer,
    clock, events, rows
):  # fmt: skip
    carer = await listed(ta_van_officer, ta_van_leader)
    await list_sent(ta_van_officer)
    file, there = File(case_id), File(case_id)
    await file.do(sa_pa_officer, "/care-needs", NEEDS)
    decision = DECISION | {"carer_id": carer["id"], "decided_on": time.today().isoformat()}
    own = await file.post(sa_pa_leader, "/placements", decision)
    (fault,) = own.json()["errors"]
    assert (fault["code"], "elsewhere decides" in fault["message"]) == ("no_such_record", True)
    unasked = await ta_van_leader.post(f"/cases/{case_id}/placements", json=decision, headers={"If-Match": '"2"'})
    assert unasked.status_code == 404
    asked = await file.do(
        sa_pa_officer, "/placement-requests", {"commune_id": TA_VAN, "carer_id": carer["id"], "message": "Nhờ xem xét."}
    )
    assert asked["answered"] == "waiting"
    assert "answer" in await due(ta_van_leader)
    assert (await ta_leng_officer.get(f"/cases/{case_id}/placements")).status_code == 404
    assert len((await ta_van_leader.get(f"/cases/{case_id}/care-needs")).json()["items"]) == 1
    assert (await ta_van_leader.get(f"/cases/{case_id}/assessments")).json()["items"] == []

    await there.refresh(ta_van_leader)
    placed = await there.do(ta_van_leader, "/placements", decision | {"relation": "other_relative"})
    assert (placed["carer_commune_id"], placed["form"], placed["in_force"]) == (TA_VAN, "relative", True)
    again = await there.post(ta_van_leader, "/placements", decision)
    assert code_of(again) == "child_is_placed"
    path = f"/placements/{placed['id']}"
    stale = await file.post(sa_pa_officer, "/progress-notes", {"note": "x"})
    assert stale.status_code == 412
    assert (await due(ta_van_officer)) == {"hand_over": "2026-12-11"}
    assert await due(sa_pa_officer) == {}
    await there.do(ta_van_officer, f"{path}/handover", HANDED)
    clock.forward(days=25)
    visit = await there.do(ta_van_officer, f"{path}/visits", VISIT | {"occasion": "month_1"})
    assert "visit_first" not in await due(ta_van_officer)

    await file.refresh(sa_pa_officer)
    seen = (await sa_pa_officer.get(f"/cases/{case_id}{path}/visits")).json()["items"]
    assert [one["id"] for one in seen] == [visit["id"]]
    for try_, body in ((f"{path}/visits", VISIT | {"occasion": "month_3"}),):
        refused = await file.post(sa_pa_officer, try_, body)
        assert code_of(refused) == "placement_elsewhere"
    theirs = await file.post(sa_pa_officer, f"/placement-visits/{visit['id']}/entered-in-error", {"reason": "x"})
    assert code_of(theirs) == "placement_elsewhere"
    await there.do(
        ta_van_second_officer,
        f"/placing-steps/placement-visits/{visit['id']}/entered-in-error",
        {"reason": "Nhầm ngày."},
    )
    assert "visit_first" in await due(ta_van_officer)
    answered = (await sa_pa_officer.get(f"/cases/{case_id}/placement-requests")).json()["items"]
    assert [one["answered"] for one in answered] == ["placed"]
    timeline = (await sa_pa_officer.get(f"/cases/{case_id}/timeline")).json()["items"]
    assert [one["position"] for one in timeline] == list(range(1, len(timeline) + 1))
    stored = await rows("SELECT commune_id, origin_commune_id FROM case_placements")
    assert [tuple(row) for row in stored] == [(SA_PA, TA_VAN)]
    (event,) = await events("case.placed")
    assert (event["holder_commune_id"], event["actor_commune_id"]) == (SA_PA, TA_VAN)


async def test_bad_bodies_are_refused(case_id, sa_pa_leader, sa_pa_officer, rows):
    file = File(case_id)
    await file.refresh(sa_pa_leader)
    carer, facility = {"carer_id": str(case_id)}, {"provider_id": str(case_id), "facility_ground": "safe_place"}
    waived = {"override": {"ground": "protection_measure", "reason": "Đang cách ly."}}
    for code, wrong in (
        ("one_place", {}),
        ("one_place", carer | facility),
        ("facility_ground", {"provider_id": str(case_id)}),
        ("facility_ground", carer | {"facility_ground": "safe_place"}),
        ("facility_no_relative", facility | {"relation": "sibling"}),
        ("only_facility_has_places", carer | {"over_places_reason": "Thêm giường."}),
        ("child_opinion", carer | {"child_was_asked": True}),
        ("issuer_missing", carer | {"decided_by": "court"}),
        ("consent_or_override", carer | {"consent": {"given_by": ["mother"]}}),
        ("consent_or_override", carer | {"consent": waived | {"given_by": ["mother"], "given_on": "2026-11-19"}}),
        ("literal_error", carer | {"consent": {"given_by": ["child"], "given_on": "2026-11-19"}}),
        ("no_such_record", carer),
        ("no_such_record", facility),
    ):
        refused = await file.post(
            sa_pa_leader, "/placements", {"decision_number": "1", "decided_on": "2026-11-20"} | wrong
        )
        assert (refused.status_code, [one["code"] for one in refused.json()["errors"]]) == (422, [code]), wrong
    unsaid = NEEDS | {"child_was_asked": False, "child_wishes": None}
    refused = await file.post(sa_pa_officer, "/care-needs", unsaid)
    assert (refused.status_code, code_of(refused)) == (409, "placement_not_ready")
    assert await rows("SELECT 1 FROM case_placements") == await rows("SELECT 1 FROM case_care_needs") == []


_DECIDE = """
SELECT case_place_from_elsewhere($1, $2, jsonb_build_object('id', $3::uuid, 'kind', 'placement',
    'stands_on', '[]'::jsonb, 'happened_at', now(), 'recorded_at', now()),
    jsonb_build_object('form', 'non_relative', 'carer_id', $4::uuid), now())
"""


async def test_the_gate_lets_nobody_place_a_child_that_was_not_asked(
    case_id, sa_pa_officer, ta_van_officer, ta_van_leader, database, rows
):
    """A statement of its own making gets no further than the product does."""
    carer = await listed(ta_van_officer, ta_van_leader)
    decide = (case_id, 1, new_id(), UUID(carer["id"]))
    for commune in (TA_VAN, TA_LENG):
        async with as_commune(database, commune) as connection:
            assert await connection.fetchval(_DECIDE, *decide) is None
    file = File(case_id)
    await file.do(sa_pa_officer, "/placement-requests", {"commune_id": TA_VAN, "message": "Nhờ xem xét."})
    async with as_commune(database, TA_VAN) as connection:
        # Asked, and still nobody's leader: the post is looked up, not believed.
        assert await connection.fetchval(_DECIDE, *decide) is None
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("SELECT placement_holds(gen_random_uuid(), '2026-11-20')")
    assert await rows("SELECT 1 FROM case_placements") == []
