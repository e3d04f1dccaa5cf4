"""Addresses of separations and of requests to the court."""

from uuid import UUID

from childcare_api.access.dependencies import CurrentActor, Session
from childcare_api.access.permissions import Permission
from childcare_api.cases.file.elsewhere import lock_file_or_part
from childcare_api.cases.file.errors import RECORDING
from childcare_api.cases.file.models import StepKind
from childcare_api.cases.file.queries import CaseFile, get_step, lock_file, open_file
from childcare_api.cases.separating import actions, asking_court, queries
from childcare_api.cases.separating.errors import (
    CourtAnswered,
    NoSeparationRuns,
    NotFoundSafe,
    SeparationRuns,
    SeparationTooLong,
)
from childcare_api.cases.separating.schemas import (
    CancelSeparation,
    CourtRequestList,
    CourtRequestOut,
    DecideSeparation,
    ExtendSeparation,
    RecordCourtOrder,
    RecordCourtRefusal,
    RequestCourt,
    SeparationList,
    SeparationOut,
    WithdrawCourtRequest,
)
from childcare_api.shared.concurrency import IfMatch
from childcare_api.shared.idempotency import OnceIfKeyed
from childcare_api.shared.problems import NotFound, ValidationFailed, problems
from childcare_api.shared.requests import Router

router = Router(prefix="/cases/{case_id}")


@router.post("/separations", status_code=201, responses=problems(*RECORDING, SeparationRuns, SeparationTooLong))
async def decide_separation(
    case_id: UUID,
    body: DecideSeparation,
    *,
    if_match: IfMatch,
    once: OnceIfKeyed,
    actor: CurrentActor,
    session: Session,
) -> SeparationOut:
    """Separate the child from parents or carers for a time, with a safe place to stay (Mẫu 07, Điều 32).

    The leader of the commune of residence may, and the leader of the commune of the incident through its grant,
    within 12 hours of the information. It lasts 15 days at most unless a competent authority requires more.
    """
    actor.require(Permission.CASE_DECIDE)
    await once.begin(session)
    file = await lock_file_or_part(session, actor, case_id, StepKind.SEPARATION, version=if_match)
    step, _ = await actions.decide_separation(session, actor, file, body)
    return await queries.after(session, file, step.id)


@router.get("/separations", responses=problems(NotFound))
async def list_separations(case_id: UUID, actor: CurrentActor, session: Session) -> SeparationList:
    """Read the separations of a case: on which grounds, where the child stays, until when, and what may follow."""
    actor.require(Permission.CASE_READ)
    async with open_file(session, actor, case_id, "separations") as file:
        return SeparationList(row_version=file.case.row_version, items=await queries.separations_of(session, file))


@router.post("/separations/{separation_id}/extend", responses=problems(*RECORDING, NoSeparationRuns, SeparationTooLong))
async def extend_separation(
    case_id: UUID,
    separation_id: UUID,
    body: ExtendSeparation,
    *,
    if_match: IfMatch,
    once: OnceIfKeyed,
    actor: CurrentActor,
    session: Session,
) -> SeparationOut:
    """Extend a separation by decision. Beyond 15 days in all, name the paper of the authority that requires it."""
    actor.require(Permission.CASE_DECIDE)
    await once.begin(session)
    file = await lock_file_or_part(session, actor, case_id, StepKind.SEPARATION_EXTENDED, version=if_match)
    separation = get_step(file, StepKind.SEPARATION, separation_id)
    await actions.extend_separation(session, actor, file, separation, body)
    return await queries.after(session, file, separation_id)


@router.post("/separations/{separation_id}/cancel", responses=problems(*RECORDING, NoSeparationRuns, NotFoundSafe))
async def cancel_separation(
    case_id: UUID,
    separation_id: UUID,
    body: CancelSeparation,
    *,
    if_match: IfMatch,
    once: OnceIfKeyed,
    actor: CurrentActor,
    session: Session,
) -> SeparationOut:
    """Cancel a separation on an assessment (Mẫu 03) that finds the parents or carers safe (Điều 32.3)."""
    actor.require(Permission.CASE_DECIDE)
    await once.begin(session)
    file = await lock_file_or_part(session, actor, case_id, StepKind.SEPARATION_CANCELLED, version=if_match)
    separation = get_step(file, StepKind.SEPARATION, separation_id)
    await actions.cancel_separation(session, actor, file, separation, body)
    return await queries.after(session, file, separation_id)


