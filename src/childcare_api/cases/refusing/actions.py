"""Recording that a plan is refused: it stays in force, and the law names what may follow (Luật Trẻ em, Điều 52.3)."""

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.cases.file.actions import record_step
from childcare_api.cases.file.models import CaseStep, StepKind
from childcare_api.cases.file.queries import CaseFile
from childcare_api.cases.refusing.models import CasePlanRefusal
from childcare_api.cases.refusing.schemas import RecordPlanRefusal


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
