"""What a clock runs for and what ends it: only what answered that; all else stops it, when that happened."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.agencies.test_service_providers import CENTRE
from tests.alternative_care.carers import listed
from tests.cases.care import DECISION, NEEDS, PAPERS
from tests.cases.stories import ASSESSMENT, PROCEEDING, REFERRAL, REVIEW, RISKY_REVIEW, File, separation, tag
from tests.cases.test_carer_harms import in_care_of_ta_van
from tests.cases.test_harm_and_other_children import in_care
from tests.people import TA_LENG, TA_VAN

from childcare_api.shared import clock as time

WRONG = {"reason": "Nhầm trẻ."}
OTHER_CARE = {"ground": "carer_asked", "decision_number": "11", "ended_on": "2026-11-20", "goes_to": "other_carer"}
BACK = {"decision_number": "10/QĐ-UBND", "returned_to": "mother", "reason": "An toàn."}
FACILITY_PAPERS = [{"paper": paper, "reference": "4/BC-TT"} for paper in ("facility_admission", "facility_report")]


@pytest.fixture(autouse=True)
def _november(clock):
    clock.set(datetime(2026, 11, 20, 3, tzinfo=UTC))


@pytest.fixture
def last_of(rows):
    """How the clock of a rule that began last ended: when it was met, when it stopped, and why."""

    async def read(rule: str) -> tuple[datetime | None, datetime | None, str | None]:
        found = await rows(
            "SELECT done_at, cancelled_at, cancel_reason FROM tasks WHERE rule_code = $1"
            " ORDER BY created_at, starts_at",
            rule,
        )
        (*_, latest) = found
        return latest["done_at"], latest["cancelled_at"], latest["cancel_reason"]

    return read


async def test_a_death_meets_nothing_that_was_waited_for(
    case_id, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_leader, clock, last_of, agree
):
    """Of another "no", another plan, another question something was decided before: that was an answer to those."""
    file, today = File(case_id), time.today().isoformat()
    plan = await file.plan_submitted(sa_pa_officer, time.now())
    await file.approve(sa_pa_leader, plan, today)
    await file.tell_everybody(sa_pa_officer)
    first = await file.do(sa_pa_officer, "/proceedings", PROCEEDING)
    await file.do(sa_pa_officer, f"/proceedings/{first['id']}/answer", {"result": "Đã cử người dự."})
    clock.forward(hours=1)
    await file.do(sa_pa_officer, "/proceedings", PROCEEDING)
    referrals = [(await file.do(sa_pa_officer, "/referrals", REFERRAL))["id"] for _ in range(3)]
    asked = await file.do(sa_pa_officer, "/placement-requests", {"commune_id": TA_VAN, "message": "Nhờ xem xét."})
    clock.forward(hours=1)
    await file.do(sa_pa_officer, "/reviews", RISKY_REVIEW)

    async def says(referral: str, word: str) -> None:
        version = (await ta_van_officer.get(f"/referrals/{referral}")).json()["row_version"]
        at = (time.now() - timedelta(minutes=30)).isoformat()
        body = {"answer": word, "note": "Đã xem xét.", "happened_at": at}
        assert (await ta_van_officer.post(f"/referrals/{referral}/answer", json=body, headers=tag(version))).is_success

    clock.forward(hours=2)
    no = time.now() - timedelta(minutes=30)
    await says(referrals[0], "declined")
    assert await last_of("referral.carry_out") == (None, no, "declined"), "as of the word, not of its recording"
    await says(referrals[1], "accepted")
    known_at = time.now() + timedelta(hours=1)
    clock.forward(hours=2)

    async def theirs() -> set[str]:
        tasks = [
            *(await ta_van_officer.get("/tasks")).json()["items"],
            *(await ta_van_leader.get("/tasks")).json()["items"],
        ]
        return {one["rule"] for one in tasks if one["rule"].split(".")[0] in {"placement", "referral"}}

    before = {"placement.answer", "referral.answer", "referral.perform"}
    assert await theirs() == before
    await file.refresh(sa_pa_officer)
    died = await file.do(sa_pa_officer, "/child-died", {"died_on": today, "happened_at": known_at.isoformat()})
    for rule in ("request.declined", "plan.submit", "proceeding.answer"):
        assert await last_of(rule) == (None, known_at, "no_longer_due"), rule
    for rule in ("placement.answer", "referral.answer", "referral.perform", "referral.follow_up"):
        assert await last_of(rule) == (None, known_at, "child_died"), rule
    assert await theirs() == set()
    await agree("a death", case_id, "sa_pa_officer")

    # What was answered since waits for nobody, where the death was an error.
    await says(referrals[2], "declined")
    await file.refresh(sa_pa_officer)
    await file.do(sa_pa_officer, f"/deaths/{died['id']}/entered-in-error", WRONG)
    assert await theirs() == before - {"referral.answer"}
    await agree("no death", case_id, "sa_pa_officer")
    await file.do(sa_pa_officer, f"/placement-requests/{asked['id']}/withdraw", {"reason": "Đã có bà."})
    assert await theirs() == {"referral.perform"}


async def test_a_plan_s_next_review_is_called_off_by_a_death_on_its_day(
    case_id, sa_pa_officer, sa_pa_leader, clock, last_of
):
    """It was to begin in January."""
    file = File(case_id)
    await file.approve(sa_pa_leader, await file.plan_submitted(sa_pa_officer, time.now()), time.today().isoformat())
    clock.forward(days=1)
    await file.do(sa_pa_officer, "/child-died", {"died_on": time.today().isoformat()})
    assert await last_of("plan.review") == (None, time.now(), "no_longer_due")


async def test_a_request_in_error_was_met_by_no_end_of_other_care(case_id, sa_pa_officer, sa_pa_leader, clock, last_of):
    file, carer = File(case_id), await listed(sa_pa_officer, sa_pa_leader)
    await file.do(sa_pa_officer, "/care-needs", NEEDS)
    path = await in_care(file, sa_pa_officer, sa_pa_leader, carer)
    clock.forward(days=1)
    end = {"ground": "carer_asked", "decision_number": "11", "ended_on": "2026-11-21", "goes_to": "other_carer"}
    await file.do(sa_pa_leader, f"{path}/end", end)
    path = await in_care(file, sa_pa_officer, sa_pa_leader, carer)
    clock.forward(days=1)
    asked = {"asked_by": "carer", "ground": "carer_asked", "reason": "Ốm."}
    request = (await file.do(sa_pa_officer, f"{path}/end-requests", asked))["end_requests"][-1]
    clock.forward(days=1)
    await file.do(sa_pa_officer, f"/placement-end-requests/{request['id']}/entered-in-error", WRONG)
    assert await last_of("placement.decide_end") == (None, time.now(), "no_longer_due")


async def test_a_plan_is_sent_when_its_last_recipient_was_whoever_was_sent_a_decision_on_care(
    case_id, sa_pa_officer, sa_pa_leader, lao_cai_province_officer, clock, last_of
):
    provider = (await lao_cai_province_officer.post("/service-providers", json=CENTRE)).json()["id"]
    file, today = File(case_id), time.today().isoformat()
    await file.approve(sa_pa_leader, await file.plan_submitted(sa_pa_officer, time.now()), today)
    sent_at = time.now()
    await file.do(sa_pa_officer, "/care-needs", NEEDS | {"papers": [*PAPERS, *FACILITY_PAPERS]})
    facility = {"provider_id": provider, "facility_ground": "no_carer_found", "decided_on": today}
    await file.do(sa_pa_leader, "/placements", DECISION | facility)
    carer = await listed(sa_pa_officer, sa_pa_leader)
    to_carer = {"carer_id": carer["id"], "decided_on": today, "facility_agreed_on": today}
    moved = await file.do(sa_pa_leader, "/placements", DECISION | to_carer)
    clock.forward(days=5)
    authority = {"recipient_kind": "facility_authority", "recipient": "Sở Y tế", "way": "post"}
    await file.do(sa_pa_officer, f"/decisions/{moved['id']}/sendings", authority)
    for waits in (await sa_pa_officer.get(f"/cases/{case_id}/sendings")).json()["still_to_be_told"]:
        decision_id = waits.pop("decision_id")
        body = waits | {
            "recipient": waits["recipient"] or "Bà Dở",
            "way": "in_person",
            "happened_at": sent_at.isoformat(),
        }
        if decision_id != moved["id"]:
            await file.do(sa_pa_officer, f"/decisions/{decision_id}/sendings", body)
    assert await last_of("decision.send") == (sent_at, None, None)


async def test_care_at_once_is_ended_after_its_own_separation_and_none_of_before(
    case_id, sa_pa_officer, sa_pa_leader, clock, last_of, rows
):
    file, today = File(case_id), time.today().isoformat()
    apart = await file.do(sa_pa_leader, "/separations", separation(time.today()))
    clock.forward(hours=1)
    safe = await file.do(sa_pa_officer, "/assessments", ASSESSMENT | {"carers_ensure_safety": True})
    back = BACK | {"decided_on": today, "assessment_id": safe["id"]}
    await file.do(sa_pa_leader, f"/separations/{apart['id']}/cancel", back)
    clock.forward(days=60)
    # Nobody separates it from parents it no longer has.
    gone = {"father": "dead", "mother": "dead", "reason": "Giấy báo tử."}
    orphaned = {"ground": "orphan_abandoned_no_support", "found_abandoned": False, "parents": gone}
    await file.do(sa_pa_officer, "/care-needs", NEEDS | orphaned)
    carer = await listed(sa_pa_officer, sa_pa_leader)
    given = {"carer_id": carer["id"], "decision_number": "8", "decided_on": time.today().isoformat()}
    await file.do(sa_pa_leader, "/placements", given | {"temporary": True})
    (runs,) = await rows("SELECT starts_at FROM tasks WHERE rule_code = 'placement.end_temporary'")
    assert runs["starts_at"] == time.now() + timedelta(days=15)


async def test_care_is_found_from_the_last_no_in_whichever_order_they_are_written_up(
    case_id, sa_pa_officer, ta_van_leader, ta_leng_leader, clock, agree
):
    file, there = File(case_id), File(case_id)
    await file.do(sa_pa_officer, "/care-needs", NEEDS)
    asked = []
    for commune in (TA_LENG, TA_VAN):
        body = {"commune_id": commune, "message": "Nhờ xem xét."}
        asked.append(await file.do(sa_pa_officer, "/placement-requests", body))
    clock.forward(days=1)
    said_at = time.now().isoformat()
    clock.forward(days=2)
    for leader, request, at in ((ta_leng_leader, asked[0], time.now().isoformat()), (ta_van_leader, asked[1], said_at)):
        await there.refresh(leader)
        await there.do(leader, f"/placement-requests/{request['id']}/decline", WRONG | {"happened_at": at})
        clock.forward(hours=1)
    assert "care.find" in await agree("a no dated before another", case_id, "sa_pa_officer")


async def test_no_clock_runs_for_needs_that_a_review_found_met(
    case_id, sa_pa_officer, sa_pa_leader, ta_van_leader, clock, agree, tasks
):
    """Nor once the case is open again: what the child needs now is recorded anew, and asks from then on."""
    file, there, moment = File(case_id), File(case_id), time.today().isoformat()
    await file.do(sa_pa_officer, "/care-needs", NEEDS)
    await file.approve(sa_pa_leader, await file.plan_submitted(sa_pa_officer, time.now()), moment)
    await file.tell_everybody(sa_pa_officer)
    carer = await listed(sa_pa_officer, sa_pa_leader)
    given = await file.do(sa_pa_leader, "/placements", DECISION | {"carer_id": carer["id"], "decided_on": moment})
    await file.do(sa_pa_leader, f"/placements/{given['id']}/end", OTHER_CARE)
    assert "care.find" in await tasks(case_id)
    await file.do(sa_pa_officer, "/reviews", REVIEW)
    await file.do(sa_pa_leader, "/close", {})
    clock.forward(days=30)
    await file.do(sa_pa_leader, "/reopen", {"reason": "Cháu lại bị đánh."})

    async def is_refused() -> set[str]:
        asked = await file.do(sa_pa_officer, "/placement-requests", {"commune_id": TA_VAN, "message": "Nhờ xem xét."})
        await there.refresh(ta_van_leader)
        await there.do(ta_van_leader, f"/placement-requests/{asked['id']}/decline", WRONG)
        await file.refresh(sa_pa_officer)
        return await agree("a no, after the case was opened again", case_id, "sa_pa_officer") & {"care.find"}

    assert await is_refused() == set()
    await file.do(sa_pa_officer, "/care-needs", NEEDS)
    assert "care.find" in await tasks(case_id)
    assert await is_refused() == {"care.find"}


async def test_a_clock_of_hours_runs_for_what_was_told_before_the_law_was(case_id, rows):
    """As for what the leading commune records itself: whose year was mistyped waits for somebody, too."""
    told_at = datetime(2016, 2, 29, 3, tzinfo=UTC)
    await rows("SELECT case_clock_of_hours($1, 'emergency.intervene', $2, NULL)", case_id, told_at)
    asked = "SELECT due_at, rule_valid_from FROM tasks WHERE subject_id = $1 AND rule_code = 'emergency.intervene'"
    (running,) = await rows(asked, case_id)
    assert (running["due_at"], running["rule_valid_from"].year) == (told_at + timedelta(hours=12), 2017)


async def test_a_child_apart_anew_stays_apart_by_that_where_the_care_before_was_an_error(
    case_id, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_leader, clock, agree
):
    """The care stood on the separation before, which does not run again."""
    file = File(case_id)
    await file.do(sa_pa_leader, "/separations", separation(time.today()))
    there, path = await in_care_of_ta_van(case_id, sa_pa_officer, ta_van_officer, ta_van_leader)
    clock.forward(days=1)
    await file.refresh(sa_pa_leader)
    await file.do(sa_pa_leader, "/separations", separation(time.today(), separated_from=["other"]))
    clock.forward(hours=1)
    await there.refresh(ta_van_leader)
    await there.do(ta_van_leader, f"/placing-steps{path}/entered-in-error", WRONG)
    runs = await agree("the care before, in error", case_id, "sa_pa_officer", "ta_van_officer")
    assert {"separation.end", "separation.place"} <= runs


async def test_care_at_once_that_was_no_end_is_ended_once_the_child_is_back_with_its_family(
    case_id, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_leader, clock, agree
):
    """It was told to be over while the child was apart, which ended in between: nobody was asked for its end."""
    file, there, today = File(case_id), File(case_id), time.today().isoformat()
    apart = await file.do(sa_pa_leader, "/separations", separation(time.today()))
    await file.do(sa_pa_officer, "/placement-requests", {"commune_id": TA_VAN, "message": "Nhờ xem xét."})
    carer = await listed(ta_van_officer, ta_van_leader)
    given = {"carer_id": carer["id"], "decision_number": "8", "decided_on": today, "temporary": True}
    await there.refresh(ta_van_leader)
    placed = await there.do(ta_van_leader, "/placements", given)
    ended = await there.do(ta_van_leader, f"/placements/{placed['id']}/end", OTHER_CARE)
    clock.forward(hours=1)
    await file.refresh(sa_pa_officer)
    safe = await file.do(sa_pa_officer, "/assessments", ASSESSMENT | {"carers_ensure_safety": True})
    back = BACK | {"decided_on": today, "assessment_id": safe["id"]}
    await file.do(sa_pa_leader, f"/separations/{apart['id']}/cancel", back)
    clock.forward(hours=1)
    await there.refresh(ta_van_leader)
    await there.do(ta_van_leader, f"/placing-steps/placement-ends/{ended['end']['id']}/entered-in-error", WRONG)
    assert "placement.end_temporary" in await agree("no end of it", case_id, "sa_pa_officer", "ta_van_officer")
