"""The clocks of a placement, kept by the commune that keeps it: its tasks, whoever leads the child's case."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.alternative_care.ending import actions as ending
from childcare_api.alternative_care.facility_lists import actions as facility_lists
from childcare_api.alternative_care.models import Carer
from childcare_api.cases.file.models import CaseStatus, CaseStep, StepKind
from childcare_api.cases.file.queries import CaseFile
from childcare_api.cases.gathering.clocks import notice_over
from childcare_api.cases.overseeing.actions import keep_clock
from childcare_api.cases.overseeing.rules import half_of
from childcare_api.cases.overseeing.yearly import actions as yearly
from childcare_api.cases.placing import harm
from childcare_api.cases.placing.models import CasePlacement
from childcare_api.cases.placing.queries import Placing
from childcare_api.cases.placing.rules import (
    COME_AGAIN,
    DECIDE_END,
    END_AT_FACILITY,
    END_TEMPORARY,
    GOES_ON,
    HAND_OVER,
    HAND_OVER_NOW,
    MOVE_OUT,
    Due,
    follow_ups,
)
from childcare_api.cases.sending.clocks import received_by_authority, to_send
from childcare_api.deadlines import actions as deadlines
from childcare_api.deadlines import queries as deadline_queries
from childcare_api.shared import clock

ANSWER, SEPARATED = "placement.answer", "separation.end"
_SEPARATED_HERE = text("SELECT case_separated_here(:case_id, :now)")
_SEEN_HERE = text("SELECT case_seen_here(:case_id, :now)")


async def keep(
    session: AsyncSession,
    placing: Placing,
    commune_id: int | None,
    holder: Mapping[str, int | None],
    acted_at: datetime | None = None,
) -> None:
    """Start, finish or cancel the clocks of the placement that a commune keeps, until they agree with the file.

    At most one carer has the child, so they run for the case; and they run on when it is closed, as the care does.
    """
    file = placing.file
    over = file.standing.status is CaseStatus.ENTERED_IN_ERROR or file.standing.child_died_id is not None
    kept = [] if over else [one for one in placing.in_force() if placing.keeper_of(one[1]) == commune_id]
    carer = next((one for one in kept if one[1].carer_id is not None), None)
    facility = next((one for one in kept if one[1].provider_id is not None), None)
    await _keep_reports(session, placing, [step for step, _ in kept], None if carer is None else carer[0], holder)
    terms = {rule: (await deadline_queries.get_clock(session, rule, clock.today())).length for rule in COME_AGAIN}
    for due in (
        *_with_carer(placing, carer, terms),
        _move_out(placing, None if carer is None else carer[0]),
        await to_send(session, placing, carer),
        leave_facility(placing, facility),
        _decide_end(placing, [step for step, _ in kept]),
    ):
        await _agree(session, due, file.case.id, "case", holder, acted_at)
    await _leave_struck_off(session, placing, commune_id)
    for step, placement in placing.placements:
        if placement.carer_commune_id == commune_id and step.id in placing.left_lists and not file.counts(step):
            await facility_lists.wait_again(session, holder["unit_id"] or 0, step.id)
    leads = commune_id == file.case.commune_id
    if leads:
        await _agree(session, await end_temporary(session, placing), file.case.id, "case", holder, acted_at)
        await _keep_elsewhere(session, placing)
    for step, request in placing.requests:
        if request.carer_commune_id == commune_id:
            answered = placing.answered_at(step)
            waits = file.counts(step) and answered is None and file.standing.child_died_id is None
            # Elsewhere whoever asked started it, and the gate lets it run again.
            if leads or not waits:
                due = Due(ANSWER, step.happened_at if waits else None, answered)
                await _agree(session, due, step.id, "placement_request", holder, acted_at)


async def _keep_elsewhere(session: AsyncSession, placing: Placing) -> None:
    """Let the tasks of carers' communes agree with what was recorded where the case is led."""
    file = placing.file
    if any(one.carer_id is not None for _, one in placing.placements):
        # Those who harmed a child: whether the others in their care were seen since.
        await session.execute(_SEEN_HERE, {"case_id": file.case.id, "now": clock.now()})
    if any(one.carer_harmed_child for _, one in placing.visits):
        # A separation decided here has moved the child out where its carer lives, too.
        await session.execute(_SEPARATED_HERE, {"case_id": file.case.id, "now": clock.now()})


