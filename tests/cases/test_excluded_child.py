"""Who is kept from a case reads of the child what any register says, and takes no record away from its case."""

from tests.answers import code_of
from tests.cases.stories import TRANSFER, File, keyed, tag
from tests.people import PEOPLE, SA_PA_OTHER_VILLAGE, SA_PA_VILLAGE, TA_LENG

LABOUR = {"group": "exploited", "subgroup": "exploited.illegal_labour", "from_on": "2024-01-01"}
CHILD = {"full_name": "Vàng A Pao", "sex": "male", "born_on": "2018-05-12", "village_id": SA_PA_VILLAGE}
MOVE = {"residence": {"unit_id": TA_LENG}, "moved_on": "2026-11-01"}


async def registered(case_id, officer) -> tuple[File, str]:
    file = File(case_id)
    body = {"child": CHILD | {"circumstances": [LABOUR]}}
    return file, (await file.do(officer, "/register-child", body))["child_id"]


async def excluded(leader, case_id, who: str) -> None:
    body = {"user_id": str(PEOPLE[who].id), "reason": "Là chú ruột của cháu."}
    answer = await leader.post(f"/cases/{case_id}/exclusions", json=body)
    assert answer.status_code == 201, answer.text


async def follow_tasks(who) -> list[str]:
    items = (await who.get("/tasks", params={"whose": "my_unit"})).json()["items"]
    return [one["subject_id"] for one in items if one["rule"] == "case.follow_child"]


async def test_of_a_childs_record_the_excluded_read_nothing_that_the_case_put_there(
    case_id,
    sa_pa_officer,
    sa_pa_second_officer,
    sa_pa_leader,
    sa_pa_village_collaborator,
    lao_cai_province_officer,
    rows,
):
    _, child_id = await registered(case_id, sa_pa_officer)
    kept = {
        "sa_pa_second_officer": sa_pa_second_officer,
        "sa_pa_village_collaborator": sa_pa_village_collaborator,
        "lao_cai_province_officer": lao_cai_province_officer,
    }
    for named in (False, True):
        for key, who in kept.items():
            if named:
                await excluded(sa_pa_leader, case_id, key)
            answer = await who.get(f"/children/{child_id}")
            assert (answer.status_code, answer.json()["born_on"]) == (200, CHILD["born_on"])
            assert bool(answer.json()["circumstances"]) is not named, key
            for query in ("group=exploited", f"group=exploited&q={CHILD['full_name']}", "circumstances=special"):
                shown = (await who.get(f"/children?{query}&include=total")).json()
                assert ([one["id"] for one in shown["items"]] == [child_id]) is not named, (key, query)
                assert (shown["total"] == 1) is not named, (key, query)
            history = await who.get(f"/children/{child_id}/history?as_of=2030-01-01")
            assert ("illegal_labour" in history.text) is not named, key
    assert (await sa_pa_officer.get(f"/children/{child_id}")).json()["circumstances"]
    # Who else looks at the child is not told, either.
    log = (await sa_pa_second_officer.get(f"/children/{child_id}/access-log")).json()["items"]
    assert {one["actor_id"] for one in log} == {str(PEOPLE["sa_pa_second_officer"].id)}
    everybodys = (await sa_pa_leader.get(f"/children/{child_id}/access-log")).json()["items"]
    assert len({one["actor_id"] for one in everybodys}) > 2

    # What is kept from them follows all the same where they write.
    version = (await sa_pa_second_officer.get(f"/children/{child_id}")).headers["ETag"]
    moved = await sa_pa_second_officer.patch(
        f"/children/{child_id}", json={"village_id": SA_PA_OTHER_VILLAGE}, headers={"If-Match": version}
    )
    assert moved.status_code == 200, moved.text
    for table in ("child_circumstances", "child_changes"):
        held = await rows(f"SELECT DISTINCT village_id FROM {table} WHERE child_id = $1", child_id)  # noqa: S608
        assert [one["village_id"] for one in held] == [SA_PA_OTHER_VILLAGE], table


