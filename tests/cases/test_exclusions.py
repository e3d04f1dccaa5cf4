"""Whoever is a party to a case, or related to one, sees nothing of it, whatever the role."""

import asyncio

import pytest
from tests.access.test_scope import actor_of
from tests.answers import code_of
from tests.cases.stories import ASSESSMENT, REFERRAL, TRANSFER, File, keyed, tag
from tests.people import PEOPLE, SA_PA, TA_VAN

from childcare_api.access import scope
from childcare_api.shared import clock as time

WHY = {"reason": "Là chú ruột của cháu."}


async def gone(who, case_id, intake_id) -> None:
    """Nothing of the case, its report, or its tasks is there for them."""
    for path in (
        f"/cases/{case_id}",
        f"/cases/{case_id}/timeline",
        f"/intakes/{intake_id}",
        f"/cases/{case_id}/parties",
    ):
        answer = await who.get(path)
        assert (answer.status_code, code_of(answer)) == (404, "not_found"), path
    assert (await who.get("/cases")).json()["items"] == []
    assert (await who.get("/intakes")).json()["items"] == []
    assert (await who.get("/tasks")).json()["items"] == []


async def test_a_related_officer_sees_nothing_of_the_case_its_report_its_siblings_and_its_tasks(
    assessed_report, sa_pa_officer, sa_pa_leader, lao_cai_province_officer, events, rows
):
    report = await assessed_report(emergency=True)
    cases = [one["id"] for one in (await report.open(sa_pa_officer)).json()["cases"]]
    await File(cases[0]).do(sa_pa_officer, "/assessments", ASSESSMENT)
    officer = str(PEOPLE["sa_pa_officer"].id)
    named = await sa_pa_leader.post(f"/cases/{cases[0]}/exclusions", json=WHY | {"user_id": officer})
    assert named.status_code == 201, named.text
    for case_id in cases:
        await gone(sa_pa_officer, case_id, report.id)
    writing = await sa_pa_officer.post(f"/cases/{cases[0]}/progress-notes", json={"note": "x"}, headers=tag(2))
    assert writing.status_code == 404
    # The others see what they saw, and who is kept from it.
    assert len((await sa_pa_leader.get("/cases")).json()["items"]) == len(cases)
    assert (await lao_cai_province_officer.get(f"/cases/{cases[0]}")).status_code == 200
    listed = await sa_pa_leader.get(f"/cases/{cases[1]}/exclusions?limit=1&include=total")
    assert (listed.json()["next_cursor"], listed.json()["total"]) == (None, 1)
    [one] = listed.json()["items"]
    assert (one["user_id"], one["ground"]) == (officer, "related")
    twice = await sa_pa_leader.post(f"/cases/{cases[0]}/exclusions", json=WHY | {"user_id": officer})
    assert (twice.status_code, code_of(twice)) == (409, "already_excluded")
    assert len(await events("case.person_excluded")) == 1
    # Parts are behind the same wall, whoever asks the database itself.
    assert {row["subject_kind"] for row in await rows("SELECT subject_kind FROM exclusions")} == {"case", "intake"}

    lifted = await sa_pa_leader.post(f"/cases/{cases[1]}/exclusions/{one['id']}/lift", json=WHY, headers=tag(1))
    assert (lifted.status_code, lifted.json()["lifted_by"]) == (200, str(PEOPLE["sa_pa_leader"].id))
    assert (await sa_pa_officer.get(f"/cases/{cases[0]}")).status_code == 200
    again = await sa_pa_leader.post(f"/cases/{cases[1]}/exclusions/{one['id']}/lift", json=WHY, headers=tag(2))
    assert (again.status_code, code_of(again)) == (409, "already_ended")
    assert len(await events("case.exclusion_lifted")) == 1


