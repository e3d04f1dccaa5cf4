"""Building a plan, and deciding on it."""

from datetime import datetime, timedelta

import asyncpg
import pytest
from tests.answers import code_of, faults_of
from tests.cases.stories import ASSESSMENT, PLAN, SERVICE, File, meeting, tag
from tests.people import PEOPLE

from childcare_api.shared import clock as time


def today() -> str:
    return time.today().isoformat()


async def test_an_incomplete_dossier_is_refused_with_what_is_missing_by_article(case_id, sa_pa_officer, rows):
    file = File(case_id)
    body = {"protection_level": "support", "services": [{"group": "health", "description": "Khám."}]}
    plan = await file.do(sa_pa_officer, "/intervention-plans", body)
    refused = await file.post(sa_pa_officer, f"/intervention-plans/{plan['id']}/submit", {})
    assert (refused.status_code, code_of(refused)) == (409, "dossier_incomplete")
    assert [(one["what"], one["article"], one["service"]) for one in refused.json()["missing"]] == [
        ("assessment", "NĐ 56/2017 Điều 28.2.b", None),
        ("meeting_minutes", "NĐ 56/2017 Điều 28.2.b", None),
        ("service_start", "NĐ 56/2017 Điều 28.3.a", 1),
        ("service_expected_end", "NĐ 56/2017 Điều 28.3.a", 1),
        ("service_responsible_body", "NĐ 56/2017 Điều 28.3.b", 1),
        ("service_provider", "NĐ 56/2017 Điều 28.3.c", 1),
        ("service_cost", "NĐ 56/2017 Điều 28.3.d", 1),
    ]
    assert plan["missing"] == refused.json()["missing"]
    assert [[one["operation"] for one in each["supplied_by"]] for each in plan["missing"][:3]] == [
        ["record_assessment"],
        ["record_meeting"],
        ["change_plan"],
    ]
    assert plan["missing"][2]["supplied_by"][0]["pointer"] == "/services/0/starts_on"
    assert await rows("SELECT 1 FROM case_steps WHERE kind = 'plan_submitted'") == []


async def test_contents_left_empty_in_the_assessment_are_asked_for(case_id, sa_pa_officer):
    file = File(case_id)
    await file.do(sa_pa_officer, "/assessments", ASSESSMENT | {"community_safety": None, "needs": []})
    await file.do(
        sa_pa_officer, "/meetings", meeting(time.now()) | {"attendees": [{"role": "chair", "full_name": "Mai"}]}
    )
    plan = await file.do(sa_pa_officer, "/intervention-plans", PLAN)
    assert [(one["what"], one["article"].split()[-1]) for one in plan["missing"]] == [
        ("community_safety", "27.1.đ"),
        ("needs", "27.1.e"),
        ("meeting_protectors", "27.2"),
        ("meeting_neighbourhood", "27.2"),
        ("meeting_carers", "27.2"),
    ]


async def test_a_leader_cannot_approve_what_is_incomplete_and_is_told_what_is_missing(
    case_id, sa_pa_officer, sa_pa_leader
):
    file = File(case_id)
    plan = await file.do(sa_pa_officer, "/intervention-plans", PLAN)
    refused = await file.post(
        sa_pa_leader, f"/intervention-plans/{plan['id']}/approve", {"decision_number": "1", "decided_on": today()}
    )
    assert (refused.status_code, code_of(refused)) == (409, "dossier_incomplete")
    assert [one["what"] for one in refused.json()["missing"]] == ["assessment", "meeting_minutes", "submission"]


