"""A child is given to a carer in the moment in which that one goes off the list, or is found to harm another child."""

import asyncio
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
import pytest
from tests.alternative_care.carers import listed
from tests.answers import code_of
from tests.cases.care import DECISION, HANDED, NEEDS, VISIT
from tests.cases.stories import File, tag
from tests.cases.test_carer_harms import in_care_of_ta_van

HARM = VISIT | {"occasion": "unplanned", "carer_harmed_child": True, "proposal": "end", "harm": "Đánh cháu."}
MET = HANDED | {"met_on": ["2026-11-18", "2026-11-19"]}
END = {"ground": "family_reunited", "decision_number": "9", "ended_on": "2026-11-20", "goes_to": "family"}
HEAD_START = (0, 0.01, 0.04, 0.1)
"""Seconds by which the decision on the child is sent before what takes the carer away."""
_SAME_TASK = (
    "INSERT INTO tasks SELECT (jsonb_populate_record(t, jsonb_build_object('id', gen_random_uuid(), 'subject_id',"
    " $1::uuid, 'rule_code', 'carer.end_all'))).* FROM tasks t WHERE rule_code = 'placement.visit_first' LIMIT 1"
)
STOPPED = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


@pytest.fixture(autouse=True)
def _november(clock):
    clock.set(datetime(2026, 11, 20, 3, tzinfo=UTC))


async def at_once(ahead: float, place: Any, take_away: Any) -> tuple[httpx.Response, httpx.Response]:
    """Send the one, and the other while it is on its way."""

    async def later() -> httpx.Response:
        await asyncio.sleep(ahead)
        return await take_away

    placed, taken = await asyncio.gather(place, later())
    return placed, taken


@pytest.mark.committed
async def test_of_who_places_a_child_and_who_takes_the_carer_away_the_second_sees_the_first(
    assessed_report, sa_pa_officer, sa_pa_second_officer, sa_pa_leader
):
    report = await assessed_report(emergency=False, relation="neighbour")
    given, harmed = (File(one["id"]) for one in (await report.open(sa_pa_officer)).json()["cases"])
    for file in (given, harmed):
        await file.do(sa_pa_officer, "/care-needs", NEEDS)
    for number, ahead in enumerate(HEAD_START):
        carer = await listed(sa_pa_officer, sa_pa_leader, full_name=f"Lù Thị Mẩy {number}", born_on="1985-04-02")
        decision = DECISION | {"carer_id": carer["id"], "decided_on": "2026-11-20", "decision_number": f"{number}/QĐ"}
        strike = f"/carers/{carer['id']}/strike-off"
        body = {"ground": "conditions_lost", "reason": "Không còn đủ điều kiện."}
        placed, struck = await at_once(
            ahead,
            given.post(sa_pa_leader, "/placements", decision),
            sa_pa_leader.post(strike, json=body, headers=tag(carer["row_version"])),
        )
        if placed.is_success:
            assert code_of(struck) == "carer_has_children"
            await given.do(sa_pa_leader, f"/placements/{placed.json()['id']}/end", END)
        else:
            assert {one["what"] for one in placed.json()["missing"]} == {"not_listed", "registration_ended"}
            assert struck.is_success

        other = await listed(sa_pa_officer, sa_pa_leader, full_name=f"Sùng Thị Chở {number}", born_on="1986-04-02")
        decision |= {"carer_id": other["id"]}
        there = f"/placements/{(await harmed.do(sa_pa_leader, '/placements', decision))['id']}"
        await harmed.do(sa_pa_officer, f"{there}/handover", MET)
        placed, seen = await at_once(
            ahead,
            given.post(sa_pa_leader, "/placements", decision),
            harmed.post(sa_pa_second_officer, f"{there}/visits", HARM),
        )
        told = {one["what"] for one in seen.json()["notices"]}
        assert ("other_children_there" in told) is placed.is_success
        if placed.is_success:
            await given.do(sa_pa_leader, f"/placements/{placed.json()['id']}/end", END)
        else:
            assert [one["what"] for one in placed.json()["missing"]] == ["harmed_a_child"]
        await harmed.do(sa_pa_leader, f"{there}/end", END | {"ground": "carer_harmed_child"})


@pytest.mark.committed
async def test_of_two_children_who_leave_a_struck_off_carer_at_once_the_last_ends_the_task(
    assessed_report, sa_pa_officer, sa_pa_leader, database
):
    report = await assessed_report(emergency=False, relation="neighbour")
    files = [File(one["id"]) for one in (await report.open(sa_pa_officer)).json()["cases"]]
    carer = await listed(sa_pa_officer, sa_pa_leader)
    ends = []
    for number, file in enumerate(files):
        await file.do(sa_pa_officer, "/care-needs", NEEDS)
        decision = DECISION | {"carer_id": carer["id"], "decided_on": "2026-11-20", "decision_number": f"{number}/QĐ"}
        placed = await file.do(sa_pa_leader, "/placements", decision)
        ends.append((f"/placements/{placed['id']}/end", END | {"decision_number": f"{number}/CD"}))
    body, address = {"ground": "harmed_a_child"}, f"/carers/{carer['id']}/strike-off"
    assert (await sa_pa_leader.post(address, json=body, headers=tag(carer["row_version"]))).is_success

    async def running() -> list[str]:
        tasks = (await sa_pa_leader.get("/tasks", params={"limit": 200})).json()["items"]
        return [one["rule"] for one in tasks if one["rule"] == "carer.end_all"]

    assert await running() == ["carer.end_all"]
    # Each is stopped where it has counted who is still there, or waits for the other one to have done it.
    watching, stopping = database.as_superuser(), database.as_superuser()
    async with watching as watch, stopping as stop, stop.transaction(), asyncio.timeout(20):
        await stop.execute("SELECT FROM tasks WHERE rule_code = 'carer.end_all' FOR UPDATE")
        left = asyncio.gather(*(file.post(sa_pa_leader, *end) for file, end in zip(files, ends, strict=True)))
        while await watch.fetchval(STOPPED) < len(files):  # noqa: ASYNC110 - nothing of ours tells that it waits
            await asyncio.sleep(0.02)
    assert [one.status_code for one in await left] == [200, 200]
    assert await running() == []


