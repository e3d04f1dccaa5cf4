"""What happens in alternative care: needs, questions to other communes, decisions, visits, and the end."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.agencies.providers.errors import ProviderClosed
from childcare_api.agencies.providers.models import ServiceProvider
from childcare_api.alternative_care.errors import carer_of_another
from childcare_api.alternative_care.facility_lists import actions as facility_lists
from childcare_api.alternative_care.queries import find_carer, find_carer_to_judge
from childcare_api.alternative_care.rules import Lack
from childcare_api.cases.consenting.schemas import columns_of
from childcare_api.cases.file.actions import guard_paper, guard_state
from childcare_api.cases.file.models import CaseStep, StepKind
from childcare_api.cases.gathering.actions import stored
from childcare_api.cases.gathering.queries import missing_papers
from childcare_api.cases.placing import harm, rules
from childcare_api.cases.placing.child import parents_on_record
from childcare_api.cases.placing.errors import (
    ChildIsPlaced,
    PlacementAnswered,
    PlacementNotInState,
    PlacementNotReady,
)
from childcare_api.cases.placing.judging import (
    OfCarer,
    consents_lacking,
    full_already,
    guardian_open,
    judge_consent,
    of_carer,
    order_missing,
    parents_unheard,
)
from childcare_api.cases.placing.leaving import NO_FACILITY_LEFT, facilities_left, has_agreed, is_with_others
from childcare_api.cases.placing.listed import guard_same_carer, guard_same_child
from childcare_api.cases.placing.models import CaseCareNeeds, CasePlacement
from childcare_api.cases.placing.needing import RecordCareNeeds
from childcare_api.cases.placing.queries import Placing
from childcare_api.cases.placing.recording import record_placing
from childcare_api.cases.placing.schemas import PlaceChild
from childcare_api.cases.planning.queries import acting_for
from childcare_api.shared import clock
from childcare_api.shared.refusals import no_such_record, refused, too_early


async def record_care_needs(
    session: AsyncSession, actor: Actor, placing: Placing, command: RecordCareNeeds
) -> tuple[CaseStep, CaseCareNeeds]:
    """Record what the child needs (Mẫu 10); from 7 years on it was asked, or the reason stands there."""
    must = rules.must_be_asked(placing.child, clock.day_of(command.happened_at or clock.now()))
    if must and not command.child_was_asked and command.child_not_asked_reason is None:
        raise PlacementNotReady(missing=[Lack("child_opinion", "Luật Trẻ em Điều 60.3").told()])
    for relative in command.relatives:
        if relative.carer_id is not None and await find_carer(session, actor, relative.carer_id) is None:
            raise no_such_record("/relatives")
    content = command.model_dump(mode="json", exclude={"id", "happened_at", "found_abandoned", "papers", "parents"})
    needs = CaseCareNeeds(
        **content,
        **await _parents(session, placing, command),
        found_abandoned=bool(command.found_abandoned),
        papers=stored(command.papers, command.happened_at),
    )
    return await record_placing(session, actor, placing, kind=StepKind.CARE_NEEDS, command=command, detail=needs), needs


async def _parents(session: AsyncSession, placing: Placing, command: RecordCareNeeds) -> dict[str, str | None]:
    """Return who is left of the parents, as stated; else whom the child's record names. Nothing is guessed."""
    if command.parents is not None:
        stated = command.parents
        return {"father": stated.father, "mother": stated.mother, "parents_reason": stated.reason}
    named = await parents_on_record(session, placing.file.case)
    known = {parent: "left" if parent in named else None for parent in ("father", "mother")}
    return known | {"parents_reason": None}


