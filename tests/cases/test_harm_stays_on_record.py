"""A recorded harm does not vanish by the way: no mark, no other ground and no way home over a separation hides it."""

from datetime import UTC, datetime

import pytest
from tests.alternative_care.carers import listed
from tests.answers import code_of, faults_of
from tests.cases.care import NEEDS
from tests.cases.stories import File, separation
from tests.cases.test_carer_harms import END, HARM, in_care_of_ta_van
from tests.cases.test_harm_and_other_children import in_care

from childcare_api.shared import clock as time


@pytest.fixture(autouse=True)
def _november(clock):
    clock.set(datetime(2026, 11, 20, 3, tzinfo=UTC))


@pytest.fixture
async def harmed(case_id, sa_pa_officer, sa_pa_leader, clock) -> tuple[File, str, dict]:
    """A child whose carer in its own commune harmed it: its case, the placement, and the visit."""
    file = File(case_id)
    carer = await listed(sa_pa_officer, sa_pa_leader)
    await file.do(sa_pa_officer, "/care-needs", NEEDS)
    path = await in_care(file, sa_pa_officer, sa_pa_leader, carer)
    clock.forward(days=3)
    return file, path, await file.do(sa_pa_officer, f"{path}/visits", HARM)


async def test_a_placement_is_no_error_while_a_visit_or_its_end_says_harm(harmed, sa_pa_officer, sa_pa_leader):
    file, path, seen = harmed
    error = {"reason": "Nhầm người nhận chăm sóc."}
    ended = await file.do(sa_pa_leader, f"{path}/end", END | {"ended_on": time.today().isoformat()})
    end_id = ended["end"]["id"]
    refused = await file.post(sa_pa_leader, f"{path}/entered-in-error", error)
    assert (refused.status_code, code_of(refused)) == (409, "harm_is_recorded")
    assert refused.json()["harm_step_ids"] == [seen["id"], end_id]
    kept = (await sa_pa_officer.get(f"/cases/{file.case_id}{path}/visits")).json()["items"]
    assert [one["counts"] for one in kept] == [True]
    await file.do(sa_pa_officer, f"/placement-visits/{seen['id']}/entered-in-error", error)
    refused = await file.post(sa_pa_leader, f"{path}/entered-in-error", error)
    assert refused.json()["harm_step_ids"] == [end_id], "the end alone says so, too"
    await file.do(sa_pa_leader, f"/placement-ends/{end_id}/entered-in-error", error)
    await file.do(sa_pa_leader, f"{path}/entered-in-error", error)


async def test_care_of_a_harmed_child_ends_by_that_and_leads_home_over_no_separation(
    harmed, sa_pa_officer, sa_pa_leader, clock
):
    file, path, seen = harmed
    reunited = END | {"ground": "family_reunited", "goes_to": "family", "ended_on": time.today().isoformat()}
    refused = await file.post(sa_pa_leader, f"{path}/end", reunited)
    assert (refused.status_code, faults_of(refused)) == (422, {"/ground": "carer_harmed_child"})
    apart = separation(time.today()) | {"separated_from": ["carer"]}
    away = await file.do(sa_pa_leader, "/separations", apart)
    truly = reunited | {"ground": "carer_harmed_child"}
    # Separated from who harmed it, a child may go home; not over a separation from its father.
    await file.do(sa_pa_leader, f"/separations/{away['id']}/entered-in-error", {"reason": "Ghi thiếu cha."})
    await file.do(sa_pa_leader, "/separations", apart | {"separated_from": ["father", "carer"]})
    refused = await file.post(sa_pa_leader, f"{path}/end", truly)
    assert faults_of(refused) == {"/goes_to": "separated"}
    ended = await file.do(sa_pa_leader, f"{path}/end", truly | {"goes_to": "facility"})
    error = {"reason": "Nhầm."}
    await file.do(sa_pa_leader, f"/placement-ends/{ended['end']['id']}/entered-in-error", error)
    running = (await sa_pa_leader.get(f"/cases/{file.case_id}/separations")).json()["items"][-1]["id"]
    await file.do(sa_pa_leader, f"/separations/{running}/entered-in-error", error)
    await file.do(sa_pa_leader, "/separations", apart)
    await file.do(sa_pa_leader, f"{path}/end", truly)
    assert seen["carer_harmed_child"]


async def test_nor_for_the_commune_of_the_carer_in_a_case_that_another_leads(
    case_id, sa_pa_officer, ta_van_officer, ta_van_leader, clock
):
    there, path = await in_care_of_ta_van(case_id, sa_pa_officer, ta_van_officer, ta_van_leader)
    clock.forward(days=3)
    seen = await there.do(ta_van_officer, f"{path}/visits", HARM)
    marks, error = "/placing-steps/{}/entered-in-error", {"reason": "Nhầm người."}
    refused = await there.post(ta_van_leader, marks.format(path[1:]), error)
    assert (code_of(refused), refused.json()["harm_step_ids"]) == ("harm_is_recorded", [seen["id"]])
    await there.do(ta_van_officer, marks.format(f"placement-visits/{seen['id']}"), error)
    await there.do(ta_van_leader, marks.format(path[1:]), error)


async def test_who_leads_the_case_separates_it_from_a_carer_elsewhere_and_it_goes_home(
    case_id, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_leader, clock
):
    file = File(case_id)
    there, path = await in_care_of_ta_van(case_id, sa_pa_officer, ta_van_officer, ta_van_leader)
    clock.forward(days=3)
    await there.do(ta_van_officer, f"{path}/visits", HARM)
    home = END | {"goes_to": "family", "ended_on": time.today().isoformat()}
    apart = separation(time.today()) | {"separated_from": ["father", "carer"]}
    away = await file.do(sa_pa_leader, "/separations", apart)
    await there.refresh(ta_van_leader)
    assert faults_of(await there.post(ta_van_leader, f"{path}/end", home)) == {"/goes_to": "separated"}
    await file.do(sa_pa_leader, f"/separations/{away['id']}/entered-in-error", {"reason": "Chỉ khỏi nhà đó."})
    await file.do(sa_pa_leader, "/separations", apart | {"separated_from": ["carer"]})
    await there.refresh(ta_van_leader)
    await there.do(ta_van_leader, f"{path}/end", home)
