"""Which commands a case has something for: what answers, ends or goes on from a thing is possible where that thing is.

It reads the same records that the commands look at, and is no guard: whoever gives a command is answered by that.
"""

from collections.abc import Mapping
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.cases.file.models import PlanStatus, StepKind
from childcare_api.cases.file.queries import CaseFile
from childcare_api.cases.joining.queries import asked_of_others
from childcare_api.cases.placing import queries as placing
from childcare_api.cases.refusing.actions import end_of

_ANSWERS: Final[Mapping[StepKind, frozenset[str]]] = {
    StepKind.COURT_REQUEST: frozenset({"record_court_order", "record_court_refusal", "withdraw_court_request"}),
    StepKind.PROCEEDING: frozenset({"answer_proceeding"}),
    StepKind.RELEASE_NOTICE: frozenset({"record_release_prepared"}),
    StepKind.REFERRAL: frozenset({"write_down_referral_answer", "withdraw_case_referral"}),
    StepKind.TRANSFER_OFFERED: frozenset({"withdraw_case_transfer"}),
    StepKind.PLACEMENT_REQUESTED: frozenset({"withdraw_placement_request"}),
}
"""What answers or takes back something that was asked, and has not been answered."""

_OF_VERSION: Final[Mapping[PlanStatus, frozenset[str]]] = {
    PlanStatus.DRAFT: frozenset({"submit_plan"}),
    PlanStatus.RETURNED: frozenset({"revise_plan", "submit_plan"}),
    PlanStatus.SUBMITTED: frozenset({"return_plan", "approve_plan"}),
}
"""What may be done with the version of the plan that is under way."""

_OF_SEPARATION = frozenset({"extend_separation", "cancel_separation"})
_OF_CARE = frozenset({"record_placement_visit", "record_carer_report", "request_placement_end", "end_placement"})
_HAND_OVER, _DECLINE, _END_REFUSAL = "hand_child_over", "decline_placement", "end_plan_refusal"

ASKS: Final = frozenset().union(
    *_ANSWERS.values(), *_OF_VERSION.values(), _OF_SEPARATION, _OF_CARE, {_HAND_OVER, _DECLINE, _END_REFUSAL}
)
"""Every command that waits for something to be there."""


async def without_anything_to_do(session: AsyncSession, file: CaseFile) -> frozenset[str]:
    """Return the commands that whoever leads a case could give only if there were something to give them on."""
    standing, has = file.standing, set[str]()
    for step in await asked_of_others(session, file):
        has |= _ANSWERS.get(StepKind(step.kind), frozenset())
    if standing.open_plan_id is not None:
        has |= _OF_VERSION[standing.plans[standing.open_plan_id]]
    if standing.separation_id is not None:
        has |= _OF_SEPARATION
    if any(end_of(file, refusal) is None for refusal in file.counting(StepKind.PLAN_REFUSED)):
        has.add(_END_REFUSAL)
    care, here = await placing.load(session, file), file.case.commune_id
    kept = [one for one in care.in_force() if care.keeper_of(one[1]) == here]
    if kept:
        has |= _OF_CARE
    if any(one.carer_id is not None and care.received_at(step) is None for step, one in kept):
        has.add(_HAND_OVER)
    asked_here = [step for step, one in care.requests if one.carer_commune_id == here and file.counts(step)]
    if any(care.answered_at(step) is None for step in asked_here):
        has.add(_DECLINE)
    return ASKS - has
