"""Papers that change a separation, and what is written to the court: neither decree nor law has a form for them."""

from datetime import UTC, datetime

import pytest
from tests.cases.stories import ASSESSMENT, INITIAL_ASSESSMENT, REPORT, STAY, File, keyed, separation, tag
from tests.cases.test_separation import COURT
from tests.exchange.papers.reading import squeezed, text_of
from tests.exchange.papers.stories import SEPARATION, told_case
from tests.people import TA_VAN

from childcare_api.shared.clock import VIET_NAM

REASON = {"X-Action-Reason": "Tong dat quyet dinh."}
HARM_DOER = "KegaytonhaiKin"
SAID = {
    "separation-extension": (
        *("Về việc gia hạn thời hạn tạm thời cách ly", "Số: 8/QĐ-UBND", "CHỦ TỊCH ỦY BAN NHÂN DÂN XÃ TẢ VAN"),
        *(
            "Căn cứ Quyết định số 7/QĐ-UBND ngày 06 tháng 02 năm 2026 của Chủ tịch Ủy ban nhân dân",
            "Người cha còn đe dọa cháu;",
        ),
        "Căn cứ văn bản số 12/CV ngày 07 tháng 02 năm 2026 của Công an tỉnh Lào Cai yêu cầu tiếp tục cách ly",
        *("thêm 9 ngày, đến hết ngày 25 tháng 02 năm 2026", "khoản 3 Điều 32", "Như Điều 3;", "ta-van-leader"),
    ),
    "court-request": (
        *("TỜ TRÌNH", "Số: 3/TTr-UBND", "Kính gửi: Tòa án nhân dân khu vực 1", "khoản 3 Điều 52 Luật Trẻ em"),
        "Luật Trẻ em, Chủ tịch Ủy ban nhân dân xã Tả Van đề nghị Tòa án xem xét",
        *("Sau 15 ngày người cha vẫn đe dọa cháu.", "Tạm thời cách ly trẻ em và áp dụng biện pháp chăm sóc thay thế."),
        *(
            "Quyết định tạm thời cách ly trẻ em 7/QĐ-UBND 06/02/2026",
            "xem xét, quyết định./.",
            "Như trên;",
            "CHỦ TỊCH",
            "ta-van-leader",
        ),
    ),
}


@pytest.fixture(autouse=True)
def february(clock):
    clock.set(datetime(2026, 2, 5, 2, 30, tzinfo=UTC))


async def test_an_extension_and_a_request_to_the_court_are_papers_of_their_own(
    clock, ta_van_officer, ta_van_leader, events
):
    file = await told_case(clock, ta_van_officer)

    def today() -> str:
        return clock.at.astimezone(VIET_NAM).date().isoformat()

    decided = separation(clock.at.astimezone(VIET_NAM).date(), id=SEPARATION, separated_from=["mother", "father"])
    hidden = {"address": "Nhà Kín Đáo", "phone": "0912000222"}
    await file.do(ta_van_leader, "/separations", decided | {"stay": STAY | hidden})
    clock.forward(days=1)
    required = {"issuer": "Công an tỉnh Lào Cai", "number": "12/CV", "issued_on": today()}
    longer = {"decision_number": "8/QĐ-UBND", "decided_on": today(), "days": 9, "required_by": required}
    await file.do(ta_van_leader, f"/separations/{SEPARATION}/extend", longer | {"reason": "Người cha còn đe dọa cháu."})
    await file.do(ta_van_leader, "/court-requests", COURT | {"requested_on": today()})
    address = f"/cases/{file.case_id}/forms"
    for form, words in SAID.items():
        for kind in ("pdf", "docx"):
            answer = await ta_van_officer.get(f"{address}/{form}", params={"format": kind})
            assert answer.status_code == 200, answer.text
            text = text_of(answer.content, kind)
            assert [one for one in words if squeezed(one) not in text] == [], (form, kind)
            assert HARM_DOER not in text
            assert form == "court-request" or squeezed("khỏi: cha ……………………; mẹ ……………………,") in text
        named = await ta_van_leader.get(f"{address}/{form}", headers=REASON)
        assert HARM_DOER in text_of(named.content, "pdf"), form
        assert (await events("form.printed"))[-1]["reason"] == REASON["X-Action-Reason"]
    given = text_of((await ta_van_officer.get(f"{address}/mau-07", headers=REASON)).content, "pdf")
    assert [told for told in ("NhàKínĐáo", "0912000222") if told in given] == [], "the parents get this paper, too"
    bound = text_of((await ta_van_officer.get(f"{address}/case-file")).content, "pdf")
    in_order = [
        bound.index(squeezed(title))
        for title in (
            "Mẫu số 07: Quyết định",
            "8/QĐ-UBND 07/02/2026 Quyết định gia hạn thời hạn tạm thời cách ly trẻ em",
            "3/TTr-UBND 07/02/2026 Văn bản đề nghị Tòa án quyết định",
        )
    ]
    assert in_order == sorted(in_order)
    assert squeezed("7/QĐ-UBND Vàng Thị Dở Nhà Kín Đáo 0912000222") in bound
    listed = {one["form"]: one for one in (await ta_van_officer.get(address)).json()["items"]}
    assert all(listed[form]["layout_unverified"] for form in SAID)
    safe = await file.do(ta_van_officer, "/assessments", ASSESSMENT | {"carers_ensure_safety": True})
    lifted = {
        "decision_number": "9/QĐ-UBND",
        "decided_on": today(),
        "assessment_id": safe["id"],
        "returned_to": "mother",
    }
    await file.do(ta_van_leader, f"/separations/{SEPARATION}/cancel", lifted | {"reason": "Đã bảo đảm an toàn."})
    again = COURT | {"request_number": "14/UBND-VX", "requested_on": today(), "measures": ["restrict_rights"]}
    await file.do(ta_van_leader, "/court-requests", again)
    text = text_of((await ta_van_officer.get(f"{address}/court-request")).content, "pdf")
    told = (
        "Số: 14/UBND-VX V/v đề nghị Tòa án quyết định hạn chế quyền của cha, mẹ, người chăm sóc trẻ em",
        *("Quyết định hủy bỏ quyết định tạm thời cách ly trẻ em 9/QĐ-UBND", "- Hạn chế quyền"),
    )
    assert [one for one in told if squeezed(one) not in text] == []
    assert "TỜTRÌNH" not in text
    assert "VĂNBẢNĐỀNGHỊ" not in text, "an official letter has no title"


