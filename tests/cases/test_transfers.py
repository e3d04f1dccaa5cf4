"""A child moves and its case moves with it: offered, taken over or declined, and nothing falls between."""

import pytest
from tests.answers import code_of, faults_of
from tests.cases.care import NEEDS
from tests.cases.moving import IN_HA_NOI, answer
from tests.cases.stories import (
    ASSESSMENT,
    REFERRAL,
    TRANSFER,
    File,
)
from tests.people import HA_NOI, HOANG_MAI, SA_PA, TA_VAN_VILLAGE

from childcare_api.shared import clock as time

CHILD = {"full_name": "Vàng A Pao", "sex": "male", "born_on": "2018-05-12", "address": "Tổ 1"}


async def rules_of(who, **about) -> list[str]:
    tasks = (await who.get("/tasks", params={"whose": "my_unit", **about})).json()["items"]
    return sorted(task["rule"] for task in tasks)


@pytest.fixture
async def restored_keys(database) -> None:
    """Make the keys in another order, as restoring a backup does: plans hang on their case before its steps do."""
    keys = (
        ("case_plan_services", "plan_id", "case_plans"),
        ("case_services", "id", "case_steps"),
        ("case_plans", "id", "case_steps"),
        ("case_steps", "case_id", "cases"),
    )
    async with database.as_superuser() as connection:
        for table, key, parent in keys:
            name = f"{table}_{key}_commune_id_fkey"
            await connection.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
            await connection.execute(
                f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({key}, commune_id)"
                f" REFERENCES {parent} (id, commune_id) ON UPDATE CASCADE"
            )


async def torn_apart(rows) -> list[str]:
    """Return the tables in which something says Hoàng Mai and another province, or the other way round."""
    tables = await rows(
        "SELECT DISTINCT table_name::text AS name FROM information_schema.columns WHERE column_name = 'village_id'"
        " AND table_schema = 'public' AND (table_name LIKE 'case%' OR table_name LIKE 'child%' OR table_name = 'tasks')"
    )
    assert len(tables) > 15
    torn = "SELECT FROM {} WHERE (commune_id = $1) <> (province_id = $2)"
    return [one["name"] for one in tables if await rows(torn.format(one["name"]), HOANG_MAI, HA_NOI)]


