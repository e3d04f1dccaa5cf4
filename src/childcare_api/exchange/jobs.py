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
    "case.transferred": "case_transferred",
    "case.closed": "case_closed",
}


def _id(payload: dict[str, Any], *names: str) -> UUID | None:
    return next((UUID(payload[name]) for name in names if payload.get(name) is not None), None)


def _teller(kind: FeedbackKind) -> Callable[[AsyncSession, dict[str, Any]], Awaitable[None]]:
    async def tell(session: AsyncSession, payload: dict[str, Any]) -> None:
        now = clock.now()
        happened_at = payload.get("happened_at")
        await queries.tell(
            session,
            UUID(payload["intake_id"]),
            case_id=_id(payload, "case_id"),
            step_id=_id(payload, "step_id", "assessment_id"),
            kind=kind,
            happened_at=now if happened_at is None else datetime.fromisoformat(happened_at),
            now=now,
        )

    return tell


async def _take_back(session: AsyncSession, payload: dict[str, Any]) -> None:
    """Take back what was told of steps that no longer count: of the one marked, and of what stood on it."""
    now = clock.now()
    for step_id in payload["undone"] if "undone" in payload else [payload["assessment_id"]]:
        await queries.take_back(
            session,
            UUID(payload["intake_id"]),
            case_id=_id(payload, "case_id"),
            step_id=UUID(step_id),
            happened_at=now,
            now=now,
        )


HANDLERS: Mapping[str, Sequence[Callable[[AsyncSession, dict[str, Any]], Awaitable[None]]]] = {
    **{event: (_teller(kind),) for event, kind in _KINDS.items()},
    "case.step_entered_in_error": (_take_back,),
    "intake.assessment_entered_in_error": (_take_back,),
}
