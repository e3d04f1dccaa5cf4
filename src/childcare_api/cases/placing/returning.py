"""What is told of care that ended: whose decision that is, and whether the family a child went to was found safe."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.alternative_care.rules import CIRCULAR, LAW, Lack
from childcare_api.cases.assessing.models import CaseAssessment
from childcare_api.cases.file.models import CaseStep, StepKind
from childcare_api.cases.placing.models import CasePlacement
from childcare_api.cases.placing.queries import Placing

COURT_ENDS = Lack("court_ends", f"{LAW} Điều 69.4")
ORDER_IN_FORCE = Lack("court_order_in_force", f"{LAW} Điều 66.4, 69.4")
NOT_FOUND_SAFE = Lack("family_not_found_safe", f"{LAW} Điều 69.1.đ; {CIRCULAR} Điều 13.3.a1")
_FACTS = ("turned_sixteen", "child_died")


async def notices(session: AsyncSession, placing: Placing, step: CaseStep, placement: CasePlacement) -> list[Lack]:
    """Return what the end of a care leaves open; an order of a court that was recorded since, too.

    Who decided on the care decides on its end (Luật Trẻ em, Điều 69.4): as told where the number is none of a court's
    that is on record. Home the child goes when its family is safe
    (Điều 69.1 đ) and was assessed (TT 14/2020, Điều 13.3 a1), which the commune of the carer does not see.
    """
    found = placing.end_of(step.id)
    if found is None:
        return []
    at, end = found
    by_court = {order.decision_number for one, order in placing.court_orders if placing.file.counts(one)}
    owed = placement.decided_by == "court" and end.ground not in _FACTS and end.decision_number not in by_court
    told = [COURT_ENDS] if owed else []
    if end.goes_to != "family":
        return told
    if placing.court_order_on(end.ended_on) is not None:
        told.append(ORDER_IN_FORCE)
    if not placing.file.elsewhere and not await _found_safe(session, placing, step, at):
        told.append(NOT_FOUND_SAFE)
    return told


async def _found_safe(session: AsyncSession, placing: Placing, step: CaseStep, end: CaseStep) -> bool:
    """Say whether an assessment since the child came into the care, or was separated for it, finds the carers safe.

    What was found before it went home once says nothing of what brought it back.
    """
    file = placing.file
    came = min(one.position for one in file.steps if one.id in placing.stay_of(step))
    back = [one.position for one in file.counting(StepKind.SEPARATION_CANCELLED)]
    back += [at.position for at, one in placing.ends if file.counts(at) and one.goes_to == "family"]
    home = max((position for position in back if position < came), default=0)
    apart = [one.position for one in file.counting(StepKind.SEPARATION) if one.position > home]
    since = min([came, *apart])
    between = [one.id for one in file.counting(StepKind.ASSESSMENT) if since < one.position < end.position]
    safe = select(CaseAssessment.id).where(
        CaseAssessment.id.in_(between), CaseAssessment.carers_ensure_safety.is_(True)
    )
    return bool(between) and await session.scalar(safe.limit(1)) is not None
