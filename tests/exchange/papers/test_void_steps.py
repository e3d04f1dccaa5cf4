"""What was entered in error takes what stands on it along, in a file of any length."""

from datetime import UTC, datetime
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from childcare_api.cases.file.models import CaseStep
from childcare_api.exchange.papers.queries import void_steps

WHEN = datetime(2026, 2, 5, tzinfo=UTC)
STEPS = st.lists(st.tuples(st.booleans(), st.sets(st.integers(0, 60), max_size=3)), max_size=40)


def holds(steps: list[CaseStep], step: CaseStep) -> bool:
    """Say it as the rule is written, at whatever cost."""
    bases = [base for base in steps if base.id in step.stands_on]
    return step.in_error_at is None and all(holds(steps, base) for base in bases)


@given(STEPS)
def test_a_step_is_void_with_whatever_it_stands_on_and_not_for_what_is_not_shown(told):
    steps = [
        CaseStep(
            id=UUID(int=number),
            in_error_at=WHEN if wrong else None,
            # What comes later, or is not there at all, is nothing that was shown.
            stands_on=[UUID(int=base) for base in bases if base < number or base >= len(told)],
        )
        for number, (wrong, bases) in enumerate(told)
    ]
    assert void_steps(steps) == {step.id for step in steps if not holds(steps, step)}
