"""What happens to a report after it came in: acknowledged, handed over, assessed, put aside."""

from datetime import timedelta
from uuid import uuid4

import pytest
from tests.answers import code_of, faults_of
from tests.people import LAI_CHAU, LAO_CAI, SA_PA, TA_LENG, TA_VAN

from childcare_api.shared.ids import new_id

ASSESSMENT = {
    "harm_level": "high",
    "harm_doer_access": "high",
    "care_obstacles": "low",
    "self_protection": "low",
    "emergency": True,
    "conclusion": "Cần can thiệp ngay",
}
MEASURE = {"kind": "medical_care", "description": "Đưa đến trạm y tế"}


@pytest.fixture
def receive(sa_pa_village_collaborator):
    """Take a report in as a collaborator, so that the commune still has to acknowledge it."""

    async def run(**body):
        body = {"narrative": "Có tiếng trẻ khóc."} | body
        answer = await sa_pa_village_collaborator.post("/intakes", json=body, headers={"Idempotency-Key": str(uuid4())})
        assert answer.status_code == 201, answer.text
        return answer.json()["id"]

    return run


async def step(person, intake_id: str, command: str, body: dict | None = None, *, version: int = 1, **headers: str):
    return await person.post(
        f"/intakes/{intake_id}/{command}",
        json=body or {},
        headers={"If-Match": f'"{version}"', "Idempotency-Key": str(uuid4()), **headers},
    )


async def put_aside(person, intake_id: str, reason: str = "Không có căn cứ.") -> int:
    """Find no danger in a report, and put it aside as unfounded. Returns its version then."""
    file = (await person.get(f"/intakes/{intake_id}")).json()
    steps = [("assess", ASSESSMENT | {"emergency": False}), ("dismiss", {"reason": reason})]
    for command, body in ([("acknowledge", {})] if file["status"] == "received" else []) + steps:
        answer = await step(person, intake_id, command, body, version=file["row_version"])
        assert answer.status_code == 200, answer.text
        file = answer.json()
    return file["row_version"]


async def tasks_of(person, intake_id: str) -> dict[str, dict]:
    items = (await person.get(f"/tasks?whose=my_unit&subject_id={intake_id}")).json()["items"]
    return {task["rule"]: task for task in items}


async def test_the_commune_acknowledges_a_report(clock, receive, sa_pa_officer, lao_cai_province_officer, events, rows):
    intake_id = await receive()
    clock.forward(minutes=20)
    answer = await step(sa_pa_officer, intake_id, "acknowledge")
    assert answer.status_code == 200, answer.text
    assert (answer.json()["status"], answer.json()["row_version"], answer.headers["etag"]) == ("acknowledged", 2, '"2"')
    clock.forward(hours=2)
    assert (await lao_cai_province_officer.get("/tasks")).json()["items"] == []
    [event] = await events("intake.acknowledged")
    assert (event["subject_id"], event["holder_province_id"]) == (intake_id, LAO_CAI)
    [task] = await rows("SELECT * FROM tasks WHERE rule_code = 'intake.acknowledge'")
    assert task["done_at"] == clock.at - timedelta(hours=2)


async def test_steps_keep_to_their_order(receive, sa_pa_officer):
    intake_id = await receive()
    early = await step(sa_pa_officer, intake_id, "assess", ASSESSMENT)
    assert (early.status_code, code_of(early)) == (409, "intake_status_forbids")
    assert early.json()["intake_status"] == "received"
    assert "`POST /intakes/{id}/acknowledge`" in early.json()["detail"]
    await step(sa_pa_officer, intake_id, "acknowledge")
    twice = await step(sa_pa_officer, intake_id, "acknowledge", version=2)
    assert (twice.status_code, code_of(twice)) == (409, "intake_status_forbids")


async def test_a_step_needs_the_version_that_was_read(receive, sa_pa_officer):
    intake_id = await receive()
    missing = await sa_pa_officer.post(f"/intakes/{intake_id}/acknowledge", json={})
    stale = await step(sa_pa_officer, intake_id, "acknowledge", version=7)
    assert (missing.status_code, stale.status_code, stale.json()["row_version"]) == (428, 412, 1)


async def test_a_step_cannot_have_happened_in_the_future_or_before_the_report(clock, receive, sa_pa_officer):
    intake_id = await receive()
    # A report from elsewhere is confirmed once it is here, whenever it was first heard.
    for at, code in ((clock.at + timedelta(minutes=1), "in_future"), (clock.at - timedelta(seconds=1), "too_early")):
        answer = await step(sa_pa_officer, intake_id, "acknowledge", {"happened_at": at.isoformat()})
        assert faults_of(answer) == {"/happened_at": code}


