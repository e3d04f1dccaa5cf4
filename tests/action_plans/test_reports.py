"""Who owes which report by when, and a report on its way from draft to acceptance."""

import asyncio
from datetime import UTC, date, datetime

import pytest
from tests.action_plans.plans import PERIOD, add_target, draft, etag, parts, source_plan
from tests.answers import faults_of
from tests.people import LAO_CAI, SA_PA, TA_VAN

from childcare_api.action_plans.reporting import rules
from childcare_api.action_plans.reporting.schemas import ReportKind
from childcare_api.shared.ids import new_id


@pytest.fixture(autouse=True)
def in_2026(clock):
    clock.set(datetime(2026, 11, 21, 3, tzinfo=UTC))


async def bound(officer, leader, **more):
    """Return an issued plan that binds the communes, and the id of the obligation."""
    plan = await draft(officer)
    target = await add_target(officer, plan)
    body = {"kind": "half_year", "statement": "Báo cáo 6 tháng", "before_month": 6, "before_day": 15, **more}
    added = await officer.post(f"/action-plans/{plan.json()['id']}/report-obligations", json=body, headers=etag(target))
    assert added.status_code == 201, added.text
    issued = await leader.post(
        f"/action-plans/{plan.json()['id']}/issue",
        json={"number": "9/KH-UBND", "issued_on": "2026-01-20"},
        headers=etag(added),
    )
    assert issued.status_code == 200, issued.text
    return issued.json(), added.json()["id"], target.json()["id"]


async def write(client, obligation_id, **more):
    body = {"obligation_id": obligation_id, "year": 2026, "title": "Báo cáo", "content": "Đã làm.", **more}
    return await client.post("/reports", json=body)


async def owed(client, **params):
    answer = await client.get("/report-obligations", params={"limit": 200, **params})
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def step(client, report, name, body=None):
    address = f"/reports/{report.json()['id']}/{name}"
    return await client.post(address, headers=etag(report), **({} if body is None else {"json": body}))


async def test_the_plan_of_2024_bound_the_districts_of_its_time(lao_cai_province_officer):
    plan = await source_plan(lao_cai_province_officer)
    rows = await owed(lao_cai_province_officer, plan_id=plan["id"])

    assert len(rows) == 2 * 9
    assert {(row["kind"], row["due_before"]) for row in rows} == {
        ("half_year", "2024-06-15"),
        ("year", "2024-11-15"),
    }
    assert {row["status"] for row in rows} == {"lapsed"}
    assert rows[0]["quote"] == "Báo cáo 6 tháng: Trước ngày 15/6."
    assert "Thị xã Sa Pa" in {row["sender_name"] for row in rows}
    assert {row["recipient_unit_id"] for row in rows} == {LAO_CAI}
    said = await parts(lao_cai_province_officer, plan["id"], "report-obligations")
    assert [(o["before_month"], o["before_day"]) for o in said] == [(6, 15), (11, 15)]


async def test_a_renewed_plan_binds_the_communes_once_it_is_issued(
    lao_cai_province_officer, lao_cai_province_leader, sa_pa_officer
):
    parent = await source_plan(lao_cai_province_officer)
    plan = await lao_cai_province_officer.post(f"/action-plans/{parent['id']}/renew")
    assert await owed(sa_pa_officer) == []
    issued = await lao_cai_province_leader.post(
        f"/action-plans/{plan.json()['id']}/issue",
        json={"number": "9/KH-UBND", "issued_on": "2026-01-20"},
        headers=etag(plan),
    )
    assert issued.status_code == 200
    mine = await owed(sa_pa_officer, year=2026)

    assert [(row["kind"], row["due_before"], row["status"]) for row in mine] == [
        ("half_year", "2026-06-15", "overdue"),
        ("year", "2026-11-15", "overdue"),
    ]
    assert {row["sender_unit_id"] for row in mine} == {SA_PA}
    assert len(await owed(lao_cai_province_officer, plan_id=plan.json()["id"], sender_unit_id=TA_VAN)) == 2


async def test_the_list_of_what_is_owed_goes_on_by_its_cursor(lao_cai_province_officer, lao_cai_province_leader):
    plan, _, _ = await bound(lao_cai_province_officer, lao_cai_province_leader)
    params, seen = {"plan_id": plan["id"], "limit": 40, "include": "total"}, []
    while True:
        page = (await lao_cai_province_officer.get("/report-obligations", params=params)).json()
        seen += [row["sender_unit_id"] for row in page["items"]]
        if page["next_cursor"] is None:
            break
        params["cursor"] = page["next_cursor"]

    assert len(seen) == len(set(seen)) == page["total"] == 99


