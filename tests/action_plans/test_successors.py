"""Who answers for what an ended unit left: the unit that came after it corrects it, and nobody else."""

from datetime import UTC, datetime

import pytest
from tests.action_plans.plans import etag
from tests.action_plans.test_measuring import fund_target, measure
from tests.action_plans.test_reports import bound, step, write
from tests.activities.test_activities import record
from tests.people import SA_PA

REASON = {"reason": "Nhập nhầm"}


@pytest.fixture(autouse=True)
def in_2026(clock):
    clock.set(datetime(2026, 11, 21, 3, tzinfo=UTC))


@pytest.fixture
def left_by_an_ended_unit(database, rows):
    """Let a record have been made for a unit that ended; its holders already name who answers today."""

    async def run(table: str, **more: int) -> None:
        [old] = await rows("SELECT old_id FROM unit_succession WHERE new_id = $1 ORDER BY 1 LIMIT 1", SA_PA)
        names = ", ".join(f"{name} = {value}" for name, value in {"unit_id": old["old_id"], **more}.items())
        async with database.as_superuser() as connection:
            assert await connection.execute(f"UPDATE {table} SET {names}") == "UPDATE 1"  # noqa: S608

    return run


async def test_an_activity(sa_pa_officer, lao_cai_province_officer, left_by_an_ended_unit):
    written = await record(sa_pa_officer)
    await left_by_an_ended_unit("activities")
    address = f"/activities/{written.json()['id']}/entered-in-error"
    elsewhere = await lao_cai_province_officer.post(address, json=REASON, headers=etag(written))
    assert elsewhere.json()["type"].endswith(":activity_of_another_unit")
    assert (await sa_pa_officer.post(address, json=REASON, headers=etag(written))).status_code == 200


async def test_a_measurement(lao_cai_province_officer, left_by_an_ended_unit):
    target, _ = await fund_target(lao_cai_province_officer)
    wrong = await measure(lao_cai_province_officer, target["id"], value=4_000_000_000)
    await left_by_an_ended_unit("plan_measurements")
    address = f"/measurements/{wrong.json()['id']}/entered-in-error"
    assert (await lao_cai_province_officer.post(address, json=REASON, headers=etag(wrong))).status_code == 200


async def test_a_report_on_both_sides(
    lao_cai_province_officer, lao_cai_province_leader, sa_pa_officer, sa_pa_leader, ta_van_leader, left_by_an_ended_unit
):
    _, obligation_id, _ = await bound(lao_cai_province_officer, lao_cai_province_leader)
    report = await write(sa_pa_officer, obligation_id)
    await left_by_an_ended_unit("reports", recipient_unit_id=2)
    assert (await lao_cai_province_officer.get(f"/reports/{report.json()['id']}")).status_code == 404
    sent = await step(sa_pa_leader, report, "submit")
    assert sent.status_code == 200, sent.text
    assert (await step(ta_van_leader, sent, "accept")).status_code == 403
    accepted = await step(lao_cai_province_officer, sent, "accept")
    assert accepted.status_code == 200, accepted.text
