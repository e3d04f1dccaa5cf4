"""`make bench`: fills a database, serves it beside the floor, loads both, and says which promises hold.

Exits 1 where a promise is broken. Not a test: its figures are those of this machine at this hour.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
from tests.people import MACHINES, PEOPLE

from benchmarks import load
from benchmarks.filling import Filled, fill
from benchmarks.load import Measured
from benchmarks.rows import REFERENCE, ROWS, UNMEASURED, Row
from childcare_api.access.tokens import KeySet
from childcare_api.embedded import running_cluster
from childcare_api.identity.keys import key_set
from childcare_api.installation import DATABASE, ready_installation
from childcare_api.settings import Settings


@dataclass
class Line:
    """One line of the table."""

    row: Row
    children: int
    product: Measured | None = None
    floor: Measured | None = None
    pace: Measured | None = None
    """The floor's plain records, in turns with this row: how fast the machine was meanwhile."""
    note: str = ""
    broken: list[str] = field(default_factory=list)

    @property
    def slower(self) -> float:
        """How many times slower this machine was than the one that the promises were measured on; at least 1."""
        return max(1.0, REFERENCE / self.pace.per_second) if self.pace else 1.0


def main() -> int:
    """Measure, print, and return the exit code."""
    asked = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    asked.add_argument("--children", type=int, action="append", help="how many to generate [100000]; may be repeated")
    asked.add_argument("--data-dir", type=Path, default=Path(".bench"), help="kept between runs [.bench]")
    asked.add_argument("--seconds", type=int, default=3, help="length of one of the five windows [3]")
    asked.add_argument("--only", help="measure only rows whose name holds this")
    asked.add_argument("--output", type=Path, help="also write the table here, as Markdown")
    given = asked.parse_args()
    missing = load.needed_tools()
    if missing:
        sys.exit(f"{' and '.join(missing)} not found: apt-get install -y wrk util-linux")
    lines: list[Line] = []
    with ready_installation(Settings(data_dir=given.data_dir, database_url=None), _step) as settings:
        for children in sorted(given.children or [100_000]):
            filled = asyncio.run(_filled(settings, children))
            lines += _measure(settings, filled, seconds=given.seconds, only=given.only or "")
    table = _table(lines)
    sys.stdout.write(table)
    if given.output:
        given.output.write_text(table, encoding="utf-8")
    return 1 if any(line.broken for line in lines) else 0


async def _filled(settings: Settings, children: int) -> Filled:
    connection = await asyncpg.connect(_superuser(settings))
    try:
        return await fill(connection, children)
    finally:
        await connection.close()


def _measure(settings: Settings, filled: Filled, *, seconds: int, only: str) -> Iterator[Line]:
    floor_url = _superuser(settings)
    keys = _keys(settings)
    environment = {
        "ACCESS_LOG": "false",
        "DATABASE_URL": settings.database_url or "",
        "JWT_PRIVATE_KEY_FILE": str(settings.jwt_private_key_file),
        "DATA_DIR": str(settings.data_dir),
    }
    product = load.served("childcare_api.serving:application", environment, factory=True)
    floor = load.served("benchmarks.floor:app", {"FLOOR_DATABASE_URL": floor_url}, factory=False)
    with product as (product_at, product_process), floor as (floor_at, floor_process):
        for row in (row for row in ROWS if only in row.name):
            line = Line(row, filled.children)
            if not row.paths(filled):
                line.note = "not measured: none is generated"
                yield line
                continue
            who = PEOPLE.get(row.who) or MACHINES[row.who]
            headers = {"Authorization": f"Bearer {who.token(keys)}", "Content-Type": "application/json"}
            with (
                _order(row.paths(filled), row, headers) as order,
                _order(_floor_paths(row, filled), row, {}) as plain,
                _order([f"/plain/{one}" for one in filled.ids], ROWS[0], {}) as pace,
            ):
                targets = [load.Target(product_at, product_process, order)]
                targets += [load.Target(floor_at, floor_process, plain)] if row.floor else []
                targets += [load.Target(floor_at, floor_process, pace)]
                try:
                    line.product, *floors, line.pace = load.measured(targets, seconds=seconds)
                    line.floor = floors[0] if floors else None
                except load.Broken as broken:
                    line.note = f"not measured: {broken}"
            line.broken = judged(line)
            sys.stderr.write(f"{_shown(line)}\n")
            yield line


