"""Words that the tests of cases share: bodies that are complete, and a file that is worked on step by step."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
from tests.people import SA_PA, TA_VAN

ASSESSMENT: dict[str, Any] = {
    "risk_level": "high",
    "child_condition": "Bầm tím ở tay, sợ hãi, ngủ không yên.",
    "family_and_protection": "Mẹ đi làm xa, bà nội bảo vệ được một phần.",
    "risk_factors": "Người gây tổn hại ở gần.",
    "learning_and_self_protection": "Đang học lớp 3, biết chạy sang nhà bà.",
    "community_safety": "Trưởng thôn và hàng xóm sẵn sàng giúp.",
    "needs": [{"group": "health", "description": "Khám và theo dõi vết thương."}],
    "child_was_asked": True,
    "child_wishes": "Cháu muốn ở với bà.",
    "carers_wishes": [{"relation": "grandparent", "wishes": "Xin được nuôi cháu."}],
}
SERVICE: dict[str, Any] = {
    "group": "health",
    "description": "Khám, điều trị và theo dõi.",
    "responsible_body": "Trạm y tế xã",
    "needs_provider": False,
    "starts_on": "2026-11-01",
    "expected_end_on": "2027-01-31",
    "cost_vnd": 1_500_000,
}
PLAN: dict[str, Any] = {"protection_level": "intervention", "objectives": "Cháu an toàn.", "services": [SERVICE]} | {
    "supervision": "Cán bộ xã đến thăm hằng tuần, báo cáo Chủ tịch UBND hằng tháng."
}
REVIEW: dict[str, Any] = {
    "harm_remaining": "low",
    "harm_doer_access": "low",
    "care_obstacles": "low",
    "self_protection": "high",
    "child_state": "Cháu khỏe, đi học đều.",
    "environment_safety": "Ở với bà, an toàn.",
    "risk_remains": False,
    "stable": {"physical": True, "psychological": True, "cognitive": True, "emotional": True},
}
RISKY_REVIEW: dict[str, Any] = REVIEW | {
    "harm_doer_access": "high",
    "risk_remains": True,
    "stable": {"physical": True, "psychological": False, "cognitive": True, "emotional": False},
}
MEASURE: dict[str, Any] = {"measure": "safe_place", "description": "Đưa cháu sang nhà bà.", "done_by": "UBND xã"}
HANDOVER: dict[str, Any] = {"body": "police", "body_name": "Công an xã", "subject": "Chuyển tin báo bạo lực."}
PROCEEDING: dict[str, Any] = {
    "matter": "administrative",
    "child_role": "offender",
    "asked": "council_meeting",
    "authority": "Hội đồng tư vấn UBND phường",
}
RELEASE: dict[str, Any] = {
    "institution": "Trường Giáo dưỡng số 2",
    "measure": "reformatory",
    "release_on": "2027-06-30",
}
REFERRAL: dict[str, Any] = {
    "commune_id": TA_VAN,
    "group": "psychology",
    "request": "Tham vấn tâm lý cho trẻ tại nhà bà ngoại.",
    "respond_by": "2099-01-01T00:00:00Z",
    "consent": {"given_by": ["child", "guardian"], "given_on": "2026-11-01"},
}
TRANSFER: dict[str, Any] = {
    "residence": {"unit_id": TA_VAN},
    "address": "Nhà bà ngoại, thôn Tả Van Giáy 1",
    "moved_on": "2026-11-01",
    "reason": "Trẻ về ở hẳn với bà ngoại.",
    "summary": "Cần theo dõi an toàn và tham vấn tâm lý.",
    "consent": {"given_by": ["guardian"], "given_on": "2026-11-01"},
}
STAY: dict[str, Any] = {"kind": "relative", "name": "Vàng Thị Dở", "relation": "grandparent"}


REPORT: dict[str, Any] = {
    "channel": "phone",
    "place": {"unit_id": SA_PA},
    "category": "abused",
    "harm_kinds": ["violence"],
    "children": [
        {"full_name": "Vàng A Pao", "estimated_age": 8, "sex": "male", "condition": "Bầm tím ở tay."},
        {"full_name": "Vàng A Tủa", "estimated_age": 5, "sex": "male"},
    ],
    "narrative": "Cháu bị đánh.",
}
INITIAL_ASSESSMENT: dict[str, Any] = {
    "harm_level": "medium",
    "harm_doer_access": "high",
    "care_obstacles": "medium",
    "self_protection": "low",
    "emergency": True,
    "conclusion": "Cần bảo vệ.",
}


def keyed() -> dict[str, str]:
    """Return the header that a new command is sent with."""
    return {"Idempotency-Key": str(uuid4())}


def meeting(ended_at: datetime, **more: Any) -> dict[str, Any]:
    """Return the body of a meeting that ended then, with everybody the decree names."""
    return {
        "started_at": ended_at.isoformat(),
        "ended_at": ended_at.isoformat(),
        "attendees": [
            {"role": "chair", "full_name": "Giàng Thị Mai"},
            {"role": "officer", "full_name": "Má A Chính"},
            {"role": "neighbourhood_representative", "full_name": "Lý A Sếnh"},
            {"role": "carer", "full_name": "Vàng Thị Dở"},
        ],
        "minutes": "Đã thống nhất các biện pháp.",
        **more,
    }


def separation(decided_on: date, **more: Any) -> dict[str, Any]:
    """Return the body of a decision to separate a child from its father."""
    return {
        "decision_number": "7/QĐ-UBND",
        "decided_on": decided_on.isoformat(),
        "grounds": ["harm_or_risk_by_carer"],
        "separated_from": ["father"],
        "needs_and_safety": "Người cha còn ở trong nhà.",
        "days": 10,
        "stay": STAY,
        **more,
    }


def tag(row_version: int) -> dict[str, str]:
    """Return the header that says which version was seen."""
    return {"If-Match": f'"{row_version}"'}


@dataclass
class Report:
    """A report that was assessed, and the children it names."""

    id: str
    children: list[UUID | str]
    received_at: datetime
    row_version: int

    async def open(
        self, officer: httpx.AsyncClient, residence: dict[str, Any] | None = None, **more: Any
    ) -> httpx.Response:
        """Open the cases of all its children."""
        children = [
            {"intake_child_id": str(child)} | ({} if residence is None else {"residence": residence})
            for child in self.children
        ]
        return await officer.post(
            f"/intakes/{self.id}/open-case", json={"children": children} | more, headers=tag(self.row_version)
        )


class File:
    """A case as somebody works on it: it remembers the version, as a client does."""

    def __init__(self, case_id: UUID | str, row_version: int = 0) -> None:
        self.case_id = case_id
        self.row_version = row_version

    async def post(self, who: httpx.AsyncClient, path: str, body: dict[str, Any]) -> httpx.Response:
        """Send a command with the version last seen, and remember the new one."""
        if not self.row_version:
            await self.refresh(who)
        headers = tag(self.row_version) | keyed()
        answer = await who.post(f"/cases/{self.case_id}{path}", json=body, headers=headers)
        if answer.is_success:
            self.row_version = answer.json()["row_version"]
        return answer

    async def do(self, who: httpx.AsyncClient, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Send a command that has to succeed."""
        answer = await self.post(who, path, body)
        assert answer.is_success, (path, answer.status_code, answer.text)
        return answer.json()

    async def refresh(self, who: httpx.AsyncClient) -> dict[str, Any]:
        """Read the case's head."""
        answer = await who.get(f"/cases/{self.case_id}")
        assert answer.status_code == 200, answer.text
        assert answer.headers["ETag"] == f'"{answer.json()["row_version"]}"'
        self.row_version = answer.json()["row_version"]
        return answer.json()

    async def plan_submitted(self, officer: httpx.AsyncClient, ended_at: datetime, **assessment: Any) -> str:
        """Go from an opened case to a submitted plan; return the plan's id."""
        await self.do(officer, "/assessments", ASSESSMENT | {"happened_at": ended_at.isoformat()} | assessment)
        await self.do(officer, "/meetings", meeting(ended_at))
        plan = await self.do(officer, "/intervention-plans", PLAN)
        await self.do(officer, f"/intervention-plans/{plan['id']}/submit", {})
        return plan["id"]

    async def tell_everybody(self, officer: httpx.AsyncClient) -> None:
        """Send the decision in force to whom it names, and to a parent or carer."""
        for waiting in (await officer.get(f"/cases/{self.case_id}/sendings")).json()["still_to_be_told"]:
            decision_id = waiting.pop("decision_id")
            body = waiting | {"recipient": waiting["recipient"] or "Bà Vàng Thị Dở", "way": "in_person"}
            await self.do(officer, f"/decisions/{decision_id}/sendings", body)

    async def approve(
        self, leader: httpx.AsyncClient, plan_id: str, day: str, number: str = "12/QĐ-UBND"
    ) -> dict[str, Any]:
        """Approve a plan by decision."""
        return await self.do(
            leader, f"/intervention-plans/{plan_id}/approve", {"decision_number": number, "decided_on": day}
        )
