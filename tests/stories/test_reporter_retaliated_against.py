"""Who reports is threatened for it: sealed, revealed only with reason and record (NĐ 56/2017, Điều 24, 25, 33)."""

from urllib.parse import quote

from tests.answers import code_of
from tests.cases.stories import File, tag
from tests.people import PEOPLE
from tests.stories.telling import acts, at, clocks, judged, opened, recorded, taken

CALL = {
    "channel": "in_person",
    "category": "abused",
    "harm_kinds": ["sexual_abuse"],
    "harm_doers": [{"relation": "neighbour", "full_name": "Giàng A Pó"}],
    "children": [{"full_name": "Lý Thị Dua", "estimated_age": 11, "sex": "female"}],
    "reporter": {"kind": "teacher", "full_name": "Trần Thị Hạnh", "phone": "0912000111"},
    "confidentiality": "sensitive",
}
THREAT = {
    "channel": "phone",
    "category": "abused",
    "harm_kinds": ["other_harm"],
    "children": [{"full_name": "Lý Thị Dua", "estimated_age": 11, "sex": "female"}],
    "narrative": "Người bị tố giác đến trường dọa cô giáo và chặn đường cháu.",
    "reporter": {"kind": "teacher", "full_name": "Trần Thị Hạnh", "phone": "0912000111"},
}
WHY = {"reason": "Người tố giác bị đe dọa; cán bộ thứ hai là em của người bị tố giác."}


async def test_a_teacher_who_reports_is_threatened(
    clock, sa_pa_officer, sa_pa_second_officer, sa_pa_leader, sa_pa_inspector, lao_cai_province_officer
):
    # A teacher comes herself. Who she is stands in no answer, not even to the officer who wrote it down.
    clock.set(at("2026-10-05"))
    first = (await taken(sa_pa_officer, **CALL))["id"]
    read = await sa_pa_officer.get(f"/intakes/{first}")
    assert read.json()["reporter_known"] is True
    assert not [word for word in ("Hạnh", "0912000111", "Giàng A Pó") if word in read.text]
    file = await opened(sa_pa_officer, await judged(sa_pa_officer, first, emergency=True))
    assert (await file.refresh(sa_pa_officer))["confidentiality"] == "sensitive"

    # To call her back a reason is stated, and the inspector reads it.
    address = f"/intakes/{first}/reporter"
    bare = await sa_pa_officer.get(address)
    assert (bare.status_code, code_of(bare)) == (400, "reason_required")
    dots = await sa_pa_officer.get(address, headers={"X-Action-Reason": "... –".encode()})
    assert (dots.status_code, code_of(dots)) == (400, "reason_required")
    told = await sa_pa_officer.get(address, headers={"X-Action-Reason": quote("Gọi lại để hẹn gặp.")})
    assert told.json()["full_name"] == "Trần Thị Hạnh"
    assert (await recorded(sa_pa_inspector, first)).count("intake.reporter_revealed") == 1
    assert (await sa_pa_inspector.get(f"/intakes/{first}")).status_code == 403

    # A week later the man stops the girl and threatens the teacher. It joins the case, with 12 hours of its own.
    await file.do(sa_pa_officer, "/emergency-measures", {
        "measure": "safe_place", "description": "Cháu ở nhà cậu.", "done_by": "UBND phường"})  # fmt: skip
    clock.set(at("2026-10-12", 17))
    second = await judged(sa_pa_officer, (await taken(sa_pa_officer, **THREAT))["id"], emergency=True)
    joined = await sa_pa_officer.post(
        f"/intakes/{second.id}/join-case",
        json={"case_id": str(file.case_id), "intake_child_id": str(second.children[0])},
        headers=tag(second.row_version),
    )
    assert joined.status_code == 200, joined.text
    assert "emergency.intervene" in await clocks(sa_pa_officer, file.case_id)
    police = {"body": "police", "body_name": "Công an phường Sa Pa", "subject": "Đe dọa người tố giác."}
    await file.refresh(sa_pa_officer)
    await file.do(sa_pa_officer, "/handovers", police)
    guarded = {"measure": "guarded", "description": "Công an đưa đón cháu.", "done_by": "Công an phường"}
    await file.do(sa_pa_officer, "/emergency-measures", guarded)
    assert "emergency.intervene" not in await clocks(sa_pa_officer, file.case_id)

    # The second officer is his brother: named by the leader, he sees nothing of it, and the other report neither.
    assert (await sa_pa_second_officer.get(f"/cases/{file.case_id}")).status_code == 200
    brother = {"user_id": str(PEOPLE["sa_pa_second_officer"].id)} | WHY
    named = await sa_pa_leader.post(f"/cases/{file.case_id}/exclusions", json=brother)
    assert named.status_code == 201, named.text
    await _nothing_is_there(sa_pa_second_officer, file, first, second.id)

    # The leader seals it: for her, for the officer she names, and for whoever opened it there; not for the province.
    assert (await lao_cai_province_officer.get(f"/cases/{file.case_id}")).status_code == 200
    version = (await sa_pa_leader.get(f"/cases/{file.case_id}/confidentiality")).json()["row_version"]
    body = {"level": "sealed", "recipients": [str(PEOPLE["sa_pa_officer"].id)]} | WHY
    sealed = await sa_pa_leader.put(f"/cases/{file.case_id}/confidentiality", json=body, headers=tag(version))
    assert sealed.status_code == 200, sealed.text
    await _nothing_is_there(lao_cai_province_officer, file, first, second.id)
    for who in (sa_pa_officer, sa_pa_leader):
        assert (await who.get(f"/cases/{file.case_id}")).status_code == 200
    assert (await sa_pa_officer.get(f"/intakes/{second.id}")).json()["confidentiality"] == "sealed"

    assert await acts(sa_pa_officer, file) == [
        "opening", "emergency_measure", "report_joined", "handover", "emergency_measure"]  # fmt: skip
    done = await recorded(sa_pa_inspector, file.case_id)
    assert {"case.person_excluded", "case.confidentiality_set", "case.handed_over"} <= set(done)


async def _nothing_is_there(who, file: File, *reports: str) -> None:
    for path in (f"/cases/{file.case_id}", f"/cases/{file.case_id}/timeline", *(f"/intakes/{one}" for one in reports)):
        assert (await who.get(path)).status_code == 404, path
    for path in ("/cases", "/intakes"):
        assert (await who.get(path)).json()["items"] == []
    assert await clocks(who, file.case_id) == {}
