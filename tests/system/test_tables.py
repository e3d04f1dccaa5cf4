"""Walks every table: the wall stands around each one, and nothing slipped past a convention."""

import pytest

from childcare_api import tables

# Readable and the same for everyone; only the owner writes them.
PUBLIC_TABLES = {
    "units", "unit_succession", "code_lists", "code_list_entries", "calendar_days", "calendar_years", "clock_rules",
    "alembic_version",
}  # fmt: skip
# Read by functions of the gate alone, which take the scope as a parameter.
GATE_TABLES = {"child_name_words"}
LEVELS = {"village", "commune", "district", "province"}
HOLDERS = {f"{level}_id" for level in LEVELS}


@pytest.fixture
async def all_tables(rows):
    """Every table of ours but partitions, whose rows are reached through their parent alone."""
    found = await rows(
        "SELECT c.oid, n.nspname, c.relname, c.relrowsecurity, c.relforcerowsecurity FROM pg_class c"
        " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname IN ('public', 'audit')"
        " AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 2, 3"
    )
    assert len(found) > 8
    return found


async def test_every_table_forces_row_level_security(all_tables):
    bare = [t["relname"] for t in all_tables if not (t["relrowsecurity"] and t["relforcerowsecurity"])]

    assert set(bare) - GATE_TABLES == PUBLIC_TABLES & {t["relname"] for t in all_tables}


@pytest.fixture
async def privileges(rows):
    """Who was granted anything on which table or column, owners and the gate aside."""
    return await rows(
        "SELECT DISTINCT table_name, grantee FROM information_schema.role_table_grants"
        " WHERE table_schema IN ('public', 'audit') AND grantee LIKE 'childcare\\_%'"
        " AND grantee NOT IN ('childcare_owner', 'childcare_gate')"
        " UNION SELECT DISTINCT table_name, grantee FROM information_schema.column_privileges"
        " WHERE table_schema IN ('public', 'audit') AND grantee LIKE 'childcare\\_%'"
        " AND grantee NOT IN ('childcare_owner', 'childcare_gate')"
    )


async def test_every_level_that_may_touch_a_table_has_a_policy_on_it(all_tables, privileges, rows):
    """A privilege without a policy shows nothing, which looks like an empty country: refuse it here instead."""
    policies = await rows("SELECT tablename, roles, cmd FROM pg_policies WHERE schemaname IN ('public', 'audit')")
    covered = {(p["tablename"], role) for p in policies for role in p["roles"]}
    walled = {t["relname"] for t in all_tables} - PUBLIC_TABLES
    missing = {(p["table_name"], p["grantee"]) for p in privileges if p["table_name"] in walled} - covered

    assert policies
    assert missing == set()


async def test_what_only_the_gate_reads_is_granted_to_nobody_else(privileges):
    assert privileges
    assert [p["grantee"] for p in privileges if p["table_name"] in GATE_TABLES] == []


async def test_no_policy_of_a_level_looks_at_anything_but_its_own_setting(rows):
    policies = await rows(
        "SELECT tablename, policyname, qual FROM pg_policies WHERE policyname = ANY($1)"
        " AND tablename <> 'events' AND qual IS NOT NULL",
        sorted(LEVELS),
    )
    assert policies
    for policy in policies:
        level = policy["policyname"]
        assert f"({level}_id = " in policy["qual"], policy["tablename"]
        assert f"app.{level}_id" in policy["qual"], policy["tablename"]
        assert " OR " not in policy["qual"], policy["tablename"]


async def test_every_table_with_a_holder_keeps_it_to_one_line_of_units(rows):
    held = await rows(
        "SELECT a.attrelid::regclass::text AS name, (SELECT count(*) FROM pg_policy p WHERE p.polrelid = a.attrelid"
        " AND p.polname IN ('one_line', 'one_line_still') AND NOT p.polpermissive) AS walls FROM pg_attribute a"
        " JOIN pg_class c ON c.oid = a.attrelid WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition"
        " AND a.attname = ANY($1) GROUP BY a.attrelid HAVING count(*) = 4",
        sorted(HOLDERS),
    )
    assert len(held) > 30
    assert [table["name"] for table in held if table["walls"] != 2] == []


async def test_every_foreign_key_has_an_index(rows):
    keys = await rows(
        "SELECT k.conrelid::regclass::text AS table_name, k.conname, EXISTS (SELECT FROM pg_index i"
        " WHERE i.indrelid = k.conrelid AND (i.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey"
        " OR i.indrelid = k.conrelid AND (i.indkey::int2[])[0] = k.conkey[1]) AS indexed"
        " FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid"
        " WHERE k.contype = 'f' AND NOT c.relispartition"
    )
    assert keys
    assert [f"{k['table_name']}.{k['conname']}" for k in keys if not k["indexed"]] == []


async def test_every_act_of_a_person_is_paired_with_who_and_checked(rows):
    """An `x_at` that stands beside an `x_by` must be empty or filled together with it."""
    pairs = await rows(
        "SELECT a.table_name, replace(a.column_name, '_at', '') AS act FROM information_schema.columns a"
        " JOIN information_schema.columns b ON b.table_name = a.table_name AND b.table_schema = a.table_schema"
        " AND b.column_name = replace(a.column_name, '_at', '_by')"
        " WHERE a.table_schema = 'public' AND a.column_name LIKE '%\\_at'"
    )
    checks = await rows(
        "SELECT conrelid::regclass::text AS table_name, pg_get_constraintdef(oid) AS definition FROM pg_constraint"
        " WHERE contype = 'c'"
    )
    required = await rows(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
        " AND is_nullable = 'NO'"
    )
    never_null = {(r["table_name"], r["column_name"]) for r in required}
    unpaired = [
        f"{p['table_name']}.{p['act']}_at"
        for p in pairs
        if not {(p["table_name"], f"{p['act']}_at"), (p["table_name"], f"{p['act']}_by")} <= never_null
        and not any(
            c["table_name"] == p["table_name"]
            and f"{p['act']}_at" in c["definition"]
            and f"{p['act']}_by" in c["definition"]
            for c in checks
        )
    ]
    assert unpaired == []


async def test_models_and_tables_are_the_same(all_tables):
    mapped = {table.name for table in tables.metadata.tables.values()}
    mapped_only = mapped - {t["relname"] for t in all_tables}

    assert mapped
    assert mapped_only == set()


async def test_a_connection_that_forgot_its_scope_sees_nothing(database, all_tables):
    async with database.bare() as connection:
        for table in all_tables:
            may = await connection.fetchval("SELECT has_table_privilege($1::oid, 'SELECT')", table["oid"])
            assert not may or table["relname"] in PUBLIC_TABLES, table["relname"]


async def test_whoever_is_kept_from_a_case_or_a_report_sees_no_part_of_it(rows):
    """What hangs on a case or a report by its keys has the wall of conflicts of interest, too: new tables must ask."""
    parts = await rows(
        "WITH RECURSIVE hanging AS ("
        " SELECT c.oid FROM pg_class c WHERE c.oid IN ('cases'::regclass, 'intakes'::regclass)"
        " UNION SELECT k.conrelid FROM hanging h JOIN pg_constraint k ON k.confrelid = h.oid AND k.contype = 'f'"
        " AND cardinality(k.conkey) = 2)"
        " SELECT oid::regclass::text AS name FROM hanging"
    )
    walled = await rows("SELECT tablename FROM pg_policies WHERE permissive = 'RESTRICTIVE'")

    assert len(parts) > 15
    assert {part["name"] for part in parts} - {wall["tablename"] for wall in walled} == set()