async def test_a_line_names_the_provider_to_call_on_or_says_that_none_is_needed(case_id, sa_pa_officer):
    """Điều 28.3 c: silence is neither, and needing one is not naming it."""
    file = File(case_id)
    bare = {name: value for name, value in SERVICE.items() if name != "needs_provider"}
    lines = [bare | one for one in ({}, {"needs_provider": True}, {"needs_provider": False}, {"provider": "TT CTXH"})]
    plan = await file.do(sa_pa_officer, "/intervention-plans", PLAN | {"services": lines})
    lacking = [one["service"] for one in plan["missing"] if one["what"] == "service_provider"]
    assert (lacking, [one["needs_provider"] for one in plan["services"]]) == ([1, 2], [None, True, False, None])
    both = {"services": [bare | {"needs_provider": False, "provider": "TT CTXH"}]}
    refused = await sa_pa_officer.patch(
        f"/cases/{case_id}/intervention-plans/{plan['id']}", json=both, headers=tag(file.row_version)
    )
    assert refused.status_code == 422


async def test_officers_cannot_approve_return_or_close(case_id, sa_pa_officer):
    file = File(case_id)
    plan_id = await file.plan_submitted(sa_pa_officer, time.now())
    body = {"decision_number": "1", "decided_on": today()}
    assert (await file.post(sa_pa_officer, f"/intervention-plans/{plan_id}/approve", body)).status_code == 403
    assert (await file.post(sa_pa_officer, f"/intervention-plans/{plan_id}/return", {"reason": "x"})).status_code == 403
    assert (await file.post(sa_pa_officer, "/close", {})).status_code == 403


async def test_leaders_and_provinces_record_nothing(case_id, sa_pa_leader, lao_cai_province_officer, sa_pa_officer):
    file = File(case_id)
    await file.refresh(sa_pa_officer)
    for who in (sa_pa_leader, lao_cai_province_officer):
        assert (await file.post(who, "/intervention-plans", PLAN)).status_code == 403
        assert (await file.post(who, "/progress-notes", {"note": "x"})).status_code == 403


async def test_what_was_submitted_and_returned_stays_as_it_was_beside_the_version_that_mends_it(
    case_id, sa_pa_officer, sa_pa_leader, events, tasks, database
):
    file = File(case_id)
    plan_id = await file.plan_submitted(sa_pa_officer, time.now())
    assert await tasks(case_id) == {"plan.decide"}
    first = f"/intervention-plans/{plan_id}"
    early = await file.post(sa_pa_officer, f"{first}/revise", {})
    assert (early.status_code, code_of(early)) == (409, "case_not_in_state")
    returned = await file.do(sa_pa_leader, f"{first}/return", {"reason": "Thiếu hỗ trợ tâm lý."})
    assert (returned["status"], returned["returns"][0]["reason"], returned["changeable"]) == (
        "returned", "Thiếu hỗ trợ tâm lý.", False)  # fmt: skip
    assert await tasks(case_id) == {"plan.submit"}
    address = f"/cases/{case_id}{first}"
    refused = await sa_pa_officer.patch(address, json={"objectives": "Khác."}, headers=tag(file.row_version))
    assert (refused.status_code, code_of(refused)) == (409, "plan_unchangeable")
    async with database.as_superuser() as connection:
        for statement in ("UPDATE case_plans SET objectives = 'Khác.'", "DELETE FROM case_plan_services"):
            await connection.execute("SAVEPOINT attempt")
            with pytest.raises(asyncpg.CheckViolationError, match="never changes"):
                await connection.execute(statement)
            await connection.execute("ROLLBACK TO SAVEPOINT attempt")

    # The next version takes over what is not changed, and may be changed itself until it is submitted.
    assert (await file.post(sa_pa_leader, f"{first}/revise", {})).status_code == 403
    wrong = await file.post(sa_pa_officer, f"{first}/revise", {"services": [{"group": "health"}]})
    assert faults_of(wrong) == {"/services/0/description": "missing"}
    next_ = await file.do(sa_pa_officer, f"{first}/revise", {"objectives": "Cháu an toàn, bớt sợ."})
    assert (next_["version"], next_["revises_id"], next_["status"], next_["changeable"]) == (2, plan_id, "draft", True)
    assert (next_["objectives"], [one["cost_vnd"] for one in next_["services"]]) == (
        "Cháu an toàn, bớt sợ.",
        [1_500_000],
    )
    assert next_["services"][0]["id"] != returned["services"][0]["id"]
    again = await file.post(sa_pa_officer, f"{first}/revise", {})
    assert (again.status_code, code_of(again), again.json()["plan_status"]) == (409, "plan_not_in_state", "superseded")
    assert "status is “Superseded”" in again.json()["detail"]
    assert await tasks(case_id) == {"plan.submit"}
    changed = await sa_pa_officer.patch(
        f"/cases/{case_id}/intervention-plans/{next_['id']}",
        json={"services": [SERVICE, SERVICE | {"group": "psychology", "cost_vnd": 0}]},
        headers=tag(file.row_version),
    )
    assert changed.status_code == 200, changed.text
    await file.refresh(sa_pa_officer)
    assert (await file.do(sa_pa_officer, f"/intervention-plans/{next_['id']}/submit", {}))["status"] == "submitted"
    await file.approve(sa_pa_leader, next_["id"], today())
    old, new = (await sa_pa_leader.get(f"/cases/{case_id}/intervention-plans")).json()["items"]
    assert (old["status"], new["status"]) == ("superseded", "approved")
    for part in ("objectives", "services", "submitted_at", "returns"):
        assert old[part] == returned[part], part
    assert (old["returns"][0]["returned_by"], [one["group"] for one in new["services"]]) == (
        str(PEOPLE["sa_pa_leader"].id), ["health", "psychology"])  # fmt: skip
    assert [len(await events(f"case.plan_{what}")) for what in ("drafted", "returned", "approved")] == [2, 1, 1]


