"""Bodies of alternative care, and the tasks that wait in it."""

from datetime import datetime

from childcare_api.shared import clock as time

PAPERS = [
    {"paper": "child_identity_paper", "reference": "Giấy khai sinh số 41/2018"},
    {"paper": "child_health_certificate", "reference": "112/GKSK", "issued_by": "Trạm Y tế"},
    {"paper": "child_photos", "kept_at": "Hồ sơ giấy, tủ số 2"},
]


NO_PAPERS = {
    "care_needs": "NĐ 56/2017 Điều 38.3.d",
    "child_identity_paper": "NĐ 56/2017 Điều 38.3.a",
    "child_health_certificate": "NĐ 56/2017 Điều 38.3.b",
    "child_photos": "NĐ 56/2017 Điều 38.3.c",
}
"""What a decision on care lacks of a dossier that nobody began, and by which article."""


NEEDS = {
    "ground": "unsafe_or_unable_parents",
    "circumstances": "Cha đánh cháu, mẹ bỏ đi.",
    "parents": {"father": "left", "mother": "left", "reason": "Trưởng thôn xác nhận."},
    "physical_health": "Bình thường.",
    "needs": [{"group": "health", "description": "Theo dõi vết thương."}],
    "child_was_asked": True,
    "child_wishes": "Cháu muốn ở gần trường.",
    "papers": PAPERS,
}


DECISION = {"decision_number": "31/QĐ-UBND", "child_was_asked": True, "child_opinion": "Cháu đồng ý."} | {
    "consent": {"given_by": ["father", "mother"], "given_on": "2026-11-18"}
}


HANDED = {"handed_over_by": "UBND phường Sa Pa", "received_by": "Lù Thị Mẩy"}


VISIT = {"living_conditions": "Nhà sạch.", "health": "Tốt.", "mental": "Vui.", "integration": "Tốt."} | {
    "child_seen": True,
    "carer_harmed_child": False,
    "child_words": "Cháu thích ở đây.",
    "proposal": "continue",
}


TOLD = {"physical": "Khỏe.", "mental": "Vui.", "integration": "Tốt."}


async def due(client) -> dict[str, str]:
    """The running clocks of a child's care: rule and last day in Viet Nam."""
    tasks = (await client.get("/tasks", params={"limit": 200})).json()["items"]
    return {
        one["rule"].removeprefix("placement."): time.day_of(datetime.fromisoformat(one["due_at"])).isoformat()
        for one in tasks
        if one["rule"].startswith("placement.")
    }
