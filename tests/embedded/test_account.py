"""Root lends PostgreSQL a namespace or drops to another user; nobody's files are taken over."""

import os
import shutil
import stat
from pathlib import Path

import asyncpg
import pytest
from tests.no_skips import NEEDS_ROOT

from childcare_api.embedded import Binaries, ClusterError, EmbeddedCluster, find_binaries
from childcare_api.embedded.cluster import cluster_folder

QUICK = {"fsync": "off"}
root_only = pytest.mark.skipif(os.geteuid() != 0, reason=NEEDS_ROOT)


@pytest.fixture
def _no_namespaces(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Hide unshare, as where Docker's default profile forbids it."""
    refusing = tmp_path / "unshare"
    refusing.write_text("#!/bin/sh\necho 'unshare failed: Operation not permitted' >&2\nexit 1\n")
    refusing.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")


@root_only
def test_root_keeps_its_own_files_in_a_namespace(binaries: Binaries, data_dir: Path) -> None:
    with EmbeddedCluster(data_dir, binaries=binaries, options=QUICK) as cluster:
        status = Path(f"/proc/{cluster.pid}/uid_map").read_text().split()
        assert status == ["1000", "0", "1"]
        assert (data_dir / "postgres" / "cluster" / "PG_VERSION").stat().st_uid == 0


@root_only
@pytest.mark.usefixtures("_no_namespaces")
def test_without_namespaces_root_drops_to_another_user(binaries: Binaries, data_dir: Path) -> None:
    data_dir.parent.chmod(0o755)
    with EmbeddedCluster(data_dir, binaries=binaries, options=QUICK) as cluster:
        assert Path(f"/proc/{cluster.pid}").stat().st_uid != 0
        assert (data_dir / "postgres" / "cluster").stat().st_uid != 0
        assert stat.S_IMODE((data_dir / "postgres-superuser-password").stat().st_mode) == 0o600
    with EmbeddedCluster(data_dir, binaries=binaries, options=QUICK) as again:
        assert again.pid


@root_only
@pytest.mark.usefixtures("_no_namespaces")
async def test_a_cluster_of_a_private_home_goes_where_its_user_may_go(binaries: Binaries, data_dir: Path) -> None:
    with EmbeddedCluster(data_dir, binaries=binaries, options=QUICK) as cluster:
        home = cluster_folder(data_dir).parent
        try:
            assert not home.is_relative_to(data_dir)
            connection = await asyncpg.connect(cluster.superuser_dsn)
            assert await connection.fetchval("select 1") == 1
            await connection.close()
            cluster.stop()
            cluster.start()
            assert cluster.pid
        finally:
            cluster.stop()
            shutil.rmtree(home)


@root_only
def test_files_made_in_a_namespace_are_not_handed_to_another_user(
    monkeypatch: pytest.MonkeyPatch, binaries: Binaries, data_dir: Path, tmp_path: Path
) -> None:
    EmbeddedCluster(data_dir, binaries=binaries, options=QUICK).start().stop()
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ClusterError, match="namespaces are forbidden here"):
        EmbeddedCluster(data_dir, binaries=binaries, options=QUICK).start()
    assert (data_dir / "postgres" / "cluster").stat().st_uid == 0


@root_only
def test_the_data_directory_of_another_user_is_refused(binaries: Binaries, data_dir: Path) -> None:
    EmbeddedCluster(data_dir, binaries=binaries, options=QUICK).start().stop()
    os.chown(data_dir, 12345, 12345)
    with pytest.raises(ClusterError, match=r"was made by user 12345.*choose another place with DATA_DIR"):
        EmbeddedCluster(data_dir, binaries=binaries, options=QUICK).start()
    assert data_dir.stat().st_uid == 12345


@root_only
def test_the_cluster_of_another_user_is_refused(binaries: Binaries, data_dir: Path) -> None:
    EmbeddedCluster(data_dir, binaries=binaries, options=QUICK).start().stop()
    cluster = data_dir / "postgres" / "cluster"
    os.chown(cluster, 12345, 12345)
    with pytest.raises(ClusterError, match="was made by user 12345"):
        EmbeddedCluster(data_dir, binaries=binaries, options=QUICK).start()
    assert cluster.stat().st_uid == 12345


@root_only
@pytest.mark.usefixtures("_no_namespaces")
def test_binaries_in_a_private_home_are_copied_to_where_their_user_may_go(data_dir: Path) -> None:
    wheel = find_binaries().folder.parent.parent
    private = data_dir.parent / "private"
    shutil.copytree(wheel / "pginstall", private / wheel.name / "pginstall")
    shutil.copytree(wheel.with_name(f"{wheel.name}.libs"), private / f"{wheel.name}.libs")
    binaries = find_binaries(private / wheel.name / "pginstall" / "bin")
    with EmbeddedCluster(data_dir, binaries=binaries, options=QUICK) as cluster:
        used = Path(f"/proc/{cluster.pid}/exe").resolve().parent
        home = cluster_folder(data_dir).parent
    try:
        assert not used.is_relative_to(private)
        assert (used / "initdb").exists()
    finally:
        shutil.rmtree(home)
        shutil.rmtree(used.parent.parent.parent)
