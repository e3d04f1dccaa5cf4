"""Who told of a report, or sent it on, adds to it wherever it stands by now, and alone takes that back."""

from datetime import timedelta

from tests.access.test_scope import actor_of
from tests.answers import code_of, faults_of
from tests.cases.stories import REPORT, keyed, tag
from tests.intake.test_steps import put_aside, step, tasks_of
from tests.intake.test_updating import CALM, NEW, iso, received
from tests.people import LAO_CAI, PEOPLE, SA_PA, SA_PA_VILLAGE, TA_VAN

from childcare_api.access import scope


async def told(who, intake_id: str, **body):
    return await who.post(f"/intakes/{intake_id}/told-later", json=NEW | body, headers=keyed())


async def test_a_villager_adds_to_an_own_report_and_alone_takes_it_back(
    clock, database, sa_pa_village_collaborator, sa_pa_officer, sa_pa_leader, ta_van_officer, hotline_111, events, rows
):
    intake_id = await received(sa_pa_village_collaborator)
    foreign = await received(sa_pa_officer, place={"unit_id": SA_PA_VILLAGE})
    clock.forward(hours=1)
    for body, fault in (
        ({"text": " "}, {"/text": "string_too_short"}),
        ({"happened_at": iso(clock.at - timedelta(hours=2))}, {"/happened_at": "too_early"}),
        ({"takes_back": "x"}, {"/takes_back": "bool_type"}),
    ):
        assert faults_of(await told(sa_pa_village_collaborator, intake_id, **body)) == fault
    for who, which, status in (
        (sa_pa_village_collaborator, foreign, 404),
        (ta_van_officer, intake_id, 404),
        (sa_pa_leader, intake_id, 403),
        (hotline_111, intake_id, 403),
    ):
        assert (await told(who, which)).status_code == status
    bare = await sa_pa_village_collaborator.post(f"/intakes/{intake_id}/told-later", json=NEW)
    assert code_of(bare) == "idempotency_key_required"

    key = {"Idempotency-Key": "again"}
    for _ in range(2):
        answer = await sa_pa_village_collaborator.post(
            f"/intakes/{intake_id}/told-later", json=NEW | {"emergency": True}, headers=key
        )
        assert answer.status_code == 201, answer.text
        assert (answer.json()["emergency"], answer.json()["office"]["unit_id"]) == (True, SA_PA)
        assert "updates" not in answer.json()
    file = (await sa_pa_officer.get(f"/intakes/{intake_id}")).json()
    [update] = file["updates"]
    assert {name: update[name] for name in NEW} == NEW
    assert (update["told_from_unit_id"], update["from_source"]) == (SA_PA_VILLAGE, False)
    assert update["recorded_by"] == str(PEOPLE["sa_pa_village_collaborator"].id)
    assert (file["emergencies"], file["emergency_grounds"]) == ([iso(clock.at)], ["told_later"])
    assert (await tasks_of(sa_pa_officer, intake_id))["emergency.intervene"]["starts_at"] == iso(clock.at)
    [event] = await events("intake.updated")
    assert (event["subject_id"], event["holder_commune_id"]) == (intake_id, SA_PA)
    [note] = await rows("SELECT * FROM outbox WHERE event = 'intake.updated'")
    assert (note["payload"]["update_id"], note["unit_id"]) == (update["id"], SA_PA)

    # The office neither unsays it, nor says in its place that it was an error; its own addition stands beside it.
    wrong = f"updates/{update['id']}/entered-in-error"
    refused = await step(sa_pa_officer, intake_id, wrong, {"reason": "Nhà khác."}, version=file["row_version"])
    assert (refused.status_code, code_of(refused)) == (409, "told_from_elsewhere")
    assert faults_of(await step(sa_pa_officer, intake_id, "updates", NEW | {"takes_back": True})) == {
        "/takes_back": "extra_forbidden"
    }
    marking = "UPDATE intake_updates SET entered_in_error_at = now(), entered_in_error_by = $1 WHERE intake_id = $2"
    me = PEOPLE["sa_pa_officer"].id
    async with scope.open_connection(database, actor_of("sa_pa_officer")) as connection:
        assert await connection.execute(marking, me, intake_id) == "UPDATE 0"
    assert (await told(sa_pa_officer, intake_id, text="Đã đến nhà.")).status_code == 201
    file = (await sa_pa_officer.get(f"/intakes/{intake_id}")).json()
    assert file["updates"][-1]["told_from_unit_id"] is None
    assert (await told(sa_pa_village_collaborator, intake_id, text="Nhầm nhà.", takes_back=True)).status_code == 201
    version = file["row_version"] + 1
    marked = await step(sa_pa_officer, intake_id, wrong, {"reason": "Nhà khác."}, version=version)
    assert (marked.status_code, marked.json()["emergencies"]) == (200, [])


