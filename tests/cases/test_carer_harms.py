"""A carer harms the child: it leaves at once, is protected as in any emergency, and the care ends (LQ Điều 69)."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from tests.agencies.test_service_providers import CENTRE
from tests.alternative_care.carers import listed
from tests.answers import code_of, faults_of
from tests.cases.care import DECISION, HANDED, NEEDS, VISIT
from tests.cases.stories import MEASURE, REVIEW, File, keyed, tag
from tests.exchange.papers.reading import squeezed, text_of
from tests.people import TA_VAN

from childcare_api.shared import clock as time

HARM = VISIT | {"occasion": "unplanned", "proposal": "end", "carer_harmed_child": True} | {
    "harm": "Cháu kể bị chú (chồng cô) đánh bằng roi, lưng còn vết."
}  # fmt: skip
END = {"ground": "carer_harmed_child", "decision_number": "41/QĐ-UBND", "goes_to": "facility"}
AT_ONCE = {"emergency.intervene", "placement.move_out", "placement.decide_end"}


@pytest.fixture(autouse=True)
def _november(clock):
    clock.set(datetime(2026, 11, 20, 3, tzinfo=UTC))


async def ready_to_close(file: File, officer, leader) -> None:
    plan_id = await file.plan_submitted(officer, time.now())
    await file.approve(leader, plan_id, time.today().isoformat())
    await file.tell_everybody(officer)
    await file.do(officer, "/reviews", REVIEW)


async def in_care_of_ta_van(case_id, sa_pa_officer, ta_van_officer, ta_van_leader) -> tuple[File, str]:
    """A child of a case in Sa Pa, with a carer of Tả Van: the case as that commune sees it, and the placement."""
    file, there = File(case_id), File(case_id)
    await file.do(sa_pa_officer, "/care-needs", NEEDS)
    await file.do(sa_pa_officer, "/placement-requests", {"commune_id": TA_VAN, "message": "Nhờ xem xét."})
    await there.refresh(ta_van_leader)
    carer = await listed(ta_van_officer, ta_van_leader)
    decision = DECISION | {"carer_id": carer["id"], "decided_on": time.today().isoformat()}
    placed = await there.do(ta_van_leader, "/placements", decision)
    path = f"/placements/{placed['id']}"
    await there.do(ta_van_officer, f"{path}/handover", HANDED | {"met_on": ["2026-11-18", "2026-11-19"]})
    return there, path


async def waiting(who, case_id) -> dict[str, datetime]:
    """What runs in an office for a case at once, and by when."""
    tasks = (await who.get("/tasks", params={"whose": "my_unit", "subject_id": str(case_id)})).json()["items"]
    return {one["rule"]: datetime.fromisoformat(one["due_at"]) for one in tasks if one["rule"] in AT_ONCE}


async def test_a_harmed_child_leaves_and_nobody_goes_on_with_that_carer(  # noqa: PLR0915 - one story
    case_id, sa_pa_officer, sa_pa_leader, clock, events, rows
):
    file = File(case_id)
    carer = await listed(sa_pa_officer, sa_pa_leader)
    await file.do(sa_pa_officer, "/care-needs", NEEDS)
    decision = DECISION | {"carer_id": carer["id"], "decided_on": time.today().isoformat()}
    placed = await file.do(sa_pa_leader, "/placements", decision)
    path = f"/placements/{placed['id']}"
    await file.do(sa_pa_officer, f"{path}/handover", HANDED | {"met_on": ["2026-11-18", "2026-11-19"]})
    clock.forward(days=3)
    went_at, later = time.now() - timedelta(hours=2), time.now() - timedelta(hours=1)
    moved = {"moved_out_at": later.isoformat(), "moved_to": "Nhà bà ngoại"}
    unasked = {name: said for name, said in HARM.items() if name != "carer_harmed_child"}
    for wrong, faults in (
        (unasked, {"/carer_harmed_child": "missing"}),
        (HARM | {"harm": None}, {"/harm": "harm_untold"}),
        (VISIT | {"occasion": "unplanned", "harm": "x đánh"}, {"/harm": "harm_untold"}),
        (HARM | {"moved_out_at": later.isoformat()}, {"/moved_to": "move_untold"}),
        (VISIT | {"occasion": "unplanned"} | moved, {"/moved_out_at": "moved_without_harm"}),
        (HARM | moved, {"/moved_out_at": "too_early"}),
        (HARM | {"proposal": "continue"}, {"/proposal": "carer_harmed_child"}),
        (HARM | {"proposal": "support"}, {"/proposal": "carer_harmed_child"}),
    ):
        refused = await file.post(sa_pa_officer, f"{path}/visits", wrong)
        assert (refused.status_code, faults_of(refused)) == (422, faults), wrong
    assert await waiting(sa_pa_officer, case_id) == {}

    seen = await file.do(sa_pa_officer, f"{path}/visits", HARM | {"happened_at": went_at.isoformat()})
    assert [(one["what"], one["article"]) for one in seen["notices"]] == [
        ("move_child_out", "Luật Trẻ em Điều 69.2, 50"), ("end_care", "Luật Trẻ em Điều 69.1.b, 69.4"),
        ("verify_carer_again", "Luật Trẻ em Điều 63.2, 69.1.a")]  # fmt: skip
    due = await waiting(sa_pa_officer, case_id)
    assert (set(due), due["emergency.intervene"], due["placement.move_out"]) == (
        AT_ONCE, went_at + timedelta(hours=12), went_at + timedelta(hours=12))  # fmt: skip
    assert (await file.refresh(sa_pa_leader))["emergency"] is True
    standing = (await sa_pa_leader.get(f"/cases/{case_id}/standing")).json()
    assert ("chuyển ngay" in standing["usually_follows_vi"], "69.2" in standing["article"]) == (True, True)
    # As long as that visit counts, no later one leaves the child there.
    goes_on = await file.post(sa_pa_officer, f"{path}/visits", VISIT | {"occasion": "unplanned"})
    assert faults_of(goes_on) == {"/proposal": "carer_harmed_child"}
    await file.do(sa_pa_officer, f"/placement-visits/{seen['id']}/entered-in-error", {"reason": "Nhầm trẻ."})
    assert await waiting(sa_pa_officer, case_id) == {}
    assert (await file.refresh(sa_pa_leader))["emergency"] is False
    await file.do(sa_pa_officer, f"{path}/visits", VISIT | {"occasion": "unplanned"})

    # A review finds no risk, and still nobody closes over it; nor over care by who did it, once the child was fetched.
    await ready_to_close(file, sa_pa_officer, sa_pa_leader)
    again = await file.do(sa_pa_officer, f"{path}/visits", HARM)
    assert code_of(await file.post(sa_pa_leader, "/close", {})) == "emergency_unanswered"
    clock.forward(hours=1)
    left = time.now() - timedelta(minutes=10)
    out = await file.do(sa_pa_officer, f"{path}/visits", HARM | {"happened_at": left.isoformat()} | {
        "moved_out_at": time.now().isoformat(), "moved_to": "Trạm y tế phường"})  # fmt: skip
    assert [one["what"] for one in out["notices"]] == ["end_care", "verify_carer_again"]
    assert set(await waiting(sa_pa_officer, case_id)) == {"placement.decide_end"}
    refused = await file.post(sa_pa_leader, "/close", {})
    assert (code_of(refused), refused.json()["placement_ids"]) == ("harmed_in_care", [placed["id"]])
    hindered = (await sa_pa_leader.get(f"/cases/{case_id}/standing")).json()["possible_now"]
    (closing,) = (one for one in hindered if one["operation"] == "close_case")
    assert [one["problem"] for one in closing["hindered_by"]] == ["harmed_in_care"]
    await file.do(
        sa_pa_officer, f"/placement-visits/{out['id']}/entered-in-error", {"reason": "Chưa đưa được cháu đi."}
    )
    assert set(await waiting(sa_pa_officer, case_id)) == AT_ONCE

    # The end of the care is the child's leave, and answers both.
    ended = await file.do(sa_pa_leader, f"{path}/end", END | {"ended_on": time.today().isoformat()})
    assert {one["what"] for one in ended["notices"]}.isdisjoint({"move_child_out", "end_care"})
    assert await waiting(sa_pa_officer, case_id) == {}
    done = await rows("SELECT DISTINCT done_at FROM tasks WHERE rule_code = ANY ($1) AND done_at > $2", AT_ONCE, left)
    assert [row["done_at"].isoformat() for row in done] == [
        datetime.fromisoformat(ended["end"]["happened_at"]).isoformat()]  # fmt: skip
    # The decision says it, too, and so do the candidates, whatever becomes of the visit.
    await file.do(sa_pa_officer, f"/placement-visits/{again['id']}/entered-in-error", {"reason": "Ghi trùng."})
    found = (await sa_pa_officer.get(f"/cases/{case_id}/placement-candidates")).json()["carers"]
    assert [one["against"][0]["what"] for one in found] == ["harmed_this_child"]
    back = await file.post(sa_pa_leader, "/placements", decision | {"decided_on": time.today().isoformat()})
    assert [(one["what"], one["article"]) for one in back.json()["missing"]] == [
        ("harmed_this_child", "Luật Trẻ em Điều 69.2")]  # fmt: skip
    await file.do(sa_pa_leader, "/close", {})
    kept = await rows("SELECT harm, moved_to FROM case_placement_visits WHERE id = $1", UUID(again["id"]))
    assert [tuple(row) for row in kept] == [(HARM["harm"], None)]
    assert "roi" not in str(await events("case.placement_visited")), "ids and codes, never what was found"


async def test_what_the_carers_commune_finds_runs_at_once_where_the_case_is_led(  # noqa: PLR0915 - one story
    case_id, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_leader, ta_leng_officer, clock, rows
):
    """And what it takes back or ends as well; what the leading commune does next changes nothing of it."""
    there, path = await in_care_of_ta_van(case_id, sa_pa_officer, ta_van_officer, ta_van_leader)
    file = File(case_id)
    clock.forward(days=3)

    async def agree() -> dict[str, datetime]:
        """What waits where the case is led, the same before and after its own next step."""
        before = await waiting(sa_pa_officer, case_id)
        head = await file.refresh(sa_pa_leader)
        await file.do(sa_pa_officer, "/progress-notes", {"note": "Đã gọi cho xã Tả Van."})
        after = await file.refresh(sa_pa_leader)
        assert (await waiting(sa_pa_officer, case_id), after["emergency"]) == (before, head["emergency"])
        measured = await rows("SELECT emergency_measure_at FROM cases WHERE id = $1", case_id)
        await there.refresh(ta_van_officer)
        return before | {"protected": measured[0]["emergency_measure_at"]}

    seen = await there.do(ta_van_officer, f"{path}/visits", HARM)
    found = datetime.fromisoformat(seen["happened_at"])
    twelve = found + timedelta(hours=12)
    assert await agree() == {"emergency.intervene": twelve, "protected": None}
    assert set(await waiting(ta_van_officer, case_id)) == AT_ONCE - {"emergency.intervene"}
    assert (await sa_pa_officer.get(f"/cases/{case_id}{path}/visits")).json()["items"][0]["harm"] == HARM["harm"]
    assert (await ta_leng_officer.get(f"/cases/{case_id}{path}/visits")).status_code == 404
    clock.forward(hours=2)
    out_at = time.now() - timedelta(minutes=30)
    second = HARM | {"happened_at": (out_at - timedelta(minutes=5)).isoformat()}
    out = await there.do(
        ta_van_officer, f"{path}/visits", second | {"moved_out_at": out_at.isoformat(), "moved_to": "Trạm y tế xã"}
    )
    assert await agree() == {"protected": out_at}
    paper = await ta_van_officer.get(f"/cases/{case_id}/forms/mau-13", params={"format": "docx"})
    told = text_of(paper.content, "docx")
    for said in (HARM["harm"], "đến Trạm y tế xã", "phải được chuyển ngay", "khoản 2 Điều 69"):
        assert squeezed(said) in told, said
    assert set(await waiting(ta_van_officer, case_id)) == {"placement.decide_end"}
    marks = "/placing-steps/placement-visits/{}/entered-in-error"
    await there.do(ta_van_officer, marks.format(out["id"]), {"reason": "Cháu chưa được đưa đi."})
    assert await agree() == {"emergency.intervene": twelve, "protected": None}
    assert set(await waiting(ta_van_officer, case_id)) == AT_ONCE - {"emergency.intervene"}
    ended = await there.do(ta_van_leader, f"{path}/end", END | {"ended_on": time.today().isoformat()})
    ended_at = datetime.fromisoformat(ended["end"]["happened_at"])
    assert (await agree())["protected"] == ended_at
    ends = "/placing-steps/placement-ends/{}/entered-in-error"
    await there.do(ta_van_leader, ends.format(ended["end"]["id"]), {"reason": "Nhầm số."})
    assert await agree() == {"emergency.intervene": twelve, "protected": None}
    await there.do(ta_van_officer, marks.format(seen["id"]), {"reason": "Nhầm trẻ."})
    assert await agree() == {"protected": None}
    assert (await file.refresh(sa_pa_leader))["emergency"] is False
    assert await waiting(ta_van_officer, case_id) == {}
    # Where no visit said so, the decision that ends the care for it does.
    ended = await there.do(ta_van_leader, f"{path}/end", END | {"ended_on": time.today().isoformat()})
    assert await agree() == {"protected": datetime.fromisoformat(ended["end"]["happened_at"])}
    assert (await file.refresh(sa_pa_leader))["emergency"] is True
    await there.do(ta_van_leader, ends.format(ended["end"]["id"]), {"reason": "Nhầm số."})
    assert await agree() == {"protected": None}
    assert (await file.refresh(sa_pa_leader))["emergency"] is False

    # The child is in care also when its case is closed: then the hours run, and the leader opens the case again.
    await ready_to_close(file, sa_pa_officer, sa_pa_leader)
    await file.do(sa_pa_leader, "/close", {})
    await there.refresh(ta_van_officer)
    await there.do(ta_van_officer, f"{path}/visits", HARM)
    assert set(await waiting(sa_pa_officer, case_id)) == {"emergency.intervene"}
    standing = (await sa_pa_leader.get(f"/cases/{case_id}/standing")).json()
    assert (standing["status"], "mở lại" in standing["usually_follows_vi"]) == ("closed", True)
    await file.refresh(sa_pa_leader)
    assert code_of(await file.post(sa_pa_officer, "/emergency-measures", MEASURE)) == "case_not_in_state"
    await file.do(sa_pa_leader, "/reopen", {"reason": "Cháu bị người nhận chăm sóc đánh."})
    assert set(await waiting(sa_pa_officer, case_id)) == {"emergency.intervene"}
    await file.do(sa_pa_officer, "/emergency-measures", MEASURE)
    assert await waiting(sa_pa_officer, case_id) == {}


async def test_whoever_finds_harm_is_told_of_other_children_with_that_carer(
    case_id, assessed_report, sa_pa_officer, ta_van_officer, ta_van_leader, clock
):
    """Their own cases say whose they are; what counts is whether they live there now."""
    there, path = await in_care_of_ta_van(case_id, sa_pa_officer, ta_van_officer, ta_van_leader)
    opened = await (await assessed_report(emergency=False, relation="neighbour")).open(sa_pa_officer)
    other = File(opened.json()["cases"][0]["id"])
    await other.do(sa_pa_officer, "/care-needs", NEEDS)
    await other.do(sa_pa_officer, "/placement-requests", {"commune_id": TA_VAN, "message": "Nhờ xem xét."})
    carer_id = (await ta_van_officer.get(f"/cases/{case_id}/placements")).json()["items"][0]["carer_id"]
    decision = DECISION | {"carer_id": carer_id, "decided_on": time.today().isoformat()}
    also = File(other.case_id)
    await also.refresh(ta_van_leader)
    placed = await also.do(ta_van_leader, "/placements", decision)
    clock.forward(days=3)

    async def told() -> set[str]:
        return {
            one["what"]
            for one in (await ta_van_officer.get(f"/cases/{case_id}{path}/visits")).json()["items"][0]["notices"]
        }

    seen = await there.do(ta_van_officer, f"{path}/visits", HARM)
    assert "other_children_there" in {one["what"] for one in seen["notices"]}
    assert "other_children_there" in await told()
    await also.do(ta_van_leader, f"/placements/{placed['id']}/end", END | {"ended_on": time.today().isoformat()})
    assert await told() == {"move_child_out", "end_care", "verify_carer_again"}


@pytest.mark.committed
async def test_of_a_visit_and_a_closure_at_once_no_child_is_left_in_harm(
    case_id, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_leader
):
    """Nobody closes a case whose carer's commune has just said so without having seen it."""
    there, path = await in_care_of_ta_van(case_id, sa_pa_officer, ta_van_officer, ta_van_leader)
    file = File(case_id)
    await ready_to_close(file, sa_pa_officer, sa_pa_leader)
    version = file.row_version
    commands = (
        (ta_van_officer, f"{path}/visits", HARM),
        (sa_pa_leader, "/close", {}),
    )
    answers = await asyncio.gather(
        *(
            who.post(f"/cases/{case_id}{address}", json=body, headers=tag(version) | keyed())
            for who, address, body in commands * 2
        )
    )
    codes = sorted(answer.status_code for answer in answers)
    assert codes[1:] == [412] * 3
    if codes[0] == 200:
        await there.refresh(ta_van_officer)
        await there.do(ta_van_officer, f"{path}/visits", HARM)
    assert "emergency.intervene" in await waiting(sa_pa_officer, case_id)


