"""Breaking the seals of a report over HTTP: each time with a reason, which is recorded."""

from uuid import UUID

from childcare_api.access import audit
from childcare_api.access.dependencies import ActionReason, CurrentActor, Session
from childcare_api.access.permissions import Permission
from childcare_api.intake import queries
from childcare_api.intake.errors import ReasonRequired
from childcare_api.intake.revealing.schemas import HarmDoerList, ReporterOut, RevealedHarmDoer
from childcare_api.shared.problems import Forbidden, NotFound, problems
from childcare_api.shared.requests import Router

router = Router(prefix="/intakes", tags=["intake"])


@router.get("/{intake_id}/reporter", responses=problems(NotFound, Forbidden, ReasonRequired))
async def reveal_intake_reporter(
    intake_id: UUID,
    actor: CurrentActor,
    session: Session,
    reason: ActionReason,
) -> ReporterOut:
    """Break the seal over who reported (NĐ 56/2017, Điều 24). Each time is recorded with its reason."""
    actor.require(Permission.INTAKE_REVEAL)
    await queries.get_intake(session, actor, intake_id)
    if not reason:
        raise ReasonRequired
    revealed = await queries.reveal_reporter(session, intake_id, reason)
    if revealed is None:
        return ReporterOut(kind=None, full_name=None, phone=None, address=None, relation=None)
    return ReporterOut(**dict(revealed))


@router.get("/{intake_id}/harm-doers", responses=problems(NotFound, Forbidden, ReasonRequired))
async def reveal_intake_harm_doers(
    intake_id: UUID, actor: CurrentActor, session: Session, reason: ActionReason
) -> HarmDoerList:
    """Break the seal over who is said to have done the harm. Each time is recorded with its reason."""
    actor.require(Permission.INTAKE_REVEAL)
    intake = await queries.get_intake(session, actor, intake_id)
    if not reason:
        raise ReasonRequired
    await audit.record(
        session,
        "intake.harm_doers_revealed",
        subject_kind="intake",
        subject_id=intake_id,
        reason=reason,
        holder=intake,
    )
    return HarmDoerList(items=[RevealedHarmDoer.model_validate(one) for one in intake.harm_doers])
