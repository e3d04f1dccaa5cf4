"""What happens to a household: its page is opened and changed, people come and leave."""

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access import audit
from childcare_api.access.actor import Actor
from childcare_api.children import actions, errors, queries, rules
from childcare_api.children.history.actions import recorded_by, registered_by
from childcare_api.children.households.queries import members_of_household
from childcare_api.children.households.schemas import (
    AddHouseholdMember,
    ChangeHousehold,
    HouseholdMemberLeaves,
    RegisterHousehold,
)
from childcare_api.children.models import Child, Household, HouseholdMember
from childcare_api.children.schemas import ChangeChild
from childcare_api.shared import clock, corrections
from childcare_api.shared.corrections import AlreadyEnded, AlreadyEnteredInError, EnterInError
from childcare_api.shared.db import holder_of
from childcare_api.shared.ids import new_id
from childcare_api.shared.refusals import in_future, too_early
from childcare_api.shared.schemas import members

_FIELDS = ("code", "head_name", "address", "phone", "poverty", "note")


async def register_household(session: AsyncSession, actor: Actor, body: RegisterHousehold) -> Household:
    """Open the page of a household in the book of the caller's commune or village."""
    village_id = body.village_id if body.village_id is not None else actor.village_id
    await queries.require_village(session, actor, village_id, clock.today())
    household = Household(
        id=body.id or new_id(),
        row_version=1,
        **{name: getattr(body, name) for name in _FIELDS},
        search_names=rules.search_lines([body.head_name]),
        **(actor.holder | {"village_id": village_id}),
        **registered_by(actor),
    )
    session.add(household)
    await audit.record(
        session, "household.registered", subject_kind="household", subject_id=household.id, holder=household
    )
    return household


async def change_household(
    session: AsyncSession, actor: Actor, household: Household, body: ChangeHousehold
) -> Household:
    """Change a household's own fields; whatever the patch does not name stays."""
    sent = {name: value for name, value in members(body).items() if getattr(household, name) != value}
    for name, value in sent.items():
        setattr(household, name, value)
    if "head_name" in sent:
        await _keep_names(session, household)
    if sent:
        await _changed(session, actor, household, "changed", {"fields": sorted(sent)})
    return household


async def add_adult(
    session: AsyncSession, actor: Actor, household: Household, body: AddHouseholdMember
) -> HouseholdMember:
    """Write a grown person into a household."""
    today = clock.today()
    if body.full_name is None:
        raise errors.required("/full_name")
    if body.born_year is not None and body.born_year > today.year:
        raise in_future("/born_year")
    await queries.require_code(session, "ethnicities", body.ethnicity, pointer="/ethnicity", day=today)
    member = HouseholdMember(
        id=body.id or new_id(),
        household_id=household.id,
        full_name=body.full_name,
        relation=body.relation or "unknown",
        sex=body.sex or "unknown",
        born_year=body.born_year,
        ethnicity=body.ethnicity,
        occupation=body.occupation,
        joined_on=body.joined_on,
        **holder_of(household),
        **recorded_by(actor),
    )
    session.add(member)
    await _keep_names(session, household, member)
    await _changed(session, actor, household, "member_added", {"member_id": str(member.id)})
    return member


async def place_child(session: AsyncSession, actor: Actor, household: Household, child: Child) -> None:
    """Place a registered child in a household; it leaves the one it was in."""
    if child.household_id == household.id:
        return
    await actions.change_child(session, actor, child, ChangeChild(household_id=household.id))
    await _changed(session, actor, household, "member_added", {"child_id": str(child.id)})


async def let_member_leave(
    session: AsyncSession, actor: Actor, household: Household, member: HouseholdMember, body: HouseholdMemberLeaves
) -> HouseholdMember:
    """Write down when a grown person left a household, and why."""
    if member.entered_in_error_at is not None:
        raise AlreadyEnteredInError
    if member.left_on is not None:
        raise AlreadyEnded
    if member.joined_on is not None and body.left_on < member.joined_on:
        raise too_early("/left_on", member.joined_on)
    member.left_on, member.left_reason = body.left_on, body.reason
    await _keep_names(session, household)
    await _changed(session, actor, household, "member_left", {"member_id": str(member.id)})
    return member


async def retract_member(
    session: AsyncSession, actor: Actor, household: Household, member: HouseholdMember, body: EnterInError
) -> None:
    """Mark a grown person as entered in error."""
    corrections.retract(member, body, by=actor.id)
    await _keep_names(session, household)
    await _changed(session, actor, household, "member_entered_in_error", {"member_id": str(member.id)})


async def _keep_names(session: AsyncSession, household: Household, *new: HouseholdMember) -> None:
    """Keep the names that a household is found by: its head's, and those of the grown people who live in it."""
    there = {member.id: member for member in (*await members_of_household(session, household), *new)}
    names = [one.full_name for one in there.values() if one.left_on is None and one.entered_in_error_at is None]
    household.search_names = rules.search_lines([household.head_name, *names])


async def _changed(
    session: AsyncSession, actor: Actor, household: Household, what: str, detail: dict[str, object]
) -> None:
    household.row_version += 1
    household.changed_at, household.changed_by = clock.now(), actor.id
    await audit.record(
        session,
        f"household.{what}",
        subject_kind="household",
        subject_id=household.id,
        detail=detail,
        holder=household,
    )
