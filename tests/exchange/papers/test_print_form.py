"""Printing the papers of a case over HTTP."""

from datetime import UTC, datetime
from typing import get_args
from uuid import uuid4

import pytest
from tests.answers import code_of
from tests.cases.stories import ASSESSMENT, File
from tests.exchange.papers.reading import keywords_of, page_count, squeezed, text_of
from tests.exchange.papers.stories import REPORTER, SERVICES, decided_case, reviewed_case, told_case
from tests.people import PEOPLE, SA_PA, TA_LENG

from childcare_api.exchange.papers.catalogue import FORMS
from childcare_api.exchange.papers.schemas import FormCode

MORNING = datetime(2026, 2, 5, 2, 30, 0, 123456, tzinfo=UTC)
"""Half past nine on 5 February 2026 in Viet Nam."""
SAID = {
    "mau-01": (
        *("BÁO CÁO TIẾP NHẬN THÔNG TIN TRẺ EM", "Số: ……/BC-UBND", "Tả Van, ngày 05 tháng 02 năm 2026", "Vàng A Pao"),
        *("09 giờ 30 phút, ngày 05 tháng 02 năm 2026", "khoảng 8 tuổi", "Vàng A Chứ, 34 tuổi, làm nương", "31 tuổi"),
        *("Cháu có thể bị đánh nặng hơn, bỏ học.", "CÁN BỘ TIẾP NHẬN", "Người cung cấp thông tin (nếu đồng ý"),
    ),
    "mau-02": (
        *("ĐÁNH GIÁ NGUY CƠ BAN ĐẦU, MỨC ĐỘ TỔN HẠI", "Khả năng tiếp cận trẻ em của đối tượng xâm hại"),
        *("Đưa cháu sang nhà bà nội.", "Công an xã", "10:30 05/02/2026", "BẢO VỆ TRẺ EM CẤP XÃ", "ta-van-officer"),
    ),
    "mau-03": (
        *(
            "BÁO CÁO",
            "Thu thập thông tin, xác minh",
            "dẫn đến trẻ em tiếp tục rơi vào hoàn cảnh đặc biệt",
            "nơi trẻ em sinh sống",
        ),
        *("a) Tình trạng thể chất", "Bầm tím ở tay, sợ hãi", "đ) Mức độ an toàn", "g) Ý kiến", "Cháu muốn ở với bà."),
        *(
            "Xin được nuôi cháu.",
            "bảo đảm điều kiện an toàn cho trẻ em (khoản 3 Điều 32)",
            "Chăm sóc sức khỏe",
            "ngày 27 tháng 02 năm 2026",
        ),
    ),
    "minutes": (
        *("BIÊN BẢN", "Cuộc họp xác định", "Giàng Thị Mai", "Đại diện thôn, tổ dân phố", "Giao bà nội chăm sóc cháu."),
        *("Cuộc họp kết thúc vào 12 giờ 30 phút, ngày 06 tháng 02 năm 2026./.", "CHỦ TRÌ"),
    ),
    "mau-04": (
        "KẾ HOẠCH HỖ TRỢ, CAN THIỆP",
        "Số: ……/KH-UBND",
        "06/02/2026",
        "29/05/2026",
        "13.500.000",
        "Hội Liên hiệp",
    ),
    "mau-05": (
        *("ỦY BAN NHÂN DÂN", "XÃ TẢ VAN", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"),
        *("Số: 07/QĐ-UBND", "ngày 07 tháng 02 năm 2026", "Căn cứ Luật Trẻ em ngày 05 tháng 4 năm 2016;", "QUYẾT ĐỊNH:"),
        *("đánh giá nguy cơ cụ thể ngày 06 tháng 02 năm 2026", "Điều 1. Phê duyệt", "13.500.000 đồng", "Nơi nhận:"),
        *("- Trạm Y tế xã Tả Van;", "- Cha, mẹ hoặc người chăm sóc trẻ em;", "- Lưu: VT, hồ sơ trẻ em.", "CHỦ TỊCH"),
        *(
            "Kèm theo Quyết định số 07/QĐ-UBND ngày 07 tháng 02 năm 2026 của Chủ tịch Ủy ban",
            SERVICES[0]["description"],
            "ta-van-leader",
        ),
    ),
    "mau-06": (
        "RÀ SOÁT, ĐÁNH GIÁ",
        "ngày 28 tháng 5 năm 2026",
        "Cháu khỏe, đi học đều.",
        "Lù Thị Hoa",
        "Cháu tự tin hơn.",
    ),
    "mau-07": (
        *("Về việc tạm thời cách ly trẻ em khỏi cha, mẹ, người chăm sóc trẻ em", "Số: 7/QĐ-UBND", "khỏi: cha ……"),
        *(
            "Thời hạn tạm thời cách ly là 10 ngày",
            "đến hết ngày 16 tháng 02 năm 2026",
            "Mẫu số 03",
            "Vàng Thị Dở (người thân thích; quan hệ",
        ),
    ),
    "separation-cancellation": (
        *("Về việc hủy bỏ quyết định tạm thời cách ly", "Số: 9/QĐ-UBND", "CHỦ TỊCH ỦY BAN NHÂN DÂN XÃ TẢ VAN"),
        *("Căn cứ Quyết định số 7/QĐ-UBND ngày 06 tháng 02 năm 2026", "theo Mẫu số 03 ngày 27 tháng 02 năm 2026"),
        *("khỏi: cha ……", "Lý do: Đã bảo đảm an toàn.", "Trẻ em trở về với: ông, bà.", "Vàng Thị Dở;", "ta-van-leader"),
    ),
    "timeline": (
        *("DIỄN BIẾN VÀ THỜI HẠN", "tính đến 13 giờ 30 phút, ngày 28 tháng 5 năm 2026", "Phê duyệt kế hoạch"),
        *("Cháu đã ổn định.", "13:30 28/05/2026"),
    ),
    "case-file": (
        *("HỒ SƠ HỖ TRỢ, CAN THIỆP TRẺ EM", "MỤC LỤC", "07/QĐ-UBND 07/02/2026 Mẫu số 05: Quyết định phê duyệt"),
        *(
            "BÁO CÁO TIẾP NHẬN",
            "RÀ SOÁT, ĐÁNH GIÁ",
            "CÁC VIỆC KHÁC ĐÃ GHI NHẬN",
            "(niêm phong)",
            "DIỄN BIẾN VÀ THỜI HẠN",
        ),
    ),
}
ON_ONE_PAGE = {"mau-01", "mau-02", "mau-03", "minutes", "mau-04", "mau-06", "mau-07", "separation-cancellation"}
DRAWN = (
    *("Nghị định 56/2017/NĐ-CP, Điều 28.4", "hạn 23:59 10/02/2026; xong 13:30 07/02/2026: trong hạn"),
    "chưa giao chăm sóc thay thế; thôi áp dụng 13:30 27/02/2026, lúc đó ĐÃ QUÁ HẠN",
)


@pytest.fixture(autouse=True)
def begin(clock):
    clock.set(MORNING)


async def test_every_form_says_what_the_case_says_and_names_nobody_sealed(
    clock, ta_van_officer, ta_van_leader, lao_cai_province_officer, events
):
    file = await reviewed_case(clock, ta_van_officer, ta_van_leader)
    address = f"/cases/{file.case_id}/forms"
    listed = (await ta_van_officer.get(address)).json()["items"]
    assert [one["form"] for one in listed if one["steps"]] == list(SAID)
    assert [one["form"] for one in listed if not one["steps"]] == [
        *("separation-extension", "court-request", "mau-10", "mau-12", "mau-13", "mau-15", "mau-16"),
    ]
    assert tuple(FORMS) == get_args(FormCode) == tuple(one["form"] for one in listed)
    assert {one["form"]: one["layout_unverified"] for one in listed}["mau-01"] is False
    assert {one["form"]: one["layout_unverified"] for one in listed}["mau-03"] is True
    forms = {one["form"]: one for one in listed}
    opened, review = (forms[form]["steps"][0]["step_id"] for form in ("mau-01", "mau-06"))
    carer = ("mau-01", "Mẫu số 01", opened, "Hiện ai là người chăm sóc trẻ em (nếu biết)")
    proposal = ("mau-06", "Mẫu số 06", review, "Đề xuất")
    open_items = {form: {tuple(item.values()) for item in forms[form]["missing"]} for form in forms}
    assert carer in open_items["mau-01"]
    assert {carer, proposal} <= open_items["case-file"], "of the bound file it is said whose each is"
    assert all(one["article"] and one["stands_on"] for one in listed)
    for form, said in SAID.items():
        for kind in ("pdf", "docx"):
            answer = await ta_van_officer.get(f"{address}/{form}", params={"format": kind})
            assert answer.status_code == 200, (form, kind, answer.text)
            assert kind != "pdf" or form not in ON_ONE_PAGE or page_count(answer.content) == 1, form
            if form in {"mau-05", "case-file"}:
                again = await ta_van_officer.get(f"{address}/{form}", params={"format": kind})
                assert answer.content == again.content, f"{form}.{kind} differs from itself"
            text = text_of(answer.content, kind)
            assert [words for words in said if squeezed(words) not in text] == [], (form, kind)
            for sealed in (REPORTER["full_name"], REPORTER["phone"], REPORTER["address"], "Kegaytonhai"):
                assert squeezed(sealed) not in text, (form, kind)
            assert "VÔHIỆU" not in text
            unverified = form not in {"mau-01", "timeline"}
            assert f"layout_unverified={str(unverified).lower()}" in keywords_of(answer.content, kind), form
            if form in {"timeline", "case-file"} and kind == "pdf":
                assert all(squeezed(words) in text for words in DRAWN)
    svg = await ta_van_officer.get(f"{address}/timeline", params={"format": "svg"})
    assert (svg.status_code, svg.headers["content-type"]) == (200, "image/svg+xml")
    assert svg.content.startswith(b"<svg")
    assert svg.headers["cache-control"] == "no-store"
    refused = await ta_van_officer.get(f"{address}/mau-01", params={"format": "svg"})
    assert (refused.status_code, code_of(refused)) == (409, "format_not_possible")
    printed = await events("form.printed")
    assert len(printed) == len(SAID) * 2 + 4 + 1, "what was refused is not recorded as printed"
    assert {event["reason"] for event in printed} == {None}
    for form in ("mau-07", "case-file", "mau-01"):
        told = await ta_van_officer.get(f"{address}/{form}", headers={"X-Action-Reason": "Tong dat quyet dinh."})
        assert ("Kegaytonhai" in text_of(told.content, "pdf")) is (form != "mau-01"), form
    reasons = [(event["reason"], event["detail"]["unsealed"]) for event in (await events("form.printed"))[-3:]]
    assert reasons == [("Tong dat quyet dinh.", True), ("Tong dat quyet dinh.", True), (None, False)]
    above = await lao_cai_province_officer.get(f"{address}/mau-07", headers={"X-Action-Reason": "Xem."})
    assert above.status_code == 403, "who may not break the seal does not print it either"
    assert printed[0]["subject_id"] == file.case_id
    last = printed[-1]["detail"]
    assert (last["form"], last["format"], last["counts"]) == ("timeline", "svg", True)
    assert last["step_id"] == listed[0]["steps"][0]["step_id"]


async def test_who_signs_does_so_in_the_position_held_and_in_none_that_nobody_stated(
    clock, ta_van_officer, ta_van_leader, ta_van_acting_leader, database
):
    async with database.as_superuser() as connection:
        await connection.execute(
            "UPDATE assignments SET acting_for_assignment_id = $1, valid_to = '2099-01-01' WHERE id = $2",
            PEOPLE["ta_van_leader"].assignment_id,
            PEOPLE["ta_van_acting_leader"].assignment_id,
        )
    file, _plan = await decided_case(clock, ta_van_officer, ta_van_acting_leader)
    address = f"/cases/{file.case_id}/forms/mau-05"
    text = text_of((await ta_van_officer.get(address)).content, "pdf")
    assert "KT.CHỦTỊCHPHÓCHỦTỊCHta-van-acting-leader" in text, "no hint where a seal will be"
    for position, signed in (("acting_chair", "Q.CHỦTỊCHta-van"), (None, "………(Chứcvụ,chữký")):
        async with database.as_superuser() as connection:
            await connection.execute(
                "UPDATE assignments SET position = $1 WHERE id = $2",
                *(position, PEOPLE["ta_van_acting_leader"].assignment_id),
            )
        for kind in ("pdf", "docx"):
            text = text_of((await ta_van_officer.get(address, params={"format": kind})).content, kind)
            assert signed in text, (position, kind)
            assert "KT.CHỦTỊCH" not in text


async def test_a_decision_is_a_draft_until_it_is_taken_and_void_once_it_was_an_error(
    clock, ta_van_officer, ta_van_leader
):
    file = await told_case(clock, ta_van_officer)
    address = f"/cases/{file.case_id}/forms/mau-05"
    early = await ta_van_officer.get(address, headers={"Accept-Language": "vi"})
    assert (early.status_code, code_of(early)) == (409, "form_without_step")
    assert early.json()["detail"].endswith("mà bạn được xem: Phê duyệt kế hoạch; Lập kế hoạch.")
    assert early.json()["stands_on"] == ["plan_approved", "plan_drafted"]
    plan_id = await file.plan_submitted(ta_van_officer, clock.at)
    draft = await ta_van_officer.get(address)
    assert {"DỰTHẢO", "Số:……/QĐ-UBND"} == {
        words for words in ("DỰTHẢO", "Số:……/QĐ-UBND") if words in text_of(draft.content, "pdf")
    }
    day = clock.at.date().isoformat()
    approved = await file.approve(ta_van_leader, plan_id, day, "12/QĐ-UBND")
    assert "DỰTHẢO" not in text_of((await ta_van_officer.get(address)).content, "pdf")
    wrong = approved["decisions"][0]["id"]
    await file.do(ta_van_leader, f"/decisions/{wrong}/entered-in-error", {"reason": "Nhầm số quyết định."})
    for kind in ("pdf", "docx"):
        void = await ta_van_officer.get(address, params={"step_id": wrong, "format": kind})
        saved_as = f'attachment; filename="mau-05-{wrong[-8:]}.{kind}"'
        assert void.headers["Content-Disposition"] == saved_as, "two decisions are two files"
        text = text_of(void.content, kind)
        assert "12/QĐ-UBND" in text
        assert "Lýdo:Nhầmsốquyếtđịnh." in text
        newest = text_of((await ta_van_officer.get(address, params={"format": kind})).content, kind)
        assert "12/QĐ-UBND" not in newest, "a decision in error is never printed unasked"
    assert "VÔHIỆU" in text_of((await ta_van_officer.get(address, params={"step_id": wrong})).content, "pdf")
    steps = (await ta_van_officer.get(f"/cases/{file.case_id}/forms")).json()["items"][5]["steps"]
    assert {step["step_id"]: step["counts"] for step in steps}[wrong] is False


async def test_steps_and_cases_of_others_answer_as_if_they_did_not_exist(
    clock, case_id, ta_van_officer, sa_pa_officer, sa_pa_inspector, lao_cai_province_officer, events
):
    other = File(case_id)
    step = (await other.do(sa_pa_officer, "/assessments", ASSESSMENT))["id"]
    file = await told_case(clock, ta_van_officer)
    answers = [
        await ta_van_officer.get(f"/cases/{file.case_id}/forms/mau-03", params={"step_id": one})
        for one in (step, str(uuid4()))
    ]
    assert {answer.status_code for answer in answers} == {409}
    assert _same(answers)
    for path in ("", "/mau-01", "/case-file"):
        foreign = await ta_van_officer.get(f"/cases/{case_id}/forms{path}")
        nowhere = await ta_van_officer.get(f"/cases/{uuid4()}/forms{path}")
        assert (foreign.status_code, nowhere.status_code) == (404, 404)
        assert _same([foreign, nowhere])
    assert (await sa_pa_inspector.get(f"/cases/{case_id}/forms/mau-01")).status_code == 403
    assert (await ta_van_officer.get(f"/cases/{file.case_id}/forms/mau-99")).status_code == 404
    assert await events("form.printed") == []
    seen = await lao_cai_province_officer.get(f"/cases/{file.case_id}/forms/mau-01")
    assert "ta-van-officer" in text_of(seen.content, "pdf"), "the province reads who signed"


def _same(answers) -> bool:
    bodies = [answer.json() for answer in answers]
    for body in bodies:
        del body["instance"], body["request_id"]
    return bodies[0] == bodies[1]


async def test_through_a_grant_only_what_it_opens_is_printed(case_id, sa_pa_officer, sa_pa_leader, ta_leng_officer):
    file = File(case_id)
    await file.do(sa_pa_officer, "/assessments", ASSESSMENT)
    now = (await file.refresh(sa_pa_officer))["opened_at"]
    held = {
        "started_at": now,
        "ended_at": now,
        "minutes": "Bí mật.",
        "attendees": [{"role": "chair", "full_name": "A"}],
    }
    await file.post(sa_pa_officer, "/meetings", held)
    grant = {"commune_id": TA_LENG, "kinds": ["assessment"], "reason": "Trẻ về thăm bà ngoại."}
    await file.do(sa_pa_leader, "/grants", grant)
    shown = await ta_leng_officer.get(f"/cases/{case_id}/forms/mau-03")
    assert shown.status_code == 200, shown.text
    text = text_of(shown.content, "pdf")
    assert "PHƯỜNGSAPA" in text
    assert "sa-pa-officer" in text
    assert "VÔHIỆU" not in text
    for form in ("minutes", "mau-01", "case-file"):
        hidden = await ta_leng_officer.get(f"/cases/{case_id}/forms/{form}")
        assert (hidden.status_code, code_of(hidden)) == (409, "form_without_step"), form
    assert PEOPLE["sa_pa_officer"].unit_id == SA_PA
