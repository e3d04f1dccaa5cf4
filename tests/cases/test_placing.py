"""Alternative care: needs, candidates in the decree's order, the decision, visits and their clocks, the end."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.agencies.test_service_providers import CENTRE
from tests.alternative_care.carers import list_sent, listed, registered
from tests.answers import faults_of
from tests.cases.stories import File, separation
from tests.cases.test_walls import as_commune
from tests.people import SA_PA, TA_LENG, TA_VAN

from childcare_api.alternative_care.rules import Birthday
from childcare_api.cases.placing import rules
from childcare_api.deadlines.data import packaged_clocks
from childcare_api.shared import clock as time
from childcare_api.shared.ids import new_id

NEEDS = {
    "ground": "unsafe_or_unable_parents",
    "circumstances": "Cha đánh cháu, mẹ bỏ đi.",
    "physical_health": "Bình thường.",
    "needs": [{"group": "welfare", "description": "Nơi ở ổn định."}],
    "child_was_asked": True,
    "child_wishes": "Cháu muốn ở gần trường.",
}
DECISION = {"decision_number": "31/QĐ-UBND", "child_was_asked": True, "child_opinion": "Cháu đồng ý."} | {
    "consent": "protection_measure"
}
HANDED = {"handed_over_by": "UBND phường Sa Pa", "received_by": "Lù Thị Mẩy"}
VISIT = {"living_conditions": "Nhà sạch.", "health": "Tốt.", "mental": "Vui.", "integration": "Tốt."} | {
    "child_seen": True,
    "child_words": "Cháu thích ở đây.",
    "proposal": "continue",
}
TOLD = {"physical": "Khỏe.", "mental": "Vui.", "integration": "Tốt."}


def code_of(answer) -> str:
    return answer.json()["type"].rpartition(":")[2]


@pytest.fixture(autouse=True)
def _november(clock):
    clock.set(datetime(2026, 11, 20, 3, tzinfo=UTC))


async def due(client) -> dict[str, str]:
    """The running clocks of a child's care: rule and last day in Viet Nam."""
    tasks = (await client.get("/tasks", params={"limit": 200})).json()["items"]
    return {
        one["rule"].removeprefix("placement."): time.day_of(datetime.fromisoformat(one["due_at"])).isoformat()
        for one in tasks
        if one["rule"].startswith("placement.")
    }


async def test_a_child_is_placed_visited_and_goes_home(
    case_id, sa_pa_officer, sa_pa_leader, lao_cai_province_officer, ta_van_officer, clock, events, rows
):
    file = File(case_id)
    carer = await listed(sa_pa_officer, sa_pa_leader)
    today = time.today().isoformat()
    decision = DECISION | {"carer_id": carer["id"], "decided_on": today}
    bare = {"carer_id": carer["id"], "decided_on": today, "decision_number": "1"}
    refused = await file.post(sa_pa_leader, "/placements", bare)
    assert (refused.status_code, code_of(refused)) == (409, "placement_not_ready")
    assert {one["what"]: one["article"] for one in refused.json()["missing"]} == {
        "care_needs": "NĐ 56/2017 Điều 38.3.d",
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

    await file.do(
        sa_pa_officer, f"{path}/end-requests", {"asked_by": "carer", "ground": "carer_asked", "reason": "Ốm."}
    )
    end = {"ground": "family_reunited", "decision_number": "40/QĐ-UBND", "ended_on": "2027-07-10", "goes_to": "family"}
    ended = await file.do(sa_pa_leader, f"{path}/end", end)
    assert (ended["in_force"], ended["end"]["goes_to"], len(ended["end_requests"])) == (False, "family", 1)
    assert await due(sa_pa_officer) == {}
    after = await file.post(sa_pa_officer, f"{path}/visits", VISIT | {"occasion": "unplanned"})
    assert (after.status_code, code_of(after)) == (409, "placement_not_in_state")
    seen = (await lao_cai_province_officer.get(f"/cases/{case_id}{path}/visits")).json()["items"]
    assert [(one["occasion"], one["counts"]) for one in seen] == [("month_1", False), ("half_year", True)]
    assert (await ta_van_officer.get(f"/cases/{case_id}/placements")).status_code == 404
    for what in ("care_needs_recorded", "placed", "child_handed_over", "carer_reported", "placement_ended"):
        assert len(await events(f"case.{what}")) == 1, what
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
        assert code_of(await file.post(sa_pa_officer, f"{path}/{part}", body)) == "placement_not_in_state"
    clock.forward(days=3)
    await file.do(sa_pa_officer, f"{path}/handover", HANDED | {"met_on": ["2026-11-18", "2026-11-19"]})
    before = (clock.at - timedelta(hours=1)).isoformat()
    for part, body in seen.items():
        refused = await file.post(sa_pa_officer, f"{path}/{part}", body | {"happened_at": before})
        assert faults_of(refused) == {"/happened_at": "too_early"}
    assert {"visit_first", "carer_report_first"} <= set(await due(sa_pa_officer))


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
    case_id, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_leader, ta_leng_officer, clock, events, rows
):
    carer = await listed(ta_van_officer, ta_van_leader)
    await list_sent(ta_van_officer)
    file, there = File(case_id), File(case_id)
    await file.do(sa_pa_officer, "/care-needs", NEEDS)
    decision = DECISION | {"carer_id": carer["id"], "decided_on": time.today().isoformat()}
    own = await file.post(sa_pa_leader, "/placements", decision)
    assert own.json()["errors"][0]["code"] == "no_such_record", "a carer of another commune"
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
        ta_van_officer, f"/placing-steps/placement-visits/{visit['id']}/entered-in-error", {"reason": "Nhầm ngày."}
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


