"""What is added to a report reaches the cases it stands in, wherever they are led, and no less secret one."""

from datetime import timedelta
from uuid import UUID

import pytest
from tests.answers import code_of
from tests.cases.stories import MEASURE as TAKEN
from tests.cases.stories import REPORT, REVIEW, File, tag
from tests.intake.test_steps import step, tasks_of
from tests.intake.test_updating import CALM, NEW, added, iso, received
from tests.people import SA_PA, TA_VAN

from childcare_api.shared import clock as time


@pytest.fixture
async def led_elsewhere(sa_pa_officer):
    """A calm report of Sa Pa on two brothers with an addition, and their cases: one is led in Sa Pa, one in Tả Van."""
    intake_id = await received(sa_pa_officer, **REPORT | {"harm_doers": [{"relation": "neighbour"}]})
    file = await added(sa_pa_officer, intake_id, 1, text="Cháu nghỉ học.")
    file = (await step(sa_pa_officer, intake_id, "assess", CALM, version=2)).json()
    cases = []
    for version, child, to in ((3, 0, None), (4, 1, TA_VAN)):
        wanted = {"intake_child_id": file["children"][child]["id"]}
        body = {"children": [wanted if to is None else wanted | {"residence": {"unit_id": to}}]}
        opened = await step(sa_pa_officer, intake_id, "open-case", body, version=version)
        assert opened.status_code == 201, opened.text
        cases.append(opened.json()["cases"][0]["id"])
    return intake_id, *cases


async def test_what_is_added_reaches_every_case_on_the_report_wherever_it_is_led(
    led_elsewhere, clock, sa_pa_officer, ta_van_officer, database, events
):
    intake_id, own, elsewhere = led_elsewhere
    # What was added before the case was opened stands in it from the start.
    for who, case_id in ((sa_pa_officer, own), (ta_van_officer, elsewhere)):
        items = (await who.get(f"/cases/{case_id}/timeline")).json()["items"]
        assert [(one["kind"], one["note"]) for one in items][:2] == [
            ("opening", None),
            ("report_updated", "Cháu nghỉ học."),
        ]
    clock.forward(days=1)
    there = File(elsewhere)
    await there.refresh(ta_van_officer)
    await there.do(ta_van_officer, "/emergency-measures", TAKEN)
    clock.forward(hours=2)
    heard = clock.at - timedelta(hours=1)
    file = await added(sa_pa_officer, intake_id, 5, emergency=True, happened_at=iso(heard))
    assert (file["status"], file["emergencies"]) == ("case_opened", [iso(heard)])
    assert await tasks_of(sa_pa_officer, intake_id) == {}, "its cases' clocks run"
    for who, case_id in ((sa_pa_officer, own), (ta_van_officer, elsewhere)):
        head = (await who.get(f"/cases/{case_id}")).json()
        items = (await who.get(f"/cases/{case_id}/timeline")).json()["items"]
        assert (head["emergency"], items[-1]["kind"], items[-1]["note"]) == (True, "report_updated", NEW["text"])
        assert items[-1]["about_id"] == file["updates"][-1]["id"]
        task = (await tasks_of(who, case_id))["emergency.intervene"]
        assert (task["starts_at"], task["due_at"]) == (iso(heard), iso(heard + timedelta(hours=12)))
        stale = await who.post(f"/cases/{case_id}/progress-notes", json={"note": "x"}, headers={"If-Match": '"1"'})
        assert stale.status_code == 412
    told = await events("case.report_updated")
    assert {event["subject_id"] for event in told[-2:]} == {own, elsewhere}
    assert {event["holder_commune_id"] for event in told[-2:]} == {SA_PA, TA_VAN}
    # The commune that leads meets it; read off the file there, the clock is the same one.
    await there.refresh(ta_van_officer)
    await there.do(ta_van_officer, "/progress-notes", {"note": "Đang đến."})
    assert (await tasks_of(ta_van_officer, elsewhere))["emergency.intervene"]["starts_at"] == iso(heard)
    await there.do(ta_van_officer, "/emergency-measures", TAKEN)
    assert "emergency.intervene" not in await tasks_of(ta_van_officer, elsewhere)

    wrong = f"updates/{file['updates'][-1]['id']}/entered-in-error"
    marked = await step(sa_pa_officer, intake_id, wrong, {"reason": "Nhà khác."}, version=6)
    assert marked.json()["emergency"] is False
    head = (await sa_pa_officer.get(f"/cases/{own}")).json()
    assert (head["emergency"], "emergency.intervene" in await tasks_of(sa_pa_officer, own)) == (False, False)
    items = (await sa_pa_officer.get(f"/cases/{own}/timeline")).json()["items"]
    assert (items[-1]["counts"], items[-1]["entered_in_error_reason"]) == (False, "Nhà khác.")
    stray = await step(sa_pa_officer, intake_id, wrong, {"reason": "x"}, version=7)
    assert code_of(stray) == "already_entered_in_error"

    # Once nobody works on it any more, what is new is a report of its own.
    async with database.as_superuser() as connection:
        await connection.execute("UPDATE cases SET status = 'closed', closed_at = opened_at, closed_by = opened_by")
    refused = await step(sa_pa_officer, intake_id, "updates", NEW | {"emergency": True}, version=7)
    assert (refused.status_code, code_of(refused)) == (409, "no_case_open")
    assert len((await sa_pa_officer.get(f"/intakes/{intake_id}")).json()["updates"]) == 2


