"""The whole case file: cover, table of contents, every paper in the order of the procedure, the timeline at its end."""

from childcare_api.cases.file.models import CaseParty, CaseStep, StepKind
from childcare_api.cases.following.models import CaseService
from childcare_api.cases.protecting.models import CaseEmergencyMeasure, CaseHandover
from childcare_api.exchange.papers import wording
from childcare_api.exchange.papers.catalogue import FORMS
from childcare_api.exchange.papers.forms import assessing, clocks, following, placing, planning, reporting, separating
from childcare_api.exchange.papers.forms.parts import (
    Asked,
    about_child,
    column_of_sums,
    head,
    made,
    newest_moment,
    office,
)
from childcare_api.exchange.papers.paper import Block, Column, Contents, Entry, Field, Heading, Paper, Table
from childcare_api.exchange.papers.queries import Material
from childcare_api.shared import clock

_PAPER_OF = {
    StepKind.SEPARATION: ("mau-07", separating.mau_07),
    StepKind.ASSESSMENT: ("mau-03", assessing.mau_03),
    StepKind.MEETING: ("minutes", assessing.minutes),
    StepKind.PLAN_DRAFTED: ("mau-04", planning.mau_04),
    StepKind.PLAN_APPROVED: ("mau-05", planning.mau_05),
    StepKind.REVIEW: ("mau-06", following.mau_06),
    StepKind.PLACEMENT: ("mau-12", placing.mau_12),
    StepKind.PLACEMENT_VISIT: ("mau-13", placing.mau_13),
}
_SEALED = "(niêm phong)"


def case_file(material: Material, asked: Asked) -> list[Paper]:
    """Bind the papers. What was entered in error stands in its place, marked; nothing is left out silently."""
    papers: list[tuple[Paper, str]] = []
    for step in material.file.steps:
        papers += _papers_of(material, step)
    acts = _acts(material, asked)
    picture = clocks.timeline(material, Asked(FORMS["timeline"], asked.step))[0]
    newest = wording.short_day(clock.day_of(newest_moment(material))) or ""
    bound = [*papers, *((paper, newest) for paper in acts), (picture, newest)]
    # The plan attached to a decision has no line of its own.
    entries = tuple(Entry(paper.key, _title(paper), day) for paper, day in bound if paper.head or paper.key == "acts")
    cover = _cover(material, asked, entries)
    return [cover, *(paper for paper, _ in bound)]


def _title(paper: Paper) -> str:
    if paper.key == "acts":
        return paper.title
    form = FORMS[paper.form]
    number = "" if paper.head is None or paper.head.number is None else paper.head.number.removeprefix("Số: ")
    known = f" ({number})" if number[:1].isdigit() else ""
    title = f"{form.label}: {form.title}{known}" if form.label.startswith("Mẫu") else f"{form.title}{known}"
    return f"{title} – {paper.mark}" if paper.mark is not None else title


def _papers_of(material: Material, step: CaseStep) -> list[tuple[Paper, str]]:
    day = wording.short_day(clock.day_of(step.happened_at)) or ""
    if step.kind == StepKind.OPENING:
        first, second = (Asked(FORMS[code], step) for code in ("mau-01", "mau-02"))
        received = wording.short_day(clock.day_of(material.file.case.received_at)) or ""
        return [
            *((paper, received) for paper in reporting.mau_01(material, first)),
            *((paper, received) for paper in reporting.mau_02(material, second)),
        ]
    found = _PAPER_OF.get(StepKind(step.kind))
    if found is None:
        return []
    code, layout = found
    return [(paper, day) for paper in layout(material, Asked(FORMS[code], step))]


def _cover(material: Material, asked: Asked, entries: tuple[Entry, ...]) -> Paper:
    case = material.file.case
    unit = material.unit(case.commune_id)
    status = (material.words.of("case_statuses", case.status) or "").lower()
    blocks: list[Block] = [
        *about_child(material, None),
        Field("Thông tin được tiếp nhận", wording.moment(case.received_at)),
        Field("Hồ sơ mở", wording.moment(case.opened_at)),
        Field("Hình thức gây tổn hại", material.words.several("abuse_types", case.harm_kinds)),
        Field("Tình trạng hồ sơ", status),
        Field("Kết thúc", "chưa kết thúc" if case.closed_at is None else wording.moment(case.closed_at)),
        Heading("MỤC LỤC"),
        Contents(entries),
    ]
    return made(
        material,
        asked,
        head=head(unit, None, clock.day_of(newest_moment(material))),
        blocks=blocks,
        subtitle=f"lưu tại {' '.join(office(wording.inside(unit)))}",
    )


