"""Asking another body for a service, and what it answers (NĐ 56/2017, Điều 29.1 b, 29.2)."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.agencies.models import Agency
from childcare_api.agencies.providers.queries import provider_name_on
from childcare_api.cases.consenting.schemas import columns_of
from childcare_api.cases.file.actions import record_step, stated_after
from childcare_api.cases.file.grants import OF_REFERRAL
from childcare_api.cases.file.models import CaseGrant, CaseStep, StepKind
from childcare_api.cases.file.queries import CaseFile, end_tasks
from childcare_api.cases.planning.queries import get_decided_service
from childcare_api.cases.referring import queries, rules
from childcare_api.cases.referring.errors import AnswersForItself, GrantNeedsLeader, ReferralNotInState
from childcare_api.cases.referring.models import CaseReferral, CaseReferralAnswer, ReferralStatus
from childcare_api.cases.referring.schemas import AnswerReferral, AskForService, WithdrawCaseReferral, WriteDownAnswer
from childcare_api.deadlines import actions as deadlines
from childcare_api.shared import clock
from childcare_api.shared.db import holder_of
from childcare_api.shared.ids import new_id
from childcare_api.shared.problems import StaleVersion
from childcare_api.shared.refusals import has_passed, no_such_record, too_early
from childcare_api.units.queries import find_commune, holder_of_unit
from childcare_api.units.refusals import own_commune

ANSWER, FOLLOW_UP = "referral.answer", "referral.follow_up"
PERFORM, CARRY_OUT = "referral.perform", "referral.carry_out"


async def ask(session: AsyncSession, actor: Actor, file: CaseFile, command: AskForService) -> CaseStep:
    """Ask another body for a service. A commune sees the referral and what is granted with it, nothing else."""
    # What is written up afterwards was asked when it was asked: its day may have passed since.
    asked_at = command.happened_at or clock.now()
    for pointer, moment in (("/respond_by", command.respond_by), ("/needed_by", command.needed_by)):
        if moment is not None and moment <= asked_at:
            raise has_passed(pointer) if command.happened_at is None else too_early(pointer, asked_at)
    body_name = await _name_of_body(session, file, command)
    planned = None
    if command.plan_service_id is not None:
        planned = await get_decided_service(session, file, command.plan_service_id)
    if command.shows and (planned is None or planned.plan_id != file.standing.plan_id):
        raise GrantNeedsLeader
    grant = _grant(actor, file, command)
    if grant is not None:
        session.add(grant)
        # The referral names it.
        await session.flush()
    child = {f"child_{name}": getattr(file.case, f"child_{name}") for name in _OF_CHILD} if command.names_child else {}
    referral = CaseReferral(
        case_id=file.case.id,
        to_commune_id=command.commune_id,
        agency_id=command.agency_id,
        provider_id=command.provider_id,
        body_name=body_name,
        plan_service_id=command.plan_service_id,
        group=command.group,
        request=command.request,
        information=command.information,
        respond_by=command.respond_by,
        needed_by=command.needed_by,
        names_child=command.names_child,
        **child,
        **columns_of(command.consent),
        grant_id=None if grant is None else grant.id,
        status=ReferralStatus.ASKED.value,
        asked_at=asked_at,
        asked_by=actor.id,
        readable_until=None,
        row_version=1,
    )
    step = await record_step(session, actor, file, kind=StepKind.REFERRAL, command=command, detail=referral)
    await _start_clocks(session, actor, referral, None if planned is None else planned.expected_end_on)
    return step


_OF_CHILD = ("name", "sex", "born_on", "born_on_precision", "estimated_age")


async def _name_of_body(session: AsyncSession, file: CaseFile, command: AskForService) -> str:
    """Return the body's name as it is today: on an old paper it stays true."""
    if command.commune_id is not None:
        if command.commune_id == file.case.commune_id:
            raise own_commune("/commune_id")
        unit = await find_commune(session, command.commune_id)
        if unit is None:
            raise no_such_record("/commune_id")
        return unit.name
    today = clock.today()
    if command.provider_id is not None:
        provided = await provider_name_on(session, command.provider_id, today)
        if provided is None:
            raise no_such_record("/provider_id")
        return provided
    if command.agency_id is None:
        return command.body_name or ""
    agency = await session.get(Agency, command.agency_id)
    if agency is None or (agency.valid_from or today) > today or (agency.valid_to or today) < today:
        raise no_such_record("/agency_id")
    return agency.name


def _grant(actor: Actor, file: CaseFile, command: AskForService) -> CaseGrant | None:
    if not command.shows:
        return None
    return CaseGrant(
        **holder_of(file.case),
        id=new_id(),
        origin_commune_id=actor.commune_id,
        case_id=file.case.id,
        granted_commune_id=command.commune_id,
        reason=OF_REFERRAL,
        kinds=sorted(set(command.shows)),
        valid_from=clock.today(),
        valid_to=None,
        granted_at=clock.now(),
        granted_by=actor.id,
        revoked_at=None,
        revoked_by=None,
    )


