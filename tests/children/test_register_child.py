"""A child is written into the book: whatever is known of it, and nothing that cannot be."""

import re
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from tests.people import LAO_CAI, PEOPLE, SA_PA, SA_PA_OTHER_VILLAGE, SA_PA_VILLAGE, TA_VAN_VILLAGE

from childcare_api.children.rules import years_before
from childcare_api.children.schemas import ChildOut, ChildRecorded
from childcare_api.shared import clock

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


async def test_a_child_needs_a_name_and_some_idea_of_its_age(sa_pa_officer, events, rows):
    answer = await sa_pa_officer.post("/children", json={"full_name": " Giàng  A Sà ", "estimated_age": 8})
    assert answer.status_code == 201, answer.text
    child = answer.json()
    assert answer.headers["etag"] == '"1"'
    assert answer.headers["location"] == f"/api/v1/children/{child['id']}"
    ChildRecorded.model_validate_json(answer.content)
    assert (child["born_on"], child["born_on_precision"]) == (str(years_before(clock.today(), 8)), "estimated")
    assert (child["sex"], child["commune_id"], child["province_id"]) == ("unknown", SA_PA, LAO_CAI)
    [event] = await events("child.registered")
    assert (event["subject_id"], event["actor_id"]) == (child["id"], PEOPLE["sa_pa_officer"].id)
    assert (event["holder_commune_id"], event["holder_province_id"]) == (SA_PA, LAO_CAI)
    [row] = await rows("SELECT * FROM children WHERE id = $1", child["id"])
    assert row["search_name"] == "giang a sa"
    assert row["name_words"] == ["giang", "a", "sa"]
    assert len(await rows("SELECT FROM outbox WHERE event = 'child.registered'")) == 1


async def test_what_is_known_is_kept(sa_pa_officer):
    body = {
        "id": "0193a000-0000-7000-8000-000000000001",
        "full_name": "Tẩn Tả Mẩy",
        "sex": "female",
        "born_on": "2019-02-03",
        "born_on_precision": "month",
        "village_id": SA_PA_VILLAGE,
        "ethnicity": "09",
        "birth_registration": "registered",
        "birth_certificate_number": "12/2019",
        "birth_registered_on": "2019-03-20",
        "health_card": "held",
        "health_card_number": "TE1010123456789",
        "schooling": "attending",
        "grade": "2",
        "circumstances": [
            {
                "group": "disability",
                "subgroup": "disability.mild",
                "from_on": "2022-05-01",
                "evidence": {"kind": "certificate", "number": "5/GXN", "issued_on": "2022-05-01"},
            },
            {"group": "at_risk_violence", "from_on": "2025-01-01", "from_on_precision": "year"},
        ],
        "guardians": [{"full_name": "Tẩn Láo Lở", "relation": "father", "is_main_carer": True}],
        "identifiers": [{"kind": "personal_id", "value": "010319000123"}],
    }
    written = (await sa_pa_officer.post("/children", json=body)).json()
    answer = await sa_pa_officer.get(f"/children/{body['id']}")
    assert answer.status_code == 200
    child = ChildOut.model_validate_json(answer.content).model_dump(mode="json")
    assert written["warnings"] == []
    assert child["row_version"] == 5
    assert child["born_on"] == "2019-02-28"
    assert [(one["kind"], one["group"]) for one in child["circumstances"]] == [
        ("special", "disability"),
        ("at_risk", "at_risk_violence"),
    ]
    assert child["circumstances"][0]["evidence"]["number"] == "5/GXN"
    assert INSTANT.fullmatch(answer.json()["circumstances"][0]["recorded_at"])
    assert INSTANT.fullmatch(answer.json()["recorded_at"])
    assert child["guardians"][0]["relation"] == "father"
    assert child["identifiers"][0]["value"] == "010319000123"


