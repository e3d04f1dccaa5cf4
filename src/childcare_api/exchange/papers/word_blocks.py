"""Writing the blocks of a paper into a Word document, each as `paper.py` says what it is."""

import io
from dataclasses import replace
from datetime import UTC, datetime

from docx.document import Document as WordDocument
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.shared import Cm, Length, Pt
from docx.text.paragraph import Paragraph as WordParagraph

from childcare_api.exchange.papers import word
from childcare_api.exchange.papers.closeness import Closeness
from childcare_api.exchange.papers.paper import (
    Block,
    Choice,
    Contents,
    Field,
    Heading,
    Paper,
    Paragraph,
    Picture,
    Print,
    Table,
    is_tall,
)
from childcare_api.exchange.papers.pdf import pages_of

_CENTRE, _RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
_SIDES = {"left": WD_ALIGN_PARAGRAPH.LEFT, "centre": _CENTRE, "right": _RIGHT}
_TALLEST = Cm(15.5)
_CLOCKS_FIRST, _CLOCKS_NEXT = 4, 8
_EPOCH = datetime(1980, 1, 1, tzinfo=UTC)
_TICKED, _UNTICKED = "☒", "☐"
_UNBROKEN, _LONG_OPTION = "\u00a0", 70
_CONTENTS = ("TT", "Số, ký hiệu", "Ngày tháng", "Tên loại và trích yếu nội dung", "Trang")
_DOTS = "……"


def paragraph(
    document: WordDocument, *, align: WD_ALIGN_PARAGRAPH | None = None, before: float = 0, after: float = 0
) -> WordParagraph:
    """Add an empty paragraph with so many points before and after it."""
    made: WordParagraph = document.add_paragraph()
    if align is not None:
        made.alignment = align
    made.paragraph_format.space_before, made.paragraph_format.space_after = Pt(before), Pt(after)
    return made


def add_block(document: WordDocument, block: Block, paper: Paper, set_as: Closeness) -> None:
    """Add a block of a paper, set so closely."""
    width = Cm(paper.width_cm)
    match block:
        case Heading():
            made = paragraph(document, before=set_as.before_heading, after=set_as.after_heading)
            made.paragraph_format.keep_with_next, made.paragraph_format.line_spacing = True, set_as.line
            word.add_run(made, block.text, bold=True, italic=block.level > 1)
        case Field():
            _add_field(document, block, width, set_as)
        case Paragraph():
            _add_text(document, block, set_as)
        case Choice():
            _add_choice(document, block, set_as)
        case Table():
            _add_table(document, block, paper, set_as)
        case Picture():
            for part in _parts_of(block):
                alone = Print((Paper(paper.form, "", None, None, (part,), loose=True),), "", (), _EPOCH)
                for page in pages_of(alone, "png"):
                    _add_picture(document, page, width)
        case Contents():
            _add_contents(document, block, width)


def _parts_of(picture: Picture) -> list[Picture]:
    """Return the picture in readable parts: as many clocks as fit below a letterhead, then as fit on a page."""
    bars, parts = picture.bars, [picture.bars[:_CLOCKS_FIRST]]
    parts += [bars[at : at + _CLOCKS_NEXT] for at in range(_CLOCKS_FIRST, len(bars), _CLOCKS_NEXT)]
    return [replace(picture, bars=part) for part in parts]


