"""Steps 1 to 3: a call to 111 becomes a report, and the report becomes cases where the children live."""

from datetime import datetime, timedelta
from typing import Any

from childcare_api.shared import clock
from childcare_api.shared.ids import new_id
from childcare_api.tour.telling import HOTLINE, Tour, clock_of, ids, instant, local

OFFICER, NEIGHBOUR, FAR = "sa-pa.officer", "ta-leng.officer", "hoang-mai.officer"
PROVINCE, OTHER_PROVINCE = "lao-cai.province-officer", "lai-chau.province-officer"
REPORTER = "Người báo tin (bịa)"
OLD_SA_PA = {"code": "03001", "as_of": "2025-06-30"}
TWELVE_HOURS = timedelta(hours=12)


async def _unit(tour: Tour, code: str, level: str) -> int:
    today = clock.today().isoformat()
    found = await tour.ask(OFFICER, "GET", "/units", params={"code": code, "level": level, "as_of": today})
    tour.check(len(found["items"]) == 1, f"there should be one {level} {code} today")
    return int(found["items"][0]["id"])


def _referral(received_at: datetime) -> dict[str, Any]:
    return {
        "external_ref": f"111-{new_id()}",
        "received_at": received_at.isoformat(),
        "place": OLD_SA_PA | {"text": "Gần chợ"},
        "category": "abused",
        "harm_kinds": ["violence"],
        "harm_doers": [{"relation": "father", "cares_for_child": True}],
        "children": [
            {"full_name": "Vàng A Chúng", "estimated_age": 8, "sex": "male", "condition": "Bầm tím ở tay."},
            {"full_name": "Vàng A Dế", "estimated_age": 5},
        ],
        "narrative": "Cháu 8 tuổi bị người chăm sóc đánh nhiều lần.",
        "reporter": {"kind": "neighbour", "full_name": REPORTER, "phone": "0900000000"},
    }


async def refer(tour: Tour) -> None:
    """Step 1: the hotline refers a report, by an old commune code with its date; a repeated post changes nothing."""
    tour.begin("1. A call to 111")
    sa_pa = tour.facts["sa_pa"] = await _unit(tour, "03006", "commune")
    tour.facts["ta_van"] = await _unit(tour, "03037", "commune")
    received_at = (clock.now() - timedelta(minutes=20)).replace(microsecond=0)
    referral, key = _referral(received_at), str(new_id())
    receipt = await tour.ask(HOTLINE, "POST", "/hotline/referrals", body=referral, key=key, status=201)
    office = receipt["office"] or {}
    tour.check(office.get("unit_id") == sa_pa, "the old code 03001 of 30/06/2025 is today's phường Sa Pa")
    tour.check(receipt["emergency"] is True, "a carer did the harm, so it is an emergency (Điều 31.1)")
    tour.check(instant(receipt["received_at"]) == received_at, "the receipt states when the call came")
    tour.tell(HOTLINE, "refers two children, by an old code", f"received by {office.get('name')}", local(received_at))
    again = await tour.ask(HOTLINE, "POST", "/hotline/referrals", body=referral, key=key, status=201)
    tour.check(again == receipt, "the same post gives the same answer")
    known = await tour.ask(HOTLINE, "POST", "/hotline/referrals", body=referral, status=200)
    tour.check(known["intake_id"] == receipt["intake_id"], "the same number is the same referral")
    changed = referral | {"narrative": "Khác."}
    await tour.refused(HOTLINE, "POST", "/hotline/referrals", "referral_exists", body=changed)
    tour.tell(HOTLINE, "sends it again, and once with other words", "the same referral; other words refused")
    tour.facts |= {"intake": receipt["intake_id"], "received_at": received_at, "ref": referral["external_ref"]}
    await _never_refused_for_its_place(tour, referral)


async def _never_refused_for_its_place(tour: Tour, referral: dict[str, Any]) -> None:
    """Refer with a province alone, and with no place at all; both are taken back, so that nobody works on them."""
    province = await _unit(tour, "15", "province")
    for place, expected, words in (
        ({"province": {"unit_id": province}, "text": "bản trên núi"}, province, "the province sends it on"),
        ({"text": "không rõ ở đâu"}, None, "waits in the hotline's own queue"),
    ):
        other = referral | {"external_ref": f"111-{new_id()}", "place": place}
        receipt = await tour.ask(HOTLINE, "POST", "/hotline/referrals", body=other, status=201)
        found = None if receipt["office"] is None else receipt["office"]["unit_id"]
        tour.check(found == expected, f"a referral with such a place: {words}")
        address = f"/hotline/referrals/{receipt['source']}/{receipt['external_ref']}"
        reason = {"reason": "Chuyến tham quan thử."}
        withdrawn = await tour.ask(HOTLINE, "POST", f"{address}/withdraw", body=reason, version=receipt["row_version"])
        tour.check(withdrawn["withdrawn_at"] is not None, "a hotline may take back what nobody answers for yet")
        tour.tell(HOTLINE, f"refers with the place {place.get('text')!r}", words)


