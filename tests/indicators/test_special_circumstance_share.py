"""The share of children in special circumstances, always with coverage."""

from datetime import UTC, datetime

import pytest
from tests.action_plans.plans import issued_plan, source_plan
from tests.people import SA_PA_OTHER_VILLAGE, SA_PA_VILLAGE, TA_VAN_VILLAGE

CODE = "sc_children_share"
TARGET = {"code": CODE, "operator": "<=", "value": 50, "measure_unit": "%"}


@pytest.fixture(autouse=True)
def in_2026(clock):
    clock.set(datetime(2026, 11, 21, 3, tzinfo=UTC))


async def group_code(client):
    """Any of the 14 groups."""
    entries = (await client.get("/code-lists/special_circumstances")).json()["entries"]
    return next(entry["code"] for entry in entries if entry["parent_code"] is None)


async def register(client, village, born_on="2018-05-12", **more):
    body = {"full_name": "Giàng A Sà", "sex": "male", "born_on": born_on, "village_id": village, **more}
    answer = await client.post("/children", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def share(client, plan):
    answer = await client.get(f"/action-plans/{plan.json()['id']}/progress")
    assert answer.status_code == 200, answer.text
    return next(item for item in answer.json()["items"] if item["code"] == CODE)


async def test_below_full_coverage_there_is_a_value_and_no_verdict(sa_pa_officer, sa_pa_leader):
    plan = await issued_plan(sa_pa_officer, sa_pa_leader, TARGET)
    nobody = await share(sa_pa_officer, plan)
    assert (nobody["status"], nobody["coverage"]) == (
        "waiting_for_data",
        {"covered": 0, "expected": 2, "is_full": False},
    )
    special = await group_code(sa_pa_officer)
    await register(sa_pa_officer, SA_PA_VILLAGE, circumstances=[{"group": special, "from_on": "2026-03-01"}])
    await register(sa_pa_officer, SA_PA_VILLAGE)
    half = await share(sa_pa_officer, plan)
    assert (half["status"], half["reason"], half["is_met"]) == ("no_verdict", "coverage_incomplete", None)
    assert (half["value"], half["coverage"]["covered"]) == (50, 1)

    await register(sa_pa_officer, SA_PA_OTHER_VILLAGE)
    whole = await share(sa_pa_officer, plan)
    assert (whole["status"], whole["is_met"], whole["coverage"]["is_full"]) == ("measured", True, True)
    assert (whole["numerator"], whole["denominator"], whole["value"]) == (1, 3, 33.3333)


async def test_who_counts_is_decided_on_the_day(sa_pa_officer, sa_pa_leader, clock):
    plan = await issued_plan(sa_pa_officer, sa_pa_leader, TARGET)
    special = await group_code(sa_pa_officer)
    await register(sa_pa_officer, SA_PA_VILLAGE, "2010-11-23")  # Turns 16 in two days.
    child = await register(
        sa_pa_officer, SA_PA_OTHER_VILLAGE, circumstances=[{"group": special, "from_on": "2026-03-01"}]
    )
    assert _told(await share(sa_pa_officer, plan)) == (1, 2)
    clock.forward(days=2)
    assert _told(await share(sa_pa_officer, plan)) == (1, 1)

    group = (await sa_pa_officer.get(f"/children/{child['id']}")).json()
    ended = await sa_pa_officer.post(
        f"/children/{child['id']}/circumstances/{group['circumstances'][0]['id']}/end",
        json={"ended_on": "2026-11-22", "reason": "Đã ổn định"},
        headers={"If-Match": f'"{group["row_version"]}"'},
    )
    assert ended.status_code == 200, ended.text
    assert _told(await share(sa_pa_officer, plan)) == (0, 1)


async def test_a_child_in_two_groups_is_one_child(sa_pa_officer, sa_pa_leader):
    plan = await issued_plan(sa_pa_officer, sa_pa_leader, TARGET)
    entries = (await sa_pa_officer.get("/code-lists/special_circumstances")).json()["entries"]
    two = [entry["code"] for entry in entries if entry["parent_code"] is None][:2]
    await register(
        sa_pa_officer, SA_PA_VILLAGE, circumstances=[{"group": group, "from_on": "2026-01-01"} for group in two]
    )

    assert _told(await share(sa_pa_officer, plan)) == (1, 1)


async def test_above_the_commune_no_count_of_fewer_than_five_is_told_or_left_to_be_reckoned(
    sa_pa_officer, sa_pa_leader, lao_cai_province_officer, bo_y_te_analyst
):
    plan = await issued_plan(sa_pa_officer, sa_pa_leader, TARGET)
    special = {"circumstances": [{"group": await group_code(sa_pa_officer), "from_on": "2026-03-01"}]}
    registered = 0
    for more, others, above in ((0, 3, 0), (4, 1, None), (1, 0, None), (0, 1, 5)):
        for _ in range(more):
            await register(sa_pa_officer, SA_PA_VILLAGE, **special)
        for _ in range(others):
            await register(sa_pa_officer, SA_PA_OTHER_VILLAGE)
        registered += more + others
        own = await share(sa_pa_officer, plan)
        for who in (lao_cai_province_officer, bo_y_te_analyst):
            item = await share(who, plan)
            assert _told(item) == (above, registered)
            if above is None:
                assert (item["value"], item["reason"]) == (None, "too_few_to_tell")
            else:
                assert (own["value"], own["numerator"]) == (item["value"], above)


async def test_a_province_is_covered_by_all_its_communes(
    sa_pa_officer, ta_van_officer, lao_cai_province_officer, lao_cai_province_leader
):
    await register(sa_pa_officer, SA_PA_VILLAGE)
    await register(ta_van_officer, TA_VAN_VILLAGE)
    plan = await issued_plan(lao_cai_province_officer, lao_cai_province_leader, TARGET)
    item = await share(lao_cai_province_officer, plan)

    # 97 communes without a list of villages, two villages of Sa Pa and one of Ta Van.
    assert item["coverage"] == {"covered": 2, "expected": 97 + 3, "is_full": False}
    assert _told(item) == (0, 2)


async def test_the_former_province_is_counted_in_today_s_communes_that_hold_it(sa_pa_officer, lao_cai_province_officer):
    await register(sa_pa_officer, SA_PA_VILLAGE)
    plan = await source_plan(lao_cai_province_officer)
    answer = (await lao_cai_province_officer.get(f"/action-plans/{plan['id']}/progress")).json()
    item = next(item for item in answer["items"] if item["code"] == CODE)

    assert answer["boundaries"] == "successors"
    assert _told(item) == (0, 1)
    # Fewer than today's whole province, which also holds what was Yen Bai.
    assert 3 < item["coverage"]["expected"] < 100


def _told(item):
    return item["numerator"], item["denominator"]
