"""Addresses of alternative care in a case."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from childcare_api.access import audit
from childcare_api.access.dependencies import CurrentActor, Session
from childcare_api.access.permissions import Permission
from childcare_api.agencies.providers.errors import ProviderClosed
from childcare_api.agencies.providers.queries import get_provider, summaries
from childcare_api.cases.file.errors import RECORDING
from childcare_api.cases.file.queries import keep_to_holder, lock_file, open_file
from childcare_api.cases.placing import actions, asking, candidates, counting, queries, telling
from childcare_api.cases.placing.errors import (
    ChildIsPlaced,
    FacilityFull,
    PlacementAnswered,
    PlacementElsewhere,
    PlacementNotInState,
    PlacementNotReady,
)
from childcare_api.cases.placing.needing import CareNeedsList, CareNeedsOut, RecordCareNeeds
from childcare_api.cases.placing.offers import CandidateElsewhere, Candidates, FacilityPlaces
from childcare_api.cases.placing.schemas import (
    DeclinePlacementRequest,
    PlaceChild,
    PlacementList,
    PlacementOut,
    PlacementRequestList,
    PlacementRequestOut,
    RequestPlacement,
    WithdrawPlacementRequest,
)
from childcare_api.shared import clock
from childcare_api.shared.concurrency import IfMatch
from childcare_api.shared.idempotency import OnceIfKeyed
from childcare_api.shared.paging import Page, Paging
from childcare_api.shared.problems import BadQuery, NotFound, ValidationFailed, problems
from childcare_api.shared.requests import Router
from childcare_api.shared.schemas import Day
from childcare_api.units.schemas import UnitId

router = Router(prefix="/cases/{case_id}")
provider_router = Router(prefix="/service-providers")
_RECORDING = (
    *RECORDING,
    ValidationFailed,
)
_ON_PLACEMENT = problems(*_RECORDING, PlacementElsewhere, PlacementNotInState)


@provider_router.get("/{provider_id}/places", responses=problems(NotFound))
async def read_facility_places(
    provider_id: UUID,
    actor: CurrentActor,
    session: Session,
    as_of: Annotated[Day | None, Query(description="The day to look at; today where it is not given.")] = None,
) -> FacilityPlaces:
    """Read how many places a facility has on a day and how many are free, as the placements of all communes have it."""
    actor.require(Permission.CASE_READ)
    day = as_of or clock.today()
    (provider,) = await summaries(session, [await get_provider(session, provider_id)], day)
    taken = await counting.places_taken(session, provider_id, day)
    free = None if provider.places is None else provider.places - taken
    return FacilityPlaces(provider_id=provider_id, as_of=day, places=provider.places, taken=taken, free=free)


@router.post("/care-needs", status_code=201, responses=problems(*_RECORDING, PlacementNotReady))
async def record_care_needs(
    case_id: UUID, body: RecordCareNeeds, *, if_match: IfMatch, once: OnceIfKeyed, actor: CurrentActor, session: Session
) -> CareNeedsOut:
    """Record what a child needs who needs alternative care, and what it wishes (Mẫu 10; Điều 38.3 d)."""
    actor.require(Permission.CASE_WORK)
    await once.begin(session)
    placing = await queries.lock_placing(session, actor, case_id, if_match)
    step, needs = await actions.record_care_needs(session, actor, placing, body)
    return telling.needs_out(placing, step, needs)


@router.get("/care-needs", responses=problems(NotFound))
async def list_care_needs(case_id: UUID, actor: CurrentActor, session: Session) -> CareNeedsList:
    """Read every report on what the child needs."""
    actor.require(Permission.CASE_READ)
    async with open_file(session, actor, case_id, "care_needs") as file:
        placing = await queries.load(session, file)
        items = [telling.needs_out(placing, *one) for one in placing.needs]
        return CareNeedsList(row_version=file.case.row_version, items=items)


@router.get("/placement-candidates", responses=problems(NotFound))
async def list_placement_candidates(case_id: UUID, actor: CurrentActor, session: Session) -> Candidates:
    """Read who could take the child in, in the order of Điều 42.2 and 42.3, with what stands against each, by article.

    Carers of other communes of the province come from the lists those sent, and without a name; those of other
    provinces are at `…/elsewhere`. Nothing is scored.
    """
    actor.require(Permission.CASE_READ)
    async with open_file(session, actor, case_id, "placement_candidates") as file:
        keep_to_holder(actor, file)
        placing = await queries.load(session, file)
        found = await candidates.candidates_for(session, actor, placing)
    ids = [str(one.carer_id) for one in found.carers]
    await audit.record(session, "carers.listed", subject_kind="carer", subject_id=None, detail={"ids": ids})
    return found


@router.get("/placement-candidates/elsewhere", responses=problems(NotFound, BadQuery))
async def list_placement_candidates_elsewhere(
    case_id: UUID,
    actor: CurrentActor,
    session: Session,
    page: Paging,
    *,
    province_id: Annotated[
        UnitId | None, Query(description="Of that province alone, also of the own; else of all other provinces.")
    ] = None,
) -> Page[CandidateElsewhere]:
    """List who could take the child in farther away: Vietnamese, then foreigners, as they applied (Điều 42.3 c, d).

    They come from the lists that their communes sent, and nothing names them: ask the commune with the id.
    """
    actor.require(Permission.CASE_READ)
    async with open_file(session, actor, case_id, "placement_candidates") as file:
        keep_to_holder(actor, file)
        placing = await queries.load(session, file)
        found = await candidates.carers_elsewhere(session, actor, placing, page, province_id)
    ids = [str(one.carer_id) for one in found.items]
    await audit.record(session, "carers.listed", subject_kind="carer", subject_id=None, detail={"ids": ids})
    return found


@router.post("/placement-requests", status_code=201, responses=problems(*_RECORDING, PlacementNotReady))
async def request_placement(
    case_id: UUID,
    body: RequestPlacement,
    *,
    if_match: IfMatch,
    once: OnceIfKeyed,
    actor: CurrentActor,
    session: Session,
) -> PlacementRequestOut:
    """Ask the commune where a carer lives to decide (Điều 42.7, 42.8). It sees what the care needs it to see.

    Nobody asks for a carer who was found to harm a child and was not verified anew since, as no decision names one.
    """
    actor.require(Permission.CASE_WORK)
    await once.begin(session)
    placing = await queries.lock_placing(session, actor, case_id, if_match)
    step, request = await asking.request_placement(session, actor, placing, body)
    return telling.request_out(placing, step, request)


@router.get("/placement-requests", responses=problems(NotFound))
async def list_placement_requests(case_id: UUID, actor: CurrentActor, session: Session) -> PlacementRequestList:
    """Read which communes were asked to take the child in, and what they answered."""
    actor.require(Permission.CASE_READ)
    async with open_file(session, actor, case_id, "placement_requests") as file:
        placing = await queries.load(session, file)
        items = [telling.request_out(placing, step, request) for step, request in placing.requests]
        return PlacementRequestList(row_version=file.case.row_version, items=items)


@router.post(
    "/placement-requests/{request_id}/decline",
    responses=problems(*_RECORDING, PlacementAnswered, PlacementElsewhere, PlacementNotInState),
)
async def decline_placement(
    case_id: UUID,
    request_id: UUID,
    body: DeclinePlacementRequest,
    *,
    if_match: IfMatch,
    once: OnceIfKeyed,
    actor: CurrentActor,
    session: Session,
) -> PlacementRequestOut:
    """Answer that no carer of your commune takes the child in, with the reason."""
    actor.require(Permission.CASE_DECIDE)
    await once.begin(session)
    placing = await queries.lock_placing(session, actor, case_id, if_match)
    step, request = await asking.decline_placement(session, actor, placing, request_id, body)
    return telling.request_out(placing, step, request)


@router.post(
    "/placement-requests/{request_id}/withdraw",
    responses=problems(*_RECORDING, PlacementAnswered),
)
async def withdraw_placement_request(
    case_id: UUID,
    request_id: UUID,
    body: WithdrawPlacementRequest,
    *,
    if_match: IfMatch,
    once: OnceIfKeyed,
    actor: CurrentActor,
    session: Session,
) -> PlacementRequestOut:
    """Take a question to another commune back before it is answered, with the reason (Điều 42.5, 42.8).

    Its task ends there. It sees nothing of the child's care any more, unless another question waits for it or it
    decided on care of the child before.
    """
    actor.require(Permission.CASE_WORK)
    await once.begin(session)
    placing = await queries.load(session, await lock_file(session, actor, case_id, version=if_match))
    step, request = await asking.withdraw_request(session, actor, placing, request_id, body)
    return telling.request_out(placing, step, request)


@router.post(
    "/placements",
    status_code=201,
    responses=problems(
        *_RECORDING,
        *(PlacementNotReady, ChildIsPlaced, FacilityFull, ProviderClosed, PlacementAnswered, PlacementNotInState),
    ),
)
async def place_child(
    case_id: UUID, body: PlaceChild, *, if_match: IfMatch, once: OnceIfKeyed, actor: CurrentActor, session: Session
) -> PlacementOut:
    """Give the child into care by decision (Mẫu 12). What the law still asks for is named by article.

    The leader of the commune where the carer lives decides (Điều 42.7); for another commune's child, on its request.
    """
    actor.require(Permission.CASE_DECIDE)
    await once.begin(session)
    placing = await queries.lock_placing(session, actor, case_id, if_match)
    step, placement = await actions.place_child(session, actor, placing, body)
    return await telling.placement_out(session, placing, step, placement)


@router.get("/placements", responses=problems(NotFound))
async def list_placements(case_id: UUID, actor: CurrentActor, session: Session) -> PlacementList:
    """Read every placement of the child, with its handing over and its end."""
    actor.require(Permission.CASE_READ)
    async with open_file(session, actor, case_id, "placements") as file:
        placing = await queries.load(session, file)
        items = [await telling.placement_out(session, placing, *one) for one in placing.placements]
        return PlacementList(row_version=file.case.row_version, items=items)
