"""Reading the calendar, the clocks and the tasks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from time import monotonic
from uuid import UUID

import asyncpg
from sqlalchemy import ColumnElement, Select, and_, any_, false, literal, not_, or_, select, text, true, tuple_
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.access.permissions import Level, Role
from childcare_api.access.scope import in_scope
from childcare_api.deadlines.data import calendar_of
from childcare_api.deadlines.models import CalendarDayRow, CalendarYearRow, ClockRule, Task
from childcare_api.deadlines.rules import IN_CASES, WorkingCalendar, path_of
from childcare_api.deadlines.schemas import TaskOut
from childcare_api.shared.problems import NotFound

_OF_STEPS = text("SELECT step_id, case_id FROM cases_of_steps(CAST(:steps AS uuid[]))")
_REFS = text("SELECT id, external_ref FROM intakes WHERE id = ANY (:reports) AND external_ref IS NOT NULL")
_REFS_OF_SOURCE = text("SELECT intake_id AS id, external_ref FROM hotline_referrals WHERE intake_id = ANY (:reports)")
_STEPS_OF_CASE = text("SELECT steps_of_case(:case_id)")
_LEFT = text("SELECT subject_id, commune_id FROM left_without(CAST(:roles AS text[]))")
_KEPT_SECONDS, _KEPT_DAYS = 60, 16
_kept_clocks: dict[tuple[tuple[str, ...], date], tuple[float, dict[str, ClockRule]]] = {}
_CLOCKS_ON = """
SELECT DISTINCT ON (code) * FROM clock_rules
WHERE code = ANY($1) AND valid_from <= $2 AND (valid_to IS NULL OR valid_to >= $2)
ORDER BY code, valid_from DESC
"""


async def get_clock(session: AsyncSession, code: str, on: date) -> ClockRule:
    """Return the clock as it stands on a day; a day before the first edition is judged by that, as limits are.

    A report of old, or one whose year was mistyped, waits for somebody all the same. Raises LookupError for a code that
    no edition knows.
    """
    editions = select(ClockRule).where(ClockRule.code == code)
    held = editions.where(ClockRule.valid_from <= on, or_(ClockRule.valid_to.is_(None), ClockRule.valid_to >= on))
    rule = await session.scalar(held.order_by(ClockRule.valid_from.desc()).limit(1))
    if rule is None:
        first = editions.where(ClockRule.valid_from > on)
        rule = await session.scalar(first.order_by(ClockRule.valid_from).limit(1))
    if rule is None:
        raise LookupError(code)
    return rule


async def working_calendar(session: AsyncSession, since: date) -> WorkingCalendar:
    """Return the newest edition of every special day from a day on."""
    days = await session.execute(
        select(CalendarDayRow.day, CalendarDayRow.works, CalendarDayRow.status)
        .where(CalendarDayRow.day >= since)
        .ext(distinct_on(CalendarDayRow.day))
        .order_by(CalendarDayRow.day, CalendarDayRow.edition.desc())
    )
    years = await session.execute(
        select(CalendarYearRow.year, CalendarYearRow.status)
        .ext(distinct_on(CalendarYearRow.year))
        .order_by(CalendarYearRow.year, CalendarYearRow.edition.desc())
    )
    return calendar_of(((row.day, row.works, row.status) for row in days), ((row.year, row.status) for row in years))


async def find_open_task(session: AsyncSession, rule_code: str, subject_id: UUID) -> Task | None:
    """Return the running task of a clock for a subject, locked; only where it stands in the scope of the session."""
    task: Task | None = await session.scalar(
        select(Task)
        .where(
            Task.subject_id == subject_id,
            Task.rule_code == rule_code,
            Task.done_at.is_(None),
            Task.cancelled_at.is_(None),
        )
        .with_for_update()
    )
    return task


async def done_from(session: AsyncSession, rule_code: str, subject_id: UUID) -> set[datetime]:
    """Return from when those clocks of a subject ran that were ended by the event that they waited for."""
    found = await session.scalars(
        select(Task.starts_at).where(
            Task.subject_id == subject_id, Task.rule_code == rule_code, Task.done_at.is_not(None)
        )
    )
    return set(found)


async def open_tasks_of(session: AsyncSession, subject_id: UUID) -> Sequence[Task]:
    """Return the running tasks of a subject, locked; only those that stand in the scope of the session."""
    found = await session.scalars(
        select(Task)
        .where(Task.subject_id == subject_id, Task.done_at.is_(None), Task.cancelled_at.is_(None))
        .with_for_update()
    )
    return found.all()


async def lock_task(session: AsyncSession, actor: Actor, task_id: UUID) -> Task:
    """Return a task of the actor's own unit, locked until commit. Raises NotFound for one outside the scope."""
    task: Task | None = await session.scalar(select(Task).where(Task.id == task_id, visible(actor)).with_for_update())
    if task is None:
        raise NotFound(task_id=task_id)
    return task


