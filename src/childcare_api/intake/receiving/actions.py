"""Taking a report of concern in: where it lands, why it is an emergency, and which clocks it starts."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.access.permissions import Permission
from childcare_api.access.scope import bare_connection
from childcare_api.children import rules as birthdays
from childcare_api.children.errors import not_a_child, unknown_code
from childcare_api.deadlines import actions as deadlines
from childcare_api.deadlines import queries as clocks
from childcare_api.deadlines.promising.queries import office_of, promises_on
from childcare_api.deadlines.rules import WorkingCalendar
from childcare_api.intake import queries, rules
from childcare_api.intake.models import IntakeGrant
from childcare_api.intake.queries import ReportRows
from childcare_api.intake.receiving.places import notices_of, words_of
from childcare_api.intake.receiving.schemas import PlaceNoticeOut, ReceiveIntake, ReportContent, ReportedChild
from childcare_api.shared import clock
from childcare_api.shared.ids import new_id
from childcare_api.shared.refusals import in_future, refused, too_early
from childcare_api.units.queries import ResolvedPlace, resolve_place

# Every clock of a report counts hours, so no calendar is asked.
_NO_CALENDAR = WorkingCalendar({}, frozenset())
_CLOCKS = ("intake.acknowledge", "intake.route", "intake.assess", "emergency.intervene")
_NOT_COLUMNS = {"place", "children", "reporter", "id", "external_ref"}


async def receive(session: AsyncSession, actor: Actor, body: ReceiveIntake) -> tuple[ReportRows, list[PlaceNoticeOut]]:
    """Take a report in (NĐ 56/2017, Điều 25.1). It lands with the commune of the incident as far as that is known.

    Returns it, and what to tell of its place.
    """
    place = None if body.place is None else await resolve_place(session, body.place, clock.today())
    holder = landing(place, actor.holder)
    rows = await report_rows(
        await bare_connection(session),
        actor,
        body,
        holder=holder,
        place=place,
        intake_id=body.id or new_id(),
        received_at=body.received_at,
    )
    await queries.store_report(session, rows)
    if actor.commune_id is not None and actor.village_id is None and holder["commune_id"] != actor.commune_id:
        await _keep_reading(session, actor, rows.intake["id"], holder)
    return rows, notices_of(body.place, place)


async def _keep_reading(session: AsyncSession, actor: Actor, intake_id: UUID, holder: dict[str, int | None]) -> None:
    """Let the commune that took a report for another one keep reading what it wrote."""
    session.add(
        IntakeGrant(
            **holder,
            id=new_id(),
            intake_id=intake_id,
            origin_unit_id=actor.unit_id,
            grantee_commune_id=actor.commune_id,
            kind="reported",
            granted_at=clock.now(),
            granted_by=actor.id,
            ended_at=None,
        )
    )


def landing(place: ResolvedPlace | None, fallback: dict[str, int | None]) -> dict[str, int | None]:
    """Return the holder of a report: the commune of its place, else the province, else whoever took it."""
    if place is None or place.province_id is None:
        return fallback
    return {
        "unit_id": place.village_id or place.commune_id or place.province_id,
        "village_id": place.village_id,
        "commune_id": place.commune_id,
        "district_id": None,
        "province_id": place.province_id,
    }


async def report_rows(
    connection: asyncpg.Connection,
    actor: Actor,
    body: ReportContent,
    *,
    holder: dict[str, int | None],
    place: ResolvedPlace | None,
    intake_id: UUID,
    received_at: datetime | None,
    external_ref: str | None = None,
) -> ReportRows:
    """Return a report as rows, with the clocks that it starts. Raises for times and birthdays that cannot be."""
    now = clock.now()
    received = rules.received_at(received_at, now)
    if received is None:
        stated = received_at or now
        raise in_future("/received_at") if stated > now else too_early("/received_at", rules.FIRST_RECEIPT)
    _check_birthdays(body.children, clock.day_of(received))
    await _require_ethnicities(connection, body.children)
    grounds = rules.emergency_grounds(
        [(doer.relation, doer.cares_for_child) for doer in body.harm_doers], body.harm_level, stated=body.emergency
    )
    # What an officer takes down for the own commune is with that commune already.
    known = actor.may(Permission.INTAKE_WORK) and holder["commune_id"] == actor.commune_id
    made = {**holder, "origin_unit_id": actor.unit_id, "source_id": actor.source_id}
    intake = {
        **body.model_dump(exclude=_NOT_COLUMNS),
        **made,
        "id": intake_id,
        "row_version": 1,
        "created_by": actor.id,
        "channel": body.channel or ("other" if external_ref is None else "hotline_111"),
        "external_ref": external_ref,
        "received_at": received,
        "recorded_at": now,
        "arrived_at": now,
        "place_unit_id": None if place is None else place.unit_id,
        "place_divided": place is not None and place.divided,
        "place_text": words_of(body.place, place),
        "emergency": bool(grounds),
        "reported_grounds": grounds,
        "emergency_grounds": grounds,
        "emergencies": [received] if grounds else [],
        "reporter_known": body.reporter is not None,
        "status": "acknowledged" if known else "received",
        "acknowledged_at": now if known else None,
        "acknowledged_by": actor.id if known else None,
    }
    part = {**made, "intake_id": intake_id}
    terms = await clocks.clocks_on(connection, _CLOCKS, clock.today())
    promises = await promises_on(connection, _CLOCKS, clock.today())
    office = office_of(holder) or 0
    return ReportRows(
        intake=intake,
        children=[
            {**part, **_as_row(child), "id": new_id(), "position": position}
            for position, child in enumerate(body.children, 1)
        ],
        reporter=[] if body.reporter is None else [{**part, **body.reporter.model_dump()}],
        tasks=[
            deadlines.task_row(
                terms[code],
                _NO_CALENDAR,
                subject_kind="intake",
                subject_id=intake_id,
                holder=holder,
                from_instant=received if terms[code].start_event == "received" else now,
                emergency=bool(grounds),
                receipt_at=None if holder["commune_id"] is None else now,
                origin_unit_id=actor.unit_id,
                source_id=actor.source_id,
                length=promises.get((office, code)),
            )
            for code in rules.clocks(holder["commune_id"], grounds, acknowledged=known)
        ],
        outbox_id=new_id(),
    )


def _check_birthdays(children: Sequence[ReportedChild], day: date) -> None:
    """Refuse a birthday of nobody who may be reported as a child; of one that is half known, any day may be meant."""
    for number, child in enumerate(children):
        if child.born_on is None:
            continue
        pointer, precision = f"/children/{number}/born_on", child.born_on_precision
        if birthdays.first_day(child.born_on, precision) > day:
            raise refused(
                pointer,
                "born_later",
                "A child is born by the day on which it is reported; leave the birthday open if it is not known.",
                "Trẻ em phải sinh trước hoặc trong ngày nhận thông tin; chưa rõ ngày sinh thì để trống.",
            )
        if not rules.could_be_a_child(min(birthdays.latest_birthday(child.born_on, precision), day), day):
            raise not_a_child(pointer)


async def _require_ethnicities(connection: asyncpg.Connection, children: Sequence[ReportedChild]) -> None:
    """Refuse an ethnicity that the list does not have, as the register does."""
    named = {child.ethnicity for child in children if child.ethnicity is not None}
    if not named:
        return
    known = await queries.known_codes(connection, "ethnicities", named)
    for number, child in enumerate(children):
        if child.ethnicity is not None and child.ethnicity not in known:
            raise unknown_code(f"/children/{number}/ethnicity")


def _as_row(child: ReportedChild) -> dict[str, Any]:
    row = child.model_dump(exclude={"born_on_precision"})
    # The column is older than the name that the register gave the field.
    return {**row, "birth_precision": None if child.born_on is None else child.born_on_precision}
