"""What codes are called, and which operation supplies what they say is lacking, for where no query is made.

Both stand in the code lists as they come with the program.
"""

from collections.abc import Callable, Iterable
from functools import cache
from importlib.resources import files
from typing import Any

import orjson

from childcare_api.shared.problems import Spoken

_FOLDER = files("childcare_api.units") / "data" / "code_lists"


@cache
def _lists() -> dict[str, dict[str, dict[str, Any]]]:
    contents = [orjson.loads(file.read_bytes()) for file in _FOLDER.iterdir()]
    return {content["name"]: {one["code"]: one for one in content["entries"]} for content in contents}


def _entry(code: str, lists: Iterable[str]) -> dict[str, Any]:
    for name in lists:
        if (found := _lists()[name].get(code)) is not None:
            return found
    raise LookupError(code)


def label(code: str, *lists: str) -> Spoken:
    """Return what a code is called by the first of these lists that has it. Raises LookupError where none does."""
    found = _entry(code, lists)
    return Spoken(found["label_en"], found["label_vi"])


def labels(code: str, *lists: str) -> dict[str, str]:
    """Return the same as the fields that answers have for it."""
    found = label(code, *lists)
    return {"label_vi": found.vi, "label_en": found.en}


def told_in(*lists: str) -> Callable[[str], Spoken]:
    """Return what says how a code of these lists is called, for the details of problems."""
    return lambda code: label(code, *lists)


def supplied_by(code: str, *lists: str) -> list[dict[str, str | None]]:
    """Return which operations give what a code says is lacking, each with the field of its body, where it is one."""
    given = (one.partition("#") for one in _entry(code, lists)["supplied_by"])
    return [{"operation": operation, "pointer": pointer or None} for operation, _, pointer in given]
