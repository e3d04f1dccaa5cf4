"""Lets schemathesis loose on the whole API, as two officers of communes in different provinces. Exit code: its own.

usage: python scripts/contract_check.py [--seed NUMBER] [--unguarded TABLE]

With --unguarded the rows of that table are anybody's, and the check must fail: that is how it is seen to work.
"""

import argparse
import asyncio
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import httpx
import orjson
from tests.people import PEOPLE, insert_people

from childcare_api.embedded import running_cluster
from childcare_api.identity.keys import key_set
from childcare_api.installation import DATABASE, ready_installation
from childcare_api.settings import Settings

ROOT = Path(__file__).parents[1]
SECONDS_TO_START = 60


def main() -> int:
    """Run it on a database of its own, which ends with it."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seed", default="20261121")
    asked.add_argument("--unguarded", metavar="TABLE")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="childcare-contract-") as folder:
        blank = Settings(data_dir=Path(folder) / "data", database_url=None)
        with ready_installation(blank, _step) as settings:
            asyncio.run(_fill(settings, given.unguarded))
            identities = _identities(settings, Path(folder))
            with _served(settings) as address:
                return _schemathesis(address, identities, given)


def _schemathesis(address: str, identities: Path, given: argparse.Namespace) -> int:
    words = [
        str(Path(sys.executable).with_name("schemathesis")),
        "--config-file",
        str(ROOT / "schemathesis.toml"),
        "run",
    ]
    words += [f"{address}/openapi.json", "--phases", "coverage,fuzzing,stateful", "--max-examples", "10", "--no-shrink"]
    # No time limit: the examples bound it, and a limit would leave out the last operations without a word.
    words += ["--seed", given.seed, "--continue-on-failure", "--warnings", "off"]
    environment = {**os.environ, "SCHEMATHESIS_IDENTITIES": str(identities)}
    return subprocess.run(words, env=environment, cwd=identities.parent, check=False).returncode


async def _fill(settings: Settings, unguarded: str | None) -> None:
    cluster = running_cluster(settings.data_dir)
    if cluster is None:
        sys.exit("the database has ended")
    connection = await asyncpg.connect(cluster.dsn("postgres", cluster.superuser_password, DATABASE))
    try:
        await insert_people(connection)
        if unguarded is not None:
            await connection.execute(f"ALTER TABLE {unguarded} DISABLE ROW LEVEL SECURITY")
    finally:
        await connection.close()


def _identities(settings: Settings, folder: Path) -> Path:
    key_file = settings.jwt_private_key_file
    if key_file is None:
        sys.exit("no key to sign tokens with")
    keys = key_set(key_file.read_text(encoding="utf-8"), issuer=settings.jwt_issuer, audience=settings.jwt_audience)
    people = [
        {"name": key, "fixedHeaders": [{"name": "Authorization", "value": f"Bearer {PEOPLE[key].token(keys)}"}]}
        for key in ("sa_pa_officer", "ta_leng_officer")
    ]
    path = folder / "identities.json"
    path.write_bytes(orjson.dumps({"auth": people}))
    return path


@contextmanager
def _served(settings: Settings) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "DATABASE_URL": settings.database_url or "",
        "JWT_PRIVATE_KEY_FILE": str(settings.jwt_private_key_file),
        "DATA_DIR": str(settings.data_dir),
        "ACCESS_LOG": "false",
    }
    words = [sys.executable, "-m", "uvicorn", "childcare_api.serving:application", "--factory", "--no-access-log"]
    process = subprocess.Popen([*words, "--port", str(port), "--log-level", "warning"], env=environment)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait(address)
        yield address
    finally:
        process.terminate()
        process.wait(20)


def _wait(address: str) -> None:
    for _ in range(SECONDS_TO_START * 5):
        try:
            if httpx.get(f"{address}/readyz").is_success:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    sys.exit("the server does not answer")


@contextmanager
def _step(words: str) -> Iterator[None]:
    sys.stderr.write(f"{words}\n")
    yield


if __name__ == "__main__":
    sys.exit(main())