async def test_an_error_after_a_measure_was_not_met_by_it(led_elsewhere, clock, sa_pa_officer, rows):
    intake_id, own, _ = led_elsewhere
    case = File(own)
    await case.refresh(sa_pa_officer)
    await case.do(sa_pa_officer, "/emergency-measures", TAKEN)
    clock.forward(hours=5)
    file = await added(sa_pa_officer, intake_id, 5, emergency=True)
    wrong = f"updates/{file['updates'][-1]['id']}/entered-in-error"
    assert (await step(sa_pa_officer, intake_id, wrong, {"reason": "Nhà khác."}, version=6)).status_code == 200
    [task] = await rows(
        "SELECT done_at, cancel_reason FROM tasks WHERE rule_code = 'emergency.intervene' AND subject_id = $1",
        UUID(own),
    )
    assert (task["done_at"], task["cancel_reason"]) == (None, "no_longer_due")


async def test_what_others_told_is_not_for_the_commune_of_the_incident(led_elsewhere, sa_pa_officer, ta_van_officer):
    _, _, elsewhere = led_elsewhere
    other = await received(ta_van_officer, **REPORT | {"place": {"unit_id": TA_VAN}})
    file = (await step(ta_van_officer, other, "assess", CALM)).json()
    body = {"case_id": elsewhere, "intake_child_id": file["children"][1]["id"]}
    assert (await step(ta_van_officer, other, "join-case", body, version=2)).status_code == 200
    await added(ta_van_officer, other, 3)
    seen = [(await who.get(f"/cases/{elsewhere}/timeline")).json()["items"] for who in (ta_van_officer, sa_pa_officer)]
    assert [NEW["text"] in {one["note"] for one in items} for items in seen] == [True, False]
    assert [one["kind"] for one in seen[1]] == ["opening"]


async def test_an_addition_stands_once_in_a_case_whose_child_the_report_names_twice(sa_pa_officer):
    intake_id = await received(sa_pa_officer, **REPORT | {"harm_doers": [{"relation": "neighbour"}]})
    await added(sa_pa_officer, intake_id, 1, text="Cháu nghỉ học.")
    file = (await step(sa_pa_officer, intake_id, "assess", CALM, version=2)).json()
    first, second = (child["id"] for child in file["children"])
    opened = await step(sa_pa_officer, intake_id, "open-case", {"children": [{"intake_child_id": first}]}, version=3)
    case_id = opened.json()["cases"][0]["id"]
    body = {"case_id": case_id, "intake_child_id": second}
    assert (await step(sa_pa_officer, intake_id, "join-case", body, version=4)).status_code == 200
    await added(sa_pa_officer, intake_id, 5)
    items = (await sa_pa_officer.get(f"/cases/{case_id}/timeline")).json()["items"]
    assert [one["note"] for one in items if one["kind"] == "report_updated"] == ["Cháu nghỉ học.", NEW["text"]]
    # An error as a whole, the case takes nothing in any more.
    case = File(case_id)
    await case.refresh(sa_pa_officer)
    await case.do(sa_pa_officer, f"/opening/{items[0]['id']}/entered-in-error", {"reason": "Nhầm nhà."})
    after = (await sa_pa_officer.get(f"/cases/{case_id}/timeline")).json()["items"]
    assert [one["id"] for one in after] == [one["id"] for one in items]


