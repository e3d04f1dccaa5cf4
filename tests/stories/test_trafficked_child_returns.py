"""A trafficked girl is handed over at the border without name or papers (Luật Trẻ em, Điều 10.1 m; NĐ 56, Điều 14)."""

from tests.answers import code_of
from tests.cases.stories import ASSESSMENT, keyed, tag
from tests.people import LAO_CAI, SA_PA
from tests.stories.telling import acts, at, clocks, judged, opened, recorded, taken

HANDED_OVER = {
    "channel": "police",
    "place": {"province": {"unit_id": LAO_CAI}, "text": "Cửa khẩu quốc tế"},
    "category": "special_circumstances",
    "harm_kinds": ["trafficking"],
    "harm_doers": [{"relation": "unknown"}],
    "children": [{"estimated_age": 14, "sex": "female", "condition": "Mệt, sợ người lạ."}],
    "emergency": True,
}
NAMELESS = {
    "full_name": "Chưa rõ tên (em gái bàn giao ngày 10/8/2026)",
    "sex": "female",
    "estimated_age": 14,
    "birth_registration": "unknown",
    "circumstances": [{"group": "trafficked", "from_on": "2026-08-10"}],
}
POLICE = {"body": "police", "body_name": "Công an tỉnh Lào Cai", "subject": "Xác minh nhân thân; mua bán người."}
NEEDED = {"ground": "nobody_to_ask", "reason": "Chưa biết cha mẹ là ai; cần trả lời để bảo vệ trẻ."}


