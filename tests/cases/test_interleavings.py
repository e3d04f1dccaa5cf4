"""Two officers and a leader at work on one case at once: everything that was acknowledged is there, once."""

import asyncio
import random

import pytest
from tests.cases.stories import MEASURE, PLAN, REVIEW, File, meeting, separation, tag
from tests.people import TA_VAN

from childcare_api.shared import clock as time

ROUNDS = 80
COURT_TIMES = 9
BEATEN: list[str] = []
"""The acts that somebody else was faster than, and that were done again on what had changed."""


async def _work(who, case_id, acts, rng, done: dict[str, str]) -> None:
    """Do each act, reading the version anew whenever somebody was faster."""
    for path, body in acts:
        while True:
            version = (await who.get(f"/cases/{case_id}")).json()["row_version"]
            await asyncio.sleep(rng.random() / 200)
            answer = await who.post(f"/cases/{case_id}{path}", json=body, headers=tag(version))
            if answer.status_code != 412:
                break
            BEATEN.append(path)
        assert answer.status_code == 201, (path, answer.text)
        done[answer.json()["id"]] = path


@pytest.mark.committed
@pytest.mark.timeout(300)
async def test_hundreds_of_interleaved_acts_lose_nothing(
    case_id, sa_pa_officer, sa_pa_second_officer, sa_pa_leader, rows
):
    file = File(case_id)
    plan_id = await file.plan_submitted(sa_pa_officer, time.now())
    before = {step["id"] for step in (await sa_pa_leader.get(f"/cases/{case_id}/timeline")).json()["items"]}
    done: dict[str, str] = {}
    rng = random.Random(20_261_121)  # noqa: S311 - a test's seed
    court = {
        "court": "Tòa án nhân dân khu vực 1",
        "request_number": "3/TTr-UBND",
        "requested_on": time.today().isoformat(),
        "measures": ["restrict_rights"],
        "grounds": ["plan_refused"],
        "reason": "Từ chối thực hiện kế hoạch.",
    }
    notes = [("/progress-notes", {"note": f"Lần {number}"}) for number in range(ROUNDS)]
    measures = [("/emergency-measures", MEASURE), ("/parties", {"role": "witness", "relation": "neighbour"})]

    async def decide() -> None:
        """Return, have it submitted again, and approve in the end, as often as there is somebody to do it."""
        for number in range(ROUNDS // 2):
            grant = ("/grants", {"commune_id": 203405, "kinds": ["service"], "reason": f"Lần {number}"})
            await _work(sa_pa_leader, case_id, [grant], rng, done)
        formal = [("/separations", separation(time.today())), *[("/court-requests", court)] * COURT_TIMES]
        await _work(sa_pa_leader, case_id, formal, rng, done)
        while True:
            version = (await sa_pa_leader.get(f"/cases/{case_id}")).json()["row_version"]
            answer = await sa_pa_leader.post(
                f"/cases/{case_id}/intervention-plans/{plan_id}/approve",
                json={"decision_number": "12/QĐ-UBND", "decided_on": time.today().isoformat()},
                headers=tag(version),
            )
            if answer.status_code == 200:
                done[answer.json()["decisions"][0]["id"]] = "/approve"
                return
            assert answer.status_code == 412, answer.text

    await asyncio.gather(
        _work(sa_pa_officer, case_id, notes, rng, done),
        _work(sa_pa_second_officer, case_id, measures * (ROUNDS // 2), rng, done),
        decide(),
    )
    assert len(BEATEN) > ROUNDS, "they really worked at once"
    timeline = (await sa_pa_leader.get(f"/cases/{case_id}/timeline")).json()
    written = [step["id"] for step in timeline["items"] if step["id"] not in before]
    granted = [step["about_id"] for step in timeline["items"] if step["kind"] == "grant"]
    found = [step_id for step_id in written if step_id in done] + [grant for grant in granted if grant in done]
    assert sorted(found) == sorted(done)
    assert len(written) == len(done) == ROUNDS * 2 + ROUNDS // 2 + 2 + COURT_TIMES
    assert [step["position"] for step in timeline["items"]] == list(range(1, len(timeline["items"]) + 1))
    (case,) = await rows("SELECT status, step_count, row_version FROM cases WHERE id = $1", case_id)
    assert (case["status"], case["step_count"]) == ("implementing", len(timeline["items"]))
    recorded = await rows("SELECT count(*) AS n FROM audit.events WHERE action LIKE 'case.%' AND detail ? 'step_id'")
    assert recorded[0]["n"] >= len(timeline["items"])


@pytest.mark.committed
async def test_of_two_decisions_at_once_one_stands_and_the_other_is_told(case_id, sa_pa_officer, sa_pa_leader, rows):
    file = File(case_id)
    plan_id = await file.plan_submitted(sa_pa_officer, time.now())

    async def decide(path: str, body: dict) -> int:
        answer = await sa_pa_leader.post(
            f"/cases/{case_id}/intervention-plans/{plan_id}{path}", json=body, headers=tag(file.row_version)
        )
        return answer.status_code

    approve = {"decision_number": "1", "decided_on": time.today().isoformat()}
    codes = await asyncio.gather(
        *(decide("/approve", approve) for _ in range(4)), *(decide("/return", {"reason": "x"}) for _ in range(4))
    )
    assert sorted(codes) == [200] + [412] * 7
    assert len(await rows("SELECT 1 FROM case_steps WHERE kind IN ('plan_approved', 'plan_returned')")) == 1


@pytest.mark.committed
async def test_two_officers_drafting_at_once_leave_one_draft(case_id, sa_pa_officer, sa_pa_second_officer, rows):
    await File(case_id).do(sa_pa_officer, "/meetings", meeting(time.now()))
    version = (await sa_pa_officer.get(f"/cases/{case_id}")).json()["row_version"]
    answers = await asyncio.gather(
        *(
            who.post(f"/cases/{case_id}/intervention-plans", json=PLAN, headers=tag(version))
            for who in (sa_pa_officer, sa_pa_second_officer)
        )
    )
    assert sorted(answer.status_code for answer in answers) == [201, 412]
    assert len(await rows("SELECT 1 FROM case_plans")) == 1


@pytest.mark.committed
async def test_of_two_communes_that_separate_a_child_at_once_one_does_and_the_other_is_told(
    assessed_report, sa_pa_officer, sa_pa_leader, ta_van_leader, rows
):
    report = await assessed_report()
    case_id = (await report.open(sa_pa_officer, {"unit_id": TA_VAN})).json()["cases"][0]["id"]
    version = (await ta_van_leader.get(f"/cases/{case_id}")).json()["row_version"]
    body = separation(time.today())
    answers = await asyncio.gather(
        *(
            who.post(f"/cases/{case_id}/separations", json=body, headers=tag(version))
            for who in (sa_pa_leader, ta_van_leader) * 4
        )
    )
    assert sorted(answer.status_code for answer in answers) == [201] + [412] * 7
    assert len(await rows("SELECT 1 FROM case_separations")) == 1
    running = await rows("SELECT rule_code FROM tasks WHERE subject_id = $1 AND done_at IS NULL", case_id)
    assert sorted(row["rule_code"] for row in running) == ["case.assess", "separation.end", "separation.place"]
    (case,) = await rows("SELECT step_count, row_version FROM cases WHERE id = $1", case_id)
    assert case["step_count"] == len(await rows("SELECT 1 FROM case_steps WHERE case_id = $1", case_id))


@pytest.mark.committed
async def test_closing_reopening_and_a_birthday_at_once_leave_one_standing(case_id, sa_pa_officer, sa_pa_leader, rows):
    file = File(case_id)
    await file.approve(sa_pa_leader, await file.plan_submitted(sa_pa_officer, time.now()), time.today().isoformat())
    await file.tell_everybody(sa_pa_officer)
    await file.do(sa_pa_officer, "/reviews", REVIEW)
    ends = {"/close": sa_pa_leader, "/turned-sixteen": sa_pa_officer, "/child-died": sa_pa_officer}
    bodies = {"/child-died": {"died_on": time.today().isoformat()}}
    answers = await asyncio.gather(
        *(
            who.post(f"/cases/{case_id}{path}", json=bodies.get(path, {}), headers=tag(file.row_version))
            for path, who in ends.items()
        )
    )
    assert sorted(answer.status_code for answer in answers)[1:] == [412, 412]
    head = await file.refresh(sa_pa_leader)
    assert head["status"] in ("closed", "ready_to_close")
    if head["status"] == "closed":
        address, body = f"/cases/{case_id}/reopen", {"reason": "x"}
        again = (sa_pa_leader.post(address, json=body, headers=tag(file.row_version)) for _ in range(4))
        codes = sorted(answer.status_code for answer in await asyncio.gather(*again))
        assert codes == [200, 412, 412, 412]