@router.post("/court-requests", status_code=201, responses=problems(*RECORDING))
async def request_court(
    case_id: UUID, body: RequestCourt, *, if_match: IfMatch, once: OnceIfKeyed, actor: CurrentActor, session: Session
) -> CourtRequestOut:
    """Ask the court to restrict the rights of parents or carers, or to separate the child (Luật Trẻ em, Điều 52.3)."""
    actor.require(Permission.CASE_DECIDE)
    await once.begin(session)
    file = await lock_file(session, actor, case_id, version=if_match)
    step, _ = await asking_court.request_court(session, actor, file, body)
    return await _request(session, file, step.id)


async def _request(session: Session, file: CaseFile, request_id: UUID) -> CourtRequestOut:
    return next(one for one in await queries.court_requests_of(session, file) if one.id == request_id)


@router.get("/court-requests", responses=problems(NotFound))
async def list_court_requests(case_id: UUID, actor: CurrentActor, session: Session) -> CourtRequestList:
    """Read the requests to the court in a case, and what it answered."""
    actor.require(Permission.CASE_READ)
    async with open_file(session, actor, case_id, "court_requests") as file:
        return CourtRequestList(row_version=file.case.row_version, items=await queries.court_requests_of(session, file))


@router.post("/court-requests/{request_id}/order", responses=problems(*RECORDING, CourtAnswered, ValidationFailed))
async def record_court_order(
    case_id: UUID,
    request_id: UUID,
    body: RecordCourtOrder,
    *,
    if_match: IfMatch,
    once: OnceIfKeyed,
    actor: CurrentActor,
    session: Session,
) -> CourtRequestOut:
    """Record what the court ordered on a request (Luật Trẻ em, Điều 52.3, 66.4), or how it changed or ended that.

    By `changes_order` a later decision takes the place of its order: without `measures` the order has ended. While one
    that separates the child is in force, no care and no separation ends by the child's return (`court_order_in_force`).
    Care by its order is a placement with `decided_by` = `court`; a separation that it wants to go on is extended by a
    decision that names its paper.
    """
    actor.require(Permission.CASE_WORK)
    await once.begin(session)
    file = await lock_file(session, actor, case_id, version=if_match)
    request = get_step(file, StepKind.COURT_REQUEST, request_id)
    await asking_court.record_court_order(session, actor, file, request, body)
    return await _request(session, file, request_id)


@router.post("/court-requests/{request_id}/refusal", responses=problems(*RECORDING, CourtAnswered))
async def record_court_refusal(
    case_id: UUID,
    request_id: UUID,
    body: RecordCourtRefusal,
    *,
    if_match: IfMatch,
    once: OnceIfKeyed,
    actor: CurrentActor,
    session: Session,
) -> CourtRequestOut:
    """Record that the court ordered nothing on a request: the task to end a separation runs again."""
    actor.require(Permission.CASE_WORK)
    await once.begin(session)
    file = await lock_file(session, actor, case_id, version=if_match)
    request = get_step(file, StepKind.COURT_REQUEST, request_id)
    await asking_court.record_court_refusal(session, actor, file, request, body)
    return await _request(session, file, request_id)


@router.post("/court-requests/{request_id}/withdraw", responses=problems(*RECORDING, CourtAnswered))
async def withdraw_court_request(
    case_id: UUID,
    request_id: UUID,
    body: WithdrawCourtRequest,
    *,
    if_match: IfMatch,
    once: OnceIfKeyed,
    actor: CurrentActor,
    session: Session,
) -> CourtRequestOut:
    """Withdraw a request that the court has not answered, with the reason. What it had met is asked for again.

    The task to end a separation runs again, and so do the hours after a refused plan, as if the court had refused.
    """
    actor.require(Permission.CASE_DECIDE)
    await once.begin(session)
    file = await lock_file(session, actor, case_id, version=if_match)
    request = get_step(file, StepKind.COURT_REQUEST, request_id)
    await asking_court.withdraw_court_request(session, actor, file, request, body)
    return await _request(session, file, request_id)
