"""What happens to a report of concern that came in: acknowledged, handed over, assessed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access import audit
from childcare_api.access.actor import Actor
from childcare_api.deadlines import actions as deadlines
from childcare_api.deadlines import queries as clocks
from childcare_api.intake import queries, rules
from childcare_api.intake.concluding import conclude, start_clock
from childcare_api.intake.errors import AlreadyThere, IntakeStatusForbids, PlaceUnknown
from childcare_api.intake.models import Intake, IntakeAssessment, IntakeSafetyMeasure
from childcare_api.intake.receiving.actions import landing
from childcare_api.intake.schemas import AcknowledgeIntake, AssessIntake, TransferIntake
from childcare_api.jobs import outbox
from childcare_api.shared import clock, corrections
from childcare_api.shared.corrections import EnterInError
from childcare_api.shared.db import holder_of
from childcare_api.shared.ids import new_id
from childcare_api.shared.problems import NotFound, Spoken
from childcare_api.shared.refusals import too_early
from childcare_api.units.queries import resolve_place
from childcare_api.units.refusals import own_commune


def permit(
    intake: Intake, command: rules.Command, stated: datetime | None, *, on: IntakeAssessment | None = None
) -> datetime:
    """Return when the step happened, if it may happen at all: not where the report stands otherwise, or before it.

    Nor before the assessment `on` which it rests.
    """
    if not rules.may(command, intake.status):
        raise IntakeStatusForbids(intake_status=intake.status)
    happened_at = stated or clock.now()
    since, of = _earliest(intake, command)
    if on is not None and on.happened_at > since:
        since, of = on.happened_at, _OF_ASSESSMENT
    if happened_at < since:
        raise too_early("/happened_at", since, of)
    return happened_at


_OF_ASSESSMENT = Spoken("when it was assessed", "lúc đánh giá ban đầu")


def _earliest(intake: Intake, command: rules.Command) -> tuple[datetime, Spoken]:
    if command == "acknowledge":
        # An office confirms what came from elsewhere once it is there: nobody is punctual by what they state.
        return intake.arrived_at, Spoken("when it reached this office", "lúc thông tin đến đơn vị này")
    if command == "reexamine" and intake.dismissed_at is not None:
        return intake.dismissed_at, Spoken("when it was put aside", "lúc thông tin được kết thúc")
    if intake.reexamined_at is not None:
        return intake.reexamined_at, Spoken("when it was taken up again", "lúc thông tin được xem xét lại")
    return intake.received_at, Spoken("when it was received", "lúc tiếp nhận thông tin")


async def tell(
    session: AsyncSession, intake: Intake, action: str, happened_at: datetime, **detail: str | int | bool | None
) -> None:
    """Tell the audit and the outbox of a step on a report."""
    intake.row_version += 1
    await audit.record(session, action, subject_kind="intake", subject_id=intake.id, detail=dict(detail), holder=intake)
    about = {name: value for name, value in detail.items() if name in {"assessment_id", "update_id"}}
    await outbox.publish(session, action, intake_id=intake.id, happened_at=happened_at.isoformat(), **about)


async def acknowledge(session: AsyncSession, actor: Actor, intake: Intake, command: AcknowledgeIntake) -> None:
    """Confirm that the commune has the report and answers for it."""
    happened_at = permit(intake, "acknowledge", command.happened_at)
    intake.status = "acknowledged"
    intake.acknowledged_at, intake.acknowledged_by = happened_at, actor.id
    await deadlines.finish(session, "intake.acknowledge", intake.id, happened_at=happened_at)
    await tell(session, intake, "intake.acknowledged", happened_at)


async def transfer(session: AsyncSession, actor: Actor, intake: Intake, command: TransferIntake) -> tuple[int, int]:
    """Send a report on to the commune of the incident, or to a province to find it (NĐ 56/2017, Điều 26.1).

    Returns its version now, and the commune or province it is with.
    """
    happened_at = permit(intake, "transfer", command.happened_at)
    place = await resolve_place(session, command.to, clock.today())
    if place.province_id is None:
        raise PlaceUnknown
    to = landing(place, {})
    if queries.same_office(intake, to):
        if to["commune_id"] is not None and to["commune_id"] == actor.commune_id:
            raise own_commune("/to")
        raise AlreadyThere
    await move(
        session,
        actor,
        intake.id,
        to,
        reason=command.reason,
        happened_at=happened_at,
        assess_from=intake.heard_at if intake.status == "assessed" else None,
    )
    version = intake.row_version + 1
    # It may be out of reach now, and nothing of this session may write it back.
    session.expunge_all()
    return version, place.commune_id or place.province_id


async def move(
    session: AsyncSession,
    actor: Actor,
    intake_id: UUID,
    to: dict[str, int | None],
    *,
    reason: str,
    happened_at: datetime,
    assess_from: datetime | None = None,
) -> None:
    """Move a report and the clocks that run for it, and start that of the office it goes to.

    The commune of the incident makes the assessment (Điều 26.2): where another one has, its own runs from the receipt,
    `assess_from`, and what was found before stands beside it.
    """
    now = clock.now()
    await deadlines.finish(session, "intake.route", intake_id, happened_at=happened_at)
    # Where it goes it is acknowledged and assessed anew, and then asks for a case there.
    for rule in ("intake.acknowledge", "case.open"):
        await deadlines.cancel(session, rule, intake_id, reason="handed_over")
    await session.flush()  # The function that hands over moves the report away from here, and its clocks with it.
    starting = {"intake.route" if to["commune_id"] is None else "intake.acknowledge": now}
    if assess_from is not None:
        starting["intake.assess"] = assess_from
    rows = [
        await deadlines.prepare(
            session,
            rule,
            subject_kind="intake",
            subject_id=intake_id,
            holder=to,
            from_instant=from_instant,
            receipt_at=now,
            origin_unit_id=actor.unit_id,
            source_id=actor.source_id,
        )
        for rule, from_instant in starting.items()
    ]
    if not await queries.hand_over(
        session, intake_id, to, reason=reason, happened_at=happened_at, now=now, clocks=rows
    ):
        raise NotFound(intake_id=intake_id)


async def route_from_queue(
    session: AsyncSession, actor: Actor, intake_id: UUID, to: dict[str, int | None], *, reason: str
) -> None:
    """Send a report on that waits in the hotline's own queue. One that an office has stays with that office."""
    if await clocks.find_open_task(session, "intake.route", intake_id) is not None:
        await move(session, actor, intake_id, to, reason=reason, happened_at=clock.now())


