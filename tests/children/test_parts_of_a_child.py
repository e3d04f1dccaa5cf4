"""Circumstances, guardians and papers: dated, several at once, and never deleted."""

import pytest
from tests.people import LAI_CHAU, LAO_CAI, SA_PA, TA_LENG

from childcare_api.shared import clock

DISABILITY = {"group": "disability", "subgroup": "disability.mild", "from_on": "2022-05-01"}


def seen(child):
    return {"If-Match": f'"{child["row_version"]}"'}


async def test_a_child_is_in_several_groups_at_once(sa_pa_officer, register, events):
    child = await register(sa_pa_officer)
    address = f"/children/{child['id']}/circumstances"
    first = await sa_pa_officer.post(address, json=DISABILITY)
    second = await sa_pa_officer.post(address, json={"group": "other_difficult", "from_on": "2023-01-01"})
    assert (first.status_code, second.status_code) == (201, 201)
    now = second.json()
    assert [(one["kind"], one["group"]) for one in now["circumstances"]] == [
        ("special", "disability"),
        ("other_difficult", "other_difficult"),
    ]
    assert now["row_version"] == 3
    assert len(await events("child.circumstance_added")) == 2


async def test_the_same_group_is_entered_once_at_a_time(sa_pa_officer, register):
    child = await register(sa_pa_officer, circumstances=[DISABILITY])
    address = f"/children/{child['id']}/circumstances"
    again = await sa_pa_officer.post(address, json=DISABILITY)
    assert (again.status_code, again.json()["type"]) == (409, "urn:childcare-api:problem:circumstance_in_force")
    severe = {**DISABILITY, "subgroup": "disability.severe"}
    assert (await sa_pa_officer.post(address, json=severe)).status_code == 201


async def test_a_circumstance_ends_and_may_begin_again(sa_pa_officer, register, rows):
    child = await register(sa_pa_officer, circumstances=[DISABILITY])
    [entry] = child["circumstances"]
    address = f"/children/{child['id']}/circumstances/{entry['id']}"
    early = await sa_pa_officer.post(f"{address}/end", json={"ended_on": "2022-04-30"}, headers=seen(child))
    assert (early.status_code, early.json()["errors"][0]["pointer"]) == (422, "/ended_on")
    ended = await sa_pa_officer.post(
        f"{address}/end", json={"ended_on": "2024-01-01", "reason": "Đã khỏi"}, headers=seen(child)
    )
    assert ended.status_code == 200, ended.text
    assert ended.json()["circumstances"][0]["ended_on"] == "2024-01-01"
    twice = await sa_pa_officer.post(f"{address}/end", json={"ended_on": "2024-02-01"}, headers=seen(ended.json()))
    assert (twice.status_code, twice.json()["type"]) == (409, "urn:childcare-api:problem:already_ended")
    again = await sa_pa_officer.post(
        f"/children/{child['id']}/circumstances", json={**DISABILITY, "from_on": "2024-01-01"}
    )
    assert again.status_code == 201, again.text
    [row] = await rows("SELECT ended_by, ended_at FROM child_circumstances WHERE ended_on IS NOT NULL")
    assert row["ended_by"] is not None
    assert row["ended_at"] is not None


async def test_what_was_entered_in_error_stays_readable_and_no_longer_counts(sa_pa_officer, register):
    child = await register(sa_pa_officer, circumstances=[DISABILITY])
    address = f"/children/{child['id']}/circumstances/{child['circumstances'][0]['id']}"
    answer = await sa_pa_officer.post(
        f"{address}/entered-in-error", json={"reason": "Nhầm trẻ khác"}, headers=seen(child)
    )
    assert answer.status_code == 200, answer.text
    now = answer.json()
    assert now["circumstances"][0]["entered_in_error_reason"] == "Nhầm trẻ khác"
    listed = (await sa_pa_officer.get("/children", params={"group": "disability"})).json()
    assert listed["items"] == []
    again = await sa_pa_officer.post(f"{address}/entered-in-error", json={"reason": "x"}, headers=seen(now))
    assert (again.status_code, again.json()["type"]) == (409, "urn:childcare-api:problem:already_entered_in_error")
    over = await sa_pa_officer.post(f"/children/{child['id']}/circumstances", json=DISABILITY)
    assert over.status_code == 201


async def test_a_part_of_another_child_is_not_there(sa_pa_officer, register):
    child = await register(sa_pa_officer, circumstances=[DISABILITY])
    other = await register(sa_pa_officer, full_name="Lù A Páo")
    answer = await sa_pa_officer.post(
        f"/children/{other['id']}/circumstances/{child['circumstances'][0]['id']}/end",
        json={"ended_on": "2024-01-01"},
        headers=seen(other),
    )
    assert answer.status_code == 404


async def test_a_guardian_comes_and_goes(sa_pa_officer, register, events):
    child = await register(sa_pa_officer)
    body = {"full_name": "Giàng A Páo", "relation": "grandparent", "phone": "0912 345 678", "from_on": "2020-01-01"}
    added = await sa_pa_officer.post(f"/children/{child['id']}/guardians", json=body)
    assert added.status_code == 201, added.text
    [guardian] = added.json()["guardians"]
    ended = await sa_pa_officer.post(
        f"/children/{child['id']}/guardians/{guardian['id']}/end",
        json={"ended_on": "2024-01-01"},
        headers=seen(added.json()),
    )
    assert ended.json()["guardians"][0]["ended_on"] == "2024-01-01"
    retracted = await sa_pa_officer.post(
        f"/children/{child['id']}/guardians/{guardian['id']}/entered-in-error",
        json={"reason": "Không phải ông"},
        headers=seen(ended.json()),
    )
    assert retracted.status_code == 200, retracted.text
    assert [len(await events(f"child.guardian_{what}")) for what in ("added", "ended", "entered_in_error")] == [1, 1, 1]


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("010318000001", "personal_id_sex_differs"),
        ("010217000001", "personal_id_year_differs"),
        ("012218000001", "personal_id_province_differs"),
        ("099218000001", "personal_id_province_unknown"),
    ],
)
async def test_an_odd_personal_id_is_a_warning(sa_pa_officer, register, value, code):
    child = await register(sa_pa_officer)
    answer = await sa_pa_officer.post(
        f"/children/{child['id']}/identifiers", json={"kind": "personal_id", "value": value}
    )
    assert answer.status_code == 201, answer.text
    assert [one["code"] for one in answer.json()["warnings"]] == [code]


