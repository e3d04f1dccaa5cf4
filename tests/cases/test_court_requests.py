"""Withdrawing what the court was asked and has not answered."""

from datetime import timedelta

from tests.alternative_care.carers import listed
from tests.answers import code_of, faults_of
from tests.cases.furnished import COURT
from tests.cases.stories import File, separation
from tests.cases.test_separation import SAFE
from tests.people import SA_PA, TA_VAN

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


async def test_what_was_an_error_is_not_done_by_what_ended_before_it(
    case_id, clock, sa_pa_officer, sa_pa_leader, tasks, rows
):
    """A second separation, or request, was recorded by mistake: its tasks are wanted no more, and nobody did them."""
    file, day = File(case_id), time.today().isoformat()
    carer = await listed(sa_pa_officer, sa_pa_leader)
    ask, refuse = COURT | {"requested_on": day}, {"decided_on": day, "reason": "Chưa đủ chứng cứ."}
    first = await file.do(sa_pa_leader, "/separations", separation(time.today(), days=5))
    given = {"carer_id": carer["id"], "decision_number": "7/QĐ", "decided_on": day, "temporary": True}
    await file.do(sa_pa_leader, "/placements", given)
    asked = await file.do(sa_pa_leader, "/court-requests", ask)
    await file.do(sa_pa_officer, f"/court-requests/{asked['id']}/refusal", refuse)
    clock.forward(hours=1)
    safe = await file.do(sa_pa_officer, "/assessments", SAFE)
    back = {"returned_to": "mother", "reason": "Đã an toàn.", "assessment_id": safe["id"]}
    cancel = {"decision_number": "10/QĐ", "decided_on": time.today().isoformat()}
    await file.do(sa_pa_leader, f"/separations/{first['id']}/cancel", cancel | back)
    clock.forward(hours=1)
    # It was decided before the first had ended, and only written down now.
    told_late = {"happened_at": (clock.at - timedelta(minutes=90)).isoformat()}
    ours = {"court.answer", "separation.end", "separation.place"}
    for path, body, runs in (
        ("/separations", separation(time.today(), days=5) | told_late, ours - {"court.answer"}),
        ("/court-requests", ask, {"court.answer"}),
    ):
        wrong = await file.do(sa_pa_leader, path, body)
        assert ours & await tasks(case_id) == runs
        await file.do(sa_pa_leader, f"{path}/{wrong['id']}/entered-in-error", {"reason": "Nhầm trẻ."})
        assert ours & await tasks(case_id) == set()
    ended = await rows(
        "SELECT DISTINCT ON (rule_code) rule_code, done_at, cancel_reason FROM tasks WHERE subject_id = $1"
        " AND rule_code = ANY ($2) ORDER BY rule_code, created_at DESC, id DESC", case_id, ours)  # fmt: skip
    assert [tuple(row) for row in ended] == [(rule, None, "no_longer_due") for rule in sorted(ours)]


