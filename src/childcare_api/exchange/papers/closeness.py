"""How closely a paper is set in Word: what would run over its one page by a little is set closer, as it is in PDF.

Word lays a paper out itself, on another machine. How tall it becomes is estimated from the widths of Times New Roman:
near enough to tell a page from a page and a half. No line is set closer than its font asks for.
"""

import unicodedata
from dataclasses import dataclass
from functools import cache
from math import ceil

from childcare_api.exchange.papers.paper import (
    Block,
    Choice,
    Contents,
    Field,
    Head,
    Heading,
    Paper,
    Paragraph,
    Picture,
    Table,
)

_POINTS_PER_CM = 28.35
_PAGE = 25.7 * _POINTS_PER_CM
_BODY, _SMALL, _TITLE = 13.0, 12.0, 14.0
_HIGH = 1.15
"""A line of Times New Roman, by its size."""
_BOX = 1.33
"""A line with a box, which is of a symbol font."""
_RULE = 11.0
_IN_A_CELL = 11.0
"""What a cell without rules keeps free on its sides."""
_BOLD = 1.06
"""How much wider bold capitals are."""
_UNSURE = 0.03
"""What the estimate may be wrong by, as a share of the page."""
_LETTERS = 5_000
"""More than stand on a page and a half."""
_WIDTHS = {
    letter: wide
    for letters, wide in (
        *((",. ", 0.25), ("ijlt/:;\\'", 0.28), ("frI!()-[]", 0.33), ("sJ", 0.39), ("acez?", 0.44)),
        *(("FPS", 0.56), ("ELTZ", 0.61), ("BCR", 0.67), ("wADGHKNOQUVXY", 0.72), ("m&", 0.78), ("MW%@…", 0.95)),
    )
    for letter in letters
}


@dataclass(frozen=True, slots=True)
class Closeness:
    """How high lines are, and how many points stand after one of a form, around headings and cells, and for the pen."""

    line: float
    field: float
    before_heading: float
    after_heading: float
    cell: float
    pen: float


LOOSE = Closeness(line=1.15, field=2, before_heading=4, after_heading=2, cell=1.5, pen=48)
CLOSE = Closeness(line=1.0, field=1, before_heading=3, after_heading=1, cell=0.5, pen=40)
_BETWEEN_PARAGRAPHS = 6.0


def fitting(paper: Paper) -> Closeness:
    """Return how closely a paper is set: closer where it then stands on one page, and else would not."""
    if paper.landscape or any(isinstance(block, Contents | Picture) for block in paper.blocks) or _is_long(paper):
        return LOOSE
    is_over = height_of(paper, LOOSE) > _PAGE * (1 - _UNSURE)
    return CLOSE if is_over and height_of(paper, CLOSE) < _PAGE else LOOSE


def _is_long(paper: Paper) -> bool:
    """Say at a glance whether a paper is far longer than a page, before any line of it is measured."""
    return sum(len(repr(block)) for block in paper.blocks) > _LETTERS * 2


def height_of(paper: Paper, set_as: Closeness) -> float:
    """Return how tall a paper becomes, in points."""
    width = paper.width_cm * _POINTS_PER_CM
    tall = 0.0 if paper.head is None else _head(paper.head, width)
    tall += 8 + _text(paper.title.upper(), width, _TITLE)
    for below in (paper.subtitle, paper.attached_to):
        tall += 0 if below is None else _text(below, width, _BODY)
    tall += _RULE if paper.title else 0
    tall += sum(_block(block, width, set_as) for block in paper.blocks)
    return tall + _ending(paper, set_as)


def _head(head: Head, width: float) -> float:
    """Return how tall a letterhead becomes: office and country side by side, below them number and day."""
    left, right = 0.41 * width - _IN_A_CELL, 0.59 * width - _IN_A_CELL
    offices = sum(_text(line.upper(), left / _BOLD, _SMALL) for line in head.office) + _RULE
    numbered = 0.0 if head.number is None else _text(head.number, left, _BODY)
    about = 0.0 if head.about is None else _text(head.about, left, _SMALL)
    country = _HIGH * (_SMALL + _BODY) + _RULE
    return max(offices, country) + max(numbered + about, _text(head.place_and_day, right, _BODY))


def _block(block: Block, width: float, set_as: Closeness) -> float:
    match block:
        case Heading():
            return _text(block.text, width, _BODY) * set_as.line + set_as.before_heading + set_as.after_heading
        case Field():
            label = "" if block.look == "under_heading" else f"{block.label}: "
            told = _text(f"{label}{block.value or ''}", width, _BODY)
            dotted = 0 if block.value is not None else (block.lines - 1) * _HIGH * _BODY
            return (told + dotted) * set_as.line + set_as.field
        case Paragraph():
            lead = "" if block.lead is None else f"{block.lead} "
            lines = f"{lead}{block.text}".split("\n")
            tall = sum(_text(f"        {line}", width, _BODY) for line in lines)
            return tall * set_as.line + len(lines) * _BETWEEN_PARAGRAPHS
        case Choice():
            options = "     ".join(f"MM {name}" for name, _ in block.options)
            return _lines(f"{block.label}: {options}", width, _BODY) * _BOX * _BODY * set_as.line + set_as.field
        case Table():
            return _table(block, width, set_as)
    return 0


def _table(table: Table, width: float, set_as: Closeness) -> float:
    whole = sum(column.width for column in table.columns)
    rooms = [width * column.width / whole - 7 for column in table.columns]
    rows = [tuple(column.title for column in table.columns), *table.rows]
    tallest = [max(_lines(text or "", room, _SMALL) for text, room in zip(row, rooms, strict=True)) for row in rows]
    count = len(rows) + (table.total is not None)
    lines = sum(tallest) + (table.total is not None)
    return lines * _HIGH * _SMALL + count * (2 * set_as.cell + 0.5) + 4


def _ending(paper: Paper, set_as: Closeness) -> float:
    if not paper.signatures:
        return 0
    titles = max(len(one.titles) for one in paper.signatures) * _HIGH * _BODY
    signed = titles + _HIGH * _SMALL + set_as.pen + _HIGH * _BODY
    listed = _HIGH * (_SMALL + 11 * len(paper.recipients)) if paper.recipients else 0
    return 8 + (max(signed, listed) if len(paper.signatures) == 1 else signed + listed)


def _text(text: str, width: float, size: float) -> float:
    return _lines(text, width, size) * _HIGH * size


def _lines(text: str, width: float, size: float) -> int:
    """Return in how many lines a text stands, words kept whole."""
    count = 0
    for line in text.split("\n"):
        count, used = count + 1, 0.0
        for word in line.split(" "):
            wide = sum(map(_wide, word)) * size
            space = _WIDTHS[" "] * size
            if used and used + space + wide > width:
                count, used = count + 1, wide
            else:
                used += space + wide
            count += max(ceil(wide / width) - 1, 0)
    return count


@cache
def _wide(letter: str) -> float:
    bare = unicodedata.normalize("NFD", letter)[0]
    return _WIDTHS.get(bare, 0.72 if letter == "Đ" else 0.5)
