"""Reading a child's history: the changes newest first, and the record as it stood on a day."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ScalarResult, select
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access import audit
from childcare_api.access.actor import Actor
from childcare_api.children import rules
from childcare_api.children.history.actions import PARTS, Part, state_of
from childcare_api.children.history.models import ChildChange
from childcare_api.children.models import Child
from childcare_api.children.queries import get_child
from childcare_api.shared import clock
from childcare_api.shared.paging import PageRequest, fetch

_ANSWERED = ("row_version", "recorded_at", "recorded_by", "unit_id", "action", "part", "part_id", "fields")


async def child_history(
    session: AsyncSession, actor: Actor, child_id: UUID, *, page: PageRequest, as_of: date | None
) -> dict[str, Any]:
    """Return a page of a child's changes, and the record at the end of a day in Viet Nam if one is named."""
    child = await get_child(session, actor, child_id)
    changes = select(ChildChange).where(ChildChange.child_id == child.id, ChildChange.commune_id == child.commune_id)
    fetched = await fetch(session, changes, page, ChildChange.row_version, descending=True)
    await audit.record(session, "child.history_read", subject_kind="child", subject_id=child.id, holder=child)
    return {
        "items": [{name: getattr(change, name) for name in _ANSWERED} for change in fetched.items],
        "next_cursor": fetched.next_cursor,
        "as_of": as_of,
        "record": None if as_of is None else await _record_on(session, child, as_of),
    }


async def _record_on(session: AsyncSession, child: Child, day: date) -> dict[str, Any] | None:
    """Return the record as it stood at the end of a day; None before it was registered."""
    if clock.day_of(child.recorded_at) > day:
        return None
    record: dict[str, Any] = {"id": child.id, **state_of(child)}
    for model, name in PARTS.items():
        parts: ScalarResult[Part] = await session.scalars(
            select(model).where(model.child_id == child.id, model.commune_id == child.commune_id).order_by(model.id)
        )
        record[name] = {str(part.id): {"id": part.id, **state_of(part)} for part in parts}
    later = await session.scalars(
        select(ChildChange)
        .where(ChildChange.child_id == child.id, ChildChange.commune_id == child.commune_id)
        .order_by(ChildChange.row_version.desc())
    )
    undone = [
        {name: getattr(change, name) for name in ("action", "part", "part_id", "fields")}
        for change in later
        if clock.day_of(change.recorded_at) > day
    ]
    record = rules.undo(record, undone)
    return {
        **{name: value for name, value in record.items() if name not in PARTS.values()},
        "circumstances": list(record["circumstance"].values()),
        "guardians": list(record["guardian"].values()),
        "identifiers": list(record["identifier"].values()),
    }
