"""How papers are set: on one page where they nearly fit, rows whole, signatures never alone, nothing over another."""

import io
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader
from tests.exchange.papers.reading import squeezed

from childcare_api.cases.planning.models import CasePlanService
from childcare_api.exchange.papers.docx import docx_of
from childcare_api.exchange.papers.forms.clocks import marks_of
from childcare_api.exchange.papers.forms.parts import column_of_sums
from childcare_api.exchange.papers.forms.planning import total_of
from childcare_api.exchange.papers.paper import (
    Bar,
    Column,
    Contents,
    Entry,
    Field,
    Head,
    Mark,
    Paper,
    Paragraph,
    Picture,
    Print,
    Signature,
    Table,
)
from childcare_api.exchange.papers.pdf import pdf_of

HEAD = Head(("Ủy ban nhân dân", "Xã Tả Van"), "Số: ……/BC-UBND", "Tả Van, ngày 05 tháng 02 năm 2026")
SIGNED = (Signature(("Người làm công tác", "bảo vệ trẻ em cấp xã"), "Lù Thị Sen"),)


def printed(*blocks) -> Print:
    paper = Paper("test", "Thử", None, HEAD, blocks, SIGNED, key="a")
    return Print((paper,), "a", ("test",), datetime(2026, 2, 5, tzinfo=UTC))


def pages_with(*blocks) -> list[str]:
    content = pdf_of(printed(*blocks))
    return [squeezed(page.extract_text()) for page in PdfReader(io.BytesIO(content)).pages]


def field(number: int) -> Field:
    return Field(f"Mục {number:02d}", f"đã ghi {number:02d}")


def test_what_nearly_fits_stands_on_one_page_and_what_does_not_takes_lines_along_with_the_signature():
    counts = {number: len(pages_with(*map(field, range(number)))) for number in (20, 28, 45)}
    assert counts == {20: 1, 28: 1, 45: 2}
    last = pages_with(*map(field, range(45)))[-1]
    assert "Mục44:đãghi44" in last
    assert "LùThịSen" in last


def test_a_point_is_set_apart_from_what_is_said_and_a_heading_is_not_asked_twice():
    blocks = (Field("a) Sức khỏe", "Tốt.", look="point"), Field("Mục tiêu", "An toàn.", look="under_heading"))
    assert pages_with(*blocks)[0].count("a)Sứckhỏe:Tốt.An") == 1
    written = Document(io.BytesIO(docx_of(printed(*blocks)))).paragraphs
    (one,) = [line for line in written if line.text == "a) Sức khỏe: Tốt."]
    assert [(run.text, run.bold, run.italic) for run in one.runs if run.text.strip()] == [
        *(("a) Sức khỏe:", True, True), ("Tốt.", None, None)),
    ]
    assert "An toàn." in [line.text for line in written]


@pytest.mark.parametrize("rows", [12, 13, 14, 15])
def test_a_row_goes_to_the_next_page_whole_and_the_last_one_with_the_signature(rows):
    columns = (Column("TT", 1), Column("Việc", 4))
    told = tuple((f"dau{number:02d}", "\n".join(("x", "x", "x", f"cuoi{number:02d}"))) for number in range(rows))
    pages = pages_with(Field("Mở đầu", "x"), Table(columns, told))
    assert len(pages) > 1
    for number in range(rows):
        (on,) = [page for page in pages if f"dau{number:02d}" in page]
        assert f"cuoi{number:02d}" in on
    assert f"dau{rows - 1:02d}" in pages[-1], "a signature stood alone"
    assert "LùThịSen" in pages[-1]


@pytest.mark.parametrize("words", range(6, 14))
def test_the_number_of_a_paper_stays_on_one_line(words):
    text = "chăm sóc " * words + "theo Thông tư số 14/2020/TT-BLĐTBXH và Quyết định số 1207/QĐ-UBND."
    paper = Paper("test", "Thử", None, HEAD, (Paragraph(text),), key="a")
    content = pdf_of(Print((paper,), "a", ("test",), datetime(2026, 2, 5, tzinfo=UTC)))
    lines = [line for page in PdfReader(io.BytesIO(content)).pages for line in page.extract_text().splitlines()]
    for number in ("14/2020/TT-BLĐTBXH", "1207/QĐ-UBND"):
        assert any(number in line for line in lines), number


