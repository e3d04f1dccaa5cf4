"""Who else may see part of a case, from when, and until when."""

from datetime import timedelta
from uuid import uuid4

from tests.answers import code_of, faults_of
from tests.cases.stories import ASSESSMENT, MEASURE, PLAN, TRANSFER, File, keyed, tag
from tests.people import LAO_CAI, SA_PA, TA_LENG, TA_VAN

from childcare_api.cases.file.grants import OF_THE_PROCEDURE
from childcare_api.cases.file.reading import FoundByGrant
from childcare_api.shared import clock as time

GRANT = {"commune_id": TA_LENG, "kinds": ["assessment"], "reason": "Trẻ thường về thăm bà ngoại ở Tả Lèng."}


async def test_a_grant_opens_the_kinds_it_names_and_no_other(
    case_id, sa_pa_officer, sa_pa_leader, ta_leng_officer, events
):
    file = File(case_id)
    await file.do(sa_pa_officer, "/assessments", ASSESSMENT)
    await file.do(sa_pa_officer, "/progress-notes", {"note": "Không ai khác được đọc."})
    assert (await ta_leng_officer.get(f"/cases/{case_id}")).status_code == 404
    for reason in OF_THE_PROCEDURE:
        borrowed = await file.post(sa_pa_leader, "/grants", GRANT | {"reason": reason})
        assert (borrowed.status_code, faults_of(borrowed)) == (422, {"/reason": "reason_of_the_procedure"})
    await file.do(sa_pa_leader, "/grants", GRANT)
    assert (await ta_leng_officer.get(f"/cases/{case_id}")).status_code == 200
    timeline = (await ta_leng_officer.get(f"/cases/{case_id}/timeline")).json()["items"]
    assert [step["kind"] for step in timeline] == ["assessment"]
    assert len((await ta_leng_officer.get(f"/cases/{case_id}/assessments")).json()["items"]) == 1
    assert (await ta_leng_officer.get(f"/cases/{case_id}/parties")).json()["items"] == []
    assert len(await events("case.granted")) == 1


def test_of_the_cases_found_by_grant_those_read_last_are_remembered():
    found, keys = FoundByGrant(most=2), [(TA_LENG, uuid4()) for _ in range(3)]
    for key in (*keys[:2], keys[0], keys[2]):
        found.keep(key, granted=True)
    assert [key in found for key in keys] == [True, False, True]
    found.keep(keys[0], granted=False)
    assert keys[0] not in found


async def test_a_case_that_was_read_by_grant_is_read_in_full_once_it_is_the_own_one_and_not_at_all_without(
    app, case_id, sa_pa_officer, sa_pa_leader, ta_van_leader, ta_leng_officer
):
    """Where a case was found last only says where it is looked for first."""
    file = File(case_id)
    for commune in (TA_VAN, TA_LENG):
        granted = await file.do(sa_pa_leader, "/grants", GRANT | {"commune_id": commune, "kinds": ["meeting"]})
    await file.do(sa_pa_officer, "/assessments", ASSESSMENT)
    for who in (ta_van_leader, ta_leng_officer):
        assert [(await who.get(f"/cases/{case_id}")).json()["assessment_id"] for _ in range(2)] == [None, None]
    assert all((commune, case_id) in app.state.found_by_grant for commune in (TA_VAN, TA_LENG))
    await file.do(sa_pa_leader, f"/grants/{granted['id']}/revoke", {"reason": "Không cần nữa."})
    assert (await ta_leng_officer.get(f"/cases/{case_id}")).status_code == 404
    offered = await file.do(sa_pa_leader, "/transfer", TRANSFER)
    taken = await ta_van_leader.post(f"/transfers/{offered['id']}/accept", json={}, headers=tag(1) | keyed())
    assert taken.status_code == 200, taken.text
    for _ in range(2):
        assert (await ta_van_leader.get(f"/cases/{case_id}")).json()["assessment_id"] is not None
    assert (TA_VAN, case_id) not in app.state.found_by_grant
    # And the other way round for whom it was the own one.
    led_before = (await sa_pa_leader.get(f"/cases/{case_id}")).json()
    assert (led_before["commune_id"], led_before["plan_id"]) == (TA_VAN, None)


async def test_whoever_is_granted_a_part_finds_each_address_of_the_case_or_nothing(
    app, case_id, sa_pa_leader, ta_van_officer, ta_leng_officer
):
    """What a grant opens no part of is not there; and nothing goes wrong in looking for it."""
    await File(case_id).do(sa_pa_leader, "/grants", GRANT | {"commune_id": TA_VAN})
    below = "/api/v1/cases/{case_id}/"
    named = [path.removeprefix(below) for path, operation in app.openapi()["paths"].items()
             if path.startswith(below) and "get" in operation and "{" not in path.removeprefix(below)]  # fmt: skip
    assert len(named) > 15
    told = {name: (await ta_van_officer.get(f"/cases/{case_id}/{name}")).status_code for name in named}
    assert {name for name, status in told.items() if status not in (200, 404, 409)} == set(), told
    assert (told["timeline"], told["confidentiality"], told["placement-candidates"]) == (200, 404, 404)
    assert {(await ta_leng_officer.get(f"/cases/{case_id}/{name}")).status_code for name in named} == {404}


