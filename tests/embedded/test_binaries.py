"""PostgreSQL's programs are found in the order that is promised, or their absence is said plainly."""

from pathlib import Path

import pytest

from childcare_api.embedded import Binaries, ClusterError, EmbeddedCluster, find_binaries


def fake_postgresql(folder: Path, version: str) -> Path:
    folder.mkdir(parents=True)
    for name in ("initdb", "postgres"):
        program = folder / name
        program.write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n")
        program.chmod(0o755)
    return folder


def test_the_wheel_comes_first() -> None:
    found = find_binaries()
    assert found.major == 18
    assert found.folder.parts[-2:] == ("pginstall", "bin")


def test_pg_bindir_is_taken_at_its_word(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = fake_postgresql(tmp_path / "bin", "16.4 (Debian 16.4-1)")
    monkeypatch.setenv("PG_BINDIR", str(folder))
    assert find_binaries() == Binaries(folder, 16)
    with pytest.raises(ClusterError, match="the data was made by PostgreSQL 18"):
        find_binaries(major=18)


def test_pg_bindir_with_nothing_in_it_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PG_BINDIR", str(tmp_path))
    with pytest.raises(ClusterError, match="do not run there"):
        find_binaries()


def test_an_old_version_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ClusterError, match="15 or newer is needed"):
        find_binaries(fake_postgresql(tmp_path / "bin", "14.11"))


def test_path_serves_a_version_that_the_wheel_does_not_have(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = fake_postgresql(tmp_path / "bin", "17beta2")
    monkeypatch.setenv("PATH", str(folder))
    assert find_binaries(major=17) == Binaries(folder, 17)


def test_debris_of_an_uninstalled_package_is_no_postgresql(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "initdb").write_text("")
    (tmp_path / "postgres").write_text("")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ClusterError, match=r"PostgreSQL 99 was not found \(found: 18 in"):
        find_binaries(major=99)


def test_data_of_another_version_is_not_touched(binaries: Binaries, data_dir: Path, tmp_path: Path) -> None:
    EmbeddedCluster(data_dir, binaries=binaries, options={"fsync": "off"}).start().stop()
    (data_dir / "postgres" / "cluster" / "PG_VERSION").write_text("99\n")
    with pytest.raises(ClusterError, match="PostgreSQL 99 was not found"):
        EmbeddedCluster(data_dir).start()
