"""Printing papers as PDF, SVG and PNG, with typst: one template lays out whatever it is given as data."""

import re
import threading
import unicodedata
from dataclasses import fields, is_dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import orjson
import typst

from childcare_api.exchange.papers.paper import Paper, Print, Table, is_tall

_PACKAGE = "childcare_api.exchange.papers"
_PARTS = ("blocks", "picture", "paper")
_LONG_WORD = re.compile(r"\S{24,}")
_ZERO_WIDTH_SPACE = "\u200b"
_PIXELS_PER_INCH = 192.0
_NOT_SHOWN = frozenset({"dated", "step_id"})
# A compiler serves one caller at a time; each thread of the press keeps its own, and they share the fonts.
_of_this_thread = threading.local()


@cache
def _fonts() -> typst.Fonts:
    """Return the fonts that come with typst, and no others: what is printed is the same on every machine."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)


@cache
def template() -> bytes:
    """Return the source that typst composes: its parts one after the other."""
    return b"\n".join((files(_PACKAGE) / "templates" / f"{part}.typ").read_bytes() for part in _PARTS)


def _compiler() -> typst.Compiler:
    compiler: typst.Compiler | None = getattr(_of_this_thread, "compiler", None)
    if compiler is None:
        compiler = _of_this_thread.compiler = typst.Compiler(font_paths=_fonts())
    return compiler


def pdf_of(printed: Print) -> bytes:
    """Return a print as a PDF."""
    return b"".join(_compiled(printed, "pdf"))


def pages_of(printed: Print, form: Literal["svg", "png"]) -> list[bytes]:
    """Return the pages of a print as pictures."""
    return _compiled(printed, form)


def _compiled(printed: Print, form: Literal["pdf", "svg", "png"]) -> list[bytes]:
    content = orjson.dumps(_plain(printed)).decode()
    made = _compiler().compile(
        input=template(),
        format=form,
        ppi=_PIXELS_PER_INCH,
        sys_inputs={"print": content},
        timestamp=int(printed.dated.timestamp()),
    )
    if made is None:
        msg = "typst wrote a file where bytes were asked for"
        raise TypeError(msg)
    return made if isinstance(made, list) else [made]


def _plain(part: Any, width_cm: float = 0) -> Any:  # noqa: ANN401 - walks whatever papers are made of
    """Return a part as JSON takes it: each block with its kind, and long words with places to break."""
    if isinstance(part, str):
        return _LONG_WORD.sub(_breakable, part)
    if isinstance(part, tuple):
        return [_plain(one, width_cm) for one in part]
    if is_dataclass(part) and not isinstance(part, type):
        width_cm = part.width_cm if isinstance(part, Paper) else width_cm
        told = {field.name: getattr(part, field.name) for field in fields(part) if field.name not in _NOT_SHOWN}
        if isinstance(part, Table):
            told["tall"] = tuple(is_tall(part, row, width_cm) for row in part.rows)
        return {"kind": type(part).__name__.lower()} | {name: _plain(one, width_cm) for name, one in told.items()}
    return part


def _breakable(word: re.Match[str]) -> str:
    # A word wider than the line would run off the paper. A mark stays with the letter that bears it.
    return "".join(
        letter if unicodedata.category(letter)[0] == "M" else _ZERO_WIDTH_SPACE + letter for letter in word[0]
    )
