"""What tests of plans share: finding a source plan, drafting one, adding a target."""

from childcare_api.shared.ids import new_id

PERIOD = {"period_from": "2026-01-01", "period_to": "2026-12-31"}


def etag(answer):
    return {"If-Match": answer.headers["etag"]}


async def source_plan(client, key="lao-cai-2024"):
    items = (await client.get("/action-plans", params={"from_source": "true", "limit": 200})).json()["items"]
    return next(plan for plan in items if plan["source_key"] == key)


async def parts(client, plan_id, kind="targets"):
    answer = await client.get(f"/action-plans/{plan_id}/{kind}", params={"limit": 200})
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def draft(client, **more):
    answer = await client.post("/action-plans", json={"title": "Kế hoạch bảo vệ trẻ em năm 2026", **PERIOD, **more})
    assert answer.status_code == 201, answer.text
    return answer


async def add_target(client, plan, **more):
    """Add a target to the plan that `plan` answered, and return the answer."""
    body = {"statement": "Tổ chức 9 lớp tập huấn", "operator": "=", "value": 9, "measure_unit": "lớp", **more}
    answer = await client.post(f"/action-plans/{plan.json()['id']}/targets", json=body, headers=etag(plan))
    assert answer.status_code == 201, answer.text
    return answer


async def issued_plan(officer, leader, *targets):
    """Return an issued plan of the officer's unit as read after issuing."""
    plan = await draft(officer)
    plan_id, last = plan.json()["id"], plan
    for target in targets or ({},):
        answer = await officer.post(
            f"/action-plans/{plan_id}/targets",
            json={"id": str(new_id()), "statement": "Chỉ tiêu", **target},
            headers=etag(last),
        )
        assert answer.status_code == 201, answer.text
        last = answer
    issued = await leader.post(
        f"/action-plans/{plan_id}/issue", json={"number": "12/KH-UBND", "issued_on": "2026-01-15"}, headers=etag(last)
    )
    assert issued.status_code == 200, issued.text
    return issued
