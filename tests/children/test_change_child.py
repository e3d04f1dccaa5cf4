"""A child's own fields are changed by whoever saw the newest version, and by nobody else."""

import asyncio
from datetime import UTC, datetime

import pytest
from tests.people import PEOPLE, SA_PA_OTHER_VILLAGE, SA_PA_VILLAGE, TA_VAN_VILLAGE


def seen(child):
    return {"If-Match": f'"{child["row_version"]}"'}


async def test_what_the_patch_does_not_name_stays(sa_pa_officer, register, events, rows):
    child = await register(sa_pa_officer, religion="Không", note="Nhà gần suối")
    answer = await sa_pa_officer.patch(
        f"/children/{child['id']}", json={"full_name": "Giàng A Sử", "note": None}, headers=seen(child)
    )
    assert answer.status_code == 200, answer.text
    now = answer.json()
    assert answer.headers["etag"] == '"2"'
    assert (now["full_name"], now["note"], now["religion"], now["sex"]) == ("Giàng A Sử", None, "Không", "male")
    [event] = await events("child.changed")
    assert event["subject_id"] == child["id"]
    assert "Sử" not in str(event["detail"])
    assert "full_name" in str(event["detail"])
    [row] = await rows("SELECT search_name, name_words, changed_by FROM children")
    assert (row["search_name"], row["name_words"]) == ("giang a su", ["giang", "a", "su"])
    assert row["changed_by"] == PEOPLE["sa_pa_officer"].id


async def test_a_change_needs_the_version_that_was_seen(sa_pa_officer, register):
    child = await register(sa_pa_officer)
    address = f"/children/{child['id']}"
    missing = await sa_pa_officer.patch(address, json={"note": "x"})
    assert missing.status_code == 428
    assert (await sa_pa_officer.patch(address, json={"note": "x"}, headers=seen(child))).status_code == 200
    stale = await sa_pa_officer.patch(address, json={"note": "y"}, headers=seen(child))
    assert (stale.status_code, stale.json()["row_version"]) == (412, 2)


async def test_a_change_that_changes_nothing_makes_no_version(sa_pa_officer, register, events):
    child = await register(sa_pa_officer)
    answer = await sa_pa_officer.patch(f"/children/{child['id']}", json={"sex": "male"}, headers=seen(child))
    assert answer.json()["row_version"] == 1
    assert await events("child.changed") == []


async def test_a_child_of_another_commune_does_not_exist(sa_pa_officer, ta_van_officer, register):
    child = await register(sa_pa_officer)
    for headers in ({}, seen(child)):
        answer = await ta_van_officer.patch(f"/children/{child['id']}", json={"note": "x"}, headers=headers)
        absent = await ta_van_officer.patch(
            "/children/0193a000-0000-7000-8000-00000000ffff", json={"note": "x"}, headers=headers
        )
        assert answer.status_code == absent.status_code == 404
        assert {**answer.json(), "instance": 0, "request_id": 0} == {**absent.json(), "instance": 0, "request_id": 0}


@pytest.mark.parametrize(
    ("patch", "pointer", "code"),
    [
        ({"full_name": None}, "/full_name", "missing"),
        ({"born_on": None}, "/born_on", "missing"),
        ({"born_on_precision": None}, "/born_on_precision", "missing"),
        ({"born_on": "1980-01-01"}, "/born_on", "not_under_16"),
        ({"born_on": "2090-01-01"}, "/born_on", "in_future"),
        ({"died_on": "2017-01-01"}, "/died_on", "too_early"),
        ({"died_on": "2090-01-01"}, "/died_on", "in_future"),
        ({"village_id": TA_VAN_VILLAGE}, "/village_id", "no_such_record"),
        ({"household_id": "0193a000-0000-7000-8000-00000000ffff"}, "/household_id", "no_such_record"),
        ({"sex": None}, "/sex", "literal_error"),
        ({"row_version": 7}, "/row_version", "extra_forbidden"),
    ],
)
async def test_what_cannot_be_is_refused(sa_pa_officer, register, patch, pointer, code):
    child = await register(sa_pa_officer)
    answer = await sa_pa_officer.patch(f"/children/{child['id']}", json=patch, headers=seen(child))
    assert answer.status_code == 422, answer.text
    [error] = answer.json()["errors"]
    assert (error["pointer"], error["code"]) == (pointer, code)
    assert (await sa_pa_officer.get(f"/children/{child['id']}")).json()["row_version"] == 1


