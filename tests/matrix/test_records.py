"""Role × relation of units × every operation: who is refused, who finds nothing, and who finds the record."""

from datetime import UTC, datetime

import pytest
from tests.action_plans.plans import add_target, draft, issued_plan
from tests.action_plans.test_reports import bound
from tests.agencies.test_service_providers import CENTRE
from tests.alternative_care.carers import CARER, list_sent, listed
from tests.cases import stories
from tests.matrix.bodies import BODIES
from tests.matrix.declared import WANTS
from tests.matrix.operations import opened_case
from tests.matrix.permitted import code, may
from tests.people import OLD_SA_PA_TOWN, PEOPLE, SA_PA

from childcare_api.access.permissions import Permission

# Who stands how to the records, which are Phường Sa Pa's, the registry's kept by its first village.
RELATIONS = {
    "own": ["sa_pa_second_officer", "sa_pa_leader", "sa_pa_inspector", "sa_pa_administrator"],
    "parent": ["lao_cai_province_officer", "lao_cai_province_leader", "lao_cai_inspector", "lao_cai_administrator"],
    "child": ["sa_pa_village_collaborator", "sa_pa_other_village_collaborator"],
    "sibling": ["ta_van_officer", "ta_van_leader", "ta_van_inspector", "ta_van_administrator"],
    "sibling's child": ["ta_van_village_collaborator"],
    "other province": ["ta_leng_officer", "ta_leng_leader", "ta_leng_administrator", "ta_leng_inspector"],
    "other province itself": ["lai_chau_province_officer", "lai_chau_province_leader", "lai_chau_administrator"],
    "central": ["bo_y_te_analyst", "bo_y_te_inspector", "bo_y_te_administrator", "operator_111"],
    "no unit's": ["hotline_111", "hotline_lao_cai"],
}
OWN_AND_ABOVE = {"own", "parent"}
ENDED = "district before 2025-07-01"
REGISTRY, FILES, OFFICE = {"child_id", "household_id"}, {"intake_id", "case_id"}, {"user_id", "machine_client_id"}
CARERS = {"carer_id", "list_id", "facility_child_id", "care_report_id"}
ABOVE = {"facility_list_id"}  # what the province alone holds
NATION = {"province_care_report_id"}  # what the province sends to the ministry, and no commune sees
PLANS = {"plan_id", "target_id", "measurement_id", "activity_id"}
REFERRALS = {"source"}
GLASSES = {"glass_id"}
TASKS = {"task_id"}
DRAFTS = {"report_id"}  # a report is its writer's alone until it is submitted
SENT = {"referral_id", "transfer_id", "move_id"}  # by Sa Pa to Tả Van: at its own address it is the receiver's alone

THEIR_OWN = {"get_intake_receipt", "read_child_through_glass"}
"""What whoever made it reads, and nobody else of any unit."""


def finds(record: str, relation: str, who: str) -> bool:
    """Say who finds a record of Sa Pa, whatever they may do with it."""
    if record in REFERRALS:
        return who in ("hotline_111", "operator_111")
    if record in DRAFTS | SENT:
        return relation == ("own" if record in DRAFTS else "sibling")
    if relation in OWN_AND_ABOVE:
        return relation == "parent" or record not in ABOVE | NATION
    if relation == "child":
        return record in REGISTRY and who == "sa_pa_village_collaborator"
    if relation == ENDED:
        return record not in {"machine_client_id", *REFERRALS}
    return relation == "central" and record in OFFICE | PLANS | NATION and who != "operator_111"


