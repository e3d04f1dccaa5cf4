"""Recording that a plan is refused: it stays in force, and the law names what may follow (Luật Trẻ em, Điều 52.3)."""

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.cases.file.actions import record_step
from childcare_api.cases.file.models import CaseStep, StepKind
from childcare_api.cases.file.queries import CaseFile
from childcare_api.cases.refusing.models import CasePlanRefusal
from childcare_api.cases.refusing.schemas import EndPlanRefusal, RecordPlanRefusal
from childcare_api.shared.corrections import AlreadyEnded, AlreadyEnteredInError


async def record_plan_refusal(
    session: AsyncSession, actor: Actor, file: CaseFile, command: RecordPlanRefusal
) -> tuple[CaseStep, CasePlanRefusal]:
    """Record who refuses the plan in force. It stands on the decision: what was never decided nobody can refuse."""
    content = command.model_dump(exclude={"id", "happened_at", "refused_by"})
    refusal = CasePlanRefusal(**content, refused_by=sorted(set(command.refused_by)))
    step = await record_step(
        session,
        actor,
        file,
        kind=StepKind.PLAN_REFUSED,
        command=command,
        detail=refusal,
        stands_on=[file.standing.decision_id],
        about_id=file.standing.plan_id,
    )
    return step, refusal


async def end_plan_refusal(
    session: AsyncSession, actor: Actor, file: CaseFile, refusal: CaseStep, command: EndPlanRefusal
) -> CaseStep:
    """Record that who refused the plan carries it out after all, as they must (Điều 29.3)."""
    if not file.counts(refusal):
        raise AlreadyEnteredInError
    if end_of(file, refusal) is not None:
        raise AlreadyEnded
    return await record_step(
        session,
        actor,
        file,
        kind=StepKind.PLAN_REFUSAL_ENDED,
        command=command,
        stands_on=[refusal.id],
        about_id=refusal.id,
        note=command.reason,
    )


def end_of(file: CaseFile, refusal: CaseStep) -> CaseStep | None:
    """Return the step that ended a refusal, if one counts."""
    ends = file.counting(StepKind.PLAN_REFUSAL_ENDED)
    return next((one for one in ends if one.about_id == refusal.id), None)
