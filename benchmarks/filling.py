"""Fills a benchmark database: the people of the tests, and as many made-up children as were asked for, once."""

import sys
from dataclasses import dataclass
from uuid import UUID

import asyncpg
from tests.people import PEOPLE, SA_PA, SA_PA_VILLAGE, insert_people

from childcare_api.demo.registry import COLUMNS, Place, registry
from childcare_api.shared import clock

SEED = 20_261_121
CHILDREN_OF_A_COMMUNE = 1_500

_CHOSEN = """
FROM children c WHERE mod(abs(hashtext(c.id::text)), 20) = 0 AND NOT EXISTS (SELECT FROM {table} t WHERE t.id = c.id)
"""
_CASES = [
    statement + _CHOSEN.format(table=table)
    for table, statement in (
        (
            "intakes",
            """
INSERT INTO intakes (id, origin_unit_id, created_by, channel, received_at, recorded_at, arrived_at, place_divided,
    harm_kinds, harm_doers, emergency, reported_grounds, emergency_grounds, reporter_known, status, unit_id, commune_id,
    province_id, row_version)
SELECT c.id, c.commune_id, c.recorded_by, 'phone', c.recorded_at, c.recorded_at, c.recorded_at, false, '{violence}',
    '[]', false, '{}', '{}', false, 'case_opened', c.commune_id, c.commune_id, c.province_id, 1
""",
        ),
        (
            "intake_children",
            """
INSERT INTO intake_children (id, intake_id, origin_unit_id, position, full_name, sex, unit_id, commune_id, province_id)
SELECT c.id, c.id, c.commune_id, 1, c.full_name, c.sex, c.commune_id, c.commune_id, c.province_id
""",
        ),
        (
            "cases",
            """
INSERT INTO cases (id, origin_commune_id, intake_id, intake_child_id, sibling_group_id, status, cycle, step_count,
    emergency, harm_doer_is_carer, harm_doer_relations, harm_kinds, received_at, opened_at, opened_by, child_id,
    child_name, child_sex, unit_id, commune_id, province_id, row_version)
SELECT c.id, c.commune_id, c.id, c.id, c.id, 'opened', 1, 1, false, false, '{}', '{violence}', c.recorded_at,
    c.recorded_at, c.recorded_by, c.id, c.full_name, c.sex, c.commune_id, c.commune_id, c.province_id, 1
""",
        ),
    )
]
"""A report and a case for one child in twenty."""


@dataclass(frozen=True)
class Filled:
    """What there is to ask for."""

    children: int
    ids: list[UUID]
    words: list[str]
    case_ids: list[UUID]


async def fill(connection: asyncpg.Connection, count: int) -> Filled:
    """Bring the register to `count` children, about 1,500 in each commune as in the country; Sa Pa's come first."""
    if not await connection.fetchval("SELECT EXISTS (SELECT FROM users WHERE username = 'sa-pa-officer')"):
        await insert_people(connection)
    there = await connection.fetchval("SELECT count(*) FROM children")
    if there < count:
        await connection.execute("SET session_replication_role = replica; SET synchronous_commit = off")
        await _load(connection, await _places(connection, count), count - there, seed=SEED + there)
        for statement in _CASES:
            await connection.execute(statement)
        await connection.execute("SET session_replication_role = DEFAULT")
        await connection.execute("VACUUM (ANALYZE)")
    ids = await connection.fetch("SELECT id FROM children WHERE commune_id = $1 ORDER BY id LIMIT 1000", SA_PA)
    words = await connection.fetch(
        "SELECT DISTINCT name_words[cardinality(name_words)] AS word FROM children WHERE commune_id = $1 ORDER BY 1",
        SA_PA,
    )
    cases = await connection.fetch("SELECT id FROM cases WHERE commune_id = $1 ORDER BY id LIMIT 1000", SA_PA)
    return Filled(
        max(there, count), [row["id"] for row in ids], [row["word"] for row in words], [row["id"] for row in cases]
    )


async def _places(connection: asyncpg.Connection, count: int) -> list[Place]:
    rows = await connection.fetch(
        "SELECT u.id, u.parent_id, u.name FROM units u WHERE u.level = 'commune' AND u.valid_to IS NULL"
        " ORDER BY u.id <> $1, u.parent_id <> (SELECT parent_id FROM units WHERE id = $1), u.id LIMIT $2",
        SA_PA,
        max(1, count // CHILDREN_OF_A_COMMUNE),
    )
    recorder = PEOPLE["sa_pa_officer"].id
    return [
        Place(
            village_id=SA_PA_VILLAGE if row["id"] == SA_PA else None,
            commune_id=row["id"],
            province_id=row["parent_id"],
            mix="sa_pa",
            recorder=recorder,
            address=row["name"],
            old_provinces=("010",),
        )
        for row in rows
    ]


async def _load(connection: asyncpg.Connection, places: list[Place], count: int, *, seed: int) -> None:
    made = 0
    for batch in registry(places, count, seed=seed, today=clock.today()):
        for table, rows in batch.rows.items():
            if rows:
                await connection.copy_records_to_table(table, records=rows, columns=COLUMNS[table])
        made += len(batch.rows["children"])
        sys.stderr.write(f"\r{made:,} children made up")
    await connection.execute(
        "INSERT INTO child_name_words SELECT DISTINCT unnest(name_words) FROM children ON CONFLICT DO NOTHING"
    )
    sys.stderr.write("\n")
