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


class Named(Protocol):
    """What of two children of one name says that they are two."""

    @property
    def sex(self) -> str:
        """Its sex, or `unknown`."""

    @property
    def born_on(self) -> date | None:
        """Its birthday, as far as it is known."""


def may_be_same(one: Named, other: Named) -> bool:
    """Say whether two children of the same name can be one: neither sex nor year of birth tells them apart."""
    years = {child.born_on.year for child in (one, other) if child.born_on is not None}
    return len({one.sex, other.sex} - {"unknown"}) < 2 and len(years) < 2  # noqa: PLR2004 - two that differ
