"""The directory over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from childcare_api.access.dependencies import CurrentActor, Session
from childcare_api.access.permissions import Permission
from childcare_api.access.scope import bare_connection
from childcare_api.agencies import actions, queries
from childcare_api.agencies.errors import UnitNotYours
from childcare_api.agencies.models import Agency
from childcare_api.agencies.schemas import AgencyKind, AgencyOut, CreateAgency, HotlineList, HotlineOut
from childcare_api.shared import clock, paging
from childcare_api.shared.paging import Page, Paging
from childcare_api.shared.problems import Forbidden, IdTaken, NotFound, problems
from childcare_api.shared.requests import Router
from childcare_api.shared.schemas import Day

router = Router(tags=["directory"])

AsOf = Annotated[Day | None, Query(description="The day to look at; today where it is not given.")]
ServedUnit = Annotated[
    int | None,
    Query(ge=1, le=2_147_483_647, description="Whoever serves this unit: itself, the units above it, the country."),
]


@router.get("/agencies", responses=problems(Forbidden))
async def list_agencies(
    actor: CurrentActor,
    session: Session,
    page: Paging,
    *,
    kind: AgencyKind | None = None,
    unit_id: ServedUnit = None,
    as_of: AsOf = None,
    q: Annotated[str | None, Query(max_length=100, description="Words of the name, accents or not, any order.")] = None,
) -> Page[AgencyOut]:
    """List agencies, organisations and service providers that were valid on a day."""
    actor.require(Permission.DIRECTORY_READ)
    areas = None if unit_id is None else await queries.areas_of(await bare_connection(session), unit_id)
    statement = queries.agencies_statement(as_of or clock.today(), kind=kind, unit_ids=areas, q=q)
    return Page[AgencyOut].model_validate(
        await paging.fetch(session, statement, page, Agency.search_name, Agency.id), from_attributes=True
    )


@router.post("/agencies", status_code=201, responses=problems(Forbidden, NotFound, UnitNotYours, IdTaken))
async def add_agency(body: CreateAgency, actor: CurrentActor, session: Session) -> AgencyOut:
    """Add an agency to the directory: a province for a unit inside it, the centre for the whole country."""
    actor.require(Permission.DIRECTORY_WRITE)
    return AgencyOut.model_validate(await actions.add_agency(session, actor, body))


@router.get("/agencies/{agency_id}", responses=problems(Forbidden, NotFound))
async def read_agency(agency_id: UUID, actor: CurrentActor, session: Session) -> AgencyOut:
    """Read one agency, also one that is no longer valid."""
    actor.require(Permission.DIRECTORY_READ)
    return AgencyOut.model_validate(await queries.get_agency(session, agency_id))


@router.get("/hotlines", responses=problems(Forbidden))
async def list_hotlines(
    actor: CurrentActor, session: Session, unit_id: ServedUnit = None, as_of: AsOf = None
) -> HotlineList:
    """List the hotlines that were valid on a day: 111 and those of provinces."""
    actor.require(Permission.DIRECTORY_READ)
    areas = None if unit_id is None else await queries.areas_of(await bare_connection(session), unit_id)
    found = await queries.hotlines(session, as_of or clock.today(), areas)
    return HotlineList(items=[HotlineOut.model_validate(hotline) for hotline in found])
