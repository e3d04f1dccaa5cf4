"""Reading and locking reports, and the one statement that stores a new one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import orjson
from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.access.scope import bare_connection, in_scope, second_look
from childcare_api.intake.models import (
    Intake,
    IntakeAssessment,
    IntakeChild,
    IntakeReexamination,
    IntakeSafetyMeasure,
    IntakeTransfer,
    IntakeUpdate,
)
from childcare_api.shared.concurrency import Version
from childcare_api.shared.db import Holder
from childcare_api.shared.ids import new_id
from childcare_api.shared.problems import IdTaken, NotFound

ROWS_OF_A_REPORT = """
children AS (
    INSERT INTO intake_children
    SELECT r.* FROM wanted, jsonb_populate_recordset(NULL::intake_children, $2::text::jsonb) r
), reporter AS (
    INSERT INTO intake_reporters
    SELECT r.* FROM wanted, jsonb_populate_recordset(NULL::intake_reporters, $3::text::jsonb) r
), clocks AS (
    INSERT INTO tasks SELECT r.* FROM wanted, jsonb_populate_recordset(NULL::tasks, $4::text::jsonb) r
), told AS (
    INSERT INTO outbox (id, event, payload)
    SELECT $5, 'intake.received', jsonb_build_object('intake_id', $6::uuid) FROM wanted
), report AS (
    INSERT INTO intakes SELECT r.* FROM wanted, jsonb_populate_recordset(NULL::intakes, $1::text::jsonb) r
)
"""
"""The rows of a new report with its outbox event, where the query `wanted` has a row; the database tells the audit.

One data-modifying statement, because five of them would be five journeys; and nothing in it returns a row, because
whoever creates a report elsewhere may not read it. In which order the rows are written is PostgreSQL's affair: an id
that is taken is no row of `wanted`, and of two at once the later fails on a key, whichever it meets first.
"""

# An id that the caller made may be taken, anywhere.
_RECEIVE = "WITH wanted AS (SELECT true AS new WHERE intake_is_new($6::uuid)), " + ROWS_OF_A_REPORT
_RECEIVE += "SELECT new FROM wanted"
_KNOWN_CODES = "SELECT code FROM code_list_entries WHERE list_name = $1 AND code = ANY($2)"
_RECEIPT = "SELECT * FROM intake_receipt($1)"
_REVEAL = "SELECT * FROM intake_reporter_revealed($1, $2)"
_HAND_OVER = "SELECT intake_hand_over($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::text::jsonb)"


@dataclass(frozen=True, slots=True)
class ReportRows:
    """A new report as rows, not yet stored."""

    intake: dict[str, Any]
    children: list[dict[str, Any]]
    reporter: list[dict[str, Any]]
    tasks: list[dict[str, Any]]
    outbox_id: UUID

    def parameters(self) -> tuple[object, ...]:
        """Return the six parameters of ROWS_OF_A_REPORT."""
        # asyncpg has a UUID class of its own, which orjson does not know: hence default.
        rows = ([self.intake], self.children, self.reporter, self.tasks)
        texts = (orjson.dumps(each, default=str).decode() for each in rows)
        return *texts, self.outbox_id, self.intake["id"]


async def store_report(session: AsyncSession, rows: ReportRows) -> None:
    """Store a new report. Its id may be taken: that is IdTaken, wherever it is taken."""
    connection = await bare_connection(session)
    if await connection.fetchval(_RECEIVE, *rows.parameters()) is None:
        raise IdTaken


async def known_codes(connection: asyncpg.Connection, name: str, codes: Collection[str]) -> set[str]:
    """Return those of some codes that a code list has, or once had."""
    rows = await connection.fetch(_KNOWN_CODES, name, list(codes))
    return {row["code"] for row in rows}


async def get_receipt(session: AsyncSession, intake_id: UUID) -> asyncpg.Record:
    """Return what the maker of a report may know of it, wherever it stands. Raises NotFound for everybody else's."""
    connection = await bare_connection(session)
    row = await connection.fetchrow(_RECEIPT, intake_id)
    if row is None:
        raise NotFound(intake_id=intake_id)
    return row


async def reveal_reporter(session: AsyncSession, intake_id: UUID, reason: str) -> asyncpg.Record | None:
    """Break the seal; the database writes the audit event itself. Returns None where nobody is recorded."""
    connection = await bare_connection(session)
    return await connection.fetchrow(_REVEAL, intake_id, reason)


async def lock_intake(session: AsyncSession, actor: Actor, intake_id: UUID, version: Version) -> Intake:
    """Return the report at that version, locked until commit. One outside the actor's scope does not exist here."""
    return version.check(await _locked(session, actor, intake_id))


async def _locked(session: AsyncSession, actor: Actor, intake_id: UUID) -> Intake:
    intake = await session.scalar(
        select(Intake).where(Intake.id == intake_id, in_scope(Intake, actor)).with_for_update()
    )
    if intake is None:
        raise NotFound(intake_id=intake_id)
    return intake


async def find_intake(session: AsyncSession, actor: Actor, intake_id: UUID) -> Intake | None:
    """Return a report of the actor's scope."""
    found: Intake | None = await session.scalar(select(Intake).where(Intake.id == intake_id, in_scope(Intake, actor)))
    return found


async def get_intake(session: AsyncSession, actor: Actor, intake_id: UUID) -> Intake:
    """Return a report of the actor's scope. Raises NotFound."""
    intake = await find_intake(session, actor, intake_id)
    if intake is None:
        raise NotFound(intake_id=intake_id)
    return intake


