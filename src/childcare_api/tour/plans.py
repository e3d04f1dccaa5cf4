"""Step 9: the plan of 2024 as it was published, renewed for today's province, and how far its targets are."""

from typing import Any

from childcare_api.tour.telling import Tour

OFFICER, OF_COMMUNE = "lao-cai.province-officer", "ta-van.officer"
NUMBER = "60/KH-UBND"
MOST_KEPT_BACK = 4
IN_TIME, SPECIAL_SHARE = "abused_children_intervened", "sc_children_share"
CLASSES, PEOPLE, FUND = "training_classes", "training_participants", "fund_raised_province"
PLAN_OF_COMMUNE = "Kế hoạch bảo vệ, chăm sóc trẻ em của xã Tả Van"
EVIDENCE = {"kind": "report", "number": "01/BC-QBTTE", "issuer": "Quỹ Bảo trợ trẻ em tỉnh Lào Cai"}


async def published(tour: Tour) -> dict[str, Any]:
    """Return the 2024 plan of the former province Lào Cai."""
    found = await tour.ask(OFFICER, "GET", "/action-plans", params={"year": "2024", "from_source": "true"})
    plans = [plan for plan in found["items"] if plan["number"] == NUMBER]
    tour.check(len(plans) == 1, f"the plan {NUMBER} of 2024 should be there")
    return dict(plans[0])


async def draft_of_this_year(tour: Tour) -> dict[str, Any]:
    """Renew the 2024 plan, or find the draft that an earlier walk made."""
    plan = await published(tour)
    path = f"/action-plans/{plan['id']}/renew"
    first = await tour.ask(OFFICER, "POST", path, status=(200, 201))
    again = await tour.ask(OFFICER, "POST", path)
    tour.check(again["id"] == first["id"], "renewing twice finds the same draft")
    return first


async def progress(tour: Tour) -> dict[str, dict[str, Any]]:
    """Return how far the targets of this year's draft are, by their code."""
    draft = await draft_of_this_year(tour)
    return await _progress_of(tour, OFFICER, draft["id"])


async def supported_in_time(tour: Tour) -> dict[str, Any]:
    """Return how many abused children the commune supported in time, by a plan of its own: made by the first walk.

    Above the commune so few would point at one, and are kept back.
    """
    draft = await draft_of_this_year(tour)
    year = {name: draft[name] for name in ("period_from", "period_to")}
    search = {"year": year["period_from"][:4], "status": "draft", "limit": "200"}
    found = await tour.ask(OF_COMMUNE, "GET", "/action-plans", params=search)
    plan = next((one for one in found["items"] if one["title"] == PLAN_OF_COMMUNE), None)
    if plan is None:
        plan = await tour.ask(OF_COMMUNE, "POST", "/action-plans", body={"title": PLAN_OF_COMMUNE} | year, status=201)
        target = {"statement": "Trẻ em bị xâm hại được hỗ trợ, can thiệp kịp thời", "code": IN_TIME}
        path = f"/action-plans/{plan['id']}/targets"
        await tour.ask(OF_COMMUNE, "POST", path, body=target, version=plan["row_version"], status=201)
    return (await _progress_of(tour, OF_COMMUNE, plan["id"]))[IN_TIME]


async def _progress_of(tour: Tour, who: str, plan_id: str) -> dict[str, dict[str, Any]]:
    found = await tour.ask(who, "GET", f"/action-plans/{plan_id}/progress")
    return {str(item["code"]): dict(item) for item in found["items"]}


