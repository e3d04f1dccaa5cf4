"""Service providers over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from childcare_api.access.commands import Command, Given
from childcare_api.access.dependencies import CurrentActor, Session
from childcare_api.access.permissions import Permission
from childcare_api.access.scope import bare_connection
from childcare_api.agencies.errors import UnitNotYours
from childcare_api.agencies.providers import actions, queries
from childcare_api.agencies.providers.errors import FollowedUp, LastDescription, NotSuspended, ProviderClosed
from childcare_api.agencies.providers.models import ProviderDescription, ProviderInspection, ServiceProvider
from childcare_api.agencies.providers.schemas import (
    AddInspection,
    AddLicence,
    AddPriceList,
    AddProvider,
    AddRestriction,
    CloseProvider,
    DescribeProvider,
    FollowUpInspection,
    InspectionList,
    InspectionOut,
    LiftRestriction,
    Ownership,
    ProtectionLevel,
    ProviderOut,
    ProviderPartName,
    ProviderService,
    ProviderSummary,
)
from childcare_api.agencies.queries import areas_of
from childcare_api.agencies.routes import AsOf, ServedUnit
from childcare_api.shared import clock, paging
from childcare_api.shared.corrections import AlreadyEnteredInError, EnterInError
from childcare_api.shared.idempotency import OnceIfKeyed
from childcare_api.shared.paging import Page, Paging
from childcare_api.shared.problems import Forbidden, IdTaken, NotFound, StaleVersion, VersionRequired, problems
from childcare_api.shared.requests import Router

router = Router(prefix="/service-providers", tags=["directory"])


_KEEPING = (NotFound, UnitNotYours, VersionRequired, StaleVersion)
_ADDING = problems(*_KEEPING, ProviderClosed, IdTaken)


@router.get("", responses=problems(Forbidden))
async def list_service_providers(
    actor: CurrentActor,
    session: Session,
    page: Paging,
    *,
    unit_id: ServedUnit = None,
    service: ProviderService | None = None,
    level: ProtectionLevel | None = None,
    ownership: Ownership | None = None,
    is_facility: bool | None = None,
    as_of: AsOf = None,
    q: Annotated[str | None, Query(max_length=100, description="Words of the name, accents or not, any order.")] = None,
) -> Page[ProviderSummary]:
    """List the service providers of a day, under the name they had that day. Everyone reads them (Điều 54.1)."""
    actor.require(Permission.DIRECTORY_READ)
    day = as_of or clock.today()
    areas = None if unit_id is None else await areas_of(await bare_connection(session), unit_id)
    statement = queries.providers_statement(
        day, unit_ids=areas, service=service, level=level, ownership=ownership, is_facility=is_facility, q=q
    )
    found = await paging.fetch(session, statement, page, ProviderDescription.search_name, ServiceProvider.id)
    rows = await queries.summaries(session, found.items, day)
    return Page[ProviderSummary](items=rows, next_cursor=found.next_cursor, total=found.total)


@router.post("", status_code=201, responses=problems(Forbidden, NotFound, UnitNotYours, IdTaken))
async def add_service_provider(
    body: AddProvider, actor: CurrentActor, session: Session, *, once: OnceIfKeyed
) -> ProviderOut:
    """Add a service provider: a province for a unit inside it, the centre for the whole country."""
    actor.require(Permission.DIRECTORY_WRITE)
    await once.begin(session)
    provider = await actions.add_provider(session, actor, body)
    return await queries.provider_out(session, provider, clock.today())


@router.get("/{provider_id}", responses=problems(Forbidden, NotFound))
async def read_service_provider(
    provider_id: UUID, actor: CurrentActor, session: Session, as_of: AsOf = None
) -> ProviderOut:
    """Read a provider as it stood on a day: its name and services then, its papers, its prices."""
    actor.require(Permission.DIRECTORY_READ)
    provider = await queries.get_provider(session, provider_id)
    return await queries.provider_out(session, provider, as_of or clock.today())


@router.post("/{provider_id}/descriptions", status_code=201, responses=_ADDING)
async def describe_service_provider(provider_id: UUID, body: DescribeProvider, given: Given) -> ProviderOut:
    """Describe a provider anew from a day on. What was said before stays true of the days before."""
    provider = await _kept(provider_id, given)
    await actions.describe(given.session, given.actor, provider, body)
    return await queries.provider_out(given.session, provider, clock.today())


@router.post("/{provider_id}/licences", status_code=201, responses=_ADDING)
async def add_provider_licence(provider_id: UUID, body: AddLicence, given: Given) -> ProviderOut:
    """Write down the decision that founded a provider, or its registration (Luật Trẻ em, Điều 57)."""
    provider = await _kept(provider_id, given)
    await actions.add_licence(given.session, given.actor, provider, body)
    return await queries.provider_out(given.session, provider, clock.today())


@router.post("/{provider_id}/restrictions", status_code=201, responses=_ADDING)
async def restrict_provider(provider_id: UUID, body: AddRestriction, given: Given) -> ProviderOut:
    """Write down that a provider was suspended or ended, in whole or in part (Luật Trẻ em, Điều 59)."""
    provider = await _kept(provider_id, given)
    await actions.restrict(given.session, given.actor, provider, body)
    return await queries.provider_out(given.session, provider, clock.today())


@router.post("/{provider_id}/restrictions/{restriction_id}/lift", responses=problems(*_KEEPING, NotSuspended))
async def lift_provider_restriction(
    provider_id: UUID, restriction_id: UUID, body: LiftRestriction, given: Given
) -> ProviderOut:
    """Write down that a suspension was lifted."""
    provider = await _kept(provider_id, given)
    await actions.lift(given.session, provider, restriction_id, body)
    return await queries.provider_out(given.session, provider, clock.today())


@router.post("/{provider_id}/price-lists", status_code=201, responses=_ADDING)
async def add_provider_price_list(provider_id: UUID, body: AddPriceList, given: Given) -> ProviderOut:
    """Write down a price list that holds from a day on (NĐ 56/2017, Điều 54.1 c)."""
    provider = await _kept(provider_id, given)
    await actions.add_price_list(given.session, given.actor, provider, body)
    return await queries.provider_out(given.session, provider, clock.today())


@router.post("/{provider_id}/close", responses=problems(*_KEEPING, ProviderClosed))
async def close_service_provider(provider_id: UUID, body: CloseProvider, given: Given) -> ProviderOut:
    """Write down the last day of a provider, past or future. Its entry stays readable; a future day can be moved."""
    provider = await _kept(provider_id, given)
    await actions.close_provider(given.session, provider, body)
    return await queries.provider_out(given.session, provider, clock.today())


@router.get("/{provider_id}/inspections", responses=problems(Forbidden, NotFound))
async def list_provider_inspections(provider_id: UUID, actor: CurrentActor, session: Session) -> InspectionList:
    """Read a provider's inspections, the newest first: in the keeper's own area and at the centre; none elsewhere."""
    actor.require(Permission.DIRECTORY_READ)
    provider = await queries.get_provider(session, provider_id)
    return await _inspections(session, provider)


@router.post("/{provider_id}/inspections", status_code=201, responses=_ADDING)
async def add_provider_inspection(provider_id: UUID, body: AddInspection, given: Given) -> InspectionList:
    """Write down an inspection: who, when, what was found, what was asked for, by when it is looked at again."""
    provider = await _kept(provider_id, given)
    await actions.add_inspection(given.session, given.actor, provider, body)
    return await _inspections(given.session, provider)


@router.post(
    "/{provider_id}/inspections/{inspection_id}/follow-up",
    responses=problems(*_KEEPING, FollowedUp, AlreadyEnteredInError),
)
async def follow_up_provider_inspection(
    provider_id: UUID, inspection_id: UUID, body: FollowUpInspection, given: Given
) -> InspectionList:
    """Write down what became of an inspection's recommendation."""
    provider = await _kept(provider_id, given)
    await actions.follow_up(given.session, provider, inspection_id, body)
    return await _inspections(given.session, provider)