@pytest.fixture
async def records(speak_as, sa_pa_officer) -> dict[str, str]:
    """One record of each kind in Sa Pa, by the name that its id has in addresses."""
    collaborator, administrator = speak_as("sa_pa_village_collaborator"), speak_as("sa_pa_administrator")

    async def made(client, path: str, body: dict) -> dict:
        answer = await client.post(path, json=body, headers=stories.keyed())
        assert answer.status_code == 201, answer.text
        return answer.json()

    intake_id, case_id, _ = await opened_case(sa_pa_officer, SA_PA)
    hotline = speak_as("hotline_111")
    referral = {"external_ref": "111-2026-1", "received_at": "2026-11-20T01:00:00Z", "place": {"unit_id": SA_PA}}
    issued = (await issued_plan(sa_pa_officer, speak_as("sa_pa_leader"), {"operator": "=", "value": 9})).json()["id"]
    measured = (await sa_pa_officer.get(f"/action-plans/{issued}/targets")).json()["items"][0]["id"]
    province, its_leader = speak_as("lao_cai_province_officer"), speak_as("lao_cai_province_leader")
    _, obligation_id, _ = await bound(province, its_leader)
    owed = {"obligation_id": obligation_id, "year": 2026, "title": "Báo cáo", "content": "Đã làm."}
    activity = {"kind": "training", "title": "Tập huấn", "started_on": "2026-11-01"}
    plan = await draft(sa_pa_officer)
    target = (await add_target(sa_pa_officer, plan)).json()
    file = stories.File(case_id)
    await file.refresh(sa_pa_officer)
    asked = await file.do(sa_pa_officer, "/referrals", stories.REFERRAL)
    offered = await file.do(speak_as("sa_pa_leader"), "/transfer", stories.TRANSFER)
    moving = (await made(collaborator, "/children", BODIES["register_child"]))["id"]
    moved = await sa_pa_officer.post(
        f"/children/{moving}/move", json=BODIES["move_child"], headers=stories.keyed() | stories.tag(1)
    )
    assert moved.status_code == 201, moved.text
    machine = {"client_id": "he-thong-sa-pa", "name": "Hệ thống", "unit_id": SA_PA, "scopes": ["registry:import"]}
    paper = {"kind": "passport", "value": "C1234567"}
    known = await made(sa_pa_officer, "/children", BODIES["register_child"] | {"full_name": "Lý Thị Mỷ"})
    identified = await sa_pa_officer.post(
        f"/children/{known['id']}/identifiers", json=paper, headers=stories.tag(known["row_version"])
    )
    assert identified.status_code == 201, identified.text
    broken = await speak_as("ta_leng_officer").post(
        "/broken-glasses", json={"identifier": paper}, headers={"X-Action-Reason": "Emergency."}
    )
    assert broken.status_code == 201, broken.text
    taken_in = await listed(sa_pa_officer, speak_as("sa_pa_leader"))
    provider = (await made(province, "/service-providers", CENTRE))["id"]
    of_facility = {"received_on": "2026-11-20", "children": [{"full_name": "Giàng A Tủa"}]}
    waiting = await made(province, f"/service-providers/{provider}/facility-lists", of_facility)
    sent = await province.post(
        f"/facility-children/{waiting['children'][0]['id']}/appraise",
        json={"result": "sent", "carer_id": taken_in["id"]},
        headers=stories.tag(1),
    )
    assert sent.status_code == 200, sent.text
    return {
        "facility_list_id": waiting["id"],
        "facility_child_id": sent.json()["id"],
        "care_report_id": (await made(speak_as("sa_pa_leader"), "/care-reports", BODIES["send_care_report"]))["id"],
        "province_care_report_id": (
            await made(its_leader, "/province-care-reports", BODIES["send_province_care_report"])
        )["id"],
        "glass_id": broken.json()["id"],
        "child_id": (await made(collaborator, "/children", BODIES["register_child"]))["id"],
        "household_id": (await made(collaborator, "/households", {"address": "Tổ 1"}))["id"],
        "intake_id": intake_id,
        "case_id": case_id,
        "task_id": await running_task(sa_pa_officer, case_id),
        "carer_id": (await made(sa_pa_officer, "/carers", CARER))["id"],
        "list_id": (await list_sent(sa_pa_officer, sent_on="2026-11-20"))["id"],
        "referral_id": asked["id"],
        "transfer_id": offered["id"],
        "move_id": moved.json()["id"],
        "plan_id": plan.json()["id"],
        "target_id": target["id"],
        "activity_id": (await made(sa_pa_officer, "/activities", activity))["id"],
        "measurement_id": (
            await made(sa_pa_officer, f"/targets/{measured}/measurements", BODIES["record_measurement"])
        )["id"],
        "report_id": (await made(sa_pa_officer, "/reports", owed))["id"],
        "source": (await made(hotline, "/hotline/referrals", referral))["source"],
        "external_ref": "111-2026-1",
        "user_id": str(PEOPLE["sa_pa_officer"].id),
        "machine_client_id": (await made(administrator, "/machine-clients", machine))["id"],
    }


