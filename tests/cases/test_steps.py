"""What may be recorded, when, by whom, and how it is taken back."""

from datetime import timedelta

import pytest
from asyncpg import CheckViolationError
from tests.answers import code_of, faults_of
from tests.cases.stories import ASSESSMENT, HANDOVER, MEASURE, PLAN, REFERRAL, REVIEW, File, meeting, tag

from childcare_api.cases.file.errors import MOST_STEPS
from childcare_api.cases.file.rules import LEFT_FOR_THE_END
from childcare_api.shared import clock as time
from childcare_api.shared.ids import new_id


async def test_what_happened_is_not_in_the_future_and_not_before_the_report(case_id, sa_pa_officer):
    file = File(case_id)
    later = (time.now() + timedelta(minutes=5)).isoformat()
    refused = await file.post(sa_pa_officer, "/emergency-measures", MEASURE | {"happened_at": later})
    assert faults_of(refused) == {"/happened_at": "in_future"}
    earlier = (time.now() - timedelta(hours=5)).isoformat()
    refused = await file.post(sa_pa_officer, "/emergency-measures", MEASURE | {"happened_at": earlier})
    assert faults_of(refused) == {"/happened_at": "too_early"}
    unborn = {"role": "witness", "relation": "neighbour", "born_year": time.today().year + 1}
    assert faults_of(await file.post(sa_pa_officer, "/parties", unborn)) == {"/born_year": "in_future"}


async def test_what_happened_and_when_it_was_recorded_are_two_times(case_id, sa_pa_officer, rows):
    file = File(case_id)
    happened = (time.now() - timedelta(hours=1)).replace(microsecond=0)
    measure = await file.do(sa_pa_officer, "/emergency-measures", MEASURE | {"happened_at": happened.isoformat()})
    assert measure["happened_at"] == happened.isoformat().replace("+00:00", "Z")
    (stored,) = await rows("SELECT happened_at, recorded_at FROM case_steps WHERE kind = 'emergency_measure'")
    assert stored["happened_at"] == happened < stored["recorded_at"]


async def test_a_meeting_is_not_held_before_the_assessment_that_it_settles(case_id, sa_pa_officer):
    file = File(case_id)
    await file.do(sa_pa_officer, "/assessments", ASSESSMENT)
    refused = await file.post(sa_pa_officer, "/meetings", meeting(time.now() - timedelta(hours=1)))
    assert faults_of(refused) == {"/started_at": "too_early"}


async def test_the_first_moment_that_may_be_is_told_in_the_time_of_viet_nam_and_is_taken(case_id, sa_pa_officer, clock):
    clock.set(clock.at.replace(microsecond=789_736))
    file = File(case_id)
    await file.do(sa_pa_officer, "/assessments", ASSESSMENT)
    first = (clock.at.replace(microsecond=0) + timedelta(seconds=1)).astimezone(time.VIET_NAM)
    clock.forward(hours=1)
    early = meeting(first - timedelta(seconds=1))
    sa_pa_officer.headers["Accept-Language"] = "vi"
    refused = await file.post(sa_pa_officer, "/meetings", early)
    said = refused.json()["errors"][0]["message"]
    assert said == f"Không thể trước {first:%H:%M:%S ngày %d/%m/%Y} (giờ Việt Nam)."
    await file.do(sa_pa_officer, "/meetings", meeting(first))


async def test_a_meeting_does_not_begin_before_the_report(case_id, sa_pa_officer):
    early = meeting(time.now()) | {"started_at": (time.now() - timedelta(days=2)).isoformat()}
    refused = await File(case_id).post(sa_pa_officer, "/meetings", early)
    assert faults_of(refused) == {"/started_at": "too_early"}


async def test_every_command_needs_the_version_that_was_seen(case_id, sa_pa_officer):
    path = f"/cases/{case_id}/progress-notes"
    missing = await sa_pa_officer.post(path, json={"note": "x"})
    assert missing.status_code == 428
    stale = await sa_pa_officer.post(path, json={"note": "x"}, headers=tag(99))
    assert stale.status_code == 412
    current = stale.json()["row_version"]
    written = await sa_pa_officer.post(path, json={"note": "x"}, headers=tag(current))
    assert (written.status_code, written.headers["ETag"]) == (201, f'"{current + 1}"')


