"""Where a report lands: the commune that is named, its province, or the office that took it."""

import pytest
from tests.intake.test_receiving import REPORT, post
from tests.people import HA_NOI, LAO_CAI, SA_PA, SA_PA_VILLAGE, TA_VAN


async def test_a_report_for_another_commune_goes_there_and_stays_readable_to_who_took_it(
    ta_van_officer, sa_pa_officer, lao_cai_province_officer
):
    answer = await post(ta_van_officer, {**REPORT, "place": {"unit_id": SA_PA}})
    assert answer.status_code == 201, answer.text
    receipt = answer.json()
    assert (receipt["status"], receipt["office"]["unit_id"]) == ("received", SA_PA)
    assert (await sa_pa_officer.get(f"/intakes/{receipt['id']}")).status_code == 200
    assert (await ta_van_officer.get("/intakes")).json()["items"] == []
    [shared] = (await ta_van_officer.get("/intakes?shared=true")).json()["items"]
    assert shared["id"] == receipt["id"]
    assert (await ta_van_officer.get(f"/intakes/{receipt['id']}")).status_code == 200
    refused = await ta_van_officer.post(f"/intakes/{receipt['id']}/acknowledge", json={}, headers={"If-Match": '"1"'})
    assert refused.status_code == 404
    assert {task["rule"] for task in (await sa_pa_officer.get("/tasks")).json()["items"]} == {
        "intake.acknowledge",
        "intake.assess",
    }


async def test_a_village_collaborator_sees_only_the_receipt_of_its_own(
    sa_pa_village_collaborator, sa_pa_other_village_collaborator, sa_pa_officer
):
    answer = await post(sa_pa_village_collaborator, REPORT)
    assert answer.status_code == 201, answer.text
    receipt = answer.json()
    assert receipt["status"] == "received"
    address = answer.headers["location"].removeprefix("/api/v1")
    assert receipt.pop("warnings") == []
    assert (await sa_pa_village_collaborator.get(address)).json() == receipt
    assert (await sa_pa_village_collaborator.get(f"/intakes/{receipt['id']}")).status_code == 403
    assert (await sa_pa_village_collaborator.get("/intakes")).status_code == 403
    assert (await sa_pa_other_village_collaborator.get(address)).status_code == 404
    file = (await sa_pa_officer.get(f"/intakes/{receipt['id']}")).json()
    assert file["unit_id"] == SA_PA_VILLAGE


async def test_the_province_sees_what_nobody_acknowledged_within_the_hour(
    clock, sa_pa_village_collaborator, lao_cai_province_officer, lai_chau_province_officer
):
    receipt = (await post(sa_pa_village_collaborator, REPORT)).json()
    assert (await lao_cai_province_officer.get("/tasks")).json()["items"] == []
    clock.forward(minutes=61)
    [task] = (await lao_cai_province_officer.get("/tasks")).json()["items"]
    assert (task["rule"], task["subject_id"], task["status"]) == ("intake.acknowledge", receipt["id"], "overdue")
    assert (await lai_chau_province_officer.get("/tasks")).json()["items"] == []


@pytest.mark.parametrize(
    ("place", "office"),
    [
        ({"unit_id": TA_VAN}, TA_VAN),
        ({"code": "03006", "as_of": "2025-07-01"}, SA_PA),
        ({"code": "03001", "as_of": "2025-06-30"}, SA_PA),
        ({"province": {"unit_id": LAO_CAI}, "text": "bản Hồ"}, LAO_CAI),
        ({"province": {"code": "10", "as_of": "2025-06-30"}}, LAO_CAI),
        ({"unit_id": 99_999_999, "text": "không rõ"}, SA_PA),
        ({"code": "99999", "as_of": "2026-01-01"}, SA_PA),
        ({"text": "gần chợ"}, SA_PA),
    ],
)
async def test_where_a_report_lands(sa_pa_officer, place: dict, office: int):
    answer = await post(sa_pa_officer, {**REPORT, "place": place})
    assert answer.status_code == 201, answer.text
    assert answer.json()["office"]["unit_id"] == office


async def test_a_divided_commune_waits_for_its_province(sa_pa_officer, rows, speak_as):
    [old] = await rows(
        "SELECT o.code FROM unit_succession s JOIN units o ON o.id = s.old_id JOIN units n ON n.id = s.new_id"
        " WHERE o.level = 'commune' AND s.extent = 'part' AND n.parent_id = $1 AND s.is_default LIMIT 1",
        HA_NOI,
    )
    answer = await post(sa_pa_officer, {**REPORT, "place": {"code": old["code"], "as_of": "2025-06-30"}})
    assert answer.json()["office"]["unit_id"] == HA_NOI
    ha_noi_officer = speak_as("ha_noi_province_officer")
    [summary] = (await ha_noi_officer.get("/intakes")).json()["items"]
    assert (summary["commune_id"], summary["place_divided"]) == (None, True)
    tasks = (await ha_noi_officer.get("/tasks")).json()["items"]
    assert {task["rule"] for task in tasks} == {"intake.route", "intake.assess"}
