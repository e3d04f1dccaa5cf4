"""Keeping the service providers: each change is a dated part, and nothing that was true is written over."""

from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access import audit
from childcare_api.access.actor import Actor
from childcare_api.agencies.errors import UnitNotYours
from childcare_api.agencies.providers import queries
from childcare_api.agencies.providers.errors import FollowedUp, LastDescription, NotSuspended, ProviderClosed
from childcare_api.agencies.providers.models import (
    ProviderDescription,
    ProviderInspection,
    ProviderLicence,
    ProviderPart,
    ProviderPriceList,
    ProviderRestriction,
    ServiceProvider,
)
from childcare_api.agencies.providers.schemas import (
    AddInspection,
    AddLicence,
    AddPriceList,
    AddProvider,
    AddRestriction,
    CloseProvider,
    DescribeProvider,
    DescriptionOfProvider,
    FollowUpInspection,
    LiftRestriction,
)
from childcare_api.deadlines import actions as deadlines
from childcare_api.shared import clock, corrections
from childcare_api.shared.corrections import AlreadyEnteredInError, EnterInError
from childcare_api.shared.ids import new_id
from childcare_api.shared.refusals import ends_before_it_begins, too_early
from childcare_api.shared.schemas import NewRecord
from childcare_api.shared.text import fold
from childcare_api.units.queries import holder_of_unit

Part = TypeVar("Part", bound=ProviderPart)
LIST_REVIEW = "facility.list_review"
"""The clock of the list that a facility sends its province every six months (TT 14/2020, Điều 3.2)."""


async def add_provider(session: AsyncSession, actor: Actor, command: AddProvider) -> ServiceProvider:
    """Add a provider. A province adds for units inside it, the centre for the whole country."""
    area = await holder_of_unit(session, command.unit_id)
    if area.province_id != actor.province_id:
        raise UnitNotYours
    provider = ServiceProvider(
        id=command.id or new_id(),
        row_version=1,
        area_unit_id=command.unit_id,
        keeper_province_id=actor.province_id,
        ownership=command.ownership,
        speciality=command.speciality,
        is_facility=command.is_facility,
        valid_from=command.valid_from,
        valid_to=None,
        source=command.source,
        recorded_at=clock.now(),
        recorded_by=actor.id,
    )
    session.add(provider)
    await session.flush()  # Its first description names it.
    described = DescribeProvider(from_on=command.described_from, description=command.description)
    session.add(_description(actor, provider, described))
    await session.flush()
    if provider.is_facility and provider.keeper_province_id is not None:
        await deadlines.start(
            session,
            LIST_REVIEW,
            subject_kind="facility",
            subject_id=provider.id,
            holder=actor.holder,
            from_instant=provider.recorded_at,
        )
    await _record(session, provider, "added", {})
    return provider


async def describe(
    session: AsyncSession, actor: Actor, provider: ServiceProvider, command: DescribeProvider
) -> ProviderDescription:
    """Describe a provider anew from a day on, past or future."""
    part = _description(actor, provider, command)
    return await _add(session, provider, part, "described")


async def add_licence(
    session: AsyncSession, actor: Actor, provider: ServiceProvider, command: AddLicence
) -> ProviderLicence:
    """Write down a licence."""
    part = ProviderLicence(**_head(actor, provider, command), **command.model_dump(exclude={"id"}))
    return await _add(session, provider, part, "licence_added")


async def restrict(
    session: AsyncSession, actor: Actor, provider: ServiceProvider, command: AddRestriction
) -> ProviderRestriction:
    """Write down a suspension or an end by decision (Luật Trẻ em, Điều 59)."""
    part = ProviderRestriction(
        **_head(actor, provider, command), **command.model_dump(exclude={"id"}), lifted_on=None, lifted_decision=None
    )
    return await _add(session, provider, part, "restricted")


async def lift(
    session: AsyncSession, provider: ServiceProvider, restriction_id: UUID, command: LiftRestriction
) -> ProviderRestriction:
    """Write down that a suspension was lifted."""
    part = await queries.get_part(session, ProviderRestriction, provider, restriction_id)
    if part.kind != "suspended" or part.lifted_on is not None or part.entered_in_error_at is not None:
        raise NotSuspended
    if command.lifted_on < part.from_on:
        raise too_early("/lifted_on", part.from_on)
    part.lifted_on, part.lifted_decision = command.lifted_on, command.decision
    await _changed(session, provider, part, "restriction_lifted")
    return part


