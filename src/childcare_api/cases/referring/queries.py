"""Reading referrals: for the commune that asked, and for the commune that was asked."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, Select, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.access.permissions import Level
from childcare_api.cases.consenting.schemas import told_consent
from childcare_api.cases.file.models import CaseGrant, StepKind
from childcare_api.cases.file.queries import CaseFile, details, told, told_child
from childcare_api.cases.planning.models import CasePlanService
from childcare_api.cases.planning.schemas import PlanServiceOut
from childcare_api.cases.referring import rules
from childcare_api.cases.referring.models import CaseReferral, CaseReferralAnswer, ReferralStatus
from childcare_api.cases.referring.schemas import CaseReferralOut, ReceivedReferral, ReferralAnswerOut
from childcare_api.shared import clock
from childcare_api.shared.problems import NotFound

_ANSWER = text(
    "SELECT case_referral_answer(:referral, :step, :event, :version, :answer, :by, :note, :until, :happened_at, :now,"
    " CAST(:clocks AS jsonb))"
)


async def get_referral(session: AsyncSession, file: CaseFile, referral_id: UUID) -> CaseReferral:
    """Return a referral of this case. Raises NotFound for one of another."""
    step = file.step(referral_id)
    if step is None or step.kind != StepKind.REFERRAL:
        raise NotFound(referral_id=referral_id)
    found = await session.scalars(
        select(CaseReferral).where(CaseReferral.id == referral_id, CaseReferral.commune_id == file.case.commune_id)
    )
    return found.one()


async def done_by(session: AsyncSession, referral: CaseReferral) -> datetime:
    """Return when a service that was asked for should be done, with the eyes of the moment."""
    expected = None
    if referral.plan_service_id is not None:
        line = select(CasePlanService.expected_end_on).where(CasePlanService.id == referral.plan_service_id)
        expected = await session.scalar(line)
    return rules.done_by(referral.respond_by, referral.needed_by, expected)


async def referrals_out(session: AsyncSession, file: CaseFile) -> list[CaseReferralOut]:
    """Return the answers for all referrals of a case, in their order."""
    rows = await details(session, file, CaseReferral, StepKind.REFERRAL)
    answers = await details(session, file, CaseReferralAnswer, StepKind.REFERRAL_ANSWERED)
    kinds = await _kinds_granted(session, (row.grant_id for _, row in rows))
    return [
        told(
            CaseReferralOut,
            file,
            step,
            row,
            commune_id=row.to_commune_id,
            child=told_child(row) if row.names_child else None,
            consent=told_consent(row),
            shows=kinds.get(row.grant_id, []),
            answers=[
                ReferralAnswerOut(
                    id=answered.id,
                    answer=answer.answer,
                    answered_by=answer.answered_by,
                    note=answer.note,
                    happened_at=answered.happened_at,
                    recorded_at=answered.recorded_at,
                    recorded_by=answered.recorded_by,
                    by_itself=row.to_commune_id is not None,
                )
                for answered, answer in answers
                if answer.referral_id == row.id
            ],
        )
        for step, row in rows
    ]


async def _kinds_granted(session: AsyncSession, grants: Iterable[UUID | None]) -> dict[UUID | None, Sequence[str]]:
    wanted = [grant for grant in grants if grant is not None]
    if not wanted:
        return {}
    found = await session.execute(select(CaseGrant.id, CaseGrant.kinds).where(CaseGrant.id.in_(wanted)))
    return {row.id: row.kinds for row in found}


def asked_of(actor: Actor, status: ReferralStatus | None) -> Select[CaseReferral]:
    """Return the statement for what is asked of the actor's commune; inside `second_look`."""
    statement = select(CaseReferral).where(CaseReferral.to_commune_id == actor.commune_id, *_readable())
    return statement if status is None else statement.where(CaseReferral.status == status.value)


def _readable() -> tuple[ColumnElement[bool], ...]:
    """Say what the policy says, too."""
    return (
        CaseReferral.status.in_(["asked", "accepted", "done"]),
        or_(CaseReferral.readable_until.is_(None), CaseReferral.readable_until >= clock.today()),
    )


async def get_received(session: AsyncSession, actor: Actor, referral_id: UUID) -> CaseReferral:
    """Return a referral that the actor's commune was asked for; inside `second_look`. Raises NotFound for any other."""
    if actor.level is not Level.COMMUNE:
        raise NotFound(referral_id=referral_id)
    found: CaseReferral | None = await session.scalar(asked_of(actor, None).where(CaseReferral.id == referral_id))
    if found is None:
        raise NotFound(referral_id=referral_id)
    return found


async def received_out(session: AsyncSession, rows: Sequence[CaseReferral]) -> list[ReceivedReferral]:
    """Return the answers for referrals as the commune asked sees them; inside `second_look`."""
    kinds = await _kinds_granted(session, (row.grant_id for row in rows))
    lines = {
        line.id: line
        for line in await session.scalars(
            select(CasePlanService).where(
                CasePlanService.id.in_([row.plan_service_id for row in rows if row.plan_service_id is not None])
            )
        )
    }
    names = ("row_version", "id", "status", "asked_at", "group", "request", "information", "respond_by", "needed_by")
    return [
        ReceivedReferral.model_validate(
            {name: getattr(row, name) for name in (*names, "readable_until")}
            | {
                "from_commune_id": row.commune_id,
                "child": told_child(row) if row.names_child else None,
                "plan_service": None
                if row.plan_service_id not in lines
                else PlanServiceOut.model_validate(lines[row.plan_service_id]),
                "shows": kinds.get(row.grant_id, []),
                "case_id": row.case_id if row.grant_id in kinds else None,
            }
        )
        for row in rows
    ]


async def answer_received(
    session: AsyncSession,
    referral: CaseReferral,
    *,
    step_id: UUID,
    event_id: UUID,
    answer: str,
    answered_by: str | None,
    note: str | None,
    until: date,
    happened_at: datetime,
    clocks: list[dict[str, Any]],
) -> bool:
    """Let the commune asked answer, in a case that it does not hold; False where the referral changed meanwhile."""
    values = {
        "referral": referral.id,
        "step": step_id,
        "event": event_id,
        "version": referral.row_version,
        "answer": answer,
        "by": answered_by,
        "note": note,
        "until": until,
        "happened_at": happened_at,
        "now": clock.now(),
        # asyncpg has a UUID class of its own, which orjson does not know: hence default.
        "clocks": orjson.dumps(clocks, default=str).decode(),
    }
    return bool(await session.scalar(_ANSWER, values))
