"""Drafting, changing and issuing a plan."""

import pytest
from tests.action_plans.plans import PERIOD, add_target, draft, etag, issued_plan, parts, source_plan
from tests.answers import faults_of
from tests.people import LAO_CAI, OLD_LAO_CAI, SA_PA

from childcare_api.shared.ids import new_id


async def test_the_province_finds_the_2024_plan_of_the_former_province(
    lao_cai_province_officer, lai_chau_province_officer
):
    plan = await source_plan(lao_cai_province_officer)

    assert (plan["number"], plan["unit_id"], plan["province_id"]) == ("60/KH-UBND", OLD_LAO_CAI, LAO_CAI)
    assert plan["issued_on"] == "2024-01-30"
    for unit in (OLD_LAO_CAI, LAO_CAI):
        found = await lao_cai_province_officer.get("/action-plans", params={"unit_id": unit, "year": 2024})
        assert [item["id"] for item in found.json()["items"]] == [plan["id"]]
    assert (await lai_chau_province_officer.get(f"/action-plans/{plan['id']}")).status_code == 404


async def test_its_targets_stand_beside_their_sentences(lao_cai_province_officer):
    plan = await source_plan(lao_cai_province_officer)
    targets = {target["source_row"]: target for target in await parts(lao_cai_province_officer, plan["id"])}

    share = targets["003-01"]
    assert (share["operator"], share["value"], share["baseline"], share["direction"]) == ("<=", 1.36, 1.38, "down")
    assert share["quote"].startswith("Giảm tỷ lệ trẻ em có hoàn cảnh đặc biệt từ 1,38%")
    assert share["section"] == "II"
    assert targets["003-13"]["value"] == 1_000_000_000
    assert targets["003-08"]["value"] is None
    [money] = await parts(lao_cai_province_officer, plan["id"], "budget-lines")
    assert money["quote"].startswith("Cấp tỉnh: Kinh phí nguồn ngân sách địa phương")
    assert len(await parts(lao_cai_province_officer, plan["id"], "legal-bases")) == 3


async def test_staffing_stands_in_lines_of_its_own(ha_noi_province_officer):
    plan = await source_plan(ha_noi_province_officer, "hoang-mai-2024")
    lines = await parts(ha_noi_province_officer, plan["id"], "staffing-lines")

    assert [(line["level"], line["headcount"], line["per_unit"]) for line in lines] == [
        ("district", 2, False),
        ("commune", 1, True),
    ]


@pytest.mark.parametrize("change", ["head", "issue", "target", "add"])
async def test_a_plan_from_its_source_never_changes(lao_cai_province_officer, lao_cai_province_leader, rows, change):
    plan = await source_plan(lao_cai_province_officer)
    target = (await parts(lao_cai_province_officer, plan["id"]))[0]
    address, match = f"/action-plans/{plan['id']}", {"If-Match": f'"{plan["row_version"]}"'}
    officer = lao_cai_province_officer
    answer = await {
        "head": lambda: officer.patch(address, json={"title": "Khác"}, headers=match),
        "issue": lambda: lao_cai_province_leader.post(
            f"{address}/issue", json={"number": "1", "issued_on": "2026-01-01"}, headers=match
        ),
        "target": lambda: officer.patch(f"/targets/{target['id']}", json={"value": 2}, headers=match),
        "add": lambda: officer.post(f"{address}/targets", json={"statement": "Khác"}, headers=match),
    }[change]()

    assert (answer.status_code, answer.json()["type"]) == (409, "urn:childcare-api:problem:plan_from_source")
    [row] = await rows("SELECT row_version FROM action_plans WHERE source_key = 'lao-cai-2024'")
    assert row["row_version"] == plan["row_version"]


async def test_a_commune_drafts_a_plan_of_its_own(sa_pa_officer, sa_pa_leader, ta_van_officer, events, rows):
    plan = await draft(sa_pa_officer, objective="Mọi trẻ em được bảo vệ")

    assert plan.headers["location"] == f"/api/v1/action-plans/{plan.json()['id']}"
    assert (plan.json()["unit_id"], plan.json()["status"], plan.headers["etag"]) == (SA_PA, "draft", '"1"')
    [event] = await events("action_plan.drafted")
    assert event["subject_id"] == plan.json()["id"]
    [row] = await rows("SELECT * FROM action_plans WHERE id = $1", plan.json()["id"])
    assert (row["commune_id"], row["province_id"]) == (SA_PA, LAO_CAI)
    assert [o["event"] for o in await rows("SELECT event FROM outbox")] == ["action_plan.drafted"]
    assert (await sa_pa_leader.get(f"/action-plans/{plan.json()['id']}")).status_code == 200
    assert (await ta_van_officer.get(f"/action-plans/{plan.json()['id']}")).status_code == 404


