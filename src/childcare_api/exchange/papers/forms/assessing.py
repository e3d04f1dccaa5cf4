"""Mẫu 03, the detailed assessment in its eight contents (Điều 27.1), and the minutes of the meeting (Điều 27.2)."""

from typing import TypeVar

from childcare_api.cases.assessing.models import CaseAssessment, CaseMeeting
from childcare_api.cases.file.models import StepDetail
from childcare_api.exchange.papers import wording
from childcare_api.exchange.papers.forms.parts import (
    Asked,
    about_child,
    by_officer,
    child_name,
    day_of,
    head,
    made,
    point,
    under_heading,
)
from childcare_api.exchange.papers.paper import (
    Block,
    Choice,
    Column,
    Field,
    Heading,
    Paper,
    Paragraph,
    Signature,
    Table,
)
from childcare_api.exchange.papers.queries import Material

Detail = TypeVar("Detail", bound=StepDetail)
_PERFORMERS = {
    "officer": "Người làm công tác bảo vệ trẻ em cấp xã",
    "hotline_111": "Tổng đài điện thoại quốc gia bảo vệ trẻ em 111",
    "service_provider": "Cơ sở cung cấp dịch vụ bảo vệ trẻ em",
}


_GROUPS = {group: at for at, group in enumerate(("health", "welfare", "education", "legal", "psychology"))}
"""The needs of Điều 27.1 e in its order; what it has beside them comes last."""
_OF_CARERS = (
    "h) Ý kiến, nguyện vọng của cha, mẹ, người chăm sóc trẻ em (trừ trường hợp cha, mẹ, người chăm sóc là người gây tổn"
    " hại cho trẻ em)"
)


def detail_of(material: Material, asked: Asked, model: type[Detail]) -> Detail:
    """Return what a step says beyond its head."""
    detail = material.details[asked.step.id]
    if not isinstance(detail, model):
        raise TypeError(detail)
    return detail


def mau_03(material: Material, asked: Asked) -> list[Paper]:
    """Lay out the detailed assessment, content by content in the letters of the decree."""
    found = detail_of(material, asked, CaseAssessment)
    signer = material.signers.get(asked.step.id)
    performer = found.performer_name or (signer.name if signer and found.performed_by == "officer" else None)
    blocks: list[Block] = [
        *about_child(material, asked.step.recorded_at),
        *_performer(found, performer),
        Field("Thời gian thực hiện", wording.moment(asked.step.happened_at)),
        Choice("Mức độ nguy cơ", material.words.options("harm_levels", found.risk_level)),
        Heading("NỘI DUNG THU THẬP, XÁC MINH, ĐÁNH GIÁ"),
        point("a) Tình trạng thể chất, tâm lý, tình cảm của trẻ em", found.child_condition, 3),
        point(
            "b) Hoàn cảnh gia đình, mối quan hệ của trẻ em và năng lực bảo vệ trẻ em của cha, mẹ, các thành viên trong"
            " gia đình",
            found.family_and_protection,
            3,
        ),
        point(
            "c) Các yếu tố làm trẻ em có thể bị xâm hại hoặc tiếp tục bị xâm hại hoặc các yếu tố dẫn đến trẻ em tiếp"
            " tục rơi vào hoàn cảnh đặc biệt",
            found.risk_factors,
            3,
        ),
        point("d) Điều kiện, khả năng học tập và khả năng tự bảo vệ của trẻ em", found.learning_and_self_protection, 3),
        point(
            "đ) Mức độ an toàn và khả năng hỗ trợ của cộng đồng dân cư nơi trẻ em sinh sống",
            found.community_safety,
            3,
        ),
        Heading(
            "e) Nhu cầu chăm sóc y tế, chữa trị các tổn hại về thể chất và tinh thần của trẻ em; nhu cầu trợ giúp xã"
            " hội, hỗ trợ giáo dục, đào tạo, giáo dục nghề nghiệp, trợ giúp pháp lý, hỗ trợ tư vấn, trị liệu tâm lý và"
            " các dịch vụ bảo vệ trẻ em khác",
            2,
        ),
        _needs(material, found),
        point("g) Ý kiến, nguyện vọng của trẻ em được hỗ trợ, can thiệp", _child_wishes(found), 2),
        *_carers_wishes(material, found),
        *_safety(found),
    ]
    return [
        made(
            material,
            asked,
            head=head(material.unit(asked.step.origin_commune_id), wording.number("BC-UBND"), day_of(asked.step)),
            title="Báo cáo",
            subtitle="Thu thập thông tin, xác minh và đánh giá nguy cơ cụ thể tình hình trẻ em",
            blocks=blocks,
            signatures=(
                by_officer(signer)
                if found.performed_by == "officer"
                else Signature(("Người thực hiện",), found.performer_name),
            ),
        )
    ]