@pytest.mark.committed
async def test_no_task_is_left_of_a_carer_struck_off_as_the_child_elsewhere_dies(
    assessed_report, sa_pa_officer, ta_van_officer, ta_van_leader, database
):
    """Who strikes them off has counted the child, and is stopped before the task is there for the death to end."""
    opened = await (await assessed_report(emergency=False, relation="neighbour")).open(sa_pa_officer)
    file = File(opened.json()["cases"][0]["id"])
    await in_care_of_ta_van(file.case_id, sa_pa_officer, ta_van_officer, ta_van_leader)
    (care,) = (await ta_van_officer.get(f"/cases/{file.case_id}/placements")).json()["items"]
    address = f"/carers/{care['carer_id']}"
    version = tag((await ta_van_officer.get(address)).json()["row_version"])
    await file.refresh(sa_pa_officer)
    strike = ta_van_leader.post(f"{address}/strike-off", json={"ground": "harmed_a_child"}, headers=version)
    death = file.post(sa_pa_officer, "/child-died", {"died_on": "2026-11-20"})
    watching, stopping = database.as_superuser(), database.as_superuser()
    async with watching as watch, stopping as stop, asyncio.timeout(20):
        same = stop.transaction()
        await same.start()
        await stop.execute(_SAME_TASK, UUID(care["carer_id"]))
        struck = asyncio.create_task(strike)
        while await watch.fetchval(STOPPED) < 1:  # noqa: ASYNC110 - nothing of ours tells that it waits
            await asyncio.sleep(0.02)
        died = asyncio.create_task(death)
        while not died.done() and await watch.fetchval(STOPPED) < 2:  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.02)
        await same.rollback()
    assert [(await one).status_code for one in (struck, died)] == [200, 201]
    assert (await ta_van_leader.get(address)).json()["children_in_care"] == 0
    tasks = (await ta_van_leader.get("/tasks", params={"limit": 200})).json()["items"]
    assert [one["rule"] for one in tasks if one["subject_id"] == care["carer_id"]] == []


@pytest.mark.committed
async def test_of_acts_at_once_on_the_children_of_who_harmed_one_none_is_left_unseen(
    assessed_report, sa_pa_officer, sa_pa_leader, database
):
    reports = [await assessed_report(emergency=False, relation="neighbour") for _ in range(2)]
    files = [File(one["id"]) for report in reports for one in (await report.open(sa_pa_officer)).json()["cases"]]
    carer = await listed(sa_pa_officer, sa_pa_leader, child_count=4)
    paths = []
    for number, file in enumerate(files):
        await file.do(sa_pa_officer, "/care-needs", NEEDS)
        decision = DECISION | {"carer_id": carer["id"], "decided_on": "2026-11-20", "decision_number": f"{number}/QĐ"}
        paths.append(f"/placements/{(await file.do(sa_pa_leader, '/placements', decision))['id']}")
    for file, path in list(zip(files, paths, strict=True))[:-1]:
        await file.do(sa_pa_officer, f"{path}/handover", MET)

    async def to_see() -> int:
        tasks = (await sa_pa_officer.get("/tasks", params={"limit": 200})).json()["items"]
        number = (await sa_pa_officer.get(f"/carers/{carer['id']}")).json()["children_to_see"]
        assert sum(one["rule"] == "carer.see_all" for one in tasks) == bool(number)
        return number

    async def at_one_moment(*acts: tuple[File, str, dict[str, Any]]) -> list[httpx.Response]:
        """Let each act come as far as to the carer, whom somebody else holds, and then go on."""
        watching, stopping = database.as_superuser(), database.as_superuser()
        async with watching as watch, stopping as stop, stop.transaction(), asyncio.timeout(20):
            await stop.execute("SELECT FROM carers WHERE id = $1 FOR NO KEY UPDATE", carer["id"])
            done = asyncio.gather(*(file.post(sa_pa_officer, path, body) for file, path, body in acts))
            while await watch.fetchval(STOPPED) < len(acts):  # noqa: ASYNC110 - nothing of ours tells that it waits
                await asyncio.sleep(0.02)
        return await done

    harmed, first, second, late = zip(files, (f"{path}/visits" for path in paths), strict=True)
    found, handed = await at_one_moment((*harmed, HARM), (late[0], f"{paths[-1]}/handover", MET))
    assert found.is_success, found.text
    assert handed.is_success or code_of(handed) == "placement_not_ready"
    assert await to_see() == 2 + handed.is_success
    if handed.is_success:
        assert (await late[0].post(sa_pa_officer, late[1], VISIT | {"occasion": "unplanned"})).is_success
    seen = VISIT | {"occasion": "unplanned"}
    assert [one.status_code for one in await at_one_moment((*first, seen), (*second, seen))] == [201, 201]
    assert await to_see() == 0
