"""Who harmed one child is given no other, until their commune verified them anew (LQ Điều 63.2, 69.2)."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.alternative_care.carers import VERIFICATION, list_sent, listed
from tests.answers import code_of
from tests.cases.care import DECISION, HANDED, NEEDS
from tests.cases.stories import File, tag
from tests.cases.test_carer_harms import END, HARM
from tests.cases.test_facility_lists import CHILD, act, received
from tests.people import HOANG_MAI

from childcare_api.shared import clock as time


@pytest.fixture(autouse=True)
def _november(clock):
    clock.set(datetime(2026, 11, 20, 3, tzinfo=UTC))


@pytest.fixture
async def other(assessed_report, sa_pa_officer) -> File:
    """A case of another child, of Sa Pa too."""
    opened = await (await assessed_report(emergency=False, relation="neighbour")).open(sa_pa_officer)
    file = File(opened.json()["cases"][0]["id"])
    await file.do(sa_pa_officer, "/care-needs", NEEDS)
    return file


async def in_care(file: File, officer, leader, carer: dict) -> str:
    """Give the child of a case to a carer, who receives it."""
    decision = DECISION | {"carer_id": carer["id"], "decided_on": time.today().isoformat()}
    path = f"/placements/{(await file.do(leader, '/placements', decision))['id']}"
    await file.do(officer, f"{path}/handover", HANDED | {"met_on": ["2026-11-18", "2026-11-19"]})
    return path


async def test_a_carer_who_harmed_a_child_is_given_none_until_verified_anew(
    case_id, other, sa_pa_officer, sa_pa_leader, lao_cai_province_officer, clock
):
    file = File(case_id)
    carer = await listed(sa_pa_officer, sa_pa_leader)
    await file.do(sa_pa_officer, "/care-needs", NEEDS)
    path = await in_care(file, sa_pa_officer, sa_pa_leader, carer)
    (listed_child,) = (await received(lao_cai_province_officer, CHILD))["children"]

    async def against(of: File) -> list[str]:
        found = (await sa_pa_officer.get(f"/cases/{of.case_id}/placement-candidates")).json()["carers"]
        return [said["what"] for one in found for said in one["against"]]

    async def lacking(of: File, **more) -> list[tuple[str, str]]:
        decided = DECISION | {"carer_id": carer["id"], "decided_on": time.today().isoformat()} | more
        answer = await of.post(sa_pa_leader, "/placements", decided)
        return [] if answer.is_success else [(one["what"], one["article"]) for one in answer.json()["missing"]]

    async def appraised() -> str | None:
        sent = {"result": "sent", "carer_id": carer["id"]}
        answer = await act(lao_cai_province_officer, listed_child, "appraise", sent)
        told = [] if answer.is_success else [one["what"] for one in answer.json()["missing"]]
        assert answer.is_success or (code_of(answer), told) == ("carer_not_ready", ["harmed_a_child"])
        return None if answer.is_success else code_of(answer)

    async def verified(**more) -> None:
        row_version = (await sa_pa_officer.get(f"/carers/{carer['id']}")).json()["row_version"]
        answer = await sa_pa_officer.post(
            f"/carers/{carer['id']}/verifications", json=VERIFICATION | more, headers=tag(row_version)
        )
        assert answer.status_code == 201, answer.text

    assert (await against(other), await appraised()) == ([], None)
    clock.forward(days=3)
    seen = await file.do(sa_pa_officer, f"{path}/visits", HARM)
    harmed = ("harmed_a_child", "Luật Trẻ em Điều 63.2, 69.2")
    await other.refresh(sa_pa_officer)
    assert await against(other) == ["harmed_a_child"]
    assert await lacking(other) == [harmed], "also while the harmed child is still there"
    assert harmed in await lacking(other, temporary=True)
    assert await appraised() == "carer_not_ready"
    await file.do(sa_pa_officer, f"/placement-visits/{seen['id']}/entered-in-error", {"reason": "Nhầm trẻ."})
    assert (await against(other), await appraised()) == ([], None)
    # The decision that ends care for it says so as well; what was written before it was known clears nobody.
    await file.do(sa_pa_leader, f"{path}/end", END | {"ended_on": time.today().isoformat()})
    clock.forward(days=1)
    await verified(verified_on="2026-11-22")
    assert await lacking(other) == [harmed]
    unfit = [one | {"met": "unknown"} for one in VERIFICATION["conditions"]]
    await verified(verified_on=time.today().isoformat(), result="does_not_meet", conditions=unfit)
    assert harmed in await lacking(other)
    clock.forward(days=1)
    await verified(verified_on=time.today().isoformat())
    row_version = (await sa_pa_officer.get(f"/carers/{carer['id']}")).json()["row_version"]
    assert (await sa_pa_leader.post(f"/carers/{carer['id']}/approve", headers=tag(row_version))).is_success
    assert (await against(other), await against(file), await appraised()) == ([], ["harmed_this_child"], None)
    # What is written up late is judged by its own day: nobody was cleared yet, nor met the conditions.
    late = {"decided_on": (time.today() - timedelta(days=1)).isoformat()}
    assert {harmed, ("resident", "Luật Trẻ em Điều 63.2.a")} <= set(await lacking(other, **late))
    assert harmed in await lacking(other, **late, temporary=True)
    # And by what was known on it: a verification of today takes nothing of the last one's back.
    cleared = time.today().isoformat()
    clock.forward(days=1)
    await verified(verified_on=time.today().isoformat())
    assert await lacking(other, decided_on=cleared) == []


async def test_who_withdrew_and_then_harms_a_child_is_struck_off_all_the_same(
    case_id, sa_pa_officer, sa_pa_leader, clock
):
    """Whom they have in care stayed there, and leaves by a task."""
    carer, file = await listed(sa_pa_officer, sa_pa_leader), File(case_id)
    await file.do(sa_pa_officer, "/care-needs", NEEDS)
    await in_care(file, sa_pa_officer, sa_pa_leader, carer)
    gone = await sa_pa_officer.post(f"/carers/{carer['id']}/withdraw", json={}, headers=tag(carer["row_version"]))
    assert (gone.status_code, gone.json()["children_in_care"]) == (200, 1)
    version = tag(gone.json()["row_version"])
    again = await sa_pa_leader.post(f"/carers/{carer['id']}/strike-off", json={"ground": "other", "reason": "Già yếu."},
                                    headers=version)  # fmt: skip
    assert (again.status_code, code_of(again)) == (409, "carer_not_in_state")
    off = await sa_pa_leader.post(
        f"/carers/{carer['id']}/strike-off", json={"ground": "harmed_a_child"}, headers=version
    )
    assert (off.status_code, off.json()["status"], off.json()["end_ground"]) == (200, "struck_off", "harmed_a_child")
    tasks = (await sa_pa_leader.get("/tasks", params={"limit": 200})).json()["items"]
    assert [one["path"] for one in tasks if one["rule"] == "carer.end_all"] == [f"/carers/{carer['id']}"]


async def test_nobody_is_struck_off_over_children_but_who_harmed_one_and_a_task_has_them_leave(
    case_id, other, sa_pa_officer, sa_pa_leader, clock
):
    carer, address = await listed(sa_pa_officer, sa_pa_leader), "/tasks"
    harmed = ("harmed_a_child", "Luật Trẻ em Điều 63.2, 69.2")
    file = File(case_id)
    await file.do(sa_pa_officer, "/care-needs", NEEDS)
    paths = [await in_care(one, sa_pa_officer, sa_pa_leader, carer) for one in (file, other)]
    clock.forward(days=3)

    async def strike(ground: str):
        return await sa_pa_leader.post(
            f"/carers/{carer['id']}/strike-off", json={"ground": ground}, headers=tag(carer["row_version"])
        )

    async def running() -> list[tuple[str, str]]:
        tasks = (await sa_pa_leader.get(address, params={"limit": 200})).json()["items"]
        return [(one["path"], one["due_at"]) for one in tasks if one["rule"] == "carer.end_all"]

    refused = await strike("conditions_lost")
    assert (refused.status_code, code_of(refused), refused.json()["children"]) == (409, "carer_has_children", 2)
    assert (await sa_pa_officer.get(f"/carers/{carer['id']}")).json()["children_in_care"] == 2
    off = (await strike("harmed_a_child")).json()
    assert (off["status"], off["children_in_care"]) == ("struck_off", 2)
    assert [(one["what"], one["article"]) for one in off["notices"]] == [
        ("children_to_see", "Luật Trẻ em Điều 69.2, 50"),
        harmed, ("children_still_there", "Luật Trẻ em Điều 69.1.b, 69.2, 69.4")]  # fmt: skip
    ((path, due_at),) = await running()
    assert (path, datetime.fromisoformat(due_at)) == (f"/carers/{carer['id']}", time.now() + timedelta(hours=12))
    clock.forward(hours=1)
    for one, at in zip((file, other), paths, strict=True):
        shown = (await sa_pa_leader.get(f"/cases/{one.case_id}/placements")).json()["items"][0]["notices"]
        assert [said["what"] for said in shown][:2] == ["see_child_at_once", "harmed_a_child"]
        assert "see this child at once" in shown[0]["label_en"]
        assert shown[0]["article"] == "Luật Trẻ em Điều 69.2, 50"
        assert await running() != []
        await one.refresh(sa_pa_leader)
        ended = await one.do(sa_pa_leader, f"{at}/end", END | {"ended_on": time.today().isoformat()})
        assert {"see_child_at_once", "harmed_a_child"}.isdisjoint({said["what"] for said in ended["notices"]})
    assert await running() == []
    left = (await sa_pa_officer.get(f"/carers/{carer['id']}")).json()
    assert (left["children_in_care"], [said["what"] for said in left["notices"]]) == (0, ["harmed_a_child"])
    # One end was an error: that child is there again.
    marked = f"/placement-ends/{ended['end']['id']}/entered-in-error"
    await other.do(sa_pa_leader, marked, {"reason": "Nhầm số."})
    assert len(await running()) == 1


async def test_of_carers_elsewhere_it_is_told_too_and_nothing_of_the_child(
    *, case_id, other, sa_pa_officer, hoang_mai_officer, hoang_mai_leader, clock, rows
):
    carer = await listed(hoang_mai_officer, hoang_mai_leader)
    await list_sent(hoang_mai_officer)
    file, there, also = File(case_id), File(case_id), File(other.case_id)
    await file.do(sa_pa_officer, "/care-needs", NEEDS)
    for one in (file, other):
        await one.do(sa_pa_officer, "/placement-requests", {"commune_id": HOANG_MAI, "message": "Nhờ xem xét."})
    await there.refresh(hoang_mai_leader)
    path = await in_care(there, hoang_mai_officer, hoang_mai_leader, carer)
    clock.forward(days=3)
    await there.do(hoang_mai_officer, f"{path}/visits", HARM)
    found = (await sa_pa_officer.get(f"/cases/{other.case_id}/placement-candidates/elsewhere")).json()["items"]
    assert [[said["what"] for said in one["against"]] for one in found] == [["harmed_a_child"]]
    # Nor is anybody asked for that carer: for another child, until verified anew; for this one never again.
    by_name = {"commune_id": HOANG_MAI, "message": "Nhờ xem xét.", "carer_id": carer["id"]}
    for asking, lack in ((other, "harmed_a_child"), (file, "harmed_this_child")):
        await asking.refresh(sa_pa_officer)
        unasked = await asking.post(sa_pa_officer, "/placement-requests", by_name)
        assert (code_of(unasked), [one["what"] for one in unasked.json()["missing"]]) == ("placement_not_ready", [lack])
    await also.refresh(hoang_mai_leader)
    decision = DECISION | {"carer_id": carer["id"], "decided_on": time.today().isoformat()}
    refused = await also.post(hoang_mai_leader, "/placements", decision)
    assert [one["what"] for one in refused.json()["missing"]] == ["harmed_a_child"]
    (told,) = await rows("SELECT * FROM carers_found_harming(ARRAY[$1::uuid])", carer["id"])
    assert set(dict(told)) == {"carer_id", "harmed_at"}
