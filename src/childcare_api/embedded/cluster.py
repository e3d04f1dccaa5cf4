"""A private PostgreSQL cluster below a data directory: made once, locked, started, adopted, stopped."""

import fcntl
import hashlib
import os
import shutil
import socket
import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from childcare_api.embedded.account import (
    Account,
    choose_account,
    reachable_binaries,
    refuse_folder_of_another,
    shared_home,
)
from childcare_api.embedded.binaries import Binaries, find_binaries
from childcare_api.embedded.errors import AlreadyServed, ClusterError
from childcare_api.embedded.kept_secrets import kept_secret
from childcare_api.embedded.postmaster import end_postmaster, live_postmaster, remove_stale_pid_file, wait_until

SUPERUSER = "postgres"
SUPERUSER_SECRET = "postgres-superuser-password"  # noqa: S105 - the name of a file
SOCKET_PORT = 5432  # only names the socket file: no port is opened
LONGEST_SOCKET_PATH = 107
START_SECONDS = 120  # recovery after a crash replays the log first
BUILTIN_LOCALE_SINCE = 17

DEFAULT_OPTIONS = {
    "timezone": "UTC",
    "log_timezone": "UTC",
    "password_encryption": "scram-sha-256",
    "shared_buffers": "256MB",
    # Names of children must not reach a log: an error's text, detail and statement can hold what was typed.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}


class EmbeddedCluster:
    """One cluster under one data directory; whoever starts it holds the directory until it stops.

    `options` are PostgreSQL settings (`{"fsync": "off"}`) and win over ours. Used as a context manager it stops at
    the end of the block.
    """

    def __init__(
        self,
        data_dir: str | Path,
        *,
        binaries: Binaries | None = None,
        options: Mapping[str, str] | None = None,
    ) -> None:
        self.data_dir = Path(data_dir).absolute()
        self.host = ""
        self.port = 0
        self.pid = 0
        self.was_adopted = False
        self._binaries = binaries
        self._options = {**DEFAULT_OPTIONS, **(options or {})}
        self._lock: int | None = None
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def superuser_password(self) -> str:
        return kept_secret(self.data_dir, SUPERUSER_SECRET)

    @property
    def superuser_dsn(self) -> str:
        """The superuser's address, for making roles and databases; nothing else may use it."""
        return self.dsn(SUPERUSER, self.superuser_password, "postgres")

    def dsn(self, user: str, password: str, database: str) -> str:
        """Return an address that asyncpg, psycopg, SQLAlchemy and psql understand, with socket or port."""
        return make_dsn(self.host, self.port, user=user, password=password, database=database)

    def start(self) -> Self:
        """Make the cluster if there is none, and start it; a server left alive by `kill -9` is taken over.

        Raises AlreadyServed while another process holds the data directory, and ClusterError with a sentence for
        the person who started it when PostgreSQL cannot run here.
        """
        refuse_folder_of_another(self.data_dir)
        self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._take_lock()
        try:
            self._adopt_or_start()
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """Stop the server and let go of the data directory; nothing happens if it was not started here."""
        if self._lock is None:
            return
        if self.pid:
            end_postmaster(self.pid, cluster_folder(self.data_dir), self._child)
        self.pid, self._child = 0, None
        os.close(self._lock)
        self._lock = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _take_lock(self) -> None:
        if self._lock is not None:
            raise AlreadyServed(f"This process already runs the database in {self.data_dir}.")
        descriptor = os.open(self.data_dir / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise AlreadyServed(
                f"Another process already serves {self.data_dir}. Stop that one, or choose another DATA_DIR."
            ) from None
        self._lock = descriptor

    def _adopt_or_start(self) -> None:
        cluster = cluster_folder(self.data_dir)
        running = live_postmaster(cluster)
        if running is not None:
            self.pid = running.pid
            if running.status != "stopping" and self._becomes_ready(cluster):
                self.was_adopted = True
                return
            if not wait_until(lambda: live_postmaster(cluster) is None, START_SECONDS):
                raise ClusterError(f"PostgreSQL {running.pid} on {cluster} neither serves nor ends.")
            self.pid = 0
        existing = cluster if (cluster / "PG_VERSION").exists() else None
        account = choose_account(existing)
        binaries = self._binaries or find_binaries(major=_major_of(existing))
        binaries = reachable_binaries(account, binaries)
        if existing is None:
            cluster = self._make_cluster(account, binaries)
        remove_stale_pid_file(cluster)
        self._start_server(account, binaries, cluster)

    def _home_for(self, account: Account) -> Path:
        """Make the folder for the cluster: below the data directory wherever its user can get there."""
        home = self.data_dir / "postgres"
        if account.is_another_user:
            self.data_dir.chmod(0o711)  # passing through is all that is given: every secret in it is 0600
            if not account.can("-x", self.data_dir):
                # It lies in a private home. The cluster goes where its user may go, and the data directory says where.
                home = shared_home() / hashlib.sha256(os.fsencode(self.data_dir)).hexdigest()[:12]
                (self.data_dir / "postgres-location").write_text(f"{home}\n", encoding="utf-8")
        account.make_folder(home)
        return home

    def _make_cluster(self, account: Account, binaries: Binaries) -> Path:
        """Run initdb in a draft beside the final place, so that an interrupted one leaves no half cluster."""
        home = self._home_for(account)
        draft, cluster, password_file = home / "cluster.new", home / "cluster", home / "password.new"
        shutil.rmtree(draft, ignore_errors=True)
        password_file.unlink(missing_ok=True)
        # Where it exists, the order that depends on no system library and so never changes under an index.
        provider = ["--locale-provider=builtin"] if binaries.major >= BUILTIN_LOCALE_SINCE else []
        speed = ["--no-sync"] if self._options.get("fsync") == "off" else []
        command = account.command(
            binaries.program("initdb"),
            f"--pgdata={draft}",
            f"--username={SUPERUSER}",
            "--auth=scram-sha-256",
            f"--pwfile={password_file}",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            *provider,
            *speed,
        )
        password_file.touch(mode=0o600)
        try:
            account.own(password_file)
            password_file.write_text(self.superuser_password, encoding="utf-8")
            made = subprocess.run(command, capture_output=True, check=False, **account.start_options())
        finally:
            password_file.unlink()
        if made.returncode != 0:
            raise ClusterError(f"initdb could not make {draft}: {made.stderr.decode(errors='replace').strip()}")
        draft.rename(cluster)
        return cluster

    def _start_server(self, account: Account, binaries: Binaries, cluster: Path) -> None:
        settings = {**self._options, **_where_to_listen(account, cluster.parent)}
        words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        log_path = self.data_dir / "postgres.log"
        for _ in range(60):
            with log_path.open("ab") as log:
                log_start = log.tell()
                self._child = subprocess.Popen(
                    account.command(binaries.program("postgres"), "-D", str(cluster), *words),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    # Ctrl-C reaches every process of the terminal; the database must outlive our own clean end.
                    start_new_session=True,
                    **account.start_options(),
                )
            self.pid = self._child.pid
            if self._becomes_ready(cluster):
                return
            said = log_path.read_bytes()[log_start:].decode(errors="replace").strip()
            self._child.wait()
            self.pid = 0
            # A killed postmaster's last children may take a moment to notice that it has gone.
            if "pre-existing shared memory block" not in said:
                raise ClusterError(f"PostgreSQL does not start on {cluster}; it said: {said[-2000:]}")
            wait_until(lambda: False, 0.5)
        raise ClusterError(f"Processes of an earlier PostgreSQL still use {cluster}; end them and start again.")

    def _becomes_ready(self, cluster: Path) -> bool:
        """Wait while the server is starting; False when it ended instead."""

        def has_settled() -> bool:
            if self._child is not None and self._child.poll() is not None:
                return True
            server = live_postmaster(cluster)
            if server is None:
                return self._child is None
            return server.pid == self.pid and server.status in ("ready", "stopping")

        wait_until(has_settled, START_SECONDS)
        server = live_postmaster(cluster)
        if server is None or not server.is_ready or server.pid != self.pid:
            return False
        self.host, self.port = server.host, server.port
        return True


def running_cluster(data_dir: str | Path) -> EmbeddedCluster | None:
    """Return the cluster that another process serves from this data directory, to connect to and not to stop."""
    cluster = EmbeddedCluster(data_dir)
    server = live_postmaster(cluster_folder(cluster.data_dir))
    if server is None or not server.is_ready:
        return None
    cluster.host, cluster.port = server.host, server.port
    return cluster


def holds_cluster(data_dir: Path) -> bool:
    """Say whether a cluster was made below this data directory; ClusterError when it is another user's."""
    refuse_folder_of_another(data_dir)
    return (cluster_folder(data_dir) / "PG_VERSION").exists()


def cluster_folder(data_dir: Path) -> Path:
    """Return where the cluster's files are, or will be."""
    elsewhere = data_dir / "postgres-location"
    home = Path(elsewhere.read_text(encoding="utf-8").strip()) if elsewhere.exists() else data_dir / "postgres"
    return home / "cluster"


def make_dsn(host: str, port: int, *, user: str, password: str, database: str) -> str:
    """Return a PostgreSQL address; a host that is a path is a socket folder and goes into the query."""
    login = f"{quote(user, safe='')}:{quote(password, safe='')}"
    if host.startswith("/"):
        return f"postgresql://{login}@/{quote(database, safe='')}?host={quote(host, safe='/')}&port={port}"
    return f"postgresql://{login}@{host}:{port}/{quote(database, safe='')}"


def _where_to_listen(account: Account, home: Path) -> dict[str, str]:
    """Choose a socket in a private folder, where nobody else can knock, or a loopback port if its path is too long."""
    sockets = home / "run"
    if len(os.fsencode(sockets / f".s.PGSQL.{SOCKET_PORT}")) <= LONGEST_SOCKET_PATH:
        account.make_folder(sockets)
        return {
            "listen_addresses": "",
            "port": str(SOCKET_PORT),
            "unix_socket_directories": str(sockets).replace("\\", "\\\\").replace(",", "\\,"),
            "unix_socket_permissions": "0700",
        }
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return {"listen_addresses": "127.0.0.1", "port": str(port), "unix_socket_directories": ""}


def _major_of(cluster: Path | None) -> int | None:
    return int((cluster / "PG_VERSION").read_text(encoding="utf-8")) if cluster else None
