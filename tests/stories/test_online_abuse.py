"""Abused online by somebody in another province: police, a psychologist, and the other commune's part of the file."""

from urllib.parse import quote

from tests.answers import code_of
from tests.cases.stories import ASSESSMENT
from tests.people import HOANG_MAI, SA_PA
from tests.stories.telling import acts, at, clocks, due, judged, opened, recorded, taken

CALL = {
    "channel": "school",
    "place": {"text": "Trên mạng xã hội"},
    "category": "abused",
    "harm_kinds": ["sexual_abuse"],
    "harm_doers": [{"relation": "acquaintance", "description": "Tài khoản mạng, tự nhận ở Định Công, Hà Nội."}],
    "children": [{"full_name": "Sùng Thị Ly", "born_on": "2013-01-15", "sex": "female"}],
    "narrative": "Bị dụ dỗ gửi ảnh, sau đó bị đe dọa tung ảnh.",
    "reporter": {"kind": "teacher", "full_name": "Đỗ Văn Nam", "phone": "0912000222"},
    "confidentiality": "sensitive",
}
POLICE = {
    "body": "police",
    "body_name": "Công an tỉnh Lào Cai",
    "document_number": "14/CV-UBND",
    "document_on": "2026-03-16",
    "subject": "Chuyển tin báo xâm hại tình dục trẻ em qua mạng.",
    "evidence": ["Ảnh chụp màn hình tin nhắn"],
}
EVIDENCE = {"measure": "evidence_kept", "description": "Giữ nguyên điện thoại, không xóa.", "done_by": "Công an phường"}
HARM_DOER = {
    "role": "alleged_harm_doer",
    "relation": "acquaintance",
    "full_name": "Nguyễn Văn Tuấn",
    "address": "Định Công, Hà Nội",
}
PSYCHOLOGIST = {
    "body_name": "Trung tâm Công tác xã hội tỉnh Lào Cai",
    "group": "psychology",
    "request": "Tham vấn cho một em gái 13 tuổi, nói tiếng Mông.",
    "respond_by": "2026-03-18T10:00:00Z",
    "consent": {"given_by": ["child", "mother"], "given_on": "2026-03-16"},
}
WHY = "Người bị tố giác cư trú trên địa bàn; phối hợp xác minh theo đề nghị của công an."


