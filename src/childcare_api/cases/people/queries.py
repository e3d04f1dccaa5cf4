"""Finding people in a case."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.cases.file.models import Case, CaseStep
from childcare_api.cases.people.models import CaseParty
from childcare_api.shared.problems import NotFound


async def get_party(session: AsyncSession, case: Case, party_id: UUID) -> CaseParty:
    """Return a person in a case. Raises NotFound."""
    statement = (
        select(CaseParty)
        .join(CaseStep, CaseStep.id == CaseParty.id)
        .where(CaseParty.id == party_id, CaseParty.commune_id == case.commune_id, CaseStep.case_id == case.id)
    )
    party: CaseParty | None = await session.scalar(statement)
    if party is None:
        raise NotFound(party_id=party_id)
    return party
