"""The directory of agencies and hotlines."""

from datetime import date
from uuid import uuid4

import pytest
from tests.answers import faults_of
from tests.people import HA_NOI, HOANG_MAI, LAO_CAI, SA_PA, TA_LENG, TA_VAN

from childcare_api.agencies.queries import office_of_unit

CENTRE = {
    "name": "Trung tâm Công tác xã hội tỉnh Lào Cai",
    "kind": "service_provider",
    "unit_id": LAO_CAI,
    "source": "QĐ 1",
}


async def names(client, **params):
    answer = await client.get("/hotlines", params=params)
    assert answer.status_code == 200
    return [hotline["number"] for hotline in answer.json()["items"]]


async def test_hotlines_are_found_from_the_communes_they_serve(sa_pa_officer):
    assert await names(sa_pa_officer) == ["111", "0243.2233.111", "18001136"]
    assert await names(sa_pa_officer, unit_id=SA_PA) == ["111", "18001136"]
    assert await names(sa_pa_officer, unit_id=HOANG_MAI) == ["111", "0243.2233.111"]
    assert await names(sa_pa_officer, unit_id=TA_LENG) == ["111"]
    # By a unit of the old list as well.
    assert await names(sa_pa_officer, unit_id=103001) == ["111", "18001136"]


async def test_a_hotline_says_whether_it_is_known_to_answer(sa_pa_officer):
    items = (await sa_pa_officer.get("/hotlines")).json()["items"]
    assert {item["number"]: item["verified"] for item in items} == {
        "111": True,
        "18001136": False,
        "0243.2233.111": False,
    }
    assert all(item["source"] for item in items)


async def test_the_ministry_in_charge_changed_on_1_march_2025(sa_pa_officer):
    async def ministries(day):
        answer = await sa_pa_officer.get("/agencies", params={"kind": "ministry", "as_of": day, "limit": 200})
        return {agency["name"]: agency for agency in answer.json()["items"]}

    before, after = await ministries("2025-02-28"), await ministries("2025-03-01")
    labour = before["Bộ Lao động - Thương binh và Xã hội"]
    assert "Bộ Lao động - Thương binh và Xã hội" not in after
    assert labour["successor_id"] == after["Bộ Y tế"]["id"]
    one = await sa_pa_officer.get(f"/agencies/{labour['id']}")
    assert one.json()["valid_to"] == "2025-02-28"
    assert one.headers["etag"] == '"1"'


async def test_a_name_is_found_without_accents(sa_pa_officer):
    found = (await sa_pa_officer.get("/agencies", params={"q": "tre em cuc"})).json()["items"]
    assert [agency["name"] for agency in found] == ["Cục Bà mẹ và Trẻ em"]


async def test_a_province_adds_an_agency_and_everyone_finds_it(
    lao_cai_province_officer, hoang_mai_officer, events, rows
):
    made = await lao_cai_province_officer.post("/agencies", json=CENTRE | {"phone": "0214 000 111", "unit_id": TA_VAN})
    assert made.status_code == 201
    agency = made.json()
    assert (agency["unit_id"], agency["row_version"]) == (TA_VAN, 1)
    found = await hoang_mai_officer.get("/agencies", params={"unit_id": TA_VAN, "kind": "service_provider"})
    assert [one["id"] for one in found.json()["items"]] == [agency["id"]]
    (event,) = await events("agency.added")
    assert event["subject_id"] == agency["id"]
    (row,) = await rows("SELECT * FROM agencies WHERE keeper_province_id IS NOT NULL")
    assert (row["keeper_province_id"], row["search_name"]) == (LAO_CAI, "trung tam cong tac xa hoi tinh lao cai")


@pytest.mark.parametrize("unit_id", [HA_NOI, HOANG_MAI, 1, 100331])
async def test_a_province_adds_nothing_outside_itself(lao_cai_province_officer, unit_id, events, rows):
    refused = await lao_cai_province_officer.post("/agencies", json=CENTRE | {"unit_id": unit_id})
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:childcare-api:problem:unit_not_yours")
    assert await events("agency.added") == []
    assert await rows("SELECT * FROM agencies WHERE keeper_province_id IS NOT NULL") == []


