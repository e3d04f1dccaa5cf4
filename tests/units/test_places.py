"""A place as a caller knows it, and where it lands today."""

import csv
from collections import defaultdict
from datetime import date

import pytest
from pydantic import ValidationError
from tests.people import HA_NOI, HOANG_MAI, LAO_CAI, SA_PA, SA_PA_VILLAGE, TA_VAN

from childcare_api.units.actions import DATA
from childcare_api.units.queries import resolve_place_on
from childcare_api.units.schemas import PlaceIn


def read(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((DATA / name).read_text(encoding="utf-8").splitlines()))


TODAY = date(2026, 11, 21)
LAST_DAY_OF_OLD_LIST = date(2025, 6, 30)
FIRST_DAY_OF_NEW_LIST = date(2025, 7, 1)
UNITS = {int(row["id"]): row for row in read("units.csv")}
SUCCESSORS: dict[int, list[int]] = defaultdict(list)
for _row in read("succession.csv"):
    SUCCESSORS[int(_row["old_id"])].append(int(_row["new_id"]))
OLD_COMMUNES = [id_ for id_, row in UNITS.items() if row["level"] == "commune" and row["valid_to"]]
NEW_COMMUNES = [id_ for id_, row in UNITS.items() if row["level"] == "commune" and not row["valid_to"]]


async def landed(database, today=TODAY, **place):
    async with database.as_superuser() as connection:
        return await resolve_place_on(connection, PlaceIn.model_validate(place), today)


async def test_a_unit_of_today_lands_in_itself(database):
    place = await landed(database, unit_id=SA_PA)
    assert (place.unit_id, place.commune_id, place.district_id, place.province_id) == (SA_PA, SA_PA, None, LAO_CAI)
    assert place.found
    assert not place.divided


async def test_a_village_lands_in_its_commune(database):
    place = await landed(database, unit_id=SA_PA_VILLAGE)
    assert (place.village_id, place.commune_id, place.province_id) == (SA_PA_VILLAGE, SA_PA, LAO_CAI)


async def test_an_old_code_lands_in_its_whole_successor(database):
    place = await landed(database, code="03001", as_of=LAST_DAY_OF_OLD_LIST, text="sau chợ")
    assert (place.unit_id, place.commune_id, place.province_id) == (103001, SA_PA, LAO_CAI)
    assert place.text == "sau chợ"


async def test_one_code_is_two_places_on_two_days(database):
    before = await landed(database, code="00331", as_of=LAST_DAY_OF_OLD_LIST)
    after = await landed(database, code="00331", as_of=FIRST_DAY_OF_NEW_LIST)
    assert (before.unit_id, before.commune_id, before.province_id, before.divided) == (100331, None, HA_NOI, True)
    assert (after.unit_id, after.commune_id, after.province_id, after.divided) == (HOANG_MAI, HOANG_MAI, HA_NOI, False)


async def test_a_code_without_a_day_is_refused():
    with pytest.raises(ValidationError, match="as_of_missing") as refused:
        PlaceIn.model_validate({"code": "00331"})
    assert refused.value.errors()[0]["type"] == "as_of_missing"


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ({"as_of": "2025-01-01"}, "code_missing"),
        ({"unit_id": SA_PA, "code": "03006", "as_of": "2026-01-01"}, "place_stated_twice"),
        ({"unit_id": SA_PA, "province": {"unit_id": LAO_CAI}}, "place_stated_twice"),
        ({"province": {"code": "10"}}, "as_of_missing"),
        ({"province": {}}, "place_empty"),
        ({"unit_id": 0}, "greater_than_equal"),
        ({"unit_id": 2**31}, "less_than_equal"),
        ({"text": ""}, "string_too_short"),
    ],
)
def test_a_place_is_stated_in_one_way(place, code):
    with pytest.raises(ValidationError) as refused:
        PlaceIn.model_validate(place)
    assert refused.value.errors()[0]["type"] == code


async def test_a_province_with_words_leaves_the_commune_empty(database):
    place = await landed(database, province={"code": "10", "as_of": LAST_DAY_OF_OLD_LIST}, text="gần bến xe")
    assert (place.unit_id, place.commune_id, place.province_id, place.divided) == (160010, None, LAO_CAI, False)
    assert place.text == "gần bến xe"


async def test_words_alone_land_nowhere(database):
    place = await landed(database, text="không rõ, gần một con suối")
    assert (place.unit_id, place.commune_id, place.province_id, place.found) == (None, None, None, True)


@pytest.mark.parametrize("place", [{"unit_id": 999}, {"code": "99999", "as_of": "2026-01-01"}])
async def test_a_unit_that_does_not_exist_is_known_not_to_be_found(database, place):
    place = await landed(database, **place)
    assert (place.unit_id, place.province_id, place.found) == (None, None, False)


