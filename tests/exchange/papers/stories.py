"""A case with everything in it that papers are printed from."""

from datetime import timedelta
from typing import Any

from tests.cases.stories import (
    ASSESSMENT,
    HANDOVER,
    INITIAL_ASSESSMENT,
    MEASURE,
    REPORT,
    REVIEW,
    File,
    keyed,
    meeting,
    separation,
    tag,
)
from tests.people import TA_VAN

from childcare_api.shared.clock import VIET_NAM

STORY = {
    "narrative": "Hàng xóm nghe cháu khóc nhiều đêm liền. Sáng nay cháu chạy sang nhà bà, tay bầm tím, không dám về.",
    "presumed_consequences": "Cháu có thể bị đánh nặng hơn, bỏ học.",
    "father": {"full_name": "Vàng A Chứ", "age": 34, "occupation": "Làm nương"},
    "mother": {"age": 31},
    "family_circumstances": "Hộ nghèo, mẹ đi làm thuê xa nhà.",
    "place": {"unit_id": TA_VAN},
}
SEPARATION = "01a1f000-0000-7000-8000-000000000007"
REPORTER = {"full_name": "Nguoibao Kinkin", "phone": "0912000111", "address": "Thôn Kín Đáo"}
SERVICES = [
    {
        "group": "health",
        "description": "Khám, điều trị vết thương và theo dõi sức khỏe hằng tháng.",
        "responsible_body": "Trạm Y tế xã Tả Van",
        "provider": "Bệnh viện Đa khoa khu vực Sa Pa",
        "starts_on": "2026-02-06",
        "expected_end_on": "2026-05-29",
        "cost_vnd": 1_500_000,
    },
    {
        "group": "psychology",
        "description": "Tư vấn, trị liệu tâm lý 8 buổi.",
        "responsible_body": "Hội Liên hiệp Phụ nữ xã",
        "needs_provider": False,
        "starts_on": "2026-02-09",
        "expected_end_on": "2026-04-10",
        "cost_vnd": 12_000_000,
    },
]


async def told_case(clock: Any, officer: Any) -> File:
    """Take a report in Tả Van on 5 February 2026, and lead the case through plan, decision, service and review."""
    report = (
        REPORT | STORY | {"reporter": REPORTER, "harm_doers": [{"relation": "father", "full_name": "Kegaytonhai Kin"}]}
    )
    received = clock.at
    taken = await officer.post("/intakes", json=report | {"received_at": received.isoformat()}, headers=keyed())
    assert taken.status_code == 201, taken.text
    clock.forward(hours=1)
    measure = {"kind": "safe_place", "description": "Đưa cháu sang nhà bà nội.", "responsible": "Công an xã"}
    judged = INITIAL_ASSESSMENT | {"safety_measures": [measure]}
    address = f"/intakes/{taken.json()['id']}"
    assessed = await officer.post(f"{address}/assess", json=judged, headers=tag(taken.json()["row_version"]))
    assert assessed.status_code == 200, assessed.text
    child = assessed.json()["children"][0]["id"]
    body = {"children": [{"intake_child_id": child}]}
    opened = await officer.post(f"{address}/open-case", json=body, headers=tag(assessed.json()["row_version"]))
    assert opened.status_code == 201, opened.text
    file = File(opened.json()["cases"][0]["id"])
    party = {"role": "alleged_harm_doer", "relation": "father", "full_name": "Kegaytonhai Kin"}
    await file.do(officer, "/parties", party)
    await file.do(officer, "/emergency-measures", MEASURE)
    await file.do(officer, "/handovers", HANDOVER)
    clock.forward(days=1)
    return file


async def decided_case(clock: Any, officer: Any, leader: Any) -> tuple[File, dict[str, Any]]:
    """Go on to the decision; return the file and the approved plan."""
    file = await told_case(clock, officer)
    day = clock.at.astimezone(VIET_NAM).date()
    await file.do(leader, "/separations", separation(day, id=SEPARATION))
    await file.do(officer, "/assessments", ASSESSMENT)
    clock.forward(hours=2)
    held = meeting(clock.at, place="Trụ sở UBND xã Tả Van", conclusions="Giao bà nội chăm sóc cháu.")
    await file.do(officer, "/meetings", held)
    plan = {"protection_level": "intervention", "objectives": "Cháu an toàn, đi học đều.", "services": SERVICES}
    drafted = await file.do(officer, "/intervention-plans", plan)
    clock.forward(hours=1)
    await file.do(officer, f"/intervention-plans/{drafted['id']}/submit", {})
    clock.forward(days=1)
    day = (clock.at + timedelta(hours=7)).date().isoformat()
    return file, await file.approve(leader, drafted["id"], day, "07/QĐ-UBND")


async def reviewed_case(clock: Any, officer: Any, leader: Any) -> File:
    """Go on to a review that finds the child safe, and close."""
    file, plan = await decided_case(clock, officer, leader)
    clock.forward(days=20)
    service = {"plan_service_id": plan["services"][0]["id"], "progress": "begun", "provided_by": "Trạm Y tế xã"}
    await file.do(officer, "/services", service)
    await file.do(officer, "/progress-notes", {"note": "Cháu đã đi học lại."})
    safe = await file.do(officer, "/assessments", ASSESSMENT | {"risk_level": "low", "carers_ensure_safety": True})
    cancelled = {
        "decision_number": "9/QĐ-UBND",
        "decided_on": clock.at.astimezone(VIET_NAM).date().isoformat(),
        "assessment_id": safe["id"],
        "returned_to": "grandparent",
        "reason": "Đã bảo đảm an toàn.",
    }
    await file.do(leader, f"/separations/{SEPARATION}/cancel", cancelled)
    clock.forward(days=90)
    people = [{"role": "health", "full_name": "Lù Thị Hoa", "body_name": "Trạm Y tế xã"}]
    await file.do(officer, "/reviews", REVIEW | {"participants": people, "recovery": "Cháu tự tin hơn."})
    await file.tell_everybody(officer)
    await file.do(leader, "/close", {"note": "Cháu đã ổn định."})
    return file
