"""Breaking the glass, and looking into who did."""

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access import audit
from childcare_api.access.actor import Actor
from childcare_api.cases.breaking_glass import queries
from childcare_api.cases.breaking_glass.errors import AlreadyReviewed, ChildIsYours, ChildNotIdentified
from childcare_api.cases.breaking_glass.models import BrokenGlass
from childcare_api.cases.breaking_glass.schemas import BreakGlass, ReviewGlass
from childcare_api.deadlines import actions as deadlines
from childcare_api.shared import clock
from childcare_api.shared.ids import new_id
from childcare_api.shared.problems import Problem, TooManyRequests

REVIEW = "glass.review"


async def break_glass(
    session: AsyncSession, actor: Actor, command: BreakGlass, *, reason: str, hours: int
) -> queries.Breaking | Problem:
    """Let the actor read a child of another commune for some hours, and that commune know.

    A refusal is returned, for the caller to raise once the try, which counts, is committed.
    """
    glass_id, now = new_id(), clock.now()
    # The holder is not known here, and is nothing the actor may learn: the database writes it into the task.
    tasks = await deadlines.prepare_in_every_length(
        session,
        REVIEW,
        subject_kind="broken_glass",
        subject_id=glass_id,
        holder=actor.holder,
        from_instant=now,
    )
    breaking = queries.Breaking(glass_id, reason, now + timedelta(hours=hours), tasks)
    match await queries.break_glass(session, command, breaking):
        case "broken":
            return breaking
        case "own":
            return ChildIsYours()
        case "too_many":
            return TooManyRequests(retry_after=3600, limit=await queries.tries_a_day(session))
        case _:
            return ChildNotIdentified()


async def review_glass(session: AsyncSession, actor: Actor, glass: BrokenGlass, command: ReviewGlass) -> None:
    """Write down what came of looking into who read the child."""
    if glass.reviewed_at is not None:
        raise AlreadyReviewed
    glass.reviewed_at, glass.reviewed_by, glass.review_note = clock.now(), actor.id, command.note
    await deadlines.finish(session, REVIEW, glass.id, happened_at=glass.reviewed_at)
    await audit.record(
        session,
        "child.broken_glass_reviewed",
        subject_kind="child",
        subject_id=glass.child_id,
        detail={"glass_id": str(glass.id)},
        holder=glass,
    )
