"""Finding who may renew a plan, and the draft that an earlier renewal made."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.action_plans.drafting.models import ActionPlan
from childcare_api.action_plans.drafting.queries import in_sight
from childcare_api.shared import clock


async def is_heir(session: AsyncSession, actor: Actor, plan: ActionPlan) -> bool:
    """Say whether the actor's unit has today the territory of the unit that a plan was made for."""
    heir = func.unit_heirs(plan.unit_id, clock.today()).column_valued("heir")
    return await session.scalar(select(heir).where(heir == actor.unit_id)) is not None


async def find_renewal(session: AsyncSession, actor: Actor, parent: ActionPlan, year: int) -> ActionPlan | None:
    """Return the draft of a year that the actor's unit has from a plan."""
    found: ActionPlan | None = await session.scalar(
        select(ActionPlan).where(
            ActionPlan.parent_plan_id == parent.id,
            ActionPlan.unit_id == actor.unit_id,
            ActionPlan.renewal_year == year,
            in_sight(actor),
        )
    )
    return found
