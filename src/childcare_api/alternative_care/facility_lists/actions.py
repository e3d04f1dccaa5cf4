"""What happens to a list and to each child on it, and the clocks of NĐ 56/2017, Điều 45 and 48.3."""

from collections.abc import Sequence
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access import audit
from childcare_api.access.actor import Actor
from childcare_api.agencies.errors import UnitNotYours
from childcare_api.agencies.providers.actions import LIST_REVIEW
from childcare_api.agencies.providers.models import ServiceProvider
from childcare_api.alternative_care.errors import CarerNotReady, on_no_list
from childcare_api.alternative_care.facility_lists import queries
from childcare_api.alternative_care.facility_lists.errors import FacilityChildHandedOver, FacilityChildNotInState
from childcare_api.alternative_care.facility_lists.models import FacilityChild, FacilityList
from childcare_api.alternative_care.facility_lists.rules import APPRAISABLE, Status, status_of
from childcare_api.alternative_care.facility_lists.schemas import (
    AppraiseFacilityChild,
    DeclineFacilityChild,
    EndFacilityCare,
    FacilityEndInError,
    ListedChild,
    ReceiveFacilityList,
)
from childcare_api.alternative_care.harming import HARMED, found_harming
from childcare_api.alternative_care.queries import find_carer
from childcare_api.children.errors import not_a_child
from childcare_api.children.rules import is_child_on, latest_birthday
from childcare_api.deadlines import actions as deadlines
from childcare_api.deadlines import queries as deadline_queries
from childcare_api.shared import clock, corrections
from childcare_api.shared.corrections import EnterInError
from childcare_api.shared.db import holder_of
from childcare_api.shared.ids import new_id
from childcare_api.shared.refusals import no_such_record, too_early

APPRAISE, DECIDE, END_CARE = "facility.appraise", "facility.decide", "facility.end_care"
_LIST, _CHILD = "facility_list", "facility_child"
_ANEW = "Thẩm định lại hồ sơ"
"""Why the end of a care at a facility counts no more where its province appraises anew and says nothing else."""


async def receive_list(
    session: AsyncSession, actor: Actor, provider: ServiceProvider, command: ReceiveFacilityList
) -> tuple[FacilityList, Sequence[FacilityChild]]:
    """Take a list: its children are to be appraised, and the next list is awaited from that day on."""
    if provider.keeper_province_id != actor.province_id:
        raise UnitNotYours
    for place, one in enumerate(command.children):
        # Who may still be a child is taken for one: of a half-known birthday the last day counts.
        if one.born_on and not is_child_on(latest_birthday(one.born_on, one.born_on_precision), command.received_on):
            raise not_a_child(f"/children/{place}/born_on")
    # Locked: of two lists at once the second sees the first, and the clock of the next one is started once.
    await session.refresh(provider, with_for_update=True)
    received = FacilityList(
        **actor.holder,
        id=command.id or new_id(),
        provider_id=provider.id,
        received_on=command.received_on,
        note=command.note,
        recorded_at=clock.now(),
        recorded_by=actor.id,
    )
    session.add(received)
    await session.flush()  # The children name it, and an id that is taken is refused before the event is written.
    children = [_listed(actor, received, one) for one in command.children]
    session.add_all(children)
    await session.flush()
    since = _noon(command.received_on)
    if children:
        await deadlines.start(
            session, APPRAISE, subject_kind=_LIST, subject_id=received.id, holder=actor.holder, from_instant=since
        )
    if await queries.is_newest(session, received):
        await deadlines.finish(session, LIST_REVIEW, provider.id, happened_at=since)
        if provider.valid_to is None:
            await deadlines.start(
                session,
                LIST_REVIEW,
                subject_kind="facility",
                subject_id=provider.id,
                holder=actor.holder,
                from_instant=since,
            )
    detail = {"provider_id": str(provider.id), "ids": [str(child.id) for child in children]}
    await audit.record(
        session, "facility_list.received", subject_kind=_LIST, subject_id=received.id, detail=detail, holder=received
    )
    return received, children


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), clock.VIET_NAM)


