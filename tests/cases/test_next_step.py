"""What is to be done next stands as a task in every state of a case that is not at its end."""

import pytest
from tests.cases.stories import ASSESSMENT, MEASURE, PLAN, REVIEW, RISKY_REVIEW, File, meeting

from childcare_api.cases.advising.schemas import StandingOut
from childcare_api.cases.file.commands import OPEN
from childcare_api.cases.file.models import CaseStatus
from childcare_api.shared import clock as time


@pytest.mark.parametrize("emergency", [False, True])
async def test_something_is_asked_of_somebody_until_a_case_ends(  # noqa: PLR0915 - one story
    assessed_report, clock, sa_pa_officer, sa_pa_leader, emergency
):
    """Down the whole procedure, its ways back included. In an emergency the working days are only the latest."""
    report = await assessed_report(emergency=emergency, relation="father" if emergency else "neighbour")
    file = File((await report.open(sa_pa_officer)).json()["cases"][0]["id"])
    seen: set[str] = set()

    async def asked() -> set[str]:
        """Return the clocks that run, having seen that somebody is named for each and the next step is stated."""
        standing = StandingOut.model_validate((await sa_pa_officer.get(f"/cases/{file.case_id}/standing")).json())
        seen.add(standing.status)
        listed = [
            (await who.get("/tasks", params={"subject_id": str(file.case_id)})).json()["items"]
            for who in (sa_pa_officer, sa_pa_leader)
        ]
        tasks = {task["rule"]: task for items in listed for task in items}
        # Whoever waits for protection is protected first, in every open state (Điều 26.3, 31.2).
        urges = standing.usually_follows_vi.startswith("can thiệp khẩn cấp hoặc tạm thời cách ly ngay")
        assert (standing.usually_follows_vi != "", urges) == (True, "emergency.intervene" in tasks)
        assert tasks or standing.status not in OPEN, standing.status
        assert all(task["answers"] and task["article"] for task in tasks.values())
        urgent = {"case.assess", "case.meet", "plan.submit", "plan.decide", "emergency.intervene"} & tasks.keys()
        assert {tasks[rule]["as_soon_as_possible"] for rule in urgent} <= {emergency}
        return set(tasks)

    first = {"emergency.intervene"} if emergency else set()
    assert await asked() == first | {"case.assess"}
    if emergency:
        await file.do(sa_pa_officer, "/emergency-measures", MEASURE)
    assessed = await file.do(sa_pa_officer, "/assessments", ASSESSMENT)
    assert await asked() == {"case.meet", "plan.submit"}
    await file.do(sa_pa_officer, f"/assessments/{assessed['id']}/entered-in-error", {"reason": "Nhầm trẻ."})
    # A plan begun before anything is known still wants the assessment, and the meeting after it.
    plan = await file.do(sa_pa_officer, "/intervention-plans", PLAN)
    assert await asked() == {"case.assess"}
    await file.do(sa_pa_officer, "/assessments", ASSESSMENT)
    held = await file.do(sa_pa_officer, "/meetings", meeting(time.now()))
    assert await asked() == {"plan.submit"}
    await file.do(sa_pa_officer, f"/meetings/{held['id']}/entered-in-error", {"reason": "Nhầm ngày."})
    assert await asked() == {"case.meet", "plan.submit"}
    await file.do(sa_pa_officer, "/meetings", meeting(time.now()))
    address = f"/intervention-plans/{plan['id']}"
    await file.do(sa_pa_officer, f"{address}/submit", {})
    assert await asked() == {"plan.decide"}
    await file.do(sa_pa_leader, f"{address}/return", {"reason": "Thiếu."})
    assert await asked() == {"plan.submit"}
    await file.do(sa_pa_officer, f"{address}/submit", {"unchanged_reason": "Đã bổ sung biên bản họp."})
    await file.approve(sa_pa_leader, plan["id"], time.today().isoformat())
    assert await asked() == {"decision.send", "plan.review"}
    clock.forward(hours=1)
    await file.do(sa_pa_officer, "/reviews", RISKY_REVIEW)
    assert await asked() == {"plan.submit"}
    plan = await file.do(sa_pa_officer, "/intervention-plans", PLAN)
    assert await asked() == {"plan.submit"}
    await file.do(sa_pa_officer, f"/intervention-plans/{plan['id']}/submit", {})
    await file.approve(sa_pa_leader, plan["id"], time.today().isoformat(), number="13/QĐ-UBND")
    review = await file.do(sa_pa_officer, "/reviews", REVIEW)
    assert await asked() == {"case.close", "decision.send"}
    await file.do(sa_pa_officer, f"/reviews/{review['id']}/entered-in-error", {"reason": "Nhầm."})
    assert "plan.review" in await asked()
    await file.do(sa_pa_officer, "/reviews", REVIEW)
    await file.tell_everybody(sa_pa_officer)
    assert await asked() == {"case.close"}
    await file.do(sa_pa_leader, "/close", {})
    assert await asked() == set()
    await file.do(sa_pa_leader, "/reopen", {"reason": "Người gây hại đã quay về."})
    assert await asked() == {"plan.submit"}
    assert seen == OPEN | {CaseStatus.CLOSED}


