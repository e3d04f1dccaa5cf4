"""The built wheel serves by itself: migrations, reference data and the page to try it travel inside."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from tests.installation.served import ROOT, environment, served

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def installed() -> Iterator[Path]:
    """Build the wheel and unpack it far from the tree, where nothing of the tree can help it."""
    folder = Path(tempfile.mkdtemp(prefix="cc-"))
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    built = subprocess.run(
        [*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, ROOT],
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    wheel = next(folder.glob("childcare_api-*.whl"))
    subprocess.run([*pip, "install", "--no-deps", "--no-index", "--target", folder / "site", wheel], check=True)
    yield folder / "site"
    shutil.rmtree(folder)


def test_the_wheel_serves_by_itself(installed: Path) -> None:
    where = subprocess.run(
        [sys.executable, "-c", "from childcare_api import migrate; print(migrate.migrations_folder())"],
        env=environment(PYTHONPATH=str(installed)),
        cwd="/",
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    assert where == str(installed / "childcare_api" / "migrations")
    assert (next(installed.glob("childcare_api-*.dist-info")) / "licenses" / "LICENSE").is_file()
    with served(installed.parent / "data", PYTHONPATH=str(installed)) as (_process, address):
        assert httpx.get(f"{address}/readyz", timeout=60).status_code == 200
        assert httpx.get(f"{address}/docs", timeout=60).status_code == 200
        assert httpx.get(f"{address}/openapi.json", timeout=60).json()["openapi"].startswith("3.1")
        assert httpx.get(f"{address}/api/v1/children", timeout=60).status_code == 401
