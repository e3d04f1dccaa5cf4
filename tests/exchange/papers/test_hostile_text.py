"""Whatever people write is printed as they wrote it, in both kinds of file."""

import asyncio
import io
import unicodedata
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from tests.exchange.papers.reading import docx_text, pdf_text, squeezed

from childcare_api.exchange.papers import printing
from childcare_api.exchange.papers.docx import docx_of
from childcare_api.exchange.papers.errors import PrinterBusy
from childcare_api.exchange.papers.paper import (
    Choice,
    Column,
    Field,
    Head,
    Heading,
    Paper,
    Paragraph,
    Print,
    Signature,
    Table,
    cleaned,
)
from childcare_api.exchange.papers.pdf import pdf_of

MARKUP = "#$<>{}[]()\\*_`~@=-+/|&%^\"':;,.!?§«»…"
VIETNAMESE = "aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵĐƯỚỄ0123456789"
MARKED_UP = [
    '#eval("1") #import "x.typ" $x^2$ <label> @ref *đậm* _nghiêng_ `mã` // chú thích /* ẩn */ ~ -- --- \\ \\u{41}',
    "{{ child.name }} {% for x in y %} <w:p>&amp;</w:p> ]]> <script>alert(1)</script> ${x} %(a)s {0}",
    "= Đề mục\n- mục\n+ số\n/ từ: nghĩa\n#{ }\n",
]
LONG = ["x" * 10_000, "ế" * 5_000 + " " + "W" * 5_000, "Cháu bị bầm tím ở tay. " * 430]


def written(text: str) -> Print:
    """Return a print that has a text in every place where a text can stand."""
    row = (text, text)
    paper = Paper(
        form="test",
        title="Thử",
        subtitle=text[:200],
        head=Head(("Ủy ban nhân dân", "xã Tả Van"), text[:40], text[:60]),
        blocks=(
            Heading(text[:300]),
            Field("Nội dung", text),
            Paragraph(text, lead="Điều 1."),
            Choice("Chọn", ((text[:100], True), (text[:100], False))),
            Table((Column("Một", 1), Column(text[:50], 5)), (row,), (text[:50], text[:20])),
        ),
        signatures=(Signature(("Chủ tịch",), text[:60]),),
        recipients=(text[:100],),
        note=text[:80],
        mark_reason=text[:80],
        key="a",
    )
    return cleaned(Print((paper,), text[:80] or "a", ("test",), datetime(2026, 2, 5, tzinfo=UTC)))


@settings(max_examples=15)
@given(st.text(st.sampled_from(MARKUP + VIETNAMESE + "  \n"), min_size=1, max_size=400))
@example(MARKED_UP[0])
@example(MARKED_UP[1])
@example(MARKED_UP[2])
def test_what_looks_like_markup_is_printed_as_it_is(text):
    printed = written(text)
    block = printed.papers[0].blocks[1]
    said = squeezed(block.value)
    assert said in squeezed(docx_text(docx_of(printed)))
    # Letters of one line only: a page ends where it likes, with its number between.
    paged = squeezed(pdf_text(pdf_of(printed)))
    assert all(piece in paged for piece in (said[:200], said[-200:]))


@pytest.mark.parametrize("text", LONG)
def test_ten_thousand_letters_run_over_the_pages_and_not_off_them(text):
    whole = written("a")
    paper = replace(whole.papers[0], blocks=(Field("Nội dung", text),))
    printed = cleaned(replace(whole, papers=(paper,)))
    said = squeezed(text)
    assert said in squeezed(docx_text(docx_of(printed)))
    pages = PdfReader(io.BytesIO(pdf_of(printed))).pages
    assert len(pages) > 1, "a word that does not break stands on one line, most of it beside the paper"
    assert said[:50] in squeezed(pages[0].extract_text())
    assert said[-50:] in squeezed(pages[-1].extract_text())


@settings(max_examples=15)
@given(st.text(min_size=1, max_size=200))
@example("\ufffe\uffff\ufdd0 a \U0001f600 日本 عربي \u200f\u200e\u2028\u0301")
def test_no_text_at_all_keeps_a_paper_from_being_printed(text):
    printed = written(text)
    assert pdf_of(printed).startswith(b"%PDF")
    assert docx_of(printed).startswith(b"PK")


def test_letters_typed_in_pieces_are_printed_whole_and_other_scripts_stay():
    name = "Nguyễn Thị Ánh Tuyết"
    printed = written(unicodedata.normalize("NFD", name) + " שלום أحمد")
    assert squeezed(name) in squeezed(pdf_text(pdf_of(printed)))
    assert name + " שלום أحمد" in docx_text(docx_of(printed))


async def test_twenty_prints_at_once_leave_the_loop_free_and_are_all_the_same():
    long = written("Cháu bị bầm tím ở tay, sợ hãi, ngủ không yên. " * 60)
    wanted = replace(long, papers=long.papers * 4)
    alone = {kind: await printing.rendered(wanted, kind) for kind in ("pdf", "docx")}
    turns = 0
    finished = asyncio.Event()

    async def watch() -> None:
        nonlocal turns
        while not finished.is_set():
            await asyncio.sleep(0.005)
            turns += 1

    watching = asyncio.create_task(watch())
    kinds = ("pdf", "docx") * 10
    together = await asyncio.gather(*(printing.rendered(wanted, kind) for kind in kinds))
    finished.set()
    await watching
    assert [content == alone[kind] for content, kind in zip(together, kinds, strict=True)] == [True] * 20
    assert turns > len(kinds), "other requests had their turn all the while"


async def test_the_press_refuses_what_it_cannot_get_to():
    wanted = written("Thử")
    room = printing.AT_ONCE + printing.WAITING
    answers = await asyncio.gather(*(printing.rendered(wanted, "pdf") for _ in range(room + 5)), return_exceptions=True)
    refused = [answer for answer in answers if isinstance(answer, PrinterBusy)]
    assert len(refused) == 5
    assert refused[0].headers["Retry-After"]
    assert (await printing.rendered(wanted, "pdf")).startswith(b"%PDF"), "there is room again"
