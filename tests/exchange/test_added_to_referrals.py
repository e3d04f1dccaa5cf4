"""What a hotline adds to its referral: where it happened, what is new, and new danger with 12 hours of its own."""

from datetime import datetime, timedelta
from uuid import uuid4

from tests.answers import code_of
from tests.cases.stories import INITIAL_ASSESSMENT
from tests.exchange.referring import CALLED, post, refer
from tests.intake.test_steps import MEASURE as SAFE
from tests.intake.test_steps import put_aside
from tests.people import HA_NOI, SA_PA


async def test_a_later_place_is_told_to_the_office_that_has_the_report(hotline_111, sa_pa_officer, events):
    receipt = (await refer(hotline_111)).json()
    answer = await post(hotline_111, "/updates", text="Thật ra ở Hà Nội", place={"unit_id": HA_NOI})
    assert answer.json()["office"]["unit_id"] == SA_PA
    [update] = (await sa_pa_officer.get(f"/intakes/{receipt['intake_id']}")).json()["updates"]
    assert update["place_unit_id"] == HA_NOI
    assert len(await events("intake.updated_by_source")) == len(await events("hotline_referral.updated")) == 1


async def test_what_was_put_aside_is_received_again_by_what_the_hotline_adds_and_never_before_that(
    clock, hotline_111, sa_pa_officer
):
    """Heard before it was put aside and sent after: the clocks begin where the report says it is received again."""
    clock.set(CALLED)
    address = f"/intakes/{(await refer(hotline_111)).json()['intake_id']}"
    for heard_later in (timedelta(hours=-3), timedelta(hours=3)):
        clock.forward(hours=6)
        aside = clock.at
        await put_aside(sa_pa_officer, address.removeprefix("/intakes/"))
        clock.forward(hours=8)
        heard = aside + heard_later
        added = await post(hotline_111, "/updates", text="Gọi lại", happened_at=heard.isoformat())
        assert added.status_code == 200, added.text
        file = (await sa_pa_officer.get(address)).json()
        since = max(heard, aside).isoformat().replace("+00:00", "Z")
        assert (file["status"], file["reexamined_at"]) == ("received", since)
        assert file["updates"][-1]["happened_at"] == heard.isoformat().replace("+00:00", "Z")
        tasks = {task["rule"]: task for task in (await sa_pa_officer.get("/tasks")).json()["items"]}
        for rule in ("intake.assess", "emergency.intervene"):
            assert tasks[rule]["starts_at"] == since
            assert datetime.fromisoformat(tasks[rule]["due_at"]) == max(heard, aside) + timedelta(hours=12)
            assert tasks[rule]["receipt_at"] == clock.at.isoformat().replace("+00:00", "Z")
        assert tasks["intake.acknowledge"]["starts_at"] == clock.at.isoformat().replace("+00:00", "Z")


async def test_a_second_call_with_new_danger_gives_twelve_hours_of_its_own(
    clock, hotline_111, sa_pa_officer, database, rows
):
    clock.set(CALLED)
    calm = {"harm_doers": [], "children": [{"full_name": "Lý Văn Chải"}]}
    address = f"/intakes/{(await refer(hotline_111, **calm)).json()['intake_id']}"

    async def send(command: str, body: dict, version: int):
        answer = await sa_pa_officer.post(f"{address}/{command}", json=body, headers={"If-Match": f'"{version}"'})
        assert answer.is_success, answer.text
        return answer.json()

    async def call_again(**more):
        clock.forward(hours=2)
        answer = await post(hotline_111, "/updates", text="Gọi lại: cháu đang bị đánh.", emergency=True, **more)
        return answer, clock.at.isoformat().replace("+00:00", "Z")

    async def running(subject: str) -> list[str]:
        found = (await sa_pa_officer.get("/tasks", params={"subject_id": subject})).json()["items"]
        return [one["starts_at"] for one in found if one["rule"] == "emergency.intervene"]

    intake_id = address.rpartition("/")[2]
    answer, first = await call_again()
    assert (answer.json()["emergency"], await running(intake_id)) == (True, [first])
    assert (await call_again())[0].status_code == 200
    assert await running(intake_id) == [first], "the second waits with the first"
    await send("acknowledge", {}, 3)
    file = await send("assess", INITIAL_ASSESSMENT | {"emergency": True, "safety_measures": [SAFE]}, 4)
    assert (file["emergency_grounds"], len(file["emergencies"])) == (["told_later", "assessed"], 2)
    assert [one["from_source"] for one in file["updates"]] == [True, True]
    assert await running(intake_id) == []
    _, third = await call_again()
    assert await running(intake_id) == [third], "what was done before says nothing of it"
    case_id = (await send("open-case", {"children": [{"intake_child_id": file["children"][0]["id"]}]}, 6))["cases"][0][
        "id"
    ]
    assert (await running(intake_id), await running(case_id)) == ([], [third])
    assert (await call_again())[0].status_code == 200
    assert await running(case_id) == [third]
    assert len((await sa_pa_officer.get(address)).json()["emergencies"]) == 4
    async with database.as_superuser() as connection:
        await connection.execute("UPDATE cases SET status = 'closed', closed_at = opened_at, closed_by = opened_by")
    answer, _ = await call_again()
    assert (answer.status_code, code_of(answer)) == (409, "no_case_open")
    assert len(await rows("SELECT FROM intake_updates")) == 4
    assert (await post(hotline_111, "/updates", text="Cảm ơn.")).status_code == 200
    async with database.as_superuser() as connection:
        await connection.execute("UPDATE intakes SET status = 'entered_in_error'")
    answer, _ = await call_again()
    assert (answer.status_code, code_of(answer)) == (409, "no_case_open"), "nobody looks at what was an error"


async def test_a_hotline_starts_no_clock_but_those_of_a_report_that_is_received_anew(
    hotline_111, sa_pa_officer, database, rows
):
    """The gate takes the clocks from whoever asks it, and judges which they are."""
    receipt = (await refer(hotline_111, harm_doers=[])).json()
    aside = await sa_pa_officer.post(
        f"/intakes/{receipt['intake_id']}/dismiss", json={"reason": "Không có căn cứ."}, headers={"If-Match": '"1"'}
    )
    assert aside.status_code == 200, aside.text
    [referral] = await rows("SELECT id, source_id FROM hotline_referrals")
    async with database.as_superuser() as connection:
        await connection.execute(f"SAVEPOINT here; SET LOCAL app.source_id = '{referral['source_id']}'")
        await connection.execute(f"SET LOCAL app.actor_id = '{uuid4()}'")
        clocks = await connection.fetchval(
            "SELECT jsonb_agg(to_jsonb(t) || jsonb_build_object('id', gen_random_uuid(), 'rule_code', r.code,"
            " 'cancelled_at', NULL, 'cancel_reason', NULL))::text"
            " FROM tasks t, unnest(ARRAY['intake.assess', 'plan.review']) r (code) WHERE t.rule_code = 'intake.assess'"
        )
        await connection.execute("SET LOCAL ROLE childcare_hotline")
        said = """jsonb_build_object('text', 'x', 'emergency', false, 'takes_back', false, 'happened_at', now())"""
        update = f"SELECT hotline_update_referral($1, $2, $3, {said}, now(), $4::text::jsonb)"
        assert await connection.fetchval(update, referral["id"], uuid4(), uuid4(), clocks) == "added"
        await connection.execute("RESET ROLE")
        started = await connection.fetch("SELECT rule_code FROM tasks WHERE cancelled_at IS NULL")
        assert [row["rule_code"] for row in started] == ["intake.assess"]
        await connection.execute("ROLLBACK TO SAVEPOINT here")