async def test_a_better_known_birthday_replaces_a_guess(sa_pa_officer, register):
    child = await register(sa_pa_officer, born_on="2018-03-01", born_on_precision="year")
    assert child["born_on"] == "2018-12-31"
    patch = {"born_on": "2018-06-09", "born_on_precision": "day"}
    now = (await sa_pa_officer.patch(f"/children/{child['id']}", json=patch, headers=seen(child))).json()
    assert (now["born_on"], now["born_on_precision"]) == ("2018-06-09", "day")


@pytest.mark.parametrize(
    ("known", "patch", "pointer"),
    [
        ("year", {"born_on": "2016-03-12"}, "/born_on_precision"),
        ("month", {"born_on": "2016-03-12"}, "/born_on_precision"),
        ("year", {"born_on_precision": "day"}, "/born_on"),
        ("year", {"born_on_precision": "month"}, "/born_on"),
        ("day", {"born_on_precision": "year"}, "/born_on"),
        ("day", {"born_on_precision": "estimated"}, "/born_on"),
    ],
)
async def test_of_a_half_known_birthday_both_fields_come_together(
    sa_pa_officer, register, events, rows, known, patch, pointer
):
    child = await register(sa_pa_officer, born_on="2016-01-01", born_on_precision=known)
    address = f"/children/{child['id']}"
    told = {}
    for language in ("en", "vi"):
        headers = {**seen(child), "Accept-Language": language}
        answer = await sa_pa_officer.patch(address, json={**patch, "note": "x"}, headers=headers)
        assert answer.status_code == 422, answer.text
        [error] = answer.json()["errors"]
        assert (error["pointer"], error["code"]) == (pointer, "half_a_birthday")
        told[language] = error["message"]
    assert told["en"].startswith("State born_on and born_on_precision together")
    assert told["vi"].startswith("Cần nêu cả born_on và born_on_precision")
    [row] = await rows("SELECT born_on::text, born_on_precision, note, row_version FROM children")
    assert tuple(row.values()) == (child["born_on"], known, None, 1)
    assert await events("child.changed") == []


@pytest.mark.parametrize(
    ("known", "patch", "born_on", "precision"),
    [
        ("year", {"born_on": "2016-03-12", "born_on_precision": "day"}, "2016-03-12", "day"),
        ("year", {"born_on": "2016-03-12", "born_on_precision": "month"}, "2016-03-31", "month"),
        ("day", {"born_on": "2016-03-12", "born_on_precision": "year"}, "2016-12-31", "year"),
        ("day", {"born_on": "2016-03-12"}, "2016-03-12", "day"),
    ],
)
async def test_a_birthday_is_corrected(sa_pa_officer, register, events, rows, known, patch, born_on, precision):
    child = await register(sa_pa_officer, born_on="2016-01-01", born_on_precision=known)
    answer = await sa_pa_officer.patch(f"/children/{child['id']}", json=patch, headers=seen(child))
    assert answer.status_code == 200, answer.text
    assert (answer.json()["born_on"], answer.json()["born_on_precision"]) == (born_on, precision)
    [row] = await rows("SELECT born_on::text, born_on_precision, row_version FROM children")
    assert tuple(row.values()) == (born_on, precision, 2)
    [event] = await events("child.changed")
    assert event["subject_id"] == child["id"]


