"""A child in care whose case moves, and care given at once that becomes lasting: who answers, and by which clocks."""

from datetime import UTC, datetime

import pytest
from tests.alternative_care.carers import list_sent, listed
from tests.answers import code_of
from tests.cases.care import DECISION, HANDED, NEEDS, NO_PAPERS, VISIT, due
from tests.cases.stories import TRANSFER, File, keyed, separation, tag
from tests.people import SA_PA, TA_VAN

from childcare_api.shared import clock as time


@pytest.fixture(autouse=True)
def _november(clock):
    clock.set(datetime(2026, 11, 20, 3, tzinfo=UTC))


async def take_over(leader, file: File, offered: dict) -> None:
    answer = await leader.post(f"/transfers/{offered['id']}/accept", json={}, headers=tag(1) | keyed())
    assert answer.status_code == 200, answer.text
    await file.refresh(leader)


async def running(who, case_id) -> set[str]:
    tasks = (await who.get("/tasks", params={"whose": "my_unit", "subject_id": str(case_id)})).json()["items"]
    return {task["rule"] for task in tasks}


async def test_the_commune_of_the_carer_follows_the_child_though_the_case_went_away(
    case_id, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_leader, clock, events, rows
):
    """Who visits is where the carer lives (Điều 43.2), who ends it is who decided on it (LQ 69.4): neither moves."""
    file = File(case_id)
    plan = await file.plan_submitted(sa_pa_officer, time.now())
    await file.approve(sa_pa_leader, plan, time.today().isoformat())
    line = (await sa_pa_officer.get(f"/cases/{case_id}/intervention-plans/{plan}")).json()["services"][0]["id"]
    service = {"plan_service_id": line, "progress": "begun", "provided_by": "Trạm y tế"}
    await file.do(sa_pa_officer, "/services", service)
    carer = await listed(sa_pa_officer, sa_pa_leader)
    apart = await file.do(sa_pa_leader, "/separations", separation(time.today()))
    await file.do(sa_pa_officer, "/care-needs", NEEDS)
    decision = DECISION | {"carer_id": carer["id"], "decided_on": time.today().isoformat()}
    placed = await file.do(sa_pa_leader, "/placements", decision)
    assert apart["id"] in placed["stands_on"]
    path = f"/placements/{placed['id']}"
    clock.forward(hours=1)
    again = await file.do(sa_pa_leader, "/separations", separation(time.today()))
    before = await running(sa_pa_officer, case_id)
    assert {"placement.hand_over", "plan.review", "separation.end"} <= before
    await take_over(ta_van_leader, file, await file.do(sa_pa_leader, "/transfer", TRANSFER))

    # The clocks of the care stay where the carer lives; every other goes along.
    assert await running(sa_pa_officer, case_id) == {"placement.hand_over"}
    assert await running(ta_van_officer, case_id) == before - {"placement.hand_over"}
    grants = (await ta_van_leader.get(f"/cases/{case_id}/grants")).json()["items"]
    assert {(one["reason"], one["commune_id"], one["valid_to"] is None) for one in grants} == {
        ("led_before", SA_PA, False), ("commune_of_carer", SA_PA, True),
        ("commune_of_incident", SA_PA, False)}  # fmt: skip
    for who, address, body in (
        (ta_van_officer, f"{path}/handover", HANDED | {"met_on": ["2026-11-18", "2026-11-19"]}),
        (ta_van_leader, f"{path}/end", {"ground": "family_reunited", "decision_number": "1", "ended_on": "2026-11-20"}
         | {"goes_to": "family"}),
    ):  # fmt: skip
        refused = await file.post(who, address, body)
        assert (refused.status_code, code_of(refused)) == (409, "placement_elsewhere")
    # The new leader ends the separation, and works on the plan where the old one stopped.
    more = {"decision_number": "9/QĐ", "decided_on": time.today().isoformat(), "reason": "Chưa an toàn.", "days": 5}
    longer = await file.do(ta_van_leader, f"/separations/{again['id']}/extend", more)
    assert longer["days_in_all"] == 15
    await file.do(ta_van_officer, "/services", service | {"progress": "done"})

    clock.forward(days=3)
    there = File(case_id)
    await there.refresh(sa_pa_officer)
    await there.do(sa_pa_officer, f"{path}/handover", HANDED | {"met_on": ["2026-11-18", "2026-11-19"]})
    assert await due(sa_pa_officer) == {
        "visit_first": "2026-12-23", "visit_second": "2027-02-23", "report": "2027-05-23",
        "carer_report_first": "2027-05-23", "carer_report_yearly": "2027-11-23"}  # fmt: skip
    visit = await there.do(sa_pa_officer, f"{path}/visits", VISIT | {"occasion": "unplanned"})
    seen = (await ta_van_officer.get(f"/cases/{case_id}{path}/visits")).json()["items"]
    assert [one["id"] for one in seen] == [visit["id"]]
    assert (await there.post(sa_pa_leader, "/placements", decision)).status_code == 409
    end = {"ground": "carer_asked", "decision_number": "5/QĐ", "ended_on": time.today().isoformat()}
    await there.do(sa_pa_leader, f"{path}/end", end | {"goes_to": "other_carer"})
    assert await due(sa_pa_officer) == {}
    assert [one["holder_commune_id"] for one in await events("case.placement_ended")] == [TA_VAN]
    (stored,) = await rows("SELECT commune_id, carer_commune_id FROM case_placements")
    assert tuple(stored) == (TA_VAN, SA_PA)


