"""What a hotline was told of a step that was entered in error is taken back; nothing it read is rewritten.

Also where its report joins a case: it goes on being told, of that case, until the joining was the error.
"""

from uuid import uuid4

import pytest
from tests.cases.stories import INITIAL_ASSESSMENT, MEASURE, REVIEW, File, tag
from tests.people import SA_PA

from childcare_api.exchange.jobs import HANDLERS
from childcare_api.jobs.worker import work_once
from childcare_api.shared import clock as time

REFERRAL = {"external_ref": "111-7", "received_at": "2026-11-20T03:00:00Z", "place": {"unit_id": SA_PA}}
WRONG = {"reason": "Nhầm trẻ."}


@pytest.fixture
def told(database, hotline_111):
    """Do what the worker does until nothing waits, and read what the hotline was told."""

    async def run(ref: str = "111-7") -> list[dict]:
        while await work_once(database, HANDLERS):
            pass
        answer = await hotline_111.get(f"/hotline/referrals/tong-dai-111/{ref}/feedback?limit=200")
        assert answer.status_code == 200, answer.text
        return answer.json()["items"]

    return run


async def assessed(hotline, officer, ref: str = "111-7") -> str:
    """Refer a report, which the commune acknowledges and assesses; return its address."""
    body = REFERRAL | {"external_ref": ref, "children": [{"full_name": "Vàng A Pao"}]}
    calm = INITIAL_ASSESSMENT | {"emergency": False}
    answer = await hotline.post("/hotline/referrals", json=body, headers={"Idempotency-Key": str(uuid4())})
    address = f"/intakes/{answer.json()['intake_id']}"
    assert (await officer.post(f"{address}/acknowledge", json={}, headers=tag(1))).status_code == 200
    assert (await officer.post(f"{address}/assess", json=calm, headers=tag(2))).status_code == 200
    return address


@pytest.fixture
async def report(hotline_111, sa_pa_officer) -> str:
    """A referral that the commune acknowledged and assessed."""
    return await assessed(hotline_111, sa_pa_officer)


async def opened(officer, report: str) -> File:
    now = await officer.get(report)
    body = {"children": [{"intake_child_id": now.json()["children"][0]["id"]}]}
    answer = await officer.post(f"{report}/open-case", json=body, headers={"If-Match": now.headers["ETag"]})
    assert answer.status_code == 201, answer.text
    return File(answer.json()["cases"][0]["id"])


async def test_an_initial_assessment_in_error_is_taken_back(report, sa_pa_officer, told):
    heard = await told()
    assert [each["kind"] for each in heard] == ["acknowledged", "assessed"]
    [assessment] = (await sa_pa_officer.get(report)).json()["assessments"]
    marked = await sa_pa_officer.post(
        f"{report}/assessments/{assessment['id']}/entered-in-error", json=WRONG, headers=tag(3)
    )
    assert marked.status_code == 200, marked.text
    *before, last = await told()
    assert before == heard
    assert (last["kind"], last["corrects_id"]) == ("taken_back", heard[1]["id"])
    assert await told() == [*before, last]


async def test_a_closure_in_error_opens_the_case_again_and_says_so_everywhere(
    report, sa_pa_officer, sa_pa_leader, told, events, rows
):
    file = await opened(sa_pa_officer, report)
    plan_id = await file.plan_submitted(sa_pa_officer, time.now())
    await file.approve(sa_pa_leader, plan_id, time.today().isoformat())
    await file.tell_everybody(sa_pa_officer)
    review = await file.do(sa_pa_officer, "/reviews", REVIEW)

    async def asked() -> list[str]:
        answer = await sa_pa_leader.get("/tasks", params={"subject_id": str(file.case_id)})
        return [task["rule"] for task in answer.json()["items"]]

    assert await asked() == ["case.close"]
    await file.do(sa_pa_leader, "/close", {})
    assert await asked() == []
    heard = await told()
    assert [each["kind"] for each in heard] == [
        "acknowledged",
        "assessed",
        "case_opened",
        "plan_approved",
        "case_closed",
    ]

    # An officer's mark does not undo the leader's decision by the way.
    timeline = (await sa_pa_leader.get(f"/cases/{file.case_id}/timeline")).json()["items"]
    closure = timeline[-1]["id"]
    for part, step in (("reviews", review["id"]), ("opening", timeline[0]["id"])):
        refused = await file.post(sa_pa_officer, f"/{part}/{step}/entered-in-error", WRONG)
        assert (refused.status_code, refused.json()["closure_id"]) == (409, closure), refused.text
        assert refused.json()["type"].endswith("closure_stands_on_it")
    assert await told() == heard

    marked = await file.do(sa_pa_leader, f"/closures/{closure}/entered-in-error", WRONG)
    assert (marked["case_status"], marked["no_longer_counts"]) == ("ready_to_close", [closure])
    assert await asked() == ["case.close"]
    [event] = await events("case.step_entered_in_error")
    assert (event["detail"]["undone"], event["detail"]["status"]) == ([closure], "ready_to_close")
    *before, last = await told()
    assert before == heard
    assert (last["kind"], last["corrects_id"], last["case_id"]) == ("taken_back", heard[-1]["id"], str(file.case_id))

    # What stood on a wrong assessment falls with it, and is taken back with it.
    assessment = (await sa_pa_officer.get(f"/cases/{file.case_id}/assessments")).json()["items"][0]["id"]
    marked = await file.do(sa_pa_officer, f"/assessments/{assessment}/entered-in-error", WRONG)
    assert (marked["case_status"], len(marked["no_longer_counts"])) == ("planning", 7)
    last = (await told())[-1]
    assert (last["kind"], last["corrects_id"]) == ("taken_back", heard[3]["id"])
    assert {row["failure"] for row in await rows("SELECT failure FROM outbox")} == {None}


