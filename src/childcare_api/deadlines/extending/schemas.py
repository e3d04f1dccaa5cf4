"""Bodies and answers of extending a task."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from childcare_api.shared.schemas import Answer, Command, Instant, Reason


class ExtendTask(Command):
    """Give a task more time, with the reason."""

    length: Annotated[int, Field(ge=1, le=1000)] = Field(description="In the clock's own unit.")
    reason: Annotated[Reason, Field(max_length=1000)]


class TaskExtensionOut(Answer):
    """That a task was given more time, and why."""

    id: UUID
    length: int
    reason: str
    old_due_at: Instant
    new_due_at: Instant
    extended_at: Instant
    extended_by: UUID


class TaskExtensionList(Answer):
    """The extensions of a task, all at once: each adds one unit of its clock or more, no further than the clock allows.

    So there are never more than the clock's `extendable_by`.
    """

    items: list[TaskExtensionOut]
