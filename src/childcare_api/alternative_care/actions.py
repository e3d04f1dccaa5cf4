"""What happens to a carer: applying, being verified, listed, withdrawn or struck off (NĐ 56/2017, Điều 39-42)."""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access import audit
from childcare_api.access.actor import Actor
from childcare_api.alternative_care import queries
from childcare_api.alternative_care.ending import actions as ending
from childcare_api.alternative_care.ending.schemas import RefuseCarer, StrikeCarerOff, WithdrawCarer
from childcare_api.alternative_care.errors import CarerNotInState, CarerNotReady, not_an_adult
from childcare_api.alternative_care.models import Carer, CarerMember, CarerVerification
from childcare_api.alternative_care.rules import Birthday, is_surely_minor
from childcare_api.alternative_care.schemas import (
    AddCarerMember,
    CarerMemberLeaves,
    ChangeCarer,
    RegisterCarer,
    VerifyCarer,
)
from childcare_api.shared import clock, corrections
from childcare_api.shared.corrections import AlreadyEnded, EnterInError
from childcare_api.shared.db import holder_of
from childcare_api.shared.ids import new_id
from childcare_api.shared.refusals import too_early
from childcare_api.shared.schemas import members
from childcare_api.shared.text import fold

RUNNING = ("applied", "verified", "listed")
HARMFUL = (*RUNNING, "withdrawn", "refused")
_NEVER_EMPTY = {"full_name", "commitment", "child_count"}


async def register_carer(session: AsyncSession, actor: Actor, command: RegisterCarer) -> Carer:
    """Take an application or a relative's notice. What it still lacks is told, and only listing needs it."""
    if is_surely_minor(Birthday(command.born_on, command.born_on_precision), command.applied_on):
        raise not_an_adult()
    now = clock.now()
    carer = Carer(
        **actor.holder,
        **command.model_dump(exclude={"id", "members"}),
        id=command.id or new_id(),
        row_version=1,
        status="applied",
        search_name=fold(command.full_name),
        listed_at=None,
        listed_by=None,
        ended_at=None,
        ended_by=None,
        end_ground=None,
        end_reason=None,
        recorded_at=now,
        recorded_by=actor.id,
    )
    session.add(carer)
    await session.flush()  # The members name it, and an id that is taken is refused before the event is written.
    session.add_all(_member(actor, carer, one) for one in command.members)
    await session.flush()  # The answer reads the members back.
    await _record(session, carer, "registered", {})
    return carer


async def change_carer(session: AsyncSession, carer: Carer, command: ChangeCarer) -> Carer:
    """Change what is known of a carer."""
    _guard(carer, RUNNING)
    given = members(command)
    given = {name: value for name, value in given.items() if value is not None or name not in _NEVER_EMPTY}
    changed = {name: value for name, value in given.items() if getattr(carer, name) != value}
    if not changed:
        return carer
    for name, value in changed.items():
        setattr(carer, name, value)
    if "full_name" in changed:
        carer.search_name = fold(carer.full_name)
    await _changed(session, carer, "changed", {"fields": sorted(changed)})
    return carer


async def add_member(session: AsyncSession, actor: Actor, carer: Carer, command: AddCarerMember) -> None:
    """Write somebody else of the household down."""
    _guard(carer, RUNNING)
    member = _member(actor, carer, command)
    session.add(member)
    await session.flush()  # An id that is taken is refused before the event is written.
    await _changed(session, carer, "member_added", {"member_id": str(member.id)})


async def member_leaves(session: AsyncSession, carer: Carer, member_id: UUID, command: CarerMemberLeaves) -> None:
    """Write down that somebody left the household."""
    member = await queries.get_member(session, carer, member_id)
    if member.left_on is not None:
        raise AlreadyEnded
    member.left_on = command.left_on
    await _changed(session, carer, "member_left", {"member_id": str(member.id)})


async def verify_carer(session: AsyncSession, actor: Actor, carer: Carer, command: VerifyCarer) -> None:
    """Record a verification (Mẫu 11). One that does not find the conditions met takes a carer off the list."""
    _guard(carer, RUNNING)
    if command.verified_on < carer.applied_on:
        raise too_early("/verified_on", carer.applied_on)
    verification = CarerVerification(
        **holder_of(carer),
        **command.model_dump(exclude={"id", "conditions"}),
        id=command.id or new_id(),
        carer_id=carer.id,
        conditions=[one.model_dump() for one in command.conditions],
        recorded_at=clock.now(),
        recorded_by=actor.id,
        entered_in_error_at=None,
        entered_in_error_by=None,
        entered_in_error_reason=None,
    )
    session.add(verification)
    await session.flush()  # The carer's state is read off the verifications.
    await _restate(session, carer)
    await _changed(session, carer, "verified", {"verification_id": str(verification.id), "result": command.result})


