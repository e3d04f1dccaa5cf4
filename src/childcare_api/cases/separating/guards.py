"""Who may do what in a separation and before the court: its rows of the table in `file/guards.py`."""

from childcare_api.access.permissions import Permission
from childcare_api.cases.file.commands import ALL, OPEN, Guard
from childcare_api.cases.file.models import CaseStatus, StepKind

_EXISTS = ALL - {CaseStatus.ENTERED_IN_ERROR}
NO_BY_THE_COURT = (StepKind.COURT_REFUSED, StepKind.COURT_WITHDRAWN)
"""What leaves a request to the court as if it had not been made."""

K, P = StepKind, Permission

IN_SEPARATION: tuple[Guard, ...] = (
    Guard(
        "decide_separation",
        K.SEPARATION,
        OPEN,
        P.CASE_DECIDE,
        "NĐ 56/2017 Điều 32.1, 32.2, 32.4",
        "no other separation in force, 15 days at most, a safe place to stay; either commune's leader",
    ),
    Guard(
        "extend_separation",
        K.SEPARATION_EXTENDED,
        OPEN,
        P.CASE_DECIDE,
        "NĐ 56/2017 Điều 32.3",
        "the separation in force; beyond 15 days in all, the paper of an authority that requires it",
    ),
    Guard(
        "cancel_separation",
        K.SEPARATION_CANCELLED,
        OPEN,
        P.CASE_DECIDE,
        "NĐ 56/2017 Điều 32.3",
        "the separation in force, an assessment since that finds the carers safe, no court's order against it",
    ),
    Guard("request_court", K.COURT_REQUEST, OPEN, P.CASE_DECIDE, "Luật Trẻ em Điều 52.3"),
    Guard(
        "record_court_order",
        K.COURT_GRANTED,
        _EXISTS,
        P.CASE_WORK,
        "Luật Trẻ em Điều 52.3, 66.4; TT 14/2020/TT-BLĐTBXH Điều 14.3 b",
        "a request to the court that nobody answered, or its order on one that it changes or ends (`changes_order`)",
    ),
    Guard(
        "record_court_refusal",
        K.COURT_REFUSED,
        _EXISTS,
        P.CASE_WORK,
        "Luật Trẻ em Điều 52.3",
        "a request to the court that nobody answered; the reason",
    ),
    Guard(
        "withdraw_court_request",
        K.COURT_WITHDRAWN,
        _EXISTS,
        P.CASE_DECIDE,
        "– (không quy định bước này)",
        "a request to the court that nobody answered; the reason",
    ),
)
"""In the order of the decree."""