async def test_a_girl_is_abused_online_from_another_province(  # noqa: PLR0915 - one story
    clock, sa_pa_officer, sa_pa_leader, sa_pa_inspector, hoang_mai_officer, hoang_mai_leader, ha_noi_province_officer
):
    # It happened nowhere one could drive to: the report stays with the commune that took it, where the girl lives.
    clock.set(at("2026-03-16"))
    receipt = await taken(sa_pa_officer, **CALL)
    assert (receipt["office"]["unit_id"], receipt["emergency"]) == (SA_PA, False)
    report = await judged(sa_pa_officer, receipt["id"], harm_level="high", emergency=True)
    # What may be a crime goes to the police with the opening (Điều 25.3, 31.4).
    file = await opened(sa_pa_officer, report, handover=POLICE)
    assert due((await clocks(sa_pa_officer, file.case_id))["emergency.intervene"]) == at("2026-03-16", 20)
    await file.do(sa_pa_officer, "/emergency-measures", EVIDENCE)
    assert set(await clocks(sa_pa_officer, file.case_id)) == {"case.assess"}
    linked = await file.do(sa_pa_officer, "/register-child", {"child": {
        "full_name": "Sùng Thị Ly", "sex": "female", "born_on": "2013-01-15"}})  # fmt: skip
    party = await file.do(sa_pa_officer, "/parties", HARM_DOER)
    assert (party["sealed"], party["full_name"]) == (True, None)

    # The psychologist is told what is needed for it, and not her name; she does not answer, and the office asks again.
    asked = await file.do(sa_pa_officer, "/referrals", PSYCHOLOGIST)
    assert (asked["child"], asked["consent"]["given_by"]) == (None, ["child", "mother"])
    clock.set(at("2026-03-19"))
    late = await clocks(sa_pa_officer, asked["id"], status="overdue")
    assert "Điều 29.1" in late["referral.follow_up"]["article"]
    said = {"answered_by": "CN Lê Thị Hoa, phòng Tham vấn"}
    for answer in ("accepted", "done"):
        await file.do(sa_pa_officer, f"/referrals/{asked['id']}/answer", {"answer": answer} | said)
    assert await clocks(sa_pa_officer, asked["id"]) == {}
    wishes = {"carers_wishes": [{"relation": "mother", "wishes": "Giữ kín chuyện này."}]}
    await file.do(sa_pa_officer, "/assessments", ASSESSMENT | wishes)

    # Hoàng Mai, where he lives, sees nothing; then what its leader here grants, for a month: the hand-over alone.
    address = f"/cases/{file.case_id}"
    assert (await hoang_mai_officer.get(address)).status_code == 404
    grant = {"commune_id": HOANG_MAI, "kinds": ["handover"], "reason": WHY, "valid_to": "2026-04-19"}
    assert (await file.post(sa_pa_officer, "/grants", grant)).status_code == 403
    given = await file.do(sa_pa_leader, "/grants", grant)
    assert await acts(hoang_mai_officer, file) == ["handover"]
    (handed,) = (await hoang_mai_leader.get(f"{address}/handovers")).json()["items"]
    assert (handed["body_name"], handed["document_number"]) == ("Công an tỉnh Lào Cai", "14/CV-UBND")
    for part in ("parties", "assessments", "referrals", "emergency-measures", "intervention-plans"):
        assert (await hoang_mai_officer.get(f"{address}/{part}")).json()["items"] == [], part
    for hidden in (f"/intakes/{receipt['id']}", f"/intakes/{receipt['id']}/reporter", f"/children/{linked['child_id']}",
                   f"{address}/parties/{party['id']}/revealed"):  # fmt: skip
        seen = await hoang_mai_officer.get(hidden, headers={"X-Action-Reason": quote("Xác minh.")})
        assert seen.status_code == 404, hidden
    own = (await hoang_mai_officer.get(f"{address}/grants")).json()["items"]
    assert [one["commune_id"] for one in own] == [HOANG_MAI]
    head = (await hoang_mai_officer.get(address)).json()
    assert (head["assessment_id"], head["emergency_measure_at"]) == (None, None)
    writing = await hoang_mai_officer.post(f"{address}/progress-notes", json={"note": "x"}, headers={"If-Match": '"1"'})
    assert writing.status_code == 404
    assert (await hoang_mai_officer.get("/cases")).json()["items"] == []
    (row,) = (await hoang_mai_officer.get("/cases", params={"shared": "true"})).json()["items"]
    assert (row["id"], row["child_name"]) == (str(file.case_id), "S. T. L.")
    assert (await ha_noi_province_officer.get(address)).status_code == 404

    # He was arrested: the leader takes the grant back before its time, and the family is told who looked.
    clock.set(at("2026-03-30"))
    await file.do(sa_pa_leader, f"/grants/{given['id']}/revoke", {"reason": "Đã khởi tố, bắt tạm giam."})
    assert (await hoang_mai_officer.get(address)).status_code == 404
    gone = await hoang_mai_officer.get(f"{address}/timeline")
    assert (gone.status_code, code_of(gone)) == (404, "not_found")
    always = {"since": "2020-01-01T00:00:00Z", "until": "2099-01-01T00:00:00Z", "limit": 200}
    log = await sa_pa_inspector.get(f"/children/{linked['child_id']}/access-log", params=always)
    assert log.status_code == 200, log.text
    assert "child.registered" in [one["action"] for one in log.json()["items"]]

    assert await acts(sa_pa_officer, file) == [
        *("opening", "handover", "emergency_measure", "child_linked", "party", "referral", "referral_answered"),
        *("referral_answered", "assessment", "grant", "grant_revoked"),
    ]
    events = (await sa_pa_inspector.get("/audit-events", params=always | {"record_id": file.case_id})).json()["items"]
    looked = {one["action"] for one in events if one["actor_unit_id"] == HOANG_MAI}
    assert "case.opened_to_read" in looked
    assert {"case.granted", "case.grant_revoked"} <= set(await recorded(sa_pa_inspector, file.case_id))
