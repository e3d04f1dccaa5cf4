"""How closely Word sets a paper: what runs over its page by a little is set closer, and nothing else is."""

import io
from datetime import UTC, datetime

import pytest
from docx import Document

from childcare_api.exchange.papers.closeness import CLOSE, LOOSE, fitting, height_of
from childcare_api.exchange.papers.docx import docx_of
from childcare_api.exchange.papers.paper import (
    Choice,
    Column,
    Contents,
    Field,
    Head,
    Heading,
    Paper,
    Paragraph,
    Print,
    Signature,
    Table,
)

HEAD = Head(("Ủy ban nhân dân", "Xã Tả Van"), "Số: ……/BC-UBND", "Tả Van, ngày 05 tháng 02 năm 2026")
SIGNED = (Signature(("Cán bộ tiếp nhận",), "Lù Thị Sen"),)
LINE = Field("Nơi cư trú", "Thôn Tả Van Giáy 1, xã Tả Van")
PAGE = 25.7 * 28.35


def paper(*blocks, landscape: bool = False) -> Paper:
    return Paper("test", "Thử", None, HEAD, blocks, SIGNED, key="a", landscape=landscape)


@pytest.mark.parametrize(
    ("lines", "set_as"), [(5, LOOSE), (26, LOOSE), (30, CLOSE), (34, CLOSE), (40, LOOSE), (4_000, LOOSE)]
)
def test_what_runs_over_a_page_by_a_little_is_set_closer(lines, set_as):
    whole = paper(*(LINE,) * lines)
    assert fitting(whole) == set_as
    assert fitting(paper(*whole.blocks, landscape=True)) == LOOSE
    assert fitting(paper(*whole.blocks, Contents(()))) == LOOSE, "a file of many papers has pages enough"


def test_word_is_told_so_and_keeps_its_lines_as_high_as_the_font_asks_for():
    spacing = {}
    for lines in (5, 32):
        whole = Print((paper(*(LINE,) * lines),), "a", ("test",), datetime(2026, 2, 5, tzinfo=UTC))
        written = Document(io.BytesIO(docx_of(whole))).paragraphs
        spacing[lines] = {line.paragraph_format.line_spacing for line in written if line.text.startswith("Nơi cư trú")}
    assert spacing == {5: {1.15}, 32: {1.0}}


@pytest.mark.parametrize("set_as", [LOOSE, CLOSE])
def test_an_estimate_counts_lines_as_word_breaks_them(set_as):
    """Heights of single lines of Times New Roman 13, of which Word makes 14.95 points each."""
    alone = height_of(paper(), set_as)

    def lines_in(block) -> float:
        return (height_of(paper(block), set_as) - alone) / (14.95 * set_as.line)

    long = "chăm sóc thay thế cho trẻ em " * 10
    assert lines_in(Field("Ghi chú", long)) == pytest.approx(4, abs=0.4)
    assert lines_in(Field("Ghi chú", None, 3)) == pytest.approx(3, abs=0.4)
    assert lines_in(Field("Ghi chú", "một\nhai\nba")) == pytest.approx(3, abs=0.4)
    assert lines_in(Heading("1. Kết luận")) == pytest.approx(1, abs=0.5)
    assert lines_in(Choice("Giới tính", (("Nam", True), ("Nữ", False)))) == pytest.approx(1.2, abs=0.4)
    assert lines_in(Paragraph(long)) == pytest.approx(4.4, abs=0.4)
    rows = ((long, "một"), (None, "hai"))
    assert lines_in(Table((Column("Việc", 1), Column("Ghi chú", 1)), rows)) == pytest.approx(9, abs=1.5)
    assert height_of(paper(*(LINE,) * 26), LOOSE) < PAGE < height_of(paper(*(LINE,) * 30), LOOSE)


def test_a_long_name_of_an_office_makes_its_letterhead_taller():
    long = Head(("Ủy ban nhân dân", "Phường Văn Miếu - Quốc Tử Giám Thượng"), HEAD.number, "Văn Miếu " * 4 + "ngày 05")
    usual, taller = (height_of(Paper("t", "", None, head, (), key="a"), LOOSE) for head in (HEAD, long))
    assert taller - usual == pytest.approx(13.8 + 14.95, abs=4)
