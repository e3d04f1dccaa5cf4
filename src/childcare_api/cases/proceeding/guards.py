"""Who may do what for a child in proceedings, when, and by which article: its rows of the table in `file/guards.py`."""

from childcare_api.access.permissions import Permission
from childcare_api.cases.file.commands import ALL, OPEN, Guard
from childcare_api.cases.file.models import CaseStatus, StepKind

K, P = StepKind, Permission

IN_PROCEEDINGS: tuple[Guard, ...] = (
    Guard("record_proceeding", K.PROCEEDING, OPEN, P.CASE_WORK, "Luật Trẻ em Điều 72.2, 72.3, 72.4"),
    Guard(
        "answer_proceeding",
        K.PROCEEDING_ANSWERED,
        ALL - {CaseStatus.ENTERED_IN_ERROR},
        P.CASE_WORK,
        "Luật Trẻ em Điều 72.2, 72.3, 72.4",
        "something that an authority asked and nobody did; what was done, or why nothing",
    ),
    Guard("record_release_notice", K.RELEASE_NOTICE, OPEN, P.CASE_WORK, "Luật Trẻ em Điều 73.2"),
    Guard(
        "record_release_prepared",
        K.RELEASE_PREPARED,
        OPEN,
        P.CASE_WORK,
        "Luật Trẻ em Điều 73.2, 73.3",
        "the newest notice, for which nobody prepared; a plan in force",
    ),
)
"""In the order of the law."""

EVENTS_IN_PROCEEDINGS: dict[StepKind, str] = {
    StepKind.PROCEEDING: "case.proceeding_recorded",
    StepKind.PROCEEDING_ANSWERED: "case.proceeding_answered",
    StepKind.RELEASE_NOTICE: "case.release_announced",
    StepKind.RELEASE_PREPARED: "case.release_prepared",
}
"""What each step is called in the audit and in the outbox."""
