"""Finding and locking records of the registry, for those who are about to change them."""

from collections.abc import Sequence
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import exists, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.attributes import set_committed_value

from childcare_api.access.actor import Actor
from childcare_api.access.scope import in_scope
from childcare_api.children import errors
from childcare_api.children.models import Child, Circumstance, Guardian, Household, Identifier
from childcare_api.shared.concurrency import Version
from childcare_api.shared.problems import NotFound
from childcare_api.shared.refusals import no_such_record
from childcare_api.units.models import CodeListEntry, Unit, UnitSuccession

Part = TypeVar("Part", Circumstance, Guardian, Identifier)
OLD_LISTS_ENDED_ON = date(2025, 6, 30)

_PARTS_FOLLOW = text("SELECT child_parts_follow(:child)")
_NOTE_PERSONAL_ID = text("SELECT note_personal_id(:child_id, :value, :now)")


async def get_child(session: AsyncSession, actor: Actor, child_id: UUID) -> Child:
    """Return the child. One outside the caller's scope does not exist here."""
    child = await session.scalar(select(Child).where(Child.id == child_id, in_scope(Child, actor)))
    if child is None:
        raise NotFound(child_id=child_id)
    return child


async def lock_child(session: AsyncSession, actor: Actor, child_id: UUID, version: Version | None = None) -> Child:
    """Return the child, locked until commit, at the version the caller saw where a version is given.

    Its key stays free, so that a new case or part that refers to it need not wait for whoever changes it.
    """
    child = await session.scalar(
        select(Child).where(Child.id == child_id, in_scope(Child, actor)).with_for_update(key_share=True)
    )
    if child is None:
        raise NotFound(child_id=child_id)
    return child if version is None else version.check(child)


async def get_part(session: AsyncSession, child: Child, model: type[Part], part_id: UUID) -> Part:
    """Return a circumstance, guardian or identifier of a child. One of another child is not there."""
    part = await session.scalar(
        select(model).where(model.id == part_id, model.child_id == child.id, model.commune_id == child.commune_id)
    )
    if part is None:
        raise NotFound(part_id=part_id)
    return part


async def find_household(session: AsyncSession, actor: Actor, household_id: UUID) -> Household | None:
    """Return a household in the caller's scope, if there is one with that id."""
    found: Household | None = await session.scalar(
        select(Household).where(Household.id == household_id, in_scope(Household, actor))
    )
    return found


async def is_village_of(session: AsyncSession, village_id: int, commune_id: int, day: date) -> bool:
    """Say whether a unit is a village of a commune, in force on a day."""
    statement = select(
        exists().where(
            Unit.id == village_id,
            Unit.level == "village",
            Unit.parent_id == commune_id,
            or_(Unit.valid_from.is_(None), Unit.valid_from <= day),
            or_(Unit.valid_to.is_(None), Unit.valid_to >= day),
        )
    )
    return bool(await session.scalar(statement))


async def require_village(session: AsyncSession, actor: Actor, village_id: int | None, today: date) -> None:
    """Refuse a village of another commune, and for a village's own people every other village."""
    if village_id is None and actor.village_id is None:
        return
    if actor.village_id is not None and village_id == actor.village_id:
        return
    if (
        village_id is None
        or actor.village_id is not None
        or actor.commune_id is None
        or not await is_village_of(session, village_id, actor.commune_id, today)
    ):
        raise no_such_record("/village_id")


async def parent_of_code(session: AsyncSession, lists: Sequence[str], code: str, day: date) -> tuple[str, str | None]:
    """Return the list that has a code in force on a day, and the code above it. Raises LookupError without one."""
    row = (
        await session.execute(
            select(CodeListEntry.list_name, CodeListEntry.parent_code).where(
                CodeListEntry.list_name.in_(lists),
                CodeListEntry.code == code,
                or_(CodeListEntry.valid_from.is_(None), CodeListEntry.valid_from <= day),
                or_(CodeListEntry.valid_to.is_(None), CodeListEntry.valid_to >= day),
            )
        )
    ).first()
    if row is None:
        raise LookupError(code)
    return row.list_name, row.parent_code


