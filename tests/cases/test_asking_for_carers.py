"""Asking the commune where a carer lives: declined there, or taken back before it is answered."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.alternative_care.carers import listed
from tests.answers import code_of, faults_of
from tests.cases.care import DECISION, NEEDS, due
from tests.cases.stories import File, separation
from tests.people import SA_PA, TA_LENG, TA_VAN


@pytest.fixture(autouse=True)
def _november(clock):
    clock.set(datetime(2026, 11, 20, 3, tzinfo=UTC))


async def test_another_commune_may_decline_and_only_the_one_that_was_asked(
    case_id, sa_pa_officer, ta_van_leader, ta_leng_officer
):
    file, there = File(case_id), File(case_id)
    await file.refresh(sa_pa_officer)
    for commune, code in ((SA_PA, "own_commune"), (9, "no_such_record")):
        refused = await file.post(sa_pa_officer, "/placement-requests", {"commune_id": commune, "message": "x"})
        assert faults_of(refused) == {"/commune_id": code}
    await file.do(sa_pa_officer, "/placement-requests", {"commune_id": TA_LENG, "message": "Bà ngoại ở Tả Lèng."})
    asked = await file.do(sa_pa_officer, "/placement-requests", {"commune_id": TA_VAN, "message": "Chú ở Tả Van."})
    await there.refresh(ta_van_leader)
    path = f"/placement-requests/{asked['id']}/decline"
    declined = await there.do(ta_van_leader, path, {"reason": "Chú cháu đã chuyển đi."})
    assert (declined["answered"], declined["decline_reason"]) == ("declined", "Chú cháu đã chuyển đi.")
    assert code_of(await there.post(ta_van_leader, path, {"reason": "x"})) == "placement_answered"
    assert await due(ta_van_leader) == {}
    waiting = {"params": {"case_id": str(case_id)}}
    told = {one["rule"]: one["due_at"] for one in (await sa_pa_officer.get("/tasks", **waiting)).json()["items"]}
    assert told["request.declined"] == "2026-11-23T03:00:00Z", "three days from the no"
    await file.refresh(sa_pa_officer)
    await file.do(sa_pa_officer, "/placement-requests", {"commune_id": TA_VAN, "message": "Cô ở Tả Van."})
    assert "request.declined" not in {
        one["rule"] for one in (await sa_pa_officer.get("/tasks", **waiting)).json()["items"]
    }


async def test_the_clock_of_a_no_runs_by_what_the_office_promises_that_asked(
    case_id, sa_pa_officer, sa_pa_leader, ta_van_leader, rows
):
    """The other commune's act starts it, in the database; its own promise says nothing of it."""
    path = "/clock-rules/request.declined/shorter"
    for leader, hours in ((sa_pa_leader, 24), (ta_van_leader, 6)):
        assert (await leader.post(path, json={"length": hours, "reason": "x"})).status_code == 200
    file, there = File(case_id), File(case_id)
    asked = await file.do(sa_pa_officer, "/placement-requests", {"commune_id": TA_VAN, "message": "Chú ở Tả Van."})
    await there.refresh(ta_van_leader)
    await there.do(ta_van_leader, f"/placement-requests/{asked['id']}/decline", {"reason": "Đã chuyển đi."})
    [task] = await rows("SELECT * FROM tasks WHERE rule_code = 'request.declined'")
    assert (task["length"], task["due_at"] - task["starts_at"]) == (24, timedelta(hours=24))
    # Read off the file again by the next step, it goes on as it is.
    await file.refresh(sa_pa_officer)
    await file.do(sa_pa_officer, "/parties", {"role": "parent", "relation": "mother", "full_name": "Vàng Thị Mỷ"})
    [same] = await rows("SELECT id FROM tasks WHERE rule_code = 'request.declined'")
    assert same["id"] == task["id"]


