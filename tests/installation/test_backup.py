"""A backup, restored elsewhere, holds the same rows; the first administrator logs in."""

import asyncio
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import httpx
import pytest
from tests.installation.demo_server import DemoServer
from tests.installation.served import command, run_here

from childcare_api.embedded import EmbeddedCluster, running_cluster
from childcare_api.embedded.postmaster import wait_until

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="cc-"))
    yield folder
    shutil.rmtree(folder)


def counts(cluster: EmbeddedCluster) -> dict[str, int]:
    async def ask() -> dict[str, int]:
        connection = await asyncpg.connect(cluster.dsn("postgres", cluster.superuser_password, "childcare"))
        try:
            tables = await connection.fetch(
                "SELECT schemaname || '.' || tablename AS name FROM pg_tables"
                " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
            )
            # The names come from PostgreSQL itself.
            return {row["name"]: await connection.fetchval(f"SELECT count(*) FROM {row['name']}") for row in tables}  # noqa: S608
        finally:
            await connection.close()

    return asyncio.run(ask())


def ask_as_superuser(cluster: EmbeddedCluster, *statements: str) -> list[asyncpg.Record]:
    """Run statements one by one, each in a transaction of its own; returns the rows of the last."""

    async def ask() -> list[asyncpg.Record]:
        connection = await asyncpg.connect(cluster.dsn("postgres", cluster.superuser_password, "childcare"))
        try:
            return [await connection.fetch(statement) for statement in statements][-1]
        finally:
            await connection.close()

    return asyncio.run(ask())


def test_a_backup_restored_elsewhere_holds_the_same_rows(demo_server: DemoServer, folder: Path) -> None:
    file = folder / "childcare.dump"
    running = running_cluster(demo_server.data_dir)
    assert running is not None
    write = "INSERT INTO audit.events (action, subject_kind) VALUES ('written.here', 'test')"
    seal = "SELECT audit.seal(now(), 5000)"
    # Transactions of the server that still run hold the sealer back.
    wait_until(lambda: bool(ask_as_superuser(running, write, seal, "SELECT FROM audit.seals LIMIT 1")), 30)
    # What is waiting is still to be written into other tables.
    waiting = "SELECT FROM outbox WHERE done_at IS NULL"
    assert wait_until(lambda: not ask_as_superuser(running, waiting), 30)
    taken = command("backup", str(file), DATA_DIR=str(demo_server.data_dir))
    assert taken.returncode == 0, taken.stderr
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    restored = command("restore", str(file), DATA_DIR=str(folder / "data"))
    assert restored.returncode == 0, restored.stderr
    with EmbeddedCluster(folder / "data") as cluster:
        there = counts(cluster)
        [era] = ask_as_superuser(cluster, "SELECT last_value FROM access.eras")
        assert era["last_value"] == 1
        # What is written after it belongs to no seal of the old database.
        verify = "SELECT * FROM audit.verify(1, 1000000)"
        seals = ask_as_superuser(cluster, write, verify)
        assert seals
        assert [(row["event_id"], row["fault"]) for row in seals] == [(None, None)] * len(seals)
        sealed = ask_as_superuser(cluster, seal, verify)
        assert len(sealed) == len(seals) + 1
        assert {row["fault"] for row in sealed} == {None}
    here = counts(running)
    assert here["public.children"] >= 2000
    # What the server goes on writing by itself between the two.
    moving = {name for name in here if name.startswith("audit.") or name.split(".")[1] in ("outbox", "sessions")}
    assert {name: here[name] for name in here.keys() - moving} == {name: there[name] for name in here.keys() - moving}
    assert here.keys() == there.keys()


def test_restoring_over_a_database_is_refused(demo_server: DemoServer, folder: Path) -> None:
    here = str(demo_server.data_dir)
    assert run_here("backup", str(folder / "childcare.dump"), DATA_DIR=here).returncode == 0
    refused = run_here("restore", str(folder / "childcare.dump"), DATA_DIR=here)
    assert refused.returncode == 1
    assert "already" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("backup", "no/such/x.dump"), "there is no folder {folder}/no/such"),
        (("backup", "a-folder"), "{folder}/a-folder is a folder"),
        (("backup", "x" * 300), "cannot be written: File name too long"),
        (("restore", "nope.dump"), "There is no file {folder}/nope.dump"),
        (("restore", "a-folder"), "There is no file {folder}/a-folder"),
        (("restore", "text.dump"), "{folder}/text.dump is no backup"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_first(folder: Path, words: tuple[str, str], sentence: str) -> None:
    (folder / "a-folder").mkdir()
    (folder / "text.dump").write_text("no backup")
    name, file = words
    refused = run_here(name, str(folder / file), DATA_DIR=str(folder / "data"))
    assert refused.returncode == 1
    assert sentence.format(folder=folder) in refused.stderr
    assert "Traceback" not in refused.stderr
    assert sorted(path.name for path in folder.iterdir()) == ["a-folder", "text.dump"]


@pytest.mark.parametrize(
    "words",
    [
        ("backup", "{folder}/childcare.dump"),
        ("users", "add-administrator", "quan-tri"),
        ("promise", "intake.acknowledge", "2"),
    ],
    ids=lambda words: words[0],
)
def test_a_command_on_what_exists_makes_no_installation(folder: Path, words: tuple[str, ...]) -> None:
    words = tuple(word.format(folder=folder) for word in words)
    refused = run_here(*words, DATA_DIR=str(folder / "mistyped"), NEW_PASSWORD="một mật khẩu dài")
    assert refused.returncode == 1
    assert f"{folder}/mistyped holds no installation" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert list(folder.iterdir()) == []


def test_the_first_administrator_logs_in(demo_server: DemoServer) -> None:
    here = {"DATA_DIR": str(demo_server.data_dir), "NEW_PASSWORD": "một mật khẩu dài"}
    made = run_here("users", "add-administrator", "quan-tri", "--unit-id", "203006", **here)
    assert made.returncode == 0, made.stderr
    answer = demo_server.log_in(grant_type="password", username="quan-tri", password="một mật khẩu dài")
    assert answer.status_code == 200, answer.text
    bearer = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    me = httpx.get(f"{demo_server.address}/api/v1/me", headers=bearer, timeout=60).json()
    assert (me["role"], me["level"], me["unit_id"]) == ("administrator", "commune", 203006)

    async def audited() -> int:
        cluster = running_cluster(demo_server.data_dir)
        assert cluster is not None
        connection = await asyncpg.connect(cluster.dsn("postgres", cluster.superuser_password, "childcare"))
        try:
            return await connection.fetchval(
                "SELECT count(*) FROM audit.events WHERE action = 'user.created' AND subject_id = $1", me["id"]
            )
        finally:
            await connection.close()

    assert asyncio.run(audited()) == 1
    again = run_here("users", "add-administrator", "quan-tri", **here)
    assert again.returncode == 1
    assert "exists already" in again.stderr
    nowhere = run_here("users", "add-administrator", "ai-do", "--unit-id", "999999", **here)
    assert nowhere.returncode == 1
    assert "is no commune, province or country" in nowhere.stderr
