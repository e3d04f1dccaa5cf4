"""When a report is late, and what its status permits. Pure."""

from datetime import date
from typing import Final, Literal

ReportStatus = Literal["draft", "submitted", "returned", "accepted"]
DueStatus = Literal["open", "overdue", "lapsed", "submitted", "returned", "accepted"]
Step = Literal["change", "submit", "return", "accept"]

MAY: Final[dict[Step, frozenset[str]]] = {
    "change": frozenset({"draft", "returned"}),
    "submit": frozenset({"draft", "returned"}),
    "return": frozenset({"submitted"}),
    "accept": frozenset({"submitted"}),
}
"""In which status each step may be taken."""


def is_late(due_before: date | None, day: date) -> bool:
    """Say whether a report of that day is late. "Trước ngày 15/6": the 15th itself is too late."""
    return due_before is not None and day >= due_before


def due_status(status: str | None, due_before: date | None, *, today: date, sender_ended: bool) -> DueStatus:
    """Say how an obligation stands. A sender that ended without reporting owes nothing any more."""
    if status == "submitted":
        return "submitted"
    if status == "returned":
        return "returned"
    if status == "accepted":
        return "accepted"
    if sender_ended:
        return "lapsed"
    return "overdue" if is_late(due_before, today) else "open"
