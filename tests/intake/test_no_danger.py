"""When a report may be put aside, or is marked as an error: what its danger waits for, and what stops with it."""

import asyncio
from datetime import timedelta

import pytest
from tests.answers import code_of, faults_of
from tests.intake.test_steps import ASSESSMENT, put_aside, receive, step, tasks_of
from tests.people import TA_LENG

from childcare_api.shared.ids import new_id

__all__ = ["receive"]


async def test_danger_is_put_aside_once_the_last_assessment_found_none(clock, receive, sa_pa_officer, events):
    """Of what was told since, too (NĐ 56/2017, Điều 26.2); nobody waits with sending it on, or with an error."""
    aside = {"reason": "Không có thật"}
    intake_id = await receive(harm_doers=[{"relation": "father"}], children=[{"full_name": "Lý Thị Mẩy"}])
    version = 1
    for command, body, why in (
        ("acknowledge", {}, "not_assessed"),
        ("assess", ASSESSMENT, "not_assessed"),
        ("assess", {**ASSESSMENT, "emergency": False}, "danger_found"),
        ("updates", {"channel": "phone", "text": "Cháu khóc to.", "emergency": True}, None),
        ("assess", {**ASSESSMENT, "emergency": False}, "not_assessed"),
    ):
        running = set(await tasks_of(sa_pa_officer, intake_id))
        if why is not None:
            refused = await step(sa_pa_officer, intake_id, "dismiss", aside, version=version)
            assert (code_of(refused), refused.json()["why"]) == ("emergency_not_refuted", why), command
            assert set(await tasks_of(sa_pa_officer, intake_id)) == running >= {"emergency.intervene"}
        clock.forward(minutes=10)
        answer = await step(sa_pa_officer, intake_id, command, body, version=version)
        assert answer.is_success, answer.text
        version = answer.json()["row_version"]
    wrong = {**aside, "reason": " "}
    assert (await step(sa_pa_officer, intake_id, "dismiss", wrong, version=version)).status_code == 422
    # Nor is it said to have been put aside, or a case opened, before it was assessed.
    before = {"happened_at": (clock.at - timedelta(minutes=11)).isoformat()}
    child = (await sa_pa_officer.get(f"/intakes/{intake_id}")).json()["children"][0]["id"]
    for command, body in (("dismiss", aside), ("open-case", {"children": [{"intake_child_id": child}]})):
        refused = await step(sa_pa_officer, intake_id, command, body | before, version=version)
        assert (faults_of(refused), "assessed" in refused.text) == ({"/happened_at": "too_early"}, True), command
    assert (await step(sa_pa_officer, intake_id, "dismiss", aside, version=version)).status_code == 200
    assert (await tasks_of(sa_pa_officer, intake_id), len(await events("intake.dismissed"))) == ({}, 1)

    other = await receive(emergency=True)
    sent_on = {"to": {"unit_id": TA_LENG}, "reason": "Xảy ra ở Tả Lèng"}
    assert (await step(sa_pa_officer, other, "transfer", sent_on)).status_code == 200


async def test_an_assessment_of_before_says_nothing_of_danger_that_was_told_after_it(clock, receive, sa_pa_officer):
    """Written down late, it neither ends the 12 hours of a call since, nor outweighs what was found after that."""
    intake_id, aside = await receive(), {"reason": "Không có thật"}
    assert (await step(sa_pa_officer, intake_id, "acknowledge", {})).status_code == 200
    clock.forward(hours=3)
    call = {"channel": "phone", "text": "Cháu khóc to.", "emergency": True}
    assert (await step(sa_pa_officer, intake_id, "updates", call, version=2)).status_code == 201
    morning = {**ASSESSMENT, "emergency": False, "happened_at": (clock.at - timedelta(hours=1)).isoformat()}
    clock.forward(minutes=10)
    judged = ((morning, "not_assessed"), (ASSESSMENT, "danger_found"), (morning, "danger_found"))
    for version, (found, why) in enumerate(judged, start=3):
        assert (await step(sa_pa_officer, intake_id, "assess", found, version=version)).status_code == 200
        refused = await step(sa_pa_officer, intake_id, "dismiss", aside, version=version + 1)
        assert (code_of(refused), refused.json()["why"]) == ("emergency_not_refuted", why)
        assert "emergency.intervene" in await tasks_of(sa_pa_officer, intake_id)


