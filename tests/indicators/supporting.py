"""Children of Ta Van who are supported in time or not, and the plan that counts them."""

from datetime import UTC, datetime

import pytest
from tests.action_plans.plans import issued_plan
from tests.cases.stories import HANDOVER, MEASURE, File
from tests.people import TA_VAN

from childcare_api.shared import clock as time

CODE = "abused_children_intervened"


@pytest.fixture(autouse=True)
def a_tuesday_in_2026(clock):
    clock.set(datetime(2026, 11, 10, 2, tzinfo=UTC))


@pytest.fixture
async def plan_id(ta_van_officer, ta_van_leader):
    """A plan of Ta Van for 2026 with the target "100 % of abused children supported in time"."""
    plan = await issued_plan(
        ta_van_officer, ta_van_leader, {"code": CODE, "operator": "=", "value": 100, "measure_unit": "%"}
    )
    return plan.json()["id"]


async def share(client, plan_id):
    answer = await client.get(f"/action-plans/{plan_id}/progress")
    assert answer.status_code == 200, answer.text
    return next(item for item in answer.json()["items"] if item["code"] == CODE)


def told(item):
    return item["numerator"], item["denominator"], item["not_yet_due"]


async def opened(report, officer, **more):
    answer = await report.open(officer, {"unit_id": TA_VAN}, handover=HANDOVER, **more)
    assert answer.status_code == 201, answer.text
    return [File(case["id"]) for case in answer.json()["cases"]]


async def supported(file, officer, leader, *, measure=True):
    """Take a case to a service begun, everything in time."""
    if measure:
        await file.do(officer, "/emergency-measures", MEASURE)
    plan = await file.plan_submitted(officer, time.now())
    approved = await file.approve(leader, plan, time.today().isoformat())
    await file.do(
        officer,
        "/services",
        {"plan_service_id": approved["services"][0]["id"], "progress": "begun", "provided_by": "Trạm y tế xã"},
    )
