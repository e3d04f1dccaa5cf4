"""The same command sent twice is done once: `Idempotency-Key`.

A route that asks for `Once` calls `await once.begin(session)` right after the permission; what it then answers with
2xx is stored in the same transaction as its effect. A repeated post gets that answer again, a twin that is still
running is told of, and an error leaves nothing, so it may be tried again. Who no longer sees the record that the
address names is told so instead, unless it was the command itself that put it out of sight.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated, Any, Final

import asyncpg
import orjson
from fastapi import Depends, Header, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.shared import clock
from childcare_api.shared.problems import NotFound, Problem
from childcare_api.shared.writing import Written

A_DAY: Final = timedelta(hours=24)
A_WEEK: Final = timedelta(days=7)
ONCE: Final = "childcare.once"

_ID = re.compile("[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_STORED_HEADERS = ("location", "etag")
_SEEN = "SELECT access.seen_by_me($1::text::jsonb) IS NOT NULL"
_BEGIN = "SELECT * FROM access.stored_answer($1, $2, $3)"
_KEEP = """
INSERT INTO idempotency_keys (address, key, body_digest, answer_status, answer_headers, answer, about, created_at,
    expires_at)
VALUES ($1, $2, $3, $4, $5, $6, access.seen_by_me($7::text::jsonb), $8, $9)
ON CONFLICT (caller, address, key) DO UPDATE
SET body_digest = excluded.body_digest, answer_status = excluded.answer_status,
    answer_headers = excluded.answer_headers, answer = excluded.answer, about = excluded.about,
    created_at = excluded.created_at, expires_at = excluded.expires_at
WHERE idempotency_keys.expires_at <= excluded.created_at
"""


class IdempotencyKeyRequired(Problem):
    """The command is sent with an `Idempotency-Key`, so that a repeated post does nothing twice."""

    status = 400
    title_en, title_vi = "Idempotency-Key is required", "Cần có Idempotency-Key"
    detail_en = "Send a fresh `Idempotency-Key`, such as a UUID, and the same one when repeating the request."
    detail_vi = "Hãy gửi một `Idempotency-Key` mới, ví dụ UUID, và dùng lại khi gửi lại yêu cầu."


class IdempotencyConflict(Problem):
    """The `Idempotency-Key` was used for another body."""

    status = 422
    title_en, title_vi = "The key was used for another body", "Khoá đã dùng cho nội dung khác"
    detail_en = "Send a fresh `Idempotency-Key` for another request."
    detail_vi = "Hãy dùng `Idempotency-Key` mới cho yêu cầu khác."


class RequestInProgress(Problem):
    """A request with this `Idempotency-Key` is running right now. Ask again in a moment."""

    status = 409
    title_en, title_vi = "The same request is running", "Yêu cầu này đang được xử lý"
    detail_en, detail_vi = "Repeat it in a moment.", "Hãy thử lại sau giây lát."

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "1"})


class AnsweredBefore(Exception):  # noqa: N818 - a fact, and no problem: the route class answers it with the stored answer
    """The command was done before, and this is what it answered."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