async def test_a_half_known_birthday_stays_when_the_patch_is_about_something_else(sa_pa_officer, register):
    child = await register(sa_pa_officer, born_on="2016-01-01", born_on_precision="year")
    answer = await sa_pa_officer.patch(f"/children/{child['id']}", json={"note": "x"}, headers=seen(child))
    assert (answer.status_code, answer.json()["born_on"]) == (200, "2016-12-31")


async def test_who_turned_16_since_stays_in_the_book(sa_pa_officer, register, clock):
    clock.set(datetime(2026, 11, 21, 3, tzinfo=UTC))
    child = await register(sa_pa_officer, born_on="2011-01-01")
    clock.forward(days=400)
    answer = await sa_pa_officer.patch(f"/children/{child['id']}", json={"note": "Đã 16 tuổi"}, headers=seen(child))
    assert answer.status_code == 200, answer.text


async def test_with_a_new_village_the_parts_go_along(
    sa_pa_officer, sa_pa_village_collaborator, sa_pa_other_village_collaborator, register, rows
):
    guardians = [{"full_name": "Giàng A Páo", "relation": "father"}]
    child = await register(sa_pa_officer, village_id=SA_PA_VILLAGE, guardians=guardians)
    address = f"/children/{child['id']}"
    assert (await sa_pa_village_collaborator.get(address)).status_code == 200
    moved = await sa_pa_officer.patch(address, json={"village_id": SA_PA_OTHER_VILLAGE}, headers=seen(child))
    assert moved.status_code == 200, moved.text
    assert (await sa_pa_village_collaborator.get(address)).status_code == 404
    there = (await sa_pa_other_village_collaborator.get(address)).json()
    assert [one["full_name"] for one in there["guardians"]] == ["Giàng A Páo"]
    history = (await sa_pa_other_village_collaborator.get(f"{address}/history")).json()
    assert len(history["items"]) == 3
    assert await rows("SELECT FROM child_changes WHERE village_id <> $1", SA_PA_OTHER_VILLAGE) == []


async def test_a_leader_reads_and_changes_nothing(sa_pa_leader, sa_pa_officer, register):
    child = await register(sa_pa_officer)
    assert (await sa_pa_leader.get(f"/children/{child['id']}")).status_code == 200
    assert (await sa_pa_leader.patch(f"/children/{child['id']}", json={}, headers=seen(child))).status_code == 403


@pytest.mark.committed
async def test_of_many_racing_changes_one_wins_and_none_is_lost(sa_pa_officer, sa_pa_second_officer, register, rows):
    child = await register(sa_pa_officer)
    address = f"/children/{child['id']}"

    async def change(who, number):
        return await who.patch(address, json={"note": f"{number}"}, headers=seen(child))

    answers = await asyncio.gather(
        *(change((sa_pa_officer, sa_pa_second_officer)[number % 2], number) for number in range(10))
    )
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 9
    [row] = await rows("SELECT row_version, note FROM children")
    [winner] = [number for number, answer in enumerate(answers) if answer.status_code == 200]
    assert (row["row_version"], row["note"]) == (2, str(winner))
    versions = await rows("SELECT row_version FROM child_changes ORDER BY row_version")
    assert [one["row_version"] for one in versions] == [1, 2]


@pytest.mark.committed
async def test_racing_additions_all_arrive(sa_pa_officer, sa_pa_second_officer, register):
    child = await register(sa_pa_officer)
    address = f"/children/{child['id']}"

    async def add(who, number):
        body = {"full_name": f"Người {number}", "relation": "carer"}
        return await who.post(f"{address}/guardians", json=body)

    answers = await asyncio.gather(
        *(add((sa_pa_officer, sa_pa_second_officer)[number % 2], number) for number in range(8))
    )
    assert {answer.status_code for answer in answers} == {201}
    now = (await sa_pa_officer.get(address)).json()
    assert now["row_version"] == 9
    assert {one["full_name"] for one in now["guardians"]} == {f"Người {number}" for number in range(8)}
