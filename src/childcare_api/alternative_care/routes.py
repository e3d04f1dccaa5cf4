"""Carers over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from childcare_api.access import audit
from childcare_api.access.commands import Command, Given
from childcare_api.access.dependencies import CurrentActor, Session
from childcare_api.access.permissions import Permission
from childcare_api.alternative_care import actions, queries
from childcare_api.alternative_care.ending.schemas import RefuseCarer, StrikeCarerOff, WithdrawCarer
from childcare_api.alternative_care.errors import CarerHasChildren, CarerNotInState, CarerNotReady
from childcare_api.alternative_care.listing.actions import keep_clock
from childcare_api.alternative_care.models import Carer
from childcare_api.alternative_care.schemas import (
    AddCarerMember,
    CarerMemberLeaves,
    CarerOut,
    CarerRecorded,
    CarerStatus,
    CarerSummary,
    ChangeCarer,
    RegisterCarer,
    VerifyCarer,
)
from childcare_api.children.reading.routes import words_of
from childcare_api.shared import paging
from childcare_api.shared.corrections import AlreadyEnded, AlreadyEnteredInError, EnterInError
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

router = Router(prefix="/carers", tags=["alternative care"])
_LOCKED = (NotFound, VersionRequired, StaleVersion, CarerNotInState)


@router.get("", responses=problems(BadQuery))
async def list_carers(
    actor: CurrentActor,
    session: Session,
    page: Paging,
    *,
    status: CarerStatus | None = None,
    q: Annotated[
        str | None,
        Query(
            max_length=100,
            description="Words of the name: accents or not, any order, each at least as it begins. Above the commune"
            " the whole name.",
        ),
    ] = None,
) -> Page[CarerSummary]:
    """List the carers of your unit, in the order they came. Above the commune the list shows initials."""
    actor.require(Permission.CARER_READ)
    words = [] if q is None else words_of(q)
    found = await paging.fetch(session, queries.carers_statement(actor, status=status, words=words), page, Carer.id)
    ids = [str(carer.id) for carer in found.items]
    action = "carers.listed" if q is None else "carers.searched"
    await audit.record(session, action, subject_kind="carer", subject_id=None, detail={"ids": ids})
    return Page[CarerSummary].model_validate(found)


@router.post("", status_code=201, responses=problems(ValidationFailed, IdTaken))
async def register_carer(
    body: RegisterCarer, actor: CurrentActor, session: Session, *, once: OnceIfKeyed
) -> CarerRecorded:
    """Take an application to care for children (Mẫu 08), or a relative's notice (Luật Trẻ em, Điều 65.4).

    A carer must be an adult, a relative too (Điều 63.2 a, d). `warnings` names carers of your commune who may be the
    same person; nothing is refused for that.
    """
    actor.require(Permission.CARER_WRITE)
    await once.begin(session)
    carer = await actions.register_carer(session, actor, body)
    await keep_clock(session, actor)
    return await queries.carer_recorded(session, actor, carer)


@router.get("/{carer_id}", responses=problems(NotFound))
async def read_carer(carer_id: UUID, actor: CurrentActor, session: Session) -> CarerOut:
    """Read a carer, with what is still missing for the list, by article. That you did is recorded."""
    actor.require(Permission.CARER_READ)
    carer = await queries.get_carer(session, actor, carer_id)
    await audit.record(session, "carer.opened", subject_kind="carer", subject_id=carer.id, holder=carer)
    return await queries.carer_out(session, carer)


@router.patch("/{carer_id}", responses=problems(*_LOCKED, ValidationFailed))
async def change_carer(carer_id: UUID, body: ChangeCarer, given: Given) -> CarerRecorded:
    """Change a carer by a merge patch: what is absent stays, null empties. `warnings` as at registration."""
    carer = await _locked(carer_id, given, Permission.CARER_WRITE)
    await actions.change_carer(given.session, carer, body)
    return await queries.carer_recorded(given.session, given.actor, carer)


@router.post("/{carer_id}/members", status_code=201, responses=problems(*_LOCKED, IdTaken))
async def add_carer_member(carer_id: UUID, body: AddCarerMember, given: Given) -> CarerOut:
    """Write down somebody else of the carer's household."""
    carer = await _locked(carer_id, given, Permission.CARER_WRITE)
    await actions.add_member(given.session, given.actor, carer, body)
    return await queries.carer_out(given.session, carer)


