"""The history of a child's record: every change writes which version it made, and each field before and after."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.children.history.models import ChildChange
from childcare_api.children.models import Child, Circumstance, Guardian, Identifier
from childcare_api.children.rules import changed_fields
from childcare_api.shared import clock
from childcare_api.shared.db import HOLDER_COLUMNS, holder_of
from childcare_api.shared.ids import new_id

Part = Circumstance | Guardian | Identifier
PARTS: dict[type[Part], str] = {Circumstance: "circumstance", Guardian: "guardian", Identifier: "identifier"}

_NOT_OF_THE_RECORD = {
    *(*HOLDER_COLUMNS, "id", "child_id", "search_name", "name_words", "row_version", "sensitive"),
    *("recorded_at", "recorded_by", "changed_at", "changed_by"),
} - {"village_id"}


def recorded_by(actor: Actor) -> dict[str, Any]:
    """Return the columns that say who writes a row down, and when."""
    return {"recorded_at": clock.now(), "recorded_by": actor.id}


def registered_by(actor: Actor) -> dict[str, Any]:
    """Return the columns of a new record that say who wrote it, and so far changed it last."""
    written = recorded_by(actor)
    return {**written, "changed_at": written["recorded_at"], "changed_by": actor.id}


def state_of(record: Child | Part) -> dict[str, Any]:
    """Return a record's own fields as the history keeps them: what is empty is left out of a new record's change."""
    columns = type(record).__table__.columns.keys()
    return {name: _plain(getattr(record, name)) for name in columns if name not in _NOT_OF_THE_RECORD}


def record_change(
    session: AsyncSession,
    actor: Actor,
    child: Child,
    action: str,
    *,
    old: dict[str, Any],
    new: dict[str, Any],
    part: Part | None = None,
) -> None:
    """Write a change of a child, or of a part of it, into its history; it makes the record's next version.

    The child must be locked, or the versions of two writers would be the same.
    """
    if old or part is not None:
        child.row_version += 1
    child.changed_at, child.changed_by = clock.now(), actor.id
    session.add(
        ChildChange(
            id=new_id(),
            child_id=child.id,
            row_version=child.row_version,
            action=action,
            part="child" if part is None else PARTS[type(part)],
            part_id=None if part is None else part.id,
            fields=changed_fields(old, new),
            **holder_of(child),
            **recorded_by(actor),
        )
    )


def _plain(value: object) -> object:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value
