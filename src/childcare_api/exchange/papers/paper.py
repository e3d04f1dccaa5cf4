"""What a printed paper is, apart from how it is printed: letterhead, blocks in order, signatures, recipients.

One description for every form, and two renderers that know no form: so a form looks the same in PDF and in Word. A
text that is None is not known and is printed as a dotted line, to be filled in by hand.
"""

import re
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import datetime
from math import ceil
from typing import Any, Literal, TypeVar
from uuid import UUID

from childcare_api.shared.text import nfc

Align = Literal["left", "centre", "right"]
# Noncharacters and what else XML has no way to write. Control characters never got in; a page break is not text.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_LETTERS_PER_CM, _TALLEST = 5.3, 14
"""How many letters of a table stand on a centimetre, and how many lines a row has that does not break."""
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Head:
    """The head of an administrative paper: whose it is, its number, and the place and day on its right side.

    What a citizen writes has no office, nor a number: the name of the country stands in the middle.
    """

    office: tuple[str, ...]
    number: str | None
    place_and_day: str
    about: str | None = None
    """Below the number, what an official letter is about: it has no title (NĐ 30/2020, Phụ lục I, II.5)."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading between blocks; level 1 is a part of the form, level 2 a point of it."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Field:
    """One thing the form asks for. Without a value it is `lines` dotted lines.

    A point of a part is set as headings of points are; what the heading above asks for is not asked for twice.
    """

    label: str
    value: str | None
    lines: int = 1
    look: Literal["line", "point", "under_heading"] = "line"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text. `lead` stands before it in bold ("Điều 1."); grounds of a decision are set in italics."""

    text: str
    lead: str | None = None
    style: Literal["body", "ground", "order", "centre"] = "body"


@dataclass(frozen=True, slots=True)
class Choice:
    """Boxes of which some are ticked."""

    label: str
    options: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its head and its share of the width."""

    title: str
    width: float
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Table:
    """A ruled table whose head is repeated on every page. A row of None is left empty for a pen."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str | None, ...], ...]
    total: tuple[str, str] | None = None
    """A last row: what is added up, and the sum."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A point on the picture's axis: how far along (0 to 1), and the numbers of its acts in the list below it.

    The numbers stand above the axis in `row`, 0 the nearest, so that none stands on another.
    """

    at: float
    numbers: str
    counts: bool
    row: int


@dataclass(frozen=True, slots=True)
class Bar:
    """One clock on the picture: from its start to its due moment, and how it ended. All positions lie in 0 to 1."""

    title: str
    article: str
    verdict: str
    start: float
    due: float
    end: float
    state: Literal["kept", "late", "running", "overdue", "cancelled"]


@dataclass(frozen=True, slots=True)
class Tick:
    """A day written under the axis."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Picture:
    """The clocks of a case drawn over the acts that started and ended them."""

    bars: tuple[Bar, ...]
    marks: tuple[Mark, ...]
    ticks: tuple[Tick, ...]
    now: float


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature block: in whose name and as what (KT. CHỦ TỊCH, PHÓ CHỦ TỊCH), and the name below the space."""

    titles: tuple[str, ...]
    name: str | None
    hint: str = "(Ký, ghi rõ họ tên)"


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a table of contents, which leads to the paper of that key; not every paper has a number yet."""

    key: str
    number: str | None
    day: str
    title: str


@dataclass(frozen=True, slots=True)
class Contents:
    """The table of contents of a printed case file."""

    entries: tuple[Entry, ...]


Block = Heading | Field | Paragraph | Choice | Table | Picture | Contents


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper ready to be printed."""

    form: str
    title: str
    subtitle: str | None
    head: Head | None
    blocks: tuple[Block, ...]
    signatures: tuple[Signature, ...] = ()
    recipients: tuple[str, ...] = ()
    attached_to: str | None = None
    """For what hangs on another paper: on which, below its title in italics (NĐ 30/2020, Phụ lục I, III.1)."""
    note: str | None = None
    """In small letters at the foot: which form of which decree it is, and what of its layout is not verified."""
    mark: str | None = None
    """Across every page: VÔ HIỆU for what was entered in error, DỰ THẢO for a decision nobody has taken yet, and for a
    plan that it came back or was replaced."""
    mark_reason: str | None = None
    landscape: bool = False
    loose: bool = False
    """One page as tall as what is on it: a picture to be looked at, or to be put into another document."""
    key: str = ""
    """What a table of contents leads to."""
    step_id: UUID | None = None
    """The step it is printed from."""

    @property
    def width_cm(self) -> float:
        """How long a line is, between the margins."""
        return 25.2 if self.landscape else 16.5


@dataclass(frozen=True, slots=True)
class Print:
    """One or several papers bound into one document, with the properties a reader's program shows."""

    papers: tuple[Paper, ...]
    title: str
    keywords: tuple[str, ...]
    dated: datetime
    """The moment of the newest thing it shows, and not of printing: so the same facts give the same bytes."""
    file_name: str = ""
    """What it is saved as, without the kind of file: of which step it is, and nobody's name."""


Part = TypeVar("Part")


def printable(text: str) -> str:
    """Return text as it may be printed: NFC, one kind of line end, and nothing that a document cannot hold."""
    return nfc(_UNPRINTABLE.sub("\ufffd", _LINE_ENDS.sub("\n", text)))


def cleaned(part: Part) -> Part:
    """Return a part of a print with every text in it printable."""
    return _cleaned(part)  # type: ignore[no-any-return]


def _cleaned(part: Any) -> Any:  # noqa: ANN401 - walks whatever papers are made of
    if isinstance(part, str):
        return printable(part)
    if isinstance(part, tuple):
        return tuple(_cleaned(one) for one in part)
    if is_dataclass(part) and not isinstance(part, type):
        return replace(part, **{field.name: _cleaned(getattr(part, field.name)) for field in fields(part)})
    return part


def is_tall(table: Table, row: tuple[str | None, ...], width_cm: float) -> bool:
    """Say whether a row is so tall that it may run over a page: any other goes to the next page whole."""
    letters = width_cm * _LETTERS_PER_CM / sum(column.width for column in table.columns)
    return any(
        sum(ceil(max(len(line), 1) / (column.width * letters)) for line in text.split("\n")) > _TALLEST
        for column, text in zip(table.columns, row, strict=True)
        if text is not None
    )


def blanks(paper: Paper) -> list[str]:
    """Return the labels of what a paper leaves to be filled in by hand."""
    return [block.label for block in paper.blocks if isinstance(block, Field) and block.value is None]