async def test_danger_does_not_end_by_a_mark_that_its_report_was_an_error(clock, receive, sa_pa_officer, events):
    """Whether there is any, an assessment says (NĐ 56/2017, Điều 26.2, 26.3), of what was never told as well."""
    slip, marked = {"reason": "Nhập thử."}, "entered-in-error"
    intake_id = await receive(emergency=True)
    for version, (command, body, why) in enumerate(
        (
            ("acknowledge", {}, "not_assessed"),
            ("assess", ASSESSMENT, "not_assessed"),
            ("assess", {**ASSESSMENT, "emergency": False}, "danger_found"),
        ),
        start=1,
    ):
        refused = await step(sa_pa_officer, intake_id, marked, slip, version=version)
        assert (code_of(refused), refused.json()["why"]) == ("emergency_not_refuted", why), command
        assert "`POST /intakes/{id}/assess`" in refused.json()["detail"]
        assert "emergency.intervene" in await tasks_of(sa_pa_officer, intake_id)
        clock.forward(minutes=10)
        assert (await step(sa_pa_officer, intake_id, command, body, version=version)).status_code == 200
    answer = await step(sa_pa_officer, intake_id, marked, slip, version=4)
    assert (answer.json()["status"], answer.json()["same_as_id"]) == ("entered_in_error", None)
    assert (await tasks_of(sa_pa_officer, intake_id), len(await events("intake.entered_in_error"))) == ({}, 1)


async def test_a_report_that_was_taken_in_twice_names_the_one_that_stays(
    clock, receive, sa_pa_officer, sa_pa_village_collaborator, ta_leng_officer, events
):
    first = await receive(emergency=True, harm_doers=[{"relation": "father"}])
    calm, gone = await receive(), await receive(emergency=True)
    await put_aside(sa_pa_officer, gone)
    clock.forward(minutes=5)
    second = await receive(emergency=True)
    posted = await ta_leng_officer.post("/intakes", json={"narrative": "x"}, headers={"Idempotency-Key": "a"})

    async def mark(intake_id, same_as, person=sa_pa_officer, version=1):
        body = {"reason": "Nhập hai lần.", "same_as_id": same_as}
        return await step(person, intake_id, "entered-in-error", body, version=version)

    for doubled, stays, code in (
        (second, second, "not_worked_on"),
        (second, gone, "not_worked_on"),
        (second, calm, "danger_told_here_first"),
        (first, second, "danger_told_here_first"),
        (second, posted.json()["id"], "no_such_record"),
        (second, str(new_id()), "no_such_record"),
    ):
        assert faults_of(await mark(doubled, stays)) == {"/same_as_id": code}
    assert (await mark(second, first, version=2)).status_code == 412
    assert (await mark(second, first, ta_leng_officer)).status_code == 404
    assert (await mark(second, first, sa_pa_village_collaborator)).status_code == 403
    assert set(await tasks_of(sa_pa_officer, second)) >= {"emergency.intervene"}

    answer = await mark(second, first)
    assert (answer.json()["status"], answer.json()["same_as_id"]) == ("entered_in_error", first)
    assert await tasks_of(sa_pa_officer, second) == {}
    assert set(await tasks_of(sa_pa_officer, first)) >= {"emergency.intervene", "intake.assess"}
    [event] = await events("intake.entered_in_error")
    assert (event["subject_id"], event["detail"]["same_as_id"]) == (second, first)
    assert faults_of(await mark(first, second)) == {"/same_as_id": "not_worked_on"}
    assert faults_of(await mark(calm, second)) == {"/same_as_id": "not_worked_on"}
    assert (await mark(calm, first)).json()["same_as_id"] == first


