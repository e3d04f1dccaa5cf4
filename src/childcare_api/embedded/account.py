"""As whom PostgreSQL runs: it refuses root, so root lends it a user namespace, or else an unprivileged account."""

import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from childcare_api.embedded.binaries import Binaries
from childcare_api.embedded.errors import ClusterError

SHARED_HOME = Path("/var/lib/childcare-api")
NAMESPACE = ("--user", "--map-user=1000", "--map-group=1000", "--")


@dataclass(frozen=True)
class Account:
    """How PostgreSQL's programs are started, and which user its files belong to on disk."""

    prefix: tuple[str, ...] = ()
    uid: int = field(default_factory=os.geteuid)
    gid: int = field(default_factory=os.getegid)

    @property
    def is_another_user(self) -> bool:
        return self.uid != os.geteuid()

    def command(self, *words: str) -> list[str]:
        """Return the command line that runs these words as this account."""
        return [*self.prefix, *words]

    def start_options(self) -> dict[str, Any]:
        """Return what subprocess needs to know: the user dropped to, and an environment without PG* surprises."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        options: dict[str, Any] = {"env": environment | {"LC_MESSAGES": "C", "LC_ALL": "C"}, "cwd": "/"}
        if self.is_another_user:
            options |= {"user": self.uid, "group": self.gid, "extra_groups": []}
        return options

    def can(self, test: str, path: Path) -> bool:
        """Say whether this account passes `test -x path` and the like, through every folder above."""
        command = self.command("test", test, str(path))
        return subprocess.run(command, check=False, **self.start_options()).returncode == 0

    def make_folder(self, path: Path) -> None:
        """Make a private folder of this account; an existing one is left as it is."""
        if path.exists():
            return
        path.mkdir(mode=0o700, parents=True)
        self.own(path)

    def own(self, path: Path) -> None:
        """Give a path that was just made to this account."""
        if self.is_another_user:
            os.chown(path, self.uid, self.gid)


def shared_home() -> Path:
    """Return the folder for what root must put where an unprivileged account can reach it."""
    SHARED_HOME.mkdir(parents=True, exist_ok=True)
    SHARED_HOME.chmod(0o755)
    return SHARED_HOME


def choose_account(existing_cluster: Path | None) -> Account:
    """Return the account for a cluster: the one that its files already belong to, else the best that works here."""
    owner = existing_cluster.stat().st_uid if existing_cluster else None
    if os.geteuid() != 0:
        if owner not in (None, os.geteuid()):
            raise ClusterError(_made_by_another(existing_cluster, owner))
        return Account()
    namespace = _namespace()
    if owner is None:
        return namespace or _unprivileged()
    if owner == 0:
        if namespace is None:
            raise ClusterError(
                f"{existing_cluster} was made by root in a user namespace, and namespaces are forbidden here. "
                "Start it where `unshare --user` works, or as a normal user on a data directory of its own."
            )
        return namespace
    unprivileged = _unprivileged()
    if owner != unprivileged.uid:
        raise ClusterError(_made_by_another(existing_cluster, owner))
    return unprivileged


def _made_by_another(path: Path | None, owner: int | None) -> str:
    return (
        f"{path} was made by {_name_of(owner)}, and you are {_name_of(os.geteuid())}. Start as the user who made it, "
        "or choose another place with DATA_DIR; ownership is never changed for you."
    )


def refuse_folder_of_another(folder: Path) -> None:
    """Raise when the data directory belongs to somebody else; an empty one that we may write is taken."""
    if not folder.exists() or folder.stat().st_uid == os.geteuid():
        return
    if any(folder.iterdir()) or not os.access(folder, os.W_OK):
        raise ClusterError(_made_by_another(folder, folder.stat().st_uid))


def _name_of(uid: int | None) -> str:
    try:
        return f"user {pwd.getpwuid(uid or 0).pw_name}"
    except KeyError:
        return f"user {uid}"


def _namespace() -> Account | None:
    unshare = shutil.which("unshare")
    if unshare is None:
        return None
    account = Account(prefix=(unshare, *NAMESPACE))
    tried = subprocess.run(account.command("true"), capture_output=True, check=False)
    return account if tried.returncode == 0 else None


def _unprivileged() -> Account:
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        account = Account(uid=entry.pw_uid, gid=entry.pw_gid)
        try:
            # Docker without CAP_SETUID refuses here, and then nothing else is left.
            subprocess.run(["/bin/sh", "-c", ":"], check=True, **account.start_options())
        except (OSError, subprocess.SubprocessError):
            continue
        return account
    raise ClusterError(
        "PostgreSQL refuses to run as root, and neither a user namespace nor another user can be had here. "
        "Start as a normal user, or set DATABASE_URL to a PostgreSQL server."
    )


def reachable_binaries(account: Account, binaries: Binaries) -> Binaries:
    """Return binaries that the account can execute: the same ones, else a copy in a folder open to all."""
    if not account.is_another_user or account.can("-x", binaries.folder / "postgres"):
        return binaries
    prefix = binaries.folder.parent
    place = SHARED_HOME / f"postgresql-{binaries.major}-{prefix.stat().st_mtime_ns:x}"
    copy = place / prefix.parent.name / prefix.name
    if not place.exists():
        draft = Path(tempfile.mkdtemp(dir=shared_home()))
        try:
            draft.chmod(0o755)
            shutil.copytree(prefix, draft / prefix.parent.name / prefix.name)
            libraries = prefix.parent.with_name(f"{prefix.parent.name}.libs")
            if libraries.is_dir():  # the wheel's own libraries, which its programs find by a relative path
                shutil.copytree(libraries, draft / libraries.name)
            draft.rename(place)
        except FileExistsError:
            pass  # another process copied the same at the same time
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    return Binaries(copy / binaries.folder.name, binaries.major)