def _listed(actor: Actor, received: FacilityList, given: ListedChild) -> FacilityChild:
    empty = {column.key: None for column in FacilityChild.__table__.columns if column.nullable}
    return FacilityChild(
        **empty | actor.holder | given.model_dump(exclude={"id"}),
        id=given.id or new_id(),
        row_version=1,
        list_id=received.id,
        provider_id=received.provider_id,
        received_on=received.received_on,
        recorded_at=received.recorded_at,
        recorded_by=actor.id,
    )


async def appraise(session: AsyncSession, actor: Actor, child: FacilityChild, command: AppraiseFacilityChild) -> None:
    """Appraise a child's dossier; with a carer who fits, list and dossier go to their commune (Điều 45.2)."""
    _guard(child, APPRAISABLE)
    carer = None
    if command.carer_id is not None:
        carer = await find_carer(session, actor, command.carer_id)
        if carer is None or carer.status != "listed":
            raise on_no_list()
        if await found_harming(session, [carer.id]):
            raise CarerNotReady(missing=[HARMED.told()])
    await deadlines.cancel(session, DECIDE, child.id, reason="appraised_anew")
    now = clock.now()
    child.commune_id = None if carer is None else carer.commune_id
    child.carer_id = None if carer is None else carer.id
    child.appraisal, child.appraisal_reason = command.result, command.reason
    child.appraised_at, child.appraised_by = now, actor.id
    _forget_answer(child)
    if child.ended_on is not None:
        # It followed a decision that was an error. Whoever decides now is answered by an end of its own.
        _take_end_back(child, command.reason or _ANEW, by=actor.id)
    await _changed(session, child, "appraised", {"result": command.result})
    if carer is not None:
        await _ask(session, child, actor.unit_id)
    await _end_appraisal(session, child, now)


async def _ask(session: AsyncSession, child: FacilityChild, unit_id: int) -> None:
    """Start the 15 working days of the commune of the carer (Điều 45.4)."""
    if child.appraised_at is not None:
        await deadlines.start(
            session,
            DECIDE,
            subject_kind=_CHILD,
            subject_id=child.id,
            holder=holder_of(child),
            from_instant=child.appraised_at,
            origin_unit_id=unit_id,
        )


async def _end_appraisal(session: AsyncSession, child: FacilityChild, at: datetime) -> None:
    """End the clock of a list once each child on it was appraised, or should not stand there."""
    # Locked: who appraises another child of the list at once waits here, and the last of them ends the clock.
    if await deadline_queries.find_open_task(session, APPRAISE, child.list_id) is None:
        return
    waiting = select(FacilityChild.id).where(
        FacilityChild.list_id == child.list_id,
        FacilityChild.province_id == child.province_id,
        FacilityChild.appraised_at.is_(None),
        FacilityChild.entered_in_error_at.is_(None),
    )
    if await session.scalar(waiting.limit(1)) is None:
        await deadlines.finish(session, APPRAISE, child.list_id, happened_at=at)


async def decline(session: AsyncSession, actor: Actor, child: FacilityChild, command: DeclineFacilityChild) -> None:
    """Answer that the carer does not take the child in; the province looks for another."""
    _guard(child, {"sent"})
    now = clock.now()
    child.answer, child.answer_reason = "declined", command.reason
    child.answered_at, child.answered_by = now, actor.id
    await deadlines.finish(session, DECIDE, child.id, happened_at=now)
    await _changed(session, child, "declined", {})


async def find_sent(session: AsyncSession, actor: Actor, child_id: UUID) -> FacilityChild:
    """Return the child that a decision gives into care, locked. What is not here is refused, and what is decided on."""
    child = await queries.find_child(session, actor, child_id, lock=True)
    if child is None:
        raise no_such_record("/facility_child_id")
    _guard(child, {"sent"})
    return child


async def placed(
    session: AsyncSession,
    actor: Actor,
    child: FacilityChild,
    placement_id: UUID,
    decision: tuple[str, date],
    *,
    decided_at: datetime,
) -> None:
    """Tell the province that the commune decided: 5 working days to end the care at the facility (Điều 48.3).

    Its own term was kept by when it decided, and theirs runs from when they are told.
    """
    now = clock.now()
    child.answer, child.placement_id = "placed", placement_id
    child.decision_number, child.decided_on = decision
    child.answered_at, child.answered_by = now, actor.id
    await deadlines.finish(session, DECIDE, child.id, happened_at=max(decided_at, child.appraised_at or decided_at))
    if child.ended_on is None:
        await _await_end(session, child)
    await _changed(session, child, "placed", {})


