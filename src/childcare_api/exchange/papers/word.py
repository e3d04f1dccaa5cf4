"""What Word needs said in its own XML: fonts for every script, rules, fields, tables of fixed widths."""

import re
from hashlib import blake2b

from docx.document import Document as WordDocument
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Length, Pt
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph
from docx.text.run import Run

FONT = "Times New Roman"
_IN_A_NUMBER = re.compile(
    r"(?<=/[^\W\d_]{2})-(?=[^\W\d_])|(?<=/[^\W\d_]{3})-(?=[^\W\d_])|(?<=/[^\W\d_]{4})-(?=[^\W\d_])"
)
"""The dash of 7/QĐ-UBND, 3/TTr-UBND, 14/UBND-VX, where Word would begin a line."""
_CELL_MARGIN = 60
"""Left and right of what stands in a cell, in twentieths of a point."""


def prepare(document: WordDocument) -> None:
    """Make the blank document one of this country's offices: Times New Roman 13, Vietnamese, no first empty line."""
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(13)
    properties = style.element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(script), FONT)
    _child(properties, "w:lang", val="vi-VN", eastAsia="vi-VN", bidi="vi-VN")
    style.paragraph_format.space_after, style.paragraph_format.line_spacing = Pt(0), 1.0


def add_run(
    paragraph: Paragraph, text: str, *, size: float | None = None, bold: bool = False, italic: bool = False
) -> Run:
    """Add text literally. A line end becomes Word's own; a tab too. The number of a paper stays on one line."""
    run = paragraph.add_run()
    for at, piece in enumerate(_IN_A_NUMBER.split(text)):
        if at > 0:
            run._r.append(OxmlElement("w:noBreakHyphen"))  # noqa: SLF001 - python-docx reads it, and writes none
        _write(run, piece)
    run.bold, run.italic = bold or None, italic or None
    if size is not None:
        run.font.size = Pt(size)
    return run


def _write(run: Run, text: str) -> None:
    """Write text with its line ends and tabs, which Word has elements for."""
    for number, line in enumerate(text.split("\n")):
        if number > 0:
            run.add_break()
        for stop, words in enumerate(line.split("\t")):
            if stop > 0:
                run.add_tab()
            if words:
                run.add_text(words)


def set_font(run: Run, name: str) -> None:
    """Set a run in another font, whatever script Word takes its letters for."""
    run.font.name = name
    fonts = run._element.get_or_add_rPr().get_or_add_rFonts()  # noqa: SLF001 - python-docx offers no other way
    for script in ("w:eastAsia", "w:cs"):
        fonts.set(qn(script), name)


def add_rule(paragraph: Paragraph, length: Length, width: Length) -> None:
    """Draw a line of that length in the middle of `width`: a border, since a drawing moves about in Word."""
    form = paragraph.paragraph_format
    side = Length(max((width - length) // 2, 0))
    form.left_indent = form.right_indent = side
    form.line_spacing, form.space_before, form.space_after = Pt(5), Pt(3), Pt(3)
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001 - as above
    borders = OxmlElement("w:pBdr")
    _child(borders, "w:top", val="single", sz="6", space="1", color="auto")
    # The schema wants borders before what python-docx has already put there.
    properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")


def bookmark(paragraph: Paragraph, name: str, number: int) -> None:
    """Mark a paragraph, so that a page reference can lead to it."""
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    start.set(qn("w:id"), str(number))
    start.set(qn("w:name"), name)
    end.set(qn("w:id"), str(number))
    paragraph._p.append(start)  # noqa: SLF001 - as above
    paragraph._p.append(end)  # noqa: SLF001 - as above


def bookmark_name(key: str) -> str:
    """Return a name that Word takes: it begins with a letter and has at most 40 of letters, digits and underscores."""
    return "p_" + blake2b(key.encode(), digest_size=8).hexdigest()


def add_page_reference(paragraph: Paragraph, name: str) -> None:
    """Add the page of a bookmark, as large as a table's text; Word works it out when the document is opened."""
    _add_field(paragraph, f"PAGEREF {name} \\h", half_points=24)


def add_page_number(paragraph: Paragraph) -> None:
    """Add the number of the page."""
    _add_field(paragraph, "PAGE", half_points=26)


def _add_field(paragraph: Paragraph, instruction: str, *, half_points: int) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), instruction)
    field.set(qn("w:dirty"), "true")
    run = OxmlElement("w:r")
    look = OxmlElement("w:rPr")
    _child(look, "w:sz", val=str(half_points))
    run.append(look)
    _child(run, "w:t")
    field.append(run)
    paragraph._p.append(field)  # noqa: SLF001 - as above


