"""Joining a report to a case: the report's clocks end, and an emergency of its own gives 12 hours again (Điều 26.3)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.cases.file.actions import StepTimes, guard_command, guard_state, record_step
from childcare_api.cases.file.clocks import protections
from childcare_api.cases.file.correcting import enter_in_error, guard_markable
from childcare_api.cases.file.grants import OF_INCIDENT
from childcare_api.cases.file.models import CaseGrant, CaseStep, StepKind
from childcare_api.cases.file.queries import CaseFile, details, grants_of
from childcare_api.cases.file.schemas import Happened
from childcare_api.cases.file.wanted import is_open
from childcare_api.cases.joining import queries
from childcare_api.cases.joining.errors import CasesOfTwoChildren, ReportJoined, not_settled
from childcare_api.cases.joining.schemas import JoinCase, JoinOtherCase
from childcare_api.cases.opening.actions import report_of, times_of
from childcare_api.cases.opening.errors import ChildHasCase
from childcare_api.cases.opening.models import CaseReport
from childcare_api.cases.opening.queries import Reported
from childcare_api.cases.proceeding.queries import asked_by
from childcare_api.cases.separating.errors import SeparationRuns
from childcare_api.intake.actions import ask_again, mark_case_opened
from childcare_api.shared import clock
from childcare_api.shared.corrections import EnterInError
from childcare_api.shared.db import holder_of
from childcare_api.shared.ids import new_id
from childcare_api.shared.refusals import no_such_record


async def join_case(
    session: AsyncSession, actor: Actor, file: CaseFile, reported: Reported, command: JoinCase
) -> CaseStep:
    """Put a report into the file of the same child, and end the clocks that ran for it."""
    guard_state(file, StepKind.REPORT_JOINED)
    child = reported.child(command.intake_child_id)
    if child is None:
        raise no_such_record("/intake_child_id")
    joined = {step.about_id for step in file.counting(StepKind.REPORT_JOINED)} | {file.case.intake_child_id}
    if child.id in joined:
        raise ReportJoined
    if await queries.was_opened_for(session, child.id):
        raise ChildHasCase
    happened_at = command.happened_at or clock.now()
    await mark_case_opened(session, actor, reported.intake, reported.assessment, happened_at=happened_at)
    entry = await record_step(
        session,
        actor,
        file,
        kind=StepKind.REPORT_JOINED,
        command=Happened(happened_at=happened_at),
        detail=report_of(actor, reported, child),
        about_id=child.id,
        times=times_of(reported),
    )
    known = _updates_in(file)
    for update in (one for one in reported.updates if one.id not in known):
        times = times_of(reported, update)
        await _record_update(session, actor, file, entry, about_id=update.id, note=update.text, times=times)
    return entry


def _updates_in(file: CaseFile) -> set[UUID | None]:
    """Return the additions that stand in a file: with a report that names the child twice they come there once."""
    return {step.about_id for step in file.counting(StepKind.REPORT_UPDATED)}


async def _record_update(
    session: AsyncSession,
    actor: Actor,
    file: CaseFile,
    joined: CaseStep,
    *,
    about_id: UUID | None,
    note: str | None,
    times: StepTimes,
) -> None:
    """Put what was added to a report into the file that the report has just joined."""
    await record_step(
        session,
        actor,
        file,
        kind=StepKind.REPORT_UPDATED,
        command=Happened(happened_at=joined.happened_at),
        stands_on=[joined.id],
        about_id=about_id,
        note=note,
        times=times,
    )


async def join_other_case(
    session: AsyncSession, actor: Actor, new: CaseFile, file: CaseFile, command: JoinOtherCase
) -> list[CaseStep]:
    """Take the reports of a case that was just opened into another one of the same child.

    So a report that landed with the commune of the incident reaches the case of the commune that leads: that one opens
    a case there (Luật Trẻ em, Điều 52.2), as always, and the two become one where both are seen. What else was recorded
    in it stays there and stays readable; what still runs there is settled first.
    """
    guard_command(new, "join_other_case")
    await _require_settled(session, new)
    guard_state(file, StepKind.REPORT_JOINED)
    linked = {one for one in (new.standing.child_id, file.standing.child_id) if one is not None}
    if len(linked) > 1:
        raise CasesOfTwoChildren
    reports = [
        *await details(session, new, CaseReport, StepKind.OPENING),
        *await details(session, new, CaseReport, StepKind.REPORT_JOINED),
    ]
    taken = [(step, report) for step, report in reports if new.counts(step)]
    updates = new.counting(StepKind.REPORT_UPDATED)
    protected = protections(new)
    (opening,) = new.counting(StepKind.OPENING)
    await enter_in_error(session, actor, new, opening, EnterInError(reason=command.reason))
    steps, known = [], _updates_in(file)
    for step, report in taken:
        joined = await record_step(
            session,
            actor,
            file,
            kind=StepKind.REPORT_JOINED,
            command=Happened(),
            detail=CaseReport(**_content(report)),
            about_id=step.about_id,
            note=command.reason,
            times=_times_again(step, protected),
        )
        for update in (one for one in updates if step.id in one.stands_on and one.about_id not in known):
            times = _times_again(update, protected)
            await _record_update(session, actor, file, joined, about_id=update.about_id, note=update.note, times=times)
        steps.append(joined)
    await _keep_seeing(session, actor, new, file)
    return steps


def _times_again(step: CaseStep, protected: list[datetime]) -> StepTimes:
    """Return the times of a report that goes to another file: its emergency is met by what was done since it, there."""
    since = [at for at in protected if step.informed_at is None or at >= step.informed_at]
    return StepTimes(informed_at=step.informed_at, protected_at=min(since, default=None))


async def take_back(
    session: AsyncSession, actor: Actor, file: CaseFile, step: CaseStep, command: EnterInError
) -> list[UUID]:
    """Mark the opening of a case, or a report that joined it, as entered in error; return what no longer counts by it.

    A report on which no case stands any more asks for one again. With its opening a case goes: what is under way in it
    is settled first, as where it joins another, so that nobody waits for nobody and no child is kept by no file.
    """
    guard_markable(file, step)
    if step.kind == StepKind.OPENING:
        await _require_settled(session, file)
    updates = [one for one in file.counting(StepKind.REPORT_UPDATED) if step.id in one.stands_on]
    undone = await enter_in_error(session, actor, file, step, command)
    # With its opening the case goes, and what stood in it; a closed one takes nothing in.
    if is_open(file):
        await _keep_updates(session, actor, file, step, updates)
    for intake in await queries.freed(session, actor, file.case):
        await ask_again(session, intake)
    return undone


async def _keep_updates(
    session: AsyncSession, actor: Actor, file: CaseFile, left: CaseStep, updates: list[CaseStep]
) -> None:
    """Keep what was added to a report, with its danger, in a file where the report stands by another of its lines."""
    reports = [
        *await details(session, file, CaseReport, StepKind.OPENING),
        *await details(session, file, CaseReport, StepKind.REPORT_JOINED),
    ]
    (intake_id,) = (report.intake_id for step, report in reports if step.id == left.id)
    stands = next((step for step, report in reports if report.intake_id == intake_id and file.counts(step)), None)
    if stands is None:
        return
    for update in updates:
        times = StepTimes(informed_at=update.informed_at, protected_at=update.protected_at)
        await _record_update(session, actor, file, stands, about_id=update.about_id, note=update.note, times=times)


async def take_closure_back(
    session: AsyncSession, actor: Actor, file: CaseFile, step: CaseStep, command: EnterInError
) -> list[UUID]:
    """Mark a closure as entered in error, and take in what was added to the reports since."""
    undone = await enter_in_error(session, actor, file, step, command)
    await take_in_missed(session, actor, file)
    return undone


async def take_in_missed(
    session: AsyncSession, actor: Actor, file: CaseFile, happened_at: datetime | None = None
) -> None:
    """Put into a case that is open again what was added to its reports while nobody worked on it, with its danger.

    `queries.lock_reports` comes first, so that nothing is added in between.
    """
    if not is_open(file):
        return
    for missed in await queries.updates_missed(session, file.case):
        await record_step(
            session,
            actor,
            file,
            kind=StepKind.REPORT_UPDATED,
            command=Happened(happened_at=happened_at),
            stands_on=[missed.brought_id],
            about_id=missed.update_id,
            note=missed.note,
            times=StepTimes(informed_at=missed.informed_at),
        )


async def _require_settled(session: AsyncSession, file: CaseFile) -> None:
    if file.standing.separation_id is not None:
        raise SeparationRuns
    running = await queries.under_way(session, file)
    if running:
        raise not_settled(running, await asked_by(session, file, running))


def _content(report: CaseReport) -> dict[str, Any]:
    of_step = {"id", *holder_of(report)}
    return {name: getattr(report, name) for name in CaseReport.__mapper__.columns.keys() if name not in of_step}  # noqa: SIM118


async def _keep_seeing(session: AsyncSession, actor: Actor, new: CaseFile, file: CaseFile) -> None:
    """Let the commune of the incident go on seeing its own part where its report stands now."""
    # What else it was granted there, for a service or for a time, is not its own part.
    there = [one for one in await grants_of(session, file.case) if one.reason == OF_INCIDENT and one.revoked_at is None]
    seeing = {one.granted_commune_id for one in there}
    for grant in await grants_of(session, new.case):
        if grant.reason == OF_INCIDENT and grant.revoked_at is None and grant.granted_commune_id not in seeing:
            again = CaseGrant(
                **holder_of(file.case),
                id=new_id(),
                origin_commune_id=actor.commune_id,
                case_id=file.case.id,
                granted_commune_id=grant.granted_commune_id,
                reason=grant.reason,
                kinds=grant.kinds,
                valid_from=clock.today(),
                valid_to=None,
                granted_at=clock.now(),
                granted_by=actor.id,
                revoked_at=None,
                revoked_by=None,
            )
            session.add(again)
            await record_step(session, actor, file, kind=StepKind.GRANT, command=Happened(), about_id=again.id)
