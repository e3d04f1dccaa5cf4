"""Mẫu 04 and 05 of a plan that came back, was mended, adjusted and replaced."""

from datetime import UTC, datetime

import pytest
from tests.cases.stories import PLAN, RISKY_REVIEW
from tests.exchange.papers.reading import squeezed, text_of
from tests.exchange.papers.stories import decided_case


@pytest.fixture(autouse=True)
def february(clock):
    clock.set(datetime(2026, 2, 5, 2, 30, tzinfo=UTC))


async def test_a_plan_that_came_back_or_was_adjusted_says_so_and_which_decision_is_replaced(
    clock, ta_van_officer, ta_van_leader
):
    file, approved = await decided_case(clock, ta_van_officer, ta_van_leader)
    adjusted = await file.do(ta_van_officer, f"/intervention-plans/{approved['id']}/adjust", PLAN | {"reason": "Đổi."})
    await file.do(ta_van_officer, f"/intervention-plans/{adjusted['id']}/submit", {})
    await file.do(ta_van_leader, f"/intervention-plans/{adjusted['id']}/return", {"reason": "Thiếu tham vấn."})
    mended = await file.do(ta_van_officer, f"/intervention-plans/{adjusted['id']}/revise", {"objectives": "Bớt sợ."})
    await file.do(ta_van_officer, f"/intervention-plans/{mended['id']}/submit", {})
    clock.forward(days=1)
    replaces = squeezed("Quyết định này thay thế Quyết định số 07/QĐ-UBND ngày 07 tháng 02 năm 2026 của Chủ tịch")
    address = f"/cases/{file.case_id}/forms"
    draft = await ta_van_officer.get(f"{address}/mau-05", params={"step_id": mended["id"]})
    assert replaces in text_of(draft.content, "pdf")
    await file.approve(ta_van_leader, mended["id"], "2026-02-08", "11/QĐ-UBND")
    came_back, replaced = "BẢN ĐÃ TRẢ LẠI", "ĐÃ ĐƯỢC THAY THẾ"
    for kind in ("pdf", "docx"):
        first, second, third = [
            text_of(
                (await ta_van_officer.get(f"{address}/mau-04", params={"step_id": one["id"], "format": kind})).content,
                kind,
            )
            for one in (approved, adjusted, mended)
        ]
        said = (
            (first, ("lần 1, thuộc", "thay thế theo Quyết định số 11/QĐ-UBND ngày 08 tháng 02 năm 2026."), came_back),
            (second, ("lần 2, thuộc", "Bản đã trả lại lúc", "Lý do: Thiếu tham vấn."), replaced),
            (third, ("lần 2 (bản thứ 2), thuộc",), replaced),
        )
        for text, words, other in said:
            assert [one for one in words if squeezed(one) not in text] == [], kind
            assert squeezed(other) not in text
        assert squeezed(came_back) not in third
        decision = text_of((await ta_van_officer.get(f"{address}/mau-05", params={"format": kind})).content, kind)
        assert replaces in decision
        assert squeezed("Về việc phê duyệt kế hoạch hỗ trợ, can thiệp điều chỉnh đối với trẻ em") in decision
        assert "NhưĐiều4;" in decision
        bound = text_of((await ta_van_officer.get(f"{address}/case-file", params={"format": kind})).content, kind)
        for mark in (came_back, replaced):
            assert squeezed(f"Mẫu số 04: Kế hoạch hỗ trợ, can thiệp – {mark}") in bound
    # What nobody had decided on when a review came is none any more, and says since when.
    late = await file.do(ta_van_officer, f"/intervention-plans/{mended['id']}/adjust", PLAN | {"reason": "Đổi."})
    await file.do(ta_van_officer, "/reviews", RISKY_REVIEW)
    lapsed = await ta_van_officer.get(f"{address}/mau-04", params={"step_id": late["id"]})
    assert squeezed("KHÔNG CÒN GIÁ TRỊ") in text_of(lapsed.content, "pdf")
    assert squeezed("không còn giá trị: có kết quả rà soát, đánh giá (Mẫu 06)") in text_of(lapsed.content, "pdf")
    old = await ta_van_officer.get(f"{address}/mau-05", params={"step_id": approved["decisions"][0]["id"]})
    assert "thaythế" not in text_of(old.content, "pdf")
    assert "điềuchỉnh" not in text_of(old.content, "pdf")
    # After that review the next plan goes on from it, and its decision takes the place of the one before (Điều 30.1 c).
    again = await file.do(ta_van_officer, "/intervention-plans", PLAN)
    await file.do(ta_van_officer, f"/intervention-plans/{again['id']}/submit", {})
    draft = text_of((await ta_van_officer.get(f"{address}/mau-05", params={"step_id": again["id"]})).content, "pdf")
    assert squeezed("Căn cứ kết quả rà soát, đánh giá tình trạng của trẻ em sau khi thực hiện kế hoạch") in draft
    assert squeezed("Quyết định này thay thế Quyết định số 11/QĐ-UBND ngày 08 tháng 02 năm 2026") in draft
    assert "điềuchỉnh" not in draft
