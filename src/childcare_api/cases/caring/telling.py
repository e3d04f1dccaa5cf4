"""The answer for a visit, with what the law asks attention for."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.alternative_care.rules import DECREE, Lack
from childcare_api.cases.caring.schemas import VisitOut
from childcare_api.cases.file.models import CaseStep
from childcare_api.cases.file.queries import told
from childcare_api.cases.placing import harm
from childcare_api.cases.placing.leaving import comes_from_facility
from childcare_api.cases.placing.models import CasePlacementVisit
from childcare_api.cases.placing.queries import Placing, get_of


async def visit_out(
    session: AsyncSession, placing: Placing, placement_id: UUID, step: CaseStep, visit: CasePlacementVisit
) -> VisitOut:
    """Return the answer for a visit. A child from a facility is followed together with it (NĐ 56/2017, Điều 46.1)."""
    placement = placing.file.step(placement_id)
    alone = visit.facility_representative is None and placement is not None and comes_from_facility(placing, placement)
    notices = [Lack("facility_absent", f"{DECREE} Điều 46.1")] if alone else []
    if visit.carer_harmed_child and placing.file.counts(step):
        stay = get_of(placing.placements, placement_id)
        notices += [*harm.wanted(placing, *stay), *await harm.of_the_carer(session, placing, *stay)]
    told_notices = [lack.told() for lack in notices]
    return told(VisitOut, placing.file, step, visit, placement_id=placement_id, notices=told_notices)