async def find_granted(session: AsyncSession, intake_id: UUID) -> Intake | None:
    """Return a report that was granted to the actor's commune; inside `second_look`."""
    found: Intake | None = await session.scalar(select(Intake).where(Intake.id == intake_id))
    return found


@dataclass(frozen=True, slots=True)
class IntakeFile:
    """A report with all its parts."""

    intake: Intake
    children: Sequence[IntakeChild]
    assessments: Sequence[IntakeAssessment]
    measures: Sequence[IntakeSafetyMeasure]
    transfers: Sequence[IntakeTransfer]
    updates: Sequence[IntakeUpdate]
    reexaminations: Sequence[IntakeReexamination]


def counting(file: IntakeFile) -> list[IntakeAssessment]:
    """Return the assessments that count: not in error, and made since the report was last taken up again."""
    again = max((each.recorded_at for each in file.reexaminations), default=None)
    return [
        each
        for each in file.assessments
        if each.entered_in_error_at is None and (again is None or each.recorded_at > again)
    ]


async def get_file(session: AsyncSession, actor: Actor, intake_id: UUID) -> IntakeFile:
    """Return a report in full: of the actor's scope, else what another commune granted to this one. Or NotFound."""
    intake = await find_intake(session, actor, intake_id)
    if intake is not None:
        return await file_of(session, intake)
    if actor.database_role != "childcare_commune":
        raise NotFound(intake_id=intake_id)
    async with second_look(session):
        intake = await find_granted(session, intake_id)
        if intake is None:
            raise NotFound(intake_id=intake_id)
        return await file_of(session, intake)


async def file_of(session: AsyncSession, intake: Intake) -> IntakeFile:
    """Return the parts of a report that was found."""
    return IntakeFile(
        intake=intake,
        children=(
            await session.scalars(select(IntakeChild).where(*_part(IntakeChild, intake)).order_by(IntakeChild.position))
        ).all(),
        assessments=(
            await session.scalars(
                select(IntakeAssessment)
                .where(*_part(IntakeAssessment, intake))
                .order_by(IntakeAssessment.recorded_at, IntakeAssessment.id)
            )
        ).all(),
        measures=(
            await session.scalars(
                select(IntakeSafetyMeasure)
                .where(*_part(IntakeSafetyMeasure, intake))
                .order_by(IntakeSafetyMeasure.happened_at, IntakeSafetyMeasure.id)
            )
        ).all(),
        transfers=(
            await session.scalars(
                select(IntakeTransfer)
                .where(*_part(IntakeTransfer, intake))
                .order_by(IntakeTransfer.transferred_at, IntakeTransfer.id)
            )
        ).all(),
        updates=(
            await session.scalars(
                select(IntakeUpdate)
                .where(*_part(IntakeUpdate, intake))
                .order_by(IntakeUpdate.recorded_at, IntakeUpdate.id)
            )
        ).all(),
        reexaminations=(
            await session.scalars(
                select(IntakeReexamination)
                .where(*_part(IntakeReexamination, intake))
                .order_by(IntakeReexamination.recorded_at, IntakeReexamination.id)
            )
        ).all(),
    )


def _part(model: type[Any], intake: Intake) -> tuple[ColumnElement[bool], ...]:
    # The commune beside the id, as in the key that parts refer by; empty where no commune holds the report yet.
    return model.intake_id == intake.id, model.commune_id.is_not_distinct_from(intake.commune_id)


def intakes_statement(actor: Actor, *, status: str | None, emergency: bool | None) -> Select[Intake]:
    """Return the statement for the reports of an actor's scope."""
    return _filtered(select(Intake).where(in_scope(Intake, actor)), status=status, emergency=emergency)


def granted_statement(*, status: str | None, emergency: bool | None) -> Select[Intake]:
    """Return the statement for the reports that others granted to this commune; inside `second_look`."""
    return _filtered(select(Intake), status=status, emergency=emergency)


def _filtered(statement: Select[Intake], *, status: str | None, emergency: bool | None) -> Select[Intake]:
    if status is not None:
        statement = statement.where(Intake.status == status)
    if emergency is not None:
        statement = statement.where(Intake.emergency.is_(emergency))
    return statement


async def get_assessment(session: AsyncSession, intake: Intake, assessment_id: UUID) -> IntakeAssessment:
    """Return an assessment of a report. Raises NotFound."""
    found = await session.scalar(
        select(IntakeAssessment).where(*_part(IntakeAssessment, intake), IntakeAssessment.id == assessment_id)
    )
    if found is None:
        raise NotFound(assessment_id=assessment_id)
    return found


async def hand_over(
    session: AsyncSession,
    intake_id: UUID,
    to: dict[str, int | None],
    *,
    reason: str,
    happened_at: datetime,
    now: datetime,
    clocks: list[dict[str, Any]],
) -> bool:
    """Move a report across a border, and start these clocks there.

    The database checks that it is ours to give, and records it on both sides.
    """
    connection = await bare_connection(session)
    moved: bool = await connection.fetchval(
        _HAND_OVER,
        intake_id,
        new_id(),
        new_id(),
        new_id(),
        to["unit_id"],
        to["village_id"],
        to["commune_id"],
        to["province_id"],
        reason,
        happened_at,
        now,
        orjson.dumps(clocks, default=str).decode(),
    )
    return moved


def same_office(record: Holder, to: dict[str, int | None]) -> bool:
    """Return whether a record already stands where it is to go."""
    return (record.commune_id, record.province_id) == (to["commune_id"], to["province_id"])