async def test_each_change_of_a_part_is_a_change_of_the_plan(sa_pa_officer, events):
    plan = await draft(sa_pa_officer)
    target = await add_target(sa_pa_officer, plan, counts="participants", audience="children")
    plan_id, target_id = plan.json()["id"], target.json()["id"]

    assert target.headers["etag"] == '"2"'
    stale = await sa_pa_officer.patch(f"/targets/{target_id}", json={"value": 10}, headers=etag(plan))
    assert (stale.status_code, stale.json()["row_version"]) == (412, 2)
    missing = await sa_pa_officer.patch(f"/targets/{target_id}", json={"value": 10})
    assert missing.status_code == 428
    changed = await sa_pa_officer.patch(f"/targets/{target_id}", json={"value": 10.5}, headers=etag(target))
    assert (changed.status_code, changed.json()["value"], changed.headers["etag"]) == (200, 10.5, '"3"')
    [event] = await events("action_plan.target_changed")
    assert event["detail"]["fields"] == ["value"]
    removed = await sa_pa_officer.delete(f"/targets/{target_id}", headers=etag(changed))
    assert (removed.status_code, removed.json()["row_version"]) == (200, 4)
    assert await parts(sa_pa_officer, plan_id) == []


async def test_a_change_that_changes_nothing_makes_no_version(sa_pa_officer, events):
    plan = await draft(sa_pa_officer)
    address, title = f"/action-plans/{plan.json()['id']}", plan.json()["title"]

    for body in ({}, {"title": title}):
        same = await sa_pa_officer.patch(address, json=body, headers=etag(plan))
        assert (same.status_code, same.headers["etag"]) == (200, '"1"')
    target = await add_target(sa_pa_officer, plan)
    same = await sa_pa_officer.patch(f"/targets/{target.json()['id']}", json={"value": 9}, headers=etag(target))
    assert (same.status_code, same.headers["etag"]) == (200, '"2"')
    assert await events("action_plan.changed") == []


async def test_money_and_legal_bases_come_and_go(sa_pa_officer):
    plan = await draft(sa_pa_officer)
    address = f"/action-plans/{plan.json()['id']}"
    line = await sa_pa_officer.post(
        f"{address}/budget-lines",
        json={"statement": "Ngân sách địa phương", "amount_vnd": 50_000_000},
        headers=etag(plan),
    )
    assert (line.status_code, line.json()["amount_vnd"]) == (201, 50_000_000)
    basis = await sa_pa_officer.post(
        f"{address}/legal-bases",
        json={"kind": "Luật", "number": "102/2016/QH13", "issued_on": "2016-04-05"},
        headers=etag(line),
    )
    assert (basis.status_code, basis.json()["relation"]) == (201, "basis")
    gone = await sa_pa_officer.delete(f"{address}/budget-lines/{line.json()['id']}", headers=etag(basis))
    gone = await sa_pa_officer.delete(f"{address}/legal-bases/{basis.json()['id']}", headers=etag(gone))
    assert gone.status_code == 200
    assert await parts(sa_pa_officer, plan.json()["id"], "budget-lines") == []
    assert await parts(sa_pa_officer, plan.json()["id"], "legal-bases") == []


async def test_only_a_leader_issues_and_then_nobody_changes_it(sa_pa_officer, sa_pa_leader, events):
    plan = await draft(sa_pa_officer)
    address, issue = f"/action-plans/{plan.json()['id']}", {"number": "12/KH-UBND", "issued_on": "2026-01-15"}

    assert (await sa_pa_officer.post(f"{address}/issue", json=issue, headers=etag(plan))).status_code == 403
    empty = await sa_pa_leader.post(f"{address}/issue", json=issue, headers=etag(plan))
    assert empty.json()["type"].endswith(":plan_without_targets")
    target = await add_target(sa_pa_officer, plan)
    future = await sa_pa_leader.post(f"{address}/issue", json=issue | {"issued_on": "2099-01-01"}, headers=etag(target))
    assert faults_of(future) == {"/issued_on": "in_future"}
    issued = await sa_pa_leader.post(f"{address}/issue", json=issue, headers=etag(target))
    assert (issued.status_code, issued.json()["status"], issued.json()["number"]) == (200, "issued", "12/KH-UBND")
    assert len(await events("action_plan.issued")) == 1
    again = await sa_pa_officer.patch(address, json={"title": "Khác"}, headers=etag(issued))
    assert (again.status_code, again.json()["type"].rpartition(":")[2]) == (409, "plan_already_issued")


async def test_what_is_issued_above_is_read_and_not_changed(
    lao_cai_province_officer, lao_cai_province_leader, sa_pa_officer, ta_leng_officer
):
    plan = await draft(lao_cai_province_officer)
    address = f"/action-plans/{plan.json()['id']}"
    assert (await sa_pa_officer.get(address)).status_code == 404
    target = await add_target(lao_cai_province_officer, plan)
    issued = await lao_cai_province_leader.post(
        f"{address}/issue", json={"number": "1/KH-UBND", "issued_on": "2026-01-15"}, headers=etag(target)
    )

    assert (await sa_pa_officer.get(address)).json()["number"] == "1/KH-UBND"
    assert len(await parts(sa_pa_officer, plan.json()["id"])) == 1
    refused = await sa_pa_officer.patch(address, json={"title": "Khác"}, headers=etag(issued))
    assert (refused.status_code, refused.json()["type"].rpartition(":")[2]) == (403, "plan_of_another_unit")
    assert (await ta_leng_officer.get(address)).status_code == 404


