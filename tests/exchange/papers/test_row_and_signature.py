"""What stands side by side: rows that go to the next page whole, names on one line, lines that were ended."""

import io
from datetime import UTC, datetime

import pytest
from docx import Document
from pypdf import PdfReader
from tests.exchange.papers.reading import squeezed

from childcare_api.exchange.papers.docx import docx_of
from childcare_api.exchange.papers.paper import (
    Bar,
    Column,
    Field,
    Head,
    Mark,
    Paper,
    Paragraph,
    Picture,
    Print,
    Signature,
    Table,
    is_tall,
)
from childcare_api.exchange.papers.pdf import pdf_of

HEAD = Head(("Ủy ban nhân dân", "Xã Tả Van"), "Số: ……/BC-UBND", "Tả Van, ngày 05 tháng 02 năm 2026")
TWO = (Signature(("Người làm công tác", "bảo vệ trẻ em"), "Lù Thị Sen"), Signature(("Chủ tịch",), "Giàng A Páo", ""))


def printed(*blocks, signatures=(), landscape=False) -> Print:
    paper = Paper("timeline", "Thử", None, HEAD, blocks, signatures, key="a", landscape=landscape)
    return Print((paper,), "a", ("test",), datetime(2026, 2, 5, tzinfo=UTC))


def pdf_pages(content: bytes) -> list[str]:
    return [squeezed(page.extract_text()) for page in PdfReader(io.BytesIO(content)).pages]


@pytest.mark.parametrize(
    ("share", "letters", "width_cm", "tall"),
    [(1, 200, 16.5, False), (1, 300, 16.5, True), (4, 300, 16.5, False), (1, 300, 25.2, False), (4, 1500, 16.5, True)],
)
def test_a_row_is_tall_by_its_narrowest_column(share, letters, width_cm, tall):
    table = Table((Column("Việc", share), Column("Ghi chú", 5 - share)), ())
    assert is_tall(table, ("x" * letters, None), width_cm) is tall


def test_a_tall_row_begins_where_there_is_room_and_leaves_no_empty_page():
    words = "chăm sóc trẻ em " * 60
    table = Table((Column("TT", 1), Column("Việc", 4), Column("Ghi chú", 14)), (("1", words, None),))
    closing = Paragraph("Danh sách có 01 cá nhân./.")
    pages = pdf_pages(pdf_of(printed(Field("Mở đầu", "x"), table, closing, signatures=TWO, landscape=True)))
    assert [("chămsóc" in page, "Danhsáchcó" in page, "LùThịSen" in page) for page in pages] == [
        *((True, False, False), (True, True, True)),
    ]
    rows = Document(io.BytesIO(docx_of(printed(table, closing, landscape=True)))).element.body.xml
    assert "cantSplit" not in rows


def test_two_names_stand_on_one_line_however_many_titles_are_above_them():
    lines: dict[str, float] = {}

    def see(text, _current, place, _font, _size) -> None:
        lines.update({name: place[5] for name in ("Sen", "Páo") if name in text})

    whole = printed(Field("a", "b"), signatures=TWO)
    PdfReader(io.BytesIO(pdf_of(whole))).pages[0].extract_text(visitor_text=see)
    assert lines["Sen"] == pytest.approx(lines["Páo"], abs=0.5)
    last = Document(io.BytesIO(docx_of(whole))).tables[-1]
    assert [cell.text for cell in last.rows[1].cells] == ["Lù Thị Sen", "Giàng A Páo"]


def test_a_clock_and_its_article_stand_on_one_page():
    bars = tuple(
        Bar(f"Việc {at:02d}", f"Điều {at:02d} của văn bản này, " * 5, "đang chạy", 0.1, 0.6, 0.4, "running")
        for at in range(14)
    )
    pages = pdf_pages(pdf_of(printed(Picture(bars, (Mark(0.1, "1", counts=True, row=0),), (), 0.9), landscape=True)))
    assert len(pages) > 1
    for at in range(14):
        (on,) = [page for page in pages if f"Việc{at:02d}" in page]
        assert on.count(f"Điều{at:02d}") == 5


def test_lines_that_were_ended_are_paragraphs_and_not_torn_apart():
    whole = printed(Paragraph("Bà nội: xin nuôi cháu.\nCông an xã: đã gọi.", lead="1."), Field("Ghi chú", "Một.\nHai."))
    written = {line.text: line for line in Document(io.BytesIO(docx_of(whole))).paragraphs}
    assert {"1. Bà nội: xin nuôi cháu.", "Công an xã: đã gọi.", "Ghi chú: Một.\nHai."} <= written.keys()
    xml = Document(io.BytesIO(docx_of(whole))).element.body.xml
    assert xml.partition("Một.")[2].partition("Hai.")[0].count("<w:br/>") == 1, "a line end in text is a space to Word"
    assert written["Ghi chú: Một.\nHai."].alignment == 0, "justified, a line before a break is torn apart"
    assert "1.Bànội:xinnuôicháu.Côngan" in pdf_pages(pdf_of(whole))[0]
