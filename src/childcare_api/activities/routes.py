"""Reading and correcting activities over HTTP. They are written down beside the targets they count for."""

from typing import Annotated
from uuid import UUID

from fastapi import Query

from childcare_api.access.dependencies import CurrentActor, Session
from childcare_api.access.permissions import Permission
from childcare_api.activities import actions, queries
from childcare_api.activities.errors import ActivityOfAnotherUnit
from childcare_api.activities.models import Activity
from childcare_api.activities.schemas import ActivityKind, ActivityOut, ActivitySummary, ParticipantsOut
from childcare_api.shared import paging
from childcare_api.shared.concurrency import IfMatch
from childcare_api.shared.corrections import AlreadyEnteredInError, EnterInError
from childcare_api.shared.paging import Page, Paging
from childcare_api.shared.problems import Forbidden, NotFound, StaleVersion, VersionRequired, problems
from childcare_api.shared.requests import Router
from childcare_api.shared.schemas import Day

router = Router(tags=["activities"])


@router.get("/activities", responses=problems(Forbidden))
async def list_activities(
    actor: CurrentActor,
    session: Session,
    page: Paging,
    *,
    kind: ActivityKind | None = None,
    unit_id: Annotated[int | None, Query(ge=1, le=2_147_483_647, description="Who did it.")] = None,
    started_from: Day | None = None,
    started_to: Day | None = None,
) -> Page[ActivitySummary]:
    """List the activities of your unit and those below it, the newest first."""
    actor.require(Permission.ACTIVITY_READ)
    statement = queries.activities_statement(
        actor, kind=kind, unit_id=unit_id, started_from=started_from, started_to=started_to
    )
    fetched = await paging.fetch(session, statement, page, Activity.started_on, Activity.id, descending=True)
    return Page[ActivitySummary].model_validate(fetched, from_attributes=True)


@router.get("/activities/{activity_id}", responses=problems(Forbidden, NotFound))
async def read_activity(activity_id: UUID, actor: CurrentActor, session: Session) -> ActivityOut:
    """Read one activity."""
    actor.require(Permission.ACTIVITY_READ)
    return activity_out(await queries.get_activity(session, actor, activity_id))


@router.post(
    "/activities/{activity_id}/entered-in-error",
    responses=problems(
        Forbidden, ActivityOfAnotherUnit, NotFound, VersionRequired, StaleVersion, AlreadyEnteredInError
    ),
)
async def mark_activity_in_error(
    activity_id: UUID, body: EnterInError, if_match: IfMatch, actor: CurrentActor, session: Session
) -> ActivityOut:
    """Mark an activity entered in error: it stays readable and counts no longer."""
    actor.require(Permission.ACTIVITY_WRITE)
    activity = await queries.lock_activity(session, actor, activity_id, if_match)
    return activity_out(await actions.mark_in_error(session, actor, activity, body))


def activity_out(activity: Activity) -> ActivityOut:
    """Return the answer for an activity."""
    own = {name: getattr(activity, name) for name in ActivityOut.model_fields if name != "participants"}
    groups = [
        ParticipantsOut.model_validate({"audience": a, "count": n}) for a, n in sorted(activity.audiences.items())
    ]
    return ActivityOut.model_validate({**own, "participants": groups})
