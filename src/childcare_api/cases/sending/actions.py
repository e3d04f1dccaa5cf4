"""Sending a decision with its plan (NĐ 56/2017, Điều 28.5)."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.cases.file.actions import record_step
from childcare_api.cases.file.models import CaseStep, StepKind
from childcare_api.cases.file.queries import CaseFile, get_step
from childcare_api.cases.sending.errors import DecisionNotInForce
from childcare_api.cases.sending.models import CaseSending
from childcare_api.cases.sending.schemas import SendDecision


async def send_decision(
    session: AsyncSession, actor: Actor, file: CaseFile, decision_id: UUID, command: SendDecision
) -> tuple[CaseStep, CaseSending]:
    """Record one recipient; the task ends once everybody whom the plan names was told."""
    decision = get_step(file, StepKind.PLAN_APPROVED, decision_id)
    if file.standing.decision_id != decision.id:
        raise DecisionNotInForce
    sending = CaseSending(
        decision_id=decision.id,
        recipient_kind=command.recipient_kind,
        recipient=command.recipient,
        way=command.way,
        received_by=command.received_by,
        not_sent_reason=command.not_sent_reason,
    )
    step = await record_step(
        session,
        actor,
        file,
        kind=StepKind.DECISION_SENT,
        command=command,
        detail=sending,
        stands_on=[decision.id],
        about_id=decision.about_id,
    )
    return step, sending