async def test_a_submission_in_error_leaves_a_version_that_is_revised_and_not_changed(
    case_id, sa_pa_officer, sa_pa_leader
):
    file = File(case_id)
    plan_id = await file.plan_submitted(sa_pa_officer, time.now())
    steps = (await sa_pa_officer.get(f"/cases/{case_id}/timeline")).json()["items"]
    submission = next(one["id"] for one in steps if one["kind"] == "plan_submitted")
    await file.do(sa_pa_officer, f"/submissions/{submission}/entered-in-error", {"reason": "Trình nhầm."})
    plan = (await sa_pa_leader.get(f"/cases/{case_id}/intervention-plans/{plan_id}")).json()
    assert (plan["status"], plan["changeable"]) == ("draft", False)
    next_ = await file.do(sa_pa_officer, "/intervention-plans", PLAN | {"objectives": "Viết lại từ đầu."})
    assert (next_["version"], next_["revises_id"]) == (2, plan_id)
    assert (await file.refresh(sa_pa_officer))["status"] == "planning"


async def test_a_wrong_decision_number_is_marked_and_decided_again(case_id, sa_pa_officer, sa_pa_leader, events):
    file = File(case_id)
    plan_id = await file.plan_submitted(sa_pa_officer, time.now())
    approved = await file.approve(sa_pa_leader, plan_id, today(), "21/QĐ-UBND")
    wrong = approved["decisions"][0]["id"]
    denied = await file.post(sa_pa_officer, f"/decisions/{wrong}/entered-in-error", {"reason": "Sai số."})
    assert denied.status_code == 403
    marked = await file.do(sa_pa_leader, f"/decisions/{wrong}/entered-in-error", {"reason": "Sai số quyết định."})
    assert (marked["counts"], marked["entered_in_error_reason"]) == (False, "Sai số quyết định.")
    assert (await file.refresh(sa_pa_officer))["status"] == "awaiting_decision"
    again = await file.approve(sa_pa_leader, plan_id, today(), "12/QĐ-UBND")
    assert [(one["decision_number"], one["counts"]) for one in again["decisions"]] == [
        ("21/QĐ-UBND", False),
        ("12/QĐ-UBND", True),
    ]
    assert [one["entered_in_error_by"] for one in again["decisions"]] == [str(PEOPLE["sa_pa_leader"].id), None]
    twice = await file.post(sa_pa_leader, f"/decisions/{wrong}/entered-in-error", {"reason": "x"})
    assert (twice.status_code, code_of(twice)) == (409, "already_entered_in_error")
    assert [event["detail"] and event["subject_id"] for event in await events("case.step_entered_in_error")] == [
        str(case_id)
    ]


