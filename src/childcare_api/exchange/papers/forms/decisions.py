"""A decision as offices write one: who decides, on which grounds, "QUYẾT ĐỊNH:", its articles, and to whom it goes."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from childcare_api.exchange.papers import wording
from childcare_api.exchange.papers.forms.parts import DECREE, LAW, Asked, head, made
from childcare_api.exchange.papers.paper import Block, Paper, Paragraph, Signature
from childcare_api.exchange.papers.queries import Material

CHAIR = "Chủ tịch Ủy ban nhân dân"
"""Who decides in all of them (NĐ 56/2017, Điều 28.4, 32.2, 48.2; Luật Trẻ em, Điều 66.1).

Of giving a child into care the decree says that the committee issues the decision (Điều 42.7). The law stands above it.
"""
LOCAL_GOVERNMENT: Final = (
    date(2025, 6, 16),
    "Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025;",
)
"""The law that a chair has the power from, and the day it came into force: of what was before, nothing is said."""
CIRCULAR: Final = (
    date(2021, 1, 12),
    (
        "Căn cứ Thông tư số 14/2020/TT-BLĐTBXH ngày 28 tháng 11 năm 2020 của Bộ Lao động - Thương binh và Xã hội hướng"
        " dẫn việc thực hiện các quy định về chăm sóc thay thế cho trẻ em;"
    ),
)
"""What says how a child is given into care, and the day it came into force."""
PROPOSED = "Theo đề nghị của người làm công tác bảo vệ trẻ em cấp xã."
FILED = "Lưu: VT, hồ sơ trẻ em."
PARENTS = "Cha, mẹ hoặc người chăm sóc trẻ em;"


def ended(text: str | None) -> str:
    """Return a text of somebody's as a ground ends: with one semicolon."""
    return (text or "").rstrip(" .;") + ";"


def powers(day: date | None) -> tuple[str, ...]:
    """Return the ground that every decision of a chair begins with; a draft has that of today."""
    since, ground = LOCAL_GOVERNMENT
    return (ground,) if day is None or day >= since else ()


def by_chair_of(unit: str | None) -> str:
    """Return whose decision is cited, as one that cites it says it (NĐ 30/2020, Phụ lục I, II.6)."""
    return f"của {CHAIR} {wording.inside(unit)}"


def carried_out(who: str) -> str:
    """Return the last article: from when it holds, and who carries it out beside the officer."""
    return (
        f"Quyết định này có hiệu lực kể từ ngày ký. Người làm công tác bảo vệ trẻ em cấp xã, {who} và các cơ quan, tổ"
        " chức, cá nhân có liên quan chịu trách nhiệm thi hành Quyết định này./."
    )


def decision(
    material: Material,
    asked: Asked,
    *,
    unit: str | None,
    number: str | None,
    day: date | None,
    about: str,
    grounds: Iterable[str],
    articles: Sequence[str],
    signature: Signature,
    recipients: Iterable[str],
    draft: bool = False,
) -> Paper:
    """Return the paper. `articles` are numbered in order; the first recipient is who carries out the last of them."""
    said = (*powers(day), LAW, DECREE, *grounds, PROPOSED)
    blocks: list[Block] = [
        Paragraph(f"{CHAIR} {unit or '……'}".upper(), style="order"),
        *(Paragraph(ground, style="ground") for ground in said),
        Paragraph("QUYẾT ĐỊNH:", style="order"),
        *(Paragraph(text, lead=f"Điều {at}.") for at, text in enumerate(articles, start=1)),
    ]
    return made(
        material,
        asked,
        head=head(unit, wording.number("QĐ-UBND", number), day),
        title="Quyết định",
        subtitle=about,
        blocks=blocks,
        signatures=(signature,),
        recipients=(f"Như Điều {len(articles)};", *recipients, FILED),
        draft=draft,
    )
