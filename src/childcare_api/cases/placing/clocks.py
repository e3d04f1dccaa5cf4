"""The clocks of a placement, kept by the commune that keeps it: its tasks, whoever leads the child's case."""

from collections.abc import Mapping
from datetime import datetime, time
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.cases.file.models import CaseStatus, CaseStep
from childcare_api.cases.placing.models import CasePlacement
from childcare_api.cases.placing.queries import Placing
from childcare_api.cases.placing.rules import COME_AGAIN, DECIDE_END, END_AT_FACILITY, HAND_OVER, Due, follow_ups
from childcare_api.deadlines import actions as deadlines
from childcare_api.deadlines import queries as deadline_queries
from childcare_api.shared import clock

ANSWER = "placement.answer"
_GOES_ON = ("continue", "support")


async def keep(
    session: AsyncSession, placing: Placing, commune_id: int | None, holder: Mapping[str, int | None]
) -> None:
    """Start, finish or cancel the clocks of the placement that a commune keeps, until they agree with the file.

    At most one carer has the child, so they run for the case; and they run on when it is closed, as the care does.
    """
    file = placing.file
    void = file.standing.status is CaseStatus.ENTERED_IN_ERROR
    kept = [] if void else [one for one in placing.in_force() if placing.keeper_of(one[1]) == commune_id]
    carer = next((one for one in kept if one[1].carer_id is not None), None)
    facility = next((one for one in kept if one[1].provider_id is not None), None)
    terms = {rule: (await deadline_queries.get_clock(session, rule, clock.today())).length for rule in COME_AGAIN}
    for due in (
        *_with_carer(placing, carer, terms),
        _leave_facility(placing, facility),
        _decide_end(placing, [step for step, _ in kept]),
    ):
        await _agree(session, due, file.case.id, "case", holder)
    for step, request in placing.requests:
        if request.carer_commune_id == commune_id:
            answered = placing.answered_at(step)
            waits = file.counts(step) and answered is None
            if not waits:
                await _agree(session, Due(ANSWER, None, answered), step.id, "placement_request", holder)


def _with_carer(placing: Placing, kept: tuple[CaseStep, CasePlacement] | None, terms: Mapping[str, int]) -> list[Due]:
    if kept is None:
        return [Due(HAND_OVER, None), *follow_ups(None, visits=[], reports=[], terms=terms)]
    step, placement = kept
    # Who goes on with a child that was given to them at once has received it already.
    handed = placing.received_at(step)
    decided = datetime.combine(placement.decided_on, time(12), clock.VIET_NAM)
    return [
        Due(HAND_OVER, decided if handed is None else None, handed),
        *follow_ups(
            handed,
            visits=[(visit.occasion, at.happened_at) for at, visit in placing.in_stay(placing.visits, step)],
            reports=[(told.occasion, at.happened_at) for at, told in placing.in_stay(placing.reports, step)],
            terms=terms,
        ),
    ]


def _leave_facility(placing: Placing, kept: tuple[CaseStep, CasePlacement] | None) -> Due:
    """5 working days to end the care at a facility once the child was given to a carer (NĐ 56/2017, Điều 48.3)."""
    if kept is None:
        ended = [step.happened_at for step, _ in placing.ends if placing.file.counts(step)]
        return Due(END_AT_FACILITY, None, max(ended, default=None))
    moved = [
        other.happened_at
        for other, placement in placing.in_force()
        if placement.carer_id is not None and other.position > kept[0].position
    ]
    return Due(END_AT_FACILITY, min(moved, default=None))


def _decide_end(placing: Placing, kept: list[CaseStep]) -> Due:
    """Want the leader's word once a carer or child asks to end the care, or a visit proposes another (Điều 48.1, 48.2).

    The decision to end it answers, and so does a later visit that proposes to go on.
    """
    waiting: list[datetime] = []
    answered = [step.happened_at for step, _ in placing.ends if placing.file.counts(step)]
    for step in kept:
        visits = placing.in_stay(placing.visits, step)
        goes_on = [at for at, visit in visits if visit.proposal in _GOES_ON]
        asked = [at for at, _ in placing.in_stay(placing.end_requests, step)]
        for ask in (*asked, *(at for at, visit in visits if visit.proposal not in _GOES_ON)):
            later = [at.happened_at for at in goes_on if at.position > ask.position]
            if later:
                answered.append(min(later))
            else:
                waiting.append(ask.happened_at)
    return Due(DECIDE_END, min(waiting, default=None), max(answered, default=None))


async def _agree(
    session: AsyncSession, due: Due, subject_id: UUID, kind: str, holder: Mapping[str, int | None]
) -> None:
    running = await deadline_queries.find_open_task(session, due.rule, subject_id)
    if running is not None and running.starts_at == due.runs_from:
        return
    if running is not None:
        moves_on = due.runs_from is None or due.runs_from > running.starts_at
        if due.ended_at is not None and moves_on:
            await deadlines.finish(session, due.rule, subject_id, happened_at=due.ended_at)
        else:
            await deadlines.cancel(session, due.rule, subject_id, reason="no_longer_due")
    if due.runs_from is not None:
        await deadlines.start(
            session, due.rule, subject_kind=kind, subject_id=subject_id, holder=holder, from_instant=due.runs_from
        )
        await session.flush()
