"""What the database refuses where a statement of ours forgets to look: rows planted into another unit's records."""

import json
from contextlib import asynccontextmanager
from uuid import uuid4

import asyncpg
import pytest
from tests.access.test_scope import actor_of
from tests.cases.stories import INITIAL_ASSESSMENT, REPORT, keyed
from tests.people import HA_NOI, HOTLINE_SOURCE, LAI_CHAU, LAO_CAI, PEOPLE, SA_PA, SA_PA_VILLAGE, TA_VAN, TA_VAN_VILLAGE

from childcare_api.access import scope
from childcare_api.cases.file.events import EVENT_NAMES

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


@pytest.fixture
def as_sa_pa(database):
    """Run a statement in the scope of Sa Pa's officer."""

    async def run(statement: str, *values: object) -> None:
        async with scope.open_connection(database, actor_of("sa_pa_officer")) as connection:
            await connection.execute(statement, *values)

    return run


@pytest.fixture
async def report_of_ta_van(ta_van_officer) -> str:
    body = {**REPORT, "place": {"unit_id": TA_VAN}}
    answer = await ta_van_officer.post("/intakes", json=body, headers=keyed())
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


async def case_of(officer, intake_id: str) -> str:
    path = f"/intakes/{intake_id}"
    version = (await officer.get(path)).headers["ETag"]
    await officer.post(f"{path}/assess", json=INITIAL_ASSESSMENT, headers={"If-Match": version})
    report = await officer.get(path)
    body = {"children": [{"intake_child_id": report.json()["children"][0]["id"], "residence": {"unit_id": TA_VAN}}]}
    answer = await officer.post(f"{path}/open-case", json=body, headers={"If-Match": report.headers["ETag"], **keyed()})
    assert answer.status_code == 201, answer.text
    return answer.json()["cases"][0]["id"]


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


_AUDIT = """
INSERT INTO audit.events (action, subject_kind, subject_id, detail, holder_commune_id, holder_province_id)
VALUES ($1, $2, $3, '{}', $4, $5)
"""
_EVENT = "INSERT INTO outbox (id, event, payload) VALUES ($1, $2, jsonb_build_object($3::text, $4::text))"
_ASSIGNMENT = """
INSERT INTO assignments (id, user_id, role, level, unit_id, commune_id, province_id, valid_from, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, '2026-01-01', now())
"""


async def refused(
    database,
    who: str,
    statement: str,
    *values: object,
    by=asyncpg.InsufficientPrivilegeError,
    way=scope.open_connection,
) -> None:
    with pytest.raises(by):
        async with way(database, actor_of(who)) as connection:
            await connection.execute(statement, *values)


@asynccontextmanager
async def second_look(database, actor):
    """Come in as who looks at what another commune granted."""
    async with scope.open_connection(database, actor) as connection:
        await connection.execute("SET LOCAL ROLE childcare_commune_granted")
        yield connection


async def test_nobody_writes_into_the_log_of_another_unit_what_was_not_done_there(
    report_of_ta_van, ta_van_officer, database, as_sa_pa
):
    case_of_ta_van = await case_of(ta_van_officer, report_of_ta_van)
    for action, kind, subject in (("case.closed", "case", case_of_ta_van), ("user.changed", "user", uuid4())):
        await refused(database, "sa_pa_officer", _AUDIT, action, kind, str(subject), TA_VAN, LAO_CAI)
        await refused(database, "ta_leng_officer", _AUDIT, action, kind, str(subject), None, LAO_CAI)
        await refused(database, "lai_chau_province_officer", _AUDIT, action, kind, str(subject), TA_VAN, LAO_CAI)
    await as_sa_pa(_AUDIT, "case.closed", "case", str(uuid4()), SA_PA, LAO_CAI)
    for column in ("actor_id", "recorded_at", "actor_unit_id"):
        statement = f"INSERT INTO audit.events (action, subject_kind, {column}) VALUES ('x', 'x', NULL)"  # noqa: S608
        await refused(database, "sa_pa_officer", statement)


_TELL = """
INSERT INTO audit.events (action, subject_kind, subject_id, detail, reason, holder_commune_id, holder_province_id)
VALUES ($1, $2, $3, $4::text::jsonb, $5, $6, $7)
"""


