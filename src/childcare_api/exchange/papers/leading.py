"""Until when a commune led a case that another leads now: what it made then is printed as it was."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.cases.file.grants import LED_BEFORE, OF_CARER
from childcare_api.cases.file.models import CaseGrant
from childcare_api.cases.file.queries import CaseFile


@dataclass(frozen=True, slots=True)
class Led:
    """That a commune led the case, until a step and a moment."""

    commune_id: int
    position: int
    until: datetime


async def left_of(session: AsyncSession, actor: Actor, file: CaseFile) -> tuple[bool, Led | None]:
    """Say whether it led the case before and does not have the child in care now, and until when it led.

    Asked inside the second look.
    """
    grants = (await session.scalars(select(CaseGrant).where(CaseGrant.case_id == file.case.id))).all()
    handed_on = [(one.until_position or 0, one.granted_at) for one in grants if one.reason == LED_BEFORE]
    if not handed_on or actor.commune_id is None:
        return False, None
    return OF_CARER not in {one.reason for one in grants}, Led(actor.commune_id, *max(handed_on))
