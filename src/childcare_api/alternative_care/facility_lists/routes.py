"""The lists of facilities over HTTP."""

from uuid import UUID

from childcare_api.access import audit
from childcare_api.access.commands import Command, Given
from childcare_api.access.dependencies import CurrentActor, Session
from childcare_api.access.permissions import Permission
from childcare_api.agencies.errors import UnitNotYours
from childcare_api.agencies.providers.errors import ProviderIsNoFacility
from childcare_api.agencies.providers.queries import get_provider
from childcare_api.alternative_care.errors import CarerNotReady
from childcare_api.alternative_care.facility_lists import actions, queries
from childcare_api.alternative_care.facility_lists.errors import FacilityChildHandedOver, FacilityChildNotInState
from childcare_api.alternative_care.facility_lists.models import FacilityChild, FacilityList
from childcare_api.alternative_care.facility_lists.rules import Status
from childcare_api.alternative_care.facility_lists.schemas import (
    AppraiseFacilityChild,
    DeclineFacilityChild,
    EndFacilityCare,
    FacilityChildOut,
    FacilityChildSummary,
    FacilityListOut,
    FacilityListReceived,
    FacilityListSummary,
    ReceiveFacilityList,
)
from childcare_api.shared import paging
from childcare_api.shared.corrections import AlreadyEnteredInError, EnterInError
from childcare_api.shared.idempotency import OnceIfKeyed
from childcare_api.shared.paging import Page, Paging
from childcare_api.shared.problems import (
    BadQuery,
    IdTaken,
    NotFound,
    StaleVersion,
    ValidationFailed,
    VersionRequired,
    problems,
)
from childcare_api.shared.requests import Router

router = Router(tags=["alternative care"])
_LOCKED = (NotFound, VersionRequired, StaleVersion, FacilityChildNotInState)


@router.get("/facility-lists", responses=problems(BadQuery))
async def list_facility_lists(
    actor: CurrentActor, session: Session, page: Paging, *, provider_id: UUID | None = None
) -> Page[FacilityListSummary]:
    """List the lists that facilities sent your province, the newest first."""
    actor.require(Permission.CASE_READ)
    statement = queries.lists_statement(actor, provider_id)
    return Page[FacilityListSummary].model_validate(
        await paging.fetch(session, statement, page, FacilityList.id, descending=True)
    )


@router.post(
    "/service-providers/{provider_id}/facility-lists",
    status_code=201,
    responses=problems(NotFound, UnitNotYours, ProviderIsNoFacility, ValidationFailed, IdTaken),
)
async def receive_facility_list(
    provider_id: UUID, body: ReceiveFacilityList, actor: CurrentActor, session: Session, *, once: OnceIfKeyed
) -> FacilityListReceived:
    """Take a facility's list (Mẫu 14; NĐ 56/2017, Điều 45.1): 10 working days to appraise it, the next in 6 months.

    A facility has no account here: what its head sends to the province on paper, the province's officer writes down.
    `warnings` names each child that seems to be listed twice, and counts those whom the facility names again since they
    wait still; nothing is refused for it.
    """
    actor.require(Permission.FACILITY_LIST_WRITE)
    await once.begin(session)
    provider = await get_provider(session, provider_id)
    if not provider.is_facility:
        raise ProviderIsNoFacility
    received, children = await actions.receive_list(session, actor, provider, body)
    waiting = await queries.waiting_elsewhere(session, received, children)
    return queries.received_out(received, children, waiting)


@router.get("/facility-lists/{facility_list_id}", responses=problems(NotFound))
async def read_facility_list(facility_list_id: UUID, actor: CurrentActor, session: Session) -> FacilityListOut:
    """Read a list with the children on it. That you did is recorded."""
    actor.require(Permission.CASE_READ)
    received = await queries.get_list(session, actor, facility_list_id)
    children = await queries.children_of(session, received)
    detail = {"ids": [str(child.id) for child in children]}
    await audit.record(
        session,
        "facility_list.opened",
        subject_kind="facility_list",
        subject_id=received.id,
        detail=detail,
        holder=received,
    )
    return queries.list_out(received, children)