async def test_a_double_without_papers_is_a_warning_and_never_a_refusal(speak_as, register):
    first = await register(speak_as("sa_pa_officer"), full_name="Lý Thị Mẩy", born_on="2019-02-03")

    async def warned(who, **fields):
        answer = await speak_as(who).post("/children", json={"full_name": "ly thi may", **fields})
        assert answer.status_code == 201, answer.text
        assert {one["pointer"] for one in answer.json()["warnings"]} <= {"/full_name"}
        return [one["child_id"] for one in answer.json()["warnings"] if one["code"] == "maybe_registered_before"]

    assert await warned("ta_van_officer", born_on="2019-02-03") == [], "of another commune nothing is told"
    assert await warned("sa_pa_officer", born_on="2019-02-04") == []
    assert await warned("sa_pa_officer", born_on="2018-12-31", born_on_precision="year") == []
    assert await warned("sa_pa_officer", born_on="2019-02-03", full_name="Lý Thị Mai") == []
    assert first["id"] in await warned("sa_pa_officer", born_on="2019-02-03")
    assert first["id"] in await warned("sa_pa_officer", born_on="2019-06-01", born_on_precision="year")
    assert first["id"] in await warned("sa_pa_officer", estimated_age=clock.today().year - 2019)
    assert await warned("sa_pa_officer", estimated_age=2) == []


@pytest.mark.parametrize(
    ("fields", "pointer", "code"),
    [
        ({"born_on": None}, "/born_on", "missing"),
        ({"estimated_age": 8}, "/born_on", "missing"),
        ({"born_on": "1986-05-12"}, "/born_on", "not_under_16"),
        ({"born_on": None, "estimated_age": 40}, "/born_on", "not_under_16"),
        ({"born_on": str(years_before(clock.today(), 16))}, "/born_on", "not_under_16"),
        ({"born_on": str(clock.today() + timedelta(days=2))}, "/born_on", "in_future"),
        ({"born_on": f"{clock.today().year + 1}-01-01", "born_on_precision": "year"}, "/born_on", "in_future"),
        ({"born_on": "2018-02-30"}, "/born_on", "date_parsing"),
        ({"birth_registered_on": "2017-01-01"}, "/birth_registered_on", "too_early"),
        ({"health_card_until": "2010-01-01"}, "/health_card_until", "too_early"),
        ({"ethnicity": "99"}, "/ethnicity", "unknown_code"),
        ({"village_id": TA_VAN_VILLAGE}, "/village_id", "no_such_record"),
        ({"village_id": 999}, "/village_id", "no_such_record"),
        ({"village_id": 10**12}, "/village_id", "less_than_equal"),
        ({"household_id": str(uuid4())}, "/household_id", "no_such_record"),
        ({"circumstances": [{"group": "no_such", "from_on": "2025-01-01"}]}, "/circumstances/0/group", "unknown_code"),
        (
            {"circumstances": [{"group": "disability.mild", "from_on": "2025-01-01"}]},
            "/circumstances/0/group",
            "unknown_code",
        ),
        (
            {"circumstances": [{"group": "hiv_aids", "subgroup": "disability.mild", "from_on": "2025-01-01"}]},
            "/circumstances/0/subgroup",
            "unknown_code",
        ),
        (
            {"circumstances": [{"group": "hiv_aids", "from_on": "2015-01-01"}]},
            "/circumstances/0/from_on",
            "too_early",
        ),
        ({"identifiers": [{"kind": "personal_id", "value": "12345"}]}, "/identifiers/0/value", "not_a_personal_id"),
        ({"guardians": [{"full_name": "X", "relation": "king"}]}, "/guardians/0/relation", "literal_error"),
        ({"nick_name": "Sà"}, "/nick_name", "extra_forbidden"),
        ({"full_name": ""}, "/full_name", "string_too_short"),
        ({"full_name": 7}, "/full_name", "string_type"),
    ],
)
async def test_what_cannot_be_is_refused_and_nothing_is_stored(sa_pa_officer, rows, fields, pointer, code):
    body = {"full_name": "Giàng A Sà", "born_on": "2018-05-12", **fields}
    answer = await sa_pa_officer.post("/children", json={name: value for name, value in body.items() if value != None})  # noqa: E711
    assert answer.status_code == 422, answer.text
    [error] = answer.json()["errors"]
    assert (error["pointer"], error["code"]) == (pointer, code)
    assert await rows("SELECT FROM children") == []
    assert await rows("SELECT FROM audit.events WHERE action LIKE 'child%'") == []


