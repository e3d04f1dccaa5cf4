"""Starting, finishing and stopping the clocks of the law. Called by the modules whose steps they measure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.deadlines import queries, rules
from childcare_api.deadlines.models import ClockRule, Task
from childcare_api.deadlines.promising.queries import office_of, promised_length
from childcare_api.shared import clock
from childcare_api.shared.ids import new_id


async def start(
    session: AsyncSession,
    rule_code: str,
    *,
    subject_kind: str,
    subject_id: UUID,
    holder: Mapping[str, int | None],
    from_instant: datetime,
    emergency: bool = False,
    receipt_at: datetime | None = None,
    origin_unit_id: int | None = None,
    length: int | None = None,
) -> Task:
    """Start a clock at a stated event and return its task.

    `holder` is `holder_of` the record, which must be the actor's own or of its making: the database refuses a clock
    on another's. In an emergency a term of working days is "as soon as possible", with the ordinary day as the latest
    (NĐ 56/2017, Điều 28.1, 28.4). `receipt_at` is when the holder's office itself learned of the event.
    `origin_unit_id` is the maker's unit where the task is made for another one. `length` is for a term that a
    decision set, in the clock's own unit; else it is what the holder's office promises, if that is shorter than the
    law's.
    """
    row = await prepare(
        session,
        rule_code,
        subject_kind=subject_kind,
        subject_id=subject_id,
        holder=holder,
        from_instant=from_instant,
        emergency=emergency,
        receipt_at=receipt_at,
        origin_unit_id=origin_unit_id,
        length=length,
    )
    task = Task(**row)
    session.add(task)
    return task


async def start_unless_running(
    session: AsyncSession,
    rule_code: str,
    *,
    subject_kind: str,
    subject_id: UUID,
    holder: Mapping[str, int | None],
    from_instant: datetime,
    origin_unit_id: int | None = None,
) -> None:
    """Start a clock that stands for what is no record yet, so that no lock keeps two from starting it at once."""
    row = await prepare(
        session,
        rule_code,
        subject_kind=subject_kind,
        subject_id=subject_id,
        holder=holder,
        from_instant=from_instant,
        origin_unit_id=origin_unit_id,
    )
    await session.execute(insert(Task).values(row).on_conflict_do_nothing())


async def prepare(
    session: AsyncSession,
    rule_code: str,
    *,
    subject_kind: str,
    subject_id: UUID,
    holder: Mapping[str, int | None],
    from_instant: datetime,
    emergency: bool = False,
    receipt_at: datetime | None = None,
    origin_unit_id: int | None = None,
    source_id: UUID | None = None,
    length: int | None = None,
) -> dict[str, Any]:
    """Return the row of a clock's task, as `start` would store it, for the function that hands a record over.

    `source_id` is the hotline that makes it, if it is one.
    """
    day = clock.day_of(from_instant)
    rule = await queries.get_clock(session, rule_code, day)
    if length is None:
        length = await promised_length(session, rule, office_of(holder), clock.today())
    return task_row(
        rule,
        await queries.working_calendar(session, day),
        subject_kind=subject_kind,
        subject_id=subject_id,
        holder=holder,
        from_instant=from_instant,
        emergency=emergency,
        receipt_at=receipt_at,
        origin_unit_id=origin_unit_id,
        source_id=source_id,
        length=length,
    )


async def prepare_in_every_length(
    session: AsyncSession,
    rule_code: str,
    *,
    subject_kind: str,
    subject_id: UUID,
    holder: Mapping[str, int | None],
    from_instant: datetime,
) -> list[dict[str, Any]]:
    """Return the row of a clock's task in each length that an office may promise, and last in the clock's own.

    For a function of the database that alone knows whose clock it is, and so by whose promise it runs.
    """
    day = clock.day_of(from_instant)
    rule = await queries.get_clock(session, rule_code, day)
    calendar = await queries.working_calendar(session, day)
    return [
        task_row(
            rule,
            calendar,
            subject_kind=subject_kind,
            subject_id=subject_id,
            holder=holder,
            from_instant=from_instant,
            emergency=False,
            receipt_at=None,
            origin_unit_id=None,
            length=length,
        )
        for length in (*range(1, rule.length), None)
    ]


def task_row(
    rule: ClockRule,
    calendar: rules.WorkingCalendar,
    *,
    subject_kind: str,
    subject_id: UUID,
    holder: Mapping[str, int | None],
    from_instant: datetime,
    emergency: bool,
    receipt_at: datetime | None,
    origin_unit_id: int | None,
    source_id: UUID | None = None,
    length: int | None = None,
) -> dict[str, Any]:
    """Return the row of a clock's task without storing it, for whoever writes many rows in one statement."""
    urgent = emergency and rule.emergency_article is not None
    term, unit = rule.length if length is None else length, rules.unit_of(rule.unit)
    due = rules.due(calendar, from_instant, term, unit)
    beside = None if receipt_at is None else rules.due(calendar, receipt_at, term, unit)
    return dict(
        **holder,
        id=new_id(),
        row_version=1,
        origin_unit_id=origin_unit_id or holder["unit_id"],
        source_id=source_id,
        rule_code=rule.code,
        rule_valid_from=rule.valid_from,
        article=rule.emergency_article if urgent else rule.article,
        subject_kind=subject_kind,
        subject_id=subject_id,
        answers=rule.answers,
        escalates_to=rule.escalates_to,
        as_soon_as_possible=urgent or rule.as_soon_as_possible,
        starts_at=from_instant,
        due_at=due.at,
        provisional=due.provisional,
        escalate_at=rules.escalation(from_instant, due.at, rule.escalate_before_hours),
        receipt_at=receipt_at,
        receipt_due_at=None if beside is None else beside.at,
        created_at=clock.now(),
        done_at=None,
        done_recorded_at=None,
        cancelled_at=None,
        cancel_reason=None,
        length=length,
        extension=None,
        escalated_at=None,
    )


