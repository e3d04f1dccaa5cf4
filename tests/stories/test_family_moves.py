"""A family moves to another province in the middle of a plan, and nothing falls between (Luật Trẻ em, Điều 52.2)."""

from tests.answers import code_of
from tests.cases.stories import ASSESSMENT, REVIEW, File, keyed, meeting, tag
from tests.people import HOANG_MAI, SA_PA
from tests.stories.telling import acts, at, clocks, due, judged, opened, plan, recorded, taken

CALL = {
    "channel": "collaborator",
    "category": "at_risk",
    "harm_kinds": ["neglect"],
    "children": [{"full_name": "Chảo A Sử", "born_on": "2016-04-02", "sex": "male"}],
}
OFFER = {
    "residence": {"unit_id": HOANG_MAI},
    "address": "Phòng trọ số 5, ngõ 12 phố Định Công",
    "moved_on": "2026-05-25",
    "reason": "Gia đình chuyển hẳn xuống Hà Nội làm việc.",
    "summary": "Đang tham vấn; cần giữ người theo dõi, cháu nói tiếng Dao.",
}
CONSENT = {"consent": {"given_by": ["child", "mother"], "given_on": "2026-05-26"}}


async def test_a_family_moves_in_the_middle_of_a_plan(  # noqa: PLR0915 - one story
    clock, sa_pa_officer, sa_pa_leader, hoang_mai_officer, hoang_mai_leader, hoang_mai_inspector,
    lao_cai_province_officer, ha_noi_province_officer
):  # fmt: skip
    clock.set(at("2026-05-04"))
    report = await judged(sa_pa_officer, (await taken(sa_pa_officer, **CALL))["id"], emergency=False)
    file = await opened(sa_pa_officer, report)
    await file.do(sa_pa_officer, "/assessments", ASSESSMENT)
    await file.do(sa_pa_officer, "/meetings", meeting(clock.at))
    drafted = await file.do(sa_pa_officer, "/intervention-plans", plan("2026-05-11", "2026-08-31"))
    await file.do(sa_pa_officer, f"/intervention-plans/{drafted['id']}/submit", {})
    decided = await file.approve(sa_pa_leader, drafted["id"], "2026-05-04")
    sent = f"/decisions/{decided['decisions'][0]['id']}/sendings"
    for kind, name in (("implementing_body", "Trạm y tế xã"), ("parent_or_carer", "Mẹ cháu")):
        await file.do(sa_pa_officer, sent, {"recipient_kind": kind, "recipient": name, "way": "in_person"})
    service = {"plan_service_id": decided["services"][0]["id"], "provided_by": "Trạm y tế"}
    clock.set(at("2026-05-12"))
    await file.do(sa_pa_officer, "/services", service | {"progress": "begun"})

    # The leader offers the case with their consent; without it, or the law's ground, there is no offer.
    clock.set(at("2026-05-27"))
    assert (await file.post(sa_pa_leader, "/transfer", OFFER)).status_code == 422
    offered = await file.do(sa_pa_leader, "/transfer", OFFER | CONSENT)
    answer_by = (await clocks(hoang_mai_leader, offered["id"]))["transfer.answer"]
    assert due(answer_by).date().isoformat() == "2026-05-29"
    # Until it is taken Sa Pa leads and answers for the clock; Hoàng Mai sees the offer alone.
    assert set(await clocks(sa_pa_officer, file.case_id)) == {"plan.review"}
    assert (await hoang_mai_leader.get(f"/cases/{file.case_id}")).status_code == 404
    (seen,) = (await hoang_mai_officer.get("/transfers")).json()["items"]
    assert (seen["child"]["full_name"], seen["summary"]) == ("C. A. S.", OFFER["summary"])

    # First they are not found at the address, so it is declined with a reason, and stays where it was.
    path = f"/transfers/{offered['id']}"
    no = {"reason": "Chưa tìm thấy gia đình ở địa chỉ này."}
    declined = await hoang_mai_leader.post(f"{path}/decline", json=no, headers=tag(1) | keyed())
    assert declined.json()["status"] == "declined"
    assert set(await clocks(sa_pa_officer, file.case_id)) == {"plan.review", "request.declined"}
    await file.refresh(sa_pa_leader)
    again = await file.do(sa_pa_leader, "/transfer", OFFER | CONSENT | {"address": "Phòng 7, ngõ 12 phố Định Công"})
    clock.set(at("2026-05-28"))
    path = f"/transfers/{again['id']}"
    taken_over = await hoang_mai_leader.post(f"{path}/accept", json={}, headers=tag(1) | keyed())
    assert taken_over.status_code == 200, taken_over.text
    assert (taken_over.json()["commune_id"], taken_over.json()["status"]) == (HOANG_MAI, "implementing")

    # The clock goes on with its own term, beside the new office's receipt; the old office has none left.
    (review,) = (await clocks(hoang_mai_officer, file.case_id)).values()
    assert (review["rule"], due(review).date().isoformat()) == ("plan.review", "2026-08-31")
    assert (review["commune_id"], review["receipt_at"]) == (HOANG_MAI, "2026-05-28T01:00:00Z")
    assert await clocks(sa_pa_officer, file.case_id) == {}
    mine = File(file.case_id)
    await mine.refresh(hoang_mai_officer)
    await mine.do(hoang_mai_officer, "/services", service | {"progress": "done", "provided_by": "Trạm y tế Định Công"})
    assert (await ha_noi_province_officer.get(f"/cases/{file.case_id}")).status_code == 200

    # Sa Pa answers for its own work for a year, its offers with it, and reads nothing that came after it.
    assert await acts(sa_pa_officer, file) == [
        *("opening", "assessment", "meeting", "service", "transfer_offered", "transfer_offered")
    ]
    grants = (await hoang_mai_leader.get(f"/cases/{file.case_id}/grants")).json()["items"]
    assert {(one["commune_id"], one["reason"], one["valid_to"]) for one in grants} == {
        (SA_PA, "led_before", "2027-05-28"), (SA_PA, "commune_of_incident", "2027-05-28")}  # fmt: skip
    assert (await lao_cai_province_officer.get(f"/cases/{file.case_id}")).status_code == 404
    late = await file.post(sa_pa_officer, "/progress-notes", {"note": "x"})
    assert (late.status_code, code_of(late), late.json()["to_commune_id"]) == (409, "case_moved", HOANG_MAI)

    # Hoàng Mai ends what Sa Pa began.
    clock.set(at("2026-08-28"))
    await mine.do(hoang_mai_officer, "/reviews", REVIEW)
    assert (await mine.do(hoang_mai_leader, "/close", {}))["status"] == "closed"
    assert (await acts(hoang_mai_officer, mine))[-7:] == [
        *("transfer_offered", "transfer_declined", "transfer_offered", "transfer_accepted", "service", "review"),
        "closure",
    ]
    done = await recorded(hoang_mai_inspector, file.case_id)
    assert done.count("case.transferred") == 1
    # The year is over; the report is Sa Pa's own.
    clock.set(at("2027-06-01"))
    assert (await sa_pa_officer.get(f"/cases/{file.case_id}/timeline")).status_code == 404
