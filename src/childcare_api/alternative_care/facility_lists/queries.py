"""Reading the lists of facilities within the caller's scope."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.access.permissions import Level
from childcare_api.access.scope import in_scope
from childcare_api.alternative_care.facility_lists.models import FacilityChild, FacilityList
from childcare_api.alternative_care.facility_lists.rules import Status, may_be_same, status_of
from childcare_api.alternative_care.facility_lists.schemas import (
    FacilityChildOut,
    FacilityChildSummary,
    FacilityListOut,
    FacilityListReceived,
    FacilityListSummary,
    ListedAgainOut,
    StillWaitingOut,
)
from childcare_api.shared.concurrency import Version
from childcare_api.shared.problems import NotFound
from childcare_api.shared.text import fold, initials


def lists_statement(actor: Actor, provider_id: UUID | None) -> Select[FacilityList]:
    """Return the statement for the lists that came in; they are the province's, and no commune finds one."""
    statement = select(FacilityList).where(in_scope(FacilityList, actor))
    return statement if provider_id is None else statement.where(FacilityList.provider_id == provider_id)


def children_statement(actor: Actor, status: Status | None, provider_id: UUID | None) -> Select[FacilityChild]:
    """Return the statement for the children of the lists of a province, or of what was sent to a commune."""
    statement = select(FacilityChild).where(in_scope(FacilityChild, actor))
    if provider_id is not None:
        statement = statement.where(FacilityChild.provider_id == provider_id)
    return statement if status is None else statement.where(_stands(status))


def _stands(status: Status) -> ColumnElement[bool]:
    """Say the same as `status_of`, for a statement."""
    child = FacilityChild
    if status == "entered_in_error":
        return child.entered_in_error_at.is_not(None)
    counts = child.entered_in_error_at.is_(None)
    match status:
        case "placed":
            return and_(counts, child.answer == "placed", child.ended_on.is_(None))
        case "left":
            return and_(counts, child.answer == "placed", child.ended_on.is_not(None))
        case "declined":
            return and_(counts, child.answer == "declined")
        case "received":
            return and_(counts, child.answer.is_(None), child.appraisal.is_(None))
        case _:
            return and_(counts, child.answer.is_(None), child.appraisal == status)


async def get_list(session: AsyncSession, actor: Actor, list_id: UUID) -> FacilityList:
    """Return a list. Raises NotFound for one outside the caller's scope."""
    found = await session.scalar(lists_statement(actor, None).where(FacilityList.id == list_id))
    if found is None:
        raise NotFound(facility_list_id=list_id)
    return found


async def is_newest(session: AsyncSession, received: FacilityList) -> bool:
    """Say whether no list of the facility was received later: the next is awaited from the newest."""
    later = select(FacilityList.id).where(
        FacilityList.provider_id == received.provider_id,
        FacilityList.province_id == received.province_id,
        FacilityList.received_on > received.received_on,
    )
    return await session.scalar(later.limit(1)) is None


async def children_of(session: AsyncSession, received: FacilityList) -> Sequence[FacilityChild]:
    """Return the children of a list, in the order they were written down."""
    found = await session.scalars(
        select(FacilityChild)
        .where(FacilityChild.list_id == received.id, FacilityChild.province_id == received.province_id)
        .order_by(FacilityChild.id)
    )
    return found.all()


@dataclass(frozen=True, slots=True)
class Waiting:
    """A child that waits on another list, as far as it can be the same one. A province has thousands of them."""

    id: UUID
    full_name: str
    sex: str
    born_on: date | None
    received_on: date
    provider_id: UUID
    appraisal: str | None
    answer: str | None

    def goes_on_with(self, received: FacilityList) -> bool:
        """Say whether a later list of the same facility rightly names the child again, which nobody decides on yet."""
        decided_on = self.appraisal == "sent" and self.answer is None
        earlier = self.received_on < received.received_on
        return self.provider_id == received.provider_id and earlier and not decided_on


async def waiting_elsewhere(
    session: AsyncSession, received: FacilityList, children: Sequence[FacilityChild]
) -> dict[UUID, list[Waiting]]:
    """Return which of the children seem to wait on another list of the province, and where, the oldest row first."""
    if not children:
        return {}
    others = await session.execute(
        select(*(getattr(FacilityChild, one.name) for one in fields(Waiting)))
        .where(
            FacilityChild.province_id == received.province_id,
            FacilityChild.list_id != received.id,
            FacilityChild.entered_in_error_at.is_(None),
            FacilityChild.answer.is_distinct_from("placed"),
            FacilityChild.appraisal.is_distinct_from("not_eligible"),
        )
        .order_by(FacilityChild.id)
    )
    names = {fold(child.full_name) for child in children}
    named: dict[str, list[Waiting]] = {name: [] for name in names}
    for row in others:
        if (name := fold(row.full_name)) in names:
            named[name].append(Waiting(*row))
    found = {}
    for child in children:
        same = [other for other in named[fold(child.full_name)] if may_be_same(child, other)]
        if same:
            found[child.id] = same
    return found


async def find_child(
    session: AsyncSession, actor: Actor, child_id: UUID, *, lock: bool = False
) -> FacilityChild | None:
    """Return a child of a list within the caller's scope, locked until commit if asked for."""
    statement = select(FacilityChild).where(FacilityChild.id == child_id, in_scope(FacilityChild, actor))
    found: FacilityChild | None = await session.scalar(statement.with_for_update() if lock else statement)
    return found


