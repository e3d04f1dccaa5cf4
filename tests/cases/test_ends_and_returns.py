"""What tells others, ends a case otherwise, opens it again, or joins it: decisions sent, deaths, birthdays, reports."""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.answers import code_of, faults_of
from tests.cases.stories import ASSESSMENT, MEASURE, PLAN, REVIEW, SERVICE, File, meeting, separation, tag
from tests.people import SA_PA, TA_LENG, TA_VAN

from childcare_api.cases import jobs
from childcare_api.cases.advising.rules import change
from childcare_api.cases.sending.rules import FAMILY, to_be_told, waiting
from childcare_api.children.rules import years_before
from childcare_api.jobs.worker import work_once
from childcare_api.shared import clock as time


@pytest.fixture
def tasks(rows):
    async def read(case_id) -> set[str]:
        found = await rows(
            "SELECT rule_code FROM tasks WHERE subject_id = $1 AND done_at IS NULL AND cancelled_at IS NULL", case_id
        )
        return {row["rule_code"] for row in found}

    return read


async def approved(file: File, officer, leader) -> dict:
    plan_id = await file.plan_submitted(officer, time.now())
    return await file.approve(leader, plan_id, time.today().isoformat())


async def test_everybody_the_plan_names_is_told_and_then_the_task_ends(
    case_id, sa_pa_officer, sa_pa_leader, tasks, events
):
    file = File(case_id)
    await file.do(sa_pa_officer, "/assessments", ASSESSMENT)
    await file.do(sa_pa_officer, "/meetings", meeting(time.now()))
    services = [SERVICE | {"provider": "Trung tâm CTXH", "needs_provider": True}, SERVICE]
    plan = await file.do(sa_pa_officer, "/intervention-plans", PLAN | {"services": services})
    await file.do(sa_pa_officer, f"/intervention-plans/{plan['id']}/submit", {})
    decision = (await file.approve(sa_pa_leader, plan["id"], time.today().isoformat()))["decisions"][0]["id"]
    path = f"/decisions/{decision}/sendings"
    assert "decision.send" in await tasks(case_id)
    sent = {"recipient_kind": "implementing_body", "recipient": "TRẠM Y TẾ xã", "way": "in_person"}
    await file.do(sa_pa_officer, path, sent)
    wrong = await file.do(sa_pa_officer, path, sent | {"recipient": "Trung tâm CTXH", "recipient_kind": "other"})
    listed = (await sa_pa_officer.get(f"/cases/{case_id}/sendings")).json()
    assert listed["still_to_be_told"] == [{"recipient_kind": "parent_or_carer", "recipient": None}]
    nobody = {"recipient_kind": "parent_or_carer", "recipient": "Cha, mẹ", "way": "not_possible"}
    assert (await file.post(sa_pa_officer, path, nobody)).status_code == 422
    await file.do(sa_pa_officer, path, nobody | {"not_sent_reason": "Không rõ cha mẹ là ai."})
    assert "decision.send" not in await tasks(case_id)
    await file.do(sa_pa_officer, f"/sendings/{wrong['id']}/entered-in-error", {"reason": "Chưa gửi."})
    assert "decision.send" in await tasks(case_id)
    assert len(await events("case.decision_sent")) == 3
    again = await file.do(sa_pa_officer, f"/intervention-plans/{plan['id']}/adjust", PLAN | {"reason": "Đổi trường."})
    await file.do(sa_pa_officer, f"/intervention-plans/{again['id']}/submit", {})
    await file.approve(sa_pa_leader, again["id"], time.today().isoformat(), "13/QĐ-UBND")
    old = await file.post(sa_pa_officer, path, sent)
    assert (old.status_code, code_of(old)) == (409, "decision_not_in_force")


