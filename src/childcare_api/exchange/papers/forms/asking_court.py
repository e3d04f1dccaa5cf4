"""What a commune writes to the court (Luật Trẻ em, Điều 52.3). The law names no form; the number says what it is.

A statement (tờ trình) has its title in the middle. Any other is an official letter (công văn), which has none.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from childcare_api.cases.file.models import CaseStep, StepKind
from childcare_api.cases.people.models import HARM_DOER, CaseParty
from childcare_api.cases.separating.models import CaseCourtRequest, CaseSeparation
from childcare_api.exchange.papers import wording
from childcare_api.exchange.papers.forms.assessing import detail_of
from childcare_api.exchange.papers.forms.decisions import CHAIR, FILED
from childcare_api.exchange.papers.forms.parts import Asked, about_child, by_leader, head, made, own_day_of
from childcare_api.exchange.papers.forms.separating import whom
from childcare_api.exchange.papers.paper import Block, Column, Field, Heading, Paper, Paragraph, Table
from childcare_api.exchange.papers.queries import Material
from childcare_api.intake.rules import CARERS

_CARING = frozenset({"parent", "carer"})
_ATTACHED = (
    (StepKind.ASSESSMENT, "Báo cáo thu thập thông tin, xác minh và đánh giá nguy cơ cụ thể"),
    (StepKind.MEETING, "Biên bản cuộc họp xác định nhu cầu cần hỗ trợ, can thiệp"),
    (StepKind.PLAN_APPROVED, "Quyết định phê duyệt kế hoạch hỗ trợ, can thiệp"),
    (StepKind.SEPARATION, "Quyết định tạm thời cách ly trẻ em"),
    (StepKind.SEPARATION_EXTENDED, "Quyết định gia hạn thời hạn tạm thời cách ly trẻ em"),
    (StepKind.SEPARATION_CANCELLED, "Quyết định hủy bỏ quyết định tạm thời cách ly trẻ em"),
)


def court_request(material: Material, asked: Asked) -> list[Paper]:
    """Lay out the request: about which child and carers, on which ground, what is asked, and what goes with it."""
    found = detail_of(material, asked, CaseCourtRequest)
    measures = _told(material, "court_measures", found.measures)
    wanted = [wording.amid(measure) for measure in measures]
    is_statement = "ttr" in found.request_number.lower()
    unit = material.unit(asked.step.origin_commune_id)
    top = head(unit, wording.number("TTr-UBND", found.request_number), found.requested_on)
    separation = _separation(material, asked)
    blocks: list[Block] = [
        Paragraph(f"Kính gửi: {found.court}", style="centre"),
        Paragraph(
            f"Căn cứ khoản 3 Điều 52 Luật Trẻ em, {CHAIR} {wording.inside(unit)} đề nghị Tòa án xem xét trường hợp của"
            " trẻ em sau đây:"
        ),
        *about_child(material, asked.step.recorded_at),
        Field("Cha, mẹ, người chăm sóc trẻ em có liên quan", _related(material, separation), 2),
        Heading("1. Lý do đề nghị"),
        *_list(_told(material, "separation_grounds", found.grounds)),
        Paragraph(found.reason),
        Heading("2. Nội dung đề nghị"),
        Paragraph("Đề nghị Tòa án xem xét, ra quyết định:"),
        *_list(measures),
        Heading("3. Tài liệu kèm theo"),
        _attached(material, asked),
        Paragraph("Kính đề nghị Tòa án xem xét, quyết định./."),
    ]
    return [
        made(
            material,
            asked,
            head=top if is_statement else replace(top, about=f"V/v đề nghị Tòa án quyết định {' và '.join(wanted)}"),
            title="Tờ trình" if is_statement else "",
            subtitle="\n".join(("Về việc đề nghị Tòa án quyết định", "\nvà ".join(wanted))) if is_statement else None,
            blocks=blocks,
            signatures=(by_leader(material.signers.get(asked.step.id)),),
            recipients=("Như trên;", FILED),
        )
    ]


def _told(material: Material, list_name: str, codes: Iterable[str]) -> list[str]:
    return [material.words.of(list_name, code) or code for code in material.words.ordered(list_name, codes)]


def _list(lines: Sequence[str]) -> list[Block]:
    return [Paragraph(f"- {line}{';' if at < len(lines) else '.'}") for at, line in enumerate(lines, start=1)]


def _separation(material: Material, asked: Asked) -> CaseSeparation | None:
    """Return the separation that the request goes on from."""
    found = [material.details.get(base) for base in asked.step.stands_on]
    return next((one for one in found if isinstance(one, CaseSeparation)), None)


def _related(material: Material, separation: CaseSeparation | None) -> str | None:
    """Return the parents and carers it is about: never who is said to have done the harm and cares for no child."""
    if separation is not None:
        return whom(material, separation.separated_from) or None
    found = [material.details.get(step.id) for step in material.steps(StepKind.PARTY)]
    parties = [one for one in found if isinstance(one, CaseParty)]
    carers = {one.relation for one in parties if one.role in _CARING}
    accused = {*material.file.case.harm_doer_relations, *(one.relation for one in parties if one.role == HARM_DOER)}
    return whom(material, [one for one in accused if one in CARERS or one in carers] or sorted(carers)) or None


def _attached(material: Material, asked: Asked) -> Table:
    """Return the papers of the file up to then that go with it."""
    rows = [
        (title, getattr(material.details.get(step.id), "decision_number", None), _day(material, step))
        for kind, title in _ATTACHED
        for step in material.steps(kind)
        if step.position < asked.step.position
    ]
    columns = (Column("TT", 0.9, "centre"), Column("Tài liệu", 7.8), Column("Số", 2.7), Column("Ngày", 2.2, "centre"))
    numbered = tuple((str(number), *row) for number, row in enumerate(rows, start=1))
    return Table(columns, numbered or ((None,) * len(columns),))


def _day(material: Material, step: CaseStep) -> str | None:
    return wording.short_day(own_day_of(material, step))
