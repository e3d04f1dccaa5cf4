"""What administrators do to users and assignments. Each takes effect at once, in every process."""

from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access import audit
from childcare_api.access.actor import Actor
from childcare_api.access.permissions import Level, Role
from childcare_api.access.scope import as_auth
from childcare_api.identity import passwords, queries, rules, token_queries
from childcare_api.identity.errors import (
    ActingForNobody,
    AssignedElsewhere,
    OwnAccount,
    PositionDoesNotFit,
    RoleDoesNotFit,
    SourceNeeded,
    UnitEnded,
    UnitOutsideScope,
    WrongPassword,
)
from childcare_api.identity.models import Assignment, User
from childcare_api.identity.queries import UnitPost
from childcare_api.identity.schemas import ChangePassword, ChangeUser, CreateAssignment, CreateUser, EndAssignment
from childcare_api.shared import clock
from childcare_api.shared.corrections import AlreadyEnded
from childcare_api.shared.ids import new_id
from childcare_api.shared.refusals import ends_before_it_begins, has_passed
from childcare_api.shared.schemas import members


async def create_user(session: AsyncSession, actor: Actor, command: CreateUser) -> User:
    """Open an account for a person."""
    post = await unit_in_scope(session, actor, command.unit_id)
    user = User(
        id=command.id or new_id(),
        username=command.username,
        display_name=command.display_name,
        created_at=clock.now(),
        disabled_at=None,
        disabled_by=None,
        **post.holder(command.unit_id),
    )
    session.add(user)
    await session.flush()  # a name that is taken is told here, by its constraint
    await audit.record(session, "user.created", subject_kind="user", subject_id=user.id, holder=user)
    return user


async def change_user(session: AsyncSession, actor: Actor, user: User, command: ChangeUser) -> User:
    """Rename an account, disable it or let it in again. Disabling ends every session."""
    changes = members(command)
    now = clock.now()
    if "display_name" in changes:
        user.display_name = command.display_name
    if changes.get("disabled") is True and user.disabled_at is None:
        if user.id == actor.id:
            raise OwnAccount
        user.disabled_at, user.disabled_by = now, actor.id
        async with as_auth(session, actor) as connection:
            await token_queries.end_sessions_of_user(connection, user.id, now)
    elif changes.get("disabled") is False:
        user.disabled_at, user.disabled_by = None, None
    user.row_version += 1
    detail = {"fields": sorted(changes), "disabled": user.disabled_at is not None}
    await audit.record(session, "user.changed", subject_kind="user", subject_id=user.id, detail=detail, holder=user)
    return user


async def reset_password(session: AsyncSession, actor: Actor, user: User, new_password: str) -> User:
    """Give a person a new password, end their sessions.

    Not for a person who also works where the administrator does not reach: the password would open that door too.
    Not for oneself either: a stolen token must not get past the question for the current password.
    """
    if user.id == actor.id:
        raise OwnAccount
    if await queries.assigned_elsewhere(session, actor, user):
        raise AssignedElsewhere
    now = clock.now()
    password_hash = await passwords.hash_password(new_password)
    async with as_auth(session, actor) as connection:
        await token_queries.store_password(connection, user.id, password_hash, now)
        await token_queries.end_sessions_of_user(connection, user.id, now)
    user.row_version += 1
    await audit.record(session, "user.password_reset", subject_kind="user", subject_id=user.id, holder=user)
    return user


async def change_password(session: AsyncSession, actor: Actor, command: ChangePassword) -> None:
    """Let a person choose a new password; all their other sessions end."""
    async with as_auth(session, actor) as connection:
        stored = await token_queries.password_hash_of(connection, actor.id)
        if not await passwords.matches(command.current_password.get_secret_value(), stored):
            raise WrongPassword
        now = clock.now()
        password_hash = await passwords.hash_password(command.new_password.get_secret_value())
        await token_queries.store_password(connection, actor.id, password_hash, now)
        await token_queries.end_sessions_of_user(connection, actor.id, now, but=actor.session_id)
    await audit.record(session, "user.password_changed", subject_kind="user", subject_id=actor.id)