async def test_danger_that_was_told_after_the_other_report_was_assessed_is_not_the_same(clock, receive, sa_pa_officer):
    """It was not judged with that one: it is assessed itself, and joins the case (NĐ 56/2017, Điều 26.2, 26.3)."""
    old = await receive(emergency=True)
    assert (await step(sa_pa_officer, old, "acknowledge", {})).status_code == 200
    twice = await receive(emergency=True)
    clock.forward(minutes=30)
    assert (await step(sa_pa_officer, old, "assess", ASSESSMENT, version=2)).status_code == 200
    clock.forward(days=300)
    fresh, calm = await receive(emergency=True), await receive()
    slip = {"reason": "Nhập hai lần.", "same_as_id": old}
    refused = await step(sa_pa_officer, fresh, "entered-in-error", slip)
    assert faults_of(refused) == {"/same_as_id": "judged_before"}
    assert "emergency.intervene" in await tasks_of(sa_pa_officer, fresh)
    for doubled in (twice, calm):
        assert (await step(sa_pa_officer, doubled, "entered-in-error", slip)).json()["same_as_id"] == old


async def test_a_report_is_not_put_aside_before_the_last_time_it_was_assessed(clock, receive, sa_pa_officer):
    """Which is the last that was made, not the last that was written down; and the dossier keeps that one, too."""
    intake_id = await receive(children=[{"full_name": "Lý Thị Mẩy"}])
    assert (await step(sa_pa_officer, intake_id, "acknowledge", {})).status_code == 200
    received, calm = clock.at, ASSESSMENT | {"emergency": False}
    clock.forward(hours=3)
    of_now = await step(sa_pa_officer, intake_id, "assess", calm | {"harm_level": "medium"}, version=2)
    clock.forward(minutes=10)
    morning = calm | {"happened_at": (received + timedelta(hours=1)).isoformat()}
    assert (await step(sa_pa_officer, intake_id, "assess", morning, version=3)).status_code == 200
    before = {"reason": "Không có thật", "happened_at": (received + timedelta(hours=2)).isoformat()}
    refused = await step(sa_pa_officer, intake_id, "dismiss", before, version=4)
    assert faults_of(refused) == {"/happened_at": "too_early"}
    child = {"children": [{"intake_child_id": of_now.json()["children"][0]["id"]}]}
    opened = await step(sa_pa_officer, intake_id, "open-case", child, version=4)
    assert opened.status_code == 201, opened.text
    case_id = (await sa_pa_officer.get("/cases")).json()["items"][0]["id"]
    [kept] = (await sa_pa_officer.get(f"/cases/{case_id}/reports")).json()["items"]
    assert kept["initial_assessment"]["harm_level"] == "medium"


@pytest.mark.committed
async def test_of_two_reports_that_double_each_other_one_stays(sa_pa_officer):
    """Two people who each mark the other's entry at once leave one of the two, whoever was first."""
    for round_ in range(4):
        made = []
        for number in range(2):
            body = {"narrative": "Bố đánh cháu.", "emergency": True, "received_at": "2026-01-05T01:00:00Z"}
            key = {"Idempotency-Key": f"{round_}-{number}"}
            made.append((await sa_pa_officer.post("/intakes", json=body, headers=key)).json()["id"])
        one, other = made
        slip = {"reason": "Nhập hai lần."}
        answers = await asyncio.gather(
            step(sa_pa_officer, one, "entered-in-error", slip | {"same_as_id": other}),
            step(sa_pa_officer, other, "entered-in-error", slip | {"same_as_id": one}),
        )
        assert sorted(answer.status_code for answer in answers) == [200, 422]


@pytest.mark.parametrize(("command", "status"), [("dismiss", "dismissed"), ("entered-in-error", "entered_in_error")])
async def test_a_report_put_aside_stays_readable_and_its_clocks_stop(
    receive, sa_pa_officer, events, command: str, status: str
):
    intake_id = await receive(harm_doers=[{"relation": "neighbour"}])
    answer = await step(sa_pa_officer, intake_id, command, {"reason": "Không có trẻ nào ở đó"})
    assert answer.status_code == 200, answer.text
    assert answer.json()["status"] == status
    assert await tasks_of(sa_pa_officer, intake_id) == {}
    assert (await sa_pa_officer.get(f"/intakes/{intake_id}")).status_code == 200
    assert len(await events(f"intake.{status}")) == 1
    assert (await step(sa_pa_officer, intake_id, "acknowledge", version=2)).status_code == 409
