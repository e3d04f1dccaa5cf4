"""Where a child on a facility's list stands: read off what was written of it."""

from datetime import date, datetime
from typing import Literal, Protocol, cast

Status = Literal["received", "sent", "no_carer", "not_eligible", "declined", "placed", "left", "entered_in_error"]


class Listed(Protocol):
    """What a status is read off."""

    @property
    def appraisal(self) -> str | None:
        """What the province found."""

    @property
    def answer(self) -> str | None:
        """What the commune of the carer answered."""

    @property
    def ended_on(self) -> date | None:
        """When the care at the facility ended."""

    @property
    def entered_in_error_at(self) -> datetime | None:
        """When it was marked."""


def status_of(child: Listed) -> Status:
    """Return where a child stands: the decision of the commune and the end of the care there make it leave (45.4)."""
    if child.entered_in_error_at is not None:
        return "entered_in_error"
    if child.answer == "placed":
        return "placed" if child.ended_on is None else "left"
    return cast("Status", child.answer or child.appraisal or "received")


APPRAISABLE: frozenset[Status] = frozenset({"received", "sent", "no_carer", "not_eligible", "declined"})
"""Where the province may appraise: also anew, when a carer was found, was the wrong one, or their commune declined."""