async def test_the_same_group_twice_in_one_body_is_refused(sa_pa_officer, rows):
    twice = [{"group": "hiv_aids", "from_on": "2020-01-01"}, {"group": "hiv_aids", "from_on": "2024-01-01"}]
    body = {"full_name": "Giàng A Sà", "born_on": "2018-05-12", "circumstances": twice}
    answer = await sa_pa_officer.post("/children", json=body)
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:childcare-api:problem:circumstance_in_force")
    assert await rows("SELECT FROM children") == []


async def test_a_taken_id_is_told_alike_in_and_outside_the_scope(sa_pa_officer, ta_leng_officer, register):
    child = await register(sa_pa_officer)
    body = {"id": child["id"], "full_name": "Lù A Páo", "born_on": "2019-01-01"}
    mine, foreign = [await who.post("/children", json=body) for who in (sa_pa_officer, ta_leng_officer)]
    assert mine.status_code == foreign.status_code == 409
    assert mine.json()["type"] == foreign.json()["type"] == "urn:childcare-api:problem:id_taken"


async def test_a_village_collaborator_writes_for_the_own_village_alone(
    sa_pa_village_collaborator, sa_pa_other_village_collaborator, sa_pa_officer, register
):
    child = await register(sa_pa_village_collaborator)
    assert child["village_id"] == SA_PA_VILLAGE
    refused = await sa_pa_village_collaborator.post(
        "/children", json={"full_name": "Lù A Páo", "born_on": "2019-01-01", "village_id": SA_PA_OTHER_VILLAGE}
    )
    assert refused.status_code == 422
    assert (await sa_pa_officer.get(f"/children/{child['id']}")).status_code == 200
    assert (await sa_pa_other_village_collaborator.get(f"/children/{child['id']}")).status_code == 404


@pytest.mark.parametrize(
    "who",
    [
        *("sa_pa_leader", "lao_cai_province_officer", "bo_y_te_analyst", "hotline_111", "sa_pa_administrator"),
        "sa_pa_inspector",
    ],
)
async def test_leaders_provinces_the_ministry_and_111_register_nobody(speak_as, who):
    answer = await speak_as(who).post("/children", json={"full_name": "Giàng A Sà", "born_on": "2018-05-12"})
    assert answer.status_code == 403, answer.text


async def test_nobody_registers_without_a_token(nobody):
    assert (await nobody.post("/children", json={})).status_code == 401


async def test_the_same_key_registers_once(sa_pa_officer, rows):
    body, key = {"full_name": "Giàng A Sà", "born_on": "2018-05-12"}, {"Idempotency-Key": "one"}
    first = await sa_pa_officer.post("/children", json=body, headers=key)
    again = await sa_pa_officer.post("/children", json=body, headers=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again.headers["idempotency-replayed"] == "true"
    assert len(await rows("SELECT FROM children")) == 1


async def test_who_is_not_yet_surely_16_can_be_registered(sa_pa_officer, clock):
    clock.set(datetime(2026, 11, 21, 3, 0, tzinfo=UTC))
    body = {"full_name": "Giàng A Sà", "born_on": "2010-03-01", "born_on_precision": "year"}
    answer = await sa_pa_officer.post("/children", json=body)
    assert answer.status_code == 201
    assert answer.json()["born_on"] == str(date(2010, 12, 31))


@pytest.mark.parametrize("name", ["\u202eoaP A gnàV", "Vàng\U000e0041", "\u200b", "\ufeff \u200d", "\u0301"])
async def test_a_name_that_hides_itself_is_refused(sa_pa_officer, rows, name):
    """Turned round it reads as another name, and of letters that show nothing there is no name."""
    answer = await sa_pa_officer.post("/children", json={"full_name": name, "estimated_age": 3})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/full_name"
    assert not await rows("SELECT FROM children")
