"""Looking at who is to have the child and at who agreed, and telling what the law finds lacking, by article."""

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.alternative_care.models import Carer
from childcare_api.alternative_care.queries import children_with, last_that_counts, missing_of, verifications_of
from childcare_api.alternative_care.rules import (
    CIRCULAR,
    DECREE,
    LAW,
    UNKNOWN_AGES,
    Birthday,
    Lack,
    age_against,
    found_unsafe,
    papers_of_application,
)
from childcare_api.cases.consenting.schemas import CareConsent
from childcare_api.cases.consenting.to_care import (
    NO_GUARDIAN,
    ORPHANED,
    Consents,
    all_who_are_left_consent,
    consents_missing,
    gone_among_givers,
    unheard,
)
from childcare_api.cases.file.models import CaseStep, StepKind
from childcare_api.cases.placing import rules
from childcare_api.cases.placing.models import CaseCareNeeds
from childcare_api.cases.placing.queries import Placing
from childcare_api.cases.placing.schemas import PlaceChild
from childcare_api.shared import clock
from childcare_api.shared.problems import FieldError, Spoken, ValidationFailed
from childcare_api.shared.refusals import too_early


@dataclass(frozen=True, slots=True)
class OfCarer:
    """What stands against a carer, what does so in any hurry, and what is not known or comes later."""

    against: list[Lack] = field(default_factory=list)
    unsafe: list[Lack] = field(default_factory=list)
    doubts: list[Lack] = field(default_factory=list)


async def of_carer(
    session: AsyncSession, carer: Carer, child: Birthday | None, *, relative: bool, day: date
) -> OfCarer:
    """Return what stands against giving a child to a carer by a decision of a day: papers, conditions, list, and age.

    Who was verified on a later day did not yet meet the conditions by it, and who does not now is given nobody. A
    relative's papers are a notice alone, and their counselling is the officer's to see to (TT 14/2020, Điều 10.3 đ).
    """
    verifications = (await verifications_of(session, [carer]))[carer.id]
    of_notice = carer.basis == "relative_notice"
    found = OfCarer()
    for known in (verifications, [one for one in verifications if one.verified_on <= day]):
        last = last_that_counts(known)
        conditions = [] if last is None else last.conditions
        unsafe = found_unsafe(conditions, harmed_a_child=carer.end_ground == "harmed_a_child")
        found.against.extend(one for one in missing_of(carer, known) if one not in found.against)
        found.unsafe.extend(one for one in unsafe if one not in found.unsafe)
    if of_notice and not relative:
        found.against.extend(papers_of_application(carer))
    if carer.status != "listed" and not relative:
        found.against.append(Lack("not_listed", f"{CIRCULAR} Điều 8.5"))
    if carer.status in ("refused", "withdrawn", "struck_off"):
        found.against.append(Lack("registration_ended", f"{DECREE} Điều 42.1"))
    if of_notice and relative and carer.counselled_on is None:
        found.doubts.append(Lack("counselling", f"{CIRCULAR} Điều 10.3.đ"))
    age = age_against(Birthday(carer.born_on, carer.born_on_precision), child, relative=relative, today=day)  # type: ignore[arg-type]
    if age is not None:
        (found.doubts if age.code in UNKNOWN_AGES else found.against).append(age)
    return found


def consents_lacking(placing: Placing, command: PlaceChild, ordered: CaseStep | None) -> tuple[list[Lack], list[Lack]]:
    """Return whose consent a decision lacks, and the court's where it takes one (Luật Trẻ em, Điều 63.1, 66.4).

    What a court decided or ordered is recorded and not judged: it stands in the place of both (63.1 b, 52.3).
    """
    if command.decided_by == "court" or ordered is not None:
        return [], []
    last, consent = placing.last_needs(), command.consent
    if last is None:
        # Whose it takes is not known yet; that somebody's is missing is.
        return ([Lack("consent", f"{LAW} Điều 63.1")] if consent is None else []), []
    needs = last[1]
    said = _said(placing, needs, consent)
    court = rules.whose_decision(
        command.decided_by, facility=False, temporary=False, ground=needs.ground, court_ordered=False
    )
    takes_court = court is not None and command.carer_id is not None and not all_who_are_left_consent(said)
    return consents_missing(said), [court] if takes_court and court is not None else []


