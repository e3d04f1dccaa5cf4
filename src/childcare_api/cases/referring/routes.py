"""Addresses of referrals: of a case, for who asks; and of a commune, for what is asked of it."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from childcare_api.access import audit
from childcare_api.access.dependencies import CurrentActor, Session
from childcare_api.access.permissions import Level, Permission
from childcare_api.access.scope import second_look
from childcare_api.cases.file.errors import RECORDING, CaseFull
from childcare_api.cases.file.queries import CaseFile, listed_child, lock_file, open_file
from childcare_api.cases.referring import actions, queries
from childcare_api.cases.referring.errors import AnswersForItself, GrantNeedsLeader, ReferralNotInState
from childcare_api.cases.referring.models import CaseReferral, ReferralStatus
from childcare_api.cases.referring.schemas import (
    AnswerReferral,
    AskForService,
    CaseReferralOut,
    ReceivedReferral,
    ReferralList,
    WithdrawCaseReferral,
    WriteDownAnswer,
)
from childcare_api.shared import paging
from childcare_api.shared.concurrency import IfMatch
from childcare_api.shared.idempotency import OnceForADay, OnceIfKeyed
from childcare_api.shared.paging import Page, Paging
from childcare_api.shared.problems import BadQuery, IdTaken, NotFound, StaleVersion, VersionRequired, problems
from childcare_api.shared.requests import Router

router = Router()


async def _answer(session: Session, file: CaseFile, referral_id: UUID) -> CaseReferralOut:
    return next(one for one in await queries.referrals_out(session, file) if one.id == referral_id)


@router.post(
    "/cases/{case_id}/referrals",
    status_code=201,
    responses=problems(*RECORDING, GrantNeedsLeader),
)
async def ask_referral(
    case_id: UUID, body: AskForService, *, if_match: IfMatch, once: OnceForADay, actor: CurrentActor, session: Session
) -> CaseReferralOut:
    """Ask another body for a service (Điều 29.1 b): another commune, an agency of the directory, or one in words.

    A commune sees the referral at `/referrals`, answers itself, and reads nothing else of the case but what is granted
    with it. For any other body you write down what it answers. Whoever does not answer in time shows in `/tasks`.
    """
    actor.require(Permission.CASE_WORK)
    await once.begin(session)
    file = await lock_file(session, actor, case_id, version=if_match)
    step = await actions.ask(session, actor, file, body)
    return await _answer(session, file, step.id)


@router.get("/cases/{case_id}/referrals", responses=problems(NotFound))
async def list_referrals(case_id: UUID, actor: CurrentActor, session: Session) -> ReferralList:
    """Read what was asked of other bodies for this case, and what they answered."""
    actor.require(Permission.CASE_READ)
    async with open_file(session, actor, case_id, "referrals") as file:
        return ReferralList(row_version=file.case.row_version, items=await queries.referrals_out(session, file))


@router.post(
    "/cases/{case_id}/referrals/{referral_id}/answer",
    responses=problems(*RECORDING, AnswersForItself, ReferralNotInState),
)
async def write_down_referral_answer(
    case_id: UUID,
    referral_id: UUID,
    body: WriteDownAnswer,
    *,
    if_match: IfMatch,
    once: OnceIfKeyed,
    actor: CurrentActor,
    session: Session,
) -> CaseReferralOut:
    """Write down what a body answered that does not work here: accepted, declined with its reason, or done."""
    actor.require(Permission.CASE_WORK)
    await once.begin(session)
    file = await lock_file(session, actor, case_id, version=if_match)
    referral = await queries.get_referral(session, file, referral_id)
    await actions.write_down_answer(session, actor, file, referral, body)
    return await _answer(session, file, referral_id)


@router.post(
    "/cases/{case_id}/referrals/{referral_id}/withdraw",
    responses=problems(*RECORDING, ReferralNotInState),
)
async def withdraw_case_referral(
    case_id: UUID,
    referral_id: UUID,
    body: WithdrawCaseReferral,
    *,
    if_match: IfMatch,
    once: OnceIfKeyed,
    actor: CurrentActor,
    session: Session,
) -> CaseReferralOut:
    """Take a referral back, with the reason. The body sees nothing of it from then on."""
    actor.require(Permission.CASE_WORK)
    await once.begin(session)
    file = await lock_file(session, actor, case_id, version=if_match)
    referral = await queries.get_referral(session, file, referral_id)
    await actions.withdraw(session, actor, file, referral, body)
    return await _answer(session, file, referral_id)


@router.get("/referrals", responses=problems(BadQuery))
async def list_received_referrals(
    actor: CurrentActor,
    session: Session,
    page: Paging,
    *,
    status: Annotated[ReferralStatus | None, Query(description="Only referrals that stand there.")] = None,
) -> Page[ReceivedReferral]:
    """List what other communes ask of yours, the newest first. It is recorded which were shown.

    The list has the child's initials; open one to read the name.
    """
    actor.require(Permission.CASE_READ)
    if actor.level is not Level.COMMUNE:
        return Page[ReceivedReferral](items=[], next_cursor=None, total=0 if page.with_total else None)
    by = (CaseReferral.asked_at, CaseReferral.id)
    async with second_look(session):
        fetched = await paging.fetch(session, queries.asked_of(actor, status), page, *by, descending=True)
        told = await queries.received_out(session, fetched.items)
    items = [one.model_copy(update={"child": listed_child(one.child)}) for one in told]
    await audit.record(
        session,
        "case.referrals_listed",
        subject_kind="referral",
        subject_id=None,
        detail={"ids": [str(item.id) for item in items]},
    )
    return Page[ReceivedReferral](items=items, next_cursor=fetched.next_cursor, total=fetched.total)


@router.get("/referrals/{referral_id}", responses=problems(NotFound))
async def read_received_referral(referral_id: UUID, actor: CurrentActor, session: Session) -> ReceivedReferral:
    """Read what another commune asks of yours. That you opened it is recorded."""
    actor.require(Permission.CASE_READ)
    async with second_look(session):
        referral = await queries.get_received(session, actor, referral_id)
        (answer,) = await queries.received_out(session, [referral])
    await audit.record(session, "case.referral_read", subject_kind="case", subject_id=referral.case_id, holder=referral)
    return answer


@router.post(
    "/referrals/{referral_id}/answer",
    responses=problems(NotFound, VersionRequired, StaleVersion, CaseFull, IdTaken, ReferralNotInState),
)
async def answer_received_referral(
    referral_id: UUID,
    body: AnswerReferral,
    *,
    if_match: IfMatch,
    once: OnceIfKeyed,
    actor: CurrentActor,
    session: Session,
) -> ReceivedReferral:
    """Answer what another commune asks of yours: accepted, declined with the reason, or done.

    The answer stands in the file of the commune that asked. What was declined is not seen any more.
    """
    actor.require(Permission.CASE_WORK)
    await once.begin(session)
    async with second_look(session):
        referral = if_match.check(await queries.get_received(session, actor, referral_id))
        (seen,) = await queries.received_out(session, [referral])
        done_by = await queries.done_by(session, referral)
    await actions.answer_received(session, actor, referral, body, done_by=done_by)
    stands = {"status": ReferralStatus(body.answer), "row_version": referral.row_version + 1}
    # It may be out of sight now, and nothing of this session may write it back.
    session.expunge_all()
    return seen.model_copy(update=stands)