async def running_task(officer, case_id: str) -> str:
    """The task that an assessment starts."""
    await stories.File(case_id).do(officer, "/assessments", stories.ASSESSMENT)
    return (await officer.get(f"/tasks?subject_id={case_id}")).json()["items"][0]["id"]


def test_every_record_in_an_address_stands_in_the_matrix(every_operation):
    public = {"unit_id", "name", "code", "agency_id", "provider_id"}
    kinds = {operation.record for operation in every_operation} - {None}
    assert kinds - public == (
        REGISTRY | FILES | CARERS | ABOVE | NATION | OFFICE | PLANS | REFERRALS | GLASSES | DRAFTS | SENT | TASKS
    )


async def wrong_answers(
    client, relation: str, who: str, every_operation, records, database
) -> list[tuple[object, ...]]:
    wrong: list[tuple[object, ...]] = []
    for operation in every_operation:
        record = operation.record
        if record is None or record not in records or not may(who, operation) or operation.id in THEIR_OWN:
            continue
        answer = await operation.ask(client, **records)
        if operation.id.startswith("declare_conflict_") and answer.is_success:
            # Whoever stepped back would find nothing of it any more.
            async with database.as_superuser() as connection:
                await connection.execute("DELETE FROM exclusions")
        found = answer.status_code != 404
        # A further id of an address is nobody's: below a record that is found, that part is not.
        part = set(operation.parameters[1:]) - {"external_ref"}
        if found is not finds(record, relation, who) and not (part and not found):
            wrong.append((operation.id, answer.status_code, answer.text[:300]))
        known_but_not_theirs = relation in ("parent", "central", ENDED) and code(answer) == "plan_of_another_unit"
        if answer.status_code in (401, 403, 422, 500) and not known_but_not_theirs:
            wrong.append((operation.id, answer.status_code, answer.text[:300]))
        if not found and not finds(record, relation, who):
            nothing = await operation.ask(client)
            if told(nothing) != told(answer):
                wrong.append((operation.id, "tells a record elsewhere from none", answer.text, nothing.text))
    return wrong


def told(answer) -> tuple[object, ...]:
    """What a caller can tell apart, but for the number of the request."""
    body = {name: value for name, value in answer.json().items() if name not in ("instance", "request_id")}
    headers = {k: v for k, v in answer.headers.items() if k != "x-request-id"}
    return answer.status_code, body, headers


async def test_a_record_is_found_by_its_own_unit_and_those_above_and_nobody_else(
    every_operation, records, speak_as, database
):
    wrong = []
    for relation, everybody in RELATIONS.items():
        async with database.rewound():
            for who in everybody:
                found = await wrong_answers(speak_as(who), relation, who, every_operation, records, database)
                wrong += [(who, *one) for one in found]
    assert not wrong, "\n".join(map(str, wrong))