async def mark_verification_in_error(
    session: AsyncSession, actor: Actor, carer: Carer, verification_id: UUID, command: EnterInError
) -> None:
    """Mark a verification as entered in error; a listing that stood on it falls."""
    verification = await queries.get_verification(session, carer, verification_id)
    corrections.retract(verification, command, by=actor.id)
    await session.flush()  # as above
    await _restate(session, carer)
    await _changed(session, carer, "verification_entered_in_error", {"verification_id": str(verification.id)})


async def approve_carer(session: AsyncSession, actor: Actor, carer: Carer) -> None:
    """Put a carer on the list (TT 14/2020, Điều 7.2, 8.5). What is lacking is named by article."""
    _guard(carer, ("applied", "verified"))
    missing = queries.missing_of(carer, (await queries.verifications_of(session, [carer]))[carer.id])
    if missing:
        raise CarerNotReady(missing=[lack.told() for lack in missing])
    carer.status, carer.listed_at, carer.listed_by = "listed", clock.now(), actor.id
    await _changed(session, carer, "listed", {})


async def refuse_carer(session: AsyncSession, actor: Actor, carer: Carer, command: RefuseCarer) -> None:
    """Refuse an application."""
    _guard(carer, ("applied", "verified"))
    await _end(session, actor, carer, "refused", reason=command.reason)


async def withdraw_carer(session: AsyncSession, actor: Actor, carer: Carer, command: WithdrawCarer) -> None:
    """Write down that the carer no longer wishes to take children in. Whom they have in care stays in care."""
    _guard(carer, RUNNING)
    await _end(session, actor, carer, "withdrawn", reason=command.reason)


async def strike_off(session: AsyncSession, actor: Actor, carer: Carer, command: StrikeCarerOff) -> None:
    """Take a carer off the register against their wish, with the reason; a task has who harmed a child left alone.

    For harm also where the registration ended before: whom they have in care stayed there.
    """
    _guard(carer, HARMFUL if command.ground == ending.HARMED else RUNNING)
    await ending.guard_nobody_there(session, carer, command.ground)
    await _end(session, actor, carer, "struck_off", ground=command.ground, reason=command.reason)
    await ending.keep_clock(session, carer, left_at=clock.now())
    await ending.see_others(session, carer)


async def _restate(session: AsyncSession, carer: Carer) -> None:
    """Let the status follow the last verification that counts; only the leader lists anybody."""
    last = queries.last_that_counts((await queries.verifications_of(session, [carer]))[carer.id])
    meets = last is not None and last.result == "meets"
    if carer.status == "listed" and meets:
        return
    if carer.status in RUNNING:
        carer.status = "verified" if meets else "applied"
        carer.listed_at = carer.listed_by = None


async def _end(
    session: AsyncSession, actor: Actor, carer: Carer, status: str, *, ground: str | None = None, reason: str | None
) -> None:
    carer.status, carer.ended_at, carer.ended_by = status, clock.now(), actor.id
    carer.end_ground, carer.end_reason = ground, reason
    await _changed(session, carer, status, {"ground": ground})


def _guard(carer: Carer, allowed: tuple[str, ...]) -> None:
    if carer.status not in allowed:
        raise CarerNotInState(carer_status=carer.status)


def _member(actor: Actor, carer: Carer, command: AddCarerMember) -> CarerMember:
    return CarerMember(
        **holder_of(carer),
        **command.model_dump(exclude={"id"}),
        id=command.id or new_id(),
        carer_id=carer.id,
        left_on=None,
        recorded_at=clock.now(),
        recorded_by=actor.id,
    )


async def _changed(session: AsyncSession, carer: Carer, what: str, detail: dict[str, Any]) -> None:
    carer.row_version += 1
    await session.flush()  # The answer reads the parts back.
    await _record(session, carer, what, detail)


async def _record(session: AsyncSession, carer: Carer, what: str, detail: dict[str, Any]) -> None:
    await audit.record(session, f"carer.{what}", subject_kind="carer", subject_id=carer.id, detail=detail, holder=carer)