async def test_a_province_adds_to_what_it_sent_on_and_it_is_received_again_by_that(
    clock, sa_pa_officer, ta_van_officer, lao_cai_province_officer, lai_chau_province_officer, rows
):
    intake_id = await received(lao_cai_province_officer, place={"province": {"unit_id": LAO_CAI}, "text": "gần chợ"})
    assert (await told(lao_cai_province_officer, intake_id, text="Ở chợ Sa Pa.")).status_code == 201
    sent = {"to": {"unit_id": SA_PA}, "reason": "Đã rõ nơi xảy ra."}
    assert (await step(lao_cai_province_officer, intake_id, "transfer", sent, version=2)).status_code == 200
    clock.forward(hours=3)
    for stranger in (ta_van_officer, lai_chau_province_officer):
        assert (await told(stranger, intake_id)).status_code == 404
    answer = await told(lao_cai_province_officer, intake_id, emergency=True)
    assert (answer.status_code, answer.json()["office"]["unit_id"]) == (201, SA_PA), answer.text
    file = (await sa_pa_officer.get(f"/intakes/{intake_id}")).json()
    assert [one["told_from_unit_id"] for one in file["updates"]] == [LAO_CAI, LAO_CAI]
    assert file["emergencies"] == [iso(clock.at)]
    # Put aside, it is received again by what is new, and not by what was an error.
    await put_aside(sa_pa_officer, intake_id)
    taken = await told(lao_cai_province_officer, intake_id, text="Nhầm chợ.", takes_back=True)
    assert taken.json()["status"] == "dismissed"
    again = await told(lao_cai_province_officer, intake_id, text="Cháu bé gọi lại.")
    assert (again.json()["status"], again.json()["acknowledged_at"]) == ("received", None)
    assert {"intake.acknowledge", "intake.assess"} <= set(await tasks_of(sa_pa_officer, intake_id))
    # Where nobody works on it any more, new danger is a report of its own.
    for status, code in (("withdrawn", "intake_status_forbids"), ("entered_in_error", "no_case_open")):
        await rows("UPDATE intakes SET status = $2 WHERE id = $1", intake_id, status)
        refused = await told(lao_cai_province_officer, intake_id, emergency=True)
        assert (refused.status_code, code_of(refused)) == (409, code)


async def test_a_commune_adds_to_what_it_took_in_for_another_and_nobody_to_what_is_sealed_from_them(
    sa_pa_officer, ta_van_officer, ta_van_leader, lao_cai_province_officer
):
    there = await received(sa_pa_officer, **REPORT | {"place": {"unit_id": TA_VAN}})
    assert (await told(sa_pa_officer, there)).json()["office"]["unit_id"] == TA_VAN
    file = (await ta_van_officer.get(f"/intakes/{there}")).json()
    assert (file["updates"][0]["told_from_unit_id"], file["row_version"]) == (SA_PA, 2)
    assert (await step(ta_van_officer, there, "acknowledge", {}, version=2)).status_code == 200
    file = (await step(ta_van_officer, there, "assess", CALM, version=3)).json()
    child = {"children": [{"intake_child_id": file["children"][0]["id"]}]}
    case = (await step(ta_van_officer, there, "open-case", child, version=4)).json()["cases"][0]
    assert (await told(sa_pa_officer, there, emergency=True)).json()["emergency"] is True
    items = (await ta_van_officer.get(f"/cases/{case['id']}/timeline")).json()["items"]
    assert (items[-1]["kind"], items[-1]["note"]) == ("report_updated", NEW["text"])
    assert "emergency.intervene" in await tasks_of(ta_van_officer, case["id"])
    path = f"/cases/{case['id']}/confidentiality"
    version = (await ta_van_leader.get(path)).json()["row_version"]
    seal = {"level": "sealed", "reason": "Báo chí chú ý."}
    assert (await ta_van_leader.put(path, json=seal, headers=tag(version))).status_code == 200
    for who in (sa_pa_officer, lao_cai_province_officer):
        assert (await told(who, there)).status_code == 404