async def test_an_acting_leader_approves_for_the_chair(case_id, sa_pa_officer, sa_pa_leader, database):
    async with database.as_superuser() as connection:
        await connection.execute(
            "UPDATE assignments SET acting_for_assignment_id = $1, valid_to = '2099-01-01' WHERE id = $2",
            PEOPLE["ta_van_leader"].assignment_id,
            PEOPLE["sa_pa_leader"].assignment_id,
        )
    file = File(case_id)
    plan_id = await file.plan_submitted(sa_pa_officer, time.now())
    approved = await file.approve(sa_pa_leader, plan_id, today())
    assert approved["decisions"][0]["acting_for_assignment_id"] == str(PEOPLE["ta_van_leader"].assignment_id)


async def test_an_approved_version_never_changes(case_id, sa_pa_officer, sa_pa_leader, database):
    file = File(case_id)
    plan_id = await file.plan_submitted(sa_pa_officer, time.now())
    approved = await file.approve(sa_pa_leader, plan_id, today())
    for state in ("approved", "decision in error"):
        refused = await sa_pa_officer.patch(
            f"/cases/{case_id}/intervention-plans/{plan_id}",
            json={"objectives": "Khác."},
            headers={"If-Match": f'"{file.row_version}"'},
        )
        assert (refused.status_code, code_of(refused)) == (409, "plan_unchangeable"), state
        if state == "approved":
            wrong = approved["decisions"][0]["id"]
            await file.do(sa_pa_leader, f"/decisions/{wrong}/entered-in-error", {"reason": "Sai."})
    for statement in ("UPDATE case_plans SET objectives = 'Khác.'", "DELETE FROM case_plan_services"):
        async with database.as_superuser() as connection:
            await connection.execute("SAVEPOINT attempt")
            with pytest.raises(asyncpg.CheckViolationError, match="never changes"):
                await connection.execute(statement)
            await connection.execute("ROLLBACK TO SAVEPOINT attempt")


async def test_an_adjusted_version_takes_the_place_of_the_approved_one_when_it_is_approved(
    case_id, sa_pa_officer, sa_pa_leader, tasks, rows, clock
):
    file = File(case_id)
    plan_id = await file.plan_submitted(sa_pa_officer, time.now())
    await file.approve(sa_pa_leader, plan_id, today())
    adjusted = await file.do(
        sa_pa_officer, f"/intervention-plans/{plan_id}/adjust", PLAN | {"reason": "Cháu chuyển trường."}
    )
    assert (adjusted["version"], adjusted["adjusts_id"], adjusted["status"]) == (2, plan_id, "draft")
    assert (await file.refresh(sa_pa_officer))["plan_id"] == plan_id
    again = {"unchanged_reason": "Đã bổ sung biên bản họp."}
    for version in (2, 3):
        assert {"plan.adjust", "plan.decide"} & await tasks(case_id) == {"plan.adjust"}
        # The third says what the second said, word for word.
        why = {} if version == 2 else again
        refused = await file.post(sa_pa_officer, f"/intervention-plans/{adjusted['id']}/submit", {} if why else again)
        told = faults_of(refused) if version == 2 else code_of(refused)
        assert told == ({"/unchanged_reason": "plan_was_changed"} if version == 2 else "plan_unchanged")
        sent = await file.do(sa_pa_officer, f"/intervention-plans/{adjusted['id']}/submit", why)
        assert sent["unchanged_reason"] == why.get("unchanged_reason")
        assert {"plan.adjust", "plan.decide"} & await tasks(case_id) == {"plan.decide"}
        returned = await file.do(sa_pa_leader, f"/intervention-plans/{adjusted['id']}/return", {"reason": "Thiếu."})
        assert (returned["status"], returned["version"]) == ("returned", version)
        same = await file.post(sa_pa_officer, f"/intervention-plans/{adjusted['id']}/submit", {})
        assert (same.status_code, code_of(same)) == (409, "plan_unchanged")
        clock.forward(hours=1)
        adjusted = await file.do(sa_pa_officer, f"/intervention-plans/{adjusted['id']}/revise", {})
        # It is an adjustment of the same plan for the same reason, and its task runs from the return.
        assert (adjusted["adjusts_id"], adjusted["adjustment_reason"]) == (plan_id, "Cháu chuyển trường.")
        [running] = await rows("SELECT starts_at FROM tasks WHERE rule_code = 'plan.adjust' AND done_at IS NULL"
            " AND cancelled_at IS NULL")  # fmt: skip
        assert running["starts_at"] == datetime.fromisoformat(returned["returns"][0]["happened_at"])
    await file.do(sa_pa_officer, f"/intervention-plans/{adjusted['id']}/submit", again)
    await file.approve(sa_pa_leader, adjusted["id"], today(), "30/QĐ-UBND")
    assert {"plan.adjust", "plan.decide"} & await tasks(case_id) == set()
    head = await file.refresh(sa_pa_officer)
    assert (head["plan_id"], head["status"]) == (adjusted["id"], "implementing")
    plans = (await sa_pa_officer.get(f"/cases/{case_id}/intervention-plans")).json()["items"]
    assert [plan["status"] for plan in plans] == ["superseded", "superseded", "superseded", "approved"]


