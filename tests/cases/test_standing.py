"""What the steps of a case add up to."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from childcare_api.cases.file.commands import OPEN
from childcare_api.cases.file.models import CaseStatus, PlanStatus, ReviewOutcome, StepKind
from childcare_api.cases.file.rules import (
    ALLOWED_IN,
    StepFact,
    permission_for,
    review_outcome,
    standing_of,
)


class File:
    """A case file written step by step, each standing on the formal step before it."""

    def __init__(self) -> None:
        self.steps: list[StepFact] = []
        self.add(StepKind.OPENING)

    def add(
        self, kind: StepKind, *bases: UUID, about: UUID | None = None, outcome: ReviewOutcome | None = None
    ) -> UUID:
        step = StepFact(uuid4(), kind, len(self.steps), stands_on=bases, about_id=about, outcome=outcome)
        self.steps.append(step)
        return step.id

    def mark(self, step_id: UUID) -> None:
        self.steps = [
            StepFact(
                s.id, s.kind, s.position, in_error=True, stands_on=s.stands_on, about_id=s.about_id, outcome=s.outcome
            )
            if s.id == step_id
            else s
            for s in self.steps
        ]

    @property
    def standing(self):
        return standing_of(self.steps)

    @property
    def status(self) -> CaseStatus:
        return self.standing.status

    def approved(self, *bases: UUID) -> tuple[UUID, UUID, UUID]:
        plan = uuid4()
        self.add(StepKind.PLAN_DRAFTED, *bases, about=plan)
        submission = self.add(StepKind.PLAN_SUBMITTED, *bases, about=plan)
        return plan, submission, self.add(StepKind.PLAN_APPROVED, submission, about=plan)


def test_a_case_goes_through_the_decree_in_order():
    file = File()
    assert file.status is CaseStatus.OPENED
    assessment = file.add(StepKind.ASSESSMENT)
    assert file.status is CaseStatus.ASSESSED
    meeting = file.add(StepKind.MEETING, assessment)
    plan = uuid4()
    file.add(StepKind.PLAN_DRAFTED, about=plan)
    assert file.status is CaseStatus.PLANNING
    submission = file.add(StepKind.PLAN_SUBMITTED, assessment, meeting, about=plan)
    assert file.status is CaseStatus.AWAITING_DECISION
    decision = file.add(StepKind.PLAN_APPROVED, submission, about=plan)
    assert file.status is CaseStatus.IMPLEMENTING
    review = file.add(StepKind.REVIEW, decision, outcome=ReviewOutcome.END)
    assert file.status is CaseStatus.READY_TO_CLOSE
    file.add(StepKind.CLOSURE, review)
    assert file.status is CaseStatus.CLOSED


def test_risk_that_remains_runs_the_plan_cycle_again():
    file = File()
    first, _, decision = file.approved()
    review = file.add(StepKind.REVIEW, decision, outcome=ReviewOutcome.CONTINUE)
    assert (file.status, file.standing.cycle) == (CaseStatus.REPLANNING, 2)
    second, _, _ = file.approved(review)
    assert file.status is CaseStatus.IMPLEMENTING
    assert file.standing.plans == {first: PlanStatus.SUPERSEDED, second: PlanStatus.APPROVED}


def test_a_decision_in_error_puts_the_plan_back_before_the_leader():
    file = File()
    plan, _, decision = file.approved()
    review = file.add(StepKind.REVIEW, decision, outcome=ReviewOutcome.END)
    file.add(StepKind.CLOSURE, review)
    file.mark(decision)
    assert file.status is CaseStatus.AWAITING_DECISION
    assert file.standing.plans == {plan: PlanStatus.SUBMITTED}
    assert file.standing.review_id is None


def test_an_assessment_in_error_takes_the_whole_plan_with_it_but_not_what_was_done():
    file = File()
    assessment = file.add(StepKind.ASSESSMENT)
    plan, _, _ = file.approved(assessment)
    service = file.add(StepKind.SERVICE, about=plan)
    file.mark(assessment)
    assert file.status is CaseStatus.OPENED
    assert file.standing.plans == {plan: PlanStatus.VOID}
    assert service in file.standing.counting


def test_a_newer_decision_in_error_brings_the_older_version_back_into_force():
    file = File()
    first, _, decision = file.approved()
    second, _, newer = file.approved(decision)
    file.mark(newer)
    assert file.standing.plans == {first: PlanStatus.APPROVED, second: PlanStatus.SUBMITTED}
    assert file.standing.plan_id == first
    assert file.status is CaseStatus.IMPLEMENTING


def test_a_returned_plan_may_be_submitted_again():
    file = File()
    plan = uuid4()
    file.add(StepKind.PLAN_DRAFTED, about=plan)
    file.add(StepKind.PLAN_SUBMITTED, about=plan)
    file.add(StepKind.PLAN_RETURNED, about=plan)
    assert (file.status, file.standing.plans[plan]) == (CaseStatus.PLANNING, PlanStatus.RETURNED)
    file.add(StepKind.PLAN_SUBMITTED, about=plan)
    assert file.status is CaseStatus.AWAITING_DECISION


def test_the_next_version_takes_the_place_of_one_that_came_back_and_keeps_it():
    file = File()
    first, second = uuid4(), uuid4()
    assessment = file.add(StepKind.ASSESSMENT)
    file.add(StepKind.PLAN_DRAFTED, about=first)
    submission = file.add(StepKind.PLAN_SUBMITTED, assessment, about=first)
    returned = file.add(StepKind.PLAN_RETURNED, submission, about=first)
    file.add(StepKind.PLAN_DRAFTED, about=second)
    left = {first: PlanStatus.SUPERSEDED, second: PlanStatus.DRAFT}
    assert (file.standing.plans, file.standing.open_plan_id) == (left, second)
    # An error in what came before takes nobody's new version away, nor brings two before the leader.
    for wrong in (returned, assessment):
        file.mark(wrong)
        assert (file.standing.plans, file.status) == (left, CaseStatus.PLANNING)


def test_an_adjustment_waiting_when_the_review_finds_risk_lapses():
    file = File()
    _, _, decision = file.approved()
    draft = uuid4()
    file.add(StepKind.PLAN_DRAFTED, decision, about=draft)
    assert file.status is CaseStatus.IMPLEMENTING
    file.add(StepKind.REVIEW, decision, outcome=ReviewOutcome.CONTINUE)
    assert file.standing.plans[draft] is PlanStatus.LAPSED
    assert file.status is CaseStatus.REPLANNING


def test_a_reopening_runs_the_plan_cycle_again_and_falls_with_the_closure():
    file = File()
    first, _, decision = file.approved()
    review = file.add(StepKind.REVIEW, decision, outcome=ReviewOutcome.END)
    closure = file.add(StepKind.CLOSURE, review)
    reopening = file.add(StepKind.REOPENING, closure)
    assert (file.status, file.standing.cycle, file.standing.close_reason) == (CaseStatus.REPLANNING, 2, None)
    second, _, _ = file.approved(reopening)
    assert (file.status, file.standing.plans[first]) == (CaseStatus.IMPLEMENTING, PlanStatus.SUPERSEDED)
    file.mark(closure)
    assert (file.status, file.standing.plans[second]) == (CaseStatus.READY_TO_CLOSE, PlanStatus.VOID)


def test_a_placement_that_stands_on_a_separation_takes_over_from_it_and_any_other_does_not():
    file = File()
    separation = file.add(StepKind.SEPARATION)
    file.add(StepKind.PLACEMENT)
    assert file.standing.separation_id == separation
    placement = file.add(StepKind.PLACEMENT, separation)
    assert file.standing.separation_id is None
    file.mark(placement)
    assert file.standing.separation_id == separation


@pytest.mark.parametrize("answer", [StepKind.TRANSFER_ACCEPTED, StepKind.TRANSFER_DECLINED])
def test_a_case_stands_in_the_other_commune_where_it_stood_in_the_first(answer):
    """Who takes it over goes on from there, and who stays with it does (ADR 29): no answer moves the procedure."""
    file = File()
    file.approved()
    apart = file.add(StepKind.SEPARATION)
    before = file.standing
    offer = file.add(StepKind.TRANSFER_OFFERED)
    said = file.add(answer, offer, about=offer)
    after = file.standing
    assert after.counting - before.counting == {offer, said}
    after.counting = before.counting
    assert (after, after.separation_id, after.status) == (before, apart, CaseStatus.IMPLEMENTING)


def test_a_file_opened_by_mistake_is_no_case():
    file = File()
    file.add(StepKind.ASSESSMENT)
    file.mark(file.steps[0].id)
    assert file.status is CaseStatus.ENTERED_IN_ERROR


@pytest.mark.parametrize(
    ("risk_remains", "child_is_stable", "outcome"),
    [(False, True, "end"), (False, False, "continue"), (True, True, "continue"), (True, False, "continue")],
)
def test_a_plan_ends_only_without_risk_and_with_a_stable_child(risk_remains, child_is_stable, outcome):
    assert review_outcome(risk_remains=risk_remains, child_is_stable=child_is_stable) == outcome


def test_a_closed_case_takes_no_step_but_a_reopening_answers_and_what_goes_on_in_care():
    closed = {kind for kind, states in ALLOWED_IN.items() if CaseStatus.CLOSED in states}
    between = {kind for kind in closed if kind.startswith(("grant", "referral_", "transfer_"))}
    assert {StepKind.GRANT, StepKind.GRANT_REVOKED} <= between
    in_care = {kind for kind in closed if kind.startswith(("placement_", "carer_"))}
    assert {StepKind.PLACEMENT_VISIT, StepKind.CARER_REPORT, StepKind.PLACEMENT_ENDED} <= in_care
    court = {StepKind.COURT_GRANTED, StepKind.COURT_REFUSED, StepKind.COURT_WITHDRAWN}
    # The paper of a birth that was registered meanwhile ends its task (`birth.register`), and so does the sending of a
    # decision on care (`placement.send`).
    answers = {StepKind.PROCEEDING_ANSWERED, StepKind.CARE_PAPERS, StepKind.DECISION_SENT} | court
    assert closed - between - in_care == {StepKind.REOPENING} | answers
    assert CaseStatus.CLOSED not in OPEN


def test_officers_never_hold_what_the_leader_decides():
    assert {str(permission_for(kind)) for kind in (StepKind.PLAN_APPROVED, StepKind.SEPARATION)} == {"case:decide"}
    assert {str(permission_for(kind)) for kind in (StepKind.CLOSURE, StepKind.REOPENING)} == {"case:close"}
    assert permission_for(StepKind.ASSESSMENT) == "case:work"


KINDS = [
    *(StepKind.ASSESSMENT, StepKind.MEETING, StepKind.REVIEW, StepKind.CLOSURE, StepKind.SERVICE, StepKind.PLACEMENT),
    *(StepKind.SEPARATION, StepKind.SEPARATION_EXTENDED, StepKind.SEPARATION_CANCELLED, StepKind.COURT_REQUEST),
    *(StepKind.REOPENING, StepKind.CHILD_DIED, StepKind.TURNED_SIXTEEN),
]


@st.composite
def files(draw):
    steps = [StepFact(uuid4(), StepKind.OPENING, 0)]
    plan = uuid4()
    for position in range(1, draw(st.integers(1, 12))):
        kind = draw(st.sampled_from([*KINDS, *(k for k in StepKind if k.startswith("plan_"))]))
        bases = draw(st.lists(st.sampled_from([s.id for s in steps]), max_size=2))
        steps.append(
            StepFact(
                uuid4(),
                kind,
                position,
                in_error=draw(st.booleans()),
                stands_on=tuple(bases),
                about_id=plan if kind.startswith("plan_") else None,
                outcome=draw(st.sampled_from(ReviewOutcome)) if kind is StepKind.REVIEW else None,
            )
        )
    return steps


@given(files())
def test_nothing_counts_that_stands_on_what_does_not(steps):
    standing = standing_of(steps)
    for step in steps:
        assert (step.id in standing.counting) == (
            not step.in_error and all(base in standing.counting for base in step.stands_on)
        )


@given(files(), st.randoms())
def test_the_order_in_which_steps_are_read_makes_no_difference(steps, random):
    shuffled = random.sample(steps, len(steps))
    assert standing_of(shuffled) == standing_of(steps)


@given(files())
def test_a_wrong_step_that_nothing_stands_on_leaves_the_file_as_if_it_had_never_been(steps):
    last = steps[-1]
    without = standing_of(steps[:-1])
    marked = standing_of([*steps[:-1], StepFact(last.id, StepKind.PROGRESS_NOTE, last.position, in_error=True)])
    assert marked == without
