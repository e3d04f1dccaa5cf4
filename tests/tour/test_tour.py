"""The tour passes against the real demo, again and again, and notices one false answer in any of its steps."""

import asyncio
import io
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from rich.console import Console

from childcare_api.tour.walk import STEPS, walk_to
from tests.installation.demo_server import DemoServer
from tests.installation.served import command, free_port, run_here
from tests.tour.proxy import Falsehood, falsifying

pytestmark = pytest.mark.timeout(400)


@pytest.fixture
def demo(demo_server: DemoServer) -> tuple[str, Path]:
    """The demo served by a process of its own: its address, and where its password is kept."""
    return demo_server.address, demo_server.data_dir


TOKENS: dict[str, str] = {}
"""Everybody logs in once for all walks: hashing passwords is slow on purpose."""


def walked(address: str, data_dir: Path) -> tuple[bool, str]:
    written = io.StringIO()
    console = Console(file=written, width=300, no_color=True)
    password = (data_dir / "demo-password").read_text().strip()
    return asyncio.run(walk_to(address, password, console, tokens=TOKENS)), written.getvalue()


def test_the_tour_passes_any_number_of_times(demo: tuple[str, Path]) -> None:
    address, data_dir = demo
    for run in (command, run_here):
        done = run("tour", "--url", address, DATA_DIR=str(data_dir))
        assert done.returncode == 0, done.stdout + done.stderr
        assert f"{len(STEPS)} steps, everything as it should be" in done.stdout
    assert "tong-dai-111" in done.stdout
    assert "31.1" in done.stdout, "each clock is shown with its article"


def test_the_password_may_come_from_the_environment(demo: tuple[str, Path]) -> None:
    address, data_dir = demo
    password = (data_dir / "demo-password").read_text().strip()
    wrong = run_here("tour", "--url", address, DATA_DIR="/nowhere", CHILDCARE_DEMO_PASSWORD="not-" + password)
    assert wrong.returncode == 1
    assert "cannot log in" in wrong.stdout
    missing = run_here("tour", "--url", address, DATA_DIR="/nowhere")
    assert missing.returncode == 1


def test_a_server_that_is_not_there_is_named_with_what_to_do() -> None:
    port = str(free_port())
    alone = run_here("tour", DATA_DIR="/nowhere", CHILDCARE_DEMO_PASSWORD="any", PORT=port)
    assert alone.returncode == 1
    assert f"No server answers at http://127.0.0.1:{port}" in alone.stdout
    assert "make run" in alone.stdout


def later(name: str, **by: float):
    """Return a change that moves an instant of the first item."""

    def change(answer: dict[str, Any]) -> dict[str, Any]:
        for item in answer["items"]:
            item[name] = (datetime.fromisoformat(item[name]) + timedelta(**by)).isoformat()
        return answer

    return change


def without_last(answer: dict[str, Any]) -> dict[str, Any]:
    return answer | {"items": answer["items"][:-1]}


UUIDS = "[0-9a-f-]{36}"
FALSEHOODS = {
    "another receipt for the same post": Falsehood(
        1, "POST", "/hotline/referrals", lambda a: a | {"row_version": 9}, occurrence=2
    ),
    "the wrong office": Falsehood(
        1, "POST", "/hotline/referrals", lambda a: a | {"office": a["office"] | {"unit_id": 7}}
    ),
    "another commune reads the report": Falsehood(2, "GET", f"/intakes/{UUIDS}", answered=404, status=200),
    "twelve hours that are thirteen": Falsehood(2, "GET", "/tasks", later("due_at", hours=1)),
    "the commune of the incident loses its part": Falsehood(
        3, "GET", "/cases", lambda a: a | {"items": []}, occurrence=2
    ),
    "an incomplete dossier said to lack nothing": Falsehood(
        4, "POST", f"/cases/{UUIDS}/intervention-plans/{UUIDS}/submit", lambda a: a | {"missing": []}, answered=409
    ),
    "a wrong number that counts": Falsehood(
        5,
        "POST",
        f"/cases/{UUIDS}/intervention-plans/{UUIDS}/approve",
        lambda a: a | {"decisions": [one | {"counts": True} for one in a["decisions"]]},
        occurrence=2,
        answered=200,
    ),
    "remaining risk that ends the plan": Falsehood(
        6, "POST", f"/cases/{UUIDS}/reviews", lambda a: a | {"outcome": "end"}
    ),
    "a day of Tết counted as a working day": Falsehood(7, "GET", "/tasks", later("due_at", days=-1), occurrence=6),
    "a step missing from the timeline": Falsehood(8, "GET", f"/cases/{UUIDS}/timeline", without_last, occurrence=2),
    "a plan of today that was one of old": Falsehood(
        9, "POST", f"/action-plans/{UUIDS}/renew", lambda a: a | {"id": str(UUID(int=1))}, occurrence=6
    ),
    "a class that nobody held": Falsehood(
        9,
        "GET",
        f"/action-plans/{UUIDS}/progress",
        lambda a: a | {"items": [one | {"value": (one["value"] or 0) + 1} for one in a["items"]]},
        occurrence=6,
    ),
    "an audit that is not whole": Falsehood(8, "GET", "/audit/verification", lambda a: a | {"intact": False}),
}


def test_every_step_of_the_tour_has_a_falsehood() -> None:
    assert {falsehood.step for falsehood in FALSEHOODS.values()} == set(range(1, len(STEPS) + 1))


@pytest.mark.parametrize("words", FALSEHOODS)
def test_one_false_answer_ends_the_tour_in_its_step(demo: tuple[str, Path], words: str) -> None:
    address, data_dir = demo
    falsehood = FALSEHOODS[words]
    with falsifying(address, falsehood) as (proxy, falsified):
        passed, written = walked(proxy, data_dir)
    assert len(falsified) == 1, written[-800:]
    assert not passed, written[-800:]
    assert f"✗ {falsehood.step}. " in written, written[-800:]


def test_a_false_answer_makes_the_command_end_with_one(demo: tuple[str, Path]) -> None:
    address, data_dir = demo
    with falsifying(address, FALSEHOODS["the wrong office"]) as (proxy, _falsified):
        done = run_here("tour", "--url", proxy, DATA_DIR=str(data_dir))
    assert done.returncode == 1
    assert "today's phường Sa Pa" in done.stdout


def test_a_server_that_is_not_there_ends_with_one(demo: tuple[str, Path]) -> None:
    done = run_here("tour", "--url", "http://127.0.0.1:9", DATA_DIR=str(demo[1]))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
