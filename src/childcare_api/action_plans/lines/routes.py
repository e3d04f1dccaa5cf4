"""Legal bases, money and staff of a plan over HTTP."""

from uuid import UUID

from childcare_api.access.dependencies import CurrentActor, Session
from childcare_api.access.permissions import Permission
from childcare_api.action_plans.drafting import actions, queries
from childcare_api.action_plans.drafting.models import PlanBudgetLine, PlanLegalBasis, PlanStaffingLine
from childcare_api.action_plans.drafting.routes import OF_DRAFTS
from childcare_api.action_plans.drafting.schemas import (
    ActionPlanOut,
    AddBudgetLine,
    AddLegalBasis,
    BudgetLineOut,
    LegalBasisOut,
    StaffingLineOut,
    content_of,
)
from childcare_api.shared import paging
from childcare_api.shared.concurrency import IfMatch
from childcare_api.shared.idempotency import OnceIfKeyed
from childcare_api.shared.paging import Page, Paging
from childcare_api.shared.problems import Forbidden, IdTaken, NotFound, problems
from childcare_api.shared.requests import Router

router = Router(tags=["action plans"])


@router.get("/action-plans/{plan_id}/legal-bases", responses=problems(Forbidden, NotFound))
async def list_plan_legal_bases(
    plan_id: UUID, actor: CurrentActor, session: Session, page: Paging
) -> Page[LegalBasisOut]:
    """List the documents a plan rests on or cites."""
    actor.require(Permission.PLAN_READ)
    plan = await queries.get_plan(session, actor, plan_id)
    statement = queries.parts_statement(PlanLegalBasis, plan)
    fetched = await paging.fetch(session, statement, page, PlanLegalBasis.position, PlanLegalBasis.id)
    items = [LegalBasisOut.of(plan, basis) for basis in fetched.items]
    return Page[LegalBasisOut](items=items, next_cursor=fetched.next_cursor, total=fetched.total)


@router.post("/action-plans/{plan_id}/legal-bases", status_code=201, responses=problems(*OF_DRAFTS, IdTaken))
async def add_plan_legal_basis(
    plan_id: UUID, body: AddLegalBasis, actor: CurrentActor, session: Session, *, if_match: IfMatch, once: OnceIfKeyed
) -> LegalBasisOut:
    """Name a document that a draft rests on or cites. `If-Match` is the plan's version."""
    actor.require(Permission.PLAN_WRITE)
    await once.begin(session)
    plan = await queries.lock_draft(session, actor, plan_id, if_match)
    basis = actions.new_part(PlanLegalBasis, plan, part_id=body.id, **content_of(body))
    return LegalBasisOut.of(plan, await actions.add_part(session, actor, plan, basis))


@router.delete("/action-plans/{plan_id}/legal-bases/{basis_id}", responses=problems(*OF_DRAFTS))
async def remove_plan_legal_basis(
    plan_id: UUID, basis_id: UUID, if_match: IfMatch, actor: CurrentActor, session: Session
) -> ActionPlanOut:
    """Take a legal basis out of a draft. The answer is the plan at its new version."""
    actor.require(Permission.PLAN_WRITE)
    found = await queries.get_plan(session, actor, plan_id)
    basis = await queries.get_part(session, PlanLegalBasis, found, basis_id)
    plan = await queries.lock_draft(session, actor, plan_id, if_match)
    await actions.remove_part(session, actor, plan, basis)
    return ActionPlanOut.model_validate(plan)


@router.get("/action-plans/{plan_id}/budget-lines", responses=problems(Forbidden, NotFound))
async def list_plan_budget_lines(
    plan_id: UUID, actor: CurrentActor, session: Session, page: Paging
) -> Page[BudgetLineOut]:
    """List where the money of a plan comes from; many plans state no amount."""
    actor.require(Permission.PLAN_READ)
    plan = await queries.get_plan(session, actor, plan_id)
    statement = queries.parts_statement(PlanBudgetLine, plan)
    fetched = await paging.fetch(session, statement, page, PlanBudgetLine.position, PlanBudgetLine.id)
    items = [BudgetLineOut.of(plan, line) for line in fetched.items]
    return Page[BudgetLineOut](items=items, next_cursor=fetched.next_cursor, total=fetched.total)


@router.post("/action-plans/{plan_id}/budget-lines", status_code=201, responses=problems(*OF_DRAFTS, IdTaken))
async def add_plan_budget_line(
    plan_id: UUID, body: AddBudgetLine, actor: CurrentActor, session: Session, *, if_match: IfMatch, once: OnceIfKeyed
) -> BudgetLineOut:
    """State where money of a draft comes from. `If-Match` is the plan's version."""
    actor.require(Permission.PLAN_WRITE)
    await once.begin(session)
    plan = await queries.lock_draft(session, actor, plan_id, if_match)
    line = actions.new_part(PlanBudgetLine, plan, part_id=body.id, **content_of(body))
    return BudgetLineOut.of(plan, await actions.add_part(session, actor, plan, line))


@router.delete("/action-plans/{plan_id}/budget-lines/{line_id}", responses=problems(*OF_DRAFTS))
async def remove_plan_budget_line(
    plan_id: UUID, line_id: UUID, if_match: IfMatch, actor: CurrentActor, session: Session
) -> ActionPlanOut:
    """Take a budget line out of a draft. The answer is the plan at its new version."""
    actor.require(Permission.PLAN_WRITE)
    found = await queries.get_plan(session, actor, plan_id)
    line = await queries.get_part(session, PlanBudgetLine, found, line_id)
    plan = await queries.lock_draft(session, actor, plan_id, if_match)
    await actions.remove_part(session, actor, plan, line)
    return ActionPlanOut.model_validate(plan)


@router.get("/action-plans/{plan_id}/staffing-lines", responses=problems(Forbidden, NotFound))
async def list_plan_staffing_lines(
    plan_id: UUID, actor: CurrentActor, session: Session, page: Paging
) -> Page[StaffingLineOut]:
    """List how many people a plan puts to this work, by level."""
    actor.require(Permission.PLAN_READ)
    plan = await queries.get_plan(session, actor, plan_id)
    statement = queries.parts_statement(PlanStaffingLine, plan)
    fetched = await paging.fetch(session, statement, page, PlanStaffingLine.position, PlanStaffingLine.id)
    items = [StaffingLineOut.of(plan, line) for line in fetched.items]
    return Page[StaffingLineOut](items=items, next_cursor=fetched.next_cursor, total=fetched.total)
