"""How long a separation may last, and what may follow it (NĐ 56/2017, Điều 32.3; TT 14/2020/TT-BLĐTBXH, Điều 14.3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from childcare_api.cases.file.models import CaseStep
from childcare_api.cases.separating.models import CaseCourtAnswer
from childcare_api.deadlines.rules import WorkingCalendar, due
from childcare_api.shared.clock import day_of
from childcare_api.units.labels import labels, supplied_by

PLACED_BY_COURT: Final = "separate_and_place"
"""Of what a court can order that by which a child goes into care (Luật Trẻ em, Điều 52.3)."""

_CALENDAR_DAYS = WorkingCalendar({}, frozenset())


def ends_at(began_at: datetime, days: int) -> datetime:
    """Return the last moment of a separation of so many days; counting begins on the day after it began."""
    return due(_CALENDAR_DAYS, began_at, days, "days").at


def days_in_all(began_at: datetime, until: datetime) -> int:
    """Return for how many days a separation holds altogether."""
    return (day_of(until) - day_of(began_at)).days


def too_long(days: int, longest: int, *, required_by_authority: bool) -> bool:
    """Say whether a separation would pass the 15 days of Điều 32.3 without an authority that requires it."""
    return days > longest and not required_by_authority


def order_on(orders: Iterable[tuple[CaseStep, CaseCourtAnswer]], day: date) -> CaseStep | None:
    """Return the newest of the orders that count, in force on a day, to separate the child and give it into care.

    What changes or ends an order stands on it, and takes its place from its own day on.
    """
    known = [(step, order) for step, order in orders if order.decided_on <= day]
    replaced = {base for step, _ in known for base in step.stands_on}
    for step, order in reversed(known):
        if step.id not in replaced and PLACED_BY_COURT in order.measures and day <= (order.valid_to or day):
            return step
    return None


@dataclass(frozen=True, slots=True)
class Following:
    """One thing that may follow a separation, with its article."""

    what: str
    article: str

    def told(self) -> dict[str, Any]:
        """Return it as the answer for a separation has it."""
        named, by = labels(self.what, "separation_followings"), supplied_by(self.what, "separation_followings")
        return {"what": self.what, **named, "article": self.article, "supplied_by": by}


FOLLOWING = (
    Following("return_to_family", "NĐ 56/2017 Điều 32.3; TT 14/2020/TT-BLĐTBXH Điều 14.3 a"),
    Following("alternative_care", "NĐ 56/2017 Điều 32.4; TT 14/2020/TT-BLĐTBXH Điều 14.3 b"),
    Following("court_request", "Luật Trẻ em Điều 52.3; TT 14/2020/TT-BLĐTBXH Điều 14.3 b"),
)
"""What may follow: the law names these, and people choose."""
