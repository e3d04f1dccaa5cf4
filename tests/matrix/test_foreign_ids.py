"""Foreign and unique keys look past row-level security, so no id in a body may reach the database unsought.

An id of a record elsewhere and an id of nothing get the same answer, to the byte.
"""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from tests.action_plans.plans import add_target, draft
from tests.action_plans.test_reports import bound
from tests.agencies.test_service_providers import CENTRE
from tests.alternative_care.carers import CARER
from tests.cases import stories
from tests.cases.care import NEEDS
from tests.matrix.operations import opened_case
from tests.people import HOTLINE_SOURCE, LAI_CHAU, LAO_CAI, PEOPLE, SA_PA, TA_LENG, TA_VAN

from childcare_api.shared import clock

# The new record's own ids, which a client may choose: one that is taken is refused as such, whoever has it.
OWN_IDS = {("open_cases", "children.case_id")}
# Of what everybody reads.
PUBLIC_IDS = {("ask_referral", "agency_id"), ("ask_referral", "provider_id"), ("place_child", "provider_id")}
CHILD = {"full_name": "Giàng A Sà", "sex": "male", "born_on": "2018-05-12"}


@dataclass
class Place:
    """One id field of one operation, and a request in which only that id is somebody else's.

    In the body `<id>` stands where that id goes, and `<name>` for an own record. `refusal` is the code of the answer:
    another one would mean that something else was refused before the id was looked for.
    """

    operation: str
    field: str
    who: str
    method: str
    path: str
    body: dict[str, Any]
    kind: str
    version: bool = False
    refusal: str = "no_such_record"


