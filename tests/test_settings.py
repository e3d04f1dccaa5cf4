"""Settings come from the environment, and the example file names each of them."""

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from childcare_api.settings import Settings, misspelt

EXAMPLE = Path(__file__).parents[1] / ".env.example"


def test_the_example_file_names_every_setting_and_nothing_else() -> None:
    named = set(re.findall(r"^#?\s?([A-Z][A-Z_]+)=", EXAMPLE.read_text(), re.MULTILINE))
    assert named == {name.upper() for name in Settings.model_fields}


def test_every_setting_of_the_example_stands_under_its_meaning() -> None:
    lines = EXAMPLE.read_text().splitlines()
    for number, line in enumerate(lines):
        if re.match(r"^#?\s?[A-Z][A-Z_]+=", line):
            assert lines[number - 1].startswith("# "), f"{line} has no sentence above it"


def test_the_defaults_of_the_example_are_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in re.findall(r"^#?\s?([A-Z][A-Z_]+)=(.*)$", EXAMPLE.read_text(), re.MULTILINE):
        monkeypatch.setenv(name, value)
    assert Settings() == Settings.model_construct(
        **{name: field.default for name, field in Settings.model_fields.items()}
    )


def test_lists_are_written_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORS_ORIGINS", "https://a.example, https://b.example,")
    monkeypatch.setenv("TRUSTED_PROXIES", "10.0.0.0/8")
    settings = Settings()
    assert settings.cors_origins == ("https://a.example", "https://b.example")
    assert settings.trusted_proxies == ("10.0.0.0/8",)


def test_a_name_that_is_no_setting_is_told_with_the_nearest_one(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("PORTT=8100\nHOST=127.0.0.1\nCORS_ORIGN=https://a.example\nAPI_PASSWORD=x\nFAVOURITE_COLOUR=red\n")
    assert [sentence.partition(" in ")[0] + sentence.rpartition(":")[2] for sentence in misspelt(file)] == [
        "PORTT was PORT meant?",
        "CORS_ORIGN was CORS_ORIGINS meant?",
        "FAVOURITE_COLOUR .env.example names all there are.",
    ]
    assert list(misspelt(tmp_path / "none")) == []


def test_a_secret_is_not_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CURSOR_KEY", "do-not-show")
    assert "do-not-show" not in repr(Settings())


def test_a_port_that_cannot_be_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "70000")
    with pytest.raises(ValidationError, match="port"):
        Settings()