async def look_at_plans(tour: Tour) -> None:
    """See that the published plan cannot change, what renewing carried over, and that the closed case counts."""
    tour.begin("9. The province's plan, and how far it is")
    plan = await published(tour)
    await tour.refused(
        OFFICER,
        "PATCH",
        f"/action-plans/{plan['id']}",
        "plan_from_source",
        body={"title": "Khác"},
        version=plan["row_version"],
    )
    tour.tell(OFFICER, f"opens {NUMBER} of 2024 and tries to change it", "refused: it stays as it was published")
    draft = await draft_of_this_year(tour)
    tour.check(draft["parent_plan_id"] == plan["id"], "the draft names its parent plan")
    tour.check(draft["unit_id"] != plan["unit_id"], "it is a plan of today's Lào Cai")
    parts = await tour.ask(OFFICER, "GET", f"/action-plans/{draft['id']}/targets", params={"limit": "200"})
    lost = [part for part in parts["items"] if part["carry_over"] == "not_carried"]
    tour.check(any("9/9" in str(part["quote"]) for part in lost), "9/9 districts cannot be carried over")
    tour.tell(OFFICER, "renews it, and renews it again", f"one draft; targets that cannot be carried over: {len(lost)}")
    before, after = tour.facts["supported"], await supported_in_time(tour)
    tour.check(after["numerator"] > before["numerator"], "the closed case counts among those supported in time")
    tour.tell(
        OF_COMMUNE,
        "reads how many abused children were supported in time",
        f"{before['numerator']} of {before['denominator']} before the services, {after['numerator']} of"
        f" {after['denominator']} now",
    )
    now = await progress(tour)
    told = now[IN_TIME]["numerator"]
    tour.check(told is None or told == 0 or told > MOST_KEPT_BACK, "the province is told no count of so few")
    tour.tell(OFFICER, "reads the same of the province", "kept back, so few are they" if told is None else f"{told}")
    share = now[SPECIAL_SHARE]
    tour.check(share["coverage"] is not None, "a share stands with its coverage")
    tour.check(share["is_met"] is None or share["coverage"]["is_full"], "without full coverage there is no verdict")
    tour.tell(OFFICER, "and the share in special circumstances", f"{share['value']} %, no verdict below full coverage")
    await count_what_was_done(tour, draft, {str(part["code"]): part for part in parts["items"]})


async def count_what_was_done(tour: Tour, draft: dict[str, Any], parts: dict[str, dict[str, Any]]) -> None:
    """Enter nine classes for 540 people and a milliard đồng raised, once; see them in the progress."""
    if (await progress(tour))[CLASSES]["value"] is None:
        await tour.ask(OFFICER, "POST", "/activities", body=nine_classes(draft, parts), status=201)
    target = parts[FUND]
    measured = {"measured_on": draft["period_from"], "value": target["value"], "evidence": EVIDENCE}
    if (await progress(tour))[FUND]["value"] is None:
        await tour.ask(OFFICER, "POST", f"/targets/{target['id']}/measurements", body=measured, status=201)
    now = await progress(tour)
    reached = now[CLASSES]["value"], now[PEOPLE]["value"]
    tour.check(reached == (9, 540), "nine classes for 540 people were entered")
    tour.check(now[CLASSES]["is_met"] and now[PEOPLE]["is_met"], "nine classes for 540 people are what was planned")
    tour.tell(OFFICER, "counts the training classes", "9 classes, 540 people, as planned")
    tour.check(now[FUND]["value"] >= target["value"] and now[FUND]["is_met"], "a milliard đồng meets the target")
    proof = await tour.ask(OFFICER, "GET", f"/targets/{target['id']}/measurements")
    tour.check(proof["items"][0]["evidence"]["number"] == EVIDENCE["number"], "money is measured with its evidence")
    waiting = sum(item["status"] == "waiting_for_data" for item in now.values())
    tour.tell(OFFICER, f"and the fund, by {EVIDENCE['number']}", f"met; {waiting} targets wait for data, and say so")


def nine_classes(draft: dict[str, Any], parts: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return the body of one activity that stands for nine classes of sixty."""
    return {
        "kind": "training",
        "title": "Tập huấn cộng tác viên, tình nguyện viên, trưởng thôn",
        "started_on": draft["period_from"],
        "session_count": 9,
        "participants": [{"audience": "collaborators", "count": 540}],
        "target_ids": [parts[CLASSES]["id"], parts[PEOPLE]["id"]],
    }
