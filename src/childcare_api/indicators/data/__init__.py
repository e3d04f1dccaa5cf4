"""What the computed indicators are called and how they are defined."""

from dataclasses import dataclass
from importlib.resources import files

import orjson


@dataclass(frozen=True, slots=True)
class Indicator:
    """The one definition of an indicator. Its SQL stands in the migration, beside the tables it reads."""

    code: str
    title_vi: str
    title_en: str
    definition_vi: str
    definition_en: str
    article: str
    needs_full_coverage: bool


def _read() -> dict[str, Indicator]:
    content = orjson.loads((files(__name__) / "definitions.json").read_bytes())
    return {entry["code"]: Indicator(**entry) for entry in content["indicators"]}


INDICATORS = _read()
"""The computed indicators by code."""