@given(st.lists(st.tuples(st.sampled_from(["Trạm y tế", None]), st.sampled_from(["CTXH", "trạm Y TẾ", None]))))
def test_nobody_waits_once_all_were_told_and_family_always_has_to_be(services):
    wanted = to_be_told(services)
    assert wanted[-1] == (FAMILY, None)
    assert waiting(wanted, []) == wanted
    told = [(kind, name or "Mẹ") for kind, name in wanted]
    assert waiting(wanted, told) == []
    assert waiting(wanted, told[:-1]) == [(FAMILY, None)]


async def test_a_closed_case_is_archived_and_opened_again_with_a_reason(case_id, sa_pa_officer, sa_pa_leader, tasks):
    file = File(case_id)
    await approved(file, sa_pa_officer, sa_pa_leader)
    open_still = await sa_pa_officer.get(f"/cases/{case_id}/archive")
    assert (open_still.status_code, code_of(open_still)) == (409, "case_not_in_state")
    await file.do(sa_pa_officer, "/reviews", REVIEW)
    await file.do(sa_pa_leader, "/close", {})
    archive = (await sa_pa_officer.get(f"/cases/{case_id}/archive")).json()
    assert [(one["form"], one["number"]) for one in archive["papers"]] == [
        ("Mẫu số 01, 02", None),
        ("Mẫu số 03", None),
        (None, None),
        ("Mẫu số 04", None),
        ("Mẫu số 05", "12/QĐ-UBND"),
        ("Mẫu số 06", None),
    ]
    assert (archive["pages"], archive["in_national_database"]) == (None, None)
    assert (await file.post(sa_pa_leader, "/reopen", {})).status_code == 422
    assert (await file.post(sa_pa_officer, "/reopen", {"reason": "x"})).status_code == 403
    head = await file.do(sa_pa_leader, "/reopen", {"reason": "Người gây hại đã quay về."})
    assert (head["status"], head["cycle"], head["closed_at"], head["close_reason"]) == ("replanning", 2, None, None)
    assert await tasks(case_id) == {"plan.submit"}
    refused = await file.post(sa_pa_leader, "/close", {})
    assert code_of(refused) == "risk_remains"
    reopening = (await sa_pa_leader.get(f"/cases/{case_id}/timeline")).json()["items"][-1]
    assert reopening["note"] == "Người gây hại đã quay về."
    await file.do(sa_pa_leader, f"/reopenings/{reopening['id']}/entered-in-error", {"reason": "Nhầm hồ sơ."})
    assert (await file.refresh(sa_pa_leader))["status"] == "closed"


async def test_when_the_child_dies_every_clock_ends_and_all_stays_readable(case_id, sa_pa_officer, sa_pa_leader, tasks):
    file = File(case_id)
    plan_id = await file.plan_submitted(sa_pa_officer, time.now())
    assert await tasks(case_id) == {"plan.decide"}
    body = {"died_on": time.today().isoformat(), "document_number": "5/TLKT", "note": "Tai nạn."}
    future = body | {"died_on": (time.today() + timedelta(days=1)).isoformat()}
    assert faults_of(await file.post(sa_pa_officer, "/child-died", future)) == {"/died_on": "in_future"}
    died = await file.do(sa_pa_officer, "/child-died", body)
    assert await tasks(case_id) == {"case.close"}
    head = await file.refresh(sa_pa_officer)
    assert head["status"] == "ready_to_close"
    plan = (await sa_pa_officer.get(f"/cases/{case_id}/intervention-plans/{plan_id}")).json()
    assert plan["status"] == "lapsed"
    assert code_of(await file.post(sa_pa_officer, "/child-died", body)) == "recorded_before"
    closed = await file.do(sa_pa_leader, "/close", {})
    assert closed["close_reason"] == "child_died"
    assert code_of(await file.post(sa_pa_leader, "/reopen", {"reason": "x"})) == "nobody_to_plan_for"
    listed = (await sa_pa_officer.get(f"/cases/{case_id}/life-events")).json()["items"]
    assert [(one["id"], one["document_number"]) for one in listed] == [(died["id"], "5/TLKT")]
    # It was another child: once the closure is taken back, the plan waits for its decision as before.
    closure = (await sa_pa_leader.get(f"/cases/{case_id}/timeline")).json()["items"][-1]
    await file.do(sa_pa_leader, f"/closures/{closure['id']}/entered-in-error", {"reason": "Nhầm trẻ."})
    await file.do(sa_pa_officer, f"/deaths/{died['id']}/entered-in-error", {"reason": "Nhầm trẻ."})
    assert (await file.refresh(sa_pa_officer))["status"] == "awaiting_decision"
    assert await tasks(case_id) == {"plan.decide"}


