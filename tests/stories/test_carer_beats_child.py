"""A father beats his son: from a neighbour's call to the end of the plan (NĐ 56/2017, Điều 25-32)."""

from datetime import timedelta

from tests.answers import code_of
from tests.cases.stories import ASSESSMENT, MEASURE, REVIEW, File, meeting, separation
from tests.stories.telling import acts, at, clocks, due, judged, opened, plan, recorded, taken

CALL = {
    "channel": "phone",
    "category": "abused",
    "harm_kinds": ["violence"],
    "harm_doers": [{"relation": "father", "full_name": "Vàng A Lử"}],
    "children": [{"full_name": "Vàng A Pao", "estimated_age": 8, "sex": "male", "condition": "Bầm tím ở tay."}],
    "narrative": "Cháu bị cha đánh khi say rượu.",
}


async def test_a_father_beats_his_son(clock, sa_pa_officer, sa_pa_leader, sa_pa_inspector, ta_van_officer):
    # Monday evening, a neighbour calls. Nobody says "emergency": a father who beats makes it one (Điều 31.1).
    clock.set(at("2026-03-02", 19))
    receipt = await taken(sa_pa_officer, **CALL)
    assert receipt["emergency"] is True
    told = (await sa_pa_officer.get(f"/intakes/{receipt['id']}")).json()
    assert told["emergency_grounds"] == ["harm_doer_is_carer"]
    running = await clocks(sa_pa_officer, receipt["id"])
    assert set(running) == {"intake.assess", "emergency.intervene"}
    assert due(running["emergency.intervene"]) == at("2026-03-03", 7)
    assert "Điều 26.3" in running["emergency.intervene"]["article"]

    # The same night: the grid, the case, the hospital, and the boy sleeps at his grandmother's (Điều 26, 31, 32).
    clock.forward(hours=1)
    file = await opened(sa_pa_officer, await judged(sa_pa_officer, receipt["id"]))
    assert due((await clocks(sa_pa_officer, file.case_id))["emergency.intervene"]) == at("2026-03-03", 7)
    await file.do(sa_pa_officer, "/emergency-measures", MEASURE | {"measure": "hospital", "done_by": "BVĐK Sa Pa"})
    assert set(await clocks(sa_pa_officer, file.case_id)) == {"case.assess"}
    body = separation(clock.at.date())
    assert (await file.post(sa_pa_officer, "/separations", body)).status_code == 403
    apart = await file.do(sa_pa_leader, "/separations", body)
    # Nobody stated when the information came, so the 12 hours are reckoned from nothing.
    assert (apart["informed_at"], apart["decide_by"], apart["decided_in_time"]) == (None, None, None)
    assert apart["separated_from"] == ["father"]
    running = await clocks(sa_pa_officer, file.case_id)
    assert due(running["separation.end"]).date().isoformat() == "2026-03-12"

    await _a_plan_is_made(file, clock, sa_pa_officer, sa_pa_leader)
    # Found safe with its mother, the boy goes home before the ten days are over (Điều 32.3).
    clock.set(at("2026-03-11"))
    safe = ASSESSMENT | {"risk_level": "low", "carers_ensure_safety": True}
    found = await file.do(sa_pa_officer, "/assessments", safe)
    home = {"decision_number": "19/QĐ-UBND", "decided_on": "2026-03-11", "assessment_id": found["id"]}
    home |= {"returned_to": "mother", "reason": "Người cha đã đi cai nghiện bắt buộc."}
    await file.do(sa_pa_leader, f"/separations/{apart['id']}/cancel", home)
    assert set(await clocks(sa_pa_officer, file.case_id)) == {"plan.review"}

    # The last service ends on 15 June; the review finds him stable, and the leader alone ends the plan (Điều 30.1 b).
    clock.set(at("2026-06-12"))
    review = await file.do(sa_pa_officer, "/reviews", REVIEW)
    assert review["outcome"] == "end"
    assert set(await clocks(sa_pa_leader, file.case_id)) == {"case.close"}
    assert (await file.post(sa_pa_officer, "/close", {})).status_code == 403
    closed = await file.do(sa_pa_leader, "/close", {"note": "Cháu đã ổn định."})
    assert (closed["status"], closed["close_reason"]) == ("closed", "no_remaining_risk")
    assert await clocks(sa_pa_leader, file.case_id) == {}

    papers = (await sa_pa_officer.get(f"/cases/{file.case_id}/archive")).json()["papers"]
    assert {"Mẫu số 01, 02", "Mẫu số 03", "Mẫu số 04", "Mẫu số 05", "Mẫu số 06", "Mẫu số 07"} <= {
        paper["form"] for paper in papers
    }
    assert await acts(sa_pa_officer, file) == [
        *("opening", "emergency_measure", "separation", "assessment", "meeting", "plan_drafted", "plan_submitted"),
        *("plan_approved", "decision_sent", "decision_sent", "service", "assessment", "separation_cancelled"),
        *("review", "closure"),
    ]
    # The inspector reads each act once, and who tried what is the leader's alone.
    assert await recorded(sa_pa_inspector, file.case_id) == [
        *("case.opened", "case.emergency_measure_recorded", "request.refused", "case.separated", "case.assessed"),
        *("case.meeting_held", "case.plan_drafted", "case.plan_changed", "case.plan_submitted", "case.plan_approved"),
        *("case.decision_sent", "case.decision_sent", "case.service_recorded", "case.assessed"),
        *("case.separation_cancelled", "case.reviewed", "request.refused", "case.closed"),
    ]
    assert (await ta_van_officer.get(f"/cases/{file.case_id}")).status_code == 404


