"""The database that tests run on: one real cluster for the run, a template made once, a clone for each worker."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from urllib.parse import urlsplit, urlunsplit

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection

from childcare_api.access.bootstrap import bootstrap
from childcare_api.embedded import EmbeddedCluster
from childcare_api.migrate import migrate
from childcare_api.reference_data import load_reference_data
from childcare_api.shared import lines
from childcare_api.shared.db import Boundary, Database
from tests.people import insert_people

API_PASSWORD = "api-in-tests"
OWNER_PASSWORD = "owner-in-tests"
TEMPLATE, UNFINISHED = "childcare_template", "childcare_unfinished"
SECONDS_TO_MAKE = 90

# A test's own transaction is around everything and is rolled back at its end; what the product calls a transaction
# is a savepoint in it. What was local to the transaction in the product is undone by hand at its end.
_LEAVE = "SET LOCAL ROLE childcare_api; " + "; ".join(
    f"SET LOCAL app.{name} = ''"
    for name in (
        "actor_id", "actor_kind", "assignment_id", "unit_id", "village_id", "commune_id", "district_id", "province_id",
        "source_id", "request_id", "today",
    )
)  # fmt: skip
SAVEPOINT = Boundary(
    begin="SAVEPOINT product",
    commit=f"SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED; RELEASE SAVEPOINT product; {_LEAVE}",
    rollback=f"ROLLBACK TO SAVEPOINT product; RELEASE SAVEPOINT product; {_LEAVE}",
)
LOCK_SECONDS = 5


class Line:
    """A worker's one connection, kept from test to test: a new one learns every table and every plan anew."""

    def __init__(self, url: str) -> None:
        self._engine = Database(url, size=1).engine
        self.mapped: AsyncConnection | None = None
        self.raw: asyncpg.Connection | None = None
        self.prepared: lines.Line | None = None

    async def begin(self) -> None:
        """Begin a test's transaction, on a new connection where the last test broke the old one."""
        if self.raw is None or self.raw.is_closed():
            self.mapped = await self._engine.connect()
            self.raw = (await self.mapped.get_raw_connection()).driver_connection
            self.prepared = lines.Line(self.raw)
        await self.raw.execute("BEGIN; SET LOCAL ROLE childcare_api")

    async def end(self) -> None:
        """Leave nothing of the test: its rows, its settings, its locks."""
        try:
            async with asyncio.timeout(LOCK_SECONDS):
                await self.mapped.rollback()
                await self.raw.execute("ROLLBACK; SELECT pg_advisory_unlock_all()")
        except (asyncpg.InterfaceError, asyncpg.PostgresConnectionError, TimeoutError):
            await self.hang_up()

    async def hang_up(self) -> None:
        if self.mapped is not None:
            await self.mapped.invalidate()
            await self.mapped.close()
        self.mapped = self.raw = None


