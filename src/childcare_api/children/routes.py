"""Registering and changing a child over HTTP. Its parts, its household and the reading of it have their own rooms."""

from uuid import UUID

from fastapi import Response

from childcare_api.access.dependencies import CurrentActor, Session
from childcare_api.access.permissions import Permission
from childcare_api.children import actions, errors, queries
from childcare_api.children.reading.routes import recorded
from childcare_api.children.schemas import ChangeChild, ChildRecorded, RegisterChild
from childcare_api.shared.concurrency import IfMatch
from childcare_api.shared.idempotency import OnceIfKeyed
from childcare_api.shared.problems import IdTaken, NotFound, StaleVersion, ValidationFailed, VersionRequired, problems
from childcare_api.shared.requests import Router

router = Router(tags=["registry"])

_OF_CHANGING = problems(NotFound, VersionRequired, StaleVersion, ValidationFailed)


@router.post(
    "/children",
    status_code=201,
    response_model=ChildRecorded,
    responses=problems(ValidationFailed, IdTaken, errors.CircumstanceInForce),
)
async def register_child(body: RegisterChild, actor: CurrentActor, session: Session, once: OnceIfKeyed) -> Response:
    """Register a child of your commune or village. It may have no papers, no exact birthday and no known sex."""
    actor.require(Permission.CHILD_WRITE)
    await once.begin(session)
    child = await actions.register_child(session, actor, body)
    return await recorded(session, actor, child, status=201, headers={"Location": f"/api/v1/children/{child.id}"})


@router.patch("/children/{child_id}", response_model=ChildRecorded, responses=_OF_CHANGING)
async def change_child(
    child_id: UUID, body: ChangeChild, if_match: IfMatch, actor: CurrentActor, session: Session, *, once: OnceIfKeyed
) -> Response:
    """Change a child's own fields by a merge patch: what is absent stays, null empties."""
    actor.require(Permission.CHILD_WRITE)
    await once.begin(session)
    child = await queries.lock_child(session, actor, child_id, if_match)
    return await recorded(session, actor, await actions.change_child(session, actor, child, body))