def bare_table(document: WordDocument, widths: tuple[Length, ...], *, rows: int) -> Table:
    """Add a table without rules, to put things side by side."""
    return _table(document, widths, rows)


def ruled_table(document: WordDocument, widths: tuple[Length, ...]) -> Table:
    """Add a table with rules and its first row."""
    table = _table(document, widths, 1)
    table.style = document.styles["Table Grid"]
    margins = OxmlElement("w:tblCellMar")
    for side in ("w:left", "w:right"):
        _child(margins, side, w=str(_CELL_MARGIN), type="dxa")
    # The schema wants the margins before the look, which python-docx has already put there.
    table._tbl.tblPr.insert_element_before(margins, "w:tblLook")  # noqa: SLF001 - as above
    return table


def _table(document: WordDocument, widths: tuple[Length, ...], rows: int) -> Table:
    table: Table = document.add_table(rows=rows, cols=len(widths))
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for row in table.rows:
        _set_widths(row.cells, widths)
    return table


def add_row(table: Table, widths: tuple[Length, ...]) -> tuple[_Row, tuple[_Cell, ...]]:
    """Add a row and return it with its cells; Word wants their widths said again.

    To ask the table for its last row would count all of them, for every row anew.
    """
    row: _Row = table.add_row()  # type: ignore[no-untyped-call]
    cells: tuple[_Cell, ...] = row.cells
    _set_widths(cells, widths)
    return row, cells


def _set_widths(cells: tuple[_Cell, ...], widths: tuple[Length, ...]) -> None:
    for cell, width in zip(cells, widths, strict=True):
        cell.width = width


def fill(cell: _Cell, text: str, align: WD_ALIGN_PARAGRAPH, *, bold: bool = False, gap: float = 1.5) -> None:
    """Write a cell of a table, so many points below its upper rule and above its lower."""
    line = cell.paragraphs[0]
    line.alignment = align
    line.paragraph_format.space_before = line.paragraph_format.space_after = Pt(gap)
    add_run(line, text, size=12, bold=bold)


def repeat_on_every_page(row: _Row) -> None:
    """Let the head of a table stand on every page that the table runs over."""
    _child(row._tr.get_or_add_trPr(), "w:tblHeader", val="true")  # noqa: SLF001 - as above


def keep_end_with_next(document: WordDocument) -> None:
    """Let what was added last go to the next page with what follows, of a table its last row alone."""
    for element in reversed([child for child in document.element.body if child.tag != qn("w:sectPr")]):
        if element.tag == qn("w:tbl"):
            for cell in Table(element, document).rows[-1].cells:
                for line in cell.paragraphs:
                    line.paragraph_format.keep_with_next = True
            return
        line = Paragraph(element, document)
        line.paragraph_format.keep_with_next = True
        if line.text or line.runs:
            return


def keep_together(row: _Row) -> None:
    """Let a row stand on one page."""
    _child(row._tr.get_or_add_trPr(), "w:cantSplit", val="true")  # noqa: SLF001 - as above


def _child(parent: BaseOxmlElement, tag: str, **attributes: str) -> None:
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    parent.append(made)
