"""The container's recipe, its script and its compose file say the same."""

import re
from pathlib import Path

import yaml

from childcare_api.settings import Settings

ROOT = Path(__file__).parents[2]


def test_the_script_has_the_run_lines_of_the_dockerfile() -> None:
    run_lines = re.findall(r"^RUN (.*)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    script = (ROOT / "scripts" / "docker-build.sh").read_text().splitlines()
    assert len(run_lines) > 3
    assert [line for line in script if not line.startswith(("#", "set "))] == run_lines


def test_what_the_dockerfile_copies_is_not_ignored() -> None:
    copied = re.findall(r"^COPY (.*) \S+$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    names = {name for line in copied for name in line.split()}
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert names == allowed
    assert all((ROOT / name).exists() for name in names)


def test_compose_gives_only_settings_that_exist() -> None:
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    known = {name.upper() for name in Settings.model_fields} | {"OWNER_PASSWORD", "API_PASSWORD"}
    ours = {name: service for name, service in services.items() if name != "database"}
    assert set(ours) == {"bootstrap", "migrate", "api"}
    assert all(set(service["environment"]) <= known for service in ours.values())
    assert "secrets/" in (ROOT / ".gitignore").read_text()
