"""A child of another commune stands in front of an officer, and cannot wait."""

import asyncio
from urllib.parse import quote

import pytest
from tests.answers import code_of, faults_of
from tests.cases.stories import TRANSFER, File, keyed, tag
from tests.people import HOANG_MAI, LAI_CHAU, LAO_CAI, PEOPLE, SA_PA, TA_LENG

from childcare_api.cases.jobs import forget_glass_attempts

WHY = {"X-Action-Reason": quote("Cháu bị thương, đang ở trạm y tế Tả Lèng.")}
CHILD = {"full_name": "Vàng Thị Mỷ Chải", "sex": "female", "born_on": "2018-05-12"}
BY_NAME = {"full_name": "Vang Thi My Chai", "born_on": "2018-05-12", "province_id": LAO_CAI}


async def break_it(who, body: dict, headers=WHY):
    return await who.post("/broken-glasses", json=body, headers=headers | keyed())


async def test_whoever_knows_the_child_reads_it_for_some_hours_and_its_commune_looks_into_it(
    case_id, clock, sa_pa_officer, sa_pa_leader, ta_leng_officer, ta_leng_leader, events, database
):
    file = File(case_id)
    linked = await file.do(sa_pa_officer, "/register-child", {"child": CHILD})
    child_id = linked["child_id"] if "child_id" in linked else linked["about_id"]
    # Neither is opened to another commune.
    notice = {"institution": "Trại giam số 2", "measure": "imprisonment", "release_on": "2026-12-01"}
    await file.do(sa_pa_officer, "/release-notices", notice)
    asked = {"matter": "criminal", "child_role": "witness", "asked": "information", "authority": "Công an tỉnh"}
    await file.do(sa_pa_officer, "/proceedings", asked)
    bare = await break_it(ta_leng_officer, BY_NAME, {})
    assert (bare.status_code, code_of(bare)) == (400, "reason_required")
    broken = await break_it(ta_leng_officer, BY_NAME)
    assert broken.status_code == 201, broken.text
    address = f"/broken-glasses/{broken.json()['id']}/child"
    seen = await ta_leng_officer.get(address)
    assert (seen.status_code, seen.json()["child"]["full_name"]) == (200, CHILD["full_name"]), seen.text
    [case] = seen.json()["cases"]
    assert (case["id"], [one["kind"] for one in case["acts"]]) == (str(case_id), ["opening", "child_linked"])
    # Nobody else does, and nothing else opens to whoever broke it.
    assert (await ta_leng_leader.get(address)).status_code == 404
    for other in (f"/children/{child_id}", f"/cases/{case_id}", f"/cases/{case_id}/timeline"):
        assert (await ta_leng_officer.get(other)).status_code == 404
    assert (await ta_leng_officer.get("/cases", params={"shared": "true"})).json()["items"] == []

    [task] = [one for one in (await sa_pa_leader.get("/tasks")).json()["items"] if one["rule"] == "glass.review"]
    [listed] = (await sa_pa_leader.get("/broken-glasses")).json()["items"]
    assert (listed["user_id"], listed["breaker_unit_id"], listed["child_id"]) == (
        str(PEOPLE["ta_leng_officer"].id),
        TA_LENG,
        child_id,
    )
    assert (await ta_leng_officer.get("/broken-glasses")).json()["items"] == []
    review = f"/broken-glasses/{listed['id']}/review"
    assert (await sa_pa_officer.post(review, json={"note": "x"}, headers=tag(1))).status_code == 403
    done = await sa_pa_leader.post(review, json={"note": "Đã gọi, đúng sự việc."}, headers=tag(listed["row_version"]))
    assert (done.status_code, done.json()["reviewed_by"]) == (200, str(PEOPLE["sa_pa_leader"].id))
    again = await sa_pa_leader.post(review, json={"note": "x"}, headers=tag(done.json()["row_version"]))
    assert (again.status_code, code_of(again)) == (409, "already_reviewed")
    rules = [one["rule"] for one in (await sa_pa_leader.get("/tasks")).json()["items"]]
    assert task["rule"] not in rules
    # Why it was read tells of the case: not to whom the case names.
    assert [one["id"] for one in (await sa_pa_officer.get("/broken-glasses")).json()["items"]] == [listed["id"]]
    named = {"user_id": str(PEOPLE["sa_pa_officer"].id), "reason": "Là chú ruột của cháu."}
    assert (await sa_pa_leader.post(f"/cases/{case_id}/exclusions", json=named)).status_code == 201
    assert (await sa_pa_officer.get("/broken-glasses")).json()["items"] == []

    [told] = await events("child.glass_broken")
    assert (told["holder_commune_id"], told["actor_commune_id"]) == (SA_PA, TA_LENG)
    # A browser sends Latin-1 alone, so the reason came percent-encoded; it is read in words.
    assert (told["reason"], listed["reason"]) == ("Cháu bị thương, đang ở trạm y tế Tả Lèng.",) * 2
    assert len(await events("child.read_through_glass")) == 1
    assert len(await events("child.broken_glass_reviewed")) == 1
    # Past its hours the glass is whole again: by the product's clock, and by the database's own.
    clock.forward(hours=5)
    assert (await ta_leng_officer.get(address)).status_code == 404
    clock.forward(hours=-5)
    async with database.as_superuser() as connection:
        await connection.execute(
            "UPDATE broken_glasses SET broken_at = now() - interval '5 hours', expires_at = now() - interval '1 hour'"
        )
        await connection.execute(
            f"SET LOCAL app.actor_id = '{PEOPLE['ta_leng_officer'].id}'; SET LOCAL ROLE childcare_commune_granted"
        )
        assert await connection.fetchval("SELECT count(*) FROM children") == 0
        await connection.execute("SET LOCAL ROLE NONE; SET LOCAL app.actor_id = ''")