async def land(tour: Tour) -> None:
    """Step 2: it is with that commune and nobody else; twelve hours run from the call."""
    tour.begin("2. It lands with the commune of the incident, and with nobody else")
    path = f"/intakes/{tour.facts['intake']}"
    intake = await tour.ask(OFFICER, "GET", path)
    tour.check(REPORTER not in str(intake) and intake["reporter_known"] is True, "who reported stays sealed")
    tour.facts["intake_children"] = [child["id"] for child in intake["children"]]
    tour.facts["intake_version"] = intake["row_version"]
    tour.tell(OFFICER, "opens the report", f"{len(intake['children'])} children, the reporter sealed")
    for stranger in (NEIGHBOUR, FAR, OTHER_PROVINCE):
        await tour.refused(stranger, "GET", path, "not_found", status=404)
        tour.tell(stranger, "asks for the report", "404, as if it never existed")
    seen = await tour.ask(PROVINCE, "GET", path)
    tour.check(seen["id"] == tour.facts["intake"], "the province sees the reports of its communes")
    tour.tell(PROVINCE, "opens the report", "seen")
    task = await tour.task(OFFICER, tour.facts["intake"], "emergency.intervene")
    due = instant(task["due_at"])
    tour.check(due == tour.facts["received_at"] + TWELVE_HOURS, "12 hours run from the call that the referral states")
    tour.check("31" in task["article"], "the task cites the article")
    tour.tell(OFFICER, "asks what the law wants", task["title_en"], clock_of(task))
    task = await tour.task(OFFICER, tour.facts["intake"], "intake.acknowledge")
    hour = instant(task["due_at"]) - instant(task["starts_at"])
    tour.check(hour <= timedelta(hours=1), "the province hears of it when nobody acknowledges it within an hour")
    tour.tell(OFFICER, "and what the house wants", task["title_en"], clock_of(task))


async def take_up(tour: Tour) -> None:
    """Step 3: acknowledge, assess, hand over to the police, and open the cases where the children live."""
    tour.begin("3. The commune of the incident acts, and opens the cases where the children live")
    path, version = f"/intakes/{tour.facts['intake']}", tour.facts["intake_version"]
    taken = await tour.ask(OFFICER, "POST", f"{path}/acknowledge", body={}, version=version)
    tour.check(taken["status"] == "acknowledged", "the report is acknowledged")
    tour.tell(OFFICER, "acknowledges the report", "acknowledged", local(taken["acknowledged_at"]))
    grid = dict.fromkeys(("harm_level", "harm_doer_access"), "high") | {"care_obstacles": "medium"}
    measure = {"kind": "safe_place", "description": "Đưa hai cháu sang nhà bà.", "responsible": "UBND phường Sa Pa"}
    assessed = await tour.ask(
        OFFICER,
        "POST",
        f"{path}/assess",
        body=grid
        | {"self_protection": "low", "emergency": True, "conclusion": "Khẩn cấp.", "safety_measures": [measure]},
        version=taken["row_version"],
    )
    (initial,) = assessed["assessments"]
    tour.check(initial["totals"] == {"high": 2, "medium": 1, "low": 0}, "the grid of Mẫu 02 is added up")
    tour.check(len(initial["safety_measures"]) == 1, "the temporary safety measure is recorded")
    tour.tell(OFFICER, "assesses risk and harm (Mẫu 02)", "emergency; children brought to a safe place")
    await _open(tour, path, assessed["row_version"])


async def _open(tour: Tour, path: str, version: int) -> None:
    children = [
        {"intake_child_id": child, "residence": {"unit_id": tour.facts["ta_van"]}}
        for child in tour.facts["intake_children"]
    ]
    handover = {"body": "police", "body_name": "Công an phường Sa Pa", "subject": "Tin báo bạo lực trẻ em."}
    opened = await tour.ask(
        OFFICER,
        "POST",
        f"{path}/open-case",
        body={"children": children, "handover": handover},
        version=version,
        status=201,
    )
    cases = opened["cases"]
    tour.check(len(cases) == len(children), "each child has a case")
    tour.check({case["commune_id"] for case in cases} == {tour.facts["ta_van"]}, "the commune of residence leads")
    tour.tell(OFFICER, "opens the cases, the hand-over to the police in each", f"{len(cases)} cases, led by xã Tả Van")
    tour.facts["case"], tour.facts["sibling"] = cases[0]["id"], cases[1]["id"]
    mine = await tour.ask(OFFICER, "GET", "/cases", params={"sibling_group_id": opened["sibling_group_id"]})
    tour.check(mine["items"] == [], "a case of another commune stands in no list of this one")
    shared = await tour.ask(
        OFFICER, "GET", "/cases", params={"shared": "true", "sibling_group_id": opened["sibling_group_id"]}
    )
    tour.check(ids(shared["items"]) == ids(cases), "the commune of the incident finds its part among what is shared")
    part = await tour.ask(OFFICER, "GET", f"/cases/{tour.facts['case']}/timeline")
    tour.check([step["kind"] for step in part["items"]] == ["opening", "handover"], "it sees its part and no more")
    tour.tell(OFFICER, "looks at the case again", "its own part: the report and the hand-over")
