"""Fills an empty database with the demo: villages, people who may log in, the hotline, and about 2,000 children.

Written as the owner of the tables, in one transaction. A database that holds anything else is refused: made-up
children among real ones could never be told apart again.
"""

from datetime import date, datetime, timedelta
from hashlib import sha256

import asyncpg

from childcare_api.demo.people import (
    COMMUNES,
    DEMO_PEOPLE,
    HOTLINE_CLIENT_ID,
    HOTLINE_ID,
    HOTLINE_SCOPES,
    HOTLINE_SECRET_ID,
    HOTLINE_SOURCE_ID,
    NAMES,
    Commune,
    DemoPerson,
)
from childcare_api.demo.registry import COLUMNS, Batch, Place, registry
from childcare_api.identity.passwords import hash_password
from childcare_api.units.actions import add_village

CHILDREN = 2000
SEED = 111
ACTING_DAYS = 365
_HOLDER = ("village_id", "commune_id", "district_id", "province_id")
_MUST_BE_EMPTY = ("users", "machine_clients", "households", "children", "intakes", "cases")


class DatabaseNotEmpty(Exception):  # noqa: N818 - a fact, like every problem here
    """The database holds something that is not the demo."""


async def holds_demo(connection: asyncpg.Connection) -> bool:
    """Say whether the demo was loaded into this database."""
    return bool(await connection.fetchval("SELECT EXISTS (SELECT FROM users WHERE id = $1)", DEMO_PEOPLE[0].id))


async def load_demo(connection: asyncpg.Connection, *, password: str, now: datetime, today: date) -> None:
    """Fill the database, reached as owner. Everybody gets the one password; it is the hotline's secret as well."""
    async with connection.transaction():
        for table in _MUST_BE_EMPTY:
            # The names of the tables are the constant ones above.
            if await connection.fetchval(f"SELECT EXISTS (SELECT FROM {table})"):  # noqa: S608
                raise DatabaseNotEmpty(f"The database holds {table}; the demo goes only into an empty one.")
        password_hash = await hash_password(password)
        places: list[Place] = []
        for commune in COMMUNES:
            places += await _make_villages(connection, commune, password_hash, now=now, today=today)
        for person in DEMO_PEOPLE:
            unit_id, holder = await _post(connection, person.level, person.unit_code)
            await _write_person(connection, person, unit_id, holder, password_hash, now=now, today=today)
        await _write_hotline(connection, password, now)
        for batch in registry(places, CHILDREN, seed=SEED, today=today):
            await write_batch(connection, batch)
    await connection.execute("ANALYZE")


async def write_batch(connection: asyncpg.Connection, batch: Batch) -> None:
    """Write made-up rows by COPY. The owner's own policies forbid COPY into the tables, so it goes through a draft."""
    for table, columns in COLUMNS.items():
        if not batch.rows[table]:
            continue
        names = ", ".join(columns)
        # Names of tables and columns are constants of demo/registry.py.
        await connection.execute(f"CREATE TEMP TABLE draft_{table} AS SELECT {names} FROM {table} WHERE false")  # noqa: S608
        await connection.copy_records_to_table(f"draft_{table}", records=batch.rows[table], columns=columns)
        await connection.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM draft_{table}")  # noqa: S608
        await connection.execute(f"DROP TABLE draft_{table}")


async def _make_villages(
    connection: asyncpg.Connection, commune: Commune, password_hash: str, *, now: datetime, today: date
) -> list[Place]:
    """Make the villages of a commune, each with a collaborator who keeps its books."""
    commune_id, holder = await _post(connection, "commune", commune.code)
    places = []
    for number, name in enumerate(commune.villages, start=1):
        kind = "Tổ dân phố" if name.startswith("Tổ") else "Thôn"
        village_id = await add_village(connection, commune_id=commune_id, name=name, kind=kind)
        username = f"{commune.key}.collaborator-{number}"
        collaborator = DemoPerson(username, NAMES[username], "village_collaborator", "village", None)
        own = {**holder, "village_id": village_id}
        await _write_person(connection, collaborator, village_id, own, password_hash, now=now, today=today)
        places.append(
            Place(
                village_id,
                commune_id,
                int(holder["province_id"] or 0),
                commune.mix,
                collaborator.id,
                f"{name}, {commune.name}",
                commune.old_provinces,
                commune.weight / len(commune.villages),
            )
        )
    return places


async def _post(connection: asyncpg.Connection, level: str, code: str | None) -> tuple[int, dict[str, int | None]]:
    """Return a unit of today's list and the holder columns of what belongs to it."""
    row = await connection.fetchrow(
        "SELECT id, parent_id FROM units WHERE level = $1 AND ($2::text IS NULL OR code = $2) AND valid_to IS NULL",
        level,
        code,
    )
    holder: dict[str, int | None] = dict.fromkeys(_HOLDER)
    if level == "commune":
        holder |= {"commune_id": row["id"], "province_id": row["parent_id"]}
    elif level == "province":
        holder["province_id"] = row["id"]
    return row["id"], holder


async def _write_person(
    connection: asyncpg.Connection,
    person: DemoPerson,
    unit_id: int,
    holder: dict[str, int | None],
    password_hash: str,
    *,
    now: datetime,
    today: date,
) -> None:
    held = [holder[name] for name in _HOLDER]
    await connection.execute(
        "INSERT INTO users (id, username, display_name, created_at, unit_id, village_id, commune_id, district_id,"
        " province_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        *(person.id, person.username, person.display_name, now, unit_id, *held),
    )
    await connection.execute(
        "INSERT INTO credentials (user_id, password_hash, changed_at) VALUES ($1, $2, $3)",
        *(person.id, password_hash, now),
    )
    acting = next((other.assignment_id for other in DEMO_PEOPLE if other.username == person.acting_for), None)
    # Their posts are older than the demo, so that what it tells of last year was theirs to do.
    since = date(today.year - 1, 1, 1)
    until = today + timedelta(days=ACTING_DAYS) if acting else None
    source = HOTLINE_SOURCE_ID if person.role == "hotline_operator" else None
    await connection.execute(
        "INSERT INTO assignments (id, user_id, role, level, unit_id, village_id, commune_id, district_id, province_id,"
        " source_id, position, acting_for_assignment_id, valid_from, valid_to, is_default, created_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, true, $15)",
        *(person.assignment_id, person.id, person.role, person.level, unit_id, *held, source, person.position),
        *(acting, since, until, now),
    )


async def _write_hotline(connection: asyncpg.Connection, secret: str, now: datetime) -> None:
    country, _ = await _post(connection, "central", None)
    await connection.execute(
        "INSERT INTO machine_clients (id, client_id, name, scopes, source_id, created_at, unit_id)"
        " VALUES ($1, $2, 'Tổng đài điện thoại quốc gia bảo vệ trẻ em 111', $3, $4, $5, $6)",
        *(HOTLINE_ID, HOTLINE_CLIENT_ID, HOTLINE_SCOPES, HOTLINE_SOURCE_ID, now, country),
    )
    await connection.execute(
        "INSERT INTO machine_secrets (id, machine_client_id, secret_digest, created_at) VALUES ($1, $2, $3, $4)",
        *(HOTLINE_SECRET_ID, HOTLINE_ID, sha256(secret.encode()).digest(), now),
    )
