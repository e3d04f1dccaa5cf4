"""Printing papers as Word documents that an office can still write in: the same description as in `pdf.py`."""

import io
import zipfile
from datetime import UTC, datetime

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.section import Section, _Footer, _Header
from docx.shared import Cm, Length, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph as WordParagraph

from childcare_api.exchange.papers import word
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
    Print,
    Signature,
    Table,
)
from childcare_api.exchange.papers.pdf import pages_of

_CENTRE, _RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
_SIDES = {"left": WD_ALIGN_PARAGRAPH.LEFT, "centre": _CENTRE, "right": _RIGHT}
_TOP, _BOTTOM, _LEFT, _RIGHT_EDGE = Cm(2), Cm(2), Cm(3), Cm(1.5)
_SHORT, _LONG = Cm(21), Cm(29.7)
_TALLEST = Cm(10.8)
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)
_EPOCH = datetime(1980, 1, 1, tzinfo=UTC)
_TICKED, _UNTICKED = "☒", "☐"


def docx_of(printed: Print) -> bytes:
    """Return a print as a Word document. The same print always gives the same bytes."""
    document = Document()
    word.prepare(document)
    _describe(document, printed)
    for number, paper in enumerate(printed.papers):
        section = document.sections[0] if number == 0 else document.add_section()
        _set_page(section, paper, is_first=number == 0)
        _add_paper(document, paper, _width_of(paper), number)
    written = io.BytesIO()
    document.save(written)
    return _without_times(written)


def _describe(document: WordDocument, printed: Print) -> None:
    properties = document.core_properties
    properties.title, properties.keywords = printed.title, ", ".join(printed.keywords)
    properties.author, properties.comments, properties.language = "", "", "vi-VN"
    properties.last_modified_by, properties.revision = "", 1
    properties.created = properties.modified = printed.dated.astimezone(UTC).replace(tzinfo=None, microsecond=0)


