"""A child whom its carer harms: what the visits of its care say of it, and what the law wants of everybody then.

The child leaves at once and is protected as in any emergency, and the care ends (Luật Trẻ em, Điều 69.1 b, 69.2; NĐ
56/2017, Điều 31.1, 31.2). For a facility the law has other articles (Điều 59): there it is an emergency alone.
"""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.alternative_care.harming import HARMED, found_harming
from childcare_api.alternative_care.queries import children_with
from childcare_api.alternative_care.rules import LAW, Lack
from childcare_api.cases.file.models import CaseStep, StepKind
from childcare_api.cases.placing.models import CasePlacement, CasePlacementVisit
from childcare_api.cases.placing.queries import Placing, Told
from childcare_api.shared import clock

MOVE_OUT = Lack("move_child_out", f"{LAW} Điều 69.2, 50")
NEVER_AGAIN = Lack("harmed_this_child", f"{LAW} Điều 69.2")
END_CARE = Lack("end_care", f"{LAW} Điều 69.1.b, 69.4")
VERIFY_AGAIN = Lack("verify_carer_again", f"{LAW} Điều 63.2, 69.1.a")
SEE_AT_ONCE = Lack("see_child_at_once", f"{LAW} Điều 69.2, 50")
OTHERS_THERE = Lack("other_children_there", f"{LAW} Điều 63.2, 69.2")

_TO_BE_SEEN = text("SELECT is_to_be_seen(:placement_id)")


def told_in(placing: Placing, step: CaseStep) -> Told[CasePlacementVisit]:
    """Return the visits that say so of whoever has the child by a placement, in order."""
    return [one for one in placing.in_stay(placing.visits, step) if one[1].carer_harmed_child]


def stays_with_it(placing: Placing) -> list[CaseStep]:
    """Return by which placements in force the child is still in the care of a carer who harmed it."""
    return [step for step, one in placing.in_force() if one.carer_id is not None and told_in(placing, step)]


async def against(
    session: AsyncSession, placing: Placing, carer_ids: Iterable[UUID], day: date | None = None
) -> dict[UUID, list[Lack]]:
    """Return what stands against those of some carers who harmed a child: for this very one for good.

    For any other until their commune verified them anew and found that they meet the conditions: who was cleared may
    be given children again (Luật Trẻ em, Điều 63.2), by a decision of that day or later (`day`).
    """
    ids = set(carer_ids)
    found = {one: [HARMED] for one in await found_harming(session, ids, day)}
    return found | {one: [NEVER_AGAIN] for one in ids if _harmed_this_child(placing, one)}


def _harmed_this_child(placing: Placing, carer_id: UUID) -> bool:
    """Say whether a carer harmed this child: a visit of any of its care said so, or why it ended."""
    theirs = {step.id for step, one in placing.placements if one.carer_id == carer_id}
    said = [step for step, visit in placing.visits if visit.carer_harmed_child]
    said += [step for step, end in placing.ends if end.ground == "carer_harmed_child"]
    return any(step.about_id in theirs and placing.file.counts(step) for step in said)


def left_at(placing: Placing) -> list[datetime]:
    """Return when the child was brought out of somebody's care at once: by a visit, or by being separated."""
    file = placing.file
    moved = [one.moved_out_at for at, one in placing.visits if one.moved_out_at is not None and file.counts(at)]
    return [*moved, *(step.happened_at for step in file.counting(StepKind.SEPARATION))]


def not_moved_since(placing: Placing, step: CaseStep) -> list[datetime]:
    """Return from when the child of a placement should have left and, as far as the file says, has not."""
    left = left_at(placing)
    return [at.happened_at for at, _ in told_in(placing, step) if not any(one >= at.happened_at for one in left)]


def wanted(placing: Placing, step: CaseStep, placement: CasePlacement) -> list[Lack]:
    """Return what the law wants at once of a placement, as long as it is in force."""
    if placement.carer_id is None or not placing.is_in_force(step) or not told_in(placing, step):
        return []
    return [MOVE_OUT, END_CARE] if not_moved_since(placing, step) else [END_CARE]


async def of_others(session: AsyncSession, placing: Placing, step: CaseStep, placement: CasePlacement) -> list[Lack]:
    """Return that who has the child was found to harm another one, or was struck off for it.

    It is seen at once, also where the carer was cleared before anybody did (`carer.see_all`).
    """
    if placement.carer_id is None or not placing.is_in_force(step) or told_in(placing, step):
        return []
    see = [SEE_AT_ONCE] if await session.scalar(_TO_BE_SEEN, {"placement_id": step.id}) else []
    return [*see, HARMED] if await found_harming(session, [placement.carer_id]) else see


async def of_the_carer(session: AsyncSession, placing: Placing, step: CaseStep, placement: CasePlacement) -> list[Lack]:
    """Return what such a visit asks about the carer: whether it may go on as one, and what of other children there.

    Whose they are stands in their own cases; this one tells only that there are some.
    """
    if placement.carer_id is None or not told_in(placing, step):
        return []
    there = (await children_with(session, [placement.carer_id], clock.today())).get(placement.carer_id, 0)
    this_one = any(one.carer_id == placement.carer_id for _, one in placing.in_force())
    return [VERIFY_AGAIN, OTHERS_THERE] if there > this_one else [VERIFY_AGAIN]
