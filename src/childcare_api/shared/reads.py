"""The hot way to read: a statement compiled once, run by asyncpg, answered as bytes, and recorded as it reads.

Five times as fast as a session and its models, so worth a second style where most requests go: one record, a page of
a list, a search. `hit` is what the caller sees; beside it, in the same statement, stands the audit row that says so,
whose who, when and where the database fills in from the scope.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

import asyncpg
import orjson
from fastapi import Response
from sqlalchemy import (
    CTE,
    ColumnElement,
    Integer,
    Select,
    Text,
    Uuid,
    bindparam,
    cast,
    column,
    func,
    insert,
    literal_column,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import asyncpg as asyncpg_dialect
from sqlalchemy.sql.base import Executable

from childcare_api.shared.paging import Key, PageRequest

_DIALECT = asyncpg_dialect.dialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]
_EVENTS = table(
    "events",
    *(column(name) for name in ("action", "subject_kind", "subject_id", "holder_commune_id", "holder_province_id")),
    column("detail", JSONB),
    schema="audit",
)
LIMIT, ROWS = "page_limit", "rows"
"""The parameters of a page of unusual length: how many rows it shows, and one more."""
USUAL = 20
_OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS


class CanRead(Protocol):
    """A connection in a scope, or what runs each statement in a transaction of its own."""

    async def fetch(self, sql: str, /, *values: object) -> list[asyncpg.Record]:
        """Return the rows of a statement."""

    async def fetchrow(self, sql: str, /, *values: object) -> asyncpg.Record | None:
        """Return the first row of a statement, or None."""


@dataclass(frozen=True, slots=True)
class Read:
    """A statement as the database takes it, and the names of its parameters in their order."""

    sql: str
    names: tuple[str, ...]
    constants: dict[str, Any]

    def values(self, given: dict[str, Any]) -> list[Any]:
        """Return the parameters in their order; what the statement itself was written with comes from there."""
        return [given[name] if name in given else self.constants[name] for name in self.names]


def compiled(statement: Executable) -> Read:
    """Compile a statement with named parameters. Keep what comes back: compiling costs more than running."""
    made = statement.compile(dialect=_DIALECT)  # type: ignore[attr-defined]
    names = tuple(made.positiontup or ())
    constants = {name: value for name, value in made.params.items() if value is not None}
    return Read(str(made), names, constants)


def masked_name(name: ColumnElement[str | None]) -> ColumnElement[str | None]:
    """Return the initials of a name, for lists whose readers need no more: `Vàng A Pao` as `V. A. P.`."""
    # A regular expression takes six times as long, and a list masks twenty names.
    word = func.string_to_table(name, literal_column("' '")).column_valued("word")
    letter = func.left(word, literal_column("1")).op("||")(literal_column("'.'"))
    words = select(func.string_agg(letter, literal_column("' '"), type_=Text)).where(word != literal_column("''"))
    return words.scalar_subquery()


def with_initials(columns: Sequence[Any], name: str) -> list[Any]:
    """Return the columns of a list, the one of that name masked, for readers above the commune."""
    return [masked_name(one).label(name) if one.key == name else one for one in columns]


def recorded_one(hit: CTE, action: str, subject_kind: str) -> Select[Any]:
    """Return what reads the one row of `hit` and records that it was opened. It has an id and the holder columns."""
    seen = insert(_EVENTS).from_select(
        ["action", "subject_kind", "subject_id", "holder_commune_id", "holder_province_id"],
        select(_text(action), _text(subject_kind), cast(hit.c.id, Text), hit.c.commune_id, hit.c.province_id),
        include_defaults=False,
    )
    return _plainly(hit).add_cte(seen.cte("seen"))


def rows_of(*, usual: bool) -> ColumnElement[int]:
    """Return how many rows to read for a page: one more than it shows.

    Written into the statement for a page of the usual length: of a parameter the planner assumes a tenth of the
    table, and so it plans each page anew, which takes longer than reading it.
    """
    return literal_column(str(USUAL + 1), Integer) if usual else bindparam(ROWS, type_=Integer)


def recorded_page(hit: CTE, action: str, subject_kind: str, *, usual: bool) -> Select[Any]:
    """Return what reads the rows of `hit` and records, in one event, the ids of those that the page shows.

    `hit` holds one row more than the page: whether there is a next one. It was ordered; that order is kept.
    """
    limit = literal_column(str(USUAL), Integer) if usual else bindparam(LIMIT, type_=Integer)
    shown = select(cast(hit.c.id, Text).label("id")).limit(limit).subquery("shown")
    ids = func.coalesce(func.jsonb_agg(shown.c.id), literal_column("'[]'::jsonb"))
    seen = insert(_EVENTS).from_select(
        ["action", "subject_kind", "detail"],
        select(_text(action), _text(subject_kind), func.jsonb_build_object(_text("ids"), ids)),
        include_defaults=False,
    )
    return _plainly(hit).add_cte(seen.cte("seen"))


def _plainly(hit: CTE) -> Select[Any]:
    # The driver makes a UUID an object of its own, and each one would have to be turned back into text in Python.
    return select(*(cast(one, Text).label(one.name) if isinstance(one.type, Uuid) else one for one in hit.c))


def _text(word: str) -> ColumnElement[str]:
    # A constant of ours, written into the statement, so that the planner knows it.
    return literal_column("'" + word.replace("'", "''") + "'::text", Text)


async def one(connection: CanRead, read: Read, **given: object) -> dict[str, Any] | None:
    """Run a statement that finds one row or none."""
    row = await connection.fetchrow(read.sql, *read.values(given))
    return None if row is None else dict(row)


async def many(connection: CanRead, read: Read, **given: object) -> list[dict[str, Any]]:
    """Run a statement and return its rows."""
    rows = await connection.fetch(read.sql, *read.values(given))
    # dict(row) looks each column up by its name again.
    names = list(rows[0].keys()) if rows else []
    return [dict(zip(names, row, strict=True)) for row in rows]


def page_of(
    rows: Sequence[dict[str, Any]], page: PageRequest, keys: Sequence[str], *, total: int | None
) -> dict[str, Any]:
    """Return a page as it is answered: of one row more than it shows, `keys` being those the list is sorted by.

    Columns whose names begin with an underscore are for sorting alone and are taken out.
    """
    shown = rows[: page.limit]
    cursor = None
    if len(rows) > page.limit:
        cursor = page.cursor_after([_key(shown[-1][key]) for key in keys])
    for row in shown:
        for key in keys:
            if key.startswith("_"):
                del row[key]
    return {"items": shown, "next_cursor": cursor, "total": total}


def _key(value: Key) -> Key:
    # asyncpg's UUID is a class of its own, which a cursor does not know.
    return UUID(int=value.int) if isinstance(value, UUID) else value


def answer(content: object, *, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Return content as JSON, without another look at it: its columns were chosen to be the answer's fields."""
    return Response(orjson.dumps(content, default=_plain, option=_OPTIONS), status, headers, "application/json")


def fragment(text: str) -> orjson.Fragment:
    """Return JSON that the database made, cast to text there, to be put into an answer as it is."""
    return orjson.Fragment(text)


def _plain(value: object) -> object:
    # As above: orjson does not know it either.
    return str(value)