async def test_a_court_changes_or_ends_its_order_and_a_child_returns_by_that(
    case_id, clock, sa_pa_officer, sa_pa_leader, events, tasks
):
    """Who decided on a care decides on its end (Luật Trẻ em, Điều 69.4); a leader cancels what the leader decided."""
    file, today = File(case_id), time.today().isoformat()
    apart = await file.do(sa_pa_leader, "/separations", separation(time.today(), days=5))
    asked = await file.do(sa_pa_leader, "/court-requests", COURT | {"requested_on": today})
    path = f"/court-requests/{asked['id']}/order"
    order = {"decision_number": "5/QĐ-TA", "decided_on": today, "measures": ["separate_and_place"]}
    change = order | {"decision_number": "8/QĐ-TA", "changes_order": True}
    end = change | {"measures": [], "reason": "Gia đình đã an toàn."}
    assert faults_of(await file.post(sa_pa_officer, path, change)) == {"/changes_order": "no_order"}
    first = await file.do(sa_pa_officer, path, order)
    assert (first["answer"]["decision_number"], first["changes"]) == ("5/QĐ-TA", [])
    assert code_of(await file.post(sa_pa_officer, path, order)) == "court_answered"
    for wrong, field, code in (
        ({"changes_order": False, "reason": None}, "/measures", "nothing_ordered"),
        ({"reason": None}, "/reason", "reason_of_the_end"),
        ({"measures": ["restrict_rights"]}, "/reason", "reason_of_the_end"),
        ({"valid_to": "2027-01-01"}, "/valid_to", "nothing_lasts"),
        ({"decided_on": (time.today() - timedelta(days=1)).isoformat()}, "/decided_on", "too_early"),
    ):
        assert faults_of(await file.post(sa_pa_officer, path, end | wrong)) == {field: code}

    clock.forward(days=1)
    safe = await file.do(sa_pa_officer, "/assessments", SAFE)
    back = {"returned_to": "mother", "reason": "Đã an toàn.", "assessment_id": safe["id"], "decision_number": "10"}
    back["decided_on"] = end["decided_on"] = time.today().isoformat()
    home = f"/separations/{apart['id']}/cancel"
    for kept in (order, change | {"valid_to": time.today().isoformat()}):
        refused = await file.post(sa_pa_leader, home, back)
        assert faults_of(refused) == {"/returned_to": "court_order_in_force"}, kept
        if kept is order:
            await file.do(sa_pa_officer, path, change | {"decided_on": end["decided_on"]})
    assert "separation.end" not in await tasks(case_id)
    ended = await file.do(sa_pa_officer, path, end | {"decision_number": "9/QĐ-TA"})
    # What the request had met is asked for again.
    assert "separation.end" in await tasks(case_id)
    assert [(one["decision_number"], one["measures"]) for one in (ended["answer"], *ended["changes"])] == [
        ("5/QĐ-TA", ["separate_and_place"]), ("8/QĐ-TA", ["separate_and_place"]), ("9/QĐ-TA", [])]  # fmt: skip
    assert ended["changes"][1]["stands_on"] == [asked["id"], ended["changes"][0]["id"]]
    assert faults_of(await file.post(sa_pa_officer, path, end)) == {"/changes_order": "no_order"}
    possible = (await sa_pa_officer.get(f"/cases/{case_id}/standing")).json()["possible_now"]
    assert "record_court_order" in {one["operation"] for one in possible}
    (last,) = (await sa_pa_officer.get(f"/cases/{case_id}/timeline")).json()["items"][-1:]
    assert (last["kind"], last["note"]) == ("court_granted", "Gia đình đã an toàn.")
    assert len(await events("case.court_ordered")) == 3

    # That the order ended was an error: the one before holds again.
    await file.do(sa_pa_officer, f"/court-orders/{last['id']}/entered-in-error", {"reason": "Nhầm hồ sơ."})
    assert faults_of(await file.post(sa_pa_leader, home, back)) == {"/returned_to": "court_order_in_force"}
    assert "separation.end" not in await tasks(case_id)
    await file.do(sa_pa_officer, path, end | {"decision_number": "9/QĐ-TA"})
    assert (await file.do(sa_pa_leader, home, back))["running"] is False


async def test_the_commune_of_the_incident_goes_by_the_order_of_the_court_that_it_does_not_read(
    assessed_report, clock, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_leader, tasks
):
    """It sends no child home over an order in force, and a decision that stands on an error ended none (Điều 69.4)."""
    opened = await (await assessed_report(emergency=True)).open(sa_pa_officer, {"unit_id": TA_VAN})
    file, today = File(opened.json()["cases"][0]["id"]), time.today().isoformat()
    await file.refresh(sa_pa_leader)
    apart = await file.do(sa_pa_leader, "/separations", separation(time.today(), days=5))
    await file.refresh(ta_van_leader)
    asked = await file.do(ta_van_leader, "/court-requests", COURT | {"requested_on": today})
    path = f"/court-requests/{asked['id']}/order"
    order = {"decision_number": "5/QĐ-TA", "decided_on": today, "measures": ["separate_and_place"]}
    end = {"decision_number": "9/QĐ-TA", "measures": [], "reason": "Đã an toàn.", "changes_order": True}
    first = await file.do(ta_van_officer, path, order)
    clock.forward(hours=1)
    safe = await file.do(ta_van_officer, "/assessments", SAFE)
    shown = {"commune_id": SA_PA, "kinds": ["assessment"], "reason": "Để hủy bỏ quyết định cách ly."}
    await file.do(ta_van_leader, "/grants", shown)
    back = {"returned_to": "mother", "reason": "Đã an toàn.", "assessment_id": safe["id"], "decision_number": "10"}
    back["decided_on"] = time.today().isoformat()
    home = f"/separations/{apart['id']}/cancel"
    await file.refresh(sa_pa_leader)
    assert faults_of(await file.post(sa_pa_leader, home, back)) == {"/returned_to": "court_order_in_force"}

    await file.refresh(ta_van_officer)
    await file.do(ta_van_officer, path, end | {"decided_on": back["decided_on"]})
    assert "separation.end" in await tasks(file.case_id)
    await file.do(ta_van_officer, f"/court-orders/{first['answer']['id']}/entered-in-error", {"reason": "x"})
    assert "separation.end" not in await tasks(file.case_id)
    await file.refresh(sa_pa_leader)
    more = {"decision_number": "8", "decided_on": back["decided_on"], "reason": "x", "days": 1}
    await file.do(sa_pa_leader, f"/separations/{apart['id']}/extend", more)
    assert "separation.end" not in await tasks(file.case_id)
    assert (await file.do(sa_pa_leader, home, back))["running"] is False
