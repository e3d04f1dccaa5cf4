"""Somebody calls 111 about a child who was never harmed: put aside with a reason, and 111 is told of it."""

from datetime import timedelta

from tests.answers import code_of
from tests.cases.stories import keyed, tag
from tests.people import SA_PA
from tests.stories.telling import clocks, due, judged, recorded

from childcare_api.jobs.worker import work_once
from childcare_api.working import MODULES, handlers_of

CALL = {
    "external_ref": "111-2026-77",
    "place": {"unit_id": SA_PA},
    "harm_kinds": ["violence"],
    "harm_doers": [{"relation": "mother"}],
    "children": [{"full_name": "Giàng Thị Chi", "estimated_age": 6}],
    "reporter": {"kind": "anonymous"},
}


async def test_a_false_report(  # noqa: PLR0915 - one story
    clock, database, hotline_111, sa_pa_officer, sa_pa_leader, sa_pa_inspector, lao_cai_province_officer
):
    # A voice without a name says that a mother beats her daughter. It is believed first: 12 hours run (Điều 31.1).
    # The worker goes by the database's clock, so this story is of today.
    call = CALL | {"received_at": clock.at.isoformat()}
    clock.forward(minutes=5)
    sent = await hotline_111.post("/hotline/referrals", json=call, headers=keyed())
    assert sent.status_code == 201, sent.text
    report_id = sent.json()["intake_id"]
    address = f"/intakes/{report_id}"
    assert set(await clocks(sa_pa_officer, report_id)) == {
        "intake.acknowledge", "intake.assess", "emergency.intervene"}  # fmt: skip
    known = await sa_pa_officer.post(f"{address}/acknowledge", json={}, headers=tag(1))
    assert known.status_code == 200, known.text

    # The officer visits the same evening, with the village head and a nurse, and finds a healthy child.
    clock.forward(hours=2)
    grid = dict.fromkeys(("harm_level", "harm_doer_access", "care_obstacles"), "low")
    report = await judged(
        sa_pa_officer, report_id, **grid, self_protection="high", emergency=False, conclusion="Không có căn cứ."
    )
    silent = await sa_pa_officer.post(f"{address}/dismiss", json={"reason": ""}, headers=tag(report.row_version))
    assert silent.status_code == 422
    why = {"reason": "Đã đến nhà cùng trưởng thôn và cán bộ y tế: cháu khỏe mạnh, không có dấu vết; tin báo sai."}
    aside = await sa_pa_officer.post(f"{address}/dismiss", json=why, headers=tag(report.row_version))
    assert (aside.status_code, aside.json()["status"]) == (200, "dismissed"), aside.text

    # Nothing runs, no case comes of it, and the province reads why.
    assert await clocks(sa_pa_officer, report_id) == {}
    report.row_version = aside.json()["row_version"]
    late = await report.open(sa_pa_officer)
    assert late.status_code == 409, code_of(late)
    assert (await sa_pa_officer.get("/cases")).json()["items"] == []
    read = (await lao_cai_province_officer.get(address)).json()
    assert (read["status"], read["dismiss_reason"]) == ("dismissed", why["reason"])

    # 111 hears that nothing was found, and no word of the reason.
    while await work_once(database, handlers_of(MODULES)):
        pass
    told = (await hotline_111.get("/hotline/referrals/tong-dai-111/111-2026-77/feedback")).json()["items"]
    assert [(one["kind"], one["unit_id"]) for one in told] == [
        ("acknowledged", SA_PA), ("assessed", SA_PA), ("dismissed", SA_PA)]  # fmt: skip
    assert "trưởng thôn" not in str(told)
    done = await recorded(sa_pa_inspector, report_id)
    assert done[-1] == "intake.dismissed"

    # A week later the teacher sees bruises: it is judged anew, from her word on, and 111 hears that work goes on.
    clock.forward(days=7)
    new = {"reason": "Cô giáo thấy vết bầm ở tay cháu.", "emergency": True}
    again = await sa_pa_officer.post(f"{address}/re-examine", json=new, headers=tag(report.row_version))
    assert (again.status_code, again.json()["status"]) == (200, "acknowledged"), again.text
    assert set(await clocks(sa_pa_officer, report_id)) == {"intake.assess", "emergency.intervene"}
    while await work_once(database, handlers_of(MODULES)):
        pass
    told = (await hotline_111.get("/hotline/referrals/tong-dai-111/111-2026-77/feedback")).json()["items"]
    assert told[-1]["kind"] == "re_examined"
    assert "Cô giáo" not in str(told)

    # Put aside once more, now that somebody looked, and 111 hears of it again: what it sends on is received anew,
    # without waiting for anybody.
    unseen = await sa_pa_officer.post(f"{address}/dismiss", json=why, headers=tag(again.json()["row_version"]))
    assert (code_of(unseen), unseen.json()["why"]) == ("emergency_not_refuted", "not_assessed")
    clock.forward(hours=1)
    report = await judged(sa_pa_officer, report_id, **grid, self_protection="high", emergency=False, conclusion="Ngã.")
    aside = await sa_pa_officer.post(f"{address}/dismiss", json=why, headers=tag(report.row_version))
    assert aside.status_code == 200, aside.text
    # Here all is one transaction, and what was announced in it has no order but that of its ids.
    while await work_once(database, handlers_of(MODULES)):
        pass
    clock.forward(days=1)
    updates = "/hotline/referrals/tong-dai-111/111-2026-77/updates"
    more = {"text": "Hàng xóm gọi lại: đêm qua cháu khóc to.", "happened_at": (clock.at).isoformat()}
    clock.forward(minutes=20)
    heard = await hotline_111.post(updates, json=more, headers=keyed())
    assert (heard.status_code, heard.json()["status"], heard.json()["emergency"]) == (200, "received", True), heard.text
    running = await clocks(sa_pa_officer, report_id)
    assert set(running) == {"intake.acknowledge", "intake.assess", "emergency.intervene"}
    assert due(running["emergency.intervene"]) == clock.at - timedelta(minutes=20) + timedelta(hours=12)
    read = (await sa_pa_officer.get(address)).json()
    assert [one["reason"] for one in read["reexaminations"]] == [new["reason"], more["text"]]
    assert (read["status"], read["dismissed_at"], read["acknowledged_at"]) == ("received", None, None)
    assert (await recorded(sa_pa_inspector, report_id)).count("intake.reexamined") == 2
    again = await hotline_111.post(updates, json={"text": "Vẫn khóc."}, headers=keyed())
    assert (again.status_code, len((await sa_pa_officer.get(address)).json()["reexaminations"])) == (200, 2)

    # Its feed is whole: what it took up again itself stands in it, too, of the office that has it to work on.
    while await work_once(database, handlers_of(MODULES)):
        pass
    told = (await hotline_111.get("/hotline/referrals/tong-dai-111/111-2026-77/feedback")).json()["items"]
    assert [(one["kind"], one["unit_id"]) for one in told[3:]] == [
        ("re_examined", SA_PA), ("assessed", SA_PA), ("dismissed", SA_PA), ("re_examined", SA_PA)]  # fmt: skip
    assert told[-1]["happened_at"] == read["reexamined_at"]
