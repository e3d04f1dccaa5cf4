"""The data files that travel with the program, and their loading."""

import json

import pytest
from tests.people import LAO_CAI, SA_PA, TA_VAN

from childcare_api.units.actions import DATA, add_village, load_reference_data


async def test_all_units_before_and_from_july_2025_are_there(rows):
    counted = await rows(
        "SELECT level, valid_to IS NULL AS today, count(*) FROM units WHERE id < 1000000 GROUP BY 1, 2 ORDER BY 1, 2"
    )
    assert [tuple(row) for row in counted] == [
        ("central", True, 1),
        ("commune", False, 10_035),
        ("commune", True, 3_321),
        ("district", False, 696),
        ("province", False, 63),
        ("province", True, 34),
    ]


async def test_every_ended_unit_has_a_successor_and_every_unit_of_today_a_predecessor(rows):
    orphans = await rows(
        "SELECT id FROM units u WHERE id BETWEEN 100000 AND 199999"
        " AND NOT EXISTS (SELECT FROM unit_succession s WHERE s.old_id = u.id)"
        " UNION ALL SELECT id FROM units u WHERE id BETWEEN 200000 AND 299999"
        " AND NOT EXISTS (SELECT FROM unit_succession s WHERE s.new_id = u.id)"
    )
    assert orphans == []


async def test_a_divided_unit_has_one_default_and_a_district_none(rows):
    defaults = await rows(
        "SELECT u.level, s.defaults, count(*) FROM units u JOIN"
        " (SELECT old_id, count(*) FILTER (WHERE is_default) AS defaults FROM unit_succession WHERE extent = 'part'"
        " GROUP BY 1) s ON s.old_id = u.id GROUP BY 1, 2 ORDER BY 1"
    )
    assert [tuple(row) for row in defaults] == [("commune", 1, 471), ("district", 0, 682)]


async def test_no_code_is_claimed_to_be_checked(rows):
    assert (await rows("SELECT count(*) FROM units WHERE code_verified"))[0][0] == 0


async def test_old_lao_cai_became_todays_with_another_code(rows):
    (step,) = await rows(
        "SELECT o.code AS old, n.id, n.code AS new FROM unit_succession s JOIN units o ON o.id = s.old_id"
        " JOIN units n ON n.id = s.new_id WHERE o.level = 'province' AND o.code = '10'"
    )
    assert (step["old"], step["new"], step["id"]) == ("10", "15", LAO_CAI)


@pytest.mark.committed
async def test_a_second_load_changes_nothing(database):
    async with database.as_superuser() as connection:
        before = await connection.fetch("SELECT ctid, xmin, id FROM units ORDER BY id")
        await load_reference_data(connection)
        assert await connection.fetch("SELECT ctid, xmin, id FROM units ORDER BY id") == before


@pytest.mark.committed
async def test_a_load_corrects_what_differs_and_keeps_what_an_installation_added(database):
    async with database.as_superuser() as connection:
        village = await add_village(connection, commune_id=TA_VAN, name="Bản Dền")
        assert village >= 1_000_000
        await connection.execute("UPDATE units SET name = 'Sai' WHERE id = $1", SA_PA)
        await connection.execute("DELETE FROM code_list_entries WHERE list_name = 'sexes' AND code = 'unknown'")
        await load_reference_data(connection)
        assert await connection.fetchval("SELECT name FROM units WHERE id = $1", SA_PA) == "Phường Sa Pa"
        assert await connection.fetchval("SELECT search_name FROM units WHERE id = $1", village) == "ban den"
        assert await connection.fetchval("SELECT count(*) FROM code_list_entries WHERE list_name = 'sexes'") == 3


async def test_a_village_is_added_once(database):
    async with database.as_superuser() as connection:
        for _ in range(2):
            assert await add_village(connection, commune_id=SA_PA, name="Tổ 9", unit_id=1_000_900) == 1_000_900
        assert await connection.fetchval("SELECT count(*) FROM units WHERE id = 1000900") == 1


def test_every_code_list_names_its_source_and_is_named_after_its_file():
    files = sorted((DATA / "code_lists").iterdir())
    assert len(files) >= 20
    for file in files:
        content = json.loads(file.read_text(encoding="utf-8"))
        assert file.name == f"{content['name']}.json"
        assert content["source"]
        codes = [entry["code"] for entry in content["entries"]]
        # A code stands twice where the law changed what it means, one after the other and never on the same day.
        days: dict[str, str] = {}
        for entry in content["entries"]:
            code, since = entry["code"], entry.get("valid_from", "")
            assert code not in days or since > days[code], (file.name, code)
            days[code] = entry.get("valid_to", "9999-12-31")
        assert {entry["parent"] for entry in content["entries"] if "parent" in entry} <= set(codes)


@pytest.mark.parametrize("table", ["units", "unit_succession", "code_lists", "code_list_entries"])
async def test_reference_tables_are_read_by_every_role_and_written_by_none(rows, table):
    # They carry no row-level security on purpose: what they say is public, and nobody but the owner changes it.
    roles = await rows(
        "SELECT rolname, has_table_privilege(rolname, $1, 'SELECT') AS reads,"
        " has_table_privilege(rolname, $1, 'INSERT, UPDATE, DELETE, TRUNCATE') AS writes"
        " FROM pg_roles WHERE rolname LIKE 'childcare\\_%' AND rolname <> 'childcare_owner'",
        table,
    )
    assert len(roles) >= 10
    assert all(role["reads"] for role in roles)
    assert not any(role["writes"] for role in roles)
