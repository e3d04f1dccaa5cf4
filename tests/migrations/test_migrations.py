"""The chain of migrations: one head, models like tables, and each step back and forth."""

import asyncio

import asyncpg
import pytest
from alembic import command
from alembic.script import ScriptDirectory
from tests.database import OWNER_PASSWORD, database_url

from childcare_api.migrate import alembic_config, migrate

EMPTY = "childcare_migrations"


@pytest.fixture
async def empty_database_url(cluster_url, worker_id):
    name = f"{EMPTY}_{worker_id}"
    connection = await asyncpg.connect(cluster_url)
    await connection.execute(f'CREATE DATABASE "{name}" OWNER childcare_owner TEMPLATE template0')
    yield database_url(cluster_url, name, login="childcare_owner", password=OWNER_PASSWORD)
    await connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    await connection.close()


def test_there_is_one_head():
    script = ScriptDirectory.from_config(alembic_config(""))
    assert len(script.get_heads()) == 1
    assert [revision.revision for revision in script.walk_revisions()]


async def test_models_are_like_the_tables(empty_database_url):
    await migrate(empty_database_url)
    await asyncio.to_thread(command.check, alembic_config(empty_database_url))


async def test_every_step_can_be_taken_back_and_again(empty_database_url):
    config = alembic_config(empty_database_url)
    steps = list(ScriptDirectory.from_config(config).walk_revisions())
    await migrate(empty_database_url)
    for _ in steps:
        await asyncio.to_thread(command.downgrade, config, "-1")
    connection = await asyncpg.connect(empty_database_url)
    left = await connection.fetch(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
    )
    await connection.close()
    await migrate(empty_database_url)

    assert [row["relname"] for row in left] == ["alembic_version"]