async def test_only_one_version_is_open_at_a_time(case_id, sa_pa_officer):
    file = File(case_id)
    await file.do(sa_pa_officer, "/intervention-plans", PLAN)
    assert code_of(await file.post(sa_pa_officer, "/intervention-plans", PLAN)) == "plan_version_open"


async def test_a_decision_is_not_dated_in_the_future_or_before_the_plan(case_id, sa_pa_officer, sa_pa_leader, clock):
    file = File(case_id)
    path = f"/intervention-plans/{await file.plan_submitted(sa_pa_officer, time.now())}/approve"
    signed = {"decision_number": "1"}
    for days, code in ((1, "in_future"), (-1, "too_early")):
        day = (time.today() + timedelta(days=days)).isoformat()
        assert faults_of(await file.post(sa_pa_leader, path, signed | {"decided_on": day})) == {"/decided_on": code}
    # Nor does one that bears a later day answer the 2 working days before it (Điều 28.4).
    clock.forward(days=4)
    then = {"decided_on": time.today().isoformat(), "happened_at": (time.now() - timedelta(days=3)).isoformat()}
    refused = await file.post(sa_pa_leader, path, signed | then)
    assert (faults_of(refused), "(`decided_on`)" in refused.text) == ({"/happened_at": "too_early"}, True)


async def test_a_plan_of_another_case_does_not_exist_here(assessed_report, sa_pa_officer):
    report = await assessed_report(emergency=False, relation="neighbour")
    first, second = (File(case["id"]) for case in (await report.open(sa_pa_officer)).json()["cases"])
    plan = await first.do(sa_pa_officer, "/intervention-plans", PLAN)
    await second.refresh(sa_pa_officer)
    assert (await second.post(sa_pa_officer, f"/intervention-plans/{plan['id']}/submit", {})).status_code == 404
    assert (await sa_pa_officer.get(f"/cases/{second.case_id}/intervention-plans/{plan['id']}")).status_code == 404


async def test_a_service_that_ends_before_it_starts_is_refused(case_id, sa_pa_officer):
    wrong = {"services": [SERVICE | {"starts_on": "2026-12-02", "expected_end_on": "2026-12-01"}]}
    refused = await File(case_id).post(sa_pa_officer, "/intervention-plans", PLAN | wrong)
    assert faults_of(refused) == {"/services/0/expected_end_on": "ends_before_it_begins"}