def _without_times(written: io.BytesIO) -> bytes:
    """Return the archive with every entry's time the same: the library stamps them with the time of day."""
    result = io.BytesIO()
    with zipfile.ZipFile(written) as given, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as made:
        for name in given.namelist():
            entry = zipfile.ZipInfo(name, _FIXED_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(entry, given.read(name))
    return result.getvalue()


def _width_of(paper: Paper) -> Length:
    return Length((_LONG if paper.landscape else _SHORT) - _LEFT - _RIGHT_EDGE)


def _set_page(section: Section, paper: Paper, *, is_first: bool) -> None:
    section.orientation = WD_ORIENT.LANDSCAPE if paper.landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (_LONG, _SHORT) if paper.landscape else (_SHORT, _LONG)
    section.top_margin, section.bottom_margin = _TOP, _BOTTOM
    section.left_margin, section.right_margin = _LEFT, _RIGHT_EDGE
    section.header_distance = section.footer_distance = Cm(0.9)
    section.different_first_page_header_footer = is_first
    word.add_page_number(_centred(section.header))
    if is_first:
        # The first page of all bears no number (NĐ 30/2020, Phụ lục I).
        _centred(section.first_page_header)
    for top in (section.header, section.first_page_header) if is_first else (section.header,):
        if paper.mark is not None:
            line = top.add_paragraph()
            line.alignment = _CENTRE
            word.add_run(line, paper.mark, size=20, bold=True)
    for bottom in (section.footer, section.first_page_footer) if is_first else (section.footer,):
        word.add_run(_centred(bottom), paper.note or "", size=9, italic=True)


def _centred(part: _Header | _Footer) -> WordParagraph:
    part.is_linked_to_previous = False
    line: WordParagraph = part.paragraphs[0]
    line.alignment = _CENTRE
    return line


def _add_paper(document: WordDocument, paper: Paper, width: Length, number: int) -> None:
    if paper.mark is not None and paper.mark_reason is not None:
        reason = _paragraph(document, align=_CENTRE)
        word.add_run(reason, paper.mark_reason, size=11)
    if paper.head is not None:
        _add_head(document, paper.head, width)
    title = _paragraph(document, align=_CENTRE, before=12)
    word.bookmark(title, word.bookmark_name(paper.key), number)
    word.add_run(title, paper.title.upper(), size=14, bold=True)
    if paper.subtitle is not None:
        word.add_run(_paragraph(document, align=_CENTRE), paper.subtitle, bold=True)
    word.add_rule(_paragraph(document, align=_CENTRE), Cm(3), width)
    for block in paper.blocks:
        _add_block(document, block, width, paper)
    _add_ending(document, paper, width)


def _add_head(document: WordDocument, head: Head, width: Length) -> None:
    left_width = Length(int(width * 0.41))
    table = word.bare_table(document, (left_width, Length(width - left_width)), rows=2)
    left, right = table.rows[0].cells
    for line in head.office:
        word.add_run(_line(left), line.upper(), size=12, bold=True)
    word.add_rule(_line(left), Cm(2.2), left_width)
    word.add_run(_line(right), "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", size=12, bold=True)
    word.add_run(_line(right), "Độc lập - Tự do - Hạnh phúc", size=13, bold=True)
    # As long as the line above it: 26 letters of Times New Roman Bold at 13 points.
    word.add_rule(_line(right), Cm(5.75), Length(width - left_width))
    left, right = table.rows[1].cells
    if head.number is not None:
        word.add_run(_line(left), head.number)
    word.add_run(_line(right), head.place_and_day, italic=True)


def _line(cell: _Cell) -> WordParagraph:
    """Return a fresh centred line of a cell: the one it was made with, while that is empty."""
    first = cell.paragraphs[0]
    is_fresh = len(cell.paragraphs) == 1 and not first.runs and first.paragraph_format.alignment is None
    line: WordParagraph = first if is_fresh else cell.add_paragraph()
    line.alignment = _CENTRE
    line.paragraph_format.space_after = Pt(0)
    return line


def _paragraph(
    document: WordDocument, *, align: WD_ALIGN_PARAGRAPH | None = None, before: float = 0, after: float = 0
) -> WordParagraph:
    made: WordParagraph = document.add_paragraph()
    if align is not None:
        made.alignment = align
    made.paragraph_format.space_before, made.paragraph_format.space_after = Pt(before), Pt(after)
    return made


def _add_block(document: WordDocument, block: Block, width: Length, paper: Paper) -> None:
    match block:
        case Heading():
            made = _paragraph(document, before=6, after=4)
            made.paragraph_format.keep_with_next = True
            word.add_run(made, block.text, bold=True, italic=block.level > 1)
        case Field():
            _add_field(document, block, width)
        case Paragraph():
            _add_text(document, block)
        case Choice():
            _add_choice(document, block)
        case Table():
            _add_table(document, block, width)
        case Picture():
            alone = Print((Paper(paper.form, "", None, None, (block,), loose=True),), "", (), _EPOCH)
            for page in pages_of(alone, "png"):
                _add_picture(document, page, width)
        case Contents():
            _add_contents(document, block, width)


def _add_picture(document: WordDocument, page: bytes, width: Length) -> None:
    shape = document.add_picture(io.BytesIO(page), width=width)
    if shape.height > _TALLEST:
        # Scaled down, so that it stands on the page on which it is announced.
        shape.width, shape.height = Length(shape.width * _TALLEST // shape.height), _TALLEST


def _add_contents(document: WordDocument, block: Contents, width: Length) -> None:
    aside = (Cm(1.1), Cm(2.8), Cm(1.3))
    widths = (aside[0], Length(width - sum(aside)), *aside[1:])
    table = word.bare_table(document, widths, rows=0)
    for number, entry in enumerate(block.entries, start=1):
        cells = word.add_row(table, widths)
        word.fill(cells[0], f"{number}.", _RIGHT, size=13)
        word.fill(cells[1], entry.title, _SIDES["left"], size=13)
        word.fill(cells[2], entry.day, _RIGHT, size=13)
        word.fill(cells[3], "", _RIGHT)
        word.add_page_reference(cells[3].paragraphs[0], word.bookmark_name(entry.key))


def _add_field(document: WordDocument, block: Field, width: Length) -> None:
    made = _paragraph(document, align=WD_ALIGN_PARAGRAPH.JUSTIFY, after=6)
    word.add_run(made, f"{block.label}: ")
    if block.value is not None:
        word.add_run(made, block.value)
        return
    made.alignment = WD_ALIGN_PARAGRAPH.LEFT
    made.paragraph_format.tab_stops.add_tab_stop(width, WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
    for line in range(block.lines):
        run = made.add_run("\t")
        if line + 1 < block.lines:
            run.add_break(WD_BREAK.LINE)


def _add_text(document: WordDocument, block: Paragraph) -> None:
    centred = block.style in {"order", "centre"}
    made = _paragraph(document, align=_CENTRE if centred else WD_ALIGN_PARAGRAPH.JUSTIFY, after=6)
    if not centred:
        made.paragraph_format.first_line_indent = Cm(1)
    if block.lead is not None:
        word.add_run(made, f"{block.lead} ", bold=True)
    word.add_run(made, block.text, bold=block.style == "order", italic=block.style == "ground")


def _add_choice(document: WordDocument, block: Choice) -> None:
    made = _paragraph(document, after=6)
    if block.label:
        word.add_run(made, f"{block.label}: ")
    for number, (name, ticked) in enumerate(block.options):
        box = made.add_run(("     " if number else "") + (_TICKED if ticked else _UNTICKED))
        # Times New Roman has no boxes; Word's own symbol font has.
        word.set_font(box, "Segoe UI Symbol")
        word.add_run(made, f" {name}")


def _add_table(document: WordDocument, block: Table, width: Length) -> None:
    whole = sum(column.width for column in block.columns)
    widths = tuple(Length(int(width * column.width / whole)) for column in block.columns)
    table = word.ruled_table(document, widths)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for cell, column in zip(table.rows[0].cells, block.columns, strict=True):
        word.fill(cell, column.title, _CENTRE, bold=True)
    word.repeat_on_every_page(table.rows[0])
    for row in block.rows:
        cells = word.add_row(table, widths)
        for cell, column, text in zip(cells, block.columns, row, strict=True):
            word.fill(cell, text or "", _SIDES[column.align])
    if block.total is not None:
        cells = word.add_row(table, widths)
        first = cells[0].merge(cells[-2]) if len(cells) > 1 else cells[0]
        word.fill(first, block.total[0], _RIGHT, bold=True)
        word.fill(cells[-1], block.total[1], _RIGHT, bold=True)
    _paragraph(document).paragraph_format.line_spacing = Pt(6)


def _add_ending(document: WordDocument, paper: Paper, width: Length) -> None:
    if not paper.signatures:
        return
    gap = _paragraph(document)
    gap.paragraph_format.line_spacing, gap.paragraph_format.keep_with_next = Pt(8), True
    together = len(paper.signatures) == 1
    columns = 2 if together else len(paper.signatures)
    table = word.bare_table(document, (Length(width // columns),) * columns, rows=1)
    word.keep_together(table.rows[0])
    cells = table.rows[0].cells
    for cell, signature in zip(cells[1:] if together else cells, paper.signatures, strict=True):
        _add_signature(cell, signature)
    if together:
        _add_recipients(cells[0], paper.recipients)
    elif paper.recipients:
        below = word.bare_table(document, (width,), rows=1)
        _add_recipients(below.rows[0].cells[0], paper.recipients)


def _add_signature(cell: _Cell, signature: Signature) -> None:
    for title in signature.titles:
        word.add_run(_line(cell), title.upper(), bold=True)
    word.add_run(_line(cell), signature.hint, size=12, italic=True)
    for _ in range(4):
        _line(cell).paragraph_format.keep_with_next = True
    word.add_run(_line(cell), signature.name or "." * 40, bold=signature.name is not None)


def _add_recipients(cell: _Cell, recipients: tuple[str, ...]) -> None:
    if not recipients:
        return
    first = cell.paragraphs[0]
    first.paragraph_format.space_after = Pt(0)
    word.add_run(first, "Nơi nhận:", size=12, bold=True, italic=True)
    for recipient in recipients:
        line = cell.add_paragraph()
        line.paragraph_format.space_after = Pt(0)
        word.add_run(line, f"- {recipient}", size=11)
