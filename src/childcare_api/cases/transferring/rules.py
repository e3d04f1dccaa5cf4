"""What a commune that gave a case away goes on seeing: pure rules."""

from datetime import date, timedelta
from typing import get_args

from childcare_api.cases.file.grants import LED_BEFORE, OF_CARER, OF_INCIDENT
from childcare_api.cases.file.guards import OTHER_COMMUNE_SEES
from childcare_api.cases.file.models import StepKind
from childcare_api.cases.file.schemas import GrantableKind
from childcare_api.cases.placing.rules import SEEN_BY_CARERS_COMMUNE
from childcare_api.deadlines.limits import limit

GOES_ON_SEEING: dict[str, list[str]] = {
    LED_BEFORE: sorted([*get_args(GrantableKind), StepKind.TRANSFER_OFFERED.value]),
    OF_CARER: sorted(kind.value for kind in SEEN_BY_CARERS_COMMUNE),
    OF_INCIDENT: sorted(kind.value for kind in OTHER_COMMUNE_SEES),
}
"""What is granted to the commune that led: what may be granted of what was there, its offers with it, and as of any
grant no plan, decision or closure; where its carer has the child, what concerns that care (NĐ 56/2017, Điều 42.8,
43.2); and to the commune of the incident its own part as it was, and what is done about separating the child (Điều
32.2). All but the care ends on the day of `reads_until`."""


def reads_until(today: date) -> date:
    """Return the last day on which the commune that led before reads what was there, to answer for its own work.

    The law names no time; NĐ 56/2017, Điều 24.2, has bodies tell each other in secrecy what protecting the child needs.
    """
    return today + timedelta(days=limit("transfer.keeps_reading", today))
