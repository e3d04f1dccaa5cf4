"""Circumstances, guardians and identifiers of a child over HTTP; each answers with the whole file."""

from typing import Any
from uuid import UUID

from fastapi import Response

from childcare_api.access.commands import Command, Given
from childcare_api.access.dependencies import CurrentActor, Session
from childcare_api.access.permissions import Permission
from childcare_api.children import errors, queries
from childcare_api.children.models import Child, Circumstance, Guardian, Identifier
from childcare_api.children.parts import actions
from childcare_api.children.reading.routes import recorded
from childcare_api.children.schemas import AddCircumstance, AddGuardian, AddIdentifier, ChildRecorded, EndPartOfChild
from childcare_api.shared.corrections import AlreadyEnded, AlreadyEnteredInError, EnterInError
from childcare_api.shared.idempotency import OnceIfKeyed
from childcare_api.shared.problems import IdTaken, NotFound, StaleVersion, ValidationFailed, VersionRequired, problems
from childcare_api.shared.requests import Router

router = Router(tags=["registry"])

_OF_ADDING = problems(NotFound, ValidationFailed, IdTaken)
_OF_ENDING = problems(NotFound, VersionRequired, StaleVersion, AlreadyEnded, AlreadyEnteredInError, ValidationFailed)
_OF_RETRACTING = problems(NotFound, VersionRequired, StaleVersion, AlreadyEnteredInError, ValidationFailed)


@router.post(
    "/children/{child_id}/circumstances",
    status_code=201,
    response_model=ChildRecorded,
    responses=problems(NotFound, errors.CircumstanceInForce, ValidationFailed, IdTaken),
)
async def add_circumstance(
    child_id: UUID, body: AddCircumstance, actor: CurrentActor, session: Session, once: OnceIfKeyed
) -> Response:
    """Put a child into one of the 14 groups (NĐ 56/2017, Điều 3 to 16), at risk, or in other difficulty."""
    actor.require(Permission.CHILD_WRITE)
    await once.begin(session)
    child = await queries.lock_child(session, actor, child_id)
    await actions.add_circumstance(session, actor, child, body)
    return await recorded(session, actor, child, status=201)


@router.post(
    "/children/{child_id}/circumstances/{circumstance_id}/end", response_model=ChildRecorded, responses=_OF_ENDING
)
async def end_circumstance(child_id: UUID, circumstance_id: UUID, body: EndPartOfChild, given: Given) -> Response:
    """Say from which day a child no longer is in a group."""
    child = await _locked(child_id, given)
    circumstance = await queries.get_part(given.session, child, Circumstance, circumstance_id)
    await actions.end_circumstance(given.session, given.actor, child, circumstance, body)
    return await recorded(given.session, given.actor, child)


@router.post(
    "/children/{child_id}/circumstances/{circumstance_id}/entered-in-error",
    response_model=ChildRecorded,
    responses=_OF_RETRACTING,
)
async def retract_circumstance(child_id: UUID, circumstance_id: UUID, body: EnterInError, given: Given) -> Response:
    """Mark a circumstance as entered in error: it stays readable and no longer counts."""
    return await _retract(child_id, given, Circumstance, circumstance_id, body)


@router.post("/children/{child_id}/guardians", status_code=201, response_model=ChildRecorded, responses=_OF_ADDING)
async def add_guardian(
    child_id: UUID, body: AddGuardian, actor: CurrentActor, session: Session, once: OnceIfKeyed
) -> Response:
    """Name a parent, guardian or carer of a child."""
    actor.require(Permission.CHILD_WRITE)
    await once.begin(session)
    child = await queries.lock_child(session, actor, child_id)
    await actions.add_guardian(session, actor, child, body)
    return await recorded(session, actor, child, status=201)


@router.post("/children/{child_id}/guardians/{guardian_id}/end", response_model=ChildRecorded, responses=_OF_ENDING)
async def end_guardian(child_id: UUID, guardian_id: UUID, body: EndPartOfChild, given: Given) -> Response:
    """Say from which day somebody no longer is the child's guardian or carer."""
    child = await _locked(child_id, given)
    guardian = await queries.get_part(given.session, child, Guardian, guardian_id)
    await actions.end_guardian(given.session, given.actor, child, guardian, body)
    return await recorded(given.session, given.actor, child)


@router.post(
    "/children/{child_id}/guardians/{guardian_id}/entered-in-error",
    response_model=ChildRecorded,
    responses=_OF_RETRACTING,
)
async def retract_guardian(child_id: UUID, guardian_id: UUID, body: EnterInError, given: Given) -> Response:
    """Mark a guardian as entered in error."""
    return await _retract(child_id, given, Guardian, guardian_id, body)


@router.post("/children/{child_id}/identifiers", status_code=201, response_model=ChildRecorded, responses=_OF_ADDING)
async def add_identifier(
    child_id: UUID, body: AddIdentifier, actor: CurrentActor, session: Session, once: OnceIfKeyed
) -> Response:
    """Add a number from one of the child's papers. What does not fit the record is a warning, never refused."""
    actor.require(Permission.CHILD_WRITE)
    await once.begin(session)
    child = await queries.lock_child(session, actor, child_id)
    await actions.add_identifier(session, actor, child, body)
    return await recorded(session, actor, child, status=201)


@router.post(
    "/children/{child_id}/identifiers/{identifier_id}/entered-in-error",
    response_model=ChildRecorded,
    responses=_OF_RETRACTING,
)
async def retract_identifier(child_id: UUID, identifier_id: UUID, body: EnterInError, given: Given) -> Response:
    """Mark an identifier as entered in error."""
    return await _retract(child_id, given, Identifier, identifier_id, body)


async def _locked(child_id: UUID, given: Command) -> Child:
    """Begin a command on a child: find the record or refuse, and lock it until commit."""
    await given.begin(Permission.CHILD_WRITE)
    return await queries.lock_child(given.session, given.actor, child_id, given.version)


async def _retract(child_id: UUID, given: Command, model: type[Any], part_id: UUID, body: EnterInError) -> Response:
    child = await _locked(child_id, given)
    part = await queries.get_part(given.session, child, model, part_id)
    await actions.retract(given.session, given.actor, child, part, body)
    return await recorded(given.session, given.actor, child)
