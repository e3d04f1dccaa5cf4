"""A girl turns 16 in the middle of her plan: an event with consequences, not a deletion (Luật Trẻ em, Điều 1)."""

from tests.answers import code_of
from tests.cases.stories import REVIEW
from tests.stories.telling import acts, at, clocks, due, judged, opened, plan, recorded, taken

CALL = {
    "channel": "school",
    "category": "abused",
    "harm_kinds": ["exploitation"],
    "harm_doers": [{"relation": "employer"}],
    "children": [{"full_name": "Má Thị Sua", "estimated_age": 15, "sex": "female"}],
}
CHILD = {"full_name": "Má Thị Sua", "sex": "female", "born_on": "2010-05-20"}


async def test_a_girl_turns_16_in_the_middle_of_her_plan(
    clock, sa_pa_officer, sa_pa_leader, sa_pa_inspector, lao_cai_province_officer
):
    clock.set(at("2026-04-01"))
    file = await opened(
        sa_pa_officer, await judged(sa_pa_officer, (await taken(sa_pa_officer, **CALL))["id"], emergency=False)
    )
    linked = await file.do(sa_pa_officer, "/register-child", {"child": CHILD})
    plan_id = await file.plan_submitted(sa_pa_officer, clock.at)
    longer = {"services": plan("2026-04-06", "2026-07-31")["services"]}
    returned = await file.do(sa_pa_leader, f"/intervention-plans/{plan_id}/return", {"reason": "Ghi rõ thời hạn."})
    next_ = await file.do(sa_pa_officer, f"/intervention-plans/{returned['id']}/revise", longer)
    await file.do(sa_pa_officer, f"/intervention-plans/{next_['id']}/submit", {})
    await file.approve(sa_pa_leader, next_["id"], "2026-04-01")

    # Her birthday is the 20th of May. The day before, nobody may say that it has come.
    clock.set(at("2026-05-19"))
    early = await file.post(sa_pa_officer, "/turned-sixteen", {})
    assert (early.status_code, code_of(early)) == (409, "still_a_child")
    clock.set(at("2026-05-20"))
    early = await file.post(sa_pa_officer, "/turned-sixteen", {"happened_at": at("2026-05-19").isoformat()})
    assert code_of(early) == "still_a_child", "nor that it came then"
    assert (await file.do(sa_pa_officer, "/turned-sixteen", {}))["kind"] == "turned_sixteen"

    # The plan that was decided for the child runs on, with a task beside it that asks what comes then.
    assert (await file.refresh(sa_pa_officer))["status"] == "implementing"
    running = await clocks(sa_pa_officer, file.case_id)
    assert {"plan.review", "sixteen.assess"} <= set(running)
    assert due(running["plan.review"]).date().isoformat() == "2026-07-31"
    assert due(running["sixteen.assess"]).date().isoformat() == "2026-06-19"
    assert "Luật Trẻ em, Điều 1" in running["sixteen.assess"]["article"]
    again = await file.post(sa_pa_officer, "/turned-sixteen", {})
    assert code_of(again) == "recorded_before"

    # Whatever the review finds, no new plan is made for who is no child any more; other services take over.
    clock.set(at("2026-06-15"))
    ask = {"body_name": "Trung tâm Công tác xã hội tỉnh", "group": "welfare", "request": "Tiếp tục hỗ trợ học nghề."}
    ask |= {"respond_by": "2026-06-30T00:00:00Z", "consent": {"given_by": ["child"], "given_on": "2026-06-15"}}
    await file.do(sa_pa_officer, "/referrals", ask)
    review = await file.do(sa_pa_officer, "/reviews", REVIEW | {"risk_remains": True})
    assert review["outcome"] == "continue"
    anew = await file.post(sa_pa_officer, "/intervention-plans", plan("2026-07-01", "2026-12-31"))
    assert (anew.status_code, code_of(anew)) == (409, "case_not_in_state")
    assert (await file.do(sa_pa_leader, "/close", {}))["close_reason"] == "turned_16"

    # Everything stays to be read: the child's record, the plan, the event.
    assert (await sa_pa_officer.get(f"/children/{linked['child_id']}")).status_code == 200
    assert (await lao_cai_province_officer.get(f"/cases/{file.case_id}")).json()["status"] == "closed"
    (event,) = (await sa_pa_officer.get(f"/cases/{file.case_id}/life-events")).json()["items"]
    assert event["kind"] == "turned_sixteen"
    assert (await acts(sa_pa_officer, file))[-4:] == ["turned_sixteen", "referral", "review", "closure"]
    assert (await recorded(sa_pa_inspector, file.case_id)).count("case.turned_sixteen") == 1
