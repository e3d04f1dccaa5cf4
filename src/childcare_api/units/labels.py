"""What codes are called: the labels of the code lists, as they come with the program, for where no query is made."""

from collections.abc import Callable
from functools import cache
from importlib.resources import files

import orjson

from childcare_api.shared.problems import Spoken

_FOLDER = files("childcare_api.units") / "data" / "code_lists"


@cache
def _lists() -> dict[str, dict[str, Spoken]]:
    contents = [orjson.loads(file.read_bytes()) for file in _FOLDER.iterdir()]
    return {
        content["name"]: {one["code"]: Spoken(one["label_en"], one["label_vi"]) for one in content["entries"]}
        for content in contents
    }


def label(code: str, *lists: str) -> Spoken:
    """Return what a code is called by the first of these lists that has it. Raises LookupError where none does."""
    for name in lists:
        if (found := _lists()[name].get(code)) is not None:
            return found
    raise LookupError(code)


def labels(code: str, *lists: str) -> dict[str, str]:
    """Return the same as the fields that answers have for it."""
    found = label(code, *lists)
    return {"label_vi": found.vi, "label_en": found.en}


def told_in(*lists: str) -> Callable[[str], Spoken]:
    """Return what says how a code of these lists is called, for the details of problems."""
    return lambda code: label(code, *lists)