async def test_a_record_offered_by_whoever_does_not_see_its_case_waits_for_the_case(
    case_id, clock, sa_pa_officer, sa_pa_second_officer, sa_pa_leader, ta_leng_officer, ta_leng_leader, rows
):
    file, child_id = await registered(case_id, sa_pa_officer)
    version = (await sa_pa_officer.get(f"/children/{child_id}")).json()["row_version"]

    async def offer(who):
        return await who.post(f"/children/{child_id}/move", json=MOVE, headers=tag(version) | keyed())

    async def accept(move_id: str):
        return await ta_leng_officer.post(f"/child-moves/{move_id}/accept", json={}, headers=tag(1) | keyed())

    assert code_of(await offer(sa_pa_officer)) == "moves_with_case"
    await excluded(sa_pa_leader, case_id, "sa_pa_second_officer")
    offered = await offer(sa_pa_second_officer)
    assert (offered.status_code, offered.json()["status"]) == (201, "offered"), offered.text
    move = offered.json()["id"]
    waiting = await accept(move)
    assert (waiting.status_code, code_of(waiting)) == (409, "move_waits")
    assert (await follow_tasks(sa_pa_leader), await follow_tasks(sa_pa_second_officer)) == ([str(case_id)], [])
    own = (await sa_pa_second_officer.get(f"/children/{child_id}/moves")).json()["items"]
    assert [one["id"] for one in own] == [move]
    back = f"/children/{child_id}/moves/{move}/withdraw"
    assert (await sa_pa_second_officer.post(back, json={"reason": "x"}, headers=tag(1))).status_code == 200
    assert await follow_tasks(sa_pa_leader) == []

    declined = (await offer(sa_pa_second_officer)).json()["id"]
    no = await ta_leng_officer.post(f"/child-moves/{declined}/decline", json={"reason": "x"}, headers=tag(1) | keyed())
    assert (no.status_code, await follow_tasks(sa_pa_leader)) == (200, [])

    # The leader sees to it: the case goes, and takes the record along.
    move = (await offer(sa_pa_second_officer)).json()["id"]
    await file.do(sa_pa_officer, "/progress-notes", {"note": "x"})
    assert await follow_tasks(sa_pa_leader) == [str(case_id)]
    there = TRANSFER | {"residence": {"unit_id": TA_LENG}}
    transfer = (await file.do(sa_pa_leader, "/transfer", there))["id"]
    taken = await ta_leng_leader.post(f"/transfers/{transfer}/accept", json={}, headers=tag(1) | keyed())
    assert taken.status_code == 200, taken.text
    assert (await ta_leng_officer.get(f"/children/{child_id}")).status_code == 200
    [row] = await rows("SELECT status, commune_id FROM child_moves WHERE id = $1", move)
    assert tuple(row) == ("accepted", TA_LENG)
    assert (await ta_leng_officer.get("/child-moves")).json()["items"] == []
    about = (move, str(case_id))
    assert not await rows(
        "SELECT FROM tasks WHERE subject_id = ANY ($1) AND rule_code IN ('child_move.answer', 'case.follow_child')"
        " AND done_at IS NULL AND cancelled_at IS NULL",
        about,
    )


async def test_an_offer_made_before_its_case_waits_as_well(
    case_id, sa_pa_officer, sa_pa_leader, sa_pa_second_officer, ta_leng_officer
):
    child = (await sa_pa_officer.post("/children", json=CHILD)).json()
    offered = await sa_pa_officer.post(
        f"/children/{child['id']}/move", json=MOVE, headers=tag(child["row_version"]) | keyed()
    )
    file = File(case_id)
    await file.do(sa_pa_officer, "/link-child", {"child_id": child["id"]})
    assert await follow_tasks(sa_pa_leader) == [str(case_id)]
    path = f"/child-moves/{offered.json()['id']}/accept"
    assert code_of(await ta_leng_officer.post(path, json={}, headers=tag(1) | keyed())) == "move_waits"
    # Moves of a child whose case names somebody are no longer shown to them, unless they made them.
    sent = {"sent": "true"}
    assert len((await sa_pa_second_officer.get("/child-moves", params=sent)).json()["items"]) == 1
    await excluded(sa_pa_leader, case_id, "sa_pa_second_officer")
    assert (await sa_pa_second_officer.get("/child-moves", params=sent)).json()["items"] == []
    assert len((await sa_pa_officer.get("/child-moves", params=sent)).json()["items"]) == 1


async def test_a_record_that_came_tells_nothing_of_a_case_that_stayed(
    case_id, sa_pa_officer, ta_leng_officer, lai_chau_province_officer, rows
):
    _, child_id = await registered(case_id, sa_pa_officer)
    await rows("UPDATE cases SET status = 'closed', closed_at = now(), closed_by = opened_by WHERE id = $1", case_id)
    record = (await sa_pa_officer.get(f"/children/{child_id}")).json()
    headers = tag(record["row_version"]) | keyed()
    move = (await sa_pa_officer.post(f"/children/{child_id}/move", json=MOVE, headers=headers)).json()["id"]

    async def kinds(who) -> set[str]:
        log = (await who.get(f"/children/{child_id}/access-log", params={"limit": 200})).json()["items"]
        return {one["subject_kind"] for one in log}

    assert {"child", "case"} <= await kinds(sa_pa_officer)
    taken = await ta_leng_officer.post(f"/child-moves/{move}/accept", json={}, headers=tag(1) | keyed())
    assert taken.status_code == 200, taken.text
    for who in (ta_leng_officer, lai_chau_province_officer):
        assert "child" in await kinds(who)
        assert not {"case", "intake"} & await kinds(who)