async def test_who_asked_another_commune_may_take_the_question_back_until_it_is_answered(
    case_id, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_leader, events, rows
):
    """Nobody there waits for it any more; what it was shown ends with the last question that it has to answer."""
    file, there = File(case_id), File(case_id)
    ask = {"commune_id": TA_VAN, "message": "Chú ở Tả Van."}
    first, second = [await file.do(sa_pa_officer, "/placement-requests", ask) for _ in range(2)]
    await there.refresh(ta_van_leader)
    path, why = "/placement-requests/{}/withdraw", {"reason": "Dì ở cùng phường nhận cháu."}
    assert (await file.post(sa_pa_leader, path.format(first["id"]), why)).status_code == 403
    assert (await there.post(ta_van_officer, path.format(first["id"]), why)).status_code == 404
    assert (await file.post(sa_pa_officer, path.format(case_id), why)).status_code == 404
    for wrong, code in (
        ({}, "missing"),
        ({"reason": ""}, "string_too_short"),
        ({"reason": "x" * 1001}, "string_too_long"),
    ):
        assert faults_of(await file.post(sa_pa_officer, path.format(first["id"]), wrong)) == {"/reason": code}

    withdrawn = await file.do(sa_pa_officer, path.format(second["id"]), why)
    assert (withdrawn["answered"], withdrawn["withdraw_reason"]) == ("withdrawn", why["reason"])
    assert list(await due(ta_van_leader)) == ["answer"]
    again = await file.post(sa_pa_officer, path.format(second["id"]), why)
    assert (again.status_code, code_of(again)) == (409, "placement_answered")
    # The other question still waits there, and is answered by its own answer alone.
    await there.refresh(ta_van_leader)
    late = await there.post(ta_van_leader, f"/placement-requests/{second['id']}/decline", {"reason": "x"})
    assert code_of(late) == "placement_answered"
    assert len(await events("case.placement_request_withdrawn")) == 1

    await file.do(sa_pa_officer, path.format(first["id"]), why)
    assert await due(ta_van_leader) == {}
    assert (await ta_van_leader.get(f"/cases/{case_id}")).status_code == 404
    ended = await rows("SELECT cancel_reason FROM tasks WHERE subject_kind = 'placement_request'")
    assert [row["cancel_reason"] for row in ended] == ["withdrawn"] * 2


async def test_needs_that_nobody_meets_ask_for_a_carer_until_one_is_found_or_asked_for(
    case_id, sa_pa_officer, sa_pa_leader, ta_van_leader, clock, tasks, rows
):
    """The officer looks for one and the leader decides (Điều 42.1); a "no" leaves somebody to be found again."""
    file, there = File(case_id), File(case_id)
    carer = await listed(sa_pa_officer, sa_pa_leader)

    async def since() -> list[datetime]:
        running = (
            "SELECT starts_at FROM tasks WHERE rule_code = 'care.find' AND done_at IS NULL AND cancelled_at IS NULL"
        )
        return [one["starts_at"] for one in await rows(running)]

    recorded_at = clock.at
    wrong = await file.do(sa_pa_officer, "/care-needs", NEEDS)
    assert await since() == [recorded_at]
    # At once is sooner: while the child is separated that task is the one.
    apart = await file.do(sa_pa_leader, "/separations", separation(clock.at.date()))
    assert {"care.find", "separation.place"} & await tasks(case_id) == {"separation.place"}
    await file.do(sa_pa_leader, f"/separations/{apart['id']}/entered-in-error", {"reason": "Nhầm."})
    assert await since() == [recorded_at]
    await file.do(sa_pa_officer, f"/care-needs/{wrong['id']}/entered-in-error", {"reason": "Chưa hỏi cháu."})
    assert await since() == []

    await file.do(sa_pa_officer, "/care-needs", NEEDS)
    clock.forward(hours=1)
    asked = await file.do(sa_pa_officer, "/placement-requests", {"commune_id": TA_VAN, "message": "Chú ở Tả Van."})
    assert await since() == []
    await there.refresh(ta_van_leader)
    await there.do(ta_van_leader, f"/placement-requests/{asked['id']}/decline", {"reason": "Đã chuyển đi."})
    assert await tasks(case_id) >= {"request.declined"}
    declined_at = clock.at
    clock.forward(hours=1)
    await file.refresh(sa_pa_officer)
    await file.do(sa_pa_officer, "/progress-notes", {"note": "Tìm người khác trong xã."})
    assert ("request.declined" in await tasks(case_id), await since()) == (False, [declined_at])
    decision = DECISION | {"carer_id": carer["id"], "decided_on": "2026-11-20"}
    placed = await file.do(sa_pa_leader, "/placements", decision)
    assert await since() == []
    # What is written down of a child in care asks for no other carer, nor does what was written before its end.
    await file.do(sa_pa_officer, "/care-needs", NEEDS)
    assert await since() == []
    end = {"ground": "family_reunited", "decision_number": "1", "ended_on": "2026-11-20", "goes_to": "family"}
    await file.do(sa_pa_leader, f"/placements/{placed['id']}/end", end)
    assert await since() == []
    done = await rows(
        "SELECT done_at FROM tasks WHERE rule_code = 'care.find' AND done_at IS NOT NULL ORDER BY done_at"
    )
    assert len(done) == 2


