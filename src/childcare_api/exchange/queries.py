"""Reading a hotline's own referrals and feedback, and the one statement that stores a referral."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import asyncpg
import orjson
from sqlalchemy import ColumnElement, Select, literal_column, select
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.access.scope import bare_connection
from childcare_api.exchange.models import HotlineFeedback, HotlineReferral
from childcare_api.intake.queries import ROWS_OF_A_REPORT, ReportRows
from childcare_api.shared.ids import new_id
from childcare_api.shared.problems import NotFound

# Two posts of one number at once: the second waits here for the first, then finds it taken and writes nothing.
_WANTED = """
WITH wanted AS (
    INSERT INTO hotline_referrals (id, row_version, source_id, source, external_ref, body_digest, intake_id,
        received_at, recorded_at)
    VALUES ($7, 1, $8, hotline_source_name(), $9, $10, $6, $11, $12)
    ON CONFLICT (source_id, external_ref) DO NOTHING
    RETURNING source
), """
_REFER = _WANTED + ROWS_OF_A_REPORT + "SELECT source FROM wanted"  # noqa: S608 - constants alone
_KNOWN = """
SELECT r.*, s.status, s.acknowledged_at, s.emergency, s.commune_id, s.province_id
FROM hotline_referrals r CROSS JOIN LATERAL hotline_referral_state(r.id) s
WHERE r.source_id = $1 AND r.external_ref = $2
"""
_UPDATE = "SELECT hotline_update_referral($1, $2, $3, $4::text::jsonb, $5, $6::text::jsonb)"
_OFFICE = "SELECT s.commune_id, s.province_id FROM hotline_referral_state($1) s"
_WITHDRAW = "SELECT hotline_withdraw_referral($1, $2, $3, $4)"
_HORIZON = "(SELECT access.place_of(pg_snapshot_xmin(pg_current_snapshot())))"
_TELL = "SELECT hotline_tell($1, $2, $3, $4, $5, $6, $7)"
_JOINED = "SELECT hotline_joined($1, $2) AS intake_id"
_NO_LONGER = "SELECT hotline_no_longer($1, $2) AS step_id"
_TAKE_BACK = "SELECT hotline_take_back($1, $2, $3, $4, $5, $6)"


@dataclass(frozen=True, slots=True)
class NewReferral:
    """A referral as a row, not yet stored."""

    id: UUID
    external_ref: str
    body_digest: str
    report: ReportRows


async def store_referral(connection: asyncpg.Connection, actor: Actor, referral: NewReferral) -> str | None:
    """Store a referral with its report, and return the source's name; None where the number was used before."""
    intake = referral.report.intake
    source: str | None = await connection.fetchval(
        _REFER,
        *referral.report.parameters(),
        referral.id,
        actor.source_id,
        referral.external_ref,
        referral.body_digest,
        intake["received_at"],
        intake["recorded_at"],
    )
    return source


async def known_referral(connection: asyncpg.Connection, actor: Actor, external_ref: str) -> asyncpg.Record:
    """Return an own referral with how far its report is. Raises NotFound."""
    row = await connection.fetchrow(_KNOWN, actor.source_id, external_ref)
    if row is None:
        raise NotFound(external_ref=external_ref)
    return row


def own(actor: Actor, source: str, external_ref: str) -> tuple[ColumnElement[bool], ...]:
    """Say which referral is meant: the caller's own by that number, under its own name."""
    return (
        HotlineReferral.source_id == actor.source_id,
        HotlineReferral.source == source,
        HotlineReferral.external_ref == external_ref,
    )


async def get_referral(session: AsyncSession, actor: Actor, source: str, external_ref: str) -> HotlineReferral:
    """Return an own referral. Raises NotFound."""
    found = await session.scalar(select(HotlineReferral).where(*own(actor, source, external_ref)))
    if found is None:
        raise NotFound(external_ref=external_ref)
    return found


async def lock_referral(session: AsyncSession, actor: Actor, source: str, external_ref: str) -> HotlineReferral:
    """Return an own referral, locked until commit. Raises NotFound."""
    found = await session.scalar(select(HotlineReferral).where(*own(actor, source, external_ref)).with_for_update())
    if found is None:
        raise NotFound(external_ref=external_ref)
    return found


