"""`make bench`: fills a database, serves it beside the floor, loads both, and says which promises hold.

Exits 1 where a promise is broken. Not a test: its figures are those of this machine at this hour.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote

import asyncpg
from tests.people import LAO_CAI, MACHINES, PEOPLE, SA_PA

from benchmarks import load
from benchmarks.filling import Filled, fill
from benchmarks.load import Measured
from childcare_api.access.tokens import KeySet
from childcare_api.embedded import running_cluster
from childcare_api.identity.keys import key_set
from childcare_api.installation import DATABASE, ready_installation
from childcare_api.settings import Settings

REFERRAL = Path(__file__).with_name("referral.json")


@dataclass(frozen=True)
class Row:
    """One promise: what is asked for, by whom, and how good it has to be."""

    name: str
    paths: Callable[[Filled], list[str]]
    who: str = "sa_pa_officer"
    floor: Callable[[Filled], list[str]] | None = None
    method: str = "GET"
    body: Path | None = None
    ratio: float | None = None
    server_p95: float | None = None
    """Of the time the server takes: judged at half of the load that it can bear, where little waits for others."""
    p99: float | None = None
    """At all that 16 connections can ask for."""
    per_second: float | None = None


ROWS = (
    Row(
        "one child",
        lambda filled: [f"/api/v1/children/{one}" for one in filled.ids],
        floor=lambda filled: [f"/one/{one}" for one in filled.ids],
        ratio=3.0,
        p99=10,
    ),
    Row(
        "list of 20 children",
        lambda _: ["/api/v1/children"],
        floor=lambda _: [f"/list/{SA_PA}"],
        ratio=2.2,
        p99=10,
    ),
    Row(
        "one case",
        lambda filled: [f"/api/v1/cases/{one}" for one in filled.case_ids],
        floor=lambda filled: [f"/case/{one}" for one in filled.case_ids],
        ratio=3.0,
        p99=10,
    ),
    Row(
        "list of 20 cases",
        lambda _: ["/api/v1/cases"],
        floor=lambda _: [f"/cases/{SA_PA}"],
        ratio=2.2,
        p99=10,
    ),
    Row(
        "one case by grant",
        lambda filled: [f"/api/v1/cases/{one}" for one in filled.granted_ids],
        who="ta_van_officer",
        floor=lambda filled: [f"/case/{one}" for one in filled.granted_ids],
        ratio=3.0,
        p99=10,
    ),
    Row(
        "list of 20 cases, masked",
        lambda _: ["/api/v1/cases"],
        who="lao_cai_province_officer",
        floor=lambda _: [f"/province/{LAO_CAI}"],
        ratio=2.2,
        p99=10,
    ),
    Row("search in a commune", lambda filled: _searches(filled.words), server_p95=10),
    Row(
        "search in a province",
        lambda filled: _whole_names(filled.names),
        who="lao_cai_province_officer",
        server_p95=40,
    ),
    Row(
        "referral intake",
        lambda _: ["/api/v1/hotline/referrals"],
        who="hotline_111",
        method="POST",
        body=REFERRAL,
        per_second=1000,
        p99=30,
    ),
)


UNMEASURED = (
    "name search in the country",
    "province statistics by group, sex, age band",
    "import of 100,000 children",
    "device sync of a commune",
    "1,000 users at 1,000,000 children",
    "against Django REST framework",
)
"""What is promised beside these."""


@dataclass
class Line:
    """One line of the table."""

    row: Row
    children: int
    product: Measured | None = None
    floor: Measured | None = None
    note: str = ""
    broken: list[str] = field(default_factory=list)


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


def _searches(words: list[str]) -> list[str]:
    # Two words in the wrong order, and one with a letter missing: what people type.
    pairs = [f"{second} {first}" for first, second in pairwise(words)]
    typos = [word[:-1] for word in words if len(word) > 3]  # noqa: PLR2004 - shorter ones would be other words
    return [f"/api/v1/children?q={quote(q)}" for q in (*words, *pairs, *typos)] or ["/api/v1/children?q=anh"]


def _whole_names(names: list[str]) -> list[str]:
    # As they are, in the wrong order, and with a letter missing.
    turned = [" ".join(reversed(name.split())) for name in names]
    typos = [name[:-1] for name in names if len(name.split()[-1]) > 3]  # noqa: PLR2004 - as above
    return [f"/api/v1/children?q={quote(q)}" for q in (*names, *turned, *typos)] or ["/api/v1/children?q=anh"]


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
            with _order(row.paths(filled), row, headers) as order, _order(_floor_paths(row, filled), row, {}) as plain:
                targets = [load.Target(product_at, product_process, order)]
                targets += [load.Target(floor_at, floor_process, plain)] if row.floor else []
                try:
                    line.product, *rest = load.measured(targets, seconds=seconds)
                    line.floor = rest[0] if rest else None
                except load.Broken as broken:
                    line.note = f"not measured: {broken}"
            line.broken = _broken(line)
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


def _broken(line: Line) -> list[str]:
    if line.product is None:
        return []
    row, got, ratio = line.row, line.product, _ratio(line)
    judged = (
        (row.ratio is not None and (ratio or 0) > row.ratio, f"{ratio or 0:.1f} × instead of {row.ratio}"),
        (
            row.server_p95 is not None and got.half_p95 > row.server_p95,
            f"p95 {got.half_p95:.1f} ms instead of {row.server_p95}",
        ),
        (row.p99 is not None and got.p99 > row.p99, f"p99 {got.p99:.1f} ms instead of {row.p99}"),
        (
            row.per_second is not None and got.per_second < row.per_second,
            f"{got.per_second:.0f}/s, not {row.per_second}",
        ),
    )
    return [words for broken, words in judged if broken]


def _table(lines: list[Line]) -> str:
    head = (
        "| what | children | requests/s | CPU µs | floor CPU µs | × | p95 ms | p99 ms | at half: p95 | p99 | promise |"
    )
    rest = [f"| {name} | | not measured: it has no row yet | | | | | | | | |" for name in UNMEASURED]
    return "\n".join([head, "|---|---|---|---|---|---|---|---|---|---|---|", *map(_shown, lines), *rest]) + "\n"


def _shown(line: Line) -> str:
    got, floor, ratio = line.product, line.floor, _ratio(line)
    if got is None:
        return f"| {line.row.name} | {line.children:,} | {line.note or 'not measured'} | | | | | | | | |"
    cells = (
        line.row.name,
        f"{line.children:,}",
        f"{got.per_second:,.0f}",
        f"{got.cpu:.0f}",
        f"{floor.cpu:.0f}" if floor else "",
        f"{ratio:.2f}" if ratio else "",
        f"{got.p95:.1f}",
        f"{got.p99:.1f}",
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
