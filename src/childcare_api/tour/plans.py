"""Step 9: the plan of 2024 as it was published, renewed for today's province, and how far its targets are."""

from typing import Any

from childcare_api.tour.telling import Tour

OFFICER = "lao-cai.province-officer"
NUMBER = "60/KH-UBND"
IN_TIME, SPECIAL_SHARE = "abused_children_intervened", "sc_children_share"
CLASSES, PEOPLE, FUND = "training_classes", "training_participants", "fund_raised_province"
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
    found = await tour.ask(OFFICER, "GET", f"/action-plans/{draft['id']}/progress")
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
    now, before = await progress(tour), tour.facts["progress"]
    was, is_now = before[IN_TIME]["numerator"], now[IN_TIME]["numerator"]
    tour.check(is_now > was, "the closed case counts among those supported in time")
    tour.tell(
        OFFICER,
        "reads how many abused children were supported in time",
        f"{was} of {before[IN_TIME]['denominator']} before the services, {is_now} of {now[IN_TIME]['denominator']} now",
    )
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
