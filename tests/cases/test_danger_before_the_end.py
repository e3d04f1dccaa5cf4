"""A case does not end while the child is in a danger that was told after what its end would stand on."""

from datetime import timedelta

from tests.answers import code_of
from tests.cases.stories import MEASURE, REVIEW, File, tag

from childcare_api.shared import clock as time


async def test_nothing_is_closed_over_an_emergency_that_came_in_after_the_review(  # noqa: PLR0915 - one story
    assessed_report, clock, sa_pa_officer, sa_pa_leader, tasks, rows
):
    """Told again by an addition or by another report: somebody intervenes first, or looks and finds the child safe."""
    report = await assessed_report(emergency=False, relation="neighbour")
    mine, brothers = (one["id"] for one in (await report.open(sa_pa_officer)).json()["cases"])
    file = File(mine)
    plan_id = await file.plan_submitted(sa_pa_officer, time.now())
    await file.approve(sa_pa_leader, plan_id, time.today().isoformat())
    await file.tell_everybody(sa_pa_officer)
    await file.do(sa_pa_officer, "/reviews", REVIEW)

    async def of_report(path: str, body: dict) -> dict:
        headers = {"If-Match": (await sa_pa_officer.get(f"/intakes/{report.id}")).headers["ETag"]}
        answer = await sa_pa_officer.post(f"/intakes/{report.id}/updates{path}", json=body, headers=headers)
        assert answer.is_success, answer.text
        return answer.json()

    async def told_again() -> str:
        body = {"text": "Lại bị đánh.", "emergency": True, "told_by": "neighbour"}
        told = await of_report("", body | {"happened_at": (time.now() - timedelta(minutes=1)).isoformat()})
        return told["updates"][-1]["id"]

    async def joined() -> None:
        other = await assessed_report(emergency=True, relation="neighbour", received_at=time.now())
        body = {"case_id": mine, "intake_child_id": str(other.children[0])}
        headers = tag(other.row_version)
        path = f"/intakes/{other.id}/join-case"
        answer = await sa_pa_officer.post(path, json=body, headers=headers)
        assert answer.status_code == 200, answer.text

    clock.forward(minutes=10)
    told_at = time.now() - timedelta(minutes=1)
    wrong = await told_again()
    assert await tasks(mine) == {"emergency.intervene"}
    (put_off,) = await rows("SELECT cancelled_at FROM tasks WHERE rule_code = 'case.close'")
    assert put_off["cancelled_at"] == told_at
    await of_report(f"/{wrong}/entered-in-error", {"reason": "Nhầm trẻ."})
    assert await tasks(mine) == {"case.close"}
    for tell, answered_by, body in (
        (told_again, "/emergency-measures", MEASURE | {"measure": "found_safe"}),
        (joined, "/emergency-measures", MEASURE),
        (told_again, "/emergency-measures", MEASURE),
    ):
        clock.forward(minutes=10)
        await tell()
        assert await tasks(mine) == {"emergency.intervene"}, tell
        standing = (await sa_pa_leader.get(f"/cases/{mine}/standing")).json()
        assert "khẩn cấp" in standing["usually_follows_vi"], tell
        assert ("emergency" in standing["usually_follows_en"], "31.2" in standing["article"]) == (True, True)
        await file.refresh(sa_pa_leader)
        refused = await file.post(sa_pa_leader, "/close", {})
        assert (refused.status_code, code_of(refused), len(refused.json()["step_ids"])) == (
            409, "emergency_unanswered", 1)  # fmt: skip
        clock.forward(hours=1)
        # A review judges the danger and protects nobody: the hours in which to do that run on.
        await file.do(sa_pa_officer, "/reviews", REVIEW)
        assert await tasks(mine) == {"emergency.intervene"}
        assert code_of(await file.post(sa_pa_leader, "/close", {})) == "emergency_unanswered"
        answer = await file.do(sa_pa_officer, answered_by, body)
        assert await tasks(mine) == {"case.close"}
    standing = (await sa_pa_leader.get(f"/cases/{mine}/standing")).json()
    assert standing["usually_follows_en"] == "the leader ends the plan"
    # What was no protection leaves the danger where it was.
    await file.do(sa_pa_officer, f"/emergency-measures/{answer['id']}/entered-in-error", {"reason": "Nhầm trẻ."})
    assert await tasks(mine) == {"emergency.intervene"}
    # Of a child that died nothing is left to be protected; one of 16 is not left in what was told before, either.
    await file.do(sa_pa_officer, "/child-died", {"died_on": time.today().isoformat()})
    assert (await file.do(sa_pa_leader, "/close", {}))["close_reason"] == "child_died"
    brother = File(brothers)
    clock.forward(days=365 * 16)
    await brother.do(sa_pa_officer, "/turned-sixteen", {})
    assert await tasks(brothers) == {"emergency.intervene", "sixteen.assess"}
    assert code_of(await brother.post(sa_pa_leader, "/close", {})) == "emergency_unanswered"
    await brother.do(sa_pa_officer, "/emergency-measures", MEASURE)
    assert (await brother.do(sa_pa_leader, "/close", {}))["close_reason"] == "turned_16"