async def get_child(session: AsyncSession, actor: Actor, child_id: UUID) -> FacilityChild:
    """Return a child of a list. Raises NotFound for one outside the caller's scope."""
    child = await find_child(session, actor, child_id)
    if child is None:
        raise NotFound(facility_child_id=child_id)
    return child


async def lock_child(session: AsyncSession, actor: Actor, child_id: UUID, version: Version) -> FacilityChild:
    """Return a child of a list at that version, locked until commit. Raises NotFound."""
    child = await find_child(session, actor, child_id, lock=True)
    if child is None:
        raise NotFound(facility_child_id=child_id)
    return version.check(child)


async def left_by(
    session: AsyncSession, placement_ids: Iterable[UUID], *, lock: bool = False
) -> dict[UUID, date | None]:
    """Return which placements took a child from a facility's list, and when the care there was ended.

    Locked, the end stands until commit.
    """
    statement = select(FacilityChild.placement_id, FacilityChild.ended_on).where(
        FacilityChild.placement_id.in_(list(placement_ids)), FacilityChild.entered_in_error_at.is_(None)
    )
    rows = await session.execute(statement.with_for_update(read=True) if lock else statement)
    return {row.placement_id: row.ended_on for row in rows}


async def listed_for(session: AsyncSession, placement_id: UUID) -> FacilityChild | None:
    """Return the row of a facility's list that a decision on care answers, as far as the scope shows it."""
    found: FacilityChild | None = await session.scalar(
        select(FacilityChild).where(
            FacilityChild.placement_id == placement_id, FacilityChild.entered_in_error_at.is_(None)
        )
    )
    return found


_HANDED_OVER = text("SELECT facility_child_handed_over(:child_id)")


async def was_handed_over(session: AsyncSession, child: FacilityChild) -> bool:
    """Say whether the carer received the child by the decision that took it from the list."""
    return bool(await session.scalar(_HANDED_OVER, {"child_id": child.id}))


def summary_out(child: FacilityChild, actor: Actor) -> FacilityChildSummary:
    """Return the row of a list. Above the commune no list shows the full name; the record does."""
    told = _told(child, FacilityChildSummary)
    name = child.full_name if actor.level is Level.COMMUNE else initials(child.full_name)
    return FacilityChildSummary.model_validate(told | {"full_name": name})


def child_out(child: FacilityChild) -> FacilityChildOut:
    """Return the answer for a child of a list."""
    return FacilityChildOut.model_validate(_told(child, FacilityChildOut))


def _told(child: FacilityChild, answer: type[FacilityChildSummary]) -> dict[str, Any]:
    names = answer.model_fields.keys() - {"status"}
    return {name: getattr(child, name) for name in names} | {"status": status_of(child)}


def list_out(received: FacilityList, children: Iterable[FacilityChild]) -> FacilityListOut:
    """Return the answer for a list."""
    return FacilityListOut.model_validate(_list_told(received, children))


def received_out(
    received: FacilityList, children: Sequence[FacilityChild], waiting: Mapping[UUID, Sequence[Waiting]]
) -> FacilityListReceived:
    """Return the answer for a list that was just taken: who on it seems to be listed twice, and how many wait still.

    A facility lists every six months who waits there (TT 14/2020, Điều 3.2): that it names a child again is no mistake.
    """
    found: list[ListedAgainOut | StillWaitingOut] = []
    again = 0
    since = received.received_on
    for place, child in enumerate(children):
        rows = waiting.get(child.id, [])
        twice = next((one for one in reversed(rows) if not one.goes_on_with(received)), None)
        if twice is not None:
            found.append(_listed_again(place, twice))
        elif rows:
            again, since = again + 1, min(since, rows[0].received_on)
    if again:
        found.append(_still_waiting(again, since))
    return FacilityListReceived.model_validate(_list_told(received, children) | {"warnings": found})


def _listed_again(place: int, other: Waiting) -> ListedAgainOut:
    return ListedAgainOut(
        code="listed_before",
        pointer=f"/children/{place}",
        facility_child_id=other.id,
        message_vi=f"Trẻ em này dường như đã có trong danh sách nhận ngày {other.received_on:%d/%m/%Y} và đang chờ. Nếu"
        " là cùng một trẻ em, hãy đánh dấu ghi nhầm một trong hai.",
        message_en=f"This child seems to wait on the list of {other.received_on.isoformat()} already. If it is the same"
        " one, mark one of both as entered in error.",
    )


def _still_waiting(children: int, since: date) -> StillWaitingOut:
    return StillWaitingOut(
        code="still_waiting",
        pointer="/children",
        children=children,
        since=since,
        message_vi=f"{children} trẻ em đã có trong danh sách trước của cơ sở này (sớm nhất ngày"
        f" {since:%d/%m/%Y}) và vẫn đang chờ; hãy thẩm định theo danh sách này.",
        message_en=f"Children of this list whom the facility named before and who wait still: {children}, the first"
        f" since {since.isoformat()}. Appraise them on this list.",
    )


def _list_told(received: FacilityList, children: Iterable[FacilityChild]) -> dict[str, Any]:
    head = {name: getattr(received, name) for name in FacilityListSummary.model_fields}
    return head | {"layout": "unverified", "children": [child_out(child) for child in children]}
