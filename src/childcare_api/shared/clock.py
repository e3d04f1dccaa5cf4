"""The only place that reads the time, so that a test can move it.

Instants are aware and in UTC; days, ages and "today" are those of Asia/Ho_Chi_Minh.
"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

VIET_NAM = ZoneInfo("Asia/Ho_Chi_Minh")


def now() -> datetime:
    """Return this instant, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Return the day it is in Viet Nam."""
    return day_of(now())


def day_of(instant: datetime) -> date:
    """Return the day in Viet Nam on which an instant falls."""
    return instant.astimezone(VIET_NAM).date()
