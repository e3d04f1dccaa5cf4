"""The press: papers become files in two threads of their own, so that no print keeps other requests waiting.

Composing a page is work for the processor. typst does it without the interpreter's lock; Word documents are made in
Python, in small pieces between which other requests run. A queue that grows past its bound is refused, not endured.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Final, Literal

from childcare_api.exchange.papers.docx import docx_of
from childcare_api.exchange.papers.errors import FormatNotPossible, PrinterBusy
from childcare_api.exchange.papers.paper import Picture, Print, cleaned
from childcare_api.exchange.papers.pdf import pages_of, pdf_of

Format = Literal["pdf", "docx", "svg"]

MEDIA_TYPES: Final[dict[Format, str]] = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "svg": "image/svg+xml",
}
AT_ONCE = 2
WAITING = 40
_RETRY_AFTER = "5"

_press = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="press")
_in_hand = 0


def check_format(printed: Print, wanted: Format) -> None:
    """Raise FormatNotPossible for a picture of what is not one."""
    is_picture = len(printed.papers) == 1 and any(isinstance(block, Picture) for block in printed.papers[0].blocks)
    if wanted == "svg" and not is_picture:
        raise FormatNotPossible


async def rendered(printed: Print, wanted: Format) -> bytes:
    """Return a print in a format. Raises PrinterBusy where too many wait before it."""
    global _in_hand  # noqa: PLW0603 - one press for the process, counted on its one event loop
    if _in_hand >= AT_ONCE + WAITING:
        raise PrinterBusy(headers={"Retry-After": _RETRY_AFTER})
    _in_hand += 1
    try:
        return await asyncio.get_running_loop().run_in_executor(_press, _render, printed, wanted)
    finally:
        _in_hand -= 1


def _render(printed: Print, wanted: Format) -> bytes:
    clean = cleaned(printed)
    match wanted:
        case "pdf":
            return pdf_of(clean)
        case "docx":
            return docx_of(clean)
        case _:
            return pages_of(replace(clean, papers=(replace(clean.papers[0], loose=True),)), "svg")[0]
