"""Moving a child's record over HTTP: of a child, for who offers it; and of a commune, for what is offered to it."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from childcare_api.access import audit
from childcare_api.access.dependencies import CurrentActor, Session
from childcare_api.access.permissions import Level, Permission
from childcare_api.access.scope import second_look
from childcare_api.children import queries as children
from childcare_api.children.moving import actions, queries
from childcare_api.children.moving.errors import MoveAnswered, MoveOffered, MovesWithCase, MoveWaits
from childcare_api.children.moving.models import ChildMove
from childcare_api.children.moving.schemas import AcceptMove, DeclineMove, MoveChild, MoveOut, WithdrawMove
from childcare_api.children.reading.routes import recorded
from childcare_api.children.schemas import ChildRecorded
from childcare_api.shared import paging
from childcare_api.shared.concurrency import IfMatch
from childcare_api.shared.idempotency import OnceForADay, OnceIfKeyed
from childcare_api.shared.paging import Page, Paging
from childcare_api.shared.problems import IdTaken, NotFound, StaleVersion, ValidationFailed, VersionRequired, problems
from childcare_api.shared.requests import Router

router = Router(tags=["registry"])
_COMMAND = (NotFound, VersionRequired, StaleVersion, ValidationFailed)


@router.post(
    "/children/{child_id}/move",
    status_code=201,
    responses=problems(*_COMMAND, IdTaken, MovesWithCase, MoveOffered),
)
async def move_child(
    child_id: UUID, body: MoveChild, *, if_match: IfMatch, once: OnceForADay, actor: CurrentActor, session: Session
) -> MoveOut:
    """Offer a child's record to the commune where the child lives now. Until that commune takes it, it stays yours.

    With it go its circumstances, guardians, papers and history; the household stays. A child with an open case moves
    with the case.
    """
    actor.require(Permission.CHILD_MOVE)
    await once.begin(session)
    child = await children.lock_child(session, actor, child_id, if_match)
    return queries.move_out(await actions.offer(session, actor, child, body))


@router.get("/children/{child_id}/moves", responses=problems(NotFound))
async def list_child_moves(child_id: UUID, actor: CurrentActor, session: Session, page: Paging) -> Page[MoveOut]:
    """List where a child's record was offered, and what became of it, the first offer first."""
    actor.require(Permission.CHILD_READ)
    child = await children.get_child(session, actor, child_id)
    moves = await paging.fetch(session, queries.moves_of(child), page, ChildMove.offered_at, ChildMove.id)
    await audit.record(session, "child.moves_read", subject_kind="child", subject_id=child.id, holder=child)
    items = [queries.move_out(move) for move in moves.items]
    return Page[MoveOut](items=items, next_cursor=moves.next_cursor, total=moves.total)


@router.post("/children/{child_id}/moves/{move_id}/withdraw", responses=problems(*_COMMAND, MoveAnswered))
async def withdraw_child_move(
    child_id: UUID,
    move_id: UUID,
    body: WithdrawMove,
    *,
    if_match: IfMatch,
    once: OnceIfKeyed,
    actor: CurrentActor,
    session: Session,
) -> MoveOut:
    """Take an offer back before it is answered. `If-Match` is the move's version."""
    actor.require(Permission.CHILD_MOVE)
    await once.begin(session)
    child = await children.lock_child(session, actor, child_id)
    move = if_match.check(await queries.get_move(session, child, move_id))
    return queries.move_out(await actions.withdraw(session, actor, child, move, body))


@router.get("/child-moves")
async def list_received_child_moves(
    actor: CurrentActor,
    session: Session,
    page: Paging,
    *,
    sent: Annotated[bool, Query(description="What your commune offered to others instead, answered or not.")] = False,
) -> Page[MoveOut]:
    """List the children whose records are offered to your commune, the newest first. It is recorded who was shown."""
    actor.require(Permission.CHILD_MOVE)
    if actor.level is not Level.COMMUNE:
        return Page[MoveOut](items=[], next_cursor=None, total=0 if page.with_total else None)
    statement = queries.sent_by(actor) if sent else queries.offered_to(actor)
    async with second_look(session):
        fetched = await paging.fetch(session, statement, page, ChildMove.offered_at, ChildMove.id, descending=True)
        items = [(queries.move_out if sent else queries.received_out)(move) for move in fetched.items]
    ids = [str(move.child_id) for move in fetched.items]
    await audit.record(session, "child.moves_listed", subject_kind="child", subject_id=None, detail={"ids": ids})
    return Page[MoveOut](items=items, next_cursor=fetched.next_cursor, total=fetched.total)


@router.get("/child-moves/{move_id}", responses=problems(NotFound))
async def read_received_child_move(move_id: UUID, actor: CurrentActor, session: Session) -> MoveOut:
    """Read an offer of a child's record to your commune. That you opened it is recorded."""
    actor.require(Permission.CHILD_MOVE)
    async with second_look(session):
        move = await queries.get_received(session, actor, move_id)
    await audit.record(session, "child.move_read", subject_kind="child", subject_id=move.child_id, holder=move)
    return queries.received_out(move)


@router.post("/child-moves/{move_id}/accept", response_model=ChildRecorded, responses=problems(*_COMMAND, MoveWaits))
async def accept_child_move(
    move_id: UUID, body: AcceptMove, *, if_match: IfMatch, once: OnceForADay, actor: CurrentActor, session: Session
) -> Response:
    """Take the record of a child over; the answer is the record, which is yours now.

    It can be that the other commune has something to settle before: `move_waits`.
    """
    actor.require(Permission.CHILD_MOVE)
    await once.begin(session)
    async with second_look(session):
        move = if_match.check(await queries.get_received(session, actor, move_id))
    child_id = move.child_id
    await actions.accept(session, actor, move, body)
    # It is another row now, and nothing of this session may write the old one back.
    session.expunge_all()
    return await recorded(session, actor, await children.get_child(session, actor, child_id))


@router.post("/child-moves/{move_id}/decline", responses=problems(*_COMMAND))
async def decline_child_move(
    move_id: UUID, body: DeclineMove, *, if_match: IfMatch, once: OnceIfKeyed, actor: CurrentActor, session: Session
) -> MoveOut:
    """Decline the record of a child, with the reason. You see nothing of it any more."""
    actor.require(Permission.CHILD_MOVE)
    await once.begin(session)
    async with second_look(session):
        move = if_match.check(await queries.get_received(session, actor, move_id))
    seen = queries.received_out(move)
    await actions.decline(session, move, body)
    session.expunge_all()
    return seen.model_copy(update={"status": "declined", "row_version": seen.row_version + 1})
