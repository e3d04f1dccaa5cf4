"""What the database itself refuses, whatever the program asks of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest
from tests.cases.stories import File
from tests.people import LAO_CAI, SA_PA, TA_LENG, TA_VAN

from childcare_api.shared.ids import new_id

_STEP = """
INSERT INTO case_steps (id, origin_commune_id, case_id, position, kind, stands_on, happened_at, recorded_at,
    recorded_by, unit_id, commune_id, province_id)
VALUES ($1, $2, $3, 99, 'progress_note', '{}', now(), now(), $1, $4, $4, $5)
"""
_GRANT = """
INSERT INTO case_grants (id, origin_commune_id, case_id, granted_commune_id, reason, kinds, valid_from, granted_at,
    granted_by, unit_id, commune_id, province_id)
VALUES ($1, $2, $3, $2, 'x', '{assessment}', '2026-01-01', now(), $1, $4, $4, $5)
"""


@asynccontextmanager
async def as_commune(database, commune: int) -> AsyncIterator[asyncpg.Connection]:
    """Stand at the database as an officer of a commune does, with nothing of the program in between."""
    async with database.as_superuser() as connection:
        await connection.execute(f"SAVEPOINT here; SET LOCAL app.commune_id = '{commune}'")
        await connection.execute("SET LOCAL ROLE childcare_commune")
        yield connection
        await connection.execute("ROLLBACK TO SAVEPOINT here")


@pytest.mark.parametrize("statement", [_STEP, _GRANT])
async def test_nobody_writes_into_or_grants_itself_a_case_of_another_commune(case_id, database, statement):
    async with as_commune(database, TA_VAN) as connection:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement, new_id(), TA_VAN, case_id, SA_PA, LAO_CAI)
    async with as_commune(database, SA_PA) as connection:
        await connection.execute(statement, new_id(), SA_PA, case_id, SA_PA, LAO_CAI)


async def test_a_step_is_marked_and_never_rewritten(case_id, database, sa_pa_officer):
    await File(case_id).do(sa_pa_officer, "/progress-notes", {"note": "Như đã ghi."})
    for statement in ("UPDATE case_steps SET note = 'khác'", "DELETE FROM case_steps", "DELETE FROM cases"):
        async with as_commune(database, SA_PA) as connection:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)


async def test_a_part_cannot_be_put_with_another_commune_than_its_case(case_id, database):
    async with as_commune(database, TA_VAN) as connection:
        with pytest.raises(asyncpg.ForeignKeyViolationError):
            await connection.execute(_STEP, new_id(), TA_VAN, case_id, TA_VAN, LAO_CAI)


async def test_the_commune_that_leads_reads_the_report_and_not_who_told(assessed_report, sa_pa_officer, ta_van_officer):
    report = await assessed_report()
    assert (await ta_van_officer.get(f"/intakes/{report.id}")).status_code == 404
    await report.open(sa_pa_officer, {"unit_id": TA_VAN})
    assert (await ta_van_officer.get(f"/intakes/{report.id}")).status_code == 200
    revealed = await ta_van_officer.get(f"/intakes/{report.id}/reporter", headers={"X-Action-Reason": "Curious."})
    assert revealed.status_code == 404


_TRANSFER = """
INSERT INTO case_transfers (id, case_id, from_commune_id, to_commune_id, moved_on, reason, summary, emergency,
    case_status, consent_by, consent_on, status, offered_at, offered_by, unit_id, commune_id, province_id, row_version)
VALUES ($1, $2, $3, $5, '2026-11-01', 'x', 'x', false, 'opened', '{child}', '2026-11-01', 'offered', now(), $1, $4, $4,
    $6, 1)
"""
_REFERRAL = """
INSERT INTO case_referrals (id, case_id, to_commune_id, body_name, plan_service_id, service_group, request, respond_by,
    names_child, consent_by, consent_on, grant_id, status, asked_at, asked_by, unit_id, commune_id, province_id,
    row_version)
VALUES ($1, $2, $3, 'x', $5, 'health', 'x', now(), false, '{child}', '2026-11-01', $6, 'asked', now(), $1, $4, $4, $7,
    1)
"""
_REPORT = """
INSERT INTO case_reports (id, origin_commune_id, intake_id, channel, received_at, initial_assessment, unit_id,
    commune_id, province_id)
VALUES ($1, $3, $2, 'phone', now(), '{}', $3, $3, $4)
"""


async def test_no_part_of_an_own_case_speaks_of_the_case_report_or_grant_of_another_commune(
    case_id, assessed_report, sa_pa_officer, sa_pa_leader, database, rows
):
    """Functions of the gate believe these rows: who may take a case over, answer in it, read the report behind it."""
    (foreign,) = await rows("SELECT id, intake_id FROM cases WHERE id = $1", case_id)
    given = {"commune_id": TA_LENG, "kinds": ["assessment"], "reason": "x"}
    grant = (await File(case_id).do(sa_pa_leader, "/grants", given))["id"]
    opened = (await (await assessed_report()).open(sa_pa_officer, {"unit_id": TA_VAN})).json()["cases"]
    own = opened[0]["id"]
    for statement, values in (
        (_TRANSFER, (foreign["id"], SA_PA, TA_VAN, TA_VAN, LAO_CAI)),
        (_TRANSFER, (own, SA_PA, TA_VAN, TA_LENG, LAO_CAI)),
        (_REFERRAL, (foreign["id"], TA_VAN, TA_VAN, None, None, LAO_CAI)),
        (_REFERRAL, (own, TA_LENG, TA_VAN, None, grant, LAO_CAI)),
        (_REFERRAL, (own, TA_LENG, TA_VAN, new_id(), None, LAO_CAI)),
        (_REPORT, (foreign["intake_id"], TA_VAN, LAO_CAI)),
    ):
        async with as_commune(database, TA_VAN) as connection:
            step = new_id()
            await connection.execute(_STEP, step, TA_VAN, own, TA_VAN, LAO_CAI)
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement, step, *values)
