"""The tests themselves: a skip is none where it must not be, and what a run started ends with it."""

import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import pytest
from tests.evening import ahead_of
from tests.no_skips import NEEDS_ROOT
from tests.together import DEMO, FILES, TESTS

from childcare_api.shared import clock

ROOT = Path(__file__).parents[2]
SKIPPING = """
import pytest

@pytest.fixture
def lacking():
    pytest.skip("no browser")

def test_by_fixture(lacking): ...

@pytest.mark.skipif(True, reason="not root")
def test_by_mark(): ...

def test_in_the_midst():
    pytest.skip("no reason")

@pytest.mark.xfail(strict=True)
def test_that_is_known_to_fail():
    assert False

def test_that_passes(): ...
"""


@pytest.mark.parametrize(
    ("ci", "outcomes"),
    [("true", {"passed": 1, "xfailed": 1, "failed": 1, "errors": 3}), ("", {"passed": 1, "xfailed": 1, "skipped": 4})],
)
def test_with_ci_a_skip_is_a_failure(pytester, monkeypatch, ci, outcomes):
    monkeypatch.setenv("CI", ci)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    pytester.makepyfile(SKIPPING, test_whole_file="import pytest\npytest.skip('not here', allow_module_level=True)")
    run = pytester.runpytest_subprocess("-p", "tests.no_skips", "--continue-on-collection-errors")
    assert run.parseoutcomes() == outcomes
    assert ("CI=true allows no skip. Skipped: no browser" in run.stdout.str()) is bool(ci)


@pytest.mark.parametrize(("user", "outcomes"), [(1000, {"skipped": 1}), (0, {"errors": 1})])
def test_only_where_nobody_is_root_what_root_does_is_left_out(pytester, monkeypatch, user, outcomes):
    monkeypatch.setenv("CI", "true")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    pytester.makeconftest(f"import os\nos.geteuid = lambda: {user}")
    pytester.makepyfile(
        f"import pytest\n@pytest.mark.skipif(True, reason={NEEDS_ROOT!r})\ndef test_as_another_user(): ..."
    )
    assert pytester.runpytest_subprocess("-p", "tests.no_skips").parseoutcomes() == outcomes


@pytest.mark.parametrize(
    ("begins", "stands_at"),
    [("00:05", "2026-11-22T00:05"), ("19:59", "2026-11-22T19:59"), ("20:00", "2026-11-23T00:30"),
     ("23:59", "2026-11-23T00:30")],
)  # fmt: skip
def test_a_run_in_the_evening_begins_with_the_next_day(begins, stands_at):
    now = datetime.fromisoformat(f"2026-11-22T{begins}+07:00")
    assert now + ahead_of(now) == datetime.fromisoformat(f"{stands_at}+07:00")
    assert clock.now().astimezone(clock.VIET_NAM).hour < 21


def test_whoever_asks_for_the_demo_is_among_those_who_share_it():
    asking = {path.stem for path in TESTS.rglob("test_*.py") if "DemoServer" in path.read_text(encoding="utf-8")}
    assert asking - {"test_the_tests"} == {file for file, shared in FILES.items() if shared is DEMO}
    assert FILES.keys() <= {path.stem for path in TESTS.rglob("test_*.py")}


def test_what_is_shared_keeps_its_tests_on_one_worker(pytester, monkeypatch):
    """Seen from outside: a mark of xdist's was ignored without a word, and everything was made twice."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    said = pytester.path / "workers"
    program = f"""
import os, pytest
@pytest.mark.parametrize("number", range(8))
def test_some(number):
    with open({str(said)!r}, "a") as told:
        told.write(__name__ + " " + os.environ["PYTEST_XDIST_WORKER"] + "\\n")
"""
    pytester.makepyfile(test_tour=program, test_demo=program, test_alone=program)
    assert pytester.runpytest_subprocess("-n", "2", "-p", "tests.together").parseoutcomes() == {"passed": 24}
    told = {tuple(line.split()) for line in said.read_text().splitlines()}
    assert len({worker for file, worker in told if file != "test_alone"}) == 1
    assert len({worker for _file, worker in told}) == 2


# A run that holds a guard on a process, says so, and never ends by itself.
RUN = """
import subprocess, sys, time
from pathlib import Path
from tests.cluster import guard
folder, works_in = map(Path, sys.argv[1:])
server = subprocess.Popen(["sleep", "60"], cwd=works_in, stdout=subprocess.DEVNULL)
guard(server.pid, folder / "cluster", folder)
print(server.pid, flush=True)
time.sleep(60)
"""


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.parametrize("is_ours", [True, False])
def test_a_killed_run_leaves_no_server_and_ends_nobody_elses(tmp_path, is_ours):
    folder = tmp_path / "run"
    (folder / "cluster").mkdir(parents=True)
    words = [sys.executable, "-c", RUN, str(folder), str(folder / "cluster" if is_ours else tmp_path)]
    run = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env={"PYTHONPATH": f"{ROOT}:{ROOT}/src"})
    server = int(run.stdout.readline())
    run.kill()
    run.communicate()
    deadline = time.monotonic() + 20
    while folder.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not folder.exists()
    assert runs(server) is not is_ours
    if not is_ours:
        subprocess.run(["/bin/kill", str(server)], check=True)
