"""Keeping people from a report or a case: by the leader, by their own word, or because they are a party to it."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access import audit
from childcare_api.access.actor import Actor
from childcare_api.cases.file.models import Case, Confidentiality
from childcare_api.cases.guarding import queries
from childcare_api.cases.guarding.errors import AlreadyExcluded, OwnExclusion
from childcare_api.cases.guarding.models import CaseRecipient, Exclusion, ExclusionGround
from childcare_api.cases.guarding.schemas import (
    RECIPIENTS_UNSEALED,
    DeclareConflict,
    ExcludePerson,
    ExclusionOut,
    LiftExclusion,
    SetConfidentiality,
    SetRecipientsHere,
)
from childcare_api.intake.models import Intake
from childcare_api.shared import clock
from childcare_api.shared.concurrency import Version
from childcare_api.shared.corrections import AlreadyEnded
from childcare_api.shared.db import holder_of
from childcare_api.shared.ids import new_id
from childcare_api.shared.refusals import no_such_record, refused


async def exclude_person(
    session: AsyncSession, actor: Actor, subject: Case | Intake, command: ExcludePerson
) -> ExclusionOut:
    """Keep a related person from all that hangs together with a report or a case (LQ 6.11; NĐ 56/2017, Điều 24)."""
    if command.user_id == actor.id:
        raise OwnExclusion
    if isinstance(subject, Case):
        known = await queries.works_with(session, command.user_id, subject)
    else:
        known = await queries.works_here(session, command.user_id)
    if not known:
        raise no_such_record("/user_id")
    return await _exclude(session, actor, subject, command, user_id=command.user_id, ground=ExclusionGround.RELATED)


async def declare_conflict(
    session: AsyncSession, actor: Actor, subject: Case | Intake, command: DeclareConflict
) -> ExclusionOut:
    """Step back from a report or a case by one's own word."""
    return await _exclude(session, actor, subject, command, user_id=actor.id, ground=ExclusionGround.DECLARED)


async def exclude_person_elsewhere(
    session: AsyncSession, actor: Actor, case: Case, command: ExcludePerson
) -> ExclusionOut:
    """Keep a related person of the own commune from a case of another, of which something was granted to it."""
    if command.user_id == actor.id:
        raise OwnExclusion
    if not await queries.works_in(session, command.user_id, actor.commune_id):
        raise no_such_record("/user_id")
    return await _exclude_elsewhere(
        session, actor, case, command, user_id=command.user_id, ground=ExclusionGround.RELATED
    )


async def declare_conflict_elsewhere(
    session: AsyncSession, actor: Actor, case: Case, command: DeclareConflict
) -> ExclusionOut:
    """Step back from a case of another commune, of which something was granted to the own."""
    return await _exclude_elsewhere(session, actor, case, command, user_id=actor.id, ground=ExclusionGround.DECLARED)


async def _exclude_elsewhere(
    session: AsyncSession,
    actor: Actor,
    case: Case,
    command: ExcludePerson | DeclareConflict,
    *,
    user_id: UUID,
    ground: ExclusionGround,
) -> ExclusionOut:
    exclusion_id = new_id()
    if not await queries.exclude_elsewhere(session, exclusion_id, case, user_id=user_id, reason=command.reason):
        raise AlreadyExcluded
    return _named_now(actor, exclusion_id, command, user_id=user_id, ground=ground)


async def _exclude(
    session: AsyncSession,
    actor: Actor,
    subject: Case | Intake,
    command: ExcludePerson | DeclareConflict,
    *,
    user_id: UUID,
    ground: ExclusionGround,
) -> ExclusionOut:
    exclusion_id = new_id()
    # Written before the wall stands: afterwards the actor may no longer see the record that it is about.
    kind = "case" if isinstance(subject, Case) else "intake"
    detail = {"exclusion_id": str(exclusion_id), "user_id": str(user_id), "ground": ground.value}
    await audit.record(
        session, f"{kind}.person_excluded", subject_kind=kind, subject_id=subject.id, detail=detail, holder=subject
    )
    excluded = await queries.exclude(
        session, exclusion_id, subject.id, user_id=user_id, ground=ground, reason=command.reason
    )
    if not excluded:
        raise AlreadyExcluded
    return _named_now(actor, exclusion_id, command, user_id=user_id, ground=ground)