async def test_what_is_added_to_a_sealed_report_is_told_in_no_less_secret_case(
    led_elsewhere, clock, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_leader
):
    """The commune of the brother's case learns at once that it is danger, and from its leader what was said."""
    intake_id, own, elsewhere = led_elsewhere
    path = f"/cases/{own}/confidentiality"
    version = (await sa_pa_leader.get(path)).json()["row_version"]
    seal = {"level": "sealed", "reason": "Người gây hại có người nhà ở xã bên."}
    assert (await sa_pa_leader.put(path, json=seal, headers=tag(version))).status_code == 200
    clock.forward(hours=1)
    version = (await sa_pa_officer.get(f"/intakes/{intake_id}")).json()["row_version"]
    await added(sa_pa_officer, intake_id, version, emergency=True)
    for who, case_id, note in ((sa_pa_officer, own, NEW["text"]), (ta_van_officer, elsewhere, None)):
        items = (await who.get(f"/cases/{case_id}/timeline")).json()["items"]
        assert (items[-1]["kind"], items[-1]["note"]) == ("report_updated", note)
        assert (await who.get(f"/cases/{case_id}")).json()["emergency"] is True
        assert (await tasks_of(who, case_id))["emergency.intervene"]["starts_at"] == iso(clock.at)
    for address in ("", "/timeline", "/reports", "/standing"):
        assert NEW["text"] not in (await ta_van_officer.get(f"/cases/{elsewhere}{address}")).text
    assert (await ta_van_officer.get(f"/intakes/{intake_id}")).status_code == 404
    assert (await ta_van_leader.get(f"/intakes/{intake_id}")).json()["updates"][-1]["text"] == NEW["text"]


async def test_what_was_added_while_a_case_was_closed_reaches_it_when_it_is_open_again(
    led_elsewhere, clock, sa_pa_officer, ta_van_officer, ta_van_leader, events
):
    intake_id, _, elsewhere = led_elsewhere
    case, version = File(elsewhere), 5
    plan_id = await case.plan_submitted(ta_van_officer, time.now())
    await case.approve(ta_van_leader, plan_id, time.today().isoformat())
    await case.do(ta_van_officer, "/reviews", REVIEW)
    await case.tell_everybody(ta_van_officer)

    async def meanwhile(**body) -> list[dict]:
        nonlocal version
        await case.do(ta_van_leader, "/close", {})
        clock.forward(hours=20)
        await added(sa_pa_officer, intake_id, version, **body)
        version += 1
        items = (await ta_van_officer.get(f"/cases/{elsewhere}/timeline")).json()["items"]
        assert items[-1]["kind"] == "closure"
        return items

    closed = await meanwhile(text="Cháu đi học lại.")
    wrong = {"reason": "Đóng nhầm hồ sơ."}
    await case.do(ta_van_leader, f"/closures/{closed[-1]['id']}/entered-in-error", wrong)
    await case.refresh(ta_van_leader)
    closed = await meanwhile(emergency=True)
    assert [one["note"] for one in closed if one["kind"] == "report_updated"] == ["Cháu nghỉ học.", "Cháu đi học lại."]
    heard = clock.at
    clock.forward(hours=2)
    head = await case.do(ta_van_leader, "/reopen", {"reason": "Người gây hại đã quay về."})
    assert (head["status"], head["emergency"]) == ("replanning", True)
    items = (await ta_van_officer.get(f"/cases/{elsewhere}/timeline")).json()["items"]
    assert [(one["kind"], one["note"]) for one in items[-1:]] == [("report_updated", NEW["text"])]
    assert (await tasks_of(ta_van_officer, elsewhere))["emergency.intervene"]["starts_at"] == iso(heard)
    told = [one for one in await events("case.report_updated") if one["subject_id"] == elsewhere]
    assert len({one["detail"]["step_id"] for one in told}) == 3
