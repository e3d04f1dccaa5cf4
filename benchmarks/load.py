"""One server on one core, wrk on the other: warm-up, five windows, medians, and the CPU each request took."""

import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import psutil

SERVER_CORE, LOAD_CORE = "0", "1"
WINDOWS, CONNECTIONS = 5, 16
_SCRIPT = Path(__file__).with_name("wrk.lua")


@dataclass(frozen=True)
class Measured:
    """Medians over the windows."""

    per_second: float
    cpu: float
    """Microseconds of the server's CPU for one request."""
    p95: float
    p99: float
    """Milliseconds, with every connection asking again as soon as it is answered."""
    half_p95: float = 0
    half_p99: float = 0
    """Milliseconds, at half of that load: what the server itself takes, with little waiting for others."""


class Broken(Exception):  # noqa: N818 - a fact
    """What was to be measured did not answer as it should."""


def needed_tools() -> list[str]:
    """Return the programs that are missing here."""
    return [name for name in ("wrk", "taskset") if shutil.which(name) is None]


@contextmanager
def served(application: str, environment: Mapping[str, str], *, factory: bool) -> Iterator[tuple[str, psutil.Process]]:
    """Serve an ASGI application on a core of its own; yields its address and process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ["taskset", "-c", SERVER_CORE, sys.executable, "-m", "uvicorn", application, "--port", str(port)]
    words += [
        "--http",
        "httptools",
        "--loop",
        "uvloop",
        "--no-access-log",
        "--log-level",
        "warning",
        "--backlog",
        "2048",
    ]
    process = subprocess.Popen([*words, *(["--factory"] if factory else [])], env={**os.environ, **environment})
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(port, process)
        yield address, psutil.Process(process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


@dataclass(frozen=True)
class Target:
    """A running server, and what wrk.lua is to ask it."""

    address: str
    process: psutil.Process
    order: Mapping[str, str]


def measured(targets: Sequence[Target], *, seconds: int) -> list[Measured]:
    """Load each target in turn, five times round, so that an unquiet minute meets all of them alike.

    The first of them, which is the product, is then loaded once more at half of what it did. Raises Broken when an
    answer was no success.
    """
    for target in targets:
        _window(target, 1)
    rounds = [[_window(target, seconds) for target in targets] for _ in range(WINDOWS)]
    product, *others = (_median([one[index] for one in rounds]) for index in range(len(targets)))
    half = _window(targets[0], seconds, pause=CONNECTIONS / product.per_second * 1000)
    return [replace(product, half_p95=half.p95, half_p99=half.p99), *others]


def _median(windows: list[Measured]) -> Measured:
    return Measured(
        *(statistics.median(getattr(one, name) for one in windows) for name in ("per_second", "cpu", "p95", "p99"))
    )


def _window(target: Target, seconds: int, *, pause: float = 0) -> Measured:
    # A slow answer is slow, no failure: wrk's own limit of two seconds counts it as one.
    words = ["taskset", "-c", LOAD_CORE, "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "30s"]
    words += ["-s", str(_SCRIPT)]
    environment = {**os.environ, **target.order, "LOAD_PAUSE": str(pause)}
    before = sum(target.process.cpu_times()[:2])
    done = subprocess.run([*words, target.address], env=environment, capture_output=True, text=True, check=False)
    spent = sum(target.process.cpu_times()[:2]) - before
    line = next((line for line in done.stdout.splitlines() if line.startswith("measured ")), None)
    if line is None:
        raise Broken(" ".join((done.stderr or done.stdout).split()))
    requests, refused, lost, late, duration, p95, p99 = (float(word) for word in line.split()[1:])
    if refused or lost or late or not requests:
        raise Broken(
            f"of {requests:g} answers {refused:g} were no success, {lost:g} were lost, {late:g} took 30 seconds"
        )
    return Measured(requests / duration, spent / requests * 1e6, p95, p99)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        if process.poll() is not None:
            raise Broken("the server ended")
        try:
            with socket.create_connection(("127.0.0.1", port), 1):
                return
        except OSError:
            time.sleep(0.1)
    raise Broken("the server does not answer")
