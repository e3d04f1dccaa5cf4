"""Users and their assignments, kept by the administrators of a unit."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from childcare_api.access.dependencies import CurrentActor, Session
from childcare_api.access.permissions import Permission
from childcare_api.identity import actions, queries
from childcare_api.identity.errors import (
    ActingForNobody,
    AssignedElsewhere,
    DefaultTaken,
    OwnAccount,
    PositionDoesNotFit,
    RoleDoesNotFit,
    SourceNeeded,
    UnitEnded,
    UnitOutsideScope,
    UsernameTaken,
)
from childcare_api.identity.schemas import (
    AssignmentOut,
    ChangeUser,
    CreateAssignment,
    CreateUser,
    EndAssignment,
    ResetPassword,
    UnitId,
    UserOut,
)
from childcare_api.shared.concurrency import IfMatch
from childcare_api.shared.corrections import AlreadyEnded
from childcare_api.shared.idempotency import OnceIfKeyed
from childcare_api.shared.paging import Page, Paging
from childcare_api.shared.problems import IdTaken, NotFound, StaleVersion, VersionRequired, problems
from childcare_api.shared.requests import Router

router = Router(prefix="/users", tags=["users"])


@router.get("")
async def list_users(
    actor: CurrentActor,
    session: Session,
    page: Paging,
    *,
    unit_id: Annotated[UnitId | None, Query(description="Only users kept for this unit.")] = None,
    disabled: Annotated[bool | None, Query(description="Only disabled ones, or only the others.")] = None,
    username: Annotated[str | None, Query(max_length=64, description="Exactly this user name.")] = None,
) -> Page[UserOut]:
    """List the users kept at or below your unit."""
    actor.require(Permission.USER_READ)
    found = await queries.user_page(session, actor, page, unit_id=unit_id, disabled=disabled, username=username)
    return Page[UserOut].model_validate(found)


@router.post("", status_code=201, responses=problems(UnitOutsideScope, UnitEnded, UsernameTaken, IdTaken))
async def create_user(body: CreateUser, actor: CurrentActor, session: Session, once: OnceIfKeyed) -> UserOut:
    """Open an account for a person, kept for your unit or one below it. Password and assignments come separately."""
    actor.require(Permission.USER_MANAGE)
    await once.begin(session)
    return UserOut.model_validate(await actions.create_user(session, actor, body))


@router.get("/{user_id}", responses=problems(NotFound))
async def get_user(user_id: UUID, actor: CurrentActor, session: Session) -> UserOut:
    """Read one user."""
    actor.require(Permission.USER_READ)
    return UserOut.model_validate(await queries.get_user(session, actor, user_id))


@router.patch("/{user_id}", responses=problems(NotFound, VersionRequired, StaleVersion, OwnAccount))
async def change_user(
    user_id: UUID, body: ChangeUser, if_match: IfMatch, actor: CurrentActor, session: Session
) -> UserOut:
    """Rename a user, disable one, which ends every login at once, or let a disabled one in again."""
    actor.require(Permission.USER_MANAGE)
    user = if_match.check(await queries.lock_user(session, actor, user_id))
    return UserOut.model_validate(await actions.change_user(session, actor, user, body))


@router.post(
    "/{user_id}/reset-password",
    responses=problems(NotFound, VersionRequired, StaleVersion, OwnAccount, AssignedElsewhere),
)
async def reset_user_password(
    user_id: UUID, body: ResetPassword, if_match: IfMatch, actor: CurrentActor, session: Session
) -> UserOut:
    """Give a user the first password, or a new one when the old one is lost. Every login of the user ends."""
    actor.require(Permission.USER_MANAGE)
    user = if_match.check(await queries.lock_user(session, actor, user_id))
    user = await actions.reset_password(session, actor, user, body.new_password.get_secret_value())
    return UserOut.model_validate(user)


@router.get("/{user_id}/assignments", responses=problems(NotFound))
async def list_assignments(user_id: UUID, actor: CurrentActor, session: Session, page: Paging) -> Page[AssignmentOut]:
    """List a user's assignments at or below your unit, ended ones too."""
    actor.require(Permission.USER_READ)
    user = await queries.get_user(session, actor, user_id)
    return Page[AssignmentOut].model_validate(await queries.assignment_page(session, actor, page, user))


@router.post(
    "/{user_id}/assignments",
    status_code=201,
    responses=problems(
        NotFound,
        OwnAccount,
        UnitOutsideScope,
        UnitEnded,
        RoleDoesNotFit,
        PositionDoesNotFit,
        SourceNeeded,
        ActingForNobody,
        DefaultTaken,
        IdTaken,
    ),
)
async def create_assignment(
    user_id: UUID, body: CreateAssignment, actor: CurrentActor, session: Session, once: OnceIfKeyed
) -> AssignmentOut:
    """Give a user a role in a unit, from a day, or let the user act for somebody from a day to a day."""
    actor.require(Permission.USER_MANAGE)
    await once.begin(session)
    user = await queries.lock_user(session, actor, user_id)
    return AssignmentOut.model_validate(await actions.assign(session, actor, user, body))


@router.post(
    "/{user_id}/assignments/{assignment_id}/end",
    responses=problems(NotFound, VersionRequired, StaleVersion, AlreadyEnded),
)
async def end_assignment(
    user_id: UUID,
    assignment_id: UUID,
    body: EndAssignment,
    *,
    if_match: IfMatch,
    actor: CurrentActor,
    session: Session,
    once: OnceIfKeyed,
) -> AssignmentOut:
    """End an assignment now, or after a day that is still to come."""
    actor.require(Permission.USER_MANAGE)
    await once.begin(session)
    assignment = if_match.check(await queries.lock_assignment(session, actor, user_id, assignment_id))
    return AssignmentOut.model_validate(await actions.end_assignment(session, actor, assignment, body))
