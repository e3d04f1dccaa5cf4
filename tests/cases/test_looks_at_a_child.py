"""Whoever saw data of a child, by whichever record, is found by the inspector of either commune."""

from uuid import uuid4

import pytest
from tests.cases.stories import REFERRAL, File, keyed, tag
from tests.people import PEOPLE, SA_PA, TA_VAN

CHILD = {"full_name": "Vàng A Pao", "sex": "male", "born_on": "2018-05-12"}


@pytest.fixture
async def known(assessed_report, sa_pa_officer, ta_van_officer) -> tuple[str, str, File]:
    """A child of Tả Van with a case there, reported in Sa Pa: the ids of the child and the report, and the case."""
    report = await assessed_report()
    opened = await report.open(sa_pa_officer, residence={"unit_id": TA_VAN})
    assert opened.status_code == 201, opened.text
    file = File(opened.json()["cases"][0]["id"])
    await file.do(ta_van_officer, "/register-child", {"child": CHILD})
    child_id = (await file.refresh(ta_van_officer))["child_id"]
    return child_id, report.id, file


async def looks(client, address: str, **query) -> set[tuple[str, str]]:
    """Return who did what, as a log of events tells it: the key of the person, and the action."""
    answer = await client.get(address, params={"limit": 200, **query})
    assert answer.status_code == 200, answer.text
    keys = {str(person.id): person.key for person in PEOPLE.values()}
    return {(keys.get(one["actor_id"]), one["action"]) for one in answer.json()["items"]}


async def test_looks_by_child_case_paper_report_household_list_and_search_are_all_found(
    known, speak_as, ta_van_officer
):
    child_id, report_id, file = known
    case = f"/cases/{file.case_id}"
    await ta_van_officer.post("/children", json=CHILD | {"full_name": "Lù A Páo"})
    home = await ta_van_officer.post("/households", json={"head_name": "Vàng Thị Dở"})
    assert home.status_code == 201, home.text
    child = (await ta_van_officer.get(f"/children/{child_id}")).json()
    moved_in = await ta_van_officer.patch(
        f"/children/{child_id}", json={"household_id": home.json()["id"]}, headers=tag(child["row_version"])
    )
    assert moved_in.status_code == 200, moved_in.text
    await file.do(ta_van_officer, "/referrals", REFERRAL | {"commune_id": SA_PA})
    seen = [
        ("sa_pa_second_officer", "/referrals", {}, "case.referrals_listed"),
        ("sa_pa_officer", case, {}, "case.opened_to_read"),
        ("sa_pa_officer", f"/intakes/{report_id}", {}, "intake.read"),
        ("ta_van_leader", f"{case}/timeline", {}, "case.opened_to_read"),
        ("ta_van_leader", f"{case}/forms/mau-01", {"format": "docx"}, "form.printed"),
        ("ta_van_leader", "/cases", {}, "case.listed"),
        ("ta_van_leader", f"/households/{home.json()['id']}/members", {}, "household.opened"),
        ("ta_van_leader", f"/children/{child_id}/history", {}, "child.history_read"),
        ("lao_cai_province_officer", "/children", {}, "children.listed"),
        ("lao_cai_province_officer", "/children", {"q": "vang a pao"}, "children.searched"),
        ("lao_cai_province_officer", f"/children/{child_id}", {}, "child.opened"),
        ("lao_cai_province_leader", case, {}, "case.opened_to_read"),
    ]
    expected = set()
    for who, address, query, action in seen:
        answer = await speak_as(who).get(address, params=query)
        assert answer.status_code == 200, (address, answer.text)
        expected.add((who, action))
    # The commune that holds the child, its province, and the officer whom the family asks.
    for who in ("ta_van_inspector", "ta_van_officer", "lao_cai_inspector"):
        assert expected <= await looks(speak_as(who), f"/children/{child_id}/access-log"), who
    assert expected <= await looks(speak_as("lao_cai_inspector"), "/audit-events", child_id=child_id)
    # Of a list that the province was shown, its commune reads which of the child's records stood there, and no others.
    asked = {"child_id": child_id, "action": "children.listed"}
    (listed,) = (await speak_as("ta_van_inspector").get("/audit-events", params=asked)).json()["items"]
    assert (listed["detail"], listed["actor_name"]) == ({"ids": [child_id]}, "lao-cai-province-officer")
    # The commune of the incident holds no record of the child, and finds what its people and its report had to do.
    sa_pa_inspector = speak_as("sa_pa_inspector")
    assert (await sa_pa_inspector.get(f"/children/{child_id}/access-log")).status_code == 404
    found = await looks(sa_pa_inspector, "/audit-events", child_id=child_id)
    assert found >= {("sa_pa_officer", "case.opened_to_read"), ("sa_pa_officer", "intake.read")}
    assert not {action for key, action in found if key and not key.startswith("sa_pa")}
    assert await looks(speak_as("lai_chau_inspector"), "/audit-events", child_id=child_id) == set()
    assert await looks(sa_pa_inspector, "/audit-events", child_id=str(uuid4())) == set()


