"""Deciding on a separation, extending and cancelling it (NĐ 56/2017, Điều 32)."""

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
    NoSeparationRuns,
    NotFoundSafe,
    SeparationRuns,
    SeparationTooLong,
    home_over_an_order,
)
from childcare_api.cases.separating.models import (
    CaseSeparation,
    CaseSeparationChange,
)
from childcare_api.cases.separating.schemas import (
    CancelSeparation,
    DecideSeparation,
    ExtendSeparation,
)
from childcare_api.deadlines import queries as deadlines
from childcare_api.shared import clock
from childcare_api.shared.refusals import no_such_record, too_early


async def decide_separation(
    session: AsyncSession, actor: Actor, file: CaseFile, command: DecideSeparation
) -> tuple[CaseStep, CaseSeparation]:
    """Separate the child for a time; it also meets the 12 hours of an emergency (Điều 26.3)."""
    guard_state(file, StepKind.SEPARATION)
    if file.standing.separation_id is not None:
        raise SeparationRuns
    began_at = when(file, command.happened_at)
    informed_at = _informed_at(file, command, began_at)
    check_day(command.decided_on, began_at)
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


def check_day(day: date, since: datetime, *, field: str = "decided_on") -> None:
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
    check_day(command.decided_on, separation.happened_at)
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
    """Cancel a separation on an assessment since then that finds the carers safe (Điều 32.3).

    The leader cancels what the leader decided: a child whom a court keeps apart returns by the court's decision.
    """
    guard_state(file, StepKind.SEPARATION_CANCELLED)
    _running_until(file, separation)
    assessment = file.step(command.assessment_id)
    if assessment is None or assessment.kind != StepKind.ASSESSMENT:
        raise no_such_record("/assessment_id")
    since = file.counts(assessment) and assessment.happened_at >= separation.happened_at
    if not (since and await queries.finds_carers_safe(session, file, assessment)):
        raise NotFoundSafe
    check_day(command.decided_on, assessment.happened_at)
    guard_paper(command.happened_at, command.decided_on)
    if await queries.kept_apart_by_court(session, file, command.decided_on):
        raise home_over_an_order("/returned_to")
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
