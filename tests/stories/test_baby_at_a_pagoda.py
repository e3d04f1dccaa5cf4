"""A baby is left at a pagoda: no name, no parents, and care at once (NĐ 56/2017, Điều 31, 32.4, 42; LQ, Điều 62)."""

from tests.alternative_care.carers import list_sent, listed
from tests.answers import code_of
from tests.cases.stories import ASSESSMENT, meeting
from tests.exchange.papers.reading import text_of
from tests.people import SA_PA, SA_PA_VILLAGE
from tests.stories.telling import acts, at, clocks, due, judged, opened, plan, recorded, taken

MONK = {
    "channel": "in_person",
    "place": {"unit_id": SA_PA_VILLAGE, "text": "Cổng chùa"},
    "category": "abused",
    "harm_kinds": ["abandonment"],
    "emergency": True,
    "children": [{"estimated_age": 0, "sex": "female", "condition": "Mới sinh vài ngày, lạnh."}],
    "narrative": "Sư thầy thấy bé trong giỏ lúc 4 giờ sáng, không có giấy tờ.",
}
NAMELESS = {
    "full_name": "Chưa đặt tên (bé gái ở cổng chùa 16/11/2026)",
    "sex": "female",
    "estimated_age": 0,
    "birth_registration": "not_registered",
    "circumstances": [{"group": "abandoned", "subgroup": "abandoned.not_in_alternative_care", "from_on": "2026-11-16"}],
}
UNASKED = {"child_was_asked": False, "child_wishes": None, "child_not_asked_reason": "Trẻ sơ sinh."}
NEEDS = {"ground": "orphan_abandoned_no_support", "circumstances": "Bị bỏ rơi, không rõ cha mẹ.", **UNASKED}
NOTICE = {"posted_on": "2026-11-17", "until_on": "2026-11-24", "places": ["Trụ sở UBND phường", "Đài truyền thanh"]}
HANDED = {"handed_over_by": "UBND phường Sa Pa", "received_by": "Lù Thị Mẩy", "met_on": ["2026-11-17", "2026-11-26"]}


