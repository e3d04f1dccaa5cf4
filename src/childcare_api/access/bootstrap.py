"""Roles and the database: the one step that needs a privileged login, done once for a cluster.

Roles belong to the cluster, not to a database, so no migration makes them. CREATEROLE and CREATEDB suffice.
"""

import asyncpg

LEVEL_ROLES = (
    "childcare_village",
    "childcare_commune",
    "childcare_commune_granted",
    "childcare_district",
    "childcare_province",
    "childcare_central",
    "childcare_hotline",
    "childcare_auth",
    "childcare_worker",
)
API_LOGIN = "childcare_api"
OWNER_LOGIN = "childcare_owner"
_BOOTSTRAP_LOCK = 7_102_017


def role_statements(*, owner_password: str, api_password: str) -> list[str]:
    """Return the SQL that makes every role; running it again changes passwords and nothing else."""
    return [
        *(_role(name, "NOLOGIN") for name in (*LEVEL_ROLES, "childcare_gate")),
        _role(OWNER_LOGIN, f"LOGIN PASSWORD {_literal(owner_password)}"),
        # NOINHERIT: the login reads nothing until the scope has spoken.
        _role(API_LOGIN, f"LOGIN NOINHERIT PASSWORD {_literal(api_password)}"),
        *(f"GRANT {name} TO {API_LOGIN}" for name in LEVEL_ROLES),
        # So that functions can be handed to the gate when they are made.
        f"GRANT childcare_gate TO {OWNER_LOGIN}",
    ]


def _role(name: str, attributes: str) -> str:
    return (
        f"DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{name}') "
        f"THEN ALTER ROLE {name} {attributes}; ELSE CREATE ROLE {name} {attributes}; END IF; END $$"
    )


def database_statement(database: str) -> str:
    """Return the SQL that makes the database; names come from the operator, so they are quoted."""
    quoted = '"' + database.replace('"', '""') + '"'
    return f"CREATE DATABASE {quoted} OWNER {OWNER_LOGIN} ENCODING 'UTF8' TEMPLATE template0"


def _literal(text: str) -> str:
    if "\\" in text or "\0" in text or "$$" in text:
        msg = "a password may hold neither a backslash, nor NUL, nor two dollar signs"
        raise ValueError(msg)
    return "'" + text.replace("'", "''") + "'"


async def bootstrap(admin_url: str, *, database: str, owner_password: str, api_password: str) -> None:
    """Make roles and database in a cluster. Safe to run again, and from two machines at once."""
    connection = await asyncpg.connect(admin_url)
    try:
        await connection.execute(f"SELECT pg_advisory_lock({_BOOTSTRAP_LOCK})")
        for statement in role_statements(owner_password=owner_password, api_password=api_password):
            await connection.execute(statement)
        if not await connection.fetchval("SELECT current_setting('is_superuser')::boolean"):
            # CREATE DATABASE … OWNER needs membership where the login is no superuser.
            await connection.execute(f"GRANT {OWNER_LOGIN} TO CURRENT_USER")
        if not await connection.fetchval("SELECT true FROM pg_database WHERE datname = $1", database):
            await connection.execute(database_statement(database))
    finally:
        await connection.close()


async def refuse_unsafe_login(connection: asyncpg.Connection) -> None:
    """Raise RuntimeError for a login that would see rows without the scope having spoken.

    A superuser, a role with BYPASSRLS or the tables' owner sees everything; an inheriting member of the level
    roles that forgot its scope saw every row when we tried.
    """
    row = await connection.fetchrow(
        "SELECT rolsuper, rolbypassrls, rolinherit, pg_has_role(current_user, 'childcare_owner', 'MEMBER') AS owner,"
        " EXISTS (SELECT FROM pg_class WHERE relowner = pg_roles.oid AND relkind IN ('r', 'p')) AS owns"
        " FROM pg_roles WHERE rolname = current_user"
    )
    faults = {
        "a superuser": row["rolsuper"],
        "allowed to bypass row-level security": row["rolbypassrls"],
        "inheriting the rights of its roles": row["rolinherit"],
        "the owner of the tables": row["owner"] or row["owns"],
    }
    found = [words for words, fault in faults.items() if fault]
    if found:
        raise RuntimeError(f"the database login is {' and '.join(found)}; make one with `childcare-api bootstrap`")
