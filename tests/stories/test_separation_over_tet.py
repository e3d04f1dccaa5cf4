"""A separation reaches its fifteenth day over Tết: days of the calendar, not working days (NĐ 56/2017, Điều 32)."""

from tests.answers import code_of
from tests.cases.stories import ASSESSMENT, separation
from tests.stories.telling import acts, at, clocks, due, judged, opened, recorded, taken

CALL = {
    "channel": "police",
    "category": "abused",
    "harm_kinds": ["violence"],
    "harm_doers": [{"relation": "step_parent"}],
    "children": [{"full_name": "Lý Thị Mẩy", "born_on": "2017-08-20", "sex": "female"}],
}
EXTENSION = {"decision_number": "9/QĐ-UBND", "decided_on": "2026-02-20", "reason": "Cha dượng vẫn đe dọa."}


async def test_a_separation_reaches_its_fifteenth_day_over_tet(
    clock, sa_pa_officer, sa_pa_leader, sa_pa_inspector, lao_cai_province_leader
):
    # Tuesday 10 February, a week before Tết Bính Ngọ: the police bring her at eight, the leader decides at ten.
    clock.set(at("2026-02-10"))
    file = await opened(sa_pa_officer, await judged(sa_pa_officer, (await taken(sa_pa_officer, **CALL))["id"]))
    clock.set(at("2026-02-10", 10))
    body = separation(clock.at.date(), separated_from=["step_parent"])
    apart = await file.do(sa_pa_leader, "/separations", body)
    end = (await clocks(sa_pa_leader, file.case_id))["separation.end"]
    # Ten days, the whole of Tết among them, beside a plan whose five days do stand still over Tết.
    assert (due(end).date().isoformat(), "Điều 32.3" in end["article"]) == ("2026-02-20", True)
    await file.do(sa_pa_officer, "/assessments", ASSESSMENT)
    submit = (await clocks(sa_pa_officer, file.case_id))["plan.submit"]
    assert due(submit).date().isoformat() == "2026-02-24"

    # Three days before the last moment those above see it.
    clock.set(at("2026-02-17"))
    above = {"status": "escalated", "whose": "my_province"}
    assert "separation.end" not in await clocks(lao_cai_province_leader, file.case_id, **above)
    clock.set(at("2026-02-18"))
    assert "separation.end" in await clocks(lao_cai_province_leader, file.case_id, **above)

    # On the last day: five days more are all that is left, and the sixth needs an authority's paper.
    clock.set(at("2026-02-20"))
    path = f"/separations/{apart['id']}"
    refused = await file.post(sa_pa_leader, f"{path}/extend", EXTENSION | {"days": 6})
    assert (refused.status_code, code_of(refused), refused.json()["longest"]) == (409, "separation_too_long", 15)
    assert (await file.do(sa_pa_leader, f"{path}/extend", EXTENSION | {"days": 5}))["days_in_all"] == 15
    end = (await clocks(sa_pa_leader, file.case_id))["separation.end"]
    assert due(end).date().isoformat() == "2026-02-25"
    one_more = await file.post(sa_pa_leader, f"{path}/extend", EXTENSION | {"days": 1})
    assert (code_of(one_more), one_more.json()["days"]) == ("separation_too_long", 16)

    # The task is no more to be put off than the separation (Điều 32.3).
    asked = await sa_pa_leader.post(
        f"/tasks/{end['id']}/extend",
        json={"length": 5, "reason": "Đang nghỉ Tết."},
        headers={"If-Match": f'"{end["row_version"]}"'},
    )
    assert (code_of(asked), asked.json()["extendable_by"]) == ("term_not_extendable", 0)

    # Day fifteen passes. Nothing goes home by itself: it is overdue until somebody says where she is.
    clock.set(at("2026-02-26"))
    late = (await clocks(sa_pa_leader, file.case_id, status="overdue"))["separation.end"]
    assert late["status"] == "overdue"
    assert (await file.refresh(sa_pa_leader))["separation_id"] == apart["id"]
    paper = {"issuer": "Viện kiểm sát nhân dân khu vực 1", "number": "88/CV-VKS", "issued_on": "2026-02-24"}
    longer = await file.do(sa_pa_leader, f"{path}/extend", EXTENSION | {"days": 5, "required_by": paper})
    assert (longer["days_in_all"], longer["changes"][-1]["authority_number"]) == (20, "88/CV-VKS")

    # Reassessed as safe, the separation is cancelled, and its alarm with it.
    clock.set(at("2026-02-27"))
    home = {"decision_number": "11/QĐ-UBND", "decided_on": "2026-02-27", "returned_to": "mother", "reason": "An toàn."}
    found = await file.do(sa_pa_officer, "/assessments", ASSESSMENT)
    unsafe = await file.post(sa_pa_leader, f"{path}/cancel", home | {"assessment_id": found["id"]})
    assert code_of(unsafe) == "not_found_safe"
    safe = ASSESSMENT | {"risk_level": "low", "carers_ensure_safety": True}
    found = await file.do(sa_pa_officer, "/assessments", safe)
    ended = await file.do(sa_pa_leader, f"{path}/cancel", home | {"assessment_id": found["id"]})
    assert ended["running"] is False
    assert not {"separation.end", "separation.place"} & set(await clocks(sa_pa_leader, file.case_id))

    assert await acts(sa_pa_officer, file) == [
        *("opening", "separation", "assessment", "separation_extended", "separation_extended"),
        *("assessment", "assessment", "separation_cancelled"),
    ]
    done = await recorded(sa_pa_inspector, file.case_id)
    assert done.count("case.separation_extended") == 2
    assert done[-1] == "case.separation_cancelled"
