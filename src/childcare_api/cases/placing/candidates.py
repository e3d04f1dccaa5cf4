"""Who could take a child in: everybody on the lists, in the decree's order, with what stands against each, by article.

Nothing is scored and nobody is left out for a wish: people choose (NĐ 56/2017, Điều 42.2, 42.3, 42.6).
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import any_, exists, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from childcare_api.access.actor import Actor
from childcare_api.access.permissions import Level
from childcare_api.access.scope import bare_connection
from childcare_api.agencies.providers.queries import providers_statement, summaries
from childcare_api.agencies.queries import areas_of
from childcare_api.alternative_care.models import Carer
from childcare_api.alternative_care.queries import children_with, find_carer, listed_carers
from childcare_api.alternative_care.rules import CIRCULAR, DECREE, LAW, Birthday, Lack, age_against
from childcare_api.cases.file.models import CaseStep
from childcare_api.cases.file.queries import sibling_ids
from childcare_api.cases.placing import counting, harm, rules
from childcare_api.cases.placing.models import CasePlacement, CasePlacementEnd
from childcare_api.cases.placing.needing import Relative
from childcare_api.cases.placing.offers import Candidate, CandidateElsewhere, Candidates, FacilityCandidate
from childcare_api.cases.placing.queries import Placing
from childcare_api.shared import clock
from childcare_api.shared.paging import TOTAL_CAP, Page, PageRequest
from childcare_api.shared.problems import BadQuery, FieldError
from childcare_api.units.queries import is_province

_OFFERED = text("SELECT * FROM carers_offered(:province_id, :foreigner, :applied_on, :id, :limit)")
_IS_OFFERED = text("SELECT carer_is_offered(:carer_id, :commune_id)")
_NO_PROVINCE = FieldError(
    "province_id",
    "no_such_province",
    "No province of today: `GET /units?level=province` lists them.",
    "Không có tỉnh, thành phố này: xem `GET /units?level=province`.",
)
_FIRST = (False, date.min, UUID(int=0))
_FACILITIES = 200
_IN_PROVINCE = 200
"""How many carers of other communes stand in the first answer; the list of carers elsewhere goes on."""

After = tuple[bool, date, UUID]


@dataclass(frozen=True, slots=True)
class Offer:
    """A carer as far as the order and the law look at them; without a name where another commune holds them."""

    id: UUID
    commune_id: int
    full_name: str | None
    status: str
    born_on: date
    born_on_precision: str
    is_foreigner: bool
    resident_until: date | None
    child_count: int
    child_age_from: int | None
    child_age_to: int | None
    child_sex: str | None
    applied_on: date
    commune_name: str | None = None
    province_name: str | None = None


_SHOWN = [name for name in Offer.__slots__ if name not in ("status", "full_name")]
_KEPT = [name for name in Offer.__slots__ if name not in ("commune_name", "province_name")]


async def offered(
    session: AsyncSession, actor: Actor, province_id: int | None, *, after: After | None = None, limit: int
) -> list[Offer]:
    """Return carers on the lists that other communes of a province have sent, or, of None, those of other provinces.

    Only a commune is shown them, after the keys of the last one that it was shown.
    """
    if actor.level is not Level.COMMUNE:
        return []
    foreigner, applied_on, carer_id = after or _FIRST
    keys = {"foreigner": foreigner, "applied_on": applied_on, "id": carer_id}
    found = await session.execute(_OFFERED, keys | {"province_id": province_id, "limit": limit})
    return [Offer(status="listed", full_name=None, **{name: row[name] for name in _SHOWN}) for row in found.mappings()]


async def is_offered(session: AsyncSession, carer_id: UUID, commune_id: int) -> bool:
    """Say whether a carer stands on a list that another commune has sent."""
    found: bool = await session.scalar(_IS_OFFERED, {"carer_id": carer_id, "commune_id": commune_id})
    return found


async def carers_elsewhere(
    session: AsyncSession, actor: Actor, placing: Placing, page: PageRequest, province_id: int | None
) -> Page[CandidateElsewhere]:
    """Return a page of who could take the child in elsewhere: Vietnamese before foreigners (Điều 42.3 c, d).

    Raises BadQuery for a unit that is no province.
    """
    if province_id is not None and not await is_province(session, province_id):
        raise BadQuery(errors=(_NO_PROVINCE,))
    keys: Any = page.after()
    after = None if keys is None else (bool(keys[0]), keys[1], keys[2])
    found = await offered(session, actor, province_id, after=after, limit=page.limit + 1)
    offers = found[: page.limit]
    today, case = clock.today(), placing.file.case
    in_care = await children_with(session, [one.id for one in offers], today)
    harmed = await harm.against(session, placing, (one.id for one in offers))
    items = []
    for one in offers:
        order = rules.order_of(relative=False, same_commune=False, foreigner=one.is_foreigner)
        lacks = _against(one, placing.child, case.child_sex, today, related=set(), full=in_care.get(one.id, 0))
        lacks += harmed.get(one.id, [])
        told = {"carer_id": one.id, "commune_id": one.commune_id, "order": order, "order_article": rules.ORDER[order]}
        told |= {"commune_name": one.commune_name, "province_name": one.province_name}
        items.append(CandidateElsewhere.model_validate(told | {"against": [lack.told() for lack in lacks]}))
    last = offers[-1] if len(found) > page.limit else None
    return Page[CandidateElsewhere](
        items=items,
        next_cursor=None if last is None else page.cursor_after((int(last.is_foreigner), last.applied_on, last.id)),
        total=len(await offered(session, actor, province_id, limit=TOTAL_CAP)) if page.with_total else None,
    )


def _own(carer: Carer, *, named: bool) -> Offer:
    row = {name: getattr(carer, name) for name in _KEPT}
    return Offer(**row if named else row | {"full_name": None})


async def candidates_for(session: AsyncSession, actor: Actor, placing: Placing) -> Candidates:
    """Return everybody who could take the child of a case in, carers first, then facilities (Điều 42.2)."""
    today, case = clock.today(), placing.file.case
    needs = placing.last_needs()
    relatives = [] if needs is None else [Relative.model_validate(one) for one in needs[1].relatives]
    related = {one.carer_id for one in relatives if one.carer_id is not None}
    carers = {carer.id: carer for carer in await listed_carers(session, actor)}
    for carer_id in related - carers.keys():
        found = await find_carer(session, actor, carer_id)
        if found is not None:
            carers[found.id] = found
    named = actor.level is Level.COMMUNE
    near = await offered(session, actor, actor.province_id, limit=_IN_PROVINCE + 1)
    offers = [_own(carer, named=named) for carer in carers.values()] + near[:_IN_PROVINCE]
    in_care = await children_with(session, [one.id for one in offers], today)
    harmed = await harm.against(session, placing, (one.id for one in offers))
    with_siblings = await _carers_of_siblings(session, placing)
    rows = []
    for one in offers:
        order = rules.order_of(
            relative=one.id in related, same_commune=one.commune_id == case.commune_id, foreigner=one.is_foreigner
        )
        children = in_care.get(one.id, 0)
        lacks = _against(one, placing.child, case.child_sex, today, related=related, full=children)
        rows.append(
            Candidate.model_validate(
                {
                    "carer_id": one.id,
                    "commune_id": one.commune_id,
                    "full_name": one.full_name,
                    "form": "relative" if one.id in related else "non_relative",
                    "order": order,
                    "order_article": rules.ORDER[order],
                    "places": one.child_count,
                    "children_in_care": children,
                    "siblings_there": one.id in with_siblings,
                    "against": [lack.told() for lack in (*harmed.get(one.id, []), *lacks)],
                }
            )
        )
    places = list(rules.ORDER)
    rows.sort(key=lambda row: (places.index(row.order), not row.siblings_there))
    return Candidates(
        row_version=case.row_version,
        case_id=case.id,
        child_must_be_asked=rules.must_be_asked(placing.child, today),
        relatives=relatives,
        carers=rows,
        more_in_province=len(near) > _IN_PROVINCE,
        facilities=await _facilities(session, case.commune_id, today),
    )


def _against(
    one: Offer, child: Birthday | None, sex: str | None, today: date, *, related: set[UUID], full: int
) -> list[Lack]:
    found = []
    birthday = Birthday(one.born_on, one.born_on_precision)  # type: ignore[arg-type]
    age = age_against(birthday, child, relative=one.id in related, today=today)
    if age is not None:
        found.append(age)
    if one.status != "listed":
        found.append(Lack("not_listed", f"{CIRCULAR} Điều 8.5"))
    if one.is_foreigner and one.resident_until is not None and one.resident_until < today:
        found.append(Lack("residence_ended", f"{LAW} Điều 63.2.a"))
    if full >= one.child_count:
        found.append(Lack("full", f"{CIRCULAR} Điều 7.1.b"))
    ages = (one.child_age_from, one.child_age_to)
    return found + rules.wishes_against(child, sex, today, ages=ages, wanted_sex=one.child_sex)


async def _carers_of_siblings(session: AsyncSession, placing: Placing) -> set[UUID]:
    """Return who has a brother or sister of the child in care, as far as their cases are in the same commune."""
    case = placing.file.case
    siblings = await sibling_ids(session, case)
    if not siblings:
        return set()
    basis = aliased(CaseStep)
    wrong = exists().where(basis.id == any_(CaseStep.stands_on), basis.in_error_at.is_not(None))
    # An end by a death stands on that, and goes with it.
    ended = select(CasePlacementEnd.placement_id).join(CaseStep, CaseStep.id == CasePlacementEnd.id)
    found = await session.scalars(
        select(CasePlacement.carer_id)
        .join(CaseStep, CaseStep.id == CasePlacement.id)
        .where(
            CaseStep.case_id.in_(siblings),
            CaseStep.commune_id == case.commune_id,
            CaseStep.in_error_at.is_(None),
            CasePlacement.carer_id.is_not(None),
            CasePlacement.id.not_in(ended.where(CaseStep.in_error_at.is_(None), ~wrong)),
        )
    )
    return {one for one in found if one is not None}


async def _facilities(session: AsyncSession, commune_id: int | None, day: date) -> list[FacilityCandidate]:
    """Return the facilities that serve the child's commune, with their places on that day."""
    areas = await areas_of(await bare_connection(session), commune_id or 0)
    statement = providers_statement(
        day, unit_ids=areas, service=None, level=None, ownership=None, is_facility=True, q=None
    )
    providers = list(await session.scalars(statement.limit(_FACILITIES)))
    rows = []
    for provider in await summaries(session, providers, day):
        taken = await counting.places_taken(session, provider.id, day)
        free = None if provider.places is None else provider.places - taken
        against = []
        if provider.standing not in ("licensed", "licence_unknown"):
            against.append(Lack(f"provider_{provider.standing}", f"{LAW} Điều 59"))
        if free is not None and free <= 0:
            against.append(Lack("full", f"{DECREE} Điều 44"))
        told = [lack.told() for lack in against]
        rows.append(
            FacilityCandidate.model_validate(
                {"provider_id": provider.id, "name": provider.name, "places": provider.places, "free": free}
                | {"against": told}
            )
        )
    return rows
