"""Addresses of intervention plans and their decisions."""

from uuid import UUID

from childcare_api.access.dependencies import CurrentActor, Session
from childcare_api.access.permissions import Permission
from childcare_api.cases.file.errors import RECORDING
from childcare_api.cases.file.queries import lock_file, open_file
from childcare_api.cases.planning import actions, queries
from childcare_api.cases.planning.errors import (
    DossierIncomplete,
    PlanNotInState,
    PlanUnchangeable,
    PlanUnchanged,
    PlanVersionOpen,
)
from childcare_api.cases.planning.schemas import (
    AdjustInterventionPlan,
    ApproveInterventionPlan,
    ChangeInterventionPlan,
    DraftInterventionPlan,
    InterventionPlanList,
    InterventionPlanOut,
    ReturnInterventionPlan,
    ReviseInterventionPlan,
    SubmitInterventionPlan,
)
from childcare_api.shared.concurrency import IfMatch
from childcare_api.shared.idempotency import OnceIfKeyed
from childcare_api.shared.problems import NotFound, problems
from childcare_api.shared.requests import Router

router = Router(prefix="/cases/{case_id}/intervention-plans")


@router.post("", status_code=201, responses=problems(*RECORDING, PlanVersionOpen))
async def draft_plan(
    case_id: UUID,
    body: DraftInterventionPlan,
    *,
    if_match: IfMatch,
    once: OnceIfKeyed,
    actor: CurrentActor,
    session: Session,
) -> InterventionPlanOut:
    """Draft an intervention plan (Mẫu 04): services with responsible body, start, expected end and cost (Điều 28.3)."""
    actor.require(Permission.CASE_WORK)
    await once.begin(session)
    file = await lock_file(session, actor, case_id, version=if_match)
    plan = await actions.draft_plan(session, actor, file, body)
    return await queries.plan_out(session, file, plan)


@router.get("", responses=problems(NotFound))
async def list_plans(case_id: UUID, actor: CurrentActor, session: Session) -> InterventionPlanList:
    """Read all versions of a case's plan. An approved version never changes."""
    actor.require(Permission.CASE_READ)
    async with open_file(session, actor, case_id, "intervention_plans") as file:
        items = [await queries.plan_out(session, file, plan) for plan in file.plans.values()]
        return InterventionPlanList(row_version=file.case.row_version, items=items)


@router.get("/{plan_id}", responses=problems(NotFound))
async def read_plan(case_id: UUID, plan_id: UUID, actor: CurrentActor, session: Session) -> InterventionPlanOut:
    """Read one version of the plan, with what its dossier still lacks."""
    actor.require(Permission.CASE_READ)
    async with open_file(session, actor, case_id, "intervention_plans") as file:
        return await queries.plan_out(session, file, queries.get_plan(file, plan_id))


@router.patch("/{plan_id}", responses=problems(*RECORDING, PlanNotInState, PlanUnchangeable))
async def change_plan(
    case_id: UUID,
    plan_id: UUID,
    body: ChangeInterventionPlan,
    *,
    if_match: IfMatch,
    once: OnceIfKeyed,
    actor: CurrentActor,
    session: Session,
) -> InterventionPlanOut:
    """Change a draft that was never submitted. `services` replaces all of them; what came back is revised."""
    actor.require(Permission.CASE_WORK)
    await once.begin(session)
    file = await lock_file(session, actor, case_id, version=if_match)
    plan = await actions.change_plan(session, file, queries.get_plan(file, plan_id), body)
    return await queries.plan_out(session, file, plan)