async def test_a_trafficked_girl_returns_without_papers(  # noqa: PLR0915 - one story
    clock, sa_pa_officer, sa_pa_leader, sa_pa_inspector, lao_cai_province_officer, ta_leng_officer
):
    # The border police know neither her name nor her village: the report lies with the province, which sends it on.
    clock.set(at("2026-08-10"))
    receipt = await taken(lao_cai_province_officer, **HANDED_OVER)
    assert (receipt["office"]["unit_id"], receipt["emergency"]) == (LAO_CAI, True)
    running = await clocks(lao_cai_province_officer, receipt["id"], whose="my_province")
    assert "Điều 26.1" in running["intake.route"]["article"]
    address = f"/intakes/{receipt['id']}"
    assert (await sa_pa_officer.get(address)).status_code == 404
    clock.forward(minutes=40)
    there = {"to": {"unit_id": SA_PA}, "reason": "Trẻ đang ở nhà tạm lánh tại Sa Pa."}
    headers = tag(receipt["row_version"]) | keyed()
    routed = await lao_cai_province_officer.post(f"{address}/transfer", json=there, headers=headers)
    assert routed.status_code == 200, routed.text
    intervene = (await clocks(sa_pa_officer, receipt["id"]))["emergency.intervene"]
    assert intervene["due_at"] == "2026-08-10T13:00:00Z"

    version = (await sa_pa_officer.get(address)).json()["row_version"]
    known = await sa_pa_officer.post(f"{address}/acknowledge", json={}, headers=tag(version))
    assert known.status_code == 200, known.text

    # Nothing is known of where she lives, so the commune that has her leads (Điều 26.2).
    report = await judged(sa_pa_officer, receipt["id"], conclusion="Cần nơi ở an toàn, y tế.")
    nowhere = await report.open(sa_pa_officer, {"text": "một bản gần biên giới"})
    assert (nowhere.status_code, code_of(nowhere)) == (409, "residence_unknown")
    file = await opened(sa_pa_officer, report, handover=POLICE)
    shelter = {"measure": "essentials", "description": "Quần áo, bữa ăn, phòng riêng.", "done_by": "Nhà Nhân Ái"}
    await file.do(sa_pa_officer, "/emergency-measures", shelter)
    assert "emergency.intervene" not in await clocks(sa_pa_officer, file.case_id)
    head = await file.refresh(sa_pa_officer)
    assert (head["child_name"], head["child_estimated_age"], head["child_born_on"]) == (None, 14, None)

    # A record is made for her all the same: no papers, an age as estimated, the group of Điều 10.1 m.
    link = await file.do(sa_pa_officer, "/register-child", {"child": NAMELESS})
    child = (await sa_pa_officer.get(f"/children/{link['child_id']}")).json()
    assert (child["born_on_precision"], child["identifiers"], child["guardians"]) == ("estimated", [], [])
    assert [one["group"] for one in child["circumstances"]] == ["trafficked"]
    assert (await ta_leng_officer.get(f"/children/{link['child_id']}")).status_code == 404

    # Asked of the ministry, which may know of a search abroad, on the law's ground since nobody can consent.
    until = {"respond_by": "2026-08-20T00:00:00Z", "group": "legal"}
    bare = {"body_name": "Bộ Y tế, Cục Bà mẹ và Trẻ em", "request": "Đề nghị tra cứu tin tìm trẻ mất tích."} | until
    assert (await file.post(sa_pa_officer, "/referrals", bare)).status_code == 422
    asked = await file.do(sa_pa_officer, "/referrals", bare | {"consent": {"override": NEEDED}})
    assert "Điều 24.2, 25.2" in asked["consent"]["article"]
    wishes = {
        "carers_wishes": [],
        "carers_not_asked_reason": "Chưa tìm được cha mẹ.",
        "child_wishes": "Em muốn gọi mẹ.",
    }
    await file.do(sa_pa_officer, "/assessments", ASSESSMENT | wishes)

    # Ten days later the answer has a name and a birthday. The same record is mended, and remembers what stood there.
    clock.set(at("2026-08-19"))
    found = {"answer": "done", "answered_by": "Chuyên viên Hà Thị Thu", "note": "Khớp tin tìm trẻ năm 2024."}
    await file.do(sa_pa_officer, f"/referrals/{asked['id']}/answer", found | {"answer": "accepted"})
    await file.do(sa_pa_officer, f"/referrals/{asked['id']}/answer", found)
    identity = {"full_name": "Thào Thị Dí", "born_on": "2012-03-08", "born_on_precision": "day", "ethnicity": "08"}
    mended = await sa_pa_officer.patch(
        f"/children/{link['child_id']}", json=identity, headers=tag(child["row_version"])
    )
    assert mended.status_code == 200, mended.text
    paper = {"kind": "personal_id", "value": "010312000123", "issuer": "Công an tỉnh Lào Cai"}
    given = await sa_pa_officer.post(
        f"/children/{link['child_id']}/identifiers", json=paper, headers=tag(mended.json()["row_version"])
    )
    assert given.status_code == 201, given.text
    changes = (await sa_pa_officer.get(f"/children/{link['child_id']}/history")).json()["items"]
    renamed = next(one for one in changes if "full_name" in one["fields"] and one["action"] != "registered")
    assert renamed["fields"]["full_name"] == {"old": NAMELESS["full_name"], "new": "Thào Thị Dí"}
    mother = {"role": "parent", "relation": "mother", "full_name": "Sùng Thị Máy", "address": "Bản Phố"}
    await file.do(sa_pa_officer, "/parties", mother)
    (listed,) = (await sa_pa_officer.get("/cases", params={"child_id": link["child_id"]})).json()["items"]
    assert listed["id"] == str(file.case_id)

    assert await acts(sa_pa_officer, file) == [
        *("opening", "handover", "emergency_measure", "child_linked", "referral", "assessment"),
        *("referral_answered", "referral_answered", "party"),
    ]
    assert {"intake.arrived", "intake.assessed"} <= set(await recorded(sa_pa_inspector, receipt["id"]))
    assert "case.child_linked" in await recorded(sa_pa_inspector, file.case_id)
    assert (await sa_pa_leader.get(f"/cases/{file.case_id}")).status_code == 200
