"""One demo, loaded and served once, for every test that speaks with a real server."""

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from tests.installation.served import command, served


@dataclass(frozen=True)
class DemoServer:
    """A served demo: where it is, and the one password of its people and its hotline."""

    data_dir: Path
    address: str
    password: str
    loaded_at: datetime
    """What was recorded before is the demo's own; later, what a test did with it."""

    def log_in(self, **fields: str) -> httpx.Response:
        """Ask for a token, with the demo's password where the fields name none."""
        secret = {"password": self.password} if "username" in fields else {"client_secret": self.password}
        return httpx.post(f"{self.address}/api/v1/auth/token", data=secret | fields, timeout=60)

    def bearer(self, username: str) -> dict[str, str]:
        """Return the headers of a demo person who has logged in."""
        answer = self.log_in(grant_type="password", username=username)
        assert answer.status_code == 200, answer.text
        return {"Authorization": f"Bearer {answer.json()['access_token']}"}


@pytest.fixture(scope="session")
def demo_server() -> Iterator[DemoServer]:
    folder = Path(tempfile.mkdtemp(prefix="cc-"))
    data_dir = folder / "data"
    loaded = command("demo", DATA_DIR=str(data_dir))
    assert loaded.returncode == 0, loaded.stderr
    assert "sa-pa.officer" in loaded.stdout
    loaded_at = datetime.now(UTC)
    with served(data_dir) as (_process, address):
        yield DemoServer(data_dir, address, (data_dir / "demo-password").read_text().strip(), loaded_at)
    shutil.rmtree(folder)
