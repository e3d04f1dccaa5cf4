"""The answers for a placement and for a question to another commune, put together from their steps."""

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.agencies.providers.models import ProviderInspection
from childcare_api.agencies.providers.queries import get_provider, parts_of, summaries
from childcare_api.alternative_care.rules import CIRCULAR, DECREE, Lack
from childcare_api.cases.consenting.schemas import told_consent
from childcare_api.cases.file.models import CaseStep, StepKind
from childcare_api.cases.file.numbers import Numbered, warnings_of
from childcare_api.cases.file.queries import told
from childcare_api.cases.file.schemas import NumberNoticeOut
from childcare_api.cases.placing import counting, harm, returning, rules
from childcare_api.cases.placing.leaving import facilities_left_for, still_at_facility
from childcare_api.cases.placing.models import CaseCareNeeds, CasePlacement, CasePlacementRequest
from childcare_api.cases.placing.needing import CareNeedsOut
from childcare_api.cases.placing.queries import Placing
from childcare_api.cases.placing.schemas import (
    PlacementEndOut,
    PlacementEndRequestOut,
    PlacementHandoverOut,
    PlacementOut,
    PlacementRequestOut,
)
from childcare_api.cases.placing.standing_open import still_open


def needs_out(placing: Placing, step: CaseStep, needs: CaseCareNeeds) -> CareNeedsOut:
    """Return the answer for a report on what the child needs."""
    parents = {"father": needs.father, "mother": needs.mother, "reason": needs.parents_reason}
    return told(CareNeedsOut, placing.file, step, needs, parents=parents)


def request_out(placing: Placing, step: CaseStep, request: CasePlacementRequest) -> PlacementRequestOut:
    """Return the answer for a question to another commune."""
    file = placing.file
    answers = [one for one in file.steps if step.id in one.stands_on and file.counts(one)]
    answer = next(iter(answers), None)
    outcome = "waiting" if answer is None else _OUTCOMES.get(answer.kind, "placed")
    reasons = {
        f"{verb}_reason": answer.note if answer is not None and outcome == became else None
        for verb, became in (("decline", "declined"), ("withdraw", "withdrawn"))
    }
    return told(PlacementRequestOut, file, step, request, answered=outcome, **reasons)


_OUTCOMES = {StepKind.PLACEMENT_DECLINED.value: "declined", StepKind.PLACEMENT_WITHDRAWN.value: "withdrawn"}


async def placement_out(
    session: AsyncSession, placing: Placing, step: CaseStep, placement: CasePlacement
) -> PlacementOut:
    """Return the answer for a placement, with its handing over, what was asked, and its end."""
    file = placing.file
    handover = next(iter(placing.about(placing.handovers, step.id)), None)
    end = placing.end_of(step.id)
    return told(
        PlacementOut,
        file,
        step,
        placement,
        consent=told_consent(placement),
        in_force=placing.is_in_force(step),
        continues_id=step.about_id,
        handover=None if handover is None else told(PlacementHandoverOut, file, *handover),
        end_requests=[told(PlacementEndRequestOut, file, *one) for one in placing.about(placing.end_requests, step.id)],
        end=None if end is None else told(PlacementEndOut, file, *end),
        notices=[
            lack.told()
            for lack in (
                *harm.wanted(placing, step, placement),
                *await harm.of_others(session, placing, step, placement),
                *_whose(placing, step, placement),
                *_unlisted(placing, step, placement),
                *_not_ended(placing, step, placement),
                *await returning.notices(session, placing, step, placement),
                *still_open(placing, step, placement),
                *await _notices(session, placement),
            )
        ],
        warnings=await _warnings(session, placing, step, placement),
    )


