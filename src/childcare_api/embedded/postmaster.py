"""The postmaster seen from outside: its pid file, whether it lives, and how it is waited for and ended."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

FAST, IMMEDIATE = signal.SIGINT, signal.SIGQUIT


@dataclass(frozen=True)
class Postmaster:
    """What postmaster.pid says of a live server."""

    pid: int
    port: int
    host: str
    """Its socket folder, else the address it listens on."""
    status: str
    """starting, ready, stopping or standby; empty while the file is being written."""

    @property
    def is_ready(self) -> bool:
        return self.status == "ready"


def live_postmaster(cluster: Path) -> Postmaster | None:
    """Return the server that runs on these files, or None; a pid file left by a crash or a reboot is no server."""
    try:
        lines = (cluster / "postmaster.pid").read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return None
    if not lines or not lines[0].strip().isdigit():
        return None
    pid = int(lines[0])
    if not is_alive(pid, cluster):
        return None
    fields = [line.strip() for line in lines] + [""] * 8
    host = fields[4] or fields[5].replace("*", "127.0.0.1")
    return Postmaster(pid=pid, port=int(fields[3] or 0), host=host, status=fields[7])


def is_alive(pid: int, cluster: Path) -> bool:
    """Say whether that process is a server on these files.

    The number alone proves nothing after a reboot, when it may be anybody's; a postmaster's working folder does.
    """
    working_folder = Path(f"/proc/{pid}/cwd")
    if Path("/proc/self/cwd").exists():
        try:
            return working_folder.resolve(strict=True) == cluster.resolve() and not _is_zombie(pid)
        except OSError:
            return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _is_zombie(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def remove_stale_pid_file(cluster: Path) -> None:
    """Remove a pid file whose number now belongs to some other program.

    PostgreSQL takes any live process of its own user for a server and would refuse to start; in a container, where
    numbers are small and come again, that happens at every restart. A number that is free it clears away itself.
    """
    path = cluster / "postmaster.pid"
    try:
        pid = int(path.read_text(encoding="utf-8").split("\n", 1)[0])
        os.kill(pid, 0)
    except (FileNotFoundError, ValueError, ProcessLookupError):
        return
    except PermissionError:
        pass
    if not is_alive(pid, cluster):
        path.unlink(missing_ok=True)


def end_postmaster(pid: int, cluster: Path, child: subprocess.Popen[bytes] | None, *, patience: float = 30) -> None:
    """Stop a server: politely to its clients' work in progress, then at once when that takes too long."""

    def has_ended() -> bool:
        if child is not None:
            return child.poll() is not None
        return not is_alive(pid, cluster)

    for how in (FAST, IMMEDIATE):
        try:
            os.kill(pid, how)
        except ProcessLookupError:
            break
        if wait_until(has_ended, patience):
            break
    if child is not None:
        child.wait()


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Wait until it holds; False when the time is over."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