POST, OFFICER = "POST", "sa_pa_officer"
ACTING = {"role": "commune_leader", "unit_id": SA_PA, "valid_from": "2026-01-01", "valid_to": "2030-01-01"}
OPERATOR = {"role": "hotline_operator", "unit_id": LAO_CAI, "valid_from": "2026-01-01"}
PLAN = {"title": "Kế hoạch", "period_from": "2026-01-01", "period_to": "2026-12-31"}
REPORT = {"year": 2026, "title": "Báo cáo", "content": "Đã làm."}
PLACES = [
    Place("create_assignment", "source_id", "lao_cai_administrator", POST, "/users/{user}/assignments",
          OPERATOR | {"source_id": "<id>"}, "source", refusal="source_needed"),
    Place("create_assignment", "acting_for_assignment_id", "sa_pa_administrator", POST, "/users/{user}/assignments",
          ACTING | {"acting_for_assignment_id": "<id>"}, "assignment", refusal="acting_for_nobody"),
    Place("mark_intake_in_error", "same_as_id", OFFICER, POST, "/intakes/{intake}/entered-in-error",
          {"reason": "Nhập hai lần.", "same_as_id": "<id>"}, "intake", version=True),
    Place("open_cases", "children.intake_child_id", OFFICER, POST, "/intakes/{intake}/open-case",
          {"children": [{"intake_child_id": "<id>"}]}, "intake_child", version=True),
    Place("join_case", "case_id", OFFICER, POST, "/intakes/{intake}/join-case",
          {"case_id": "<id>", "intake_child_id": "<intake_child>"}, "case", version=True),
    Place("join_case", "intake_child_id", OFFICER, POST, "/intakes/{intake}/join-case",
          {"case_id": "<case>", "intake_child_id": "<id>"}, "intake_child", version=True),
    Place("join_other_case", "case_id", OFFICER, POST, "/cases/{case}/join",
          {"case_id": "<id>", "reason": "Cùng một trẻ em."}, "case", version=True),
    Place("cancel_separation", "assessment_id", "sa_pa_leader", POST, "/cases/{case}/separations/{separation}/cancel",
          {"decision_number": "8", "decided_on": "2026-11-20", "assessment_id": "<id>", "returned_to": "mother",
           "reason": "An toàn."}, "assessment", version=True),
    Place("link_child", "child_id", OFFICER, POST, "/cases/{case}/link-child", {"child_id": "<id>"}, "child",
          version=True),
    Place("register_case_child", "child.household_id", OFFICER, POST, "/cases/{case}/register-child",
          {"child": CHILD | {"household_id": "<id>"}}, "household", version=True),
    Place("record_service", "plan_service_id", OFFICER, POST, "/cases/{case}/services",
          {"plan_service_id": "<id>", "progress": "begun", "provided_by": "Trạm y tế"}, "plan_service", version=True),
    Place("add_party", "user_id", OFFICER, POST, "/cases/{case}/parties",
          {"role": "witness", "relation": "neighbour", "user_id": "<id>"}, "person", version=True),
    Place("exclude_person_from_case", "user_id", "sa_pa_leader", POST, "/cases/{case}/exclusions",
          {"user_id": "<id>", "reason": "Là người thân."}, "person"),
    Place("exclude_person_from_intake", "user_id", "sa_pa_leader", POST, "/intakes/{intake}/exclusions",
          {"user_id": "<id>", "reason": "Là người thân."}, "person"),
    Place("set_case_confidentiality", "recipients", "sa_pa_leader", "PUT", "/cases/{case}/confidentiality",
          {"level": "sealed", "recipients": ["<id>"], "reason": "Nhạy cảm."}, "person", version=True),
    Place("set_recipients_here", "recipients", "ta_van_leader", "PUT", "/cases/{case}/recipients-here",
          {"recipients": ["<id>"], "reason": "Người đến thăm."}, "person", version=True),
    Place("ask_referral", "plan_service_id", OFFICER, POST, "/cases/{case}/referrals",
          stories.REFERRAL | {"plan_service_id": "<id>"}, "plan_service", version=True),
    Place("record_care_needs", "relatives.carer_id", OFFICER, POST, "/cases/{case}/care-needs",
          NEEDS | {"relatives": [{"full_name": "Vàng Thị Sua", "relation": "sibling", "carer_id": "<id>"}]}, "carer",
          version=True),
    Place("request_placement", "carer_id", OFFICER, POST, "/cases/{case}/placement-requests",
          {"commune_id": TA_LENG, "message": "Nhờ xem xét.", "carer_id": "<id>"}, "carer", version=True),
    Place("place_child", "carer_id", "sa_pa_leader", POST, "/cases/{case}/placements",
          {"carer_id": "<id>", "decision_number": "1", "decided_on": "2026-11-20"}, "carer", version=True),
    Place("place_child", "facility_child_id", "sa_pa_leader", POST, "/cases/{case}/placements",
          {"carer_id": "<carer>", "decision_number": "1", "decided_on": "2026-11-20", "facility_child_id": "<id>"},
          "facility_child", version=True),
    Place("appraise_facility_child", "carer_id", "lao_cai_province_officer", POST,
          "/facility-children/{facility_child}/appraise", {"result": "sent", "carer_id": "<id>"}, "carer",
          version=True),
    Place("add_member", "child_id", OFFICER, POST, "/households/{household}/members", {"child_id": "<id>"}, "child"),
    Place("register_child", "household_id", OFFICER, POST, "/children", CHILD | {"household_id": "<id>"}, "household"),
    Place("change_child", "household_id", OFFICER, "PATCH", "/children/{child}", {"household_id": "<id>"}, "household",
          version=True),
    Place("draft_action_plan", "parent_plan_id", OFFICER, POST, "/action-plans", PLAN | {"parent_plan_id": "<id>"},
          "plan", refusal="not_found"),
    Place("record_activity", "target_ids", OFFICER, POST, "/activities",
          {"kind": "training", "title": "Tập huấn", "started_on": "2026-11-01", "target_ids": ["<id>"]}, "target",
          refusal="not_found"),
    Place("draft_report", "obligation_id", OFFICER, POST, "/reports", REPORT | {"obligation_id": "<id>"},
          "obligation", refusal="not_found"),
    Place("draft_report", "figures.target_id", OFFICER, POST, "/reports",
          REPORT | {"obligation_id": "<owed>", "figures": [{"target_id": "<id>", "value": 9}]}, "target",
          refusal="not_found"),
    Place("change_report", "figures.target_id", OFFICER, "PATCH", "/reports/{report}",
          {"figures": [{"target_id": "<id>", "value": 9}]}, "target", version=True, refusal="not_found"),
]  # fmt: skip


