"""Moving a child's record to the commune where it lives now. Until that commune takes it, it stays in the old book."""

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access import audit
from childcare_api.access.actor import Actor
from childcare_api.children import rules
from childcare_api.children.models import Child
from childcare_api.children.moving import queries
from childcare_api.children.moving.errors import MoveAnswered, MoveOffered, MovesWithCase, MoveWaits
from childcare_api.children.moving.models import ChildMove
from childcare_api.children.moving.schemas import AcceptMove, DeclineMove, MoveChild, WithdrawMove
from childcare_api.children.queries import require_village
from childcare_api.deadlines import actions as deadlines
from childcare_api.jobs import outbox
from childcare_api.shared import clock
from childcare_api.shared.db import holder_of
from childcare_api.shared.ids import new_id
from childcare_api.shared.problems import StaleVersion
from childcare_api.shared.refusals import too_early
from childcare_api.units.errors import ResidenceUnknown
from childcare_api.units.queries import holder_of_unit, resolve_place
from childcare_api.units.refusals import still_own_commune

ANSWER, FOLLOW = "child_move.answer", "case.follow_child"


async def offer(session: AsyncSession, actor: Actor, child: Child, command: MoveChild) -> ChildMove:
    """Offer the record to the commune of the new home."""
    earliest = rules.earliest_birthday(child.born_on, child.born_on_precision)  # type: ignore[arg-type]
    if command.moved_on < earliest:
        raise too_early("/moved_on", earliest)
    place = await resolve_place(session, command.residence, clock.today())
    if place.commune_id is None:
        raise ResidenceUnknown
    if place.commune_id == child.commune_id:
        raise still_own_commune("/residence")
    if await queries.is_offered(session, child):
        raise MoveOffered
    if await queries.has_open_case(session, child):
        raise MovesWithCase
    move = ChildMove(
        **holder_of(child),
        id=command.id or new_id(),
        row_version=1,
        child_id=child.id,
        from_commune_id=child.commune_id,
        to_commune_id=place.commune_id,
        to_village_id=place.village_id,
        address=command.address,
        moved_on=command.moved_on,
        reason=command.reason,
        child_name=child.full_name,
        child_sex=child.sex,
        child_born_on=child.born_on,
        child_born_on_precision=child.born_on_precision,
        status="offered",
        offered_at=clock.now(),
        offered_by=actor.id,
        answered_at=None,
        answered_by=None,
        answer_note=None,
    )
    session.add(move)
    # The clock is started for the other commune by a function, which looks at the offer.
    await session.flush()
    theirs = await holder_of_unit(session, place.commune_id)
    task = await deadlines.prepare(
        session,
        ANSWER,
        subject_kind="child_move",
        subject_id=move.id,
        holder=theirs.columns(),
        from_instant=move.offered_at,
        origin_unit_id=actor.unit_id,
    )
    # Asked for each child alike: whether there is a case that the actor does not see, the database alone knows.
    following = await deadlines.prepare(
        session,
        FOLLOW,
        subject_kind="case",
        subject_id=move.id,
        holder=holder_of(child),
        from_instant=move.offered_at,
        origin_unit_id=actor.unit_id,
    )
    await queries.start_clocks(session, move, task, following)
    await _tell(session, child, move, "child.move_offered")
    return move


async def withdraw(
    session: AsyncSession, actor: Actor, child: Child, move: ChildMove, command: WithdrawMove
) -> ChildMove:
    """Take the offer back before it is answered."""
    if move.status != "offered":
        raise MoveAnswered(move_status=move.status)
    move.status, move.answer_note = "withdrawn", command.reason
    move.answered_at, move.answered_by = clock.now(), actor.id
    move.row_version += 1
    await session.flush()  # The function that ends the clocks looks at the offer as it stands.
    await queries.end_clocks(session, move)
    await _tell(session, child, move, "child.move_withdrawn")
    return move


async def accept(session: AsyncSession, actor: Actor, move: ChildMove, command: AcceptMove) -> None:
    """Take the record over: household left behind, history and parts brought along."""
    village_id = move.to_village_id if command.village_id is None else command.village_id
    await require_village(session, actor, village_id, clock.today())
    match await queries.answer(session, move, accepts=True, village_id=village_id, note=command.note):
        case "changed":
            raise StaleVersion(row_version=move.row_version + 1)
        case "waits":
            raise MoveWaits


async def decline(session: AsyncSession, move: ChildMove, command: DeclineMove) -> None:
    """Decline the record; it stays where it is."""
    if await queries.answer(session, move, accepts=False, village_id=None, note=command.reason) == "changed":
        raise StaleVersion(row_version=move.row_version + 1)


async def _tell(session: AsyncSession, child: Child, move: ChildMove, action: str) -> None:
    detail = {"move_id": str(move.id), "to_commune_id": move.to_commune_id}
    await audit.record(session, action, subject_kind="child", subject_id=child.id, detail=detail, holder=child)
    await outbox.publish(session, action, child_id=child.id, move_id=move.id)
