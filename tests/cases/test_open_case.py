"""Opening cases on a report."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from tests.answers import code_of, faults_of
from tests.cases.stories import HANDOVER, INITIAL_ASSESSMENT, File, separation, tag
from tests.people import SA_PA, TA_LENG, TA_VAN

from childcare_api.shared import clock as time
from childcare_api.shared.ids import new_id


async def test_each_child_of_a_report_gets_a_case_of_its_own(assessed_report, sa_pa_officer, events, rows):
    report = await assessed_report()
    opened = await report.open(sa_pa_officer)
    assert opened.status_code == 201
    body = opened.json()
    assert [case["intake_child_id"] for case in body["cases"]] == report.children
    assert {case["commune_id"] for case in body["cases"]} == {SA_PA}
    recorded = await events("case.opened")
    assert {event["subject_id"] for event in recorded} == {case["id"] for case in body["cases"]}
    stored = await rows("SELECT status, commune_id, sibling_group_id, child_name FROM cases ORDER BY id")
    assert [tuple(row) for row in stored] == [
        ("opened", SA_PA, UUID(report.id), "Vàng A Pao"),
        ("opened", SA_PA, UUID(report.id), "Vàng A Tủa"),
    ]
    [asked] = await rows("SELECT done_at FROM tasks WHERE rule_code = 'case.open'")
    assert asked["done_at"] is not None


async def test_what_protected_the_child_counts_though_the_report_is_assessed_once_more(
    assessed_report, sa_pa_officer, tasks
):
    """Unless that assessment was an error: then the 12 hours of the information run in the case."""
    for in_error in (False, True):
        report = await assessed_report()
        path, version = f"/intakes/{report.id}", report.row_version
        protected = INITIAL_ASSESSMENT | {"safety_measures": [{"kind": "medical_care", "description": "Đưa đi khám."}]}
        for body in (protected, INITIAL_ASSESSMENT):
            judged = await sa_pa_officer.post(f"{path}/assess", json=body, headers=tag(version))
            assert judged.status_code == 200, judged.text
            version = judged.json()["row_version"]
        if in_error:
            wrong = f"{path}/assessments/{judged.json()['assessments'][1]['id']}/entered-in-error"
            marked = await sa_pa_officer.post(wrong, json={"reason": "Nhầm."}, headers=tag(version))
            version = marked.json()["row_version"]
        opened = await replace(report, row_version=version).open(sa_pa_officer)
        assert opened.status_code == 201, opened.text
        for case in opened.json()["cases"]:
            assert ("emergency.intervene" in await tasks(case["id"])) is in_error


async def test_the_commune_of_residence_leads_and_the_commune_of_the_incident_reads_nothing_but_its_part(
    assessed_report, sa_pa_officer, ta_van_officer, events, rows
):
    report = await assessed_report()
    opened = await report.open(sa_pa_officer, {"unit_id": TA_VAN}, handover=HANDOVER)
    assert opened.status_code == 201, opened.text
    case_id = opened.json()["cases"][0]["id"]
    stored = await rows("SELECT commune_id, origin_commune_id FROM cases WHERE id = $1", UUID(case_id))
    assert [tuple(row) for row in stored] == [(TA_VAN, SA_PA)]

    file = File(case_id)
    await file.refresh(ta_van_officer)
    await file.do(ta_van_officer, "/progress-notes", {"note": "Đã đến thăm nhà."})
    seen = await sa_pa_officer.get(f"/cases/{case_id}")
    assert seen.status_code == 200
    timeline = (await sa_pa_officer.get(f"/cases/{case_id}/timeline")).json()["items"]
    assert [step["kind"] for step in timeline] == ["opening", "handover"]
    handovers = (await sa_pa_officer.get(f"/cases/{case_id}/handovers")).json()["items"]
    assert [one["body_name"] for one in handovers] == ["Công an xã"]
    assert (await sa_pa_officer.get(f"/cases/{case_id}/progress-notes")).json()["items"] == []
    assert (await sa_pa_officer.get(f"/cases/{case_id}/intervention-plans")).json()["items"] == []
    reads = await events("case.opened_to_read")
    assert {event["holder_commune_id"] for event in reads} == {TA_VAN}
    assert SA_PA in {event["actor_commune_id"] for event in reads}


async def test_the_commune_of_the_incident_works_on_no_case_of_another(assessed_report, sa_pa_officer):
    report = await assessed_report()
    case_id = (await report.open(sa_pa_officer, {"unit_id": TA_VAN})).json()["cases"][0]["id"]
    refused = await sa_pa_officer.post(f"/cases/{case_id}/progress-notes", json={"note": "x"}, headers=tag(1))
    nowhere = await sa_pa_officer.post(f"/cases/{new_id()}/progress-notes", json={"note": "x"}, headers=tag(1))
    assert refused.status_code == nowhere.status_code == 404
    strip = ("request_id", "instance")
    assert {k: v for k, v in refused.json().items() if k not in strip} == {
        k: v for k, v in nowhere.json().items() if k not in strip
    }


async def test_the_commune_of_the_incident_reads_no_witness_that_who_leads_the_case_found(
    assessed_report, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_leader
):
    """Who cares for the child and who harmed it: whether to separate it is also its leader's to decide (Điều 32.2)."""
    report = await assessed_report()
    case_id = (await report.open(sa_pa_officer, {"unit_id": TA_VAN})).json()["cases"][0]["id"]
    file = File(case_id)
    await file.refresh(ta_van_officer)
    for role in ("parent", "witness", "alleged_harm_doer", "supporter", "professional", "carer", "other"):
        who = {"role": role, "relation": "other_relative", "full_name": f"Là {role}", "phone": "0912 345 678"}
        await file.do(ta_van_officer, "/parties", who)

    async def read(person) -> dict[str, str | None]:
        answer = await person.get(f"/cases/{case_id}/parties")
        return {one["role"]: one["full_name"] for one in answer.json()["items"]}

    assert len(await read(ta_van_officer)) == 7
    assert await read(sa_pa_officer) == {"parent": "Là parent", "alleged_harm_doer": None, "carer": "Là carer"}
    opened = {"commune_id": SA_PA, "kinds": ["party"], "reason": "Hai xã cùng xác minh."}
    grant = await file.do(ta_van_leader, "/grants", opened)
    assert len(await read(sa_pa_officer)) == 7, "the leader of the case opened it for a reason"
    await file.do(ta_van_leader, f"/grants/{grant['id']}/revoke", {"reason": "Xong."})
    assert len(await read(sa_pa_officer)) == 3
    # Its own decision is printed as before.
    await file.do(sa_pa_leader, "/separations", separation(time.today()))
    for form in ("mau-07", "case-file"):
        paper = await sa_pa_leader.get(f"/cases/{case_id}/forms/{form}")
        assert paper.status_code == 200, paper.text