async def test_a_province_adds_for_old_units_whose_territory_it_holds(lao_cai_province_officer):
    made = await lao_cai_province_officer.post("/agencies", json=CENTRE | {"unit_id": 160010})
    assert made.status_code == 201


async def test_the_centre_adds_national_agencies_only(bo_y_te_analyst):
    assert (await bo_y_te_analyst.post("/agencies", json=CENTRE | {"unit_id": 1})).status_code == 201
    assert (await bo_y_te_analyst.post("/agencies", json=CENTRE)).status_code == 409


@pytest.mark.parametrize("who", ["sa_pa_officer", "sa_pa_leader", "sa_pa_village_collaborator", "hotline_111"])
async def test_nobody_else_adds_agencies(speak_as, who, rows):
    refused = await speak_as(who).post("/agencies", json=CENTRE)
    assert refused.status_code == 403
    assert await rows("SELECT * FROM agencies WHERE keeper_province_id IS NOT NULL") == []


async def test_an_id_is_taken_once(lao_cai_province_officer, events):
    body = CENTRE | {"id": str(uuid4())}
    assert (await lao_cai_province_officer.post("/agencies", json=body)).status_code == 201
    again = await lao_cai_province_officer.post("/agencies", json=body)
    assert (again.status_code, again.json()["type"]) == (409, "urn:childcare-api:problem:id_taken")
    assert len(await events("agency.added")) == 1


@pytest.mark.parametrize(
    ("wrong", "place", "code"),
    [
        ({"name": ""}, "/name", "string_too_short"),
        ({"name": "a\u0000b"}, "/name", "control_character"),
        ({"kind": "bank"}, "/kind", "literal_error"),
        ({"unit_id": "203006"}, "/unit_id", "int_type"),
        ({"valid_from": "2026-02-30"}, "/valid_from", "date_parsing"),
        ({"valid_from": "2026-02-02", "valid_to": "2026-02-01"}, "/valid_to", "ends_before_it_begins"),
        ({"colour": "red"}, "/colour", "extra_forbidden"),
        ({"source": None}, "/source", "string_type"),
    ],
)
async def test_bad_bodies_are_refused_and_leave_nothing(lao_cai_province_officer, wrong, place, code, rows):
    refused = await lao_cai_province_officer.post("/agencies", json=CENTRE | wrong)
    assert faults_of(refused) == {place: code}
    assert await rows("SELECT * FROM agencies WHERE keeper_province_id IS NOT NULL") == []


async def test_a_unit_that_does_not_exist_is_not_found(lao_cai_province_officer):
    assert (await lao_cai_province_officer.post("/agencies", json=CENTRE | {"unit_id": 999})).status_code == 404
    assert (await lao_cai_province_officer.get(f"/agencies/{uuid4()}")).status_code == 404


@pytest.mark.parametrize("path", ["/agencies", "/hotlines"])
async def test_a_token_is_needed(nobody, path):
    assert (await nobody.get(path)).status_code == 401


async def test_every_unit_has_an_office(database, lao_cai_province_officer):
    await lao_cai_province_officer.post(
        "/agencies",
        json={"name": "UBND xã Tả Van", "kind": "peoples_committee", "unit_id": TA_VAN, "phone": "0214", "source": "x"},
    )
    async with database.as_superuser() as connection:
        known = await office_of_unit(connection, TA_VAN, date(2026, 11, 21))
        unknown = await office_of_unit(connection, SA_PA, date(2026, 11, 21))
    assert (known.name, known.phone) == ("UBND xã Tả Van", "0214")
    assert (unknown.name, unknown.phone) == ("Ủy ban nhân dân phường Sa Pa", None)


async def test_the_database_itself_keeps_a_province_to_its_own_entries(rows):
    policies = await rows("SELECT polname FROM pg_policy WHERE polrelid = 'agencies'::regclass ORDER BY 1")
    assert {"directory", "keep_central", "keep_province"} <= {row["polname"] for row in policies}
