"""Asking a court to restrict the rights of carers or to separate a child, and what it answers (Luật Trẻ em, 52.3)."""

from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.cases.file.actions import guard_paper, guard_state, record_step
from childcare_api.cases.file.models import CaseStep, StepKind
from childcare_api.cases.file.queries import CaseFile
from childcare_api.cases.planning.queries import acting_for
from childcare_api.cases.separating import queries
from childcare_api.cases.separating.actions import check_day
from childcare_api.cases.separating.errors import CourtAnswered
from childcare_api.cases.separating.models import CaseCourtAnswer, CaseCourtRequest
from childcare_api.cases.separating.schemas import (
    RecordCourtOrder,
    RecordCourtRefusal,
    RequestCourt,
    WithdrawCourtRequest,
)
from childcare_api.shared.refusals import ends_before_it_begins, refused, too_early


async def request_court(
    session: AsyncSession, actor: Actor, file: CaseFile, command: RequestCourt
) -> tuple[CaseStep, CaseCourtRequest]:
    """Ask the court. During a separation it is one of the three things that may follow it (TT 14/2020, Điều 14.3 b)."""
    guard_state(file, StepKind.COURT_REQUEST)
    check_day(command.requested_on, file.case.received_at, field="requested_on")
    guard_paper(command.happened_at, command.requested_on, "requested_on")
    request = CaseCourtRequest(
        court=command.court,
        request_number=command.request_number,
        requested_on=command.requested_on,
        acting_for_id=await acting_for(session),
        measures=sorted(set(command.measures)),
        grounds=sorted(set(command.grounds)),
        reason=command.reason,
    )
    step = await record_step(
        session,
        actor,
        file,
        kind=StepKind.COURT_REQUEST,
        command=command,
        detail=request,
        stands_on=[file.standing.separation_id],
        about_id=file.standing.separation_id,
    )
    return step, request


async def record_court_order(
    session: AsyncSession, actor: Actor, file: CaseFile, request: CaseStep, command: RecordCourtOrder
) -> CaseStep:
    """Record what the court ordered. A separation goes on by it as by the paper of an authority (Điều 32.3).

    What changes or ends that order later stands on it, and takes its place from its own day on.
    """
    if command.valid_to is not None and command.valid_to < command.decided_on:
        raise ends_before_it_begins("/valid_to")
    answer = CaseCourtAnswer(
        decision_number=command.decision_number,
        decided_on=command.decided_on,
        measures=sorted(set(command.measures)),
        valid_to=command.valid_to,
        reason=command.reason,
    )
    if not command.changes_order:
        return await _answer(session, actor, file, request, command, answer, kind=StepKind.COURT_GRANTED)
    guard_state(file, StepKind.COURT_GRANTED)
    before = await queries.last_order_on(session, file, request)
    if before is None:
        raise refused("/changes_order", *_NO_ORDER)
    order, ordered = before
    if command.decided_on < ordered.decided_on:
        raise too_early("/decided_on", ordered.decided_on)
    guard_paper(command.happened_at, command.decided_on)
    return await record_step(
        session,
        actor,
        file,
        kind=StepKind.COURT_GRANTED,
        command=command,
        detail=answer,
        stands_on=[request.id, order.id],
        about_id=request.id,
        note=command.reason,
    )


_NO_ORDER: Final = (
    "no_order",
    "No order of the court on this request is on record that it could change or end: record that first.",
    "Đề nghị này chưa có quyết định của Tòa án (hoặc đã bị hủy bỏ) để thay đổi, hủy bỏ: trước hết hãy ghi quyết định.",
)


async def record_court_refusal(
    session: AsyncSession, actor: Actor, file: CaseFile, request: CaseStep, command: RecordCourtRefusal
) -> CaseStep:
    """Record that the court ordered nothing; the end of a separation is answered for again, as before it was asked."""
    answer = CaseCourtAnswer(
        decision_number=None, decided_on=command.decided_on, measures=[], valid_to=None, reason=command.reason
    )
    return await _answer(session, actor, file, request, command, answer, kind=StepKind.COURT_REFUSED)


async def withdraw_court_request(
    session: AsyncSession, actor: Actor, file: CaseFile, request: CaseStep, command: WithdrawCourtRequest
) -> CaseStep:
    """Take a request back that the court has not answered; it met nothing, as one that the court refused."""
    withdrawal = CaseCourtAnswer(
        decision_number=None, decided_on=command.withdrawn_on, measures=[], valid_to=None, reason=command.reason
    )
    return await _answer(
        session,
        actor,
        file,
        request,
        command,
        withdrawal,
        kind=StepKind.COURT_WITHDRAWN,
        field="withdrawn_on",
    )


async def _answer(  # noqa: PLR0917 - one story, told from above
    session: AsyncSession,
    actor: Actor,
    file: CaseFile,
    request: CaseStep,
    command: RecordCourtOrder | RecordCourtRefusal | WithdrawCourtRequest,
    answer: CaseCourtAnswer,
    *,
    kind: StepKind,
    field: str = "decided_on",
) -> CaseStep:
    guard_state(file, kind)
    if not file.counts(request) or queries.court_answer_of(file, request) is not None:
        raise CourtAnswered
    check_day(answer.decided_on, request.happened_at, field=field)
    guard_paper(command.happened_at, answer.decided_on, field)
    return await record_step(
        session,
        actor,
        file,
        kind=kind,
        command=command,
        detail=answer,
        stands_on=[request.id],
        about_id=request.id,
    )
