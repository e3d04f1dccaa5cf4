"""What the tour's people write: made up, complete where the decree asks for it, and never about anybody."""

from datetime import date, datetime, timedelta
from typing import Any

from childcare_api.shared import clock

MEASURE: dict[str, Any] = {
    "measure": "first_aid",
    "description": "Sơ cứu, băng vết thương, ở cùng cháu qua đêm.",
    "done_by": "Trạm y tế xã Tả Van",
}
ASSESSMENT: dict[str, Any] = {
    "risk_level": "high",
    "child_condition": "Bầm tím ở tay, ngủ không yên, hay giật mình.",
    "family_and_protection": "Mẹ đi làm xa; bà nội thương cháu và bảo vệ được.",
    "risk_factors": "Người gây tổn hại còn ở cùng nhà, uống rượu.",
    "learning_and_self_protection": "Đang học lớp 3; biết chạy sang nhà bà.",
    "community_safety": "Trưởng thôn và hàng xóm sẵn sàng giúp.",
    "needs": [
        {"group": "health", "description": "Khám và theo dõi vết thương."},
        {"group": "psychology", "description": "Tư vấn tâm lý."},
    ],
    "child_was_asked": True,
    "child_wishes": "Cháu muốn ở với bà và được đi học.",
    "carers_wishes": [{"relation": "grandparent", "wishes": "Xin được nuôi hai cháu."}],
}
BARE_SERVICE: dict[str, Any] = {"group": "health", "description": "Khám, điều trị và theo dõi."}
PLAN: dict[str, Any] = {"protection_level": "intervention", "objectives": "Hai cháu an toàn, khỏe, đi học đều."} | {
    "supervision": "Cán bộ xã đến thăm hằng tuần, báo cáo Chủ tịch UBND hằng tháng."
}
REVIEW: dict[str, Any] = {
    "harm_remaining": "low",
    "harm_doer_access": "low",
    "care_obstacles": "low",
    "self_protection": "high",
    "child_state": "Cháu khỏe, vui, đi học đều.",
    "environment_safety": "Ở với bà; người gây tổn hại không còn ở nhà.",
    "risk_remains": False,
    "stable": {"physical": True, "psychological": True, "cognitive": True, "emotional": True},
}
RISKY_REVIEW: dict[str, Any] = REVIEW | {
    "harm_doer_access": "high",
    "environment_safety": "Người gây tổn hại vẫn lui tới.",
    "risk_remains": True,
    "stable": {"physical": True, "psychological": False, "cognitive": True, "emotional": False},
}


def services(starts_on: date | None = None) -> list[dict[str, Any]]:
    """Return two complete services."""
    first = starts_on or clock.today()
    days = {"starts_on": first.isoformat(), "expected_end_on": (first + timedelta(days=60)).isoformat()}
    return [
        BARE_SERVICE
        | days
        | {"responsible_body": "Trạm y tế xã Tả Van", "needs_provider": False, "cost_vnd": 1_500_000},
        {"group": "psychology", "description": "Tư vấn, trị liệu tâm lý."}
        | days
        | {
            "responsible_body": "Phòng Văn hóa - Xã hội",
            "provider": "Trung tâm Công tác xã hội tỉnh Lào Cai",
            "cost_vnd": 3_000_000,
        },
    ]


def meeting(ended_at: datetime) -> dict[str, Any]:
    """Return a meeting with everybody the decree names."""
    return {
        "started_at": ended_at.isoformat(),
        "ended_at": ended_at.isoformat(),
        "place": "UBND xã",
        "attendees": [
            {"role": "chair", "full_name": "Phó Chủ tịch UBND xã"},
            {"role": "officer", "full_name": "Người làm công tác bảo vệ trẻ em"},
            {"role": "neighbourhood_representative", "full_name": "Trưởng thôn"},
            {"role": "carer", "full_name": "Bà nội của cháu"},
        ],
        "minutes": "Đã thống nhất: cháu ở với bà, khám và điều trị, tư vấn tâm lý, đi học lại.",
        "conclusions": "Lập kế hoạch hỗ trợ, can thiệp.",
    }


def decision(number: str, day: date | None = None) -> dict[str, Any]:
    """Return a decision of a day, today if none is named."""
    return {"decision_number": number, "decided_on": (day or clock.today()).isoformat()}
