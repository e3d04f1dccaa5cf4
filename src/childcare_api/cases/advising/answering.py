"""Which commands a case has something for: what answers, ends or goes on from a thing is possible where that thing is.

It reads the same records that the commands look at, and is no guard: whoever gives a command is answered by that.
"""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.cases.file.models import PlanStatus, StepKind
from childcare_api.cases.file.queries import CaseFile, details, grants_of
from childcare_api.cases.joining.queries import asked_of_others
from childcare_api.cases.placing.keeping import still_followed
from childcare_api.cases.placing.queries import Placing, load
from childcare_api.cases.planning.queries import is_changeable
from childcare_api.cases.referring.models import CaseReferral
from childcare_api.cases.refusing.actions import end_of
from childcare_api.cases.sending.queries import still_to_be_told_of
from childcare_api.cases.sending.rules import PLAN_IS_SENT
from childcare_api.shared import clock
from childcare_api.shared.problems import Problem

_ANSWERS: Final[Mapping[StepKind, frozenset[str]]] = {
    StepKind.COURT_REQUEST: frozenset({"record_court_order", "record_court_refusal", "withdraw_court_request"}),
    StepKind.PROCEEDING: frozenset({"answer_proceeding"}),
    StepKind.RELEASE_NOTICE: frozenset({"record_release_prepared"}),
    StepKind.REFERRAL: frozenset({"withdraw_case_referral"}),
    StepKind.TRANSFER_OFFERED: frozenset({"withdraw_case_transfer"}),
    StepKind.PLACEMENT_REQUESTED: frozenset({"withdraw_placement_request"}),
}
"""What answers or takes back something that was asked, and has not been answered."""

SETTLED_BY: Final[Mapping[str, tuple[str, ...]]] = {
    "emergency_unanswered": ("record_emergency_measure", "decide_separation"),
    "separation_runs": ("cancel_separation", "place_child"),
    "harmed_in_care": ("end_placement",),
    "decision_not_sent": ("send_decision",),
}
"""What does away with each hindrance of an end; of what others were asked, what answers or takes back just that."""

_TOLD_BY_A_BODY, _ANOTHER_OFFER = "write_down_referral_answer", "offer_case_transfer"
_NEW_VERSION = frozenset({"draft_plan", "adjust_plan"})
_OF_VERSION: Final[Mapping[PlanStatus, frozenset[str]]] = {
    PlanStatus.DRAFT: frozenset({"submit_plan"}),
    PlanStatus.RETURNED: frozenset({"submit_plan"}),
    PlanStatus.SUBMITTED: frozenset({"return_plan", "approve_plan"}),
}
"""What may be done with the version of the plan that is under way. What came back the next one takes the place of."""

_CHANGE_DRAFT = frozenset({"change_plan"})
_NEXT_VERSION = _NEW_VERSION | {"revise_plan"}
_OF_PLAN_IN_FORCE = frozenset({"record_service", "record_review"})
_SEPARATE, _OF_SEPARATION = "decide_separation", frozenset({"extend_separation", "cancel_separation"})
_OF_CARE = frozenset({"request_placement_end", "end_placement"})
_OF_RECEIVED = frozenset({"record_placement_visit", "record_carer_report"})
_HAND_OVER, _DECLINE, _END_REFUSAL = "hand_child_over", "decline_placement", "end_plan_refusal"
_SEND, _REVOKE, _CHANGE_OF_ORDER = "send_decision", "revoke_grant", "record_court_order"

ASKS: Final = frozenset().union(
    *_ANSWERS.values(),
    *_OF_VERSION.values(),
    *(_CHANGE_DRAFT, _NEXT_VERSION, _OF_PLAN_IN_FORCE, _OF_SEPARATION, _OF_CARE, _OF_RECEIVED),
    {_TOLD_BY_A_BODY, _ANOTHER_OFFER, _SEPARATE, _HAND_OVER, _DECLINE, _END_REFUSAL, _SEND, _REVOKE},
)
"""Every command that waits for something to be there, or for something like it not to be."""


def settled_by(problem: Problem) -> list[dict[str, str | None]]:
    """Return which operations do away with what a problem of a case's end names."""
    waiting: Any = problem.members.get("waits", ())
    asked = {one for wait in waiting for one in _ANSWERS.get(StepKind(wait["kind"]), ())}
    return [{"operation": one, "pointer": None} for one in (*SETTLED_BY.get(problem.code, ()), *sorted(asked))]


async def without_anything_to_do(session: AsyncSession, file: CaseFile) -> frozenset[str]:
    """Return the commands that whoever leads a case could give only if there were something to give them on."""
    standing, care = file.standing, await load(session, file)
    has = await _of_others(session, file) | _of_plan(file) | await _of_care(session, care)
    if not standing.plan_in_force:
        # A release is prepared for under a plan (Luật Trẻ em, Điều 73.3).
        has.discard("record_release_prepared")
    has |= {_SEPARATE} if standing.separation_id is None else _OF_SEPARATION
    if standing.decision_id is not None and standing.status in PLAN_IS_SENT:
        has.add(_SEND)
    if file.counting(StepKind.COURT_GRANTED):
        has.add(_CHANGE_OF_ORDER)
    if any(end_of(file, refusal) is None for refusal in file.counting(StepKind.PLAN_REFUSED)):
        has.add(_END_REFUSAL)
    today = clock.today()
    runs = [one for one in await grants_of(session, file.case) if one.revoked_at is None]
    if any((one.valid_to or today) >= today and not still_followed(care, one) for one in runs):
        has.add(_REVOKE)
    return ASKS - has


async def _of_others(session: AsyncSession, file: CaseFile) -> set[str]:
    asked = await asked_of_others(session, file)
    has = set[str]().union(*(_ANSWERS.get(StepKind(step.kind), frozenset()) for step in asked))
    if not any(step.kind == StepKind.TRANSFER_OFFERED for step in asked):
        has.add(_ANOTHER_OFFER)
    waiting = {step.id for step in asked}
    referrals = await details(session, file, CaseReferral, StepKind.REFERRAL)
    if any(step.id in waiting and row.to_commune_id is None for step, row in referrals):
        has.add(_TOLD_BY_A_BODY)
    return has


def _of_plan(file: CaseFile) -> frozenset[str]:
    standing, version = file.standing, file.standing.open_plan_id
    has = _OF_PLAN_IN_FORCE if standing.plan_in_force else frozenset()
    if version is None:
        return has | _NEW_VERSION
    plan, status = file.plans[version], standing.plans[version]
    if is_changeable(plan):
        return has | _OF_VERSION[status] | _CHANGE_DRAFT
    came_back = status is not PlanStatus.SUBMITTED and plan.first_submitted_at is not None
    return has | _OF_VERSION[status] | (_NEXT_VERSION if came_back else frozenset())


async def _of_care(session: AsyncSession, care: Placing) -> set[str]:
    here, has = care.file.case.commune_id, set[str]()
    for step, one in care.in_force():
        if care.keeper_of(one) == here:
            has |= _OF_CARE
            # A facility has the child by the decision alone.
            has |= {_HAND_OVER} if one.carer_id is not None and care.received_at(step) is None else _OF_RECEIVED
            has |= {_SEND} if await still_to_be_told_of(session, care, step, one) else set()
    asked_here = [step for step, one in care.requests if one.carer_commune_id == here and care.file.counts(step)]
    if any(care.answered_at(step) is None for step in asked_here):
        has.add(_DECLINE)
    return has
