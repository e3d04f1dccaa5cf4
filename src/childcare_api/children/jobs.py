"""What happens to children by itself: they turn 16, which is written into the record and deletes nothing."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access import audit
from childcare_api.access.actor import Actor
from childcare_api.access.permissions import Level
from childcare_api.access.scope import SYSTEM, open_worker_connection
from childcare_api.children import rules
from childcare_api.children.history.actions import record_change
from childcare_api.children.history.models import ChildChange
from childcare_api.children.models import Child
from childcare_api.jobs import outbox
from childcare_api.jobs.worker import Handler
from childcare_api.shared import clock
from childcare_api.shared.db import Database


async def announce_sixteenth_birthdays(database: Database) -> None:
    """Put into the outbox who turned 16 today or in the month before, each once."""
    async with open_worker_connection(database) as connection:
        await connection.fetchval("SELECT announce_sixteenth_birthdays($1, $2)", clock.today(), clock.now())


async def record_sixteenth_birthday(session: AsyncSession, payload: dict[str, Any]) -> None:
    """Write into a child's record that it turned 16 and by law is a child no longer (Luật Trẻ em, Điều 1)."""
    child = await session.scalar(select(Child).where(Child.id == UUID(payload["child_id"])).with_for_update())
    # The birthday may have been corrected since, or the event come twice.
    if child is None or rules.is_child_on(child.born_on, clock.today()) or await _is_recorded(session, child):
        return
    system = Actor(SYSTEM, "system", Level.COMMUNE, child.unit_id, frozenset(), "childcare_commune")
    turned = {"turned_16_on": rules.turns_16_on(child.born_on).isoformat()}
    record_change(session, system, child, "turned_16", old=dict.fromkeys(turned), new=turned)
    await audit.record(session, "child.turned_16", subject_kind="child", subject_id=child.id, holder=child)
    await outbox.publish(session, "child.turned_16", child_id=child.id)


async def _is_recorded(session: AsyncSession, child: Child) -> bool:
    found = await session.scalar(
        select(ChildChange.id).where(
            ChildChange.child_id == child.id,
            ChildChange.commune_id == child.commune_id,
            ChildChange.action == "turned_16",
        )
    )
    return found is not None


HANDLERS: Mapping[str, Sequence[Handler]] = {"child.turning_16": (record_sixteenth_birthday,)}