@pytest.mark.parametrize("number", ["14/2020/TT-BLĐTBXH", "1207/QĐ-UBND", "3/TTr-UBND", "14/UBND-VX"])
def test_the_number_of_a_paper_stays_on_one_line_in_word_and_is_read_as_it_was_written(number):
    said = f"Căn cứ Quyết định số {number} - bản chính của Phòng Văn hóa - Xã hội, 05-06 người."
    document = Document(io.BytesIO(docx_of(printed(Paragraph(said)))))
    assert said in [line.text for line in document.paragraphs]
    assert document.element.body.xml.split(said[:14])[1].count("<w:noBreakHyphen/>") == 1


@given(st.lists(st.floats(0, 1), min_size=1, max_size=60).map(sorted), st.booleans())
def test_every_act_has_its_number_above_the_axis_and_no_number_stands_on_another(places, counts):
    marks = marks_of([(at, counts) for at in places])
    told = [mark.numbers.split("–") for mark in marks]
    assert int(told[0][0]) == 1
    assert all(int(before[-1]) + 1 == int(after[0]) for before, after in pairwise(told))
    assert int(told[-1][-1]) == len(places)
    assert {mark.counts for mark in marks} == {counts}
    for row in range(4):
        beside = [(mark.at, 0.011 * (len(mark.numbers) + 1) / 2) for mark in marks if mark.row == row]
        assert all(at + half <= after - other + 1e-9 for (at, half), (after, other) in pairwise(beside))


def test_sixty_acts_of_one_hour_share_points_that_can_be_read():
    marks = marks_of([(0.2 + number / 600, True) for number in range(60)])
    assert {mark.row for mark in marks} <= {0, 1, 2, 3}
    assert len(marks) > 2, "as little is put together as leaves room"


def test_numbers_that_would_meet_stand_one_above_the_other():
    marks = marks_of([(at, True) for at in (0.5, 0.5, 0.505, 0.51, 0.9)])
    assert [(mark.at, mark.numbers, mark.row) for mark in marks] == [
        *((0.5, "1–2", 0), (0.505, "3", 1), (0.51, "4", 2)),
        (0.9, "5", 0),
    ]


def test_a_sum_of_billions_has_room_in_its_column():
    usual, wide = (column_of_sums("x", [one, None], beside=13.3).width for one in ("1.500.000", "1.851.851.835.000"))
    assert usual == 2.3
    needed = 17 * 0.2 * (13.3 + wide) / 16.5
    assert needed - 1 < wide < needed + 1


@pytest.mark.parametrize(
    ("costs", "total"), [([1_500_000, 0], "1.500.000"), ([1_500_000, None], None), ([None], None), ([], None)]
)
def test_what_all_of_it_costs_is_not_known_while_one_sum_is_missing(costs, total):
    assert total_of([CasePlanService(cost_vnd=cost) for cost in costs]) == total


def test_a_line_of_the_contents_stays_on_its_page_in_word():
    contents = Contents(tuple(Entry("a", "7/QĐ-UBND", "05/02/2026", "Báo cáo đánh giá " * 6) for _ in range(3)))
    paper = Paper("test", "Thử", None, HEAD, (contents,), key="a")
    document = Document(io.BytesIO(docx_of(Print((paper,), "a", ("test",), datetime(2026, 2, 5, tzinfo=UTC)))))
    assert document.element.body.xml.count("<w:cantSplit") == 3


def test_many_clocks_come_into_word_in_parts_that_can_be_read():
    bar = Bar("Lập kế hoạch", "Điều 28.1", "đang chạy", 0.1, 0.6, 0.4, "running")
    picture = Picture((bar,) * 16, (Mark(at=0.1, numbers="1", counts=True, row=0),), (), 0.9)
    paper = Paper("timeline", "Biểu đồ", None, HEAD, (picture,), landscape=True, key="a")
    whole = Print((paper,), "a", ("test",), datetime(2026, 2, 5, tzinfo=UTC))
    shapes = Document(io.BytesIO(docx_of(whole))).inline_shapes
    assert [round(shape.width.cm, 1) for shape in shapes] == [25.2, 25.2, 25.2]
    few = replace(whole, papers=(replace(paper, blocks=(replace(picture, bars=(bar,) * 4),)),))
    assert len(Document(io.BytesIO(docx_of(few))).inline_shapes) == 1
