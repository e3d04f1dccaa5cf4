"""GET /colleagues: who works beside one."""

from datetime import timedelta

import pytest
from tests.cases.stories import tag
from tests.people import LAO_CAI, PEOPLE, SA_PA, SA_PA_VILLAGE, TA_VAN

from childcare_api.shared import clock as time


async def everybody(who, **query) -> list[dict]:
    """Return all colleagues of somebody, page by page."""
    found, cursor = [], None
    while True:
        answer = await who.get("/colleagues", params=query | ({"cursor": cursor} if cursor else {}))
        assert answer.status_code == 200, answer.text
        found += answer.json()["items"]
        cursor = answer.json()["next_cursor"]
        if cursor is None:
            return found


def of(*units: int) -> set[str]:
    return {str(person.id) for person in PEOPLE.values() if person.unit_id in units}


async def test_people_of_a_unit_see_one_another_and_nothing_of_their_accounts(
    sa_pa_officer, sa_pa_leader, lao_cai_province_officer, ta_van_leader
):
    found = await everybody(sa_pa_leader, limit=3)
    in_sa_pa = {person.id for person in PEOPLE.values() if person.holder["commune_id"] == SA_PA}
    assert {one["user_id"] for one in found} == {str(one) for one in in_sa_pa} | of(LAO_CAI)
    assert [one["full_name"] for one in found] == sorted(one["full_name"] for one in found)
    (officer,) = (one for one in found if one["user_id"] == str(PEOPLE["sa_pa_officer"].id))
    assert officer == {
        "user_id": str(PEOPLE["sa_pa_officer"].id),
        "full_name": PEOPLE["sa_pa_officer"].username,
        "role": "commune_officer",
        "position": None,
        "level": "commune",
        "unit_id": SA_PA,
        "unit_name": "Phường Sa Pa",
        "acting": False,
    }
    assert SA_PA_VILLAGE in {one["unit_id"] for one in found}
    assert await everybody(sa_pa_officer) == found
    assert {one["user_id"] for one in await everybody(lao_cai_province_officer)} == of(LAO_CAI)
    assert of(SA_PA).isdisjoint(one["user_id"] for one in await everybody(ta_van_leader))


async def test_who_left_is_no_colleague_and_who_came_is_one_wherever_the_account_is_kept(
    sa_pa_leader, sa_pa_administrator, lao_cai_administrator, clock
):
    async def posts(key: str) -> list[tuple[int, bool]]:
        found = await everybody(sa_pa_leader)
        return [(one["unit_id"], one["acting"]) for one in found if one["user_id"] == str(PEOPLE[key].id)]

    # Somebody of Tả Van acts for the leader of Sa Pa for three days.
    acting = {"role": "commune_leader", "unit_id": SA_PA, "valid_from": time.today().isoformat()}
    acting |= {"valid_to": (time.today() + timedelta(days=3)).isoformat()}
    acting |= {"acting_for_assignment_id": str(PEOPLE["sa_pa_leader"].assignment_id)}
    given = await lao_cai_administrator.post(f"/users/{PEOPLE['ta_van_second_officer'].id}/assignments", json=acting)
    assert given.status_code == 201, given.text
    assert await posts("ta_van_second_officer") == [(SA_PA, True)]
    address = f"/users/{PEOPLE['sa_pa_second_officer'].id}"
    seen = (await sa_pa_administrator.get(address)).json()
    assert await posts("sa_pa_second_officer") == [(SA_PA, False)]
    gone = await sa_pa_administrator.patch(address, json={"disabled": True}, headers=tag(seen["row_version"]))
    assert gone.status_code == 200, gone.text
    assert await posts("sa_pa_second_officer") == []
    clock.forward(days=4)
    assert await posts("ta_van_second_officer") == []


@pytest.mark.parametrize(
    "who", ["sa_pa_village_collaborator", "sa_pa_administrator", "sa_pa_inspector", "operator_111"]
)
async def test_colleagues_are_for_those_who_work_on_cases(speak_as, who):
    assert (await speak_as(who).get("/colleagues")).status_code == 403


async def test_the_wall_gives_the_list_of_no_other_unit(sa_pa_leader, nobody):
    assert (await sa_pa_leader.get("/colleagues", params={"unit_id": TA_VAN})).status_code == 400
    assert (await sa_pa_leader.get("/colleagues", params={"limit": 0})).status_code == 400
    assert (await nobody.get("/colleagues")).status_code == 401
