"""What a clock of a case should be doing, and the two questions that all of them ask of a file."""

from dataclasses import dataclass
from datetime import datetime

from childcare_api.cases.file.models import CaseStatus, StepKind
from childcare_api.cases.file.queries import CaseFile
from childcare_api.cases.file.rules import Standing

BEFORE_A_PLAN = (CaseStatus.OPENED, CaseStatus.ASSESSED, CaseStatus.PLANNING, CaseStatus.REPLANNING)
"""The states in which the officer has still to bring a plan before the leader."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One clock as the file says it should be: running from an instant, or ended by an event, or neither.

    `length` is for a term that a decision set; else it is the rule's.
    """

    rule: str
    runs_from: datetime | None
    ended_at: datetime | None = None
    length: int | None = None


def is_open(file: CaseFile) -> bool:
    """Say whether anything is still wanted for this child: the case goes on, and the child lives."""
    ended = (CaseStatus.CLOSED, CaseStatus.ENTERED_IN_ERROR)
    return file.standing.status not in ended and file.standing.child_died_id is None


def may_reopen(standing: Standing) -> bool:
    """Say whether a closed case can be opened again: there is a child to plan for."""
    nobody = standing.child_died_id is not None or standing.turned_sixteen_id is not None
    return standing.status is CaseStatus.CLOSED and not nobody


def last(file: CaseFile, *kinds: StepKind) -> datetime | None:
    """Return when a step of these kinds last happened, of those that count."""
    return max((step.happened_at for kind in kinds for step in file.counting(kind)), default=None)
