"""One server on one core, wrk on the other: warm-up, five windows, medians, and the CPU each request took."""

import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
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
    """Milliseconds."""


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


def measured(address: str, process: psutil.Process, *, seconds: float, environment: Mapping[str, str]) -> Measured:
    """Load an address as the environment tells wrk.lua to; raises Broken when an answer was no success."""
    _window(address, 1, environment)
    windows: list[Measured] = []
    for _ in range(WINDOWS):
        before = sum(process.cpu_times()[:2])
        requests, per_second, p95, p99 = _window(address, seconds, environment)
        spent = sum(process.cpu_times()[:2]) - before
        windows.append(Measured(per_second, spent / requests * 1e6, p95, p99))
    return Measured(
        *(statistics.median(getattr(one, name) for one in windows) for name in ("per_second", "cpu", "p95", "p99"))
    )


def _window(address: str, seconds: float, environment: Mapping[str, str]) -> tuple[int, float, float, float]:
    words = [
        "taskset",
        "-c",
        LOAD_CORE,
        "wrk",
        "-t1",
        f"-c{CONNECTIONS}",
        f"-d{seconds:g}s",
        "-s",
        str(_SCRIPT),
        address,
    ]
    done = subprocess.run(words, env={**os.environ, **environment}, capture_output=True, text=True, check=False)
    line = next((line for line in done.stdout.splitlines() if line.startswith("measured ")), None)
    if line is None:
        raise Broken(done.stdout + done.stderr)
    requests, failures, duration, p95, p99 = (float(word) for word in line.split()[1:])
    if failures or not requests:
        raise Broken(f"{failures:g} of {requests:g} answers were no success")
    return int(requests), requests / duration, p95, p99


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


def fetched(address: str, headers: Mapping[str, str]) -> bytes:
    """Return one answer's body, to see that what is measured is what was meant."""
    with urllib.request.urlopen(urllib.request.Request(address, headers=dict(headers))) as answer:  # noqa: S310 - http
        body: bytes = answer.read()
        return body
