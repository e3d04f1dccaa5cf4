"""How a referral goes on: pure rules."""

from datetime import date, datetime, time, timedelta

from childcare_api.cases.referring.models import ReferralStatus
from childcare_api.deadlines.limits import limit
from childcare_api.shared.clock import VIET_NAM

S = ReferralStatus

NEXT: dict[ReferralStatus, frozenset[ReferralStatus]] = {
    S.ASKED: frozenset({S.ACCEPTED, S.DECLINED, S.WITHDRAWN}),
    S.ACCEPTED: frozenset({S.DONE, S.DECLINED, S.WITHDRAWN}),
    S.DECLINED: frozenset(),
    S.DONE: frozenset(),
    S.WITHDRAWN: frozenset(),
}
"""What follows what. A body that accepted may still find that it cannot."""

CORRECTIONS: dict[ReferralStatus, frozenset[ReferralStatus]] = {
    S.DECLINED: frozenset({S.ACCEPTED}),
    S.DONE: frozenset({S.ACCEPTED}),
}
"""What an officer who writes down the answers of another body may also say: that it is otherwise after all."""


def may_follow(status: ReferralStatus, wanted: ReferralStatus, *, written_down: bool) -> bool:
    """Say whether one state of a referral may follow another; `written_down` by the asking officer for the body."""
    return wanted in NEXT[status] or (written_down and wanted in CORRECTIONS.get(status, frozenset()))


def readable_until(today: date) -> date:
    """Return the last day on which a referral that is done today stays readable to the commune that did it.

    Our own reading of an exchange that serves protecting the child (NĐ 56/2017, Điều 24.2), which names no time.
    """
    return today + timedelta(days=limit("referral.keeps_reading", today))


def done_by(respond_by: datetime, needed_by: datetime | None, expected_end_on: date | None) -> datetime:
    """Return when a service that was asked for should be done: as stated, as the plan expects, or by the house.

    Unless an earlier moment was stated, it is not asked after before the body had to answer at all.
    """
    if needed_by is not None:
        return needed_by
    if expected_end_on is not None:
        return max(respond_by, datetime.combine(expected_end_on, time(12), VIET_NAM))
    return respond_by + timedelta(days=limit("referral.done_within", respond_by.astimezone(VIET_NAM).date()))
