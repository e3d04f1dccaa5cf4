"""The migrations go up, down and up again on every PostgreSQL that is here, and make what the models say."""

import asyncio
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from childcare_api.access.bootstrap import bootstrap
from childcare_api.embedded import EmbeddedCluster, find_binaries
from childcare_api.installation import bring_up_to_date
from childcare_api.migrate import alembic_config

DEBIAN_15 = Path("/usr/lib/postgresql/15/bin")
SQL = Path(__file__).parents[2] / "migrations" / "sql"
MADE = re.compile(r"^CREATE (?:FUNCTION|PROCEDURE|TABLE)\s+([a-z0-9_.]+)", re.MULTILINE)
WORD = re.compile(r"(?<![\w.'])(?:access\.|audit\.)?[a-z0-9_]+(?![\w'])")
COMMENT = re.compile(r"--[^;\n].*")
VERSIONS = [18, 15] if (DEBIAN_15 / "initdb").exists() else [18]


@pytest.fixture(scope="module", params=VERSIONS)
def cluster(request: pytest.FixtureRequest) -> Iterator[EmbeddedCluster]:
    """Give a cluster of its own: roles are made and tables dropped that other tests stand on."""
    binaries = find_binaries(DEBIAN_15) if request.param == 15 else find_binaries()
    folder = Path(tempfile.mkdtemp(prefix="cc-"))
    with EmbeddedCluster(folder / "data", binaries=binaries, options={"fsync": "off"}) as cluster:
        yield cluster
    shutil.rmtree(folder)


@pytest.fixture
def owner_url(cluster: EmbeddedCluster, request: pytest.FixtureRequest) -> str:
    """Give an empty database with the roles beside it, reached as its owner."""
    name = f"chain_{abs(hash(request.node.name))}"
    asyncio.run(bootstrap(cluster.superuser_dsn, database=name, owner_password="owner", api_password="api"))
    return cluster.dsn("childcare_owner", "owner", name)


async def tables_of(url: str) -> set[str]:
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch(
            "SELECT schemaname || '.' || tablename AS name FROM pg_tables"
            " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        )
    finally:
        await connection.close()
    return {row["name"] for row in rows}


def test_the_chain_is_one_line_with_one_head() -> None:
    scripts = ScriptDirectory.from_config(alembic_config(""))
    assert len(scripts.get_heads()) == 1
    revisions = list(scripts.walk_revisions())
    assert len(revisions) >= 13
    assert not [revision for revision in revisions if revision.is_branch_point or revision.is_merge_point]


def test_each_revision_names_only_what_earlier_ones_made() -> None:
    """A function is read when it is called: one that calls what is not there yet would fail halfway up the chain."""
    made: dict[str, str] = {}
    scripts = {
        path.name: path.read_text(encoding="utf-8") for path in sorted(SQL.glob("*.sql")) if "_down" not in path.name
    }
    for name, script in scripts.items():
        for found in MADE.findall(script):
            made.setdefault(found, name[:4])
    assert len(made) > 150
    early = {
        (name, word)
        for name, script in scripts.items()
        for word in set(WORD.findall(COMMENT.sub("", script)))
        if made.get(word, name) > name
    }
    # The wall writes this name into the policies of tables that are made later.
    assert early == {("0001_access.sql", "access.is_one_line")}


def test_the_tables_are_what_the_models_say(owner_url: str) -> None:
    config = alembic_config(owner_url)
    command.upgrade(config, "head")
    command.check(config)


def test_every_migration_can_be_undone_and_done_again(owner_url: str) -> None:
    config = alembic_config(owner_url)
    command.upgrade(config, "head")
    made = asyncio.run(tables_of(owner_url))
    assert "public.units" in made
    command.downgrade(config, "-1")
    command.upgrade(config, "head")
    assert asyncio.run(tables_of(owner_url)) == made
    for _ in ScriptDirectory.from_config(config).walk_revisions():
        command.downgrade(config, "-1")
    assert asyncio.run(tables_of(owner_url)) == {"public.alembic_version"}
    command.upgrade(config, "head")
    assert asyncio.run(tables_of(owner_url)) == made


def test_migrating_twice_changes_nothing(owner_url: str) -> None:
    async def migrate_twice() -> tuple[int, int]:
        await bring_up_to_date(owner_url)
        connection = await asyncpg.connect(owner_url)
        try:
            before = await connection.fetchval("SELECT count(*) FROM units")
            await bring_up_to_date(owner_url)
            return before, await connection.fetchval("SELECT count(*) FROM units")
        finally:
            await connection.close()

    before, after = asyncio.run(migrate_twice())
    assert before == after > 14_000


def test_the_sql_can_be_printed_for_a_database_administrator(capsys: pytest.CaptureFixture[str]) -> None:
    config: Config = alembic_config("postgresql://")
    command.upgrade(config, "head", sql=True)
    printed = capsys.readouterr().out
    assert "CREATE TABLE units" in printed
    assert "CREATE POLICY" in printed