async def test_of_a_sealed_case_only_who_may_open_it_and_the_inspector_read_the_looks(
    known, ta_van_officer, ta_van_leader, ta_van_second_officer, ta_van_inspector
):
    child_id, _, file = known
    log, of_case = f"/children/{child_id}/access-log", ("ta_van_officer", "case.opened_to_read")
    assert of_case in await looks(ta_van_second_officer, log)
    await file.refresh(ta_van_leader)
    sealed = await ta_van_leader.put(
        f"/cases/{file.case_id}/confidentiality",
        json={"level": "sealed", "recipients": [str(PEOPLE["ta_van_officer"].id)], "reason": "Vụ việc nhạy cảm."},
        headers=tag(file.row_version) | keyed(),
    )
    assert sealed.status_code == 200, sealed.text
    told = await looks(ta_van_second_officer, log)
    assert not {action for _, action in told if action.startswith(("case.", "intake."))}
    assert ("ta_van_officer", "child.registered") in told
    for who in (ta_van_leader, ta_van_officer, ta_van_inspector):
        assert of_case in await looks(who, log)


async def test_the_looks_at_a_report_go_with_its_most_secret_case_such_as_that_of_a_brother(
    known, ta_van_officer, ta_van_leader, ta_van_second_officer, ta_van_inspector, rows
):
    child_id, report_id, file = known
    log, read = f"/children/{child_id}/access-log", ("ta_van_officer", "intake.read")
    assert (await ta_van_officer.get(f"/intakes/{report_id}")).status_code == 200
    assert read in await looks(ta_van_second_officer, log)
    (brother,) = await rows(
        "SELECT id, row_version FROM cases WHERE intake_id = $1 AND id <> $2", report_id, file.case_id
    )
    sealed = await ta_van_leader.put(
        f"/cases/{brother['id']}/confidentiality",
        json={"level": "sealed", "recipients": [str(PEOPLE["ta_van_officer"].id)], "reason": "Vụ việc nhạy cảm."},
        headers=tag(brother["row_version"]) | keyed(),
    )
    assert sealed.status_code == 200, sealed.text
    assert (await ta_van_second_officer.get(f"/intakes/{report_id}")).status_code == 404
    told = await looks(ta_van_second_officer, log)
    assert ("ta_van_officer", "child.registered") in told
    assert not {action for _, action in told if action.startswith("intake.")}
    for who in (ta_van_leader, ta_van_officer, ta_van_inspector):
        assert read in await looks(who, log)


async def test_a_child_or_a_record_is_asked_for(sa_pa_inspector, sa_pa_officer, events):
    both = await sa_pa_inspector.get("/audit-events", params={"child_id": str(uuid4()), "record_id": str(uuid4())})
    assert (both.status_code, both.json()["errors"][0]["code"]) == (400, "not_with_record_id")
    assert (await sa_pa_inspector.get("/audit-events", params={"child_id": "Pao"})).status_code == 400
    asked = str(uuid4())
    assert (await sa_pa_officer.get("/audit-events", params={"child_id": asked})).status_code == 403
    await sa_pa_inspector.get("/audit-events", params={"child_id": asked})
    (event,) = await events("audit.listed")
    assert event["detail"] == {"record_id": asked}
