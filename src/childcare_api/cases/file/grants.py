"""Why another commune sees part of a case where no leader wrote the reason: the grants that the procedure itself gives.

The functions of the database judge by the same words (migrations 0014 to 0016).
"""

from typing import Final

OF_INCIDENT: Final = "commune_of_incident"
"""The commune of the incident keeps its own part of a case that another commune leads (Điều 32.2)."""

OF_CARER: Final = "commune_of_carer"
"""The commune of a carer sees what the child's care needs it to see (Điều 42.5, 42.8)."""

LED_BEFORE: Final = "led_before"
"""The commune that gave the case away goes on reading what was there."""

OF_REFERRAL: Final = "referral"
"""The commune that was asked for a service sees what was sent with the question."""

OF_THE_PROCEDURE: Final = frozenset({OF_INCIDENT, OF_CARER, LED_BEFORE, OF_REFERRAL})
"""No leader may write one of these for a reason: with it the other commune could act as the procedure lets it."""
