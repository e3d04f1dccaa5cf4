"""The clocks that run for a case: when they start, what ends them, and what an emergency changes."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.cases.stories import ASSESSMENT, MEASURE, PLAN, REVIEW, RISKY_REVIEW, File, meeting

VIET_NAM = ZoneInfo("Asia/Ho_Chi_Minh")


def at(day: str, hour: int = 9) -> datetime:
    """An hour of a day in Viet Nam."""
    return datetime.fromisoformat(day).replace(hour=hour, tzinfo=VIET_NAM).astimezone(UTC)


def last_moment(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(hour=23, minute=59, second=59, microsecond=999999, tzinfo=VIET_NAM)


@pytest.fixture
def tasks(rows):
    async def read(case_id) -> dict[str, dict]:
        """Return the running tasks of a case by clock."""
        found = await rows(
            "SELECT * FROM tasks WHERE subject_id = $1 AND done_at IS NULL AND cancelled_at IS NULL", case_id
        )
        return {row["rule_code"]: dict(row) for row in found}

    return read


async def opened(assessed_report, officer, **report) -> File:
    made = await assessed_report(**report)
    answer = await made.open(officer)
    assert answer.status_code == 201, answer.text
    return File(answer.json()["cases"][0]["id"])


async def test_the_plan_and_the_decision_have_their_days_across_tet(
    assessed_report, clock, sa_pa_officer, sa_pa_leader, tasks
):
    """A neighbour did the harm, so the ordinary days run: five from the meeting, two from the submission."""
    clock.set(at("2026-02-12"))
    file = await opened(
        assessed_report, sa_pa_officer, emergency=False, relation="neighbour", received_at=at("2026-02-12", 7)
    )
    running = await tasks(file.case_id)
    assert set(running) == {"case.assess"}
    # Three working days of the house from Thursday: Friday the 13th, then the 23rd and 24th.
    assert running["case.assess"]["due_at"] == last_moment("2026-02-24")
    clock.set(at("2026-02-13", 8))
    await file.do(sa_pa_officer, "/assessments", ASSESSMENT)
    running = await tasks(file.case_id)
    assert set(running) == {"case.meet", "plan.submit"}
    assert running["case.meet"]["answers"] == ["commune_officer"]
    clock.set(at("2026-02-13", 16))
    await file.do(sa_pa_officer, "/meetings", meeting(clock.at))
    running = await tasks(file.case_id)
    assert set(running) == {"plan.submit"}
    # Friday before Tết: the 16th to the 20th are days off, so the fifth working day is the 27th.
    assert running["plan.submit"]["due_at"] == last_moment("2026-02-27")
    assert running["plan.submit"]["as_soon_as_possible"] is False
    assert "28.1" in running["plan.submit"]["article"]

    clock.set(at("2026-02-24"))
    plan = await file.do(sa_pa_officer, "/intervention-plans", PLAN)
    await file.do(sa_pa_officer, f"/intervention-plans/{plan['id']}/submit", {})
    running = await tasks(file.case_id)
    assert set(running) == {"plan.decide"}
    assert running["plan.decide"]["due_at"] == last_moment("2026-02-26")
    assert running["plan.decide"]["answers"] == ["commune_leader"]

    clock.set(at("2026-02-25"))
    await file.approve(sa_pa_leader, plan["id"], "2026-02-25")
    running = await tasks(file.case_id)
    assert set(running) == {"plan.review", "decision.send"}
    assert running["plan.review"]["due_at"] == last_moment("2027-01-31")


@pytest.mark.parametrize(
    ("submitted", "due"),
    [
        ("2025-12-31", "2026-01-06"),
        ("2026-04-24", "2026-04-29"),
        ("2026-08-20", "2026-08-22"),
        ("2026-08-28", "2026-09-04"),
    ],
)
async def test_the_leader_has_two_working_days(assessed_report, clock, sa_pa_officer, tasks, submitted, due):
    clock.set(at(submitted))
    file = await opened(
        assessed_report, sa_pa_officer, emergency=False, relation="neighbour", received_at=at(submitted, 7)
    )
    await file.plan_submitted(sa_pa_officer, clock.at)
    assert (await tasks(file.case_id))["plan.decide"]["due_at"] == last_moment(due)


async def test_until_a_meeting_is_held_the_days_run_from_the_assessment(assessed_report, clock, sa_pa_officer, tasks):
    clock.set(at("2026-03-02"))
    file = await opened(
        assessed_report, sa_pa_officer, emergency=False, relation="neighbour", received_at=at("2026-03-02", 7)
    )
    await file.do(sa_pa_officer, "/assessments", ASSESSMENT)
    assert (await tasks(file.case_id))["plan.submit"]["due_at"] == last_moment("2026-03-09")
    clock.set(at("2026-03-04"))
    await file.do(sa_pa_officer, "/meetings", meeting(clock.at))
    assert (await tasks(file.case_id))["plan.submit"]["due_at"] == last_moment("2026-03-11")


async def test_the_days_may_be_set_to_run_from_the_receipt(assessed_report, clock, sa_pa_officer, tasks, database):
    async with database.as_superuser() as connection:
        await connection.execute("UPDATE clock_rules SET start_event = 'received' WHERE code = 'plan.submit'")
    clock.set(at("2026-03-03"))
    file = await opened(
        assessed_report, sa_pa_officer, emergency=False, relation="neighbour", received_at=at("2026-03-02", 7)
    )
    assert (await tasks(file.case_id))["plan.submit"]["due_at"] == last_moment("2026-03-09")


async def test_an_emergency_has_twelve_hours_from_the_call_and_says_as_soon_as_possible_after(
    assessed_report, clock, sa_pa_officer, sa_pa_leader, tasks
):
    clock.set(at("2026-03-02", 12))
    call = at("2026-03-02", 7)
    file = await opened(assessed_report, sa_pa_officer, emergency=True, received_at=call)
    running = await tasks(file.case_id)
    assert set(running) == {"emergency.intervene", "case.assess"}
    assert (running["case.assess"]["as_soon_as_possible"], "31.3" in running["case.assess"]["article"]) == (True, True)
    assert running["emergency.intervene"]["due_at"] == call + timedelta(hours=12)
    assert running["emergency.intervene"]["receipt_at"] == clock.at
    assert "31" in running["emergency.intervene"]["article"]

    await file.do(sa_pa_officer, "/emergency-measures", MEASURE)
    assert set(await tasks(file.case_id)) == {"case.assess"}
    await file.do(sa_pa_officer, "/assessments", ASSESSMENT)
    task = (await tasks(file.case_id))["plan.submit"]
    assert (task["as_soon_as_possible"], task["due_at"]) == (True, last_moment("2026-03-09"))
    await file.do(sa_pa_officer, "/meetings", meeting(clock.at))
    plan = await file.do(sa_pa_officer, "/intervention-plans", PLAN)
    await file.do(sa_pa_officer, f"/intervention-plans/{plan['id']}/submit", {})
    task = (await tasks(file.case_id))["plan.decide"]
    assert (task["as_soon_as_possible"], task["due_at"]) == (True, last_moment("2026-03-04"))


async def test_a_measure_in_error_sets_the_twelve_hours_running_from_the_same_call(
    assessed_report, clock, sa_pa_officer, tasks, rows
):
    call = clock.at - timedelta(hours=1)
    file = await opened(assessed_report, sa_pa_officer, emergency=True, received_at=call)
    measure = await file.do(sa_pa_officer, "/emergency-measures", MEASURE)
    (done,) = await rows(
        "SELECT done_at FROM tasks WHERE subject_id = $1 AND rule_code = 'emergency.intervene'", file.case_id
    )
    assert done["done_at"] == clock.at
    await file.do(sa_pa_officer, f"/emergency-measures/{measure['id']}/entered-in-error", {"reason": "Nhầm trẻ."})
    assert (await tasks(file.case_id))["emergency.intervene"]["due_at"] == call + timedelta(hours=12)


async def test_a_returned_plan_gives_the_officer_the_days_again(
    assessed_report, clock, sa_pa_officer, sa_pa_leader, tasks
):
    clock.set(at("2026-03-02"))
    file = await opened(
        assessed_report, sa_pa_officer, emergency=False, relation="neighbour", received_at=at("2026-03-02", 7)
    )
    plan_id = await file.plan_submitted(sa_pa_officer, clock.at)
    clock.forward(hours=2)
    await file.do(sa_pa_leader, f"/intervention-plans/{plan_id}/return", {"reason": "Thiếu."})
    running = await tasks(file.case_id)
    assert set(running) == {"plan.submit"}
    assert running["plan.submit"]["due_at"] == last_moment("2026-03-09")


async def test_remaining_risk_starts_the_days_of_the_plan_from_the_review(
    assessed_report, clock, sa_pa_officer, sa_pa_leader, tasks
):
    clock.set(at("2026-03-02"))
    file = await opened(
        assessed_report, sa_pa_officer, emergency=False, relation="neighbour", received_at=at("2026-03-02", 7)
    )
    plan_id = await file.plan_submitted(sa_pa_officer, clock.at)
    await file.approve(sa_pa_leader, plan_id, "2026-03-02")
    clock.set(at("2026-04-24"))
    await file.do(sa_pa_officer, "/reviews", RISKY_REVIEW)
    running = await tasks(file.case_id)
    assert set(running) == {"plan.submit"}
    # Saturday, Sunday, the make-up Monday, 30 April and 1 May are off.
    assert running["plan.submit"]["due_at"] == last_moment("2026-05-06")


async def test_no_clock_runs_for_a_closed_case(assessed_report, clock, sa_pa_officer, sa_pa_leader, tasks, rows):
    file = await opened(assessed_report, sa_pa_officer, emergency=False, relation="neighbour")
    plan_id = await file.plan_submitted(sa_pa_officer, clock.at)
    await file.approve(sa_pa_leader, plan_id, clock.at.astimezone(VIET_NAM).date().isoformat())
    await file.tell_everybody(sa_pa_officer)
    await file.do(sa_pa_officer, "/reviews", REVIEW)
    await file.do(sa_pa_leader, "/close", {})
    assert await tasks(file.case_id) == {}
    ended = await rows("SELECT rule_code FROM tasks WHERE subject_id = $1 AND done_at IS NOT NULL", file.case_id)
    done = {"case.assess", "case.meet", "plan.submit", "plan.decide", "plan.review", "case.close", "decision.send"}
    assert {row["rule_code"] for row in ended} == done


async def test_the_tasks_of_a_case_are_listed_for_whoever_answers(
    assessed_report, clock, sa_pa_officer, sa_pa_leader, ta_van_officer
):
    file = await opened(assessed_report, sa_pa_officer, emergency=False, relation="neighbour")
    await file.plan_submitted(sa_pa_officer, clock.at)
    listed = (await sa_pa_leader.get("/tasks", params={"subject_id": str(file.case_id)})).json()["items"]
    assert [task["rule"] for task in listed] == ["plan.decide"]
    assert (await ta_van_officer.get("/tasks", params={"subject_id": str(file.case_id)})).json()["items"] == []
