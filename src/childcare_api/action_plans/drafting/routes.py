"""Plans and their parts over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Query, Response

from childcare_api.access.dependencies import CurrentActor, Session
from childcare_api.access.permissions import Permission
from childcare_api.action_plans.drafting import actions, queries
from childcare_api.action_plans.drafting.errors import (
    PlanAlreadyIssued,
    PlanFromSource,
    PlanOfAnotherUnit,
    PlanWithoutTargets,
)
from childcare_api.action_plans.drafting.models import ActionPlan
from childcare_api.action_plans.drafting.schemas import (
    ActionPlanOut,
    ActionPlanSummary,
    ChangeActionPlan,
    DraftActionPlan,
    IssueActionPlan,
    PlanStatus,
)
from childcare_api.shared import paging
from childcare_api.shared.concurrency import IfMatch
from childcare_api.shared.idempotency import OnceIfKeyed
from childcare_api.shared.paging import Page, Paging
from childcare_api.shared.problems import Forbidden, IdTaken, NotFound, StaleVersion, VersionRequired, problems
from childcare_api.shared.requests import Router

router = Router(tags=["action plans"])

OF_DRAFTS = (
    Forbidden,
    PlanOfAnotherUnit,
    NotFound,
    VersionRequired,
    StaleVersion,
    PlanFromSource,
    PlanAlreadyIssued,
)
"""What every change of a draft can meet."""


@router.get("/action-plans", responses=problems(Forbidden))
async def list_action_plans(
    actor: CurrentActor,
    session: Session,
    page: Paging,
    *,
    unit_id: Annotated[
        int | None, Query(ge=1, le=2_147_483_647, description="Made for this unit, or held by it today.")
    ] = None,
    status: PlanStatus | None = None,
    year: Annotated[int | None, Query(ge=1990, le=2100, description="Plans whose period touches this year.")] = None,
    from_source: Annotated[bool | None, Query(description="Only plans loaded as published, or only others.")] = None,
) -> Page[ActionPlanSummary]:
    """List plans, the newest period first: your unit's and those below, and what was issued above you.

    The 2024 plan of the former province Lào Cai is found by `unit_id=160010` and by its successor's id.
    """
    actor.require(Permission.PLAN_READ)
    statement = queries.plans_statement(actor, unit_id=unit_id, status=status, year=year, from_source=from_source)
    fetched = await paging.fetch(session, statement, page, ActionPlan.period_from, ActionPlan.id, descending=True)
    return Page[ActionPlanSummary].model_validate(fetched, from_attributes=True)


@router.post("/action-plans", status_code=201, responses=problems(Forbidden, NotFound, IdTaken))
async def draft_action_plan(
    body: DraftActionPlan, actor: CurrentActor, session: Session, once: OnceIfKeyed, response: Response
) -> ActionPlanOut:
    """Draft a plan of your own unit. Targets, money and legal bases are added to the draft one by one."""
    actor.require(Permission.PLAN_WRITE)
    await once.begin(session)
    plan = await actions.draft_plan(session, actor, body)
    response.headers["Location"] = f"/api/v1/action-plans/{plan.id}"
    return ActionPlanOut.model_validate(plan)


@router.get("/action-plans/{plan_id}", responses=problems(Forbidden, NotFound))
async def read_action_plan(plan_id: UUID, actor: CurrentActor, session: Session) -> ActionPlanOut:
    """Read one plan. Its parts have lists of their own."""
    actor.require(Permission.PLAN_READ)
    return ActionPlanOut.model_validate(await queries.get_plan(session, actor, plan_id))


@router.patch("/action-plans/{plan_id}", responses=problems(*OF_DRAFTS))
async def change_action_plan(
    plan_id: UUID, body: ChangeActionPlan, if_match: IfMatch, actor: CurrentActor, session: Session
) -> ActionPlanOut:
    """Change the head of a draft. A plan that was issued, or loaded as published, never changes."""
    actor.require(Permission.PLAN_WRITE)
    plan = await queries.lock_draft(session, actor, plan_id, if_match)
    return ActionPlanOut.model_validate(await actions.change_plan(session, actor, plan, body))


@router.post("/action-plans/{plan_id}/issue", responses=problems(*OF_DRAFTS, PlanWithoutTargets))
async def issue_action_plan(
    plan_id: UUID, body: IssueActionPlan, actor: CurrentActor, session: Session, *, if_match: IfMatch, once: OnceIfKeyed
) -> ActionPlanOut:
    """Record that the plan was signed, by its number and day. From then on it binds those it names."""
    actor.require(Permission.PLAN_ISSUE)
    await once.begin(session)
    plan = await queries.lock_draft(session, actor, plan_id, if_match)
    return ActionPlanOut.model_validate(await actions.issue_plan(session, actor, plan, body))
