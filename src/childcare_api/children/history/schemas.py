"""Answers of the history of a child's record."""

from datetime import date
from typing import Any
from uuid import UUID

from childcare_api.shared.schemas import Answer, Instant


class FieldChange(Answer):
    """A field before and after."""

    old: Any
    new: Any


class ChangeOut(Answer):
    """One change of a child's record: who, when, which version it made, and what became of each field."""

    row_version: int
    recorded_at: Instant
    recorded_by: UUID
    unit_id: int
    action: str
    part: str
    part_id: UUID | None
    fields: dict[str, FieldChange]


class ChildHistory(Answer):
    """The changes of a record, newest first, and on demand the record as of a day."""

    items: list[ChangeOut]
    as_of: date | None
    record: dict[str, Any] | None
    next_cursor: str | None