async def assign(session: AsyncSession, actor: Actor, user: User, command: CreateAssignment) -> Assignment:
    """Give a person a role in a unit, from a day, or let them act for somebody from a day to a day."""
    if user.id == actor.id:
        raise OwnAccount
    post = await unit_in_scope(session, actor, command.unit_id)
    _check_period(command, post, clock.today())
    if not rules.role_fits(command.role, post.level):
        raise RoleDoesNotFit
    if command.position is not None and not rules.position_fits(command.role):
        raise PositionDoesNotFit
    await _check_source(session, actor, command)
    await _check_acting(session, actor, user, command)
    assignment = Assignment(
        id=command.id or new_id(),
        user_id=user.id,
        role=command.role,
        level=post.level,
        source_id=command.source_id,
        position=command.position,
        acting_for_assignment_id=command.acting_for_assignment_id,
        valid_from=command.valid_from,
        valid_to=command.valid_to,
        is_default=command.is_default,
        created_at=clock.now(),
        revoked_at=None,
        revoked_by=None,
        **post.holder(command.unit_id),
    )
    session.add(assignment)
    await session.flush()  # a second default assignment is told here, by its constraint
    detail = {"user_id": str(user.id), "role": assignment.role, "unit_id": assignment.unit_id}
    await audit.record(
        session,
        "assignment.created",
        subject_kind="assignment",
        subject_id=assignment.id,
        detail=detail,
        holder=assignment,
    )
    return assignment


async def end_assignment(
    session: AsyncSession, actor: Actor, assignment: Assignment, command: EndAssignment
) -> Assignment:
    """End an assignment now, or after a day that is still to come."""
    today = clock.today()
    if assignment.revoked_at is not None or (assignment.valid_to is not None and assignment.valid_to < today):
        raise AlreadyEnded
    if command.valid_to is None:
        assignment.revoked_at, assignment.revoked_by = clock.now(), actor.id
    elif command.valid_to < assignment.valid_from:
        raise ends_before_it_begins("/valid_to")
    elif command.valid_to < today:
        raise has_passed("/valid_to")
    else:
        assignment.valid_to = command.valid_to
    assignment.row_version += 1
    detail = {"user_id": str(assignment.user_id), "role": assignment.role, "unit_id": assignment.unit_id}
    await audit.record(
        session,
        "assignment.ended",
        subject_kind="assignment",
        subject_id=assignment.id,
        detail=detail,
        holder=assignment,
    )
    return assignment


async def unit_in_scope(session: AsyncSession, actor: Actor, unit_id: int) -> UnitPost:
    """Return a unit of today at or below the actor's own."""
    today = clock.today()
    post = await queries.find_unit(session, unit_id, today)
    if post is None or not _at_or_below(post, actor):
        raise UnitOutsideScope
    if post.valid_to is not None and post.valid_to < today:
        raise UnitEnded
    return post


def _at_or_below(post: UnitPost, actor: Actor) -> bool:
    match actor.level:
        case Level.CENTRAL:
            return True
        case Level.PROVINCE:
            return post.province_id is not None and post.province_id == actor.province_id
        case Level.COMMUNE:
            return post.commune_id is not None and post.commune_id == actor.commune_id
        case _:
            return False


def _check_period(command: CreateAssignment, post: UnitPost, today: date) -> None:
    last = command.valid_to
    if last is not None and last < today:
        raise has_passed("/valid_to")
    if post.valid_to is not None and (last is None or last > post.valid_to):
        raise UnitEnded


async def _check_source(session: AsyncSession, actor: Actor, command: CreateAssignment) -> None:
    operator = command.role is Role.HOTLINE_OPERATOR
    if operator is not (command.source_id is not None):
        raise SourceNeeded
    # A source is all that parts one hotline's referrals from another's: only a known one of the own units is given.
    if command.source_id is not None and not await queries.source_is_known(session, actor, command.source_id):
        raise SourceNeeded


async def _check_acting(session: AsyncSession, actor: Actor, user: User, command: CreateAssignment) -> None:
    if command.acting_for_assignment_id is None:
        return
    acted_for = await queries.find_assignment(session, actor, command.acting_for_assignment_id)
    if (
        acted_for is None
        or acted_for.user_id == user.id
        or (acted_for.role, acted_for.unit_id) != (command.role, command.unit_id)
        or acted_for.revoked_at is not None
        or command.valid_to is None
        or command.valid_from < acted_for.valid_from
        or (acted_for.valid_to is not None and command.valid_to > acted_for.valid_to)
    ):
        raise ActingForNobody
