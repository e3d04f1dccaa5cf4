"""The answer for a report in full."""

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.intake import queries
from childcare_api.intake.models import Intake
from childcare_api.intake.queries import IntakeFile
from childcare_api.intake.schemas import IntakeOut


def intake_out(file: IntakeFile) -> IntakeOut:
    """Return the answer for a report with its parts."""
    return IntakeOut.of(
        file.intake,
        children=file.children,
        assessments=file.assessments,
        measures=file.measures,
        transfers=file.transfers,
        updates=file.updates,
        reexaminations=file.reexaminations,
    )


async def answer(session: AsyncSession, intake: Intake) -> IntakeOut:
    """Return a report as it is after a step."""
    # What was changed must be written before its parts are read again.
    await session.flush()
    return intake_out(await queries.file_of(session, intake))
