"""Lists in pages: `limit` and an opaque `cursor` that holds the last row's sort keys.

A cursor is signed and bound to the list, its filters, its order and the caller: it continues exactly what was asked,
and nobody can make one up to probe rows. It is veiled, too: a list by name that shows initials alone would otherwise
tell whoever unpacks it the full name. Pages follow keys, never offsets: 0.1 ms where OFFSET 50,000 takes 100.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Annotated, Any, Generic, Literal, TypeVar
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

import orjson
from fastapi import Depends, Query, Request
from pydantic import Field
from sqlalchemy import ColumnElement, Select, func, literal_column, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from childcare_api.shared.callers import caller_of
from childcare_api.shared.problems import BadQuery, FieldError
from childcare_api.shared.schemas import Answer

TOTAL_CAP = 1001
LINK = "childcare.link"
_NO_FILTERS = frozenset({"cursor", "limit", "include"})
Key = str | int | UUID | date | datetime
Column = ColumnElement[Any] | InstrumentedAttribute[Any]
Row = TypeVar("Row")
_READERS: dict[str, Callable[[str], Key]] = {
    "s": str,
    "i": int,
    "u": UUID,
    "d": date.fromisoformat,
    "t": datetime.fromisoformat,
}


class Page(Answer, Generic[Row]):
    """One page of a list."""

    items: list[Row]
    next_cursor: str | None = Field(description="Send it back as `cursor` for the next page; null on the last.")
    total: int | None = Field(description="Only with `include=total`; 1001 means more than a thousand.")


@dataclass(frozen=True)
class Fetched(Generic[Row]):
    """Rows of one page as they came from the database; `Page[Summary].model_validate(fetched)` is the answer."""

    items: Sequence[Row]
    next_cursor: str | None
    total: int | None


@dataclass
class PageRequest:
    """Which page of which list is asked for."""

    limit: int
    with_total: bool
    request: Request = field(repr=False)
    cursor: str | None = field(repr=False)

    def after(self) -> tuple[Key, ...] | None:
        """Return the sort keys of the last row already shown, or None for the first page."""
        if self.cursor is None:
            return None
        try:
            token = base64.urlsafe_b64decode(self.cursor + "=" * (-len(self.cursor) % 4))
        except ValueError:
            token = b""
        signature = token[-16:]
        keys = self._veiled(token[:-16], signature)
        if not hmac.compare_digest(signature, self._signature(keys)):
            error = FieldError("cursor", "not_of_this_list", "Start from the first page.", "Hãy bắt đầu từ trang đầu.")
            raise BadQuery(errors=(error,))
        return tuple(_READERS[kind](text) for kind, text in orjson.loads(keys))

    def cursor_after(self, keys: Sequence[Key]) -> str:
        """Return the cursor that continues after a row with these sort keys, and announce it as `Link: rel=next`."""
        token = orjson.dumps([_written(key) for key in keys])
        signature = self._signature(token)
        cursor = base64.urlsafe_b64encode(self._veiled(token, signature) + signature).decode().rstrip("=")
        asked = [pair for pair in self._asked if pair[0] != "cursor"]
        before = f"{urlencode(asked)}&" if asked else ""
        self.request.scope[LINK] = f'<{self.request.scope["path"]}?{before}cursor={cursor}>; rel="next"'
        return cursor

    def _veiled(self, text: bytes, signature: bytes) -> bytes:
        """Return the text veiled, or unveiled: the signature is the start of a stream that only the key makes."""
        stream = hashlib.shake_256(self.request.app.state.cursor_key + signature).digest(len(text))
        return (int.from_bytes(text) ^ int.from_bytes(stream)).to_bytes(len(text))

    @cached_property
    def _asked(self) -> list[tuple[str, str]]:
        raw = self.request.scope["query_string"]
        return parse_qsl(raw.decode("latin-1"), keep_blank_values=True) if raw else []

    def _signature(self, keys: bytes) -> bytes:
        scope = self.request.scope
        filters = sorted(pair for pair in self._asked if pair[0] not in _NO_FILTERS)
        bound = orjson.dumps([scope["path"], filters, caller_of(scope), keys.hex()])
        return hashlib.blake2b(bound, key=self.request.app.state.cursor_key, digest_size=16).digest()


def _written(key: Key) -> tuple[str, str]:
    if isinstance(key, datetime | date):
        return ("t" if isinstance(key, datetime) else "d", key.isoformat())
    # asyncpg hands out a subclass of UUID of its own, so a table by exact type would not find it.
    kind = "s" if isinstance(key, str) else "u" if isinstance(key, UUID) else "i"
    return (kind, str(key))


async def page_request(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=200, description="How many items at most.")] = 20,
    cursor: Annotated[str | None, Query(description="The `next_cursor` of the page before.", max_length=1000)] = None,
    include: Annotated[Literal["total"] | None, Query(description="`total`: count them too, up to 1001.")] = None,
) -> PageRequest:
    """Read which page is wanted."""
    return PageRequest(limit, include == "total", request, cursor)


Paging = Annotated[PageRequest, Depends(page_request)]


def keyset(statement: Select[Any], page: PageRequest, *by: Column, descending: bool = False) -> Select[Any]:
    """Return the statement ordered by these columns, after the cursor, with one row more than the page holds.

    The columns are never null and the last one is unique; all run in one direction, so that one index serves them.
    """
    after = page.after()
    if after is not None:
        row, last = tuple_(*by), tuple_(*after)
        statement = statement.where(row < last if descending else row > last)
    return statement.order_by(*(column.desc() if descending else column for column in by)).limit(page.limit + 1)


async def fetch(
    session: AsyncSession, statement: Select[Row], page: PageRequest, *by: Column, descending: bool = False
) -> Fetched[Row]:
    """Return one page of the records a statement selects, in the order of `by`, which ends with the id."""
    rows = (await session.execute(keyset(statement.add_columns(*by), page, *by, descending=descending))).all()
    shown = rows[: page.limit]
    cursor = page.cursor_after(shown[-1][1:]) if len(rows) > page.limit else None
    return Fetched([row[0] for row in shown], cursor, await total(session, statement, page))


async def total(session: AsyncSession, statement: Select[Any], page: PageRequest) -> int | None:
    """Count what the statement selects if the caller asked for it, no further than 1001."""
    if not page.with_total:
        return None
    capped = statement.with_only_columns(literal_column("1")).order_by(None).limit(TOTAL_CAP).subquery()
    return (await session.execute(select(func.count()).select_from(capped))).scalar_one()