async def test_a_case_moves_with_its_child_clocks_and_parts_to_another_province(  # noqa: PLR0915 - one story
    restored_keys, case_id, clock, sa_pa_officer, sa_pa_leader, hoang_mai_officer, hoang_mai_leader,
    ha_noi_province_officer, lao_cai_province_officer, ta_van_officer, ta_van_leader, events, rows
):  # fmt: skip
    file = File(case_id)
    household = (await sa_pa_officer.post("/households", json={"address": "Tổ 1"})).json()["id"]
    guardian = {"full_name": "Vàng Thị Dở", "relation": "grandparent"}
    linked = await file.do(
        sa_pa_officer, "/register-child", {"child": CHILD | {"household_id": household, "guardians": [guardian]}}
    )
    child_id = linked["child_id"]
    plan_id = await file.plan_submitted(sa_pa_officer, time.now())
    plan = await file.approve(sa_pa_leader, plan_id, time.today().isoformat())
    service = {"plan_service_id": plan["services"][0]["id"], "progress": "begun", "provided_by": "Trạm y tế"}
    await file.do(sa_pa_officer, "/services", service)
    referral = await file.do(sa_pa_officer, "/referrals", REFERRAL)
    report = (await sa_pa_officer.get(f"/cases/{case_id}")).json()["intake_id"]
    clocks = await rules_of(sa_pa_officer, subject_id=case_id)
    assert clocks == ["decision.send", "plan.review"]

    assert (await file.post(sa_pa_officer, "/transfer", IN_HA_NOI)).status_code == 403
    offered = await file.do(sa_pa_leader, "/transfer", IN_HA_NOI)
    assert (offered["status"], offered["to_commune_id"], offered["from_commune_id"]) == ("offered", HOANG_MAI, SA_PA)
    twice = await file.post(sa_pa_leader, "/transfer", TRANSFER)
    assert (twice.status_code, code_of(twice)) == (409, "transfer_pending")
    # Until it is accepted the old commune leads and answers for every clock; the new one sees the offer alone.
    assert await rules_of(sa_pa_officer, subject_id=case_id) == clocks
    assert await rules_of(hoang_mai_leader) == ["transfer.answer"]
    (seen,) = (await hoang_mai_officer.get("/transfers")).json()["items"]
    assert (seen["child"]["full_name"], seen["summary"], seen["case_status"]) == (
        "V. A. P.", TRANSFER["summary"], "implementing")  # fmt: skip
    told = (await hoang_mai_officer.get(f"/transfers/{offered['id']}")).json()
    assert (seen["address"], told["address"], told["child"]["full_name"]) == (None, IN_HA_NOI["address"], "Vàng A Pao")
    assert not {"case_id", "harm_kinds", "steps"} & seen.keys()
    for hidden in (f"/cases/{case_id}", f"/children/{child_id}", f"/intakes/{report}", f"/cases/{case_id}/transfers"):
        assert (await hoang_mai_leader.get(hidden)).status_code == 404
    assert (await ta_van_officer.get(f"/transfers/{offered['id']}")).status_code == 404
    clock.forward(days=5)
    overdue = (await ha_noi_province_officer.get("/tasks", params={"status": "escalated"})).json()["items"]
    assert [task["rule"] for task in overdue] == ["transfer.answer"]

    assert (await answer(hoang_mai_officer, offered["id"], "accept")).status_code == 403
    assert (await hoang_mai_leader.post(f"/transfers/{offered['id']}/accept", json={})).status_code == 400
    foreign = await answer(hoang_mai_leader, offered["id"], "accept", village_id=TA_VAN_VILLAGE)
    assert (foreign.status_code, foreign.json()["errors"][0]["pointer"]) == (422, "/village_id")
    taken = await answer(hoang_mai_leader, offered["id"], "accept", note="Đã gặp gia đình.")
    assert taken.status_code == 200, taken.text
    case = taken.json()
    assert (case["commune_id"], case["province_id"], case["unit_id"], case["status"]) == (
        HOANG_MAI, HA_NOI, SA_PA, "implementing")  # fmt: skip
    # The clocks go on as they ran, beside the new office's own receipt.
    moved = (await hoang_mai_officer.get("/tasks", params={"whose": "my_unit", "subject_id": case_id})).json()["items"]
    assert sorted(task["rule"] for task in moved) == clocks
    assert {(task["commune_id"], task["receipt_at"] is not None) for task in moved} == {(HOANG_MAI, True)}
    assert await rules_of(hoang_mai_officer, subject_id=referral["id"]) == ["referral.carry_out", "referral.follow_up"]
    assert await rules_of(sa_pa_officer, subject_id=case_id) == []
    assert await rules_of(hoang_mai_leader, subject_id=offered["id"]) == []

    # Every part went along, in all its holder columns, and the new commune works on where the old one stopped.
    assert await torn_apart(rows) == []
    mine = File(case_id)
    await mine.refresh(hoang_mai_officer)
    await mine.do(hoang_mai_officer, "/services", service | {"progress": "done"})
    await mine.do(hoang_mai_officer, "/progress-notes", {"note": "Đã đến thăm."})
    timeline = (await hoang_mai_officer.get(f"/cases/{case_id}/timeline")).json()["items"]
    assert [step["position"] for step in timeline] == list(range(1, len(timeline) + 1))
    assert [step["kind"] for step in timeline][-4:] == [
        "transfer_offered", "transfer_accepted", "service", "progress_note"]  # fmt: skip
    assert (await hoang_mai_officer.get(f"/intakes/{report}")).status_code == 200

    # The child's record came along; its household stayed.
    child = (await hoang_mai_officer.get(f"/children/{child_id}")).json()
    assert (child["commune_id"], child["household_id"], child["address"]) == (HOANG_MAI, None, "Số 5 phố Định Công")
    assert [one["full_name"] for one in child["guardians"]] == ["Vàng Thị Dở"]
    changes = (await hoang_mai_officer.get(f"/children/{child_id}/history")).json()["items"]
    assert (changes[0]["action"], changes[0]["fields"]["household_id"]) == ("moved", {"old": household, "new": None})
    assert (await sa_pa_officer.get(f"/children/{child_id}")).status_code == 404

    # The old commune reads for a year what was there when it gave the case away, and nothing that came after.
    grants = (await hoang_mai_leader.get(f"/cases/{case_id}/grants")).json()["items"]
    assert all(one["valid_to"] is not None for one in grants)
    assert {(one["commune_id"], one["reason"], one["until_position"]) for one in grants} == {
        (SA_PA, "led_before", offered["position"]), (SA_PA, "commune_of_incident", None)}  # fmt: skip
    old = (await sa_pa_officer.get(f"/cases/{case_id}/timeline")).json()["items"]
    assert {step["kind"] for step in old} == {"opening", "assessment", "meeting", "service", "transfer_offered"}
    assert max(step["position"] for step in old) == offered["position"]
    # Its own offer is among that, and how it was answered.
    for who in (sa_pa_officer, sa_pa_leader):
        (given,) = (await who.get(f"/cases/{case_id}/transfers")).json()["items"]
        assert [given[name] for name in ("id", "status", "to_commune_id", "answer_note", "reason")] == [
            offered["id"], "accepted", HOANG_MAI, "Đã gặp gia đình.", IN_HA_NOI["reason"]]  # fmt: skip
    assert (await lao_cai_province_officer.get(f"/cases/{case_id}/transfers")).status_code == 404
    for word, more in (("accept", {}), ("decline", {"reason": "Nhầm."})):
        late = await answer(hoang_mai_leader, offered["id"], word, version=2, **more)
        assert (late.status_code, code_of(late), late.json()["transfer_status"]) == (
            409, "transfer_answered", "accepted")  # fmt: skip
        assert (await answer(ta_van_leader, offered["id"], word, version=2, **more)).status_code == 404
    assert [one["progress"] for one in (await sa_pa_officer.get(f"/cases/{case_id}/services")).json()["items"]] == [
        "begun"
    ]
    head = (await sa_pa_officer.get(f"/cases/{case_id}")).json()
    assert [head[name] for name in ("service_begun_at", "plan_id", "plan_approved_at", "assessment_id")] == [None] * 4
    assert (await sa_pa_officer.get(f"/cases/{case_id}/intervention-plans")).json()["items"] == []
    assert (await lao_cai_province_officer.get(f"/cases/{case_id}")).status_code == 404
    # Who gave it away is told where it went, and that alone; nobody else is told of it.
    for who, path, body in (
        (sa_pa_officer, "/assessments", ASSESSMENT),
        (sa_pa_officer, "/progress-notes", {"note": "x"}),
        (sa_pa_leader, "/close", {}),
        (sa_pa_officer, "/care-needs", NEEDS),
        (sa_pa_leader, "/transfer", IN_HA_NOI),
    ):
        refused = await file.post(who, path, body)
        assert (path, refused.status_code, code_of(refused)) == (path, 409, "case_moved")
        assert refused.json()["to_commune_id"] == HOANG_MAI
        assert "no plan nor the decision approving it" in refused.json()["detail"]
        assert refused.json().keys() - {"type", "title", "status", "detail", "instance", "request_id"} == {
            "to_commune_id"}  # fmt: skip
    assert (await file.post(ta_van_officer, "/progress-notes", {"note": "x"})).status_code == 404
    assert (await file.post(lao_cai_province_officer, "/progress-notes", {"note": "x"})).status_code == 403
    # After that year its own report is what it keeps.
    clock.forward(days=366)
    for who, address in ((sa_pa_officer, "timeline"), (sa_pa_leader, "transfers")):
        assert (await who.get(f"/cases/{case_id}/{address}")).status_code == 404
    assert (await file.post(sa_pa_officer, "/progress-notes", {"note": "x"})).status_code == 404
    assert (await sa_pa_officer.get(f"/intakes/{report}")).status_code == 200

    told = {action: [one["holder_commune_id"] for one in await events(action)] for action in (
        "case.moved_away", "case.transferred", "child.moved_away", "child.arrived")}  # fmt: skip
    assert told == {"case.moved_away": [SA_PA], "case.transferred": [HOANG_MAI], "child.moved_away": [SA_PA],
                    "child.arrived": [HOANG_MAI]}  # fmt: skip
    (thin,) = await rows("SELECT payload FROM outbox WHERE event = 'case.transferred'")
    assert "gặp gia đình" not in str(thin)


