"""Who is a party or related in a commune that reads a case of another by grant sees nothing of it either."""

from datetime import UTC, datetime

import asyncpg
import pytest
from tests.answers import code_of, faults_of
from tests.cases.moving import answer
from tests.cases.stories import REFERRAL, TRANSFER, File, keyed, tag
from tests.cases.test_breaking_the_glass import break_it
from tests.cases.test_carer_harms import in_care_of_ta_van
from tests.cases.test_excluded_child import registered
from tests.cases.test_gate import standing_as
from tests.cases.test_sealed_and_followed import UNPLANNED, sealed, tell_here, waiting
from tests.cases.test_sealed_from_others import addresses
from tests.people import LAO_CAI, PEOPLE, SA_PA, TA_LENG, TA_VAN

from childcare_api.shared.ids import new_id

WHY = {"reason": "Là cô ruột của cháu."}
BY_NAME = {"full_name": "Vàng A Pao", "born_on": "2018-05-12", "province_id": LAO_CAI}


@pytest.fixture(autouse=True)
def _november(clock):
    clock.set(datetime(2026, 11, 20, 3, tzinfo=UTC))


async def steps_back(who, case_id) -> dict:
    """Step back from a case, and be told so again where the answer was lost."""
    headers = keyed()
    said, again = [await who.post(f"/cases/{case_id}/declare-conflict", json=WHY, headers=headers) for _ in range(2)]
    assert (said.status_code, said.json()["ground"]) == (201, "declared"), said.text
    assert (again.status_code, again.json()) == (201, said.json()), again.text
    return said.json()


async def test_who_follows_a_child_in_care_steps_back_and_has_nothing_of_its_case(
    app, case_id, sa_pa_officer, ta_van_officer, ta_van_second_officer, ta_van_leader, speak_as, events, rows
):
    """The carer is their cousin: at no address, in no list and by no glass is anything of the case theirs."""
    _, child_id = await registered(case_id, sa_pa_officer)
    there, path = await in_care_of_ta_van(case_id, sa_pa_officer, ta_van_officer, ta_van_leader)
    visit = await there.do(ta_van_officer, f"{path}/visits", UNPLANNED)
    referral = await File(case_id).do(sa_pa_officer, "/referrals", REFERRAL)
    asked = await File(case_id).do(sa_pa_officer, "/placement-requests", {"commune_id": TA_VAN, "message": "Nhà cô."})
    report = await ta_van_leader.post("/care-reports", json={"year": 2026, "half": 2})
    (placed,) = await rows("SELECT carer_id FROM case_placements")
    ids = {"case_id": case_id, "placement_id": path.removeprefix("/placements/"), "request_id": asked["id"]}
    ids |= {"step_id": visit["id"], "report_id": report.json()["id"], "carer_id": placed["carer_id"]}
    ids |= {"child_id": child_id, "referral_id": referral["id"]}
    steps = await rows("SELECT id FROM case_steps WHERE case_id = $1", case_id)
    grants = await rows("SELECT id FROM case_grants WHERE case_id = $1", case_id)
    secrets = {str(case_id), child_id, "Vàng A Pao", "V. A. P."} | {str(one["id"]) for one in (*steps, *grants)}
    lists = ("/tasks?whose=my_unit&limit=200", f"/tasks?case_id={case_id}&whose=my_unit", "/cases?shared=true",
             f"/tasks?whose=my_unit&subject_id={asked['id']}", "/children-in-care?overdue=false",
             "/referrals")  # fmt: skip
    for where in lists:
        told = await ta_van_officer.get(where)
        assert {secret for secret in secrets if secret in told.text}, where

    said = await steps_back(ta_van_officer, case_id)
    ids["exclusion_id"] = said["id"]
    for where in lists:
        told = await ta_van_officer.get(where)
        assert (told.status_code, {secret for secret in secrets if secret in told.text}) == (200, set()), where
    tried = 0
    for operation in addresses(app):
        told = await operation.ask(ta_van_officer, **ids)
        assert not {secret for secret in secrets if secret in told.text}, (operation.id, told.text)
        if "{case_id}" in operation.path:
            stranger = await operation.ask(speak_as("ta_leng_officer"), **ids)
            assert (told.status_code, code_of(told)) == (stranger.status_code, code_of(stranger)), operation.id
            tried += 1
    assert tried > 100
    nobody = await break_it(ta_van_officer, BY_NAME)
    assert (nobody.status_code, code_of(nobody)) == (404, "child_not_identified")
    # The others there go on, and so does who leads it, who reads why.
    assert (await ta_van_second_officer.get(f"/cases/{case_id}{path}/visits")).status_code == 200
    assert await waiting(ta_van_second_officer, case_id, "mine") != {}
    (kept,) = (await sa_pa_officer.get(f"/cases/{case_id}/exclusions")).json()["items"]
    assert (kept["id"], kept["reason"], kept["named_by"]) == (said["id"], WHY["reason"], kept["user_id"])
    (event,) = await events("case.person_excluded")
    assert (event["holder_commune_id"], event["actor_unit_id"], event["subject_id"]) == (SA_PA, TA_VAN, str(case_id))
    assert event["detail"] == {"exclusion_id": said["id"], "user_id": kept["user_id"], "ground": "declared"}