async def test_what_the_carers_commune_is_shown_ends_with_the_care_or_its_no(
    case_id, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_leader, clock
):
    """It ends with that day, so that what was written wrongly is mended; later who leads the case asks again."""
    file, there = File(case_id), File(case_id)
    carer = await listed(ta_van_officer, ta_van_leader)
    await file.do(sa_pa_officer, "/care-needs", NEEDS)

    async def shown() -> list[tuple[str | None, str | None]]:
        found = (await sa_pa_leader.get(f"/cases/{case_id}/grants")).json()["items"]
        return [(one["valid_to"], one["end_reason"]) for one in found if one["reason"] == "commune_of_carer"]

    async def asked() -> str:
        await file.refresh(sa_pa_officer)
        request = await file.do(sa_pa_officer, "/placement-requests", {"commune_id": TA_VAN, "message": "Chú ở đó."})
        await there.refresh(ta_van_leader)
        return f"/placement-requests/{request['id']}"

    first, second = await asked(), await asked()
    await there.do(ta_van_leader, f"{first}/decline", {"reason": "Chưa có ai."})
    assert await shown() == [(None, None)] * 2, "the second question waits"
    await there.do(ta_van_leader, f"{second}/decline", {"reason": "Chưa có ai."})
    declined = [("2026-11-20", "request_declined")] * 2
    assert await shown() == declined
    assert (await ta_van_officer.get(f"/cases/{case_id}")).status_code == 200
    clock.forward(days=1)
    assert (await ta_van_officer.get(f"/cases/{case_id}")).status_code == 404

    await asked()
    decision = DECISION | {"carer_id": carer["id"], "decided_on": "2026-11-21"}
    placed = await there.do(ta_van_leader, "/placements", decision)
    end = {"ground": "family_reunited", "decision_number": "1", "ended_on": "2026-11-21", "goes_to": "family"}
    ended = await there.do(ta_van_leader, f"/placements/{placed['id']}/end", end)
    assert await shown() == [*declined, ("2026-11-21", "care_ended")]
    wrong = f"/placing-steps/placement-ends/{ended['end']['id']}/entered-in-error"
    await there.do(ta_van_leader, wrong, {"reason": "Nhầm trẻ."})
    assert await shown() == [*declined, (None, None)]
    await there.do(ta_van_leader, f"/placements/{placed['id']}/end", end)
    clock.forward(days=1)
    for hidden in ("", "/placements", "/care-needs"):
        assert (await ta_van_officer.get(f"/cases/{case_id}{hidden}")).status_code == 404
    assert (await ta_van_officer.get("/cases", params={"shared": True})).json()["items"] == []

    # Care that has ended keeps nothing open of what is asked after it and taken back.
    third = await asked()
    assert (await ta_van_officer.get(f"/cases/{case_id}")).status_code == 200
    await file.refresh(sa_pa_officer)
    await file.do(sa_pa_officer, f"{third}/withdraw", {"reason": "Đã có người khác."})
    assert (await ta_van_officer.get(f"/cases/{case_id}")).status_code == 404
    assert await shown() == [*declined, ("2026-11-21", "care_ended"), (None, "Đã có người khác.")]


