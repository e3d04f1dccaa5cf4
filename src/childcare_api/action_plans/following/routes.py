"""Progress of a plan over HTTP."""

from uuid import UUID

from childcare_api.access.dependencies import CurrentActor, Session
from childcare_api.access.permissions import Permission
from childcare_api.action_plans.drafting.errors import PlanOfAnotherUnit
from childcare_api.action_plans.following import queries
from childcare_api.action_plans.measuring.queries import plan_to_follow
from childcare_api.action_plans.measuring.schemas import ActionPlanProgress
from childcare_api.shared.problems import Forbidden, NotFound, problems
from childcare_api.shared.requests import Router

router = Router(tags=["action plans"])


@router.get("/action-plans/{plan_id}/progress", responses=problems(Forbidden, PlanOfAnotherUnit, NotFound))
async def read_action_plan_progress(plan_id: UUID, actor: CurrentActor, session: Session) -> ActionPlanProgress:
    """Read how far each target of a plan is: `value` beside `goal`, `is_met`, and where the value comes from.

    "Abused children supported in time" (`code` abused_children_intervened) and the share of children in special
    circumstances (`sc_children_share`) are computed from records over the plan's period, with numerator, denominator,
    those not yet due, and coverage. Classes and people are counted from activities, everything else is taken from the
    newest measurement; what has none is `waiting_for_data`.
    """
    actor.require(Permission.PLAN_READ)
    plan = await plan_to_follow(session, actor, plan_id)
    return await queries.progress_of(session, plan)
