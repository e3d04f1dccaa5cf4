"""Of a sealed case whose child is followed in care elsewhere nobody there has a row but its leader and who is named."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import asyncpg
import orjson
import pytest
from fastapi import FastAPI
from tests.answers import code_of
from tests.cases.stories import File, tag
from tests.cases.test_carer_harms import in_care_of_ta_van
from tests.cases.test_gate import standing_as
from tests.cases.test_racing_for_a_carer import STOPPED
from tests.cases.test_sealed_and_followed import SEAL, UNPLANNED, sealed, waiting
from tests.matrix.operations import Operation, example
from tests.people import LAO_CAI, PEOPLE, SA_PA, TA_VAN

from childcare_api.shared import clock as time
from childcare_api.shared.ids import new_id
from childcare_api.shared.openapi import operations


@pytest.fixture(autouse=True)
def _november(clock):
    clock.set(datetime(2026, 11, 20, 3, tzinfo=UTC))


def addresses(app: FastAPI) -> Iterator[Operation]:
    """What may tell of a case: all that is read, and each command in a case."""
    document = app.openapi()
    for address, method, described in operations(document):
        if method == "get" or "{case_id}" in address:
            content = described.get("requestBody", {}).get("content", {}).get("application/json")
            body = None if content is None else example(document, content["schema"])
            yield Operation(described["operationId"], method, address, body)


async def test_what_is_sealed_elsewhere_is_no_row_where_the_child_is_followed(
    app, case_id, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_leader, ta_leng_officer, speak_as, rows
):
    """At each address a commune's officer, and the province above, are told what a stranger is."""
    there, path = await in_care_of_ta_van(case_id, sa_pa_officer, ta_van_officer, ta_van_leader)
    visit = await there.do(ta_van_officer, f"{path}/visits", UNPLANNED)
    await there.refresh(ta_van_leader)
    asked = await File(case_id).do(sa_pa_officer, "/placement-requests", {"commune_id": TA_VAN, "message": "Nhà cô."})
    report = await ta_van_leader.post("/care-reports", json={"year": 2026, "half": 2})
    assert report.status_code == 201, report.text
    assert str(case_id) in (await ta_van_officer.get(f"/care-reports/{report.json()['id']}")).text
    assert len(await waiting(ta_van_officer, case_id, "my_unit")) > 4
    await sealed(sa_pa_leader, case_id)

    steps = await rows("SELECT id FROM case_steps WHERE case_id = $1", case_id)
    grants = await rows("SELECT id FROM case_grants WHERE case_id = $1", case_id)
    secrets = {str(case_id), "Vàng A Pao", "V. A. P."} | {str(one["id"]) for one in (*steps, *grants)}
    assert {asked["id"], visit["id"], path.removeprefix("/placements/")} <= secrets
    (placed,) = await rows("SELECT carer_id FROM case_placements")
    ids = {"case_id": case_id, "placement_id": path.removeprefix("/placements/"), "request_id": asked["id"]}
    ids |= {"step_id": visit["id"], "report_id": report.json()["id"], "carer_id": placed["carer_id"]}
    pairs = (
        (ta_van_officer, ta_leng_officer),
        (speak_as("lao_cai_province_officer"), speak_as("lai_chau_province_officer")),
    )
    tried = 0
    for operation in addresses(app):
        for one, stranger in pairs:
            told = await operation.ask(one, **ids)
            assert not {secret for secret in secrets if secret in told.text}, (operation.id, told.text)
            if "{case_id}" in operation.path:
                theirs = await operation.ask(stranger, **ids)
                assert told.status_code == theirs.status_code, (operation.id, told.text)
                assert told.status_code >= 400, operation.id
                assert code_of(told) == code_of(theirs), operation.id
                tried += 1
    assert tried > 200
    for where in ("/tasks?whose=my_unit&limit=200", f"/tasks?case_id={case_id}&whose=my_unit", "/cases?shared=true",
                  f"/tasks?whose=my_unit&subject_id={asked['id']}", "/children-in-care?overdue=false"):  # fmt: skip
        told = await ta_van_officer.get(where)
        assert told.status_code == 200, told.text
        assert not {secret for secret in secrets if secret in told.text}, where
        seen = await ta_van_leader.get(where)
        assert str(case_id) in seen.text, where


