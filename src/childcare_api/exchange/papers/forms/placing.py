"""Mẫu 12, the decision that gives a child to a carer (Điều 42.7), and Mẫu 13, how the child fares there (Điều 43.2).

The commune where the carer lives issues both, also for a child whose case another commune leads.
"""

from dataclasses import dataclass
from datetime import datetime

from childcare_api.alternative_care.models import Carer
from childcare_api.cases.file.models import CaseStep, StepKind
from childcare_api.cases.placing.models import CasePlacement, CasePlacementVisit
from childcare_api.cases.separating.models import CaseCourtAnswer, CaseCourtRequest
from childcare_api.exchange.papers import wording
from childcare_api.exchange.papers.forms.assessing import detail_of
from childcare_api.exchange.papers.forms.decisions import CHAIR, CIRCULAR, by_chair_of, carried_out, decision, ended
from childcare_api.exchange.papers.forms.parts import (
    BLANK,
    Asked,
    about_child,
    by_leader,
    by_officer,
    child_described,
    day_of,
    head,
    made,
    point,
)
from childcare_api.exchange.papers.forms.sending import facility_of, told_of_leaving, where_it_lives
from childcare_api.exchange.papers.paper import Block, Choice, Field, Heading, Paper, Paragraph
from childcare_api.exchange.papers.queries import Material
from childcare_api.shared import clock

_CALLED = {"male": "ông", "female": "bà"}
"""How an adult is called."""
_OLDER_SIBLING = {"male": "Anh", "female": "Chị"}
"""Who takes a brother or sister in is older than it."""
_PROPOSALS = (
    ("continue", "Tiếp tục chăm sóc thay thế"),
    ("support", "Hỗ trợ thêm"),
    ("change_form", "Chuyển hình thức chăm sóc thay thế"),
    ("end", "Chấm dứt chăm sóc thay thế"),
)
_IN_TIME = (
    "Việc giao, nhận trẻ em được tổ chức trong thời hạn 15 ngày làm việc kể từ ngày ban hành Quyết định này (khoản 7"
    " Điều 42 Nghị định số 56/2017/NĐ-CP)."
)
_AT_ONCE = "Việc giao, nhận trẻ em được thực hiện ngay, trước khi thực hiện các thủ tục nhận chăm sóc thay thế"
_SEPARATED = "khoản 4 Điều 32 Nghị định số 56/2017/NĐ-CP"
_UNSEPARATED = "điểm a khoản 1 Điều 10 Thông tư số 14/2020/TT-BLĐTBXH"
"""By what a child is given into care at once: separated, or without anybody to be separated from."""
_MUST_LEAVE = (
    "Trẻ em bị xâm hại phải được chuyển ngay ra khỏi cá nhân, gia đình nhận chăm sóc thay thế và được áp dụng các biện"
    " pháp bảo vệ (khoản 2 Điều 69, Điều 50 Luật Trẻ em); việc chăm sóc thay thế chấm dứt (điểm b khoản 1 Điều 69)."
)


def mau_12(material: Material, asked: Asked) -> list[Paper]:
    """Lay out the decision. A child goes to a facility, or by a court itself, by another paper: then there is none."""
    found = detail_of(material, asked, CasePlacement)
    if found.carer_id is None or found.decided_by == "court":
        return []
    unit = material.unit(found.carer_commune_id)
    carer = material.carers.get(found.carer_id)
    named = BLANK if carer is None else carer.full_name
    before = _before(material, asked.step)
    return [
        decision(
            material,
            asked,
            unit=unit,
            number=found.decision_number,
            day=found.decided_on,
            about="Về việc giao, nhận trẻ em cho cá nhân, gia đình nhận chăm sóc thay thế",
            grounds=_opinions(material, found, before),
            articles=_articles(material, asked, found, carer=carer, before=before),
            signature=by_leader(material.signers.get(asked.step.id)),
            recipients=(
                f"{named};",
                *where_it_lives(material, asked.step, found.carer_commune_id),
                *told_of_leaving(material, asked.step, found),
            ),
        )
    ]


@dataclass(frozen=True, slots=True)
class _Before:
    """The decision on care at once that this one goes on from: what it is called, whose it is, and when it was done."""

    called: str
    by: str
    received_at: datetime | None


def _before(material: Material, step: CaseStep) -> _Before | None:
    base = material.file.step(step.about_id)
    found = None if base is None else material.details.get(base.id)
    if base is None or not isinstance(found, CasePlacement) or not material.holds(base):
        return None
    by_chair = found.decided_by == "commune_chair"
    by = by_chair_of(material.unit(found.carer_commune_id)) if by_chair else f"của {found.issuer}"
    earlier = [one for one in material.steps(StepKind.PLACEMENT_HANDOVER) if one.position < step.position]
    received = [one.happened_at for one in earlier if one.about_id == base.id]
    return _Before(_decision(found), by, min(received, default=None))