async def place_child(
    session: AsyncSession, actor: Actor, placing: Placing, command: PlaceChild
) -> tuple[CaseStep, CasePlacement]:
    """Record the decision that gives the child into care (Mẫu 12). What the law still asks for is named by article."""
    guard_state(placing.file, StepKind.PLACEMENT)
    if placing.file.standing.child_died_id is not None:
        raise PlacementNotInState(why="child_died")
    from_list = command.facility_child_id and await facility_lists.find_sent(session, actor, command.facility_child_id)
    if from_list:
        guard_same_carer(from_list, command.carer_id)
        guard_same_child(placing, from_list, command.same_child_reason)
    continued = _may_move(placing, command)
    request = _request_answered(placing, actor, continued)
    carer, found = None, OfCarer()
    if command.carer_id is not None:
        carer = await find_carer_to_judge(session, actor, command.carer_id)
        if carer is None or carer.commune_id != actor.commune_id:
            raise carer_of_another()
        relative, day = command.relation is not None, command.decided_on
        found = await of_carer(session, carer, placing.child, relative=relative, day=day)
        harmed = (await harm.against(session, placing, [carer.id], day)).get(carer.id, [])
        found.against.extend(harmed)
        found.unsafe.extend(harmed)
    else:
        provider = await session.get(ServiceProvider, command.provider_id)
        if provider is None or not provider.is_facility or placing.file.elsewhere:
            raise no_such_record("/provider_id")
        if provider.valid_to is not None and provider.valid_to < (command.starts_on or command.decided_on):
            raise ProviderClosed
    leaves_facility = command.provider_id is None and (from_list is not None or bool(facilities_left(placing)))
    if command.facility_agreed_on is not None and not leaves_facility:
        raise refused("/facility_agreed_on", *NO_FACILITY_LEFT)
    judge_consent(placing, command.consent)
    _agreed_before(command)
    ordered = placing.court_order_on(command.decided_on)
    consents, court = consents_lacking(placing, command, ordered)
    papers = missing_papers(placing, in_facility=leaves_facility)
    # What a court decided is carried out, and which papers are not there is told.
    by_court = command.decided_by == "court" or ordered is not None
    ready = rules.Ready(
        has_needs=placing.last_needs() is not None,
        child_must_be_asked=rules.must_be_asked(placing.child, command.decided_on),
        child_was_asked=command.child_was_asked,
        temporary=command.temporary,
        is_separated=placing.file.standing.separation_id is not None,
        found_abandoned=placing.found_abandoned(),
        has_no_parent=placing.has_no_parent(),
        consents_lack=consents,
        court_lacks=court,
        facility_agrees=not leaves_facility or command.facility_agreed_on is not None or has_agreed(placing, continued),
        papers_missing=[] if by_court else papers,
        carer_lacks=found.against,
        carer_unsafe=found.unsafe,
        left_open=[
            *order_missing(command, ordered),
            *found.doubts,
            *parents_unheard(placing, command),
            *guardian_open(placing, command),
            *(papers if by_court else []),
            *(await full_already(session, carer, continued)),
        ],
    )
    missing = rules.lacking(ready)
    if missing:
        raise PlacementNotReady(missing=[lack.told() for lack in missing])
    _guard_day(placing, command)
    given = command.model_dump(exclude={"id", "happened_at", "starts_on", "consent", "facility_child_id"})
    placement = CasePlacement(
        **given,
        **columns_of(command.consent),
        form="facility" if carer is None else "non_relative" if command.relation is None else "relative",
        carer_commune_id=None if carer is None else carer.commune_id,
        starts_on=command.starts_on or command.decided_on,
        court_order_id=None if ordered is None else ordered.id,
        left_open=[{"code": one.code, "article": one.article} for one in rules.left_open(ready)],
        acting_for_id=await acting_for(session),
    )
    step = await record_placing(
        session,
        actor,
        placing,
        kind=StepKind.PLACEMENT,
        command=command,
        detail=placement,
        about_id=None if continued is None else continued.id,
        stands_on=_bases(placing, request, command),
    )
    if from_list:
        decision = (placement.decision_number, placement.decided_on)
        await facility_lists.placed(session, actor, from_list, step.id, decision, decided_at=step.happened_at)
        placing.left_lists[step.id] = from_list.ended_on
    return step, placement


def _agreed_before(command: PlaceChild) -> None:
    """Refuse a decision of an earlier day than what it rests on: consent, a facility's or a new guardian's agreement.

    Luật Trẻ em, Điều 63.1, 66.1; TT 14/2020/TT-BLĐTBXH, Điều 11.4.
    """
    given_on = None if command.consent is None else command.consent.given_on
    agreed = [one for one in (given_on, command.facility_agreed_on, command.guardian_agreed_on) if one is not None]
    if command.decided_on < max(agreed, default=command.decided_on):
        raise too_early("/decided_on", max(agreed))


def _bases(placing: Placing, request: CaseStep | None, command: PlaceChild) -> list[UUID]:
    """Return what a decision stands on: the question it answers, and the separation that lasting care takes over from.

    Care given at once during a separation (Điều 32.4) leaves that in force (TT 14/2020/TT-BLĐTBXH, Điều 14.3 b).
    """
    taken_over = None if command.temporary else placing.file.standing.separation_id
    return [base for base in (None if request is None else request.id, taken_over) if base is not None]


def _request_answered(placing: Placing, actor: Actor, continued: CaseStep | None) -> CaseStep | None:
    """Return the question that a decision answers: one that waits, or the one that the care it goes on from answered.

    Of another's case the question is asked for; a case may also have come to the commune that was asked.
    """
    asked = [step for step, one in placing.requests if one.carer_commune_id == actor.commune_id]
    if continued is not None:
        return next((step for step in asked if step.id in continued.stands_on), None)
    waiting = next((step for step in asked if placing.answered_at(step) is None), None)
    if waiting is None and placing.file.elsewhere:
        raise PlacementAnswered if asked else PlacementNotInState(why="not_asked")
    return waiting


def _may_move(placing: Placing, command: PlaceChild) -> CaseStep | None:
    """Refuse a second care while one lasts; from a facility to a carer the decision itself leads (Điều 45.4).

    A lasting decision goes on from care that was given at once, with the same carer or facility, and returns it: the
    procedure follows (Điều 32.4), and who has the child comes first (TT 14/2020/TT-BLĐTBXH, Điều 13.3 a2).
    """
    if is_with_others(placing):
        raise ChildIsPlaced
    continued = None
    for step, placement in placing.in_force():
        same = (placement.carer_id, placement.provider_id) == (command.carer_id, command.provider_id)
        if same and placement.temporary and not command.temporary:
            continued = step
        elif placement.carer_id is not None or command.provider_id is not None:
            raise ChildIsPlaced
    return continued


def _guard_day(placing: Placing, command: PlaceChild) -> None:
    """Judge the day of a decision: not before the report, and not after it is said to have been made.

    A child that is given away at once is, before the paper is written (Điều 32.4).
    """
    earliest = clock.day_of(placing.file.case.received_at)
    if command.decided_on < earliest:
        raise too_early("/decided_on", earliest)
    if not command.temporary:
        guard_paper(command.happened_at, command.decided_on)
