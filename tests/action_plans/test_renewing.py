"""Renewing a plan for the current year."""

import asyncio
from datetime import UTC, datetime

import pytest
from tests.action_plans.plans import etag, parts, source_plan
from tests.people import LAO_CAI, TA_LENG

from childcare_api.action_plans.renewing import rules

TARGET = {
    "counts_level": None,
    "baseline": None,
    "value": 100,
    "measure_unit": "%",
    "statement": "100% trẻ em dưới 6 tuổi",
    "responsible": "Sở Y tế",
}


@pytest.fixture(autouse=True)
def in_2026(clock):
    clock.set(datetime(2026, 11, 21, 3, tzinfo=UTC))


async def renew(client, plan):
    return await client.post(f"/action-plans/{plan['id']}/renew")


async def test_renewing_the_2024_plan_makes_a_draft_of_today_s_province(lao_cai_province_officer, events, rows):
    parent = await source_plan(lao_cai_province_officer)
    answer = await renew(lao_cai_province_officer, parent)

    plan = answer.json()
    assert answer.status_code == 201
    assert (plan["unit_id"], plan["parent_plan_id"], plan["status"]) == (LAO_CAI, parent["id"], "draft")
    assert (plan["period_from"], plan["period_to"], plan["renewal_year"]) == ("2026-01-01", "2026-12-31", 2026)
    assert plan["title"].endswith("TỈNH LÀO CAI NĂM 2026")
    [event] = await events("action_plan.renewed")
    assert event["subject_id"] == plan["id"]
    assert event["detail"]["parent_plan_id"] == parent["id"]
    [row] = await rows("SELECT province_id, source_key FROM action_plans WHERE id = $1", plan["id"])
    assert (row["province_id"], row["source_key"]) == (LAO_CAI, None)


async def test_what_cannot_be_carried_over_is_marked(lao_cai_province_officer):
    parent = await source_plan(lao_cai_province_officer)
    old = {target["id"]: target for target in await parts(lao_cai_province_officer, parent["id"])}
    plan = (await renew(lao_cai_province_officer, parent)).json()
    new = {
        old[target["from_part_id"]]["source_row"]: target
        for target in await parts(lao_cai_province_officer, plan["id"])
    }

    assert len(new) == len(old) == 22
    districts = new["003-21"]
    assert (districts["carry_over"], districts["carry_over_notes"]) == ("not_carried", ["counts_ended_level"])
    share = new["003-01"]
    assert share["carry_over"] == "review"
    assert share["carry_over_notes"] == ["baseline_of_other_boundaries", "names_past_years", "names_ended_bodies"]
    assert (share["value"], share["baseline"]) == (1.36, None)
    assert new["003-10"]["carry_over"] == "carried"
    assert "set_for_other_boundaries" in new["003-13"]["carry_over_notes"]
    assert new["003-03"]["quote"] == old[new["003-03"]["from_part_id"]]["quote"]
    assert {basis["carry_over"] for basis in await parts(lao_cai_province_officer, plan["id"], "legal-bases")} == {
        "review"
    }


async def test_a_target_that_was_changed_counts_as_reviewed(lao_cai_province_officer):
    plan = await renew(lao_cai_province_officer, await source_plan(lao_cai_province_officer))
    target = next(t for t in await parts(lao_cai_province_officer, plan.json()["id"]) if t["carry_over"] == "review")
    changed = await lao_cai_province_officer.patch(
        f"/targets/{target['id']}", json={"responsible": target["responsible"]}, headers=etag(plan)
    )

    assert (changed.status_code, changed.json()["carry_over"]) == (200, "carried")
    assert changed.json()["row_version"] == plan.json()["row_version"] + 1


async def test_renewing_twice_finds_the_same_draft(lao_cai_province_officer, rows):
    parent = await source_plan(lao_cai_province_officer)
    first = await renew(lao_cai_province_officer, parent)
    again = await renew(lao_cai_province_officer, parent)

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert len(await rows("SELECT FROM action_plans WHERE source_key IS NULL")) == 1


