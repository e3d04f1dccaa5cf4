"""Households and their people: the list, and one of them locked for who is about to change it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, cast, func, null, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Bundle, InstrumentedAttribute

from childcare_api.access.actor import Actor
from childcare_api.access.permissions import Level
from childcare_api.access.scope import in_scope
from childcare_api.children.households.schemas import HouseholdOut
from childcare_api.children.models import Child, Household, HouseholdMember
from childcare_api.shared import reads
from childcare_api.shared.concurrency import Version
from childcare_api.shared.problems import NotFound


def households_statement(
    actor: Actor, *, village_id: int | None, poverty: str | None, code: str | None, words: Sequence[str] | None
) -> Select[Any]:
    """Return the statement for the households of an actor's scope; `words` are of the name of one who lives there."""
    statement: Select[Any] = select(Bundle("household", *_listed(actor))).where(in_scope(Household, actor))
    if village_id is not None:
        statement = statement.where(Household.village_id == village_id)
    if poverty is not None:
        statement = statement.where(Household.poverty == poverty)
    if code is not None:
        statement = statement.where(Household.code == code)
    return statement if words is None else statement.where(_lives_there(words, whole=not _in_full(actor)))


def _listed(actor: Actor) -> list[Any]:
    """Return what a row of the list shows. Above the commune no list shows the head's full name; the record does."""
    columns = [getattr(Household, name) for name in HouseholdOut.model_fields]
    if _in_full(actor):
        return columns
    # What leads to the door would tell whose initials they are.
    hidden = {"phone", "address", "note"}
    columns = [cast(null(), one.type).label(one.key) if one.key in hidden else one for one in columns]
    return reads.with_initials(columns, "head_name")


def _in_full(actor: Actor) -> bool:
    return actor.level in (Level.VILLAGE, Level.COMMUNE)


def _lives_there(words: Sequence[str], *, whole: bool) -> ColumnElement[bool]:
    named = _is if whole else _begin
    adult = func.string_to_table(Household.search_names, "\n").column_valued("adult")
    child = select(Child.id).where(Child.household_id == Household.id, Child.commune_id == Household.commune_id)
    return or_(
        select(adult).where(*named(adult, words)).exists(), child.where(*named(Child.search_name, words)).exists()
    )


def _is(name: ColumnElement[str] | InstrumentedAttribute[str], words: Sequence[str]) -> list[ColumnElement[bool]]:
    # Parts of names that are not shown would be told letter by letter to whoever tries them.
    return [name == " ".join(words)]


def _begin(name: ColumnElement[str] | InstrumentedAttribute[str], words: Sequence[str]) -> list[ColumnElement[bool]]:
    return [func.concat(" ", name).contains(f" {word}", autoescape=True) for word in words]


async def lock_household(
    session: AsyncSession, actor: Actor, household_id: UUID, version: Version | None = None
) -> Household:
    """Return the household, locked until commit, at the version the caller saw where a version is given."""
    household = await session.scalar(
        select(Household)
        .where(Household.id == household_id, in_scope(Household, actor))
        .with_for_update(key_share=True)
    )
    if household is None:
        raise NotFound(household_id=household_id)
    return household if version is None else version.check(household)


async def get_member(session: AsyncSession, household: Household, member_id: UUID) -> HouseholdMember:
    """Return a grown person of a household."""
    member = await session.scalar(
        select(HouseholdMember).where(
            HouseholdMember.id == member_id,
            HouseholdMember.household_id == household.id,
            HouseholdMember.commune_id == household.commune_id,
        )
    )
    if member is None:
        raise NotFound(member_id=member_id)
    return member


async def members_of_household(session: AsyncSession, household: Household) -> list[HouseholdMember]:
    """Return the grown people of a household, in the order they were written down."""
    return list(
        await session.scalars(
            select(HouseholdMember)
            .where(HouseholdMember.household_id == household.id, HouseholdMember.commune_id == household.commune_id)
            .order_by(HouseholdMember.id)
        )
    )


async def children_of_household(session: AsyncSession, household: Household) -> list[Child]:
    """Return the children of a household, the eldest first."""
    return list(
        await session.scalars(
            select(Child)
            .where(Child.household_id == household.id, Child.commune_id == household.commune_id)
            .order_by(Child.born_on, Child.id)
        )
    )
