"""The only door to the database: one actor, one transaction, one set of rows.

The first message of every transaction begins it, lets the database check that the assignment, the person and the
session still hold, and puts the wall of row-level security around what follows. Nothing else calls COMMIT; a read
that is one statement has it in that same message.
"""

from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager, suppress
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import ColumnElement, true
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.access.permissions import Level
from childcare_api.shared import clock
from childcare_api.shared.db import Database, Holder
from childcare_api.shared.lines import Entrance

_ACCESS_ENDED = "CC401"
_LET_IN = (
    "CALL access.let_in($1::text, $2::text::uuid, $3::text::uuid, $4::text::uuid, $5::text::uuid, $6::text,"
    " $7::text::integer, $8::text::integer, $9::text::date, $10::text::timestamptz, $11::text, $12::text::boolean)"
)


class AccessEnded(Exception):  # noqa: N818 - a fact
    """The assignment, the person or the session behind an actor no longer holds, or has changed."""


_GRANTED = "childcare_commune_granted"
SYSTEM = UUID(int=0)
"""The worker's own id, in whose name the audit records what nobody asked for at that moment."""

VIET_NAM_UNIT = 1

_SCOPE_COLUMN = {
    Level.VILLAGE: "village_id",
    Level.COMMUNE: "commune_id",
    Level.DISTRICT: "district_id",
    Level.PROVINCE: "province_id",
}


async def read_at_once(
    database: Database, actor: Actor, sql: str, *values: object, second_look: bool = False
) -> list[asyncpg.Record]:
    """Run one statement inside the actor's scope, as a transaction of its own; returns once it is committed.

    With a `second_look` it sees what other communes granted to the actor's, and nothing of its own.
    """
    try:
        return await database.at_once(_let_in(actor, second_look=second_look), sql, values)
    except asyncpg.PostgresError as error:
        if error.sqlstate == _ACCESS_ENDED:
            raise AccessEnded from None
        raise


@asynccontextmanager
async def open_connection(database: Database, actor: Actor) -> AsyncIterator[asyncpg.Connection]:
    """Lend a bare connection inside the actor's scope, for the hot paths. Commits when the block ends well."""
    async with (
        database.line() as line,
        _Transaction(database, line.connection, line.begin(database.boundary.begin, _let_in(actor))),
    ):
        yield line.connection


@asynccontextmanager
async def open_session(database: Database, actor: Actor) -> AsyncIterator[AsyncSession]:
    """Lend a session inside the actor's scope. Flushes and commits when the block ends well."""
    async with database.mapped() as mapped:
        bare = await driver_connection(mapped)
        async with (
            _begun(database, bare, entrance(actor)),
            # Expiring on commit would send reads after the scope has ended.
            AsyncSession(bind=mapped, expire_on_commit=False, autoflush=False) as session,
        ):
            yield session
            await session.flush()  # before the end that the scope around it makes


@asynccontextmanager
async def open_auth_connection(database: Database) -> AsyncIterator[asyncpg.Connection]:
    """Lend a connection that sees credentials, sessions and attempts, and nothing else. Nobody is known yet."""
    async with database.bare() as connection, _begun(database, connection, "SET LOCAL ROLE childcare_auth"):
        yield connection


@asynccontextmanager
async def open_worker_connection(database: Database) -> AsyncIterator[asyncpg.Connection]:
    """Lend a connection that sees the outbox and jobs. A handler enters the scope of the row's own unit for more."""
    async with database.bare() as connection, _begun(database, connection, "SET LOCAL ROLE childcare_worker"):
        yield connection


@asynccontextmanager
async def open_worker_session(database: Database) -> AsyncIterator[AsyncSession]:
    """As `open_worker_connection`, for a worker whose handlers use a session."""
    async with database.mapped() as mapped:
        bare = await driver_connection(mapped)
        async with (
            _begun(database, bare, "SET LOCAL ROLE childcare_worker"),
            AsyncSession(bind=mapped, expire_on_commit=False, autoflush=False) as session,
        ):
            yield session
            await session.flush()  # as above


@asynccontextmanager
async def system_scope(session: AsyncSession, unit_id: int | None) -> AsyncIterator[None]:
    """Put a unit's wall around a few statements of the worker, on behalf of nobody.

    An event that speaks of no unit is handled as the country's. Inside a savepoint of the caller: a failed statement
    takes the wall away with itself.
    """
    connection = await bare_connection(session)
    unit = VIET_NAM_UNIT if unit_id is None else unit_id
    await connection.execute("SET LOCAL ROLE childcare_api")
    level = await connection.fetchval("SELECT level FROM units WHERE id = $1", unit)
    system = Actor(SYSTEM, "system", Level(level), unit, frozenset(), f"childcare_{level}")
    await connection.execute(entrance(system))
    yield
    await connection.execute("SET LOCAL ROLE childcare_worker")