async def test_the_database_itself_shows_a_followed_sealed_case_to_the_leader_alone(
    case_id, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_leader, database, clock
):
    _, path = await in_care_of_ta_van(case_id, sa_pa_officer, ta_van_officer, ta_van_leader)
    version = (await sealed(sa_pa_leader, case_id))["row_version"]
    clock.forward(hours=1)
    step = {"id": new_id(), "kind": "placement_visit", "about_id": path.removeprefix("/placements/"), "stands_on": []}
    step |= {"happened_at": clock.at, "recorded_at": clock.at}

    async def looks(key: str) -> tuple[list[int], list[Any]]:
        async with standing_as(database, key) as connection:
            own = [await connection.fetchval("SELECT count(*) FROM tasks WHERE subject_id = $1", case_id)]
            own.append(await connection.fetchval("SELECT count(*) FROM children_in_care($1)", time.today()))
            own.append(await connection.fetchval("SELECT cardinality(steps_of_case($1))", case_id))
            told = [await connection.fetchval("SELECT case_asked_me($1)", case_id)]
            for function, values in (
                ("case_tell_here($1, $2, $3, 'x', now())", [[PEOPLE["ta_van_officer"].id]]),
                ("case_place_from_elsewhere($1, $2, $3, '{}', now())", [orjson.dumps(step, default=str).decode()]),
            ):
                told.append(await connection.fetchval(f"SELECT {function}", case_id, version, *values))
            await connection.execute("SET LOCAL ROLE childcare_commune_granted")
            for table in ("cases", "case_steps", "case_placements", "case_placement_handovers"):
                key_of = "case_id" if table == "case_steps" else "id"
                about = (
                    "SELECT id FROM case_steps WHERE case_id = $1" if table.startswith("case_p") else "SELECT $1::uuid"
                )
                own.append(await connection.fetchval(
                    f"SELECT count(*) FROM {table} WHERE {key_of} IN ({about})", case_id))  # noqa: S608  # fmt: skip
            return own, told

    own, told = await looks("ta_van_officer")
    assert (own, told) == ([0] * 7, [False, None, None])
    own, told = await looks("ta_van_leader")
    assert min(own) > 0
    # A leader names people, and does not visit: that is an officer's (NĐ 56/2017, Điều 43.2).
    assert told == [True, version + 1, None]
    for key in ("ta_van_officer", "ta_van_leader"):
        async with standing_as(database, key) as connection:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(
                    "INSERT INTO case_recipients (id, case_id, user_id, added_at, added_by, unit_id, commune_id,"
                    " province_id) VALUES ($1, $2, $3, now(), $3, $4, $4, $5)",
                    new_id(), case_id, PEOPLE[key].id, SA_PA, LAO_CAI,
                )  # fmt: skip


@pytest.mark.committed
async def test_a_visit_that_is_on_its_way_while_the_case_is_sealed_is_not_written(
    case_id, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_leader, database, clock
):
    there, path = await in_care_of_ta_van(case_id, sa_pa_officer, ta_van_officer, ta_van_leader)
    clock.forward(hours=1)
    version = (await sa_pa_leader.get(f"/cases/{case_id}")).json()["row_version"]
    watching, stopping = database.as_superuser(), database.as_superuser()
    async with watching as watch, stopping as stop, stop.transaction(), asyncio.timeout(20):

        async def wait_for(stopped: int) -> None:
            while await watch.fetchval(STOPPED) < stopped:  # noqa: ASYNC110 - nothing of ours tells that it waits
                await asyncio.sleep(0.02)

        await stop.execute("SELECT FROM cases WHERE id = $1 FOR UPDATE", case_id)
        address = f"/cases/{case_id}/confidentiality"
        sealing = asyncio.create_task(sa_pa_leader.put(address, json=SEAL, headers=tag(version)))
        await wait_for(1)
        visiting = asyncio.create_task(there.post(ta_van_officer, f"{path}/visits", UNPLANNED))
        await wait_for(2)
    assert [(await sealing).status_code, (await visiting).status_code] == [200, 404]
    assert (await ta_van_leader.get(f"/cases/{case_id}{path}/visits")).json()["items"] == []