ID = {"kind": "personal_id", "value": "010218000001"}


async def test_a_second_holder_in_the_commune_is_a_warning(sa_pa_officer, register, rows):
    first = await register(sa_pa_officer, identifiers=[ID])
    second = await register(sa_pa_officer, full_name="Giang A Sa", identifiers=[ID])
    assert first["warnings"] == []
    [warning] = second["warnings"]
    assert (warning["code"], warning["child_id"]) == ("personal_id_held_by_another", first["id"])
    assert await rows("SELECT FROM possible_doubles") == []


async def test_a_second_holder_elsewhere_goes_to_the_province_and_the_writer_learns_nothing(
    sa_pa_officer, ta_van_officer, register, rows
):
    elsewhere = await register(ta_van_officer, identifiers=[ID])
    alone = await register(sa_pa_officer, identifiers=[{**ID, "value": "010218999999"}])
    second = await register(sa_pa_officer, identifiers=[ID])
    varying = {"id", "recorded_at", "changed_at", "identifiers", "warnings"}
    assert {k: v for k, v in second.items() if k not in varying} == {k: v for k, v in alone.items() if k not in varying}
    assert [one["child_id"] for one in second["warnings"]] == [alone["id"]], "its namesake here, and nobody elsewhere"
    [double] = await rows("SELECT * FROM possible_doubles")
    assert (str(double["child_id"]), str(double["other_child_id"])) == (second["id"], elsewhere["id"])
    assert double["province_id"] == double["other_province_id"] == LAO_CAI


async def test_two_holders_in_two_provinces_are_told_to_both(sa_pa_officer, ta_leng_officer, register, rows):
    there = await register(ta_leng_officer, identifiers=[ID])
    here = await register(sa_pa_officer, identifiers=[ID])
    doubles = await rows("SELECT * FROM possible_doubles ORDER BY province_id")
    assert [(one["province_id"], one["commune_id"], str(one["child_id"])) for one in doubles] == [
        (LAI_CHAU, TA_LENG, there["id"]),
        (LAO_CAI, SA_PA, here["id"]),
    ]


async def test_a_number_entered_in_error_is_nobodys(sa_pa_officer, register):
    first = await register(sa_pa_officer, identifiers=[ID])
    answer = await sa_pa_officer.post(
        f"/children/{first['id']}/identifiers/{first['identifiers'][0]['id']}/entered-in-error",
        json={"reason": "Nhầm số"},
        headers=seen(first),
    )
    assert answer.status_code == 200, answer.text
    second = await register(sa_pa_officer, identifiers=[ID])
    assert [one["code"] for one in second["warnings"]] == ["maybe_registered_before"], "only the name is the same"


async def test_history_tells_who_changed_what_from_what(sa_pa_officer, sa_pa_second_officer, register, clock_days):
    child = await register(sa_pa_officer, circumstances=[DISABILITY])
    day_one = clock.today()
    clock_days(1)
    address = f"/children/{child['id']}"
    renamed = await sa_pa_second_officer.patch(address, json={"full_name": "Giàng A Sử"}, headers=seen(child))
    clock_days(1)
    entry = child["circumstances"][0]["id"]
    await sa_pa_officer.post(
        f"{address}/circumstances/{entry}/end", json={"ended_on": "2024-01-01"}, headers=seen(renamed.json())
    )
    history = (await sa_pa_officer.get(f"{address}/history")).json()
    assert [(one["row_version"], one["action"]) for one in history["items"]] == [
        (4, "circumstance_ended"),
        (3, "changed"),
        (2, "circumstance_added"),
        (1, "registered"),
    ]
    assert history["items"][1]["fields"] == {"full_name": {"old": "Giàng A Sà", "new": "Giàng A Sử"}}
    assert history["items"][1]["recorded_by"] != history["items"][0]["recorded_by"]
    then = (await sa_pa_officer.get(f"{address}/history", params={"as_of": str(day_one)})).json()["record"]
    assert then["full_name"] == "Giàng A Sà"
    assert then["circumstances"][0]["ended_on"] is None
    now = (await sa_pa_officer.get(f"{address}/history", params={"as_of": str(clock.today())})).json()["record"]
    assert (now["full_name"], now["circumstances"][0]["ended_on"]) == ("Giàng A Sử", "2024-01-01")
    before = (await sa_pa_officer.get(f"{address}/history", params={"as_of": "2020-01-01"})).json()
    assert before["record"] is None


async def test_history_of_another_communes_child_does_not_exist(sa_pa_officer, ta_van_officer, register, events):
    child = await register(sa_pa_officer)
    assert (await ta_van_officer.get(f"/children/{child['id']}/history")).status_code == 404
    assert await events("child.history_read") == []
    assert (await sa_pa_officer.get(f"/children/{child['id']}/history", params={"limit": 1})).status_code == 200
    assert len(await events("child.history_read")) == 1


@pytest.fixture
def clock_days(clock):
    def forward(days):
        clock.forward(days=days)

    return forward
