"""Which namings a leader sees and lifts where two communes read a case, and what stays when one is lifted."""

from datetime import UTC, datetime

import pytest
from tests.cases.stories import File, keyed, tag
from tests.cases.test_carer_harms import in_care_of_ta_van
from tests.cases.test_conflicts_elsewhere import WHY
from tests.people import PEOPLE, TA_VAN

from childcare_api.shared.ids import new_id


@pytest.fixture(autouse=True)
def _november(clock):
    clock.set(datetime(2026, 11, 20, 3, tzinfo=UTC))


async def test_whoever_is_a_party_besides_sees_nothing_when_an_older_naming_is_lifted(
    case_id, sa_pa_officer, sa_pa_second_officer, sa_pa_leader, ta_van_officer, ta_van_leader
):
    await in_care_of_ta_van(case_id, sa_pa_officer, ta_van_officer, ta_van_leader)
    path = f"/cases/{case_id}/exclusions"
    there = (ta_van_leader, ta_van_officer, PEOPLE["ta_van_officer"].id)
    here = (sa_pa_leader, sa_pa_second_officer, PEOPLE["sa_pa_second_officer"].id)
    for leader, officer, person in (there, here):
        named = await leader.post(path, json=WHY | {"user_id": str(person)}, headers=keyed())
        assert named.status_code == 201, named.text
        party = {"role": "alleged_harm_doer", "relation": "other_relative", "user_id": str(person)}
        added = await File(case_id).do(sa_pa_officer, "/parties", party)
        lifted = await leader.post(f"{path}/{named.json()['id']}/lift", json=WHY, headers=tag(1))
        assert (lifted.status_code, lifted.json()["ground"]) == (200, "related"), lifted.text
        assert (await officer.get(f"/cases/{case_id}")).status_code == 404
        in_force = [one for one in (await sa_pa_officer.get(path)).json()["items"] if one["lifted_at"] is None]
        assert (added["id"], "party") in {(one["id"], one["ground"]) for one in in_force}


async def test_whom_a_leader_of_both_communes_named_for_the_other_is_not_told_here(
    case_id, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_leader, rows
):
    await in_care_of_ta_van(case_id, sa_pa_officer, ta_van_officer, ta_van_leader)
    path, exclusions = f"/cases/{case_id}/exclusions", []
    for key in ("sa_pa_second_officer", "ta_van_officer"):
        named = await sa_pa_leader.post(path, json=WHY | {"user_id": str(PEOPLE[key].id)}, headers=keyed())
        exclusions.append(named.json()["id"])
    await rows(
        "INSERT INTO assignments (id, user_id, role, level, unit_id, commune_id, province_id, valid_from, created_at)"
        " SELECT $1, $2, role, level, unit_id, commune_id, province_id, valid_from, created_at FROM assignments"
        " WHERE id = $3",
        new_id(), PEOPLE["sa_pa_leader"].id, PEOPLE["ta_van_leader"].assignment_id,
    )  # fmt: skip
    assert [one["id"] for one in (await ta_van_leader.get(path)).json()["items"]] == exclusions[1:]
    # A post that ended before was none at the time.
    await rows(
        "UPDATE assignments SET revoked_at = '2026-11-20T02:00:00Z', revoked_by = user_id"
        " WHERE user_id = $1 AND commune_id = $2", PEOPLE["sa_pa_leader"].id, TA_VAN,
    )  # fmt: skip
    assert (await ta_van_leader.get(path)).json()["items"] == []
