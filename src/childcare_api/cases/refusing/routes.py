"""Addresses of refusals of the plan."""

from uuid import UUID

from childcare_api.access.dependencies import CurrentActor, Session
from childcare_api.access.permissions import Permission
from childcare_api.cases.file.errors import RECORDING
from childcare_api.cases.file.models import CaseStep, StepKind
from childcare_api.cases.file.queries import CaseFile, details, get_step, lock_file, open_file, told
from childcare_api.cases.refusing import actions
from childcare_api.cases.refusing.models import CasePlanRefusal
from childcare_api.cases.refusing.schemas import EndPlanRefusal, PlanRefusalList, PlanRefusalOut, RecordPlanRefusal
from childcare_api.shared.concurrency import IfMatch
from childcare_api.shared.corrections import AlreadyEnded, AlreadyEnteredInError
from childcare_api.shared.idempotency import OnceIfKeyed
from childcare_api.shared.problems import NotFound, problems
from childcare_api.shared.requests import Router

router = Router(prefix="/cases/{case_id}")


@router.post(
    "/plan-refusals",
    status_code=201,
    responses=problems(*RECORDING),
)
async def record_plan_refusal(
    case_id: UUID,
    body: RecordPlanRefusal,
    *,
    if_match: IfMatch,
    once: OnceIfKeyed,
    actor: CurrentActor,
    session: Session,
) -> PlanRefusalOut:
    """Record that parents, carers or the child refuse to carry out the plan in force.

    The plan stays in force: they must carry it out (Điều 29.3). Where parents or carers of an abused child refuse it,
    the leader may separate the child and ask the court (NĐ 56/2017, Điều 32.1; Luật Trẻ em, Điều 52.3). The leader
    has a task to say what follows, within the 12 hours of Điều 32.2.
    """
    actor.require(Permission.CASE_WORK)
    await once.begin(session)
    file = await lock_file(session, actor, case_id, version=if_match)
    step, refusal = await actions.record_plan_refusal(session, actor, file, body)
    return _out(file, step, refusal)


def _out(file: CaseFile, step: CaseStep, refusal: CasePlanRefusal) -> PlanRefusalOut:
    end = actions.end_of(file, step)
    return told(
        PlanRefusalOut,
        file,
        step,
        refusal,
        plan_id=step.about_id,
        ended_id=None if end is None else end.id,
        ended_at=None if end is None else end.happened_at,
        end_reason=None if end is None else end.note,
    )


@router.post(
    "/plan-refusals/{refusal_id}/end",
    responses=problems(*RECORDING, AlreadyEnded, AlreadyEnteredInError),
)
async def end_plan_refusal(
    case_id: UUID,
    refusal_id: UUID,
    body: EndPlanRefusal,
    *,
    if_match: IfMatch,
    once: OnceIfKeyed,
    actor: CurrentActor,
    session: Session,
) -> PlanRefusalOut:
    """Record that who refused the plan carries it out after all (NĐ 56/2017, Điều 29.3). Nothing else has to follow."""
    actor.require(Permission.CASE_WORK)
    await once.begin(session)
    file = await lock_file(session, actor, case_id, version=if_match)
    refusal = get_step(file, StepKind.PLAN_REFUSED, refusal_id)
    await actions.end_plan_refusal(session, actor, file, refusal, body)
    rows = await details(session, file, CasePlanRefusal, StepKind.PLAN_REFUSED)
    return next(_out(file, step, row) for step, row in rows if step.id == refusal_id)


@router.get("/plan-refusals", responses=problems(NotFound))
async def list_plan_refusals(case_id: UUID, actor: CurrentActor, session: Session) -> PlanRefusalList:
    """Read who refused which version of the plan."""
    actor.require(Permission.CASE_READ)
    async with open_file(session, actor, case_id, "plan_refusals") as file:
        rows = await details(session, file, CasePlanRefusal, StepKind.PLAN_REFUSED)
        items = [_out(file, step, row) for step, row in rows]
        return PlanRefusalList(row_version=file.case.row_version, items=items)