async def _warnings(
    session: AsyncSession, placing: Placing, step: CaseStep, placement: CasePlacement
) -> list[NumberNoticeOut]:
    """Return which of its numbers stand on another case of the commune that decided; of no other authority's."""
    if placement.decided_by != "commune_chair" or not placing.file.counts(step):
        return []
    numbered = [Numbered(placement.decision_number, placement.decided_on)]
    end = placing.end_of(step.id)
    if end is not None and end[1].decision_number is not None:
        numbered.append(Numbered(end[1].decision_number, end[1].ended_on))
    return await warnings_of(session, placing.file.case.id, placement.origin_commune_id, numbered)


def _whose(placing: Placing, step: CaseStep, placement: CasePlacement) -> list[Lack]:
    """Return who decides by law, if somebody else is said to have, and that a family was not, or is still, looked for.

    All as the child's needs stood then.
    """
    before = [needs for at, needs in placing.needs if at.position < step.position and placing.file.counts(at)]
    other = rules.whose_decision(
        placement.decided_by,
        facility=placement.provider_id is not None,
        temporary=placement.temporary,
        ground=before[-1].ground if before else None,
        court_ordered=placement.court_order_id is not None,
    )
    found = [] if other is None else [other]
    if before and before[-1].found_abandoned and not placement.temporary:
        found += _sought(placing, step, placement)
    return found


def _sought(placing: Placing, step: CaseStep, placement: CasePlacement) -> list[Lack]:
    """Return that the family of a child found abandoned was looked for by no notice, or by one that still ran then."""
    notices = [one for one in placing.notices if placing.file.counts(one[0])]
    if not notices:
        return [Lack("family_notice", f"{CIRCULAR} Điều 10.1.a2")]
    known = [notice for at, notice in notices if at.position < step.position]
    until = known[-1].until_on if known else None
    runs = until is not None and until >= placement.decided_on
    return [Lack("family_notice_runs", f"{CIRCULAR} Điều 10.1.a2", until)] if runs else []


def _unlisted(placing: Placing, step: CaseStep, placement: CasePlacement) -> list[Lack]:
    """Return that a child left a facility for a family without standing on its list (TT 14/2020, Điều 5.2).

    The commune that was sent the list knows; to who leads the case elsewhere nothing is said of it.
    """
    knows = placement.carer_commune_id == placing.file.case.commune_id or placing.file.elsewhere
    moved = placement.carer_id is not None and not placement.temporary and facilities_left_for(placing, step)
    unlisted = knows and moved and step.id not in placing.left_lists
    return [Lack("not_on_facility_list", f"{CIRCULAR} Điều 5.2")] if unlisted else []


def _not_ended(placing: Placing, step: CaseStep, placement: CasePlacement) -> list[Lack]:
    """Return that the facility has still to end its care of a child who was given to a carer at once.

    Care that is to last waits for that end (Điều 45.4); a child who is in danger does not.
    """
    at_once = placement.carer_id is not None and placement.temporary and placing.is_in_force(step)
    waits = at_once and still_at_facility(placing, step)
    return [Lack("facility_care_not_ended", f"{DECREE} Điều 45.4")] if waits else []


async def _notices(session: AsyncSession, placement: CasePlacement) -> list[Lack]:
    """Return what a facility's own papers say, and that its authority looked into the care there since (Điều 47).

    The authority decided; nothing is refused for it. What it found stands in the inspections of the facility.
    """
    if placement.provider_id is None:
        return []
    provider = await get_provider(session, placement.provider_id)
    (seen,) = await summaries(session, [provider], placement.starts_on)
    found = []
    if seen.standing not in ("licensed", "licence_unknown"):
        found.append(Lack(f"provider_{seen.standing}", "Luật Trẻ em Điều 59"))
    taken = await counting.places_taken(session, provider.id, placement.starts_on)
    if seen.places is not None and taken > seen.places:
        found.append(Lack("full", f"{DECREE} Điều 44"))
    inspections = await parts_of(session, ProviderInspection, [provider.id])
    if any(one.entered_in_error_at is None and one.inspected_on >= placement.starts_on for one in inspections):
        found.append(Lack("facility_inspected", f"{DECREE} Điều 47"))
    return found
