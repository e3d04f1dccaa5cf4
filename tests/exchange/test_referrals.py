"""A hotline refers reports, takes them back, and reads its own alone."""

import asyncio
from datetime import timedelta

import pytest
from tests.answers import code_of, faults_of
from tests.exchange.referring import CALLED, HERE, REFERRAL, post, refer
from tests.people import HA_NOI, HOTLINE_SOURCE, LAO_CAI, SA_PA


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
        answer = await (hotline_lao_cai.get(HERE + path) if path == "/feedback" else post(hotline_lao_cai, path))
        assert answer.status_code == 404, path


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
    answer = await post(hotline_111, "/updates", text="Người báo gọi lại", place={"unit_id": SA_PA})
    assert answer.status_code == 200, answer.text
    assert (answer.json()["office"]["unit_id"], answer.json()["row_version"]) == (SA_PA, 2)
    assert (await hotline_111.get("/tasks")).json()["items"] == []
    file = (await sa_pa_officer.get(f"/intakes/{receipt['intake_id']}")).json()
    assert [update["text"] for update in file["updates"]] == ["Người báo gọi lại"]
    assert {child["full_name"] for child in file["children"]} == {"Lý Văn Chải", None}
    tasks = {task["rule"] for task in (await sa_pa_officer.get("/tasks")).json()["items"]}
    assert tasks == {"intake.acknowledge", "intake.assess", "emergency.intervene"}


async def test_a_referral_can_be_taken_back_while_nobody_answers_for_it(hotline_111, sa_pa_officer, events):
    intake_id = (await refer(hotline_111)).json()["intake_id"]
    stale = await hotline_111.post(f"{HERE}/withdraw", json={"reason": "x"}, headers={"If-Match": '"9"'})
    missing = await hotline_111.post(f"{HERE}/withdraw", json={"reason": "x"})
    assert (stale.status_code, missing.status_code) == (412, 428)
    answer = await post(hotline_111, "/withdraw", reason="Gọi đùa")
    assert (answer.status_code, answer.json()["status"]) == (200, "withdrawn")
    file = (await sa_pa_officer.get(f"/intakes/{intake_id}")).json()
    assert (file["status"], file["withdraw_reason"]) == ("withdrawn", "Gọi đùa")
    assert (await sa_pa_officer.get("/tasks")).json()["items"] == []
    assert len(await events("intake.withdrawn")) == len(await events("hotline_referral.withdrawn")) == 1
    again = await hotline_111.post(f"{HERE}/withdraw", json={"reason": "x"}, headers={"If-Match": '"2"'})
    assert (again.status_code, code_of(again)) == (409, "referral_withdrawn")
    assert code_of(await post(hotline_111, "/updates")) == "referral_withdrawn"


async def test_a_referral_that_was_taken_up_stays(hotline_111, sa_pa_officer):
    intake_id = (await refer(hotline_111)).json()["intake_id"]
    await sa_pa_officer.post(f"/intakes/{intake_id}/acknowledge", json={}, headers={"If-Match": '"1"'})
    answer = await post(hotline_111, "/withdraw")
    assert (answer.status_code, code_of(answer)) == (409, "referral_taken_up")
    assert answer.json()["intake_status"] == "acknowledged"


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
    added = await post(hotline_111, "/updates", text="Gần chợ", place=nowhere)
    assert [one["code"] for one in added.json()["warnings"]] == ["place_unknown"]
    [report] = await rows("SELECT place_text FROM intakes WHERE source_id IS NOT NULL")
    assert report["place_text"] == "mã hành chính 987654 (ngày 01/07/2025): không có trong danh mục"
    [update] = await rows("SELECT place_unit_id, place_text FROM intake_updates")
    assert (update["place_unit_id"], update["place_text"]) == (None, kept)


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
