"""A decision as offices write one: who decides, on which grounds, "QUYẾT ĐỊNH:", its articles, and to whom it goes."""

from collections.abc import Iterable, Sequence
from datetime import date

from childcare_api.exchange.papers import wording
from childcare_api.exchange.papers.forms.parts import DECREE, LAW, Asked, head, made
from childcare_api.exchange.papers.paper import Block, Paper, Paragraph, Signature
from childcare_api.exchange.papers.queries import Material

BY_CHAIR, BY_COMMITTEE = "Chủ tịch Ủy ban nhân dân", "Ủy ban nhân dân"
PROPOSED = "Theo đề nghị của người làm công tác bảo vệ trẻ em cấp xã."
FILED = "Lưu: VT, hồ sơ trẻ em."
PARENTS = "Cha, mẹ hoặc người chăm sóc trẻ em;"


def ended(text: str | None) -> str:
    """Return a text of somebody's as a ground ends: with one semicolon."""
    return (text or "").rstrip(" .;") + ";"


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
    by: str,
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
    said = (LAW, DECREE, *grounds, PROPOSED)
    blocks: list[Block] = [
        Paragraph(f"{by} {unit or '……'}".upper(), style="order"),
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
