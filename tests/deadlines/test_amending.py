"""What operators change about the calendar and the house's promises, and what moves by it."""

from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from tests.people import LAO_CAI, SA_PA

from childcare_api.deadlines.amending import actions
from childcare_api.deadlines.amending.actions import AmendmentRefused
from childcare_api.deadlines.data import CalendarYear, SpecialDay
from childcare_api.shared.ids import new_id

# A command of its own has a transaction of its own.
pytestmark = pytest.mark.committed
SATURDAY = datetime(2026, 11, 21, 3, tzinfo=UTC)


def culture_day(status: str) -> SpecialDay:
    return SpecialDay(
        day=date(2026, 11, 24),
        works=False,
        status=status,
        kind="statutory",
        name_vi="Ngày Văn hóa Việt Nam",
        document="Luật",
        source="Công báo",
        confidence="high",
        note="",
    )


@pytest.fixture
def as_owner(database):
    """Act as the owner of the tables."""

    async def run(act, *values, **named):
        async with database.as_superuser() as connection:
            await connection.execute("SET ROLE childcare_owner")
            return await act(connection, *values, **named)

    return run


async def start_plan_clock(database, started: datetime) -> None:
    async with database.as_superuser() as connection:
        await connection.execute(
            "INSERT INTO tasks (id, row_version, unit_id, commune_id, province_id, origin_unit_id, rule_code,"
            " rule_valid_from, article, subject_kind, subject_id, answers, escalates_to, as_soon_as_possible,"
            " starts_at, due_at, provisional, escalate_at, created_at)"
            " VALUES ($1, 1, $2, $2, $3, $2, 'plan.submit', '2017-07-01', 'x', 'case', $1, '{commune_officer}',"
            " '{commune_leader}', false, $4, $5, true, $5, $4)",
            new_id(), SA_PA, LAO_CAI, started, datetime(2026, 11, 27, 16, 59, 59, 999999, tzinfo=UTC),
        )  # fmt: skip


async def test_an_announced_day_moves_the_tasks_that_run_across_it(clock, database, as_owner, sa_pa_officer, events):
    clock.set(SATURDAY)
    await start_plan_clock(database, SATURDAY)
    [before] = (await sa_pa_officer.get("/tasks")).json()["items"]
    moved = await as_owner(actions.amend_calendar, [culture_day("announced")], [])
    [after] = (await sa_pa_officer.get("/tasks")).json()["items"]
    assert (before["due_at"][:10], before["provisional"]) == ("2026-11-27", True)
    assert (after["due_at"][:10], after["provisional"]) == ("2026-11-30", False)
    assert (moved, after["row_version"]) == (1, 2)
    [event] = await events("calendar.amended")
    assert "2026-11-24" in event["detail"]


async def test_the_release_does_not_overwrite_an_operators_newer_word(as_owner, rows):
    await as_owner(actions.amend_calendar, [culture_day("announced")], [])
    await as_owner(actions.load_packaged_calendar)
    editions = await rows("SELECT status FROM calendar_days WHERE day = '2026-11-24' ORDER BY edition")
    assert [row["status"] for row in editions] == ["pending", "announced"]


async def test_a_year_becomes_certain_once_it_is_announced(clock, database, as_owner, rows):
    year = CalendarYear(year=2027, status="announced", note="Công văn")
    await as_owner(actions.amend_calendar, [], [year])
    newest = await rows("SELECT status FROM calendar_years WHERE year = 2027 ORDER BY edition DESC LIMIT 1")
    assert newest[0]["status"] == "announced"


async def test_the_hour_to_acknowledge_is_a_promise_that_can_be_changed(
    clock, as_owner, hotline_111, sa_pa_officer, monkeypatch
):
    monkeypatch.setattr("childcare_api.deadlines.queries._kept_clocks", {})
    await as_owner(actions.set_promise, "intake.acknowledge", 3, date(2026, 11, 20))
    await as_owner(actions.set_promise, "intake.acknowledge", 2, date(2026, 11, 20))
    clock.set(SATURDAY)
    body = {"external_ref": "111-1", "received_at": "2026-11-21T02:00:00Z", "place": {"unit_id": SA_PA}}
    await hotline_111.post("/hotline/referrals", json=body, headers={"Idempotency-Key": str(uuid4())})
    tasks = {task["rule"]: task for task in (await sa_pa_officer.get("/tasks")).json()["items"]}
    assert tasks["intake.acknowledge"]["due_at"] == "2026-11-21T05:00:00Z"
    assert tasks["intake.acknowledge"]["basis"] == "house"


@pytest.mark.parametrize(
    ("code", "hours"), [("emergency.intervene", 24), ("plan.submit", 5), ("unknown", 1), ("intake.acknowledge", 0)]
)
async def test_the_terms_of_the_law_stand(as_owner, code: str, hours: int):
    with pytest.raises(AmendmentRefused):
        await as_owner(actions.set_promise, code, hours, date(2026, 11, 20))


def test_a_file_that_is_no_calendar_is_refused(tmp_path: Path):
    wrong = tmp_path / "days.csv"
    wrong.write_text("day,works\n2026-13-01,maybe\n", encoding="utf-8")
    with pytest.raises(AmendmentRefused, match=r"days\.csv"):
        actions.read_days(wrong)