async def test_a_child_that_turns_16_mid_plan_is_noted_by_itself_and_the_plan_runs_to_its_review(
    case_id, clock, database, sa_pa_officer, sa_pa_leader, tasks, events
):
    file = File(case_id)
    plan = await approved(file, sa_pa_officer, sa_pa_leader)
    tomorrow = years_before(time.today(), 16) + timedelta(days=1)
    child = {"full_name": "Vàng A Pao", "sex": "male", "born_on": tomorrow.isoformat()}
    await file.do(sa_pa_officer, "/register-child", {"child": child})
    early = await file.post(sa_pa_officer, "/turned-sixteen", {})
    assert (early.status_code, code_of(early)) == (409, "still_a_child")

    async def chore() -> None:
        await jobs.announce_sixteen_in_cases(database)
        await jobs.announce_sixteen_in_cases(database)
        while await work_once(database, jobs.HANDLERS):
            pass

    await chore()
    assert await events("case.turned_sixteen") == []
    clock.forward(days=1)
    await chore()
    await chore()
    [event] = await events("case.turned_sixteen")
    assert event["actor_kind"] == "system"
    head = await file.refresh(sa_pa_officer)
    assert (head["status"], head["plan_id"]) == ("implementing", plan["id"])
    assert await tasks(case_id) == {"sixteen.assess", "plan.review", "decision.send"}
    review = REVIEW | {"risk_remains": True}
    assert (await file.do(sa_pa_officer, "/reviews", review))["outcome"] == "continue"
    head = await file.refresh(sa_pa_officer)
    assert (head["status"], await tasks(case_id)) == ("ready_to_close", {"case.close"})
    assert (await file.do(sa_pa_leader, "/close", {}))["close_reason"] == "turned_16"
    events_of_life = (await sa_pa_officer.get(f"/cases/{case_id}/life-events")).json()["items"]
    assert [one["kind"] for one in events_of_life] == ["turned_sixteen"]


