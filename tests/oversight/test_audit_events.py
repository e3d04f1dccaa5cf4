"""Reading the audit: whose inspector finds what."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import asyncpg
import pytest
from tests.people import HA_NOI, HOANG_MAI, LAI_CHAU, LAO_CAI, PEOPLE, SA_PA, TA_LENG, TA_VAN

CHILD, CASE = str(uuid4()), str(uuid4())


@pytest.fixture
def happened(database):
    """Write an event as if somebody of a commune had done something to a record that a commune answers for."""

    async def write(action, *, by, held_by, subject_id=None, ids=(), at=None):
        provinces = {SA_PA: LAO_CAI, TA_VAN: LAO_CAI, TA_LENG: LAI_CHAU, HOANG_MAI: HA_NOI, None: None}
        async with database.as_superuser() as connection:
            return await connection.fetchval(
                "INSERT INTO audit.events (recorded_at, actor_id, actor_kind, action, subject_kind, subject_id, detail,"
                " actor_commune_id, actor_province_id, holder_commune_id, holder_province_id)"
                " VALUES ($1, $2, 'person', $3, 'case', $4, jsonb_build_object('ids', $5::text[]), $6, $7, $8, $9)"
                " RETURNING id",
                at or datetime.now(UTC),
                PEOPLE["sa_pa_officer"].id,
                action,
                subject_id,
                list(ids),
                by,
                provinces[by],
                held_by,
                provinces[held_by],
            )

    return write


async def actions(client, **params):
    answer = await client.get("/audit-events", params=params)
    assert answer.status_code == 200
    return [event["action"] for event in answer.json()["items"]]


async def test_the_inspector_of_either_commune_finds_what_crossed_the_border(happened, speak_as):
    await happened("case.opened_to_read", by=SA_PA, held_by=TA_VAN, subject_id=CASE)
    for who in ("sa_pa_inspector", "ta_van_inspector", "lao_cai_inspector", "bo_y_te_inspector"):
        assert "case.opened_to_read" in await actions(speak_as(who)), who
        assert await actions(speak_as(who), record_id=CASE) == ["case.opened_to_read"], who
    for who in ("ta_leng_inspector", "lai_chau_inspector", "hoang_mai_inspector"):
        assert "case.opened_to_read" not in await actions(speak_as(who)), who
        assert await actions(speak_as(who), record_id=CASE) == [], who


async def test_an_inspector_reads_who_it_was_and_nobody_elses_accounts(
    sa_pa_inspector, ta_van_officer, ta_leng_inspector, hotline_111, database, speak_as
):
    place = {"place": {"unit_id": SA_PA}, "received_at": datetime.now(UTC).isoformat(), "external_ref": "111-1"}
    sent = await hotline_111.post("/hotline/referrals", json=place, headers={"Idempotency-Key": "k"})
    assert sent.status_code == 201, sent.text
    assert (await speak_as("lao_cai_province_officer").get(f"/intakes/{sent.json()['intake_id']}")).status_code == 200
    who = ("actor_kind", "actor_name", "actor_role", "actor_unit_name")

    async def named(inspector, **params):
        page = (await inspector.get("/audit-events", params=params)).json()["items"]
        return {event["action"]: tuple(event[name] for name in who) for event in page}

    for params in ({}, {"record_id": sent.json()["intake_id"]}):
        seen = await named(sa_pa_inspector, **params)
        assert seen["intake.received"] == ("machine", "tong-dai-111", None, "Việt Nam")
        assert seen["intake.read"] == ("person", "lao-cai-province-officer", "province_officer", "Tỉnh Lào Cai")
    assert "intake.read" not in await named(ta_leng_inspector)
    async with database.as_superuser() as connection:
        ids = [row["id"] for row in await connection.fetch("SELECT id FROM audit.events WHERE action LIKE 'intake.%'")]
        assert len(ids) > 1
        for role, unit in (("commune", TA_LENG), ("village", SA_PA), ("hotline", SA_PA)):
            await connection.execute("SAVEPOINT asking")
            await connection.execute(f"SET LOCAL ROLE childcare_{role}")
            await connection.execute("SELECT set_config('app.commune_id', $1, true)", str(unit))
            try:
                assert await connection.fetch("SELECT * FROM audit.actors_of($1)", ids) == []
            except asyncpg.InsufficientPrivilegeError:
                assert role != "commune"
            await connection.execute("ROLLBACK TO asking")


async def test_either_province_finds_what_crossed_its_border(happened, speak_as):
    await happened("case.opened_to_read", by=TA_LENG, held_by=TA_VAN, subject_id=CASE)
    for who in ("lao_cai_inspector", "lai_chau_inspector", "ta_leng_inspector"):
        assert await actions(speak_as(who), record_id=CASE) == ["case.opened_to_read"], who
    assert await actions(speak_as("ha_noi_inspector"), record_id=CASE) == []


async def test_a_record_is_found_in_the_lists_that_showed_it(happened, ta_van_inspector):
    await happened("children.listed", by=TA_VAN, held_by=TA_VAN, ids=[CHILD, str(uuid4())])
    await happened("children.listed", by=TA_VAN, held_by=TA_VAN, ids=[str(uuid4())])
    await happened("child.opened", by=TA_VAN, held_by=TA_VAN, subject_id=CHILD)
    assert await actions(ta_van_inspector, record_id=CHILD) == ["child.opened", "children.listed"]
    assert await actions(ta_van_inspector, record_id=CHILD, action="child.opened") == ["child.opened"]
    assert await actions(ta_van_inspector, record_id=CHILD, subject_kind="child") == []
    assert await actions(ta_van_inspector, record_id=CHILD, actor_id=str(uuid4())) == []


async def test_a_record_is_looked_for_in_the_last_31_days_unless_asked_further(happened, ta_van_inspector):
    long_ago = datetime.now(UTC) - timedelta(days=40)
    await happened("child.opened", by=TA_VAN, held_by=TA_VAN, subject_id=CHILD, at=long_ago)
    assert await actions(ta_van_inspector, record_id=CHILD) == []
    since = (long_ago - timedelta(days=1)).isoformat()
    assert await actions(ta_van_inspector, record_id=CHILD, since=since) == ["child.opened"]


async def test_filters_narrow_the_list(happened, ta_van_inspector):
    yesterday = datetime.now(UTC) - timedelta(days=1)
    await happened("case.opened", by=TA_VAN, held_by=TA_VAN, subject_id=CASE, at=yesterday)
    await happened("case.closed", by=TA_VAN, held_by=TA_VAN, subject_id=CASE)
    assert await actions(ta_van_inspector, action="case.closed") == ["case.closed"]
    assert await actions(ta_van_inspector, subject_kind="case") == ["case.closed", "case.opened"]
    assert await actions(ta_van_inspector, actor_id=str(uuid4())) == []
    hour_ago = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    assert await actions(ta_van_inspector, subject_kind="case", since=hour_ago) == ["case.closed"]
    assert await actions(ta_van_inspector, subject_kind="case", until=hour_ago) == ["case.opened"]


async def test_pages_hold_each_event_once_though_they_come_from_two_sides(happened, sa_pa_inspector):
    for number in range(11):
        held_by = (SA_PA, TA_VAN, TA_LENG)[number % 3]
        await happened(f"case.step_{number}", by=SA_PA, held_by=held_by)
    await happened("case.elsewhere", by=TA_VAN, held_by=TA_LENG)
    seen, cursor = [], {}
    while True:
        page = (
            await sa_pa_inspector.get("/audit-events", params={"subject_kind": "case", "limit": 3, **cursor})
        ).json()
        seen += [event["action"] for event in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert seen == [f"case.step_{number}" for number in reversed(range(11))]


async def test_reading_the_audit_is_recorded(happened, ta_van_inspector, events):
    await ta_van_inspector.get("/audit-events", params={"record_id": CHILD})
    (event,) = await events("audit.listed")
    assert event["actor_id"] == PEOPLE["ta_van_inspector"].id
    assert event["holder_commune_id"] == TA_VAN


@pytest.mark.parametrize("path", ["/audit-events", "/audit/verification"])
@pytest.mark.parametrize(
    "who", ["sa_pa_officer", "sa_pa_leader", "sa_pa_administrator", "hotline_111", "sa_pa_village_collaborator"]
)
async def test_only_inspectors_read_the_audit(speak_as, who, path, events):
    refused = await speak_as(who).get(path)
    assert refused.status_code == 403
    assert await events("audit.listed") == await events("audit.verified") == []


@pytest.mark.parametrize("path", ["/audit-events", "/audit/verification"])
async def test_a_token_is_needed(nobody, path):
    assert (await nobody.get(path)).status_code == 401


@pytest.mark.parametrize(
    "params",
    [
        {"record_id": "Giàng A Páo"},
        {"record_id": "x" * 500},
        {"actor_id": "me"},
        {"subject_kind": "Child"},
        {"action": "opened"},
        {"since": "yesterday"},
        {"since": "2026-01-01T00:00:00"},
        {"colour": "red"},
        {"cursor": "AAAA"},
    ],
)
async def test_bad_queries_are_refused(ta_van_inspector, params):
    assert (await ta_van_inspector.get("/audit-events", params=params)).status_code == 400


@pytest.mark.parametrize("from_seal", ["0", "-1", "x", str(2**70)])
async def test_a_seal_number_is_a_number(ta_van_inspector, from_seal):
    assert (await ta_van_inspector.get("/audit/verification", params={"from_seal": from_seal})).status_code == 400
