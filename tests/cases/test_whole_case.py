"""A case from opening to closure, as the decree has it."""

from datetime import timedelta

from tests.answers import faults_of
from tests.cases.stories import HANDOVER, MEASURE, PLAN, REVIEW, RISKY_REVIEW, File, meeting
from tests.people import TA_VAN

from childcare_api.shared import clock as time


async def test_a_case_goes_from_opening_through_two_cycles_to_closure(
    assessed_report, clock, sa_pa_officer, ta_van_officer, ta_van_leader, events, rows
):
    report = await assessed_report(received_at=clock.at.replace(microsecond=0))
    clock.forward(hours=3)
    opened = await report.open(sa_pa_officer, {"unit_id": TA_VAN}, handover=HANDOVER)
    assert opened.status_code == 201, opened.text
    first, second = opened.json()["cases"]
    assert first["commune_id"] == second["commune_id"] == TA_VAN
    assert first["led_elsewhere"]

    file = File(first["id"])
    head = await file.refresh(ta_van_officer)
    assert head["siblings"] == [second["id"]]
    assert (head["status"], head["emergency"], head["child_name"]) == ("opened", True, "Vàng A Pao")

    await file.do(ta_van_officer, "/emergency-measures", MEASURE)
    clock.forward(hours=1)
    plan_id = await file.plan_submitted(ta_van_officer, clock.at)
    assert (await file.refresh(ta_van_officer))["status"] == "awaiting_decision"
    approved = await file.approve(ta_van_leader, plan_id, time.today().isoformat())
    assert (approved["status"], approved["decisions"][0]["decision_number"]) == ("approved", "12/QĐ-UBND")

    clock.forward(days=20)
    service = approved["services"][0]["id"]
    await file.do(
        ta_van_officer,
        "/services",
        {"plan_service_id": service, "progress": "begun", "provided_by": "Trạm y tế xã Tả Van"},
    )
    done = {"plan_service_id": service, "progress": "done", "provided_by": "Trạm y tế xã Tả Van"}
    before = clock.at - timedelta(days=22)
    for wrong, code in (({"ended_on": before.date().isoformat()}, "too_early"),
                        ({"progress": "begun", "ended_on": time.today().isoformat()}, "not_ended_yet")):  # fmt: skip
        refused = await file.post(ta_van_officer, "/services", done | wrong)
        assert list(faults_of(refused).values()) == [code]
    await file.do(ta_van_officer, "/progress-notes", {"note": "Cháu đã đi học lại."})
    review = await file.do(ta_van_officer, "/reviews", RISKY_REVIEW)
    assert (review["outcome"], review["totals"]) == ("continue", {"high": 2, "medium": 0, "low": 2})
    assert (await file.refresh(ta_van_officer))["status"] == "replanning"

    refused = await file.post(ta_van_leader, "/close", {})
    assert (refused.status_code, refused.json()["type"].rpartition(":")[2]) == (409, "risk_remains")

    clock.forward(days=1)
    await file.do(ta_van_officer, "/meetings", meeting(clock.at))
    again = await file.do(ta_van_officer, "/intervention-plans", PLAN)
    assert (again["cycle"], again["version"]) == (2, 2)
    await file.do(ta_van_officer, f"/intervention-plans/{again['id']}/submit", {})
    await file.approve(ta_van_leader, again["id"], time.today().isoformat(), "15/QĐ-UBND")
    clock.forward(days=30)
    await file.do(ta_van_officer, "/reviews", REVIEW)
    await file.tell_everybody(ta_van_officer)
    closed = await file.do(ta_van_leader, "/close", {"note": "Cháu đã ổn định."})
    assert (closed["status"], closed["close_reason"]) == ("closed", "no_remaining_risk")

    timeline = (await ta_van_officer.get(f"/cases/{file.case_id}/timeline")).json()
    assert [step["kind"] for step in timeline["items"]] == [
        *("opening", "handover", "grant", "emergency_measure", "assessment", "meeting"),
        *("plan_drafted", "plan_submitted", "plan_approved", "service", "progress_note", "review"),
        *(
            "meeting",
            "plan_drafted",
            "plan_submitted",
            "plan_approved",
            "review",
            "decision_sent",
            "decision_sent",
            "closure",
        ),
    ]
    assert all(step["counts"] for step in timeline["items"])
    assert [event["subject_id"] for event in await events("case.closed")] == [file.case_id]
    plans = (await ta_van_officer.get(f"/cases/{file.case_id}/intervention-plans")).json()["items"]
    assert [plan["status"] for plan in plans] == ["superseded", "approved"]
    running = await rows(
        "SELECT 1 FROM tasks WHERE subject_id = $1 AND done_at IS NULL AND cancelled_at IS NULL", closed["id"]
    )
    assert running == []