def order_missing(command: PlaceChild, ordered: CaseStep | None) -> list[Lack]:
    """Tell of a court's decision that the case does not hold: it is carried out, and the file lacks it (Điều 66.4)."""
    lacks = command.decided_by == "court" and ordered is None
    return [Lack("court_order_missing", f"{LAW} Điều 66.4")] if lacks else []


def judge_consent(placing: Placing, consent: CareConsent | None) -> None:
    """Refuse a consent that cannot be: of a parent who is gone by the report on the needs, or from before the birth."""
    last = placing.last_needs()
    if consent is None:
        return
    if last is not None:
        errors = tuple(
            FieldError(
                "/consent/given_by",
                "giver_not_left",
                f"By the report on the child's needs the {giver} {_BECAME[state].en}: that is no consent.",
                f"Theo báo cáo nhu cầu (Mẫu 10), {_PARENT_VI[giver]} {_BECAME[state].vi} nên không thể đồng ý.",
            )
            for giver, state in gone_among_givers(_said(placing, last[1], consent))
        )
        if errors:
            raise ValidationFailed(errors=errors)
    born = placing.child
    if born is not None and consent.given_on is not None and consent.given_on < born.earliest:
        raise too_early("/consent/given_on", born.earliest, Spoken("the child's birth", "ngày trẻ em được sinh ra"))


_PARENT_VI = {"father": "cha", "mother": "mẹ"}
_BECAME = {
    "dead": Spoken("is dead", "đã chết"),
    "missing": Spoken("is missing", "mất tích"),
    "never_known": Spoken("was never known", "không rõ là ai"),
}


def _said(placing: Placing, needs: CaseCareNeeds, consent: CareConsent | None) -> Consents:
    return Consents(
        ground=needs.ground,
        father=needs.father,
        mother=needs.mother,
        given_by=() if consent is None else consent.given_by,
        override=None if consent is None or consent.override is None else consent.override.ground,
        measure_applied=_stays_separated(placing),
    )


def _stays_separated(placing: Placing) -> bool:
    """Say whether the child was separated and not returned since: a cancelled separation is no measure any more."""
    cancelled = {base for step in placing.file.counting(StepKind.SEPARATION_CANCELLED) for base in step.stands_on}
    return any(step.id not in cancelled for step in placing.file.counting(StepKind.SEPARATION))


async def full_already(session: AsyncSession, carer: Carer | None, continued: CaseStep | None) -> list[Lack]:
    """Tell of a carer who has as many children as they take, this one apart where it is there (TT 14/2020, Điều 7.1 b).

    It is said among the candidates, too, and refuses nothing.
    """
    if carer is None:
        return []
    there = (await children_with(session, [carer.id], clock.today())).get(carer.id, 0)
    others = there - (continued is not None)
    return [Lack("full", f"{CIRCULAR} Điều 7.1.b")] if others >= carer.child_count else []


def guardian_open(placing: Placing, command: PlaceChild) -> list[Lack]:
    """Tell of a child that has no guardian and is given to a carer who is not made one, either (Điều 66.1).

    Nobody is named as its guardian, and none of its parents is left, on whichever ground: dead, missing, never known,
    or of a refugee not found. A court's decision appoints nobody by this one.
    """
    if command.carer_id is None or command.guardian_appointed:
        return []
    consent, last = command.consent, placing.last_needs()
    if consent is not None and consent.override is not None and consent.override.ground == NO_GUARDIAN:
        return [_NO_GUARDIAN]
    named = consent is not None and bool(consent.given_by)
    # A child of Điều 62.1 without that override has a guardian to consent, or lacks the consent by name.
    other = last is not None and last[1].ground != ORPHANED and command.decided_by != "court"
    return [_NO_GUARDIAN] if other and not named and placing.has_no_parent() else []


def parents_unheard(placing: Placing, command: PlaceChild) -> list[Lack]:
    """Tell of parents who are left of a child that is given away as one without a natural guardian (Điều 63.1 b)."""
    last = placing.last_needs()
    if last is None or command.decided_by == "court" or placing.court_order_on(command.decided_on) is not None:
        return []
    return unheard(_said(placing, last[1], command.consent))


_NO_GUARDIAN = Lack("guardian_not_appointed", f"{LAW} Điều 66.1")
