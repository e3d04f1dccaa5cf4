"""How every command of a commune on one of its reports begins."""

from uuid import UUID

from childcare_api.access.commands import Command
from childcare_api.access.permissions import Permission
from childcare_api.intake import queries
from childcare_api.intake.models import Intake


async def report_to_work_on(given: Command, intake_id: UUID) -> Intake:
    """May I work on reports, not twice, and the report at that version, locked."""
    await given.begin(Permission.INTAKE_WORK)
    return await queries.lock_intake(given.session, given.actor, intake_id, given.version)
