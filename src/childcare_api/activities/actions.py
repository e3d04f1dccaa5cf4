"""Writing down what was done, and taking back what should never have been written."""

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access import audit
from childcare_api.access.actor import Actor
from childcare_api.access.scope import holder_unit
from childcare_api.activities.errors import ActivityOfAnotherUnit
from childcare_api.activities.models import Activity
from childcare_api.activities.schemas import RecordActivity
from childcare_api.jobs import outbox
from childcare_api.shared import clock, corrections
from childcare_api.shared.corrections import EnterInError
from childcare_api.shared.ids import new_id


async def record_activity(session: AsyncSession, actor: Actor, command: RecordActivity) -> Activity:
    """Write down something the actor's unit did."""
    ended_on = command.ended_on or command.started_on
    audiences = {group.audience: group.count for group in command.participants}
    activity = Activity(
        **actor.holder,
        id=command.id or new_id(),
        row_version=1,
        kind=command.kind,
        title=command.title,
        description=command.description,
        result=command.result,
        place_text=command.place_text,
        started_on=command.started_on,
        ended_on=ended_on,
        session_count=command.session_count,
        participant_count=sum(audiences.values()),
        audiences=audiences,
        cost_vnd=command.cost_vnd,
        evidence=None if command.evidence is None else command.evidence.model_dump(mode="json"),
        recorded_at=clock.now(),
        recorded_by=actor.id,
        entered_in_error_at=None,
        entered_in_error_by=None,
        entered_in_error_reason=None,
    )
    session.add(activity)
    await session.flush()  # An id that is taken is refused before the event is written.
    await _record(session, activity, "activity.recorded")
    return activity


async def mark_in_error(session: AsyncSession, actor: Actor, activity: Activity, command: EnterInError) -> Activity:
    """Keep an activity readable and stop counting it. Raises ActivityOfAnotherUnit or AlreadyEnteredInError."""
    if holder_unit(activity) != actor.unit_id:
        raise ActivityOfAnotherUnit
    corrections.retract(activity, command, by=actor.id)
    activity.row_version += 1
    await session.flush()  # Refused here, not after the event.
    await _record(session, activity, "activity.entered_in_error")
    return activity


async def _record(session: AsyncSession, activity: Activity, event: str) -> None:
    await audit.record(session, event, subject_kind="activity", subject_id=activity.id, holder=activity)
    await outbox.publish(session, event, activity_id=activity.id)
