"""Mẫu 06, the review after the plan was carried out (Điều 30.2)."""

from childcare_api.cases.following.models import CaseReview
from childcare_api.exchange.papers import wording
from childcare_api.exchange.papers.forms.assessing import detail_of
from childcare_api.exchange.papers.forms.parts import Asked, by_officer, child_name, day_of, grid, head, made
from childcare_api.exchange.papers.paper import Block, Choice, Column, Field, Heading, Paper, Table
from childcare_api.exchange.papers.queries import Material

_STABLE = (("physical", "Thể chất"), ("psychological", "Tâm lý"), ("cognitive", "Nhận thức"), ("emotional", "Tình cảm"))


def mau_06(material: Material, asked: Asked) -> list[Paper]:
    """Lay out the review: its two grids, the state of child and surroundings, and what follows by law."""
    found = detail_of(material, asked, CaseReview)
    signer = material.signers.get(asked.step.id)
    blocks: list[Block] = [
        Field("Họ và tên trẻ em", child_name(material)),
        Field("Họ và tên cán bộ thực hiện", None if signer is None else signer.name),
        Field("Ngày, tháng, năm thực hiện", wording.long_day(day_of(asked.step))),
        Heading("1. Đánh giá nguy cơ tại giai đoạn kết thúc"),
        Heading("a) Mức độ tổn hại và nguy cơ", 2),
        grid(
            material,
            (
                ("1. Mức độ tổn hại của trẻ em có còn nghiêm trọng không", found.harm_remaining),
                ("2. Khả năng tiếp cận trẻ em của đối tượng xâm hại", found.harm_doer_access),
                ("3. Những trở ngại trong môi trường chăm sóc trẻ em", found.care_obstacles),
            ),
        ),
        Heading("b) Khả năng tự bảo vệ, phục hồi của trẻ em", 2),
        grid(material, (("Khả năng tự bảo vệ, phục hồi của trẻ em", found.self_protection),)),
        Field("Khả năng phục hồi", found.recovery, 2),
        Heading("2. Tình trạng trẻ em và mức độ an toàn của môi trường"),
        Field("Tình trạng của trẻ em", found.child_state, 2),
        Field("Mức độ an toàn của môi trường trẻ em đang sinh sống", found.environment_safety, 2),
        Choice("Các yếu tố đã ổn định", tuple((label, found.stable.get(name) is True) for name, label in _STABLE)),
        Heading("3. Thành phần tham gia rà soát, đánh giá"),
        _participants(material, found),
        Heading("4. Kết luận, đề nghị"),
        Choice("Trẻ em còn nguy cơ bị xâm hại", (("Có", found.risk_remains), ("Không", not found.risk_remains))),
        Choice("Đề nghị Chủ tịch UBND cấp xã", material.words.options("review_outcomes", asked.step.outcome)),
        Field("Đề xuất", found.proposal, 2),
    ]
    return [
        made(
            material,
            asked,
            head=head(material.unit(asked.step.origin_commune_id), wording.number("BC-UBND"), day_of(asked.step)),
            title="Rà soát, đánh giá",
            subtitle="Tình trạng của trẻ em sau khi thực hiện kế hoạch hỗ trợ, can thiệp",
            blocks=blocks,
            signatures=(by_officer(signer),),
        )
    ]


def _participants(material: Material, found: CaseReview) -> Table:
    rows = tuple(
        (str(number), one["full_name"], material.words.of("attendee_roles", one["role"]), one.get("body_name"))
        for number, one in enumerate(found.participants, start=1)
    )
    columns = (Column("TT", 0.9, "centre"), Column("Họ và tên", 4), Column("Thành phần", 3.6), Column("Đơn vị", 3.4))
    return Table(columns, rows or ((None,) * len(columns),))
