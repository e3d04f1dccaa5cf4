"""Telling hotlines what became of their referrals, from the events of the offices that work on them."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.exchange import queries
from childcare_api.exchange.schemas import FeedbackKind
from childcare_api.shared import clock

_KINDS: dict[str, FeedbackKind] = {
    "intake.acknowledged": "acknowledged",
    "intake.transferred": "transferred",
    "intake.assessed": "assessed",
    "intake.dismissed": "dismissed",
    "intake.entered_in_error": "entered_in_error",
    "case.opened": "case_opened",
    "case.emergency_measure_recorded": "emergency_measure_taken",
    "case.plan_approved": "plan_approved",
    "case.closed": "case_closed",
}


def _teller(kind: FeedbackKind) -> Callable[[AsyncSession, dict[str, Any]], Awaitable[None]]:
    async def tell(session: AsyncSession, payload: dict[str, Any]) -> None:
        now = clock.now()
        case_id, happened_at = payload.get("case_id"), payload.get("happened_at")
        await queries.tell(
            session,
            UUID(payload["intake_id"]),
            case_id=None if case_id is None else UUID(case_id),
            kind=kind,
            happened_at=now if happened_at is None else datetime.fromisoformat(happened_at),
            now=now,
        )

    return tell


HANDLERS: Mapping[str, Sequence[Callable[[AsyncSession, dict[str, Any]], Awaitable[None]]]] = {
    event: (_teller(kind),) for event, kind in _KINDS.items()
}
