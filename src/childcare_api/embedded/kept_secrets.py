"""Secrets that an installation makes for itself on first use and keeps in its data directory, mode 0600."""

import os
import secrets
import tempfile
from collections.abc import Callable
from pathlib import Path


def random_password() -> str:
    """Return 160 bits as text that needs no quoting anywhere."""
    return secrets.token_hex(20)


def kept_secret(data_dir: Path, name: str, make: Callable[[], str] = random_password) -> str:
    """Return the secret kept under that name, made now if this is the first time.

    Two processes may ask at once: the file appears whole under its name or not at all, and the first one wins.
    """
    path = data_dir / name
    if not path.exists():
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, draft = tempfile.mkstemp(prefix=f".{name}.", dir=data_dir)  # made 0600
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(make() + "\n")
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            Path(draft).unlink()
    return path.read_text(encoding="utf-8").rstrip("\n")
