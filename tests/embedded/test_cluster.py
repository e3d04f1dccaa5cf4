"""A private cluster is made, started, adopted, refused and stopped."""

import asyncio
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import asyncpg
import pytest

from childcare_api.embedded import AlreadyServed, Binaries, ClusterError, EmbeddedCluster, running_cluster

QUICK = {"fsync": "off", "full_page_writes": "off"}
SERVE_FOR_EVER = """
import sys, time
from pathlib import Path
from childcare_api.embedded import EmbeddedCluster, find_binaries
cluster = EmbeddedCluster(sys.argv[1], binaries=find_binaries(sys.argv[2]), options={"fsync": "off"}).start()
print(cluster.pid, flush=True)
time.sleep(600)
"""


async def ask(cluster: EmbeddedCluster, question: str) -> object:
    connection = await asyncpg.connect(cluster.superuser_dsn)
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


def is_running(pid: int) -> bool:
    """Say whether a process runs; one that ended and waits for init to notice does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def served_by_another_process(data_dir: Path, binaries: Binaries) -> tuple[subprocess.Popen[str], int]:
    server = subprocess.Popen(
        [sys.executable, "-c", SERVE_FOR_EVER, str(data_dir), str(binaries.folder)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": "src"},
    )
    assert server.stdout is not None
    return server, int(server.stdout.readline())


async def test_a_cluster_is_made_once_and_keeps_its_data(binaries: Binaries, data_dir: Path) -> None:
    with EmbeddedCluster(data_dir, binaries=binaries, options=QUICK) as cluster:
        assert str(await ask(cluster, "show server_version")).startswith(str(binaries.major))
        assert await ask(cluster, "show fsync") == "off"
        assert await ask(cluster, "show timezone") == "UTC"
        assert await ask(cluster, "select lower('ĐẶNG THỊ MỶ')") == "đặng thị mỷ"
        await ask(cluster, "create table kept as select 7 as number")
        pid = cluster.pid
    assert not is_running(pid)
    with EmbeddedCluster(data_dir, binaries=binaries, options=QUICK) as cluster:
        assert await ask(cluster, "select number from kept") == 7


async def test_only_the_password_opens(binaries: Binaries, data_dir: Path) -> None:
    with EmbeddedCluster(data_dir, binaries=binaries, options=QUICK) as cluster:
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(cluster.dsn("postgres", "guess", "postgres"))
        assert await ask(cluster, "show listen_addresses") == ""


def test_only_its_maker_reads_the_data_directory(binaries: Binaries, data_dir: Path) -> None:
    EmbeddedCluster(data_dir, binaries=binaries, options=QUICK).start().stop()
    assert stat.S_IMODE((data_dir / "postgres-superuser-password").stat().st_mode) == 0o600
    assert stat.S_IMODE(data_dir.stat().st_mode) == 0o700


async def test_a_path_too_long_for_a_socket_gets_a_loopback_port(binaries: Binaries, data_dir: Path) -> None:
    deep = data_dir / ("x" * 90)
    with EmbeddedCluster(deep, binaries=binaries, options=QUICK) as cluster:
        assert cluster.host == "127.0.0.1"
        assert cluster.port > 1024
        assert await ask(cluster, "select 1") == 1
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(cluster.dsn("postgres", "guess", "postgres"))


async def test_a_second_server_on_the_same_data_is_refused(binaries: Binaries, data_dir: Path) -> None:
    server, pid = served_by_another_process(data_dir, binaries)
    try:
        with pytest.raises(AlreadyServed, match="Another process already serves"):
            EmbeddedCluster(data_dir, binaries=binaries).start()
        beside = running_cluster(data_dir)
        assert beside is not None
        assert await ask(beside, "select 1") == 1
        beside.stop()
        assert is_running(pid), "who only connected must not stop it"
    finally:
        server.kill()
        server.communicate()
        EmbeddedCluster(data_dir, binaries=binaries).start().stop()
    assert running_cluster(data_dir) is None


async def test_the_server_left_by_kill_9_is_adopted_and_stopped(binaries: Binaries, data_dir: Path) -> None:
    server, pid = served_by_another_process(data_dir, binaries)
    server.kill()
    server.communicate()
    assert is_running(pid)
    with EmbeddedCluster(data_dir, binaries=binaries) as cluster:
        assert cluster.was_adopted
        assert cluster.pid == pid
        assert await ask(cluster, "select 1") == 1
    assert not is_running(pid)


async def test_a_killed_postgresql_recovers_what_was_committed(binaries: Binaries, data_dir: Path) -> None:
    cluster = EmbeddedCluster(data_dir, binaries=binaries, options=QUICK).start()
    await ask(cluster, "create table kept as select 7 as number")
    os.kill(cluster.pid, signal.SIGKILL)
    cluster.stop()
    with EmbeddedCluster(data_dir, binaries=binaries, options=QUICK) as again:
        assert not again.was_adopted
        assert await ask(again, "select number from kept") == 7


def test_a_pid_file_that_names_a_stranger_does_not_stop_the_start(binaries: Binaries, data_dir: Path) -> None:
    EmbeddedCluster(data_dir, binaries=binaries, options=QUICK).start().stop()
    with subprocess.Popen(["/bin/sleep", "600"]) as stranger:
        pid_file = data_dir / "postgres" / "cluster" / "postmaster.pid"
        pid_file.write_text(f"{stranger.pid}\n{pid_file.parent}\n0\n5432\n\n\n 1 1\nready\n")
        try:
            with EmbeddedCluster(data_dir, binaries=binaries, options=QUICK) as cluster:
                assert running_cluster(data_dir) is not None
                assert cluster.pid != stranger.pid
                assert stranger.poll() is None
        finally:
            stranger.kill()


async def test_ctrl_c_in_the_terminal_leaves_the_end_to_us(data_dir: Path, binaries: Binaries) -> None:
    with EmbeddedCluster(data_dir, binaries=binaries, options=QUICK) as cluster:
        assert os.getsid(cluster.pid) != os.getsid(0)


async def test_an_error_leaves_no_name_in_the_log(binaries: Binaries, data_dir: Path) -> None:
    with EmbeddedCluster(data_dir, binaries=binaries, options=QUICK) as cluster:
        await ask(cluster, "create table people (name text primary key)")
        await ask(cluster, "insert into people values ('Giàng Thị Mỷ')")
        with pytest.raises(asyncpg.UniqueViolationError):
            await ask(cluster, "insert into people values ('Giàng Thị Mỷ')")
        with pytest.raises(asyncpg.InvalidTextRepresentationError):
            await ask(cluster, "select 'Giàng Thị Mỷ'::int")
        # An error in a background session is logged at the same level; give the log its moment.
        await asyncio.sleep(0.1)
        log = (data_dir / "postgres.log").read_text()
        assert "Mỷ" not in log
        assert "ready to accept connections" in log


def test_an_interrupted_initdb_is_made_again(binaries: Binaries, data_dir: Path) -> None:
    half = data_dir / "postgres" / "cluster.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    with EmbeddedCluster(data_dir, binaries=binaries, options=QUICK) as cluster:
        assert cluster.pid
    assert not half.exists()


def test_a_setting_that_postgresql_refuses_is_said(binaries: Binaries, data_dir: Path) -> None:
    with pytest.raises(ClusterError, match=r"does not start.*no_such_setting"):
        EmbeddedCluster(data_dir, binaries=binaries, options={"no_such_setting": "1"}).start()
    started = time.monotonic()
    with EmbeddedCluster(data_dir, binaries=binaries, options=QUICK):
        assert time.monotonic() - started < 10, "the failed start let go of the data directory"