async def test_one_steps_back_whatever_the_grant_is_for(
    assessed_report, case_id, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_leader, ta_leng_officer
):
    report = await assessed_report(emergency=False, relation="neighbour")
    opened = (await report.open(sa_pa_officer, residence={"unit_id": TA_VAN})).json()["cases"][0]["id"]
    # Where it happened: the case of another commune, and the own report behind it.
    await steps_back(sa_pa_leader, opened)
    for gone in (f"/cases/{opened}", f"/intakes/{report.id}"):
        assert [(await who.get(gone)).status_code for who in (sa_pa_leader, sa_pa_officer)] == [404, 200]
    # What a leader opened, alone or beside a question; nobody to whom nothing was, who was asked at most.
    file = File(case_id)
    await file.do(sa_pa_officer, "/referrals", REFERRAL)
    for who, commune in ((ta_leng_officer, TA_LENG), (ta_van_officer, TA_VAN)):
        unknown = await who.post(f"/cases/{case_id}/declare-conflict", json=WHY, headers=keyed())
        assert (unknown.status_code, code_of(unknown)) == (404, "not_found")
        await file.do(sa_pa_leader, "/grants", {"commune_id": commune, "kinds": ["review"], "reason": "Bà ở đó."})
        assert (await who.get(f"/cases/{case_id}")).status_code == 200
        await steps_back(who, case_id)
        for below in ("", "/timeline", "/parties"):
            assert (await who.get(f"/cases/{case_id}{below}")).status_code == 404
        again = await who.post(f"/cases/{case_id}/declare-conflict", json=WHY, headers=keyed())
        assert (again.status_code, code_of(again)) == (404, "not_found")
    assert (await ta_van_officer.get("/referrals")).json()["items"] == []
    # Who gave it away, and goes on reading what was there while it led.
    offered = (await file.do(sa_pa_leader, "/transfer", TRANSFER))["id"]
    assert (await answer(ta_van_leader, offered, "accept")).status_code == 200
    assert (await sa_pa_officer.get(f"/cases/{case_id}")).status_code == 200
    await steps_back(sa_pa_officer, case_id)
    assert (await sa_pa_officer.get(f"/cases/{case_id}")).status_code == 404
    assert (await file.post(sa_pa_officer, "/progress-notes", {"note": "x"})).status_code == 404
    kept = (await ta_van_leader.get(f"/cases/{case_id}/exclusions")).json()["items"]
    assert {one["user_id"] for one in kept} == {
        str(PEOPLE[one].id) for one in ("ta_leng_officer", "ta_van_officer", "sa_pa_officer")
    }


async def test_of_what_is_sealed_who_sees_it_steps_back_and_nobody_for_them(
    case_id, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_leader, ta_van_second_officer, database
):
    _, path = await in_care_of_ta_van(case_id, sa_pa_officer, ta_van_officer, ta_van_leader)
    await sealed(sa_pa_leader, case_id)
    unseen = await ta_van_second_officer.post(f"/cases/{case_id}/declare-conflict", json=WHY, headers=keyed())
    assert (unseen.status_code, code_of(unseen)) == (404, "not_found")
    await tell_here(ta_van_leader, case_id, "ta_van_officer")
    # The database itself: of what is sealed from somebody, of somebody else, of an own case, of one not granted.
    act = "SELECT exclude_elsewhere($1, $2, $3, 'x', now())"
    for who, whom, may in (
        ("ta_van_second_officer", "ta_van_second_officer", None),
        ("ta_van_officer", "ta_van_second_officer", None),
        ("ta_leng_leader", "ta_leng_leader", None),
        ("sa_pa_leader", "sa_pa_leader", None),
        ("ta_van_officer", "ta_van_officer", True),
    ):
        async with standing_as(database, who) as connection:
            assert await connection.fetchval(act, new_id(), case_id, PEOPLE[whom].id) is may, (who, whom)
    past_the_gate = "SELECT keep_from_all($1, $2, $3, 'declared', 'x', now())"
    async with standing_as(database, "ta_van_leader") as connection:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.fetchval(past_the_gate, new_id(), case_id, PEOPLE["ta_van_leader"].id)
    for who in (ta_van_officer, ta_van_leader):
        assert (await who.get(f"/cases/{case_id}{path}/visits")).status_code == 200
        await steps_back(who, case_id)
        assert (await who.get(f"/cases/{case_id}{path}/visits")).status_code == 404