async def test_wishes_of_those_who_did_the_harm_are_left_out(assessed_report, sa_pa_officer, rows):
    report = await assessed_report(relation="father")
    file = File((await report.open(sa_pa_officer)).json()["cases"][0]["id"])
    wishes = [{"relation": "mother", "wishes": "Con được an toàn."}, {"relation": "father", "wishes": "Đón con về."}]
    refused = await file.post(sa_pa_officer, "/assessments", ASSESSMENT | {"carers_wishes": wishes})
    assert (refused.status_code, code_of(refused)) == (409, "harm_doer_is_not_asked")
    assert refused.json()["relations"] == ["father"]
    assert await rows("SELECT 1 FROM case_assessments") == []
    kept = await file.do(sa_pa_officer, "/assessments", ASSESSMENT | {"carers_wishes": wishes[:1]})
    assert kept["carers_wishes"] == wishes[:1]


async def test_a_harm_doer_named_later_is_not_asked_either(case_id, sa_pa_officer):
    file = File(case_id)
    await file.do(sa_pa_officer, "/parties", {"role": "alleged_harm_doer", "relation": "mother"})
    wishes = [{"relation": "mother", "wishes": "Đón con về."}]
    refused = await file.post(sa_pa_officer, "/assessments", ASSESSMENT | {"carers_wishes": wishes})
    assert code_of(refused) == "harm_doer_is_not_asked"


@pytest.mark.parametrize(
    ("change", "place", "code"),
    [
        ({"child_wishes": None}, "/child_wishes", "child_wishes_missing"),
        ({"child_was_asked": False}, "/child_not_asked_reason", "child_not_asked_reason_missing"),
        ({"child_was_asked": False, "child_wishes": None}, "/child_not_asked_reason", "child_not_asked_reason_missing"),
    ],
)
async def test_the_child_is_asked_or_it_is_said_why_not(case_id, sa_pa_officer, change, place, code):
    file = File(case_id)
    assert faults_of(await file.post(sa_pa_officer, "/assessments", ASSESSMENT | change)) == {place: code}


async def test_an_infant_need_not_be_asked(case_id, sa_pa_officer):
    file = File(case_id)
    change = {"child_was_asked": False, "child_wishes": None, "child_not_asked_reason": "Cháu mới 8 tháng tuổi."}
    assessment = await file.do(sa_pa_officer, "/assessments", ASSESSMENT | change)
    assert assessment["child_not_asked_reason"] == "Cháu mới 8 tháng tuổi."


async def test_what_stood_on_a_wrong_assessment_must_be_redone(case_id, sa_pa_officer, sa_pa_leader, rows):
    file = File(case_id)
    plan_id = await file.plan_submitted(sa_pa_officer, time.now())
    await file.approve(sa_pa_leader, plan_id, time.today().isoformat())
    assessment = (await sa_pa_officer.get(f"/cases/{case_id}/assessments")).json()["items"][0]["id"]
    await file.do(sa_pa_officer, f"/assessments/{assessment}/entered-in-error", {"reason": "Nhầm hồ sơ."})
    head = await file.refresh(sa_pa_officer)
    assert (head["status"], head["plan_id"], head["assessment_id"]) == ("planning", None, None)
    timeline = (await sa_pa_officer.get(f"/cases/{case_id}/timeline")).json()["items"]
    assert {step["kind"]: step["counts"] for step in timeline} == {
        "opening": True,
        "assessment": False,
        "meeting": False,
        "plan_drafted": True,
        "plan_submitted": False,
        "plan_approved": False,
    }
    assert len(await rows("SELECT 1 FROM case_steps WHERE in_error_at IS NOT NULL")) == 1

    await file.do(sa_pa_officer, "/assessments", ASSESSMENT)
    await file.do(sa_pa_officer, "/meetings", meeting(time.now()))
    await file.do(sa_pa_officer, f"/intervention-plans/{plan_id}/submit", {})
    await file.approve(sa_pa_leader, plan_id, time.today().isoformat())
    assert (await file.refresh(sa_pa_officer))["status"] == "implementing"