async def test_the_head_shows_of_its_steps_only_what_is_granted(case_id, sa_pa_officer, sa_pa_leader, ta_leng_officer):
    """When a plan was approved and how a review ended stand in the head, too, and are under no such grant."""
    file = File(case_id)
    await file.do(sa_pa_officer, "/emergency-measures", MEASURE)
    await file.do(sa_pa_officer, "/assessments", ASSESSMENT)
    await file.do(sa_pa_officer, "/intervention-plans", PLAN)
    await file.do(sa_pa_leader, "/grants", GRANT)
    own = (await sa_pa_officer.get(f"/cases/{case_id}")).json()
    head = (await ta_leng_officer.get(f"/cases/{case_id}")).json()
    assert head["assessment_id"] == own["assessment_id"] is not None
    assert own["emergency_measure_at"] is not None
    for name in ("emergency_measure_at", "meeting_id", "plan_id", "plan_approved_at", "review_outcome", "close_reason"):
        assert head[name] is None, name
    [row] = (await ta_leng_officer.get("/cases", params={"shared": "true"})).json()["items"]
    assert (row["id"], row["plan_approved_at"]) == (str(case_id), None)


async def test_a_grant_that_was_revoked_opens_nothing(case_id, sa_pa_officer, sa_pa_leader, ta_leng_officer):
    file = File(case_id)
    await file.refresh(sa_pa_leader)
    grant = await file.do(sa_pa_leader, "/grants", GRANT)
    await file.do(sa_pa_leader, f"/grants/{grant['id']}/revoke", {"reason": "Không cần nữa."})
    assert (await ta_leng_officer.get(f"/cases/{case_id}")).status_code == 404
    assert (await ta_leng_officer.get("/cases", params={"shared": "true"})).json()["items"] == []
    twice = await file.post(sa_pa_leader, f"/grants/{grant['id']}/revoke", {"reason": "x"})
    assert (twice.status_code, code_of(twice)) == (409, "already_ended")
    listed = (await sa_pa_officer.get(f"/cases/{case_id}/grants")).json()["items"]
    assert [one["revoked_at"] is not None for one in listed] == [True]


async def test_a_grant_ends_with_its_last_day(case_id, clock, sa_pa_leader, ta_leng_officer):
    file = File(case_id)
    await file.refresh(sa_pa_leader)
    last = (time.today() + timedelta(days=1)).isoformat()
    await file.do(sa_pa_leader, "/grants", GRANT | {"valid_to": last})
    clock.forward(days=1)
    assert (await ta_leng_officer.get(f"/cases/{case_id}")).status_code == 200
    clock.forward(days=3)
    assert (await ta_leng_officer.get(f"/cases/{case_id}")).status_code == 404


async def test_the_wall_itself_ends_with_the_last_day(case_id, clock, sa_pa_leader, database):
    """The policy is asked, not the product's own predicate."""
    file = File(case_id)
    await file.refresh(sa_pa_leader)
    today = time.today().isoformat()
    await file.do(sa_pa_leader, "/grants", GRANT | {"valid_to": (time.today() + timedelta(days=1)).isoformat()})
    seen = {}
    async with database.as_superuser() as connection:
        for name, day in (("today", today), ("later", "2099-01-01"), ("unset", "")):
            await connection.execute(f"SET LOCAL app.commune_id = '{TA_LENG}'; SET LOCAL app.today = '{day}'")
            await connection.execute("SET LOCAL ROLE childcare_commune_granted")
            seen[name] = await connection.fetchval("SELECT count(*) FROM cases")
            await connection.execute("SET LOCAL ROLE NONE")
        await connection.execute("SET LOCAL app.commune_id = ''; SET LOCAL app.today = ''")
    assert seen == {"today": 1, "later": 0, "unset": 0}


async def test_a_grant_does_not_end_before_it_begins(case_id, sa_pa_leader):
    file = File(case_id)
    await file.refresh(sa_pa_leader)
    yesterday = (time.today() - timedelta(days=1)).isoformat()
    for last, code in (
        (yesterday, "has_passed"),
        # A day is a day here as everywhere: no seconds since 1970, and none that nobody lives to see.
        ("1893456000", "date_parsing"),
        ("2150-01-01", "date_out_of_range"),
    ):
        refused = await file.post(sa_pa_leader, "/grants", GRANT | {"valid_to": last})
        assert faults_of(refused) == {"/valid_to": code}


async def test_only_the_leader_gives_and_revokes_grants(case_id, sa_pa_officer):
    file = File(case_id)
    await file.refresh(sa_pa_officer)
    assert (await file.post(sa_pa_officer, "/grants", GRANT)).status_code == 403


async def test_a_grant_names_another_commune(case_id, sa_pa_leader):
    file = File(case_id)
    await file.refresh(sa_pa_leader)
    own = await file.post(sa_pa_leader, "/grants", GRANT | {"commune_id": SA_PA})
    assert faults_of(own) == {"/commune_id": "own_commune"}
    for unit_id in (LAO_CAI, 9):
        assert (await file.post(sa_pa_leader, "/grants", GRANT | {"commune_id": unit_id})).status_code == 422


async def test_the_commune_of_the_incident_loses_its_part_when_the_grant_is_revoked(
    assessed_report, sa_pa_officer, ta_van_leader
):
    report = await assessed_report()
    file = File((await report.open(sa_pa_officer, {"unit_id": TA_VAN})).json()["cases"][0]["id"])
    await file.refresh(ta_van_leader)
    (grant,) = (await ta_van_leader.get(f"/cases/{file.case_id}/grants")).json()["items"]
    assert (grant["commune_id"], grant["reason"]) == (SA_PA, "commune_of_incident")
    assert (await sa_pa_officer.get(f"/cases/{file.case_id}")).status_code == 200
    await file.do(ta_van_leader, f"/grants/{grant['id']}/revoke", {"reason": "Vụ việc đã kết thúc."})
    assert (await sa_pa_officer.get(f"/cases/{file.case_id}")).status_code == 404
