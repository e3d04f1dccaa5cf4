"""Finding moves: of a child, offered to a commune, and sent by one."""

from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Select, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.access.permissions import Level
from childcare_api.children.models import Child
from childcare_api.children.moving.models import ChildMove
from childcare_api.children.moving.schemas import MoveOut
from childcare_api.shared import clock
from childcare_api.shared.ids import new_id
from childcare_api.shared.problems import NotFound

_HAS_OPEN_CASE = text("SELECT child_has_open_case(:child)")
_CLOCK = text("SELECT child_move_clock(:move, CAST(:clock AS jsonb), CAST(:follow AS jsonb), :now)")
_ANSWER = text("SELECT child_move_answer(:move, :version, :accepts, :village, :note, :change, :event, :now)")


async def has_open_case(session: AsyncSession, child: Child) -> bool:
    """Return whether a case of the child is open in its commune, as far as the caller may see cases."""
    return bool(await session.scalar(_HAS_OPEN_CASE, {"child": child.id}))


def moves_of(child: Child) -> Select[ChildMove]:
    """Return the statement for the moves of a child's record."""
    return select(ChildMove).where(ChildMove.child_id == child.id, ChildMove.commune_id == child.commune_id)


async def is_offered(session: AsyncSession, child: Child) -> bool:
    """Return whether the record is offered to a commune that has not answered."""
    return await session.scalar(moves_of(child).where(ChildMove.status == "offered")) is not None


async def get_move(session: AsyncSession, child: Child, move_id: UUID) -> ChildMove:
    """Return a move of this child. Raises NotFound."""
    found: ChildMove | None = await session.scalar(moves_of(child).where(ChildMove.id == move_id))
    if found is None:
        raise NotFound(move_id=move_id)
    return found


def offered_to(actor: Actor) -> Select[ChildMove]:
    """Return the statement for what is offered to the actor's commune; inside `second_look`."""
    return select(ChildMove).where(ChildMove.to_commune_id == actor.commune_id, ChildMove.status == "offered")


def sent_by(actor: Actor) -> Select[ChildMove]:
    """Return the statement for what the actor's commune offered to others, also where it is gone; as above."""
    return select(ChildMove).where(ChildMove.from_commune_id == actor.commune_id)


async def get_received(session: AsyncSession, actor: Actor, move_id: UUID) -> ChildMove:
    """Return a record offered to the actor's commune; inside `second_look`. Raises NotFound for any other."""
    if actor.level is not Level.COMMUNE:
        raise NotFound(move_id=move_id)
    found: ChildMove | None = await session.scalar(offered_to(actor).where(ChildMove.id == move_id))
    if found is None:
        raise NotFound(move_id=move_id)
    return found


async def start_clocks(
    session: AsyncSession, move: ChildMove, answering: dict[str, Any], following: dict[str, Any]
) -> None:
    """Start the clock of an offer with the commune it is made to, and of each open case that the actor sees not."""
    theirs, ours = (orjson.dumps(row, default=str).decode() for row in (answering, following))
    await session.execute(_CLOCK, {"move": move.id, "clock": theirs, "follow": ours, "now": clock.now()})


async def end_clocks(session: AsyncSession, move: ChildMove) -> None:
    """End the clocks of an offer that was withdrawn."""
    await session.execute(_CLOCK, {"move": move.id, "clock": None, "follow": None, "now": clock.now()})


async def offered_at(session: AsyncSession, child_id: UUID, commune_id: int) -> datetime | None:
    """Return since when a child's record is offered elsewhere, or None where it is not."""
    found: datetime | None = await session.scalar(
        select(ChildMove.offered_at).where(
            ChildMove.child_id == child_id, ChildMove.commune_id == commune_id, ChildMove.status == "offered"
        )
    )
    return found


async def answer(
    session: AsyncSession, move: ChildMove, *, accepts: bool, village_id: int | None, note: str | None
) -> str:
    """Take the record over for the actor's commune, or decline it.

    Returns `answered`, `changed` where the offer was meanwhile, or `waits` where something stays open over there.
    """
    values = {
        "move": move.id,
        "version": move.row_version,
        "accepts": accepts,
        "village": village_id,
        "note": note,
        "change": new_id(),
        "event": new_id(),
        "now": clock.now(),
    }
    return str(await session.scalar(_ANSWER, values))


_SAME = (
    *("row_version", "id", "child_id", "status", "from_commune_id", "to_commune_id", "address", "moved_on", "reason"),
    *("offered_at", "offered_by", "answered_at", "answer_note"),
)


def move_out(move: ChildMove) -> MoveOut:
    """Return the answer for a move."""
    child = {
        "full_name": move.child_name,
        "sex": move.child_sex,
        "born_on": move.child_born_on,
        "born_on_precision": move.child_born_on_precision,
    }
    same = {name: getattr(move, name) for name in _SAME}
    return MoveOut.model_validate(same | {"village_id": move.to_village_id, "child": child})


def received_out(move: ChildMove) -> MoveOut:
    """Return the answer for a move as the commune that the record is offered to sees it."""
    return move_out(move).model_copy(update={"child_id": None, "offered_by": None})
