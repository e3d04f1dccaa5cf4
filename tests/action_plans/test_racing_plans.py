"""Several people at one plan at once."""

import asyncio

import pytest
from tests.action_plans.plans import add_target, draft, etag


@pytest.mark.committed
async def test_of_racing_changes_of_a_plan_one_wins_and_none_is_lost(speak_as, rows):
    officer, second = speak_as("sa_pa_officer"), speak_as("sa_pa_second_officer")
    plan = await draft(officer)
    plan_id, match = plan.json()["id"], etag(plan)
    answers = await asyncio.gather(
        *(who.patch(f"/action-plans/{plan_id}", json={"title": f"Kế hoạch {n}"}, headers=match)
          for n, who in enumerate((officer, second) * 3)),
        *(who.post(f"/action-plans/{plan_id}/targets", json={"statement": "Chỉ tiêu"}, headers=match)
          for who in (officer, second)),
    )  # fmt: skip

    assert sorted(answer.status_code for answer in answers)[1:] == [412] * 7
    assert min(answer.status_code for answer in answers) in {200, 201}
    [row] = await rows("SELECT row_version FROM action_plans WHERE id = $1", plan_id)
    assert row["row_version"] == 2
    changes = await rows("SELECT FROM audit.events WHERE subject_id = $1 AND action <> 'action_plan.drafted'", plan_id)
    assert len(changes) == 1


@pytest.mark.committed
async def test_a_plan_is_changed_before_it_is_issued_or_not_at_all(speak_as, rows):
    officer, leader = speak_as("sa_pa_officer"), speak_as("sa_pa_leader")
    plan = await draft(officer)
    target = await add_target(officer, plan)
    address = f"/action-plans/{plan.json()['id']}"
    issue, change = await asyncio.gather(
        leader.post(f"{address}/issue", json={"number": "1", "issued_on": "2026-01-15"}, headers=etag(target)),
        officer.patch(f"/targets/{target.json()['id']}", json={"value": 99}, headers=etag(target)),
    )

    assert sorted((issue.status_code, change.status_code)) == [200, 412]
    [row] = await rows("SELECT p.status, t.value FROM action_plans p JOIN plan_targets t ON t.plan_id = p.id"
                       " WHERE p.id = $1", plan.json()["id"])  # fmt: skip
    assert (row["status"], float(row["value"])) in {("issued", 9.0), ("draft", 99.0)}
