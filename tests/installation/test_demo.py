"""`childcare-api demo` fills an empty database, once, and its people can log in and see their own children."""

import asyncio
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import httpx
import pytest
from tests.installation.served import command, served

from childcare_api.demo.loading import DatabaseNotEmpty, load_demo
from childcare_api.demo.people import DEMO_PEOPLE
from childcare_api.embedded import EmbeddedCluster, running_cluster
from childcare_api.shared import clock

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def data_dir() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="cc-"))
    loaded = command("demo", DATA_DIR=str(folder / "data"))
    assert loaded.returncode == 0, loaded.stderr
    assert "sa-pa.officer" in loaded.stdout
    yield folder / "data"
    shutil.rmtree(folder)


def log_in(address: str, password: str, **fields: str) -> httpx.Response:
    return httpx.post(f"{address}/api/v1/auth/token", data={"password": password} | fields, timeout=30)


def test_demo_people_log_in_and_see_the_children_of_their_own_unit(data_dir: Path) -> None:
    password = (data_dir / "demo-password").read_text().strip()
    assert stat.S_IMODE((data_dir / "demo-password").stat().st_mode) == 0o600
    seen: dict[str, set[str]] = {}
    with served(data_dir) as (_process, address):
        again = command("demo", DATA_DIR=str(data_dir))
        assert again.returncode == 0, "loading it beside the server, and twice, changes nothing"
        for username in ("ta-van.officer", "ta-leng.officer", "lao-cai.province-officer"):
            answer = log_in(address, password, grant_type="password", username=username)
            assert answer.status_code == 200, answer.text
            bearer = {"Authorization": f"Bearer {answer.json()['access_token']}"}
            page = httpx.get(f"{address}/api/v1/children", params={"limit": "200"}, headers=bearer, timeout=30)
            assert page.status_code == 200, page.text
            seen[username] = {child["id"] for child in page.json()["items"]}
        hotline = log_in(address, "", grant_type="client_credentials", client_id="tong-dai-111", client_secret=password)
        assert hotline.status_code == 200, hotline.text
    assert all(len(ids) > 100 for ids in seen.values())
    assert not seen["ta-van.officer"] & seen["ta-leng.officer"]


def test_everybody_of_the_demo_is_there_with_about_two_thousand_children(data_dir: Path) -> None:
    async def counts() -> tuple[int, int, int]:
        cluster = running_cluster(data_dir)
        assert cluster is not None
        connection = await asyncpg.connect(cluster.dsn("postgres", cluster.superuser_password, "childcare"))
        try:
            people = await connection.fetchval("SELECT count(*) FROM assignments")
            children = await connection.fetchval("SELECT count(*) FROM children")
            units = await connection.fetchval("SELECT count(DISTINCT village_id) FROM children")
        finally:
            await connection.close()
        return people, children, units

    with EmbeddedCluster(data_dir):
        people, children, villages = asyncio.run(counts())
    assert people == len(DEMO_PEOPLE) + villages
    assert 2000 <= children <= 2100
    assert villages == 10


def test_a_database_that_holds_anything_is_refused(data_dir: Path) -> None:
    async def load_again() -> None:
        cluster = running_cluster(data_dir)
        assert cluster is not None
        password = (data_dir / "database-owner-password").read_text().strip()
        connection = await asyncpg.connect(cluster.dsn("childcare_owner", password, "childcare"))
        try:
            await load_demo(connection, password="x", now=clock.now(), today=clock.today())
        finally:
            await connection.close()

    with EmbeddedCluster(data_dir), pytest.raises(DatabaseNotEmpty, match="holds users"):
        asyncio.run(load_again())