async def _keep_reports(
    session: AsyncSession,
    placing: Placing,
    kept: list[CaseStep],
    with_carer: CaseStep | None,
    holder: Mapping[str, int | None],
) -> None:
    """Let the clocks of the reports run: the commune's while a carer has a child, the province's with any care."""
    received_at = None if with_carer is None else placing.received_at(with_carer)
    if received_at is not None:
        await keep_clock(session, holder, since=half_of(clock.day_of(received_at)))
    if kept:
        await yearly.keep_clock(session, holder["province_id"], origin_unit_id=holder["commune_id"])


async def _leave_struck_off(session: AsyncSession, placing: Placing, commune_id: int | None) -> None:
    """Let the task of a carer who was struck off for harm know that the child of this case left, or is there again.

    They are locked: of two children who leave at once, and of one who leaves as the carer is struck off, the second
    sees the first.
    """
    left_at = max((step.happened_at for step, _ in placing.ends if placing.file.counts(step)), default=clock.now())
    ids = {one.carer_id for _, one in placing.placements if one.carer_commune_id == commune_id} - {None}
    carers = select(Carer).where(Carer.id.in_(ids), Carer.commune_id == commune_id).order_by(Carer.id)
    as_they_are = carers.with_for_update(key_share=True).execution_options(populate_existing=True)
    for carer in await session.scalars(as_they_are) if ids else ():
        await ending.keep_clock(session, carer, left_at=left_at)


def _with_carer(placing: Placing, kept: tuple[CaseStep, CasePlacement] | None, terms: Mapping[str, int]) -> list[Due]:
    if kept is None:
        return [Due(HAND_OVER, None), Due(HAND_OVER_NOW, None), *follow_ups(None, visits=[], reports=[], terms=terms)]
    step, placement = kept
    # Who goes on with a child that was given to them at once has received it already.
    handed = placing.received_at(step)
    decided = datetime.combine(placement.decided_on, time(12), clock.VIET_NAM)
    # A child that is given away at once is handed over at once (Điều 32.4), and not within the 15 days of Điều 42.7.
    rule, other = (HAND_OVER_NOW, HAND_OVER) if placement.temporary else (HAND_OVER, HAND_OVER_NOW)
    since = step.happened_at if placement.temporary else decided
    return [
        Due(rule, since if handed is None else None, handed),
        Due(other, None, handed),
        *follow_ups(
            handed,
            visits=[(visit.occasion, at.happened_at) for at, visit in placing.in_stay(placing.visits, step)],
            reports=[(told.occasion, at.happened_at) for at, told in placing.in_stay(placing.reports, step)],
            terms=terms,
        ),
    ]


def _ended(placing: Placing) -> list[datetime]:
    """Return when care was ended. A death ends it, too, and is an answer to nothing that was waited for."""
    return [step.happened_at for step, end in placing.ends if placing.file.counts(step) and end.ground != "child_died"]


def _move_out(placing: Placing, kept: CaseStep | None) -> Due:
    """Want the child out of the care of who harmed it, at once (Luật Trẻ em, Điều 69.2), within the 12 hours of 31.2.

    It is where the carer lives that the child is: that commune moves it out, whoever leads the case. A visit that did,
    a separation, or the end of the care does it.
    """
    told = [step.happened_at for step, one in placing.visits if one.carer_harmed_child and placing.file.counts(step)]
    if not told:
        return Due(MOVE_OUT, None)
    left = [*harm.left_at(placing), *_ended(placing)]
    waits = [] if kept is None else harm.not_moved_since(placing, kept)
    return Due(MOVE_OUT, min(waits, default=None), max((at for at in left if at >= min(told)), default=None))


def leave_facility(placing: Placing, kept: tuple[CaseStep, CasePlacement] | None) -> Due:
    """5 working days to end the care at a facility once the child was given to a carer (NĐ 56/2017, Điều 48.3).

    They run from the day on which who ends it received that decision: from when it was sent there, as far as that was
    recorded, else from the decision itself.
    """
    if kept is None:
        return Due(END_AT_FACILITY, None, max(_ended(placing), default=None))
    moved = [
        received_by_authority(placing, other) or other.happened_at
        for other, placement in placing.in_force()
        if placement.carer_id is not None and other.position > kept[0].position
    ]
    return Due(END_AT_FACILITY, min(moved, default=None))


