"""What a hotline does: it refers a report, adds to it, takes it back; and what it is told."""

import hashlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import asyncpg
import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access import audit
from childcare_api.access.actor import Actor
from childcare_api.exchange import queries
from childcare_api.exchange.errors import ReferralExists, ReferralTakenUp, ReferralWithdrawn
from childcare_api.exchange.models import HotlineReferral
from childcare_api.exchange.queries import NewReferral
from childcare_api.exchange.schemas import ReferReport, UpdateReferral, WithdrawHotlineReferral
from childcare_api.intake import actions as intakes
from childcare_api.intake.errors import NoCaseOpen
from childcare_api.intake.putting_aside.actions import clocks_anew
from childcare_api.intake.receiving.actions import landing, report_rows
from childcare_api.intake.receiving.places import notices_of, words_of
from childcare_api.intake.receiving.schemas import PlaceNoticeOut
from childcare_api.shared import clock
from childcare_api.shared.ids import new_id
from childcare_api.shared.refusals import too_early
from childcare_api.units.queries import resolve_place, resolve_place_on


def address_of(source: str, external_ref: str) -> str:
    """Return where a referral is read."""
    return f"/api/v1/hotline/referrals/{quote(source, safe='')}/{external_ref}"


async def refer(
    connection: asyncpg.Connection, actor: Actor, body: ReferReport
) -> tuple[Mapping[str, Any], bool, list[PlaceNoticeOut]]:
    """Take a hotline's referral, and say whether it is new, and what to think of its place.

    The same number with the same content is the same referral, under whatever key it comes; with other content it is
    refused with the address of the first (ReferralExists).
    """
    place = None if body.place is None else await resolve_place_on(connection, body.place, clock.today())
    notices = notices_of(body.place, place)
    rows = await report_rows(
        connection,
        actor,
        body,
        holder=landing(place, _own_queue(actor)),
        place=place,
        intake_id=new_id(),
        received_at=body.received_at,
        external_ref=body.external_ref,
    )
    digest = _digest(body)
    referral = NewReferral(new_id(), body.external_ref, digest, rows)
    source = await queries.store_referral(connection, actor, referral)
    if source is not None:
        intake = rows.intake
        return (
            {**intake, "id": referral.id, "intake_id": intake["id"], "source": source, "withdrawn_at": None},
            True,
            notices,
        )
    known = await queries.known_referral(connection, actor, body.external_ref)
    if known["body_digest"] != digest:
        raise ReferralExists(location=address_of(known["source"], body.external_ref))
    return known, False, notices


def _own_queue(actor: Actor) -> dict[str, int | None]:
    """Return the holder of a report of which nobody knows the place: no office, only the hotline itself."""
    return {"unit_id": actor.unit_id, "village_id": None, "commune_id": None, "district_id": None, "province_id": None}


def _digest(body: ReferReport) -> str:
    # Of what was understood, not of the bytes: the same instant in another offset is the same referral.
    return hashlib.sha256(orjson.dumps(body.model_dump(), option=orjson.OPT_SORT_KEYS)).hexdigest()


async def update(
    session: AsyncSession, actor: Actor, referral: HotlineReferral, command: UpdateReferral
) -> list[PlaceNoticeOut]:
    """Add what the hotline learned later. A place sends the report on while it waits in the hotline's own queue.

    What was put aside is received again by it: an office that looks no more would not read it. Returns what to think of
    the place.
    """
    if referral.withdrawn_at is not None:
        raise ReferralWithdrawn
    now = clock.now()
    happened_at = command.happened_at or now
    if happened_at < referral.received_at:
        raise too_early("/happened_at", referral.received_at)
    place = None if command.place is None else await resolve_place(session, command.place, clock.today())
    office = await queries.office_of(session, referral.id)
    anew = await clocks_anew(session, actor, referral.intake_id, office, heard_at=happened_at)
    said = command.model_dump(exclude={"place"}) | {
        "place_unit_id": None if place is None else place.unit_id,
        "place_text": words_of(command.place, place),
        "happened_at": happened_at,
    }
    became = await queries.update_report(session, referral.id, said, now=now, clocks=anew)
    if became is None:
        raise ReferralWithdrawn
    if became == "no_case_open":
        raise NoCaseOpen
    if place is not None and place.province_id is not None:
        await intakes.route_from_queue(session, actor, referral.intake_id, landing(place, {}), reason=command.text)
    referral.row_version += 1
    await _record(session, "hotline_referral.updated", referral)
    return notices_of(command.place, place)


async def withdraw(
    session: AsyncSession, actor: Actor, referral: HotlineReferral, command: WithdrawHotlineReferral
) -> None:
    """Take a referral back while no office answers for it."""
    if referral.withdrawn_at is not None:
        raise ReferralWithdrawn
    now = clock.now()
    stood = await queries.withdraw_report(session, referral.id, reason=command.reason, now=now)
    if stood != "received":
        raise ReferralTakenUp(intake_status=stood)
    referral.withdrawn_at, referral.withdrawn_by, referral.withdraw_reason = now, actor.id, command.reason
    referral.row_version += 1
    await _record(session, "hotline_referral.withdrawn", referral)


async def _record(session: AsyncSession, action: str, referral: HotlineReferral) -> None:
    await session.flush()  # What the database refuses is refused before the event is written.
    await audit.record(session, action, subject_kind="hotline_referral", subject_id=referral.id)
