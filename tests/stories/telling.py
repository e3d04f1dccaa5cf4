"""How a story is told: reports taken and judged, clocks, acts and events read as the people of an office read them."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx
from tests.cases.stories import INITIAL_ASSESSMENT, File, Report, keyed, tag

VIET_NAM = ZoneInfo("Asia/Ho_Chi_Minh")
SERVICE: dict[str, Any] = {"group": "psychology", "description": "Tham vấn, theo dõi.", "cost_vnd": 2_000_000}


def at(day: str, hour: int = 8, minute: int = 0) -> datetime:
    """Return a moment of a day as the office's clock on the wall shows it."""
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), VIET_NAM).replace(hour=hour, minute=minute)


def plan(starts_on: str, expected_end_on: str, body: str = "Trạm y tế xã", **more: Any) -> dict[str, Any]:
    """Return the body of a plan with one service."""
    service = SERVICE | {"starts_on": starts_on, "expected_end_on": expected_end_on, "responsible_body": body}
    service |= {"needs_provider": False}
    return {"protection_level": "intervention", "objectives": "Trẻ được an toàn.", "services": [service]} | {
        "supervision": "Trưởng thôn theo dõi, cán bộ xã báo cáo hằng tháng.",
        **more,
    }


async def taken(who: httpx.AsyncClient, **report: Any) -> dict[str, Any]:
    """Take a report in, knowing what is known and no more (Mẫu 01)."""
    answer = await who.post("/intakes", json=report, headers=keyed())
    assert answer.status_code == 201, answer.text
    return answer.json()


async def judged(officer: httpx.AsyncClient, report_id: str, **grid: Any) -> Report:
    """Assess the harm and the risk at the start (Mẫu 02)."""
    file = (await officer.get(f"/intakes/{report_id}")).json()
    body = INITIAL_ASSESSMENT | grid
    answer = await officer.post(f"/intakes/{report_id}/assess", json=body, headers=tag(file["row_version"]))
    assert answer.status_code == 200, answer.text
    file = answer.json()
    children = [child["id"] for child in file["children"]]
    return Report(report_id, children, datetime.fromisoformat(file["received_at"]), file["row_version"])


async def opened(officer: httpx.AsyncClient, report: Report, residence: int | None = None, **more: Any) -> File:
    """Open the case of the only child of a report."""
    answer = await report.open(officer, None if residence is None else {"unit_id": residence}, **more)
    assert answer.status_code == 201, answer.text
    (case,) = answer.json()["cases"]
    return File(case["id"])


async def clocks(who: httpx.AsyncClient, subject_id: object, **about: Any) -> dict[str, dict[str, Any]]:
    """Return what the office has to do about something and has not done, by its clock."""
    asked = {"whose": "my_unit", "subject_id": str(subject_id), **about}
    return {task["rule"]: task for task in (await who.get("/tasks", params=asked)).json()["items"]}


def due(task: dict[str, Any]) -> datetime:
    """Return until when, as the office's clock on the wall shows it."""
    return datetime.fromisoformat(task["due_at"]).astimezone(VIET_NAM)


async def acts(who: httpx.AsyncClient, file: File) -> list[str]:
    """Return the acts of a case in the order in which they were written, each of them once."""
    items = (await who.get(f"/cases/{file.case_id}/timeline")).json()["items"]
    assert len({step["id"] for step in items}) == len(items)
    return [step["kind"] for step in items]


async def recorded(inspector: httpx.AsyncClient, record_id: object) -> list[str]:
    """Return what the audit says was done to a record, oldest first, without what was only read."""
    # The audit is written by the database's own clock, which no story moves.
    asked = {
        "record_id": str(record_id),
        "limit": 200,
        "since": "2020-01-01T00:00:00Z",
        "until": "2099-01-01T00:00:00Z",
    }
    answer = await inspector.get("/audit-events", params=asked)
    assert answer.status_code == 200, answer.text
    found = [event["action"] for event in sorted(answer.json()["items"], key=lambda event: int(event["id"]))]
    return [action for action in found if not action.endswith(("_to_read", ".read", ".listed"))]
