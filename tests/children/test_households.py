"""The book's pages: a household, its grown people, and its children."""

import pytest
from tests.people import SA_PA, SA_PA_OTHER_VILLAGE, SA_PA_VILLAGE, TA_VAN_VILLAGE


def seen(record):
    return {"If-Match": f'"{record["row_version"]}"'}


@pytest.fixture
async def household(sa_pa_officer):
    body = {
        "code": "12",
        "head_name": "Giàng A Páo",
        "phone": "0977 000 444",
        "poverty": "near_poor",
        "village_id": SA_PA_VILLAGE,
    }
    answer = await sa_pa_officer.post("/households", json=body)
    assert answer.status_code == 201, answer.text
    assert answer.headers["etag"] == '"1"'
    assert answer.headers["location"] == f"/api/v1/households/{answer.json()['id']}"
    return answer.json()


async def test_a_household_is_seen_in_its_commune_and_village_alone(
    household,
    speak_as,
    events,
):
    address = f"/households/{household['id']}"
    for who in ("sa_pa_officer", "sa_pa_leader", "sa_pa_village_collaborator", "lao_cai_province_officer"):
        assert (await speak_as(who).get(address)).json()["head_name"] == "Giàng A Páo"
        answer = (await speak_as(who).get("/households", params={"include": "total"})).json()
        [listed] = answer["items"]
        assert answer["total"] == 1
        assert (listed["id"], listed["row_version"]) == (household["id"], 1)
        above = who == "lao_cai_province_officer"
        assert listed["head_name"] == ("G. A. P." if above else "Giàng A Páo")
        assert (listed["phone"] is None) is above
    for who in ("ta_van_officer", "sa_pa_other_village_collaborator", "lai_chau_province_officer"):
        assert (await speak_as(who).get(address)).status_code == 404
        assert (await speak_as(who).get(f"{address}/members")).status_code == 404
        assert (await speak_as(who).get("/households")).json()["items"] == []
    assert (await speak_as("bo_y_te_analyst").get(address)).status_code == 403
    assert len(await events("household.opened")) == 4
    [event] = await events("household.registered")
    assert (event["subject_id"], event["holder_commune_id"]) == (household["id"], SA_PA)


async def test_households_are_listed_by_village_poverty_and_number(household, sa_pa_officer):
    for params, found in (
        ({"village_id": SA_PA_VILLAGE}, 1),
        ({"village_id": SA_PA_OTHER_VILLAGE}, 0),
        ({"poverty": "near_poor"}, 1),
        ({"poverty": "poor"}, 0),
        ({"code": "12"}, 1),
        ({"code": "13"}, 0),
    ):
        assert len((await sa_pa_officer.get("/households", params=params)).json()["items"]) == found
    assert (await sa_pa_officer.get("/households", params={"head": "x"})).status_code == 400


async def test_a_household_is_found_by_who_lives_there(
    household, sa_pa_officer, ta_van_officer, lao_cai_province_officer, *, register, events
):
    async def found(q, who=sa_pa_officer, **params):
        answer = await who.get("/households", params={"q": q, **params})
        assert answer.status_code == 200, answer.text
        return [one["id"] for one in answer.json()["items"]]

    address, it = f"/households/{household['id']}", [household["id"]]
    mother = {"full_name": "Vừ Thị Mỷ", "relation": "mother"}
    members = (await sa_pa_officer.post(f"{address}/members", json=mother)).json()
    child = await register(sa_pa_officer, full_name="Giàng Seo Sà")
    members = (await sa_pa_officer.post(f"{address}/members", json={"child_id": child["id"]})).json()
    for q in ("giang a pao", "PÁO giàng", "pao gi", "vu my", "Sà Seo"):
        assert await found(q) == it, q
    for q in ("pao my", "iang", "giang x", "%", "_"):
        assert await found(q) == [], "all words are of one person, each from its beginning"
    for q in ("giang a pao", "Vừ Thị Mỷ", "giang seo sa"):
        assert await found(q, who=lao_cai_province_officer) == it, q
    for q in ("giang", "giang a", "pao giang a", "giang a pa", "vu my"):
        assert await found(q, who=lao_cai_province_officer) == [], "what is not shown is not told in parts"
    assert await found("pao", poverty="poor") == await found("pao", who=ta_van_officer) == []
    assert str(household["id"]) in str((await events("households.searched"))[0]["detail"])
    assert "pao" not in str(await events("households.searched"))
    body = {"left_on": "2026-01-05", "reason": "moved_away"}
    left = await sa_pa_officer.post(
        f"{address}/members/{members['items'][0]['id']}/leave", json=body, headers=seen(members)
    )
    assert left.status_code == 200, left.text
    assert await found("vu my") == []
    renamed = await sa_pa_officer.patch(address, json={"head_name": "Lù A Tráng"}, headers=seen(left.json()))
    assert renamed.status_code == 200, renamed.text
    assert (await found("pao"), await found("lu trang")) == ([], it)
    for q in (" ", "a b c d e f g h i", "x" * 101):
        assert (await sa_pa_officer.get("/households", params={"q": q})).status_code == 400, q