async def clocks_on(connection: asyncpg.Connection, codes: tuple[str, ...], on: date) -> dict[str, ClockRule]:
    """Return several clocks as they stand on a day; kept for a minute, because every report asks for the same."""
    kept = _kept_clocks.get((codes, on))
    if kept is not None and kept[0] > monotonic():
        return kept[1]
    rows = await connection.fetch(_CLOCKS_ON, codes, on)
    clocks = {row["code"]: ClockRule(**dict(row)) for row in rows}
    if len(_kept_clocks) > _KEPT_DAYS:
        _kept_clocks.clear()
    _kept_clocks[codes, on] = (monotonic() + _KEPT_SECONDS, clocks)
    return clocks


def visible(actor: Actor) -> ColumnElement[bool]:
    """Say which tasks exist for an actor: those of its unit, or of the hotline's own queue."""
    if actor.source_id is not None:
        return and_(Task.source_id == actor.source_id, Task.province_id.is_(None))
    return in_scope(Task, actor)


@dataclass(frozen=True, slots=True)
class LeftOver:
    """What nobody may see who should do it: it falls to who stands above them. For each post below, what that is.

    A case may wait in several communes: where somebody may do it, nothing is left over.
    """

    below: tuple[tuple[Role, frozenset[tuple[UUID, int | None]]], ...] = ()

    def has(self, task: Task) -> bool:
        """Say whether a task is left over: nobody of its lowest post may see it, and of none between that and here."""
        for role, subjects in self.below:
            if role in task.answers:
                return (task.subject_id, task.commune_id) in subjects
        return False

    def clause(self) -> ColumnElement[bool]:
        """Return the same for a statement."""
        parts: list[ColumnElement[bool]] = []
        higher: list[ColumnElement[bool]] = []
        for role, subjects in self.below:
            answers = literal(role.value) == any_(Task.answers)
            if subjects:
                parts.append(
                    and_(
                        answers,
                        tuple_(Task.subject_id, Task.commune_id).in_(subjects),
                        *(not_(other) for other in higher),
                    )
                )
            higher.append(answers)
        return or_(false(), *parts)


_OFFICER, _LEADER = Role.COMMUNE_OFFICER, Role.COMMUNE_LEADER
_UP_TO_LEADER = ((_OFFICER, (_OFFICER, _LEADER)), (_LEADER, (_LEADER,)))
_BELOW: dict[Role, tuple[tuple[Role, tuple[Role, ...]], ...]] = {
    Role.COMMUNE_LEADER: ((_OFFICER, (_OFFICER,)),),
    Role.PROVINCE_OFFICER: _UP_TO_LEADER,
    Role.PROVINCE_LEADER: _UP_TO_LEADER,
}
"""Whose tasks fall to whom, and from whom all of the commune they must be kept: an officer's fall to the leader first;
what the leader alone decides falls to the province though the officers see it."""


async def left_over(session: AsyncSession, actor: Actor) -> LeftOver:
    """Return what falls to the actor, because it is kept or sealed from everybody in the commune who should do it."""
    below = []
    for role, posts in () if actor.role is None else _BELOW.get(actor.role, ()):
        found = await session.execute(_LEFT, {"roles": [post.value for post in posts]})
        below.append((role, frozenset((row.subject_id, row.commune_id) for row in found)))
    return LeftOver(tuple(below))


