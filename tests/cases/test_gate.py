"""Functions of the gate see past every policy: each looks for itself who asks, and believes nothing that it is told."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import asyncpg
import orjson
import pytest
from tests.cases.stories import ASSESSMENT, File, keyed, separation, tag
from tests.people import HOTLINE_SOURCE, LAO_CAI, PEOPLE, SA_PA, TA_VAN

from childcare_api.shared import clock as time
from childcare_api.shared.ids import new_id

WHY = {"reason": "Là chú ruột của cháu."}
_CASE = """
INSERT INTO cases (id, origin_commune_id, intake_id, intake_child_id, sibling_group_id, status, cycle, step_count,
    emergency, harm_doer_is_carer, harm_doer_relations, harm_kinds, received_at, opened_at, opened_by, unit_id,
    commune_id, province_id, row_version)
VALUES ($1, $4, $2, $3, $2, 'opened', 1, 0, false, false, '{}', '{}', now(), now(), $1, $4, $4, $5, 1)
"""


@asynccontextmanager
async def standing_as(database, key: str) -> AsyncIterator[asyncpg.Connection]:
    """Stand at the database as a person of a commune does, with nothing of the program in between."""
    who = PEOPLE[key]
    settings: dict[str, Any] = {"actor_id": who.id, "actor_kind": "person", "assignment_id": who.assignment_id}
    settings |= {"unit_id": who.unit_id, "today": time.today()} | who.holder
    async with database.as_superuser() as connection:
        await connection.execute("SAVEPOINT here")
        for name, value in settings.items():
            await connection.execute(
                "SELECT set_config($1, $2, true)", f"app.{name}", "" if value is None else str(value)
            )
        await connection.execute("SET LOCAL ROLE childcare_commune")
        try:
            yield connection
        finally:
            await connection.execute("ROLLBACK TO SAVEPOINT here")


async def test_who_is_kept_from_a_case_gets_nothing_of_it_from_the_gate_either(
    case_id, sa_pa_officer, sa_pa_leader, database, rows
):
    await File(case_id).do(sa_pa_officer, "/assessments", ASSESSMENT)
    [case] = await rows("SELECT intake_id FROM cases WHERE id = $1", case_id)
    [task] = await rows("SELECT * FROM tasks WHERE rule_code = 'plan.submit' AND subject_id = $1", case_id)
    await rows(
        "INSERT INTO intake_reporters (intake_id, full_name, origin_unit_id, unit_id, commune_id, province_id)"
        " VALUES ($1, 'Lý A Sếnh', $2, $2, $2, $3) ON CONFLICT DO NOTHING",
        case["intake_id"],
        SA_PA,
        LAO_CAI,
    )
    # Thirty days more than any clock allows today, so that only who asks decides.
    await rows("UPDATE clock_rules SET extension_length = 30 WHERE code = 'plan.submit'")
    later = task["due_at"] + timedelta(days=9)
    asked = (
        ("SELECT * FROM intake_reporter_revealed($1, 'x')", [case["intake_id"]]),
        ("SELECT * FROM paper_signers($1)", [case_id]),
        (
            "SELECT 1 WHERE extend_task($1, $2, 1, $3, false, $3)",
            [task["id"], task["row_version"], later],
        ),
        ("UPDATE tasks SET done_at = now(), done_recorded_at = now() WHERE id = $1 RETURNING id", [task["id"]]),
    )
    blind = (
        "UPDATE cases SET confidentiality = 'normal'",
        "UPDATE intakes SET confidentiality = 'normal'",
    )
    for named in (False, True):
        if named:
            officer = {"user_id": str(PEOPLE["sa_pa_officer"].id)}
            assert (await sa_pa_leader.post(f"/cases/{case_id}/exclusions", json=WHY | officer)).status_code == 201
        for statement, values in asked:
            async with standing_as(database, "sa_pa_officer") as connection:
                assert bool(await connection.fetch(statement, *values)) is not named, statement
        for statement in blind:
            async with standing_as(database, "sa_pa_officer") as connection:
                assert (await connection.execute(statement) == "UPDATE 0") is named, statement


async def test_a_case_is_opened_on_a_report_of_ones_own_and_stays_with_it(
    assessed_report, sa_pa_officer, database, rows
):
    report, other = await assessed_report(), await assessed_report()
    own = (await report.open(sa_pa_officer)).json()["cases"][0]["id"]
    for key, (intake, child), commune in (
        ("ta_van_officer", (other.id, other.children[0]), TA_VAN),
        ("sa_pa_officer", (other.id, report.children[0]), SA_PA),
    ):
        async with standing_as(database, key) as connection:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(_CASE, new_id(), intake, child, commune, LAO_CAI)
    async with standing_as(database, "sa_pa_officer") as connection:
        await connection.execute(_CASE, new_id(), other.id, other.children[0], SA_PA, LAO_CAI)
    for column in ("intake_id", "intake_child_id", "opened_by", "origin_commune_id"):
        async with standing_as(database, "sa_pa_officer") as connection:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(f"UPDATE cases SET {column} = {column} WHERE id = $1", own)  # noqa: S608


async def test_the_commune_of_the_incident_extends_the_separation_of_that_case_and_no_other(
    assessed_report, clock, sa_pa_officer, sa_pa_leader, database, rows
):
    report = await assessed_report()
    opened = (await report.open(sa_pa_officer, {"unit_id": TA_VAN})).json()["cases"]
    files = [File(one["id"]) for one in opened]
    clock.forward(minutes=5)
    separations = [(await one.do(sa_pa_leader, "/separations", separation(time.today())))["id"] for one in files]

    async def extend(separation_id: str, stands_on: str) -> int | None:
        [case] = await rows("SELECT row_version FROM cases WHERE id = $1", files[0].case_id)
        ends_at = clock.at + timedelta(days=12)
        step = {"id": new_id(), "kind": "separation_extended", "about_id": separation_id, "stands_on": [stands_on]}
        step |= {"happened_at": clock.at, "recorded_at": clock.at, "ends_at": ends_at}
        change = {"separation_id": separation_id, "decision_number": "8", "decided_on": time.today(), "reason": "x"}
        values = [orjson.dumps(one, default=str).decode() for one in (step, change | {"days": 2}, [])]
        async with standing_as(database, "sa_pa_leader") as connection:
            return await connection.fetchval(
                "SELECT case_act_from_incident($1, $2, $3, 'case_separation_changes', $4, $5, $6)",
                files[0].case_id,
                case["row_version"],
                *values,
                clock.at,
            )

    mine, other = separations
    assert await extend(other, other) is None
    assert await extend(mine, other) is None
    assert await extend(mine, mine) is not None
    stepped_back = await sa_pa_leader.post(f"/intakes/{report.id}/declare-conflict", json=WHY, headers=keyed())
    assert stepped_back.status_code == 201, stepped_back.text
    assert await extend(mine, mine) is None


async def test_nobody_tells_a_sealed_case_to_themselves_or_writes_into_it_unseen(
    case_id, sa_pa_officer, sa_pa_leader, database, rows
):
    put = {"level": "sealed", "reason": "Báo chí chú ý."}
    version = (await sa_pa_leader.get(f"/cases/{case_id}")).json()["row_version"]
    path = f"/cases/{case_id}/confidentiality"
    assert (await sa_pa_leader.put(path, json=put, headers=tag(version))).status_code == 200
    recipient = (
        "INSERT INTO case_recipients (id, case_id, user_id, added_at, added_by, unit_id, commune_id, province_id)"
        " VALUES ($1, $2, $3, now(), $3, $4, $4, $5)"
    )
    step = (
        "INSERT INTO case_steps (id, origin_commune_id, case_id, position, kind, stands_on, happened_at, recorded_at,"
        " recorded_by, unit_id, commune_id, province_id)"
        " VALUES ($1, $4, $2, 99, 'progress_note', '{}', now(), now(), $3, $4, $4, $5)"
    )
    # Whoever opened it goes on, and so does the leader.
    for key in ("sa_pa_second_officer", "sa_pa_officer", "sa_pa_leader"):
        values = (new_id(), case_id, PEOPLE[key].id, SA_PA, LAO_CAI)
        for statement in (recipient, step):
            async with standing_as(database, key) as connection:
                if key == "sa_pa_second_officer":
                    with pytest.raises(asyncpg.InsufficientPrivilegeError):
                        await connection.execute(statement, *values)
                else:
                    assert await connection.execute(statement, *values) == "INSERT 0 1"
    [case] = await rows("SELECT intake_id FROM cases WHERE id = $1", case_id)
    assert (await sa_pa_officer.get(f"/intakes/{case['intake_id']}/receipt")).status_code == 200
    stepped_back = await sa_pa_officer.post(f"/cases/{case_id}/declare-conflict", json=WHY, headers=keyed())
    assert stepped_back.status_code == 201, stepped_back.text
    assert (await sa_pa_officer.get(f"/intakes/{case['intake_id']}/receipt")).status_code == 404


async def test_a_hotline_asks_and_withdraws_behind_its_own_reports_alone(assessed_report, database, rows):
    report = await assessed_report()
    async with database.as_superuser() as connection:
        await connection.execute("SAVEPOINT here")
        await connection.execute("SELECT set_config('app.source_id', $1, true)", str(HOTLINE_SOURCE))
        await connection.execute("SET LOCAL ROLE childcare_hotline")
        referral = new_id()
        await connection.execute(
            "INSERT INTO hotline_referrals (id, row_version, source_id, source, external_ref, body_digest, intake_id,"
            " received_at, recorded_at) VALUES ($1, 1, $2, 'x', 'planted', 'x', $3, now(), now())",
            referral,
            HOTLINE_SOURCE,
            report.id,
        )
        assert await connection.fetch("SELECT * FROM hotline_referral_state($1)", referral) == []
        for statement in (
            "SELECT hotline_update_referral($1, $2, $2, '{}', now(), '[]')",
            "SELECT hotline_withdraw_referral($1, $2, 'x', now())",
        ):
            assert not await connection.fetchval(statement, referral, new_id())
        await connection.execute("ROLLBACK TO SAVEPOINT here")