async def test_a_second_report_joins_the_case_and_its_emergency_gives_twelve_hours_again(
    assessed_report, case_id, clock, sa_pa_officer, ta_leng_officer, tasks, rows
):
    file = File(case_id)
    await file.do(sa_pa_officer, "/emergency-measures", MEASURE)
    clock.forward(hours=30)
    report = await assessed_report(emergency=True, relation="mother", received_at=clock.at - timedelta(hours=1))
    body = {"case_id": str(case_id), "intake_child_id": str(report.children[0])}

    async def join(change: dict | None = None, version: int = report.row_version):
        return await sa_pa_officer.post(
            f"/intakes/{report.id}/join-case", json=body | (change or {}), headers=tag(version)
        )

    stranger = await join({"intake_child_id": str(case_id)})
    assert (stranger.status_code, stranger.json()["errors"][0]["pointer"]) == (422, "/intake_child_id")
    joined = await join()
    assert joined.status_code == 200, joined.text
    assert joined.json()["emergency"] is True
    assert "emergency.intervene" in await tasks(case_id)
    (task,) = await rows(
        "SELECT due_at FROM tasks WHERE subject_id = $1 AND rule_code = 'emergency.intervene' AND done_at IS NULL",
        case_id,
    )
    assert task["due_at"] == report.received_at + timedelta(hours=12)
    of_report = "SELECT rule_code FROM tasks WHERE subject_id = $1 AND done_at IS NULL AND cancelled_at IS NULL"
    assert await rows(of_report, report.id) == []
    twice = await join(version=joined.json()["row_version"])
    assert (twice.status_code, code_of(twice)) == (409, "report_joined")
    report.row_version = joined.json()["row_version"]
    assert code_of(await report.open(sa_pa_officer)) == "child_has_case"
    reports = (await sa_pa_officer.get(f"/cases/{case_id}/reports")).json()["items"]
    assert [one["kind"] for one in reports] == ["opening", "report_joined"]
    assert reports[1]["initial_assessment"]["harm_level"] == "medium"

    # The mother is named by the new report, so hers are not asked for either.
    wishes = [{"relation": "mother", "wishes": "Đón con về."}]
    refused = await file.post(sa_pa_officer, "/assessments", ASSESSMENT | {"carers_wishes": wishes})
    await file.refresh(sa_pa_officer)
    refused = await file.post(sa_pa_officer, "/assessments", ASSESSMENT | {"carers_wishes": wishes})
    assert (code_of(refused), refused.json()["relations"]) == ("harm_doer_is_not_asked", ["mother"])
    await file.do(sa_pa_officer, "/emergency-measures", MEASURE)
    assert await tasks(case_id) == {"case.assess"}
    step = joined.json()["step_id"]
    await file.do(sa_pa_officer, f"/reports/{step}/entered-in-error", {"reason": "Trẻ khác."})
    assert (await file.refresh(sa_pa_officer))["emergency"] is False
    # Joined by mistake, the report is as free as before for a case of its own.
    assert "case.open" in await tasks(report.id)
    report.row_version += 1
    assert (await report.open(sa_pa_officer)).status_code == 201


async def test_a_report_that_landed_elsewhere_reaches_the_case_through_the_one_it_opened_there(
    assessed_report, clock, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_leader, tasks, rows, events
):
    """Sa Pa hears of a child whose case Tả Van leads: it opens one there, and Tả Van makes the two one."""
    first = await assessed_report(emergency=False, relation="neighbour")
    old, other = [one["id"] for one in (await first.open(sa_pa_officer, {"unit_id": TA_VAN})).json()["cases"]]
    file = File(old)
    await file.do(ta_van_officer, "/progress-notes", {"note": "Đã đến thăm."})
    (grant,) = (await ta_van_leader.get(f"/cases/{old}/grants")).json()["items"]
    await file.do(ta_van_leader, f"/grants/{grant['id']}/revoke", {"reason": "Không còn liên quan."})
    for_a_day = {"commune_id": SA_PA, "kinds": ["review"], "reason": "x", "valid_to": clock.at.date().isoformat()}
    await file.do(ta_van_leader, "/grants", for_a_day)
    clock.forward(hours=30)
    report = await assessed_report(emergency=True, relation="mother", received_at=clock.at - timedelta(hours=1))
    new = File((await report.open(sa_pa_officer, {"unit_id": TA_VAN})).json()["cases"][0]["id"])
    assert "emergency.intervene" in await tasks(new.case_id)
    path, same = "/join", {"case_id": old, "reason": "Cùng tên, cùng nhà; trưởng thôn xác nhận."}
    assert (await new.post(ta_van_leader, path, same)).status_code == 403
    for wrong in (str(new.case_id), str(report.children[0])):
        refused = await new.post(ta_van_officer, path, same | {"case_id": wrong})
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/case_id")
    assert (await new.post(sa_pa_officer, path, same)).status_code == 404
    apart = await new.do(ta_van_leader, "/separations", separation(clock.at.date()))
    assert code_of(await new.post(ta_van_officer, path, same)) == "separation_runs"
    await new.do(ta_van_leader, f"/separations/{apart['id']}/entered-in-error", {"reason": "Nhầm."})

    joined = await new.do(ta_van_officer, path, same)
    assert (joined["case_id"], joined["emergency"], len(joined["step_ids"])) == (old, True, 1)
    assert (await new.refresh(ta_van_officer))["status"] == "entered_in_error"
    assert await tasks(new.case_id) == set()
    (task,) = await rows(
        "SELECT due_at FROM tasks WHERE subject_id = $1 AND rule_code = 'emergency.intervene' AND done_at IS NULL",
        UUID(old),
    )
    assert task["due_at"] == report.received_at + timedelta(hours=12)
    again = await new.post(ta_van_officer, path, same)
    assert (again.status_code, code_of(again)) == (409, "case_not_in_state")
    # The commune of the incident sees its own part again, and the mother named by its report is not asked for wishes.
    timeline = (await sa_pa_officer.get(f"/cases/{old}/timeline")).json()["items"]
    assert [one["kind"] for one in timeline] == ["opening"]
    await file.refresh(ta_van_officer)
    wishes = [{"relation": "mother", "wishes": "Đón con về."}]
    refused = await file.post(ta_van_officer, "/assessments", ASSESSMENT | {"carers_wishes": wishes})
    assert (code_of(refused), refused.json()["relations"]) == ("harm_doer_is_not_asked", ["mother"])
    assert [one["subject_id"] for one in await events("case.report_joined")] == [old]

    # Two children of the register are never made one.
    ids = []
    for case in (old, other):
        child = {"full_name": "Vàng A Pao", "sex": "male", "born_on": "2018-05-12"}
        ids.append((await File(case).do(ta_van_officer, "/register-child", {"child": child}))["child_id"])
    two = await File(other).post(ta_van_officer, path, same)
    assert (two.status_code, code_of(two), len(set(ids))) == (409, "cases_of_two_children", 2)


