"""The database as the product reaches it: one SQLAlchemy engine, the bare lines, and what every table shares.

Nobody but `access/scope.py` takes a connection from here to work with: it alone speaks BEGIN and COMMIT.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import Date, DateTime, Integer, MetaData, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.pool import AsyncAdaptedQueuePool

from childcare_api.shared.gathering import connect
from childcare_api.shared.lines import Entrance, Line, Lines


class Base(DeclarativeBase):
    """What every model inherits: names of constraints by convention, and column types that mean one thing."""

    metadata = MetaData(
        naming_convention={
            "pk": "%(table_name)s_pkey",
            "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
            "uq": "%(table_name)s_%(column_0_N_name)s_key",
            "ck": "%(table_name)s_%(constraint_name)s_check",
            "ix": "%(table_name)s_%(column_0_N_name)s_idx",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it from the class
        str: Text,
        datetime: DateTime(timezone=True),
        date: Date,
        UUID: Uuid,
        int: Integer,
        dict[str, Any]: JSONB,
        list[Any]: JSONB,
    }


class Holder:
    """For whom a record was made, and who answers for it today.

    `unit_id` is never rewritten. The four holder columns are what row-level security looks at: empty above the
    holder's own level, rewritten only by a reorganisation. They carry no foreign key: units are never deleted or
    renumbered, and five more indexes on every table would cost every insert.
    """

    unit_id: Mapped[int]
    village_id: Mapped[int | None]
    commune_id: Mapped[int | None]
    district_id: Mapped[int | None]
    province_id: Mapped[int | None]


HOLDER_COLUMNS = ("unit_id", "village_id", "commune_id", "district_id", "province_id")


def holder_of(record: Holder) -> dict[str, int | None]:
    """Return a record's holder columns, to be copied into its parts."""
    return {name: getattr(record, name) for name in HOLDER_COLUMNS}


class Versioned:
    """`row_version` counts every change of a record and of its parts; clients see it as the ETag."""

    row_version: Mapped[int] = mapped_column(default=1)


class Recorded:
    """Who wrote a row down, and when."""

    recorded_at: Mapped[datetime]
    recorded_by: Mapped[UUID]


@dataclass(frozen=True, slots=True)
class Boundary:
    """How a transaction begins and ends: real in the product, a savepoint where a test owns the transaction."""

    begin: str
    commit: str
    rollback: str


TRANSACTION = Boundary("BEGIN", "COMMIT", "ROLLBACK")


class Database:
    """The two ways to a connection: through SQLAlchemy, and bare for the hot paths."""

    boundary = TRANSACTION

    def __init__(self, url: str, *, size: int = 10) -> None:
        """Remember where the database is; nothing is opened yet. `size` bounds each of the two pools."""
        self.url = url
        self.size = size
        # AUTOCOMMIT: SQLAlchemy sends no BEGIN of its own, so the scope's first message can be one round trip.
        self.engine: AsyncEngine = create_async_engine(
            sqlalchemy_url(url),
            isolation_level="AUTOCOMMIT",
            async_creator=partial(connect, url),
            poolclass=AsyncAdaptedQueuePool,
            pool_size=size,
            max_overflow=0,
            pool_timeout=10,
        )
        self._lines = Lines(url, size=size)

    async def open(self) -> None:
        """Find out whether the database answers."""
        await self._lines.open()

    async def close(self) -> None:
        """Close all connections."""
        await self._lines.close()
        await self.engine.dispose()

    def line(self) -> AbstractAsyncContextManager[Line]:
        """Lend a bare connection with what was prepared on it. For `access/scope.py` alone."""
        return self._lines.lend()

    @asynccontextmanager
    async def bare(self) -> AsyncIterator[asyncpg.Connection]:
        """Lend a bare asyncpg connection. For `access/scope.py` alone."""
        async with self.line() as line:
            yield line.connection

    async def at_once(self, entrance: Entrance, sql: str, values: Sequence[object]) -> list[asyncpg.Record]:
        """Run a statement behind an entrance, as a transaction of their own. For `access/scope.py` alone."""
        return await self._lines.at_once(entrance, sql, values)

    @asynccontextmanager
    async def mapped(self) -> AsyncIterator[AsyncConnection]:
        """Lend a SQLAlchemy connection. For `access/scope.py` alone."""
        async with self.engine.connect() as connection:
            yield connection


def sqlalchemy_url(url: str) -> str:
    """Return a libpq style address as SQLAlchemy wants it."""
    for prefix in ("postgresql://", "postgres://"):
        if url.startswith(prefix):
            return "postgresql+asyncpg://" + url.removeprefix(prefix)
    return url


def constraint_of(error: BaseException) -> str | None:
    """Return the name of the constraint that an error of the database speaks of, if it does."""
    seen: BaseException | None = error
    while seen is not None:
        name = getattr(seen, "constraint_name", None)
        if isinstance(name, str):
            return name
        seen = getattr(seen, "orig", None) or seen.__cause__
    return None
