"""Addresses of handing a case over: of the case, for who offers it; and of a commune, for what is offered to it."""

from uuid import UUID

from childcare_api.access import audit
from childcare_api.access.dependencies import CurrentActor, Session
from childcare_api.access.permissions import Level, Permission
from childcare_api.access.scope import second_look
from childcare_api.cases.file.errors import RECORDING
from childcare_api.cases.file.queries import CaseFile, case_out, listed_child, lock_file, open_file
from childcare_api.cases.file.schemas import CaseOut
from childcare_api.cases.transferring import actions, queries
from childcare_api.cases.transferring.errors import TransferAnswered, TransferPending
from childcare_api.cases.transferring.models import CaseTransfer, TransferStatus
from childcare_api.cases.transferring.schemas import (
    AcceptTransfer,
    CaseTransferOut,
    DeclineTransfer,
    OfferTransfer,
    ReceivedTransfer,
    TransferList,
    WithdrawTransfer,
)
from childcare_api.shared import paging
from childcare_api.shared.concurrency import IfMatch
from childcare_api.shared.idempotency import OnceForADay, OnceIfKeyed
from childcare_api.shared.paging import Page, Paging
from childcare_api.shared.problems import NotFound, problems
from childcare_api.shared.requests import Router
from childcare_api.units.errors import ResidenceUnknown

router = Router()


async def _answer(session: Session, file: CaseFile, transfer_id: UUID) -> CaseTransferOut:
    return next(one for one in await queries.transfers_out(session, file) if one.id == transfer_id)


@router.post(
    "/cases/{case_id}/transfer",
    status_code=201,
    responses=problems(*RECORDING, ResidenceUnknown, TransferPending),
)
async def offer_case_transfer(
    case_id: UUID, body: OfferTransfer, *, if_match: IfMatch, once: OnceForADay, actor: CurrentActor, session: Session
) -> CaseTransferOut:
    """Offer the whole case to the commune where the child lives now (Luật Trẻ em, Điều 52.2). Only the leader may.

    Until that commune's leader accepts, yours leads and answers for every clock. With the case go its steps, clocks and
    the child's record. Yours goes on reading for a year its offer with the answer, and what was there of the steps that
    may be granted: no plan, decision or closure. Print those before.
    """
    actor.require(Permission.CASE_DECIDE)
    await once.begin(session)
    file = await lock_file(session, actor, case_id, version=if_match)
    step = await actions.offer(session, actor, file, body)
    return await _answer(session, file, step.id)


@router.get("/cases/{case_id}/transfers", responses=problems(NotFound))
async def list_case_transfers(case_id: UUID, actor: CurrentActor, session: Session) -> TransferList:
    """Read to which communes this case was offered, and what they answered.

    The commune that led before reads its own offers with their answers as long as it reads what was there.
    """
    actor.require(Permission.CASE_READ)
    async with open_file(session, actor, case_id, "transfers") as file:
        return TransferList(row_version=file.case.row_version, items=await queries.transfers_out(session, file))


@router.post("/cases/{case_id}/transfers/{transfer_id}/withdraw", responses=problems(*RECORDING, TransferAnswered))
async def withdraw_case_transfer(
    case_id: UUID,
    transfer_id: UUID,
    body: WithdrawTransfer,
    *,
    if_match: IfMatch,
    once: OnceIfKeyed,
    actor: CurrentActor,
    session: Session,
) -> CaseTransferOut:
    """Take an offer back before it is answered, with the reason. Only the leader may."""
    actor.require(Permission.CASE_DECIDE)
    await once.begin(session)
    file = await lock_file(session, actor, case_id, version=if_match)
    transfer = await queries.get_transfer(session, file, transfer_id)
    await actions.withdraw(session, actor, file, transfer, body)
    return await _answer(session, file, transfer_id)


@router.get("/transfers")
async def list_received_transfers(actor: CurrentActor, session: Session, page: Paging) -> Page[ReceivedTransfer]:
    """List the cases that are offered to your commune and wait for an answer. It is recorded which were shown.

    The list has the child's initials and no address; open one to read both.
    """
    actor.require(Permission.CASE_READ)
    if actor.level is not Level.COMMUNE:
        return Page[ReceivedTransfer](items=[], next_cursor=None, total=0 if page.with_total else None)
    async with second_look(session):
        fetched = await paging.fetch(
            session, queries.offered_to(actor), page, CaseTransfer.offered_at, CaseTransfer.id, descending=True
        )
        told = [queries.received_out(row) for row in fetched.items]
    # What leads to the door would tell whose initials they are.
    items = [one.model_copy(update={"child": listed_child(one.child), "address": None}) for one in told]
    await audit.record(
        session,
        "case.transfers_listed",
        subject_kind="case_transfer",
        subject_id=None,
        detail={"ids": [str(item.id) for item in items]},
    )
    return Page[ReceivedTransfer](items=items, next_cursor=fetched.next_cursor, total=fetched.total)


@router.get("/transfers/{transfer_id}", responses=problems(NotFound))
async def read_received_transfer(transfer_id: UUID, actor: CurrentActor, session: Session) -> ReceivedTransfer:
    """Read an offer of a case to your commune. That you opened it is recorded."""
    actor.require(Permission.CASE_READ)
    async with second_look(session):
        transfer = await queries.get_received(session, actor, transfer_id)
    await audit.record(session, "case.transfer_read", subject_kind="case", subject_id=transfer.case_id, holder=transfer)
    return queries.received_out(transfer)


@router.post("/transfers/{transfer_id}/accept", responses=problems(*RECORDING, TransferAnswered))
async def accept_case_transfer(
    transfer_id: UUID,
    body: AcceptTransfer,
    *,
    if_match: IfMatch,
    once: OnceForADay,
    actor: CurrentActor,
    session: Session,
) -> CaseOut:
    """Take over a case that is offered to your commune; it is the answer, and yours now. Only the leader may."""
    actor.require(Permission.CASE_DECIDE)
    await once.begin(session)
    transfer = if_match.check(await queries.get_to_answer(session, actor, transfer_id))
    case_id = transfer.case_id
    await actions.accept(session, actor, transfer, body)
    # It is another row now, held by this commune, and nothing of this session may write the old one back.
    session.expunge_all()
    async with open_file(session, actor, case_id, "head") as file:
        return await case_out(session, file)


@router.post("/transfers/{transfer_id}/decline", responses=problems(*RECORDING, TransferAnswered))
async def decline_case_transfer(
    transfer_id: UUID,
    body: DeclineTransfer,
    *,
    if_match: IfMatch,
    once: OnceIfKeyed,
    actor: CurrentActor,
    session: Session,
) -> ReceivedTransfer:
    """Decline a case that is offered to your commune, with the reason. You see nothing of it any more."""
    actor.require(Permission.CASE_DECIDE)
    await once.begin(session)
    transfer = if_match.check(await queries.get_to_answer(session, actor, transfer_id))
    seen = queries.received_out(transfer)
    await actions.decline(session, transfer, body)
    session.expunge_all()
    return seen.model_copy(update={"status": TransferStatus.DECLINED, "row_version": seen.row_version + 1})
