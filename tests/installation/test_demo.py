"""`childcare-api demo` fills an empty database, once, and its people can log in and see their own children."""

import asyncio
import stat
from typing import Any

import asyncpg
import httpx
import pytest
from tests.installation.demo_server import DemoServer
from tests.installation.served import run_here

from childcare_api.demo.loading import DatabaseNotEmpty, load_demo
from childcare_api.demo.people import DEMO_PEOPLE
from childcare_api.embedded import EmbeddedCluster, running_cluster
from childcare_api.shared import clock

pytestmark = pytest.mark.timeout(300)


def running(demo_server: DemoServer) -> EmbeddedCluster:
    cluster = running_cluster(demo_server.data_dir)
    assert cluster is not None
    return cluster


def test_demo_people_see_the_children_of_their_own_unit(demo_server: DemoServer) -> None:
    seen: dict[str, set[str]] = {}
    for username in ("ta-van.officer", "ta-leng.officer", "lao-cai.province-officer"):
        page = httpx.get(
            f"{demo_server.address}/api/v1/children",
            params={"limit": "200"},
            headers=demo_server.bearer(username),
            timeout=60,
        )
        assert page.status_code == 200, page.text
        seen[username] = {child["id"] for child in page.json()["items"]}
    assert all(len(ids) > 100 for ids in seen.values())
    assert not seen["ta-van.officer"] & seen["ta-leng.officer"]


def test_there_is_work_for_everybody_on_the_first_day(demo_server: DemoServer) -> None:
    def rules(username: str) -> set[str]:
        found = httpx.get(
            f"{demo_server.address}/api/v1/tasks", headers=demo_server.bearer(username), params={"limit": 200}
        )
        return {task["rule"] for task in found.json()["items"]}

    assert {"intake.acknowledge", "intake.assess", "case.open", "emergency.intervene"} <= rules("sa-pa.officer")
    assert {"plan.decide", "emergency.intervene"} <= rules("sa-pa.leader")
    assert {"intake.route", "intake.assess"} <= rules("lao-cai.province-officer"), "overdue below, and not yet routed"
    assert "plan.review" in rules("ta-van.officer")
    cases = httpx.get(
        f"{demo_server.address}/api/v1/cases",
        headers=demo_server.bearer("lao-cai.province-officer"),
        params={"limit": 200},
    ).json()["items"]
    assert {"awaiting_decision", "implementing", "closed"} <= {case["status"] for case in cases}
    # A tour may have walked here before, and closed cases of its own.
    about = [case["child_id"] for case in cases if case["status"] == "closed"]
    assert any(about), "one of them is about a child of the register"


def test_plans_and_placements_find_somebody_to_call_on(demo_server: DemoServer) -> None:
    """Everybody who serves the commune, its province's centres among them; with places, papers and days."""
    headers = demo_server.bearer("sa-pa.officer")

    def ask(path: str, **params: str) -> dict[str, Any]:
        answer = httpx.get(f"{demo_server.address}/api/v1{path}", headers=headers, params=params, timeout=60)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    unit = ask("/me")["unit_id"]
    found = ask("/service-providers", unit_id=str(unit), limit="200")["items"]
    assert {"health", "education", "psychology", "legal", "alternative_care"} <= {
        service for one in found for service in one["services"]
    }
    assert {one["standing"] for one in found} == {"licensed"}
    facilities = ask("/service-providers", unit_id=str(unit), is_facility="true")["items"]
    assert {(one["name"], one["places"]) for one in facilities} >= {
        ("Mái ấm Hoa Đào", 12),
        ("Trung tâm Công tác xã hội tỉnh Lào Cai", 30),
    }
    shelter = next(one for one in facilities if one["name"] == "Mái ấm Hoa Đào")
    (licence,) = ask(f"/service-providers/{shelter['id']}")["licences"]
    assert licence["valid_to"] > clock.today().isoformat()
    case = ask("/cases")["items"][0]
    candidates = ask(f"/cases/{case['id']}/placement-candidates")
    assert "Mái ấm Hoa Đào" in str(candidates)


def test_the_hotline_logs_in_with_the_same_secret(demo_server: DemoServer) -> None:
    answer = demo_server.log_in(grant_type="client_credentials", client_id="tong-dai-111")
    assert answer.status_code == 200, answer.text


def test_the_password_is_kept_for_its_owner_alone(demo_server: DemoServer) -> None:
    assert stat.S_IMODE((demo_server.data_dir / "demo-password").stat().st_mode) == 0o600


def test_loading_it_twice_and_beside_the_server_changes_nothing(demo_server: DemoServer) -> None:
    again = run_here("demo", DATA_DIR=str(demo_server.data_dir))
    assert again.returncode == 0, again.stderr
    assert "first cases" not in again.stderr, "they are told once"
    assert demo_server.password in again.stdout
    other = run_here("demo", DATA_DIR=str(demo_server.data_dir), CHILDCARE_DEMO_PASSWORD="another")
    assert "another" not in other.stdout, "no password is shown that lets nobody in"
    assert "set CHILDCARE_DEMO_PASSWORD" in other.stdout
    assert demo_server.log_in(grant_type="password", username="sa-pa.leader").status_code == 200


def test_everybody_of_the_demo_is_there_with_about_two_thousand_children(demo_server: DemoServer) -> None:
    async def counts() -> tuple[int, int, int]:
        cluster = running(demo_server)
        connection = await asyncpg.connect(cluster.dsn("postgres", cluster.superuser_password, "childcare"))
        try:
            people = await connection.fetchval("SELECT count(*) FROM assignments")
            children, villages = await connection.fetchrow(
                "SELECT count(*), count(DISTINCT village_id) FROM children WHERE recorded_at < $1",
                demo_server.loaded_at,
            )
        finally:
            await connection.close()
        return people, children, villages

    people, children, villages = asyncio.run(counts())
    assert people >= len(DEMO_PEOPLE) + villages
    assert 2000 <= children <= 2100
    assert villages == 10


def test_a_database_that_holds_anything_is_refused(demo_server: DemoServer) -> None:
    async def load_again() -> None:
        password = (demo_server.data_dir / "database-owner-password").read_text().strip()
        connection = await asyncpg.connect(running(demo_server).dsn("childcare_owner", password, "childcare"))
        try:
            await load_demo(connection, password="x", now=clock.now(), today=clock.today())
        finally:
            await connection.close()

    with pytest.raises(DatabaseNotEmpty, match="holds users"):
        asyncio.run(load_again())
