"""A real server in a process of its own, for the tests of what an operator sees."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from pathlib import Path

import httpx
from click import unstyle
from typer.testing import CliRunner

from childcare_api.cli import app

ROOT = Path(__file__).parents[2]
START_SECONDS = 150


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def environment(**more: str) -> dict[str, str]:
    """Return an environment with nothing of ours in it but what is given."""
    ours = ("DATABASE_", "JWT_", "PG_BINDIR", "DATA_DIR", "CHILDCARE_DEMO", "CURSOR_KEY", "PORT", "HOST", "PYTHONDONT")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    # Nobody reads a server's output while it runs: with a line for each request, the pipe would fill and stop it.
    return inherited | {"PYTHONPATH": str(ROOT / "src"), "NO_COLOR": "1", "ACCESS_LOG": "false"} | more


def command(*words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run one command to its end, in a process of its own as an operator does."""
    return subprocess.run(
        [sys.executable, "-m", "childcare_api", *words],
        env=environment(**more),
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )


def run_here(*words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run one command here, where the program is at hand: a process of its own takes seconds to load it."""
    given = environment(**more)
    without = dict.fromkeys(os.environ.keys() - given.keys())
    signals = {number: signal.getsignal(number) for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)}
    try:
        with chdir("/"):
            done = CliRunner().invoke(app, words, env=given | without, catch_exceptions=False)
    finally:
        for number, handler in signals.items():
            signal.signal(number, handler)
    return subprocess.CompletedProcess(words, done.exit_code, unstyle(done.stdout), unstyle(done.stderr))


@contextmanager
def served(
    data_dir: Path, *words: str, program: tuple[str, ...] = (), **more: str
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Serve, and yield the process and its address once it is ready."""
    port = free_port()
    process = subprocess.Popen(
        [*(program or (sys.executable, "-m", "childcare_api")), "serve", "--port", str(port), *words],
        env=environment(**{"DATA_DIR": str(data_dir)} | more),
        cwd="/",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until_ready(process, address)
        yield process, address
    finally:
        if process.poll() is None:
            process.terminate()
            process.communicate(timeout=60)
        if process.stdout is not None:
            process.stdout.close()


def wait_until_ready(process: subprocess.Popen[str], address: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise AssertionError(f"it ended with {process.returncode}: {process.communicate()[0]}")
        try:
            if httpx.get(f"{address}/readyz", timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise AssertionError("it did not become ready")