async def assess(session: AsyncSession, actor: Actor, intake: Intake, command: AssessIntake) -> None:
    """Record the initial assessment (Mẫu 02, Điều 26.2) with the safety measures taken at once.

    A measure taken is what the twelve hours of Điều 26.3 wait for; a conclusion of emergency starts them from the
    receipt of the information, not from the assessment.
    """
    happened_at = permit(intake, "assess", command.happened_at)
    now = clock.now()
    measured = [measure.happened_at or happened_at for measure in command.safety_measures]
    for number, at in enumerate(measured):
        if at < intake.heard_at:
            raise too_early(f"/safety_measures/{number}/happened_at", intake.heard_at)
    assessment = IntakeAssessment(
        **holder_of(intake),
        id=new_id(),
        intake_id=intake.id,
        recorded_at=now,
        recorded_by=actor.id,
        **command.model_dump(exclude={"safety_measures", "happened_at"}),
        happened_at=happened_at,
        entered_in_error_at=None,
        entered_in_error_by=None,
        entered_in_error_reason=None,
    )
    session.add(assessment)
    # The measures refer to it.
    await session.flush()
    session.add_all(
        IntakeSafetyMeasure(
            **holder_of(intake),
            id=new_id(),
            assessment_id=assessment.id,
            intake_id=intake.id,
            kind=measure.kind,
            description=measure.description,
            responsible=measure.responsible,
            happened_at=at,
        )
        for measure, at in zip(command.safety_measures, measured, strict=True)
    )
    await session.flush()  # What follows is read off all assessments, with this one.
    intake.status = "assessed"
    await deadlines.finish(session, "intake.assess", intake.id, happened_at=happened_at)
    await conclude(session, intake)
    await tell(
        session, intake, "intake.assessed", happened_at, assessment_id=str(assessment.id), emergency=intake.emergency
    )


async def mark_assessment_in_error(
    session: AsyncSession, actor: Actor, intake: Intake, assessment: IntakeAssessment, command: EnterInError
) -> None:
    """Mark an initial assessment as entered in error: it stays readable, stops counting, and is done again."""
    corrections.retract(assessment, command, by=actor.id)
    if not rules.may("assess", intake.status):
        raise IntakeStatusForbids(intake_status=intake.status)
    await session.flush()  # What follows is read off those that count.
    file = await queries.file_of(session, intake)
    if intake.status == "assessed" and not queries.counting(file):
        intake.status = "acknowledged"
        await start_clock(session, intake, "intake.assess")
    await conclude(session, intake)
    await tell(session, intake, "intake.assessment_entered_in_error", clock.now(), assessment_id=str(assessment.id))


async def mark_case_opened(
    session: AsyncSession, actor: Actor, intake: Intake, assessment: IntakeAssessment | None, *, happened_at: datetime
) -> None:
    """Note that cases were opened on a report; the cases' own clocks take over from those of the report."""
    permit(intake, "open_case", happened_at, on=assessment)
    if intake.case_opened_at is None:
        intake.case_opened_at, intake.case_opened_by, intake.status = happened_at, actor.id, "case_opened"
        await deadlines.finish(session, "case.open", intake.id, happened_at=happened_at)
        await deadlines.cancel_all(session, intake.id, reason="case_opened", happened_at=happened_at)
    await tell(session, intake, "intake.case_opened", happened_at)


async def ask_again(session: AsyncSession, intake: Intake) -> None:
    """Ask anew what becomes of a report: every case that was opened on it, or that it joined, was an error."""
    intake.case_opened_at, intake.case_opened_by, intake.status = None, None, "assessed"
    await conclude(session, intake)
    await tell(session, intake, "intake.case_taken_back", clock.now())
