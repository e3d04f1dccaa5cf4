"""Giving a task more time. A term whose number the decree states gets none."""

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access import audit
from childcare_api.access.actor import Actor
from childcare_api.deadlines import queries, rules
from childcare_api.deadlines.errors import TaskEnded, TermNotExtendable
from childcare_api.deadlines.extending.queries import move_term
from childcare_api.deadlines.extending.schemas import ExtendTask
from childcare_api.deadlines.models import ClockRule, Task, TaskExtension
from childcare_api.shared import clock
from childcare_api.shared.db import holder_of
from childcare_api.shared.ids import new_id
from childcare_api.shared.problems import StaleVersion


async def extend_task(session: AsyncSession, actor: Actor, task: Task, rule: ClockRule, command: ExtendTask) -> Task:
    """Reckon a task anew with more time, counted from where its clock began, and write down why."""
    if task.done_at is not None or task.cancelled_at is not None:
        raise TaskEnded
    extension, before = (task.extension or 0) + command.length, task.due_at
    if rule.extension_length is None or extension > rule.extension_length:
        left = max((rule.extension_length or 0) - (task.extension or 0), 0)
        raise TermNotExtendable(article=task.article, extendable_by=left)
    length = (rule.length if task.length is None else task.length) + extension
    calendar = await queries.working_calendar(session, clock.day_of(task.starts_at))
    due = rules.due(calendar, task.starts_at, length, rules.unit_of(rule.unit))
    escalate_at = rules.escalation(task.starts_at, due.at, rule.escalate_before_hours)
    if not await move_term(session, task, extension=extension, due=due, escalate_at=escalate_at):
        raise StaleVersion(row_version=task.row_version)
    session.add(
        TaskExtension(
            **holder_of(task),
            id=new_id(),
            task_id=task.id,
            length=command.length,
            reason=command.reason,
            old_due_at=before,
            new_due_at=due.at,
            extended_at=clock.now(),
            extended_by=actor.id,
        )
    )
    await audit.record(
        session,
        "task.extended",
        subject_kind="task",
        subject_id=task.id,
        detail={"rule": task.rule_code, "length": command.length, "subject_id": str(task.subject_id)},
        holder=task,
    )
    await session.flush()  # The extension is written before the task is read back.
    await session.refresh(task)
    return task
