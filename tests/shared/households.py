"""A small service that takes every kind of request, for the tests of how requests are read."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Header, Query
from pydantic import Field

from childcare_api.shared.concurrency import IfMatch
from childcare_api.shared.problems import NotFound, Problem, Unauthenticated, problems
from childcare_api.shared.requests import Router
from childcare_api.shared.schemas import Answer, Command, Day, Instant, Line, Text, Versioned, members


class Household(Command):
    head: Line
    note: Annotated[Text, Field(max_length=10)] | None = None
    rooms: int = 1
    roof: Literal["tiles", "straw", "unknown"] = "unknown"
    walls: Literal["wood"] = "wood"
    since: Day | None = None
    seen_at: Instant | None = None


class HouseholdOut(Versioned):
    head: str


class Sent(Answer):
    names: list[str]
    head: str | None


class RoofMissing(Problem):
    """The house has no roof."""

    status = 409
    title_en, title_vi = "The roof is missing", "Nhà chưa có mái"
    detail_en, detail_vi = "It lacks {tiles} tiles.", "Thiếu {tiles} viên ngói."


async def token(authorization: Annotated[str | None, Header()] = None) -> str:
    if authorization is None:
        raise Unauthenticated
    return authorization


Token = Annotated[str, Depends(token)]


router = Router(tags=["households"])


class Stored:
    row_version = 3


@router.post("/households", status_code=201)
async def create_household(body: Household, caller: Token) -> HouseholdOut:
    return HouseholdOut(row_version=1, head=body.head)


@router.patch("/households/{household_id}", responses=problems(NotFound))
async def change_household(household_id: UUID, body: Household, if_match: IfMatch, caller: Token) -> Sent:
    if household_id.int == 0:
        raise NotFound(household_id=household_id)
    if_match.check(Stored())
    return Sent(names=sorted(members(body)), head=body.head)


@router.get("/households")
async def list_households(
    caller: Token,
    sort: Literal["head"] = "head",
    village: Annotated[list[int] | None, Query()] = None,
    as_of: date | None = None,
) -> Sent:
    return Sent(names=[sort], head=None)


@router.post("/roofless")
async def lose_roof(caller: Token) -> Sent:
    raise RoofMissing(tiles=7)