async def test_what_another_commune_leads_stands_only_in_the_shared_list(assessed_report, sa_pa_officer, events):
    report = await assessed_report()
    ids = {case["id"] for case in (await report.open(sa_pa_officer, {"unit_id": TA_VAN})).json()["cases"]}
    assert (await sa_pa_officer.get("/cases")).json()["items"] == []
    shared = (await sa_pa_officer.get("/cases", params={"shared": "true"})).json()["items"]
    assert {case["id"] for case in shared} == ids
    assert len(await events("case.listed")) == 2


@pytest.mark.parametrize("stranger", ["ta_leng_officer", "hoang_mai_officer", "lai_chau_province_officer"])
async def test_a_case_of_another_commune_does_not_exist(assessed_report, sa_pa_officer, speak_as, stranger):
    report = await assessed_report()
    case_id = (await report.open(sa_pa_officer, {"unit_id": TA_VAN})).json()["cases"][0]["id"]
    for path in ("", "/timeline", "/parties", "/intervention-plans", "/grants"):
        assert (await speak_as(stranger).get(f"/cases/{case_id}{path}")).status_code == 404
    assert (await speak_as(stranger).get("/cases")).json()["items"] == []


async def test_the_province_sees_the_cases_of_its_communes(assessed_report, sa_pa_officer, lao_cai_province_officer):
    report = await assessed_report()
    ids = {case["id"] for case in (await report.open(sa_pa_officer, {"unit_id": TA_VAN})).json()["cases"]}
    assert {case["id"] for case in (await lao_cai_province_officer.get("/cases")).json()["items"]} == ids
    assert (await lao_cai_province_officer.get(f"/cases/{ids.pop()}/timeline")).status_code == 200


