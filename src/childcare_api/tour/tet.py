"""The second demo case: a neighbour did the harm, so the working days run, and they run across Tết 2026."""

from datetime import date, datetime, time
from typing import Any

from childcare_api.tour import bodies
from childcare_api.tour.casework import LEADER, OFFICER, Case
from childcare_api.tour.telling import VIET_NAM, Tour, clock_of, instant, local

CALL = "2026-02-12T07:30"
DAYS = {"plan.submit": date(2026, 2, 27), "plan.decide": date(2026, 2, 26)}
"""Friday 13 February and five working days is 27 February, Tuesday 24 and two is the 26th: Tết lies between."""


def _at(text: str) -> str:
    return datetime.fromisoformat(text).replace(tzinfo=VIET_NAM).isoformat()


def _is_end_of(day: date, due_at: object) -> bool:
    return instant(due_at).astimezone(VIET_NAM) == datetime.combine(day, time.max, VIET_NAM)


async def across_tet(tour: Tour) -> None:
    """Walk the ordinary days of Điều 28.1 and 28.4, written down later as offices do."""
    tour.begin("7. A second case, on the ordinary days, across Tết")
    case = Case(tour, await _opened(tour))
    head = await case.stands("opened")
    tour.check(head["emergency"] is False, "a neighbour's harm is no emergency by itself")
    await case.do(OFFICER, "/assessments", _assessment())
    await case.do(OFFICER, "/meetings", bodies.meeting(datetime.fromisoformat(_at("2026-02-13T16:00"))))
    task = await tour.task(OFFICER, head["id"], "plan.submit")
    tour.check(_is_end_of(DAYS["plan.submit"], task["due_at"]), "five working days from 13/02/2026 end on 27/02/2026")
    tour.check(task["as_soon_as_possible"] is False, "these are the ordinary days")
    tour.tell(OFFICER, "holds the meeting on 13/02/2026", "Tết is left out", clock_of(task))
    drafted = bodies.PLAN | {
        "services": bodies.services(date(2026, 3, 2)),
        "happened_at": _at("2026-02-24T09:00"),
        "protection_level": "support",
    }
    plan = f"/intervention-plans/{(await case.do(OFFICER, '/intervention-plans', drafted))['id']}"
    await case.do(OFFICER, f"{plan}/submit", {"happened_at": _at("2026-02-24T10:00")}, status=200)
    task = await tour.task(LEADER, head["id"], "plan.decide")
    tour.check(_is_end_of(DAYS["plan.decide"], task["due_at"]), "two working days from 24/02/2026 end on 26/02/2026")
    tour.tell(OFFICER, "submits the plan on 24/02/2026", task["title_en"], clock_of(task))
    decided = bodies.decision("08/QĐ-UBND", date(2026, 2, 25)) | {"happened_at": _at("2026-02-25T15:00")}
    approved = await case.do(LEADER, f"{plan}/approve", decided, status=200)
    tour.check(approved["decisions"][0]["decided_on"] == "2026-02-25", "the decision has its day")
    done = {
        "plan_service_id": approved["services"][0]["id"],
        "progress": "done",
        "provided_by": "Trạm y tế xã Tả Van",
        "happened_at": _at("2026-03-03T09:00"),
    }
    await case.do(OFFICER, "/services", done)
    await case.tell_everybody(happened_at=_at("2026-02-26T09:00"))
    await case.do(OFFICER, "/reviews", bodies.REVIEW | {"happened_at": _at("2026-05-04T09:00")})
    closed = await case.do(LEADER, "/close", {"happened_at": _at("2026-05-05T09:00")}, status=200)
    tour.check(closed["status"] == "closed", "the second case is closed, too")
    tour.tell(LEADER, "approves in time, and closes in May", "closed", local(closed["closed_at"]))


def _assessment() -> dict[str, Any]:
    wishes = [{"relation": "mother", "wishes": "Mong cháu được bình an."}]
    return bodies.ASSESSMENT | {"happened_at": _at("2026-02-13T09:00"), "carers_wishes": wishes}


async def _opened(tour: Tour) -> str:
    report = {
        "channel": "in_person",
        "received_at": _at(CALL),
        "place": {"unit_id": tour.facts["ta_van"]},
        "category": "abused",
        "harm_kinds": ["violence"],
        "harm_doers": [{"relation": "neighbour"}],
        "children": [{"full_name": "Lý Thị Xuân", "estimated_age": 11, "sex": "female"}],
        "narrative": "Cháu bị hàng xóm đánh.",
    }
    receipt = await tour.ask(OFFICER, "POST", "/intakes", body=report, status=201)
    tour.tell(OFFICER, "takes a report in, at the office", "recorded", local(receipt["received_at"]))
    judged = dict.fromkeys(("harm_level", "harm_doer_access", "care_obstacles", "self_protection"), "medium") | {
        "emergency": False,
        "conclusion": "Không khẩn cấp; cần kế hoạch hỗ trợ.",
        "happened_at": _at("2026-02-12T14:00"),
    }
    path = f"/intakes/{receipt['id']}"
    assessed = await tour.ask(OFFICER, "POST", f"{path}/assess", body=judged, version=receipt["row_version"])
    opening = {
        "children": [{"intake_child_id": assessed["children"][0]["id"]}],
        "happened_at": _at("2026-02-12T15:00"),
    }
    opened = await tour.ask(
        OFFICER, "POST", f"{path}/open-case", body=opening, version=assessed["row_version"], status=201
    )
    return str(opened["cases"][0]["id"])