def mine(actor: Actor, now: datetime, left: LeftOver) -> ColumnElement[bool]:
    """Say which of the visible tasks wait for the actor itself.

    Those that its role answers for, those escalated to its role, what is left over from below, and at the province
    those that no commune holds yet.
    """
    if actor.role in {None, Role.HOTLINE_OPERATOR}:
        return true()
    role = literal(str(actor.role))
    waiting = or_(
        role == any_(Task.answers),
        and_(role == any_(Task.escalates_to), Task.escalate_at <= now),
    )
    if any(subjects for _, subjects in left.below):
        waiting = or_(waiting, left.clause())
    if actor.level is Level.PROVINCE:
        return or_(waiting, Task.commune_id.is_(None))
    return waiting


def open_tasks(
    actor: Actor,
    now: datetime,
    *,
    left: LeftOver,
    whose: str,
    status: str | None,
    subject_id: UUID | None,
    about: Sequence[UUID] | None,
    commune_id: int | None = None,
) -> Select[Task]:
    """Return the statement for the running tasks that an actor is shown: about one record, some, or all."""
    statement = select(Task).where(visible(actor), Task.done_at.is_(None), Task.cancelled_at.is_(None))
    if whose == "mine":
        statement = statement.where(mine(actor, now, left))
    if whose == "my_unit" and actor.level is Level.PROVINCE:
        statement = statement.where(Task.commune_id.is_(None))
    if commune_id is not None:
        statement = statement.where(Task.commune_id == commune_id)
    if subject_id is not None:
        statement = statement.where(Task.subject_id == subject_id)
    if about is not None:
        statement = statement.where(Task.subject_id.in_(about))
    match status:
        case "due":
            statement = statement.where(Task.due_at >= now)
        case "overdue":
            statement = statement.where(Task.due_at < now, Task.provisional.is_(False))
        case "undecided":
            statement = statement.where(Task.due_at < now, Task.provisional.is_(True))
        case "escalated":
            statement = statement.where(Task.escalate_at <= now)
    return statement


async def steps_of_case(session: AsyncSession, actor: Actor, case_id: UUID) -> Sequence[UUID]:
    """Return the steps of a case, which tasks are about as well; none of a case that the actor is not told of."""
    if actor.source_id is not None or actor.level is Level.CENTRAL:
        return []
    return list(await session.scalar(_STEPS_OF_CASE, {"case_id": case_id}) or ())


async def tasks_out(
    session: AsyncSession, actor: Actor, tasks: Sequence[Task], now: datetime, left: LeftOver
) -> list[TaskOut]:
    """Return the answers for tasks, each with the case that it belongs to where the actor is told of that case."""
    clocks = await clocks_of(session, tasks)
    cases = {task.subject_id: task.subject_id for task in tasks if task.subject_kind == "case"}
    steps = [task.subject_id for task in tasks if task.subject_kind in IN_CASES]
    if steps:
        cases |= {row.step_id: row.case_id for row in await session.execute(_OF_STEPS, {"steps": steps})}
    refs = await _numbers_of_reports(session, actor, tasks)
    return [
        TaskOut.of(
            task,
            clocks[task.rule_code, task.rule_valid_from],
            now,
            left_over=left.has(task),
            case_id=cases.get(task.subject_id),
            path=path_of(
                task.rule_code,
                task.subject_kind,
                task.subject_id,
                cases.get(task.subject_id),
                level=actor.level if actor.source_id is None else None,
                may=actor.may,
            ),
            external_ref=refs.get(task.subject_id),
        )
        for task in tasks
    ]


async def _numbers_of_reports(session: AsyncSession, actor: Actor, tasks: Sequence[Task]) -> dict[UUID, str]:
    """Return what the source of each report calls it; a hotline knows its own referrals, and reads no report."""
    reports = [task.subject_id for task in tasks if task.subject_kind == "intake"]
    if not reports:
        return {}
    statement = _REFS if actor.source_id is None else _REFS_OF_SOURCE
    return {row.id: row.external_ref for row in await session.execute(statement, {"reports": reports})}


async def clocks_of(session: AsyncSession, tasks: Sequence[Task]) -> dict[tuple[str, date], ClockRule]:
    """Return the clocks that tasks run by, for their titles."""
    keys = {(task.rule_code, task.rule_valid_from) for task in tasks}
    rows = await session.scalars(select(ClockRule).where(tuple_(ClockRule.code, ClockRule.valid_from).in_(keys)))
    return {(rule.code, rule.valid_from): rule for rule in rows}
