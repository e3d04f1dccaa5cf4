"""Addresses of what is added to a report."""

from uuid import UUID

from childcare_api.access.commands import Given
from childcare_api.access.dependencies import CurrentActor, Session
from childcare_api.access.permissions import Permission
from childcare_api.intake import answers
from childcare_api.intake.commands import report_to_work_on
from childcare_api.intake.errors import EmergencyNotRefuted, IntakeStatusForbids, NoCaseOpen, ToldFromElsewhere
from childcare_api.intake.schemas import IntakeOut, IntakeReceipt
from childcare_api.intake.updating import actions, queries
from childcare_api.intake.updating.schemas import TellMore, UpdateIntake
from childcare_api.shared.corrections import AlreadyEnteredInError, EnterInError
from childcare_api.shared.idempotency import OnceForADay
from childcare_api.shared.problems import Forbidden, NotFound, StaleVersion, VersionRequired, problems
from childcare_api.shared.requests import Router

router = Router(prefix="/intakes", tags=["intake"])
_COMMAND = (NotFound, Forbidden, VersionRequired, StaleVersion, IntakeStatusForbids)


@router.post("/{intake_id}/updates", status_code=201, responses=problems(*_COMMAND, NoCaseOpen))
async def update_intake(intake_id: UUID, body: UpdateIntake, given: Given) -> IntakeOut:
    """Add to a report what was learned later; what was first told never changes (NĐ 56/2017, Điều 25.1).

    It is kept with its own time and author in `updates`, printed under the notes of Mẫu 01, and stands in the timeline
    of every open case on the report, also one that another commune leads. New danger (`emergency`) gives 12 hours of
    its own, on the report or in its cases, whatever was done before. A report that was put aside is re-examined
    instead; where every case on it is closed, the leader reopens one, or what is new is a report of its own
    (`no_case_open`).
    """
    intake = await report_to_work_on(given, intake_id)
    await actions.add(given.session, given.actor, intake, body)
    return await answers.answer(given.session, intake)


@router.post(
    "/{intake_id}/told-later",
    status_code=201,
    responses=problems(NotFound, Forbidden, IntakeStatusForbids, NoCaseOpen),
)
async def tell_more_of_intake(
    intake_id: UUID, body: TellMore, *, actor: CurrentActor, session: Session, once: OnceForADay
) -> IntakeReceipt:
    """Add what was learned later to a report that another office has by now: one you made, or your province sent on.

    A village collaborator adds to an own report, a commune to one that it took in for another, a province to any that
    stands in it. The office that has it reads it in `updates`, with its cases, and who told it. New danger
    (`emergency`) gives 12 hours of its own; a report that was put aside is received again by it. Where every case is
    closed, or the report was an error, new danger is a report of its own (`no_case_open`). The answer is the receipt.
    """
    actor.require(Permission.INTAKE_CREATE)
    await once.begin(session)
    return await answers.receipt(session, await actions.tell_more(session, actor, intake_id, body))


@router.post(
    "/{intake_id}/updates/{update_id}/entered-in-error",
    responses=problems(*_COMMAND, AlreadyEnteredInError, EmergencyNotRefuted, ToldFromElsewhere),
)
async def mark_intake_update_in_error(intake_id: UUID, update_id: UUID, body: EnterInError, given: Given) -> IntakeOut:
    """Mark what was added to a report as entered in error: it stays readable and counts nowhere any more.

    So does an emergency that it brought, on the report and in its cases, with its 12 hours: where no case was opened
    an initial assessment judges it first (`emergency_not_refuted`), unless something else told of it as early. What a
    hotline or another office told is marked once they took it back themselves (`told_from_elsewhere`). Where such a
    message took up a report that had been put aside, the report stays received: put it aside again with a reason.
    """
    intake = await report_to_work_on(given, intake_id)
    update = await queries.get_update(given.session, intake, update_id)
    await actions.mark_in_error(given.session, given.actor, intake, update, body)
    return await answers.answer(given.session, intake)
