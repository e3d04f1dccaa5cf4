"""The walls of the database around reports, where a query or a person forgets them; and steps that race."""

import asyncio
from uuid import UUID, uuid4

import asyncpg
import pytest
from tests.people import LAO_CAI, SA_PA, TA_LENG, TA_VAN

from childcare_api.shared.ids import new_id

BODY = {"children": [{"full_name": "Lý Thị Mẩy"}], "reporter": {"full_name": "Má A Dế", "phone": "0912000111"}}
PARTS = (
    *("intake_children", "intake_assessments", "intake_safety_measures", "intake_transfers", "intake_updates"),
    "intake_reexaminations",
)


async def receive(person, body: dict | None = None) -> str:
    answer = await person.post(
        "/intakes", json=BODY if body is None else body, headers={"Idempotency-Key": str(uuid4())}
    )
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


@pytest.fixture
def as_role(database):
    """Run one statement as a database role with the settings of a scope, and nothing else of the product."""

    async def run(role: str, statement: str, *values: object, **settings: object):
        async with database.as_superuser() as connection:
            for name, value in settings.items():
                await connection.execute(f"SET LOCAL app.{name} = '{value}'")
            await connection.execute(f"SAVEPOINT as_role; SET LOCAL ROLE {role}")
            try:
                return await connection.fetch(statement, *values)
            finally:
                await connection.execute("ROLLBACK TO as_role")
                for name in settings:
                    await connection.execute(f"SET LOCAL app.{name} = ''")

    return run


async def test_each_level_sees_its_own_rows_and_a_forgotten_scope_sees_none(sa_pa_officer, as_role):
    await receive(sa_pa_officer)
    for table in ("intakes", "intake_children", "tasks"):
        count = f"SELECT 1 FROM {table}"  # noqa: S608 - names from the line above
        assert await as_role("childcare_commune", count, commune_id=SA_PA)
        assert await as_role("childcare_province", count, province_id=LAO_CAI)
        for role, settings in (
            ("childcare_commune", {"commune_id": TA_VAN}),
            ("childcare_commune", {"commune_id": ""}),
            ("childcare_province", {"province_id": ""}),
            ("childcare_commune_granted", {"commune_id": TA_VAN}),
        ):
            if role == "childcare_commune_granted" and table == "tasks":
                continue
            assert await as_role(role, count, **settings) == [], (role, table)


@pytest.mark.parametrize("table", ["intakes", "intake_reporters", *PARTS])
@pytest.mark.parametrize("role", ["childcare_village", "childcare_central", "childcare_hotline", "childcare_auth"])
async def test_who_has_no_business_with_reports_may_not_even_look(as_role, role: str, table: str):
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await as_role(role, f"SELECT 1 FROM {table}")  # noqa: S608 - a name of the table above


@pytest.mark.parametrize("role", ["childcare_commune", "childcare_province", "childcare_commune_granted"])
async def test_no_level_reads_who_reported(as_role, role: str):
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await as_role(role, "SELECT 1 FROM intake_reporters", commune_id=SA_PA, province_id=LAO_CAI)


@pytest.mark.parametrize(
    ("role", "settings"),
    [
        ("childcare_commune", {"commune_id": TA_VAN, "unit_id": TA_VAN}),
        ("childcare_village", {"commune_id": TA_VAN, "unit_id": 1_000_003}),
        ("childcare_hotline", {"source_id": uuid4()}),
    ],
)
async def test_a_row_made_elsewhere_must_name_its_maker(as_role, role: str, settings: dict):
    columns = "id, origin_unit_id, source_id, intake_id, position, unit_id, commune_id, province_id"
    statement = f"INSERT INTO intake_children ({columns}) VALUES ($1, $2, $3, $1, 1, $4, $4, $5)"  # noqa: S608
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await as_role(role, statement, new_id(), SA_PA, uuid4(), SA_PA, LAO_CAI, **settings)