async def add_price_list(
    session: AsyncSession, actor: Actor, provider: ServiceProvider, command: AddPriceList
) -> ProviderPriceList:
    """Write down a price list."""
    part = ProviderPriceList(**_head(actor, provider, command), **command.model_dump(exclude={"id"}))
    return await _add(session, provider, part, "prices_listed")


async def add_inspection(
    session: AsyncSession, actor: Actor, provider: ServiceProvider, command: AddInspection
) -> ProviderInspection:
    """Write down an inspection."""
    if command.follow_up_due_on is not None and command.follow_up_due_on < command.inspected_on:
        raise too_early("/follow_up_due_on", command.inspected_on)
    part = ProviderInspection(
        **_head(actor, provider, command), **command.model_dump(exclude={"id"}), followed_up_on=None, follow_up=None
    )
    return await _add(session, provider, part, "inspected")


async def follow_up(
    session: AsyncSession, provider: ServiceProvider, inspection_id: UUID, command: FollowUpInspection
) -> ProviderInspection:
    """Write down what became of an inspection."""
    part = await queries.get_part(session, ProviderInspection, provider, inspection_id)
    if part.entered_in_error_at is not None:
        raise AlreadyEnteredInError
    if part.followed_up_on is not None:
        raise FollowedUp
    if command.followed_up_on < part.inspected_on:
        raise too_early("/followed_up_on", part.inspected_on)
    part.followed_up_on, part.follow_up = command.followed_up_on, command.follow_up
    await _changed(session, provider, part, "inspection_followed_up")
    return part


async def close_provider(session: AsyncSession, provider: ServiceProvider, command: CloseProvider) -> ServiceProvider:
    """Write down the last day of a provider; its entry stays readable. Until that day has passed it can be moved."""
    _guard_open(provider)
    if provider.valid_from is not None and command.valid_to < provider.valid_from:
        raise ends_before_it_begins("/valid_to")
    provider.valid_to = command.valid_to
    provider.row_version += 1
    await deadlines.cancel(session, LIST_REVIEW, provider.id, reason="provider_closed")
    await _record(session, provider, "closed", {})
    return provider


async def mark_in_error(
    session: AsyncSession, actor: Actor, provider: ServiceProvider, part: ProviderPart, command: EnterInError
) -> None:
    """Mark a part as entered in error; the last description stays, because a provider needs a name."""
    corrections.retract(part, command, by=actor.id)
    if isinstance(part, ProviderDescription):
        every = await queries.parts_of(session, ProviderDescription, [provider.id])
        if not [one for one in every if one.entered_in_error_at is None and one.id != part.id]:
            raise LastDescription
    await _changed(session, provider, part, "part_entered_in_error")


def _description(actor: Actor, provider: ServiceProvider, command: DescribeProvider) -> ProviderDescription:
    said: DescriptionOfProvider = command.description
    return ProviderDescription(
        **_head(actor, provider, command),
        from_on=command.from_on,
        search_name=fold(said.name),
        **said.model_dump(exclude={"services", "levels"}),
        services=sorted(set(said.services)),
        levels=sorted(set(said.levels)),
    )


def _head(actor: Actor, provider: ServiceProvider, command: NewRecord) -> dict[str, Any]:
    return {
        "id": command.id or new_id(),
        "provider_id": provider.id,
        "keeper_province_id": provider.keeper_province_id,
        "recorded_at": clock.now(),
        "recorded_by": actor.id,
        "entered_in_error_at": None,
        "entered_in_error_by": None,
        "entered_in_error_reason": None,
    }


def _guard_open(provider: ServiceProvider) -> None:
    """Raise ProviderClosed once the last day has passed; up to then a provider works, is inspected and restricted."""
    if provider.valid_to is not None and provider.valid_to < clock.today():
        raise ProviderClosed


async def _add(session: AsyncSession, provider: ServiceProvider, part: Part, what: str) -> Part:
    _guard_open(provider)
    session.add(part)
    await session.flush()  # An id that is taken is refused here, before the event is written.
    await _changed(session, provider, part, what)
    return part


async def _changed(session: AsyncSession, provider: ServiceProvider, part: ProviderPart, what: str) -> None:
    provider.row_version += 1
    await session.flush()  # The answer reads all parts back.
    await _record(session, provider, what, {"part_id": str(part.id)})


async def _record(session: AsyncSession, provider: ServiceProvider, what: str, detail: dict[str, str]) -> None:
    await audit.record(
        session, f"provider.{what}", subject_kind="service_provider", subject_id=provider.id, detail=detail
    )