async def test_the_country_lands_nowhere(database):
    place = await landed(database, unit_id=1)
    assert (place.commune_id, place.province_id, place.divided) == (None, None, False)


async def test_a_district_is_divided_among_its_communes(database):
    place = await landed(database, code="088", as_of=LAST_DAY_OF_OLD_LIST)
    assert (place.commune_id, place.district_id, place.province_id, place.divided) == (None, None, LAO_CAI, True)


@pytest.mark.parametrize("code", ["318", "471", "498", "536", "755"])
async def test_an_island_district_is_its_commune_today(database, code):
    place = await landed(database, code=code, as_of=LAST_DAY_OF_OLD_LIST)
    assert place.commune_id in NEW_COMMUNES
    assert UNITS[place.commune_id]["kind"] == "Đặc khu"
    assert not place.divided


async def test_before_the_reorganisation_the_old_list_answers(database):
    place = await landed(database, LAST_DAY_OF_OLD_LIST, code="03001", as_of=LAST_DAY_OF_OLD_LIST)
    assert (place.commune_id, place.district_id, place.province_id) == (103001, 150088, 160010)


async def test_every_old_commune_lands_as_its_succession_says(database):
    assert len(OLD_COMMUNES) == 10_035
    async with database.as_superuser() as connection:
        rows = await connection.fetch(
            "SELECT u.id, p.* FROM unnest($1::text[]) c JOIN units u ON u.code = c AND u.valid_to = $2"
            " CROSS JOIN LATERAL unit_place(u.id, $3) p",
            [UNITS[id_]["code"] for id_ in OLD_COMMUNES],
            LAST_DAY_OF_OLD_LIST,
            TODAY,
        )
    assert len(rows) == 10_035
    divided = 0
    for row in rows:
        heirs = SUCCESSORS[row["id"]]
        provinces = {int(UNITS[heir]["parent_id"]) for heir in heirs}
        assert provinces == {row["province_id"]}
        assert row["district_id"] is None
        if len(heirs) == 1:
            assert (row["commune_id"], row["divided"]) == (heirs[0], False)
        else:
            divided += 1
            assert (row["commune_id"], row["divided"]) == (None, True)
    assert divided == 471


async def test_codes_whose_territory_went_elsewhere_never_land_where_the_same_code_is_now(database):
    defaults = {int(row["old_id"]): int(row["new_id"]) for row in read("succession.csv") if row["is_default"] == "true"}
    new_by_code = {UNITS[id_]["code"]: id_ for id_ in NEW_COMMUNES}
    elsewhere = [
        id_
        for id_ in OLD_COMMUNES
        if UNITS[id_]["code"] in new_by_code and defaults[id_] != new_by_code[UNITS[id_]["code"]]
    ]
    assert len(elsewhere) == 27
    for id_ in elsewhere:
        place = await landed(database, code=UNITS[id_]["code"], as_of=LAST_DAY_OF_OLD_LIST)
        assert place.commune_id != new_by_code[UNITS[id_]["code"]]


async def test_every_commune_of_today_lands_in_itself(database):
    assert len(NEW_COMMUNES) == 3_321
    async with database.as_superuser() as connection:
        rows = await connection.fetch(
            "SELECT u.id, p.* FROM units u CROSS JOIN LATERAL unit_place(u.id, $1) p"
            " WHERE u.level = 'commune' AND u.valid_to IS NULL",
            TODAY,
        )
    assert {row["id"] for row in rows} == set(NEW_COMMUNES)
    assert all(row["commune_id"] == row["id"] and not row["divided"] for row in rows)


async def test_a_second_reorganisation_is_followed_through_the_first(database):
    async with database.as_superuser() as connection:
        await connection.execute("UPDATE units SET valid_to = '2027-12-31' WHERE id IN ($1, $2)", SA_PA, TA_VAN)
        await connection.execute(
            "INSERT INTO units (id, code, level, name, kind, parent_id, valid_from, search_name)"
            " VALUES (1900001, '03006', 'commune', 'Phường Sa Pa', 'Phường', $1, '2028-01-01', 'phuong sa pa')",
            LAO_CAI,
        )
        await connection.execute(
            "INSERT INTO unit_succession VALUES ($1, 1900001, 'whole', true), ($2, 1900001, 'whole', true)",
            SA_PA,
            TA_VAN,
        )
    place = await landed(database, date(2028, 1, 1), code="03001", as_of=LAST_DAY_OF_OLD_LIST)
    assert (place.commune_id, place.province_id, place.divided) == (1900001, LAO_CAI, False)


async def test_an_ended_district_keeps_its_id_and_its_province_answers(database):
    async with database.as_superuser() as connection:
        row = await connection.fetchrow("SELECT * FROM unit_holder(150106, $1)", TODAY)
    assert (row["district_id"], row["commune_id"], row["province_id"]) == (150106, None, 260012)
