"""Backing up an installation's database into one file, and making a new installation from such a file."""

import asyncio
import os
import subprocess
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import asyncpg

from childcare_api.embedded import EmbeddedCluster, find_binaries
from childcare_api.installation import NotReady, Step, bring_up_to_date, chosen_binaries, make_database, with_secrets
from childcare_api.oversight.jobs import SEAL_EVENTS
from childcare_api.settings import Settings
from childcare_api.shared import clock


def refuse_bad_target(file: Path) -> None:
    """Raise NotReady where no backup can be written, before anything is started for it."""
    try:
        if file.is_dir():
            raise NotReady(f"{file} is a folder: name the file to write.")
        if not file.parent.is_dir():
            raise NotReady(f"{file} cannot be written: there is no folder {file.parent}.")
    except OSError as error:
        raise _unwritable(file, error) from None


def back_up(settings: Settings, file: Path) -> None:
    """Write everything into a file of pg_dump's custom format; the server may go on meanwhile.

    As the owner of the tables, whose own policies show it every row: without `--enable-row-security` pg_dump refuses
    tables under row-level security altogether.
    """
    if settings.database_owner_url is None:
        raise NotReady("DATABASE_OWNER_URL is not set: a backup reads as the owner of the tables.")
    draft = file.with_name(f".{file.name}.part")
    try:
        draft.touch(mode=0o600)
    except OSError as error:
        raise _unwritable(file, error) from None
    try:
        _run(
            [
                find_binaries(settings.pg_bindir).program("pg_dump"),
                "--enable-row-security",
                "--format=custom",
                f"--file={draft}",
            ],
            settings.database_owner_url,
        )
        draft.rename(file)
    finally:
        draft.unlink(missing_ok=True)


def restore(settings: Settings, file: Path, step: Step) -> None:
    """Make a new private installation of what a backup holds, and bring it to this release.

    Only into a data directory without a database: what is there already is never replaced.
    """
    if settings.database_url is not None:
        raise NotReady("Restoring into a server of one's own is pg_restore's work; docs/operations.md shows how.")
    _refuse_no_backup(settings, file)
    cluster = EmbeddedCluster(settings.data_dir, binaries=chosen_binaries(settings))
    with step(f"Starting PostgreSQL in {cluster.data_dir}"):
        cluster.start()
    try:
        asyncio.run(make_database(cluster))
        complete = with_secrets(settings, cluster)
        owner_url = str(complete.database_owner_url)
        if asyncio.run(_holds_tables(owner_url)):
            raise NotReady(f"{cluster.data_dir} holds a database already; restore into another DATA_DIR.")
        # As superuser: functions are handed to owners who may not create in the schemas where they stand.
        name = urlsplit(owner_url).path.lstrip("/")
        words = [_pg_restore(settings), "--exit-on-error", "--single-transaction", f"--dbname={name}", str(file)]
        with step(f"Restoring {file}"):
            _run(words, cluster.superuser_dsn)
        with step("Bringing the tables up to date"):
            asyncio.run(bring_up_to_date(owner_url))
            asyncio.run(_begin_anew(cluster.dsn("postgres", cluster.superuser_password, name)))
    finally:
        cluster.stop()


def _refuse_no_backup(settings: Settings, file: Path) -> None:
    """Raise NotReady unless pg_restore can read the file, before a cluster is made for it."""
    if not file.is_file():
        raise NotReady(f"There is no file {file} to restore.")
    words = [_pg_restore(settings), "--list", str(file)]
    listed = subprocess.run(words, capture_output=True, text=True, check=False)
    if listed.returncode != 0:
        raise NotReady(f"{file} is no backup that can be restored: {listed.stderr.strip()[-1000:]}")


def _unwritable(file: Path, error: OSError) -> NotReady:
    return NotReady(f"{file} cannot be written: {error.strerror}.")


def _pg_restore(settings: Settings) -> str:
    return find_binaries(settings.pg_bindir).program("pg_restore")


def _run(words: list[str], url: str) -> None:
    """Run one of PostgreSQL's programs on a database; the password goes by the environment, where `ps` shows none."""
    parts = urlsplit(url)
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    surroundings = {
        "PGHOST": query.get("host", parts.hostname or ""),
        "PGPORT": query.get("port", str(parts.port or 5432)),
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": unquote(parts.path.lstrip("/")),
    }
    done = subprocess.run(words, env=os.environ | surroundings, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise NotReady(f"{Path(words[0]).name} failed: {done.stderr.strip()[-1000:]}")


async def _begin_anew(url: str) -> None:
    """Begin an era of feeds and seals before anything is written here, where transaction numbers begin anew."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("SELECT nextval('access.eras')")
        await connection.fetchval("SELECT audit.seal($1, $2)", clock.now(), SEAL_EVENTS)
    finally:
        await connection.close()


async def _holds_tables(url: str) -> bool:
    connection = await asyncpg.connect(url)
    try:
        return bool(await connection.fetchval("SELECT to_regclass('public.alembic_version') IS NOT NULL"))
    finally:
        await connection.close()