def _opinions(material: Material, found: CasePlacement, before: _Before | None) -> list[str]:
    since, circular = CIRCULAR
    grounds = [] if found.decided_on < since else [circular]
    grounds += _ordered(material, found)
    if before is not None:
        grounds.append(f"Căn cứ Quyết định số {before.called} {before.by} về việc giao trẻ em chăm sóc tạm thời;")
    if found.facility_agreed_on is not None:
        agreed = "Căn cứ sự thống nhất bằng văn bản của người đứng đầu cơ sở trợ giúp xã hội"
        grounds.append(f"{agreed} {wording.long_day(found.facility_agreed_on)};")
    if found.child_opinion is not None:
        grounds.append(f"Xét ý kiến của trẻ em: {ended(found.child_opinion)}")
    if found.consent_by:
        by = ", ".join(material.words.of("relations", one) or one for one in found.consent_by).lower()
        grounds.append(f"Xét sự đồng ý bằng văn bản của {by}, {wording.long_day(found.consent_on)};")
    if found.consent_ground is not None:
        ground = (material.words.of("placement_consent_grounds", found.consent_ground) or found.consent_ground).lower()
        without = f"Xét trường hợp không phải có sự đồng ý của cha, mẹ, người giám hộ: {ground}"
        grounds.append(f"{without} ({(found.consent_reason or '').rstrip(' .;')});")
    if found.guardian_agreed_on is not None:
        agreed = "Xét sự đồng ý làm người giám hộ của người nhận chăm sóc thay thế"
        grounds.append(f"{agreed} {wording.long_day(found.guardian_agreed_on)};")
    return grounds


def _ordered(material: Material, found: CasePlacement) -> list[str]:
    """Return the court's decision that this one carries out (Luật Trẻ em, Điều 66.4)."""
    order = None if found.court_order_id is None else material.details.get(found.court_order_id)
    if not isinstance(order, CaseCourtAnswer):
        return []
    number = "" if order.decision_number is None else f" số {order.decision_number}"
    answer = material.file.step(found.court_order_id)
    request = None if answer is None or answer.about_id is None else material.details.get(answer.about_id)
    court = request.court if isinstance(request, CaseCourtRequest) else "Tòa án nhân dân"
    return [f"Căn cứ Quyết định{number} {wording.long_day(order.decided_on)} của {ended(court)}"]


def _articles(
    material: Material, asked: Asked, found: CasePlacement, *, carer: Carer | None, before: _Before | None
) -> list[str]:
    form = (material.words.of("alternative_care_forms", found.form) or found.form).lower()
    separated = _is_separated(material, asked.step)
    by = _SEPARATED if separated else _UNSEPARATED
    temporary = f" (tạm thời, theo {by})" if found.temporary else ""
    guardian = "Người nhận chăm sóc thay thế được cử làm người giám hộ của trẻ em theo khoản 1 Điều 66 Luật Trẻ em."
    return [
        (
            f"Giao trẻ em {child_described(material, asked.step.recorded_at, facility_of(material, asked.step, found))}"
            f" cho {_carer(material, found, carer)}."
            f" Hình thức: {form}{temporary}, kể từ {wording.long_day(found.starts_on)}."
        ),
        _handing_over(found, before, separated=separated),
        *([guardian] if found.guardian_appointed else []),
        carried_out("người nhận chăm sóc thay thế"),
    ]


def _is_separated(material: Material, step: CaseStep) -> bool:
    """Say whether the child was separated when a decision was made, neither returned nor in lasting care since."""
    kinds = (StepKind.SEPARATION, StepKind.SEPARATION_CANCELLED, StepKind.PLACEMENT)
    apart, *over = ([one for one in material.steps(kind) if one.position < step.position] for kind in kinds)
    ended = {base for steps in over for one in steps for base in one.stands_on}
    return any(one.id not in ended for one in apart)


def _handing_over(found: CasePlacement, before: _Before | None, *, separated: bool) -> str:
    """Say when the child is handed over: at once, within the days of Điều 42.7, or not again, where it is already."""
    if found.temporary:
        return _AT_ONCE + (f" ({_SEPARATED})." if separated else ".")
    if before is None or before.received_at is None:
        return _IN_TIME
    since = wording.long_day(clock.day_of(before.received_at))
    return (
        f"Trẻ em đã được giao cho người nhận chăm sóc thay thế {since} theo Quyết định số {before.called} và đang được"
        " chăm sóc tại đó; việc giao, nhận trẻ em không tổ chức lại."
    )


