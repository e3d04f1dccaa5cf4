"""Mẫu 04, the plan (Điều 28.1, 28.3), and Mẫu 05, the decision approving it with the plan attached (28.4, 28.5)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from childcare_api.cases.file.models import CaseStep, PlanStatus, StepKind
from childcare_api.cases.planning.models import CaseDecision, CasePlan, CasePlanService
from childcare_api.exchange.papers import wording
from childcare_api.exchange.papers.forms.decisions import PARENTS, by_chair_of, carried_out, decision
from childcare_api.exchange.papers.forms.parts import (
    BLANK,
    Asked,
    about_child,
    about_child_then,
    by_chair_to_come,
    by_leader,
    by_officer,
    child_described,
    child_name,
    column_of_sums,
    day_of,
    head,
    made,
    under_heading,
)
from childcare_api.exchange.papers.paper import Block, Choice, Column, Field, Heading, Paper, Paragraph, Table
from childcare_api.exchange.papers.queries import Material

_LISTED = 12
RETURNED, REPLACED, LAPSED = "BẢN ĐÃ TRẢ LẠI", "ĐÃ ĐƯỢC THAY THẾ", "KHÔNG CÒN GIÁ TRỊ"
_ENDS = {
    StepKind.REVIEW: "có kết quả rà soát, đánh giá (Mẫu 06)",
    StepKind.REOPENING: "hồ sơ được mở lại",
    StepKind.CHILD_DIED: "trẻ em tử vong",
    StepKind.TURNED_SIXTEEN: "trẻ em đủ 16 tuổi",
}
"""What a version lapses with that nobody decided on, as its mark says it."""
_ABOUT = frozenset({StepKind.PLAN_SUBMITTED, StepKind.PLAN_RETURNED, StepKind.PLAN_APPROVED})


def plan_of(material: Material, step: CaseStep) -> CasePlan:
    """Return the version of the plan that a step is about."""
    return material.file.plans[step.about_id or step.id]


def mau_04(material: Material, asked: Asked) -> list[Paper]:
    """Lay out a version of the plan as it goes to the leader."""
    plan = plan_of(material, asked.step)
    submitted = [step for step in material.steps(StepKind.PLAN_SUBMITTED) if step.about_id == plan.id]
    day = day_of(submitted[-1]) if submitted else None
    made_at = submitted[-1].recorded_at if submitted else None
    return [
        made(
            material,
            asked,
            head=head(material.unit(asked.step.origin_commune_id), wording.number("KH-UBND"), day),
            subtitle=f"Đối với trẻ em {child_name(material) or BLANK}",
            blocks=[*about_child(material, made_at), *_plan_blocks(material, plan)],
            signatures=(by_officer(material.signers.get(asked.step.id), "Người lập kế hoạch"),),
            set_aside=_set_aside(material, plan),
        )
    ]


def _set_aside(material: Material, plan: CasePlan) -> tuple[str, str] | None:
    """Return how a version is marked that came back from the leader, lapsed, or was replaced, and why."""
    decided = [one for one in material.file.steps if one.kind in _ABOUT and one.about_id == plan.id]
    last = next((one for one in reversed(decided) if material.holds(one)), None)
    if last is not None and last.kind == StepKind.PLAN_RETURNED:
        return RETURNED, f"Bản đã trả lại lúc {wording.moment(last.happened_at)}. Lý do: {last.note}"
    if plan.status == PlanStatus.LAPSED:
        return LAPSED, _lapsed(material, plan)
    if plan.status != PlanStatus.SUPERSEDED:
        return None
    approvals = material.steps(StepKind.PLAN_APPROVED)
    by = next((one for one in approvals if last is not None and one.position > last.position), None)
    taken = None if by is None else material.details.get(by.id)
    if not isinstance(taken, CaseDecision):
        return REPLACED, "Bản đã được thay thế bằng bản lập sau."
    return REPLACED, (
        f"Kế hoạch đã được thay thế theo Quyết định số {taken.decision_number} {wording.long_day(taken.decided_on)}."
    )


def _lapsed(material: Material, plan: CasePlan) -> str:
    drafted = material.file.step(plan.id)
    after = 0 if drafted is None else drafted.position
    ends = (step for step in material.file.steps if step.kind in _ENDS and step.position > after)
    end = next((step for step in ends if material.holds(step)), None)
    why = "" if end is None else f": {_ENDS[StepKind(end.kind)]} lúc {wording.moment(end.happened_at)}"
    return f"Bản chưa được quyết định, không còn giá trị{why}."


def _place_of(material: Material, plan: CasePlan) -> str:
    """Return which plan of the case it is, and which version of that one: what came back is no plan of its own."""
    plans, chain = material.file.plans, [plan]
    while (earlier := plans.get(chain[-1].revises_id or chain[-1].id)) is not None and earlier is not chain[-1]:
        chain.append(earlier)
    first = chain[-1]
    before = [one for one in plans.values() if one.revises_id is None and one.version < first.version]
    number = 1 + sum(one.status != PlanStatus.VOID for one in before)
    return f"lần {number}" + (f" (bản thứ {len(chain)})" if len(chain) > 1 else "")


def _plan_blocks(material: Material, plan: CasePlan) -> list[Block]:
    services = material.services.get(plan.id, [])
    blocks: list[Block] = [
        Choice(
            "Cấp độ bảo vệ",
            tuple(
                (material.words.of("protection_levels", level) or level, plan.protection_level == level)
                for level in ("support", "intervention")
            ),
        ),
        Field("Lần lập kế hoạch", f"{_place_of(material, plan)}, thuộc đợt hỗ trợ, can thiệp thứ {plan.cycle}"),
    ]
    if plan.adjustment_reason is not None:
        blocks.append(Field("Lý do điều chỉnh", plan.adjustment_reason))
    rows = tuple(
        (
            str(service.position),
            "\n".join(
                part for part in (material.words.of("service_groups", service.group), service.description) if part
            ),
            _term(wording.short_day(service.starts_on), wording.short_day(service.expected_end_on)),
            service.responsible_body,
            "Không cần huy động" if service.needs_provider is False else service.provider,
            wording.money(service.cost_vnd),
        )
        for service in services
    )
    total = total_of(services)
    columns = (
        Column("TT", 0.9, "centre"),
        Column("Dịch vụ, công việc", 4.1),
        Column("Bắt đầu – dự kiến kết thúc", 2.7, "centre"),
        Column("Cơ quan, tổ chức, cá nhân chịu trách nhiệm", 3),
        Column("Cơ sở cung cấp dịch vụ", 2.6),
        column_of_sums("Kinh phí (đồng)", (total, *(row[-1] for row in rows)), beside=13.3),
    )
    blocks += [
        Heading("1. Mục tiêu"),
        Paragraph(plan.objectives) if plan.objectives is not None else under_heading("Mục tiêu", None, 2),
        Heading("2. Dịch vụ, công việc, phân công trách nhiệm và dự toán kinh phí"),
        Table(columns, rows or ((None,) * len(columns),), ("Tổng kinh phí dự toán", total or "……")),
    ]
    if plan.supervision is not None or material.steps(StepKind.CARE_NEEDS):
        # Thông tư 14/2020/TT-BLĐTBXH, Điều 9.3 g wants it said in the plan of a child who needs other care.
        blocks += [
            Heading("3. Giám sát, đánh giá việc thực hiện kế hoạch"),
            Paragraph(plan.supervision)
            if plan.supervision is not None
            else under_heading("Giám sát, đánh giá", None, 2),
        ]
    return blocks


def total_of(services: list[CasePlanService]) -> str | None:
    """Return what all of it is expected to cost; while one sum is missing, nobody knows."""
    costs = [service.cost_vnd for service in services if service.cost_vnd is not None]
    return wording.money(sum(costs)) if services and len(costs) == len(services) else None


def _term(start: str | None, end: str | None) -> str | None:
    return None if start is None and end is None else f"{start or '……'}\u00a0–\n{end or '……'}"


def mau_05(material: Material, asked: Asked) -> list[Paper]:
    """Lay out the decision, of which a submitted plan has only the draft yet, and the plan it approves."""
    plan = plan_of(material, asked.step)
    found = material.details.get(asked.step.id)
    taken = found if isinstance(found, CaseDecision) else None
    paper = decision(
        material,
        asked,
        unit=material.unit(asked.step.origin_commune_id),
        number=None if taken is None else taken.decision_number,
        day=None if taken is None else taken.decided_on,
        about=f"Về việc phê duyệt {called(plan)} đối với trẻ em",
        grounds=_grounds(material, asked.step, plan),
        articles=_articles(material, asked.step, plan, None if taken is None else asked.step.recorded_at),
        signature=by_chair_to_come() if taken is None else by_leader(material.signers.get(asked.step.id)),
        recipients=_recipients(material, plan),
        draft=taken is None,
    )
    return [paper, _attached(material, asked, plan, taken)]


def _grounds(material: Material, step: CaseStep, plan: CasePlan) -> Iterator[str]:
    assessment, meeting = (_basis(material, step, plan, kind) for kind in (StepKind.ASSESSMENT, StepKind.MEETING))
    if assessment is not None:
        when = wording.long_day(day_of(assessment))
        yield f"Căn cứ kết quả thu thập thông tin, xác minh và đánh giá nguy cơ cụ thể {when};"
    if meeting is not None:
        when = wording.long_day(day_of(meeting))
        yield f"Căn cứ biên bản cuộc họp xác định nhu cầu cần hỗ trợ, can thiệp cho trẻ em {when};"
    review = _reviewed(material, step, plan)
    if review is not None:
        yield (
            "Căn cứ kết quả rà soát, đánh giá tình trạng của trẻ em sau khi thực hiện kế hoạch hỗ trợ, can thiệp"
            f" {wording.long_day(day_of(review))};"
        )


def _basis(material: Material, step: CaseStep, plan: CasePlan, kind: StepKind) -> CaseStep | None:
    """Return what the decision rests on: what was submitted with the plan, else what the file has now."""
    file = material.file
    submissions = [one for one in file.steps if one.kind == StepKind.PLAN_SUBMITTED and one.about_id == plan.id]
    submitted = [one for one in submissions if one.id in step.stands_on] or submissions[-1:]
    if submitted:
        return next((one for one in file.steps if one.kind == kind and one.id in submitted[-1].stands_on), None)
    return next(reversed(material.steps(kind)), None)


def called(plan: CasePlan) -> str:
    """Return what a plan is called in a sentence: one that takes the place of another says so (Điều 29.1 a)."""
    return "kế hoạch hỗ trợ, can thiệp" + ("" if plan.adjusts_id is None else " điều chỉnh")


def _earlier(material: Material, step: CaseStep, plan: CasePlan) -> list[CaseStep]:
    """Return the decisions on plans before this one, the newest last."""
    drafted = material.file.step(plan.id)
    until = step.position if drafted is None else drafted.position
    return [one for one in material.steps(StepKind.PLAN_APPROVED) if one.position < until and one.about_id != plan.id]


def _reviewed(material: Material, step: CaseStep, plan: CasePlan) -> CaseStep | None:
    """Return the review of the plan before, from which the procedure goes on to a new one (Điều 30.1 c)."""
    earlier = _earlier(material, step, plan)
    if plan.adjusts_id is not None or not earlier:
        return None
    reviews = [one for one in material.steps(StepKind.REVIEW) if earlier[-1].position < one.position < step.position]
    return reviews[-1] if reviews else None


def _replaced(material: Material, step: CaseStep, plan: CasePlan) -> list[str]:
    """Return the article that says which decision goes: of the plan that was adjusted, or reviewed (Điều 30.1 c).

    What ended with the case is replaced by nothing that is planned once it was opened again.
    """
    earlier = _earlier(material, step, plan)
    closed = [one.position for one in material.steps(StepKind.CLOSURE)]
    goes_on = [one for one in earlier[-1:] if not any(one.position < at < step.position for at in closed)]
    before = [one for one in earlier if one.about_id == plan.adjusts_id] if plan.adjusts_id is not None else goes_on
    if plan.adjusts_id is None and not before:
        return []
    found = material.details.get(before[-1].id) if before else None
    known, on = (found.decision_number, found.decided_on) if isinstance(found, CaseDecision) else ("……", None)
    unit = material.unit(before[-1].origin_commune_id) if before else None
    return [
        (
            f"Quyết định này thay thế Quyết định số {known} {wording.long_day(on)} {by_chair_of(unit)} về việc phê"
            " duyệt kế hoạch hỗ trợ, can thiệp đối với trẻ em."
        )
    ]


def _articles(material: Material, step: CaseStep, plan: CasePlan, decided_at: datetime | None) -> list[str]:
    total = total_of(material.services.get(plan.id, [])) or "……"
    level = (material.words.of("protection_levels", plan.protection_level) or "").lower()
    who = child_described(material, decided_at)
    return [
        f"Phê duyệt {called(plan)} ({level}) đối với trẻ em {who} (có kế hoạch kèm theo).",
        (
            "Các dịch vụ, công việc, thời gian thực hiện, cơ quan, tổ chức, cá nhân chịu trách nhiệm và cơ sở cung"
            f" cấp dịch vụ theo kế hoạch kèm theo; tổng kinh phí dự toán: {total} đồng."
        ),
        *_replaced(material, step, plan),
        carried_out("cha, mẹ hoặc người chăm sóc trẻ em"),
    ]


def _recipients(material: Material, plan: CasePlan) -> tuple[str, ...]:
    """Return whom the decision is sent to: who carries it out, and the parents or carer (Điều 28.5)."""
    named = [
        body for service in material.services.get(plan.id, []) for body in (service.responsible_body, service.provider)
    ]
    bodies = list(dict.fromkeys(body for body in named if body is not None))[:_LISTED]
    return (*(f"{body};" for body in bodies), PARENTS)


def _attached(material: Material, asked: Asked, plan: CasePlan, taken: CaseDecision | None) -> Paper:
    known = "……/QĐ-UBND" if taken is None else taken.decision_number
    on = wording.long_day(None if taken is None else taken.decided_on)
    unit = material.unit(asked.step.origin_commune_id)
    paper = made(
        material,
        asked,
        head=None,
        title=called(plan).capitalize(),
        attached_to=f"(Kèm theo Quyết định số {known} {on} {by_chair_of(unit)})",
        blocks=[
            *about_child_then(material, None if taken is None else asked.step.recorded_at),
            *_plan_blocks(material, plan),
        ],
        draft=taken is None,
    )
    return replace(paper, key=f"{paper.key}-plan", mark_reason=None)
