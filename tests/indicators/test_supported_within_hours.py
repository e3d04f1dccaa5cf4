"""Abused children supported in time: the hours in which an emergency is met."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.cases.stories import INITIAL_ASSESSMENT, MEASURE, File, tag
from tests.indicators.supporting import a_tuesday_in_2026, opened, plan_id, share, supported, told
from tests.people import TA_VAN

__all__ = ["a_tuesday_in_2026", "plan_id"]


async def test_an_emergency_measure_after_12_hours_is_late(
    assessed_report, clock, plan_id, sa_pa_officer, ta_van_officer, ta_van_leader
):
    file, other = await opened(await assessed_report(), sa_pa_officer)
    clock.forward(hours=10, minutes=30)
    await supported(file, ta_van_officer, ta_van_leader)  # Half past twelve hours after the receipt.
    clock.forward(hours=1)
    item = await share(ta_van_officer, plan_id)

    assert (item["value"], item["is_met"], told(item)) == (0, False, (0, 2, 0))
    assert item["details"]["emergency_late"] == 2
    assert other.case_id != file.case_id


async def test_of_a_report_that_was_taken_up_again_the_12_hours_run_from_what_was_new(
    assessed_report, clock, plan_id, sa_pa_officer, ta_van_officer, ta_van_leader
):
    report = await assessed_report()
    path, version = f"/intakes/{report.id}", report.row_version
    for days, command, body in (
        (0, "assess", INITIAL_ASSESSMENT | {"emergency": False}),
        (0, "dismiss", {"reason": "Không có căn cứ."}),
        (20, "re-examine", {"reason": "Cô giáo thấy vết bầm.", "emergency": True}),
        (0, "assess", INITIAL_ASSESSMENT),
    ):
        clock.forward(days=days)
        answer = await sa_pa_officer.post(f"{path}/{command}", json=body, headers=tag(version))
        assert answer.status_code == 200, answer.text
        version = answer.json()["row_version"]
    for file in await opened(replace(report, row_version=version), sa_pa_officer):
        await supported(file, ta_van_officer, ta_van_leader)
    item = await share(ta_van_officer, plan_id)
    assert (told(item), item["details"]["emergency_late"]) == ((2, 2, 0), 0)


@pytest.mark.parametrize(("hours", "expected", "late"), [(11, (1, 2, 1), 1), (13, (0, 3, 0), 3)])
async def test_an_emergency_that_joins_later_is_judged_by_a_measure_of_its_own(
    assessed_report, clock, plan_id, ta_van_officer, ta_van_leader, hours, expected, late, sa_pa_officer
):
    """A second call with new danger: what was done before says nothing of it. Both reports are of one child.

    The brothers, one in each report, wait for a measure themselves: the first of them too long.
    """
    file, _ = await opened(await assessed_report(), sa_pa_officer)
    await supported(file, ta_van_officer, ta_van_leader)
    assert told(await share(ta_van_officer, plan_id)) == (1, 1, 1)
    clock.forward(days=3)
    report = await assessed_report(relation="mother", received_at=clock.at)
    [second, _] = (await report.open(sa_pa_officer, {"unit_id": TA_VAN})).json()["cases"]
    same = {"case_id": str(file.case_id), "reason": "Cùng một trẻ."}
    joined = await File(second["id"]).do(ta_van_officer, "/join", same)
    assert joined["emergency"] is True
    waiting = await share(ta_van_officer, plan_id)
    assert (told(waiting), waiting["details"]["without_case"]) == ((0, 1, 2), 0)
    clock.forward(hours=hours)
    await file.refresh(ta_van_officer)
    await file.do(ta_van_officer, "/emergency-measures", MEASURE)
    item = await share(ta_van_officer, plan_id)
    assert (told(item), item["details"]["emergency_late"]) == (expected, late)


async def test_exactly_12_hours_are_in_time(
    assessed_report, clock, plan_id, sa_pa_officer, ta_van_officer, ta_van_leader
):
    files = await opened(await assessed_report(), sa_pa_officer)
    clock.forward(hours=10)  # The report was received two hours before.
    for file in files:
        await supported(file, ta_van_officer, ta_van_leader)
    clock.forward(days=1)

    assert told(await share(ta_van_officer, plan_id)) == (2, 2, 0)


async def test_the_hours_are_those_of_the_clock_on_the_day_of_the_receipt(
    assessed_report, clock, plan_id, sa_pa_officer, ta_van_officer, ta_van_leader, database
):
    """The law may shorten them; what was received before is judged by what stood then."""
    for file in await opened(await assessed_report(), sa_pa_officer):
        clock.forward(hours=4)
        await supported(file, ta_van_officer, ta_van_leader)  # Six and ten hours after the receipt.
    for days, expected in ((1, (2, 2, 0)), (-1, (1, 2, 0))):
        async with database.as_superuser() as connection:
            await connection.execute("DELETE FROM clock_rules WHERE code = 'emergency.intervene' AND length = 8")
            await connection.execute(
                "INSERT INTO clock_rules SELECT (jsonb_populate_record(r, jsonb_build_object('length', 8, 'valid_from',"
                " $1::date))).* FROM clock_rules r WHERE code = 'emergency.intervene'",
                clock.at.date() + timedelta(days=days),
            )
        assert told(await share(ta_van_officer, plan_id)) == expected


async def test_without_an_emergency_no_measure_is_due(
    assessed_report, clock, plan_id, sa_pa_officer, ta_van_officer, ta_van_leader
):
    report = await assessed_report(emergency=False, relation="neighbour")
    files = await opened(report, sa_pa_officer)
    clock.forward(hours=30)
    for file in files:
        await supported(file, ta_van_officer, ta_van_leader, measure=False)

    assert told(await share(ta_van_officer, plan_id)) == (2, 2, 0)