async def test_a_task_that_is_kept_from_every_officer_is_the_leaders_and_then_the_provinces(
    case_id, sa_pa_officer, sa_pa_leader, lao_cai_province_officer, ta_van_leader
):
    """Nothing falls between: whoever stands above sees to it that somebody may do it."""
    await File(case_id).do(sa_pa_officer, "/referrals", REFERRAL | {"commune_id": None, "body_name": "Trường Sa Pả"})
    officers_alone = {"case.assess", "referral.follow_up", "referral.carry_out"}

    async def own(who) -> dict[str, bool]:
        return {one["rule"]: one["left_over"] for one in (await who.get("/tasks")).json()["items"]}

    async def excluded(name: str) -> str:
        body = WHY | {"user_id": str(PEOPLE[name].id)}
        answer = await sa_pa_leader.post(f"/cases/{case_id}/exclusions", json=body, headers=keyed())
        assert answer.status_code == 201, answer.text
        return answer.json()["id"]

    first = await excluded("sa_pa_second_officer")
    assert not officers_alone & (await own(sa_pa_leader)).keys(), "the other officer has them"
    await excluded("sa_pa_officer")
    assert {rule: left for rule, left in (await own(sa_pa_leader)).items() if left} == dict.fromkeys(
        officers_alone, True
    )
    assert await own(ta_van_leader) == await own(lao_cai_province_officer) == {}
    lift = f"/cases/{case_id}/exclusions/{first}/lift"
    assert (await sa_pa_leader.post(lift, json=WHY, headers=tag(1))).status_code == 200
    assert not officers_alone & (await own(sa_pa_leader)).keys()
    await excluded("sa_pa_second_officer")

    away = await sa_pa_leader.post(f"/cases/{case_id}/declare-conflict", json=WHY, headers=keyed())
    assert away.status_code == 201
    assert await own(sa_pa_leader) == {}
    assert {rule for rule, left in (await own(lao_cai_province_officer)).items() if left} == officers_alone


async def test_what_the_leader_alone_decides_and_may_not_see_is_the_provinces_though_the_officers_see_it(
    case_id, sa_pa_officer, sa_pa_leader, lao_cai_province_officer, lao_cai_province_leader, ta_van_leader
):
    """The plan of a case in which the only leader is a party waits for somebody who sees to a deputy."""
    file = File(case_id)
    await file.plan_submitted(sa_pa_officer, time.now())
    about = {"params": {"case_id": str(case_id)}}
    assert (await lao_cai_province_officer.get("/tasks", **about)).json()["items"] == []
    await file.do(
        sa_pa_officer,
        "/parties",
        {"role": "alleged_harm_doer", "relation": "other_relative", "user_id": str(PEOPLE["sa_pa_leader"].id)},
    )
    assert (await sa_pa_leader.get("/tasks", **about)).json()["items"] == []
    assert (await ta_van_leader.get("/tasks", **about)).json()["items"] == []
    for above in (lao_cai_province_officer, lao_cai_province_leader):
        [task] = (await above.get("/tasks", **about)).json()["items"]
        assert (task["rule"], task["left_over"], task["case_id"]) == ("plan.decide", True, str(case_id))


async def test_a_report_kept_from_every_officer_is_the_leaders_to_see_to(
    assessed_report, sa_pa_officer, sa_pa_second_officer, sa_pa_leader
):
    report = await assessed_report(emergency=False, relation="neighbour")
    about = {"params": {"subject_id": str(report.id)}}
    assert (await sa_pa_leader.get("/tasks", **about)).json()["items"] == []
    for officer in (sa_pa_officer, sa_pa_second_officer):
        away = await officer.post(f"/intakes/{report.id}/declare-conflict", json=WHY, headers=keyed())
        assert away.status_code == 201, away.text
    [task] = (await sa_pa_leader.get("/tasks", **about)).json()["items"]
    assert (task["rule"], task["left_over"], task["path"]) == ("case.open", True, f"/intakes/{report.id}")


async def test_what_is_sealed_from_every_officer_is_the_leaders_task(
    case_id, sa_pa_second_officer, sa_pa_leader, database
):
    """Whoever opened a sealed case sees it; where that one has left, the leader names somebody."""
    version = (await sa_pa_leader.get(f"/cases/{case_id}")).json()["row_version"]
    sealed = {"level": "sealed", "reason": "Bí mật.", "recipients": []}
    path = f"/cases/{case_id}/confidentiality"
    assert (await sa_pa_leader.put(path, json=sealed, headers=tag(version))).status_code == 200
    about = {"subject_id": str(case_id)}
    assert (await sa_pa_leader.get("/tasks", params=about)).json()["items"] == []
    assert (await sa_pa_second_officer.get("/tasks", params=about)).json()["items"] == []
    async with database.as_superuser() as connection:
        await connection.execute(
            "UPDATE assignments SET valid_to = '2026-01-01', valid_from = '2025-07-01' WHERE user_id = $1",
            PEOPLE["sa_pa_officer"].id,
        )
    [task] = (await sa_pa_leader.get("/tasks", params=about)).json()["items"]
    assert (task["rule"], task["left_over"]) == ("case.assess", True)
    named = sealed | {"recipients": [str(PEOPLE["sa_pa_second_officer"].id)]}
    assert (await sa_pa_leader.put(path, json=named, headers=tag(version + 1))).status_code == 200
    assert (await sa_pa_leader.get("/tasks", params=about)).json()["items"] == []
    [task] = (await sa_pa_second_officer.get("/tasks", params=about)).json()["items"]
    assert (task["rule"], task["left_over"]) == ("case.assess", False)