@router.get("/facility-children", responses=problems(BadQuery))
async def list_facility_children(
    actor: CurrentActor,
    session: Session,
    page: Paging,
    *,
    status: Status | None = None,
    provider_id: UUID | None = None,
) -> Page[FacilityChildSummary]:
    """List the children of facilities who need a family: your province's, or those sent to your commune.

    Above the commune the list shows initials.
    """
    actor.require(Permission.CASE_READ)
    statement = queries.children_statement(actor, status, provider_id)
    found = await paging.fetch(session, statement, page, FacilityChild.id)
    detail = {"ids": [str(child.id) for child in found.items]}
    await audit.record(
        session, "facility_children.listed", subject_kind="facility_child", subject_id=None, detail=detail
    )
    rows = [queries.summary_out(child, actor) for child in found.items]
    return Page[FacilityChildSummary](items=rows, next_cursor=found.next_cursor, total=found.total)


@router.get("/facility-children/{facility_child_id}", responses=problems(NotFound))
async def read_facility_child(facility_child_id: UUID, actor: CurrentActor, session: Session) -> FacilityChildOut:
    """Read a child of a facility's list, what the commune decided included. That you did is recorded."""
    actor.require(Permission.CASE_READ)
    child = await queries.get_child(session, actor, facility_child_id)
    await audit.record(
        session, "facility_child.opened", subject_kind="facility_child", subject_id=child.id, holder=child
    )
    return queries.child_out(child)


@router.post(
    "/facility-children/{facility_child_id}/appraise", responses=problems(*_LOCKED, CarerNotReady, ValidationFailed)
)
async def appraise_facility_child(
    facility_child_id: UUID, body: AppraiseFacilityChild, given: Given
) -> FacilityChildOut:
    """Appraise a child's dossier against the carers on the lists (NĐ 56/2017, Điều 45.2).

    `sent` brings it to the commune of the carer, which has 15 working days. It may be appraised anew until that
    commune decided: for another carer, or once there is one. Not to a carer who harmed a child and was not verified
    anew since.
    """
    child = await _locked(facility_child_id, given, Permission.FACILITY_LIST_WRITE)
    await actions.appraise(given.session, given.actor, child, body)
    return queries.child_out(child)


@router.post("/facility-children/{facility_child_id}/decline", responses=problems(*_LOCKED))
async def decline_facility_child(facility_child_id: UUID, body: DeclineFacilityChild, given: Given) -> FacilityChildOut:
    """Answer that the carer of your commune does not take the child in, or may not (NĐ 56/2017, Điều 45.4).

    Who takes it in is decided at `POST /cases/{case_id}/placements`, with `facility_child_id`.
    """
    child = await _locked(facility_child_id, given, Permission.CASE_DECIDE)
    await actions.decline(given.session, given.actor, child, body)
    return queries.child_out(child)


@router.post("/facility-children/{facility_child_id}/end-care", responses=problems(*_LOCKED, ValidationFailed))
async def end_facility_care(facility_child_id: UUID, body: EndFacilityCare, given: Given) -> FacilityChildOut:
    """Write down the decision that ends the care at the facility, 5 working days after the commune's (Điều 48.3).

    Only then is the child handed over (Điều 45.4).
    """
    child = await _locked(facility_child_id, given, Permission.FACILITY_LIST_WRITE)
    await actions.end_care(given.session, given.actor, child, body)
    return queries.child_out(child)


@router.post(
    "/facility-children/{facility_child_id}/end-care/entered-in-error",
    responses=problems(*_LOCKED, FacilityChildHandedOver),
)
async def mark_facility_end_in_error(facility_child_id: UUID, body: EnterInError, given: Given) -> FacilityChildOut:
    """Mark the end of the care at the facility: its day or number was wrong. The right one is awaited again.

    It stays readable (`ends_in_error`). Not once the child was handed over by it (Điều 45.4).
    """
    child = await _locked(facility_child_id, given, Permission.FACILITY_LIST_WRITE)
    await actions.mark_end_in_error(given.session, given.actor, child, body)
    return queries.child_out(child)


@router.post(
    "/facility-children/{facility_child_id}/entered-in-error", responses=problems(*_LOCKED, AlreadyEnteredInError)
)
async def mark_facility_child_in_error(facility_child_id: UUID, body: EnterInError, given: Given) -> FacilityChildOut:
    """Mark a child that should never have stood on the list. It stays readable, and nobody decides on it."""
    child = await _locked(facility_child_id, given, Permission.FACILITY_LIST_WRITE)
    await actions.mark_in_error(given.session, given.actor, child, body)
    return queries.child_out(child)


async def _locked(child_id: UUID, given: Command, permission: Permission) -> FacilityChild:
    """Begin a command on a child of a list: find it or refuse, and lock it until commit."""
    await given.begin(permission)
    return await queries.lock_child(given.session, given.actor, child_id, given.version)
