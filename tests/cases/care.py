"""Bodies of alternative care, and the tasks that wait in it."""

from datetime import datetime

from childcare_api.shared import clock as time

NEEDS = {
    "ground": "unsafe_or_unable_parents",
    "circumstances": "Cha đánh cháu, mẹ bỏ đi.",
    "physical_health": "Bình thường.",
    "needs": [{"group": "welfare", "description": "Nơi ở ổn định."}],
    "child_was_asked": True,
    "child_wishes": "Cháu muốn ở gần trường.",
}


DECISION = {"decision_number": "31/QĐ-UBND", "child_was_asked": True, "child_opinion": "Cháu đồng ý."} | {
    "consent": {"given_by": ["mother"], "given_on": "2026-11-18"}
}


HANDED = {"handed_over_by": "UBND phường Sa Pa", "received_by": "Lù Thị Mẩy"}


VISIT = {"living_conditions": "Nhà sạch.", "health": "Tốt.", "mental": "Vui.", "integration": "Tốt."} | {
    "child_seen": True,
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