def _carer(material: Material, found: CasePlacement, carer: Carer | None) -> str:
    """Return who takes the child in; in another commune than theirs, carers have no name to be printed."""
    sex = None if carer is None else carer.sex
    relation = material.words.related(found.relation, sex)
    if found.relation == "sibling":
        relation = _OLDER_SIBLING.get(sex or "", relation)
    if carer is None:
        return f"{BLANK}{'' if relation is None else f' ({relation.lower()})'}"
    born = wording.birth(carer.born_on, carer.born_on_precision, None)
    home = wording.address(carer.address, material.unit(found.carer_commune_id))
    parts = (
        called_by_name(carer),
        None if born is None else wording.born(born),
        None if carer.address is None else f"nơi cư trú: {wording.inside(home)}",
        None if relation is None else f"quan hệ với trẻ em: {relation.lower()}",
    )
    return ", ".join(part for part in parts if part)


def called_by_name(carer: Carer) -> str:
    """Return who takes the child in as a decision calls them."""
    return f"{_CALLED.get(carer.sex, 'ông (bà)')} {carer.full_name}"


def placement_of(material: Material, step: CaseStep) -> CasePlacement | None:
    """Return the placement that a visit is about, as far as it may be seen."""
    for base in (step.about_id, *step.stands_on):
        found = None if base is None else material.details.get(base)
        if isinstance(found, CasePlacement):
            return found
    return None


def mau_13(material: Material, asked: Asked) -> list[Paper]:
    """Lay out the report on a child in care: how it lives, how it is, and what is proposed."""
    found = detail_of(material, asked, CasePlacementVisit)
    placement = placement_of(material, asked.step)
    carer = None if placement is None or placement.carer_id is None else material.carers.get(placement.carer_id)
    signer = material.signers.get(asked.step.id)
    unit = material.unit(found.origin_commune_id)
    blocks: list[Block] = [
        # The officer tells the committee of the place (Điều 43.2), whose head stands above: so it goes to the chair.
        Paragraph(f"Kính gửi: {CHAIR} {wording.inside(unit)}", style="centre"),
        *about_child(material, asked.step.recorded_at),
        Field("Cá nhân, gia đình nhận chăm sóc thay thế", None if carer is None else carer.full_name),
        Field("Quyết định giao, nhận", None if placement is None else _decision(placement)),
        Field("Lần theo dõi, đánh giá", material.words.of("placement_visit_occasions", found.occasion)),
        Field("Thời gian theo dõi, đánh giá", wording.moment(asked.step.happened_at)),
        Field("Đại diện cơ sở trợ giúp xã hội", found.facility_representative),
        Field("Người cùng theo dõi, đánh giá", "; ".join(found.others_present) or None),
        Choice("Gặp trực tiếp trẻ em", (("Có", found.child_seen), ("Không", not found.child_seen))),
        Heading("1. Kết quả theo dõi, đánh giá"),
        point("a) Điều kiện sống", found.living_conditions, 2),
        point("b) Tình trạng sức khỏe", found.health, 2),
        point("c) Thể chất", found.physical, 2),
        point("d) Tinh thần", found.mental, 2),
        point("đ) Sự hòa nhập của trẻ em với cá nhân, gia đình nhận chăm sóc thay thế", found.integration, 2),
        point("e) Ý kiến, nguyện vọng của trẻ em", found.child_words, 2),
        *_harm(found, placement),
        Heading("2. Đề xuất"),
        Choice("", tuple((label, found.proposal == code) for code, label in _PROPOSALS)),
        Field("Nội dung đề xuất", found.proposal_note, 2),
    ]
    return [
        made(
            material,
            asked,
            head=head(unit, wording.number("BC-UBND"), day_of(asked.step)),
            title="Báo cáo",
            subtitle="Theo dõi, đánh giá trẻ em được nhận chăm sóc thay thế",
            blocks=blocks,
            signatures=(by_officer(signer),),
        )
    ]


def _harm(found: CasePlacementVisit, placement: CasePlacement | None) -> list[Block]:
    """Say whether the carer or one of their family harmed the child, and what has to follow (Luật Trẻ em, Điều 69)."""
    with_carer = placement is None or placement.carer_id is not None
    asked = "Người nhận chăm sóc hoặc thành viên gia đình xâm hại trẻ em"
    said: list[Block] = [Choice(asked, (("Có", found.carer_harmed_child), ("Không", not found.carer_harmed_child)))]
    if not found.carer_harmed_child:
        return said
    moved = None if found.moved_out_at is None else f"{wording.moment(found.moved_out_at)}, đến {found.moved_to}"
    return [
        *said,
        point("g) Sự việc", found.harm, 2),
        Field("Đã chuyển trẻ em ra khỏi nơi chăm sóc", "chưa" if moved is None else moved),
        *([Paragraph(_MUST_LEAVE)] if with_carer else []),
    ]


def _decision(placement: CasePlacement) -> str:
    return f"{placement.decision_number} {wording.long_day(placement.decided_on)}"
