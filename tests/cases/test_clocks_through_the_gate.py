"""What runs for a case after somebody else than its leading commune acted on it: what its file asks for, at once."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.agencies.test_service_providers import CENTRE
from tests.alternative_care.carers import listed
from tests.cases.care import DECISION, HANDED, NEEDS, PAPERS, VISIT
from tests.cases.moving import answer
from tests.cases.stories import ASSESSMENT, REFERRAL, TRANSFER, File, keyed, separation, tag
from tests.intake.test_steps import step
from tests.intake.test_updating import NEW
from tests.people import PEOPLE, SA_PA, TA_LENG, TA_VAN

from childcare_api.cases import jobs
from childcare_api.children.rules import years_before
from childcare_api.jobs.worker import work_once
from childcare_api.shared import clock as time

COURT = {"court": "Tòa án nhân dân khu vực 1", "request_number": "3/TTr-UBND", "measures": ["restrict_rights"]} | {
    "grounds": ["harm_or_risk_by_carer"],
    "reason": "Cha còn ở trong nhà.",
}
REFUSAL = {"refused_by": ["mother"], "whole": True, "explained": "Đã giải thích Điều 29.3."}
HARM = VISIT | {"occasion": "unplanned", "carer_harmed_child": True, "proposal": "end", "harm": "Đánh cháu."}
MET = HANDED | {"met_on": ["2026-11-18", "2026-11-19"]}
MORE = {"decision_number": "9/QĐ-UBND", "decided_on": "2026-11-20", "reason": "Chưa an toàn.", "days": 2}
BACK = {"decision_number": "10/QĐ-UBND", "decided_on": "2026-11-20", "returned_to": "mother", "reason": "An toàn."}
WRONG = {"reason": "Nhầm hồ sơ."}
OTHER_CARE = {"ground": "carer_asked", "decision_number": "11", "ended_on": "2026-11-20", "goes_to": "other_carer"}


@pytest.fixture(autouse=True)
def _november(clock):
    # The morning of a Friday, so that a story of hours stays on one day in Viet Nam.
    clock.set(datetime(2026, 11, 20, 1, tzinfo=UTC))


async def test_the_commune_of_the_incident_leaves_no_clock_behind(  # noqa: PLR0915 - one story
    assessed_report, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_leader, clock, agree
):
    report = await assessed_report(emergency=True)
    file = File((await report.open(sa_pa_officer, {"unit_id": TA_VAN})).json()["cases"][0]["id"])

    async def runs(act: str) -> set[str]:
        return await agree(act, file.case_id, "ta_van_officer")

    async def told(version: int) -> str:
        clock.forward(minutes=5)
        body = NEW | {"emergency": True}
        return (await step(sa_pa_officer, report.id, "updates", body, version=version)).json()["updates"][-1]["id"]

    carer = await listed(ta_van_officer, ta_van_leader)
    await file.do(ta_van_officer, "/care-needs", NEEDS)
    await file.do(ta_van_leader, "/court-requests", COURT | {"requested_on": "2026-11-20"})
    plan = await file.plan_submitted(ta_van_officer, time.now())
    await file.approve(ta_van_leader, plan, "2026-11-20")
    await file.do(ta_van_officer, "/plan-refusals", REFUSAL)
    version = (await sa_pa_officer.get(f"/intakes/{report.id}")).json()["row_version"]
    await told(version)
    wrong = await told(version + 1)
    asked = {"emergency.intervene", "court.answer", "care.find", "plan.refused"}
    assert asked <= await runs("danger added to the report")
    marked = f"updates/{wrong}/entered-in-error"
    assert (await step(sa_pa_officer, report.id, marked, WRONG, version=version + 2)).is_success
    await runs("what was added is an error")

    clock.forward(minutes=5)
    shown = {"commune_id": SA_PA, "kinds": ["assessment"], "reason": "Để hủy bỏ quyết định cách ly."}
    await file.refresh(ta_van_leader)
    await file.do(ta_van_leader, "/grants", shown)
    # Of two dangers the decision answers the one that was told before it.
    later = separation(time.today(), happened_at=report.received_at.isoformat())
    apart = await file.do(sa_pa_leader, "/separations", later)
    assert await runs("a separation dated before the danger") & asked == {"emergency.intervene", "court.answer"}
    await file.refresh(ta_van_leader)
    await file.do(ta_van_leader, f"/separations/{apart['id']}/entered-in-error", WRONG)
    clock.forward(minutes=5)
    await file.refresh(sa_pa_leader)
    apart = await file.do(sa_pa_leader, "/separations", separation(time.today()))
    assert await runs("a separation") & asked == {"court.answer"}
    await file.do(sa_pa_leader, f"/separations/{apart['id']}/extend", MORE)
    await runs("a separation goes on")
    await file.refresh(ta_van_officer)
    given = {"carer_id": carer["id"], "decision_number": "8", "decided_on": "2026-11-20", "temporary": True}
    path = f"/placements/{(await file.do(ta_van_leader, '/placements', given))['id']}"
    await file.do(ta_van_officer, f"{path}/handover", HANDED)
    clock.forward(minutes=5)
    safe = await file.do(ta_van_officer, "/assessments", ASSESSMENT | {"carers_ensure_safety": True})
    clock.forward(minutes=5)
    await file.refresh(sa_pa_leader)
    await file.do(sa_pa_leader, f"/separations/{apart['id']}/cancel", BACK | {"assessment_id": safe["id"]})
    assert "placement.end_temporary" in await runs("a separation is cancelled")
    await file.refresh(ta_van_officer)
    await file.do(ta_van_officer, f"{path}/visits", HARM)
    clock.forward(minutes=5)
    await file.refresh(sa_pa_leader)
    await file.do(sa_pa_leader, "/separations", separation(time.today()))
    care = {"placement.end_temporary", "placement.move_out", "emergency.intervene"}
    assert await runs("a separation from who harms the child") & care == set()


async def test_the_commune_of_a_carer_leaves_no_clock_behind(  # noqa: PLR0915 - one story
    case_id, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_leader, ta_leng_leader, lao_cai_province_officer,
    clock, agree, rows,
):  # fmt: skip
    file, there = File(case_id), File(case_id)

    async def runs(act: str, *follow: str) -> set[str]:
        clock.forward(minutes=5)
        await file.refresh(sa_pa_officer)
        return await agree(act, case_id, "sa_pa_officer", *follow)

    async def ask(commune: int) -> dict[str, Any]:
        await file.refresh(sa_pa_officer)
        return await file.do(sa_pa_officer, "/placement-requests", {"commune_id": commune, "message": "Nhờ xem xét."})

    async def do(leader, path: str, body: dict[str, Any]) -> dict[str, Any]:
        await there.refresh(leader)
        return await there.do(leader, path, body)

    provider = (await lao_cai_province_officer.post("/service-providers", json=CENTRE)).json()["id"]
    carer = await listed(ta_van_officer, ta_van_leader)
    lasting = DECISION | {"carer_id": carer["id"], "decided_on": "2026-11-20"}
    await file.do(
        sa_pa_officer, "/care-needs", NEEDS | {"papers": [*PAPERS, {"paper": "facility_report", "reference": "4"}]}
    )
    here, far = await ask(TA_VAN), await ask(TA_LENG)
    await do(ta_leng_leader, f"/placement-requests/{far['id']}/decline", WRONG)
    assert await runs("a no, while another is asked", "ta_van_officer") >= {"request.declined", "placement.answer"}
    await do(ta_van_leader, f"/placement-requests/{here['id']}/decline", WRONG)
    assert "care.find" in await runs("a no of who was asked last")
    # Care at once in a facility, and then with a carer elsewhere.
    await ask(TA_VAN)
    far = await ask(TA_LENG)
    await do(ta_leng_leader, f"/placement-requests/{far['id']}/decline", WRONG)
    await file.refresh(sa_pa_leader)
    await file.do(sa_pa_leader, "/separations", separation(time.today()))
    await file.do(sa_pa_leader, "/court-requests", COURT | {"requested_on": "2026-11-20"})
    facility = {"provider_id": provider, "facility_ground": "safe_place", "temporary": True, "decision_number": "1"}
    await file.do(sa_pa_leader, "/placements", facility | {"decided_on": "2026-11-20"})
    far = await ask(TA_LENG)
    await do(ta_leng_leader, f"/placement-requests/{far['id']}/decline", WRONG)
    assert "request.declined" in await runs("another no")
    agreed = lasting | {"facility_agreed_on": "2026-11-20"}
    wrong = await do(ta_van_leader, "/placements", agreed)
    ends = {"placement.end_at_facility", "placement.end_temporary", "request.declined", "placement.answer"}
    assert await runs("lasting care", "ta_van_officer") & ends == {"placement.end_at_facility"}
    await do(ta_van_leader, f"/placing-steps/placements/{wrong['id']}/entered-in-error", WRONG)
    again = {"request.declined", "placement.answer"}
    assert await runs("lasting care in error", "ta_van_officer") & ends == again
    placed = await do(ta_van_leader, "/placements", agreed)
    path = f"/placements/{placed['id']}"
    just_now = time.now()
    clock.forward(minutes=2)
    ended = await do(ta_van_leader, f"{path}/end", OTHER_CARE | {"happened_at": just_now.isoformat()})
    assert await runs("its end before the child left the facility") & ends == {"placement.end_temporary"}
    stopped = "SELECT cancelled_at FROM tasks WHERE rule_code = 'placement.end_at_facility' AND done_at IS NULL"
    assert just_now in [one["cancelled_at"] for one in await rows(stopped)]
    await do(ta_van_leader, f"/placing-steps/placement-ends/{ended['end']['id']}/entered-in-error", WRONG)
    assert await runs("that end in error", "ta_van_officer") & ends == {"placement.end_at_facility"}
    await file.refresh(sa_pa_leader)
    (kept,) = [
        one
        for one in (await sa_pa_leader.get(f"/cases/{case_id}/placements")).json()["items"]
        if one["form"] == "facility"
    ]
    leaves = {"ground": "moved_to_carer", "decision_number": "9", "ended_on": "2026-11-20", "goes_to": "other_carer"}
    await file.do(sa_pa_leader, f"/placements/{kept['id']}/end", leaves)

    await do(ta_van_officer, f"{path}/handover", MET)
    await runs("the handing over", "ta_van_officer")
    visit = await do(ta_van_officer, f"{path}/visits", HARM)
    danger = {"emergency.intervene", "placement.move_out"}
    assert await runs("a visit that finds harm", "ta_van_officer") & danger == danger
    await file.refresh(sa_pa_leader)
    apart = await file.do(sa_pa_leader, "/separations", separation(time.today(), separated_from=["other"]))
    assert await runs("the child is separated where its case is led", "ta_van_officer") & danger == set()
    await file.do(sa_pa_leader, f"/separations/{apart['id']}/entered-in-error", WRONG)
    assert await runs("that separation in error", "ta_van_officer") & danger == danger
    await do(ta_van_officer, f"/placing-steps/placement-visits/{visit['id']}/entered-in-error", WRONG)
    assert await runs("that visit in error", "ta_van_officer") & danger == set()
    ended = await do(ta_van_leader, f"{path}/end", OTHER_CARE)
    assert "care.find" in await runs("the end of the care")
    await do(ta_van_leader, f"/placing-steps/placement-ends/{ended['end']['id']}/entered-in-error", WRONG)
    assert "care.find" not in await runs("the end in error", "ta_van_officer")


async def test_who_answers_for_a_child_or_takes_its_case_leaves_no_clock_behind(  # noqa: PLR0915 - one story
    case_id, sa_pa_officer, sa_pa_second_officer, sa_pa_leader, ta_van_officer, ta_van_leader, ta_leng_officer,
    ta_leng_leader, clock, database, agree,
):  # fmt: skip
    file = File(case_id)

    async def runs(act: str, *people: str) -> set[str]:
        clock.forward(minutes=5)
        return await agree(act, case_id, *people)

    async def asked() -> str:
        await file.refresh(sa_pa_officer)
        return (await file.do(sa_pa_officer, "/referrals", REFERRAL))["id"]

    async def says(referral: str, word: str) -> None:
        version = (await ta_van_officer.get(f"/referrals/{referral}")).json()["row_version"]
        body = {"answer": word, "note": "Đã xem xét."}
        said = await ta_van_officer.post(f"/referrals/{referral}/answer", json=body, headers=tag(version))
        assert said.is_success, said.text

    carer = await listed(sa_pa_officer, sa_pa_leader)
    born_on = (years_before(time.today(), 16) + timedelta(days=3)).isoformat()
    child = {"full_name": "Vàng A Pao", "sex": "male", "born_on": born_on}
    linked = await file.do(sa_pa_officer, "/register-child", {"child": child})
    referral = await asked()
    for word in ("accepted", "done"):
        await says(referral, word)
        assert "request.declined" not in await runs(f"a service {word}", "sa_pa_officer")
    await says(await asked(), "declined")
    assert "request.declined" in await runs("a service declined", "sa_pa_officer")
    record = (await sa_pa_officer.get(f"/children/{linked['child_id']}")).json()
    away = {"residence": {"unit_id": TA_LENG}, "address": "Bản Tả Lèng", "moved_on": "2026-11-01", "reason": "Theo mẹ."}
    headers = tag(record["row_version"]) | keyed()
    # Who is kept from the case is told nothing of it, and offers the record.
    kept = {"user_id": str(PEOPLE["sa_pa_second_officer"].id), "reason": "Là chú ruột của cháu."}
    assert (await sa_pa_leader.post(f"/cases/{case_id}/exclusions", json=kept, headers=keyed())).is_success
    moved = await sa_pa_second_officer.post(f"/children/{record['id']}/move", json=away, headers=headers)
    assert moved.is_success, moved.text
    assert "case.follow_child" in await runs("a child's record offered", "sa_pa_officer")
    no = {"reason": "Không ở đây."}
    declined = await ta_leng_officer.post(
        f"/child-moves/{moved.json()['id']}/decline", json=no, headers=tag(1) | keyed()
    )
    assert declined.is_success, declined.text
    assert "case.follow_child" not in await runs("a child's record declined", "sa_pa_officer")

    await file.refresh(sa_pa_leader)
    apart = await file.do(sa_pa_leader, "/separations", separation(time.today()))
    given = {"carer_id": carer["id"], "decision_number": "8", "decided_on": "2026-11-20", "temporary": True}
    placed = await file.do(sa_pa_leader, "/placements", given)
    clock.forward(minutes=5)
    safe = await file.do(sa_pa_officer, "/assessments", ASSESSMENT | {"carers_ensure_safety": True})
    await file.do(sa_pa_leader, f"/separations/{apart['id']}/cancel", BACK | {"assessment_id": safe["id"]})
    await file.do(sa_pa_officer, "/care-needs", NEEDS)
    offered = await file.do(sa_pa_leader, "/transfer", TRANSFER | {"residence": {"unit_id": TA_LENG}})
    assert (await answer(ta_leng_leader, offered["id"], "decline", **no)).is_success
    assert "request.declined" in await runs("a declined case", "sa_pa_officer")
    left = await asked()
    await file.refresh(sa_pa_leader)
    offered = await file.do(sa_pa_leader, "/transfer", TRANSFER)
    assert (await answer(ta_van_leader, offered["id"], "accept")).is_success
    ours = await runs("a case taken over", "ta_van_officer", "sa_pa_officer")
    assert {"placement.end_temporary", "placement.hand_over_now"} <= ours
    await file.refresh(sa_pa_leader)
    await file.do(sa_pa_leader, f"/placing-steps/placements/{placed['id']}/entered-in-error", WRONG)
    ours = await runs("care in error, after the case went away", "ta_van_officer")
    assert ours & {"care.find", "placement.end_temporary"} == {"care.find"}

    clock.forward(days=3)
    await jobs.announce_sixteen_in_cases(database)
    async with database.as_superuser() as connection:
        # The outbox hands out by the database's own clock, which no test moves.
        await connection.execute("UPDATE outbox SET available_at = $1", clock.at)
    while await work_once(database, jobs.HANDLERS):
        pass
    assert "sixteen.assess" in await runs("the sixteenth birthday", "ta_van_officer")
    await file.refresh(ta_van_officer)
    await file.do(ta_van_officer, "/child-died", {"died_on": time.today().isoformat()})
    await says(left, "declined")
    assert "request.declined" not in await runs("a no for who is dead", "ta_van_officer")


_WRITES = r"(INSERT INTO|UPDATE) (cases|case_steps)\M"


async def test_no_other_function_of_the_gate_writes_into_a_case(rows):
    """Each of these is an act of the stories above: one that comes to them is told there, too."""
    found = await rows("SELECT proname FROM pg_proc WHERE prosrc ~ $1 ORDER BY proname", _WRITES)
    assert {one["proname"] for one in found} == {
        *("case_act_from_incident", "case_place_from_elsewhere", "case_mark_placing_from_elsewhere"),
        *("report_was_updated", "mark_update_in_cases", "case_step_from_elsewhere", "case_take_over"),
        # What follows from those, and how secret a case is, on which no clock depends.
        *("case_separation_follows", "case_seals_what_is_joined", "case_tell_here"),
    }
