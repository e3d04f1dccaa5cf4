"""Recording a step in a case file, marking one entered in error, and what the file then adds up to.

Every step of every room goes through `record_step`: the guards of time and state, the audit, the outbox and the
clocks exist once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access import audit
from childcare_api.access.actor import Actor
from childcare_api.cases.file import clocks, rules
from childcare_api.cases.file.elsewhere import record_elsewhere
from childcare_api.cases.file.errors import MOST_STEPS, CaseFull, CaseNotInState
from childcare_api.cases.file.events import EVENT_NAMES
from childcare_api.cases.file.models import CaseGrant, CaseStep, ReviewOutcome, StepDetail, StepKind
from childcare_api.cases.file.queries import CaseFile, Detail, grants_of, registered_name
from childcare_api.cases.file.restating import restate
from childcare_api.cases.file.schemas import GiveGrant, Happened, RevokeGrant
from childcare_api.jobs import outbox
from childcare_api.shared import clock
from childcare_api.shared.corrections import AlreadyEnded
from childcare_api.shared.db import holder_of
from childcare_api.shared.ids import new_id
from childcare_api.shared.problems import IdTaken, NotFound, Spoken
from childcare_api.shared.refusals import has_passed, no_such_record, too_early
from childcare_api.units.queries import find_commune
from childcare_api.units.refusals import own_commune


@dataclass(frozen=True, slots=True)
class StepTimes:
    """The times that a step carries beside its own, for the clocks: see CaseStep."""

    informed_at: datetime | None = None
    protected_at: datetime | None = None
    ends_at: datetime | None = None


NO_TIMES = StepTimes()


def guard_state(file: CaseFile, kind: StepKind) -> None:
    """Raise CaseNotInState unless the procedure allows this step now."""
    if file.standing.status not in rules.ALLOWED_IN[kind]:
        raise CaseNotInState(case_status=file.standing.status.value)


def guard_command(file: CaseFile, operation: str) -> None:
    """Raise CaseNotInState unless the table of commands allows this one now; where several record one kind of step."""
    if file.standing.status not in rules.GUARD_OF[operation].states:
        raise CaseNotInState(case_status=file.standing.status.value)


def when(
    file: CaseFile, happened_at: datetime | None, stands_on: Sequence[UUID] = (), *, field: str = "/happened_at"
) -> datetime:
    """Return when a step happened: as stated, else now. It cannot lie before what it follows from."""
    bases = [step.happened_at for step in file.steps if step.id in stands_on]
    return stated_after(max([file.case.received_at, *bases]), happened_at, field=field)


def stated_after(earliest: datetime, happened_at: datetime | None, *, field: str = "/happened_at") -> datetime:
    """Return when something happened: as stated, else now. Refuses what lies before `earliest`."""
    if happened_at is None:
        return clock.now()
    if happened_at < earliest:
        raise too_early(field, earliest)
    return happened_at


def guard_paper(happened_at: datetime | None, day: date, field: str = "decided_on") -> None:
    """Refuse an act that would lie before the day on its own paper: its term is judged by when it happened."""
    if clock.day_of(happened_at or clock.now()) < day:
        bears = Spoken(f"the day on the paper (`{field}`)", f"ngày ghi trên văn bản (`{field}`)")
        raise too_early("/happened_at", day, bears)


async def record_step(
    session: AsyncSession,
    actor: Actor,
    file: CaseFile,
    *,
    kind: StepKind,
    command: Happened,
    detail: StepDetail | None = None,
    happened_at: datetime | None = None,
    stands_on: Sequence[UUID | None] = (),
    about_id: UUID | None = None,
    outcome: ReviewOutcome | None = None,
    note: str | None = None,
    times: StepTimes = NO_TIMES,
) -> CaseStep:
    """Add a step to a locked file, its `detail` row beside it, and bring the case, its plan and its clocks up to date.

    `happened_at` wins over the command's own where the step ends with something that has its own time.
    """
    guard_state(file, kind)
    step = new_step(
        actor,
        file,
        kind=kind,
        step_id=command.id,
        happened_at=happened_at or command.happened_at,
        stands_on=[base for base in stands_on if base is not None],
        about_id=about_id,
        outcome=outcome,
        note=note,
        times=times,
    )
    if file.elsewhere and detail is not None:
        await record_elsewhere(session, file, step, held(detail, step))
        await announce(session, file, EVENT_NAMES[kind], step)
        return step
    session.add(step)
    # The detail's foreign key names the step; the two mappers know nothing of each other's order.
    await session.flush()
    if detail is not None:
        session.add(held(detail, step))
        await session.flush()  # What the database refuses of it is refused before the event is written.
    await changed(session, file, EVENT_NAMES[kind], step)
    return step


def new_step(
    actor: Actor,
    file: CaseFile,
    *,
    kind: StepKind,
    step_id: UUID | None,
    happened_at: datetime | None,
    stands_on: Sequence[UUID] = (),
    about_id: UUID | None = None,
    outcome: ReviewOutcome | None = None,
    note: str | None = None,
    times: StepTimes = NO_TIMES,
) -> CaseStep:
    """Return the next step of a file, not stored yet. Its time is judged here."""
    case = file.case
    if step_id is not None and file.step(step_id) is not None:
        # The session knows that row already and would take the new one for it.
        raise IdTaken
    room = MOST_STEPS - (0 if kind in rules.TAKEN_TO_THE_LAST else rules.LEFT_FOR_THE_END)
    if case.step_count >= room:
        raise CaseFull
    case.step_count += 1
    step = CaseStep(
        **holder_of(case),
        id=step_id or new_id(),
        origin_commune_id=actor.commune_id or case.commune_id,
        case_id=case.id,
        position=case.step_count,
        kind=kind.value,
        about_id=about_id,
        outcome=None if outcome is None else outcome.value,
        stands_on=list(stands_on),
        note=note,
        happened_at=when(file, happened_at, stands_on),
        recorded_at=clock.now(),
        recorded_by=actor.id,
        assignment_id=actor.assignment_id,
        in_error_at=None,
        in_error_by=None,
        in_error_reason=None,
        informed_at=times.informed_at,
        protected_at=times.protected_at,
        ends_at=times.ends_at,
    )
    file.steps.append(step)
    return step


def held(detail: Detail, step: CaseStep) -> Detail:
    """Return a detail with the id and the holder of its step."""
    for name, value in holder_of(step).items():
        setattr(detail, name, value)
    detail.id = step.id
    return detail


async def changed(session: AsyncSession, file: CaseFile, event: str, step: CaseStep) -> None:
    """Write down what the file now adds up to, keep its clocks, and say what happened: to the audit, and to others.

    Whatever no longer counts by it is named as undone.
    """
    counted = file.standing.counting
    file.case.row_version += 1
    restate(file)
    if step.kind == StepKind.CHILD_LINKED:
        await _name_as_linked(session, file)
    # A mark is of now; anything else may be written up later than it happened.
    await clocks.keep(session, file, acted_at=step.happened_at if step.in_error_at is None else None)
    undone = [str(one.id) for one in file.steps if one.id in counted - file.standing.counting]
    await announce(session, file, event, step, undone=undone)


async def _name_as_linked(session: AsyncSession, file: CaseFile) -> None:
    """Call a child that no report named as the register does, as long as the case is linked to it there."""
    case = file.case
    if case.child_name is None or case.child_name_registered:
        case.child_name = await registered_name(session, file)
        case.child_name_registered = case.child_name is not None


async def announce(
    session: AsyncSession, file: CaseFile, event: str, step: CaseStep, *, undone: Sequence[str] = ()
) -> None:
    """Tell the audit and the outbox of a step: ids and codes, never what it says."""
    case = file.case
    more = {"undone": list(undone), "status": case.status} if undone else {}
    await audit.record(
        session,
        event,
        subject_kind="case",
        subject_id=case.id,
        detail={"step_id": str(step.id), "kind": step.kind, "position": step.position, "row_version": case.row_version}
        | more,
        holder=case,
    )
    await outbox.publish(
        session,
        event,
        case_id=case.id,
        step_id=step.id,
        intake_id=case.intake_id,
        intake_child_id=case.intake_child_id,
        commune_id=case.commune_id,
        happened_at=step.happened_at.isoformat(),
        undone=list(undone),
    )


async def give_grant(session: AsyncSession, actor: Actor, file: CaseFile, command: GiveGrant) -> CaseGrant:
    """Let another commune see some kinds of step, from today on."""
    if command.commune_id == file.case.commune_id:
        raise own_commune("/commune_id")
    if command.valid_to is not None and command.valid_to < clock.today():
        raise has_passed("/valid_to")
    if await find_commune(session, command.commune_id) is None:
        raise no_such_record("/commune_id")
    grant = CaseGrant(
        **holder_of(file.case),
        id=command.id or new_id(),
        origin_commune_id=actor.commune_id,
        case_id=file.case.id,
        granted_commune_id=command.commune_id,
        reason=command.reason,
        kinds=sorted(set(command.kinds)),
        valid_from=clock.today(),
        valid_to=command.valid_to,
        granted_at=clock.now(),
        granted_by=actor.id,
        revoked_at=None,
        revoked_by=None,
    )
    session.add(grant)
    await record_step(session, actor, file, kind=StepKind.GRANT, command=Happened(), about_id=grant.id)
    return grant


async def revoke_grant(
    session: AsyncSession, actor: Actor, file: CaseFile, grant_id: UUID, command: RevokeGrant
) -> CaseGrant:
    """End a grant before its day."""
    grant = next((one for one in await grants_of(session, file.case) if one.id == grant_id), None)
    if grant is None:
        raise NotFound(grant_id=grant_id)
    if grant.revoked_at is not None:
        raise AlreadyEnded
    grant.revoked_at, grant.revoked_by, grant.end_reason = clock.now(), actor.id, command.reason
    await record_step(
        session,
        actor,
        file,
        kind=StepKind.GRANT_REVOKED,
        command=Happened(),
        about_id=grant.id,
        note=command.reason,
    )
    return grant
