"""Mẫu 12 and 13: who issues them, and who is named to whom."""

from datetime import UTC, datetime

import pytest
from tests.agencies.test_service_providers import CENTRE
from tests.alternative_care.carers import list_sent, listed
from tests.cases.care import DECISION, HANDED, NEEDS, VISIT
from tests.cases.stories import PLAN, File, separation
from tests.cases.test_separation import SAFE
from tests.exchange.papers.reading import squeezed, text_of
from tests.people import TA_VAN


@pytest.fixture(autouse=True)
def november(clock):
    clock.set(datetime(2026, 11, 20, 3, tzinfo=UTC))


async def printed(who, case_id, form: str, kind: str = "pdf") -> str:
    answer = await who.get(f"/cases/{case_id}/forms/{form}", params={"format": kind})
    assert answer.status_code == 200, answer.text
    return text_of(answer.content, kind)


async def test_the_carers_commune_issues_the_decision_and_the_report_and_alone_names_the_carer(
    case_id, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_leader, ta_leng_officer, clock
):
    carer = await listed(ta_van_officer, ta_van_leader, address="Thôn Tả Van Giáy 1")
    await list_sent(ta_van_officer)
    file, there = File(case_id), File(case_id)
    early = await sa_pa_officer.get(f"/cases/{case_id}/forms/mau-12")
    assert (early.json()["stands_on"], "[" in early.json()["detail"]) == (["placement"], False)
    await file.do(sa_pa_officer, "/care-needs", NEEDS)
    asked = {"commune_id": TA_VAN, "carer_id": carer["id"], "message": "Nhờ xem xét."}
    await file.do(sa_pa_officer, "/placement-requests", asked)
    await there.refresh(ta_van_leader)
    decision = DECISION | {"carer_id": carer["id"], "decided_on": "2026-11-20", "guardian_appointed": True}
    waived = {"override": {"ground": "protection_measure", "reason": "Quyết định số 7/QĐ-UBND."}}
    decision |= {"consent": waived, "guardian_agreed_on": "2026-11-19"}
    refused = await there.post(ta_van_leader, "/placements", decision)
    assert [one["article"] for one in refused.json()["missing"]] == ["Luật Trẻ em Điều 66.4"]
    # What the court orders where the case is led, the carer's commune carries out, and prints.
    court = {
        "court": "Tòa án nhân dân khu vực 7",
        "request_number": "3/TTr",
        "requested_on": "2026-11-20",
        "reason": "Nguy hiểm.",
    }
    for_good = {"measures": ["separate_and_place"], "grounds": ["harm_may_continue"]}
    await file.refresh(sa_pa_leader)
    request = await file.do(sa_pa_leader, "/court-requests", court | for_good)
    order = {"decision_number": "5/2026/QĐ-TA", "decided_on": "2026-11-20", "measures": ["separate_and_place"]}
    ordered = await file.do(sa_pa_officer, f"/court-requests/{request['id']}/order", order)
    await there.refresh(ta_van_leader)
    placed = await there.do(ta_van_leader, "/placements", decision)
    assert (placed["court_order_id"], placed["notices"]) == (ordered["answer"]["id"], [])
    await there.do(
        ta_van_officer, f"/placements/{placed['id']}/handover", HANDED | {"met_on": ["2026-11-18", "2026-11-19"]}
    )
    clock.forward(days=31)
    await there.do(ta_van_officer, f"/placements/{placed['id']}/visits", VISIT | {"occasion": "month_1"})
    ill = {"asked_by": "carer", "ground": "carer_asked", "reason": "Tôi bị ốm dài ngày."}
    await there.do(ta_van_officer, f"/placements/{placed['id']}/end-requests", ill)
    end = {"ground": "carer_asked", "decision_number": "40/QĐ-UBND", "ended_on": "2026-12-21", "goes_to": "other_carer"}
    await there.do(ta_van_leader, f"/placements/{placed['id']}/end", end | {"child_opinion": "Cháu buồn."})

    said = {
        "mau-12": (
            *("ỦY BAN NHÂN DÂN", "XÃ TẢ VAN", "Số: 31/QĐ-UBND", "Tả Van, ngày 20 tháng 11 năm 2026", "Vàng A Pao"),
            *("Xét ý kiến của trẻ em: Cháu đồng ý;", "15 ngày làm việc", "được cử làm người giám hộ", "Nơi nhận:"),
            "áp dụng biện pháp can thiệp bảo vệ trẻ em (Quyết định số 7/QĐ-UBND);",
            "Căn cứ Quyết định số 5/2026/QĐ-TA ngày 20 tháng 11 năm 2026 của Tòa án nhân dân khu vực 7;",
            "- UBND cấp xã nơi trẻ em cư trú;",
            "Xét sự đồng ý làm người giám hộ của người nhận chăm sóc thay thế ngày 19 tháng 11 năm 2026;",
            *("CHỦ TỊCH ỦY BAN NHÂN DÂN XÃ TẢ VAN", "hồ sơ trẻ em. CHỦ TỊCH ta-van-leader"),
            "Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025; Căn cứ Luật Trẻ em",
        ),
        "mau-13": (
            "Kính gửi: Chủ tịch Ủy ban nhân dân xã Tả Van",
            *("Sau 01 tháng", "a) Điều kiện sống: Nhà sạch.", "Cháu thích ở đây.", "Tiếp tục chăm sóc thay thế"),
            *("31/QĐ-UBND ngày 20 tháng 11 năm 2026", "Tả Van, ngày 21 tháng 12 năm 2026", "ta-van-officer"),
        ),
        "mau-15": (
            *("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "ĐƠN ĐỀ NGHỊ", "Kính gửi: Ủy ban nhân dân xã Tả Van"),
            *("Tôi bị ốm dài ngày.", "31/QĐ-UBND ngày 20 tháng 11 năm 2026", "Vàng A Pao", "NGƯỜI ĐỀ NGHỊ"),
        ),
        "mau-16": (
            *("Về việc chấm dứt việc chăm sóc thay thế", "Số: 40/QĐ-UBND", "CHỦ TỊCH ỦY BAN NHÂN DÂN XÃ TẢ VAN"),
            "Căn cứ Quyết định số 31/QĐ-UBND ngày 20 tháng 11 năm 2026 của Chủ tịch Ủy ban nhân dân xã Tả Van về",
            "- UBND cấp xã nơi trẻ em cư trú;",
            *("Căn cứ kết quả theo dõi, đánh giá trẻ em được nhận chăm sóc thay thế ngày 21"),
            *("Xét đề nghị chấm dứt việc chăm sóc thay thế của cá nhân, gia đình", "Xét nguyện vọng của trẻ em: Cháu"),
            *("Lý do: người nhận đề nghị chấm dứt.", "chăm sóc thay thế bởi cá nhân, gia đình khác.", "ta-van-leader"),
        ),
    }
    for form, words in said.items():
        for kind in ("pdf", "docx"):
            issued = await printed(ta_van_officer, case_id, form, kind)
            assert [one for one in words if squeezed(one) not in issued] == [], (form, kind)
            assert "LùThịMẩy" in issued
            assert form != "mau-16" or "dobàLùThịMẩythựchiện" in issued
            kept = await printed(sa_pa_officer, case_id, form, kind)
            assert [one for one in words if squeezed(one) not in kept] == [], (form, kind)
            assert "LùThịMẩy" not in kept, "carers are named in their own commune alone"
    assert (await ta_leng_officer.get(f"/cases/{case_id}/forms/mau-12")).status_code == 404
    bound = await printed(sa_pa_officer, case_id, "case-file")
    assert "Mẫusố12:Quyếtđịnhgiao,nhận" in bound
    assert "Mẫusố13:" in bound
    needs = ("BÁO CÁO ĐÁNH GIÁ", "Cha đánh cháu, mẹ bỏ đi.", "Phúc lợi xã hội", "Trợ giúp pháp lý")
    needs += ("Theo dõi vết thương.", "Căn cứ xác định: Trưởng thôn xác nhận.")
    for kind in ("pdf", "docx"):
        told = await printed(sa_pa_officer, case_id, "mau-10", kind)
        assert [one for one in (*needs, "Cháu muốn ở gần trường.", "sa-pa-officer") if squeezed(one) not in told] == []


async def test_what_a_child_wishes_is_no_application_and_what_ends_of_itself_no_decision(
    case_id, sa_pa_officer, sa_pa_leader
):
    carer = await listed(sa_pa_officer, sa_pa_leader, basis="relative_notice")
    file = File(case_id)
    await file.do(sa_pa_officer, "/care-needs", NEEDS)
    decision = DECISION | {"carer_id": carer["id"], "decided_on": "2026-11-20", "relation": "grandparent"}
    placed = await file.do(sa_pa_leader, "/placements", decision)
    given = await printed(sa_pa_officer, case_id, "mau-12")
    assert "quanhệvớitrẻem:bà." in given
    assert "giámhộ" not in given, "a decision does not say what it does not decide"
    assert "UBNDcấpxã" not in given, "the commune where the child lives decides itself"
    path = f"/placements/{placed['id']}"
    await file.do(sa_pa_officer, f"{path}/handover", HANDED | {"met_on": ["2026-11-18", "2026-11-19"]})
    ill = {"asked_by": "carer", "ground": "carer_asked", "reason": "Tôi bị ốm dài ngày."}
    await file.do(sa_pa_officer, f"{path}/end-requests", ill)
    wish = {"asked_by": "child", "ground": "child_wished", "reason": "Cháu nhớ bà."}
    await file.do(sa_pa_officer, f"{path}/end-requests", wish)
    died = {"ground": "child_died", "ended_on": "2026-11-20", "goes_to": "nowhere"}
    await file.do(sa_pa_leader, f"{path}/end", died)
    assert (await sa_pa_officer.get(f"/cases/{case_id}/forms/mau-16")).status_code == 409
    forms = (await sa_pa_officer.get(f"/cases/{case_id}/forms")).json()["items"]
    applications, decisions = (next(one for one in forms if one["form"] == form) for form in ("mau-15", "mau-16"))
    assert (len(applications["steps"]), decisions["steps"], decisions["missing"]) == (1, [], [])
    assert "Tôibịốmdàingày." in await printed(sa_pa_officer, case_id, "mau-15"), "the newest that is one"
    assert "Mẫusố16" not in await printed(sa_pa_officer, case_id, "case-file")


async def test_a_child_in_a_facility_came_there_by_another_paper(
    case_id, sa_pa_officer, sa_pa_leader, lao_cai_province_officer
):
    made = await lao_cai_province_officer.post("/service-providers", json=CENTRE)
    assert made.status_code == 201, made.text
    file = File(case_id)
    await file.do(sa_pa_officer, "/care-needs", NEEDS)
    decision = DECISION | {
        "provider_id": made.json()["id"],
        "facility_ground": "no_carer_found",
        "decided_by": "facility_authority",
        "issuer": "Sở Y tế",
        "decided_on": "2026-11-20",
    }
    kept = await file.do(sa_pa_leader, "/placements", decision)
    refused = await sa_pa_officer.get(f"/cases/{case_id}/forms/mau-12")
    assert refused.status_code == 409
    assert (await sa_pa_officer.get(f"/cases/{case_id}/forms")).status_code == 200
    bound = await printed(sa_pa_officer, case_id, "case-file", "docx")
    assert "Mẫusố12" not in bound
    begun = "31/QĐ-UBND Ngày 20/11/2026 Sở Y tế Giao trẻ em cho Trung tâm Công tác xã hội tỉnh Lào Cai"
    assert squeezed(begun) in bound, "what has no form stands among the acts"
    await file.do(sa_pa_officer, "/intervention-plans", PLAN)
    plan = await printed(sa_pa_officer, case_id, "mau-04")
    assert "3.Giámsát,đánhgiáviệcthựchiệnkếhoạch" in plan, "Thông tư 14/2020, Điều 9.3 g"
    assert "Cánbộxãđếnthămhằngtuần" in plan
    died = await file.do(sa_pa_officer, "/child-died", {"died_on": "2026-11-20"})
    over = "Ngày 20/11/2026 – Chấm dứt việc chăm sóc tại Trung tâm Công tác xã hội tỉnh Lào Cai. Lý do: trẻ em chết."
    assert squeezed(over) in await printed(sa_pa_officer, case_id, "case-file", "docx"), "which nobody decided"
    await file.do(sa_pa_officer, f"/deaths/{died['id']}/entered-in-error", {"reason": "Nhầm trẻ."})
    assert squeezed(over) not in await printed(sa_pa_officer, case_id, "case-file", "docx")
    # From there it goes to a carer by the head's agreement, and who ends its care there is sent the decision.
    carer = await listed(sa_pa_officer, sa_pa_leader)
    await file.do(sa_pa_officer, "/care-papers", {"papers": [{"paper": "facility_report", "reference": "4/BC-TT"}]})
    moved = {"carer_id": carer["id"], "decided_on": "2026-11-20", "facility_agreed_on": "2026-11-19"}
    await file.do(sa_pa_leader, "/placements", DECISION | moved)
    given = await printed(sa_pa_officer, case_id, "mau-12", "docx")
    assert "vănbảncủangườiđứngđầucơsởtrợgiúpxãhộingày19tháng11năm2026;" in given, "Thông tư 14/2020, Điều 11.4"
    assert "(nơitrẻemchuyểnđi);-SởYtế(đểchấmdứtviệcchămsóctạicơsở);" in given, "Điều 45.4"
    lives = "tuổi, đang được chăm sóc tại Trung tâm Công tác xã hội tỉnh Lào Cai cho bà Lù Thị Mẩy"
    assert squeezed(lives) in given, "it lives there, and in no village"
    end = {
        "ground": "moved_to_carer",
        "decision_number": "9/QĐ-SYT",
        "ended_on": "2026-11-20",
        "goes_to": "other_carer",
    }
    await file.do(sa_pa_leader, f"/placements/{kept['id']}/end", end)
    ended = "9/QĐ-SYT Ngày 20/11/2026 Sở Y tế Chấm dứt việc chăm sóc tại Trung tâm Công tác xã hội tỉnh Lào Cai"
    assert squeezed(ended) in await printed(sa_pa_officer, case_id, "case-file", "docx")
    assert squeezed(lives) in await printed(sa_pa_officer, case_id, "mau-12"), "as it was when that was decided"


async def test_the_decision_says_who_consented_and_when(case_id, sa_pa_officer, sa_pa_leader):
    carer = await listed(sa_pa_officer, sa_pa_leader)
    file = File(case_id)
    await file.do(sa_pa_officer, "/care-needs", NEEDS)
    both = {"given_by": ["mother", "father", "mother"], "given_on": "2026-11-18"}
    decision = DECISION | {"carer_id": carer["id"], "decided_on": "2026-11-20", "consent": both, "relation": "sibling"}
    placed = await file.do(sa_pa_leader, "/placements", decision)
    assert (placed["consent"]["given_by"], placed["consent"]["article"]) == (["father", "mother"], None)
    said = squeezed("Xét sự đồng ý bằng văn bản của cha, mẹ, ngày 18 tháng 11 năm 2026;")
    paper = await printed(sa_pa_officer, case_id, "mau-12")
    assert said in paper
    assert "quanhệvớitrẻem:chị." in paper, "of the words of the list the one that a woman is called"


async def test_of_a_child_under_seven_the_needs_say_that_the_law_does_not_ask_it(case_id, sa_pa_officer):
    """Luật Trẻ em, Điều 60.3; from 7 years on it was asked, or the reason stands there."""
    (younger,) = [
        one for one in (await sa_pa_officer.get("/cases")).json()["items"] if one["child_name"] == "Vàng A Tủa"
    ]
    unasked = {name: value for name, value in NEEDS.items() if name != "child_wishes"} | {"child_was_asked": False}
    said = "Trẻ em chưa đủ 07 tuổi, không thuộc trường hợp phải lấy ý kiến (khoản 3 Điều 60 Luật Trẻ em)."
    await File(younger["id"]).do(sa_pa_officer, "/care-needs", unasked)
    assert squeezed(said) in await printed(sa_pa_officer, younger["id"], "mau-10")
    await File(case_id).do(sa_pa_officer, "/care-needs", unasked | {"child_not_asked_reason": "Cháu đang nằm viện."})
    told = await printed(sa_pa_officer, case_id, "mau-10")
    assert (squeezed("Lý do: Cháu đang nằm viện.") in told, squeezed(said) in told) == (True, False)


async def test_a_decision_that_goes_on_from_care_at_once_cites_it_and_hands_nobody_over_again(
    case_id, sa_pa_officer, sa_pa_leader, clock
):
    carer = await listed(sa_pa_officer, sa_pa_leader)
    file = File(case_id)
    await file.do(sa_pa_leader, "/separations", separation(clock.at.date()))
    await file.do(sa_pa_officer, "/care-needs", NEEDS)
    decision = DECISION | {"carer_id": carer["id"], "decided_on": "2026-11-20"}
    at_once = await file.do(sa_pa_leader, "/placements", decision | {"temporary": True, "decision_number": "8/QĐ-UBND"})
    circular = squeezed("Căn cứ Thông tư số 14/2020/TT-BLĐTBXH ngày 28 tháng 11 năm 2020")
    assert circular in await printed(sa_pa_officer, case_id, "mau-12")
    # Who has not received the child yet is given it within the days of the decree; who has, is not again.
    cited = "Căn cứ Quyết định số 8/QĐ-UBND ngày 20 tháng 11 năm 2026 của Chủ tịch Ủy ban nhân dân phường Sa Pa"
    again = "Trẻ em đã được giao cho người nhận chăm sóc thay thế ngày 20 tháng 11 năm 2026 theo Quyết định số 8"
    lasting = await file.do(sa_pa_leader, "/placements", decision)
    said = await printed(sa_pa_officer, case_id, "mau-12")
    assert (squeezed(cited) in said, squeezed(again) in said, "15ngàylàmviệc" in said) == (True, False, True)
    await file.do(sa_pa_leader, f"/placements/{lasting['id']}/entered-in-error", {"reason": "Chưa giao trẻ."})
    await file.do(sa_pa_officer, f"/placements/{at_once['id']}/handover", HANDED)
    lasting = await file.do(sa_pa_leader, "/placements", decision)
    assert lasting["continues_id"] == at_once["id"]
    for kind in ("pdf", "docx"):
        said = await printed(sa_pa_officer, case_id, "mau-12", kind)
        assert (squeezed(cited) in said, squeezed(again) in said, "15ngàylàmviệc" in said) == (True, True, False)


async def test_care_at_once_after_a_separation_that_was_cancelled_cites_no_separation(
    case_id, sa_pa_officer, sa_pa_leader, clock
):
    """A child found abandoned is given away by TT 14/2020, Điều 10.1 a; one that is separated by Điều 32.4."""
    carer, file, today = await listed(sa_pa_officer, sa_pa_leader), File(case_id), clock.at.date().isoformat()
    await file.do(sa_pa_officer, "/care-needs", NEEDS)
    apart = await file.do(sa_pa_leader, "/separations", separation(clock.at.date()))
    at_once = {"carer_id": carer["id"], "decision_number": "8", "decided_on": today, "temporary": True}
    wrong = await file.do(sa_pa_leader, "/placements", at_once)
    assert squeezed("(tạm thời, theo khoản 4 Điều 32") in await printed(sa_pa_officer, case_id, "mau-12")
    await file.do(sa_pa_leader, f"/placements/{wrong['id']}/entered-in-error", {"reason": "Nhầm trẻ."})
    clock.forward(hours=1)
    safe = await file.do(sa_pa_officer, "/assessments", SAFE)
    over = {"decision_number": "10", "decided_on": today, "returned_to": "mother", "reason": "An toàn."}
    await file.do(sa_pa_leader, f"/separations/{apart['id']}/cancel", over | {"assessment_id": safe["id"]})
    found = {"ground": "orphan_abandoned_no_support", "found_abandoned": True}
    await file.do(sa_pa_officer, "/care-needs", NEEDS | found)
    await file.do(sa_pa_leader, "/placements", at_once)
    said = await printed(sa_pa_officer, case_id, "mau-12")
    cited = squeezed("(tạm thời, theo điểm a khoản 1 Điều 10 Thông tư số 14/2020/TT-BLĐTBXH)")
    assert (cited in said, squeezed("Điều 32 Nghị định") in said) == (True, False)