async def update_report(
    session: AsyncSession,
    referral_id: UUID,
    said: Mapping[str, Any],
    *,
    now: datetime,
    clocks: Sequence[Mapping[str, Any]],
) -> str | None:
    """Add an update to the report behind an own referral, wherever that stands; None where it was withdrawn.

    `no_case_open` where it tells of danger that nobody would look at: every case on the report is closed, or the report
    was marked as an error; else `added`.

    `clocks` start where the report was put aside, and is received again by this, or where it tells of danger.
    """
    connection = await bare_connection(session)
    # asyncpg has a UUID class of its own, which orjson does not know: hence default.
    words, rows = (orjson.dumps(one, default=str).decode() for one in (said, clocks))
    added: str | None = await connection.fetchval(_UPDATE, referral_id, new_id(), new_id(), words, now, rows)
    return added


async def office_of(session: AsyncSession, referral_id: UUID) -> dict[str, int | None]:
    """Return the office that has the report behind an own referral, as far as a hotline may know of it."""
    connection = await bare_connection(session)
    row = await connection.fetchrow(_OFFICE, referral_id)
    if row is None:
        raise NotFound(referral_id=referral_id)
    return {"unit_id": row["commune_id"] or row["province_id"], "village_id": None, "district_id": None, **row}


async def withdraw_report(session: AsyncSession, referral_id: UUID, *, reason: str, now: datetime) -> str:
    """Withdraw the report behind an own referral while nobody answers for it; return how it stood before."""
    connection = await bare_connection(session)
    stood: str = await connection.fetchval(_WITHDRAW, referral_id, new_id(), reason, now)
    return stood


async def tell(
    session: AsyncSession,
    intake_id: UUID,
    *,
    case_id: UUID | None,
    step_id: UUID | None,
    kind: str,
    happened_at: datetime,
    now: datetime,
) -> bool:
    """Tell the hotline that brought a report, if one did; not of a step that no longer counts."""
    connection = await bare_connection(session)
    told: bool = await connection.fetchval(_TELL, new_id(), intake_id, case_id, step_id, kind, happened_at, now)
    return told


async def joined(session: AsyncSession, case_id: UUID, *, before: UUID | None = None) -> list[UUID]:
    """Return the reports that joined a case, before a step of it or at any time."""
    connection = await bare_connection(session)
    return [row["intake_id"] for row in await connection.fetch(_JOINED, case_id, before)]


async def no_longer(session: AsyncSession, intake_id: UUID, case_id: UUID) -> list[UUID]:
    """Return the steps of a case that were told of a report which does not stand there any more."""
    connection = await bare_connection(session)
    return [row["step_id"] for row in await connection.fetch(_NO_LONGER, intake_id, case_id)]


async def take_back(
    session: AsyncSession, intake_id: UUID, *, case_id: UUID | None, step_id: UUID, happened_at: datetime, now: datetime
) -> bool:
    """Take back what was told of a step that no longer counts; False where nothing was told of it."""
    connection = await bare_connection(session)
    told: bool = await connection.fetchval(_TAKE_BACK, new_id(), intake_id, case_id, step_id, happened_at, now)
    return told


def feedback_statement(actor: Actor, referral_id: UUID | None = None) -> Select[Any]:
    """Return the statement for the feedback on own referrals: of one, or as far as the feed may show of all.

    The feed stops before the oldest transaction still running: what that writes comes later and must not be missed.
    """
    statement = (
        select(HotlineFeedback, HotlineReferral.source, HotlineReferral.external_ref)
        .join(HotlineReferral, HotlineReferral.id == HotlineFeedback.referral_id)
        .where(HotlineFeedback.source_id == actor.source_id)
    )
    if referral_id is not None:
        return cast("Select[Any]", statement.where(HotlineFeedback.referral_id == referral_id))
    horizon: ColumnElement[int] = literal_column(_HORIZON)
    return cast("Select[Any]", statement.where(HotlineFeedback.transaction_id < horizon))


async def feedback_rows(session: AsyncSession, statement: Select[Any]) -> Sequence[tuple[HotlineFeedback, str, str]]:
    """Return feedback with the referral's address."""
    return [(row[0], row[1], row[2]) for row in await session.execute(statement)]
