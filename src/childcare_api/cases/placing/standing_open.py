"""What a decision on care went ahead without, as far as it still stands open: nothing that was given since."""

from typing import Any

from childcare_api.alternative_care.rules import Lack
from childcare_api.cases.consenting.schemas import CareConsent, CareOverride
from childcare_api.cases.file.models import CaseStep
from childcare_api.cases.gathering.queries import missing_papers
from childcare_api.cases.gathering.rules import PAPERS
from childcare_api.cases.placing import harm
from childcare_api.cases.placing.judging import consents_lacking, parents_unheard
from childcare_api.cases.placing.models import CasePlacement
from childcare_api.cases.placing.queries import Placing
from childcare_api.cases.placing.schemas import PlaceChild
from childcare_api.shared import clock

_CONSENTS = frozenset({
    *("consent", "guardian_consent", "father_consent", "mother_consent", "father_unstated", "mother_unstated"),
    "no_measure_applied",
})  # fmt: skip


def still_open(placing: Placing, step: CaseStep, placement: CasePlacement) -> list[Lack]:
    """Return what stands open of a decision; of care that is over only the court's order that it was (Điều 66.4).

    Nobody becomes guardian by care that harmed the child. Whose consent is lacking is read off the last report on the
    child's needs, as a decision for good would.
    """
    left = [Lack(one["code"], one["article"]) for one in placement.left_open]
    ordered = placing.court_order_on(placement.decided_on)
    if not placing.is_in_force(step):
        owed = placing.file.counts(step) and ordered is None
        return [one for one in left if owed and one.code == "court_order_missing"]
    consents, court = _consents(placing, placement, ordered or placing.court_order_on(clock.today()))
    papers = {one.code for one in missing_papers(placing, in_facility=True)}
    done = {code for code in PAPERS if code not in papers and (code != "care_needs" or placing.last_needs())}
    apart = placing.file.standing.separation_id is not None
    done |= {"court_order_missing"} if ordered is not None else set()
    done |= set() if court else {"court_decides"}
    done |= {"separation"} if apart or (placing.last_needs() and placing.found_abandoned()) else set()
    done |= {"guardian_not_appointed"} if harm.told_in(placing, step) else set()
    waits = any(one.code in _CONSENTS for one in left)
    rest = [one for one in left if one.code not in done | _CONSENTS]
    at = next((place for place, one in enumerate(left) if one.code in _CONSENTS), 0)
    before = sum(one.code not in done | _CONSENTS for one in left[:at])
    return [*rest[:before], *(consents if waits else []), *rest[before:]]


def _consents(placing: Placing, placement: CasePlacement, ordered: CaseStep | None) -> tuple[list[Lack], list[Lack]]:
    """Return whose consent a decision lacks now, and the court's."""
    stated: dict[str, Any] = {
        "decided_by": placement.decided_by,
        "decided_on": placement.decided_on,
        "carer_id": placement.carer_id,
        "consent": _consent_of(placement),
    }
    said = PlaceChild.model_construct(**stated)
    consents, court = consents_lacking(placing, said, ordered)
    more = parents_unheard(placing, said) if ordered is None else []
    return [*consents, *(one for one in more if one not in consents)], court


def _consent_of(placement: CasePlacement) -> CareConsent | None:
    """Return the consent of a placement as it was stated."""
    if not placement.consent_by and placement.consent_ground is None:
        return None
    override: dict[str, Any] = {"ground": placement.consent_ground, "reason": placement.consent_reason}
    stated: dict[str, Any] = {
        "given_by": placement.consent_by,
        "given_on": placement.consent_on,
        "override": None if placement.consent_ground is None else CareOverride.model_construct(**override),
    }
    return CareConsent.model_construct(**stated)