def filled(body: Any, ids: dict[str, str]) -> Any:
    """A body with each `<name>` replaced by the id of that name."""
    if isinstance(body, dict):
        return {name: filled(value, ids) for name, value in body.items()}
    if isinstance(body, list):
        return [filled(value, ids) for value in body]
    if isinstance(body, str) and body.startswith("<"):
        return ids[body.strip("<>")]
    return body


def id_fields(document: dict, schema: dict, place: str = "", seen: tuple[str, ...] = ()):
    """Yield the places of all ids in a body, but those called just `id`, which are the new record's own."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        if name not in seen:
            yield from id_fields(document, document["components"]["schemas"][name], place, (*seen, name))
        return
    if schema.get("format") == "uuid" and place.rpartition(".")[2] != "id":
        yield place
    for choice in ("anyOf", "oneOf", "allOf"):
        for one in schema.get(choice, []):
            yield from id_fields(document, one, place, seen)
    for name, one in schema.get("properties", {}).items():
        yield from id_fields(document, one, f"{place}.{name}".lstrip("."), seen)
    if "items" in schema:
        yield from id_fields(document, schema["items"], place, seen)


def test_every_id_field_of_every_body_is_tried_here(app):
    document, found = app.openapi(), set()
    for methods in document["paths"].values():
        for described in methods.values():
            content = described.get("requestBody", {}).get("content", {}).get("application/json")
            for place in id_fields(document, content["schema"]) if content else ():
                found.add((described["operationId"], place))
    assert len(found) > 5
    assert found - OWN_IDS - PUBLIC_IDS == {(place.operation, place.field) for place in PLACES}


async def one_of_each(officer, unit_id: int) -> dict[str, str]:
    """A record of each kind that an officer of a commune has."""

    async def made(path: str, body: dict) -> dict:
        answer = await officer.post(path, json=body, headers=stories.keyed())
        assert answer.status_code == 201, answer.text
        return answer.json()

    intake, case, second_child = await opened_case(officer, unit_id)
    return {
        "intake": intake,
        "intake_child": second_child,
        "case": case,
        "child": (await made("/children", CHILD))["id"],
        "household": (await made("/households", {"address": "Tổ 1"}))["id"],
        "carer": (await made("/carers", CARER))["id"],
        **await plan_of(officer),
    }


async def plan_of(officer) -> dict[str, str]:
    """An own plan with a target."""
    plan = await draft(officer)
    return {"plan": plan.json()["id"], "target": (await add_target(officer, plan)).json()["id"]}


async def owed_by_sa_pa(speak_as) -> str:
    """The obligation by which Sa Pa owes the province a report, still unwritten."""
    _, owed, _ = await bound(speak_as("lao_cai_province_officer"), speak_as("lao_cai_province_leader"))
    return owed


async def drafted_report(speak_as, owed: str) -> str:
    """Sa Pa's draft of the report it owes."""
    body = REPORT | {"obligation_id": owed}
    report = await speak_as("sa_pa_officer").post("/reports", json=body, headers=stories.keyed())
    assert report.status_code == 201, report.text
    return report.json()["id"]


async def of_a_facility(province, unit_id: int) -> str:
    """A child on the list of a facility of a province."""
    provider = await province.post("/service-providers", json=CENTRE | {"unit_id": unit_id})
    body = {"received_on": "2026-11-20", "children": [{"full_name": "Lý A Tủa"}]}
    received = await province.post(f"/service-providers/{provider.json()['id']}/facility-lists", json=body)
    assert received.status_code == 201, received.text
    return received.json()["children"][0]["id"]


async def separated(speak_as, case_id: str) -> str:
    """Separate the child of a case of Sa Pa and return the id of that separation."""
    body = stories.separation(clock.today())
    return (await stories.File(case_id).do(speak_as("sa_pa_leader"), "/separations", body))["id"]


async def assessed(speak_as, commune: str, case_id: str) -> str:
    """Assess the child of a case and return the id of that assessment."""
    file = stories.File(case_id)
    return (await file.do(speak_as(f"{commune}_officer"), "/assessments", stories.ASSESSMENT))["id"]