async def test_a_household_changes_at_the_version_that_was_seen(household, sa_pa_officer, ta_van_officer, events):
    address = f"/households/{household['id']}"
    assert (await sa_pa_officer.patch(address, json={"poverty": "poor"})).status_code == 428
    answer = await sa_pa_officer.patch(address, json={"poverty": "poor", "code": None}, headers=seen(household))
    assert answer.status_code == 200, answer.text
    now = answer.json()
    assert (now["row_version"], now["poverty"], now["code"], now["head_name"]) == (2, "poor", None, "Giàng A Páo")
    stale = await sa_pa_officer.patch(address, json={"poverty": "none"}, headers=seen(household))
    assert stale.status_code == 412
    assert (await ta_van_officer.patch(address, json={"poverty": "none"}, headers=seen(now))).status_code == 404
    assert len(await events("household.changed")) == 1


async def test_people_come_and_leave(household, sa_pa_officer, register, events):
    address = f"/households/{household['id']}/members"
    child = await register(sa_pa_officer)
    body = {"full_name": "Vàng Thị Mỷ", "relation": "mother", "sex": "female", "born_year": 1990}
    added = await sa_pa_officer.post(address, json=body)
    assert added.status_code == 201, added.text
    placed = await sa_pa_officer.post(address, json={"child_id": child["id"]})
    assert placed.status_code == 201, placed.text
    assert [(one["kind"], one["full_name"]) for one in placed.json()["items"]] == [
        ("adult", "Vàng Thị Mỷ"),
        ("child", "Giàng A Sà"),
    ]
    mother = placed.json()["items"][0]["id"]
    left = await sa_pa_officer.post(
        f"{address}/{mother}/leave", json={"left_on": "2026-01-01", "reason": "moved_away"}, headers=seen(placed.json())
    )
    assert left.json()["items"][0]["left_reason"] == "moved_away"
    twice = await sa_pa_officer.post(
        f"{address}/{mother}/leave", json={"left_on": "2026-01-01", "reason": "died"}, headers=seen(left.json())
    )
    assert twice.status_code == 409
    wrong = await sa_pa_officer.post(
        f"{address}/{mother}/entered-in-error", json={"reason": "Nhầm hộ"}, headers=seen(left.json())
    )
    assert wrong.json()["items"][0]["entered_in_error_at"] is not None
    assert (await sa_pa_officer.get(f"/children/{child['id']}")).json()["household_id"] == household["id"]
    assert (await sa_pa_officer.get(address)).json()["row_version"] == 5
    listed = await sa_pa_officer.get("/children", params={"household_id": household["id"]})
    assert [one["id"] for one in listed.json()["items"]] == [child["id"]]
    assert len(await events("household.member_added")) == 2


async def test_a_child_is_registered_into_a_household_of_its_village(household, sa_pa_officer, register):
    child = await register(sa_pa_officer, household_id=household["id"])
    assert (child["household_id"], child["village_id"]) == (household["id"], SA_PA_VILLAGE)


async def test_nobody_reaches_into_another_communes_household(household, ta_van_officer, register):
    child = await register(ta_van_officer)
    into = [
        await ta_van_officer.post("/children", json={"full_name": "X", "born_on": "2020-01-01", "household_id": id_})
        for id_ in (household["id"], "0193a000-0000-7000-8000-00000000ffff")
    ]
    assert [answer.status_code for answer in into] == [422, 422]
    assert into[0].json()["errors"] == into[1].json()["errors"]
    assert (
        await ta_van_officer.post(f"/households/{household['id']}/members", json={"child_id": child["id"]})
    ).status_code == 404


async def test_another_communes_child_cannot_be_placed(household, sa_pa_officer, ta_van_officer, register):
    child = await register(ta_van_officer)
    foreign, absent = [
        await sa_pa_officer.post(f"/households/{household['id']}/members", json={"child_id": id_})
        for id_ in (child["id"], "0193a000-0000-7000-8000-00000000ffff")
    ]
    assert foreign.status_code == absent.status_code == 422
    assert foreign.json()["errors"] == absent.json()["errors"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/full_name"),
        ({"full_name": "X", "born_year": 2090}, "/born_year"),
        ({"full_name": "X", "joined_on": "2090-01-01"}, "/joined_on"),
        ({"full_name": "X", "ethnicity": "77"}, "/ethnicity"),
        ({"full_name": "X", "child_id": "0193a000-0000-7000-8000-00000000ffff"}, "/child_id"),
    ],
)
async def test_what_cannot_be_of_a_member_is_refused(household, sa_pa_officer, body, pointer):
    answer = await sa_pa_officer.post(f"/households/{household['id']}/members", json=body)
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["pointer"] == pointer


async def test_a_village_of_another_commune_is_refused(sa_pa_officer, sa_pa_village_collaborator):
    answer = await sa_pa_officer.post("/households", json={"village_id": TA_VAN_VILLAGE})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/village_id")
    own = await sa_pa_village_collaborator.post("/households", json={"head_name": "Lù A Páo"})
    assert own.json()["village_id"] == SA_PA_VILLAGE
