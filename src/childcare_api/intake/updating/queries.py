"""Finding an addition to a report, and telling the cases that the report stands in, wherever they are led."""

from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.intake.models import Intake, IntakeUpdate
from childcare_api.shared import clock
from childcare_api.shared.problems import NotFound

_TELL = text("SELECT tell_cases_of_update(:update_id, :now)")
_MARK = text("SELECT mark_update_in_cases(:update_id, :now)")


async def get_update(session: AsyncSession, intake: Intake, update_id: UUID) -> IntakeUpdate:
    """Return an addition to a report. Raises NotFound."""
    found: IntakeUpdate | None = await session.scalar(
        select(IntakeUpdate).where(
            IntakeUpdate.id == update_id,
            IntakeUpdate.intake_id == intake.id,
            IntakeUpdate.commune_id == intake.commune_id,
        )
    )
    if found is None:
        raise NotFound(update_id=update_id)
    return found


async def tell_cases(session: AsyncSession, update: IntakeUpdate) -> int:
    """Write an addition into the open cases that its report stands in, with the 12 hours of danger; return how many."""
    return int(await session.scalar(_TELL, {"update_id": update.id, "now": update.recorded_at}) or 0)


async def mark_in_cases(session: AsyncSession, update: IntakeUpdate) -> None:
    """Let an addition that was an error count in no case."""
    await session.execute(_MARK, {"update_id": update.id, "now": clock.now()})
