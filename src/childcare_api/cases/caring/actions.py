"""What happens while a child is in care: the handing over, visits, what the carer tells, and the end (Điều 42-48)."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.alternative_care.facility_lists.queries import left_by
from childcare_api.alternative_care.harming import HARMED, harmed_by
from childcare_api.alternative_care.rules import DECREE, Lack
from childcare_api.cases.caring.ending import guard_ground, guard_grown, guard_way_home
from childcare_api.cases.caring.schemas import EndPlacement, HandChildOver, RecordCarerReport, RecordVisit, RequestEnd
from childcare_api.cases.file.actions import NO_TIMES, StepTimes
from childcare_api.cases.file.models import CaseStep, StepKind
from childcare_api.cases.file.schemas import Happened
from childcare_api.cases.placing import harm, queries, rules
from childcare_api.cases.placing.errors import PlacementElsewhere, PlacementNotInState, PlacementNotReady
from childcare_api.cases.placing.leaving import comes_from_facility, last_day_at_facility, still_at_facility
from childcare_api.cases.placing.models import (
    CaseCarerReport,
    CasePlacement,
    CasePlacementEnd,
    CasePlacementEndRequest,
    CasePlacementHandover,
    CasePlacementVisit,
    PlacingDetail,
)
from childcare_api.cases.placing.queries import Placing
from childcare_api.cases.placing.recording import record_placing
from childcare_api.cases.planning.queries import acting_for
from childcare_api.deadlines.limits import limit
from childcare_api.shared import clock
from childcare_api.shared.problems import Spoken
from childcare_api.shared.refusals import refused, too_early

_LEFT_FACILITY = Spoken("when the facility ends its care of the child", "ngày cơ sở chấm dứt việc chăm sóc trẻ em")
_OF_VISIT = Spoken(
    "the time of this visit; if the child was brought out before, that is the time of the visit (`happened_at`)",
    "lúc thăm; nếu trẻ em được đưa ra trước đó thì ghi thời điểm ấy là lúc thăm (`happened_at`)",
)


def _kept(placing: Placing, actor: Actor, placement_id: UUID) -> tuple[CaseStep, CasePlacement]:
    step, placement = queries.get_of(placing.placements, placement_id)
    if placing.keeper_of(placement) != actor.commune_id:
        raise PlacementElsewhere
    if not placing.is_in_force(step):
        raise PlacementNotInState(why="not_in_force")
    return step, placement


async def hand_child_over(
    session: AsyncSession, actor: Actor, placing: Placing, placement_id: UUID, command: HandChildOver
) -> tuple[CaseStep, CasePlacement]:
    """Record the handing over. From a facility the child goes once its care there was ended, too (Điều 45.4).

    To whom meanwhile was found to have harmed a child none is handed over (Luật Trẻ em, Điều 63.2, 69.2).

    Unless it is given to the carer at once: then the paper of the facility follows (Điều 32.4), and with who has it the
    child is in a safe place, as the 12 hours of an emergency want it (Điều 31.2, 31.3).
    """
    step, placement = _kept(placing, actor, placement_id)
    if placement.provider_id is not None:
        raise PlacementNotInState(why="in_a_facility")
    if placing.about(placing.handovers, step.id):
        raise PlacementNotInState(why="handed_over")
    missing = []
    # Locked: the province cannot take the end of the care there back meanwhile.
    placing.left_lists |= await left_by(session, placing.left_lists, lock=True) if placing.left_lists else {}
    if still_at_facility(placing, step) and not placement.temporary:
        missing.append(Lack("facility_care_not_ended", f"{DECREE} Điều 45.4"))
    must_meet = rules.must_have_met(
        placement.form,
        temporary=placement.temporary,
        received=placing.received_at(step) is not None,
        from_facility=comes_from_facility(placing, step),
    )
    handed_on = clock.day_of(command.happened_at or clock.now())
    met_before = {day for day in command.met_on if day < handed_on}
    if must_meet is not None and len(met_before) < limit("placement.meetings", placement.decided_on):
        missing.append(must_meet)
    if missing:
        raise PlacementNotReady(missing=[lack.told() for lack in missing])
    left_on = None if placement.temporary else last_day_at_facility(placing, step)
    if left_on is not None and handed_on < left_on:
        raise too_early("/happened_at", left_on, _LEFT_FACILITY)
    handover = CasePlacementHandover(**command.model_dump(exclude={"id", "happened_at"}))
    handed_at = command.happened_at or clock.now()
    at = await _record(
        session,
        actor,
        placing,
        kind=StepKind.PLACEMENT_HANDOVER,
        command=command,
        detail=handover,
        placement=step,
        happened_at=handed_at,
        times=StepTimes(protected_at=handed_at if placement.temporary else None),
    )
    # Asked once the carer is locked: of a handing over and a harm found at once the second sees the first.
    if placement.carer_id is not None and await harmed_by(session, placement.carer_id, handed_at):
        raise PlacementNotReady(missing=[HARMED.told()])
    placing.handovers.append((at, handover))
    return step, placement


def _look_after_handover(placing: Placing, step: CaseStep, placement: CasePlacement, command: Happened) -> None:
    """Judge when the child was seen in care: once the carer had it. A facility has it by the decision alone."""
    if placement.provider_id is not None:
        return
    received_at = placing.received_at(step)
    if received_at is None:
        raise PlacementNotInState(why="not_handed_over")
    if command.happened_at is not None and command.happened_at < received_at:
        raise too_early("/happened_at", received_at)


def _in_its_time(
    placing: Placing, step: CaseStep, command: RecordVisit | RecordCarerReport, done: Iterable[str]
) -> None:
    """Refuse what is of a month which has not come: it would end the task of the real one."""
    received_at = placing.received_at(step)
    if received_at is None:
        return
    first = rules.first_day_of(command.occasion, received_at, sum(one == command.occasion for one in done))
    if first is None or clock.day_of(command.happened_at or clock.now()) >= first:
        return
    of_visit = isinstance(command, RecordVisit)
    what, vi = ("A visit", "Lần thăm") if of_visit else ("What the carer tells", "Thông báo")
    other, other_vi = ("unplanned", "thăm đột xuất") if of_visit else ("sudden", "thông báo đột xuất")
    raise refused(
        "/occasion",
        "too_early",
        f"{what} of this occasion is taken from {first.isoformat()} on; call an earlier one `{other}`.",
        f"{vi} này được ghi nhận từ ngày {first:%d/%m/%Y}; nếu sớm hơn thì ghi là {other_vi} (`{other}`).",
    )


async def record_visit(
    session: AsyncSession, actor: Actor, placing: Placing, placement_id: UUID, command: RecordVisit
) -> tuple[CaseStep, CasePlacementVisit]:
    """Record a visit (Mẫu 13); the clock of the next one runs from the handing over, so lateness moves nothing.

    Where it finds that the carer harms the child, whoever leads the case is informed by it: the 12 hours of an
    emergency run from the visit, and moving the child out answers them (Luật Trẻ em, Điều 69.2; NĐ 56/2017, Điều 31.2).
    """
    step, placement = _kept(placing, actor, placement_id)
    _look_after_handover(placing, step, placement, command)
    _in_its_time(placing, step, command, (one.occasion for _, one in placing.in_stay(placing.visits, step)))
    seen_at = command.happened_at or clock.now()
    _takes_harm_seriously(placing, step, placement, command, seen_at)
    visit = CasePlacementVisit(**command.model_dump(exclude={"id", "happened_at"}))
    at = await _record(
        session,
        actor,
        placing,
        kind=StepKind.PLACEMENT_VISIT,
        command=command,
        detail=visit,
        placement=step,
        happened_at=seen_at,
        times=StepTimes(informed_at=seen_at if command.carer_harmed_child else None, protected_at=command.moved_out_at),
    )
    placing.visits.append((at, visit))
    return at, visit


def _takes_harm_seriously(
    placing: Placing, step: CaseStep, placement: CasePlacement, command: RecordVisit, seen_at: datetime
) -> None:
    """Refuse to go on with a carer who harmed the child: care ends by it (Luật Trẻ em, Điều 69.1 b)."""
    harmed = command.carer_harmed_child or harm.told_in(placing, step)
    if placement.carer_id is not None and harmed and command.proposal in rules.GOES_ON:
        raise refused(
            "/proposal",
            "carer_harmed_child",
            "A child whom the carer or their family harmed does not stay there: propose to end or change the care (Luật"
            " Trẻ em, Điều 69.1 b, 69.2). If an earlier visit said so by mistake, mark that one first.",
            "Trẻ em bị người nhận chăm sóc hoặc thành viên gia đình xâm hại thì không tiếp tục ở đó: hãy đề xuất chấm"
            " dứt hoặc chuyển hình thức chăm sóc (Luật Trẻ em, Điều 69.1 b, 69.2). Nếu lần thăm trước ghi nhầm, hãy"
            " đánh dấu ghi nhầm trước.",
        )
    if command.moved_out_at is not None and command.moved_out_at < seen_at:
        raise too_early("/moved_out_at", seen_at, _OF_VISIT)


async def record_carer_report(
    session: AsyncSession, actor: Actor, placing: Placing, placement_id: UUID, command: RecordCarerReport
) -> tuple[CaseStep, CaseCarerReport]:
    """Record what the carer told (Luật Trẻ em, Điều 64.1 b)."""
    step, placement = _kept(placing, actor, placement_id)
    _look_after_handover(placing, step, placement, command)
    _in_its_time(placing, step, command, (one.occasion for _, one in placing.in_stay(placing.reports, step)))
    report = CaseCarerReport(**command.model_dump(exclude={"id", "happened_at"}))
    return await _record(
        session, actor, placing, kind=StepKind.CARER_REPORT, command=command, detail=report, placement=step
    ), report


async def request_end(
    session: AsyncSession, actor: Actor, placing: Placing, placement_id: UUID, command: RequestEnd
) -> tuple[CaseStep, CasePlacement]:
    """Record that the carer or the child asked to end it (Mẫu 15)."""
    step, placement = _kept(placing, actor, placement_id)
    asked = CasePlacementEndRequest(**command.model_dump(exclude={"id", "happened_at"}))
    at = await _record(
        session, actor, placing, kind=StepKind.PLACEMENT_END_REQUESTED, command=command, detail=asked, placement=step
    )
    placing.end_requests.append((at, asked))
    return step, placement


async def end_placement(
    session: AsyncSession, actor: Actor, placing: Placing, placement_id: UUID, command: EndPlacement
) -> tuple[CaseStep, CasePlacement]:
    """End a placement by decision (Mẫu 16). Who decided on it decides on its end (Luật Trẻ em, Điều 69.4).

    A child leaves by it a carer who harmed it, which answers that emergency (69.2); where the decision alone says so,
    it is the word of the emergency as well.
    """
    step, placement = _kept(placing, actor, placement_id)
    if command.ended_on < placement.starts_on:
        raise too_early("/ended_on", placement.starts_on)
    guard_ground(placing, step, placement, command)
    guard_grown(placing, command)
    await guard_way_home(session, placing, step, command)
    end = CasePlacementEnd(
        **command.model_dump(exclude={"id", "happened_at"}),
        placement_id=step.id,
        acting_for_id=await acting_for(session),
    )
    ended_at = command.happened_at or clock.now()
    with_carer = placement.carer_id is not None
    says_so = with_carer and command.ground == "carer_harmed_child"
    leaves_harm = with_carer and (says_so or bool(harm.told_in(placing, step)))
    at = await _record(
        session,
        actor,
        placing,
        kind=StepKind.PLACEMENT_ENDED,
        command=command,
        detail=end,
        placement=step,
        happened_at=ended_at,
        times=StepTimes(informed_at=ended_at if says_so else None, protected_at=ended_at if leaves_harm else None),
    )
    placing.ends.append((at, end))
    return step, placement


async def _record(
    session: AsyncSession,
    actor: Actor,
    placing: Placing,
    *,
    kind: StepKind,
    command: Happened,
    detail: PlacingDetail,
    placement: CaseStep,
    happened_at: datetime | None = None,
    times: StepTimes = NO_TIMES,
) -> CaseStep:
    return await record_placing(
        session,
        actor,
        placing,
        kind=kind,
        command=command,
        detail=detail,
        about_id=placement.id,
        stands_on=[placement.id],
        happened_at=happened_at,
        times=times,
    )