async def end_temporary(session: AsyncSession, placing: Placing) -> Due:
    """Want care that was given at once ended, or decided on for good, by whoever leads the case."""
    apart = (await deadline_queries.get_clock(session, SEPARATED, clock.today())).length
    return _end_temporary(placing, timedelta(days=apart))


def _end_temporary(placing: Placing, apart: timedelta) -> Due:
    """Want care that was given at once ended, or decided on for good, when its separation is in force no more.

    Of a child found abandoned that none separated: once the notice that looks for its family is over (10.1 a2); of one
    without parents after as long as a separation may last. Whoever leads the case answers for it, wherever the carer
    lives (Điều 32.3, 32.4; TT 14/2020, Điều 14.3).
    """
    file = placing.file
    done = _ended(placing)
    done += [step.happened_at for step, one in placing.placements if file.counts(step) and not one.temporary]
    temporary = [step for step, one in placing.in_force() if one.temporary]
    # A facility that has the child until a carer takes it for good ends its care by a task of its own (Điều 48.3).
    lasting = len(temporary) < len(placing.in_force())
    over = lasting or file.standing.separation_id is not None or file.standing.child_died_id is not None
    over = over or file.standing.status is CaseStatus.ENTERED_IN_ERROR
    if not temporary or over:
        # While that care goes on, apart from its family again, no end before it has met anything.
        met = done if lasting or not temporary else []
        return Due(END_TEMPORARY, None, max(met, default=None))
    ended = _separations_over(file, temporary[0])
    if ended or not placing.has_no_parent():
        return Due(END_TEMPORARY, max(ended, default=temporary[0].happened_at))
    if not placing.found_abandoned():
        return Due(END_TEMPORARY, temporary[0].happened_at + apart)
    # While that care lasts nothing before it has ended it.
    sought = [notice_over(*one) for one in placing.notices if file.counts(one[0])]
    return Due(END_TEMPORARY, sought[-1] if sought else None)


def _separations_over(file: CaseFile, care: CaseStep) -> list[datetime]:
    """Return when separations ended, by its return or as an error, since a child was given into care."""
    ended = [one for one in file.counting(StepKind.SEPARATION_CANCELLED) if one.position > care.position]
    wrong = [step.in_error_at for step in file.steps if step.kind == StepKind.SEPARATION]
    return [*(one.happened_at for one in ended), *(at for at in wrong if at is not None and at >= care.recorded_at)]


def _decide_end(placing: Placing, kept: list[CaseStep]) -> Due:
    """Want the leader's word once a carer or child asks to end the care, or a visit proposes another (Điều 48.1, 48.2).

    The decision to end it answers, and so does a later visit that proposes to go on; but for a carer who harmed the
    child nobody proposes that.
    """
    waiting: list[datetime] = []
    answered = _ended(placing)
    for step in kept:
        visits = placing.in_stay(placing.visits, step)
        goes_on = [at for at, visit in visits if visit.proposal in GOES_ON]
        asked = [at for at, _ in placing.in_stay(placing.end_requests, step)]
        for ask in (*asked, *(at for at, visit in visits if visit.proposal not in GOES_ON)):
            later = [at.happened_at for at in goes_on if at.position > ask.position]
            if later:
                answered.append(min(later))
            else:
                waiting.append(ask.happened_at)
    return Due(DECIDE_END, min(waiting, default=None), max(answered, default=None))


async def _agree(  # noqa: PLR0917 - one call
    session: AsyncSession,
    due: Due,
    subject_id: UUID,
    kind: str,
    holder: Mapping[str, int | None],
    acted_at: datetime | None,
) -> None:
    running = await deadline_queries.find_open_task(session, due.rule, subject_id)
    if running is not None and running.starts_at == due.runs_from:
        return
    if running is not None:
        anew = due.runs_from
        if anew is None or (anew > running.starts_at and deadlines.meets(running, due.ended_at, acted_at)):
            await deadlines.stop(session, running, ended_at=due.ended_at, acted_at=acted_at)
        else:
            await deadlines.cancel(session, due.rule, subject_id, reason="starts_anew")
    if due.runs_from is not None:
        # Another commune may keep the one of two cares, and its task is not seen here: nothing is refused for it.
        await deadlines.start_unless_running(
            session, due.rule, subject_kind=kind, subject_id=subject_id, holder=holder, from_instant=due.runs_from
        )