def _named_now(
    actor: Actor,
    exclusion_id: UUID,
    command: ExcludePerson | DeclareConflict,
    *,
    user_id: UUID,
    ground: ExclusionGround,
) -> ExclusionOut:
    return ExclusionOut(
        row_version=1,
        id=exclusion_id,
        user_id=user_id,
        ground=ground,
        reason=command.reason,
        named_at=clock.now(),
        named_by=actor.id,
        lifted_at=None,
        lifted_by=None,
        lift_reason=None,
    )


async def lift_exclusion(
    session: AsyncSession, case: Case, exclusion_id: UUID, command: LiftExclusion, version: Version
) -> Exclusion:
    """Let a person see a case again, and all that hangs together with it."""
    exclusion = await queries.get_exclusion(session, case.id, exclusion_id)
    version.check_number(exclusion.row_version)
    if exclusion.lifted_at is not None:
        raise AlreadyEnded
    if not await queries.lift(session, exclusion_id, case.id, command.reason):
        raise OwnExclusion
    detail = {"exclusion_id": str(exclusion_id), "user_id": str(exclusion.user_id)}
    await audit.record(
        session, "case.exclusion_lifted", subject_kind="case", subject_id=case.id, detail=detail, holder=case
    )
    return await queries.get_exclusion(session, case.id, exclusion_id)


async def lift_exclusion_elsewhere(
    session: AsyncSession, case: Case, exclusion_id: UUID, command: LiftExclusion, version: Version
) -> Exclusion:
    """Let a person whom the own commune keeps from another's case see it again."""
    exclusion = await queries.get_named_here(session, case.id, exclusion_id)
    version.check_number(exclusion.row_version)
    if exclusion.lifted_at is not None or not await queries.lift_elsewhere(
        session, exclusion_id, case.id, command.reason
    ):
        raise AlreadyEnded
    return await queries.get_named_here(session, case.id, exclusion_id)


async def set_confidentiality(session: AsyncSession, actor: Actor, case: Case, command: SetConfidentiality) -> None:
    """Say how secret a locked case is, and to whom it is told (NĐ 56/2017, Điều 24.3). Its reports follow it.

    Whom the leader of a commune named that follows the child is for that leader to say, as long as it is sealed.
    """
    named = set(command.recipients)
    for user_id in sorted(named):
        if not await queries.works_here(session, user_id):
            raise no_such_record("/recipients")
    now = clock.now()
    if command.level is not Confidentiality.SEALED:
        await queries.end_recipients(session, case, now, actor.id)
    recipients = [one for one in await queries.recipients_of(session, case) if one.grant_id is None]
    still_there = await queries.still_there(session, recipients)
    for recipient in recipients:
        if recipient.user_id in named and recipient.id in still_there:
            named.remove(recipient.user_id)
        else:
            recipient.ended_at, recipient.ended_by = now, actor.id
    # Who changed office and is named again has a row for each, and one of them at a time.
    await session.flush()
    session.add_all(
        CaseRecipient(
            **holder_of(case),
            id=new_id(),
            case_id=case.id,
            user_id=user_id,
            added_at=now,
            added_by=actor.id,
            grant_id=None,
            ended_at=None,
            ended_by=None,
        )
        for user_id in sorted(named)
    )
    case.confidentiality = command.level.value
    case.row_version += 1
    detail = {"level": command.level.value, "recipients": sorted(map(str, command.recipients))}
    await audit.record(
        session,
        "case.confidentiality_set",
        subject_kind="case",
        subject_id=case.id,
        detail=detail,
        reason=command.reason,
        holder=case,
    )


async def set_recipients_here(session: AsyncSession, actor: Actor, case: Case, command: SetRecipientsHere) -> int:
    """Say who else of the own commune sees a sealed case whose child is followed here. Return its new version."""
    for user_id in command.recipients:
        if not await queries.works_in(session, user_id, actor.commune_id):
            raise no_such_record("/recipients")
    if command.recipients and case.confidentiality != Confidentiality.SEALED:
        raise refused("/recipients", *RECIPIENTS_UNSEALED)
    return await queries.tell_here(session, case, sorted(set(command.recipients)), command.reason)