async def finish(session: AsyncSession, rule_code: str, subject_id: UUID, *, happened_at: datetime) -> Task | None:
    """End a running clock by the event that it waited for, and return its task, or None where none was running."""
    task = await _running(session, rule_code, subject_id)
    if task is not None:
        task.done_at, task.done_recorded_at = happened_at, clock.now()
        task.row_version += 1
        # So that a clock of the same code can start again within this transaction.
        await session.flush()
    return task


async def cancel(
    session: AsyncSession, rule_code: str, subject_id: UUID, *, reason: str, happened_at: datetime | None = None
) -> Task | None:
    """Stop a running clock that no longer applies. `reason` is a code, such as `dismissed`, never a person's words.

    `happened_at` is when the act happened by which it does not, where one was recorded later; no clock stops before it
    began, but for one that is still to begin.
    """
    task = await _running(session, rule_code, subject_id)
    if task is not None:
        _cancel(task, reason, happened_at)
        # As in `finish`.
        await session.flush()
    return task


def _cancel(task: Task, reason: str, happened_at: datetime | None) -> None:
    now = clock.now()
    at = now if happened_at is None else happened_at
    task.cancelled_at, task.cancel_reason = (at if task.starts_at > now else max(at, task.starts_at)), reason
    task.row_version += 1


def meets(task: Task, ended_at: datetime | None, acted_at: datetime | None) -> bool:
    """Say whether an event ended a running clock. `acted_at` is when that happened which is being recorded.

    Anything else of before the clock began has met an earlier one, and not this.
    """
    return ended_at is not None and (ended_at == acted_at or ended_at >= min(task.starts_at, task.created_at))


async def stop(session: AsyncSession, task: Task, *, ended_at: datetime | None, acted_at: datetime | None) -> None:
    """End a running clock that nothing asks for any more: by the event that met it, or cancelled where none did."""
    if ended_at is not None and meets(task, ended_at, acted_at):
        await finish(session, task.rule_code, task.subject_id, happened_at=ended_at)
    else:
        await cancel(session, task.rule_code, task.subject_id, reason="no_longer_due", happened_at=acted_at)


async def cancel_all(
    session: AsyncSession, subject_id: UUID, *, reason: str, happened_at: datetime | None = None
) -> None:
    """Stop every running clock of a subject that is put aside, or that others take over, as `cancel` stops one."""
    # A clock started in this transaction must be found as well.
    await session.flush()
    for task in await queries.open_tasks_of(session, subject_id):
        _cancel(task, reason, happened_at)


async def _running(session: AsyncSession, rule_code: str, subject_id: UUID) -> Task | None:
    # A clock started in this transaction must be found as well.
    await session.flush()
    return await queries.find_open_task(session, rule_code, subject_id)