async def test_the_leader_there_names_a_related_officer_and_lets_them_see_it_again(
    case_id, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_second_officer, ta_van_leader, ta_leng_leader, events
):
    _, path = await in_care_of_ta_van(case_id, sa_pa_officer, ta_van_officer, ta_van_leader)
    visits, exclusions = f"/cases/{case_id}{path}/visits", f"/cases/{case_id}/exclusions"

    async def names(who, key: str):
        return await who.post(exclusions, json=WHY | {"user_id": str(PEOPLE[key].id)}, headers=keyed())

    for key in ("sa_pa_officer", "lao_cai_province_officer", "ta_leng_officer"):
        assert faults_of(await names(ta_van_leader, key)) == {"/user_id": "no_such_record"}
    assert code_of(await names(ta_van_leader, "ta_van_leader")) == "own_exclusion"
    for who, status in ((ta_van_second_officer, 403), (ta_leng_leader, 404)):
        assert (await names(who, "ta_van_officer")).status_code == status
    named = await names(ta_van_leader, "ta_van_officer")
    assert (named.status_code, named.json()["ground"]) == (201, "related"), named.text
    assert code_of(await names(ta_van_leader, "ta_van_officer")) == "already_excluded"
    assert [(await who.get(visits)).status_code for who in (ta_van_officer, ta_van_second_officer)] == [404, 200]
    assert await waiting(ta_van_officer, case_id, "my_unit") == {}
    await steps_back(ta_van_second_officer, case_id)
    other = await names(sa_pa_leader, "sa_pa_second_officer")

    # Who leads the case sees all of them, the leader there whom that commune keeps from it.
    async def kept(who) -> dict[str, str]:
        items = (await who.get(f"{exclusions}?include=total")).json()
        assert items["total"] == len(items["items"])
        return {one["user_id"]: one["ground"] for one in items["items"]}

    theirs = {str(PEOPLE["ta_van_officer"].id): "related", str(PEOPLE["ta_van_second_officer"].id): "declared"}
    assert await kept(ta_van_leader) == theirs
    assert await kept(sa_pa_officer) == theirs | {str(PEOPLE["sa_pa_second_officer"].id): "related"}
    lift = f"{exclusions}/{named.json()['id']}/lift"
    assert (await ta_van_leader.post(lift, json=WHY)).status_code == 428
    assert (await ta_van_leader.post(lift, json=WHY, headers=tag(2))).status_code == 412
    for who, one in ((ta_leng_leader, named), (ta_van_leader, other)):
        away = await who.post(f"{exclusions}/{one.json()['id']}/lift", json=WHY, headers=tag(1))
        assert (away.status_code, code_of(away)) == (404, "not_found")
    lifted = await ta_van_leader.post(lift, json=WHY, headers=tag(1))
    assert (lifted.status_code, lifted.json()["lifted_by"]) == (200, str(PEOPLE["ta_van_leader"].id)), lifted.text
    assert (await ta_van_officer.get(visits)).status_code == 200
    # An officer there is told nothing of it.
    assert await kept(ta_van_officer) == {}
    again = await ta_van_leader.post(lift, json=WHY, headers=tag(2))
    assert (again.status_code, code_of(again)) == (409, "already_ended")
    (event,) = await events("case.exclusion_lifted")
    assert (event["holder_commune_id"], event["actor_unit_id"], event["subject_id"]) == (SA_PA, TA_VAN, str(case_id))
    assert event["detail"] == {"exclusion_id": named.json()["id"], "user_id": str(PEOPLE["ta_van_officer"].id)}


