"""A second report on a child that has a case."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest
from tests.answers import code_of
from tests.cases.stories import ASSESSMENT, MEASURE, REFERRAL, REPORT, TRANSFER, File, separation, tag
from tests.intake.test_steps import step, tasks_of
from tests.intake.test_updating import CALM, NEW, added, received
from tests.people import SA_PA, TA_VAN

from childcare_api.shared import clock as time


async def test_a_second_report_joins_the_case_and_its_emergency_gives_twelve_hours_again(
    assessed_report, case_id, clock, sa_pa_officer, ta_leng_officer, tasks, rows
):
    file = File(case_id)
    await file.do(sa_pa_officer, "/emergency-measures", MEASURE)
    clock.forward(hours=30)
    report = await assessed_report(emergency=True, relation="mother", received_at=clock.at - timedelta(hours=1))
    body = {"case_id": str(case_id), "intake_child_id": str(report.children[0])}

    async def join(change: dict | None = None, version: int = report.row_version):
        return await sa_pa_officer.post(
            f"/intakes/{report.id}/join-case", json=body | (change or {}), headers=tag(version)
        )

    stranger = await join({"intake_child_id": str(case_id)})
    assert (stranger.status_code, stranger.json()["errors"][0]["pointer"]) == (422, "/intake_child_id")
    joined = await join()
    assert joined.status_code == 200, joined.text
    assert joined.json()["emergency"] is True
    assert "emergency.intervene" in await tasks(case_id)
    (task,) = await rows(
        "SELECT due_at FROM tasks WHERE subject_id = $1 AND rule_code = 'emergency.intervene' AND done_at IS NULL",
        case_id,
    )
    assert task["due_at"] == report.received_at + timedelta(hours=12)
    of_report = "SELECT rule_code FROM tasks WHERE subject_id = $1 AND done_at IS NULL AND cancelled_at IS NULL"
    assert await rows(of_report, report.id) == []
    twice = await join(version=joined.json()["row_version"])
    assert (twice.status_code, code_of(twice)) == (409, "report_joined")
    report.row_version = joined.json()["row_version"]
    assert code_of(await report.open(sa_pa_officer)) == "child_has_case"
    reports = (await sa_pa_officer.get(f"/cases/{case_id}/reports")).json()["items"]
    assert [one["kind"] for one in reports] == ["opening", "report_joined"]
    assert reports[1]["initial_assessment"]["harm_level"] == "medium"

    # The mother is named by the new report, so hers are not asked for either.
    wishes = [{"relation": "mother", "wishes": "Đón con về."}]
    refused = await file.post(sa_pa_officer, "/assessments", ASSESSMENT | {"carers_wishes": wishes})
    await file.refresh(sa_pa_officer)
    refused = await file.post(sa_pa_officer, "/assessments", ASSESSMENT | {"carers_wishes": wishes})
    assert (code_of(refused), refused.json()["relations"]) == ("harm_doer_is_not_asked", ["mother"])
    await file.do(sa_pa_officer, "/emergency-measures", MEASURE)
    assert await tasks(case_id) == {"case.assess"}
    step = joined.json()["step_id"]
    await file.do(sa_pa_officer, f"/reports/{step}/entered-in-error", {"reason": "Trẻ khác."})
    assert (await file.refresh(sa_pa_officer))["emergency"] is False
    # Joined by mistake, the report is as free as before for a case of its own.
    assert "case.open" in await tasks(report.id)
    report.row_version += 1
    assert (await report.open(sa_pa_officer)).status_code == 201


async def test_a_report_that_landed_elsewhere_reaches_the_case_through_the_one_it_opened_there(
    assessed_report, clock, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_leader, tasks, rows, events
):
    """Sa Pa hears of a child whose case Tả Van leads: it opens one there, and Tả Van makes the two one."""
    first = await assessed_report(emergency=False, relation="neighbour")
    old, other = [one["id"] for one in (await first.open(sa_pa_officer, {"unit_id": TA_VAN})).json()["cases"]]
    file = File(old)
    await file.do(ta_van_officer, "/progress-notes", {"note": "Đã đến thăm."})
    (grant,) = (await ta_van_leader.get(f"/cases/{old}/grants")).json()["items"]
    await file.do(ta_van_leader, f"/grants/{grant['id']}/revoke", {"reason": "Không còn liên quan."})
    for_a_day = {"commune_id": SA_PA, "kinds": ["review"], "reason": "x", "valid_to": time.today().isoformat()}
    await file.do(ta_van_leader, "/grants", for_a_day)
    clock.forward(hours=30)
    report = await assessed_report(emergency=True, relation="mother", received_at=clock.at - timedelta(hours=1))
    new = File((await report.open(sa_pa_officer, {"unit_id": TA_VAN})).json()["cases"][0]["id"])
    assert "emergency.intervene" in await tasks(new.case_id)
    path, same = "/join", {"case_id": old, "reason": "Cùng tên, cùng nhà; trưởng thôn xác nhận."}
    assert (await new.post(ta_van_leader, path, same)).status_code == 403
    for wrong in (str(new.case_id), str(report.children[0])):
        refused = await new.post(ta_van_officer, path, same | {"case_id": wrong})
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/case_id")
    assert (await new.post(sa_pa_officer, path, same)).status_code == 404
    apart = await new.do(ta_van_leader, "/separations", separation(time.today()))
    assert code_of(await new.post(ta_van_officer, path, same)) == "separation_runs"
    await new.do(ta_van_leader, f"/separations/{apart['id']}/entered-in-error", {"reason": "Nhầm."})

    joined = await new.do(ta_van_officer, path, same)
    assert (joined["case_id"], joined["emergency"], len(joined["step_ids"])) == (old, True, 1)
    assert (await new.refresh(ta_van_officer))["status"] == "entered_in_error"
    assert await tasks(new.case_id) == set()
    (task,) = await rows(
        "SELECT due_at FROM tasks WHERE subject_id = $1 AND rule_code = 'emergency.intervene' AND done_at IS NULL",
        UUID(old),
    )
    assert task["due_at"] == report.received_at + timedelta(hours=12)
    again = await new.post(ta_van_officer, path, same)
    assert (again.status_code, code_of(again)) == (409, "case_not_in_state")
    # The commune of the incident sees its own part again, and the mother named by its report is not asked for wishes.
    timeline = (await sa_pa_officer.get(f"/cases/{old}/timeline")).json()["items"]
    assert [one["kind"] for one in timeline] == ["opening"]
    await file.refresh(ta_van_officer)
    wishes = [{"relation": "mother", "wishes": "Đón con về."}]
    refused = await file.post(ta_van_officer, "/assessments", ASSESSMENT | {"carers_wishes": wishes})
    assert (code_of(refused), refused.json()["relations"]) == ("harm_doer_is_not_asked", ["mother"])
    assert [one["subject_id"] for one in await events("case.report_joined")] == [old]

    # Two children of the register are never made one.
    ids = []
    for case in (old, other):
        child = {"full_name": "Vàng A Pao", "sex": "male", "born_on": "2018-05-12"}
        ids.append((await File(case).do(ta_van_officer, "/register-child", {"child": child}))["child_id"])
    two = await File(other).post(ta_van_officer, path, same)
    assert (two.status_code, code_of(two), len(set(ids))) == (409, "cases_of_two_children", 2)


async def test_what_was_added_to_a_report_goes_over_with_it_and_each_emergency_with_what_met_it(
    assessed_report, case_id, clock, sa_pa_officer, tasks, rows
):
    report = await assessed_report(emergency=False, relation="neighbour")

    async def tell(text: str) -> str:
        path = f"/intakes/{report.id}"
        headers = {"If-Match": (await sa_pa_officer.get(path)).headers["ETag"]}
        told = await sa_pa_officer.post(f"{path}/updates", json={"text": text, "emergency": True}, headers=headers)
        assert told.status_code == 201, told.text
        report.row_version = told.json()["row_version"]
        return told.json()["emergencies"][-1]

    async def running(case: UUID) -> list[str]:
        open_tasks = "SELECT starts_at FROM tasks WHERE subject_id = $1 AND rule_code = 'emergency.intervene'"
        found = await rows(open_tasks + " AND done_at IS NULL AND cancelled_at IS NULL", case)
        return [one["starts_at"].isoformat().replace("+00:00", "Z") for one in found]

    clock.forward(hours=1)
    first = await tell("Cháu bị khoá trong nhà.")
    mine, brothers = (UUID(one["id"]) for one in (await report.open(sa_pa_officer)).json()["cases"])
    new = File(mine)
    assert await running(new.case_id) == [first]
    clock.forward(hours=1)
    await new.do(sa_pa_officer, "/emergency-measures", MEASURE)
    clock.forward(days=1)
    second = await tell("Lại bị khoá.")
    assert await running(new.case_id) == [second]

    await new.refresh(sa_pa_officer)
    joined = await new.do(sa_pa_officer, "/join", {"case_id": str(case_id), "reason": "Cùng một trẻ."})
    assert (joined["emergency"], await running(new.case_id), await running(case_id)) == (True, [], [second])
    items = (await sa_pa_officer.get(f"/cases/{case_id}/timeline")).json()["items"]
    assert [one["kind"] for one in items] == ["opening", "report_joined", "report_updated", "report_updated"]
    assert {one["stands_on"][0] for one in items[2:]} == {items[1]["id"]}
    own, theirs = (await sa_pa_officer.get(f"/cases/{case_id}/reports")).json()["items"]
    added = [(one["text"], one["emergency_since"], one["counts"]) for one in theirs["updates"]]
    assert (own["updates"], added) == (
        [], [("Cháu bị khoá trong nhà.", first, True), ("Lại bị khoá.", second, True)])  # fmt: skip
    # Told again, it goes where the report stands now, and goes with it.
    clock.forward(hours=1)
    await tell("Đã ra ngoài được.")
    file = File(case_id)
    await file.refresh(sa_pa_officer)
    await file.do(sa_pa_officer, f"/reports/{items[1]['id']}/entered-in-error", {"reason": "Trẻ khác."})
    items = (await sa_pa_officer.get(f"/cases/{case_id}/timeline")).json()["items"]
    assert [one["counts"] for one in items] == [True, False, False, False, False]
    assert (await running(case_id), await running(brothers)) == ([], [first]), "his brother was not seen yet"


async def test_what_is_under_way_is_settled_before_a_case_is_joined_or_was_an_error_and_the_rest_stays_readable(
    assessed_report, case_id, sa_pa_officer, sa_pa_leader
):
    """Whoever was asked would wait for nobody, and nobody would answer for a child that is kept apart."""
    report = await assessed_report(emergency=False, relation="neighbour")
    new = File((await report.open(sa_pa_officer)).json()["cases"][0]["id"])
    await new.do(sa_pa_officer, "/progress-notes", {"note": "Đã gặp cháu."})
    court = {
        "court": "Tòa án nhân dân khu vực 1",
        "request_number": "3/TTr-UBND",
        "requested_on": time.today().isoformat(),
        "measures": ["restrict_rights"],
        "grounds": ["harm_or_risk_by_carer"],
        "reason": "Cha còn ở trong nhà.",
    }
    same = {"case_id": str(case_id), "reason": "Cùng một trẻ."}
    opening = (await sa_pa_officer.get(f"/cases/{new.case_id}/timeline")).json()["items"][0]["id"]
    mark = (f"/opening/{opening}/entered-in-error", {"reason": "Nhầm trẻ."})
    apart = await new.do(sa_pa_leader, "/separations", separation(time.today()))
    assert code_of(await new.post(sa_pa_officer, *mark)) == "separation_runs"
    await new.do(sa_pa_leader, f"/separations/{apart['id']}/entered-in-error", {"reason": "Nhầm."})
    waiting = []
    for who, command, body, end in (
        (sa_pa_officer, "/referrals", REFERRAL, "/referrals/{}/withdraw"),
        (sa_pa_leader, "/transfer", TRANSFER, "/transfers/{}/withdraw"),
        (
            sa_pa_officer,
            "/placement-requests",
            {"commune_id": TA_VAN, "message": "x"},
            "/placement-requests/{}/withdraw",
        ),
        (sa_pa_leader, "/court-requests", court, "/court-requests/{}/entered-in-error"),
    ):
        step = (await new.do(who, command, body))["id"]
        waiting.append((who, step, end.format(step)))
    while waiting:
        refused = await new.post(sa_pa_officer, "/join", same)
        assert (code_of(refused), refused.json()["step_ids"]) == ("case_not_settled", [one[1] for one in waiting])
        refused = await new.post(sa_pa_officer, *mark)
        assert (code_of(refused), refused.json()["step_ids"]) == ("case_not_settled", [one[1] for one in waiting])
        who, _, end = waiting.pop(0)
        await new.do(who, end, {"reason": "Trẻ đã có hồ sơ."})
    await new.do(sa_pa_officer, "/join", same)
    (_, joined) = (await sa_pa_officer.get(f"/cases/{case_id}/reports")).json()["items"]
    found = (await sa_pa_officer.get("/cases", params={"sibling_group_id": joined["intake_id"]})).json()["items"]
    assert (new.case_id, "entered_in_error") in [(one["id"], one["status"]) for one in found]
    (note,) = (await sa_pa_officer.get(f"/cases/{new.case_id}/progress-notes")).json()["items"]
    assert note["note"] == "Đã gặp cháu."


@pytest.mark.committed
async def test_two_cases_that_are_joined_both_ways_at_once_leave_one(assessed_report, sa_pa_officer, rows):
    """Both are locked in one order, so nobody waits for the other for ever, and the file does not vanish."""
    for _ in range(4):
        files = []
        for _ in range(2):
            report = await assessed_report(emergency=False, relation="neighbour")
            files.append(File((await report.open(sa_pa_officer)).json()["cases"][0]["id"]))
            await files[-1].refresh(sa_pa_officer)
        first, second = files
        answers = await asyncio.gather(
            *(
                one.post(sa_pa_officer, "/join", {"case_id": other.case_id, "reason": "Cùng một trẻ."})
                for one, other in ((first, second), (second, first))
            )
        )
        statuses = sorted(one.status_code for one in answers)
        assert (statuses[0], statuses[1] in {409, 412}) == (200, True), [one.text for one in answers]
        found = await rows("SELECT status FROM cases WHERE id = ANY ($1)", [UUID(one.case_id) for one in files])
        assert sorted(row["status"] for row in found) == ["entered_in_error", "opened"]


async def test_an_addition_stays_in_a_case_while_its_report_stands_there(case_id, clock, sa_pa_officer):
    intake_id = await received(sa_pa_officer, **REPORT | {"harm_doers": [{"relation": "neighbour"}]})
    children = (await step(sa_pa_officer, intake_id, "assess", CALM)).json()["children"]
    joined = []
    for version, child in enumerate(children, start=2):
        body = {"case_id": str(case_id), "intake_child_id": child["id"]}
        joined.append((await step(sa_pa_officer, intake_id, "join-case", body, version=version)).json()["step_id"])
    case = File(case_id)
    await case.refresh(sa_pa_officer)
    await case.do(sa_pa_officer, "/emergency-measures", MEASURE)
    clock.forward(hours=1)
    await added(sa_pa_officer, intake_id, 4, emergency=True)
    for wrong, stays in zip(joined, (True, False), strict=True):
        await case.refresh(sa_pa_officer)
        await case.do(sa_pa_officer, f"/reports/{wrong}/entered-in-error", {"reason": "Nhầm dòng."})
        items = (await sa_pa_officer.get(f"/cases/{case_id}/timeline")).json()["items"]
        assert [one["note"] for one in items if one["kind"] == "report_updated" and one["counts"]] == [
            NEW["text"]
        ] * stays
        assert ("emergency.intervene" in await tasks_of(sa_pa_officer, str(case_id))) is stays