async def test_who_is_not_known_exactly_is_nobody(
    sa_pa_officer, ta_leng_officer, lao_cai_province_officer, clock, database, rows
):
    made = (await sa_pa_officer.post("/children", json=CHILD)).json()
    paper = {"kind": "personal_id", "value": "015318000123"}
    await sa_pa_officer.post(f"/children/{made['id']}/identifiers", json=paper, headers=tag(made["row_version"]))
    for wrong in (
        BY_NAME | {"born_on": "2018-05-13"},
        BY_NAME | {"full_name": "Vang Thi My"},
        BY_NAME | {"province_id": LAI_CHAU},
        {"identifier": paper | {"value": "015318000124"}},
    ):
        answer = await break_it(ta_leng_officer, wrong)
        assert (answer.status_code, code_of(answer)) == (404, "child_not_identified"), wrong
    for malformed in ({}, {"full_name": "Vàng"}, BY_NAME | {"identifier": paper}):
        assert faults_of(await break_it(ta_leng_officer, malformed)) == {"": "one_way_to_know_the_child"}
    assert (await break_it(lao_cai_province_officer, BY_NAME)).status_code == 403
    own = await break_it(sa_pa_officer, BY_NAME)
    assert (own.status_code, code_of(own)) == (409, "child_is_yours")
    assert (await break_it(ta_leng_officer, {"identifier": paper})).status_code == 201
    twin = await sa_pa_officer.post("/children", json=CHILD)
    assert twin.status_code == 201
    assert (await break_it(ta_leng_officer, BY_NAME)).status_code == 404
    # Ten tries, right or wrong; one that is repeated under its key is the same try.
    for _ in range(4):
        once = WHY | keyed()
        for _ in range(2):
            again = await ta_leng_officer.post("/broken-glasses", json={"identifier": paper}, headers=once)
            assert again.status_code == 201
    too_many = await break_it(ta_leng_officer, {"identifier": paper})
    assert (too_many.status_code, code_of(too_many)) == (429, "too_many_requests")
    assert too_many.headers["RateLimit-Policy"] == '"attempts";q=10'
    assert len(await rows("SELECT id FROM broken_glasses")) == 5
    # Tries are forgotten after a month; none that still counts, whatever the product's clock says.
    await rows(
        "UPDATE glass_attempts SET attempted_at = now() - interval '29 days' WHERE id IN"
        " (SELECT id FROM glass_attempts WHERE user_id = $1 LIMIT 3)",
        PEOPLE["ta_leng_officer"].id,
    )
    for later, kept in ((0, 10), (2, 7), (60, 7)):
        clock.forward(days=later)
        await forget_glass_attempts(database)
        left = "SELECT FROM glass_attempts WHERE user_id = $1"
        assert len(await rows(left, PEOPLE["ta_leng_officer"].id)) == kept


async def moving(who, child: dict, to: int) -> str:
    """Offer the child's record to another commune; return the id of the move."""
    body = {"residence": {"unit_id": to}, "moved_on": "2026-11-01"}
    offered = await who.post(f"/children/{child['id']}/move", json=body, headers=tag(child["row_version"]) | keyed())
    assert offered.status_code == 201, offered.text
    return offered.json()["id"]


async def taking(who, move_id: str):
    return await who.post(f"/child-moves/{move_id}/accept", json={}, headers=tag(1) | keyed())


async def reviews_of(who) -> list[str]:
    tasks = (await who.get("/tasks", params={"whose": "my_unit"})).json()["items"]
    return [task["subject_id"] for task in tasks if task["rule"] == "glass.review"]


async def test_who_holds_the_child_looks_into_it_also_where_it_moved_afterwards(
    sa_pa_officer, sa_pa_leader, ta_leng_officer, hoang_mai_officer, hoang_mai_leader
):
    child = (await sa_pa_officer.post("/children", json=CHILD)).json()
    glass = (await break_it(ta_leng_officer, BY_NAME)).json()["id"]
    assert await reviews_of(sa_pa_leader) == [glass]
    assert (await taking(hoang_mai_officer, await moving(sa_pa_officer, child, HOANG_MAI))).status_code == 200
    assert (await reviews_of(sa_pa_leader), await reviews_of(hoang_mai_leader)) == ([], [glass])
    note = {"note": "Đã hỏi Tả Lèng."}
    done = await hoang_mai_leader.post(f"/broken-glasses/{glass}/review", json=note, headers=tag(1))
    assert done.status_code == 200, done.text
    assert await reviews_of(hoang_mai_leader) == []