def _add_picture(document: WordDocument, page: bytes, width: Length) -> None:
    shape = document.add_picture(io.BytesIO(page), width=width)
    if shape.height > _TALLEST:
        # Scaled down, so that it stands on one page.
        shape.width, shape.height = Length(shape.width * _TALLEST // shape.height), _TALLEST


def _add_contents(document: WordDocument, block: Contents, width: Length) -> None:
    first, last = (Cm(1), Cm(3), Cm(2.4)), Cm(1.5)
    widths = (*first, Length(width - sum(first) - last), last)
    table = word.ruled_table(document, widths)
    for cell, title in zip(table.rows[0].cells, _CONTENTS, strict=True):
        word.fill(cell, title, _CENTRE, bold=True)
    word.repeat_on_every_page(table.rows[0])
    for at, entry in enumerate(block.entries, start=1):
        row, cells = word.add_row(table, widths)
        for cell, text in zip(cells, (str(at), entry.number or "", entry.day, entry.title, ""), strict=True):
            word.fill(cell, text, _SIDES["left"] if text == entry.title else _CENTRE)
        word.add_page_reference(cells[-1].paragraphs[0], word.bookmark_name(entry.key))
        word.keep_together(row)


def _add_field(document: WordDocument, block: Field, width: Length, set_as: Closeness) -> None:
    made = paragraph(document, align=WD_ALIGN_PARAGRAPH.JUSTIFY, after=set_as.field)
    made.paragraph_format.line_spacing = set_as.line
    if block.look != "under_heading":
        is_point = block.look == "point"
        word.add_run(made, f"{block.label}:", bold=is_point, italic=is_point)
        word.add_run(made, " ")
    if block.value is None or _DOTS in block.value or "\n" in block.value:
        # Dots cannot be broken, and lines end where they were ended: justified, such a line would be torn apart.
        made.alignment = WD_ALIGN_PARAGRAPH.LEFT
    if block.value is not None:
        word.add_run(made, block.value)
        return
    made.paragraph_format.tab_stops.add_tab_stop(width, WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
    for line in range(block.lines):
        run = made.add_run("\t")
        if line + 1 < block.lines:
            run.add_break(WD_BREAK.LINE)


def _add_text(document: WordDocument, block: Paragraph, set_as: Closeness) -> None:
    if block.style in {"order", "centre"}:
        word.add_run(paragraph(document, align=_CENTRE, after=6), block.text, bold=block.style == "order")
        return
    # What was written in several lines is as many paragraphs: justified, a line before a break would be torn apart.
    for at, line in enumerate(block.text.split("\n")):
        made = paragraph(document, align=WD_ALIGN_PARAGRAPH.JUSTIFY, after=6)
        made.paragraph_format.first_line_indent, made.paragraph_format.line_spacing = Cm(1), set_as.line
        if at == 0 and block.lead is not None:
            word.add_run(made, f"{block.lead} ", bold=True)
        word.add_run(made, line, italic=block.style == "ground")


def _add_choice(document: WordDocument, block: Choice, set_as: Closeness) -> None:
    made = paragraph(document, after=set_as.field)
    made.paragraph_format.line_spacing = set_as.line
    if block.label:
        word.add_run(made, f"{block.label}: ")
    for number, (name, ticked) in enumerate(block.options):
        box = made.add_run(("     " if number else "") + (_TICKED if ticked else _UNTICKED))
        # Times New Roman has no boxes; Word's own symbol font has.
        word.set_font(box, "Segoe UI Symbol")
        # An option stays with its box, unless it is too long for a line.
        shown = name.replace(" ", _UNBROKEN) if len(name) < _LONG_OPTION else name
        word.add_run(made, f"{_UNBROKEN}{shown}")


def _add_table(document: WordDocument, block: Table, paper: Paper, set_as: Closeness) -> None:
    width = Cm(paper.width_cm)
    whole = sum(column.width for column in block.columns)
    widths = tuple(Length(int(width * column.width / whole)) for column in block.columns)
    table = word.ruled_table(document, widths)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for cell, column in zip(table.rows[0].cells, block.columns, strict=True):
        word.fill(cell, column.title, _CENTRE, bold=True, gap=set_as.cell)
    word.repeat_on_every_page(table.rows[0])
    for told in block.rows:
        row, cells = word.add_row(table, widths)
        for cell, column, text in zip(cells, block.columns, told, strict=True):
            word.fill(cell, text or "", _SIDES[column.align], gap=set_as.cell)
        if not is_tall(block, told, paper.width_cm):
            word.keep_together(row)
    if block.total is not None:
        _, cells = word.add_row(table, widths)
        first = cells[0].merge(cells[-2]) if len(cells) > 1 else cells[0]
        word.fill(first, block.total[0], _RIGHT, bold=True)
        word.fill(cells[-1], block.total[1], _RIGHT, bold=True)
    paragraph(document).paragraph_format.line_spacing = Pt(4)
