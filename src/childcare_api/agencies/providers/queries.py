"""Reading service providers. They are public, but for inspections, which the wall keeps to the keeper's own area."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, any_, func, literal, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from childcare_api.access.actor import Actor
from childcare_api.agencies.errors import UnitNotYours
from childcare_api.agencies.providers.models import (
    ProviderDescription,
    ProviderInspection,
    ProviderLicence,
    ProviderPart,
    ProviderPriceList,
    ProviderRestriction,
    ServiceProvider,
)
from childcare_api.agencies.providers.rules import standing_on
from childcare_api.agencies.providers.schemas import ProviderOut, ProviderSummary
from childcare_api.shared.concurrency import Version
from childcare_api.shared.problems import NotFound
from childcare_api.shared.text import fold

Part = TypeVar("Part", bound=ProviderPart)
PARTS: dict[str, type[ProviderPart]] = {
    "descriptions": ProviderDescription,
    "licences": ProviderLicence,
    "restrictions": ProviderRestriction,
    "price-lists": ProviderPriceList,
    "inspections": ProviderInspection,
}


def providers_statement(
    day: date,
    *,
    unit_ids: list[int] | None,
    service: str | None,
    level: str | None,
    ownership: str | None,
    is_facility: bool | None,
    q: str | None,
) -> Select[ServiceProvider]:
    """Return the statement for providers that were described and not closed on a day, joined to that description."""
    statement = (
        select(ServiceProvider)
        .join(ProviderDescription, ProviderDescription.provider_id == ServiceProvider.id)
        .where(
            _is_in_force(day),
            or_(ServiceProvider.valid_from.is_(None), ServiceProvider.valid_from <= day),
            or_(ServiceProvider.valid_to.is_(None), ServiceProvider.valid_to >= day),
        )
    )
    if unit_ids is not None:
        statement = statement.where(ServiceProvider.area_unit_id.in_(unit_ids))
    if ownership is not None:
        statement = statement.where(ServiceProvider.ownership == ownership)
    if is_facility is not None:
        statement = statement.where(ServiceProvider.is_facility.is_(is_facility))
    for code, column in ((service, ProviderDescription.services), (level, ProviderDescription.levels)):
        if code is not None:
            statement = statement.where(literal(code) == any_(column))
    for word in fold(q or "").split():
        statement = statement.where(
            func.concat(" ", ProviderDescription.search_name).contains(f" {word}", autoescape=True)
        )
    return statement


def _is_in_force(day: date) -> ColumnElement[bool]:
    """Say that a description is the one of that day: the last that began, the later written of two from one day."""
    later = aliased(ProviderDescription)
    newer = (
        select(later.id)
        .where(
            later.provider_id == ProviderDescription.provider_id,
            later.entered_in_error_at.is_(None),
            later.from_on <= day,
            tuple_(later.from_on, later.recorded_at, later.id)
            > tuple_(ProviderDescription.from_on, ProviderDescription.recorded_at, ProviderDescription.id),
        )
        .exists()
    )
    return and_(ProviderDescription.from_on <= day, ProviderDescription.entered_in_error_at.is_(None), ~newer)


async def provider_name_on(session: AsyncSession, provider_id: UUID, day: date) -> str | None:
    """Return what a provider is called on a day, or None where it was not described or is closed then."""
    everywhere = {"unit_ids": None, "service": None, "level": None, "ownership": None, "is_facility": None, "q": None}
    statement = providers_statement(day, **everywhere).where(ServiceProvider.id == provider_id)
    name: str | None = await session.scalar(statement.with_only_columns(ProviderDescription.name))
    return name


async def get_provider(session: AsyncSession, provider_id: UUID) -> ServiceProvider:
    """Return a provider, also one that is closed. Raises NotFound."""
    provider = await session.get(ServiceProvider, provider_id)
    if provider is None:
        raise NotFound(provider_id=provider_id)
    return provider


async def lock_provider(session: AsyncSession, actor: Actor, provider_id: UUID, version: Version) -> ServiceProvider:
    """Return a provider that the actor keeps, at that version, locked until commit.

    Everyone may know of the others, so they are refused by name. Raises NotFound, UnitNotYours and what the version
    raises.
    """
    provider = await get_provider(session, provider_id)
    if provider.keeper_province_id != actor.province_id:
        raise UnitNotYours
    await session.refresh(provider, with_for_update=True)
    return version.check(provider)


async def parts_of(session: AsyncSession, model: type[Part], provider_ids: Iterable[UUID]) -> list[Part]:
    """Return the parts of some providers, the oldest first."""
    found = await session.scalars(
        select(model).where(model.provider_id.in_(list(provider_ids))).order_by(model.recorded_at, model.id)
    )
    return list(found)


async def get_part(session: AsyncSession, model: type[Part], provider: ServiceProvider, part_id: UUID) -> Part:
    """Return one part of a provider. Raises NotFound."""
    part: Part | None = await session.scalar(select(model).where(model.id == part_id, model.provider_id == provider.id))
    if part is None:
        raise NotFound(part_id=part_id)
    return part


def described_on(descriptions: Iterable[ProviderDescription], day: date) -> ProviderDescription | None:
    """Return the description in force on a day; before the first, the first: it is the oldest name that is known."""
    counting = sorted(
        (one for one in descriptions if one.entered_in_error_at is None),
        key=lambda one: (one.from_on, one.recorded_at, one.id),
    )
    begun = [one for one in counting if one.from_on <= day]
    return begun[-1] if begun else next(iter(counting), None)


async def summaries(session: AsyncSession, providers: Sequence[ServiceProvider], day: date) -> list[ProviderSummary]:
    """Return the rows of a list of providers as they stood on a day."""
    ids = [provider.id for provider in providers]
    descriptions = await parts_of(session, ProviderDescription, ids)
    licences = await parts_of(session, ProviderLicence, ids)
    restrictions = await parts_of(session, ProviderRestriction, ids)
    rows = []
    for provider in providers:
        head = _head(
            provider,
            day,
            descriptions=_of(provider, descriptions),
            licences=_of(provider, licences),
            restrictions=_of(provider, restrictions),
        )
        rows.append(ProviderSummary.model_validate({name: head[name] for name in ProviderSummary.model_fields}))
    return rows


async def provider_out(session: AsyncSession, provider: ServiceProvider, day: date) -> ProviderOut:
    """Return the answer for a provider as it stood on a day, with everything that was ever written of it."""
    descriptions = await parts_of(session, ProviderDescription, [provider.id])
    licences = await parts_of(session, ProviderLicence, [provider.id])
    restrictions = await parts_of(session, ProviderRestriction, [provider.id])
    head = _head(provider, day, descriptions=descriptions, licences=licences, restrictions=restrictions)
    return ProviderOut.model_validate(
        head
        | {
            "as_of": day,
            "descriptions": descriptions,
            "licences": licences,
            "restrictions": restrictions,
            "price_lists": await parts_of(session, ProviderPriceList, [provider.id]),
        }
    )


def _head(
    provider: ServiceProvider,
    day: date,
    *,
    descriptions: Sequence[ProviderDescription],
    licences: Sequence[ProviderLicence],
    restrictions: Sequence[ProviderRestriction],
) -> dict[str, Any]:
    own = ("id", "row_version", "ownership", "speciality", "is_facility", "valid_from", "valid_to", "source")
    said = ("name", "name_en", "address", "phone", "email", "services", "levels", "places", "terms")
    description = described_on(descriptions, day)
    return {
        **{name: getattr(provider, name) for name in own},
        **{name: getattr(description, name) for name in said},
        "unit_id": provider.area_unit_id,
        "keeper_province_id": provider.keeper_province_id,
        "standing": standing_on(
            day,
            valid_to=provider.valid_to,
            licences=[one for one in licences if one.entered_in_error_at is None],
            restrictions=[one for one in restrictions if one.entered_in_error_at is None],
        ),
    }


def _of(provider: ServiceProvider, parts: Iterable[Part]) -> list[Part]:
    return [part for part in parts if part.provider_id == provider.id]