@router.post("/{plan_id}/revise", status_code=201, responses=problems(*RECORDING, PlanNotInState))
async def revise_plan(
    case_id: UUID,
    plan_id: UUID,
    body: ReviseInterventionPlan,
    *,
    if_match: IfMatch,
    once: OnceIfKeyed,
    actor: CurrentActor,
    session: Session,
) -> InterventionPlanOut:
    """Draft the next version of one that the leader returned. What was submitted stays readable as it was.

    What is absent is taken from that version. It is `superseded` from then on, with who returned it and why, and this
    one names it in `revises_id`.
    """
    actor.require(Permission.CASE_WORK)
    await once.begin(session)
    file = await lock_file(session, actor, case_id, version=if_match)
    plan = await actions.revise_plan(session, actor, file, queries.get_plan(file, plan_id), body)
    return await queries.plan_out(session, file, plan)


@router.post("/{plan_id}/submit", responses=problems(*RECORDING, PlanNotInState, DossierIncomplete, PlanUnchanged))
async def submit_plan(
    case_id: UUID,
    plan_id: UUID,
    body: SubmitInterventionPlan,
    *,
    if_match: IfMatch,
    once: OnceIfKeyed,
    actor: CurrentActor,
    session: Session,
) -> InterventionPlanOut:
    """Submit the plan with its dossier to the leader. What the dossier lacks is named by article (Điều 28.1, 28.2).

    What the leader returned is submitted again word for word only with the reason, which the leader reads.
    """
    actor.require(Permission.CASE_WORK)
    await once.begin(session)
    file = await lock_file(session, actor, case_id, version=if_match)
    plan = queries.get_plan(file, plan_id)
    await actions.submit_plan(session, actor, file, plan, body)
    return await queries.plan_out(session, file, plan)


@router.post("/{plan_id}/return", responses=problems(*RECORDING, PlanNotInState))
async def return_plan(
    case_id: UUID,
    plan_id: UUID,
    body: ReturnInterventionPlan,
    *,
    if_match: IfMatch,
    once: OnceIfKeyed,
    actor: CurrentActor,
    session: Session,
) -> InterventionPlanOut:
    """Return a submitted plan to the officer with a reason. Only the commune's leader may."""
    actor.require(Permission.CASE_DECIDE)
    await once.begin(session)
    file = await lock_file(session, actor, case_id, version=if_match)
    plan = queries.get_plan(file, plan_id)
    await actions.return_plan(session, actor, file, plan, body)
    return await queries.plan_out(session, file, plan)


@router.post("/{plan_id}/approve", responses=problems(*RECORDING, PlanNotInState, DossierIncomplete))
async def approve_plan(
    case_id: UUID,
    plan_id: UUID,
    body: ApproveInterventionPlan,
    *,
    if_match: IfMatch,
    once: OnceIfKeyed,
    actor: CurrentActor,
    session: Session,
) -> InterventionPlanOut:
    """Approve a submitted plan by a decision with number and day (Mẫu 05, Điều 28.4). Only the commune's leader may.

    A wrong number is marked entered in error at `/decisions/{id}/entered-in-error`, and the plan is decided on again.
    """
    actor.require(Permission.CASE_DECIDE)
    await once.begin(session)
    file = await lock_file(session, actor, case_id, version=if_match)
    plan = queries.get_plan(file, plan_id)
    await actions.approve_plan(session, actor, file, plan, body)
    return await queries.plan_out(session, file, plan)


@router.post("/{plan_id}/adjust", status_code=201, responses=problems(*RECORDING, PlanNotInState, PlanVersionOpen))
async def adjust_plan(
    case_id: UUID,
    plan_id: UUID,
    body: AdjustInterventionPlan,
    *,
    if_match: IfMatch,
    once: OnceIfKeyed,
    actor: CurrentActor,
    session: Session,
) -> InterventionPlanOut:
    """Draft a new version of a plan that is being carried out, with the reason (Điều 29.1 a)."""
    actor.require(Permission.CASE_WORK)
    await once.begin(session)
    file = await lock_file(session, actor, case_id, version=if_match)
    plan = await actions.adjust_plan(session, actor, file, queries.get_plan(file, plan_id), body)
    return await queries.plan_out(session, file, plan)
