"""Care that is given at once, mostly during a separation, and lasting care that takes over from it."""

from datetime import UTC, datetime
from typing import Any

import pytest
from tests.alternative_care.carers import VERIFICATION, list_sent, listed, registered
from tests.cases.care import DECISION, HANDED, NEEDS, NO_PAPERS, PAPERS
from tests.cases.stories import ASSESSMENT, File, separation, tag
from tests.people import TA_VAN

from childcare_api.alternative_care.rules import CONDITIONS
from childcare_api.shared import clock as time


@pytest.fixture(autouse=True)
def _november(clock):
    clock.set(datetime(2026, 11, 20, 3, tzinfo=UTC))


async def test_lasting_care_takes_over_from_a_separation_at_once_whoever_decides(
    assessed_report, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_leader, events
):
    """And so does its being an error: nothing of the leading commune's waits for its next act."""
    carer = await listed(ta_van_officer, ta_van_leader)
    await list_sent(ta_van_officer)
    report = await assessed_report(emergency=True)
    case_id = (await report.open(sa_pa_officer)).json()["cases"][0]["id"]
    file, there = File(case_id), File(case_id)
    apart = await file.do(sa_pa_leader, "/separations", separation(time.today()))

    async def running() -> dict[str, str]:
        tasks = (await sa_pa_leader.get("/tasks", params={"whose": "my_unit", "subject_id": case_id})).json()["items"]
        return {task["rule"]: task["due_at"] for task in tasks if task["rule"].startswith("separation.")}

    before = await running()
    assert set(before) == {"separation.end", "separation.place"}
    await file.do(sa_pa_officer, "/care-needs", NEEDS)
    await file.do(sa_pa_officer, "/placement-requests", {"commune_id": TA_VAN, "message": "Nhờ xem xét."})
    await there.refresh(ta_van_leader)
    placed = await there.do(
        ta_van_leader, "/placements", DECISION | {"carer_id": carer["id"], "decided_on": time.today().isoformat()}
    )
    assert apart["id"] in placed["stands_on"]
    assert ((await file.refresh(sa_pa_leader))["separation_id"], await running()) == (None, {})

    wrong = f"/placing-steps/placements/{placed['id']}/entered-in-error"
    await there.do(ta_van_leader, wrong, {"reason": "Nhầm trẻ."})
    head = await file.refresh(sa_pa_leader)
    assert (head["separation_id"], head["separation_ends_at"], await running()) == (
        apart["id"], apart["ends_at"], before)  # fmt: skip
    assert (await events("case.step_entered_in_error"))[-1]["detail"]["undone"] == [placed["id"]]
    # What the commune that leads does next changes nothing of it.
    await file.do(sa_pa_officer, "/progress-notes", {"note": "Cháu vẫn ở nhà bà."})
    assert await running() == before
    court = {"court": "TAND khu vực 1", "request_number": "3/TTr", "requested_on": time.today().isoformat()}
    await file.do(sa_pa_leader, "/court-requests", court | {
        "measures": ["separate_and_place"], "grounds": ["harm_may_continue"], "reason": "Còn nguy cơ."})  # fmt: skip
    assert set(await running()) == {"separation.place"}


async def convicted(officer) -> dict[str, Any]:
    """Verify somebody who was convicted, and of whom everything else is not known."""
    carer = await registered(officer, full_name="Giàng A Páo", basis="relative_notice")
    found = [
        {"condition": condition, "met": "no" if condition == "not_convicted" else "unknown"} for condition in CONDITIONS
    ]
    told = VERIFICATION | {"conditions": found, "result": "does_not_meet"}
    verified = await officer.post(f"/carers/{carer['id']}/verifications", json=told, headers=tag(carer["row_version"]))
    assert verified.status_code == 201, verified.text
    return carer


async def struck_off(officer, leader) -> dict[str, Any]:
    """Strike somebody off who harmed a child in their care."""
    carer = await registered(officer, full_name="Giàng A Sử", basis="relative_notice")
    told = {"ground": "harmed_a_child", "reason": "Đánh trẻ em được giao."}
    gone = await leader.post(f"/carers/{carer['id']}/strike-off", json=told, headers=tag(carer["row_version"]))
    assert gone.status_code == 200, gone.text
    return carer