def _performer(found: CaseAssessment, name: str | None) -> list[Block]:
    role = _PERFORMERS.get(found.performed_by)
    if name is None or role is None:
        return [Field("Người thực hiện", name), Field("Với tư cách", role)]
    return [Field("Người thực hiện", f"{name}, {wording.amid(role)}")]


def _needs(material: Material, found: CaseAssessment) -> Table:
    ordered = sorted(found.needs, key=lambda need: _GROUPS.get(need["group"], len(_GROUPS)))
    rows = tuple((material.words.of("service_groups", need["group"]), need["description"]) for need in ordered)
    return Table((Column("Nhóm nhu cầu", 3), Column("Nội dung", 7)), rows or ((None, None),))


def _child_wishes(found: CaseAssessment) -> str | None:
    if found.child_was_asked:
        return found.child_wishes
    reason = found.child_not_asked_reason
    return None if reason is None else f"Chưa lấy ý kiến trẻ em. Lý do: {reason}"


def _carers_wishes(material: Material, found: CaseAssessment) -> list[Block]:
    if not found.carers_wishes:
        reason = found.carers_not_asked_reason
        return [point(_OF_CARERS, None if reason is None else f"Chưa lấy ý kiến. Lý do: {reason}", 2)]
    rows = tuple((material.words.of("relations", one["relation"]), one["wishes"]) for one in found.carers_wishes)
    return [Heading(_OF_CARERS, 2), Table((Column("Quan hệ với trẻ em", 3), Column("Ý kiến, nguyện vọng", 7)), rows)]


def _safety(found: CaseAssessment) -> list[Block]:
    """Return what a separation is cancelled on (Điều 32.3), where it was judged."""
    safe = found.carers_ensure_safety
    asked = "Cha, mẹ, người chăm sóc bảo đảm điều kiện an toàn cho trẻ em (khoản 3 Điều 32)"
    return [] if safe is None else [Choice(asked, (("Có", safe), ("Không", not safe)))]


def minutes(material: Material, asked: Asked) -> list[Paper]:
    """Lay out the minutes of the meeting that settles the measures: who was there, what was said and settled."""
    found = detail_of(material, asked, CaseMeeting)
    chair = next((one["full_name"] for one in found.attendees if one["role"] == "chair"), None)
    rows = tuple(
        (str(number), one["full_name"], material.words.of("attendee_roles", one["role"]), one.get("body_name"))
        for number, one in enumerate(found.attendees, start=1)
    )
    columns = (Column("TT", 0.9, "centre"), Column("Họ và tên", 4), Column("Thành phần", 3.6), Column("Đơn vị", 3.4))
    blocks: list[Block] = [
        Field("Về việc của trẻ em", child_name(material)),
        Field("Thời gian bắt đầu", wording.moment(found.started_at)),
        Field("Địa điểm", found.place),
        Heading("1. Thành phần tham dự"),
        Table(columns, rows),
    ]
    if found.carers_absent_reason is not None:
        blocks.append(Field("Lý do vắng mặt của cha, mẹ, người chăm sóc trẻ em", found.carers_absent_reason))
    blocks += [
        Heading("2. Nội dung cuộc họp"),
        Paragraph(found.minutes),
        Heading("3. Kết luận"),
        Paragraph(found.conclusions) if found.conclusions is not None else under_heading("Kết luận", None, 3),
        Paragraph(f"Cuộc họp kết thúc vào {wording.moment(found.ended_at)}./."),
    ]
    signer = material.signers.get(asked.step.id)
    return [
        made(
            material,
            asked,
            head=head(material.unit(asked.step.origin_commune_id), wording.number("BB-UBND"), day_of(asked.step)),
            title="Biên bản",
            subtitle="Cuộc họp xác định nhu cầu cần hỗ trợ, can thiệp cho trẻ em",
            blocks=blocks,
            signatures=(by_officer(signer, "Người ghi biên bản"), Signature(("Chủ trì",), chair)),
        )
    ]
