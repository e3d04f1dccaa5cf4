"""The clock that has somebody found for a child who needs care; of whoever leads the case."""

from childcare_api.cases.file.models import CaseStatus, CaseStep, ReviewOutcome, StepKind
from childcare_api.cases.file.queries import CaseFile
from childcare_api.cases.file.wanted import Wanted
from childcare_api.cases.placing.queries import Placing
from childcare_api.cases.placing.rules import GOES_TO_OTHER_CARE
from childcare_api.deadlines.models import Task

FIND = "care.find"


def find_carer(file: CaseFile, placing: Placing | None, running: Task | None) -> Wanted:
    """Want care found once a child's needs (Mẫu 10) were recorded: decided on, or another commune asked (42.1, 42.8).

    Needs that were met by care or by the child's return ask for nothing any more, nor do those of a child in care, of
    one that a separation wants placed at once, or of one that a review found safe: once its case is open again, needs
    that were recorded since ask anew. A question that was declined or
    withdrawn met none: from then on somebody is to be found again. A child whose care ended and who does not go home
    needs other care by that alone (NĐ 56/2017, Điều 48.2; TT 14/2020, Điều 13.3 b), also of a closed case, which the
    leader opens again for it.
    """
    ends = (StepKind.PLACEMENT, StepKind.PLACEMENT_ENDED, StepKind.SEPARATION_CANCELLED)
    done = [step for kind in ends for step in file.counting(kind)]
    since = max((step.position for step in done), default=0)
    found_safe = [step for step in file.counting(StepKind.REVIEW) if step.outcome == ReviewOutcome.END]
    safe = max((step.position for step in found_safe), default=0)
    needs = [step.happened_at for step in file.counting(StepKind.CARE_NEEDS) if step.position > max(since, safe)]
    left = _left_for_other_care(placing, since) if since > safe else None
    if left is not None:
        needs.append(left.happened_at)
    kinds = (StepKind.PLACEMENT_DECLINED, StepKind.PLACEMENT_WITHDRAWN)
    noes = {step.about_id: step for kind in kinds for step in file.counting(kind)}
    asked = [step for step in file.counting(StepKind.PLACEMENT_REQUESTED) if step.position > since]
    waits = [step for step in asked if step.id not in noes]
    if not needs or waits or _needs_nobody(file, left):
        met = [step.happened_at for step in _since_asked(file, running) if step in done or step in waits]
        return Wanted(FIND, None, max(met, default=None))
    return Wanted(FIND, max([min(needs), *(step.happened_at for step in noes.values() if step.position > since)]))


def _since_asked(file: CaseFile, running: Task | None) -> list[CaseStep]:
    """Return what was recorded since the step that a task runs for; nothing where that one was an error."""
    asked = [step for step in file.steps if running is not None and step.happened_at == running.starts_at]
    since = min((step.position for step in asked if file.counts(step)), default=None)
    return [] if since is None else [step for step in file.steps if step.position > since]


def _left_for_other_care(placing: Placing | None, last: int) -> CaseStep | None:
    """Return the end of care by which a child needs other care, if it is the last word on who has the child."""
    ends = [] if placing is None else placing.ends
    return next((step for step, end in ends if step.position == last and end.goes_to in GOES_TO_OTHER_CARE), None)


def _needs_nobody(file: CaseFile, ended: CaseStep | None) -> bool:
    placed = file.counting(StepKind.PLACEMENT)
    left = {step.about_id for step in (*placed, *file.counting(StepKind.PLACEMENT_ENDED))}
    standing = file.standing
    return (
        any(step.id not in left for step in placed)
        or standing.separation_id is not None
        or standing.turned_sixteen_id is not None
        or standing.child_died_id is not None
        or standing.status is CaseStatus.ENTERED_IN_ERROR
        or (ended is None and standing.status in {CaseStatus.READY_TO_CLOSE, CaseStatus.CLOSED})
    )