async def test_a_separated_child_is_placed_at_once_and_the_procedure_follows(
    assessed_report, sa_pa_officer, sa_pa_leader, clock, rows
):
    """A grandmother who only gave notice takes the child in, and the task to place it at once is done (Điều 32.4)."""
    report = await assessed_report(emergency=True)
    file = File((await report.open(sa_pa_officer)).json()["cases"][0]["id"])
    apart = await file.do(sa_pa_leader, "/separations", separation(time.today()))

    async def rules_running() -> set[str]:
        tasks = (await sa_pa_officer.get("/tasks", params={"whose": "my_unit", "limit": 200})).json()["items"]
        return {one["rule"] for one in tasks if one["subject_id"] == str(file.case_id)}

    assert "separation.place" in await rules_running()
    bare = {"basis": "relative_notice", "commitment": False, "health_certificate_on": None, "counselled_on": None}
    grandmother = await registered(sa_pa_officer, full_name="Vàng Thị Dở", **bare)
    body = {"carer_id": grandmother["id"], "relation": "grandparent", "temporary": True}
    decision = {"decision_number": "7/QĐ-UBND", "decided_on": time.today().isoformat()}
    # No papers are asked for, but somebody known to have harmed a child is not given one at night either.
    for uncle, article in (
        (await convicted(sa_pa_officer), "63.2.a"),
        (await struck_off(sa_pa_officer, sa_pa_leader), "69.1.b"),
    ):
        refused = await file.post(
            sa_pa_leader, "/placements", body | decision | {"carer_id": uncle["id"], "relation": "other_relative"}
        )
        assert refused.json()["missing"][0]["article"] == f"Luật Trẻ em Điều {article}"
    placed = await file.do(sa_pa_leader, "/placements", body | decision)
    assert (placed["form"], placed["temporary"]) == ("relative", True)
    care = {"separation.place", "placement.hand_over", "placement.hand_over_now", "placement.end_temporary"}
    assert await rules_running() & care == {"placement.hand_over_now"}
    await file.do(sa_pa_officer, f"/placements/{placed['id']}/handover", HANDED)
    assert await rules_running() & care == set()
    # The child may go home: somebody says so of the care it was given to meanwhile, too.
    found = await file.do(sa_pa_officer, "/assessments", ASSESSMENT | {"carers_ensure_safety": True})
    back = {"assessment_id": found["id"], "returned_to": "mother", "reason": "Cha đã đi làm xa."}
    await file.do(sa_pa_leader, f"/separations/{apart['id']}/cancel", decision | back)
    assert await rules_running() & care == {"placement.end_temporary"}
    home = {"ground": "separation_ended", "ended_on": time.today().isoformat(), "goes_to": "family"}
    ended = await file.do(sa_pa_leader, f"/placements/{placed['id']}/end", home | {"decision_number": "9/QĐ-UBND"})
    assert (ended["in_force"], await rules_running() & care) == (False, set())
    # Separated anew, the child stays with reason where it was given: nobody has to end that, and nobody did.
    apart = await file.do(sa_pa_leader, "/separations", separation(time.today()))
    await file.do(sa_pa_leader, "/placements", body | decision)
    clock.forward(minutes=1)
    found = await file.do(sa_pa_officer, "/assessments", ASSESSMENT | {"carers_ensure_safety": True})
    back |= {"assessment_id": found["id"]}
    await file.do(sa_pa_leader, f"/separations/{apart['id']}/cancel", decision | back)
    await file.do(sa_pa_leader, "/separations", separation(time.today()))
    stopped = await rows(
        "SELECT done_at, cancel_reason FROM tasks WHERE subject_id = $1 AND rule_code = 'placement.end_temporary'"
        " ORDER BY created_at DESC LIMIT 1",
        file.case_id,
    )
    assert [tuple(one) for one in stopped] == [(None, "no_longer_due")]


