"""Printing papers as Word documents that an office can still write in: the same description as in `pdf.py`."""

import io
import zipfile
from datetime import UTC

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.section import Section, _Footer, _Header
from docx.shared import Cm, Length, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph as WordParagraph

from childcare_api.exchange.papers import word
from childcare_api.exchange.papers.closeness import Closeness, fitting
from childcare_api.exchange.papers.paper import Head, Paper, Print, Signature
from childcare_api.exchange.papers.word_blocks import add_block, paragraph

_CENTRE, _RIGHT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
_TOP, _BOTTOM, _LEFT, _RIGHT_EDGE = Cm(2), Cm(2), Cm(3), Cm(1.5)
_SHORT, _LONG = Cm(21), Cm(29.7)
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)


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
    return Cm(paper.width_cm)


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
            line.alignment, line.paragraph_format.space_after = _CENTRE, Pt(6)
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
        reason = paragraph(document, align=_CENTRE, after=6)
        word.add_run(reason, paper.mark_reason, size=11)
    if paper.head is not None:
        _add_head(document, paper.head, width)
    title = paragraph(document, align=_CENTRE, before=8)
    word.bookmark(title, word.bookmark_name(paper.key), number)
    if paper.title:
        _add_title(document, title, paper, width)
    set_as = fitting(paper)
    for block in paper.blocks:
        add_block(document, block, paper, set_as)
    if paper.signatures:
        word.keep_end_with_next(document)
    _add_ending(document, paper, width, set_as)


def _add_title(document: WordDocument, title: WordParagraph, paper: Paper, width: Length) -> None:
    word.add_run(title, paper.title.upper(), size=14, bold=True)
    if paper.subtitle is not None:
        word.add_run(paragraph(document, align=_CENTRE), paper.subtitle, bold=True)
    if paper.attached_to is not None:
        word.add_run(paragraph(document, align=_CENTRE), paper.attached_to, italic=True)
    word.add_rule(paragraph(document, align=_CENTRE), Cm(3), width)


def _add_head(document: WordDocument, head: Head, width: Length) -> None:
    if not head.office:
        only = word.bare_table(document, (width,), rows=2)
        _add_country(only.rows[0].cells[0], width)
        day = _line(only.rows[1].cells[0])
        day.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        word.add_run(day, head.place_and_day, italic=True)
        return
    left_width = Length(int(width * 0.41))
    table = word.bare_table(document, (left_width, Length(width - left_width)), rows=2)
    left, right = table.rows[0].cells
    for line in head.office:
        word.add_run(_line(left), line.upper(), size=12, bold=True)
    word.add_rule(_line(left), Cm(2.2), left_width)
    _add_country(right, Length(width - left_width))
    left, right = table.rows[1].cells
    if head.number is not None:
        word.add_run(_line(left), head.number)
    if head.about is not None:
        word.add_run(_line(left), head.about, size=12)
    word.add_run(_line(right), head.place_and_day, italic=True)


def _add_country(cell: _Cell, width: Length) -> None:
    word.add_run(_line(cell), "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", size=12, bold=True)
    word.add_run(_line(cell), "Độc lập - Tự do - Hạnh phúc", size=13, bold=True)
    # As long as the line above it: 26 letters of Times New Roman Bold at 13 points.
    word.add_rule(_line(cell), Cm(5.75), width)


def _line(cell: _Cell) -> WordParagraph:
    """Return a fresh centred line of a cell: the one it was made with, while that is empty."""
    first = cell.paragraphs[0]
    is_fresh = len(cell.paragraphs) == 1 and not first.runs and first.paragraph_format.alignment is None
    line: WordParagraph = first if is_fresh else cell.add_paragraph()
    line.alignment = _CENTRE
    line.paragraph_format.space_after = Pt(0)
    return line


def _add_ending(document: WordDocument, paper: Paper, width: Length, set_as: Closeness) -> None:
    if not paper.signatures:
        return
    gap = paragraph(document)
    gap.paragraph_format.line_spacing, gap.paragraph_format.keep_with_next = Pt(8), True
    together = len(paper.signatures) == 1
    columns = 2 if together else len(paper.signatures)
    table = word.bare_table(document, (Length(width // columns),) * columns, rows=1 if together else 2)
    for row in table.rows:
        word.keep_together(row)
    above, below = table.rows[0].cells, table.rows[-1].cells
    if together:
        _add_recipients(above[0], paper.recipients)
        above, below = above[1:], below[1:]
    for first, second, signature in zip(above, below, paper.signatures, strict=True):
        _add_signature(first, second, signature, set_as)
    if paper.recipients and not together:
        last = word.bare_table(document, (width,), rows=1)
        _add_recipients(last.rows[0].cells[0], paper.recipients)


def _add_signature(above: _Cell, below: _Cell, signature: Signature, set_as: Closeness) -> None:
    """Add titles and room for the pen, and below it the name: those of several stand on one line."""
    for title in signature.titles:
        word.add_run(_line(above), title.upper(), bold=True)
    # Where no hint stands, a seal takes its room.
    word.add_run(_line(above), signature.hint or " ", size=12, italic=True)
    for _ in range(4):
        _line(above).paragraph_format.line_spacing = Pt(set_as.pen / 4)
    for line in above.paragraphs:
        line.paragraph_format.keep_with_next = True
    word.add_run(_line(below), signature.name or "." * 40, bold=signature.name is not None)


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
