"""Acting on a case that another commune leads: what the commune of the incident may decide there, through its grant.

The decree lets either commune's leader separate a child (NĐ 56/2017, Điều 32.2). The rows are written by one function
of the gate, which judges the grant, the version and the leader itself; nothing here enters the other unit's scope.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import inspect, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.access.permissions import Level
from childcare_api.access.scope import in_scope, second_look
from childcare_api.cases.file.clocks import PLACE, SEPARATED
from childcare_api.cases.file.grants import OF_INCIDENT
from childcare_api.cases.file.models import Case, CaseGrant, CaseStatus, CaseStep, StepDetail, StepKind
from childcare_api.cases.file.moved import not_led_here
from childcare_api.cases.file.queries import CaseFile, is_granted, lock_file, with_parts
from childcare_api.cases.placing.rules import END_TEMPORARY
from childcare_api.cases.separating.rules import days_in_all
from childcare_api.deadlines import actions as deadlines
from childcare_api.shared import clock
from childcare_api.shared.concurrency import Version
from childcare_api.shared.db import Base, holder_of
from childcare_api.shared.problems import NotFound, StaleVersion

_ACT = text(
    "SELECT case_act_from_incident(:case_id, :row_version, CAST(:step AS jsonb), :table, CAST(:detail AS jsonb),"
    " CAST(:clocks AS jsonb), :now)"
)
_STALE = -1


async def lock_file_or_part(
    session: AsyncSession, actor: Actor, case_id: UUID, kind: StepKind, *, version: Version
) -> CaseFile:
    """Return the locked file of the actor's own commune, or its part of one that began with an incident there.

    What is not its own is not locked here: the gate does that, and judges the version once more. Raises NotFound.
    """
    mine = await session.scalar(select(Case.id).where(Case.id == case_id, in_scope(Case, actor)))
    if mine is not None or actor.level is not Level.COMMUNE:
        return await lock_file(session, actor, case_id, version=version)
    async with second_look(session):
        case = await session.scalar(select(Case).where(Case.id == case_id, is_granted(actor)))
        grants = await session.scalars(select(CaseGrant).where(CaseGrant.case_id == case_id))
        if case is None or not any(one.reason == OF_INCIDENT and kind.value in one.kinds for one in grants):
            raise await not_led_here(session, actor, case_id)
        version.check(case)
        file = await with_parts(session, case)
    # Nothing of this session may write them back.
    for row in (case, *file.steps, *file.plans.values()):
        session.expunge(row)
    file.elsewhere = True
    # Only some kinds of step are seen from here; where the case stands is written in its head.
    file.standing.status = CaseStatus(case.status)
    file.standing.separation_id, file.standing.separation_ends_at = case.separation_id, case.separation_ends_at
    return file


@asynccontextmanager
async def eyes_of(session: AsyncSession, file: CaseFile) -> AsyncIterator[None]:
    """Read with the eyes that the file was found with."""
    if not file.elsewhere:
        yield
        return
    async with second_look(session):
        yield


async def record_elsewhere(session: AsyncSession, file: CaseFile, step: CaseStep, detail: StepDetail) -> None:
    """Have the gate write a step of a separation into the other commune's file. Raises NotFound or StaleVersion."""
    _take(file, step)
    separation, until = file.step(file.standing.separation_id), file.standing.separation_ends_at
    if separation is None or until is None:
        running = [await task_of(session, file, END_TEMPORARY, step.happened_at)]
    else:
        running = await running_clocks(session, file, separation, until)
    answer = await session.scalar(
        _ACT,
        {
            "case_id": file.case.id,
            "row_version": file.case.row_version,
            "step": _json(_row(step)),
            "table": detail.__tablename__,
            "detail": _json(_row(detail)),
            "clocks": _json(running),
            "now": clock.now(),
        },
    )
    if answer is None:
        raise NotFound(case_id=file.case.id)
    if answer == _STALE:
        raise StaleVersion(row_version=file.case.row_version)
    file.case.row_version = answer


def _take(file: CaseFile, step: CaseStep) -> None:
    """Take a step into what is seen of the file: the one it stands on may be out of sight."""
    standing = file.standing
    standing.counting.add(step.id)
    match step.kind:
        case StepKind.SEPARATION:
            standing.separation_id, standing.separation_ends_at = step.id, step.ends_at
        case StepKind.SEPARATION_EXTENDED:
            standing.separation_ends_at = step.ends_at
        case _:
            standing.separation_id, standing.separation_ends_at = None, None


async def running_clocks(
    session: AsyncSession, file: CaseFile, separation: CaseStep, ends_at: datetime
) -> list[dict[str, Any]]:
    """Return the tasks of a separation as they run while it is in force; the gate judges which of them do."""
    began_at = separation.happened_at
    return [
        await task_of(session, file, SEPARATED, began_at, length=days_in_all(began_at, ends_at)),
        await task_of(session, file, PLACE, separation.informed_at or began_at),
    ]


async def task_of(
    session: AsyncSession, file: CaseFile, rule: str, since: datetime, *, length: int | None = None
) -> dict[str, Any]:
    """Return a task of whoever leads a case elsewhere as it would run; the gate judges whether it does."""
    case = file.case
    return await deadlines.prepare(
        session,
        rule,
        subject_kind="case",
        subject_id=case.id,
        holder=holder_of(case),
        from_instant=since,
        emergency=case.emergency,
        length=length,
    )


def _row(record: Base) -> dict[str, Any]:
    return {column.key: getattr(record, column.key) for column in inspect(type(record)).columns}


def _json(value: object) -> str:
    # asyncpg has a UUID class of its own, which orjson does not know: hence default.
    return orjson.dumps(value, default=str).decode()