async def test_another_commune_may_decline_and_only_the_one_that_was_asked(
    case_id, sa_pa_officer, ta_van_leader, ta_leng_officer
):
    file, there = File(case_id), File(case_id)
    await file.refresh(sa_pa_officer)
    for commune in (SA_PA, 9):
        refused = await file.post(sa_pa_officer, "/placement-requests", {"commune_id": commune, "message": "x"})
        assert refused.status_code == 422
    await file.do(sa_pa_officer, "/placement-requests", {"commune_id": TA_LENG, "message": "Bà ngoại ở Tả Lèng."})
    asked = await file.do(sa_pa_officer, "/placement-requests", {"commune_id": TA_VAN, "message": "Chú ở Tả Van."})
    await there.refresh(ta_van_leader)
    path = f"/placement-requests/{asked['id']}/decline"
    declined = await there.do(ta_van_leader, path, {"reason": "Chú cháu đã chuyển đi."})
    assert (declined["answered"], declined["decline_reason"]) == ("declined", "Chú cháu đã chuyển đi.")
    assert code_of(await there.post(ta_van_leader, path, {"reason": "x"})) == "placement_answered"
    assert await due(ta_van_leader) == {}


async def test_lasting_care_takes_over_from_a_separation_at_once_whoever_decides(
    assessed_report, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_leader, events
):
    """And so does its being an error: nothing of the leading commune's waits for its next act."""
    carer = await listed(ta_van_officer, ta_van_leader)
    await list_sent(ta_van_officer)
    report = await assessed_report(emergency=True)
    case_id = (await report.open(sa_pa_officer)).json()["cases"][0]["id"]
    file, there = File(case_id), File(case_id)
    apart = await file.do(sa_pa_leader, "/separations", separation(time.today()))

    async def running() -> dict[str, str]:
        tasks = (await sa_pa_leader.get("/tasks", params={"whose": "my_unit", "subject_id": case_id})).json()["items"]
        return {task["rule"]: task["due_at"] for task in tasks if task["rule"].startswith("separation.")}

    before = await running()
    assert set(before) == {"separation.end", "separation.place"}
    await file.do(sa_pa_officer, "/care-needs", NEEDS)
    await file.do(sa_pa_officer, "/placement-requests", {"commune_id": TA_VAN, "message": "Nhờ xem xét."})
    await there.refresh(ta_van_leader)
    placed = await there.do(
        ta_van_leader, "/placements", DECISION | {"carer_id": carer["id"], "decided_on": time.today().isoformat()}
    )
    assert apart["id"] in placed["stands_on"]
    assert ((await file.refresh(sa_pa_leader))["separation_id"], await running()) == (None, {})

    wrong = f"/placing-steps/placements/{placed['id']}/entered-in-error"
    await there.do(ta_van_leader, wrong, {"reason": "Nhầm trẻ."})
    head = await file.refresh(sa_pa_leader)
    assert (head["separation_id"], head["separation_ends_at"], await running()) == (
        apart["id"], apart["ends_at"], before)  # fmt: skip
    assert (await events("case.step_entered_in_error"))[-1]["detail"]["undone"] == [placed["id"]]
    # What the commune that leads does next changes nothing of it.
    await file.do(sa_pa_officer, "/progress-notes", {"note": "Cháu vẫn ở nhà bà."})
    assert await running() == before
    court = {"court": "TAND khu vực 1", "request_number": "3/TTr", "requested_on": time.today().isoformat()}
    await file.do(sa_pa_leader, "/court-requests", court | {
        "measures": ["separate_and_place"], "grounds": ["harm_may_continue"], "reason": "Còn nguy cơ."})  # fmt: skip
    assert set(await running()) == {"separation.place"}


