"""The targets of a plan over HTTP."""

from uuid import UUID

from childcare_api.access.dependencies import CurrentActor, Session
from childcare_api.access.permissions import Permission
from childcare_api.action_plans.drafting import actions, queries
from childcare_api.action_plans.drafting.errors import TargetIncoherent
from childcare_api.action_plans.drafting.models import PlanTarget
from childcare_api.action_plans.drafting.routes import OF_DRAFTS
from childcare_api.action_plans.drafting.schemas import ActionPlanOut, AddTarget, ChangeTarget, TargetOut, content_of
from childcare_api.shared import paging
from childcare_api.shared.concurrency import IfMatch
from childcare_api.shared.idempotency import OnceIfKeyed
from childcare_api.shared.paging import Page, Paging
from childcare_api.shared.problems import Forbidden, IdTaken, NotFound, problems
from childcare_api.shared.requests import Router

router = Router(tags=["action plans"])


@router.get("/action-plans/{plan_id}/targets", responses=problems(Forbidden, NotFound))
async def list_plan_targets(plan_id: UUID, actor: CurrentActor, session: Session, page: Paging) -> Page[TargetOut]:
    """List the goals and targets of a plan, each with its original sentence where it has one."""
    actor.require(Permission.PLAN_READ)
    plan = await queries.get_plan(session, actor, plan_id)
    statement = queries.parts_statement(PlanTarget, plan)
    fetched = await paging.fetch(session, statement, page, PlanTarget.position, PlanTarget.id)
    items = [TargetOut.of(plan, target) for target in fetched.items]
    return Page[TargetOut](items=items, next_cursor=fetched.next_cursor, total=fetched.total)


@router.post("/action-plans/{plan_id}/targets", status_code=201, responses=problems(*OF_DRAFTS, IdTaken))
async def add_plan_target(
    plan_id: UUID, body: AddTarget, actor: CurrentActor, session: Session, *, if_match: IfMatch, once: OnceIfKeyed
) -> TargetOut:
    """Add a target to a draft. `If-Match` is the plan's version, and the answer's version is the plan's new one."""
    actor.require(Permission.PLAN_WRITE)
    await once.begin(session)
    plan = await queries.lock_draft(session, actor, plan_id, if_match)
    target = actions.new_part(PlanTarget, plan, part_id=body.id, counts_level=None, **content_of(body))
    return TargetOut.of(plan, await actions.add_part(session, actor, plan, target))


@router.get("/targets/{target_id}", responses=problems(Forbidden, NotFound))
async def read_plan_target(target_id: UUID, actor: CurrentActor, session: Session) -> TargetOut:
    """Read one target."""
    actor.require(Permission.PLAN_READ)
    target, plan = await queries.get_target(session, actor, target_id)
    return TargetOut.of(plan, target)


@router.patch("/targets/{target_id}", responses=problems(*OF_DRAFTS, TargetIncoherent))
async def change_plan_target(
    target_id: UUID, body: ChangeTarget, if_match: IfMatch, actor: CurrentActor, session: Session
) -> TargetOut:
    """Change a target of a draft; one that renewing marked for review counts as reviewed then."""
    actor.require(Permission.PLAN_WRITE)
    target, plan = await queries.get_target(session, actor, target_id)
    plan = await queries.lock_draft(session, actor, plan.id, if_match)
    return TargetOut.of(plan, await actions.change_target(session, actor, plan, target, body))


@router.delete("/targets/{target_id}", responses=problems(*OF_DRAFTS))
async def remove_plan_target(
    target_id: UUID, if_match: IfMatch, actor: CurrentActor, session: Session
) -> ActionPlanOut:
    """Take a target out of a draft. The answer is the plan at its new version."""
    actor.require(Permission.PLAN_WRITE)
    target, plan = await queries.get_target(session, actor, target_id)
    plan = await queries.lock_draft(session, actor, plan.id, if_match)
    await actions.remove_part(session, actor, plan, target)
    return ActionPlanOut.model_validate(plan)
