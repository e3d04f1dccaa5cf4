"""The five source plans: all 64 of their goals, deadlines, hotlines and money, each beside its own sentence."""

from collections import Counter

import asyncpg
import pytest
from tests.people import HA_NOI, HUNG_YEN, LAI_CHAU, LAO_CAI

from childcare_api.action_plans.actions import DATA, PART_TABLES, load_source_plans, source_plans
from childcare_api.reference_data import load_reference_data

ROWS = {"000": 11, "001": 9, "002": 10, "003": 27, "004": 7}
KINDS = ("targets", "report_obligations", "budget_lines", "staffing_lines", "hotlines")


def every_row():
    return [row for plan in source_plans() for kind in KINDS for row in plan[kind]]


def test_every_row_of_the_five_plans_is_there_once():
    rows = [row["source_row"] for row in every_row()]

    assert len(rows) == len(set(rows)) == 64
    assert Counter(row[:3] for row in rows) == ROWS


def test_every_kind_of_row_stands_in_its_own_list():
    assert {kind: sum(len(plan[kind]) for plan in source_plans()) for kind in KINDS} == {
        "targets": 46,
        "report_obligations": 8,
        "budget_lines": 4,
        "staffing_lines": 2,
        "hotlines": 4,
    }


def test_every_quoted_sentence_stands_in_the_text_of_its_plan():
    quoted = 0
    for plan in source_plans():
        text = (DATA / plan["text"]).read_text(encoding="utf-8")
        assert plan["title"] in text
        assert plan["objective"] is None or plan["objective"] in text
        for kind in (*KINDS, "legal_bases"):
            for row in plan[kind]:
                assert row["quote"] in text, row["source_row"]
                assert row["section"]
                quoted += 1

    assert quoted == 64 + 19


def test_a_number_of_a_target_stands_in_its_sentence():
    """Only what the sentence says: the numbers were not lost or mistyped on the way."""
    checked = 0
    for row in [row for plan in source_plans() for row in plan["targets"]]:
        # Money is written in words there, and these three numbers are counts of what the sentence demands.
        if row["value"] is None or row["measure_unit"] in {"VND", "lần", "kế hoạch/xã", "đăng ký/xã", "bộ/hệ thống"}:
            continue
        written = f"{row['value']:g}".replace(".", ",")
        assert written in row["quote"], row["source_row"]
        checked += 1
    assert checked > 20


async def test_plans_of_ended_units_are_held_by_today_s_provinces(rows):
    plans = await rows("SELECT * FROM action_plans WHERE source_key IS NOT NULL ORDER BY source_key")

    assert {plan["source_key"]: (plan["unit_id"], plan["province_id"], plan["commune_id"]) for plan in plans} == {
        "hoang-mai-2024": (150008, HA_NOI, None),
        "lao-cai-2024": (160010, LAO_CAI, None),
        "tam-duong-2020": (150106, LAI_CHAU, None),
        "tam-duong-2022": (150106, LAI_CHAU, None),
        "thai-binh-2016-2020": (160034, HUNG_YEN, None),
    }
    assert {plan["status"] for plan in plans} == {"issued"}


@pytest.mark.parametrize("kind", PART_TABLES)
async def test_every_part_is_loaded_with_the_holder_of_its_plan(rows, kind):
    loaded = await rows(
        f"SELECT p.*, a.province_id AS of_plan FROM {PART_TABLES[kind]} p"  # noqa: S608 - names of our own tables
        " JOIN action_plans a ON a.id = p.plan_id WHERE a.source_key IS NOT NULL"
    )

    assert len(loaded) == sum(len(plan[kind]) for plan in source_plans())
    assert all(row["province_id"] == row["of_plan"] for row in loaded)
    assert all(row["quote"] and row["section"] for row in loaded)


async def test_the_hotlines_that_plans_name_stand_in_the_directory(rows):
    directory = {row["number"] for row in await rows("SELECT number FROM hotlines")}
    named = {row["number"] for plan in source_plans() for row in plan["hotlines"]}

    assert named == {"111", "0243.2233.111", "18001136"}
    assert named <= directory


@pytest.mark.committed
async def test_loading_again_changes_nothing_and_mends_what_differs(database, rows):
    before = await rows("SELECT id, xmin::text FROM plan_targets ORDER BY id")
    async with database.as_superuser() as connection:
        await load_reference_data(connection)
        assert before == await connection.fetch("SELECT id, xmin::text FROM plan_targets ORDER BY id")
        await connection.execute("UPDATE plan_targets SET value = 99 WHERE source_row = '003-01'")
        await load_source_plans(connection)

    [mended] = await rows("SELECT value, baseline, operator FROM plan_targets WHERE source_row = '003-01'")
    assert (float(mended["value"]), float(mended["baseline"]), mended["operator"]) == (1.36, 1.38, "<=")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE action_plans SET title = 'x' WHERE source_key = 'lao-cai-2024'",
        """INSERT INTO plan_budget_lines (id, plan_id, unit_id, province_id, position, statement, carry_over_notes)
        SELECT gen_random_uuid(), id, unit_id, province_id, 9, 'x', '{}' FROM action_plans
        WHERE source_key = 'lao-cai-2024'""",
        "UPDATE action_plans SET source_key = NULL WHERE source_key = 'lao-cai-2024'",
    ],
)
async def test_the_database_itself_keeps_a_source_plan_as_it_was(database, statement):
    async with database.as_superuser() as connection:
        await connection.execute(
            f"SET LOCAL ROLE childcare_province; SET LOCAL app.province_id = '{LAO_CAI}'; SAVEPOINT refused"
        )
        assert await connection.fetchval("SELECT count(*) FROM action_plans WHERE source_key = 'lao-cai-2024'") == 1
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
        await connection.execute("ROLLBACK TO SAVEPOINT refused; SET LOCAL ROLE NONE; SET LOCAL app.province_id = ''")


async def test_the_parts_of_an_issued_plan_cannot_be_changed_or_taken_out(database):
    async with database.as_superuser() as connection:
        await connection.execute(f"SET LOCAL ROLE childcare_province; SET LOCAL app.province_id = '{LAO_CAI}'")
        changed = await connection.execute("UPDATE plan_targets SET value = 0 WHERE province_id = $1", LAO_CAI)
        removed = await connection.execute("DELETE FROM plan_targets WHERE province_id = $1", LAO_CAI)
        seen = await connection.fetchval("SELECT count(*) FROM plan_targets WHERE province_id = $1", LAO_CAI)
        await connection.execute("SET LOCAL ROLE NONE; SET LOCAL app.province_id = ''")

    assert (changed, removed, seen) == ("UPDATE 0", "DELETE 0", 22)