async def test_what_is_declined_or_withdrawn_stays_as_it_was(
    case_id, sa_pa_officer, sa_pa_leader, ta_van_leader, events
):
    file = File(case_id)
    await file.do(sa_pa_officer, "/assessments", ASSESSMENT)
    before = await file.refresh(sa_pa_officer)
    clocks = await rules_of(sa_pa_officer)
    first = await file.do(sa_pa_leader, "/transfer", TRANSFER)
    assert (await answer(ta_van_leader, first["id"], "decline")).status_code == 422
    declined = await answer(ta_van_leader, first["id"], "decline", reason="Trẻ không về đây.")
    assert (declined.status_code, declined.json()["status"]) == (200, "declined"), declined.text
    assert (await ta_van_leader.get(f"/transfers/{first['id']}")).status_code == 404
    twice = await answer(ta_van_leader, first["id"], "decline", reason="Trẻ không về đây.")
    assert (twice.status_code, code_of(twice), twice.json()["transfer_status"]) == (
        409, "transfer_answered", "declined")  # fmt: skip
    await file.refresh(sa_pa_leader)
    second = await file.do(sa_pa_leader, "/transfer", TRANSFER)
    taken_back = await file.do(sa_pa_leader, f"/transfers/{second['id']}/withdraw", {"reason": "Trẻ ở lại."})
    assert taken_back["status"] == "withdrawn"
    again = await file.post(sa_pa_leader, f"/transfers/{second['id']}/withdraw", {"reason": "x"})
    assert (again.status_code, code_of(again)) == (409, "transfer_answered")
    assert (await answer(ta_van_leader, second["id"], "accept")).status_code == 404
    assert (await rules_of(ta_van_leader), await rules_of(sa_pa_officer)) == ([], clocks)
    head = await file.refresh(sa_pa_officer)
    assert {k: v for k, v in head.items() if k != "row_version"} == {
        k: v for k, v in before.items() if k != "row_version"
    }
    offers = (await sa_pa_officer.get(f"/cases/{case_id}/transfers")).json()["items"]
    assert [(one["status"], one["answer_note"]) for one in offers] == [
        ("declined", "Trẻ không về đây."), ("withdrawn", "Trẻ ở lại.")]  # fmt: skip
    assert len(await events("case.transfer_declined")) == len(await events("case.transfer_withdrawn")) == 1


