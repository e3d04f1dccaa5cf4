"""What the database refuses where a statement of ours forgets to look: rows planted into another unit's records."""

from uuid import uuid4

import asyncpg
import pytest
from tests.access.planting import case_of, refused
from tests.access.test_scope import actor_of
from tests.cases.stories import REPORT, keyed
from tests.people import HOTLINE_SOURCE, LAI_CHAU, LAO_CAI, PEOPLE, SA_PA, SA_PA_VILLAGE, TA_VAN, TA_VAN_VILLAGE

from childcare_api.access import scope

_INTAKE_GRANT = """
INSERT INTO intake_grants (id, intake_id, origin_unit_id, grantee_commune_id, kind, granted_at, granted_by, unit_id,
    commune_id, province_id)
VALUES ($1, $2, $3, $3, 'reported', now(), $1, $4, $4, $5)
"""
_REPORTER = """
INSERT INTO intake_reporters (intake_id, origin_unit_id, full_name, unit_id, commune_id, province_id)
VALUES ($1, $2, 'planted', $3, $3, $4)
"""
_CASE_GRANT = """
INSERT INTO case_grants (id, origin_commune_id, case_id, granted_commune_id, reason, kinds, valid_from, granted_at,
    granted_by, unit_id, commune_id, province_id)
VALUES ($1, $2, $3, $2, 'commune_of_incident', '{assessment}', '2026-01-01', now(), $1, $4, $4, $5)
"""
_CASE_STEP = """
INSERT INTO case_steps (id, case_id, origin_commune_id, position, kind, stands_on, happened_at, recorded_at,
    recorded_by, unit_id, commune_id, province_id)
VALUES ($1, $2, $3, 99, 'progress_note', '{}', now(), now(), $1, $4, $4, $5)
"""

_UPDATE = """
INSERT INTO intake_updates (id, intake_id, recorded_by, source_id, takes_back, text, emergency, happened_at,
    recorded_at, unit_id, commune_id, province_id)
VALUES ($1, $2, $3, $4, false, 'planted', true, now(), now(), $5, $5, $6)
"""

_TASK = """
INSERT INTO tasks (id, row_version, origin_unit_id, rule_code, rule_valid_from, article, subject_kind, subject_id,
    answers, escalates_to, as_soon_as_possible, starts_at, due_at, provisional, escalate_at, created_at, unit_id,
    commune_id, province_id)
VALUES ($1, 1, $2, 'plan.review', '2017-07-01', '', $3, $4, '{}', '{}', false, now(), now(), false, now(), now(), $5,
    $5, $6)
"""


async def test_a_commune_gives_itself_no_grant_on_anothers_report(report_of_ta_van, as_sa_pa, sa_pa_officer, rows):
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await as_sa_pa(_INTAKE_GRANT, uuid4(), report_of_ta_van, SA_PA, TA_VAN, LAO_CAI)
    assert not await rows("SELECT FROM intake_grants WHERE intake_id = $1", report_of_ta_van)
    assert (await sa_pa_officer.get(f"/intakes/{report_of_ta_van}")).status_code == 404


async def test_a_commune_puts_no_reporter_into_anothers_report(report_of_ta_van, as_sa_pa, rows):
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await as_sa_pa(_REPORTER, report_of_ta_van, SA_PA, TA_VAN, LAO_CAI)
    assert not await rows("SELECT FROM intake_reporters WHERE intake_id = $1", report_of_ta_van)


async def test_a_commune_adds_to_its_own_reports_alone_and_in_its_own_name(
    report_of_ta_van, ta_van_officer, sa_pa_officer, database, as_sa_pa, rows
):
    taken = await sa_pa_officer.post("/intakes", json={**REPORT, "place": {"unit_id": SA_PA}}, headers=keyed())
    own, me = taken.json()["id"], PEOPLE["sa_pa_officer"].id
    for intake_id, held, by, source in (
        (report_of_ta_van, TA_VAN, me, None),
        (report_of_ta_van, SA_PA, me, None),
        (own, SA_PA, PEOPLE["sa_pa_leader"].id, None),
        (own, SA_PA, me, HOTLINE_SOURCE),
    ):
        with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.ForeignKeyViolationError)):
            await as_sa_pa(_UPDATE, uuid4(), intake_id, by, source, held, LAO_CAI)
    case_id = await case_of(ta_van_officer, report_of_ta_van)
    version = (await ta_van_officer.get(f"/intakes/{report_of_ta_van}")).headers["ETag"]
    headers = {"If-Match": version, **keyed()}
    added = await ta_van_officer.post(f"/intakes/{report_of_ta_van}/updates", json={"text": "Mới."}, headers=headers)
    assert added.status_code == 201, added.text
    update = added.json()["updates"][0]["id"]
    # Neither told again to the cases, nor by anybody else; and marked in them by nobody who did not mark it.
    for who in ("sa_pa_officer", "ta_van_officer"):
        async with scope.open_connection(database, actor_of(who)) as connection:
            assert await connection.fetchval("SELECT tell_cases_of_update($1, now())", update) is None
            await connection.execute("SELECT mark_update_in_cases($1, now())", update)
    steps = await rows("SELECT * FROM case_steps WHERE case_id = $1 AND kind = 'report_updated'", case_id)
    assert [one["in_error_at"] for one in steps] == [None]


