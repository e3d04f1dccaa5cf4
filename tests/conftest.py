"""One cluster for the run, a template cloned for each worker, a test's own transaction, and people to speak as."""

import asyncio
import gc
import os
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar

import asyncpg
import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI
from hypothesis import HealthCheck, settings

from childcare_api.access.tokens import KeySet
from childcare_api.app import create_app, furnish
from childcare_api.identity.keys import key_set, new_private_key
from childcare_api.settings import Settings
from childcare_api.shared import clock as product_clock
from childcare_api.shared.db import Database
from tests.cluster import RunCluster, end_in_order_on_signals
from tests.database import (
    API_PASSWORD,
    Committing,
    Line,
    OneConnection,
    clone_template,
    database_url,
    drop_database,
    make_template,
    wait_for_template,
)
from tests.people import MACHINES, PEOPLE, Machine, Person

# What is imported stays: there is nothing to collect until all of it is there.
gc.disable()
# httpx asks for it at every request, and looking through the whole path for what is not installed takes 0.3 ms.
sys.modules.setdefault("sniffio", None)
pytest_plugins = ["pytester", "tests.installation.demo_server", "tests.evening", "tests.no_skips", "tests.together"]
_CLUSTER_URL = "CHILDCARE_TEST_CLUSTER_URL"


# How fast examples are made is the machine's affair: two workers on two cores make them slowly.
settings.register_profile("here", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("here")


def pytest_configure(config: pytest.Config) -> None:
    """Start the cluster in the controller, before there are workers: roles are made once, in one place."""
    end_in_order_on_signals()
    if hasattr(config, "workerinput") or config.option.collectonly:
        return
    run = config.stash[_RUN] = RunCluster()
    os.environ[_CLUSTER_URL] = run.cluster.superuser_dsn
    run.prepare(lambda: asyncio.run(make_template(run.cluster)))
    if not config.getoption("numprocesses", None):
        # Workers load for as long as this takes; tests of this process may be about migrations themselves.
        run.prepared()


_RUN = pytest.StashKey[RunCluster]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what was given more time than others: begun last, it would keep one worker busy and the other idle."""
    items.sort(key=_seconds_given, reverse=True)


def _seconds_given(item: pytest.Item) -> float:
    given = item.get_closest_marker("timeout")
    return 0 if given is None else given.args[0]


def pytest_collection_finish(session: pytest.Session) -> None:
    """Take what was imported out of the collector's sight, as the server does: it walks all of it again and again."""
    gc.freeze()
    gc.enable()


def pytest_unconfigure(config: pytest.Config) -> None:
    if _RUN in config.stash:
        config.stash[_RUN].end()


@pytest_asyncio.fixture(scope="session")
async def cluster_url() -> str:
    """The superuser's address of the run's cluster, once its template is there."""
    url = os.environ[_CLUSTER_URL]
    await wait_for_template(url)
    return url


@pytest_asyncio.fixture(scope="session")
async def worker_database_name(cluster_url: str, worker_id: str) -> AsyncIterator[str]:
    name = f"childcare_{worker_id}"
    await clone_template(cluster_url, name)
    yield name
    await drop_database(cluster_url, name)


@pytest_asyncio.fixture(scope="session")
async def line(cluster_url: str, worker_database_name: str) -> AsyncIterator[Line]:
    line = Line(database_url(cluster_url, worker_database_name))
    yield line
    await line.hang_up()


@pytest_asyncio.fixture
async def database(
    request: pytest.FixtureRequest, cluster_url: str, line: Line, worker_id: str
) -> AsyncIterator[Database]:
    """The test's database: one connection that is rolled back, or with the mark `committed` a clone of its own."""
    if request.node.get_closest_marker("committed") is None:
        database = OneConnection(cluster_url, line)
        await database.open()
        yield database
        await database.close()
        return
    name = f"childcare_{worker_id}_{os.urandom(4).hex()}"
    await clone_template(cluster_url, name)
    committing = Committing(
        database_url(cluster_url, name, login="childcare_api", password=API_PASSWORD), database_url(cluster_url, name)
    )
    await committing.open()
    yield committing
    await committing.close()
    await drop_database(cluster_url, name)


@pytest.fixture(scope="session")
def keys() -> KeySet:
    settings = Settings()
    return key_set(new_private_key(), issuer=settings.jwt_issuer, audience=settings.jwt_audience)


@pytest.fixture(scope="session")
def assembled(keys: KeySet) -> FastAPI:
    """The real application, put together once: its routes and their plans take half a second."""
    return create_app(Settings(), database=Database("postgresql://"), keys=keys)


@pytest.fixture
def app(assembled: FastAPI, database: Database, keys: KeySet, tmp_path: Path) -> FastAPI:
    """The real application on the test's database, remembering nothing of another test."""
    furnish(assembled, Settings(data_dir=tmp_path), database=database, keys=keys)
    return assembled


class FreshToken(httpx.Auth):
    """A token that holds at the moment of each request, so that a test may move the clock by days in between.

    Within a minute it is the same one, for every test: signing one and checking it takes longer than many an answer.
    """

    _minted: ClassVar[dict[str, tuple[datetime, str]]] = {}

    def __init__(self, who: Person | Machine, keys: KeySet) -> None:
        self._who, self._keys = who, keys

    def auth_flow(self, request: httpx.Request) -> Iterator[httpx.Request]:
        # A test that sends a token of its own means that one.
        if "Authorization" not in request.headers:
            request.headers["Authorization"] = f"Bearer {self._token()}"
        yield request

    def _token(self) -> str:
        now, of = product_clock.now(), self._who.key
        at, token = self._minted.get(of, (now, ""))
        if not token or not timedelta() <= now - at < timedelta(minutes=1):
            token = self._who.token(self._keys)
            self._minted[of] = now, token
        return token


@pytest.fixture
def speak_as(app, keys: KeySet) -> Iterator[Callable[[str], httpx.AsyncClient]]:
    """Return a client that speaks as a person or machine of tests/people.py, with a real token."""

    def client(key: str) -> httpx.AsyncClient:
        who = PEOPLE.get(key) or MACHINES[key]
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app, raise_app_exceptions=False),
            base_url="http://test/api/v1",
            headers={"Accept-Language": "en"},
            auth=FreshToken(who, keys),
        )

    return client