async def test_an_offer_has_a_place_elsewhere_and_a_basis(case_id, sa_pa_officer, sa_pa_leader, ta_van_leader):
    file = File(case_id)
    await file.refresh(sa_pa_leader)
    for fault, change in (
        ({"/residence": "own_commune"}, {"residence": {"unit_id": SA_PA}}),
        ({"/consent/given_on": "in_future"}, {"consent": {"given_by": ["child"], "given_on": "2097-01-01"}}),
        ({"/moved_on": "in_future"}, {"moved_on": "2097-01-01"}),
    ):
        assert faults_of(await file.post(sa_pa_leader, "/transfer", TRANSFER | change)) == fault
    nowhere = await file.post(sa_pa_leader, "/transfer", TRANSFER | {"residence": {"text": "Đâu đó ở miền xuôi"}})
    assert (nowhere.status_code, code_of(nowhere)) == (409, "residence_unknown")
    ground = {"override": {"ground": "residence_leads", "reason": "Gia đình không đồng ý nhưng đã chuyển hẳn."}}
    offered = await file.do(sa_pa_leader, "/transfer", TRANSFER | {"consent": ground})
    assert offered["consent"]["article"] == "Luật Trẻ em, Điều 52.2"
    opening = (await sa_pa_officer.get(f"/cases/{case_id}/timeline")).json()["items"][0]["id"]
    waits = await file.post(sa_pa_officer, f"/opening/{opening}/entered-in-error", {"reason": "Nhầm."})
    assert (code_of(waits), waits.json()["step_ids"]) == ("case_not_settled", [offered["id"]])
    await file.do(sa_pa_officer, "/child-died", {"died_on": time.today().isoformat()})
    await file.do(sa_pa_leader, "/close", {})
    late = await answer(ta_van_leader, offered["id"], "accept")
    assert (late.status_code, late.json()["case_status"]) == (409, "closed")


async def test_no_key_with_the_commune_ties_a_part_of_a_case_to_what_stays_behind(rows):
    """It would keep the case from ever leaving, and nobody would know before a family moves."""
    found = await rows(
        "WITH RECURSIVE hanging AS (SELECT 'cases'::regclass::oid AS oid UNION SELECT k.conrelid FROM hanging h"
        " JOIN pg_constraint k ON k.confrelid = h.oid AND k.contype = 'f' AND cardinality(k.conkey) = 2)"
        " SELECT k.conname, k.confupdtype::text AS moves, k.confrelid IN (SELECT oid FROM hanging) AS of_case"
        " FROM hanging h JOIN pg_constraint k ON k.conrelid = h.oid AND k.contype = 'f' AND cardinality(k.conkey) = 2"
    )
    assert len(found) > 15
    assert [one["conname"] for one in found if one["moves"] != "c" or not one["of_case"]] == []
