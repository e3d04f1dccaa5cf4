"""The list of cases, and opening one."""

from tests.cases.stories import MEASURE, PLAN, File
from tests.people import LAO_CAI, SA_PA


async def test_the_newest_case_comes_first_page_after_page(assessed_report, sa_pa_officer, clock):
    opened = []
    for _ in range(3):
        clock.forward(minutes=1)
        report = await assessed_report()
        opened += [case["id"] for case in (await report.open(sa_pa_officer)).json()["cases"]]
    shown, cursor = [], None
    while True:
        params = {"limit": 4} | ({"cursor": cursor} if cursor else {})
        page = (await sa_pa_officer.get("/cases", params=params)).json()
        shown += [case["id"] for case in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert shown == sorted(opened, reverse=True)


async def test_the_list_chooses_by_state_report_and_emergency(assessed_report, sa_pa_officer):
    report = await assessed_report(emergency=True)
    urgent = [case["id"] for case in (await report.open(sa_pa_officer)).json()["cases"]]
    other = await assessed_report(emergency=False, relation="neighbour")
    calm = [case["id"] for case in (await other.open(sa_pa_officer)).json()["cases"]]
    await File(calm[0]).do(sa_pa_officer, "/intervention-plans", PLAN)

    async def listed(**params) -> set[str]:
        answer = await sa_pa_officer.get("/cases", params=params)
        assert answer.status_code == 200, answer.text
        return {case["id"] for case in answer.json()["items"]}

    assert await listed(status="planning") == {calm[0]}
    assert await listed(emergency="true") == set(urgent)
    assert await listed(sibling_group_id=other.id) == set(calm)
    assert await listed(status="opened", emergency="false") == {calm[1]}
    assert (await sa_pa_officer.get("/cases", params={"status": "nonsense"})).status_code == 400
    assert (await sa_pa_officer.get("/cases", params={"include": "total"})).json()["total"] == 4


async def test_a_list_and_an_opening_are_recorded_with_what_was_shown(assessed_report, sa_pa_officer, events):
    report = await assessed_report()
    ids = [case["id"] for case in (await report.open(sa_pa_officer)).json()["cases"]]
    await sa_pa_officer.get("/cases")
    (event,) = await events("case.listed")
    assert sorted(event["detail"]["ids"]) == sorted(ids)
    await sa_pa_officer.get(f"/cases/{ids[0]}")
    (event,) = await events("case.opened_to_read")
    assert (event["subject_id"], event["holder_commune_id"], event["holder_province_id"]) == (ids[0], SA_PA, LAO_CAI)


async def test_who_may_not_read_cases_sees_none(
    case_id, sa_pa_village_collaborator, sa_pa_administrator, bo_y_te_analyst, hotline_111, nobody
):
    for who in (sa_pa_village_collaborator, sa_pa_administrator, bo_y_te_analyst, hotline_111):
        for path in ("", f"/{case_id}", f"/{case_id}/timeline", f"/{case_id}/intervention-plans"):
            assert (await who.get(f"/cases{path}")).status_code == 403
    assert (await nobody.get(f"/cases/{case_id}")).status_code == 401


async def test_the_version_counts_changes_of_the_parts(case_id, sa_pa_officer):
    file = File(case_id)
    first = (await file.refresh(sa_pa_officer))["row_version"]
    measure = await file.do(sa_pa_officer, "/emergency-measures", MEASURE)
    assert measure["row_version"] == first + 1
    assert (await file.refresh(sa_pa_officer))["row_version"] == first + 1
