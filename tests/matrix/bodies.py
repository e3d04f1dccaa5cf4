"""Bodies for commands whose validators ask for more than their schemas say."""

from datetime import UTC, date, datetime
from uuid import uuid4

from tests.alternative_care.carers import CARER, VERIFICATION
from tests.cases import care, stories
from tests.people import PEOPLE, SA_PA, TA_VAN

from childcare_api.cases.overseeing.rules import half_of
from childcare_api.cases.overseeing.yearly.rules import year_of
from childcare_api.shared import clock

EVIDENCE = {"kind": "report", "number": "125/BC-UBND", "issued_on": "2026-11-20", "issuer": "UBND phường"}


# What validators ask for beyond the schema.
BODIES = {
    "receive_intake": stories.REPORT,
    "refer_report": {"external_ref": "1", "received_at": "2026-11-20T00:00:00Z", "narrative": "Bị đánh."},
    "assess_intake": stories.INITIAL_ASSESSMENT,
    "record_assessment": stories.ASSESSMENT,
    "draft_plan": stories.PLAN,
    "record_review": stories.REVIEW,
    "record_emergency_measure": stories.MEASURE,
    "record_handover": stories.HANDOVER,
    "decide_separation": stories.separation(date(2026, 11, 20)),
    "record_court_order": {"decision_number": "1", "decided_on": "2026-11-20", "measures": ["restrict_rights"]},
    "send_decision": {"recipient_kind": "parent_or_carer", "recipient": "Vàng Thị Dở", "way": "in_person"},
    "record_plan_refusal": {"refused_by": ["father"], "whole": True, "explained": "Điều 29.3."},
    "record_meeting": stories.meeting(datetime(2026, 11, 20, tzinfo=UTC)),
    "create_assignment": {"role": "commune_officer", "unit_id": SA_PA, "valid_from": "2026-01-01"},
    "add_member": {"full_name": "Giàng A Lử", "relation": "father"},
    "add_identifier": {"kind": "school", "value": "12-2018"},
    "add_circumstance": {"group": "disability", "from_on": "2026-01-01"},
    "register_case_child": {"child": {"full_name": "Giàng A Sà", "born_on": "2018-05-12"}},
    "record_measurement": {"measured_on": "2026-11-20", "value": 9, "evidence": EVIDENCE},
    "restrict_provider": {
        "kind": "suspended",
        "whole": True,
        "ground": "funds_misused",
        "decision_number": "1",
        "issuer": "UBND",
        "decided_on": "2026-11-20",
        "from_on": "2026-11-20",
    },
    # An inspector reads no case, so keeping one from it changes nothing for the others.
    "exclude_person_from_case": {"user_id": str(PEOPLE["sa_pa_inspector"].id), "reason": "Là người thân."},
    "exclude_person_from_intake": {"user_id": str(PEOPLE["sa_pa_inspector"].id), "reason": "Là người thân."},
    "break_glass": {"identifier": {"kind": "passport", "value": "C0000000"}},
    "register_carer": CARER,
    "verify_carer": VERIFICATION,
    "record_care_needs": care.NEEDS,
    "record_care_papers": {"papers": care.PAPERS},
    "record_family_notice": {"not_posted_reason": "Bà ngoại nhận ra cháu."},
    "send_care_report": dict(zip(("year", "half"), half_of(clock.today()), strict=True)),
    "send_province_care_report": {"year": year_of(clock.today()), "words": "Đã thực hiện."},
    "appraise_facility_child": {"result": "no_carer", "reason": "Chưa tìm được."},
    "place_child": {"carer_id": str(uuid4()), "decision_number": "1", "decided_on": "2026-11-20"},
    "request_placement_end": {"asked_by": "carer", "ground": "carer_asked", "reason": "Ốm."},
    "end_placement": {"ground": "carer_asked", "decision_number": "1", "ended_on": "2026-11-20"}
    | {"goes_to": "other_carer"},
    "register_child": {"full_name": "Giàng A Sà", "sex": "male", "born_on": "2018-05-12"},
    "ask_referral": stories.REFERRAL,
    "offer_case_transfer": stories.TRANSFER,
    "move_child": {"residence": {"unit_id": TA_VAN}, "moved_on": "2026-11-01"},
}
