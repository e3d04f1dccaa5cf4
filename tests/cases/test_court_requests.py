"""Withdrawing what the court was asked and has not answered."""

from datetime import timedelta

from tests.answers import code_of, faults_of
from tests.cases.furnished import COURT
from tests.cases.stories import File, separation

from childcare_api.shared import clock as time


async def test_a_request_to_the_court_is_withdrawn_and_then_met_nothing(
    case_id, clock, sa_pa_officer, sa_pa_leader, tasks, events, rows
):
    file, day = File(case_id), time.today()
    await file.do(sa_pa_leader, "/separations", separation(day, days=5))
    asked = await file.do(sa_pa_leader, "/court-requests", COURT | {"requested_on": day.isoformat()})
    assert {"court.answer", "separation.end"} & await tasks(case_id) == {"court.answer"}
    path, why = f"/court-requests/{asked['id']}/withdraw", {"reason": "Mẹ đưa cháu về nhà ông bà."}
    body = why | {"withdrawn_on": day.isoformat()}
    early = body | {"withdrawn_on": (day - timedelta(days=1)).isoformat()}
    assert faults_of(await file.post(sa_pa_leader, path, early)) == {"/withdrawn_on": "too_early"}
    assert faults_of(await file.post(sa_pa_leader, path, body | {"reason": "..."})) == {"/reason": "says_nothing"}
    assert code_of(await file.post(sa_pa_officer, path, body)) == "forbidden"
    clock.forward(hours=1)
    withdrawn = await file.do(sa_pa_leader, path, body)
    told = {name: withdrawn["answer"][name] for name in ("kind", "decided_on", "reason", "measures", "counts")}
    assert told == why | {"kind": "court_withdrawn", "decided_on": day.isoformat(), "measures": [], "counts": True}
    assert {"court.answer", "separation.end"} & await tasks(case_id) == {"separation.end"}
    (ended,) = await rows("SELECT done_at, cancel_reason FROM tasks WHERE rule_code = 'court.answer'")
    assert dict(ended) == {"done_at": None, "cancel_reason": "no_longer_due"}
    (said,) = await events("case.court_request_withdrawn")
    assert said["detail"]["step_id"] == withdrawn["answer"]["id"]
    order = {"decision_number": "1", "decided_on": day.isoformat(), "measures": ["restrict_rights"]}
    for who, way, more in ((sa_pa_leader, "withdraw", body), (sa_pa_officer, "order", order)):
        refused = await file.post(who, f"/court-requests/{asked['id']}/{way}", more)
        assert (refused.status_code, code_of(refused)) == (409, "court_answered")
    wrong = f"/court-withdrawals/{withdrawn['answer']['id']}/entered-in-error"
    await file.do(sa_pa_leader, wrong, {"reason": "Chưa rút."})
    assert {"court.answer", "separation.end"} & await tasks(case_id) == {"court.answer"}