async def test_in_another_communes_log_stands_what_was_read_or_recorded_there_and_no_noise(
    report_of_ta_van, sa_pa_officer, lao_cai_province_officer, database, rows
):
    """A commune that has something to do there may tell that, by its name, and nothing else in the same words."""
    taken = await sa_pa_officer.post("/intakes", json={**REPORT, "place": {"unit_id": TA_VAN}}, headers=keyed())
    reported = taken.json()["id"]
    kept = await sa_pa_officer.post("/intakes", json=REPORT, headers=keyed())
    case_id = await case_of(sa_pa_officer, kept.json()["id"])
    [step] = await rows("SELECT * FROM case_steps WHERE case_id = $1 AND kind = 'opening'", case_id)
    said = {"step_id": str(step["id"]), "kind": "opening", "position": step["position"], "row_version": 2}
    there, own_and_foreign = (TA_VAN, LAO_CAI), (SA_PA, LAI_CHAU)
    true = [
        ("intake.read", "intake", reported, {}, there),
        ("case.opened_to_read", "case", case_id, {"part": "timeline"}, there),
        ("case.opened", "case", case_id, said, there),
    ]
    noise = [
        ("intake.read", "intake", report_of_ta_van, {}, there),
        ("intake.read", "intake", reported, {}, (TA_VAN, LAI_CHAU)),
        ("intake.read", "intake", reported, {"note": "x"}, there),
        ("intake.read", "child", reported, {}, there),
        ("intake.received", "intake", reported, {}, there),
        ("intake.received", "intake", uuid4(), {"emergency": True}, there),
        ("case.opened_to_read", "case", uuid4(), {"part": "x"}, there),
        ("case.opened_to_read", "case", case_id, {"part": "x" * 300}, there),
        ("case.opened_to_read", "case", case_id, {"part": "x"}, (SA_PA, LAI_CHAU)),
        ("case.referral_read", "case", case_id, {}, there),
        ("case.transfer_read", "case", case_id, {}, there),
        ("child.move_read", "child", uuid4(), {}, there),
        ("child.read_through_glass", "child", uuid4(), {"glass_id": str(uuid4())}, there),
        ("form.printed", "case", uuid4(), {}, there),
        ("form.printed", "carer", uuid4(), {}, there),
        ("case.closed", "case", case_id, said, there),
        ("case.step_entered_in_error", "case", case_id, said, there),
        ("case.opened", "case", case_id, said | {"position": 9}, there),
        ("case.opened", "case", case_id, said | {"note": "x"}, there),
        ("case.opened", "case", case_id, said, own_and_foreign),
        ("user.changed", "user", uuid4(), {}, own_and_foreign),
    ]
    for action, kind, subject, detail, held in noise:
        await refused(database, "sa_pa_officer", _TELL, action, kind, str(subject), json.dumps(detail), None, *held)
    for about in true:
        action, kind, subject, detail, held = about
        values = (action, kind, str(subject), json.dumps(detail))
        async with scope.open_connection(database, actor_of("sa_pa_officer")) as connection:
            await connection.execute(_TELL, *values, None, *held)
        await refused(database, "sa_pa_officer", _TELL, *values, "Lời thêm.", *held)
        # Another commune, to which none of it is opened; and of the same one who recorded nothing there.
        await refused(database, "ta_leng_officer", _TELL, *values, None, *held)
    await refused(database, "sa_pa_leader", _TELL, "case.opened", "case", case_id, json.dumps(said), None, *there)
    # At the second look, too, nothing is told but that a case was opened.
    await refused(database, "sa_pa_officer", _TELL, "case.closed", "case", case_id, "{}", None, *there, way=second_look)
    async with second_look(database, actor_of("sa_pa_officer")) as connection:
        await connection.execute(_TELL, "case.opened_to_read", "case", case_id, "{}", None, *there)
    # The database tells of a report itself, once, in the log of who gets it, also in another province.
    far = await lao_cai_province_officer.post(
        "/intakes", json={**REPORT, "place": {"unit_id": HA_NOI}}, headers=keyed()
    )
    assert far.status_code == 201, far.text
    for intake_id, held in ((reported, there), (far.json()["id"], (None, HA_NOI))):
        [event] = await rows(
            "SELECT * FROM audit.events WHERE action = 'intake.received' AND subject_id = $1", intake_id
        )
        assert (event["holder_commune_id"], event["holder_province_id"]) == held
        assert event["actor_province_id"] == LAO_CAI


async def test_a_step_recorded_elsewhere_is_called_there_as_everywhere(rows):
    kinds = [kind.value for kind in EVENT_NAMES]
    named = await rows("SELECT k, audit.name_elsewhere(k) AS name FROM unnest($1::text[]) k", kinds)
    told = {row["k"]: row["name"] for row in named if row["name"]}
    assert len(told) > 10
    assert told.items() <= {kind.value: name for kind, name in EVENT_NAMES.items()}.items()
    in_care = await rows("SELECT k FROM unnest($1::text[]) k WHERE placing_table_of(k) IS NOT NULL", kinds)
    assert {row["k"] for row in in_care} <= told.keys()


async def test_nobody_tells_events_of_another_units_records_or_in_its_place(
    report_of_ta_van, ta_van_officer, database, as_sa_pa
):
    case_of_ta_van = await case_of(ta_van_officer, report_of_ta_van)
    for who in ("sa_pa_officer", "sa_pa_village_collaborator", "lai_chau_province_officer"):
        await refused(database, who, _EVENT, uuid4(), "case.closed", "case_id", str(case_of_ta_van))
        await refused(database, who, _EVENT, uuid4(), "intake.dismissed", "intake_id", str(report_of_ta_van))
    # What the gate alone announces, also of one's own.
    for event in ("case.child_turning_16", "task.escalated", "intake.transferred", "child.moved"):
        await refused(database, "ta_van_officer", _EVENT, uuid4(), event, "case_id", str(case_of_ta_van))
    elsewhere = "INSERT INTO outbox (id, event, payload, unit_id) VALUES ($1, 'case.closed', '{}', $2)"
    await refused(database, "sa_pa_officer", elsewhere, uuid4(), TA_VAN)
    await as_sa_pa(_EVENT, uuid4(), "child.registered", "child_id", str(uuid4()))


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
