"""Reading carers within the caller's scope."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Bundle

from childcare_api.access.actor import Actor
from childcare_api.access.permissions import Level
from childcare_api.access.scope import in_scope
from childcare_api.alternative_care.harming import (
    CHILDREN_THERE,
    CHILDREN_TO_SEE,
    HARMED,
    children_to_see,
    found_harming,
)
from childcare_api.alternative_care.models import Carer, CarerMember, CarerVerification
from childcare_api.alternative_care.rules import CONDITIONS, LAW, Lack, conditions_missing, papers_missing
from childcare_api.alternative_care.schemas import (
    CarerNoticeOut,
    CarerOut,
    CarerRecorded,
    CarerSummary,
    CarerVerificationOut,
)
from childcare_api.shared import reads
from childcare_api.shared.concurrency import Version
from childcare_api.shared.problems import NotFound

_CHILDREN = text("SELECT carer_id, children FROM children_with_carers(:carer_ids, :day)")
_SAME_NUMBER: dict[str, Any] = {
    "code": "identity_number_held_by_another",
    "pointer": "/identity_number",
    "message_vi": "Một người khác trong sổ đã có số giấy tờ này; hãy kiểm tra xem có phải một người.",
    "message_en": "Another carer of the register has this identity number; see whether it is the same person.",
}
_SAME_NAME: dict[str, Any] = {
    "code": "maybe_registered_before",
    "pointer": "/full_name",
    "message_vi": "Trong sổ đã có người cùng họ tên và năm sinh; hãy kiểm tra xem có phải một người.",
    "message_en": "A carer of the same name and year of birth is registered; see whether it is the same person.",
}


def carers_statement(actor: Actor, *, status: str | None, words: Sequence[str]) -> Select[Any]:
    """Return the statement for a list of the carers of the caller's unit; `words` are of the name, as it is folded."""
    statement: Select[Any] = select(Bundle("carer", *_listed(actor))).where(in_scope(Carer, actor))
    if status is not None:
        statement = statement.where(Carer.status == status)
    if words and actor.level is not Level.COMMUNE:
        # Parts of names that are not shown would be told letter by letter to whoever tries them.
        return statement.where(Carer.search_name == " ".join(words))
    for word in words:
        statement = statement.where(func.concat(" ", Carer.search_name).contains(f" {word}", autoescape=True))
    return statement


def _listed(actor: Actor) -> list[Any]:
    """Return what a row of the list shows. Above the commune no list shows the full name; the record does."""
    columns = [getattr(Carer, name) for name in CarerSummary.model_fields]
    return columns if actor.level is Level.COMMUNE else reads.with_initials(columns, "full_name")


async def children_with(session: AsyncSession, carer_ids: Iterable[UUID], day: date) -> dict[UUID, int]:
    """Return how many children of all communes each of some carers has in care on a day; on the last, ever from now."""
    rows = await session.execute(_CHILDREN, {"carer_ids": list(carer_ids), "day": day})
    return {row.carer_id: row.children for row in rows}


async def find_carer(session: AsyncSession, actor: Actor, carer_id: UUID) -> Carer | None:
    """Return a carer within the caller's scope."""
    found: Carer | None = await session.scalar(select(Carer).where(Carer.id == carer_id, in_scope(Carer, actor)))
    return found


