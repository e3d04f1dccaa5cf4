"""Reading activities: a unit's own and those of the units below it."""

from datetime import date
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.access.scope import in_scope
from childcare_api.activities.models import Activity
from childcare_api.shared.concurrency import Version
from childcare_api.shared.problems import NotFound


def activities_statement(
    actor: Actor,
    *,
    kind: str | None,
    unit_id: int | None,
    started_from: date | None,
    started_to: date | None,
) -> Select[Activity]:
    """Return the statement for a list of activities; what was entered in error is shown as such."""
    statement = select(Activity).where(in_scope(Activity, actor))
    if kind is not None:
        statement = statement.where(Activity.kind == kind)
    if unit_id is not None:
        statement = statement.where(Activity.unit_id == unit_id)
    if started_from is not None:
        statement = statement.where(Activity.started_on >= started_from)
    if started_to is not None:
        statement = statement.where(Activity.started_on <= started_to)
    return statement


async def get_activity(session: AsyncSession, actor: Actor, activity_id: UUID) -> Activity:
    """Return an activity in the caller's scope. Raises NotFound."""
    statement = select(Activity).where(Activity.id == activity_id, in_scope(Activity, actor))
    activity = await session.scalar(statement)
    if activity is None:
        raise NotFound(activity_id=activity_id)
    return activity


async def lock_activity(session: AsyncSession, actor: Actor, activity_id: UUID, version: Version) -> Activity:
    """Return an activity at that version, locked until commit. Raises NotFound, VersionRequired or StaleVersion."""
    statement = select(Activity).where(Activity.id == activity_id, in_scope(Activity, actor)).with_for_update()
    activity = await session.scalar(statement)
    if activity is None:
        raise NotFound(activity_id=activity_id)
    return version.check(activity)
