"""Reading the dossier of a child off its case: what was written down of papers, and what the case itself is of them."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from childcare_api.alternative_care.rules import Lack
from childcare_api.cases.file.models import CaseStep, StepKind
from childcare_api.cases.gathering import rules
from childcare_api.cases.gathering.rules import Gathered, Written
from childcare_api.cases.placing.leaving import facilities_left
from childcare_api.cases.placing.queries import Placing


def gathered(placing: Placing, *, in_facility: bool) -> Gathered:
    """Return what a case says of the child's papers; the last word on each counts."""
    found = {
        one["paper"]: Written(step.id, one["there_is_one"])
        for step, papers in _in_order(placing)
        for one in papers
        if placing.file.counts(step)
    }
    return Gathered(found, _in_case(placing), placing.found_abandoned(), in_facility)


def _in_order(placing: Placing) -> Iterator[tuple[CaseStep, list[dict[str, Any]]]]:
    told = [(step, detail.papers) for step, detail in placing.needs]
    told += [(step, detail.papers) for step, detail in placing.papers]
    yield from sorted(told, key=lambda one: one[0].position)


def _in_case(placing: Placing) -> dict[str, UUID]:
    """Return which papers are steps of the case: Mẫu 10, the decision to separate, the decision on a facility."""
    file, found = placing.file, {}
    needs = placing.last_needs()
    if needs is not None:
        found["care_needs"] = needs[0].id
    cancelled = {base for step in file.counting(StepKind.SEPARATION_CANCELLED) for base in step.stands_on}
    ordered = [step for step, order in placing.court_orders if order.measures and file.counts(step)]
    for step in (*file.counting(StepKind.SEPARATION), *ordered):
        if step.id not in cancelled:
            found["separation_decision"] = step.id
    for step, _ in facilities_left(placing):
        found["facility_admission"] = step.id
    return found


def is_in_facility(placing: Placing) -> bool:
    """Say whether a facility has the child, or gave it away for a carer: then its papers are asked for, too (38.4)."""
    return bool(facilities_left(placing))


def missing_papers(placing: Placing, *, in_facility: bool) -> list[Lack]:
    """Return which papers of the dossier are not there, by article, but for the report on the child's needs."""
    return [one for one in rules.missing(gathered(placing, in_facility=in_facility)) if one.code != "care_needs"]
