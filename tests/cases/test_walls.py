"""What the database itself refuses, whatever the program asks of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest
from tests.cases.stories import File
from tests.people import LAO_CAI, SA_PA, TA_VAN

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