async def test_a_case_that_comes_to_its_carers_commune_is_kept_there_as_its_own(
    case_id, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_leader, clock
):
    carer = await listed(ta_van_officer, ta_van_leader)
    await list_sent(ta_van_officer)
    file = File(case_id)
    await file.do(sa_pa_officer, "/care-needs", NEEDS)
    await file.do(sa_pa_officer, "/placement-requests", {"commune_id": TA_VAN, "message": "Nhờ xem xét."})
    await take_over(ta_van_leader, file, await file.do(sa_pa_leader, "/transfer", TRANSFER))
    # The question that waited is answered by deciding, though nobody else asks any more.
    assert "answer" in await due(ta_van_leader)
    decision = DECISION | {"carer_id": carer["id"], "decided_on": time.today().isoformat()}
    placed = await file.do(ta_van_leader, "/placements", decision)
    assert await due(ta_van_officer) == {"hand_over": "2026-12-11"}
    asked = (await ta_van_leader.get(f"/cases/{case_id}/placement-requests")).json()["items"]
    assert [one["answered"] for one in asked] == ["placed"]
    met = {"met_on": ["2026-11-18", "2026-11-19"]}
    await file.do(ta_van_officer, f"/placements/{placed['id']}/handover", HANDED | met)
    # And it stays there when the case goes on to where the parents are.
    home = TRANSFER | {"residence": {"unit_id": SA_PA}}
    await take_over(sa_pa_leader, file, await file.do(ta_van_leader, "/transfer", home))
    assert "visit_first" in await due(ta_van_officer)
    assert await due(sa_pa_officer) == {}


async def test_care_given_at_once_becomes_lasting_with_the_same_carer(
    assessed_report, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_leader, ta_van_acting_leader, clock, rows
):
    """The procedure follows (Điều 32.4): the carer who has the child keeps it, and is visited from the first day on."""
    carer = await listed(ta_van_officer, ta_van_leader)
    await list_sent(ta_van_officer)
    report = await assessed_report(emergency=True)
    case_id = (await report.open(sa_pa_officer)).json()["cases"][0]["id"]
    file, there = File(case_id), File(case_id)
    await file.do(sa_pa_leader, "/separations", separation(time.today()))
    await file.do(sa_pa_officer, "/placement-requests", {"commune_id": TA_VAN, "message": "Cần ngay."})
    await there.refresh(ta_van_leader)
    bare = {"carer_id": carer["id"], "decision_number": "7/QĐ", "decided_on": time.today().isoformat()}
    first = await there.do(ta_van_leader, "/placements", bare | {"temporary": True})
    assert "separation.place" not in await running(sa_pa_officer, case_id)
    await there.do(ta_van_officer, f"/placements/{first['id']}/handover", HANDED)
    clock.set(datetime(2026, 12, 2, 3, tzinfo=UTC))
    lasting = bare | DECISION | {"decided_on": "2026-12-02"}
    early = await there.post(ta_van_leader, "/placements", lasting)
    assert [one["what"] for one in early.json()["missing"]] == [*NO_PAPERS]
    await file.refresh(sa_pa_officer)
    await file.do(sa_pa_officer, "/care-needs", NEEDS)
    await there.refresh(ta_van_leader)
    placed = await there.do(ta_van_leader, "/placements", lasting)
    assert (placed["continues_id"], placed["in_force"]) == (first["id"], True)
    assert (await file.refresh(sa_pa_leader))["separation_id"] is None
    listed_ = (await sa_pa_officer.get(f"/cases/{case_id}/placements")).json()["items"]
    assert [one["in_force"] for one in listed_] == [False, True]
    # No second handing over is asked for, and the months run from the day the carer received the child.
    assert (await due(ta_van_officer))["visit_first"] == "2026-12-20"
    assert "hand_over" not in await due(ta_van_officer)
    (taken,) = await rows("SELECT children FROM children_with_carers(ARRAY[$1::uuid], '2026-12-02')", carer["id"])
    assert taken["children"] == 1
    for address in (f"/placements/{first['id']}/visits", f"/placements/{first['id']}/end-requests"):
        body = VISIT | {"occasion": "month_1"} if address.endswith("visits") else {
            "asked_by": "carer", "ground": "carer_asked", "reason": "x"}  # fmt: skip
        assert code_of(await there.post(ta_van_officer, address, body)) == "placement_not_in_state"
    hurried = await there.post(ta_van_leader, "/placements", bare | {"temporary": True, "decided_on": "2026-12-02"})
    assert code_of(hurried) == "child_is_placed"
    clock.set(datetime(2026, 12, 11, 3, tzinfo=UTC))
    await there.do(ta_van_officer, f"/placements/{placed['id']}/visits", VISIT | {"occasion": "month_1"})
    assert "visit_first" not in await due(ta_van_officer)
    await there.do(ta_van_officer, f"/placements/{placed['id']}/handover", HANDED)
    # Marked as an error, the first is in force again, and the separation with it.
    await there.do(ta_van_leader, f"/placing-steps/placements/{placed['id']}/entered-in-error", {"reason": "Nhầm."})
    assert (await file.refresh(sa_pa_leader))["separation_id"] is not None
    assert {"separation.end"} == {one for one in await running(sa_pa_officer, case_id) if one.startswith("separation")}
    listed_ = (await sa_pa_officer.get(f"/cases/{case_id}/placements")).json()["items"]
    assert [one["in_force"] for one in listed_] == [True, False]
