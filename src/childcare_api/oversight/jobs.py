"""Sealing the audit again and again, with a copy of each seal outside the database."""

import asyncio
import fcntl
import logging
from collections.abc import Sequence
from pathlib import Path

from childcare_api.access.scope import open_worker_connection
from childcare_api.oversight import rules
from childcare_api.oversight.rules import KeptSeal
from childcare_api.shared import clock
from childcare_api.shared.db import Database

log = logging.getLogger(__name__)

SEAL_EVENTS = 5_000
_AT_ONCE = 1_000


def seals_folder(data_dir: Path) -> Path:
    """Return where the seals are kept outside the database: a file for each month, a line for each seal."""
    return data_dir / "audit-seals"


async def seal_audit(database: Database, data_dir: Path) -> None:
    """Seal all events of transactions that have ended, and keep the new seals outside the database too.

    Several processes may do this: the database lets one at a time, and a line that one did not get to write before it
    was killed is written by the next.
    """
    while True:
        async with open_worker_connection(database) as connection:
            made = await connection.fetchval("SELECT audit.seal($1, $2)", clock.now(), SEAL_EVENTS)
        if made is None:
            break
    folder = seals_folder(data_dir)
    while True:
        newest = await asyncio.to_thread(_newest_kept, folder)
        async with open_worker_connection(database) as connection:
            rows = await connection.fetch("SELECT * FROM audit.seals_after($1, $2)", newest, _AT_ONCE)
        if not rows:
            break
        await asyncio.to_thread(_keep, folder, [KeptSeal(**dict(row)) for row in rows])


def _newest_kept(folder: Path) -> int:
    """Return the number of the newest seal kept. Only the last file is read; it is small."""
    for file in sorted(folder.glob("*.jsonl"), reverse=True):
        numbers = [seal.no for line in file.read_bytes().splitlines() if (seal := rules.kept_seal(line)) is not None]
        if numbers:
            return max(numbers)
    return 0


def _keep(folder: Path, seals: Sequence[KeptSeal]) -> None:
    """Append seals, each once, though several processes may be at it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        kept = _newest_kept(folder)
        for seal in seals:
            if seal.no > kept:
                with (folder / f"{seal.sealed_at:%Y-%m}.jsonl").open("ab") as file:
                    file.write(seal.line())
                # The log is a second place outside the database; a hash names nobody.
                log.info("audit seal %d %s", seal.no, seal.hash)
