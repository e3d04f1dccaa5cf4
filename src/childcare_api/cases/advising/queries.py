"""Gathering what the assessments and reviews of a case show beside one another."""

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.access.permissions import Level
from childcare_api.cases.advising import elsewhere, rules
from childcare_api.cases.advising.answering import ASKS, settled_by, without_anything_to_do
from childcare_api.cases.advising.rules import Grid
from childcare_api.cases.advising.schemas import CommandOut, GridOut, HindranceOut, ItemOut, StandingOut
from childcare_api.cases.advising.words import (
    DIED_IN_CARE,
    HARMED_IN_CARE,
    IN_DANGER,
    NEEDS_VI,
    STATES,
    State,
    protect_first,
)
from childcare_api.cases.assessing.models import CaseAssessment
from childcare_api.cases.file.clocks import in_danger
from childcare_api.cases.file.commands import OPEN
from childcare_api.cases.file.guards import GUARDS
from childcare_api.cases.file.models import CaseStatus, StepKind
from childcare_api.cases.file.queries import CaseFile, details
from childcare_api.cases.file.wanted import is_open
from childcare_api.cases.following.closing import hindrances
from childcare_api.cases.following.models import CaseReview
from childcare_api.cases.following.queries import warnings_of
from childcare_api.cases.following.schemas import ReviewNoticeOut
from childcare_api.cases.opening.models import CaseReport
from childcare_api.cases.placing import harm
from childcare_api.cases.placing import queries as placing
from childcare_api.units.labels import label

_NOTICE_VI = "Chỉ để tham khảo khi xem xét. Người có thẩm quyền kết luận, quyết định và ký."
_NOTICE_EN = "An aid to judgement only. The person in charge concludes, decides and signs."
_INITIAL = {
    "harm": "harm_level",
    "harm_doer_access": "harm_doer_access",
    "care_obstacles": "care_obstacles",
    "self_protection": "self_protection",
}
_REVIEW = {
    "harm": "harm_remaining",
    "harm_doer_access": "harm_doer_access",
    "care_obstacles": "care_obstacles",
    "self_protection": "self_protection",
}
"""The four items of the grid by the names they have in Mẫu 02 and in Mẫu 06."""


async def standing_out(session: AsyncSession, actor: Actor, file: CaseFile) -> StandingOut:
    """Return where a case stands, what usually follows, and what its assessments show.

    A commune that reads it by grant is told its own part; what keeps the case from being closed, who leads it and those
    above.
    """
    case = file.case
    status = CaseStatus(case.status)
    leads = actor.level is not Level.COMMUNE or actor.commune_id == case.commune_id
    ready = status is CaseStatus.READY_TO_CLOSE
    in_the_way = {"close_case": await _hindrances(session, file)} if ready and leads else {}
    called = label(status.value, "case_statuses")
    if leads:
        state = await _state(session, file, status)
        nothing_for = await without_anything_to_do(session, file)
        possible = [
            guard
            for guard in GUARDS
            if status in guard.states
            and (guard.kind is not None or guard.operation in ASKS)
            and guard.operation not in nothing_for
        ]
    else:
        state, possible = await elsewhere.part_of(session, file, actor.commune_id)
    return StandingOut(
        row_version=case.row_version,
        case_id=case.id,
        notice_vi=_NOTICE_VI,
        notice_en=_NOTICE_EN,
        status=status,
        status_vi=called.vi,
        status_en=called.en,
        article=state.article,
        cycle=case.cycle,
        usually_follows_vi=state.follows_vi,
        usually_follows_en=state.follows_en,
        possible_now=[
            CommandOut(
                operation=guard.operation,
                roles=list(guard.roles),
                article=guard.article,
                needs_vi=(NEEDS_VI | elsewhere.NEEDS_VI).get(guard.operation),
                needs_en=guard.needs or None,
                hindered_by=in_the_way.get(guard.operation, []),
            )
            for guard in possible
        ],
        grids=[_grid(*one) for one in rules.changes(await _grids(session, file))],
        warnings=await _warnings(session, file),
        risk_levels=await _risk_levels(session, file),
    )


async def _state(session: AsyncSession, file: CaseFile, status: CaseStatus) -> State:
    """Return what the state is told as: first of all what came out of the child's care, then any other danger."""
    told = any(step.informed_at is not None for step in file.counting(StepKind.PLACEMENT_VISIT))
    if file.standing.child_died_id is None and (told or file.counting(StepKind.PLACEMENT_ENDED)):
        care = await placing.load(session, file)
        if told and harm.stays_with_it(care):
            return HARMED_IN_CARE
        if status in OPEN and any(end.ground == "child_died" and file.counts(step) for step, end in care.ends):
            return DIED_IN_CARE
    if not is_open(file) or not in_danger(file):
        return STATES[status]
    return IN_DANGER if status is CaseStatus.READY_TO_CLOSE else protect_first(STATES[status])


async def _hindrances(session: AsyncSession, file: CaseFile) -> list[HindranceOut]:
    return [
        HindranceOut.model_validate(
            {
                "problem": one.code,
                "detail_vi": one.detail("vi"),
                "detail_en": one.detail("en"),
                "supplied_by": settled_by(one),
            }
        )
        for one in await hindrances(session, file)
    ]


async def _grids(session: AsyncSession, file: CaseFile) -> list[Grid]:
    grids = []
    for kind in (StepKind.OPENING, StepKind.REPORT_JOINED):
        for step, report in await details(session, file, CaseReport, kind):
            if file.counts(step) and report.initial_assessment:
                items = {item: report.initial_assessment.get(name) for item, name in _INITIAL.items()}
                grids.append(Grid(step.id, "Mẫu số 02", report.received_at, items))
    for step, review in await details(session, file, CaseReview, StepKind.REVIEW):
        if file.counts(step):
            items = {item: getattr(review, name) for item, name in _REVIEW.items()}
            grids.append(Grid(step.id, "Mẫu số 06", step.happened_at, items))
    return grids


async def _warnings(session: AsyncSession, file: CaseFile) -> list[ReviewNoticeOut]:
    reviews = await details(session, file, CaseReview, StepKind.REVIEW)
    return [one for step, review in reviews if step.id == file.standing.review_id for one in warnings_of(review)]


def _grid(grid: Grid, since: dict[str, rules.Change]) -> GridOut:
    return GridOut.model_validate(
        {
            "step_id": grid.step_id,
            "form": grid.form,
            "happened_at": grid.happened_at,
            "items": [
                {"item": item, "level": level, "since_last": since.get(item)} for item, level in grid.items.items()
            ],
            "totals": grid.totals,
        }
    )


async def _risk_levels(session: AsyncSession, file: CaseFile) -> list[ItemOut]:
    rows = await details(session, file, CaseAssessment, StepKind.ASSESSMENT)
    counting = sorted((one for one in rows if file.counts(one[0])), key=lambda one: one[0].happened_at)
    found: list[ItemOut] = []
    before: str | None = None
    for step, assessment in counting:
        moved = None if before is None else rules.change(before, assessment.risk_level)
        found.append(
            ItemOut.model_validate({"item": str(step.id), "level": assessment.risk_level, "since_last": moved})
        )
        before = assessment.risk_level
    return found
