"""What all that was told and found of a report adds up to: its emergencies, and the clocks that follow from them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.deadlines import actions as deadlines
from childcare_api.deadlines import queries as clocks
from childcare_api.intake import queries, rules
from childcare_api.intake.models import Intake, IntakeAssessment, IntakeUpdate
from childcare_api.intake.queries import IntakeFile
from childcare_api.intake.rules import Emergency, Told
from childcare_api.shared import clock
from childcare_api.shared.db import holder_of

_INTERVENE = "emergency.intervene"


def _counts(file: IntakeFile, update: IntakeUpdate) -> bool:
    again = max(((each.recorded_at, each.id.bytes) for each in file.reexaminations), default=None)
    # That by which a hotline takes a report up again is the re-examination itself, and has its id.
    return again is None or (update.recorded_at, update.id.bytes) > again


def updates_that_count(file: IntakeFile) -> list[IntakeUpdate]:
    """Return the additions that count: not in error, and made since the report was last taken up again."""
    return [each for each in file.updates if each.entered_in_error_at is None and _counts(file, each)]


def grounds_at_first(file: IntakeFile) -> list[str]:
    """Return why what was told when the report came, or came back, makes it an emergency.

    What was added before it came back is told with that, also by which it did; what is in error is not.
    """
    told_later = any(
        each.emergency and each.entered_in_error_at is None and not _counts(file, each) for each in file.updates
    )
    return [*file.intake.reported_grounds, *(["told_later"] if told_later else [])]


def told_and_found(file: IntakeFile) -> list[Told | bool]:
    """Return what was told of a report as it stands, and what each assessment of it concluded, in their order.

    An assessment judges what its office had by then, and what had come in when it was made: one of the morning that is
    written down at night says nothing of a call at noon.
    """
    events: list[Told | bool] = [Told(None, file.intake.heard_at, tuple(grounds_at_first(file)))]
    waiting = sorted(updates_that_count(file), key=_written)
    for found in sorted(queries.counting(file), key=lambda one: (one.happened_at, *_written(one))):
        known = [one for one in waiting if _written(one) < _written(found) and one.happened_at <= found.happened_at]
        waiting = [one for one in waiting if one not in known]
        events += [*map(_told, known), found.emergency]
    return [*events, *map(_told, waiting)]


def _written(one: IntakeUpdate | IntakeAssessment) -> tuple[datetime, bytes]:
    # What was written at the same moment is told apart by its ids, which begin with the time.
    return one.recorded_at, one.id.bytes


def _told(update: IntakeUpdate) -> Told:
    return Told(update.id, update.happened_at, ("told_later",) if update.emergency else ())


def emergencies_of(file: IntakeFile) -> list[Emergency]:
    """Return the emergencies of a report as it stands, in the order in which they were told."""
    return rules.emergencies_of(told_and_found(file))


def protections_of(file: IntakeFile) -> list[datetime]:
    """Return when measures were taken at the initial assessments that count, the earliest first."""
    counting = {each.id for each in queries.counting(file)}
    return sorted(each.happened_at for each in file.measures if each.assessment_id in counting)


async def conclude(session: AsyncSession, intake: Intake) -> None:
    """Bring the emergencies and the clocks of a report into agreement with what was told and found.

    What was found before a report was put aside says nothing of what was new since. Where cases stand on it, their
    clocks run, and not its own.
    """
    file = await queries.file_of(session, intake)
    emergencies = emergencies_of(file)
    intake.emergency_grounds = list(dict.fromkeys(ground for one in emergencies for ground in one.grounds))
    intake.emergency, intake.emergencies = bool(emergencies), sorted({one.since for one in emergencies})
    if intake.status == "case_opened":
        return
    await _ask_for_a_case(session, intake, [each.happened_at for each in queries.counting(file)])
    await _intervene(session, intake, protections_of(file))


async def _intervene(session: AsyncSession, intake: Intake, protections: Sequence[datetime]) -> None:
    """Judge each emergency by the first measure taken after the information came (Điều 26.3, 31.2).

    The earliest that no measure has met runs; those after it wait with it, and are judged by themselves once one comes.
    """
    running = await clocks.find_open_task(session, _INTERVENE, intake.id)
    if running is not None and running.starts_at not in intake.emergencies:
        reason = "starts_anew" if intake.emergencies else "no_emergency"
        await deadlines.cancel(session, _INTERVENE, intake.id, reason=reason)
        running = None
    judged = await clocks.done_from(session, _INTERVENE, intake.id)
    for since in intake.emergencies:
        met = next((at for at in protections if at >= since), None)
        runs = running is not None and running.starts_at == since
        if not runs and (met is None or since not in judged):
            if running is not None:
                await deadlines.cancel(session, _INTERVENE, intake.id, reason="starts_anew")
            await start_clock(session, intake, _INTERVENE, since=since)
        if met is None:
            return
        if runs or since not in judged:
            await deadlines.finish(session, _INTERVENE, intake.id, happened_at=met)
            running = None


async def _ask_for_a_case(session: AsyncSession, intake: Intake, assessed_at: Sequence[datetime]) -> None:
    """Keep asking for the case, from the assessment on (Điều 27.1): the decree names no term, the house does.

    An assessment made again moves nothing; it starts anew only where the one it ran from was entered in error.
    """
    running = await clocks.find_open_task(session, "case.open", intake.id)
    if running is not None and running.starts_at in assessed_at:
        return
    if running is not None:
        await deadlines.cancel(session, "case.open", intake.id, reason="entered_in_error")
    if intake.status == "assessed" and assessed_at:
        await deadlines.start(
            session,
            "case.open",
            subject_kind="intake",
            subject_id=intake.id,
            holder=holder_of(intake),
            from_instant=max(assessed_at),
        )


async def start_clock(session: AsyncSession, intake: Intake, rule: str, *, since: datetime | None = None) -> None:
    """Start the initial assessment or the 12 hours (Điều 26.2, 26.3), from when the information came.

    Beside it stands when this office had it: the report when it arrived, all later information by now.
    """
    heard_at = intake.heard_at if since is None else since
    await deadlines.start(
        session,
        rule,
        subject_kind="intake",
        subject_id=intake.id,
        holder=holder_of(intake),
        from_instant=heard_at,
        emergency=intake.emergency,
        receipt_at=intake.arrived_at if heard_at == intake.received_at else clock.now(),
    )
