"""What tells others, ends a case otherwise, opens it again, or joins it: decisions sent, deaths, birthdays, reports."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from tests.answers import code_of, faults_of
from tests.cases.furnished import COURT
from tests.cases.stories import ASSESSMENT, PLAN, REFERRAL, REVIEW, SERVICE, File, meeting
from tests.people import TA_LENG

from childcare_api.cases import jobs
from childcare_api.cases.advising.rules import change
from childcare_api.cases.sending.rules import FAMILY, to_be_told, waiting
from childcare_api.children.rules import years_before
from childcare_api.jobs.worker import work_once
from childcare_api.shared import clock as time


async def approved(file: File, officer, leader) -> dict:
    plan_id = await file.plan_submitted(officer, time.now())
    return await file.approve(leader, plan_id, time.today().isoformat())


async def test_a_review_spares_no_sending_and_nothing_is_closed_over_what_others_wait_for(
    case_id, sa_pa_officer, sa_pa_leader, tasks
):
    """What was decided goes to whom it names (Điều 28.5), and whoever was asked is not left to wait for nobody."""
    file = File(case_id)
    decision = (await approved(file, sa_pa_officer, sa_pa_leader))["decisions"][0]["id"]
    court = await file.do(sa_pa_leader, "/court-requests", COURT | {"requested_on": time.today().isoformat()})
    referral = await file.do(sa_pa_officer, "/referrals", REFERRAL)
    await file.do(sa_pa_officer, "/reviews", REVIEW)
    assert await tasks(case_id) == {"case.close", "court.answer", "decision.send"}

    async def in_the_way() -> list[tuple[str, set[str]]]:
        possible = (await sa_pa_leader.get(f"/cases/{case_id}/standing")).json()["possible_now"]
        told = {one["operation"]: one["hindered_by"] for one in possible}
        assert not any(hinders for name, hinders in told.items() if name != "close_case")
        assert all(one["detail_vi"] and one["detail_en"] for one in told["close_case"])
        return [(one["problem"], {by["operation"] for by in one["supplied_by"]}) for one in told["close_case"]]

    answered = {"record_court_order", "record_court_refusal", "withdraw_court_request", "withdraw_case_referral"}
    assert await in_the_way() == [("case_not_settled", answered), ("decision_not_sent", {"send_decision"})]
    for who, path, step, left in (
        (sa_pa_officer, f"/referrals/{referral['id']}/withdraw", referral, [referral["id"], court["id"]]),
        (sa_pa_leader, f"/court-requests/{court['id']}/entered-in-error", court, [court["id"]]),
    ):
        refused = await file.post(sa_pa_leader, "/close", {})
        assert (code_of(refused), refused.json()["step_ids"]) == ("case_not_settled", left), step
        waits = [(one["step_id"], one["kind"], one["day"]) for one in refused.json()["waits"]]
        kinds, day = ["referral", "court_request"][-len(left) :], time.today()
        assert waits == [(one, kind, day.isoformat()) for one, kind in zip(left, kinds, strict=True)]
        assert f"Court asked ({day.isoformat()})." in refused.json()["detail"], "each by what it is called"
        await file.do(who, path, {"reason": "Không cần nữa."})
    wanted = [("implementing_body", SERVICE["responsible_body"]), ("parent_or_carer", None)]
    for left in (wanted, wanted[1:]):
        refused = await file.post(sa_pa_leader, "/close", {})
        named = [(one["recipient_kind"], one["recipient"]) for one in refused.json()["still_to_be_told"]]
        assert (refused.status_code, code_of(refused), named) == (409, "decision_not_sent", left)
        sent = {"recipient_kind": left[0][0], "recipient": left[0][1] or "Vàng Thị Dở", "way": "in_person"}
        await file.do(sa_pa_officer, f"/decisions/{decision}/sendings", sent)
    assert (await tasks(case_id), await in_the_way()) == ({"case.close"}, [])
    assert (await file.do(sa_pa_leader, "/close", {}))["status"] == "closed"


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
    assert listed["still_to_be_told"] == [
        {"decision_id": decision, "recipient_kind": "parent_or_carer", "recipient": None}
    ]
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


async def test_a_decision_was_sent_when_the_last_of_who_had_to_be_was_told(
    case_id, sa_pa_officer, sa_pa_leader, clock, rows
):
    """Whoever else was told later, though that was written down before."""
    file = File(case_id)
    decision = (await approved(file, sa_pa_officer, sa_pa_leader))["decisions"][0]["id"]
    in_time = clock.at + timedelta(hours=2)
    clock.forward(days=20)
    left = (await sa_pa_officer.get(f"/cases/{case_id}/sendings")).json()["still_to_be_told"]
    besides = {"recipient_kind": "parent_or_carer", "recipient": "Giàng Thị Súa", "way": "in_person"}
    await file.do(sa_pa_officer, f"/decisions/{decision}/sendings", besides)
    for one in reversed(left):
        to = {"recipient_kind": one["recipient_kind"], "recipient": one["recipient"] or "Vàng Thị Dở", "way": "post"}
        await file.do(sa_pa_officer, f"/decisions/{decision}/sendings", to | {"happened_at": in_time.isoformat()})
    (task,) = await rows("SELECT done_at, due_at FROM tasks WHERE rule_code = 'decision.send'")
    assert task["done_at"] == in_time < task["due_at"]


async def test_a_closed_case_is_archived_and_opened_again_with_a_reason(case_id, sa_pa_officer, sa_pa_leader, tasks):
    file = File(case_id)
    await approved(file, sa_pa_officer, sa_pa_leader)
    open_still = await sa_pa_officer.get(f"/cases/{case_id}/archive")
    assert (open_still.status_code, code_of(open_still)) == (409, "case_not_in_state")
    await file.do(sa_pa_officer, "/reviews", REVIEW)
    await file.tell_everybody(sa_pa_officer)
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


async def test_when_the_child_dies_every_clock_ends_and_all_stays_readable(
    case_id, sa_pa_officer, sa_pa_leader, tasks, clock
):
    file = File(case_id)
    plan_id = await file.plan_submitted(sa_pa_officer, time.now())
    assert await tasks(case_id) == {"plan.decide"}
    body = {"died_on": time.today().isoformat(), "document_number": "5/TLKT", "note": "Tai nạn."}
    future = body | {"died_on": (time.today() + timedelta(days=1)).isoformat()}
    assert faults_of(await file.post(sa_pa_officer, "/child-died", future)) == {"/died_on": "in_future"}
    clock.forward(days=4)
    known = body | {"died_on": time.today().isoformat(), "happened_at": (time.now() - timedelta(days=2)).isoformat()}
    assert faults_of(await file.post(sa_pa_officer, "/child-died", known)) == {"/happened_at": "too_early"}
    # A hospital may report a child that died the day before.
    body |= {"died_on": (time.today() - timedelta(days=1)).isoformat()}
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
    guessed = await file.post(sa_pa_officer, "/turned-sixteen", {})
    assert (guessed.status_code, code_of(guessed)) == (409, "still_a_child"), "by the age guessed in the report"
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
    assert (opened["status_vi"], opened["status_en"]) == ("Đã mở", "Opened")
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
    # A grid that says otherwise than the conclusion refuses nothing, and goes by nobody unsaid.
    assert (later["warnings"], opened["warnings"]) == ([], [])
    high = {"harm_remaining": "high", "harm_doer_access": "high"}
    review = await file.do(sa_pa_officer, "/reviews", REVIEW | high)
    assert (review["outcome"], [one["pointer"] for one in review["warnings"]]) == ("end", [f"/{one}" for one in high])
    assert all("nguy cơ" in one["message_vi"] and "no risk remains" in one["message_en"] for one in review["warnings"])
    listed = (await sa_pa_leader.get(f"/cases/{case_id}/reviews")).json()["items"]
    assert [one["warnings"] for one in listed] == [[], review["warnings"]]
    assert (await sa_pa_leader.get(f"/cases/{case_id}/standing")).json()["warnings"] == review["warnings"]
    sure = await file.do(sa_pa_officer, "/reviews", REVIEW | high | {"risk_remains": True})
    assert (sure["outcome"], sure["warnings"]) == ("continue", [])


@given(st.sampled_from(["high", "medium", "low"]), st.sampled_from(["high", "medium", "low", None]))
def test_a_change_seen_from_the_other_side_is_the_opposite(before, after):
    opposite = {"higher": "lower", "lower": "higher", "same": "same", "unknown": "unknown"}
    assert change(after, before) == opposite[change(before, after)]