async def test_a_baby_is_left_at_a_pagoda(  # noqa: PLR0915 - one story
    clock, sa_pa_village_collaborator, sa_pa_officer, sa_pa_leader, sa_pa_inspector, ta_van_officer, ta_van_leader
):
    # Before any of this three families have given notice, two here and one in Tả Van, which has sent its list on.
    clock.set(at("2026-11-13"))
    stranger = {"is_foreigner": True, "resident_from": "2020-01-01", "resident_until": "2030-01-01"}
    foreign = await listed(sa_pa_officer, sa_pa_leader, judicial_record_on="2026-09-01", **stranger)
    elsewhere = await listed(ta_van_officer, ta_van_leader)
    near = await listed(sa_pa_officer, sa_pa_leader)
    await list_sent(ta_van_officer, sent_on="2026-11-12")

    # Monday, five in the morning: the villager writes down what the monk says. Nothing needs to be known.
    clock.set(at("2026-11-16", 5))
    report_id = (await taken(sa_pa_village_collaborator, **MONK))["id"]
    assert (await sa_pa_village_collaborator.get(f"/intakes/{report_id}")).status_code == 403
    clock.forward(minutes=30)
    version = (await sa_pa_officer.get(f"/intakes/{report_id}")).headers["ETag"]
    known = await sa_pa_officer.post(f"/intakes/{report_id}/acknowledge", json={}, headers={"If-Match": version})
    assert known.status_code == 200, known.text
    file = await opened(sa_pa_officer, await judged(sa_pa_officer, report_id, conclusion="Cần chăm sóc ngay."))
    assert due((await clocks(sa_pa_officer, file.case_id))["emergency.intervene"]) == at("2026-11-16", 17)
    head = await file.refresh(sa_pa_officer)
    assert (head["child_name"], head["commune_id"], head["harm_doer_is_carer"]) == (None, SA_PA, False)
    doctor = {"measure": "hospital", "description": "Ủ ấm, khám, tiêm phòng.", "done_by": "Trạm y tế phường"}
    await file.do(sa_pa_officer, "/emergency-measures", doctor)
    link = await file.do(sa_pa_officer, "/register-child", {"child": NAMELESS})
    child = (await sa_pa_officer.get(f"/children/{link['child_id']}")).json()
    assert (child["birth_registration"], child["guardians"]) == ("not_registered", [])

    # The same morning the leader takes her into protection for fifteen days, and asks who could have her.
    apart = await file.do(sa_pa_leader, "/separations", {
        "decision_number": "7/QĐ-UBND", "decided_on": "2026-11-16", "grounds": ["harm_or_risk_by_carer"],
        "separated_from": ["unknown"], "needs_and_safety": "Không rõ cha mẹ.", "days": 15,
        "stay": {"kind": "health_facility", "name": "Trạm y tế phường Sa Pa"}})  # fmt: skip
    place = (await clocks(sa_pa_leader, file.case_id))["separation.place"]
    assert (place["as_soon_as_possible"], "Điều 32.2, 32.4" in place["article"]) == (True, True)
    offered = (await sa_pa_officer.get(f"/cases/{file.case_id}/placement-candidates")).json()
    assert offered["child_must_be_asked"] is False
    assert [(one["carer_id"], one["order"], one["order_article"][-6:]) for one in offered["carers"]] == [
        (near["id"], "commune", "42.3.b"),
        (elsewhere["id"], "vietnamese", "42.3.c"),
        (foreign["id"], "foreigner", "42.3.d"),
    ]
    assert offered["carers"][1]["full_name"] is None
    decision = {"carer_id": near["id"], "decision_number": "8/QĐ-UBND", "decided_on": "2026-11-16"}
    hurried = await file.post(sa_pa_leader, "/placements", decision)
    assert {one["what"]: one["article"][-6:] for one in hurried.json()["missing"]} == {
        "care_needs": "38.3.d",
        "consent": "u 63.1",
        "child_identity_paper": "38.3.a",
        "child_health_certificate": "38.3.b",
        "child_photos": "38.3.c",
        "abandonment_minutes": "38.3.đ",
    }
    at_once = await file.do(sa_pa_leader, "/placements", decision | {"temporary": True})
    assert at_once["in_force"] is True
    paper = await sa_pa_leader.get(f"/cases/{file.case_id}/forms/mau-12", params={"format": "docx"})
    said = text_of(paper.content, "docx")
    assert ("khoản4Điều32" in said, "thựchiệnngay" in said, "15ngàylàmviệc" in said) == (True, True, False)
    running = set(await clocks(sa_pa_leader, file.case_id))
    assert ("separation.end" in running, "separation.place" in running) == (True, False)

    # Her family is looked for in public, for as long as the notice says; whoever does nothing has a task that says so.
    notice = (await clocks(sa_pa_officer, file.case_id))["family.notice"]
    assert ("10.1 a2" in notice["article"], due(notice).date().isoformat()) == (True, "2026-11-18")
    clock.set(at("2026-11-17"))
    await file.do(sa_pa_officer, "/family-notices", NOTICE)
    running = await clocks(sa_pa_officer, file.case_id)
    assert "family.notice" not in running
    assert due(running["birth.register"]).date().isoformat() == "2026-12-01"

    # A plan is made where nobody can be asked and no parent comes; the decision tells nobody's parents, and says so.
    clock.set(at("2026-11-18"))
    wishes = {"carers_wishes": [], "carers_not_asked_reason": "Không rõ cha mẹ là ai."}
    await file.do(sa_pa_officer, "/assessments", ASSESSMENT | UNASKED | wishes)
    there = [
        {"role": "chair", "full_name": "Giàng Thị Mai"},
        {"role": "police", "full_name": "Vàng A Dế", "body_name": "Công an phường"},
        {"role": "neighbourhood_representative", "full_name": "Lý A Sếnh"},
    ]
    nobody = {"attendees": there, "carers_absent_reason": "Không rõ cha mẹ là ai."}
    await file.do(sa_pa_officer, "/meetings", meeting(clock.at) | nobody)
    drafted = await file.do(sa_pa_officer, "/intervention-plans", plan("2026-11-20", "2027-02-28", "UBND phường"))
    await file.do(sa_pa_officer, f"/intervention-plans/{drafted['id']}/submit", {})
    decided = await file.approve(sa_pa_leader, drafted["id"], "2026-11-18", "9/QĐ-UBND")
    sent = f"/decisions/{decided['decisions'][0]['id']}/sendings"
    body = {"recipient_kind": "implementing_body", "recipient": "UBND phường", "way": "in_person"}
    await file.do(sa_pa_officer, sent, body)
    parents = {"recipient_kind": "parent_or_carer", "recipient": "Cha, mẹ", "way": "not_possible"}
    await file.do(sa_pa_officer, sent, parents | {"not_sent_reason": "Không rõ cha mẹ là ai."})
    assert "decision.send" not in await clocks(sa_pa_officer, file.case_id)

    # Nobody comes for her. On day twelve lasting care takes over from the separation (TT 14/2020, Điều 14.3 b).
    clock.set(at("2026-11-28"))
    unsaid = await file.post(sa_pa_officer, "/care-needs", NEEDS)
    assert [one["code"] for one in unsaid.json()["errors"]] == ["found_abandoned"]
    no_birth = {"paper": "child_identity_paper", "there_is_one": False}
    await file.do(sa_pa_officer, "/care-needs", NEEDS | {"found_abandoned": True, "papers": [no_birth]})
    over = {"ground": "separation_ended", "decision_number": "14/QĐ-UBND", "ended_on": "2026-11-28"}
    await file.do(sa_pa_leader, f"/placements/{at_once['id']}/end", over | {"goes_to": "other_carer"})
    assert (await file.refresh(sa_pa_leader))["separation_id"] == apart["id"]
    lasting = {"carer_id": near["id"], "decision_number": "15/QĐ-UBND", "decided_on": "2026-11-28"}
    ground = {"ground": "no_natural_guardian", "reason": "Không rõ cha mẹ là ai."}
    lasting |= {"consent": {"override": ground}, "guardian_appointed": True, "guardian_agreed_on": "2026-11-27"}
    bare = await file.post(sa_pa_leader, "/placements", lasting)
    lacked = ["child_health_certificate", "child_photos", "abandonment_minutes"]
    assert [one["what"] for one in bare.json()["missing"]] == lacked
    papers = [{"paper": paper, "kept_at": "Hồ sơ giấy, tủ số 2"} for paper in lacked]
    await file.do(sa_pa_officer, "/care-papers", {"papers": papers})
    assert "birth.register" in await clocks(sa_pa_officer, file.case_id)
    registered = {"paper": "child_identity_paper", "reference": "Giấy khai sinh số 77/2026"}
    await file.do(sa_pa_officer, "/care-papers", {"papers": [registered]})
    dossier = (await sa_pa_leader.get(f"/cases/{file.case_id}/care-papers")).json()
    assert [one["status"] for one in dossier["dossier"]] == [
        *("held", "held", "held", "in_case", "held", "in_case", "not_asked", "not_asked"),
    ]
    assert (dossier["missing"], dossier["dossier"][5]["step_id"]) == ([], apart["id"])
    placed = await file.do(sa_pa_leader, "/placements", lasting)
    assert placed["notices"] == []
    assert placed["consent"] == ground | {"given_by": [], "given_on": None, "article": "Luật Trẻ em, Điều 66.1"}
    assert (placed["form"], placed["stands_on"]) == ("non_relative", [apart["id"]])
    assert (await file.refresh(sa_pa_leader))["separation_id"] is None
    running = await clocks(sa_pa_leader, file.case_id)
    assert not {"family.notice", "birth.register"} & set(running)
    assert not {"separation.end", "separation.place"} & set(running)
    assert due(running["placement.hand_over"]).date().isoformat() == "2026-12-18"

    # Handed over, she is visited after one month and three, and then every six (Điều 43.2).
    await file.do(sa_pa_officer, f"/placements/{placed['id']}/handover", HANDED)
    running = await clocks(sa_pa_officer, file.case_id)
    assert {rule: due(task).date().isoformat() for rule, task in running.items() if rule.startswith("placement.")} == {
        "placement.visit_first": "2026-12-28",
        "placement.visit_second": "2027-02-28",
        "placement.report": "2027-05-28",
        "placement.carer_report_first": "2027-05-28",
        "placement.carer_report_yearly": "2027-11-28",
    }
    unseen = await ta_van_officer.get(f"/cases/{file.case_id}/placements")
    assert (unseen.status_code, code_of(unseen)) == (404, "not_found")
    assert await acts(sa_pa_officer, file) == [
        *("opening", "emergency_measure", "child_linked", "separation", "placement", "family_notice"),
        *("assessment", "meeting"),
        *("plan_drafted", "plan_submitted", "plan_approved", "decision_sent", "decision_sent", "care_needs"),
        *("placement_ended", "care_papers", "care_papers", "placement", "placement_handover"),
    ]
    done = await recorded(sa_pa_inspector, file.case_id)
    assert (done.count("case.placed"), done.count("case.child_handed_over")) == (2, 1)
