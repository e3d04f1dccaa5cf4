"""Mẫu 15, the carer's request to end a placement, and Mẫu 16, the decision that ends it (Điều 48; LQ, Điều 69)."""

from collections.abc import Iterator

from childcare_api.alternative_care.models import Carer
from childcare_api.cases.file.models import CaseStep, StepKind
from childcare_api.cases.placing.models import CasePlacement, CasePlacementEnd, CasePlacementEndRequest
from childcare_api.exchange.papers import wording
from childcare_api.exchange.papers.forms.assessing import detail_of
from childcare_api.exchange.papers.forms.decisions import by_chair_of, carried_out, decision, ended
from childcare_api.exchange.papers.forms.parts import (
    BLANK,
    Asked,
    by_leader,
    child_birth,
    child_described,
    child_name,
    day_of,
    made,
)
from childcare_api.exchange.papers.forms.placing import called_by_name, placement_of
from childcare_api.exchange.papers.forms.sending import where_it_lives
from childcare_api.exchange.papers.paper import Block, Choice, Field, Head, Paper, Paragraph, Signature
from childcare_api.exchange.papers.queries import Material

_CARERS = "cá nhân, gia đình nhận chăm sóc thay thế"
_CARERS_GROUNDS = ("carer_asked", "child_harmed_carer")
"""What a carer may ask for it on: Luật Trẻ em, Điều 69.1 c and d."""


def carer_of(material: Material, placement: CasePlacement | None) -> Carer | None:
    """Return who has the child, whom their own commune alone may name."""
    return None if placement is None or placement.carer_id is None else material.carers.get(placement.carer_id)


def mau_15(material: Material, asked: Asked) -> list[Paper]:
    """Lay out the request as the carer signs it. A child that wishes to leave signs none: then there is no paper."""
    found = detail_of(material, asked, CasePlacementEndRequest)
    if found.asked_by != "carer":
        return []
    placement = placement_of(material, asked.step)
    carer = carer_of(material, placement)
    unit = material.unit(found.origin_commune_id)
    office = f"Ủy ban nhân dân {wording.inside(unit)}"
    blocks: list[Block] = [
        Paragraph(f"Kính gửi: {office}", style="centre"),
        Field("Họ và tên người đề nghị (cá nhân, đại diện gia đình)", None if carer is None else carer.full_name),
        Field(
            "Ngày, tháng, năm sinh",
            None if carer is None else wording.birth(carer.born_on, carer.born_on_precision, None),
        ),
        Field("Nơi cư trú", None if carer is None or carer.address is None else wording.address(carer.address, unit)),
        Field("Số điện thoại", None if carer is None else carer.phone),
        Field("Đang nhận chăm sóc thay thế trẻ em", child_name(material)),
        Field("Ngày, tháng, năm sinh của trẻ em", child_birth(material)),
        Field("Theo quyết định giao, nhận số", None if placement is None else called(placement)),
        Choice(
            "Lý do đề nghị (điểm c, d khoản 1 Điều 69 Luật Trẻ em)",
            tuple(
                (material.words.of("placement_end_grounds", code) or code, found.ground == code)
                for code in _CARERS_GROUNDS
            ),
        ),
        Field("Trình bày cụ thể", found.reason, 3),
        Paragraph(
            f"Đề nghị {office} xem xét, quyết định chấm dứt việc chăm sóc thay thế và bố trí hình thức chăm sóc thay"
            " thế phù hợp cho trẻ em./."
        ),
    ]
    on = f"{wording.place(unit)}, {wording.unbroken(wording.long_day(day_of(asked.step)))}"
    return [
        made(
            material,
            asked,
            head=Head((), None, on),
            title="Đơn đề nghị",
            subtitle="Chấm dứt việc chăm sóc thay thế cho trẻ em",
            blocks=blocks,
            signatures=(Signature(("Người đề nghị",), None if carer is None else carer.full_name),),
        )
    ]


def mau_16(material: Material, asked: Asked) -> list[Paper]:
    """Lay out the decision. What ends of itself, or was decided on elsewhere, has none of this commune's.

    Whoever decided on the care decides on its end: of what a court decided, the court (Luật Trẻ em, Điều 69.4).
    """
    found = detail_of(material, asked, CasePlacementEnd)
    placement = placement_of(material, asked.step)
    elsewhere = placement is not None and (placement.carer_id is None or placement.decided_by == "court")
    if found.decision_number is None or elsewhere:
        return []
    carer = carer_of(material, placement)
    words = material.words
    named, by = (BLANK, BLANK) if carer is None else (carer.full_name, called_by_name(carer))
    issuer = None if placement is None else material.unit(placement.carer_commune_id)
    number = f"{BLANK if placement is None else called(placement)} {by_chair_of(issuer)}"
    child = child_described(material, asked.step.recorded_at)
    ground = wording.amid(words.of("placement_end_grounds", found.ground) or found.ground)
    reason = "" if found.reason is None else f" ({found.reason.rstrip(' .;')})"
    goes_to = wording.amid(words.of("placement_destinations", found.goes_to) or found.goes_to)
    return [
        decision(
            material,
            asked,
            unit=material.unit(found.origin_commune_id),
            number=found.decision_number,
            day=day_of(asked.step),
            about="Về việc chấm dứt việc chăm sóc thay thế\nvà chuyển hình thức chăm sóc thay thế",
            grounds=(
                f"Căn cứ Quyết định số {number} về việc giao, nhận trẻ em cho {_CARERS};",
                *_grounds(material, asked.step, found),
            ),
            articles=[
                (
                    f"Chấm dứt việc chăm sóc thay thế đối với trẻ em {child} do"
                    f" {by} thực hiện, kể từ {wording.long_day(found.ended_on)}. Lý do: {ground}{reason}."
                ),
                f"Hình thức chăm sóc tiếp theo đối với trẻ em: {goes_to}.",
                carried_out(_CARERS),
            ],
            signature=by_leader(material.signers.get(asked.step.id)),
            recipients=(f"{named};", *where_it_lives(material, asked.step, found.origin_commune_id)),
        )
    ]


def called(placement: CasePlacement) -> str:
    """Return the decision that gave the child into care, by number and day."""
    return f"{placement.decision_number} {wording.long_day(placement.decided_on)}"


def _grounds(material: Material, step: CaseStep, found: CasePlacementEnd) -> Iterator[str]:
    """Say what the decision rests on (Điều 48.2): the visits, the carer's request, what the child wishes."""
    visits, wishes = (
        [one for one in material.steps(kind) if one.position < step.position and one.about_id == found.placement_id]
        for kind in (StepKind.PLACEMENT_VISIT, StepKind.PLACEMENT_END_REQUESTED)
    )
    if visits:
        on = wording.long_day(day_of(visits[-1]))
        yield f"Căn cứ kết quả theo dõi, đánh giá trẻ em được nhận chăm sóc thay thế {on};"
    for one in wishes:
        asked = material.details.get(one.id)
        if isinstance(asked, CasePlacementEndRequest):
            who = _CARERS if asked.asked_by == "carer" else "trẻ em"
            yield f"Xét đề nghị chấm dứt việc chăm sóc thay thế của {who} {wording.long_day(day_of(one))};"
    if found.child_opinion is not None:
        yield f"Xét nguyện vọng của trẻ em: {ended(found.child_opinion)}"
