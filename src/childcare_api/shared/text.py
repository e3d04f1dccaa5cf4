"""Vietnamese text: one normal form for storing, one folded form for searching."""

import re
import unicodedata
from contextlib import suppress
from urllib.parse import unquote


def nfc(text: str) -> str:
    """Return text in NFC, the only form that is stored: "ế" typed as one letter or as three is the same name."""
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """Return the form that names are searched by: lower case, without accents, đ as d, single spaces.

    Written into search columns and applied to what is searched for, so both sides always agree.
    """
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(bare.split())


def initials(name: str) -> str:
    """Return a name as lists show it to whoever needs no more, as `reads.masked_name` does: `V. A. P.`."""
    return re.sub(r"(\S)\S*", r"\1.", name)


def from_header(value: str) -> str:
    """Return what a header says in words: UTF-8, handed over byte by byte as Latin-1; without what hides it.

    Or percent-encoded UTF-8, since a browser sends nothing else than Latin-1 (`encodeURIComponent`).
    """
    try:
        text = value.encode("latin-1").decode()
    except UnicodeError:
        text = value
    # A percent sign that encodes nothing is one.
    with suppress(UnicodeError):
        text = unquote(text, errors="strict")
    return nfc("".join(letter for letter in text if unicodedata.category(letter)[0] != "C")).strip()
