"""One installation brought to where it can serve: its database, roles, tables, reference data and secrets.

With DATABASE_URL the operator has done this by `bootstrap` and `migrate`, and here it is only checked. Without it
all of it is made under the data directory, each time to the same end.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import asyncpg
from alembic.script import ScriptDirectory
from pydantic import SecretStr, ValidationError

from childcare_api.access.bootstrap import API_LOGIN, OWNER_LOGIN, bootstrap, refuse_unsafe_login
from childcare_api.embedded import Binaries, EmbeddedCluster, find_binaries, holds_cluster, running_cluster
from childcare_api.embedded.kept_secrets import kept_secret
from childcare_api.identity.keys import private_key_kept_in
from childcare_api.migrate import alembic_config, migrate
from childcare_api.reference_data import load_reference_data
from childcare_api.settings import Settings

DATABASE = "childcare"
DEMO_PASSWORD = "demo-password"  # noqa: S105 - the name of a file
Step = Callable[[str], AbstractContextManager[None]]
"""Shows one step while it runs: `with step("Starting PostgreSQL"): …`."""


class NotReady(Exception):  # noqa: N818 - a fact, like every problem here
    """The installation cannot serve; the text is a sentence for its operator."""


def settings_with(**given: Any) -> Settings:  # noqa: ANN401 - options of several types
    """Return the settings: what was given on the command line, else the environment, else .env. Raises NotReady."""
    try:
        return Settings(_env_file=".env", **{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        faults = "; ".join(f"{str(fault['loc'][0]).upper()}: {fault['msg']}" for fault in error.errors())
        raise NotReady(f"A setting is not as it should be. {faults}") from None


@contextmanager
def ready_installation(settings: Settings, step: Step) -> Iterator[Settings]:
    """Yield settings in which nothing is missing, with the database up to date for as long as the block lasts."""
    if settings.database_url is not None:
        with step("Checking the database"):
            asyncio.run(_check(settings))
        yield settings
        return
    cluster = EmbeddedCluster(settings.data_dir, binaries=chosen_binaries(settings))
    with step(f"Starting PostgreSQL in {cluster.data_dir}"):
        cluster.start()
    try:
        complete = with_secrets(settings, cluster)
        with step("Making roles and the database"):
            asyncio.run(make_database(cluster))
        with step("Bringing the tables up to date"):
            asyncio.run(bring_up_to_date(_owner_url(complete)))
        yield complete
    finally:
        cluster.stop()


@contextmanager
def reached_installation(settings: Settings, step: Step) -> Iterator[Settings]:
    """Yield complete settings for a command beside the server: on its database if it serves, else on one's own."""
    if settings.database_url is None:
        beside = running_cluster(settings.data_dir)
        if beside is not None:
            yield with_secrets(settings, beside)
            return
    with ready_installation(settings, step) as complete:
        yield complete


@contextmanager
def existing_installation(settings: Settings, step: Step) -> Iterator[Settings]:
    """Yield what `reached_installation` does, but make none: a mistyped folder is no new installation."""
    if settings.database_url is None and not holds_cluster(settings.data_dir):
        raise NotReady(f"{settings.data_dir.absolute()} holds no installation: set DATA_DIR or DATABASE_URL to one.")
    with reached_installation(settings, step) as complete:
        yield complete


async def bring_up_to_date(owner_url: str) -> None:
    """Run the migrations and load the reference data that travels with the program; safe to run again."""
    await migrate(owner_url)
    connection = await asyncpg.connect(owner_url)
    try:
        await load_reference_data(connection)
        # `serve` compares it with what it needs, and its login reads nothing else before the scope has spoken.
        await connection.execute(f"GRANT SELECT ON alembic_version TO {API_LOGIN}")
    finally:
        await connection.close()


def demo_password(settings: Settings) -> str:
    """Return the one password of the demo: what was set, else what was made once for this data directory."""
    if settings.childcare_demo_password is not None:
        return settings.childcare_demo_password.get_secret_value()
    return kept_secret(settings.data_dir, DEMO_PASSWORD)


def keeps_demo_password(settings: Settings) -> bool:
    """Say whether this installation has a demo whose password is at hand."""
    return settings.childcare_demo_password is not None or (settings.data_dir / DEMO_PASSWORD).exists()


def chosen_binaries(settings: Settings) -> Binaries | None:
    """Return the binaries that were set, or None to have them found."""
    return find_binaries(settings.pg_bindir) if settings.pg_bindir else None


def with_secrets(settings: Settings, cluster: EmbeddedCluster) -> Settings:
    """Fill in what is not set with what the data directory keeps; the first start makes it."""
    here = cluster.data_dir
    key_file = settings.jwt_private_key_file
    if key_file is None:
        private_key_kept_in(here)
        key_file = here / "jwt-private-key.pem"
    return settings.model_copy(
        update={
            "data_dir": here,
            "database_url": cluster.dsn(API_LOGIN, kept_secret(here, "database-api-password"), DATABASE),
            "database_owner_url": cluster.dsn(OWNER_LOGIN, kept_secret(here, "database-owner-password"), DATABASE),
            "jwt_private_key_file": key_file,
            "cursor_key": settings.cursor_key or SecretStr(kept_secret(here, "cursor-key")),
        }
    )


async def make_database(cluster: EmbeddedCluster) -> None:
    """Make the roles and the empty database of a private cluster; what is there stays."""
    await bootstrap(
        cluster.superuser_dsn,
        database=DATABASE,
        owner_password=kept_secret(cluster.data_dir, "database-owner-password"),
        api_password=kept_secret(cluster.data_dir, "database-api-password"),
    )


def _owner_url(settings: Settings) -> str:
    if settings.database_owner_url is None:
        raise NotReady("DATABASE_OWNER_URL is not set: migrations run as the owner of the tables.")
    return settings.database_owner_url


async def _check(settings: Settings) -> None:
    """Refuse to serve what a first request would trip over."""
    missing = [
        name.upper()
        for name, value in (
            ("jwt_private_key_file", settings.jwt_private_key_file),
            ("cursor_key", settings.cursor_key),
        )
        if value is None
    ]
    if missing:
        raise NotReady(f"With DATABASE_URL set, {' and '.join(missing)} must be set too; docs/operations.md shows how.")
    try:
        connection = await asyncpg.connect(settings.database_url, timeout=10)
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        # The error's own text can hold the address with its password.
        raise NotReady(f"The database of DATABASE_URL does not answer ({type(error).__name__}).") from None
    try:
        await refuse_unsafe_login(connection)
        found = await connection.fetchval("SELECT to_regclass('alembic_version') IS NOT NULL")
        revision = await connection.fetchval("SELECT version_num FROM alembic_version") if found else None
    except asyncpg.InsufficientPrivilegeError:
        revision = None
    except RuntimeError as error:
        raise NotReady(f"DATABASE_URL must not be used: {error}.") from None
    finally:
        await connection.close()
    newest = ScriptDirectory.from_config(alembic_config("")).get_current_head()
    if revision != newest:
        raise NotReady(
            f"The database is at revision {revision or 'none'} and this program needs {newest}. "
            "Run `childcare-api bootstrap` once and `childcare-api migrate` at each upgrade."
        )