def _acts(material: Material, asked: Asked) -> list[Paper]:
    """Return the page of what is recorded but has no form of its own."""
    blocks = [
        *_parties(material),
        *_measures(material),
        *_handovers(material),
        *separating.changes(material),
        *_services(material),
        *_notes(material),
    ]
    if not blocks:
        return []
    return [made(material, asked, head=None, title="Các việc khác đã ghi nhận", blocks=blocks, key="acts")]


def _parties(material: Material) -> list[Block]:
    rows = []
    for step in material.steps(StepKind.PARTY):
        party = material.details[step.id]
        if isinstance(party, CaseParty):
            sealed = party.role == "alleged_harm_doer" and not material.unsealed
            name = _SEALED if sealed else party.full_name
            born = None if sealed or party.born_year is None else str(party.born_year)
            relation = material.words.of("relations", party.relation)
            rows.append((material.words.of("party_roles", party.role), name, relation, born))
    columns = (Column("Vai trò", 3), Column("Họ và tên", 4), Column("Quan hệ", 3), Column("Năm sinh", 1.6, "centre"))
    return [Heading("Người liên quan"), Table(columns, tuple(rows))] if rows else []


def _measures(material: Material) -> list[Block]:
    rows = []
    for step in material.steps(StepKind.EMERGENCY_MEASURE):
        measure = material.details[step.id]
        if isinstance(measure, CaseEmergencyMeasure):
            kind = material.words.of("emergency_measures", measure.measure)
            rows.append((wording.short_moment(step.happened_at), f"{kind}\n{measure.description}", measure.done_by))
    columns = (Column("Thời gian", 2.2, "centre"), Column("Biện pháp", 6), Column("Người thực hiện", 3))
    return [Heading("Biện pháp can thiệp khẩn cấp (Điều 31)"), Table(columns, tuple(rows))] if rows else []


def _handovers(material: Material) -> list[Block]:
    rows = []
    for step in material.steps(StepKind.HANDOVER):
        handed = material.details[step.id]
        if isinstance(handed, CaseHandover):
            lines = (handed.subject, *handed.evidence)
            number = handed.document_number
            rows.append((wording.short_moment(step.happened_at), handed.body_name, "\n".join(lines), number))
    columns = (
        Column("Thời gian", 2.2, "centre"),
        Column("Cơ quan nhận", 3),
        Column("Nội dung", 5),
        Column("Số văn bản", 2, "centre"),
    )
    return [Heading("Chuyển cơ quan có thẩm quyền (Điều 25.3, 31.3)"), Table(columns, tuple(rows))] if rows else []


_PROGRESS = {"begun": "bắt đầu", "done": "hoàn thành", "stopped": "dừng"}


def _services(material: Material) -> list[Block]:
    planned = {service.id: service.description for services in material.services.values() for service in services}
    rows = []
    for step in material.steps(StepKind.SERVICE):
        service = material.details[step.id]
        if isinstance(service, CaseService):
            what = f"{planned.get(service.plan_service_id, '')} ({_PROGRESS[service.progress]})"
            told = what if service.result is None else f"{what}\n{service.result}"
            cost = wording.money(service.cost_vnd)
            rows.append((wording.short_moment(step.happened_at), told, service.provided_by, cost))
    columns = (
        Column("Thời gian", 2.2, "centre"),
        Column("Dịch vụ", 5),
        Column("Bên cung cấp", 3),
        column_of_sums("Kinh phí (đồng)", (row[-1] for row in rows), beside=10.2),
    )
    return [Heading("Thực hiện dịch vụ (Điều 29)"), Table(columns, tuple(rows))] if rows else []


def _notes(material: Material) -> list[Block]:
    rows = tuple((wording.short_moment(step.happened_at), step.note) for step in material.steps(StepKind.PROGRESS_NOTE))
    columns = (Column("Thời gian", 2.2, "centre"), Column("Ghi nhận", 9))
    return [Heading("Theo dõi tiến triển"), Table(columns, rows)] if rows else []
