"""A hotline refers reports, adds to them, takes them back, and reads its own alone."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from tests.answers import code_of, faults_of
from tests.cases.stories import INITIAL_ASSESSMENT
from tests.intake.test_steps import MEASURE as SAFE
from tests.people import HA_NOI, HOTLINE_SOURCE, LAO_CAI, SA_PA

CALLED = datetime(2026, 11, 20, 3, tzinfo=UTC)
REFERRAL = {
    "external_ref": "111-2026-000123",
    "received_at": "2026-11-20T10:00:00+07:00",
    "children": [{"full_name": "Lý Văn Chải", "estimated_age": 8, "sex": "male"}, {"sex": "unknown"}],
    "harm_kinds": ["violence"],
    "harm_doers": [{"relation": "carer"}],
    "narrative": "Bị người chăm sóc đánh",
    "reporter": {"kind": "neighbour", "full_name": "Má A Dế", "phone": "0912000111"},
    "place": {"code": "03001", "as_of": "2025-06-30", "text": "tổ 3"},
}
HERE = "/hotline/referrals/tong-dai-111/111-2026-000123"


async def refer(hotline, body: dict | None = None, *, key: str | None = None, **over):
    return await hotline.post(
        "/hotline/referrals",
        json=REFERRAL | over if body is None else body,
        headers={"Idempotency-Key": key or str(uuid4())},
    )


async def test_a_referral_lands_with_the_commune_of_its_old_code(
    clock, hotline_111, sa_pa_officer, ta_van_officer, lai_chau_province_officer, lao_cai_province_officer, events, rows
):
    clock.set(CALLED + timedelta(minutes=30))
    answer = await refer(hotline_111)
    assert answer.status_code == 201, answer.text
    receipt = answer.json()
    assert (receipt["source"], receipt["status"], receipt["emergency"]) == ("tong-dai-111", "received", True)
    assert receipt["office"] == {"unit_id": SA_PA, "name": "Ủy ban nhân dân phường Sa Pa", "phone": None}
    assert answer.headers["location"] == f"/api/v1{HERE}"
    assert answer.headers["etag"] == '"1"'
    assert receipt.pop("warnings") == []
    assert (await hotline_111.get(HERE)).json() == receipt

    address = f"/intakes/{receipt['intake_id']}"
    file = (await sa_pa_officer.get(address)).json()
    assert (file["channel"], file["external_ref"], file["place_text"]) == ("hotline_111", "111-2026-000123", "tổ 3")
    assert [child["sex"] for child in file["children"]] == ["male", "unknown"]
    assert "0912000111" not in str(file)
    assert (await lao_cai_province_officer.get(address)).status_code == 200
    for stranger in (ta_van_officer, lai_chau_province_officer):
        assert (await stranger.get(address)).status_code == 404

    tasks = {task["rule"]: task for task in (await sa_pa_officer.get("/tasks")).json()["items"]}
    assert set(tasks) == {"intake.acknowledge", "intake.assess", "emergency.intervene"}
    emergency = tasks["emergency.intervene"]
    assert emergency["external_ref"] == "111-2026-000123"
    assert (emergency["due_at"], emergency["receipt_due_at"]) == ("2026-11-20T15:00:00Z", "2026-11-20T15:30:00Z")
    assert "Điều 31.1" in emergency["article"]

    [event] = await events("intake.received")
    assert (event["holder_commune_id"], event["actor_kind"]) == (SA_PA, "machine")
    [told] = await rows("SELECT * FROM outbox WHERE event = 'intake.received'")
    assert told["payload"] == {"intake_id": receipt["intake_id"]}


async def test_the_province_sees_what_nobody_acknowledged_within_the_hour(
    clock, hotline_111, sa_pa_officer, lao_cai_province_officer
):
    clock.set(CALLED + timedelta(minutes=5))
    intake_id = (await refer(hotline_111)).json()["intake_id"]
    clock.forward(minutes=59)
    assert (await lao_cai_province_officer.get("/tasks?status=escalated")).json()["items"] == []
    clock.forward(minutes=2)
    [task] = (await lao_cai_province_officer.get("/tasks?status=escalated")).json()["items"]
    assert (task["rule"], task["subject_id"]) == ("intake.acknowledge", intake_id)
    await sa_pa_officer.post(f"/intakes/{intake_id}/acknowledge", json={}, headers={"If-Match": '"1"'})
    assert (await lao_cai_province_officer.get("/tasks?status=escalated")).json()["items"] == []


async def test_the_same_referral_again_is_the_same_referral(hotline_111, rows):
    first = await refer(hotline_111, key="a")
    again = await refer(hotline_111, key="a")
    assert (again.status_code, again.json(), again.headers["idempotency-replayed"]) == (201, first.json(), "true")
    other_key = await refer(hotline_111, key="b")
    assert (other_key.status_code, other_key.json()) == (200, first.json())
    other_offset = await refer(hotline_111, key="c", received_at="2026-11-20T03:00:00Z")
    assert other_offset.status_code == 200
    assert len(await rows("SELECT 1 FROM intakes")) == len(await rows("SELECT 1 FROM hotline_referrals")) == 1
    assert len(await rows("SELECT 1 FROM tasks")) == 3


async def test_the_same_number_for_another_report_is_refused_with_its_address(hotline_111, rows):
    await refer(hotline_111)
    answer = await refer(hotline_111, narrative="Chuyện khác")
    assert (answer.status_code, code_of(answer)) == (409, "referral_exists")
    assert answer.json()["location"] == answer.headers["location"] == f"/api/v1{HERE}"
    assert len(await rows("SELECT 1 FROM intakes")) == 1


async def test_another_hotline_may_use_the_same_number_and_sees_only_its_own(hotline_111, hotline_lao_cai):
    await refer(hotline_111)
    mine = await refer(hotline_lao_cai)
    assert (mine.status_code, mine.json()["source"]) == (201, "duong-day-nong-lao-cai")
    hidden = await hotline_lao_cai.get(HERE)
    missing = await hotline_lao_cai.get(HERE.replace("000123", "999999"))
    assert hidden.status_code == missing.status_code == 404
    assert hidden.json()["detail"] == missing.json()["detail"]
    for path in ("/updates", "/withdraw", "/feedback"):
        answer = await (hotline_lao_cai.get(HERE + path) if path == "/feedback" else _post(hotline_lao_cai, path))
        assert answer.status_code == 404, path


async def _post(hotline, path: str, **body):
    content = {"/updates": {"text": "x"}, "/withdraw": {"reason": "x"}}[path] | body
    return await hotline.post(HERE + path, json=content, headers={"Idempotency-Key": str(uuid4()), "If-Match": '"1"'})


@pytest.mark.parametrize(
    ("place", "office"),
    [
        ({"unit_id": SA_PA}, SA_PA),
        ({"code": "03006", "as_of": "2026-01-01"}, SA_PA),
        ({"code": "00331", "as_of": "2025-06-30"}, HA_NOI),
        ({"province": {"unit_id": LAO_CAI}, "text": "bản gần suối"}, LAO_CAI),
        ({"code": "088", "as_of": "2025-06-30"}, LAO_CAI),
        ({"text": "không rõ ở đâu"}, None),
        ({"unit_id": 99_999_999}, None),
        ({}, None),
        (None, None),
    ],
)
async def test_a_referral_is_never_refused_for_its_place(hotline_111, place: dict | None, office: int | None):
    answer = await refer(hotline_111, place=place)
    assert answer.status_code == 201, answer.text
    assert (answer.json()["office"] or {}).get("unit_id") == office


async def test_a_code_without_its_day_names_no_place(hotline_111):
    answer = await refer(hotline_111, place={"code": "03006"})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "as_of_missing")


async def test_where_nothing_is_known_the_hotline_itself_must_find_the_place(
    clock, hotline_111, sa_pa_officer, lao_cai_province_officer, operator_111
):
    receipt = (await refer(hotline_111, place={"text": "gần chợ"})).json()
    for hotline in (hotline_111, operator_111):
        tasks = {task["rule"]: task["external_ref"] for task in (await hotline.get("/tasks")).json()["items"]}
        assert tasks == dict.fromkeys(("intake.route", "intake.assess", "emergency.intervene"), "111-2026-000123")
    assert (await lao_cai_province_officer.get("/intakes")).json()["items"] == []
    clock.forward(minutes=10)
    answer = await _post(hotline_111, "/updates", text="Người báo gọi lại", place={"unit_id": SA_PA})
    assert answer.status_code == 200, answer.text
    assert (answer.json()["office"]["unit_id"], answer.json()["row_version"]) == (SA_PA, 2)
    assert (await hotline_111.get("/tasks")).json()["items"] == []
    file = (await sa_pa_officer.get(f"/intakes/{receipt['intake_id']}")).json()
    assert [update["text"] for update in file["updates"]] == ["Người báo gọi lại"]
    assert {child["full_name"] for child in file["children"]} == {"Lý Văn Chải", None}
    tasks = {task["rule"] for task in (await sa_pa_officer.get("/tasks")).json()["items"]}
    assert tasks == {"intake.acknowledge", "intake.assess", "emergency.intervene"}


async def test_a_later_place_is_told_to_the_office_that_has_the_report(hotline_111, sa_pa_officer, events):
    receipt = (await refer(hotline_111)).json()
    answer = await _post(hotline_111, "/updates", text="Thật ra ở Hà Nội", place={"unit_id": HA_NOI})
    assert answer.json()["office"]["unit_id"] == SA_PA
    [update] = (await sa_pa_officer.get(f"/intakes/{receipt['intake_id']}")).json()["updates"]
    assert update["place_unit_id"] == HA_NOI
    assert len(await events("intake.updated_by_source")) == len(await events("hotline_referral.updated")) == 1


async def test_a_referral_can_be_taken_back_while_nobody_answers_for_it(hotline_111, sa_pa_officer, events):
    intake_id = (await refer(hotline_111)).json()["intake_id"]
    stale = await hotline_111.post(f"{HERE}/withdraw", json={"reason": "x"}, headers={"If-Match": '"9"'})
    missing = await hotline_111.post(f"{HERE}/withdraw", json={"reason": "x"})
    assert (stale.status_code, missing.status_code) == (412, 428)
    answer = await _post(hotline_111, "/withdraw", reason="Gọi đùa")
    assert (answer.status_code, answer.json()["status"]) == (200, "withdrawn")
    file = (await sa_pa_officer.get(f"/intakes/{intake_id}")).json()
    assert (file["status"], file["withdraw_reason"]) == ("withdrawn", "Gọi đùa")
    assert (await sa_pa_officer.get("/tasks")).json()["items"] == []
    assert len(await events("intake.withdrawn")) == len(await events("hotline_referral.withdrawn")) == 1
    again = await hotline_111.post(f"{HERE}/withdraw", json={"reason": "x"}, headers={"If-Match": '"2"'})
    assert (again.status_code, code_of(again)) == (409, "referral_withdrawn")
    assert code_of(await _post(hotline_111, "/updates")) == "referral_withdrawn"


async def test_a_referral_that_was_taken_up_stays(hotline_111, sa_pa_officer):
    intake_id = (await refer(hotline_111)).json()["intake_id"]
    await sa_pa_officer.post(f"/intakes/{intake_id}/acknowledge", json={}, headers={"If-Match": '"1"'})
    answer = await _post(hotline_111, "/withdraw")
    assert (answer.status_code, code_of(answer)) == (409, "referral_taken_up")
    assert answer.json()["intake_status"] == "acknowledged"


async def test_what_was_put_aside_is_received_again_by_what_the_hotline_adds_and_never_before_that(
    clock, hotline_111, sa_pa_officer
):
    """Heard before it was put aside and sent after: the clocks begin where the report says it is received again."""
    clock.set(CALLED)
    address = f"/intakes/{(await refer(hotline_111)).json()['intake_id']}"
    for heard_later, version in ((timedelta(hours=-3), 1), (timedelta(hours=3), 3)):
        clock.forward(hours=6)
        aside, body = clock.at, {"reason": "Không có căn cứ."}
        put = await sa_pa_officer.post(f"{address}/dismiss", json=body, headers={"If-Match": f'"{version}"'})
        assert put.status_code == 200, put.text
        clock.forward(hours=8)
        heard = aside + heard_later
        added = await _post(hotline_111, "/updates", text="Gọi lại", happened_at=heard.isoformat())
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


async def test_a_place_that_no_list_has_is_kept_in_words_and_told(hotline_111, operator_111, sa_pa_officer, rows):
    nowhere = {"unit_id": 99_999_999, "text": "Gần chợ"}
    told = {"narrative": "Tiếng khóc.", "place": nowhere}
    taken = await sa_pa_officer.post("/intakes", json=told, headers={"Idempotency-Key": "place"})
    assert (taken.status_code, [(one["code"], one["pointer"]) for one in taken.json()["warnings"]]) == (
        201, [("place_unknown", "/place/unit_id")])  # fmt: skip
    file = (await sa_pa_officer.get(f"/intakes/{taken.json()['id']}")).json()
    kept = "Gần chợ; mã đơn vị 99999999: không có trong danh mục"
    assert (file["place_unit_id"], file["place_text"]) == (None, kept)
    known = told | {"place": {"unit_id": SA_PA}}
    taken = await sa_pa_officer.post("/intakes", json=known, headers={"Idempotency-Key": "known"})
    assert taken.json()["warnings"] == []

    code = {"province": {"code": "987654", "as_of": "2025-07-01"}}
    for status in (201, 200):
        sent = await refer(hotline_111, place=code)
        assert (sent.status_code, sent.json()["office"]) == (status, None), sent.text
        assert [one["pointer"] for one in sent.json()["warnings"]] == ["/place/province/code"]
    added = await _post(hotline_111, "/updates", text="Gần chợ", place=nowhere)
    assert [one["code"] for one in added.json()["warnings"]] == ["place_unknown"]
    [report] = await rows("SELECT place_text FROM intakes WHERE source_id IS NOT NULL")
    assert report["place_text"] == "mã hành chính 987654 (ngày 01/07/2025): không có trong danh mục"
    [update] = await rows("SELECT place_unit_id, place_text FROM intake_updates")
    assert (update["place_unit_id"], update["place_text"]) == (None, kept)


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
        answer = await _post(hotline_111, "/updates", text="Gọi lại: cháu đang bị đánh.", emergency=True, **more)
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
    assert (await _post(hotline_111, "/updates", text="Cảm ơn.")).status_code == 200
    async with database.as_superuser() as connection:
        await connection.execute("UPDATE intakes SET status = 'entered_in_error'")
    answer, _ = await call_again()
    assert (answer.status_code, code_of(answer)) == (409, "no_case_open"), "nobody looks at what was an error"


async def test_a_hotline_starts_no_clock_but_those_of_a_report_that_is_received_anew(
    hotline_111, sa_pa_officer, database, rows
):
    """The gate takes the clocks from whoever asks it, and judges which they are."""
    receipt = (await refer(hotline_111)).json()
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


@pytest.mark.parametrize(
    ("over", "place", "code"),
    [
        ({"external_ref": None}, "/external_ref", "string_type"),
        ({"external_ref": ""}, "/external_ref", "string_too_short"),
        ({"external_ref": "a/b"}, "/external_ref", "string_pattern_mismatch"),
        ({"external_ref": "x" * 101}, "/external_ref", "string_pattern_mismatch"),
        ({"received_at": None}, "/received_at", "datetime_type"),
        ({"received_at": "2999-01-01T00:00:00Z"}, "/received_at", "date_out_of_range"),
        ({"received_at": "2026-11-20T10:00:00"}, "/received_at", "timezone_missing"),
        ({"children": [{"estimated_age": 40}]}, "/children/0/estimated_age", "less_than_equal"),
        ({"unknown": True}, "/unknown", "extra_forbidden"),
    ],
)
async def test_bad_input_is_told_and_nothing_is_stored(hotline_111, rows, over: dict, place, code):
    answer = await refer(hotline_111, **over)
    assert faults_of(answer) == {place: code}
    assert await rows("SELECT 1 FROM hotline_referrals") == await rows("SELECT 1 FROM intakes") == []


async def test_only_hotlines_refer_and_hotlines_read_no_reports(hotline_111, sa_pa_officer, nobody):
    intake_id = (await refer(hotline_111)).json()["intake_id"]
    assert (await refer(sa_pa_officer)).status_code == 403
    assert (await refer(nobody)).status_code == 401
    assert (await hotline_111.get(f"/intakes/{intake_id}")).status_code == 403
    assert (await hotline_111.get("/intakes")).status_code == 403


async def test_a_referral_without_a_key_is_refused(hotline_111):
    answer = await hotline_111.post("/hotline/referrals", json=REFERRAL)
    assert (answer.status_code, code_of(answer)) == (400, "idempotency_key_required")


async def test_the_wall_holds_where_a_query_forgets_it(hotline_111, hotline_lao_cai, database, rows):
    await refer(hotline_111)
    [referral] = await rows("SELECT source_id FROM hotline_referrals")
    assert referral["source_id"] == HOTLINE_SOURCE
    async with database.as_superuser() as connection:
        await connection.execute("SET LOCAL ROLE childcare_hotline; SET LOCAL app.source_id = ''")
        assert await connection.fetch("SELECT 1 FROM hotline_referrals") == []
        await connection.execute(f"SET LOCAL app.source_id = '{HOTLINE_SOURCE}'")
        assert len(await connection.fetch("SELECT 1 FROM hotline_referrals")) == 1


@pytest.mark.committed
async def test_racing_posts_of_one_referral_make_one_report(hotline_111, rows):
    answers = await asyncio.gather(*(refer(hotline_111) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert len(await rows("SELECT 1 FROM intakes")) == 1
    racing = [refer(hotline_111, key="same", external_ref="111-2") for _ in range(8)]
    codes = sorted(answer.status_code for answer in await asyncio.gather(*racing))
    assert set(codes) <= {201, 409}
    assert len(await rows("SELECT 1 FROM intakes")) == 2
