"""What a printed file says, as whoever opens it reads it."""

import io
import re
import unicodedata

from docx import Document
from docx.table import Table
from docx.text.paragraph import Paragraph
from pypdf import PdfReader


def squeezed(text: str) -> str:
    """Return text without spaces and places to break, which belong to the layout."""
    return re.sub(r"[\s\u200b\xa0]+", "", text)


def pdf_text(content: bytes) -> str:
    reader = PdfReader(io.BytesIO(content))
    return "\n".join(page.extract_text() for page in reader.pages)


def docx_text(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    return "\n".join(_lines(document.element.body, document))


def _lines(body, document) -> list[str]:
    lines = []
    for child in body.iterchildren():
        if child.tag.endswith("}p"):
            lines.append(Paragraph(child, document).text)
        elif child.tag.endswith("}tbl"):
            for row in Table(child, document).rows:
                lines += [cell.text for cell in row.cells]
    return lines


def text_of(content: bytes, kind: str) -> str:
    """Return the text of a file; asserts that its letters are whole (NFC)."""
    text = pdf_text(content) if kind == "pdf" else docx_text(content)
    assert unicodedata.is_normalized("NFC", text)
    return squeezed(text)


def page_count(content: bytes) -> int:
    """Return how many pages a PDF has."""
    return len(PdfReader(io.BytesIO(content)).pages)


def keywords_of(content: bytes, kind: str) -> str:
    """Return the keywords in a document's properties."""
    if kind == "pdf":
        return PdfReader(io.BytesIO(content)).metadata["/Keywords"]
    return Document(io.BytesIO(content)).core_properties.keywords
