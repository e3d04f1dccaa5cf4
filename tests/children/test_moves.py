"""A child moves to another commune: its record is offered, and goes when that commune takes it."""

import asyncio
from uuid import uuid4

import pytest
from tests.answers import code_of, faults_of
from tests.cases.stories import File, keyed, tag
from tests.matrix.operations import opened_case
from tests.people import LAI_CHAU, LAO_CAI, SA_PA, SA_PA_VILLAGE, TA_LENG, TA_VAN, TA_VAN_VILLAGE

MOVE = {"residence": {"unit_id": TA_LENG}, "address": "Bản Tả Lèng", "moved_on": "2026-11-01", "reason": "Theo mẹ."}
IDENTIFIER = {"kind": "personal_id", "value": "010218123456"}


async def offer(who, child_id: str, version: int, **change):
    return await who.post(f"/children/{child_id}/move", json=MOVE | change, headers=tag(version) | keyed())


async def answer(who, move_id: str, word: str, **body):
    return await who.post(f"/child-moves/{move_id}/{word}", json=body, headers=tag(1) | keyed())


async def tasks_of(who) -> list[str]:
    return [task["rule"] for task in (await who.get("/tasks", params={"whose": "my_unit"})).json()["items"]]


async def test_a_record_goes_to_another_province_when_it_is_taken_there(
    register, sa_pa_officer, ta_leng_officer, ta_van_officer, sa_pa_village_collaborator, lai_chau_province_officer,
    lao_cai_province_officer, events, rows,
):  # fmt: skip
    household = (await sa_pa_officer.post("/households", json={"address": "Tổ 1"})).json()["id"]
    child = await register(
        sa_pa_officer, household_id=household, village_id=SA_PA_VILLAGE, identifiers=[IDENTIFIER],
        circumstances=[{"group": "disability", "from_on": "2026-01-01"}],
    )  # fmt: skip
    child_id = child["id"]
    assert (await offer(sa_pa_village_collaborator, child_id, child["row_version"])).status_code == 403
    offered = await offer(sa_pa_officer, child_id, child["row_version"])
    assert offered.status_code == 201, offered.text
    move = offered.json()
    assert (move["status"], move["to_commune_id"], move["child_id"]) == ("offered", TA_LENG, child_id)
    again = await offer(sa_pa_officer, child_id, child["row_version"])
    assert (again.status_code, code_of(again)) == (409, "move_offered")
    (seen,) = (await ta_leng_officer.get("/child-moves")).json()["items"]
    assert (seen["id"], seen["child_id"], seen["child"]["full_name"]) == (move["id"], None, child["full_name"])
    assert await tasks_of(ta_leng_officer) == ["child_move.answer"]
    assert (await ta_leng_officer.get(f"/children/{child_id}")).status_code == 404
    assert (await ta_van_officer.get(f"/child-moves/{move['id']}")).status_code == 404
    assert (await sa_pa_officer.get(f"/children/{child_id}")).json()["household_id"] == household

    elsewhere = await answer(ta_leng_officer, move["id"], "accept", village_id=TA_VAN_VILLAGE)
    assert (elsewhere.status_code, elsewhere.json()["errors"][0]["pointer"]) == (422, "/village_id")
    taken = await answer(ta_leng_officer, move["id"], "accept")
    assert taken.status_code == 200, taken.text
    record = (await ta_leng_officer.get(f"/children/{child_id}")).json()
    assert (record["commune_id"], record["village_id"], record["household_id"], record["address"]) == (
        TA_LENG, None, None, "Bản Tả Lèng")  # fmt: skip
    assert [one["value"] for one in record["identifiers"]] == [IDENTIFIER["value"]]
    assert (await lai_chau_province_officer.get(f"/children/{child_id}")).status_code == 200
    for left in (sa_pa_officer, sa_pa_village_collaborator, lao_cai_province_officer):
        assert (await left.get(f"/children/{child_id}")).status_code == 404
    history = (await ta_leng_officer.get(f"/children/{child_id}/history", params={"as_of": "2099-01-01"})).json()
    assert history["items"][0]["fields"]["commune_id"] == {"old": SA_PA, "new": TA_LENG}
    assert [one["action"] for one in history["items"]][-1] == "registered"
    tables = ("child_circumstances", "child_identifiers", "child_changes", "child_moves", "children")
    for table in tables:
        held = await rows(f"SELECT DISTINCT commune_id, village_id, province_id FROM {table}")  # noqa: S608 - from above
        assert [tuple(one) for one in held] == [(TA_LENG, None, LAI_CHAU)], table
    # The old book says where the child went.
    (sent,) = (await sa_pa_officer.get("/child-moves", params={"sent": "true"})).json()["items"]
    assert (sent["status"], sent["child_id"], sent["to_commune_id"]) == ("accepted", child_id, TA_LENG)
    assert await tasks_of(ta_leng_officer) == []
    assert [one["holder_province_id"] for one in await events("child.moved_away")] == [LAO_CAI]
    assert [one["holder_province_id"] for one in await events("child.arrived")] == [LAI_CHAU]