async def test_an_emergency_assessment_with_a_measure_meets_the_twelve_hours_and_asks_for_a_case(
    clock, receive, sa_pa_officer, lao_cai_province_officer, rows
):
    intake_id = await receive(harm_doers=[{"relation": "mother"}])
    received = clock.at
    await step(sa_pa_officer, intake_id, "acknowledge")
    clock.forward(hours=3)
    measured = received + timedelta(hours=2)
    body = {**ASSESSMENT, "safety_measures": [{**MEASURE, "happened_at": measured.isoformat()}]}
    answer = await step(sa_pa_officer, intake_id, "assess", body, version=2)
    assert answer.status_code == 200, answer.text
    file = answer.json()
    assert (file["status"], file["emergency_grounds"]) == ("assessed", ["harm_doer_is_carer", "assessed"])
    [assessment] = file["assessments"]
    assert assessment["totals"] == {"high": 2, "medium": 0, "low": 1}
    assert [each["kind"] for each in assessment["safety_measures"]] == ["medical_care"]
    # What is left is the case: the child is safe for the moment and must not be forgotten.
    asks = await tasks_of(sa_pa_officer, intake_id)
    assert set(asks) == {"case.open"}
    assert (asks["case.open"]["basis"], asks["case.open"]["as_soon_as_possible"]) == ("house", True)
    assert "Điều 52.2" in asks["case.open"]["article"]
    assert [task["rule"] for task in (await sa_pa_officer.get("/tasks")).json()["items"]] == ["case.open"]
    clock.forward(hours=25)
    assert [task["rule"] for task in (await lao_cai_province_officer.get("/tasks")).json()["items"]] == ["case.open"]
    [task] = await rows("SELECT * FROM tasks WHERE rule_code = 'emergency.intervene'")
    assert task["done_at"] == measured


async def test_an_emergency_found_by_the_assessment_runs_from_the_receipt(clock, receive, sa_pa_officer):
    intake_id = await receive(harm_doers=[{"relation": "neighbour"}])
    received = clock.at
    await step(sa_pa_officer, intake_id, "acknowledge")
    clock.forward(hours=3)
    await step(sa_pa_officer, intake_id, "assess", ASSESSMENT, version=2)
    task = (await tasks_of(sa_pa_officer, intake_id))["emergency.intervene"]
    assert task["due_at"] == (received + timedelta(hours=12)).isoformat().replace("+00:00", "Z")


async def test_an_assessment_without_danger_ends_what_was_only_stated(receive, sa_pa_officer):
    intake_id = await receive(emergency=True)
    await step(sa_pa_officer, intake_id, "acknowledge")
    answer = await step(sa_pa_officer, intake_id, "assess", {**ASSESSMENT, "emergency": False}, version=2)
    assert (answer.json()["emergency"], set(await tasks_of(sa_pa_officer, intake_id))) == (False, {"case.open"})
    await step(sa_pa_officer, intake_id, "dismiss", {"reason": "Không có thật"}, version=3)
    assert await tasks_of(sa_pa_officer, intake_id) == {}


async def test_an_assessment_entered_in_error_is_done_again(receive, sa_pa_officer, events):
    intake_id = await receive(harm_doers=[{"relation": "father"}])
    await step(sa_pa_officer, intake_id, "acknowledge")
    body = {**ASSESSMENT, "safety_measures": [MEASURE]}
    [assessment] = (await step(sa_pa_officer, intake_id, "assess", body, version=2)).json()["assessments"]
    wrong = f"assessments/{assessment['id']}/entered-in-error"
    answer = await step(sa_pa_officer, intake_id, wrong, {"reason": "Nhầm trẻ"}, version=3)
    assert answer.status_code == 200, answer.text
    file = answer.json()
    assert (file["status"], file["emergency_grounds"]) == ("acknowledged", ["harm_doer_is_carer"])
    assert file["assessments"][0]["entered_in_error_reason"] == "Nhầm trẻ"
    assert set(await tasks_of(sa_pa_officer, intake_id)) == {"intake.assess", "emergency.intervene"}
    again = await step(sa_pa_officer, intake_id, wrong, {"reason": "Nhầm trẻ"}, version=4)
    assert again.status_code == 409
    assert len(await events("intake.assessment_entered_in_error")) == 1


