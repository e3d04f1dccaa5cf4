"""How far a plan is, target by target."""

from datetime import UTC, datetime

import pytest
from tests.action_plans.plans import draft, issued_plan, parts, source_plan
from tests.people import OLD_LAO_CAI


@pytest.fixture(autouse=True)
def in_2026(clock):
    clock.set(datetime(2026, 11, 21, 3, tzinfo=UTC))


async def progress(client, plan_id):
    answer = await client.get(f"/action-plans/{plan_id}/progress")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def renewed(client):
    parent = await source_plan(client)
    plan = (await client.post(f"/action-plans/{parent['id']}/renew")).json()
    old = {target["id"]: target["source_row"] for target in await parts(client, parent["id"])}
    return plan["id"], {old[t["from_part_id"]]: t["id"] for t in await parts(client, plan["id"])}


async def test_without_data_every_target_says_so(lao_cai_province_officer):
    plan = await source_plan(lao_cai_province_officer)
    answer = await progress(lao_cai_province_officer, plan["id"])

    assert (answer["unit_id"], answer["boundaries"], answer["as_of"]) == (OLD_LAO_CAI, "successors", "2026-11-21")
    assert len(answer["items"]) == 22
    assert {item["status"] for item in answer["items"]} == {"waiting_for_data"}
    assert {item["is_met"] for item in answer["items"]} == {None}
    methods = {item["source_row"]: item["method"] for item in answer["items"]}
    assert (methods["003-01"], methods["003-03"], methods["003-14"]) == ("computed", "computed", "activities")


async def test_what_was_not_carried_over_has_no_progress(lao_cai_province_officer):
    plan_id, targets = await renewed(lao_cai_province_officer)
    items = {item["target_id"]: item for item in (await progress(lao_cai_province_officer, plan_id))["items"]}

    assert items[targets["003-21"]]["status"] == "not_carried_over"


async def test_nine_classes_for_540_people_come_from_the_activities_entered(lao_cai_province_officer, sa_pa_officer):
    plan_id, targets = await renewed(lao_cai_province_officer)
    both = [targets["003-14"], targets["003-15"]]
    for sessions, people in ((4, 240), (5, 300)):
        answer = await lao_cai_province_officer.post(
            "/activities",
            json={
                "kind": "training",
                "title": "Tập huấn cộng tác viên",
                "started_on": "2026-04-01",
                "session_count": sessions,
                "participants": [{"audience": "collaborators", "count": people}],
                "target_ids": both,
            },
        )
        assert answer.status_code == 201, answer.text
    forum = await lao_cai_province_officer.post(
        "/activities",
        json={
            "kind": "training",
            "title": "Tập huấn kỹ năng diễn đàn",
            "started_on": "2026-05-01",
            "participants": [{"audience": "facilitators", "count": 20}, {"audience": "children", "count": 61}],
            "target_ids": [targets["003-17"], targets["003-18"], targets["003-19"]],
        },
    )
    assert forum.status_code == 201, forum.text
    items = {item["target_id"]: item for item in (await progress(lao_cai_province_officer, plan_id))["items"]}
    reached = {row: (items[targets[row]]["value"], items[targets[row]]["is_met"]) for row in targets}

    assert (reached["003-14"], reached["003-15"]) == ((9, True), (540, True))
    assert (reached["003-17"], reached["003-18"], reached["003-19"]) == ((1, True), (20, True), (61, True))
    assert reached["003-16"] == (None, None)


async def test_an_activity_in_error_counts_no_longer(lao_cai_province_officer):
    plan_id, targets = await renewed(lao_cai_province_officer)
    written = await lao_cai_province_officer.post(
        "/activities",
        json={
            "kind": "campaign",
            "title": "Lễ phát động",
            "started_on": "2026-06-01",
            "target_ids": [targets["003-16"]],
        },
    )
    await lao_cai_province_officer.post(
        f"/activities/{written.json()['id']}/entered-in-error",
        json={"reason": "Nhập nhầm"},
        headers={"If-Match": written.headers["etag"]},
    )
    items = {item["target_id"]: item for item in (await progress(lao_cai_province_officer, plan_id))["items"]}

    assert items[targets["003-16"]]["status"] == "waiting_for_data"


async def test_money_is_met_by_a_measurement(lao_cai_province_officer):
    plan_id, targets = await renewed(lao_cai_province_officer)
    await lao_cai_province_officer.post(
        f"/targets/{targets['003-13']}/measurements",
        json={"measured_on": "2026-11-01", "value": 1_000_000_000, "evidence": {"kind": "report", "number": "1"}},
    )
    items = {item["target_id"]: item for item in (await progress(lao_cai_province_officer, plan_id))["items"]}
    money = items[targets["003-13"]]

    assert (money["method"], money["status"], money["value"], money["is_met"]) == (
        "measurements",
        "measured",
        1_000_000_000,
        True,
    )
    assert money["measurement_id"]


async def test_a_plan_is_followed_by_its_unit_and_those_above(
    sa_pa_officer, sa_pa_leader, ta_van_officer, lao_cai_province_officer, bo_y_te_analyst, lai_chau_province_officer
):
    plan = await issued_plan(sa_pa_officer, sa_pa_leader, {"code": "sc_children_share", "measure_unit": "%"})
    address = f"/action-plans/{plan.json()['id']}/progress"

    for who in (sa_pa_leader, lao_cai_province_officer, bo_y_te_analyst):
        assert (await who.get(address)).status_code == 200
    for stranger in (ta_van_officer, lai_chau_province_officer):
        assert (await stranger.get(address)).status_code == 404


async def test_a_commune_does_not_see_its_province_counted(sa_pa_officer, lao_cai_province_officer):
    plan = await source_plan(sa_pa_officer)
    answer = await sa_pa_officer.get(f"/action-plans/{plan['id']}/progress")

    assert (answer.status_code, answer.json()["type"].rpartition(":")[2]) == (403, "plan_of_another_unit")


async def test_an_empty_draft_has_no_progress(sa_pa_officer):
    plan = await draft(sa_pa_officer)

    assert (await progress(sa_pa_officer, plan.json()["id"]))["items"] == []


async def test_plans_of_ended_districts_and_provinces_are_followed_by_their_successors(
    lai_chau_province_officer, ha_noi_province_officer, hung_yen_province_officer
):
    for key, who in (
        ("tam-duong-2022", lai_chau_province_officer),
        ("hoang-mai-2024", ha_noi_province_officer),
        ("thai-binh-2016-2020", hung_yen_province_officer),
    ):
        answer = await progress(who, (await source_plan(who, key))["id"])
        assert answer["boundaries"] == "successors"
        assert answer["items"]