async def find_carer_to_judge(session: AsyncSession, actor: Actor, carer_id: UUID) -> Carer | None:
    """Return a carer within the caller's scope as they are, locked until commit, and read anew.

    Of who gives a child there and who strikes them off, or finds that they harmed one, the second sees the first.
    """
    found: Carer | None = await session.scalar(
        select(Carer)
        .where(Carer.id == carer_id, in_scope(Carer, actor))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return found


async def get_carer(session: AsyncSession, actor: Actor, carer_id: UUID) -> Carer:
    """Return a carer. Raises NotFound for one outside the caller's scope."""
    carer = await find_carer(session, actor, carer_id)
    if carer is None:
        raise NotFound(carer_id=carer_id)
    return carer


async def lock_carer(session: AsyncSession, actor: Actor, carer_id: UUID, version: Version) -> Carer:
    """Return a carer at that version, locked until commit."""
    carer = await session.scalar(
        select(Carer).where(Carer.id == carer_id, in_scope(Carer, actor)).with_for_update(key_share=True)
    )
    if carer is None:
        raise NotFound(carer_id=carer_id)
    return version.check(carer)


async def maybe_doubles(session: AsyncSession, actor: Actor, carer: Carer) -> list[CarerNoticeOut]:
    """Return the carers of the caller's commune who may be the same person, those taken off the list included.

    Somebody struck off who applies anew is the double that matters most.
    """
    same_name = (Carer.search_name == carer.search_name) & (func.extract("year", Carer.born_on) == carer.born_on.year)
    same_number = func.regexp_replace(Carer.identity_number, r"\s", "", "g") == "".join(
        (carer.identity_number or "").split()
    )
    statement = select(Carer.id, same_number).where(in_scope(Carer, actor), Carer.id != carer.id)
    found = await session.execute(statement.where(same_name | same_number).order_by(Carer.id).limit(50))
    return [
        CarerNoticeOut(carer_id=carer_id, **(_SAME_NUMBER if by_number else _SAME_NAME))
        for carer_id, by_number in found
    ]


async def listed_carers(session: AsyncSession, actor: Actor) -> list[Carer]:
    """Return the carers on the list of the caller's commune, in the order they applied."""
    statement = select(Carer).where(in_scope(Carer, actor), Carer.status == "listed")
    return list(await session.scalars(statement.order_by(Carer.applied_on, Carer.id)))


async def get_member(session: AsyncSession, carer: Carer, member_id: UUID) -> CarerMember:
    """Return somebody else of a carer's household. Raises NotFound."""
    member = await session.scalar(_members(carer).where(CarerMember.id == member_id))
    if member is None:
        raise NotFound(member_id=member_id)
    return member


async def get_verification(session: AsyncSession, carer: Carer, verification_id: UUID) -> CarerVerification:
    """Return a verification of a carer. Raises NotFound."""
    verification: CarerVerification | None = await session.scalar(
        select(CarerVerification).where(
            CarerVerification.id == verification_id,
            CarerVerification.carer_id == carer.id,
            CarerVerification.commune_id == carer.commune_id,
        )
    )
    if verification is None:
        raise NotFound(verification_id=verification_id)
    return verification


async def members_of(session: AsyncSession, carer: Carer) -> list[CarerMember]:
    """Return everybody else of a carer's household, those who left included."""
    return list(await session.scalars(_members(carer).order_by(CarerMember.recorded_at, CarerMember.id)))


def _members(carer: Carer) -> Select[CarerMember]:
    return select(CarerMember).where(CarerMember.carer_id == carer.id, CarerMember.commune_id == carer.commune_id)


async def verifications_of(session: AsyncSession, carers: Iterable[Carer]) -> dict[UUID, list[CarerVerification]]:
    """Return every verification of some carers, the oldest first."""
    ids = {carer.id: carer for carer in carers}
    statement = select(CarerVerification).where(CarerVerification.carer_id.in_(ids))
    found: dict[UUID, list[CarerVerification]] = {carer_id: [] for carer_id in ids}
    for row in await session.scalars(statement.order_by(CarerVerification.verified_on, CarerVerification.id)):
        found[row.carer_id].append(row)
    return found


def last_that_counts(verifications: Iterable[CarerVerification]) -> CarerVerification | None:
    """Return the newest verification that was not entered in error."""
    return next((one for one in reversed(list(verifications)) if one.entered_in_error_at is None), None)


def missing_of(carer: Carer, verifications: Iterable[CarerVerification]) -> list[Lack]:
    """Return what a carer lacks for the commune's list."""
    last = last_that_counts(verifications)
    return papers_missing(carer) + conditions_missing(None if last is None else last.conditions)


async def carer_recorded(session: AsyncSession, actor: Actor, carer: Carer) -> CarerRecorded:
    """Return the answer for a carer who was just written down or changed, with what looks wrong about them."""
    out = await carer_out(session, carer)
    warnings = await maybe_doubles(session, actor, carer)
    return CarerRecorded.model_validate({**dict(out), "warnings": warnings})


async def carer_out(session: AsyncSession, carer: Carer) -> CarerOut:
    """Return the answer for a carer."""
    verifications = (await verifications_of(session, [carer]))[carer.id]
    made = {"members", "verifications", "missing", "children_in_care", "children_to_see", "notices"}
    children = (await children_with(session, [carer.id], date.max)).get(carer.id, 0)
    harmed = [HARMED] if await found_harming(session, [carer.id]) else []
    there = [CHILDREN_THERE] if children and (harmed or carer.end_ground == "harmed_a_child") else []
    to_see = await children_to_see(session, carer.id) if children else 0
    see = [CHILDREN_TO_SEE] if to_see else []
    own = {name: getattr(carer, name) for name in CarerOut.model_fields.keys() - made}
    return CarerOut.model_validate(
        own
        | {
            "members": await members_of(session, carer),
            "verifications": [verification_out(one) for one in verifications],
            "missing": [lack.told() for lack in missing_of(carer, verifications)],
            "children_in_care": children,
            "children_to_see": to_see,
            "notices": [lack.told() for lack in (*see, *harmed, *there)],
        }
    )


def verification_out(one: CarerVerification) -> CarerVerificationOut:
    """Return the answer for a verification."""
    conditions = [
        condition | {"article": f"{LAW} Điều {CONDITIONS[condition['condition']]}"} for condition in one.conditions
    ]
    names = CarerVerificationOut.model_fields.keys() - {"conditions"}
    return CarerVerificationOut.model_validate(
        {name: getattr(one, name) for name in names} | {"conditions": conditions}
    )