@pytest.mark.parametrize(
    ("role", "settings"),
    [
        ("childcare_commune", {"commune_id": TA_VAN, "province_id": LAO_CAI, "unit_id": TA_VAN}),
        ("childcare_province", {"province_id": TA_LENG, "unit_id": TA_LENG}),
        ("childcare_hotline", {"source_id": uuid4(), "unit_id": 1}),
        ("childcare_commune", {"unit_id": SA_PA}),
        # Whose it is follows from the role: a machine without a hotline's number is no province, a commune neither.
        ("childcare_hotline", {"province_id": LAO_CAI, "unit_id": LAO_CAI}),
        ("childcare_commune", {"province_id": LAO_CAI, "unit_id": LAO_CAI}),
    ],
)
async def test_nobody_hands_over_what_is_not_theirs(sa_pa_officer, as_role, rows, role: str, settings: dict):
    intake_id = UUID(await receive(sa_pa_officer))
    [row] = await as_role(
        role,
        "SELECT intake_hand_over($1, $2, $2, $2, $3, NULL, $3, $4, 'x', now(), now(), '[]') AS moved",
        intake_id, new_id(), TA_VAN, LAO_CAI, **settings,
    )  # fmt: skip
    assert row["moved"] is False
    assert (await rows("SELECT commune_id FROM intakes"))[0]["commune_id"] == SA_PA


async def test_the_seal_breaks_for_the_holding_commune_alone(sa_pa_officer, as_role):
    intake_id = UUID(await receive(sa_pa_officer))
    reveal = "SELECT * FROM intake_reporter_revealed($1, $2)"
    assert await as_role("childcare_commune", reveal, intake_id, "x", commune_id=TA_VAN) == []
    assert await as_role("childcare_commune", reveal, intake_id, "", commune_id=SA_PA) == []
    assert len(await as_role("childcare_commune", reveal, intake_id, "x", commune_id=SA_PA)) == 1


async def test_nothing_of_a_person_leaves_in_the_outbox_or_the_audit(sa_pa_officer, lao_cai_province_officer, rows):
    secret = "Bí mật qxz"
    person = {"full_name": secret, "description": secret}
    body = {
        "narrative": secret, "note": secret, "family_circumstances": secret, "place": {"text": secret},
        "children": [{"full_name": secret, "residence": secret, "condition": secret}],
        "harm_doers": [{"relation": "father", **person}], "reporter": {"full_name": secret, "phone": secret},
    }  # fmt: skip
    intake_id = await receive(sa_pa_officer, body)
    await sa_pa_officer.get(f"/intakes/{intake_id}")
    transfer = {"to": {"unit_id": TA_LENG}, "reason": secret}
    answer = await sa_pa_officer.post(
        f"/intakes/{intake_id}/transfer", json=transfer, headers={"If-Match": '"1"', "Idempotency-Key": "a"}
    )
    assert answer.status_code == 200, answer.text
    kept = await rows("SELECT payload::text FROM outbox UNION ALL SELECT row_to_json(e)::text FROM audit.events e")
    assert kept
    assert not [row for row in kept if secret in row[0] or "qxz" in row[0]]


@pytest.mark.committed
async def test_two_officers_at_once_lose_nothing(sa_pa_officer, sa_pa_second_officer, rows):
    intake_ids = [await receive(sa_pa_officer, {"narrative": "x"}) for _ in range(10)]
    for intake_id in intake_ids:
        dismiss = sa_pa_officer.post(f"/intakes/{intake_id}/dismiss", json={"reason": "x"}, headers={"If-Match": '"1"'})
        transfer = sa_pa_second_officer.post(
            f"/intakes/{intake_id}/transfer",
            json={"to": {"unit_id": TA_LENG}, "reason": "x"},
            headers={"If-Match": '"1"', "Idempotency-Key": str(uuid4())},
        )
        codes = sorted(answer.status_code for answer in await asyncio.gather(dismiss, transfer))
        assert codes in ([200, 404], [200, 412]), codes
    ended = await rows("SELECT status, commune_id, row_version FROM intakes WHERE commune_id IS NOT NULL")
    assert {(row["status"], row["commune_id"], row["row_version"]) for row in ended} <= {
        ("dismissed", SA_PA, 2),
        ("received", TA_LENG, 2),
    }
