"""Households and their people over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from childcare_api.access import audit
from childcare_api.access.commands import Command, Given
from childcare_api.access.dependencies import CurrentActor, Session
from childcare_api.access.permissions import Permission
from childcare_api.children import errors
from childcare_api.children.households import actions, queries
from childcare_api.children.households.schemas import (
    AddHouseholdMember,
    ChangeHousehold,
    HouseholdMemberLeaves,
    HouseholdMemberOut,
    HouseholdMembers,
    HouseholdOut,
    Poverty,
    RegisterHousehold,
)
from childcare_api.children.models import Child, Household, HouseholdMember
from childcare_api.children.queries import find_household, lock_child
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
from childcare_api.shared.refusals import no_such_record
from childcare_api.shared.requests import Router

router = Router(tags=["registry"])

_OF_CHANGING = problems(NotFound, VersionRequired, StaleVersion, ValidationFailed)
_OF_MEMBERS = problems(NotFound, VersionRequired, StaleVersion, AlreadyEnded, AlreadyEnteredInError, ValidationFailed)


@router.get("/households", responses=problems(BadQuery))
async def list_households(
    actor: CurrentActor,
    session: Session,
    page: Paging,
    *,
    village_id: Annotated[int | None, Query(ge=1, le=2_147_483_647)] = None,
    poverty: Poverty | None = None,
    code: Annotated[str | None, Query(max_length=200, description="The number in the commune's own book.")] = None,
    q: Annotated[
        str | None,
        Query(
            max_length=100,
            description="Words of one person's name, the head's or anybody's who lives there, children too: accents or"
            " not, any order, each at least as it begins. Above the commune the whole name.",
        ),
    ] = None,
) -> Page[HouseholdOut]:
    """List or search the households of your unit. What was shown is recorded.

    Above the commune the list shows the initials of the head's name; the record has it in full.
    """
    actor.require(Permission.CHILD_READ)
    words = None if q is None else words_of(q)
    statement = queries.households_statement(actor, village_id=village_id, poverty=poverty, code=code, words=words)
    fetched = await paging.fetch(session, statement, page, Household.id)
    ids = [str(household.id) for household in fetched.items]
    action = "households.listed" if q is None else "households.searched"
    await audit.record(session, action, subject_kind="household", subject_id=None, detail={"ids": ids})
    return Page[HouseholdOut].model_validate(fetched)


@router.post("/households", status_code=201, responses=problems(ValidationFailed, IdTaken))
async def register_household(
    body: RegisterHousehold, actor: CurrentActor, session: Session, once: OnceIfKeyed, response: Response
) -> HouseholdOut:
    """Open the page of a household in the book of your commune or village."""
    actor.require(Permission.CHILD_WRITE)
    await once.begin(session)
    household = await actions.register_household(session, actor, body)
    response.headers["Location"] = f"/api/v1/households/{household.id}"
    return HouseholdOut.model_validate(household)


@router.get("/households/{household_id}", responses=problems(NotFound))
async def read_household(household_id: UUID, actor: CurrentActor, session: Session) -> HouseholdOut:
    """Read a household. That you did is recorded."""
    actor.require(Permission.CHILD_READ)
    return HouseholdOut.model_validate(await _opened(session, actor, household_id))


@router.patch("/households/{household_id}", responses=_OF_CHANGING)
async def change_household(household_id: UUID, body: ChangeHousehold, given: Given) -> HouseholdOut:
    """Change a household by a merge patch: what is absent stays, null empties."""
    household = await _locked(household_id, given)
    return HouseholdOut.model_validate(await actions.change_household(given.session, given.actor, household, body))


@router.get("/households/{household_id}/members", responses=problems(NotFound))
async def list_members(household_id: UUID, actor: CurrentActor, session: Session) -> HouseholdMembers:
    """List everybody of a household: grown people, and registered children by age. That you did is recorded."""
    actor.require(Permission.CHILD_READ)
    return await _members(session, await _opened(session, actor, household_id))


@router.post(
    "/households/{household_id}/members", status_code=201, responses=problems(NotFound, ValidationFailed, IdTaken)
)
async def add_member(
    household_id: UUID, body: AddHouseholdMember, actor: CurrentActor, session: Session, once: OnceIfKeyed
) -> HouseholdMembers:
    """Write a grown person into a household, or place a registered child in it."""
    actor.require(Permission.CHILD_WRITE)
    await once.begin(session)
    household = await queries.lock_household(session, actor, household_id)
    if body.child_id is None:
        await actions.add_adult(session, actor, household, body)
    else:
        if body.model_fields_set - {"child_id"}:
            raise errors.only_alone("/child_id")
        try:
            child = await lock_child(session, actor, body.child_id)
        except NotFound:
            raise no_such_record("/child_id") from None
        await actions.place_child(session, actor, household, child)
    return await _members(session, household)


@router.post("/households/{household_id}/members/{member_id}/leave", responses=_OF_MEMBERS)
async def let_member_leave(
    household_id: UUID, member_id: UUID, body: HouseholdMemberLeaves, given: Given
) -> HouseholdMembers:
    """Write down when a grown person left a household, and why."""
    household = await _locked(household_id, given)
    member = await queries.get_member(given.session, household, member_id)
    await actions.let_member_leave(given.session, given.actor, household, member, body)
    return await _members(given.session, household)


@router.post("/households/{household_id}/members/{member_id}/entered-in-error", responses=_OF_MEMBERS)
async def retract_member(household_id: UUID, member_id: UUID, body: EnterInError, given: Given) -> HouseholdMembers:
    """Mark a grown person of a household as entered in error."""
    household = await _locked(household_id, given)
    member = await queries.get_member(given.session, household, member_id)
    await actions.retract_member(given.session, given.actor, household, member, body)
    return await _members(given.session, household)


async def _locked(household_id: UUID, given: Command) -> Household:
    """Begin a command on a household: find it or refuse, and lock it until commit."""
    await given.begin(Permission.CHILD_WRITE)
    return await queries.lock_household(given.session, given.actor, household_id, given.version)


async def _opened(session: Session, actor: CurrentActor, household_id: UUID) -> Household:
    household = await find_household(session, actor, household_id)
    if household is None:
        raise NotFound(household_id=household_id)
    await audit.record(session, "household.opened", subject_kind="household", subject_id=household.id, holder=household)
    return household


async def _members(session: Session, household: Household) -> HouseholdMembers:
    # The lists are read by SQL, which must see what was written.
    await session.flush()
    adults = [_adult(member) for member in await queries.members_of_household(session, household)]
    children = [_child(child) for child in await queries.children_of_household(session, household)]
    return HouseholdMembers(row_version=household.row_version, household_id=household.id, items=adults + children)


def _adult(member: HouseholdMember) -> HouseholdMemberOut:
    return HouseholdMemberOut.model_validate(
        {
            "kind": "adult",
            "born_on": None,
            "born_on_precision": None,
            **{
                name: getattr(member, name)
                for name in (
                    *("id", "full_name", "relation", "sex", "born_year", "ethnicity", "occupation", "joined_on"),
                    *("left_on", "left_reason", "entered_in_error_at"),
                )
            },
        }
    )


def _child(child: Child) -> HouseholdMemberOut:
    return HouseholdMemberOut.model_validate(
        {
            "kind": "child",
            "relation": "child",
            "born_year": child.born_on.year,
            **dict.fromkeys(("occupation", "joined_on", "left_on", "left_reason", "entered_in_error_at")),
            **{
                name: getattr(child, name)
                for name in ("id", "full_name", "sex", "born_on", "born_on_precision", "ethnicity")
            },
        }
    )
