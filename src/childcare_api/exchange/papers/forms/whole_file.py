"""The whole case file: cover, table of contents, every paper in the order of the procedure, the timeline at its end."""

from datetime import date

from childcare_api.cases.file.models import CaseStep, StepKind
from childcare_api.exchange.papers import wording
from childcare_api.exchange.papers.catalogue import FORMS
from childcare_api.exchange.papers.forms import (
    asking_court,
    assessing,
    clocks,
    ending_care,
    following,
    needing_care,
    placing,
    planning,
    reporting,
    separating,
)
from childcare_api.exchange.papers.forms.acts import recorded_acts
from childcare_api.exchange.papers.forms.parts import Asked, about_child, head, made, newest_moment, office, own_day_of
from childcare_api.exchange.papers.paper import Block, Contents, Entry, Field, Heading, Paper
from childcare_api.exchange.papers.queries import Material
from childcare_api.shared import clock

_PAPER_OF = {
    StepKind.SEPARATION: ("mau-07", separating.mau_07),
    StepKind.ASSESSMENT: ("mau-03", assessing.mau_03),
    StepKind.MEETING: ("minutes", assessing.minutes),
    StepKind.PLAN_DRAFTED: ("mau-04", planning.mau_04),
    StepKind.PLAN_APPROVED: ("mau-05", planning.mau_05),
    StepKind.REVIEW: ("mau-06", following.mau_06),
    StepKind.SEPARATION_EXTENDED: ("separation-extension", separating.extension),
    StepKind.SEPARATION_CANCELLED: ("separation-cancellation", separating.cancellation),
    StepKind.COURT_REQUEST: ("court-request", asking_court.court_request),
    StepKind.CARE_NEEDS: ("mau-10", needing_care.mau_10),
    StepKind.PLACEMENT: ("mau-12", placing.mau_12),
    StepKind.PLACEMENT_VISIT: ("mau-13", placing.mau_13),
    StepKind.PLACEMENT_END_REQUESTED: ("mau-15", ending_care.mau_15),
    StepKind.PLACEMENT_ENDED: ("mau-16", ending_care.mau_16),
}


def case_file(material: Material, asked: Asked) -> list[Paper]:
    """Bind the papers by the days they bear, the report first.

    What was entered in error stands in its place, marked; nothing is left out silently.
    """
    papers: list[tuple[Paper, str]] = []
    for step in sorted(material.file.steps, key=lambda one: (one.kind != StepKind.OPENING, _day_of(material, one))):
        papers += _papers_of(material, step)
    acts = recorded_acts(material, asked)
    picture = clocks.timeline(material, Asked(FORMS["timeline"], asked.step))[0]
    newest = wording.short_day(clock.day_of(newest_moment(material))) or ""
    bound = [*papers, *((paper, newest) for paper in acts), (picture, newest)]
    # The plan attached to a decision has no line of its own.
    listed = [(paper, day) for paper, day in bound if paper.head or paper.key == "acts"]
    entries = tuple(Entry(paper.key, _number(paper), day, _title(paper)) for paper, day in listed)
    cover = _cover(material, asked, entries)
    return [cover, *(paper for paper, _ in bound)]


def _title(paper: Paper) -> str:
    if paper.key == "acts":
        return paper.title
    form = FORMS[paper.form]
    title = f"{form.label}: {form.title}" if form.label.startswith("Mẫu") else form.title
    return f"{title} – {paper.mark}" if paper.mark is not None else title


def _number(paper: Paper) -> str | None:
    number = "" if paper.head is None or paper.head.number is None else paper.head.number.removeprefix("Số: ")
    return number if number[:1].isdigit() else None


def _day_of(material: Material, step: CaseStep) -> date:
    """Return the day that the paper of a step bears: its own, of a plan its submission's, else when it happened."""
    if step.kind == StepKind.PLAN_DRAFTED:
        submitted = [one for one in material.steps(StepKind.PLAN_SUBMITTED) if one.about_id == step.id]
        return clock.day_of((submitted[-1] if submitted else step).happened_at)
    return own_day_of(material, step)


def _papers_of(material: Material, step: CaseStep) -> list[tuple[Paper, str]]:
    day = wording.short_day(_day_of(material, step)) or ""
    if step.kind == StepKind.OPENING:
        first, second = (Asked(FORMS[code], step) for code in ("mau-01", "mau-02"))
        report = reporting.report_of(material, first)
        assessed = reporting.assessed_at(report)
        days = (reporting.day_of_report(material, report), None if assessed is None else clock.day_of(assessed))
        papers = (*reporting.mau_01(material, first), *reporting.mau_02(material, second))
        return [(paper, wording.short_day(on) or "") for paper, on in zip(papers, days, strict=True)]
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
        # NĐ 56/2017, Điều 24.3.
        Field("Mức độ bảo mật", material.words.of("confidentiality_levels", case.confidentiality)),
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
