"""Fills a benchmark database: the people of the tests, and as many made-up children as were asked for, once."""

import sys
from dataclasses import dataclass
from uuid import UUID

import asyncpg
from tests.people import PEOPLE, SA_PA, SA_PA_VILLAGE, TA_VAN, insert_people

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
    harm_kinds, harm_doers, emergency, reported_grounds, emergency_grounds, emergencies, reporter_known, status,
    unit_id, commune_id, province_id, row_version)
SELECT c.id, c.commune_id, c.recorded_by, 'phone', c.recorded_at, c.recorded_at, c.recorded_at, false, '{violence}',
    '[]', false, '{}', '{}', '{}', false, 'case_opened', c.commune_id, c.commune_id, c.province_id, 1
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
_SECRETS = [
    # Of ten cases seven are as most are, two sensitive and one sealed; every second sealed one is open to the officer.
    """
UPDATE cases SET confidentiality = CASE WHEN n < 7 THEN 'normal' WHEN n < 9 THEN 'sensitive' ELSE 'sealed' END
FROM (SELECT id, row_number() OVER (PARTITION BY commune_id ORDER BY id) % 10 AS n FROM cases) numbered
WHERE numbered.id = cases.id AND cases.confidentiality <> CASE WHEN n < 7 THEN 'normal' WHEN n < 9 THEN 'sensitive'
    ELSE 'sealed' END
""",
    """
INSERT INTO case_recipients (id, case_id, user_id, added_at, added_by, works_in_id, unit_id, commune_id, province_id)
SELECT id, id, $1, opened_at, $1, commune_id, unit_id, commune_id, province_id
FROM (SELECT *, row_number() OVER (ORDER BY id) AS n FROM cases WHERE commune_id = $2 AND confidentiality = 'sealed') c
WHERE n % 2 = 0 AND NOT EXISTS (SELECT FROM case_recipients r WHERE r.id = c.id)
""",
    # The officer is kept from two cases, and the neighbouring commune is let see one in five.
    """
INSERT INTO exclusions (id, subject_id, subject_kind, user_id, ground, reason, named_at, named_by, unit_id, commune_id,
    province_id)
SELECT id, id, 'case', $1, 'related', 'bench', opened_at, $1, unit_id, commune_id, province_id
FROM (SELECT *, row_number() OVER (ORDER BY id) AS n FROM cases WHERE commune_id = $2 AND confidentiality = 'normal') c
WHERE n < 3 AND NOT EXISTS (SELECT FROM exclusions x WHERE x.id = c.id)
""",
    """
INSERT INTO case_grants (id, origin_commune_id, case_id, granted_commune_id, reason, kinds, valid_from, granted_at,
    granted_by, unit_id, commune_id, province_id)
SELECT id, commune_id, id, $3, 'incident', '{opening,assessment,service,review}', opened_at::date, opened_at, $1,
    unit_id, commune_id, province_id
FROM (SELECT *, row_number() OVER (ORDER BY id) AS n FROM cases WHERE commune_id = $2 AND confidentiality = 'normal') c
WHERE n % 5 = 4 AND NOT EXISTS (SELECT FROM case_grants g WHERE g.id = c.id)
""",
]
"""Levels of secrecy, recipients, conflicts of interest and grants, so that every row is measured with them."""
_OPEN_CASES = """
SELECT c.id, EXISTS (SELECT FROM case_grants g WHERE g.case_id = c.id) AS granted FROM cases c
WHERE c.commune_id = $1 AND NOT EXISTS (SELECT FROM exclusions x WHERE x.subject_id = c.id)
    AND (c.confidentiality <> 'sealed' OR EXISTS (SELECT FROM case_recipients r WHERE r.case_id = c.id))
ORDER BY c.id LIMIT 1000
"""


@dataclass(frozen=True)
class Filled:
    """What there is to ask for."""

    children: int
    ids: list[UUID]
    words: list[str]
    """Last words of the names of Sa Pa's children."""
    names: list[str]
    """Their whole names, which alone are found above the commune."""
    case_ids: list[UUID]
    """Of Sa Pa, as far as its officer sees them."""
    granted_ids: list[UUID]
    """Those among them that Tả Van may see, too."""


async def fill(connection: asyncpg.Connection, count: int) -> Filled:
    """Bring the register to `count` children, about 1,500 in each commune as in the country; Sa Pa's come first."""
    if not await connection.fetchval("SELECT EXISTS (SELECT FROM users WHERE username = 'sa-pa-officer')"):
        await insert_people(connection)
    if await connection.fetchval("SELECT count(*) FROM children") < count:
        async with connection.transaction():
            await add(connection, count)
        await connection.execute("VACUUM (ANALYZE)")
    return await filled(connection)


async def add(connection: asyncpg.Connection, count: int) -> None:
    """Add what is missing of `count` children, their reports and cases; inside a transaction."""
    there = await connection.fetchval("SELECT count(*) FROM children")
    await connection.execute("SET LOCAL session_replication_role = replica; SET LOCAL synchronous_commit = off")
    await _load(connection, await _places(connection, count), count - there, seed=SEED + there)
    for statement in _CASES:
        await connection.execute(statement)
    for statement in _SECRETS:
        values = (PEOPLE["sa_pa_officer"].id, SA_PA, TA_VAN)
        await connection.execute(statement, *values[: sum(f"${n}" in statement for n in (1, 2, 3))])
    await connection.execute("SET LOCAL session_replication_role = DEFAULT")


async def filled(connection: asyncpg.Connection) -> Filled:
    """Return what there is to ask for."""
    children = await connection.fetchval("SELECT count(*) FROM children")
    ids = await connection.fetch("SELECT id FROM children WHERE commune_id = $1 ORDER BY id LIMIT 1000", SA_PA)
    words = await connection.fetch(
        "SELECT DISTINCT name_words[cardinality(name_words)] AS word FROM children WHERE commune_id = $1 ORDER BY 1",
        SA_PA,
    )
    names = await connection.fetch(
        "SELECT DISTINCT ON (name_words[cardinality(name_words)]) search_name FROM children WHERE commune_id = $1"
        " ORDER BY name_words[cardinality(name_words)], id",
        SA_PA,
    )
    cases = await connection.fetch(_OPEN_CASES, SA_PA)
    return Filled(
        children,
        [row["id"] for row in ids],
        [row["word"] for row in words],
        [row["search_name"] for row in names],
        [row["id"] for row in cases],
        [row["id"] for row in cases if row["granted"]],
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
