"""Locking a report together with the one that it was written down as a second time."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.access.scope import in_scope
from childcare_api.intake.models import Intake
from childcare_api.shared.concurrency import Version
from childcare_api.shared.problems import NotFound
from childcare_api.shared.refusals import no_such_record


async def lock_doubles(
    session: AsyncSession, actor: Actor, intake_id: UUID, same_as_id: UUID | None, *, version: Version
) -> tuple[Intake, Intake | None]:
    """Return a report at that version and the one that stays, if it is named, locked by their ids as all reports are.

    Raises NotFound for the first; the other is refused at its field.
    """
    wanted = {intake_id, same_as_id or intake_id}
    rows = select(Intake).where(Intake.id.in_(wanted), in_scope(Intake, actor)).order_by(Intake.id).with_for_update()
    found = {one.id: one for one in await session.scalars(rows)}
    if intake_id not in found:
        raise NotFound(intake_id=intake_id)
    intake = version.check(found[intake_id])
    if same_as_id is not None and same_as_id not in found:
        raise no_such_record("/same_as_id")
    return intake, None if same_as_id is None else found[same_as_id]