@router.post(
    "/{provider_id}/{part}/{part_id}/entered-in-error",
    responses=problems(*_KEEPING, AlreadyEnteredInError, LastDescription),
)
async def mark_provider_part_in_error(
    provider_id: UUID, part: ProviderPartName, part_id: UUID, body: EnterInError, given: Given
) -> ProviderOut:
    """Mark a description, licence, restriction, price list or inspection as entered in error."""
    provider = await _kept(provider_id, given)
    marked = await queries.get_part(given.session, queries.PARTS[part], provider, part_id)
    await actions.mark_in_error(given.session, given.actor, provider, marked, body)
    return await queries.provider_out(given.session, provider, clock.today())


async def _kept(provider_id: UUID, given: Command) -> ServiceProvider:
    """Begin a command on a provider: find it or refuse, and lock it until commit."""
    await given.begin(Permission.DIRECTORY_WRITE)
    return await queries.lock_provider(given.session, given.actor, provider_id, given.version)


async def _inspections(session: Session, provider: ServiceProvider) -> InspectionList:
    found = await queries.parts_of(session, ProviderInspection, [provider.id])
    newest = sorted(found, key=lambda one: (one.inspected_on, one.id), reverse=True)
    items = [InspectionOut.model_validate(one) for one in newest]
    return InspectionList(row_version=provider.row_version, items=items)