async def test_whoever_opened_a_case_for_another_commune_does_not_see_the_report_it_sealed(
    assessed_report, sa_pa_officer, sa_pa_leader, ta_van_leader, database
):
    report = await assessed_report()
    case = (await report.open(sa_pa_officer, residence={"unit_id": TA_VAN})).json()["cases"][0]["id"]
    version = (await ta_van_leader.get(f"/cases/{case}")).json()["row_version"]
    sealed = {"level": "sealed", "reason": "Bí mật.", "recipients": []}
    answer = await ta_van_leader.put(f"/cases/{case}/confidentiality", json=sealed, headers=tag(version))
    assert answer.status_code == 200, answer.text
    assert (await sa_pa_officer.get(f"/intakes/{report.id}")).status_code == 404
    assert (await sa_pa_leader.get(f"/intakes/{report.id}")).status_code == 200
    async with scope.open_connection(database, actor_of("sa_pa_leader")) as connection:
        left = await connection.fetch("SELECT * FROM left_without('{commune_officer}')")
    assert [(str(one["subject_id"]), one["commune_id"]) for one in left] == [(report.id, SA_PA)]


async def test_a_leader_who_is_a_party_is_kept_from_it_by_the_officer_who_says_so(
    case_id, sa_pa_officer, sa_pa_leader, rows
):
    file = File(case_id)
    leader = str(PEOPLE["sa_pa_leader"].id)
    party = {"role": "alleged_harm_doer", "relation": "other_relative", "user_id": leader}
    added = await file.do(sa_pa_officer, "/parties", party)
    # Who did the harm is sealed: neither the people of the case nor those kept from it tell.
    assert (added["sealed"], added["user_id"]) == (True, None)
    [kept] = (await sa_pa_officer.get(f"/cases/{case_id}/exclusions")).json()["items"]
    assert (kept["ground"], kept["reason"], kept["user_id"]) == ("party", "party", None)
    why = {"X-Action-Reason": "Can biet."}
    revealed = await sa_pa_officer.get(f"/cases/{case_id}/parties/{added['id']}/revealed", headers=why)
    assert revealed.json()["user_id"] == leader
    [intake] = await rows("SELECT intake_id FROM cases WHERE id = $1", case_id)
    await gone(sa_pa_leader, case_id, intake["intake_id"])
    unknown = await file.post(sa_pa_officer, "/parties", party | {"user_id": "018f6f2e-0001-7000-8000-0000000000ff"})
    elsewhere = await file.post(sa_pa_officer, "/parties", party | {"user_id": str(PEOPLE["ta_van_officer"].id)})
    assert unknown.status_code == elsewhere.status_code == 422
    assert unknown.json()["errors"] == elsewhere.json()["errors"]


async def test_one_steps_back_from_a_case_or_a_report_oneself_and_never_returns_alone(
    assessed_report, sa_pa_officer, sa_pa_leader, lao_cai_province_officer, events
):
    report = await assessed_report(emergency=False, relation="neighbour")
    declared = await sa_pa_leader.post(f"/intakes/{report.id}/declare-conflict", json=WHY, headers=keyed())
    assert (declared.status_code, declared.json()["ground"]) == (201, "declared")
    [case_id, _] = [one["id"] for one in (await report.open(sa_pa_officer)).json()["cases"]]
    # The case was opened afterwards, and is behind the same word.
    await gone(sa_pa_leader, case_id, report.id)
    lift = await sa_pa_leader.post(
        f"/cases/{case_id}/exclusions/{declared.json()['id']}/lift", json=WHY, headers=tag(1)
    )
    assert lift.status_code == 404
    province = await lao_cai_province_officer.post(f"/cases/{case_id}/declare-conflict", json=WHY)
    assert province.status_code == 201, province.text
    assert (await lao_cai_province_officer.get(f"/cases/{case_id}")).status_code == 404
    assert [len(await events(f"{kind}.person_excluded")) for kind in ("intake", "case")] == [1, 1]