async def test_the_province_sends_a_report_on_to_its_commune(
    clock, ta_van_officer, sa_pa_officer, lao_cai_province_officer, events, rows
):
    place = {"province": {"unit_id": LAO_CAI}, "text": "bản gần chợ"}
    body = {"place": place, "harm_doers": [{"relation": "father"}], "children": [{"full_name": "Vàng Thị Sua"}]}
    posted = await ta_van_officer.post("/intakes", json=body, headers={"Idempotency-Key": "a"})
    intake_id = posted.json()["id"]
    called = clock.at
    clock.forward(minutes=30)
    answer = await step(
        lao_cai_province_officer, intake_id, "transfer", {"to": {"unit_id": SA_PA}, "reason": "Chợ Sa Pa"}
    )
    assert answer.status_code == 200, answer.text
    assert (answer.json()["office"]["unit_id"], answer.headers["ETag"]) == (SA_PA, '"2"')
    file = (await sa_pa_officer.get(f"/intakes/{intake_id}")).json()
    assert (file["status"], file["commune_id"], file["row_version"]) == ("received", SA_PA, 2)
    assert [child["full_name"] for child in file["children"]] == ["Vàng Thị Sua"]
    assert file["transfers"][0]["to_unit_id"] == SA_PA
    tasks = await tasks_of(sa_pa_officer, intake_id)
    assert set(tasks) == {"intake.acknowledge", "intake.assess", "emergency.intervene"}
    emergency = tasks["emergency.intervene"]
    assert emergency["due_at"] == (called + timedelta(hours=12)).isoformat().replace("+00:00", "Z")
    assert emergency["receipt_at"] == clock.at.isoformat().replace("+00:00", "Z")
    [given] = await events("intake.handed_over")
    [arrived] = await events("intake.arrived")
    assert (given["holder_province_id"], arrived["holder_commune_id"]) == (LAO_CAI, SA_PA)
    [task] = await rows("SELECT * FROM tasks WHERE rule_code = 'intake.route'")
    assert task["done_at"] is not None
    assert (await ta_van_officer.get(f"/intakes/{intake_id}")).status_code == 200


async def test_a_commune_hands_over_and_keeps_reading_what_it_gave_away(
    receive, sa_pa_officer, ta_leng_officer, ta_van_officer, lao_cai_province_officer, sa_pa_inspector
):
    intake_id = await receive(children=[{"full_name": "Lò Văn Páo"}])
    await step(sa_pa_officer, intake_id, "acknowledge")
    body = {"to": {"unit_id": TA_LENG}, "reason": "Xảy ra ở Tả Lèng"}
    answer = await step(sa_pa_officer, intake_id, "transfer", body, version=2)
    assert answer.status_code == 200, answer.text
    assert (await ta_leng_officer.get(f"/intakes/{intake_id}")).json()["status"] == "received"
    assert (await sa_pa_officer.get(f"/intakes/{intake_id}")).status_code == 200
    assert (await sa_pa_officer.get("/intakes")).json()["items"] == []
    assert (await step(sa_pa_officer, intake_id, "acknowledge", version=3)).status_code == 404
    assert (await ta_van_officer.get(f"/intakes/{intake_id}")).status_code == 404
    assert (await lao_cai_province_officer.get(f"/intakes/{intake_id}")).status_code == 404
    back = await step(ta_leng_officer, intake_id, "transfer", {**body, "to": {"unit_id": SA_PA}}, version=3)
    assert back.status_code == 200, back.text
    assert len((await sa_pa_officer.get("/intakes")).json()["items"]) == 1
    assert (await sa_pa_officer.get("/intakes?shared=true")).json()["items"] == []
    assert (await ta_leng_officer.get(f"/intakes/{intake_id}")).status_code == 200


async def test_an_assessed_report_is_assessed_again_where_it_happened(clock, receive, sa_pa_officer, ta_leng_officer):
    intake_id = await receive()
    received = clock.at
    await step(sa_pa_officer, intake_id, "acknowledge")
    await step(sa_pa_officer, intake_id, "assess", ASSESSMENT, version=2)
    clock.forward(hours=1)
    body = {"to": {"unit_id": TA_LENG}, "reason": "Xảy ra ở Tả Lèng"}
    assert (await step(sa_pa_officer, intake_id, "transfer", body, version=3)).status_code == 200
    tasks = await tasks_of(ta_leng_officer, intake_id)
    assert set(tasks) == {"intake.acknowledge", "intake.assess", "emergency.intervene"}
    due = (received + timedelta(hours=12)).isoformat().replace("+00:00", "Z")
    assert tasks["intake.assess"]["due_at"] == tasks["emergency.intervene"]["due_at"] == due
    await step(ta_leng_officer, intake_id, "acknowledge", version=4)
    calm = {**ASSESSMENT, "emergency": False}
    file = (await step(ta_leng_officer, intake_id, "assess", calm, version=5)).json()
    assert [each["emergency"] for each in file["assessments"]] == [True, False]
    assert file["emergency"] is True


