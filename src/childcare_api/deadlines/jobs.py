"""What tasks do by themselves: those that nobody did in time climb to those above, which is told and written down."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access import audit
from childcare_api.access.scope import open_worker_connection
from childcare_api.deadlines.models import Task
from childcare_api.jobs.worker import Handler
from childcare_api.shared import clock
from childcare_api.shared.db import Database


async def announce_escalations(database: Database) -> None:
    """Put into the outbox what is to be told to those above, each task once a term."""
    async with open_worker_connection(database) as connection:
        await connection.fetchval("SELECT announce_escalations($1)", clock.now())


async def record_escalation(session: AsyncSession, payload: dict[str, Any]) -> None:
    """Write into the audit that a task climbed, so that the inspector of its unit finds it."""
    task = await session.get(Task, UUID(payload["task_id"]))
    if task is None or task.done_at is not None or task.cancelled_at is not None:
        return
    await audit.record(
        session,
        "task.escalated",
        subject_kind="task",
        subject_id=task.id,
        detail={"rule": task.rule_code, "subject_id": str(task.subject_id), "escalates_to": list(task.escalates_to)},
        holder=task,
    )


HANDLERS: Mapping[str, Sequence[Handler]] = {"task.escalated": (record_escalation,)}