async def test_who_leads_elsewhere_and_who_keeps_a_part_are_excluded_alike(
    assessed_report, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_leader
):
    report = await assessed_report(emergency=False, relation="neighbour")
    opened = await report.open(sa_pa_officer, residence={"unit_id": TA_VAN})
    case_id = opened.json()["cases"][0]["id"]
    assert (await sa_pa_officer.get(f"/cases/{case_id}")).status_code == 200
    officer = {"user_id": str(PEOPLE["sa_pa_officer"].id)}
    # Where nothing was opened nobody is named; the leader of Sa Pa names their own officer on the report.
    stranger = {"user_id": str(PEOPLE["ta_leng_officer"].id)}
    for who in (ta_van_leader, sa_pa_leader):
        assert (await who.post(f"/cases/{case_id}/exclusions", json=WHY | stranger)).status_code == 422
    named = await sa_pa_leader.post(f"/intakes/{report.id}/exclusions", json=WHY | officer)
    assert named.status_code == 201, named.text
    await gone(sa_pa_officer, case_id, report.id)
    assert (await sa_pa_officer.get("/cases", params={"shared": "true"})).json()["items"] == []
    assert (await ta_van_officer.get(f"/cases/{case_id}")).status_code == 200
    assert (await sa_pa_leader.get(f"/intakes/{report.id}")).status_code == 200
    assert SA_PA != TA_VAN


async def test_the_clocks_of_what_was_asked_elsewhere_are_kept_from_the_excluded_as_well(
    case_id, sa_pa_officer, sa_pa_leader
):
    file = File(case_id)
    referral = await file.do(sa_pa_officer, "/referrals", REFERRAL)
    await file.do(sa_pa_leader, "/transfer", TRANSFER)
    about = {"whose": "my_unit", "subject_id": referral["id"]}
    assert len((await sa_pa_officer.get("/tasks", params=about)).json()["items"]) == 2
    officer = {"user_id": str(PEOPLE["sa_pa_officer"].id)}
    assert (await sa_pa_leader.post(f"/cases/{case_id}/exclusions", json=WHY | officer)).status_code == 201
    assert (await sa_pa_officer.get("/tasks", params=about)).json()["items"] == []
    assert (await sa_pa_officer.get("/tasks", params={"whose": "my_unit"})).json()["items"] == []
    assert len((await sa_pa_leader.get("/tasks", params=about)).json()["items"]) == 2


@pytest.mark.committed
async def test_a_case_opened_while_somebody_is_named_is_kept_from_them_as_well(
    assessed_report, sa_pa_officer, sa_pa_leader
):
    officer = WHY | {"user_id": str(PEOPLE["sa_pa_officer"].id)}
    await asyncio.gather(*(one.get("/me") for one in (sa_pa_officer, sa_pa_leader)))
    for report in [await assessed_report() for _ in range(6)]:
        opened, named = await asyncio.gather(
            report.open(sa_pa_officer), sa_pa_leader.post(f"/intakes/{report.id}/exclusions", json=officer)
        )
        assert (named.status_code, opened.status_code in {201, 404, 409}) == (201, True)
        assert (await sa_pa_officer.get("/cases")).json()["items"] == []


async def test_the_list_of_colleagues_has_whom_a_leader_keeps_from_a_case(sa_pa_leader, sa_pa_second_officer, case_id):
    found = (await sa_pa_leader.get("/colleagues", params={"limit": 200})).json()["items"]
    (second,) = (one for one in found if one["full_name"] == "sa-pa-second-officer")
    assert (await sa_pa_second_officer.get(f"/cases/{case_id}")).status_code == 200
    body = {"user_id": second["user_id"], "reason": "Là cậu của trẻ."}
    assert (await sa_pa_leader.post(f"/cases/{case_id}/exclusions", json=body)).status_code == 201
    assert (await sa_pa_second_officer.get(f"/cases/{case_id}")).status_code == 404


async def test_two_cases_that_become_one_are_behind_one_word(
    assessed_report, sa_pa_officer, sa_pa_second_officer, sa_pa_leader
):
    first, second = await assessed_report(), await assessed_report()
    [goes_on, *_] = [one["id"] for one in (await first.open(sa_pa_officer)).json()["cases"]]
    opened = [one["id"] for one in (await second.open(sa_pa_officer)).json()["cases"]]
    kept = WHY | {"user_id": str(PEOPLE["sa_pa_second_officer"].id)}
    assert (await sa_pa_leader.post(f"/cases/{goes_on}/exclusions", json=kept)).status_code == 201
    for case_id in opened:
        assert (await sa_pa_second_officer.get(f"/cases/{case_id}")).status_code == 200
    await File(opened[0]).do(sa_pa_officer, "/join", {"case_id": goes_on, "reason": "Cùng một cháu."})
    # Also the one that is entered in error by it, and the report with its other child's case.
    for case_id in opened:
        assert (await sa_pa_second_officer.get(f"/cases/{case_id}")).status_code == 404, case_id
    assert (await sa_pa_second_officer.get(f"/intakes/{second.id}")).status_code == 404
    assert (await sa_pa_officer.get(f"/intakes/{second.id}")).status_code == 200