async def test_a_commune_may_ask_its_province_to_find_the_place(receive, sa_pa_officer, lao_cai_province_officer):
    intake_id = await receive()
    body = {"to": {"province": {"unit_id": LAO_CAI}}, "reason": "Không rõ xã"}
    assert (await step(sa_pa_officer, intake_id, "transfer", body)).status_code == 200
    assert "intake.route" in await tasks_of(lao_cai_province_officer, intake_id)
    again = await step(lao_cai_province_officer, intake_id, "transfer", body, version=2)
    assert (again.status_code, code_of(again)) == (409, "already_there")


@pytest.mark.parametrize(
    ("to", "status", "code"),
    [
        ({"text": "đâu đó"}, 409, "place_unknown"),
        ({"unit_id": 99_999_999}, 409, "place_unknown"),
        ({"code": "03006"}, 422, "validation_failed"),
    ],
)
async def test_a_report_is_not_sent_nowhere(receive, sa_pa_officer, to: dict, status: int, code: str):
    intake_id = await receive()
    answer = await step(sa_pa_officer, intake_id, "transfer", {"to": to, "reason": "x"})
    assert (answer.status_code, code_of(answer)) == (status, code)


async def test_a_report_is_not_sent_to_where_it_is(receive, sa_pa_officer):
    intake_id = await receive()
    answer = await step(sa_pa_officer, intake_id, "transfer", {"to": {"unit_id": SA_PA}, "reason": "x"})
    assert faults_of(answer) == {"/to": "own_commune"}


async def test_another_provinces_officer_cannot_pull_a_report_over(receive, lai_chau_province_officer, ta_van_officer):
    intake_id = await receive()
    for stranger, to in ((lai_chau_province_officer, LAI_CHAU), (ta_van_officer, TA_VAN)):
        hidden = await step(stranger, intake_id, "transfer", {"to": {"unit_id": to}, "reason": "x"})
        missing = await step(stranger, str(new_id()), "transfer", {"to": {"unit_id": to}, "reason": "x"})
        assert hidden.status_code == missing.status_code == 404
        assert hidden.json()["detail"] == missing.json()["detail"]


async def test_the_reporter_is_revealed_only_with_a_reason_and_an_event(
    receive, sa_pa_officer, lao_cai_province_officer, ta_van_officer, events
):
    intake_id = await receive(reporter={"full_name": "Má A Dế", "phone": "0912000111"})
    address = f"/intakes/{intake_id}/reporter"
    assert (await sa_pa_officer.get(address)).status_code == 400
    assert await events("intake.reporter_revealed") == []
    answer = await sa_pa_officer.get(address, headers={"X-Action-Reason": "verify by telephone"})
    assert (answer.status_code, answer.json()["phone"]) == (200, "0912000111")
    [event] = await events("intake.reporter_revealed")
    assert (event["reason"], event["subject_id"]) == ("verify by telephone", intake_id)
    spoken = "Gọi lại hỏi chỗ ở của cháu".encode()
    assert (await sa_pa_officer.get(address, headers={"X-Action-Reason": spoken})).status_code == 200
    assert (await events("intake.reporter_revealed"))[-1]["reason"] == spoken.decode()
    assert (await sa_pa_officer.get(address, headers={"X-Action-Reason": b"\x01 \x02"})).status_code == 400
    assert (await lao_cai_province_officer.get(address, headers={"X-Action-Reason": "x"})).status_code == 403
    assert (await ta_van_officer.get(address, headers={"X-Action-Reason": "x"})).status_code == 404


async def test_who_may_not_work_on_reports(receive, sa_pa_leader, lao_cai_province_officer, bo_y_te_analyst):
    intake_id = await receive()
    for person in (sa_pa_leader, lao_cai_province_officer, bo_y_te_analyst):
        assert (await step(person, intake_id, "acknowledge")).status_code == 403
    assert (await sa_pa_leader.get(f"/intakes/{intake_id}")).status_code == 200
