"""Words that the tests of carers share."""

from typing import Any

import httpx
from tests.cases.stories import tag

from childcare_api.alternative_care.rules import CONDITIONS

CARER: dict[str, Any] = {
    "kind": "family",
    "full_name": "Lù Thị Mẩy",
    "sex": "female",
    "born_on": "1985-04-02",
    "applied_on": "2026-10-05",
    "commitment": True,
    "health_certificate_on": "2026-09-01",
    "health_certificate_issuer": "Trạm y tế phường Sa Pa",
    "counselled_on": "2026-10-10",
    "counselled_by": "Trung tâm Công tác xã hội tỉnh Lào Cai",
    "child_count": 2,
    "members": [{"full_name": "Giàng A Chư", "relation": "chồng", "born_year": 1983}],
}
VERIFICATION: dict[str, Any] = {
    "verified_on": "2026-10-20",
    "conditions": [{"condition": condition, "met": "yes"} for condition in CONDITIONS],
    "suitability": "Hợp với trẻ đang học tiểu học.",
    "result": "meets",
}


async def registered(officer: httpx.AsyncClient, **more: Any) -> dict[str, Any]:
    """Take an application."""
    answer = await officer.post("/carers", json=CARER | more)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def listed(officer: httpx.AsyncClient, leader: httpx.AsyncClient, **more: Any) -> dict[str, Any]:
    """Bring a carer onto the commune's list."""
    carer = await registered(officer, **more)
    verified = await officer.post(
        f"/carers/{carer['id']}/verifications", json=VERIFICATION, headers=tag(carer["row_version"])
    )
    assert verified.status_code == 201, verified.text
    approved = await leader.post(f"/carers/{carer['id']}/approve", headers=tag(verified.json()["row_version"]))
    assert approved.status_code == 200, approved.text
    return approved.json()


async def list_sent(officer: httpx.AsyncClient, **more: Any) -> dict[str, Any]:
    """Send the commune's list of the quarter."""
    body = {"year": 2026, "quarter": 4, "sent_on": "2026-11-20", "sent_to": "Sở Y tế tỉnh Lào Cai, " * 12}
    answer = await officer.post("/carer-lists", json=body | more)
    assert answer.status_code == 201, answer.text
    return answer.json()