class OneConnection(Database):
    """A database that is one connection inside a transaction that never commits."""

    boundary = SAVEPOINT

    def __init__(self, url: str, line: Line) -> None:
        super().__init__(url, size=1)
        self._turn = asyncio.Lock()
        self._line = line

    async def open(self) -> None:
        await self._line.begin()

    async def close(self) -> None:
        await self._line.end()

    @asynccontextmanager
    async def _my_turn(self) -> AsyncIterator[None]:
        # A scope inside a scope would wait here for ever: the product must not need two connections for one request.
        await asyncio.wait_for(self._turn.acquire(), LOCK_SECONDS)
        try:
            yield
        finally:
            self._turn.release()

    @asynccontextmanager
    async def line(self) -> AsyncIterator[lines.Line]:
        async with self._my_turn():
            yield self._line.prepared

    async def at_once(self, entrance: lines.Entrance, sql: str, values: Sequence[object]) -> list[asyncpg.Record]:
        """As in the product, one message for both; only that its transaction is a savepoint of the test's."""
        async with self.bare() as connection:
            await connection.execute(self.boundary.begin)
            try:
                found = await self._line.prepared.at_once(entrance, sql, values)
            except BaseException:
                await connection.execute(self.boundary.rollback)
                raise
            await connection.execute(self.boundary.commit)
            return found

    @asynccontextmanager
    async def mapped(self) -> AsyncIterator[AsyncConnection]:
        async with self._my_turn():
            yield self._line.mapped

    @asynccontextmanager
    async def rewound(self) -> AsyncIterator[None]:
        """Try something from what is prepared and leave nothing of it; one try may stand inside another."""
        async with self._my_turn():
            await self._line.raw.execute("SAVEPOINT tried")
        yield
        async with self._my_turn():
            await self._line.raw.execute("ROLLBACK TO SAVEPOINT tried; RELEASE SAVEPOINT tried")

    @asynccontextmanager
    async def as_superuser(self) -> AsyncIterator[asyncpg.Connection]:
        """Look at, or prepare, rows that nobody's scope shows."""
        async with self._my_turn():
            await self._line.raw.execute("SET LOCAL ROLE NONE")
            yield self._line.raw
            await self._line.raw.execute("SET LOCAL ROLE childcare_api")


class Committing(Database):
    """A real database of the test's own, as the product has it: two pools, real commits, the API's own login."""

    def __init__(self, url: str, superuser_url: str) -> None:
        super().__init__(url, size=16)
        self._superuser_url = superuser_url

    @asynccontextmanager
    async def as_superuser(self) -> AsyncIterator[asyncpg.Connection]:
        connection = await asyncpg.connect(self._superuser_url)
        try:
            yield connection
        finally:
            await connection.close()


def database_url(cluster_url: str, database: str, *, login: str | None = None, password: str = "") -> str:
    """Return a cluster's address with another database, and another login where one is named."""
    parts = urlsplit(cluster_url)
    place = parts.netloc.rpartition("@")
    netloc = parts.netloc if login is None else f"{login}:{password}@{place[2]}"
    return urlunsplit(parts._replace(netloc=netloc, path=f"/{database}"))


async def make_template(cluster: EmbeddedCluster) -> None:
    """Make roles, tables, reference data and people, once for the run. It has its name when it is whole."""
    url = cluster.superuser_dsn
    await bootstrap(url, database=UNFINISHED, owner_password=OWNER_PASSWORD, api_password=API_PASSWORD)
    owner_url = cluster.dsn("childcare_owner", OWNER_PASSWORD, UNFINISHED)
    await migrate(owner_url)
    connection = await asyncpg.connect(owner_url)
    try:
        await load_reference_data(connection)
        await insert_people(connection)
    finally:
        await connection.close()
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(f"ALTER DATABASE {UNFINISHED} RENAME TO {TEMPLATE}")
    finally:
        await connection.close()


async def wait_for_template(superuser_url: str) -> None:
    """Wait until the template is whole. Whoever makes it ends the cluster where that fails, and this with it."""
    connection = await asyncpg.connect(superuser_url)
    try:
        for _ in range(SECONDS_TO_MAKE * 10):
            if await connection.fetchval("SELECT count(*) FROM pg_database WHERE datname = $1", TEMPLATE):
                return
            await asyncio.sleep(0.1)
        raise TimeoutError("nobody made the template")
    finally:
        await connection.close()


async def clone_template(superuser_url: str, name: str) -> None:
    """Copy the template; a copy takes 50 to 260 ms."""
    connection = await asyncpg.connect(superuser_url)
    try:
        await connection.execute(f'CREATE DATABASE "{name}" TEMPLATE {TEMPLATE} STRATEGY FILE_COPY')
    finally:
        await connection.close()


async def drop_database(superuser_url: str, name: str) -> None:
    connection = await asyncpg.connect(superuser_url)
    try:
        await connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    finally:
        await connection.close()