async def test_who_leads_the_case_ends_what_another_commune_gave_at_once(
    case_id, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_leader
):
    """Of a child whom nobody separated that waits from the decision on, and nothing of it for the leader's next act."""
    carer, file, there = await listed(ta_van_officer, ta_van_leader), File(case_id), File(case_id)

    async def waits(leader: Any = sa_pa_leader) -> list[tuple[str, str]]:
        asked = {"case_id": str(case_id), "limit": 200}
        tasks = (await leader.get("/tasks", params=asked)).json()["items"]
        return [(one["id"], one["due_at"][:10]) for one in tasks if one["rule"] == "placement.end_temporary"]

    async def mark(kind: str, step: dict[str, Any]) -> None:
        await there.do(ta_van_leader, f"/placing-steps/{kind}/{step['id']}/entered-in-error", {"reason": "Nhầm trẻ."})

    gone = {"father": "dead", "mother": "missing", "reason": "Lũ quét đêm qua."}
    await file.do(sa_pa_officer, "/care-needs", NEEDS | {"ground": "disaster_or_conflict", "parents": gone})
    await file.do(sa_pa_officer, "/placement-requests", {"commune_id": TA_VAN, "message": "Nhờ xem xét."})
    await there.refresh(ta_van_leader)
    decision = {"carer_id": carer["id"], "decision_number": "8", "decided_on": "2026-11-20"}
    placed = await there.do(ta_van_leader, "/placements", decision | {"temporary": True})
    ((_, day),) = running = await waits()
    assert day == "2026-12-07", "as long as a separation, and a working day"
    assert await waits(ta_van_leader) == [], "whoever leads the case answers for it"
    await file.refresh(sa_pa_officer)
    await file.do(sa_pa_officer, "/progress-notes", {"note": "Cháu ở Tả Van."})
    assert await waits() == running, "as the leading commune itself reckons it"

    # For good, or ended, it is done; an error in that lets it wait as it did.
    await there.refresh(ta_van_leader)
    home = {"ground": "family_reunited", "decision_number": "9", "ended_on": "2026-11-20", "goes_to": "family"}
    ended = await there.do(ta_van_leader, f"/placements/{placed['id']}/end", home)
    assert await waits() == []
    await mark("placement-ends", ended["end"])
    assert await waits() == running
    nobody = {"consent": {"override": {"ground": "no_natural_guardian", "reason": "Không còn ai."}}}
    lasting = await there.do(ta_van_leader, "/placements", DECISION | decision | nobody)
    assert await waits() == []
    await mark("placements", lasting)
    assert await waits() == running
    await mark("placements", placed)
    assert await waits() == []
    await file.refresh(sa_pa_officer)
    # A child found abandoned waits for the end of the notice that looks for its family (TT 14/2020, Điều 10.1 a2).
    found = {"ground": "orphan_abandoned_no_support", "found_abandoned": True}
    await file.do(sa_pa_officer, "/care-needs", NEEDS | found)
    up = {"posted_on": "2026-11-20", "until_on": "2026-11-27", "places": ["Trụ sở UBND"]}
    await file.do(sa_pa_officer, "/family-notices", up)
    await there.refresh(ta_van_leader)
    await there.do(ta_van_leader, "/placements", decision | {"temporary": True})
    assert [day for _, day in await waits()] == ["2026-11-30"]


async def test_what_was_given_since_stands_open_of_no_decision(case_id, sa_pa_officer, sa_pa_leader):
    """And of care that is over nothing does: `supplied_by` would have it asked for again."""
    file, today = File(case_id), time.today().isoformat()
    carer = await listed(sa_pa_officer, sa_pa_leader)
    await file.do(sa_pa_leader, "/separations", separation(time.today()))
    at_once = {"carer_id": carer["id"], "decision_number": "7/QĐ-UBND", "decided_on": today, "temporary": True}
    papers = [*NO_PAPERS][1:]
    first = await file.do(sa_pa_leader, "/placements", at_once)
    assert [one["what"] for one in first["notices"]] == ["care_needs", *papers, "child_opinion", "consent"]

    async def told(placed: str) -> list[str]:
        shown = (await sa_pa_officer.get(f"/cases/{case_id}/placements")).json()["items"]
        return [what["what"] for one in shown if one["id"] == placed for what in one["notices"]]

    parents = ["father_consent", "mother_consent"]
    await file.do(sa_pa_officer, "/care-needs", NEEDS | {"papers": PAPERS[:1]})
    assert await told(first["id"]) == [*papers[1:], "child_opinion", *parents]
    photos = await file.do(sa_pa_officer, "/care-papers", {"papers": PAPERS[2:]})
    assert await told(first["id"]) == [papers[1], "child_opinion", *parents]
    gone = {"parents": {"father": "dead", "mother": "left", "reason": "Giấy chứng tử."}}
    await file.do(sa_pa_officer, "/care-needs", NEEDS | gone | {"papers": []})
    assert await told(first["id"]) == [papers[1], "child_opinion", "mother_consent"]
    await file.do(sa_pa_officer, f"/care-papers/{photos['id']}/entered-in-error", {"reason": "Ảnh của trẻ khác."})
    assert await told(first["id"]) == [*papers[1:], "child_opinion", "mother_consent"]
    end = {"ground": "carer_asked", "decision_number": "8", "ended_on": today, "goes_to": "other_carer"}
    ended = await file.do(sa_pa_leader, f"/placements/{first['id']}/end", end)
    assert (ended["notices"], await told(first["id"])) == ([], [])
