"""What a commune that gave a case away goes on seeing: pure rules."""

from datetime import date, timedelta
from typing import get_args

from childcare_api.cases.file.schemas import GrantableKind

KEEPS_READING = timedelta(days=365)
"""How long the commune that led before reads what was there when it gave the case away, to answer for its own work. The
law names no time; Luật Trẻ em, Điều 100.1 c, lets bodies know what protecting the child needs."""

OLD_LEADER_SEES: list[str] = sorted(get_args(GrantableKind))
"""Every kind of step that can be granted: it made them."""


def reads_until(today: date) -> date:
    """Return the last day on which the commune that led before reads the case."""
    return today + KEEPS_READING