async def test_a_facility_has_places_and_a_child_moves_on_from_it_by_decision(
    case_id, sa_pa_officer, sa_pa_leader, lao_cai_province_officer, hoang_mai_officer
):
    body = CENTRE | {"description": CENTRE["description"] | {"places": 1}}
    provider = (await lao_cai_province_officer.post("/service-providers", json=body)).json()["id"]
    file, today = File(case_id), time.today().isoformat()
    await file.do(sa_pa_officer, "/care-needs", NEEDS)
    facility = (
        DECISION
        | {"provider_id": provider, "facility_ground": "no_carer_found", "decided_on": today}
        | {
            "decided_by": "facility_authority",
            "issuer": "Giám đốc Sở Y tế tỉnh Lào Cai",
        }
    )
    closed = await lao_cai_province_officer.post(
        f"/service-providers/{provider}/close", json={"valid_to": "2026-11-30"}, headers={"If-Match": '"1"'}
    )
    assert closed.status_code == 200, closed.text
    late = await file.post(sa_pa_leader, "/placements", facility | {"starts_on": "2026-12-01"})
    assert (late.status_code, code_of(late)) == (409, "provider_closed")
    placed = await file.do(sa_pa_leader, "/placements", facility)
    assert (placed["form"], placed["notices"]) == ("facility", [])
    places = (await hoang_mai_officer.get(f"/service-providers/{provider}/places")).json()
    assert (places["taken"], places["free"]) == (1, 0)
    earlier = await hoang_mai_officer.get(f"/service-providers/{provider}/places", params={"as_of": "2026-11-19"})
    assert earlier.json()["free"] == 1
    seen = (await sa_pa_officer.get(f"/cases/{case_id}/placement-candidates")).json()["facilities"]
    assert [(one["free"], one["against"][0]["what"]) for one in seen] == [(0, "full")]

    carer = await listed(sa_pa_officer, sa_pa_leader)
    # Its facility agrees in writing, and it has met its aunt twice, relative or not (TT 14/2020, Điều 11.2, 11.3).
    to_aunt = DECISION | {"carer_id": carer["id"], "relation": "other_relative", "decided_on": today}
    refused = await file.post(sa_pa_leader, "/placements", to_aunt)
    assert [(one["what"], one["article"]) for one in refused.json()["missing"]] == [
        ("facility_agreement", "TT 14/2020/TT-BLĐTBXH Điều 11.3")
    ]
    moved = await file.do(sa_pa_leader, "/placements", to_aunt | {"facility_agreed_on": today})
    assert await due(lao_cai_province_officer) == {"end_at_facility": "2026-11-27"}
    met = {"met_on": ["2026-11-18", "2026-11-19"]}
    early = await file.post(sa_pa_officer, f"/placements/{moved['id']}/handover", HANDED | met)
    assert [one["what"] for one in early.json()["missing"]] == ["facility_care_not_ended"]
    end = {"ground": "moved_to_carer", "decision_number": "9/QĐ-SYT", "ended_on": today, "goes_to": "other_carer"}
    await file.do(sa_pa_leader, f"/placements/{placed['id']}/end", end)
    strange = await file.post(sa_pa_officer, f"/placements/{moved['id']}/handover", HANDED)
    assert [one["article"] for one in strange.json()["missing"]] == ["TT 14/2020/TT-BLĐTBXH Điều 11.2"]
    await file.do(sa_pa_officer, f"/placements/{moved['id']}/handover", HANDED | met)
    places = (await sa_pa_officer.get(f"/service-providers/{provider}/places")).json()
    assert (places["taken"], places["free"]) == (0, 1)


