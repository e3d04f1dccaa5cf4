"""Adding to a report, and marking that as an error: its emergencies and clocks follow, and the cases it stands in.

What comes in later is information that is received, as the report was (NĐ 56/2017, Điều 25.1): kept beside it with its
own time and author. New danger gives 12 hours of its own (Điều 26.3, 31.2).
"""

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.intake.actions import permit, tell
from childcare_api.intake.concluding import conclude
from childcare_api.intake.errors import IntakeStatusForbids, NoCaseOpen
from childcare_api.intake.models import Intake, IntakeUpdate
from childcare_api.intake.rules import may
from childcare_api.intake.updating import queries
from childcare_api.intake.updating.schemas import UpdateIntake
from childcare_api.shared import clock, corrections
from childcare_api.shared.corrections import EnterInError
from childcare_api.shared.db import holder_of
from childcare_api.shared.ids import new_id


async def add(session: AsyncSession, actor: Actor, intake: Intake, command: UpdateIntake) -> None:
    """Write down what was learned later. Raises NoCaseOpen where cases were opened on the report and all are closed."""
    happened_at = permit(intake, "update", command.happened_at)
    update = IntakeUpdate(
        **holder_of(intake),
        id=new_id(),
        intake_id=intake.id,
        source_id=None,
        channel=command.channel,
        told_by=command.told_by,
        text=command.text,
        emergency=command.emergency,
        place_unit_id=None,
        place_text=None,
        happened_at=happened_at,
        recorded_at=clock.now(),
        recorded_by=actor.id,
        entered_in_error_at=None,
        entered_in_error_by=None,
        entered_in_error_reason=None,
    )
    session.add(update)
    await session.flush()  # What the report adds up to is read off all that was told, with this.
    await conclude(session, intake)
    if not await queries.tell_cases(session, update) and intake.status == "case_opened":
        raise NoCaseOpen
    await tell(session, intake, "intake.updated", happened_at, update_id=str(update.id), emergency=command.emergency)


async def mark_in_error(
    session: AsyncSession, actor: Actor, intake: Intake, update: IntakeUpdate, command: EnterInError
) -> None:
    """Mark an addition as entered in error: it stays readable, and neither the report nor a case counts it."""
    corrections.retract(update, command, by=actor.id)
    if not may("update", intake.status):
        raise IntakeStatusForbids(intake_status=intake.status)
    await session.flush()  # As above.
    await conclude(session, intake)
    await queries.mark_in_cases(session, update)
    await tell(session, intake, "intake.update_entered_in_error", clock.now(), update_id=str(update.id))
