"""What a command on a case is, and the states and permissions that the tables of commands speak of."""

from dataclasses import dataclass

from childcare_api.access.permissions import ROLE_PERMISSIONS, Permission, Role
from childcare_api.cases.file.models import CaseStatus, StepKind

ALL = frozenset(CaseStatus)
OPEN = ALL - {CaseStatus.CLOSED, CaseStatus.ENTERED_IN_ERROR}
"""The states in which work on a case goes on."""

LEADERS = frozenset({Permission.CASE_DECIDE, Permission.CASE_CLOSE})
"""The permissions of the chair of the commune alone."""


@dataclass(frozen=True, slots=True)
class Guard:
    """One command: the operation that takes it, what it records, in which states, by whom, and by which article.

    `kind` is None for a command that changes a record without a step of its own. `needs` says in words what it asks
    for beyond the state; each of these has a named problem.
    """

    operation: str
    kind: StepKind | None
    states: frozenset[CaseStatus]
    permission: Permission
    article: str
    needs: str = ""

    @property
    def roles(self) -> tuple[Role, ...]:
        """The roles that may give it, in the order of the levels."""
        return tuple(role for role in Role if self.permission in ROLE_PERMISSIONS[role])
