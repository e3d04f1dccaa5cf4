"""A unit's shorter promise, more time with a reason, and what climbs to those above."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.answers import code_of, faults_of
from tests.deadlines.test_clocks import SA_PA_HOLDER, actor_of
from tests.people import PEOPLE, SA_PA

from childcare_api.access.scope import open_session
from childcare_api.deadlines import actions, jobs
from childcare_api.jobs.worker import work_once
from childcare_api.shared import clock as time
from childcare_api.shared.ids import new_id

MONDAY = datetime(2026, 3, 2, 3, tzinfo=UTC)


@pytest.fixture
def start(database):
    async def run(rule_code: str, **more):
        async with open_session(database, actor_of(PEOPLE["sa_pa_officer"])) as session:
            return await actions.start(
                session,
                rule_code,
                subject_kind="intake",
                subject_id=new_id(),
                holder=SA_PA_HOLDER,
                from_instant=time.now(),
                **more,
            )

    return run


async def rule_of(client, code: str) -> dict:
    return next(one for one in (await client.get("/clock-rules")).json()["items"] if one["code"] == code)


async def test_a_unit_promises_less_than_the_law_and_never_more(
    clock, start, sa_pa_leader, sa_pa_officer, sa_pa_administrator, ta_van_leader, bo_y_te_administrator, events
):
    clock.set(MONDAY)
    before = await start("emergency.intervene")
    assert before.due_at == MONDAY + timedelta(hours=12)
    path = "/clock-rules/emergency.intervene/shorter"
    for length in (12, 13):
        refused = await sa_pa_leader.post(path, json={"length": length, "reason": "x"})
        assert (refused.status_code, code_of(refused), refused.json()["longest"]) == (409, "term_not_shorter", 11)
    assert (await sa_pa_officer.post(path, json={"length": 8, "reason": "x"})).status_code == 403
    for body, place, code in (
        ({"length": 0, "reason": "x"}, "/length", "greater_than_equal"),
        ({"length": 8}, "/reason", "missing"),
        ({"length": 8, "reason": " "}, "/reason", "string_too_short"),
    ):
        assert faults_of(await sa_pa_leader.post(path, json=body)) == {place: code}
    unknown = await sa_pa_leader.post("/clock-rules/tea.break/shorter", json={"length": 1, "reason": "x"})
    assert unknown.status_code == 404
    assert (await bo_y_te_administrator.post(path, json={"length": 8, "reason": "x"})).status_code == 404

    promised = await sa_pa_leader.post(path, json={"length": 8, "reason": "Rút ngắn còn 8 giờ."})
    assert (promised.status_code, promised.json()["my_unit"]["length"]) == (200, 8)
    assert promised.json()["length"] == 12, "the law's own stands beside it"
    assert (await start("emergency.intervene")).due_at == MONDAY + timedelta(hours=8)
    assert (await rule_of(ta_van_leader, "emergency.intervene"))["my_unit"] is None
    clock.forward(minutes=1)
    await sa_pa_administrator.post(path, json={"length": None, "reason": "Thiếu người trực."})
    assert (await rule_of(sa_pa_officer, "emergency.intervene"))["my_unit"] is None
    assert (await start("emergency.intervene")).due_at == clock.at + timedelta(hours=12)
    told = [event["detail"] for event in await events("clock.promised")]
    assert len(told) == 2
    assert told[0]["unit_id"] == SA_PA


async def test_a_reports_clocks_run_by_the_promise_of_the_commune_that_gets_it(
    clock, sa_pa_leader, ta_van_officer, rows
):
    clock.set(MONDAY)
    await sa_pa_leader.post("/clock-rules/intake.assess/shorter", json={"length": 6, "reason": "x"})
    body = {"channel": "phone", "category": "abused", "place": {"unit_id": SA_PA}, "children": [{}]}
    taken = await ta_van_officer.post("/intakes", json=body, headers={"Idempotency-Key": "k"})
    assert taken.status_code == 201, taken.text
    (task,) = await rows("SELECT * FROM tasks WHERE rule_code = 'intake.assess'")
    assert (task["due_at"] - task["starts_at"], task["length"]) == (timedelta(hours=6), 6)


async def test_more_time_is_given_with_a_reason_where_the_clock_allows_it(
    clock, start, sa_pa_leader, sa_pa_officer, lao_cai_province_leader, ta_van_leader, rows, events
):
    clock.set(MONDAY)
    task, fixed = await start("decision.send"), await start("plan.submit")
    tag, body = {"If-Match": '"1"'}, {"length": 2, "reason": "Gia đình đang đi vắng."}
    refused = await sa_pa_leader.post(f"/tasks/{fixed.id}/extend", json=body, headers=tag)
    assert (refused.status_code, code_of(refused), refused.json()["extendable_by"]) == (409, "term_not_extendable", 0)
    assert (await sa_pa_officer.post(f"/tasks/{task.id}/extend", json=body, headers=tag)).status_code == 403
    assert (await ta_van_leader.post(f"/tasks/{task.id}/extend", json=body, headers=tag)).status_code == 404
    assert (await sa_pa_leader.post(f"/tasks/{task.id}/extend", json={"length": 2}, headers=tag)).status_code == 422
    extended = await sa_pa_leader.post(f"/tasks/{task.id}/extend", json=body, headers=tag)
    assert extended.status_code == 200, extended.text
    seen = extended.json()
    # Two working days from Monday are Wednesday; two more are Friday.
    assert (seen["due_at"][:10], seen["extension"], seen["extendable_by"]) == ("2026-03-06", 2, 1)
    stale = await sa_pa_leader.post(f"/tasks/{task.id}/extend", json=body, headers=tag)
    assert stale.status_code == 412
    more = await lao_cai_province_leader.post(f"/tasks/{task.id}/extend", json=body, headers={"If-Match": '"2"'})
    assert (more.status_code, more.json()["extendable_by"]) == (409, 1)
    (said,) = (await sa_pa_officer.get(f"/tasks/{task.id}/extensions")).json()["items"]
    assert (said["length"], said["reason"]) == (2, body["reason"])
    assert (await ta_van_leader.get(f"/tasks/{task.id}/extensions")).status_code == 404
    assert len(await events("task.extended")) == 1
    assert "vắng" not in str(await rows("SELECT detail FROM audit.events WHERE action = 'task.extended'"))


async def test_what_nobody_did_climbs_once_through_the_outbox(
    clock, start, database, rows, events, sa_pa_leader, lao_cai_province_officer
):
    # The outbox hands out by the database's own clock, which is not moved: hence a day to come.
    clock.set(MONDAY.replace(year=time.today().year + 1))
    task, separation = await start("emergency.intervene"), await start("separation.end", length=10)

    async def chore() -> None:
        for _ in range(2):
            await jobs.announce_escalations(database)
        while await work_once(database, jobs.HANDLERS):
            pass

    await chore()
    assert await events("task.escalated") == []
    # The end of a separation climbs three days before it comes.
    clock.set(separation.due_at - timedelta(hours=71))
    await chore()
    told = await rows("SELECT payload, unit_id FROM outbox WHERE event = 'task.escalated'")
    assert len(told) == 2
    assert {row["unit_id"] for row in told} == {SA_PA}
    assert {event["subject_id"] for event in await events("task.escalated")} == {str(task.id), str(separation.id)}
    overdue = (await lao_cai_province_officer.get("/tasks?whose=my_province&status=overdue")).json()["items"]
    assert [(one["rule"], one["answers"]) for one in overdue] == [
        ("emergency.intervene", ["commune_leader", "commune_officer"])
    ]
    assert (await lao_cai_province_officer.get("/tasks?whose=my_unit")).json()["items"] == []
    of_commune = await lao_cai_province_officer.get(f"/tasks?whose=my_province&commune_id={SA_PA}")
    assert len(of_commune.json()["items"]) == 2
    assert len((await sa_pa_leader.get("/tasks?whose=my_unit")).json()["items"]) == 2


async def test_a_term_nobody_can_know_yet_does_not_climb(clock, start, database, events):
    clock.set(datetime(2026, 11, 21, 3, tzinfo=UTC))
    task = await start("plan.submit")
    assert task.provisional
    clock.forward(days=30)
    await jobs.announce_escalations(database)
    while await work_once(database, jobs.HANDLERS):
        pass
    assert await events("task.escalated") == []


@pytest.mark.parametrize("code", ["plan.submit", "plan.decide", "emergency.intervene", "separation.end"])
async def test_every_clock_tells_who_answers_and_whom_it_climbs_to(sa_pa_officer, code):
    rule = await rule_of(sa_pa_officer, code)
    assert rule["answers"]
    assert rule["escalates_to"]
    assert (rule["valid_from"], rule["basis"], rule["extendable_by"]) == ("2017-07-01", "law", None)