@router.post("/{carer_id}/members/{member_id}/leave", responses=problems(*_LOCKED, AlreadyEnded))
async def let_carer_member_leave(carer_id: UUID, member_id: UUID, body: CarerMemberLeaves, given: Given) -> CarerOut:
    """Write down that somebody left the carer's household."""
    carer = await _locked(carer_id, given, Permission.CARER_WRITE)
    await actions.member_leaves(given.session, carer, member_id, body)
    return await queries.carer_out(given.session, carer)


@router.post("/{carer_id}/verifications", status_code=201, responses=problems(*_LOCKED, IdTaken))
async def verify_carer(carer_id: UUID, body: VerifyCarer, given: Given) -> CarerOut:
    """Record a verification (Mẫu 11): each condition of Luật Trẻ em, Điều 63.2, and what it adds up to."""
    carer = await _locked(carer_id, given, Permission.CARER_WRITE)
    await actions.verify_carer(given.session, given.actor, carer, body)
    return await queries.carer_out(given.session, carer)


@router.post(
    "/{carer_id}/verifications/{verification_id}/entered-in-error", responses=problems(*_LOCKED, AlreadyEnteredInError)
)
async def mark_verification_in_error(
    carer_id: UUID, verification_id: UUID, body: EnterInError, given: Given
) -> CarerOut:
    """Mark a verification as entered in error. A place on the list that stood on it falls."""
    carer = await _locked(carer_id, given, Permission.CARER_WRITE)
    await actions.mark_verification_in_error(given.session, given.actor, carer, verification_id, body)
    return await queries.carer_out(given.session, carer)


@router.post("/{carer_id}/approve", responses=problems(*_LOCKED, CarerNotReady))
async def approve_carer(carer_id: UUID, given: Given) -> CarerOut:
    """Put a carer on the commune's list (TT 14/2020, Điều 8.5). What is lacking is named by article."""
    carer = await _locked(carer_id, given, Permission.CARER_APPROVE)
    await actions.approve_carer(given.session, given.actor, carer)
    return await queries.carer_out(given.session, carer)


@router.post("/{carer_id}/refuse", responses=problems(*_LOCKED))
async def refuse_carer(carer_id: UUID, body: RefuseCarer, given: Given) -> CarerOut:
    """Refuse an application, with the reason."""
    carer = await _locked(carer_id, given, Permission.CARER_APPROVE)
    await actions.refuse_carer(given.session, given.actor, carer, body)
    return await queries.carer_out(given.session, carer)


@router.post("/{carer_id}/withdraw", responses=problems(*_LOCKED))
async def withdraw_carer(carer_id: UUID, body: WithdrawCarer, given: Given) -> CarerOut:
    """Write down that a carer no longer wishes to take children in. Placements go on until they are ended."""
    carer = await _locked(carer_id, given, Permission.CARER_WRITE)
    await actions.withdraw_carer(given.session, given.actor, carer, body)
    return await queries.carer_out(given.session, carer)


@router.post("/{carer_id}/strike-off", responses=problems(*_LOCKED, CarerHasChildren))
async def strike_carer_off(carer_id: UUID, body: StrikeCarerOff, given: Given) -> CarerOut:
    """Take a carer off the register, with the reason, once no child is in their care.

    Who harmed a child is struck off at once: `notices` say that children are still there, and a task has their care
    ended (`carer.end_all`; Luật Trẻ em, Điều 69.1 b, 69.2). Also somebody who withdrew before, or was refused, and has
    children in care.
    """
    carer = await _locked(carer_id, given, Permission.CARER_APPROVE)
    await actions.strike_off(given.session, given.actor, carer, body)
    return await queries.carer_out(given.session, carer)


async def _locked(carer_id: UUID, given: Command, permission: Permission) -> Carer:
    """Begin a command on a carer: find the carer or refuse, and lock the entry until commit."""
    await given.begin(permission)
    return await queries.lock_carer(given.session, given.actor, carer_id, given.version)