async def test_a_case_that_may_end_before_a_plan_asks_for_the_leaders_word(case_id, clock, sa_pa_officer, rows):
    """A child that died or turned 16 needs no assessment any more, and the task for it falls."""
    file = File(case_id)
    clock.forward(hours=1)
    await file.do(sa_pa_officer, "/child-died", {"died_on": time.today().isoformat()})
    tasks = await rows("SELECT rule_code, cancel_reason FROM tasks WHERE subject_id = $1", case_id)
    assert {tuple(task) for task in tasks} == {("case.assess", "no_longer_due"), ("case.close", None)}


async def test_a_review_that_ends_the_plan_leaves_nothing_of_it_to_decide_on(
    case_id, sa_pa_officer, sa_pa_leader, rows
):
    """The plan has come to its end (Điều 30.1 b): its adjustment lapses at once, in sight, and not with the closure."""
    file = File(case_id)
    plan_id = await file.plan_submitted(sa_pa_officer, time.now())
    await file.approve(sa_pa_leader, plan_id, time.today().isoformat())
    await file.tell_everybody(sa_pa_officer)
    plans = f"/cases/{case_id}/intervention-plans"
    tasks = "SELECT rule_code FROM tasks WHERE subject_id = $1 AND done_at IS NULL AND cancelled_at IS NULL"

    async def stands() -> tuple[list[str], set[str]]:
        listed = (await sa_pa_leader.get(plans)).json()["items"]
        return [one["status"] for one in listed], {one["rule_code"] for one in await rows(tasks, case_id)}

    new = await file.do(sa_pa_officer, f"/intervention-plans/{plan_id}/adjust", PLAN | {"reason": "Chuyển trường."})
    for left, rule in (("draft", "plan.adjust"), ("submitted", "plan.decide")):
        assert await stands() == (["approved", left], {"plan.review", rule})
        review = await file.do(sa_pa_officer, "/reviews", REVIEW)
        assert await stands() == (["approved", "lapsed"], {"case.close"})
        # Nobody did what lapsed.
        stopped = await rows(
            "SELECT done_at, cancel_reason FROM tasks WHERE subject_id = $1 AND rule_code = $2"
            " ORDER BY starts_at DESC LIMIT 1", case_id, rule)  # fmt: skip
        assert [tuple(one) for one in stopped] == [(None, "no_longer_due")]
        for command in ("submit", "approve"):
            body = {"decision_number": "3/QĐ-UBND", "decided_on": time.today().isoformat()}
            who = sa_pa_leader if command == "approve" else sa_pa_officer
            late = await file.post(
                who, f"/intervention-plans/{new['id']}/{command}", body if who is sa_pa_leader else {}
            )
            assert late.status_code == 409
        await file.do(sa_pa_officer, f"/reviews/{review['id']}/entered-in-error", {"reason": "Nhầm."})
        if left == "draft":
            await file.do(sa_pa_officer, f"/intervention-plans/{new['id']}/submit", {})
    await file.do(sa_pa_officer, "/reviews", REVIEW)
    await file.do(sa_pa_leader, "/close", {})
    assert await stands() == (["approved", "lapsed"], set())