async def test_a_child_whose_care_ends_and_who_does_not_go_home_needs_other_care(
    case_id, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_leader, clock, rows
):
    """The carer's commune ends it; whoever leads the case has the child to place again (Điều 48.2; TT 14, 13.3 b)."""
    file, there = File(case_id), File(case_id)
    carer = await listed(ta_van_officer, ta_van_leader)
    await file.do(sa_pa_officer, "/care-needs", NEEDS)
    await file.do(sa_pa_officer, "/placement-requests", {"commune_id": TA_VAN, "message": "Nhờ xem xét."})
    await there.refresh(ta_van_leader)
    decision = DECISION | {"decided_on": "2026-11-20"}
    placed = await there.do(ta_van_leader, "/placements", decision | {"carer_id": carer["id"]})
    end = {"ground": "carer_asked", "decision_number": "2/QĐ", "ended_on": "2026-11-20"}
    mark, path = "/placing-steps/placement-ends/{}/entered-in-error", f"/placements/{placed['id']}/end"

    async def waits() -> list[datetime]:
        """Who is to find other care, by when; what the leading commune records next changes nothing of it."""
        found = []
        for _ in range(2):
            tasks = (await sa_pa_leader.get("/tasks", params={"subject_id": str(case_id)})).json()["items"]
            found.append([(one["id"], one["due_at"]) for one in tasks if one["rule"] == "care.find"])
            await file.refresh(sa_pa_officer)
            await file.do(sa_pa_officer, "/progress-notes", {"note": "Đã gọi cho xã."})
            await there.refresh(ta_van_leader)
        assert found[0] == found[1]
        return [datetime.fromisoformat(due_at) for _, due_at in found[0]]

    home = await there.do(ta_van_leader, path, end | {"goes_to": "family"})
    assert await waits() == []
    await there.do(ta_van_leader, mark.format(home["end"]["id"]), {"reason": "Cháu không về nhà."})
    clock.forward(hours=1)
    ended = await there.do(ta_van_leader, path, end | {"goes_to": "other_carer"})
    assert [one.date().isoformat() for one in await waits()] == ["2026-11-27"]
    await there.do(ta_van_leader, mark.format(ended["end"]["id"]), {"reason": "Nhầm."})
    assert await waits() == []
    clock.forward(hours=1)
    await there.do(ta_van_leader, path, end | {"goes_to": "facility"})
    assert len(await waits()) == 1
    # Of its own carers it is asked alike, and what was an error is met by nothing that was decided before.
    own = await listed(sa_pa_officer, sa_pa_leader)
    clock.forward(hours=1)
    again = await file.do(sa_pa_leader, "/placements", decision | {"carer_id": own["id"]})
    assert await waits() == []
    clock.forward(hours=1)
    await file.do(sa_pa_leader, f"/placements/{again['id']}/end", end | {"goes_to": "other_carer"})
    assert len(await waits()) == 1
    shown = (await sa_pa_officer.get(f"/cases/{case_id}/placements")).json()["items"][-1]["end"]
    await file.do(sa_pa_leader, f"/placement-ends/{shown['id']}/entered-in-error", {"reason": "Nhầm."})
    assert await waits() == []
    ended = await rows("SELECT done_at IS NULL AS left FROM tasks WHERE rule_code = 'care.find' ORDER BY starts_at")
    assert [one["left"] for one in ended] == [False, True, False, True]
