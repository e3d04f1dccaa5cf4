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
    "intake.reexamined": "re_examined",
    "intake.entered_in_error": "entered_in_error",
    "case.opened": "case_opened",
    "case.report_joined": "case_joined",
    "case.emergency_measure_recorded": "emergency_measure_taken",
    "case.plan_approved": "plan_approved",
    "case.transferred": "case_transferred",
    "case.closed": "case_closed",
}


def _id(payload: dict[str, Any], *names: str) -> UUID | None:
    return next((UUID(payload[name]) for name in names if payload.get(name) is not None), None)


async def _reports(session: AsyncSession, payload: dict[str, Any], *, before: UUID | None = None) -> list[UUID]:
    """Return the report that an event is about, and those that joined its case."""
    intake_id, case_id = UUID(payload["intake_id"]), _id(payload, "case_id")
    joined = [] if case_id is None else await queries.joined(session, case_id, before=before)
    return list(dict.fromkeys([intake_id, *joined]))


def _teller(kind: FeedbackKind) -> Callable[[AsyncSession, dict[str, Any]], Awaitable[None]]:
    async def tell(session: AsyncSession, payload: dict[str, Any]) -> None:
        now = clock.now()
        happened_at = payload.get("happened_at")
        step_id = _id(payload, "step_id", "assessment_id")
        for intake_id in await _reports(session, payload, before=step_id):
            await queries.tell(
                session,
                intake_id,
                case_id=_id(payload, "case_id"),
                step_id=step_id,
                kind=kind,
                happened_at=now if happened_at is None else datetime.fromisoformat(happened_at),
                now=now,
            )

    return tell


async def _take_back(session: AsyncSession, payload: dict[str, Any]) -> None:
    """Take back what was told of steps that no longer count: of the one marked, and of what stood on it.

    Of a report that does not stand in the case any more, all that was told of the case.
    """
    now, case_id = clock.now(), _id(payload, "case_id")
    undone = [UUID(step) for step in (payload["undone"] if "undone" in payload else [payload["assessment_id"]])]
    for intake_id in await _reports(session, payload):
        told = [] if case_id is None else await queries.no_longer(session, intake_id, case_id)
        for step_id in dict.fromkeys([*undone, *told]):
            await queries.take_back(session, intake_id, case_id=case_id, step_id=step_id, happened_at=now, now=now)


# That a report asks for a case again (`intake.case_taken_back`) is not told: the step that was marked is taken back.
HANDLERS: Mapping[str, Sequence[Callable[[AsyncSession, dict[str, Any]], Awaitable[None]]]] = {
    **{event: (_teller(kind),) for event, kind in _KINDS.items()},
    "case.step_entered_in_error": (_take_back,),
    "intake.assessment_entered_in_error": (_take_back,),
}