async def test_a_report_goes_to_the_province_comes_back_and_is_accepted(
    lao_cai_province_officer, lao_cai_province_leader, sa_pa_officer, sa_pa_leader, ta_van_officer, events, rows
):
    _, obligation, target = await bound(lao_cai_province_officer, lao_cai_province_leader)
    report = await write(sa_pa_officer, obligation, figures=[{"target_id": target, "value": 2}])
    assert report.status_code == 201, report.text
    body = report.json()
    assert (body["unit_id"], body["recipient_unit_id"], body["status"]) == (SA_PA, LAO_CAI, "draft")
    assert (body["due_before"], body["is_late"], body["kind"]) == ("2026-06-15", True, "half_year")
    address = f"/reports/{body['id']}"
    assert (await lao_cai_province_officer.get(address)).status_code == 404
    assert (await ta_van_officer.get(address)).status_code == 404
    assert (await owed(lao_cai_province_officer, sender_unit_id=SA_PA))[0]["report_id"] is None

    assert (await step(sa_pa_officer, report, "submit")).status_code == 403
    submitted = await step(sa_pa_leader, report, "submit")
    assert (submitted.status_code, submitted.json()["status"]) == (200, "submitted")
    changed = await sa_pa_officer.patch(address, json={"title": "Khác"}, headers=etag(submitted))
    assert (changed.status_code, changed.json()["report_status"]) == (409, "submitted")
    seen = await lao_cai_province_officer.get(address)
    assert seen.json()["figures"] == [{"target_id": target, "value": 2, "note": None}]
    assert (await owed(lao_cai_province_officer, sender_unit_id=SA_PA))[0]["status"] == "submitted"

    returned = await step(lao_cai_province_officer, seen, "return", {"reason": "Thiếu số liệu"})
    assert (returned.status_code, returned.json()["return_reason"]) == (200, "Thiếu số liệu")
    better = await sa_pa_officer.patch(address, json={"content": "Đã bổ sung."}, headers=etag(returned))
    assert better.status_code == 200
    again = await step(sa_pa_leader, better, "submit")
    accepted = await step(lao_cai_province_officer, again, "accept")
    assert (accepted.status_code, accepted.json()["status"], accepted.json()["row_version"]) == (200, "accepted", 6)
    late = await step(lao_cai_province_officer, accepted, "return", {"reason": "x"})
    assert late.json()["type"].endswith(":report_status_forbids")
    assert (await owed(sa_pa_officer))[0]["status"] == "accepted"
    for name in ("drafted", "submitted", "returned", "changed", "accepted"):
        assert await events(f"report.{name}"), name
    [row] = await rows("SELECT commune_id, status FROM reports")
    assert (row["commune_id"], row["status"]) == (SA_PA, "accepted")


async def test_only_sender_and_recipient_move_a_report(
    lao_cai_province_officer, lao_cai_province_leader, sa_pa_officer, sa_pa_leader, bo_y_te_analyst
):
    _, obligation, _ = await bound(lao_cai_province_officer, lao_cai_province_leader)
    report = await step(sa_pa_leader, await write(sa_pa_officer, obligation), "submit")

    for who, name, body in (
        (bo_y_te_analyst, "accept", None),
        (bo_y_te_analyst, "return", {"reason": "x"}),
        (lao_cai_province_leader, "submit", None),
    ):
        answer = await step(who, report, name, body)
        assert (answer.status_code, answer.json()["type"].rpartition(":")[2]) == (403, "report_of_another_unit")
    assert (await step(sa_pa_leader, report, "accept")).status_code == 403


async def test_a_province_reports_to_the_centre(bo_y_te_analyst, lao_cai_province_officer, lao_cai_province_leader):
    _, obligation, _ = await bound(bo_y_te_analyst, bo_y_te_analyst, kind="year", before_month=12, before_day=10)
    assert (await owed(lao_cai_province_officer, year=2026))[0]["status"] == "open"
    report = await write(lao_cai_province_officer, obligation)
    assert (report.json()["recipient_unit_id"], report.json()["is_late"]) == (1, False)
    submitted = await step(lao_cai_province_leader, report, "submit")
    assert (await step(bo_y_te_analyst, submitted, "accept")).status_code == 200


async def test_a_report_is_written_once_a_year_and_ad_hoc_any_time(
    lao_cai_province_officer, lao_cai_province_leader, sa_pa_officer, rows
):
    _, obligation, _ = await bound(lao_cai_province_officer, lao_cai_province_leader)
    assert (await write(sa_pa_officer, obligation)).status_code == 201
    second = await write(sa_pa_officer, obligation)
    assert (second.status_code, second.json()["type"].rpartition(":")[2]) == (409, "report_exists")
    _, ad_hoc, _ = await bound(
        lao_cai_province_officer, lao_cai_province_leader, kind="ad_hoc", before_month=None, before_day=None
    )
    for _ in range(2):
        assert (await write(sa_pa_officer, ad_hoc)).json()["due_before"] is None
    assert len(await rows("SELECT FROM reports")) == 3


@pytest.mark.committed
async def test_racing_reports_leave_one(speak_as, rows):
    officer = speak_as("sa_pa_officer")
    _, obligation, _ = await bound(speak_as("lao_cai_province_officer"), speak_as("lao_cai_province_leader"))
    answers = await asyncio.gather(*(write(officer, obligation) for _ in range(6)))

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 5
    assert len(await rows("SELECT FROM reports")) == 1


