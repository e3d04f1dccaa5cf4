"""Sending a decision: on a plan (NĐ 56/2017, Điều 28.5), or on care that a child leaves a facility for (Điều 45.4)."""

from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.cases.file.errors import CaseNotInState
from childcare_api.cases.file.models import CaseStep, StepKind
from childcare_api.cases.file.queries import get_step
from childcare_api.cases.placing.errors import PlacementElsewhere
from childcare_api.cases.placing.leaving import NO_FACILITY_LEFT
from childcare_api.cases.placing.queries import Placing, get_of
from childcare_api.cases.placing.recording import record_placing
from childcare_api.cases.sending import queries, rules
from childcare_api.cases.sending.errors import DecisionNotInForce
from childcare_api.cases.sending.models import CaseSending
from childcare_api.cases.sending.schemas import SendDecision
from childcare_api.shared.problems import Spoken
from childcare_api.shared.refusals import refused

_NOT_OF_THIS: Final = Spoken(
    "The law sends a decision on care to the facility that the child leaves and to who ends the care there, and one on"
    " a plan to whom that names: `GET …/sendings` says who waits for which.",
    "Quyết định giao trẻ em được gửi đến cơ sở nơi trẻ em chuyển đi và người có thẩm quyền chấm dứt việc chăm sóc tại"
    " cơ sở, quyết định phê duyệt kế hoạch đến nơi nêu trong kế hoạch: xem `GET …/sendings`.",
)
_ANOTHER_FACILITY: Final = Spoken(
    "The child leaves another facility: `GET …/sendings` names it.",
    "Trẻ em chuyển đi từ cơ sở khác: xem tên cơ sở tại `GET …/sendings`.",
)


async def send_decision(
    session: AsyncSession, actor: Actor, placing: Placing, decision_id: UUID, command: SendDecision
) -> tuple[CaseStep, CaseSending]:
    """Record one recipient; the task ends once everybody was told whom the law or the plan names."""
    decision = placing.file.step(decision_id)
    if decision is not None and decision.kind == StepKind.PLACEMENT:
        await _judge_care(session, actor, placing, decision, command)
        about_id: UUID | None = decision.id
    else:
        decision = _plan_in_force(placing, decision_id, command)
        about_id = decision.about_id
    sending = CaseSending(
        decision_id=decision.id,
        recipient_kind=command.recipient_kind,
        recipient=command.recipient,
        way=command.way,
        received_by=command.received_by,
        not_sent_reason=command.not_sent_reason,
    )
    step = await record_placing(
        session,
        actor,
        placing,
        kind=StepKind.DECISION_SENT,
        command=command,
        detail=sending,
        stands_on=[decision.id],
        about_id=about_id,
    )
    return step, sending


def _plan_in_force(placing: Placing, decision_id: UUID, command: SendDecision) -> CaseStep:
    file = placing.file
    decision = get_step(file, StepKind.PLAN_APPROVED, decision_id)
    if file.standing.decision_id != decision.id:
        raise DecisionNotInForce
    if file.standing.status not in rules.PLAN_IS_SENT:
        raise CaseNotInState(case_status=file.standing.status.value)
    if command.recipient_kind in rules.OF_CARE:
        raise refused("/recipient_kind", "not_told_of_it", *_NOT_OF_THIS)
    return decision


async def _judge_care(
    session: AsyncSession, actor: Actor, placing: Placing, decision: CaseStep, command: SendDecision
) -> None:
    """Refuse what is not the decision of this commune, or goes to nobody whom the law names (Điều 45.4)."""
    step, placement = get_of(placing.placements, decision.id)
    if placing.keeper_of(placement) != actor.commune_id:
        raise PlacementElsewhere
    if not placing.file.counts(step):
        raise DecisionNotInForce
    wanted = await queries.to_be_told_of(session, placing, step, placement)
    if not wanted:
        raise refused("/recipient_kind", *NO_FACILITY_LEFT)
    if command.recipient_kind not in rules.OF_CARE:
        raise refused("/recipient_kind", "not_told_of_it", *_NOT_OF_THIS)
    if not rules.is_told_of(wanted, command.recipient_kind, command.recipient):
        raise refused("/recipient", "not_told_of_it", *_ANOTHER_FACILITY)
