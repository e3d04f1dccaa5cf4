"""Every Vietnamese letter is drawn whole in every style that papers use, which reading the text back does not show."""

import json
import re
import unicodedata

import pytest
import typst

from childcare_api.exchange.papers.pdf import template

LETTERS = [
    chr(code)
    for code in (*range(0x00C0, 0x0100), *range(0x0102, 0x0180), *range(0x01A0, 0x01B1), *range(0x1EA0, 0x1EFA))
    if chr(code).lower() in "àáâãèéêìíòóôõùúýăđĩũơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ"
]
BARE = {"đ": "d", "Đ": "D"}
SOURCE = b"""
#set page(width: 2cm, height: 2cm)
#set text(font: "Libertinus Serif", fallback: false)
#let asked = json(bytes(sys.inputs.asked))
#for letter in asked.letters { page(text(weight: asked.weight, style: asked.style, letter)) }
"""


def outlines(letters: list[str], weight: int, style: str) -> list[int]:
    """Return how long the drawn outline of each letter is."""
    asked = json.dumps({"letters": letters, "weight": weight, "style": style})
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)
    pages = typst.Compiler(font_paths=fonts).compile(input=SOURCE, format="svg", sys_inputs={"asked": asked})
    assert len(pages) == len(letters)
    return [sum(map(len, re.findall(r'<symbol.*?<path d="([^"]*)"', page.decode()))) for page in pages]


def broken(weight: int, style: str) -> list[str]:
    """Return the letters that are drawn with less than the letter they are made from: only their accents stand."""
    bare = [BARE.get(letter) or unicodedata.normalize("NFD", letter)[0] for letter in LETTERS]
    drawn, bodies = outlines(LETTERS, weight, style), outlines(bare, weight, style)
    return [letter for letter, found, body in zip(LETTERS, drawn, bodies, strict=True) if found <= body]


@pytest.mark.parametrize("style", ["normal", "italic"])
@pytest.mark.parametrize("weight", [400, 600])
def test_no_letter_is_drawn_without_its_body(weight, style):
    assert len(LETTERS) == 134
    assert broken(weight, style) == []


def test_the_check_finds_letters_that_a_style_lacks_and_papers_do_not_use_it():
    assert "Ừ" in broken(700, "italic"), "the font has been mended: papers may be set in its bold"
    source = template().decode()
    assert '"bold"' not in source
    assert "700" not in source.partition("#let heavy")[2]
