"""The clock of sending a decision on care, and when who ends the care at a facility received it (Điều 45.4, 48.3)."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.cases.file.models import CaseStep
from childcare_api.cases.placing.models import CasePlacement
from childcare_api.cases.placing.queries import Placing
from childcare_api.cases.placing.rules import SEND, Due
from childcare_api.cases.sending.queries import still_to_be_told_of
from childcare_api.cases.sending.rules import AUTHORITY, NOT_SENT


async def to_send(session: AsyncSession, placing: Placing, kept: tuple[CaseStep, CasePlacement] | None) -> Due:
    """Want a decision in force sent to a facility that the child leaves by it, and to who ends its care (Điều 45.4)."""
    if kept is None:
        return Due(SEND, None)
    waits = await still_to_be_told_of(session, placing, *kept)
    sent = max((at.happened_at for at, _ in placing.about(placing.sendings, kept[0].id)), default=None)
    return Due(SEND, kept[0].happened_at if waits else None, sent)


def received_by_authority(placing: Placing, decision: CaseStep) -> datetime | None:
    """Return since when who ends the care at a facility has a decision on other care, as far as that was recorded."""
    sent = placing.about(placing.sendings, decision.id)
    told = [at.happened_at for at, one in sent if one.recipient_kind == AUTHORITY and one.way != NOT_SENT]
    return min(told, default=None)