async def test_what_is_declined_or_withdrawn_stays_in_the_old_book(register, sa_pa_officer, ta_leng_officer, events):
    child = await register(sa_pa_officer)
    first = (await offer(sa_pa_officer, child["id"], child["row_version"])).json()["id"]
    assert (await answer(ta_leng_officer, first, "decline")).status_code == 422
    declined = await answer(ta_leng_officer, first, "decline", reason="Không có ở bản.")
    assert (declined.status_code, declined.json()["status"]) == (200, "declined")
    second = (await offer(sa_pa_officer, child["id"], child["row_version"])).json()["id"]
    back = f"/children/{child['id']}/moves/{second}/withdraw"
    withdrawn = await sa_pa_officer.post(back, json={"reason": "Ở lại."}, headers=tag(1))
    assert (withdrawn.status_code, withdrawn.json()["status"]) == (200, "withdrawn"), withdrawn.text
    assert code_of(await sa_pa_officer.post(back, json={"reason": "Ở lại."}, headers=tag(2))) == "move_answered"
    assert (await ta_leng_officer.get("/child-moves")).json()["items"] == []
    assert await tasks_of(ta_leng_officer) == []
    assert (await answer(ta_leng_officer, second, "accept")).status_code == 404
    address = f"/children/{child['id']}/moves"
    first = (await sa_pa_officer.get(f"{address}?limit=1")).json()
    second = (await sa_pa_officer.get(f"{address}?limit=1&cursor={first['next_cursor']}")).json()
    assert [one["status"] for one in first["items"] + second["items"]] == ["declined", "withdrawn"]
    assert second["next_cursor"] is None
    assert (await sa_pa_officer.get(f"/children/{child['id']}")).json()["row_version"] == child["row_version"]
    assert len(await events("child.move_declined")) == len(await events("child.move_withdrawn")) == 1


async def test_a_child_moves_elsewhere_and_not_without_its_case(register, sa_pa_officer, sa_pa_leader):
    child = await register(sa_pa_officer)
    for fault, change in (
        ({"/residence": "own_commune"}, {"residence": {"unit_id": SA_PA}}),
        ({"/moved_on": "in_future"}, {"moved_on": "2099-01-01"}),
        ({"/moved_on": "too_early"}, {"moved_on": "2001-01-01"}),
    ):
        assert faults_of(await offer(sa_pa_officer, child["id"], child["row_version"], **change)) == fault
    nowhere = await offer(sa_pa_officer, child["id"], child["row_version"], residence={"text": "Đâu đó"})
    assert (nowhere.status_code, code_of(nowhere)) == (409, "residence_unknown")
    assert (await offer(sa_pa_officer, child["id"], 99)).status_code == 412
    _, case_id, _ = await opened_case(sa_pa_officer, SA_PA)
    await File(case_id).do(sa_pa_officer, "/link-child", {"child_id": child["id"]})
    refused = await offer(sa_pa_officer, child["id"], child["row_version"])
    assert (refused.status_code, code_of(refused)) == (409, "moves_with_case")
    nobody = await offer(sa_pa_officer, str(uuid4()), 1)
    assert nobody.status_code == 404


@pytest.mark.committed
async def test_a_record_that_two_answer_at_once_is_in_one_book(register, sa_pa_officer, ta_van_officer,
                                                               ta_van_second_officer, rows):  # fmt: skip
    for _ in range(5):
        child = await register(sa_pa_officer)
        move = (await offer(sa_pa_officer, child["id"], 1, residence={"unit_id": TA_VAN})).json()["id"]
        back = f"/children/{child['id']}/moves/{move}/withdraw"
        codes = [
            one.status_code
            for one in await asyncio.gather(
                answer(ta_van_officer, move, "accept"),
                answer(ta_van_second_officer, move, "decline", reason="x"),
                sa_pa_officer.post(back, json={"reason": "x"}, headers=tag(1)),
            )
        ]
        (kept,) = await rows("SELECT status, commune_id FROM child_moves WHERE id = $1", move)
        (record,) = await rows("SELECT commune_id FROM children WHERE id = $1", child["id"])
        assert codes.count(200) == 1, codes
        assert set(codes) <= {200, 404, 409, 412}, codes
        assert record["commune_id"] == kept["commune_id"] == (TA_VAN if kept["status"] == "accepted" else SA_PA)
        assert not await rows(
            "SELECT FROM tasks WHERE subject_id = $1 AND done_at IS NULL AND cancelled_at IS NULL", move
        )