async def wait_again(session: AsyncSession, unit_id: int, placement_id: UUID) -> None:
    """Let a child wait for a decision again: the one that answered it should never have been written."""
    child = await session.scalar(
        select(FacilityChild).where(FacilityChild.placement_id == placement_id).with_for_update()
    )
    if child is None:
        return
    await deadlines.cancel(session, END_CARE, child.id, reason="no_longer_due")
    _forget_answer(child)
    await _changed(session, child, "waits_again", {})
    await _ask(session, child, unit_id)


async def end_care(session: AsyncSession, actor: Actor, child: FacilityChild, command: EndFacilityCare) -> None:
    """Write down the decision that ends the care at the facility: with the commune's, the child may be handed over."""
    _guard(child, {"placed"})
    if child.decided_on is not None and command.ended_on < child.decided_on:
        raise too_early("/ended_on", child.decided_on)
    now = clock.now()
    child.end_decision_number, child.ended_on = command.decision_number, command.ended_on
    child.ended_at, child.ended_by = now, actor.id
    await deadlines.finish(session, END_CARE, child.id, happened_at=now)
    await _changed(session, child, "care_ended", {})


async def mark_end_in_error(session: AsyncSession, actor: Actor, child: FacilityChild, command: EnterInError) -> None:
    """Take back the end of the care at the facility, on which no handover stands: it is awaited again as it was."""
    if child.ended_on is None:
        _guard(child, {"left"})
    if await queries.was_handed_over(session, child):
        raise FacilityChildHandedOver
    _take_end_back(child, command.reason, by=actor.id)
    await _await_end(session, child)
    await _changed(session, child, "care_end_in_error", {})


def _take_end_back(child: FacilityChild, reason: str, *, by: UUID) -> None:
    wrong = FacilityEndInError.model_validate(
        {
            "decision_number": child.end_decision_number,
            **{name: getattr(child, name) for name in ("ended_on", "ended_at", "ended_by")},
            "entered_in_error_at": clock.now(),
            "entered_in_error_by": by,
            "entered_in_error_reason": reason,
        }
    )
    child.ends_in_error = [*child.ends_in_error, wrong.model_dump(mode="json")]
    child.end_decision_number = child.ended_on = child.ended_at = child.ended_by = None


async def _await_end(session: AsyncSession, child: FacilityChild) -> None:
    """Start the 5 working days to end the care at the facility, from when the commune told its decision (48.3)."""
    if child.answered_at is not None:
        await deadlines.start(
            session,
            END_CARE,
            subject_kind=_CHILD,
            subject_id=child.id,
            holder=holder_of(child),
            from_instant=child.answered_at,
        )


async def mark_in_error(session: AsyncSession, actor: Actor, child: FacilityChild, command: EnterInError) -> None:
    """Mark a child that should never have stood on the list; not one whom a decision gave into care."""
    if child.entered_in_error_at is None:
        _guard(child, APPRAISABLE)
    corrections.retract(child, command, by=actor.id)
    await deadlines.cancel(session, DECIDE, child.id, reason="entered_in_error")
    await _changed(session, child, "entered_in_error", {})
    await _end_appraisal(session, child, clock.now())


def _forget_answer(child: FacilityChild) -> None:
    child.answer = child.answer_reason = child.decision_number = None
    child.decided_on = child.placement_id = child.answered_at = child.answered_by = None


def _guard(child: FacilityChild, states: frozenset[Status] | set[Status]) -> None:
    status = status_of(child)
    if status not in states:
        raise FacilityChildNotInState(child_status=status)


async def _changed(session: AsyncSession, child: FacilityChild, what: str, detail: dict[str, str]) -> None:
    child.row_version += 1
    await session.flush()
    await audit.record(
        session, f"facility_child.{what}", subject_kind=_CHILD, subject_id=child.id, detail=detail, holder=child
    )
