"""Separating a child for a time: by whom, how long, what ends it, and what the clocks say (NĐ 56/2017, Điều 32)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.answers import code_of
from tests.cases.stories import ASSESSMENT, RISKY_REVIEW, File, separation, tag
from tests.people import SA_PA, TA_VAN

from childcare_api.cases.separating.rules import days_in_all, ends_at
from childcare_api.children.rules import years_before
from childcare_api.shared import clock as time

VIET_NAM = ZoneInfo("Asia/Ho_Chi_Minh")
SAFE = ASSESSMENT | {"risk_level": "low", "carers_ensure_safety": True}
COURT = {
    "court": "Tòa án nhân dân khu vực 1",
    "request_number": "3/TTr-UBND",
    "measures": ["separate_and_place"],
    "grounds": ["harm_may_continue"],
    "reason": "Sau 15 ngày người cha vẫn đe dọa cháu.",
}


@pytest.fixture
def tasks(rows):
    async def read(case_id) -> dict[str, dict]:
        found = await rows(
            "SELECT * FROM tasks WHERE subject_id = $1 AND done_at IS NULL AND cancelled_at IS NULL", case_id
        )
        return {row["rule_code"]: dict(row) for row in found}

    return read


async def emergency(assessed_report, officer, received_at, residence=None) -> File:
    report = await assessed_report(received_at=received_at)
    return File((await report.open(officer, residence)).json()["cases"][0]["id"])


async def test_a_separation_meets_the_twelve_hours_and_runs_to_day_fifteen_across_tet(
    assessed_report, clock, sa_pa_officer, sa_pa_leader, lao_cai_province_leader, tasks, events
):
    clock.set(datetime(2026, 2, 10, 8, tzinfo=VIET_NAM))
    call = clock.at - timedelta(hours=2)
    file = await emergency(assessed_report, sa_pa_officer, call)
    assert set(await tasks(file.case_id)) == {"emergency.intervene", "case.assess"}
    clock.forward(hours=1)
    made = await file.do(sa_pa_leader, "/separations", separation(time.today()))
    assert (made["running"], made["days_in_all"], made["decided_in_time"]) == (True, 10, True)
    assert made["decide_by"] == (call + timedelta(hours=12)).isoformat().replace("+00:00", "Z")
    assert [one["what"] for one in made["may_follow"]] == ["return_to_family", "alternative_care", "court_request"]
    running = await tasks(file.case_id)
    assert set(running) == {"separation.end", "separation.place", "case.assess"}
    assert running["separation.place"]["due_at"] == call + timedelta(hours=12)
    assert running["separation.place"]["as_soon_as_possible"]
    # Ten days of the calendar, Tết or not.
    assert running["separation.end"]["due_at"].astimezone(VIET_NAM).date().isoformat() == "2026-02-20"

    twice = await file.post(sa_pa_leader, "/separations", separation(time.today()))
    assert (twice.status_code, code_of(twice)) == (409, "separation_runs")
    more = {"decision_number": "9/QĐ-UBND", "decided_on": time.today().isoformat(), "reason": "Chưa an toàn."}
    too_long = await file.post(sa_pa_leader, f"/separations/{made['id']}/extend", more | {"days": 6})
    assert (too_long.status_code, code_of(too_long)) == (409, "separation_too_long")
    assert (too_long.json()["days"], too_long.json()["longest"]) == (16, 15)
    longer = await file.do(sa_pa_leader, f"/separations/{made['id']}/extend", more | {"days": 5})
    assert (longer["days_in_all"], longer["ends_at"][:10]) == (15, "2026-02-25")
    head = await file.refresh(sa_pa_officer)
    assert (head["separation_id"], head["separation_ends_at"]) == (made["id"], longer["ends_at"])

    due = (await tasks(file.case_id))["separation.end"]
    assert (due["length"], due["due_at"] - due["escalate_at"]) == (15, timedelta(hours=72))
    clock.set(due["escalate_at"] + timedelta(minutes=1))
    escalated = (await lao_cai_province_leader.get("/tasks?status=escalated")).json()["items"]
    assert "separation.end" in [task["rule"] for task in escalated]

    paper = {"issuer": "Công an tỉnh Lào Cai", "number": "88/CV", "issued_on": "2026-02-20"}
    required = await file.do(
        sa_pa_leader, f"/separations/{made['id']}/extend", more | {"days": 20, "required_by": paper}
    )
    assert required["days_in_all"] == 35
    assert required["changes"][-1]["authority_number"] == "88/CV"
    assert len(await events("case.separation_extended")) == 2


@pytest.mark.parametrize(("hours", "in_time"), [(None, None), (0, True), (12, True), (13, False)])
async def test_information_that_came_as_the_leader_decided_was_answered_in_time(
    case_id, clock, sa_pa_leader, tasks, hours, in_time
):
    """Only where nobody knows when it came is nothing concluded."""
    clock.forward(hours=14)
    informed_at = clock.at - timedelta(hours=hours or 0)
    told = {} if hours is None else {"informed_at": informed_at.isoformat()}
    made = await File(case_id).do(
        sa_pa_leader, "/separations", separation(time.today(), happened_at=clock.at.isoformat(), **told)
    )
    assert (made["decided_in_time"], made["informed_at"] is None) == (in_time, hours is None)
    assert (await tasks(case_id))["separation.place"]["starts_at"] == informed_at


async def ends_of(rows, case_id) -> dict[str, str | None]:
    """Return why each clock of a separation stopped; nothing where it was met."""
    found = await rows(
        "SELECT rule_code, cancel_reason FROM tasks WHERE subject_id = $1 AND rule_code LIKE 'separation.%'"
        " AND num_nonnulls(done_at, cancelled_at) = 1 ORDER BY created_at",
        case_id,
    )
    return {row["rule_code"]: row["cancel_reason"] for row in found}


async def test_only_an_assessment_since_that_finds_the_carers_safe_cancels_it(
    assessed_report, clock, sa_pa_officer, sa_pa_leader, tasks, rows
):
    file = await emergency(assessed_report, sa_pa_officer, clock.at - timedelta(hours=1))
    before = await file.do(sa_pa_officer, "/assessments", SAFE)
    clock.forward(hours=1)
    made = await file.do(sa_pa_leader, "/separations", separation(time.today()))
    clock.forward(hours=1)
    path, body = f"/separations/{made['id']}/cancel", {
        "decision_number": "10/QĐ-UBND", "decided_on": time.today().isoformat(), "returned_to": "mother", "reason": "x",
    }  # fmt: skip
    risky = await file.do(sa_pa_officer, "/assessments", ASSESSMENT)
    for assessment in (before, risky):
        refused = await file.post(sa_pa_leader, path, body | {"assessment_id": assessment["id"]})
        assert (refused.status_code, code_of(refused)) == (409, "not_found_safe")
    safe = await file.do(sa_pa_officer, "/assessments", SAFE)
    cancelled_at = clock.at
    clock.forward(hours=2)
    late = {"assessment_id": safe["id"], "happened_at": cancelled_at.isoformat()}
    ended = await file.do(sa_pa_leader, path, body | late)
    assert (ended["running"], ended["changes"][0]["returned_to"]) == (False, "mother")
    stopped = "SELECT cancelled_at FROM tasks WHERE subject_id = $1 AND rule_code = 'separation.place'"
    assert [one["cancelled_at"] for one in await rows(stopped, file.case_id)] == [cancelled_at], "when it happened"
    assert not {"separation.end", "separation.place"} & set(await tasks(file.case_id))
    assert await ends_of(rows, file.case_id) == {"separation.end": None, "separation.place": "no_longer_due"}
    again = await file.post(sa_pa_leader, path, body | {"assessment_id": safe["id"]})
    assert (again.status_code, code_of(again)) == (409, "no_separation_runs")

    # The assessment was of another child: the cancellation falls with it, and the separation runs again.
    await file.do(sa_pa_officer, f"/assessments/{safe['id']}/entered-in-error", {"reason": "Nhầm trẻ."})
    assert (await file.refresh(sa_pa_officer))["separation_id"] == made["id"]
    assert "separation.end" in await tasks(file.case_id)
    asked = await file.do(sa_pa_leader, "/court-requests", COURT | {"requested_on": time.today().isoformat()})
    assert asked["stands_on"] == [made["id"]]
    assert set(await tasks(file.case_id)) & {"separation.end", "separation.place"} == {"separation.place"}


async def test_the_leader_of_the_commune_of_the_incident_separates_through_its_grant(
    assessed_report, clock, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_leader, ta_leng_leader, tasks, rows
):
    file = await emergency(assessed_report, sa_pa_officer, clock.at - timedelta(hours=1), {"unit_id": TA_VAN})
    body = separation(time.today())
    assert (await file.post(sa_pa_officer, "/separations", body)).status_code == 403
    address = f"/cases/{file.case_id}/separations"
    assert (await ta_leng_leader.post(address, json=body, headers=tag(1))).status_code == 404
    stale = await sa_pa_leader.post(address, json=body, headers=tag(99))
    assert stale.status_code == 412
    await file.refresh(sa_pa_leader)
    made = await file.do(sa_pa_leader, "/separations", body)
    assert (made["origin_commune_id"], made["running"]) == (SA_PA, True)
    running = await tasks(file.case_id)
    assert set(running) == {"separation.end", "separation.place", "case.assess"}
    assert {task["commune_id"] for task in running.values()} == {TA_VAN}
    longer = await file.do(
        sa_pa_leader,
        f"/separations/{made['id']}/extend",
        {"decision_number": "8", "decided_on": time.today().isoformat(), "reason": "x", "days": 2},
    )
    assert longer["days_in_all"] == 12
    (step,) = await rows("SELECT * FROM case_steps WHERE id = $1", made["id"])
    assert (step["commune_id"], step["origin_commune_id"]) == (TA_VAN, SA_PA)

    # The commune that leads goes on from there, and finds the same standing.
    head = await file.refresh(ta_van_officer)
    assert (head["separation_id"], head["emergency_measure_at"]) == (made["id"], made["happened_at"])
    await file.do(ta_van_officer, "/progress-notes", {"note": "Cháu ở với bà."})
    head = await file.refresh(ta_van_leader)
    assert (head["separation_ends_at"], head["status"]) == (longer["ends_at"], "opened")
    assert set(await tasks(file.case_id)) == {"separation.end", "separation.place", "case.assess"}
    other = await file.post(ta_van_leader, "/separations", body)
    assert code_of(other) == "separation_runs"
    clock.forward(hours=1)
    safe = await file.do(ta_van_officer, "/assessments", SAFE)
    shown = {"commune_id": SA_PA, "kinds": ["assessment"], "reason": "Để hủy bỏ quyết định cách ly."}
    await file.do(ta_van_leader, "/grants", shown)
    cancelled_at = clock.at
    clock.forward(hours=2)
    ended = await file.do(sa_pa_leader, f"/separations/{made['id']}/cancel", {
        "decision_number": "9", "decided_on": time.day_of(cancelled_at).isoformat(), "assessment_id": safe["id"],
        "returned_to": "mother", "reason": "x", "happened_at": cancelled_at.isoformat()})  # fmt: skip
    assert ended["running"] is False
    stopped = "SELECT cancelled_at FROM tasks WHERE subject_id = $1 AND rule_code = 'separation.place'"
    assert [one["cancelled_at"] for one in await rows(stopped, file.case_id)] == [cancelled_at]
    assert await ends_of(rows, file.case_id) == {"separation.end": None, "separation.place": "no_longer_due"}
    grants = (await ta_van_leader.get(f"/cases/{file.case_id}/grants")).json()["items"]
    for grant in grants:
        await file.do(ta_van_leader, f"/grants/{grant['id']}/revoke", {"reason": "x"})
    gone = await file.post(sa_pa_leader, f"/separations/{made['id']}/extend", {
        "decision_number": "8", "decided_on": time.today().isoformat(), "reason": "x", "days": 1})  # fmt: skip
    assert gone.status_code == 404


async def test_a_case_is_not_closed_while_the_child_is_separated(case_id, clock, sa_pa_officer, sa_pa_leader):
    file = File(case_id)
    born_on = years_before(time.today(), 16) + timedelta(days=1)
    child = {"full_name": "Vàng A Pao", "sex": "male", "born_on": born_on.isoformat()}
    await file.do(sa_pa_officer, "/register-child", {"child": child})
    clock.set(time.now() + timedelta(days=1))
    await file.do(sa_pa_officer, "/turned-sixteen", {})
    made = await file.do(sa_pa_leader, "/separations", separation(time.today()))
    refused = await file.post(sa_pa_leader, "/close", {})
    assert (refused.status_code, code_of(refused)) == (409, "separation_runs")
    await file.do(sa_pa_leader, f"/separations/{made['id']}/entered-in-error", {"reason": "Nhầm hồ sơ."})
    assert (await file.do(sa_pa_leader, "/close", {}))["close_reason"] == "turned_16"
    refused = await file.post(sa_pa_officer, "/reviews", RISKY_REVIEW)
    assert refused.status_code == 409


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"grounds": []}, "/grounds"),
        ({"grounds": ["dislike"]}, "/grounds/0"),
        ({"days": 0}, "/days"),
        ({"stay": {"kind": "relative"}}, "/stay/name"),
        ({"separated_from": ["nobody"]}, "/separated_from/0"),
        (
            {"separated_from": ["mother"], "stay": {"kind": "relative", "name": "A", "relation": "mother"}},
            "/stay",
        ),
    ],
)
async def test_a_decision_without_ground_length_or_stay_is_refused(case_id, sa_pa_leader, change, pointer):
    refused = await File(case_id).post(sa_pa_leader, "/separations", separation(time.today(), **change))
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, pointer)


@given(
    start=st.datetimes(datetime(2023, 12, 1), datetime(2029, 3, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - naive bounds
    first=st.integers(1, 15),
    more=st.integers(1, 30),
)
def test_days_of_a_separation_add_up_whatever_the_calendar(start, first, more):
    until = ends_at(start, first)
    assert days_in_all(start, until) == first
    assert ends_at(start, first + more) - until == timedelta(days=more)
    assert until.astimezone(VIET_NAM).strftime("%H:%M:%S") == "23:59:59"
    assert until > start


@pytest.mark.parametrize(
    ("number", "measures", "reason"),
    [(None, [], None), ("9/QĐ", ["restrict_rights"], "Đã an toàn."), (None, ["restrict_rights"], None)],
)
async def test_a_court_that_orders_nothing_says_why_and_an_order_has_its_number(database, number, measures, reason):
    async with database.as_superuser() as connection:
        await connection.execute("SAVEPOINT attempt")
        with pytest.raises(asyncpg.CheckViolationError, match="case_court_answers_granted_check"):
            await connection.execute(
                "INSERT INTO case_court_answers (id, decision_number, decided_on, measures, reason, "
                "unit_id, commune_id) VALUES (gen_random_uuid(), $1, '2026-09-23', $2, $3, 1, 1)",
                number,
                measures,
                reason,
            )
        await connection.execute("ROLLBACK TO SAVEPOINT attempt")


async def test_a_court_that_does_not_answer_is_asked_again_before_the_separation_ends(
    case_id, clock, sa_pa_officer, sa_pa_leader, tasks
):
    file = File(case_id)
    day = time.today().isoformat()
    asked = await file.do(sa_pa_leader, "/court-requests", COURT | {"requested_on": day})
    waiting = (await tasks(case_id))["court.answer"]
    assert (waiting["starts_at"], waiting["answers"]) == (clock.at, ["commune_officer"])
    assert time.day_of(waiting["due_at"]) == time.today() + timedelta(days=15)
    clock.forward(days=1)
    apart = await file.do(sa_pa_leader, "/separations", separation(time.today(), days=5))
    ends_at = (await tasks(case_id))["separation.end"]["due_at"]
    assert (await tasks(case_id))["court.answer"]["due_at"] == ends_at
    more = {"decision_number": "9/QĐ-UBND", "decided_on": time.today().isoformat(), "reason": "Chờ Tòa án.", "days": 5}
    await file.do(sa_pa_leader, f"/separations/{apart['id']}/extend", more)
    assert (await tasks(case_id))["court.answer"]["due_at"] == ends_at + timedelta(days=5)
    back = {"decided_on": time.today().isoformat(), "reason": "Chưa đủ chứng cứ."}
    refused = await file.do(sa_pa_officer, f"/court-requests/{asked['id']}/refusal", back)
    assert "court.answer" not in await tasks(case_id)
    await file.do(sa_pa_officer, f"/court-refusals/{refused['answer']['id']}/entered-in-error", {"reason": "Nhầm."})
    assert (await tasks(case_id))["court.answer"]["due_at"] == ends_at + timedelta(days=5)
    await file.do(sa_pa_officer, "/child-died", {"died_on": time.today().isoformat()})
    assert "court.answer" not in await tasks(case_id)
