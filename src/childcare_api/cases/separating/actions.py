"""Deciding on a separation, extending and cancelling it; the court, asked and answering (NĐ 56/2017, 32; LQ 52.3)."""

from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.cases.file.actions import StepTimes, guard_paper, guard_state, record_step, when
from childcare_api.cases.file.clocks import SEPARATED, emergencies, protections
from childcare_api.cases.file.models import CaseStep, StepKind
from childcare_api.cases.file.queries import CaseFile
from childcare_api.cases.planning.queries import acting_for
from childcare_api.cases.separating import queries, rules
from childcare_api.cases.separating.errors import (
    CourtAnswered,
    NoSeparationRuns,
    NotFoundSafe,
    SeparationRuns,
    SeparationTooLong,
)
from childcare_api.cases.separating.models import (
    CaseCourtAnswer,
    CaseCourtRequest,
    CaseSeparation,
    CaseSeparationChange,
)
from childcare_api.cases.separating.schemas import (
    CancelSeparation,
    DecideSeparation,
    ExtendSeparation,
    RecordCourtOrder,
    RecordCourtRefusal,
    RequestCourt,
    WithdrawCourtRequest,
)
from childcare_api.deadlines import queries as deadlines
from childcare_api.shared import clock
from childcare_api.shared.refusals import ends_before_it_begins, no_such_record, too_early


async def decide_separation(
    session: AsyncSession, actor: Actor, file: CaseFile, command: DecideSeparation
) -> tuple[CaseStep, CaseSeparation]:
    """Separate the child for a time; it also meets the 12 hours of an emergency (Điều 26.3)."""
    guard_state(file, StepKind.SEPARATION)
    if file.standing.separation_id is not None:
        raise SeparationRuns
    began_at = when(file, command.happened_at)
    informed_at = _informed_at(file, command, began_at)
    _check_day(command.decided_on, began_at)
    await _check_length(session, began_at, command.days, required=False)
    stay = command.stay
    separation = CaseSeparation(
        origin_commune_id=actor.commune_id,
        decision_number=command.decision_number,
        decided_on=command.decided_on,
        acting_for_id=await acting_for(session),
        grounds=sorted(set(command.grounds)),
        separated_from=sorted(set(command.separated_from)),
        needs_and_safety=command.needs_and_safety,
        days=command.days,
        stay_kind=stay.kind,
        stay_name=stay.name,
        stay_relation=stay.relation,
        stay_address=stay.address,
        stay_phone=stay.phone,
    )
    step = await record_step(
        session,
        actor,
        file,
        kind=StepKind.SEPARATION,
        command=command,
        detail=separation,
        happened_at=began_at,
        times=StepTimes(informed_at=informed_at, ends_at=rules.ends_at(began_at, command.days)),
    )
    return step, separation


def _informed_at(file: CaseFile, command: DecideSeparation, began_at: datetime) -> datetime | None:
    """Return the receipt that the 12 hours run from: as stated, else an emergency nobody met yet; None if unknown."""
    stated = command.informed_at
    if stated is None:
        met = protections(file)
        unmet = [received for received in emergencies(file) if not any(at >= received for at in met)]
        return unmet[0] if unmet else None
    if stated > began_at:
        raise too_early("/happened_at", stated)
    if stated < file.case.received_at:
        raise too_early("/informed_at", file.case.received_at)
    return stated


def _check_day(day: date, since: datetime, *, field: str = "decided_on") -> None:
    """Judge the day on a paper: not before the day of what it is about."""
    if day < clock.day_of(since):
        raise too_early(f"/{field}", clock.day_of(since))


async def _check_length(session: AsyncSession, began_at: datetime, days: int, *, required: bool) -> None:
    longest = (await deadlines.get_clock(session, SEPARATED, clock.day_of(began_at))).length
    if rules.too_long(days, longest, required_by_authority=required):
        raise SeparationTooLong(days=days, longest=longest)


