"""Striking a carer off while children live there: who harmed a child goes at once, and the children leave by a task."""

from datetime import date, datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.alternative_care.errors import CarerHasChildren
from childcare_api.alternative_care.models import Carer
from childcare_api.alternative_care.queries import children_with
from childcare_api.deadlines import actions as deadlines
from childcare_api.deadlines import queries as deadline_queries
from childcare_api.shared import clock
from childcare_api.shared.db import holder_of

END_ALL = "carer.end_all"
HARMED = "harmed_a_child"

_SEEN_HERE = text("SELECT carer_seen_here(:carer_id, :now)")


async def guard_nobody_there(session: AsyncSession, carer: Carer, ground: str) -> None:
    """Refuse while children are in that care, who would be forgotten there; for harm it is never put off."""
    children = await children_there(session, carer)
    if children and ground != HARMED:
        raise CarerHasChildren(children=children)


async def children_there(session: AsyncSession, carer: Carer) -> int:
    """Return how many children a carer has, or is to have, by decisions that have not ended."""
    return (await children_with(session, [carer.id], date.max)).get(carer.id, 0)


async def see_others(session: AsyncSession, carer: Carer) -> None:
    """Want every child with a carer seen at once who is struck off for harm that no visit told of (`carer.see_all`)."""
    if carer.end_ground == HARMED:
        await session.flush()
        await session.execute(_SEEN_HERE, {"carer_id": carer.id, "now": clock.now()})


async def keep_clock(session: AsyncSession, carer: Carer, *, left_at: datetime) -> None:
    """Want every care with a carer ended who was struck off for harming a child (Luật Trẻ em, Điều 69.1 b, 69.2).

    All of them are this commune's to end, whoever leads the children's cases (NĐ 56/2017, Điều 43.2).
    """
    if carer.end_ground != HARMED or carer.ended_at is None:
        return
    there = await children_there(session, carer)
    running = await deadline_queries.find_open_task(session, END_ALL, carer.id)
    if there and running is None:
        await deadlines.start(
            session,
            END_ALL,
            subject_kind="carer",
            subject_id=carer.id,
            holder=holder_of(carer),
            from_instant=carer.ended_at,
        )
        await session.flush()
    elif running is not None and not there:
        await deadlines.finish(session, END_ALL, carer.id, happened_at=max(left_at, carer.ended_at))
