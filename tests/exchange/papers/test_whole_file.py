"""The bound file: what has no form of its own stands on a page of tables, and the contents lead to every paper."""

import io
import re
from datetime import UTC, datetime, timedelta

import pytest
from pypdf import PdfReader
from tests.cases.stories import INITIAL_ASSESSMENT, PROCEEDING, REFERRAL, RELEASE, File, keyed, tag
from tests.cases.test_separation import COURT
from tests.exchange.papers.reading import squeezed, text_of
from tests.exchange.papers.stories import REPORTER, decided_case
from tests.people import TA_VAN

from childcare_api.shared.clock import VIET_NAM

REFUSED = {"refused_by": ["guardian"], "whole": True, "said": "Việc nhà chúng tôi.", "explained": "Phải thực hiện."}
TOLD = (
    "Mức độ bảo mật: Nhạy cảm",
    *("Thông tin báo ghép vào hồ sơ (Điều 26.1)", "Lại nghe cháu khóc.", "Tòa án nhân dân khu vực 1", "3/TTr-UBND"),
    *("Quyết định số 15/2026/QĐ-TA", "đến hết ngày 30/06/2026", "Trạm Y tế xã Tả Van", "Giao trực tiếp"),
    *("Quyết định số 16/2026/QĐ-TA", "Hủy bỏ quyết định trước: Gia đình đã an toàn."),
    *("Không gửi được", "Cha mẹ vắng nhà.", "Toàn bộ kế hoạch", "Việc nhà chúng tôi.", "Phải thực hiện."),
    *("Trung tâm Công tác xã hội", "Tham vấn tâm lý", "Đã nhận lời"),
    *("Hội đồng tư vấn UBND phường", "Trẻ em vi phạm pháp luật", "Ngày 12/02/2026", "Đã dự họp."),
    *("Trường Giáo dưỡng số 2", "Biện pháp giáo dục tại trường giáo dưỡng", "30/06/2027", "Bà nội đón."),
)


@pytest.fixture(autouse=True)
def february(clock):
    clock.set(datetime(2026, 2, 5, 2, 30, tzinfo=UTC))


async def joined(file: File, officer, clock) -> None:
    """Take a second report on the same child, and join it to the case."""
    child = {"full_name": "Vàng A Pao", "estimated_age": 8, "sex": "male"}
    body = {
        "channel": "in_person",
        "place": {"unit_id": TA_VAN},
        "received_at": (clock.at - timedelta(hours=1)).isoformat(),
        "children": [child],
        "narrative": "Lại nghe cháu khóc.",
        "reporter": REPORTER,
    }
    taken = await officer.post("/intakes", json=body, headers=keyed())
    assert taken.status_code == 201, taken.text
    judged = INITIAL_ASSESSMENT | {"emergency": False}
    address = f"/intakes/{taken.json()['id']}"
    assessed = await officer.post(f"{address}/assess", json=judged, headers=tag(taken.json()["row_version"]))
    assert assessed.status_code == 200, assessed.text
    wanted = {"case_id": str(file.case_id), "intake_child_id": assessed.json()["children"][0]["id"]}
    answer = await officer.post(f"{address}/join-case", json=wanted, headers=tag(assessed.json()["row_version"]))
    assert answer.status_code == 200, answer.text
    await file.refresh(officer)


async def test_the_bound_file_has_all_that_was_recorded_and_its_contents_lead_there(
    clock, ta_van_officer, ta_van_leader
):
    file, plan = await decided_case(clock, ta_van_officer, ta_van_leader)
    clock.forward(hours=2)
    await joined(file, ta_van_officer, clock)
    today = clock.at.astimezone(VIET_NAM).date().isoformat()
    asked = await file.do(ta_van_leader, "/court-requests", COURT | {"requested_on": today})
    order = {"decision_number": "15/2026/QĐ-TA", "decided_on": today, "valid_to": "2026-06-30"}
    await file.do(ta_van_officer, f"/court-requests/{asked['id']}/order", order | {"measures": ["separate_and_place"]})
    ended = {"decision_number": "16/2026/QĐ-TA", "decided_on": today, "measures": [], "changes_order": True}
    await file.do(ta_van_officer, f"/court-requests/{asked['id']}/order", ended | {"reason": "Gia đình đã an toàn."})
    sendings = f"/decisions/{plan['decisions'][0]['id']}/sendings"
    sent = {"recipient_kind": "implementing_body", "recipient": "Trạm Y tế xã Tả Van", "way": "in_person"}
    await file.do(ta_van_officer, sendings, sent)
    not_sent = {"recipient_kind": "parent_or_carer", "recipient": "Cha, mẹ", "way": "not_possible"}
    await file.do(ta_van_officer, sendings, not_sent | {"not_sent_reason": "Cha mẹ vắng nhà."})
    await file.do(ta_van_officer, "/plan-refusals", REFUSED)
    council = await file.do(ta_van_officer, "/proceedings", PROCEEDING | {"due_on": "2026-02-12"})
    await file.do(ta_van_officer, f"/proceedings/{council['id']}/answer", {"result": "Đã dự họp."})
    release = await file.do(ta_van_officer, "/release-notices", RELEASE)
    await file.do(ta_van_officer, f"/release-notices/{release['id']}/prepared", {"how": "Bà nội đón."})
    in_words = REFERRAL | {"commune_id": None, "body_name": "Trung tâm Công tác xã hội"}
    consent = {"given_by": ["child", "guardian"], "given_on": today}
    referral = await file.do(ta_van_officer, "/referrals", in_words | {"consent": consent})
    await file.do(
        ta_van_officer, f"/referrals/{referral['id']}/answer", {"answer": "accepted", "answered_by": "Bà Mai"}
    )

    level = {"level": "sensitive", "recipients": [], "reason": "Cả thôn biết cháu."}
    set_to = await ta_van_leader.put(
        f"/cases/{file.case_id}/confidentiality",
        json=level,
        headers=tag((await file.refresh(ta_van_leader))["row_version"]),
    )
    assert set_to.status_code == 200, set_to.text
    for kind in ("pdf", "docx"):
        answer = await ta_van_officer.get(f"/cases/{file.case_id}/forms/case-file", params={"format": kind})
        assert answer.status_code == 200, answer.text
        text = text_of(answer.content, kind)
        assert [words for words in TOLD if squeezed(words) not in text] == [], kind
        assert not [secret for secret in ("Nguoibao", "0912000111", "KínĐáo", "Kegaytonhai") if secret in text], kind
    content = (await ta_van_officer.get(f"/cases/{file.case_id}/forms/case-file")).content
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]
    listed = re.findall(r"(\d{2}/\d{2}/\d{4}) \D[\s\S]*?\s(\d+)\s*$", pages[0], re.MULTILINE)
    starts = [int(page) for _, page in listed]
    days = [day.split("/")[::-1] for day, _ in listed]
    assert days == sorted(days), "bound by the days that the papers bear"
    titles = (
        "TIẾP NHẬN",
        "BAN ĐẦU",
        "QUYẾT ĐỊNH",
        "THU THẬP",
        "BIÊN BẢN",
        "KẾ HOẠCH",
        "QUYẾT ĐỊNH",
        "TỜ TRÌNH",
        "CÁC VIỆC",
        "DIỄN BIẾN",
    )
    assert len(starts) == len(titles)
    assert starts == sorted(set(starts))
    assert [squeezed(title) in squeezed(pages[at - 1]) for title, at in zip(titles, starts, strict=True)] == [True] * 10
    for number, page in enumerate(pages[1:], start=2):
        assert str(number) in page.split()[:1] + page.split()[-1:], f"page {number} is not numbered so"