@pytest.mark.committed
async def test_a_report_is_either_returned_or_accepted(speak_as, rows):
    province = speak_as("lao_cai_province_officer")
    _, obligation, _ = await bound(province, speak_as("lao_cai_province_leader"))
    written = await write(speak_as("sa_pa_officer"), obligation)
    report = await step(speak_as("sa_pa_leader"), written, "submit")
    answers = await asyncio.gather(
        step(province, report, "accept"), step(province, report, "return", {"reason": "Thiếu"})
    )

    assert sorted(answer.status_code for answer in answers) == [200, 412]
    [row] = await rows("SELECT status, row_version FROM reports")
    assert row["status"] in {"accepted", "returned"}
    assert row["row_version"] == 3


async def test_who_owes_nothing_writes_nothing(
    lao_cai_province_officer, lao_cai_province_leader, ta_leng_officer, sa_pa_officer, rows
):
    _, obligation, _ = await bound(lao_cai_province_officer, lao_cai_province_leader)
    elsewhere = await draft(sa_pa_officer)
    foreign = await add_target(sa_pa_officer, elsewhere)

    async def problem(client, obligation_id, **more):
        answer = await write(client, obligation_id, **more)
        return answer.status_code, answer.json()["type"].rpartition(":")[2]

    assert await problem(ta_leng_officer, obligation) == (404, "not_found")
    assert await problem(ta_leng_officer, str(new_id())) == (404, "not_found")
    assert await problem(lao_cai_province_officer, obligation) == (409, "not_a_sender")
    assert await problem(sa_pa_officer, obligation, year=2025) == (409, "report_year_outside_plan")
    wrong = [{"target_id": foreign.json()["id"], "value": 1}]
    assert await problem(sa_pa_officer, obligation, figures=wrong) == (404, "not_found")
    assert await rows("SELECT FROM reports") == []


async def test_a_commune_binds_nobody(sa_pa_officer):
    plan = await draft(sa_pa_officer)
    answer = await sa_pa_officer.post(
        f"/action-plans/{plan.json()['id']}/report-obligations",
        json={"kind": "year", "statement": "Báo cáo năm"},
        headers=etag(plan),
    )

    assert (answer.status_code, answer.json()["type"].rpartition(":")[2]) == (409, "nobody_below")


@pytest.mark.parametrize(
    ("more", "place", "code"),
    [
        ({"before_month": 2, "before_day": 29}, "/before_day", "no_such_day"),
        ({"before_month": 6, "before_day": None}, "/before_day", "half_a_day"),
        ({"kind": "weekly"}, "/kind", "literal_error"),
        ({"statement": ""}, "/statement", "string_too_short"),
        ({"sender_level": "commune"}, "/sender_level", "extra_forbidden"),
    ],
)
async def test_a_malformed_obligation_is_refused(lao_cai_province_officer, more, place, code):
    plan = await lao_cai_province_officer.post("/action-plans", json={"title": "x", **PERIOD})
    body = {"kind": "year", "statement": "Báo cáo", "before_month": 11, "before_day": 15, **more}
    answer = await lao_cai_province_officer.post(
        f"/action-plans/{plan.json()['id']}/report-obligations", json=body, headers=etag(plan)
    )

    assert faults_of(answer) == {place: code}


async def test_an_obligation_is_taken_out_of_a_draft(lao_cai_province_officer):
    plan = await draft(lao_cai_province_officer)
    address = f"/action-plans/{plan.json()['id']}/report-obligations"
    added = await lao_cai_province_officer.post(
        address, json={"kind": "year", "statement": "Báo cáo năm"}, headers=etag(plan)
    )
    removed = await lao_cai_province_officer.delete(f"{address}/{added.json()['id']}", headers=etag(added))

    assert (removed.status_code, removed.json()["row_version"]) == (200, 3)
    assert (await lao_cai_province_officer.get(address)).json()["items"] == []


async def test_the_kinds_are_those_of_the_code_list(sa_pa_officer):
    entries = (await sa_pa_officer.get("/code-lists/report_kinds")).json()["entries"]

    assert {entry["code"] for entry in entries} == set(ReportKind.__args__)


@pytest.mark.parametrize(
    ("status", "due", "ended", "state"),
    [
        (None, date(2026, 6, 15), False, "overdue"),
        ("draft", date(2026, 6, 14), False, "overdue"),
        (None, date(2026, 6, 16), False, "open"),
        (None, None, False, "open"),
        (None, date(2026, 6, 1), True, "lapsed"),
        ("submitted", date(2026, 6, 1), False, "submitted"),
        ("returned", date(2026, 6, 1), False, "returned"),
        ("accepted", date(2026, 6, 1), True, "accepted"),
    ],
)
def test_how_an_obligation_stands(status, due, ended, state):
    assert rules.due_status(status, due, today=date(2026, 6, 15), sender_ended=ended) == state
