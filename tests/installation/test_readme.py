"""What both READMEs show, run as it stands there, one example after the other."""

import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest
from tests.installation.demo_server import DemoServer
from tests.installation.served import ROOT

pytestmark = pytest.mark.timeout(120)


@pytest.mark.skipif(shutil.which("curl") is None, reason="The examples are told with curl.")
@pytest.mark.parametrize("readme", ["README.md", "README.vi.md"])
def test_the_examples_run_one_after_another(demo_server: DemoServer, tmp_path: Path, readme: str) -> None:
    """Only where the server listens and keeps its data is another here; the examples need no word besides."""
    blocks = re.findall(r"^```\n(.*?)^```$", (ROOT / readme).read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    shown = [block for block in blocks if "curl" in block]
    assert len(shown) == 3
    (tmp_path / ".data").symlink_to(demo_server.data_dir)
    script = "\necho; echo ----\n".join(shown).replace("http://127.0.0.1:8000", demo_server.address)
    ran = subprocess.run(
        ["bash", "-euc", script],  # noqa: S607 - as a reader finds it
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stderr
    children, tasks, forms = ran.stdout.split("----")
    assert children.count('"full_name"') == 2, children
    assert '"emergency.intervene"' in tasks
    assert '"mau-01"' in forms
    with zipfile.ZipFile(tmp_path / "mau-01.docx") as paper:
        assert "word/document.xml" in paper.namelist()


def test_both_tell_the_same_examples() -> None:
    told = [
        [line.partition("   #")[0] for line in (ROOT / name).read_text(encoding="utf-8").splitlines() if "curl" in line]
        for name in ("README.md", "README.vi.md")
    ]
    assert told[0] == told[1]
    assert len(told[0]) > 4