async def test_the_standing_shows_totals_and_changes_and_leaves_the_conclusion_to_people(
    case_id, sa_pa_officer, sa_pa_leader, ta_leng_officer
):
    file = File(case_id)
    opened = (await sa_pa_leader.get(f"/cases/{case_id}/standing")).json()
    assert "quyết định và ký" in opened["notice_vi"]
    assert opened["grids"][0]["totals"] == {"high": 1, "medium": 2, "low": 1}
    assert {one["since_last"] for one in opened["grids"][0]["items"]} == {None}
    await approved(file, sa_pa_officer, sa_pa_leader)
    await file.do(sa_pa_officer, "/reviews", REVIEW)
    assert (opened["status_vi"], opened["status_en"]) == ("mới mở hồ sơ", "Opened")
    assert (opened["usually_follows_vi"], opened["usually_follows_en"]) == (
        "đánh giá nguy cơ cụ thể",
        "the detailed assessment",
    )
    [measure] = [one for one in opened["possible_now"] if one["operation"] == "draft_plan"]
    assert (measure["needs_vi"], measure["needs_en"]) == (
        "không có phiên bản khác đang soạn", "no other version that is being drafted")  # fmt: skip
    later = (await sa_pa_leader.get(f"/cases/{case_id}/standing")).json()
    assert {one["item"]: one["since_last"] for one in later["grids"][1]["items"]} == {
        "harm": "lower", "harm_doer_access": "lower", "care_obstacles": "lower", "self_protection": "higher",
    }  # fmt: skip
    assert "close_case" in [one["operation"] for one in later["possible_now"]]
    assert (later["status"], later["article"]) == ("ready_to_close", "NĐ 56/2017 Điều 30.1 b")
    assert [one["level"] for one in later["risk_levels"]] == ["high"]
    assert (await ta_leng_officer.get(f"/cases/{case_id}/standing")).status_code == 404
    assert TA_LENG


@given(st.sampled_from(["high", "medium", "low"]), st.sampled_from(["high", "medium", "low", None]))
def test_a_change_seen_from_the_other_side_is_the_opposite(before, after):
    opposite = {"higher": "lower", "lower": "higher", "same": "same", "unknown": "unknown"}
    assert change(after, before) == opposite[change(before, after)]
