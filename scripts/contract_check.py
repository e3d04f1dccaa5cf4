"""Lets schemathesis loose on the whole API, as two officers of communes in different provinces. Exit code: its own.

usage: python scripts/contract_check.py [--seed NUMBER] [--unguarded TABLE]

Its phases run in two halves at once, each half as busy as the other, against one server and one database.

With --unguarded the rows of that table are anybody's, and the check must fail: that is how it is seen to work. A query
that asks for the own unit itself hides it from every answer: so at the end the second officer's role in the database
looks into every table for what the first one left there.
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
from tests.people import LAI_CHAU, PEOPLE, TA_LENG, insert_people

from childcare_api.embedded import running_cluster
from childcare_api.identity.keys import key_set
from childcare_api.installation import DATABASE, ready_installation
from childcare_api.settings import Settings

ROOT = Path(__file__).parents[1]
SECONDS_TO_START = 60
HALVES = ("coverage", "fuzzing")


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
                found = _schemathesis(address, identities, given.seed)
            return found or asyncio.run(_look_past_the_walls(settings))


def _schemathesis(address: str, identities: Path, seed: str) -> int:
    """Run both halves; what the first one says is shown as it says it, the other's words at the end."""
    environment = {**os.environ, "SCHEMATHESIS_IDENTITIES": str(identities)}
    first, second = (_words(address, phases, seed) for phases in HALVES)
    # Each keeps notes where it stands, and not in the other's.
    places = [identities.parent / phases for phases in HALVES]
    for place in places:
        place.mkdir()
    with tempfile.TemporaryFile() as said:
        with subprocess.Popen(second, env=environment, cwd=places[1], stdout=said, stderr=said) as beside:
            found = subprocess.run(first, env=environment, cwd=places[0], check=False).returncode
        said.seek(0)
        sys.stdout.write(said.read().decode())
    return found or beside.returncode


def _words(address: str, phases: str, seed: str) -> list[str]:
    words = [
        str(Path(sys.executable).with_name("schemathesis")),
        "--config-file",
        str(ROOT / "schemathesis.toml"),
        "run",
    ]
    words += [f"{address}/openapi.json", "--phases", phases, "--max-examples", "10", "--no-shrink"]
    # No time limit: the examples bound it, and a limit would leave out the last operations without a word.
    return [*words, "--seed", seed, "--continue-on-failure", "--warnings", "off"]


_TABLES = """
SELECT a.attrelid::regclass::text AS name FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
WHERE a.attname = 'commune_id' AND c.relkind = 'r' AND has_table_privilege('childcare_commune', c.oid, 'SELECT')
ORDER BY 1
"""


async def _look_past_the_walls(settings: Settings) -> int:
    connection = await _superuser(settings)
    try:
        foreign = "SELECT count(*) FROM {} WHERE commune_id <> {}"
        tables = [row["name"] for row in await connection.fetch(_TABLES)]
        held = [name for name in tables if await connection.fetchval(foreign.format(name, TA_LENG))]
        await connection.execute(
            f"SET app.commune_id = {TA_LENG}; SET app.province_id = {LAI_CHAU};"
            f" SET app.actor_id = '{PEOPLE['ta_leng_officer'].id}'; SET ROLE childcare_commune"
        )
        open_to_all = [name for name in held if await connection.fetchval(foreign.format(name, TA_LENG))]
    finally:
        await connection.close()
    sys.stderr.write(
        f"{len(held)} tables hold rows of others; open to a stranger: {', '.join(open_to_all) or 'none'}\n"
    )
    return 1 if open_to_all or not held else 0


async def _superuser(settings: Settings) -> asyncpg.Connection:
    cluster = running_cluster(settings.data_dir)
    if cluster is None:
        sys.exit("the database has ended")
    return await asyncpg.connect(cluster.dsn("postgres", cluster.superuser_password, DATABASE))


async def _fill(settings: Settings, unguarded: str | None) -> None:
    connection = await _superuser(settings)
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
        # It is made when it is first asked for, and schemathesis waits ten seconds at most.
        httpx.get(f"{address}/openapi.json", timeout=SECONDS_TO_START).raise_for_status()
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
