"""What a commune keeps of a child that lives with one of its carers is not taken from it by who leads the case."""

from datetime import UTC, datetime
from typing import Any

import pytest
from tests.agencies.test_service_providers import CENTRE
from tests.alternative_care.carers import listed
from tests.answers import code_of
from tests.cases.care import DECISION, NEEDS, VISIT, due
from tests.cases.stories import File, separation
from tests.cases.test_carer_harms import in_care_of_ta_van
from tests.cases.test_harm_and_other_children import in_care
from tests.people import TA_VAN

from childcare_api.shared import clock as time

ERROR = {"reason": "Nhầm trẻ."}


@pytest.fixture(autouse=True)
def _november(clock):
    clock.set(datetime(2026, 11, 20, 3, tzinfo=UTC))


async def test_no_mark_of_who_leads_the_case_takes_a_child_out_of_care_elsewhere(
    case_id, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_leader, clock
):
    """The care stands on the separation that it took over from; its commune marks the care first, or nobody does."""
    file = File(case_id)
    apart = await file.do(sa_pa_leader, "/separations", separation(time.today()))
    there, path = await in_care_of_ta_van(case_id, sa_pa_officer, ta_van_officer, ta_van_leader)
    before = await due(ta_van_officer)
    await file.refresh(sa_pa_leader)
    wrong = f"/separations/{apart['id']}/entered-in-error"
    refused = await file.post(sa_pa_leader, wrong, ERROR)
    assert (refused.status_code, code_of(refused)) == (409, "placement_elsewhere")
    (kept,) = (await ta_van_officer.get(f"/cases/{case_id}/placements")).json()["items"]
    assert (kept["counts"], kept["in_force"], await due(ta_van_officer)) == (True, True, before)
    clock.forward(days=1)
    await there.do(ta_van_officer, f"{path}/visits", VISIT | {"occasion": "unplanned"})
    await there.do(ta_van_leader, f"/placing-steps{path}/entered-in-error", ERROR)
    await file.refresh(sa_pa_leader)
    assert (await file.do(sa_pa_leader, wrong, ERROR))["no_longer_counts"] == [apart["id"]]
    # In the own commune it goes with it, and the answer says so.
    apart = await file.do(sa_pa_leader, "/separations", separation(time.today()))
    own = await in_care(file, sa_pa_officer, sa_pa_leader, await listed(sa_pa_officer, sa_pa_leader))
    gone = await file.do(sa_pa_leader, f"/separations/{apart['id']}/entered-in-error", ERROR)
    assert own.removeprefix("/placements/") in gone["no_longer_counts"]


async def test_nobody_is_kept_from_a_child_in_their_care_by_a_grant_that_is_revoked(
    case_id, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_leader, clock
):
    file, there = File(case_id), File(case_id)

    async def revoke() -> tuple[int, list[str]]:
        """Try to revoke the newest grant; return the answer, and what kind of step it says is under way."""
        (*_, grant) = (await sa_pa_leader.get(f"/cases/{case_id}/grants")).json()["items"]
        await file.refresh(sa_pa_leader)
        answer = await file.post(sa_pa_leader, f"/grants/{grant['id']}/revoke", {"reason": "Không cần xem nữa."})
        assert answer.is_success or code_of(answer) == "case_not_settled"
        return answer.status_code, [] if answer.is_success else [one["kind"] for one in answer.json()["waits"]]

    await file.do(sa_pa_officer, "/care-needs", NEEDS)
    asked = await file.do(sa_pa_officer, "/placement-requests", {"commune_id": TA_VAN, "message": "Nhờ xem xét."})
    assert await revoke() == (409, ["placement_requested"])
    await file.do(sa_pa_officer, f"/placement-requests/{asked['id']}/withdraw", {"reason": "Đã có bà."})
    again = await file.do(sa_pa_officer, "/placement-requests", {"commune_id": TA_VAN, "message": "Bà không nhận."})
    await there.refresh(ta_van_leader)
    path = await in_care(there, ta_van_officer, ta_van_leader, await listed(ta_van_officer, ta_van_leader))
    assert await revoke() == (409, ["placement"])
    clock.forward(days=1)
    await there.refresh(ta_van_officer)
    await there.do(ta_van_officer, f"{path}/visits", VISIT | {"occasion": "unplanned"})
    await there.do(ta_van_leader, f"/placing-steps{path}/entered-in-error", ERROR)
    # The question waits again; the "no" ends what it opened, and so may the leader.
    assert await revoke() == (409, ["placement_requested"])
    await there.refresh(ta_van_leader)
    await there.do(ta_van_leader, f"/placement-requests/{again['id']}/decline", {"reason": "Nhà chật."})
    assert await revoke() == (200, [])


