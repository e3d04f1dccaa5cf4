"""A child in proceedings, and one that comes back from a prison or a reformatory (Luật Trẻ em, Điều 70 to 73)."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from tests.answers import code_of, faults_of
from tests.cases.stories import PROCEEDING, RELEASE, REPORT, REVIEW, TRANSFER, File, keyed, tag

from childcare_api.cases.proceeding.queries import notice_due_on
from childcare_api.shared import clock as time

INFORMATION = {"matter": "criminal", "child_role": "victim", "asked": "information", "authority": "Công an tỉnh"}


@pytest.mark.parametrize(
    ("measure", "release_on", "due_on"),
    [
        ("imprisonment", date(2027, 4, 30), date(2027, 2, 28)),
        ("reformatory", date(2027, 3, 31), date(2027, 2, 28)),
        ("reformatory", date(2025, 12, 1), date(2025, 11, 1)),
    ],
)
def test_a_notice_is_due_two_months_or_one_before_the_end(measure, release_on, due_on):
    assert notice_due_on(measure, release_on) == due_on


async def test_what_an_authority_asks_is_a_task_until_its_day_and_keeps_the_case_open(
    case_id, clock, sa_pa_officer, sa_pa_leader, ta_leng_officer, lao_cai_province_officer, rows, events
):
    file, today = File(case_id), time.today()

    async def task() -> tuple[int, str]:
        found = (await sa_pa_officer.get("/tasks", params={"case_id": str(case_id)})).json()["items"]
        return next(
            ((date.fromisoformat(one["due_at"][:10]) - today).days, one["article"])
            for one in found
            if one["rule"] == "proceeding.answer"
        )

    past = {"due_on": (today - timedelta(days=1)).isoformat()}
    assert faults_of(await file.post(sa_pa_officer, "/proceedings", INFORMATION | past)) == {"/due_on": "too_early"}
    of_victim = await file.post(sa_pa_officer, "/proceedings", PROCEEDING | {"child_role": "victim"})
    assert faults_of(of_victim) == {"/child_role": "of_offenders"}
    wrong = INFORMATION | {"matter": "reformatory_at_court"}
    assert faults_of(await file.post(sa_pa_officer, "/proceedings", wrong)) == {"/child_role": "of_offenders"}
    wrong = INFORMATION | {"authority": "..."}
    assert faults_of(await file.post(sa_pa_officer, "/proceedings", wrong)) == {"/authority": "says_nothing"}
    assert (await file.post(sa_pa_leader, "/proceedings", PROCEEDING)).status_code == 403
    asked = await file.do(sa_pa_officer, "/proceedings", INFORMATION)
    # Of a victim the register says nothing that is missing.
    assert (asked["answered_id"], asked["warnings"]) == (None, [])
    assert (await task())[0] == 7
    assert "72.2" in (await task())[1]
    meeting = PROCEEDING | {"due_on": (today + timedelta(days=3)).isoformat(), "note": "Mang theo hồ sơ."}
    second = await file.do(sa_pa_officer, "/proceedings", meeting)
    assert [one["code"] for one in second["warnings"]] == ["group_not_recorded"]
    assert (await task())[0] == 3

    clock.forward(hours=1)
    told = {"result": "Đã gửi bản mô tả hoàn cảnh gia đình."}
    assert faults_of(await file.post(sa_pa_officer, f"/proceedings/{asked['id']}/answer", {"result": "…"})) == {
        "/result": "says_nothing"
    }
    done = await file.do(sa_pa_officer, f"/proceedings/{second['id']}/answer", told)
    assert (done["result"], done["answered_id"] is not None, (await task())[0]) == (told["result"], True, 7)
    again = await file.post(sa_pa_officer, f"/proceedings/{second['id']}/answer", told)
    assert (again.status_code, code_of(again)) == (409, "proceeding_answered")
    assert "It was answered" in again.json()["detail"]
    await file.do(sa_pa_officer, f"/proceeding-answers/{done['answered_id']}/entered-in-error", {"reason": "Nhầm."})
    assert (await task())[0] == 3
    for one in (asked, second):
        await file.do(sa_pa_officer, f"/proceedings/{one['id']}/answer", told)
    running = "SELECT count(*) AS n FROM tasks WHERE rule_code = 'proceeding.answer' AND done_at IS NULL"
    assert (await rows(running + " AND cancelled_at IS NULL"))[0]["n"] == 0
    assert [len(await events(f"case.proceeding_{what}")) for what in ("recorded", "answered")] == [2, 3]
    listed = (await lao_cai_province_officer.get(f"/cases/{case_id}/proceedings")).json()["items"]
    assert [one["asked"] for one in listed] == ["information", "council_meeting"]
    assert (await ta_leng_officer.get(f"/cases/{case_id}/proceedings")).status_code == 404


async def test_a_release_is_prepared_for_under_a_plan_by_its_day_and_no_case_closes_before(
    case_id, clock, sa_pa_officer, sa_pa_leader, tasks, rows, events
):
    file, today = File(case_id), time.today()
    late = {"release_on": (today + timedelta(days=20)).isoformat(), "about_child": "Đã học hết lớp 8."}
    old = await file.do(sa_pa_officer, "/release-notices", RELEASE | late)
    assert (old["notified_in_time"], old["replaced"], old["how"]) == (False, False, None)
    assert [one["code"] for one in old["warnings"]] == ["group_not_recorded", "notice_late"]
    by = notice_due_on("reformatory", today + timedelta(days=20))
    assert f"{by:%d/%m/%Y}" in old["warnings"][1]["message_vi"]
    (waits,) = await rows("SELECT answers, due_at FROM tasks WHERE rule_code = 'release.prepare'")
    assert waits["answers"] == ["commune_officer", "commune_leader"]
    assert time.day_of(waits["due_at"]) == today + timedelta(days=20)
    how = {"how": "Bà nội đón về; học nghề sửa xe từ tuần sau."}
    refused = await file.post(sa_pa_officer, f"/release-notices/{old['id']}/prepared", how)
    assert (refused.status_code, code_of(refused)) == (409, "no_plan_in_force")

    soon = today + timedelta(days=40)
    notice = await file.do(sa_pa_officer, "/release-notices", RELEASE | {"release_on": soon.isoformat()})
    assert (notice["notified_in_time"], notice["notice_due_on"]) == (
        True, notice_due_on("reformatory", soon).isoformat())  # fmt: skip
    assert [one["code"] for one in notice["warnings"]] == ["group_not_recorded"]
    first = (await sa_pa_officer.get(f"/cases/{case_id}/release-notices")).json()["items"][0]
    assert (first["id"], first["replaced"]) == (old["id"], True)
    plan_id = await file.plan_submitted(sa_pa_officer, time.now())
    decided = await file.approve(sa_pa_leader, plan_id, today.isoformat())
    older = await file.post(sa_pa_officer, f"/release-notices/{old['id']}/prepared", how)
    assert (older.status_code, code_of(older)) == (409, "proceeding_answered")
    await file.do(sa_pa_officer, "/reviews", REVIEW)
    # What is asked twice alike is told apart by who asks it and by when.
    days = [(today + timedelta(days=more)).isoformat() for more in (5, 9)]
    asked = [await file.do(sa_pa_officer, "/proceedings", INFORMATION | {"due_on": day}) for day in days]
    closing = await file.post(sa_pa_leader, "/close", {})
    left = [notice["id"], *(one["id"] for one in asked)]
    assert (code_of(closing), closing.json()["step_ids"]) == ("case_not_settled", left)
    assert [(one["authority"], one["due_on"]) for one in closing.json()["waits"]] == [
        (RELEASE["institution"], soon.isoformat()), *(("Công an tỉnh", day) for day in days)]  # fmt: skip
    assert all(f"{today.isoformat()}, Công an tỉnh, due {day})" in closing.json()["detail"] for day in days)
    clock.forward(hours=1)
    ready = await file.do(sa_pa_officer, f"/release-notices/{notice['id']}/prepared", how)
    assert (ready["how"], ready["prepared_id"] is not None) == (how["how"], True)
    assert "release.prepare" not in await tasks(case_id)
    assert [len(await events(f"case.release_{what}")) for what in ("announced", "prepared")] == [2, 1]
    # What the plan was made for falls with its decision.
    await file.do(sa_pa_leader, f"/decisions/{decided['decisions'][0]['id']}/entered-in-error", {"reason": "Nhầm."})
    assert "release.prepare" in await tasks(case_id)


async def test_a_case_of_a_child_in_special_circumstances_goes_with_its_release_to_where_it_will_live(
    clock, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_leader, tasks
):
    """No harm was reported: the child comes under the procedure by its group (NĐ 56/2017, Điều 8; LQ, Điều 52.1)."""
    clock.set(datetime(2026, 11, 21, 3, tzinfo=UTC))
    told = {"category": "special_circumstances", "harm_kinds": [], "narrative": "Sắp chấp hành xong."}
    body = REPORT | told | {"children": [{"full_name": "Vàng A Pao", "estimated_age": 14}]}
    taken = (await sa_pa_officer.post("/intakes", json=body, headers=keyed())).json()
    grades = ("harm_level", "harm_doer_access", "care_obstacles", "self_protection")
    judged = dict.fromkeys(grades, "low") | {"emergency": False, "conclusion": "Cần hỗ trợ tái hòa nhập."}
    address = f"/intakes/{taken['id']}"
    report = (await sa_pa_officer.post(f"{address}/assess", json=judged, headers=tag(taken["row_version"]))).json()
    wanted = {"children": [{"intake_child_id": report["children"][0]["id"]}]}
    opened = await sa_pa_officer.post(f"{address}/open-case", json=wanted, headers=tag(report["row_version"]))
    assert opened.status_code == 201, opened.text
    case_id = UUID(opened.json()["cases"][0]["id"])

    file = File(case_id)
    child = {"full_name": "Vàng A Pao", "estimated_age": 14}
    linked = await file.do(sa_pa_officer, "/register-child", {"child": child})
    group = {"group": "in_conflict_with_law", "from_on": "2026-01-05"}
    record = f"/children/{linked['child_id']}"
    version = (await sa_pa_officer.get(record)).headers["ETag"]
    added = await sa_pa_officer.post(f"{record}/circumstances", json=group, headers=keyed() | {"If-Match": version})
    assert added.status_code == 201, added.text
    notice = await file.do(sa_pa_officer, "/release-notices", RELEASE)
    assert (notice["warnings"], notice["notified_in_time"]) == ([], True)
    assert (await file.do(sa_pa_officer, "/proceedings", PROCEEDING))["warnings"] == []

    offer = await file.do(sa_pa_leader, "/transfer", TRANSFER)
    there = f"/transfers/{offer['id']}"
    version = (await ta_van_leader.get(there)).headers["ETag"]
    accepted = await ta_van_leader.post(f"{there}/accept", json={}, headers=keyed() | {"If-Match": version})
    assert accepted.status_code == 200, accepted.text
    listed = (await ta_van_officer.get(f"/cases/{case_id}/release-notices")).json()["items"]
    assert [one["id"] for one in listed] == [notice["id"]]
    waiting = (await ta_van_officer.get("/tasks", params={"case_id": str(case_id)})).json()["items"]
    assert {"release.prepare", "proceeding.answer"} <= {one["rule"] for one in waiting}
    # Who led the case reads what it did there, and nothing of this.
    for part, status in (("timeline", 200), ("release-notices", 404), ("proceedings", 404)):
        assert (await sa_pa_officer.get(f"/cases/{case_id}/{part}")).status_code == status, part