async def test_a_child_gets_no_second_case(assessed_report, sa_pa_officer):
    report = await assessed_report()
    first = await report.open(sa_pa_officer, {"unit_id": TA_VAN})
    report.row_version = first.json()["row_version"]
    again = await report.open(sa_pa_officer, {"unit_id": TA_LENG})
    assert (again.status_code, code_of(again)) == (409, "child_has_case")


async def test_a_case_needs_a_commune_of_residence(assessed_report, sa_pa_officer, rows):
    report = await assessed_report()
    refused = await report.open(sa_pa_officer, {"text": "một bản trên núi"})
    assert (refused.status_code, code_of(refused)) == (409, "residence_unknown")
    assert await rows("SELECT 1 FROM cases") == []


async def test_a_report_of_another_commune_opens_nothing(assessed_report, ta_van_officer):
    report = await assessed_report()
    assert (await report.open(ta_van_officer)).status_code == 404


async def test_only_an_officer_opens_a_case(assessed_report, sa_pa_leader, lao_cai_province_officer):
    report = await assessed_report()
    assert (await report.open(sa_pa_leader)).status_code == 403
    assert (await report.open(lao_cai_province_officer)).status_code == 403


async def test_a_child_that_the_report_does_not_name_gets_no_case(assessed_report, sa_pa_officer):
    report = await assessed_report()
    report.children = [new_id()]
    assert (await report.open(sa_pa_officer)).status_code == 422


async def test_a_case_does_not_open_before_its_report(assessed_report, sa_pa_officer):
    report = await assessed_report()
    early = (report.received_at - timedelta(minutes=1)).isoformat()
    refused = await report.open(sa_pa_officer, happened_at=early)
    assert faults_of(refused) == {"/happened_at": "too_early"}


async def test_the_same_opening_sent_twice_is_done_once(assessed_report, sa_pa_officer, rows):
    report = await assessed_report()
    sa_pa_officer.headers["Idempotency-Key"] = "open-1"
    first = await report.open(sa_pa_officer)
    second = await report.open(sa_pa_officer)
    assert first.json() == second.json()
    assert second.headers["Idempotency-Replayed"] == "true"
    assert len(await rows("SELECT 1 FROM cases")) == 2


async def test_a_case_opened_by_mistake_is_marked_and_its_report_asks_again_what_becomes_of_it(
    assessed_report, sa_pa_officer, events
):
    report = await assessed_report()
    opened = (await report.open(sa_pa_officer)).json()

    async def asked() -> set[str]:
        waiting = await sa_pa_officer.get("/tasks", params={"subject_id": report.id})
        return {task["rule"] for task in waiting.json()["items"]}

    async def mark(case: dict) -> tuple[str, set[str]]:
        file = File(case["id"])
        (opening, *_) = (await sa_pa_officer.get(f"/cases/{file.case_id}/timeline")).json()["items"]
        await file.do(sa_pa_officer, f"/opening/{opening['id']}/entered-in-error", {"reason": "Nhầm trẻ."})
        assert (await file.refresh(sa_pa_officer))["status"] == "entered_in_error"
        return (await sa_pa_officer.get(f"/intakes/{report.id}")).json()["status"], await asked()

    first, second = opened["cases"]
    assert await mark(first) == ("case_opened", set())
    assert await mark(second) == ("assessed", {"case.open", "emergency.intervene"})
    assert len(await events("intake.case_taken_back")) == 1
    # So it may also be put aside after all; here it was the child that was wrong.
    report.row_version, report.children = opened["row_version"] + 1, report.children[:1]
    assert (await report.open(sa_pa_officer)).status_code == 201
    assert await asked() == set()


async def test_an_emergency_of_before_the_decree_is_opened_and_overdue(assessed_report, sa_pa_officer):
    """As whose year was mistyped: nobody corrects a report that cannot be acted on."""
    old = await assessed_report(received_at=datetime(2016, 2, 29, 3, tzinfo=UTC))
    opened = await old.open(sa_pa_officer)
    assert opened.status_code == 201, opened.text
    running = (await sa_pa_officer.get("/tasks", params={"case_id": opened.json()["cases"][0]["id"]})).json()["items"]
    assert {one["rule"]: one["due_at"] for one in running}["emergency.intervene"] == "2016-02-29T15:00:00Z"
