"""A child dies in care: the care is over by it, wherever the carer lives, until the death is an error."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.alternative_care.carers import listed
from tests.answers import code_of
from tests.cases.care import DECISION, NEEDS, VISIT, due
from tests.cases.stories import File
from tests.cases.test_carer_harms import HARM, in_care_of_ta_van
from tests.cases.test_harm_and_other_children import in_care

from childcare_api.shared import clock as time

WRONG = {"reason": "Nhầm trẻ."}


@pytest.fixture(autouse=True)
def _november(clock):
    clock.set(datetime(2026, 11, 20, 3, tzinfo=UTC))


async def test_the_death_of_a_child_ends_its_care_elsewhere_and_an_error_takes_that_back(
    case_id, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_leader, clock, agree, rows
):
    there, path = await in_care_of_ta_van(case_id, sa_pa_officer, ta_van_officer, ta_van_leader)
    placement_id = path.removeprefix("/placements/")
    await there.do(ta_van_officer, f"{path}/visits", VISIT | {"occasion": "unplanned", "proposal": "end"})

    async def theirs() -> dict[str, str]:
        return await due(ta_van_officer) | await due(ta_van_leader)

    before = await theirs()
    assert {"visit_first", "report", "carer_report_first", "decide_end"} <= set(before)
    (care,) = (await ta_van_officer.get(f"/cases/{case_id}/placements")).json()["items"]
    carer = f"/carers/{care['carer_id']}"
    clock.forward(days=2)
    file = File(case_id)
    await file.refresh(sa_pa_officer)
    died_on = (time.today() - timedelta(days=1)).isoformat()
    known_at = time.now() - timedelta(hours=2)
    died = await file.do(sa_pa_officer, "/child-died", {"died_on": died_on, "happened_at": known_at.isoformat()})
    stopped = await rows("SELECT cancelled_at FROM tasks WHERE cancel_reason = 'child_died'")
    assert {one["cancelled_at"] for one in stopped} == {known_at}

    (over,) = (await ta_van_officer.get(f"/cases/{case_id}/placements")).json()["items"]
    end = over["end"]
    assert (over["in_force"], end["ground"], end["goes_to"]) == (False, "child_died", "nowhere")
    assert (end["ended_on"], end["decision_number"]) == (died_on, None)
    assert await theirs() == {}
    assert await due(sa_pa_leader) == {}
    await agree("a death", case_id, "sa_pa_officer", "ta_van_officer")
    assert (await ta_van_officer.get("/children-in-care")).json()["items"] == []
    assert (await ta_van_officer.get(carer)).json()["children_in_care"] == 0
    holds = "SELECT placement_holds($1, $2::date) AS holds"
    assert [(await rows(holds, placement_id, time.today() - timedelta(days=ago)))[0]["holds"] for ago in (1, 2)] == [
        False,
        True,
    ]

    # The end is the death's: who leads does not take it back alone, and nobody gives the child into care after it.
    refused = await file.post(sa_pa_leader, f"/placement-ends/{end['id']}/entered-in-error", WRONG)
    assert (refused.status_code, code_of(refused)) == (409, "not_markable")
    given = DECISION | {"carer_id": (await listed(sa_pa_officer, sa_pa_leader))["id"], "decided_on": died_on}
    refused = await file.post(sa_pa_leader, "/placements", given)
    assert (code_of(refused), refused.json()["why"]) == ("placement_not_in_state", "child_died")
    clock.forward(days=1)
    assert (await ta_van_officer.get(f"/cases/{case_id}/placements")).status_code == 404
    await file.do(sa_pa_leader, "/close", {})
    assert await theirs() == {}

    (closure,) = [
        one
        for one in (await sa_pa_leader.get(f"/cases/{case_id}/timeline")).json()["items"]
        if one["kind"] == "closure"
    ]
    await file.do(sa_pa_leader, f"/closures/{closure['id']}/entered-in-error", WRONG)
    undone = await file.do(sa_pa_officer, f"/deaths/{died['id']}/entered-in-error", WRONG)
    assert undone["no_longer_counts"] == [died["id"], end["id"]]
    assert await theirs() == before, "from where they ran"
    assert {"visit_first", "decide_end"} <= {
        one.removeprefix("placement.") for one in await agree("no death", case_id, "sa_pa_officer", "ta_van_officer")
    }
    (care,) = (await ta_van_officer.get(f"/cases/{case_id}/placements")).json()["items"]
    assert (care["in_force"], care["end"]) == (True, None)
    assert (await ta_van_officer.get(carer)).json()["children_in_care"] == 1


async def test_the_death_of_a_child_ends_its_care_with_a_carer_of_the_commune(
    case_id, sa_pa_officer, sa_pa_leader, clock, agree, rows
):
    file = File(case_id)
    carer = await listed(sa_pa_officer, sa_pa_leader)
    await file.do(sa_pa_officer, "/care-needs", NEEDS)
    path = await in_care(file, sa_pa_officer, sa_pa_leader, carer)
    await file.do(sa_pa_officer, f"{path}/visits", HARM)
    (sibling,) = [one["id"] for one in (await sa_pa_officer.get("/cases")).json()["items"] if one["id"] != str(case_id)]
    await File(sibling).do(sa_pa_officer, "/care-needs", NEEDS)

    async def sibling_there() -> bool:
        (one,) = (await sa_pa_officer.get(f"/cases/{sibling}/placement-candidates")).json()["carers"]
        return one["siblings_there"]

    assert await sibling_there()
    before = await due(sa_pa_officer)
    assert {"visit_first", "move_out"} <= set(before)
    clock.forward(days=1)
    died = await file.do(sa_pa_officer, "/child-died", {"died_on": time.today().isoformat()})
    assert await due(sa_pa_officer) == {}
    # Nobody moved it out, nor decided anything.
    stopped = "SELECT rule_code FROM tasks WHERE cancelled_at = $1 AND done_at IS NULL"
    told = {one["rule_code"] for one in await rows(stopped, time.now())}
    assert {"placement.visit_first", "placement.move_out", "placement.decide_end", "emergency.intervene"} <= told
    assert not await sibling_there()
    assert (await sa_pa_officer.get(f"/carers/{carer['id']}")).json()["children_in_care"] == 0
    assert (await agree("a death", case_id, "sa_pa_officer")) == {"case.close"}
    await file.do(sa_pa_officer, f"/deaths/{died['id']}/entered-in-error", WRONG)
    assert await due(sa_pa_officer) == before
    assert await sibling_there()


async def test_what_ends_care_of_itself_has_to_be_so(case_id, sa_pa_officer, sa_pa_leader, clock):
    file = File(case_id)
    await file.do(sa_pa_officer, "/care-needs", NEEDS)
    path = await in_care(file, sa_pa_officer, sa_pa_leader, await listed(sa_pa_officer, sa_pa_leader))
    clock.forward(days=2)
    hurt = {"occasion": "unplanned", "carer_harmed_child": True, "harm": "Vết lằn ở lưng.", "proposal": "end"}
    await file.do(sa_pa_officer, f"{path}/visits", VISIT | hurt)

    async def refusal(who, path: str, body: dict) -> tuple[str, str, str]:
        answer = await file.post(who, path, body)
        assert answer.status_code == 422, answer.text
        (error,) = answer.json()["errors"]
        return error["pointer"], error["code"], error["message"]

    # A child of eight is not "grown up" out of the care of who harmed it, nor sent to a life of its own.
    today = time.today().isoformat()
    grown = {"ground": "turned_sixteen", "ended_on": today, "goes_to": "family"}
    pointer, code, said = await refusal(sa_pa_leader, f"{path}/end", grown)
    assert (pointer, code) == ("/ground", "still_a_child")
    assert f"{time.today().year + 3}-11-20" in said, "eight or nine by its carers, and guesses are off by five"
    alone = grown | {"ground": "carer_harmed_child", "decision_number": "40/QĐ-UBND", "goes_to": "own_life"}
    assert (await refusal(sa_pa_leader, f"{path}/end", alone))[:2] == ("/goes_to", "still_a_child")

    # Nobody died before the day on which an officer met it: one of the two is written down wrong.
    early = {"died_on": (time.today() - timedelta(days=1)).isoformat()}
    pointer, code, said = await refusal(sa_pa_officer, "/child-died", early)
    assert (pointer, code) == ("/died_on", "too_early")
    assert "met there" in said
    assert (await file.do(sa_pa_officer, "/child-died", {"died_on": today}))["died_on"] == today


async def test_who_leads_is_told_to_record_a_death_by_which_care_elsewhere_ended(
    case_id, sa_pa_officer, ta_van_officer, ta_van_leader
):
    there, path = await in_care_of_ta_van(case_id, sa_pa_officer, ta_van_officer, ta_van_leader)
    file, today = File(case_id), time.today().isoformat()

    async def follows() -> str:
        return (await sa_pa_officer.get(f"/cases/{case_id}/standing")).json()["usually_follows_en"]

    before = await follows()
    await there.do(ta_van_leader, f"{path}/end", {"ground": "child_died", "ended_on": today, "goes_to": "nowhere"})
    assert "death to be recorded" in await follows()
    assert "death" not in before
    await file.refresh(sa_pa_officer)
    await file.do(sa_pa_officer, "/child-died", {"died_on": today})
    assert "to be recorded" not in await follows()


async def test_nobody_is_told_to_visit_a_child_that_died_once_the_end_of_its_care_was_an_error(
    case_id, sa_pa_officer, sa_pa_leader, clock, agree
):
    file = File(case_id)
    await file.do(sa_pa_officer, "/care-needs", NEEDS)
    path = await in_care(file, sa_pa_officer, sa_pa_leader, await listed(sa_pa_officer, sa_pa_leader))
    today = time.today().isoformat()
    over = {"ground": "carer_asked", "decision_number": "11", "ended_on": today, "goes_to": "other_carer"}
    ended = await file.do(sa_pa_leader, f"{path}/end", over)
    clock.forward(days=1)
    await file.do(sa_pa_officer, "/child-died", {"died_on": time.today().isoformat()})
    assert await due(sa_pa_officer) == {}
    await file.do(sa_pa_leader, f"/placement-ends/{ended['end']['id']}/entered-in-error", WRONG)
    assert await due(sa_pa_officer) == {}
    assert await agree("no end", case_id, "sa_pa_officer") == {"case.close"}
