"""The run's one cluster, which outlives no end of the run, not even `kill -9`."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import FrameType

from childcare_api.embedded import EmbeddedCluster
from childcare_api.embedded.cluster import cluster_folder

FAST = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "max_connections": "200"}
ROOM = 4 * 2**30

# It reads until whoever holds the other end has gone, however that went. Then it ends the server, if that number is
# still the server's: a postmaster works in the folder of its files.
_GUARD = """
cat
while [ "$(readlink "/proc/$1/cwd")" = "$2" ]; do
  kill -s QUIT "$1"
  sleep 0.1
done
rm -rf "$3"
"""


class RunCluster:
    """A started cluster in a folder of its own, and the guard that ends both with the run."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="childcare-tests-", dir=_quickest_folder()))
        self.cluster = EmbeddedCluster(self._folder, options=FAST)
        try:
            self.cluster.start()
        except BaseException:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise
        self._aside = ThreadPoolExecutor(1)
        self._made: Future[None] | None = None
        self._guard = guard(self.cluster.pid, cluster_folder(self._folder), self._folder)

    def prepare(self, make: Callable[[], None]) -> None:
        """Make beside the rest what the run stands on. Where that fails, the cluster ends, and all that waits."""
        self._made = self._aside.submit(make)
        self._made.add_done_callback(lambda made: self.cluster.stop() if made.exception() is not None else None)

    def prepared(self) -> None:
        """Wait until it is made. Raises what it failed with."""
        if self._made is not None:
            self._made.result()

    def end(self) -> None:
        try:
            self.prepared()
        finally:
            self.cluster.stop()
            self._guard.communicate()


def guard(pid: int, cluster: Path, folder: Path) -> subprocess.Popen[bytes]:
    """Start what ends a server and removes its folder once this process has gone or closed the guard's input."""
    return subprocess.Popen(
        ["/bin/sh", "-c", _GUARD, "guard", str(pid), str(cluster.resolve()), str(folder)],
        stdin=subprocess.PIPE,
        # Whatever ends every process of the terminal must not end this one.
        start_new_session=True,
    )


def end_in_order_on_signals() -> None:
    """Make of SIGTERM and a closed terminal what Ctrl-C is: tests end, and what they started is ended too."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    # `timeout` sends it twice; the second must not interrupt the end.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def _quickest_folder() -> str | None:
    """Return memory where there is enough of it: copying databases for tests is what takes the time."""
    memory = Path("/dev/shm")  # noqa: S108 - mkdtemp makes a private folder in it
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM
    return str(memory) if roomy else None
