"""Renewing a plan over HTTP."""

from uuid import UUID

from fastapi import Response

from childcare_api.access.dependencies import CurrentActor, Session
from childcare_api.access.permissions import Permission
from childcare_api.action_plans.drafting import queries
from childcare_api.action_plans.drafting.errors import PlanOfAnotherUnit
from childcare_api.action_plans.drafting.schemas import ActionPlanOut
from childcare_api.action_plans.renewing import actions
from childcare_api.shared.idempotency import OnceIfKeyed
from childcare_api.shared.problems import Forbidden, NotFound, problems
from childcare_api.shared.requests import Router

router = Router(tags=["action plans"])


@router.post(
    "/action-plans/{plan_id}/renew",
    status_code=201,
    responses={
        200: {"model": ActionPlanOut, "description": "The draft that an earlier renewal made."},
        **problems(Forbidden, PlanOfAnotherUnit, NotFound),
    },
)
async def renew_action_plan(
    plan_id: UUID, actor: CurrentActor, session: Session, once: OnceIfKeyed, response: Response
) -> ActionPlanOut:
    """Make this year's draft of your unit from an earlier plan, or find the one made before (then 200).

    The draft names its parent. Each part says by `carry_over` whether it was carried over, needs review (a baseline
    of other boundaries, words that name ended bodies), or cannot be carried over, as "9/9 districts" since districts
    ended on 2025-06-30.
    """
    actor.require(Permission.PLAN_WRITE)
    await once.begin(session)
    parent = await queries.get_plan(session, actor, plan_id)
    plan, made = await actions.renew_plan(session, actor, parent)
    response.status_code = 201 if made else 200
    response.headers["Location"] = f"/api/v1/action-plans/{plan.id}"
    return ActionPlanOut.model_validate(plan)