def _floor_paths(row: Row, filled: Filled) -> list[str]:
    return row.floor(filled) if row.floor else []


@contextmanager
def _order(paths: list[str], row: Row, headers: Mapping[str, str]) -> Iterator[dict[str, str]]:
    with tempfile.NamedTemporaryFile("w", suffix=".paths") as file:
        file.write("\n".join(paths))
        file.flush()
        order = {"LOAD_PATHS": file.name, "LOAD_METHOD": row.method}
        order["LOAD_HEADERS"] = "\n".join(f"{name}: {value}" for name, value in headers.items())
        if row.body is not None:
            order["LOAD_BODY"] = str(row.body)
        yield order


def _superuser(settings: Settings) -> str:
    cluster = running_cluster(settings.data_dir)
    if cluster is None:
        raise load.Broken("the database has ended")
    return cluster.dsn("postgres", cluster.superuser_password, DATABASE)


def _keys(settings: Settings) -> KeySet:
    if settings.jwt_private_key_file is None:
        raise load.Broken("no key to sign tokens with")
    pem = settings.jwt_private_key_file.read_text(encoding="utf-8")
    return key_set(pem, issuer=settings.jwt_issuer, audience=settings.jwt_audience)


def _ratio(line: Line) -> float | None:
    return line.product.cpu / line.floor.cpu if line.product and line.floor else None


def judged(line: Line) -> list[str]:
    """Return what a line breaks of its promise; an absolute one is of the machine it was measured on (ADR 42)."""
    if line.product is None:
        return []
    row, got, ratio, slower = line.row, line.product, _ratio(line), line.slower
    promises = (
        (row.ratio, ratio or 0, "{:.2f} × instead of {:g}"),
        (row.server_p95 and row.server_p95 * slower, got.half_p95, "p95 {:.1f} ms instead of {:.1f}"),
        (row.p99 and row.p99 * slower, got.p99, "p99 {:.1f} ms instead of {:.1f}"),
        (row.per_second and -row.per_second / slower, -got.per_second, "{:.0f}/s instead of {:.0f}"),
    )
    return [
        words.format(abs(measured), abs(promised))
        for promised, measured, words in promises
        if promised is not None and measured > promised
    ]


def _table(lines: list[Line]) -> str:
    head = (
        "| what | children | machine slower × | requests/s | CPU µs | floor CPU µs | × | p95 ms | p99 ms | floor's p99"
        " | at half: p95 | p99 | promise |"
    )
    rest = [f"| {name} | | not measured: it has no row yet {'| ' * 11}|" for name in UNMEASURED]
    return "\n".join([head, "|---" * 13 + "|", *map(_shown, lines), *rest]) + "\n"


def _shown(line: Line) -> str:
    got, floor, ratio = line.product, line.floor, _ratio(line)
    if got is None:
        return f"| {line.row.name} | {line.children:,} | {line.note or 'not measured'} {'| ' * 11}|"
    cells = (
        line.row.name,
        f"{line.children:,}",
        f"{line.slower:.1f}",
        f"{got.per_second:,.0f}",
        f"{got.cpu:.0f}",
        f"{floor.cpu:.0f}" if floor else "",
        f"{ratio:.2f}" if ratio else "",
        f"{got.p95:.1f}",
        f"{got.p99:.1f}",
        f"{floor.p99:.1f}" if floor else "",
        f"{got.half_p95:.1f}",
        f"{got.half_p99:.1f}",
        "broken: " + "; ".join(line.broken) if line.broken else "kept",
    )
    return "| " + " | ".join(cells) + " |"


@contextmanager
def _step(words: str) -> Iterator[None]:
    sys.stderr.write(f"{words}\n")
    yield


if __name__ == "__main__":
    sys.exit(main())