async def test_the_centre_reads_every_plan_and_issues_the_country_s(bo_y_te_analyst, sa_pa_officer, sa_pa_leader):
    commune = await issued_plan(sa_pa_officer, sa_pa_leader)
    assert (await bo_y_te_analyst.get(f"/action-plans/{commune.json()['id']}")).status_code == 200
    national = await issued_plan(bo_y_te_analyst, bo_y_te_analyst)
    assert (await sa_pa_officer.get(f"/action-plans/{national.json()['id']}")).status_code == 200


async def test_a_plan_is_drafted_once_under_its_key(sa_pa_officer, rows):
    body = {"title": "Kế hoạch", **PERIOD}
    first = await sa_pa_officer.post("/action-plans", json=body, headers={"Idempotency-Key": "a-key"})
    again = await sa_pa_officer.post("/action-plans", json=body, headers={"Idempotency-Key": "a-key"})

    assert again.json() == first.json()
    assert again.headers["idempotency-replayed"] == "true"
    assert len(await rows("SELECT FROM action_plans WHERE source_key IS NULL")) == 1


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"title": "x", "period_from": "2026-12-31", "period_to": "2026-01-01"}, "/period_to"),
        ({"title": "", **PERIOD}, "/title"),
        ({"title": "x", **PERIOD, "unit_id": 1}, "/unit_id"),
        ({"title": "x", "period_from": "2026-02-30", "period_to": "2026-12-31"}, "/period_from"),
        ({"title": "x\u0007", **PERIOD}, "/title"),
    ],
)
async def test_a_malformed_plan_is_refused(sa_pa_officer, rows, body, pointer):
    answer = await sa_pa_officer.post("/action-plans", json=body)

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
    assert await rows("SELECT FROM action_plans WHERE source_key IS NULL") == []


@pytest.mark.parametrize(
    ("target", "place", "code"),
    [
        ({"value": 9}, "/operator", "operator_and_value"),
        ({"operator": "="}, "/value", "operator_and_value"),
        ({"operator": "=", "value": "9"}, "/value", "float_type"),
        ({"operator": "=", "value": 1.23456}, "/value", "decimals"),
        ({"operator": "=", "value": 1e300}, "/value", "less_than_equal"),
        ({"operator": "~", "value": 9}, "/operator", "literal_error"),
        ({"audience": "children"}, "/audience", "audience"),
        ({"code": "x; drop"}, "/code", "string_pattern_mismatch"),
    ],
)
async def test_a_malformed_target_is_refused(sa_pa_officer, target, place, code):
    plan = await draft(sa_pa_officer)
    answer = await sa_pa_officer.post(
        f"/action-plans/{plan.json()['id']}/targets", json={"statement": "x", **target}, headers=etag(plan)
    )

    assert faults_of(answer) == {place: code}


async def test_a_change_that_contradicts_what_stands_is_refused(sa_pa_officer):
    plan = await draft(sa_pa_officer)
    target = await add_target(sa_pa_officer, plan)
    incoherent = await sa_pa_officer.patch(
        f"/targets/{target.json()['id']}", json={"value": None}, headers=etag(target)
    )
    assert (incoherent.status_code, incoherent.json()["type"].rpartition(":")[2]) == (409, "target_incoherent")
    reversed_period = await sa_pa_officer.patch(
        f"/action-plans/{plan.json()['id']}", json={"period_from": "2027-01-01"}, headers=etag(target)
    )
    assert faults_of(reversed_period) == {"/period_from": "ends_before_it_begins"}
    null = await sa_pa_officer.patch(f"/action-plans/{plan.json()['id']}", json={"title": None}, headers=etag(target))
    assert null.status_code == 422


async def test_a_parent_out_of_sight_is_like_none(sa_pa_officer, ta_van_officer):
    elsewhere = await draft(ta_van_officer)
    body = {"title": "x", **PERIOD}
    foreign = await sa_pa_officer.post("/action-plans", json=body | {"parent_plan_id": elsewhere.json()["id"]})
    unknown = await sa_pa_officer.post("/action-plans", json=body | {"parent_plan_id": str(new_id())})

    assert foreign.status_code == unknown.status_code == 404
    hidden = {"request_id", "instance"}
    assert {k: v for k, v in foreign.json().items() if k not in hidden} == {
        k: v for k, v in unknown.json().items() if k not in hidden
    }


async def test_a_taken_id_says_nothing_about_who_has_it(sa_pa_officer, ta_van_officer):
    elsewhere = await draft(ta_van_officer)
    answer = await sa_pa_officer.post("/action-plans", json={"id": elsewhere.json()["id"], "title": "x", **PERIOD})

    assert (answer.status_code, answer.json()["type"].rpartition(":")[2]) == (409, "id_taken")


async def test_who_has_no_business_with_plans_is_refused(sa_pa_village_collaborator, sa_pa_inspector, nobody):
    assert (await sa_pa_village_collaborator.get("/action-plans")).status_code == 403
    assert (await sa_pa_inspector.get("/action-plans")).status_code == 403
    assert (await nobody.get("/action-plans")).status_code == 401
