"""Addresses of what is added to a report."""

from uuid import UUID

from childcare_api.access.commands import Given
from childcare_api.intake import answers
from childcare_api.intake.commands import report_to_work_on
from childcare_api.intake.errors import IntakeStatusForbids, NoCaseOpen
from childcare_api.intake.schemas import IntakeOut
from childcare_api.intake.updating import actions, queries
from childcare_api.intake.updating.schemas import UpdateIntake
from childcare_api.shared.corrections import AlreadyEnteredInError, EnterInError
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


@router.post("/{intake_id}/updates/{update_id}/entered-in-error", responses=problems(*_COMMAND, AlreadyEnteredInError))
async def mark_intake_update_in_error(intake_id: UUID, update_id: UUID, body: EnterInError, given: Given) -> IntakeOut:
    """Mark what was added to a report as entered in error: it stays readable and counts nowhere any more.

    So does an emergency that it brought, on the report and in its cases, with its 12 hours. Where a hotline's message
    took up a report that had been put aside, the report stays received: put it aside again with a reason.
    """
    intake = await report_to_work_on(given, intake_id)
    update = await queries.get_update(given.session, intake, update_id)
    await actions.mark_in_error(given.session, given.actor, intake, update, body)
    return await answers.answer(given.session, intake)
