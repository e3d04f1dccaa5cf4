"""Finding users, assignments and machine clients in the administrator's scope."""

from datetime import date
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from sqlalchemy import Boolean, Integer, Select, Text, Uuid, column, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Bundle

from childcare_api.access.actor import Actor
from childcare_api.access.permissions import Level
from childcare_api.access.scope import as_auth, in_scope
from childcare_api.identity.models import Assignment, MachineClient, MachineSecret, User
from childcare_api.identity.schemas import Colleague
from childcare_api.shared.paging import Fetched, PageRequest, fetch
from childcare_api.shared.problems import NotFound

_UNIT = text(
    "SELECT u.level, u.valid_to, h.village_id, h.commune_id, h.district_id, h.province_id"
    " FROM units u CROSS JOIN LATERAL unit_holder(u.id, :today) h WHERE u.id = :unit_id"
)
_COLLEAGUE = {
    "assignment_id": Uuid,
    "user_id": Uuid,
    "full_name": Text,
    "role": Text,
    "position": Text,
    "level": Text,
    "unit_id": Integer,
    "unit_name": Text,
    "acting": Boolean,
}

Record = TypeVar("Record")


class UnitPost(NamedTuple):
    """A unit as something can be kept for it: its level, its last day, and the units that answer for it."""

    level: Level
    valid_to: date | None
    village_id: int | None
    commune_id: int | None
    district_id: int | None
    province_id: int | None

    def holder(self, unit_id: int) -> dict[str, int | None]:
        """Return the holder columns of a record kept for this unit."""
        return {
            "unit_id": unit_id,
            "village_id": self.village_id,
            "commune_id": self.commune_id,
            "district_id": self.district_id,
            "province_id": self.province_id,
        }


async def find_unit(session: AsyncSession, unit_id: int, today: date) -> UnitPost | None:
    """Return a unit with today's holders. Units are public: this looks past the scope."""
    row = (await session.execute(_UNIT, {"unit_id": unit_id, "today": today})).one_or_none()
    return None if row is None else UnitPost(Level(row.level), *row[1:])


async def user_page(
    session: AsyncSession,
    actor: Actor,
    page: PageRequest,
    *,
    unit_id: int | None,
    disabled: bool | None,
    username: str | None,
) -> Fetched[User]:
    """Return one page of the users kept at or below the actor's unit."""
    statement = select(User).where(in_scope(User, actor))
    if unit_id is not None:
        statement = statement.where(User.unit_id == unit_id)
    if disabled is not None:
        statement = statement.where(User.disabled_at.is_not(None) if disabled else User.disabled_at.is_(None))
    if username is not None:
        statement = statement.where(User.username == username)
    return await fetch(session, statement, page, User.id)


async def colleague_page(session: AsyncSession, page: PageRequest) -> Fetched[Any]:
    """Return one page of the posts in the caller's own unit, by name. Which these are, the database says."""
    found = func.colleagues().table_valued(
        *(column(name, kind) for name, kind in _COLLEAGUE.items()), name="colleagues"
    )
    statement: Select[Any] = select(Bundle("colleague", *(found.c[name] for name in Colleague.model_fields)))
    return await fetch(session, statement, page, found.c.full_name, found.c.assignment_id)


async def get_user(session: AsyncSession, actor: Actor, user_id: UUID) -> User:
    """Return the user. A user kept by another unit does not exist here."""
    return await _one(session, select(User).where(User.id == user_id, in_scope(User, actor)))


async def lock_user(session: AsyncSession, actor: Actor, user_id: UUID) -> User:
    """Return the user, locked until commit."""
    return await _one(session, select(User).where(User.id == user_id, in_scope(User, actor)).with_for_update())


async def assignment_page(session: AsyncSession, actor: Actor, page: PageRequest, user: User) -> Fetched[Assignment]:
    """Return one page of a user's assignments at or below the actor's unit, ended ones too."""
    statement = select(Assignment).where(Assignment.user_id == user.id, in_scope(Assignment, actor))
    return await fetch(session, statement, page, Assignment.id)


async def find_assignment(session: AsyncSession, actor: Actor, assignment_id: UUID) -> Assignment | None:
    """Return an assignment at or below the actor's unit, if there is one."""
    found: Assignment | None = await session.scalar(
        select(Assignment).where(Assignment.id == assignment_id, in_scope(Assignment, actor))
    )
    return found


async def lock_assignment(session: AsyncSession, actor: Actor, user_id: UUID, assignment_id: UUID) -> Assignment:
    """Return a user's assignment, locked until commit."""
    return await _one(
        session,
        select(Assignment)
        .where(Assignment.id == assignment_id, Assignment.user_id == user_id, in_scope(Assignment, actor))
        .with_for_update(),
    )


async def assigned_elsewhere(session: AsyncSession, actor: Actor, user: User) -> bool:
    """Say whether the user has an assignment, not ended, that the actor does not see."""
    # Without the scope's predicate but behind its wall: what the actor may know.
    visible = await session.scalar(_standing(user.id))
    async with as_auth(session, actor):
        every = await session.scalar(_standing(user.id))
    return visible != every


def _standing(user_id: UUID) -> Select[int]:
    return (
        select(func.count())
        .select_from(Assignment)
        .where(Assignment.user_id == user_id, Assignment.revoked_at.is_(None))
    )


async def machine_page(session: AsyncSession, actor: Actor, page: PageRequest) -> Fetched[MachineClient]:
    """Return one page of the machine clients at or below the actor's unit."""
    return await fetch(session, select(MachineClient).where(in_scope(MachineClient, actor)), page, MachineClient.id)


async def get_machine(session: AsyncSession, actor: Actor, machine_id: UUID) -> MachineClient:
    """Return the machine client. One of another unit does not exist here."""
    return await _one(
        session, select(MachineClient).where(MachineClient.id == machine_id, in_scope(MachineClient, actor))
    )


async def lock_machine(session: AsyncSession, actor: Actor, machine_id: UUID) -> MachineClient:
    """Return the machine client, locked until commit."""
    return await _one(
        session,
        select(MachineClient).where(MachineClient.id == machine_id, in_scope(MachineClient, actor)).with_for_update(),
    )


async def source_is_known(session: AsyncSession, actor: Actor, source_id: UUID) -> bool:
    """Say whether a machine client at or below the actor's unit speaks for a source."""
    found = await session.scalar(
        select(MachineClient.id).where(MachineClient.source_id == source_id, in_scope(MachineClient, actor))
    )
    return found is not None


async def secrets_of(session: AsyncSession, actor: Actor, machine: MachineClient) -> list[MachineSecret]:
    """Return a machine client's secrets, the newest first, ended ones too."""
    async with as_auth(session, actor):
        found = await session.scalars(
            select(MachineSecret)
            .where(MachineSecret.machine_client_id == machine.id)
            .order_by(MachineSecret.created_at.desc(), MachineSecret.id.desc())
        )
        return list(found)


async def _one(session: AsyncSession, statement: Select[Record]) -> Record:
    record = await session.scalar(statement)
    if record is None:
        raise NotFound
    return record
