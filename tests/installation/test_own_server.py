"""On a PostgreSQL of one's own: bootstrap without a superuser, migrate, serve; nothing works with too many rights."""

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import httpx
import pytest
from tests.installation.served import free_port, run_here, served

from childcare_api.embedded import EmbeddedCluster, find_binaries

pytestmark = pytest.mark.timeout(300)

DEBIAN_15 = Path("/usr/lib/postgresql/15/bin")


@pytest.fixture(scope="module")
def own_server() -> Iterator[EmbeddedCluster]:
    """A server that is not ours to start: Debian's 15 where it is, with a login that is no superuser."""
    binaries = find_binaries(DEBIAN_15) if (DEBIAN_15 / "initdb").exists() else find_binaries()
    folder = Path(tempfile.mkdtemp(prefix="cc-"))

    async def make_dba(url: str) -> None:
        connection = await asyncpg.connect(url)
        await connection.execute("CREATE ROLE dba LOGIN CREATEROLE CREATEDB PASSWORD 'dba'")
        await connection.close()

    with EmbeddedCluster(folder / "server", binaries=binaries, options={"fsync": "off"}) as cluster:
        asyncio.run(make_dba(cluster.superuser_dsn))
        yield cluster
    shutil.rmtree(folder)


@pytest.fixture
def settings(own_server: EmbeddedCluster, tmp_path: Path) -> dict[str, str]:
    key = run_here("jwt-key")
    (tmp_path / "key.pem").write_text(key.stdout)
    return {
        "DATABASE_ADMIN_URL": own_server.dsn("dba", "dba", "postgres"),
        "DATABASE_OWNER_URL": own_server.dsn("childcare_owner", "of the owner", "childcare"),
        "DATABASE_URL": own_server.dsn("childcare_api", "of the api", "childcare"),
        "OWNER_PASSWORD": "of the owner",
        "API_PASSWORD": "of the api",
        "JWT_PRIVATE_KEY_FILE": str(tmp_path / "key.pem"),
        "CURSOR_KEY": "any long text",
        "DATA_DIR": str(tmp_path / "data"),
    }


def test_bootstrap_migrate_serve(settings: dict[str, str], tmp_path: Path) -> None:
    port = str(free_port())
    printed = run_here("bootstrap", "--print", **settings)
    assert "CREATE ROLE childcare_api" in printed.stdout
    assert "CREATE DATABASE" in printed.stdout

    made = run_here("bootstrap", **settings)
    assert made.returncode == 0, made.stderr
    too_early = run_here("serve", "--port", port, **settings)
    assert too_early.returncode == 1
    assert "childcare-api migrate" in too_early.stderr

    migrated = run_here("migrate", **settings)
    assert migrated.returncode == 0, migrated.stderr
    as_owner = run_here("serve", "--port", port, **settings | {"DATABASE_URL": settings["DATABASE_OWNER_URL"]})
    assert as_owner.returncode == 1
    assert "must not be used" in as_owner.stderr
    assert "of the owner" not in as_owner.stderr, "an address with its password is never printed"

    with served(tmp_path / "data", **settings) as (_process, address):
        assert httpx.get(f"{address}/readyz", timeout=60).status_code == 200
    assert not (tmp_path / "data" / "postgres").exists(), "it made no cluster of its own"