async def test_what_is_marked_before_it_was_told_is_not_told(report, sa_pa_officer, told):
    file = await opened(sa_pa_officer, report)
    steps = (await sa_pa_officer.get(f"/cases/{file.case_id}/timeline")).json()["items"]
    await file.do(sa_pa_officer, f"/opening/{steps[0]['id']}/entered-in-error", WRONG)
    assert [each["kind"] for each in await told()] == ["acknowledged", "assessed"]


def said(entries: list[dict]) -> list[tuple[str, str | None]]:
    """Return what was told, and of which case; of what was taken back, what that had been."""
    kinds = {each["id"]: each["kind"] for each in entries}
    return [(kinds.get(each["corrects_id"], "") + " " + each["kind"], each["case_id"]) for each in entries]


async def test_a_report_that_joined_a_case_goes_on_being_told_of_it_and_not_of_which(
    report, hotline_111, sa_pa_officer, sa_pa_leader, told, rows
):
    file = await opened(sa_pa_officer, report)
    other = await assessed(hotline_111, sa_pa_officer, "111-8")
    new = await opened(sa_pa_officer, other)
    await new.do(sa_pa_officer, "/emergency-measures", MEASURE)
    begun = [" acknowledged", " assessed", " case_opened"]
    assert [kind for kind, _ in said(await told("111-8"))] == [*begun, " emergency_measure_taken"]
    joined = await new.do(sa_pa_officer, "/join", {"case_id": file.case_id, "reason": "Cùng một trẻ."})
    # The case of its own was none; that the child was protected stays true.
    heard = await told("111-8")
    assert said(heard)[4:] == [("case_opened taken_back", new.case_id), (" case_joined", None)]
    assert [kind for kind, _ in said(await told())] == begun

    await file.refresh(sa_pa_officer)
    plan_id = await file.plan_submitted(sa_pa_officer, time.now())
    await file.approve(sa_pa_leader, plan_id, time.today().isoformat())
    await file.do(sa_pa_officer, "/reviews", REVIEW)
    await file.tell_everybody(sa_pa_officer)
    await file.do(sa_pa_leader, "/close", {})
    assert said(await told("111-8"))[6:] == [(" plan_approved", None), (" case_closed", None)]
    assert said(await told())[3:] == [(" plan_approved", file.case_id), (" case_closed", file.case_id)]
    closure = (await sa_pa_leader.get(f"/cases/{file.case_id}/timeline")).json()["items"][-1]["id"]
    await file.do(sa_pa_leader, f"/closures/{closure}/entered-in-error", WRONG)
    assert said(await told("111-8"))[8:] == [("case_closed taken_back", None)]
    first = await told()
    assert said(first)[5:] == [("case_closed taken_back", file.case_id)]

    # Another child after all: nothing of that case was about this report, which is worked on anew.
    (step,) = joined["step_ids"]
    await file.do(sa_pa_officer, f"/reports/{step}/entered-in-error", WRONG)
    assert said(await told("111-8"))[9:] == [("case_joined taken_back", None), ("plan_approved taken_back", None)]
    again = await opened(sa_pa_officer, other)
    assert said(await told("111-8"))[11:] == [(" case_opened", again.case_id)]
    assert await told() == first
    assert file.case_id not in str(await told("111-8"))
    assert {row["failure"] for row in await rows("SELECT failure FROM outbox")} == {None}


async def test_an_opening_by_mistake_is_taken_back_with_those_that_joined_it_and_told_when_opened_again(
    report, hotline_111, sa_pa_officer, told
):
    file = await opened(sa_pa_officer, report)
    other = await assessed(hotline_111, sa_pa_officer, "111-8")
    now = await sa_pa_officer.get(other)
    body = {"case_id": file.case_id, "intake_child_id": now.json()["children"][0]["id"]}
    answer = await sa_pa_officer.post(f"{other}/join-case", json=body, headers={"If-Match": now.headers["ETag"]})
    assert answer.status_code == 200, answer.text
    assert said(await told("111-8"))[2:] == [(" case_joined", None)]
    (opening, *_) = (await sa_pa_officer.get(f"/cases/{file.case_id}/timeline")).json()["items"]
    await file.refresh(sa_pa_officer)
    await file.do(sa_pa_officer, f"/opening/{opening['id']}/entered-in-error", WRONG)
    assert said(await told())[2:] == [(" case_opened", file.case_id), ("case_opened taken_back", file.case_id)]
    assert said(await told("111-8"))[3:] == [("case_joined taken_back", None)]
    again = await opened(sa_pa_officer, report)
    assert said(await told())[4:] == [(" case_opened", again.case_id)]
    assert len(await told("111-8")) == 4
