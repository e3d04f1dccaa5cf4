"""Mẫu 01 and 02 of a report that another office was told first."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.cases.stories import INITIAL_ASSESSMENT, REPORT, keyed, tag
from tests.exchange.papers.reading import page_count, squeezed, text_of
from tests.people import SA_PA, TA_VAN


@pytest.fixture(autouse=True)
def february(clock):
    clock.set(datetime(2026, 2, 5, 2, 30, tzinfo=UTC))


async def test_a_call_to_a_hotline_is_a_report_of_the_day_it_reached_the_commune(clock, hotline_111, ta_van_officer):
    called = (clock.at - timedelta(hours=10)).isoformat()
    call = {"external_ref": "111-5", "received_at": called, "place": {"unit_id": TA_VAN, "text": "tổ 3"}}
    sent = await hotline_111.post("/hotline/referrals", json=call | {"children": [{"sex": "male"}]}, headers=keyed())
    assert sent.status_code == 201, sent.text
    path = f"/intakes/{sent.json()['intake_id']}"
    taken = await ta_van_officer.post(f"{path}/acknowledge", json={}, headers=tag(sent.json()["row_version"]))
    assert taken.status_code == 200, taken.text
    clock.forward(days=1)
    judged = await ta_van_officer.post(
        f"{path}/assess", json=INITIAL_ASSESSMENT, headers=tag(taken.json()["row_version"])
    )
    child = {"children": [{"intake_child_id": judged.json()["children"][0]["id"]}]}
    opened = await ta_van_officer.post(f"{path}/open-case", json=child, headers=tag(judged.json()["row_version"]))
    assert opened.status_code == 201, opened.text
    new = {"text": "Bà ngoại gọi: cháu đã về ở với bà.", "told_by": "relative", "emergency": True}
    version = (await ta_van_officer.get(path)).headers["ETag"]
    added = await ta_van_officer.post(f"{path}/updates", json=new, headers={"If-Match": version, **keyed()})
    assert added.status_code == 201, added.text
    address = f"/cases/{opened.json()['cases'][0]['id']}/forms"
    for kind in ("pdf", "docx"):
        answer = await ta_van_officer.get(f"{address}/mau-01", params={"format": kind})
        assert kind == "docx" or page_count(answer.content) == 1
        text = text_of(answer.content, kind)
        told = (
            *("Tả Van, ngày 05 tháng 02 năm 2026", "23 giờ 30 phút, ngày 04 tháng 02 năm 2026", "Tổ 3, xã Tả Van"),
            "Tổng đài quốc gia bảo vệ trẻ em 111 (số 111-5)",
            "Chuyển đến Ủy ban nhân dân cấp xã: 09 giờ 30 phút, ngày 05 tháng 02 năm 2026",
            "(người cung cấp: người thân thích; khẩn cấp): " + new["text"],
        )
        assert [one for one in told if squeezed(one) not in text] == [], kind
        assert "ta-van-officer" in text[text.index("CÁNBỘTIẾPNHẬN") :], "who received it at the commune"
    bound = text_of((await ta_van_officer.get(f"{address}/case-file")).content, "pdf")
    assert squeezed("05/02/2026 Mẫu số 01") in bound
    assert squeezed("06/02/2026 Mẫu số 02") in bound, "each by the day it bears"


async def test_who_took_the_report_prints_what_it_wrote_though_another_commune_leads(clock, sa_pa_officer):
    told = REPORT | {
        "received_at": (clock.at - timedelta(hours=1)).isoformat(),
        "place": {"unit_id": SA_PA, "text": "Trường Lê Văn Tám"},
        "mother": {"full_name": "Giàng Thị Súa", "age": 29},
    }
    sent = (await sa_pa_officer.post("/intakes", json=told, headers=keyed())).json()
    path = f"/intakes/{sent['id']}"
    judged = await sa_pa_officer.post(f"{path}/assess", json=INITIAL_ASSESSMENT, headers=tag(sent["row_version"]))
    child = {"intake_child_id": judged.json()["children"][0]["id"], "residence": {"unit_id": TA_VAN}}
    opened = await sa_pa_officer.post(
        f"{path}/open-case", json={"children": [child]}, headers=tag(judged.json()["row_version"])
    )
    assert opened.json()["cases"][0]["commune_id"] == TA_VAN
    address = f"/cases/{opened.json()['cases'][0]['id']}/forms"
    for form in ("mau-01", "case-file"):
        printed = text_of((await sa_pa_officer.get(f"{address}/{form}")).content, "pdf")
        wrote = ("Trường Lê Văn Tám, phường Sa Pa", "Giàng Thị Súa, 29 tuổi", "Trẻ em bị xâm hại")
        assert [one for one in wrote if squeezed(one) not in printed] == [], form


async def test_an_emergency_that_a_case_took_over_is_drawn_once(clock, sa_pa_officer, assessed_report, rows):
    clock.forward(days=3)
    received = clock.at - timedelta(days=2)
    report = await assessed_report(relation="neighbour", received_at=received)
    opened_at = received + timedelta(hours=1)
    opened = await report.open(sa_pa_officer, happened_at=opened_at.isoformat())
    assert opened.status_code == 201, opened.text
    stopped = await rows("SELECT cancelled_at FROM tasks WHERE cancel_reason = 'case_opened'")
    assert {one["cancelled_at"] for one in stopped} == {opened_at}, "not when that was written down, in two days"
    drawn = await sa_pa_officer.get(f"/cases/{opened.json()['cases'][0]['id']}/forms/timeline")
    assert text_of(drawn.content, "pdf").count(squeezed("Can thiệp khẩn cấp hoặc tạm thời cách ly")) == 1