async def test_a_step_is_marked_at_the_address_of_its_own_kind_only(case_id, sa_pa_officer):
    file = File(case_id)
    measure = await file.do(sa_pa_officer, "/emergency-measures", MEASURE)
    for path in (f"/meetings/{measure['id']}", f"/emergency-measures/{new_id()}"):
        assert (await file.post(sa_pa_officer, f"{path}/entered-in-error", {"reason": "x"})).status_code == 404
    assert (
        await file.post(sa_pa_officer, f"/nonsense/{measure['id']}/entered-in-error", {"reason": "x"})
    ).status_code == 404


async def test_a_case_is_closed_only_after_a_review_without_risk(case_id, sa_pa_officer, sa_pa_leader, events):
    file = File(case_id)
    refused = await file.post(sa_pa_leader, "/close", {}) if await file.refresh(sa_pa_leader) else None
    assert (refused.status_code, code_of(refused)) == (409, "risk_remains")
    assert "`POST …/reviews`" in refused.json()["detail"]
    early = await file.post(sa_pa_officer, "/reviews", REVIEW)
    assert (early.status_code, code_of(early)) == (409, "no_plan_in_force")
    plan_id = await file.plan_submitted(sa_pa_officer, time.now())
    await file.approve(sa_pa_leader, plan_id, time.today().isoformat())
    await file.do(sa_pa_officer, "/reviews", REVIEW)
    await file.tell_everybody(sa_pa_officer)
    await file.do(sa_pa_leader, "/close", {})
    twice = await file.post(sa_pa_leader, "/close", {})
    assert (twice.status_code, code_of(twice)) == (409, "case_already_closed")
    after = await file.post(sa_pa_officer, "/progress-notes", {"note": "x"})
    assert (after.status_code, code_of(after), after.json()["case_status"]) == (409, "case_not_in_state", "closed")
    late = {"Accept-Language": "vi"} | tag(file.row_version)
    told = await sa_pa_officer.post(f"/cases/{case_id}/progress-notes", json={"note": "x"}, headers=late)
    assert "“Đã kết thúc”" in told.json()["detail"]
    assert len(await events("case.closed")) == 1


async def test_a_closure_in_error_opens_the_case_again(case_id, sa_pa_officer, sa_pa_leader, rows):
    file = File(case_id)
    plan_id = await file.plan_submitted(sa_pa_officer, time.now())
    await file.approve(sa_pa_leader, plan_id, time.today().isoformat())
    await file.do(sa_pa_officer, "/reviews", REVIEW)
    await file.tell_everybody(sa_pa_officer)
    await file.do(sa_pa_leader, "/close", {})
    timeline = (await sa_pa_leader.get(f"/cases/{case_id}/timeline")).json()
    closure = timeline["items"][-1]
    await file.do(sa_pa_leader, f"/closures/{closure['id']}/entered-in-error", {"reason": "Nhầm trẻ."})
    assert (await file.refresh(sa_pa_leader))["status"] == "ready_to_close"
    assert [tuple(row) for row in await rows("SELECT closed_at, closed_by FROM cases WHERE id = $1", case_id)] == [
        (None, None)
    ]


async def test_services_are_carried_out_under_a_decided_plan_only(case_id, sa_pa_officer, sa_pa_leader):
    file = File(case_id)
    body = {"plan_service_id": str(new_id()), "progress": "begun", "provided_by": "Trạm y tế"}
    early = await file.post(sa_pa_officer, "/services", body)
    assert (early.status_code, code_of(early)) == (409, "no_plan_in_force")
    plan_id = await file.plan_submitted(sa_pa_officer, time.now())
    approved = await file.approve(sa_pa_leader, plan_id, time.today().isoformat())
    draft = await file.do(sa_pa_officer, f"/intervention-plans/{plan_id}/adjust", PLAN | {"reason": "Cháu chuyển nhà."})
    for undecided in (body["plan_service_id"], draft["services"][0]["id"]):
        of_no_decision = {"plan_service_id": undecided}
        for path, told in (("/services", body), ("/referrals", REFERRAL)):
            refused = await file.post(sa_pa_officer, path, told | of_no_decision)
            assert faults_of(refused) == {"/plan_service_id": "no_such_record"}, (path, undecided)
    body["plan_service_id"] = approved["services"][0]["id"]
    done = await file.do(sa_pa_officer, "/services", body)
    assert (done["progress"], done["counts"]) == ("begun", True)
    assert (await file.refresh(sa_pa_officer))["service_begun_at"] == done["happened_at"]
    # Whoever follows the plan is told why a part of it is not carried out.
    stopped = body | {"progress": "stopped"}
    assert faults_of(await file.post(sa_pa_officer, "/services", stopped)) == {"/result": "reason_missing"}
    why = {"result": "Gia đình đã chuyển đến nơi khác."}
    assert (await file.do(sa_pa_officer, "/services", stopped | why))["result"] == why["result"]


