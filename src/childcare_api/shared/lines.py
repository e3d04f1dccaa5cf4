"""Bare connections, and a statement that travels in one message with the entrance that stands before it.

What is sent to PostgreSQL up to one Sync is one transaction: it commits at the Sync, and nothing of it stands when any
part fails. asyncpg sends a statement and its Sync; what is written before it belongs to the same transaction. So a
read that is let in, recorded and committed costs one journey, where BEGIN, statement and COMMIT are three
(docs/adr/0041). Both leave in one write. Only messages without an answer of their own may stand before it: calls of a
procedure.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg
from asyncpg.prepared_stmt import PreparedStatement

from childcare_api.shared.gathering import Gathering, connect

_MOST_STATEMENTS = 200
_TEXT_FORMAT = _ALL_COLUMNS = b"\0\0"


@dataclass(frozen=True, slots=True)
class Entrance:
    """A call of a procedure that takes its arguments as text, and the role that it puts on."""

    call: str
    arguments: tuple[str | None, ...]
    role: str


class Line:
    """A connection with what was prepared on it.

    Statements are kept by role, too: PostgreSQL makes a plan anew when another role than the last one runs it.
    """

    __slots__ = ("_calls", "_statements", "connection")

    def __init__(self, connection: asyncpg.Connection) -> None:
        self.connection = connection
        self._calls: dict[str, PreparedStatement] = {}
        self._statements: dict[tuple[str, str], PreparedStatement] = {}

    async def at_once(self, entrance: Entrance, sql: str, values: Sequence[object]) -> list[asyncpg.Record]:
        """Send entrance and statement in one message; returns once they are committed."""
        call = await self._call(entrance.call)
        statement = self._statements.get((entrance.role, sql))
        if statement is None:
            statement = await self._prepared(entrance.role, sql)
        return await self._behind(_executed(call.get_name(), entrance.arguments), statement, values)

    async def begin(self, words: str, entrance: Entrance) -> None:
        """Begin a transaction with its entrance, in one message; `words` begin it, and its end is the caller's."""
        begin, call = await self._call(words), await self._call(entrance.call)
        await self._behind(_executed(begin.get_name(), ()), call, entrance.arguments)

    async def _call(self, words: str) -> PreparedStatement:
        call = self._calls.get(words)
        if call is None:
            call = self._calls[words] = await self.connection.prepare(words)
        return call

    async def _behind(
        self, messages: bytes, statement: PreparedStatement, values: Sequence[object]
    ) -> list[asyncpg.Record]:
        # asyncpg keeps what it writes to for itself; nothing waits between the two, so nothing comes between them.
        transport: Gathering = self.connection._transport  # noqa: SLF001
        transport.put_before(messages)
        try:
            found: list[asyncpg.Record] = await statement.fetch(*values)
        except BaseException as error:
            # A statement that was never sent leaves its entrance behind: whoever came next would stand in this scope.
            # An error with a severity was told by the server, which rolled back and waits for the next message; after
            # any other it is not known what the server does.
            if not transport.take_back() and getattr(error, "severity", None) is None:
                self.connection.terminate()
            raise
        return found

    async def _prepared(self, role: str, sql: str) -> PreparedStatement:
        while len(self._statements) >= _MOST_STATEMENTS:
            self._statements.pop(next(iter(self._statements)))
        statement = self._statements[role, sql] = await self.connection.prepare(sql)
        return statement


class Lines:
    """At most so many connections, the last one used first."""

    def __init__(self, url: str, *, size: int) -> None:
        self._url = url
        self._free: asyncio.LifoQueue[Line | None] = asyncio.LifoQueue()
        for _ in range(size):
            self._free.put_nowait(None)
        self._open: set[Line] = set()
        self._closed = False

    async def open(self) -> None:
        """Open the first connection."""
        async with self.lend():
            pass

    async def close(self) -> None:
        """Close all connections; a lent one loses its transaction."""
        self._closed = True
        while not self._free.empty():
            line = self._free.get_nowait()
            if line is not None:
                self._open.discard(line)
                await line.connection.close()
        for line in self._open:
            line.connection.terminate()

    @asynccontextmanager
    async def lend(self) -> AsyncIterator[Line]:
        """Lend a connection."""
        line = await self._take()
        try:
            yield line
        finally:
            self._give_back(line)

    async def at_once(self, entrance: Entrance, sql: str, values: Sequence[object]) -> list[asyncpg.Record]:
        """Run a statement behind an entrance, as a transaction of their own."""
        line = await self._take()
        try:
            return await line.at_once(entrance, sql, values)
        finally:
            self._give_back(line)

    async def _take(self) -> Line:
        if self._closed:
            raise asyncpg.InterfaceError("the database is closed")
        line = await self._free.get()
        if line is not None:
            if not line.connection.is_closed():
                return line
            self._open.discard(line)
        try:
            line = Line(await connect(self._url))
        except BaseException:
            self._free.put_nowait(None)
            raise
        self._open.add(line)
        return line

    def _give_back(self, line: Line) -> None:
        # The scope has always ended its transaction. A connection still inside one is a fault, and is not reused.
        if not line.connection.is_closed() and line.connection.is_in_transaction():
            line.connection.terminate()
        if line.connection.is_closed():
            self._open.discard(line)
            self._free.put_nowait(None)
        else:
            self._free.put_nowait(line)


def _executed(statement: str, arguments: Sequence[str | None]) -> bytes:
    """Return the two messages that run a prepared statement: Bind, all in text, and Execute."""
    words = [b"\0", statement.encode(), b"\0", _TEXT_FORMAT, len(arguments).to_bytes(2)]
    for argument in arguments:
        if argument is None:
            words.append(b"\xff\xff\xff\xff")
        else:
            text = argument.encode()
            words += (len(text).to_bytes(4), text)
    words.append(_ALL_COLUMNS)
    bind = b"".join(words)
    return b"B" + (len(bind) + 4).to_bytes(4) + bind + b"E\0\0\0\x09\0\0\0\0\0"