LISTS = {
    "list_children": "child_id",
    "list_households": "household_id",
    "list_intakes": "intake_id",
    "list_cases": "case_id",
    "list_received_referrals": "referral_id",
    "list_carers": "carer_id",
    "list_carer_lists": "list_id",
    "list_care_reports": "care_report_id",
    "list_province_care_reports": "province_care_report_id",
    "list_facility_lists": "facility_list_id",
    "list_facility_children": "facility_child_id",
    "list_received_transfers": "transfer_id",
    "list_received_child_moves": "move_id",
    "list_action_plans": "plan_id",
    "list_activities": "activity_id",
    "list_reports": "report_id",
    "list_broken_glasses": "glass_id",
    "list_users": "user_id",
    "list_machine_clients": "machine_client_id",
}


def test_every_list_of_records_stands_in_the_matrix(every_operation):
    public = {
        "list_units",
        "list_clock_rules",
        "list_limits",
        "list_code_lists",
        "list_agencies",
        "list_hotlines",
        "list_service_providers",
    }
    # These hold ids of other records, and are searched for all of them.
    looked_into = {"list_tasks", "list_audit_events", "list_report_obligations", "list_colleagues"}
    looked_into.add("list_children_in_care")
    found = {one.id for one in every_operation if one.id.startswith("list_") and not one.parameters}
    assert found == set(LISTS) | public | looked_into


async def test_the_matrix_notices_a_record_that_is_found_by_somebody_else(every_operation, records, speak_as, database):
    """Judged as if it came from the commune beside, everything that Sa Pa's own officer finds is wrong."""
    wrong = await wrong_answers(
        speak_as("sa_pa_officer"), "sibling", "sa_pa_officer", every_operation, records, database
    )
    plain = {
        one.id for one in every_operation if one.record in records.keys() - ABOVE - NATION and len(one.parameters) == 1
    }
    assert {one[0] for one in wrong} >= {one for one in plain if WANTS[one] is Permission.CASE_READ}
    assert len(wrong) > 30


async def test_a_list_shows_a_record_to_whom_it_is_found_and_to_nobody_else(every_operation, records, speak_as):
    wrong = []
    for relation, who in ((relation, who) for relation, everybody in RELATIONS.items() for who in everybody):
        client = speak_as(who)
        for operation in every_operation:
            if operation.method != "get" or operation.parameters or not may(who, operation):
                continue
            answer = await client.get(operation.address() + ("?limit=200" if operation.id in LISTS else ""))
            assert answer.status_code == 200, (operation.id, answer.text)
            for record, id_ in records.items():
                if record in REFERRALS | {"external_ref"}:
                    continue  # no ids, but names that stand in other records too
                if record in DRAFTS | GLASSES and operation.id == "list_audit_events":
                    continue  # that a draft was made, the inspector above may know; who broke a glass, their own
                if record in SENT and operation.id in ("list_tasks", "list_audit_events"):
                    continue  # who sent it waits for the answer
                seen, expected = id_ in answer.text, finds(record, relation, who)
                if (seen and not expected) or (LISTS.get(operation.id) == record and seen is not expected):
                    wrong.append((who, operation.id, "shows" if seen else "hides", record))
    assert not wrong, "\n".join(map(str, wrong))


DISTRICT_TABLES = [
    *("children", "households", "intakes", "cases", "tasks", "carers", "carer_lists", "users", "activities", "reports"),
    *("facility_lists", "facility_children", "care_reports", "province_care_reports"),
    *("action_plans", "plan_targets", "plan_measurements"),
]


async def test_a_district_finds_its_records_until_it_ended_and_nothing_since(
    every_operation, records, speak_as, database, clock
):
    async with database.as_superuser() as connection:
        for table in DISTRICT_TABLES:
            await connection.execute(f"UPDATE {table} SET district_id = $1", OLD_SA_PA_TOWN)  # noqa: S608 - from above
    for operation in every_operation:
        answer = await operation.ask(speak_as("old_sa_pa_town_officer"), **records)
        assert answer.status_code == 401, operation.id
    clock.set(datetime(2025, 6, 15, tzinfo=UTC))
    who = "old_sa_pa_town_officer"
    wrong = await wrong_answers(speak_as(who), ENDED, who, every_operation, records, database)
    assert not wrong, "\n".join(map(str, wrong))
