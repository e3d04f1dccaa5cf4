"""Addresses of what authorities ask for a child in proceedings, and of notices of a release."""

from uuid import UUID

from childcare_api.access.dependencies import CurrentActor, Session
from childcare_api.access.permissions import Permission
from childcare_api.cases.file.errors import RECORDING
from childcare_api.cases.file.models import StepKind
from childcare_api.cases.file.queries import CaseFile, get_step, keep_to_holder, lock_file, open_file
from childcare_api.cases.following.errors import NoPlanInForce
from childcare_api.cases.proceeding import actions, queries
from childcare_api.cases.proceeding.errors import ProceedingAnswered
from childcare_api.cases.proceeding.schemas import (
    AnswerProceeding,
    ProceedingList,
    ProceedingOut,
    RecordProceeding,
    RecordReleaseNotice,
    RecordReleasePrepared,
    ReleaseNoticeList,
    ReleaseNoticeOut,
)
from childcare_api.shared.concurrency import IfMatch
from childcare_api.shared.corrections import AlreadyEnteredInError
from childcare_api.shared.idempotency import OnceIfKeyed
from childcare_api.shared.problems import NotFound, ValidationFailed, problems
from childcare_api.shared.requests import Router

router = Router(prefix="/cases/{case_id}")


@router.post("/proceedings", status_code=201, responses=problems(*RECORDING, ValidationFailed))
async def record_proceeding(
    case_id: UUID,
    body: RecordProceeding,
    *,
    if_match: IfMatch,
    once: OnceIfKeyed,
    actor: CurrentActor,
    session: Session,
) -> ProceedingOut:
    """Record what an authority asks of the commune for a child who broke the law, is a victim or a witness (Điều 72).

    One thing at a time: information on the child's circumstances, taking part in proceedings, in a council's meeting or
    a court's hearing, following an educational measure. The officer has a task until the day that the authority named.
    `warnings` says where the register does not have a child who broke the law in that group (NĐ 56/2017, Điều 8).
    """
    actor.require(Permission.CASE_WORK)
    await once.begin(session)
    file = await lock_file(session, actor, case_id, version=if_match)
    step, _ = await actions.record_proceeding(session, actor, file, body)
    return await _proceeding(session, file, step.id)


async def _proceeding(session: Session, file: CaseFile, step_id: UUID) -> ProceedingOut:
    return next(one for one in await queries.proceedings_of(session, file) if one.id == step_id)


@router.get("/proceedings", responses=problems(NotFound))
async def list_proceedings(case_id: UUID, actor: CurrentActor, session: Session) -> ProceedingList:
    """Read what authorities asked for the child, and what was done. Only who leads the case and those above."""
    actor.require(Permission.CASE_READ)
    async with open_file(session, actor, case_id, "proceedings") as file:
        keep_to_holder(actor, file)
        return ProceedingList(row_version=file.case.row_version, items=await queries.proceedings_of(session, file))


@router.post(
    "/proceedings/{proceeding_id}/answer", responses=problems(*RECORDING, ProceedingAnswered, AlreadyEnteredInError)
)
async def answer_proceeding(
    case_id: UUID,
    proceeding_id: UUID,
    body: AnswerProceeding,
    *,
    if_match: IfMatch,
    once: OnceIfKeyed,
    actor: CurrentActor,
    session: Session,
) -> ProceedingOut:
    """Record what was done of what an authority asked, or why nothing was (Luật Trẻ em, Điều 72.2 to 72.4)."""
    actor.require(Permission.CASE_WORK)
    await once.begin(session)
    file = await lock_file(session, actor, case_id, version=if_match)
    asked = get_step(file, StepKind.PROCEEDING, proceeding_id)
    await actions.answer_proceeding(session, actor, file, asked, body)
    return await _proceeding(session, file, proceeding_id)


@router.post("/release-notices", status_code=201, responses=problems(*RECORDING))
async def record_release_notice(
    case_id: UUID,
    body: RecordReleaseNotice,
    *,
    if_match: IfMatch,
    once: OnceIfKeyed,
    actor: CurrentActor,
    session: Session,
) -> ReleaseNoticeOut:
    """Record the notice of a prison or reformatory that the child will have served (Luật Trẻ em, Điều 73.2).

    Officer and leader have a task to prepare its reception until that day. A newer notice takes the place of the older
    one. The case, opened on a report as any other, carries the plan that the chair has made (73.3): of a child who has
    none a report is taken in its special circumstances, and a closed one is reopened by the leader.
    """
    actor.require(Permission.CASE_WORK)
    await once.begin(session)
    file = await lock_file(session, actor, case_id, version=if_match)
    step, _ = await actions.record_release_notice(session, actor, file, body)
    return await _release(session, file, step.id)


async def _release(session: Session, file: CaseFile, step_id: UUID) -> ReleaseNoticeOut:
    return next(one for one in await queries.release_notices_of(session, file) if one.id == step_id)


@router.get("/release-notices", responses=problems(NotFound))
async def list_release_notices(case_id: UUID, actor: CurrentActor, session: Session) -> ReleaseNoticeList:
    """Read the notices of a release, and what was prepared. Only who leads the case and those above."""
    actor.require(Permission.CASE_READ)
    async with open_file(session, actor, case_id, "release_notices") as file:
        keep_to_holder(actor, file)
        items = await queries.release_notices_of(session, file)
        return ReleaseNoticeList(row_version=file.case.row_version, items=items)


@router.post(
    "/release-notices/{notice_id}/prepared",
    responses=problems(*RECORDING, ProceedingAnswered, AlreadyEnteredInError, NoPlanInForce),
)
async def record_release_prepared(
    case_id: UUID,
    notice_id: UUID,
    body: RecordReleasePrepared,
    *,
    if_match: IfMatch,
    once: OnceIfKeyed,
    actor: CurrentActor,
    session: Session,
) -> ReleaseNoticeOut:
    """Record that the reception of a child is prepared, under a plan that the leader approved (Điều 73.2, 73.3)."""
    actor.require(Permission.CASE_WORK)
    await once.begin(session)
    file = await lock_file(session, actor, case_id, version=if_match)
    notice = get_step(file, StepKind.RELEASE_NOTICE, notice_id)
    await actions.record_release_prepared(session, actor, file, notice, body)
    return await _release(session, file, notice_id)