@pytest.mark.committed
async def test_of_two_communes_that_take_the_last_place_at_once_one_is_told(
    assessed_report, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_leader, lao_cai_province_officer, rows
):
    """The database counts, whatever each of them saw; and a stated reason is heard."""
    body = CENTRE | {"description": CENTRE["description"] | {"places": 1}}
    provider = (await lao_cai_province_officer.post("/service-providers", json=body)).json()["id"]
    here = await assessed_report(emergency=False, relation="neighbour")
    there = await assessed_report(emergency=False, relation="neighbour")
    cases = [
        (sa_pa_leader, (await here.open(sa_pa_officer)).json()["cases"][0]["id"]),
        (ta_van_leader, (await there.open(sa_pa_officer, {"unit_id": TA_VAN})).json()["cases"][0]["id"]),
    ]
    for leader, case in cases:
        await File(case).do(leader, "/separations", separation(time.today()))
    facility = {"provider_id": provider, "facility_ground": "safe_place", "temporary": True, "decision_number": "1"}
    facility |= {"decided_on": time.today().isoformat()}

    async def places(leader, case, **more):
        return await File(case).post(leader, "/placements", facility | more)

    answers = await asyncio.gather(*(places(*one) for one in cases))
    assert sorted(one.status_code for one in answers) == [201, 409]
    (refused,) = [one for one in answers if one.status_code == 409]
    assert code_of(refused) == "facility_full"
    late = cases[answers.index(refused)]
    assert (await places(*late, over_places_reason="Cơ sở kê thêm giường.")).status_code == 201
    assert [row["taken"] for row in await rows("SELECT facility_places_taken($1, $2) AS taken", provider, time.today())
            ] == [2]  # fmt: skip
    # Care that goes on there takes no other place.
    leader, case = cases[1 - answers.index(refused)]
    file = File(case)
    await file.do({sa_pa_leader: sa_pa_officer, ta_van_leader: ta_van_officer}[leader], "/care-needs", NEEDS)
    await file.do(leader, "/placements", facility | DECISION | {"temporary": False})


async def test_a_separated_child_is_placed_at_once_and_the_procedure_follows(
    assessed_report, sa_pa_officer, sa_pa_leader
):
    """A grandmother who only gave notice takes the child in, and the task to place it at once is done (Điều 32.4)."""
    report = await assessed_report(emergency=True)
    file = File((await report.open(sa_pa_officer)).json()["cases"][0]["id"])
    await file.do(sa_pa_leader, "/separations", separation(time.today()))

    async def rules_running() -> set[str]:
        tasks = (await sa_pa_officer.get("/tasks", params={"whose": "my_unit", "limit": 200})).json()["items"]
        return {one["rule"] for one in tasks if one["subject_id"] == str(file.case_id)}

    assert "separation.place" in await rules_running()
    bare = {"basis": "relative_notice", "commitment": False, "health_certificate_on": None, "counselled_on": None}
    grandmother = await registered(sa_pa_officer, full_name="Vàng Thị Dở", **bare)
    body = {"carer_id": grandmother["id"], "relation": "grandparent", "temporary": True}
    decision = {"decision_number": "7/QĐ-UBND", "decided_on": time.today().isoformat()}
    placed = await file.do(sa_pa_leader, "/placements", body | decision)
    assert (placed["form"], placed["temporary"]) == ("relative", True)
    assert await rules_running() & {"separation.place", "placement.hand_over"} == {"placement.hand_over"}


async def test_bad_bodies_are_refused(case_id, sa_pa_leader, sa_pa_officer, rows):
    file = File(case_id)
    await file.refresh(sa_pa_leader)
    for wrong in (
        {},
        {"provider_id": str(case_id)},
        {"carer_id": str(case_id), "facility_ground": "safe_place"},
        {"carer_id": str(case_id), "child_was_asked": True},
        {"carer_id": str(case_id), "consent": "given"},
        {"carer_id": str(case_id), "decided_by": "court"},
        {"carer_id": str(case_id), "over_places_reason": "Thêm giường."},
        {"carer_id": str(case_id)},
    ):
        body = {"decision_number": "1", "decided_on": "2026-11-20"} | wrong
        assert (await file.post(sa_pa_leader, "/placements", body)).status_code == 422, wrong
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
            await connection.execute("SELECT * FROM placements_on('2026-11-20')")
    assert await rows("SELECT 1 FROM case_placements") == []


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