async def test_a_hand_over_to_the_police_is_recorded_and_the_case_goes_on(case_id, sa_pa_officer, events):
    file = File(case_id)
    handover = await file.do(sa_pa_officer, "/handovers", HANDOVER | {"evidence": ["Ảnh vết thương"]})
    assert handover["evidence"] == ["Ảnh vết thương"]
    assert (await file.refresh(sa_pa_officer))["status"] == "opened"
    assert len(await events("case.handed_over")) == 1
    listed = (await sa_pa_officer.get(f"/cases/{case_id}/handovers")).json()["items"]
    assert [one["id"] for one in listed] == [handover["id"]]


async def test_an_id_that_is_taken_is_refused(case_id, sa_pa_officer):
    file = File(case_id)
    note = await file.do(sa_pa_officer, "/progress-notes", {"note": "x"})
    twice = await file.post(sa_pa_officer, "/progress-notes", {"note": "y", "id": note["id"]})
    assert (twice.status_code, code_of(twice)) == (409, "id_taken")


async def test_nothing_personal_reaches_the_audit_or_the_outbox(case_id, sa_pa_officer, rows):
    file = File(case_id)
    word = "Thào Thị Chư 0912345678"
    await file.do(sa_pa_officer, "/parties", {"role": "witness", "relation": "neighbour", "full_name": word})
    await file.do(sa_pa_officer, "/progress-notes", {"note": word})
    await file.do(sa_pa_officer, "/handovers", HANDOVER | {"subject": word, "received_by": word})
    for table in ("audit.events", "outbox"):
        assert await rows(f"SELECT 1 FROM {table} t WHERE t::text LIKE '%Thào%' OR t::text LIKE '%0912%'") == []  # noqa: S608


async def test_a_case_holds_so_many_steps_and_the_last_ones_are_for_what_protects_or_ends(case_id, sa_pa_officer, rows):
    file, note = File(case_id), {"note": "Đã đến thăm."}
    await rows("UPDATE cases SET step_count = $2 WHERE id = $1", case_id, MOST_STEPS - LEFT_FOR_THE_END - 1)
    await file.do(sa_pa_officer, "/progress-notes", note)
    full = await file.post(sa_pa_officer, "/progress-notes", note)
    assert (full.status_code, code_of(full)) == (409, "case_full")
    await file.do(sa_pa_officer, "/emergency-measures", MEASURE)
    await rows("UPDATE cases SET step_count = $2 WHERE id = $1", case_id, MOST_STEPS)
    full = await file.post(sa_pa_officer, "/emergency-measures", MEASURE)
    assert (full.status_code, code_of(full)) == (409, "case_full")
    kinds = [row["kind"] for row in await rows("SELECT kind FROM case_steps WHERE position > 2 ORDER BY position")]
    assert kinds == ["progress_note", "emergency_measure"]
    # The database counts, too: what comes from another commune through the gate is not asked above.
    with pytest.raises(CheckViolationError, match="case_steps_position_check"):
        await rows("UPDATE case_steps SET position = $1 WHERE kind = 'progress_note'", MOST_STEPS + 1)


def test_every_list_of_a_case_says_how_long_it_can_be(app):
    schemas = app.openapi()["components"]["schemas"]
    listed = {name: one["properties"]["items"] for name, one in schemas.items() if "items" in one.get("properties", {})}
    bounded = {name for name, items in listed.items() if items.get("maxItems") == MOST_STEPS}
    assert {"Timeline", "NoteList", "SeparationList", "CarerReportList"} <= bounded
    assert len(bounded) == 27