@pytest.fixture
def nobody(app) -> httpx.AsyncClient:
    """A client without a token."""
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app, raise_app_exceptions=False),
        base_url="http://test/api/v1",
        headers={"Accept-Language": "en"},
    )


def _person_fixture(key: str) -> object:
    @pytest.fixture(name=key)
    def person(speak_as: Callable[[str], httpx.AsyncClient]) -> httpx.AsyncClient:
        return speak_as(key)

    return person


for _key in (*PEOPLE, *MACHINES):
    globals()[_key] = _person_fixture(_key)


class MovableClock:
    """The product's clock, held still at an instant that the test moves."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def set(self, at: datetime) -> None:
        self.at = at.astimezone(UTC)

    def forward(self, **by: float) -> None:
        self.at += timedelta(**by)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> MovableClock:
    """A clock that stands still at now until the test moves it."""
    movable = MovableClock(product_clock.now())
    monkeypatch.setattr(product_clock, "now", movable)
    return movable


@pytest_asyncio.fixture
async def events(database: Database) -> Callable:
    """Return a reader of the audit: `await events("case.closed")` gives the rows with that action, oldest first."""

    async def read(action: str) -> list[asyncpg.Record]:
        async with database.as_superuser() as connection:
            return await connection.fetch("SELECT * FROM audit.events WHERE action = $1 ORDER BY id", action)

    return read


@pytest_asyncio.fixture
async def rows(database: Database) -> Callable:
    """Return a reader of tables that no scope bounds: `await rows("SELECT …", …)`."""

    async def read(statement: str, *values: object) -> list[asyncpg.Record]:
        async with database.as_superuser() as connection:
            return await connection.fetch(statement, *values)

    return read