async def _a_plan_is_made(file: File, clock, officer, leader) -> None:
    # Wednesday: the eight contents. The father's wishes have no place among them (Điều 27.1 h).
    clock.set(at("2026-03-04"))
    wishes = {"carers_wishes": [{"relation": "father", "wishes": "Để tôi dạy con."}]}
    refused = await file.post(officer, "/assessments", ASSESSMENT | wishes)
    assert (refused.status_code, code_of(refused), refused.json()["relations"]) == (
        409, "harm_doer_is_not_asked", ["father"])  # fmt: skip
    await file.do(officer, "/assessments", ASSESSMENT)
    clock.forward(hours=6)
    await file.do(officer, "/meetings", meeting(clock.at))
    asked = (await clocks(officer, file.case_id))["plan.submit"]
    # Five working days from the meeting at the latest, and at once since it is an emergency (Điều 28.1).
    assert (due(asked).date().isoformat(), asked["as_soon_as_possible"]) == ("2026-03-11", True)

    drafted = await file.do(officer, "/intervention-plans", plan("2026-03-09", "2026-06-15") | {"services": []})
    path = f"/intervention-plans/{drafted['id']}"
    lacking = await file.post(officer, f"{path}/submit", {})
    assert code_of(lacking) == "dossier_incomplete"
    assert [(one["what"], one["article"]) for one in lacking.json()["missing"]] == [
        ("services", "NĐ 56/2017 Điều 28.3.a")
    ]
    head = {"If-Match": f'"{file.row_version}"'}
    services = {"services": plan("2026-03-09", "2026-06-15")["services"]}
    changed = await officer.patch(f"/cases/{file.case_id}{path}", json=services, headers=head)
    assert changed.status_code == 200, changed.text
    await file.refresh(officer)
    await file.do(officer, f"{path}/submit", {})
    decide = (await clocks(leader, file.case_id))["plan.decide"]
    assert (due(decide).date().isoformat(), "Điều 28.4" in decide["article"]) == ("2026-03-06", True)

    clock.forward(days=1)
    decided = await file.approve(leader, drafted["id"], "2026-03-05")
    sent = f"/decisions/{decided['decisions'][0]['id']}/sendings"
    for kind, name in (("implementing_body", "Trạm y tế xã"), ("parent_or_carer", "Bà Vàng Thị Dở")):
        assert "decision.send" in await clocks(officer, file.case_id)
        await file.do(officer, sent, {"recipient_kind": kind, "recipient": name, "way": "in_person"})
    running = await clocks(officer, file.case_id)
    assert set(running) >= {"separation.end", "plan.review"}
    assert "decision.send" not in running
    assert due(running["plan.review"]).date().isoformat() == "2026-06-15"
    clock.forward(days=4)
    begun = {"plan_service_id": decided["services"][0]["id"], "progress": "begun", "provided_by": "Trạm y tế xã"}
    await file.do(officer, "/services", begun)
    assert clock.at - at("2026-03-02", 19) < timedelta(days=15)
