"""`childcare-api serve` with nothing configured: a private PostgreSQL, started, taken over and stopped with it."""

import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from tests.installation.served import command, free_port, run_here, served

from childcare_api.embedded import EmbeddedCluster
from childcare_api.embedded.cluster import cluster_folder
from childcare_api.embedded.postmaster import live_postmaster

# Each start is a whole program and a database; on a busy machine that is slow, and slow is not wrong.
pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def data_dir() -> Iterator[Path]:
    """One data directory for the file: making it takes seconds, and every test leaves it stopped."""
    folder = Path(tempfile.mkdtemp(prefix="cc-"))
    yield folder / "data"
    shutil.rmtree(folder)


def is_database_running(data_dir: Path) -> bool:
    return live_postmaster(cluster_folder(data_dir)) is not None


def test_ctrl_c_ends_it_and_its_database_and_is_no_failure(data_dir: Path) -> None:
    with served(data_dir) as (process, address):
        assert httpx.get(f"{address}/readyz").json() == {"status": "ok"}
        assert is_database_running(data_dir)
        said = "".join(iter(process.stdout.readline, "  Ctrl-C stops it.\n"))
        process.send_signal(signal.SIGINT)
        said += process.communicate(timeout=60)[0]
        assert not is_database_running(data_dir)
    assert process.returncode == 0, "least of all to make"
    assert "Traceback" not in said
    assert "Starting PostgreSQL" in said
    assert f"Serving on {address}" in said
    assert f"{address}/docs" in said


def test_a_closed_terminal_ends_both_and_each_request_was_a_line_that_names_nobody(data_dir: Path) -> None:
    with served(data_dir, ACCESS_LOG="true") as (process, address):
        said = "".join(iter(process.stdout.readline, "  Ctrl-C stops it.\n"))
        httpx.get(f"{address}/api/v1/children", params={"q": "Giàng A Sà"})
        httpx.get(f"{address}/api/v1/children/0193a000-0000-7000-8000-000000000001")
        process.send_signal(signal.SIGHUP)
        said += process.communicate(timeout=60)[0]
        assert not is_database_running(data_dir)
    assert process.returncode == 143
    assert "Traceback" not in said
    assert f"Serving on {address}" in said
    lines = [line for line in said.splitlines() if "/children" in line]
    assert len(lines) == 2, said
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]{12}Z GET /api/v1/children 401 [\d.]+ ms [\w-]+", lines[0]), lines[0]
    assert "/api/v1/children/{child_id} 401" in lines[1]
    assert "Gi" not in "".join(lines)
    assert "0193a000" not in said


def test_after_kill_9_the_next_start_takes_over_and_alone_and_sigterm_ends_both(data_dir: Path) -> None:
    with served(data_dir) as (process, _address):
        process.kill()
        process.communicate()
        left = live_postmaster(cluster_folder(data_dir))
        assert left is not None
    with served(data_dir) as (process, address):
        taken = live_postmaster(cluster_folder(data_dir))
        assert taken is not None
        assert taken.pid == left.pid
        assert httpx.get(f"{address}/readyz").status_code == 200
        a_second_one_on_the_same_data_or_port_is_refused(data_dir, address)
        process.send_signal(signal.SIGTERM)
        said = process.communicate(timeout=60)[0]
        assert not is_database_running(data_dir)
    assert "Traceback" not in said


def a_second_one_on_the_same_data_or_port_is_refused(data_dir: Path, address: str) -> None:
    same_data = run_here("serve", "--port", str(free_port()), DATA_DIR=str(data_dir))
    assert is_database_running(data_dir)
    port = address.rpartition(":")[2]
    same_port, run = (run_here(word, "--port", port, DATA_DIR=str(data_dir / "other")) for word in ("serve", "run"))
    assert same_data.returncode == 1
    assert "Another process already serves" in same_data.stderr
    assert "Traceback" not in same_data.stderr
    assert same_port.returncode == run.returncode == 1
    assert "choose with PORT=" in same_port.stderr
    assert "choose with PORT=" in run.stderr
    assert not (data_dir / "other").exists(), "a port in use is said before anything starts"


def test_two_processes_answer_and_end_together(data_dir: Path) -> None:
    with served(data_dir, "--workers", "2") as (process, address):
        assert httpx.get(f"{address}/readyz").status_code == 200
        children = subprocess.run(
            ["/bin/ps", "--no-headers", "-o", "pid", "--ppid", str(process.pid)],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
    assert len(children) >= 3  # two that answer and the database
    assert not is_database_running(data_dir)


def test_what_a_killed_parent_leaves_lets_go_of_the_port(data_dir: Path) -> None:
    with served(data_dir, "--workers", "2") as (process, address):
        process.kill()
        process.wait()
        deadline = time.monotonic() + 40
        while time.monotonic() < deadline:
            try:
                httpx.get(f"{address}/readyz", timeout=5)
            except httpx.TransportError:
                break
            time.sleep(0.2)
        else:
            pytest.fail("a process of the killed server still answers")
    EmbeddedCluster(data_dir).start().stop()


def test_a_setting_that_cannot_be_is_a_sentence_and_the_module_is_the_command() -> None:
    refused = command("serve", PORT="seventy")
    assert refused.args[1:4] == ["-m", "childcare_api", "serve"]
    assert refused.returncode == 1
    assert "PORT:" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_with_a_database_of_ones_own_every_secret_must_be_given() -> None:
    refused = run_here("serve", DATABASE_URL="postgresql://nobody@127.0.0.1:1/none", PORT=str(free_port()))
    assert refused.returncode == 1
    assert "JWT_PRIVATE_KEY_FILE and CURSOR_KEY must be set too" in refused.stderr


def test_the_openapi_document_needs_no_database() -> None:
    written = run_here("openapi")
    assert written.returncode == 0
    assert '"openapi": "3.1' in written.stdout


def test_the_menu_names_what_it_can_do() -> None:
    shown = run_here("--help")
    assert shown.returncode == 0
    assert "serve" in shown.stdout
