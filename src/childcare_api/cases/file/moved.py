"""What a commune is told that gives a command on a case which it gave away."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.access.permissions import Level
from childcare_api.access.scope import second_look
from childcare_api.cases.file.errors import CaseMoved
from childcare_api.cases.transferring.models import CaseTransfer, TransferStatus
from childcare_api.shared.problems import NotFound, Problem


async def not_led_here(session: AsyncSession, actor: Actor, case_id: UUID) -> Problem:
    """Return what to answer to a command on a case that is not in the actor's scope.

    CaseMoved where its commune offered it and the offer was accepted, as far as it may still read that offer; for
    anything else NotFound, and so for whoever the case is kept or sealed from.
    """
    if actor.level is Level.COMMUNE:
        async with second_look(session):
            to_commune_id = await session.scalar(
                select(CaseTransfer.to_commune_id)
                .where(
                    CaseTransfer.case_id == case_id,
                    CaseTransfer.from_commune_id == actor.commune_id,
                    CaseTransfer.status == TransferStatus.ACCEPTED.value,
                )
                .order_by(CaseTransfer.offered_at.desc())
                .limit(1)
            )
        if to_commune_id is not None:
            return CaseMoved(to_commune_id=to_commune_id)
    return NotFound(case_id=case_id)