async def approved_service(speak_as, commune: str, case_id: str) -> str:
    """Bring a case to an approved plan and return the id of its service."""
    file, officer, leader = stories.File(case_id), speak_as(f"{commune}_officer"), speak_as(f"{commune}_leader")
    ended = clock.now()
    plan_id = await file.plan_submitted(officer, ended)
    await file.approve(leader, plan_id, clock.day_of(ended).isoformat())
    return (await officer.get(f"/cases/{case_id}/intervention-plans/{plan_id}")).json()["services"][0]["id"]


def told(answer) -> tuple[object, ...]:
    left_out = ("instance", "request_id")
    return answer.status_code, {name: value for name, value in answer.json().items() if name not in left_out}


def code_told(answer) -> str:
    """The code of the one field that is wrong, else of the problem."""
    problem = answer.json()
    return problem["errors"][0]["code"] if problem.get("errors") else problem["type"].rpartition(":")[2]


@pytest.fixture
async def ours_and_theirs(speak_as) -> tuple[dict[str, str], dict[str, str]]:
    """What Sa Pa has, and what is of a commune of another province or of nobody it may name."""
    mine = await one_of_each(speak_as("sa_pa_officer"), SA_PA)
    theirs = await one_of_each(speak_as("ta_leng_officer"), TA_LENG)
    mine["facility_child"] = await of_a_facility(speak_as("lao_cai_province_officer"), LAO_CAI)
    mine["owed"] = await owed_by_sa_pa(speak_as)
    _, theirs["obligation"], _ = await bound(
        speak_as("lai_chau_province_officer"), speak_as("lai_chau_province_leader")
    )
    return mine, theirs | {
        "facility_child": await of_a_facility(speak_as("lai_chau_province_officer"), LAI_CHAU),
        "source": str(HOTLINE_SOURCE),
        "assignment": str(PEOPLE["ta_leng_leader"].assignment_id),
        "person": str(PEOPLE["ta_leng_officer"].id),
    }


async def needed(place: Place, speak_as, mine: dict[str, str], theirs: dict[str, str]) -> tuple[dict, dict]:
    """Add what only this place asks for."""
    if place.operation == "change_report":
        mine = mine | {"report": await drafted_report(speak_as, mine["owed"])}
    if place.operation == "set_recipients_here":
        file = stories.File(mine["case"])
        await file.do(speak_as(OFFICER), "/care-needs", NEEDS)
        await file.do(speak_as(OFFICER), "/placement-requests", {"commune_id": TA_VAN, "message": "Nhờ xem xét."})
    if place.kind == "plan_service":
        await approved_service(speak_as, "sa_pa", mine["case"])
        theirs = theirs | {"plan_service": await approved_service(speak_as, "ta_leng", theirs["case"])}
    if place.kind == "assessment":
        mine = mine | {"separation": await separated(speak_as, mine["case"])}
        theirs = theirs | {"assessment": await assessed(speak_as, "ta_leng", theirs["case"])}
    return mine, theirs


async def test_an_id_from_elsewhere_answers_like_an_id_of_nothing(ours_and_theirs, speak_as, database):
    for place in PLACES:
        async with database.rewound():
            mine, theirs = await needed(place, speak_as, *ours_and_theirs)
            client = speak_as(place.who)
            address = place.path.format(user=PEOPLE["sa_pa_second_officer"].id, **mine)
            elsewhere = await asked(client, place, address, mine, theirs[place.kind])
            nowhere = await asked(client, place, address, mine, str(uuid4()))
        where = f"{place.operation}.{place.field}"
        assert told(elsewhere) == told(nowhere), where
        assert code_told(elsewhere) == place.refusal, (where, elsewhere.text)
        assert theirs[place.kind] not in elsewhere.text, where


async def asked(client, place: Place, address: str, mine: dict[str, str], id_: str):
    """Send the request of a place about an id."""
    headers = stories.keyed()
    if place.version:
        record = "/".join(address.split("/")[:3])
        seen = await client.get(record if place.method == "POST" else address)
        headers |= {"If-Match": seen.headers["etag"]}
    return await client.request(place.method, address, json=filled(place.body, mine | {"id": id_}), headers=headers)