async def extend_separation(
    session: AsyncSession, actor: Actor, file: CaseFile, separation: CaseStep, command: ExtendSeparation
) -> CaseStep:
    """Let a separation hold for some days more; beyond 15 in all only if an authority requires it (Điều 32.3)."""
    guard_state(file, StepKind.SEPARATION_EXTENDED)
    until = _running_until(file, separation)
    happened_at = when(file, command.happened_at, [separation.id])
    _check_day(command.decided_on, separation.happened_at)
    guard_paper(command.happened_at, command.decided_on)
    in_all = rules.days_in_all(separation.happened_at, until) + command.days
    paper = command.required_by
    await _check_length(session, separation.happened_at, in_all, required=paper is not None)
    change = CaseSeparationChange(
        origin_commune_id=actor.commune_id,
        separation_id=separation.id,
        decision_number=command.decision_number,
        decided_on=command.decided_on,
        acting_for_id=await acting_for(session),
        reason=command.reason,
        days=command.days,
        authority_issuer=None if paper is None else paper.issuer,
        authority_number=None if paper is None else paper.number,
        authority_issued_on=None if paper is None else paper.issued_on,
        assessment_id=None,
        returned_to=None,
    )
    return await record_step(
        session,
        actor,
        file,
        kind=StepKind.SEPARATION_EXTENDED,
        command=command,
        detail=change,
        happened_at=happened_at,
        stands_on=[separation.id],
        about_id=separation.id,
        times=StepTimes(ends_at=rules.ends_at(separation.happened_at, in_all)),
    )


async def cancel_separation(
    session: AsyncSession, actor: Actor, file: CaseFile, separation: CaseStep, command: CancelSeparation
) -> CaseStep:
    """Cancel a separation on an assessment since then that finds the carers safe (Điều 32.3)."""
    guard_state(file, StepKind.SEPARATION_CANCELLED)
    _running_until(file, separation)
    assessment = file.step(command.assessment_id)
    if assessment is None or assessment.kind != StepKind.ASSESSMENT:
        raise no_such_record("/assessment_id")
    since = file.counts(assessment) and assessment.happened_at >= separation.happened_at
    if not (since and await queries.finds_carers_safe(session, file, assessment)):
        raise NotFoundSafe
    _check_day(command.decided_on, assessment.happened_at)
    guard_paper(command.happened_at, command.decided_on)
    change = CaseSeparationChange(
        origin_commune_id=actor.commune_id,
        separation_id=separation.id,
        decision_number=command.decision_number,
        decided_on=command.decided_on,
        acting_for_id=await acting_for(session),
        reason=command.reason,
        days=None,
        authority_issuer=None,
        authority_number=None,
        authority_issued_on=None,
        assessment_id=assessment.id,
        returned_to=command.returned_to,
    )
    return await record_step(
        session,
        actor,
        file,
        kind=StepKind.SEPARATION_CANCELLED,
        command=command,
        detail=change,
        stands_on=[separation.id, assessment.id],
        about_id=separation.id,
    )


def _running_until(file: CaseFile, separation: CaseStep) -> datetime:
    if file.standing.separation_id != separation.id or file.standing.separation_ends_at is None:
        raise NoSeparationRuns
    return file.standing.separation_ends_at


async def request_court(
    session: AsyncSession, actor: Actor, file: CaseFile, command: RequestCourt
) -> tuple[CaseStep, CaseCourtRequest]:
    """Ask the court. During a separation it is one of the three things that may follow it (TT 14/2020, Điều 14.3 b)."""
    guard_state(file, StepKind.COURT_REQUEST)
    _check_day(command.requested_on, file.case.received_at, field="requested_on")
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
    """Record what the court ordered. A separation goes on by it as by the paper of an authority (Điều 32.3)."""
    if command.valid_to is not None and command.valid_to < command.decided_on:
        raise ends_before_it_begins("/valid_to")
    answer = CaseCourtAnswer(
        decision_number=command.decision_number,
        decided_on=command.decided_on,
        measures=sorted(set(command.measures)),
        valid_to=command.valid_to,
        reason=None,
    )
    return await _answer(session, actor, file, request, command, answer, kind=StepKind.COURT_GRANTED)


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
    _check_day(answer.decided_on, request.happened_at, field=field)
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