async def require_code(session: AsyncSession, name: str, code: str | None, *, pointer: str, day: date) -> None:
    """Refuse a code that a list does not have on a day."""
    if code is None:
        return
    try:
        await parent_of_code(session, (name,), code, day)
    except LookupError:
        raise errors.unknown_code(pointer) from None


async def is_sensitive(session: AsyncSession, group: str, subgroup: str | None) -> bool:
    """Say whether a group, or its sub-group, is kept by the commune alone."""
    found: bool | None = await session.scalar(select(func.circumstance_is_sensitive(group, subgroup)))
    return found is True


async def circumstances_of(session: AsyncSession, child: Child, group: str) -> list[Circumstance]:
    """Return the child's entries in a group that still count."""
    return list(
        await session.scalars(
            select(Circumstance).where(
                Circumstance.child_id == child.id,
                Circumstance.commune_id == child.commune_id,
                Circumstance.group_code == group,
                Circumstance.entered_in_error_at.is_(None),
            )
        )
    )


async def personal_ids_of(session: AsyncSession, child: Child) -> list[str]:
    """Return the personal ids on a child's record that still count."""
    return list(
        await session.scalars(
            select(Identifier.value)
            .where(
                Identifier.child_id == child.id,
                Identifier.commune_id == child.commune_id,
                Identifier.kind == "personal_id",
                Identifier.entered_in_error_at.is_(None),
            )
            .order_by(Identifier.id)
        )
    )


async def other_holders_in_scope(session: AsyncSession, actor: Actor, child: Child, value: str) -> list[UUID]:
    """Return the other children within the caller's scope that carry a personal id."""
    return list(
        await session.scalars(
            select(Identifier.child_id)
            .where(
                Identifier.value == value,
                Identifier.kind == "personal_id",
                Identifier.entered_in_error_at.is_(None),
                Identifier.child_id != child.id,
                in_scope(Identifier, actor),
            )
            .distinct()
            .order_by(Identifier.child_id)
            .limit(20)
        )
    )


async def namesakes_in_scope(session: AsyncSession, actor: Actor, child: Child) -> list[Child]:
    """Return the other children within the caller's scope that have the same name, accents apart."""
    return list(
        await session.scalars(
            select(Child)
            .where(Child.search_name == child.search_name, Child.id != child.id, in_scope(Child, actor))
            .order_by(Child.id)
            .limit(50)
        )
    )


async def note_personal_id(session: AsyncSession, child: Child, value: str, now: Any) -> None:  # noqa: ANN401 - an instant
    """Let the provinces know of other holders of a personal id that the caller may not see."""
    await session.execute(_NOTE_PERSONAL_ID, {"child_id": child.id, "value": value, "now": now})


async def old_provinces(session: AsyncSession, province_id: int) -> dict[str, bool]:
    """Return every province code of the list to 2025-06-30, and whether its territory lies in a province of today."""
    rows = await session.execute(
        select(Unit.code, func.bool_or(func.coalesce(UnitSuccession.new_id == province_id, False)))
        .outerjoin(UnitSuccession, UnitSuccession.old_id == Unit.id)
        .where(Unit.level == "province", Unit.valid_to == OLD_LISTS_ENDED_ON)
        .group_by(Unit.code)
    )
    return {code: lies_in_it for code, lies_in_it in rows}  # noqa: C416 - rows are not pairs to the type checker


async def move_parts(session: AsyncSession, child: Child) -> None:
    """Give a child's parts the village the child is in now: they carry copies of its holder columns."""
    # The gate reads the village off the child, and moves also what is kept from the actor.
    await session.flush()
    await session.execute(_PARTS_FOLLOW, {"child": child.id})
    for part in session.identity_map.values():
        if isinstance(part, (Circumstance, Guardian, Identifier)) and part.child_id == child.id:
            set_committed_value(part, "village_id", child.village_id)