async def test_who_opened_a_case_elsewhere_adds_nothing_later(sa_pa_officer, as_sa_pa, rows):
    """Its grant was given at the opening; a wider one, or another after that, is the leading commune's to give."""
    answer = await sa_pa_officer.post("/intakes", json=REPORT, headers=keyed())
    case_id = await case_of(sa_pa_officer, answer.json()["id"])
    [grant] = await rows("SELECT * FROM case_grants WHERE case_id = $1", case_id)
    assert (grant["commune_id"], grant["granted_commune_id"]) == (TA_VAN, SA_PA)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await as_sa_pa(_CASE_GRANT, uuid4(), SA_PA, case_id, TA_VAN, LAO_CAI)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await as_sa_pa(_CASE_STEP, uuid4(), case_id, SA_PA, TA_VAN, LAO_CAI)
    assert len(await rows("SELECT FROM case_grants WHERE case_id = $1", case_id)) == 1


async def test_a_commune_starts_no_clock_on_anothers_record(
    report_of_ta_van, sa_pa_officer, ta_van_officer, as_sa_pa, rows
):
    """One clock of a kind runs for a record: planted first, it would keep that office's own from ever starting."""
    case_of_ta_van = await case_of(ta_van_officer, report_of_ta_van)
    answer = await sa_pa_officer.post("/intakes", json=REPORT, headers=keyed())
    case_made_there = await case_of(sa_pa_officer, answer.json()["id"])
    for kind, subject in (
        ("intake", report_of_ta_van),
        ("case", case_of_ta_van),
        ("case", case_made_there),
        ("case", uuid4()),
        ("household", uuid4()),
    ):
        for holder in (SA_PA, TA_VAN):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await as_sa_pa(_TASK, uuid4(), SA_PA, kind, subject, holder, LAO_CAI)
    assert not await rows("SELECT FROM tasks WHERE rule_code = 'plan.review'")
    await as_sa_pa(_TASK, uuid4(), SA_PA, "intake", answer.json()["id"], SA_PA, LAO_CAI)


async def test_a_clock_is_not_turned_to_another_record(report_of_ta_van, sa_pa_officer, as_sa_pa):
    await sa_pa_officer.post("/intakes", json=REPORT, headers=keyed())
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await as_sa_pa("UPDATE tasks SET subject_id = $1", report_of_ta_van)


_ASSIGNMENT = """
INSERT INTO assignments (id, user_id, role, level, unit_id, commune_id, province_id, valid_from, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, '2026-01-01', now())
"""


async def test_a_post_is_given_by_administrators_alone_and_never_to_oneself(database):
    officer, leader = PEOPLE["sa_pa_officer"].id, PEOPLE["sa_pa_leader"].id
    own = ("commune_leader", "commune", SA_PA, SA_PA, LAO_CAI)
    await refused(database, "sa_pa_officer", _ASSIGNMENT, uuid4(), officer, *own)
    await refused(database, "sa_pa_leader", _ASSIGNMENT, uuid4(), officer, *own)
    await refused(database, "sa_pa_administrator", _ASSIGNMENT, uuid4(), PEOPLE["sa_pa_administrator"].id, *own)
    for statement in (
        "UPDATE assignments SET role = 'commune_leader', position = 'chair' WHERE user_id = $1 RETURNING id",
        "UPDATE users SET disabled_at = now(), disabled_by = id WHERE id = $1 RETURNING id",
    ):
        async with scope.open_connection(database, actor_of("sa_pa_officer")) as connection:
            assert await connection.fetch(statement, officer) == []
    # A level above the unit would draw its wall around the whole province.
    for role, level in (
        ("province_officer", "province"),
        ("administrator", "province"),
        ("commune_leader", "province"),
    ):
        values = (uuid4(), leader, role, level, SA_PA, SA_PA, LAO_CAI)
        await refused(database, "sa_pa_administrator", _ASSIGNMENT, *values, by=asyncpg.CheckViolationError)
    async with scope.open_connection(database, actor_of("sa_pa_administrator")) as connection:
        await connection.execute(_ASSIGNMENT, uuid4(), officer, *own)


async def test_the_columns_of_a_holder_name_one_line_of_units(database, sa_pa_officer, rows):
    """A foreign village or province on a row would show it to people there."""
    made = await sa_pa_officer.post("/households", json={"head_name": "Giàng A Páo"})
    assert made.status_code == 201, made.text
    household = made.json()["id"]
    copy = (
        "INSERT INTO households SELECT r.* FROM households h CROSS JOIN LATERAL jsonb_populate_record(h,"
        " jsonb_build_object('id', gen_random_uuid(), $2::text, $3::int)) r WHERE h.id = $1"
    )
    change = {
        "village_id": "UPDATE households SET village_id = $2 WHERE id = $1",
        "province_id": "UPDATE households SET province_id = $2 WHERE id = $1",
    }
    for column, foreign in (("village_id", TA_VAN_VILLAGE), ("village_id", LAO_CAI), ("province_id", LAI_CHAU)):
        await refused(database, "sa_pa_officer", copy, household, column, foreign)
        await refused(database, "sa_pa_officer", change[column], household, foreign)
    async with scope.open_connection(database, actor_of("sa_pa_officer")) as connection:
        await connection.execute(copy, household, "village_id", SA_PA_VILLAGE)
        await connection.execute(change["village_id"], household, SA_PA_VILLAGE)
    await refused(database, "sa_pa_village_collaborator", copy, household, "province_id", LAI_CHAU)
    assert len(await rows("SELECT FROM households WHERE village_id = $1", SA_PA_VILLAGE)) == 2