async def test_harm_in_a_facility_is_an_emergency_and_the_law_ends_no_care_by_it(
    case_id, sa_pa_officer, sa_pa_leader, lao_cai_province_officer, clock
):
    """Điều 69.2 speaks of carers and their families; of a facility others decide (Điều 59, 66)."""
    made = await lao_cai_province_officer.post("/service-providers", json=CENTRE)
    file = File(case_id)
    await ready_to_close(file, sa_pa_officer, sa_pa_leader)
    await file.do(sa_pa_officer, "/care-needs", NEEDS)
    decision = DECISION | {"provider_id": made.json()["id"], "facility_ground": "no_carer_found"}
    decided = {"decided_by": "facility_authority", "issuer": "Sở Y tế", "decided_on": time.today().isoformat()}
    placed = await file.do(sa_pa_leader, "/placements", decision | decided)
    clock.forward(days=1)
    path = f"/placements/{placed['id']}/visits"
    seen = await file.do(sa_pa_officer, path, HARM | {"proposal": "support", "harm": "Một nhân viên tát cháu."})
    assert (seen["notices"], set(await waiting(sa_pa_officer, case_id))) == ([], {"emergency.intervene"})
    assert code_of(await file.post(sa_pa_leader, "/close", {})) == "emergency_unanswered"
    await file.do(sa_pa_officer, "/emergency-measures", MEASURE)
    assert (await file.do(sa_pa_leader, "/close", {}))["status"] == "closed"