async def test_a_request_to_the_court_names_parents_and_carers_and_no_neighbour(clock, ta_van_officer, ta_van_leader):
    """Who is said to have done the harm stands there only as a parent or carer."""
    harm_doers = [{"relation": "neighbour", "full_name": "Kegaytonhai Kin"}]
    told = REPORT | {"place": {"unit_id": TA_VAN}, "harm_doers": harm_doers, "received_at": clock.at.isoformat()}
    taken = (await ta_van_officer.post("/intakes", json=told, headers=keyed())).json()
    address = f"/intakes/{taken['id']}"
    judged = await ta_van_officer.post(f"{address}/assess", json=INITIAL_ASSESSMENT, headers=tag(taken["row_version"]))
    child = {"children": [{"intake_child_id": judged.json()["children"][0]["id"]}]}
    opened = await ta_van_officer.post(f"{address}/open-case", json=child, headers=tag(judged.json()["row_version"]))
    file = File(opened.json()["cases"][0]["id"])
    asked = COURT | {"requested_on": clock.at.astimezone(VIET_NAM).date().isoformat()}
    await file.do(ta_van_leader, "/court-requests", asked)
    paper = f"/cases/{file.case_id}/forms/court-request"
    text = text_of((await ta_van_officer.get(paper)).content, "pdf")
    related = squeezed("Cha, mẹ, người chăm sóc trẻ em có liên quan: ")
    assert related in text
    assert "hàngxóm" not in text
    await file.do(ta_van_officer, "/parties", {"role": "carer", "relation": "grandparent", "full_name": "Vàng Thị Dở"})
    text = text_of((await ta_van_officer.get(paper)).content, "pdf")
    assert related + squeezed("ông, bà Vàng Thị Dở") in text
    # Found out since: it is the father, and the mother is asked to lose nothing.
    for role, relation, name in (("parent", "mother", "Lù Thị Mẩy"), ("alleged_harm_doer", "father", HARM_DOER)):
        await file.do(ta_van_officer, "/parties", {"role": role, "relation": relation, "full_name": name})
    text = text_of((await ta_van_officer.get(paper)).content, "pdf")
    assert related + squeezed("cha ……………………") in text
    assert squeezed("Lù Thị Mẩy") not in text


async def test_whose_sex_is_known_is_called_by_one_word_and_the_harm_doers_is_sealed(
    clock, ta_van_officer, ta_van_leader
):
    file = await told_case(clock, ta_van_officer)
    for role, relation, name, sex in (
        ("carer", "step_parent", "Giàng A Tráng", "male"),
        ("carer", "grandparent", "Vàng Thị Dợ", "female"),
        ("carer", "grandparent", "Vàng A Páo", "male"),
        ("carer", "adoptive_parent", "Lù Seo Sì", "unknown"),
    ):
        said = {"role": role, "relation": relation, "full_name": name, "sex": sex}
        assert (await file.do(ta_van_officer, "/parties", said))["sex"] == sex
    day = clock.at.astimezone(VIET_NAM).date()
    stay = {"stay": STAY | {"name": "Vàng thị Dợ"}}
    apart = separation(day, separated_from=["step_parent", "grandparent", "adoptive_parent"]) | stay
    await file.do(ta_van_leader, "/separations", apart)

    async def printed(form: str = "mau-07", **headers: str) -> str:
        answer = await ta_van_leader.get(f"/cases/{file.case_id}/forms/{form}", headers=headers)
        return text_of(answer.content, "pdf")

    others = "cha mẹ nuôi Lù Seo Sì; bà Vàng Thị Dợ, ông Vàng A Páo. Lý do"
    assert squeezed(f"khỏi: cha dượng Giàng A Tráng; {others}") in await printed()
    assert squeezed("Vàng thị Dợ (người thân thích; quan hệ với trẻ em: bà)") in await printed()
    assert squeezed("Người chăm sóc Giàng A Tráng Cha dượng") in await printed("case-file")
    harmed = {"role": "alleged_harm_doer", "relation": "step_parent", "full_name": HARM_DOER, "sex": "female"}
    added = await file.do(ta_van_officer, "/parties", harmed)
    assert (added["sealed"], added["sex"]) == (True, None)
    assert squeezed(f"khỏi: cha dượng, mẹ kế ……………………; {others}") in await printed()
    assert "Mẹkế" not in await printed("case-file")
    named = await printed(**REASON)
    assert squeezed(f"khỏi: cha dượng Giàng A Tráng, mẹ kế {HARM_DOER}; {others}") in named
    shown = await ta_van_leader.get(f"/cases/{file.case_id}/parties/{added['id']}/revealed", headers=REASON)
    assert shown.json()["sex"] == "female"
