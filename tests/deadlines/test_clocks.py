"""Starting and ending the clocks, and who is shown the tasks."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from tests.people import LAO_CAI, PEOPLE, SA_PA, Person

from childcare_api.access.actor import Actor
from childcare_api.access.permissions import ROLE_PERMISSIONS, Level, Role, database_role
from childcare_api.access.scope import open_session
from childcare_api.deadlines import actions
from childcare_api.shared.ids import new_id

SA_PA_HOLDER = {"unit_id": SA_PA, "village_id": None, "commune_id": SA_PA, "district_id": None, "province_id": LAO_CAI}
FRIDAY_BEFORE_TET = datetime(2026, 2, 13, 3, tzinfo=UTC)


def actor_of(person: Person) -> Actor:
    role, level = Role(person.role), Level(person.level)
    return Actor(
        person.id,
        "person",
        level,
        person.unit_id,
        ROLE_PERMISSIONS[role],
        database_role(role, level),
        role=role,
        assignment_id=person.assignment_id,
        session_id=person.session_id,
        version=1,
        **person.holder,
    )


@pytest.fixture
def start(database):
    """Start a clock as an officer of Sa Pa."""

    async def run(rule_code: str, from_instant: datetime, *, subject_id: UUID | None = None, **more):
        async with open_session(database, actor_of(PEOPLE["sa_pa_officer"])) as session:
            return await actions.start(
                session,
                rule_code,
                subject_kind="intake",
                subject_id=subject_id or new_id(),
                holder=SA_PA_HOLDER,
                from_instant=from_instant,
                **more,
            )

    return run


async def test_five_working_days_run_across_tet(clock, start, sa_pa_officer):
    clock.set(FRIDAY_BEFORE_TET)
    task = await start("plan.submit", FRIDAY_BEFORE_TET)
    [seen] = (await sa_pa_officer.get("/tasks")).json()["items"]
    assert seen["id"] == str(task.id)
    assert seen["due_at"].startswith("2026-02-27T16:59:59")
    assert (seen["status"], seen["provisional"], seen["as_soon_as_possible"]) == ("due", False, False)
    assert "Điều 28.1" in seen["article"]


async def test_what_began_before_the_law_runs_by_its_first_edition(clock, start, sa_pa_officer):
    clock.set(FRIDAY_BEFORE_TET)
    with pytest.raises(LookupError):
        await start("no.such_clock", FRIDAY_BEFORE_TET)
    task = await start("emergency.intervene", datetime(2016, 2, 29, 3, tzinfo=UTC))
    [seen] = (await sa_pa_officer.get("/tasks")).json()["items"]
    assert (seen["id"], seen["due_at"], seen["status"]) == (str(task.id), "2016-02-29T15:00:00Z", "overdue")


async def test_in_an_emergency_the_ordinary_day_is_only_the_latest(clock, start, sa_pa_officer):
    clock.set(FRIDAY_BEFORE_TET)
    await start("plan.submit", FRIDAY_BEFORE_TET, emergency=True)
    [seen] = (await sa_pa_officer.get("/tasks")).json()["items"]
    assert seen["due_at"].startswith("2026-02-27T16:59:59")
    assert seen["as_soon_as_possible"] is True
    assert "Điều 31.2" in seen["article"]


async def test_the_receipt_of_the_office_stands_beside_the_stated_event(clock, start, sa_pa_officer):
    clock.set(FRIDAY_BEFORE_TET)
    await start("emergency.intervene", FRIDAY_BEFORE_TET, receipt_at=FRIDAY_BEFORE_TET + timedelta(hours=2))
    [seen] = (await sa_pa_officer.get("/tasks")).json()["items"]
    assert (seen["due_at"], seen["receipt_due_at"]) == ("2026-02-13T15:00:00Z", "2026-02-13T17:00:00Z")


async def test_a_day_nobody_announced_makes_nobody_late(clock, start, sa_pa_officer):
    clock.set(datetime(2026, 11, 21, 3, tzinfo=UTC))
    await start("plan.submit", clock.at)
    clock.forward(days=30)
    assert (await sa_pa_officer.get("/tasks?status=overdue")).json()["items"] == []
    [seen] = (await sa_pa_officer.get("/tasks?status=undecided")).json()["items"]
    # Shown to those above from the provisional day on: that calls nobody late.
    assert (seen["status"], seen["provisional"], seen["escalated"]) == ("undecided", True, True)


async def test_a_task_not_done_in_time_is_shown_to_those_above(clock, start, sa_pa_leader, lao_cai_province_officer):
    clock.set(FRIDAY_BEFORE_TET)
    await start("plan.submit", FRIDAY_BEFORE_TET)
    assert (await sa_pa_leader.get("/tasks")).json()["items"] == []
    assert len((await sa_pa_leader.get("/tasks?whose=my_unit")).json()["items"]) == 1
    clock.set(datetime(2026, 2, 27, 17, 0, 1, tzinfo=UTC))
    for above in (sa_pa_leader, lao_cai_province_officer):
        [seen] = (await above.get("/tasks?status=escalated")).json()["items"]
        assert (seen["status"], seen["escalated"]) == ("overdue", True)


async def test_tasks_of_another_commune_do_not_exist(clock, start, ta_van_officer, lai_chau_province_officer):
    clock.set(FRIDAY_BEFORE_TET)
    await start("plan.submit", FRIDAY_BEFORE_TET)
    for stranger in (ta_van_officer, lai_chau_province_officer):
        assert (await stranger.get("/tasks?whose=my_unit")).json()["items"] == []


async def test_a_finished_task_leaves_the_list_and_may_start_again(clock, start, database, rows, sa_pa_officer):
    clock.set(FRIDAY_BEFORE_TET)
    subject_id = new_id()
    await start("plan.submit", FRIDAY_BEFORE_TET, subject_id=subject_id)
    clock.forward(hours=3)
    async with open_session(database, actor_of(PEOPLE["sa_pa_officer"])) as session:
        done = await actions.finish(session, "plan.submit", subject_id, happened_at=clock.at - timedelta(hours=1))
        assert done is not None
        assert await actions.finish(session, "plan.submit", subject_id, happened_at=clock.at) is None
        await actions.start(
            session,
            "plan.submit",
            subject_kind="intake",
            subject_id=subject_id,
            holder=SA_PA_HOLDER,
            from_instant=clock.at,
        )
        await actions.cancel(session, "plan.submit", subject_id, reason="withdrawn")
    assert (await sa_pa_officer.get("/tasks")).json()["items"] == []
    [first, second] = await rows("SELECT * FROM tasks WHERE subject_id = $1 ORDER BY created_at", subject_id)
    assert (first["done_at"], first["done_recorded_at"]) == (clock.at - timedelta(hours=1), clock.at)
    assert second["cancel_reason"] == "withdrawn"


@pytest.mark.parametrize("query", ["status=late", "whose=all", "subject_id=7", "unknown=1", "limit=0", "cursor=abc"])
async def test_unknown_words_are_refused(sa_pa_officer, query: str):
    assert (await sa_pa_officer.get(f"/tasks?{query}")).status_code == 400


async def test_tasks_are_for_those_who_answer(sa_pa_inspector, nobody):
    assert (await sa_pa_inspector.get("/tasks")).status_code == 403
    assert (await nobody.get("/tasks")).status_code == 401
