"""Moving the end of a task, and reading why it was moved."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.deadlines.models import Task, TaskExtension
from childcare_api.deadlines.queries import visible
from childcare_api.deadlines.rules import Due
from childcare_api.shared.problems import NotFound

_EXTEND = text("SELECT extend_task(:id, :row_version, :extension, :due_at, :provisional, :escalate_at)")


async def move_term(session: AsyncSession, task: Task, *, extension: int, due: Due, escalate_at: datetime) -> bool:
    """Move the end of a task by an extension; say whether the task was still at its version.

    The wall lets nobody move a term by hand: its own function judges the clock once more.
    """
    moved = {
        "id": task.id,
        "row_version": task.row_version,
        "extension": extension,
        "due_at": due.at,
        "provisional": due.provisional,
        "escalate_at": escalate_at,
    }
    return bool(await session.scalar(_EXTEND, moved))


async def extensions_of(session: AsyncSession, actor: Actor, task_id: UUID) -> Sequence[TaskExtension]:
    """Return why a task was given more time, the oldest first. Raises NotFound for a task outside the scope."""
    if await session.scalar(select(Task.id).where(Task.id == task_id, visible(actor))) is None:
        raise NotFound(task_id=task_id)
    found = await session.scalars(
        select(TaskExtension).where(TaskExtension.task_id == task_id).order_by(TaskExtension.id)
    )
    return found.all()