async def test_who_leads_the_case_keeps_people_of_a_granted_commune_from_it(
    case_id, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_leader, speak_as, database
):
    acting, exclusions = speak_as("ta_van_acting_leader"), f"/cases/{case_id}/exclusions"
    leader = WHY | {"user_id": str(PEOPLE["ta_van_leader"].id)}
    assert faults_of(await sa_pa_leader.post(exclusions, json=leader)) == {"/user_id": "no_such_record"}
    _, path = await in_care_of_ta_van(case_id, sa_pa_officer, ta_van_officer, ta_van_leader)
    visits = f"/cases/{case_id}{path}/visits"
    named = await sa_pa_leader.post(exclusions, json=leader)
    assert named.status_code == 201, named.text
    party = {"role": "alleged_harm_doer", "relation": "other_relative", "user_id": str(PEOPLE["ta_van_officer"].id)}
    await File(case_id).do(sa_pa_officer, "/parties", party)
    for who in (ta_van_leader, ta_van_officer):
        assert (await who.get(visits)).status_code == 404
        assert await waiting(who, case_id, "my_unit") == {}
    # Whoever acts there goes on, and neither reads nor lifts what others keep people from.
    assert (await acting.get(visits)).status_code == 200
    assert (await acting.get(exclusions)).json()["items"] == []
    lift = await acting.post(f"{exclusions}/{named.json()['id']}/lift", json=WHY, headers=tag(1))
    assert (lift.status_code, code_of(lift)) == (404, "not_found")
    again = await acting.post(exclusions, json=leader)
    assert (again.status_code, code_of(again)) == (409, "already_excluded")

    # The database itself, whoever asks it.
    asked = (
        ("exclude_elsewhere($1, $2, $3, 'x', now())", (new_id(), case_id, PEOPLE["ta_van_second_officer"].id)),
        ("lift_exclusion_elsewhere($1, $2, 'x', now())", (named.json()["id"], case_id)),
        ("works_where_granted($1, $2)", (PEOPLE["ta_van_second_officer"].id, case_id)),
        ("(SELECT count(*) FROM exclusions_named_here($1))", (case_id,)),
    )
    found = {
        "ta_van_second_officer": [True, False, False, 0],
        "ta_van_acting_leader": [True, False, False, 0],
        "ta_van_leader": [None, False, False, 0],
        "ta_leng_leader": [None, False, False, 0],
        "sa_pa_leader": [None, False, True, 0],
    }
    for key, expected in found.items():
        said = []
        for function, values in asked:
            async with standing_as(database, key) as connection:
                said.append(await connection.fetchval(f"SELECT {function}", *values))
        assert said == expected, key


async def test_what_everybody_there_is_kept_from_is_the_leaders_and_then_the_provinces(
    case_id, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_second_officer, ta_van_leader, speak_as
):
    """The child in care is not forgotten where all who should visit it step back; nor is it theirs where others may."""
    await in_care_of_ta_van(case_id, sa_pa_officer, ta_van_officer, ta_van_leader)
    await File(case_id).do(sa_pa_officer, "/referrals", REFERRAL)
    acting, province = speak_as("ta_van_acting_leader"), speak_as("lao_cai_province_officer")

    async def left(who) -> set[str]:
        return {one["rule"] for one in (await who.get("/tasks?limit=200")).json()["items"] if one["left_over"]}

    async def unseen() -> list[list[int]]:
        told = (await sa_pa_leader.get(f"/cases/{case_id}/confidentiality")).json()["warnings"]
        return [one["commune_ids"] for one in told if one["code"] == "unseen_elsewhere"]

    everybody = (ta_van_leader, acting, sa_pa_leader, province)
    await File(case_id).do(sa_pa_leader, "/transfer", TRANSFER)
    tasks = (await ta_van_officer.get("/tasks?limit=200")).json()["items"]
    theirs = {one["rule"] for one in tasks if one["rule"].startswith(("placement.", "referral."))}
    assert {"placement.visit_first", "referral.answer"} < theirs
    await steps_back(ta_van_officer, case_id)
    assert [await left(who) for who in everybody] == [set()] * 4
    await steps_back(ta_van_second_officer, case_id)
    assert [await left(who) for who in everybody] == [theirs, theirs, set(), set()]
    for who in (ta_van_leader, acting):
        assert (await left(province), await unseen()) == (set(), [])
        await steps_back(who, case_id)
    # Of what waits in Sa Pa nothing falls to the province: there they see it.
    assert await left(province) >= theirs | {"transfer.answer"}
    assert "case.assess" not in await left(province)
    assert (await left(sa_pa_leader), await unseen()) == (set(), [[TA_VAN]])


async def test_what_is_kept_from_who_leads_a_case_is_not_taken_from_who_follows_the_child(
    case_id, sa_pa_officer, sa_pa_second_officer, sa_pa_leader, ta_van_officer, ta_van_leader, lao_cai_province_officer
):
    await in_care_of_ta_van(case_id, sa_pa_officer, ta_van_officer, ta_van_leader)
    for who in (sa_pa_officer, sa_pa_second_officer, sa_pa_leader):
        await steps_back(who, case_id)
    tasks = (await lao_cai_province_officer.get("/tasks?limit=200")).json()["items"]
    assert {one["rule"] for one in tasks if one["left_over"]} == {"case.assess"}
    assert await waiting(ta_van_officer, case_id, "mine") != {}