async def test_what_the_carers_commune_is_told_when_it_acts_it_reads_afterwards(
    case_id, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_leader, lao_cai_province_officer
):
    """And nothing of what it does not see: whether an assessment found the family safe stands where the case is led."""
    provider = (await lao_cai_province_officer.post("/service-providers", json=CENTRE)).json()["id"]
    file, there = File(case_id), File(case_id)
    papers = [*NEEDS["papers"], {"paper": "facility_report", "reference": "4/BC-TT"}]
    await file.do(sa_pa_officer, "/care-needs", NEEDS | {"papers": papers})
    kept = DECISION | {"provider_id": provider, "facility_ground": "no_carer_found", "decided_on": "2026-11-20"}
    await file.do(sa_pa_leader, "/placements", kept | {"decided_by": "facility_authority", "issuer": "Sở Y tế"})
    await file.do(sa_pa_officer, "/placement-requests", {"commune_id": TA_VAN, "message": "Nhờ xem xét."})
    carer = await listed(ta_van_officer, ta_van_leader)

    async def told(path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Do it, and find the same in the list of the placements."""
        await there.refresh(ta_van_leader)
        done = await there.do(ta_van_leader, path, body)
        shown = (await ta_van_leader.get(f"/cases/{case_id}/placements")).json()["items"]
        assert [one["notices"] for one in shown if one["id"] == done["id"]] == [done["notices"]]
        return done

    agreed = DECISION | {"carer_id": carer["id"], "decided_on": "2026-11-20", "facility_agreed_on": "2026-11-19"}
    placed = await told("/placements", agreed)
    assert "not_on_facility_list" in [one["what"] for one in placed["notices"]]
    end = {"ground": "family_reunited", "decision_number": "9", "ended_on": "2026-11-20", "goes_to": "family"}
    ended = await told(f"/placements/{placed['id']}/end", end)
    assert "family_not_found_safe" not in [one["what"] for one in ended["notices"]]


async def test_no_end_of_care_is_an_error_while_the_child_is_in_other_care(
    case_id, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_leader, clock
):
    """Whichever commune keeps the other, and whether who marks sees it: no child is with two carers at once."""
    file, there = File(case_id), File(case_id)
    over = {"ground": "carer_asked", "decision_number": "11", "ended_on": "2026-11-20", "goes_to": "other_carer"}

    async def do(case: File, who, path: str, body: dict[str, Any]) -> dict[str, Any]:
        clock.forward(minutes=5)
        await case.refresh(who)
        return await case.do(who, path, body)

    async def refused(case: File, who, path: str) -> None:
        await case.refresh(who)
        before = await in_force()
        answer = await case.post(who, f"{path}/entered-in-error", ERROR)
        assert (answer.status_code, code_of(answer)) == (409, "child_is_placed"), path
        assert await in_force() == before

    async def in_force() -> list[str]:
        shown = (await sa_pa_leader.get(f"/cases/{case_id}/placements")).json()["items"]
        return [one["id"] for one in shown if one["in_force"]]

    await file.do(sa_pa_officer, "/care-needs", NEEDS)
    await file.do(sa_pa_leader, "/separations", separation(time.today()))
    carer = await listed(sa_pa_officer, sa_pa_leader)
    given = DECISION | {"carer_id": carer["id"], "decided_on": "2026-11-20"}
    at_once = await do(file, sa_pa_leader, "/placements", given | {"temporary": True})
    first = await do(file, sa_pa_leader, "/placements", given)
    ended = await do(file, sa_pa_leader, f"/placements/{first['id']}/end", over)
    await do(file, sa_pa_officer, "/placement-requests", {"commune_id": TA_VAN, "message": "Nhờ xem xét."})
    theirs = await listed(ta_van_officer, ta_van_leader)
    second = await do(there, ta_van_leader, "/placements", given | {"carer_id": theirs["id"]})
    await refused(file, sa_pa_leader, f"/placement-ends/{ended['end']['id']}")
    # Without the decision that went on from it the care given at once would go on.
    await refused(file, sa_pa_leader, f"/placements/{first['id']}")
    ended_there = await do(there, ta_van_leader, f"/placements/{second['id']}/end", over)
    await do(file, sa_pa_leader, f"/placement-ends/{ended['end']['id']}/entered-in-error", ERROR)
    assert await in_force() == [first["id"]]
    # Nor through the gate, by a commune that sees nothing of what followed.
    marks = f"/placing-steps/placement-ends/{ended_there['end']['id']}"
    await refused(there, ta_van_leader, marks)
    await do(file, sa_pa_leader, f"/placements/{first['id']}/entered-in-error", ERROR)
    await refused(there, ta_van_leader, marks)
    await do(file, sa_pa_leader, f"/placements/{at_once['id']}/entered-in-error", ERROR)
    assert await in_force() == []
    await do(there, ta_van_leader, f"{marks}/entered-in-error", ERROR)
    assert await in_force() == [second["id"]]


async def test_no_separation_is_an_error_where_care_would_go_on_beside_other_care_by_that(
    case_id, sa_pa_officer, sa_pa_leader, clock
):
    """The lasting care that took over from it would go, and the care given at once before that would be had again."""
    file = File(case_id)
    over = {"ground": "carer_asked", "decision_number": "11", "ended_on": "2026-11-20", "goes_to": "other_carer"}

    async def do(who, path: str, body: dict[str, Any]) -> dict[str, Any]:
        clock.forward(minutes=5)
        await file.refresh(who)
        return await file.do(who, path, body)

    async def in_force() -> list[str]:
        shown = (await sa_pa_leader.get(f"/cases/{case_id}/placements")).json()["items"]
        return [one["id"] for one in shown if one["in_force"]]

    await do(sa_pa_officer, "/care-needs", NEEDS)
    apart = await do(sa_pa_leader, "/separations", separation(time.today()))
    first, other = [await listed(sa_pa_officer, sa_pa_leader, full_name=name) for name in ("Má A Lử", "Lù Thị Mẩy")]
    given = DECISION | {"carer_id": first["id"], "decided_on": "2026-11-20"}
    at_once = await do(sa_pa_leader, "/placements", given | {"temporary": True})
    lasting = await do(sa_pa_leader, "/placements", given)
    await do(sa_pa_leader, f"/placements/{lasting['id']}/end", over)
    second = await do(sa_pa_leader, "/placements", given | {"carer_id": other["id"]})
    await file.refresh(sa_pa_leader)
    wrong = f"/separations/{apart['id']}/entered-in-error"
    refused = await file.post(sa_pa_leader, wrong, ERROR)
    assert (refused.status_code, code_of(refused)) == (409, "child_is_placed")
    assert await in_force() == [second["id"]]
    await do(sa_pa_leader, f"/placements/{second['id']}/entered-in-error", ERROR)
    await do(sa_pa_leader, wrong, ERROR)
    assert await in_force() == [at_once["id"]]
