"""Reading who was told of a decision, and who still has to be."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.cases.file.models import StepKind
from childcare_api.cases.file.queries import CaseFile, details
from childcare_api.cases.planning.models import CasePlanService
from childcare_api.cases.sending import rules
from childcare_api.cases.sending.models import CaseSending
from childcare_api.cases.sending.rules import Recipient


async def still_to_be_told(session: AsyncSession, file: CaseFile) -> list[Recipient]:
    """Return who has to be told of the decision in force and was not yet; nobody where none is in force."""
    standing = file.standing
    if standing.decision_id is None or not standing.plan_in_force:
        return []
    services = await session.execute(
        select(CasePlanService.responsible_body, CasePlanService.provider)
        .where(CasePlanService.plan_id == standing.plan_id, CasePlanService.commune_id == file.case.commune_id)
        .order_by(CasePlanService.position)
    )
    rows = await details(session, file, CaseSending, StepKind.DECISION_SENT)
    told = [
        (row.recipient_kind, row.recipient)
        for step, row in rows
        if file.counts(step) and row.decision_id == standing.decision_id
    ]
    return rules.waiting(rules.to_be_told((body, provider) for body, provider in services), told)
