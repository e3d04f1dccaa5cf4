"""Who may do what in alternative care, when, and by which article: its rows of the table in `file/guards.py`."""

from childcare_api.access.permissions import Permission
from childcare_api.cases.file.commands import OPEN, Guard
from childcare_api.cases.file.models import CaseStatus, StepKind

_IN_CARE = OPEN | {CaseStatus.CLOSED}
"""A child is in care also when the case about it is closed."""

K, P = StepKind, Permission

IN_CARE: tuple[Guard, ...] = (
    Guard(
        "record_care_needs",
        K.CARE_NEEDS,
        OPEN,
        P.CASE_WORK,
        "NĐ 56/2017 Điều 38.3 d; TT 14/2020/TT-BLĐTBXH Điều 4, 5",
        "from 7 years on what the child wishes, or why it was not asked; who is left of the parents, with the reason",
    ),
    Guard(
        "record_care_papers",
        K.CARE_PAPERS,
        _IN_CARE,
        P.CASE_WORK,
        "NĐ 56/2017 Điều 38.3, 38.4; TT 14/2020/TT-BLĐTBXH Điều 4.3",
        "of each paper its number, or who has seen it and where it is kept",
    ),
    Guard(
        "record_family_notice",
        K.FAMILY_NOTICE,
        OPEN,
        P.CASE_WORK,
        "TT 14/2020/TT-BLĐTBXH Điều 4.2 e, 10.1 a2",
        "when and where it was posted, or why none is",
    ),
    Guard(
        "request_placement",
        K.PLACEMENT_REQUESTED,
        OPEN,
        P.CASE_WORK,
        "NĐ 56/2017 Điều 42.5, 42.8",
        "another commune; a carer that its list shows, if one is named, and who was not"
        " found to harm a child, or was verified anew since",
    ),
    Guard(
        "decline_placement",
        K.PLACEMENT_DECLINED,
        _IN_CARE,
        P.CASE_DECIDE,
        "NĐ 56/2017 Điều 42.8",
        "to be the commune that was asked, and not to have answered",
    ),
    Guard(
        "withdraw_placement_request",
        K.PLACEMENT_WITHDRAWN,
        _IN_CARE,
        P.CASE_WORK,
        "NĐ 56/2017 Điều 42.5, 42.8",
        "to lead the case, and no answer yet; the reason",
    ),
    Guard(
        "place_child",
        K.PLACEMENT,
        OPEN,
        P.CASE_DECIDE,
        "NĐ 56/2017 Điều 32.4, 42.7, 45.4; Luật Trẻ em Điều 63, 66, 67; TT 14/2020/TT-BLĐTBXH Điều 5, 8",
        "a child that lives, its needs and the papers of its dossier, its opinion from 7 years on, the written"
        " consent of the guardian (62.1) or of each parent who is left, or why none is needed; for a child of 62.2 that"
        " consent or the"
        " court's order (66.4); a carer who meets the law, an adult relative or somebody 20 years older, and none"
        " found to harm a child and not verified anew since; the written"
        " agreement of a facility that it leaves; in a separation, and of a child found abandoned or without"
        " parents, at once only that the carer was not found unsafe, and what is lacking is told; the carer's commune"
        " decides",
    ),
    Guard(
        "hand_child_over",
        K.PLACEMENT_HANDOVER,
        _IN_CARE,
        P.CASE_WORK,
        "NĐ 56/2017 Điều 42.7, 45.4; TT 14/2020/TT-BLĐTBXH Điều 10.4 c, 11.2",
        "a placement with a carer of this commune; two meetings on days before; no facility that still has the child,"
        " nor one whose list it stood on and that has not ended the care; of a child given away at once none of these",
    ),
    Guard(
        "record_placement_visit",
        K.PLACEMENT_VISIT,
        _IN_CARE,
        P.CASE_WORK,
        "NĐ 56/2017 Điều 43.2; TT 14/2020/TT-BLĐTBXH Điều 13; Luật Trẻ em Điều 69.2",
        "a placement in force that this commune keeps; no proposal that leaves the child with a carer who harmed it",
    ),
    Guard(
        "record_carer_report",
        K.CARER_REPORT,
        _IN_CARE,
        P.CASE_WORK,
        "Luật Trẻ em Điều 64.1 b",
        "a placement in force that this commune keeps",
    ),
    Guard(
        "request_placement_end",
        K.PLACEMENT_END_REQUESTED,
        _IN_CARE,
        P.CASE_WORK,
        "NĐ 56/2017 Điều 48.1; Luật Trẻ em Điều 69.1 c, d, 69.3",
        "a placement in force that this commune keeps",
    ),
    Guard(
        "end_placement",
        K.PLACEMENT_ENDED,
        _IN_CARE,
        P.CASE_DECIDE,
        "NĐ 56/2017 Điều 32.3, 48.2, 48.3; Luật Trẻ em Điều 69",
        "a placement in force that this commune keeps; the decision; the ground `carer_harmed_child` where a visit says"
        " so; home to its family only once its separation was cancelled, and over no court's order",
    ),
)
"""The commands of alternative care, in the order of the decree."""

EVENTS_IN_CARE: dict[StepKind, str] = {
    StepKind.CARE_NEEDS: "case.care_needs_recorded",
    StepKind.CARE_PAPERS: "case.care_papers_recorded",
    StepKind.FAMILY_NOTICE: "case.family_notice_recorded",
    StepKind.PLACEMENT_REQUESTED: "case.placement_requested",
    StepKind.PLACEMENT_DECLINED: "case.placement_declined",
    StepKind.PLACEMENT_WITHDRAWN: "case.placement_request_withdrawn",
    StepKind.PLACEMENT: "case.placed",
    StepKind.PLACEMENT_HANDOVER: "case.child_handed_over",
    StepKind.PLACEMENT_VISIT: "case.placement_visited",
    StepKind.CARER_REPORT: "case.carer_reported",
    StepKind.PLACEMENT_END_REQUESTED: "case.placement_end_requested",
    StepKind.PLACEMENT_ENDED: "case.placement_ended",
}
"""What each of its steps is called in the audit and in the outbox."""