async def _start_clocks(
    session: AsyncSession, actor: Actor, referral: CaseReferral, expected_end_on: date | None
) -> None:
    """Start what waits: the commune asked for its answer, its own officer for the answer and for the service.

    The law gives no term, so each runs to the moment that was stated, or that the plan or the house names (Điều 29.1 a:
    theo dõi, đôn đốc): a body that accepts is asked after, whether or not somebody said until when.
    """
    mine = holder_of(referral)
    done_by = rules.done_by(referral.respond_by, referral.needed_by, expected_end_on)
    wanted = [(FOLLOW_UP, referral.respond_by, mine), (CARRY_OUT, done_by, mine)]
    if referral.to_commune_id is not None:
        theirs = await holder_of_unit(session, referral.to_commune_id)
        wanted.append((ANSWER, referral.respond_by, theirs.columns()))
    for rule, moment, holder in wanted:
        await deadlines.start(
            session,
            rule,
            subject_kind="referral",
            subject_id=referral.id,
            holder=holder,
            from_instant=moment,
            origin_unit_id=actor.unit_id,
        )
    await session.flush()  # The answer reads the referral back.


async def write_down_answer(
    session: AsyncSession, actor: Actor, file: CaseFile, referral: CaseReferral, command: WriteDownAnswer
) -> CaseStep:
    """Write down what a body answered that does not work here. What was written wrongly is answered anew."""
    if referral.to_commune_id is not None:
        raise AnswersForItself
    wanted = ReferralStatus(command.answer)
    _require(referral, wanted, written_down=True)
    answer = CaseReferralAnswer(
        referral_id=referral.id, answer=command.answer, answered_by=command.answered_by, note=command.note
    )
    before = referral.status
    referral.status, referral.row_version = wanted.value, referral.row_version + 1
    step = await record_step(
        session,
        actor,
        file,
        kind=StepKind.REFERRAL_ANSWERED,
        command=command,
        detail=answer,
        stands_on=[referral.id],
        about_id=referral.id,
        note=command.note,
    )
    await deadlines.finish(session, FOLLOW_UP, referral.id, happened_at=step.happened_at)
    if wanted is ReferralStatus.DONE:
        await deadlines.finish(session, CARRY_OUT, referral.id, happened_at=step.happened_at)
    elif wanted is ReferralStatus.DECLINED:
        await deadlines.cancel(session, CARRY_OUT, referral.id, reason="declined", happened_at=step.happened_at)
    elif before != ReferralStatus.ASKED:
        await deadlines.start(
            session,
            CARRY_OUT,
            subject_kind="referral",
            subject_id=referral.id,
            holder=holder_of(referral),
            from_instant=await queries.done_by(session, referral),
        )
    return step


async def withdraw(
    session: AsyncSession, actor: Actor, file: CaseFile, referral: CaseReferral, command: WithdrawCaseReferral
) -> CaseStep:
    """Take a referral back. The body sees nothing of it any more, and no clock of it runs anywhere."""
    _require(referral, ReferralStatus.WITHDRAWN, written_down=True)
    referral.status, referral.row_version = ReferralStatus.WITHDRAWN.value, referral.row_version + 1
    if referral.grant_id is not None:
        grant = await session.get(CaseGrant, referral.grant_id)
        if grant is not None and grant.revoked_at is None:
            grant.revoked_at, grant.revoked_by = clock.now(), actor.id
    step = await record_step(
        session,
        actor,
        file,
        kind=StepKind.REFERRAL_WITHDRAWN,
        command=command,
        stands_on=[referral.id],
        about_id=referral.id,
        note=command.reason,
    )
    await end_tasks(session, referral.id, reason="withdrawn")
    return step


def _require(referral: CaseReferral, wanted: ReferralStatus, *, written_down: bool) -> None:
    if not rules.may_follow(ReferralStatus(referral.status), wanted, written_down=written_down):
        raise ReferralNotInState(referral_status=referral.status)


async def answer_received(
    session: AsyncSession, actor: Actor, referral: CaseReferral, command: AnswerReferral, *, done_by: datetime
) -> UUID:
    """Answer for the commune that was asked, and return the step it makes in the file of the other commune.

    What it accepts is its task until it is done.
    """
    _require(referral, ReferralStatus(command.answer), written_down=False)
    step_id = command.id or new_id()
    to_do = await deadlines.prepare(
        session,
        PERFORM,
        subject_kind="referral",
        subject_id=referral.id,
        holder=actor.holder,
        from_instant=done_by,
        origin_unit_id=actor.unit_id,
    )
    answered = await queries.answer_received(
        session,
        referral,
        step_id=step_id,
        event_id=new_id(),
        answer=command.answer,
        answered_by=command.answered_by,
        note=command.note,
        until=rules.readable_until(clock.today()),
        clocks=[to_do] if command.answer == "accepted" else [],
        happened_at=stated_after(referral.asked_at, command.happened_at),
    )
    if not answered:
        raise StaleVersion(row_version=referral.row_version + 1)
    return step_id
