"""Foreign and unique keys look past row-level security, so no id in a body may reach the database unsought.

An id of a record elsewhere and an id of nothing get the same answer, to the byte.
"""

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest
from tests.action_plans.plans import draft
from tests.cases import stories
from tests.matrix.declared import opened_case
from tests.people import HOTLINE_SOURCE, LAO_CAI, PEOPLE, SA_PA, TA_LENG

from childcare_api.shared import clock

# The new record's own ids, which a client may choose: one that is taken is refused as such, whoever has it.
OWN_IDS = {("open_cases", "children.case_id")}
CHILD = {"full_name": "Giàng A Sà", "sex": "male", "born_on": "2018-05-12"}


@dataclass
class Place:
    """One id field of one operation, and a request in which only that id is somebody else's."""

    operation: str
    field: str
    who: str
    method: str
    path: str
    body: dict[str, Any]
    kind: str
    version: str | None = field(default=None)


PLACES = [
    Place("create_assignment", "source_id", "lao_cai_administrator", "POST", "/users/{user}/assignments",
          {"role": "hotline_operator", "unit_id": LAO_CAI, "valid_from": "2026-01-01"}, "source"),
    Place("create_assignment", "acting_for_assignment_id", "sa_pa_administrator", "POST", "/users/{user}/assignments",
          {"role": "commune_leader", "unit_id": SA_PA, "valid_from": "2026-01-01", "valid_to": "2030-01-01"},
          "assignment"),
    Place("open_cases", "children.intake_child_id", "sa_pa_officer", "POST", "/intakes/{intake}/open-case",
          {"children": [{}]}, "intake_child", "intake"),
    Place("link_child", "child_id", "sa_pa_officer", "POST", "/cases/{case}/link-child", {}, "child", "case"),
    Place("record_service", "plan_service_id", "sa_pa_officer", "POST", "/cases/{case}/services",
          {"progress": "begun", "provided_by": "Trạm y tế"}, "plan_service", "case"),
    Place("add_member", "child_id", "sa_pa_officer", "POST", "/households/{household}/members", {}, "child"),
    Place("register_child", "household_id", "sa_pa_officer", "POST", "/children", CHILD, "household"),
    Place("change_child", "household_id", "sa_pa_officer", "PATCH", "/children/{child}", {}, "household", "child"),
    Place("draft_action_plan", "parent_plan_id", "sa_pa_officer", "POST", "/action-plans",
          {"title": "Kế hoạch", "period_from": "2026-01-01", "period_to": "2026-12-31"}, "plan"),
]  # fmt: skip


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
    assert found - OWN_IDS == {(place.operation, place.field) for place in PLACES}


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
        "plan": (await draft(officer)).json()["id"],
    }


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


@pytest.mark.parametrize("place", PLACES, ids=lambda place: f"{place.operation}.{place.field}")
async def test_an_id_from_elsewhere_answers_like_an_id_of_nothing(place, speak_as, rows):
    mine = await one_of_each(speak_as("sa_pa_officer"), SA_PA)
    theirs = await one_of_each(speak_as("ta_leng_officer"), TA_LENG)
    if place.kind == "plan_service":
        await approved_service(speak_as, "sa_pa", mine["case"])
        theirs["plan_service"] = await approved_service(speak_as, "ta_leng", theirs["case"])
    theirs |= {"source": str(HOTLINE_SOURCE), "assignment": str(PEOPLE["ta_leng_leader"].assignment_id)}
    client = speak_as(place.who)
    address = place.path.format(user=PEOPLE["sa_pa_second_officer"].id, **mine)

    async def ask(id_: str):
        headers = stories.keyed()
        if place.version is not None:
            seen = await client.get(address.rpartition("/")[0] if place.method == "POST" else address)
            headers |= {"If-Match": seen.headers["etag"]}
        above, _, name = place.field.rpartition(".")
        body = place.body | ({above: [{name: id_}]} if above else {name: id_})
        return await client.request(place.method, address, json=body, headers=headers)

    elsewhere, nowhere = await ask(theirs[place.kind]), await ask(str(uuid4()))
    assert told(elsewhere) == told(nowhere)
    unknown = [error["code"] for error in elsewhere.json().get("errors", [])]
    assert elsewhere.status_code in (404, 409) or unknown == ["no_such_record"], elsewhere.text
    assert theirs[place.kind] not in elsewhere.text
