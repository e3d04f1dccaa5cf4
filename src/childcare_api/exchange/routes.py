"""The exchange with hotlines over HTTP: referrals in, feedback out, each hotline its own."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import orjson
from fastapi import Path, Response

from childcare_api.access.actor import Actor
from childcare_api.access.dependencies import Connection, CurrentActor, Session
from childcare_api.access.permissions import Permission
from childcare_api.access.scope import bare_connection
from childcare_api.agencies.queries import office_of_unit
from childcare_api.exchange import actions, queries
from childcare_api.exchange.errors import ReferralExists, ReferralTakenUp, ReferralWithdrawn
from childcare_api.exchange.models import HotlineFeedback
from childcare_api.exchange.schemas import (
    ExternalRef,
    Feed,
    FeedbackOut,
    HotlineReferralOut,
    ReferralReceived,
    ReferReport,
    UpdateReferral,
    WithdrawHotlineReferral,
)
from childcare_api.intake.errors import NoCaseOpen
from childcare_api.intake.receiving.schemas import PlaceNoticeOut
from childcare_api.shared import clock
from childcare_api.shared.concurrency import IfMatch
from childcare_api.shared.idempotency import OnceForAWeek, OnceIfKeyed
from childcare_api.shared.paging import Page, Paging, keyset
from childcare_api.shared.problems import Forbidden, NotFound, StaleVersion, VersionRequired, problems
from childcare_api.shared.requests import Router

router = Router(prefix="/hotline", tags=["hotline"])

Source = Annotated[str, Path(max_length=200, description="The hotline's own name, as in its receipts.")]
Ref = Annotated[ExternalRef, Path(description="The hotline's own case number.")]
_REFERRED_BEFORE: dict[int | str, dict[str, Any]] = {
    200: {"model": ReferralReceived, "description": "It had been referred before"}
}
_RECEIPT = (
    "row_version",
    "id",
    "source",
    "external_ref",
    "intake_id",
    "status",
    "emergency",
    "received_at",
    "recorded_at",
    "acknowledged_at",
    "withdrawn_at",
)


_TOLD = ("id", "referral_id", "kind", "case_id", "corrects_id", "unit_id", "happened_at", "recorded_at")


async def _receipt(
    connection: Connection, row: Mapping[str, Any], notices: Sequence[PlaceNoticeOut] | None = None
) -> bytes:
    """Return a receipt as JSON; made by hand, because taking a referral is the hottest path there is."""
    unit_id = row["commune_id"] or row["province_id"]
    office = None if unit_id is None else await office_of_unit(connection, unit_id, clock.today())
    return orjson.dumps(
        {
            **{name: row[name] for name in _RECEIPT},
            "office": office and {"unit_id": unit_id, "name": office.name, "phone": office.phone},
            **({} if notices is None else {"warnings": [notice.model_dump() for notice in notices]}),
        },
        # asyncpg has a UUID class of its own, which orjson does not know.
        default=str,
        option=orjson.OPT_UTC_Z,
    )


async def _known(
    session: Session, actor: Actor, external_ref: str, notices: Sequence[PlaceNoticeOut] | None = None
) -> Response:
    # What was changed must be written before it is read beside the session.
    await session.flush()
    connection = await bare_connection(session)
    row = await queries.known_referral(connection, actor, external_ref)
    return Response(await _receipt(connection, row, notices), media_type="application/json")


@router.post(
    "/referrals",
    status_code=201,
    response_model=ReferralReceived,
    responses=problems(Forbidden, ReferralExists) | _REFERRED_BEFORE,
)
async def refer_report(body: ReferReport, actor: CurrentActor, connection: Connection, once: OnceForAWeek) -> Response:
    """Refer a report to the office of the place where it happened (NĐ 56/2017, Điều 26.1); the answer says which.

    It is never refused for its place: a commune that was divided, or only a province, lets the province send it on;
    where nothing is known it waits in the hotline's own queue. A unit or code that no list has is kept in the words of
    the place, and `warnings` says so (`place_unknown`). The clocks run from the stated call either way. The
    same number with the same content answers 200 with the referral that stands; with other content 409 and its address.
    """
    actor.require(Permission.HOTLINE_REFER)
    await once.begin(connection)
    row, is_new, notices = await actions.refer(connection, actor, body)
    headers = {"Location": actions.address_of(row["source"], row["external_ref"])}
    content = await _receipt(connection, row, notices)
    return Response(content, 201 if is_new else 200, headers, "application/json")


@router.get(
    "/referrals/{source}/{external_ref}", response_model=HotlineReferralOut, responses=problems(NotFound, Forbidden)
)
async def get_referral(source: Source, external_ref: Ref, actor: CurrentActor, session: Session) -> Response:
    """Read how far an own referral is, and which office has it."""
    actor.require(Permission.HOTLINE_READ)
    await queries.get_referral(session, actor, source, external_ref)
    return await _known(session, actor, external_ref)


@router.post(
    "/referrals/{source}/{external_ref}/updates",
    response_model=ReferralReceived,
    responses=problems(NotFound, Forbidden, ReferralWithdrawn, NoCaseOpen),
)
async def update_referral(
    source: Source,
    external_ref: Ref,
    body: UpdateReferral,
    *,
    actor: CurrentActor,
    session: Session,
    once: OnceForAWeek,
) -> Response:
    """Add what was learned later, or correct what was wrong. The office that has the report reads it.

    A report that was put aside is received again by it: its status is `received`, to be acknowledged and assessed. A
    place sends the referral on while it still waits in the hotline's own queue. New danger (`emergency`) gives 12 hours
    of its own; where every case on the report is closed, or its office marked the report as an error, it is referred
    under a number of its own (`no_case_open`). What was an error is taken back (`takes_back`): only then may the office
    mark what you told before as entered in error.
    """
    actor.require(Permission.HOTLINE_REFER)
    await once.begin(session)
    referral = await queries.lock_referral(session, actor, source, external_ref)
    notices = await actions.update(session, actor, referral, body)
    return await _known(session, actor, external_ref, notices)


@router.post(
    "/referrals/{source}/{external_ref}/withdraw",
    response_model=HotlineReferralOut,
    responses=problems(NotFound, Forbidden, VersionRequired, StaleVersion, ReferralTakenUp, ReferralWithdrawn),
)
async def withdraw_referral(
    source: Source,
    external_ref: Ref,
    body: WithdrawHotlineReferral,
    *,
    if_match: IfMatch,
    actor: CurrentActor,
    session: Session,
    once: OnceIfKeyed,
) -> Response:
    """Take a referral back while no office answers for it yet. Afterwards the office decides."""
    actor.require(Permission.HOTLINE_REFER)
    await once.begin(session)
    referral = if_match.check(await queries.lock_referral(session, actor, source, external_ref))
    await actions.withdraw(session, actor, referral, body)
    return await _known(session, actor, external_ref)


@router.get("/referrals/{source}/{external_ref}/feedback", responses=problems(NotFound, Forbidden))
async def list_referral_feedback(
    source: Source, external_ref: Ref, actor: CurrentActor, session: Session, page: Paging
) -> Page[FeedbackOut]:
    """List what became of an own referral, the oldest first. It names nobody."""
    actor.require(Permission.HOTLINE_READ)
    referral = await queries.get_referral(session, actor, source, external_ref)
    statement = queries.feedback_statement(actor, referral.id)
    rows = await queries.feedback_rows(
        session, keyset(statement, page, HotlineFeedback.recorded_at, HotlineFeedback.id)
    )
    shown = [row[0] for row in rows[: page.limit]]
    more = len(rows) > page.limit
    cursor = page.cursor_after((shown[-1].recorded_at, shown[-1].id)) if more else None
    return Page[FeedbackOut](items=[_told(*row) for row in rows[: page.limit]], next_cursor=cursor, total=None)


@router.get("/feedback", responses=problems(Forbidden))
async def read_feedback_feed(actor: CurrentActor, session: Session, page: Paging) -> Feed:
    """Read the feed of what became of all own referrals, and nothing else. It names nobody.

    Come back with `next_cursor`, also when there was no more: whatever is committed later comes after it.
    """
    actor.require(Permission.HOTLINE_READ)
    statement = queries.feedback_statement(actor)
    rows = await queries.feedback_rows(
        session, keyset(statement, page, HotlineFeedback.transaction_id, HotlineFeedback.id)
    )
    shown = rows[: page.limit]
    last = shown[-1][0] if shown else None
    return Feed(
        items=[_told(*row) for row in shown],
        next_cursor=page.cursor if last is None else page.cursor_after((last.transaction_id, last.id)),
        has_more=len(rows) > page.limit,
    )


def _told(feedback: HotlineFeedback, source: str, external_ref: str) -> FeedbackOut:
    return FeedbackOut.model_validate(
        {
            "source": source,
            "external_ref": external_ref,
            **{name: getattr(feedback, name) for name in _TOLD},
        }
    )
