"""Mẫu 07, the decision that separates a child for a time from parents or carers (Điều 32).

The decree has it name whom the child is separated from. That is mostly the alleged harm-doer, who is sealed: without
a stated reason the name is a dotted line, to be filled in by hand.
"""

from childcare_api.cases.file.models import CaseParty, StepKind
from childcare_api.cases.separating.models import CaseSeparation, CaseSeparationChange
from childcare_api.exchange.papers import wording
from childcare_api.exchange.papers.forms.assessing import detail_of
from childcare_api.exchange.papers.forms.parts import BLANK, DECREE, LAW, Asked, by_leader, child_described, head, made
from childcare_api.exchange.papers.paper import Block, Column, Heading, Paper, Paragraph, Table
from childcare_api.exchange.papers.queries import Material

_SEALED_ROLE = "alleged_harm_doer"


def mau_07(material: Material, asked: Asked) -> list[Paper]:
    """Lay out the decision: whom from, on which ground, where the child stays, for how long, and when it is lifted."""
    found = detail_of(material, asked, CaseSeparation)
    unit = material.unit(found.origin_commune_id)
    signer = material.signers.get(asked.step.id)
    blocks: list[Block] = [
        Paragraph(f"CHỦ TỊCH ỦY BAN NHÂN DÂN {(unit or '……').upper()}", style="order"),
        Paragraph(LAW, style="ground"),
        Paragraph(DECREE, style="ground"),
        Paragraph(f"Căn cứ kết quả đánh giá nhu cầu và môi trường an toàn của trẻ em: {_ended(found)}", style="ground"),
        Paragraph("Theo đề nghị của người làm công tác bảo vệ trẻ em cấp xã.", style="ground"),
        Paragraph("QUYẾT ĐỊNH:", style="order"),
        *_articles(material, asked, found),
    ]
    return [
        made(
            material,
            asked,
            head=head(unit, wording.number("QĐ-UBND", found.decision_number), found.decided_on),
            title="Quyết định",
            subtitle=(
                "Về việc tạm thời cách ly trẻ em khỏi cha, mẹ, người chăm sóc trẻ em\n"
                "và áp dụng biện pháp chăm sóc thay thế"
            ),
            blocks=blocks,
            signatures=(by_leader(signer),),
            recipients=(
                "Như Điều 4;",
                f"{found.stay_name};",
                "Cha, mẹ hoặc người chăm sóc trẻ em;",
                "Lưu: VT, hồ sơ trẻ em.",
            ),
        )
    ]


def _ended(found: CaseSeparation) -> str:
    return found.needs_and_safety.rstrip(" .;") + ";"


def _articles(material: Material, asked: Asked, found: CaseSeparation) -> list[Block]:
    words = material.words
    who = child_described(material, asked.step.recorded_at)
    whom = "; ".join(_person(material, relation) for relation in found.separated_from)
    grounds = "; ".join((words.of("separation_grounds", ground) or ground).lower() for ground in found.grounds)
    ends_at = asked.step.ends_at
    until = "" if ends_at is None else f", đến hết {wording.until(ends_at)}"
    return [
        Paragraph(
            f"Tạm thời cách ly trẻ em {who} khỏi: {whom}. Lý do (khoản 1 Điều 32 Nghị định số 56/2017/NĐ-CP):"
            f" {grounds}.",
            lead="Điều 1.",
        ),
        Paragraph(
            f"Thời hạn tạm thời cách ly là {found.days} ngày, kể từ {wording.moment(asked.step.happened_at)}{until}."
            " Thời hạn có thể được gia hạn nhưng tối đa không quá 15 ngày, trừ trường hợp phải tiếp tục cách ly theo"
            " yêu cầu của cơ quan có thẩm quyền.",
            lead="Điều 2.",
        ),
        Paragraph(
            f"Nơi tạm trú an toàn và chăm sóc thay thế: {_stay(material, found)}. Khi cha, mẹ, người"
            " chăm sóc trẻ em được đánh giá bảo đảm điều kiện an toàn cho trẻ em theo Mẫu số 03 thì quyết định tạm thời"
            " cách ly được hủy bỏ.",
            lead="Điều 3.",
        ),
        Paragraph(
            "Quyết định này có hiệu lực kể từ ngày ký. Người làm công tác bảo vệ trẻ em cấp xã, cha, mẹ, người chăm sóc"
            " trẻ em, nơi tạm trú an toàn và các cơ quan, tổ chức, cá nhân có liên quan chịu trách nhiệm thi hành Quyết"
            " định này./.",
            lead="Điều 4.",
        ),
    ]


def _stay(material: Material, found: CaseSeparation) -> str:
    """Return where the child stays, as a sentence has it: whose, what kind of place, and how it is reached."""
    words = material.words
    kind = words.of("stay_kinds", found.stay_kind) or found.stay_kind
    relation = words.of("relations", found.stay_relation)
    related = "" if relation is None else f"; quan hệ với trẻ em: {relation.lower()}"
    parts = (
        f"{found.stay_name} ({kind.lower()}{related})",
        None if found.stay_address is None else f"địa chỉ: {wording.inside(found.stay_address)}",
        None if found.stay_phone is None else f"điện thoại: {found.stay_phone}",
    )
    return ", ".join(part for part in parts if part)


def _person(material: Material, relation: str) -> str:
    """Return who is meant: the relation, and the name, unless it would tell who is said to have done the harm."""
    called = (material.words.of("relations", relation) or relation).lower()
    found = [material.details[step.id] for step in material.steps(StepKind.PARTY)]
    parties = [one for one in found if isinstance(one, CaseParty) and one.relation == relation]
    if not material.unsealed and any(party.role == _SEALED_ROLE for party in parties):
        return f"{called} {BLANK}"
    names = dict.fromkeys(party.full_name for party in parties if party.full_name is not None)
    return f"{called} {', '.join(names) or BLANK}"


def changes(material: Material) -> list[Block]:
    """Return the decisions that extended or cancelled a separation, for the page of what has no form of its own."""
    rows = []
    for kind, called in (
        (StepKind.SEPARATION_EXTENDED, "Gia hạn"),
        (StepKind.SEPARATION_CANCELLED, "Hủy bỏ"),
    ):
        for step in material.steps(kind):
            found = material.details[step.id]
            if isinstance(found, CaseSeparationChange):
                days = called if found.days is None else f"{called} {found.days} ngày"
                on = wording.short_day(found.decided_on)
                rows.append((on, found.decision_number, days, found.reason))
    columns = (
        Column("Ngày", 2, "centre"),
        Column("Số quyết định", 2.4, "centre"),
        Column("Nội dung", 2.6),
        Column("Lý do", 5),
    )
    return [Heading("Gia hạn, hủy bỏ tạm thời cách ly (Điều 32.3)"), Table(columns, tuple(rows))] if rows else []
