"""A plan that parents, carers or the child refuse: what answers that, and within which hours."""

from datetime import datetime, timedelta

from tests.cases.stories import PLAN, File

from childcare_api.shared import clock as time

REFUSAL = {"refused_by": ["mother"], "whole": True, "explained": "Đã giải thích Điều 29.3."}


def today() -> str:
    return time.today().isoformat()


async def test_a_plan_that_the_child_alone_refuses_leaves_the_leader_three_days(
    case_id, sa_pa_officer, sa_pa_leader, rows
):
    file = File(case_id)
    await file.approve(sa_pa_leader, await file.plan_submitted(sa_pa_officer, time.now()), today())
    for who, hours in (("child", 72), ("mother", 12)):
        refusal = {"refused_by": [who], "whole": True, "explained": "Đã giải thích Điều 29.3."}
        await file.do(sa_pa_officer, "/plan-refusals", refusal)
        [running] = await rows(
            "SELECT due_at - starts_at AS term FROM tasks WHERE subject_id = $1 AND rule_code = 'plan.refused'"
            " AND done_at IS NULL AND cancelled_at IS NULL",
            case_id,
        )
        assert running["term"] == timedelta(hours=hours), who


async def test_a_draft_answers_no_refusal_and_what_the_leader_returns_answers_none_any_more(
    case_id, sa_pa_officer, sa_pa_leader, clock, rows
):
    async def waits() -> list[datetime]:
        found = await rows(
            "SELECT starts_at FROM tasks WHERE subject_id = $1 AND done_at IS NULL"
            " AND rule_code = 'plan.refused' AND cancelled_at IS NULL",
            case_id,
        )
        return [one["starts_at"] for one in found]

    file = File(case_id)
    plan_id = await file.plan_submitted(sa_pa_officer, time.now())
    await file.approve(sa_pa_leader, plan_id, today())
    await file.do(sa_pa_officer, "/plan-refusals", REFUSAL)
    refused_at = clock.at
    clock.forward(hours=1)
    adjusted = await file.do(
        sa_pa_officer, f"/intervention-plans/{plan_id}/adjust", PLAN | {"reason": "Mẹ không đồng ý."}
    )
    assert await waits() == [refused_at]
    path = f"/intervention-plans/{adjusted['id']}"
    await file.do(sa_pa_officer, f"{path}/submit", {})
    assert await waits() == []
    clock.forward(hours=1)
    await file.do(sa_pa_leader, f"{path}/return", {"reason": "Chưa giải quyết việc mẹ từ chối."})
    assert await waits() == [refused_at]
    next_ = await file.do(sa_pa_officer, f"{path}/revise", {"objectives": "Mẹ đồng ý phần này."})
    assert await waits() == [refused_at]
    await file.do(sa_pa_officer, f"/intervention-plans/{next_['id']}/submit", {})
    await file.approve(sa_pa_leader, next_["id"], today(), "30/QĐ-UBND")
    assert await waits() == []