async def driver_connection(connection: AsyncConnection) -> asyncpg.Connection:
    """Return the asyncpg connection below a SQLAlchemy one."""
    return (await connection.get_raw_connection()).driver_connection


async def bare_connection(session: AsyncSession) -> asyncpg.Connection:
    """Return the asyncpg connection below a session, in the same scope and transaction."""
    return await driver_connection(await session.connection())


def _begun(database: Database, connection: asyncpg.Connection, first_words: str) -> "_Transaction":
    """Return a transaction that begins with these words, in one message of plain text."""
    return _Transaction(database, connection, connection.execute(f"{database.boundary.begin}; {first_words}"))


class _Transaction:
    """One transaction around a block. A class, not a generator: it stands around every request there is."""

    __slots__ = ("_beginning", "_boundary", "_connection")

    def __init__(self, database: Database, connection: asyncpg.Connection, beginning: Awaitable[object]) -> None:
        self._boundary = database.boundary
        self._connection = connection
        self._beginning = beginning

    async def __aenter__(self) -> None:
        try:
            await self._beginning
        except BaseException as error:
            # A refused entrance leaves an open, failed transaction behind: the connection must not go back like that.
            await _roll_back(self._connection, self._boundary.rollback)
            if isinstance(error, asyncpg.PostgresError) and error.sqlstate == _ACCESS_ENDED:
                raise AccessEnded from None
            raise

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            await _roll_back(self._connection, self._boundary.rollback)
            return
        try:
            await self._connection.execute(self._boundary.commit)
        except BaseException:
            await _roll_back(self._connection, self._boundary.rollback)
            raise


async def _roll_back(connection: asyncpg.Connection, rollback: str) -> None:
    """Roll back, or drop the connection when even that fails: a cancelled request must not hand one back open."""
    try:
        await connection.execute(rollback)
    except BaseException:
        connection.terminate()
        raise


def entrance(actor: Actor) -> str:
    """Return the statement that puts an actor's wall around a transaction.

    It goes out in one simple-protocol message with BEGIN, which takes no parameters, so every value is a literal.
    """
    return f"CALL access.let_in({', '.join(_literal(value) for value in _let_in(actor).arguments)})"


def _literal(value: str | None) -> str:
    return "NULL" if value is None else "'" + value.replace("'", "''") + "'"


def _let_in(actor: Actor, *, second_look: bool = False) -> Entrance:
    now = clock.now()
    arguments = (
        actor.kind,
        str(actor.id),
        _text(actor.session_id),
        _text(actor.assignment_id),
        _text(actor.token_id),
        actor.database_role,
        str(actor.unit_id),
        str(actor.version),
        str(clock.day_of(now)),
        str(now),
        actor.request_id,
        "true" if second_look else "false",
    )
    return Entrance(_LET_IN, arguments, _GRANTED if second_look else actor.database_role)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def in_scope(model: type[Any], actor: Actor) -> ColumnElement[bool]:
    """Return the predicate that row-level security also has, so that the planner finds the index.

    The wall stands without it; a plan made without it may walk the whole table.
    """
    column = _SCOPE_COLUMN.get(actor.level)
    if column is None:
        return true()
    predicate: ColumnElement[bool] = getattr(model, column) == getattr(actor, column)
    return predicate


def holder_unit(record: Holder) -> int:
    """Return the unit that answers for a record today, whoever made it: for an ended district its province."""
    return record.commune_id or record.province_id or VIET_NAM_UNIT


def scope_column(actor: Actor) -> tuple[str, int]:
    """Return the holder column and the value of it that bound an actor's rows; for statements in SQL.

    Raises LookupError for an actor above the provinces, who reads no row that names a child.
    """
    column = _SCOPE_COLUMN.get(actor.level)
    value = None if column is None else getattr(actor, column)
    if column is None or value is None:
        raise LookupError(actor.level)
    return column, value


@asynccontextmanager
async def second_look(session: AsyncSession) -> AsyncIterator[None]:
    """See, for a few statements, what other communes granted to this one, and nothing of its own.

    Afterwards the role is the one that it was before. Where a statement failed the transaction is lost anyway, and
    saying so again would hide why.
    """
    connection = await bare_connection(session)
    came_from = await connection.fetchval("SELECT current_setting('role')")
    await connection.execute(f"SET LOCAL ROLE {_GRANTED}")
    try:
        yield
    finally:
        if not connection.is_closed():
            with suppress(asyncpg.InFailedSQLTransactionError):
                await connection.execute("SELECT set_config('role', $1, true)", came_from)


@asynccontextmanager
async def as_auth(session: AsyncSession, actor: Actor) -> AsyncIterator[asyncpg.Connection]:
    """See credentials and sessions for a few statements; the scope must have found the person before.

    After an error the role is left as it is: the transaction is lost anyway, and saying so again would hide why.
    """
    connection = await bare_connection(session)
    await connection.execute("SET LOCAL ROLE childcare_auth")
    yield connection
    await connection.execute(f"SET LOCAL ROLE {actor.database_role}")