@dataclass
class Once:
    """The promise that this command is done once under its key.

    It stands in the request's scope, so it must not hold the request: that would be a circle (`callers.Witness`).
    """

    operation: str
    address: str = field(repr=False)
    names: Mapping[str, object] = field(repr=False)
    body: object = field(repr=False)
    key: str | None = field(repr=False)
    required: bool
    kept_for: timedelta
    begun: bool = False
    _connection: asyncpg.Connection | None = field(default=None, repr=False)

    async def begin(self, connection: AsyncSession | asyncpg.Connection) -> None:
        """Take the key, before anything is looked up or done in this transaction.

        Raises IdempotencyKeyRequired, RequestInProgress or IdempotencyConflict; ends the route early where the
        answer is known.
        """
        self.begun = True
        if self.key is None:
            if self.required:
                raise IdempotencyKeyRequired
            return
        self._connection = await _driver_connection(connection)
        row = await self._connection.fetchrow(_BEGIN, self.address, self.key, clock.now())
        if row["running"]:
            raise RequestInProgress
        if row["body_digest"] is None:
            return
        if row["body_digest"] != self._digest:
            raise IdempotencyConflict
        if row["about"] is not None and not await self._connection.fetchval(_SEEN, row["about"]):
            raise NotFound(**orjson.loads(row["about"]))
        headers = {**orjson.loads(row["answer_headers"]), "Idempotency-Replayed": "true"}
        raise AnsweredBefore(Response(row["answer"], row["answer_status"], headers, "application/json"))

    async def keep(self, response: Response) -> None:
        """Store a 2xx answer with its effect; the route class calls it before the transaction ends.

        A route that ends its transaction itself calls it before that, and the class then finds it done.
        """
        if not self.begun:
            # A forgotten begin would do the command twice some day; better it never works.
            raise RuntimeError(f"{self.operation} never began its promise")
        if self._connection is None or not 200 <= response.status_code < 300:  # noqa: PLR2004 - success
            return
        now = clock.now()
        headers = {name: response.headers[name] for name in _STORED_HEADERS if name in response.headers}
        stored = await self._connection.execute(
            _KEEP,
            self.address,
            self.key,
            self._digest,
            response.status_code,
            orjson.dumps(headers).decode(),
            bytes(response.body),
            self._about,
            now,
            now + self.kept_for,
        )
        if stored == "INSERT 0 0":
            raise RequestInProgress
        self._connection = None

    @property
    def _about(self) -> str | None:
        """The ids in the address, by their names; None where there are none, which spares a look."""
        named = {name: value for name, value in self.names.items() if _ID.fullmatch(str(value))}
        return orjson.dumps(named, default=str).decode() if named else None

    @property
    def _digest(self) -> bytes:
        # Equal JSON is equal whatever the order of its fields and the spaces between them.
        return hashlib.sha256(orjson.dumps(self.body, option=orjson.OPT_SORT_KEYS)).digest()


async def _driver_connection(connection: AsyncSession | asyncpg.Connection) -> asyncpg.Connection:
    if not isinstance(connection, AsyncSession):
        return connection
    raw = await (await connection.connection()).get_raw_connection()
    return raw.driver_connection


_HELP = "A fresh word, such as a UUID, for each new command; the same word when you repeat it."
_REQUIRED: dict[str, Any] = {"x-required": True}
_Word = Annotated[
    str,
    Written(
        "^[!-~]{1,200}$",
        "1 to 200 letters without accents, digits or signs, without a space: such as a UUID.",
        "Từ 1 đến 200 chữ cái không dấu, chữ số hoặc ký hiệu, không có dấu cách; ví dụ một UUID.",
    ),
]


_Key = Annotated[_Word | None, Header(description=_HELP)]
_RequiredKey = Annotated[_Word | None, Header(description=_HELP, json_schema_extra=_REQUIRED)]


def _once(request: Request, key: str | None, kept_for: timedelta, *, required: bool) -> Once:
    scope = request.scope
    address = f"{scope['method']} {scope['path']}?{scope['query_string'].decode('latin-1')}".rstrip("?")
    body = scope.get("childcare.json")
    once = scope[ONCE] = Once(scope["endpoint"].__name__, address, request.path_params, body, key, required, kept_for)
    return once


async def _optional(request: Request, idempotency_key: _Key = None) -> Once:
    return _once(request, idempotency_key, A_DAY, required=False)


async def _for_a_day(request: Request, idempotency_key: _RequiredKey = None) -> Once:
    return _once(request, idempotency_key, A_DAY, required=True)


async def _for_a_week(request: Request, idempotency_key: _RequiredKey = None) -> Once:
    return _once(request, idempotency_key, A_WEEK, required=True)


OnceIfKeyed = Annotated[Once, Depends(_optional)]
"""For commands: the key is welcome, and remembered for a day."""
OnceForADay = Annotated[Once, Depends(_for_a_day)]
"""For intakes, transfers and bulk: no key, no command."""
OnceForAWeek = Annotated[Once, Depends(_for_a_week)]
"""For referrals: other systems repeat them for days."""


async def forget_expired(connection: asyncpg.Connection) -> None:
    """Delete the keys whose time is over. For the worker."""
    await connection.execute("DELETE FROM idempotency_keys WHERE expires_at <= $1", clock.now())
