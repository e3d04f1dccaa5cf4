"""Mẫu 10, what a child needs who needs other care (Điều 38.3 d; Thông tư 14/2020/TT-BLĐTBXH, Điều 4, 5)."""

from childcare_api.cases.placing.child import birthday_told
from childcare_api.cases.placing.models import CaseCareNeeds
from childcare_api.cases.placing.rules import must_be_asked
from childcare_api.exchange.papers import wording
from childcare_api.exchange.papers.forms.assessing import detail_of
from childcare_api.exchange.papers.forms.parts import (
    Asked,
    about_child,
    by_officer,
    day_of,
    head,
    made,
    point,
    under_heading,
)
from childcare_api.exchange.papers.paper import Block, Column, Field, Heading, Paper, Table
from childcare_api.exchange.papers.queries import Material

_GROUPS = ("health", "education", "psychology", "welfare", "protection", "legal")
"""The six groups of needs of Thông tư 14/2020, Điều 4.2, in its order."""
_TOO_YOUNG = "Trẻ em chưa đủ 07 tuổi, không thuộc trường hợp phải lấy ý kiến (khoản 3 Điều 60 Luật Trẻ em)."
_WILLING = {True: "Đồng ý nhận chăm sóc", False: "Không nhận chăm sóc", None: None}


def mau_10(material: Material, asked: Asked) -> list[Paper]:
    """Lay out the report: circumstances, the state in its eight points, needs in six groups, the child's wishes."""
    found = detail_of(material, asked, CaseCareNeeds)
    signer = material.signers.get(asked.step.id)
    ground = material.words.of("alternative_care_grounds", found.ground)
    blocks: list[Block] = [
        *about_child(material, asked.step.recorded_at),
        Field("Người thực hiện đánh giá", None if signer is None else signer.name),
        Field("Thời gian đánh giá", wording.moment(asked.step.happened_at)),
        Field("Trường hợp cần chăm sóc thay thế (Điều 62 Luật Trẻ em)", ground),
        Heading("1. Hoàn cảnh của trẻ em"),
        under_heading("Hoàn cảnh", found.circumstances, 2),
        Heading("2. Tình trạng của trẻ em"),
        point("a) Sức khỏe thể chất", found.physical_health),
        point("b) Sức khỏe tâm thần", found.mental_health),
        point("c) Tình hình học tập", found.learning),
        point("d) Điều kiện chăm sóc hiện tại", found.current_care),
        point("đ) Các nguy cơ có thể gây tổn hại cho trẻ em", found.risks),
        point("e) Nguyên nhân hoặc đối tượng gây tổn hại cho trẻ em", found.causes),
        point("g) Tình trạng gia đình", found.family),
        *_parents(material, found),
        Heading("h) Người thân thích", 2),
        _relatives(material, found),
        Heading("3. Nhu cầu của trẻ em"),
        _needs(material, found),
        Heading("4. Nguyện vọng của trẻ em (từ đủ 07 tuổi phải lấy ý kiến)"),
        under_heading("Nguyện vọng", _wishes(material, asked, found), 2),
    ]
    return [
        made(
            material,
            asked,
            head=head(material.unit(found.origin_commune_id), wording.number("BC-UBND"), day_of(asked.step)),
            title="Báo cáo đánh giá",
            subtitle="Về hoàn cảnh, tình trạng và nhu cầu, nguyện vọng của trẻ em cần chăm sóc thay thế",
            blocks=blocks,
            signatures=(by_officer(signer),),
        )
    ]


def _parents(material: Material, found: CaseCareNeeds) -> list[Block]:
    """Return who is left of the parents, on whom the consent of Điều 63.1 hangs, as far as it is known."""
    told = (("Cha", found.father), ("Mẹ", found.mother))
    known = [
        Field(parent, (material.words.of("parent_states", state) or state).lower())
        for parent, state in told
        if state is not None
    ]
    return [*known, Field("Căn cứ xác định", found.parents_reason)] if found.parents_reason is not None else [*known]


def _relatives(material: Material, found: CaseCareNeeds) -> Table:
    columns = (Column("Họ và tên", 3.6), Column("Quan hệ", 2.6), Column("Khả năng nhận chăm sóc", 5))
    rows = tuple(
        (
            one["full_name"],
            material.words.of("relations", one["relation"]),
            _answer(_WILLING[one.get("willing")], one.get("note")),
        )
        for one in found.relatives
    )
    return Table(columns, rows or ((None,) * len(columns),))


def _answer(willing: str | None, note: str | None) -> str | None:
    return note if willing is None or note is None else f"{willing}; {wording.amid(note)}"


def _needs(material: Material, found: CaseCareNeeds) -> Table:
    """Return a row for every group, also for one in which nothing was found to be needed."""
    rows = tuple(
        (
            material.words.of("service_groups", group),
            "\n".join(one["description"] for one in found.needs if one["group"] == group) or None,
        )
        for group in _GROUPS
    )
    return Table((Column("Nhóm nhu cầu", 3), Column("Nội dung", 7)), rows)


def _wishes(material: Material, asked: Asked, found: CaseCareNeeds) -> str | None:
    if found.child_was_asked:
        return found.child_wishes
    if found.child_not_asked_reason is not None:
        return f"Chưa lấy ý kiến trẻ em. Lý do: {found.child_not_asked_reason}"
    must = must_be_asked(birthday_told(material.file.case, material.child), day_of(asked.step))
    return None if must else _TOO_YOUNG