async def test_who_looks_into_it_does_so_by_the_promise_of_the_own_office(
    clock, sa_pa_officer, sa_pa_leader, ta_leng_officer, ta_leng_leader, rows
):
    """Whoever breaks it does not know whose child it is, nor by whose word the clock runs."""
    assert (await sa_pa_officer.post("/children", json=CHILD)).status_code == 201
    path = "/clock-rules/glass.review/shorter"
    for leader, length, runs_by in ((ta_leng_leader, 1, None), (sa_pa_leader, 1, 1), (sa_pa_leader, None, None)):
        clock.forward(minutes=1)
        assert (await leader.post(path, json={"length": length, "reason": "x"})).status_code == 200
        assert (await break_it(ta_leng_officer, BY_NAME)).status_code == 201
        tasks = await rows("SELECT length, due_at FROM tasks WHERE rule_code = 'glass.review' ORDER BY created_at DESC")
        assert tasks[0]["length"] == runs_by
    first, second = (one["due_at"] for one in reversed(tasks[1:]))
    assert first > second, "one working day instead of two"


async def test_who_is_kept_from_a_case_does_not_find_the_child_where_it_went(
    case_id, sa_pa_officer, sa_pa_second_officer, sa_pa_leader, ta_van_leader
):
    """An officer did the harm, and the child was brought to another commune: the glass must not tell where."""
    file = File(case_id)
    await file.do(sa_pa_officer, "/register-child", {"child": CHILD})
    party = {"role": "alleged_harm_doer", "relation": "other_relative"}
    await file.do(sa_pa_officer, "/parties", party | {"user_id": str(PEOPLE["sa_pa_second_officer"].id)})
    offered = (await file.do(sa_pa_leader, "/transfer", TRANSFER))["id"]
    taken = await ta_van_leader.post(f"/transfers/{offered}/accept", json={}, headers=tag(1) | keyed())
    assert taken.status_code == 200, taken.text
    nobody = await break_it(sa_pa_second_officer, BY_NAME)
    assert (nobody.status_code, code_of(nobody)) == (404, "child_not_identified")
    glass = (await break_it(sa_pa_officer, BY_NAME)).json()["id"]
    address = f"/broken-glasses/{glass}/child"
    assert (await sa_pa_officer.get(address)).status_code == 200
    # The case is led elsewhere; the report is still Sa Pa's.
    report = taken.json()["intake_id"]
    declared = await sa_pa_officer.post(f"/intakes/{report}/declare-conflict", json={"reason": "x"}, headers=keyed())
    assert declared.status_code == 201, declared.text
    assert (await sa_pa_officer.get(address)).status_code == 404


@pytest.mark.committed
async def test_breaking_it_while_the_child_moves_and_more_often_than_one_may(
    sa_pa_officer, ta_leng_officer, ta_leng_leader, hoang_mai_officer, rows
):
    people = (sa_pa_officer, ta_leng_officer, ta_leng_leader, hoang_mai_officer)
    await asyncio.gather(*(one.get("/me") for one in people))
    known = []
    for number in range(4):
        paper = {"kind": "personal_id", "value": f"01531800020{number}"}
        child = (await sa_pa_officer.post("/children", json=CHILD | {"identifiers": [paper]})).json()
        move = await moving(sa_pa_officer, child, HOANG_MAI)
        known.append({"identifier": paper})
        taken, *broken = await asyncio.gather(
            taking(hoang_mai_officer, move), *(break_it(ta_leng_officer, known[-1]) for _ in range(2))
        )
        assert [one.status_code for one in (taken, *broken)] == [200, 201, 201], [one.text for one in broken]
    more = await asyncio.gather(*(break_it(ta_leng_officer, one) for one in known * 2))
    assert sorted(one.status_code for one in more) == [201] * 2 + [429] * 6
    guessed = await asyncio.gather(
        *(break_it(ta_leng_leader, BY_NAME | {"born_on": f"2018-06-{n:02}"}) for n in range(1, 15))
    )
    assert sorted(one.status_code for one in guessed) == [404] * 10 + [429] * 4
    glasses = await rows(
        "SELECT g.commune_id, t.commune_id AS task, c.commune_id AS child FROM broken_glasses g"
        " JOIN children c ON c.id = g.child_id JOIN tasks t ON t.subject_id = g.id"
    )
    assert len(glasses) == 10
    assert {(one["commune_id"], one["task"], one["child"]) for one in glasses} == {(HOANG_MAI,) * 3}