@pytest.mark.committed
async def test_renewing_in_a_race_makes_one_draft(speak_as, rows):
    client = speak_as("lao_cai_province_officer")
    parent = await source_plan(client)
    answers = await asyncio.gather(*(renew(client, parent) for _ in range(8)))

    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len(await rows("SELECT FROM action_plans WHERE source_key IS NULL")) == 1
    assert len(await rows("SELECT FROM plan_targets WHERE source_row IS NULL")) == 22
    assert len(await rows("SELECT FROM audit.events WHERE action = 'action_plan.renewed'")) == 1


async def test_a_commune_that_holds_territory_of_an_ended_district_renews_its_plan(
    ta_leng_officer, lai_chau_province_officer
):
    parent = await source_plan(ta_leng_officer, "tam-duong-2022")
    mine = await renew(ta_leng_officer, parent)
    assert (mine.status_code, mine.json()["unit_id"]) == (201, TA_LENG)
    obligations = await parts(lai_chau_province_officer, parent["id"], "targets")
    assert obligations
    assert (await renew(lai_chau_province_officer, parent)).status_code == 201


async def test_nobody_renews_a_plan_whose_territory_is_not_theirs(sa_pa_officer, lai_chau_province_officer):
    parent = await source_plan(sa_pa_officer)
    refused = await renew(sa_pa_officer, parent)

    assert (refused.status_code, refused.json()["type"].rpartition(":")[2]) == (403, "plan_of_another_unit")
    assert (await renew(lai_chau_province_officer, parent)).status_code == 404


async def test_a_leader_does_not_renew(lao_cai_province_leader):
    assert (await renew(lao_cai_province_leader, await source_plan(lao_cai_province_leader))).status_code == 403


@pytest.mark.parametrize(
    ("change", "same_unit", "carry_over", "notes"),
    [
        ({}, False, "carried", []),
        ({"counts_level": "district"}, True, "not_carried", ["counts_ended_level"]),
        ({"counts_level": "commune"}, True, "carried", []),
        ({"baseline": 1.38}, False, "review", ["baseline_of_other_boundaries"]),
        ({"baseline": 1.38}, True, "carried", []),
        ({"value": 9, "measure_unit": "lớp"}, False, "review", ["set_for_other_boundaries"]),
        ({"value": 9, "measure_unit": "lớp"}, True, "carried", []),
        ({"statement": "Giảm so với năm 2023"}, True, "review", ["names_past_years"]),
        ({"responsible": "Sở LĐTBXH"}, True, "review", ["names_ended_bodies"]),
        ({"responsible": "UBND các huyện"}, True, "review", ["names_ended_bodies"]),
        ({"responsible": None}, True, "carried", []),
    ],
)
def test_what_becomes_of_a_target(change, same_unit, carry_over, notes):
    carried = rules.carry_target(TARGET | change, same_unit=same_unit, year=2026)

    assert (carried.carry_over, carried.notes) == (carry_over, notes)


def test_communes_report_where_districts_did():
    obligation = {"sender_level": "district", "sender_text": None, "recipient_text": "Sở Y tế"}
    carried = rules.carry_obligation(obligation, unit_level="province", year=2026)
    assert (carried.notes, carried.changes) == (["sender_level_ended"], {"sender_level": "commune"})
    below = rules.carry_obligation(obligation | {"sender_level": "commune"}, unit_level="province", year=2026)
    assert below.carry_over == "carried"
    assert rules.carry_obligation(obligation, unit_level="commune", year=2026).carry_over == "not_carried"


def test_a_title_of_several_years_keeps_its_words():
    assert rules.renewed_title("Kế hoạch năm 2024", range(2024, 2025), 2026) == "Kế hoạch năm 2026"
    assert rules.renewed_title("giai đoạn 2016 - 2020", range(2016, 2021), 2026) == "giai đoạn 2016 - 2020"
