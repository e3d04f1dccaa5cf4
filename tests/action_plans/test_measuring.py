"""Measurements of targets, each with the paper that says so."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.action_plans.plans import add_target, draft, etag, issued_plan, parts, source_plan
from tests.answers import faults_of

from childcare_api.action_plans.measuring import rules
from childcare_api.shared import clock as time

EVIDENCE = {
    "kind": "report",
    "number": "125/BC-SYT",
    "issued_on": "2024-12-20",
    "issuer": "Sở Y tế",
    "note": "Tiền mặt và hiện vật quy đổi",
}


async def measure(client, target_id, **more):
    body = {"measured_on": "2024-12-15", "evidence": EVIDENCE, **more}
    return await client.post(f"/targets/{target_id}/measurements", json=body)


async def fund_target(client):
    plan = await source_plan(client)
    return next(t for t in await parts(client, plan["id"]) if t["source_row"] == "003-13"), plan


async def test_money_is_measured_with_its_evidence(lao_cai_province_officer, events, rows):
    target, plan = await fund_target(lao_cai_province_officer)
    answer = await measure(lao_cai_province_officer, target["id"], value=1_050_000_000)

    assert answer.status_code == 201, answer.text
    assert (answer.json()["value"], answer.json()["evidence"]) == (1_050_000_000, EVIDENCE)
    [event] = await events("measurement.recorded")
    assert event["subject_id"] == answer.json()["id"]
    [row] = await rows("SELECT * FROM plan_measurements")
    assert (int(row["value"]), row["evidence_number"]) == (1_050_000_000, "125/BC-SYT")
    listed = await lao_cai_province_officer.get(f"/targets/{target['id']}/measurements")
    assert [item["id"] for item in listed.json()["items"]] == [answer.json()["id"]]
    again = await lao_cai_province_officer.get(f"/action-plans/{plan['id']}")
    assert again.json()["row_version"] == plan["row_version"]


async def test_what_does_not_fit_the_target_is_refused(lao_cai_province_officer, rows):
    plan = await source_plan(lao_cai_province_officer)
    targets = {t["source_row"]: t["id"] for t in await parts(lao_cai_province_officer, plan["id"])}

    async def problem(row, **more):
        answer = await measure(lao_cai_province_officer, targets[row], **more)
        return answer.status_code, answer.json()["type"].rpartition(":")[2], answer.json().get("value_type")

    assert await problem("003-13", value=0.5) == (409, "measurement_does_not_fit", "money")
    assert await problem("003-02", value=100.1) == (409, "measurement_does_not_fit", "percent")
    assert await problem("003-14", value=-1) == (409, "measurement_does_not_fit", "count")
    assert await problem("003-08", value=5) == (409, "measurement_does_not_fit", "words")
    tomorrow = (time.today() + timedelta(days=1)).isoformat()
    for day, code in (("2023-12-31", "too_early"), (tomorrow, "in_future")):
        refused = await measure(lao_cai_province_officer, targets["003-13"], value=1, measured_on=day)
        assert faults_of(refused) == {"/measured_on": code}
    assert await rows("SELECT FROM plan_measurements") == []


async def test_a_goal_in_words_is_answered_in_words(lao_cai_province_officer):
    plan = await source_plan(lao_cai_province_officer)
    target = next(t for t in await parts(lao_cai_province_officer, plan["id"]) if t["source_row"] == "003-08")
    answer = await measure(lao_cai_province_officer, target["id"], finding="Thêm 12 lớp bơi so với năm 2023")

    assert (answer.status_code, answer.json()["value"]) == (201, None)


async def test_a_measurement_entered_in_error_gives_way_to_the_one_before(lao_cai_province_officer, events):
    target, plan = await fund_target(lao_cai_province_officer)
    await measure(lao_cai_province_officer, target["id"], value=400_000_000, measured_on="2024-06-30")
    wrong = await measure(lao_cai_province_officer, target["id"], value=4_000_000_000)

    async def reached():
        progress = await lao_cai_province_officer.get(f"/action-plans/{plan['id']}/progress")
        return next(item["value"] for item in progress.json()["items"] if item["source_row"] == "003-13")

    assert await reached() == 4_000_000_000
    address, reason = f"/measurements/{wrong.json()['id']}/entered-in-error", {"reason": "Thừa một số 0"}
    assert (await lao_cai_province_officer.post(address, json=reason)).status_code == 428
    marked = await lao_cai_province_officer.post(address, json=reason, headers=etag(wrong))
    assert (marked.status_code, marked.json()["entered_in_error_reason"]) == (200, "Thừa một số 0")
    assert len(await events("measurement.entered_in_error")) == 1
    assert await reached() == 400_000_000
    again = await lao_cai_province_officer.post(address, json=reason, headers=etag(marked))
    assert again.json()["type"].endswith(":already_entered_in_error")


async def test_only_the_unit_that_holds_the_plan_measures_it(
    sa_pa_officer, sa_pa_leader, ta_van_officer, lao_cai_province_officer, lao_cai_province_leader
):
    provincial, _ = await fund_target(lao_cai_province_officer)
    refused = await measure(sa_pa_officer, provincial["id"], value=1)
    assert (refused.status_code, refused.json()["type"].rpartition(":")[2]) == (403, "plan_of_another_unit")
    assert (await measure(lao_cai_province_leader, provincial["id"], value=1)).status_code == 403
    own = await issued_plan(sa_pa_officer, sa_pa_leader, {"measure_unit": "%", "operator": ">=", "value": 90})
    [target] = await parts(sa_pa_officer, own.json()["id"])
    assert (await measure(sa_pa_officer, target["id"], value=91.5, measured_on="2026-06-01")).status_code == 201
    assert (await measure(ta_van_officer, target["id"], value=1, measured_on="2026-06-01")).status_code == 404
    seen = await lao_cai_province_officer.get(f"/targets/{target['id']}/measurements")
    assert [item["value"] for item in seen.json()["items"]] == [91.5]


async def test_a_commune_reads_what_its_province_measured(sa_pa_officer, lao_cai_province_officer):
    target, _ = await fund_target(lao_cai_province_officer)
    await measure(lao_cai_province_officer, target["id"], value=1_050_000_000)

    seen = await sa_pa_officer.get(f"/targets/{target['id']}/measurements")
    assert [item["value"] for item in seen.json()["items"]] == [1_050_000_000]


@pytest.mark.parametrize(
    ("more", "place", "code"),
    [
        ({"value": "5"}, "/value", "float_type"),
        ({"value": True}, "/value", "float_type"),
        ({"value": 1e400}, "/value", "number_too_large"),
        ({"evidence": None}, "/evidence", "model_type"),
        ({"evidence": {"kind": "rumour"}}, "/evidence/kind", "literal_error"),
        ({"x": 1}, "/x", "extra_forbidden"),
    ],
)
async def test_a_malformed_measurement_is_refused(sa_pa_officer, more, place, code):
    target = await add_target(sa_pa_officer, await draft(sa_pa_officer))
    body = {"measured_on": "2026-06-01", "value": 5, "evidence": EVIDENCE, **more}
    if more.get("value") == 1e400:
        sent = '{"measured_on": "2026-06-01", "value": 1e400, "evidence": {"kind": "report"}}'
        headers = {"Content-Type": "application/json"}
        answer = await sa_pa_officer.post(f"/targets/{target.json()['id']}/measurements", content=sent, headers=headers)
    else:
        answer = await sa_pa_officer.post(f"/targets/{target.json()['id']}/measurements", json=body)

    assert faults_of(answer) == {place: code}


@pytest.mark.parametrize(
    ("operator", "goal", "value", "met"),
    [
        ("=", 9, 9, True),
        ("=", 9, 10, True),
        ("=", 100, 99.9, False),
        ("<=", 1.36, 1.36, True),
        ("<=", 1.36, 1.37, False),
        (">", 80, 80, False),
        (">", 80, 80.01, True),
        (">=", 1_000_000_000, 999_999_999, False),
        ("<", 5, 5, False),
        (None, None, 5, None),
        ("=", 9, None, None),
    ],
)
def test_when_a_target_is_met(operator, goal, value, met):
    assert rules.is_met(operator, goal, value) is met


@given(st.floats(min_value=-1e6, max_value=1e6), st.floats(min_value=-1e6, max_value=1e6))
def test_more_is_never_worse_where_more_is_wanted(goal, value):
    for operator in ("=", ">=", ">"):
        if rules.is_met(operator, goal, value):
            assert rules.is_met(operator, goal, value + 1)
