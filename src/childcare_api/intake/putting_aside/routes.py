"""Addresses of putting a report aside, marking it as an error, and taking it up again."""

from uuid import UUID

from childcare_api.access.commands import Given
from childcare_api.access.permissions import Permission
from childcare_api.intake import answers
from childcare_api.intake.commands import report_to_work_on
from childcare_api.intake.errors import EmergencyNotRefuted, IntakeStatusForbids
from childcare_api.intake.putting_aside import actions, queries
from childcare_api.intake.putting_aside.schemas import DismissIntake, MarkIntakeInError, ReexamineIntake
from childcare_api.intake.schemas import IntakeOut
from childcare_api.shared.corrections import AlreadyEnteredInError
from childcare_api.shared.problems import (
    Forbidden,
    NotFound,
    StaleVersion,
    ValidationFailed,
    VersionRequired,
    problems,
)
from childcare_api.shared.requests import Router

router = Router(prefix="/intakes", tags=["intake"])
_STEP = (NotFound, Forbidden, VersionRequired, StaleVersion, IntakeStatusForbids)


@router.post("/{intake_id}/dismiss", responses=problems(*_STEP, EmergencyNotRefuted))
async def dismiss_intake(intake_id: UUID, body: DismissIntake, given: Given) -> IntakeOut:
    """Put a report aside as unfounded, with the reason.

    Danger that was told is judged first, by the initial assessment (Mẫu 02; NĐ 56/2017, Điều 26.2, 26.3), which finds
    none (`emergency_not_refuted`): the 12 hours run until then.
    """
    intake = await report_to_work_on(given, intake_id)
    await actions.dismiss(given.session, given.actor, intake, body)
    return await answers.answer(given.session, intake)


@router.post(
    "/{intake_id}/entered-in-error",
    responses=problems(*_STEP, AlreadyEnteredInError, EmergencyNotRefuted, ValidationFailed),
)
async def mark_intake_in_error(intake_id: UUID, body: MarkIntakeInError, given: Given) -> IntakeOut:
    """Mark a report as entered in error, with the reason: it stays readable and stops counting.

    Danger that was told does not end by that alone (`emergency_not_refuted`; NĐ 56/2017, Điều 26.2, 26.3): a report
    taken in twice names the one that stays (`same_as_id`); of any other an assessment finds that there is none.
    """
    await given.begin(Permission.INTAKE_WORK)
    intake, stays = await queries.lock_doubles(
        given.session, given.actor, intake_id, body.same_as_id, version=given.version
    )
    await actions.mark_in_error(given.session, given.actor, intake, stays, body)
    return await answers.answer(given.session, intake)


@router.post("/{intake_id}/re-examine", responses=problems(*_STEP))
async def reexamine_intake(intake_id: UUID, body: ReexamineIntake, given: Given) -> IntakeOut:
    """Take a report up again that was put aside, because something new was learned (NĐ 56/2017, Điều 25.1, 26.2).

    It is assessed anew: that clock, and the 12 hours of an emergency, run from when the new information came. Why it
    was put aside stays readable (`reexaminations`), and so does what was found before, which counts no more. A hotline
    that brought the report is told (`re_examined`); tell anybody else who heard that it was put aside yourself.
    """
    intake = await report_to_work_on(given, intake_id)
    await actions.reexamine(given.session, given.actor, intake, body)
    return await answers.answer(given.session, intake)
