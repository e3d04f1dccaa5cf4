"""What the matrix test needs: each operation's declaration, a body that fits its schema, and records of one commune."""

import re
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
from tests.cases import stories

from childcare_api.access.permissions import Permission

P = Permission
ANYBODY = None
"""Any caller with a token; no permission is asked for."""

# Each operation that wants a token, with the permission it wants. One that is missing here fails the test: whoever
# adds an operation says once more, apart from the code, who may use it.
WANTS: dict[str, P | None] = {
    # identity
    "change_password": ANYBODY,
    "get_me": ANYBODY,
    "list_users": P.USER_READ,
    "list_colleagues": P.COLLEAGUE_READ,
    "create_user": P.USER_MANAGE,
    "get_user": P.USER_READ,
    "change_user": P.USER_MANAGE,
    "reset_user_password": P.USER_MANAGE,
    "list_assignments": P.USER_READ,
    "create_assignment": P.USER_MANAGE,
    "end_assignment": P.USER_MANAGE,
    "list_machine_clients": P.MACHINE_MANAGE,
    "create_machine_client": P.MACHINE_MANAGE,
    "get_machine_client": P.MACHINE_MANAGE,
    "change_machine_client": P.MACHINE_MANAGE,
    "list_machine_secrets": P.MACHINE_MANAGE,
    "create_machine_secret": P.MACHINE_MANAGE,
    "end_machine_secret": P.MACHINE_MANAGE,
    # units and code lists
    "list_units": ANYBODY,
    "read_unit": ANYBODY,
    "read_unit_succession": ANYBODY,
    "list_code_lists": ANYBODY,
    "read_code_list": ANYBODY,
    # directory
    "list_agencies": P.DIRECTORY_READ,
    "add_agency": P.DIRECTORY_WRITE,
    "read_agency": P.DIRECTORY_READ,
    "list_hotlines": P.DIRECTORY_READ,
    "list_service_providers": P.DIRECTORY_READ,
    "add_service_provider": P.DIRECTORY_WRITE,
    "read_service_provider": P.DIRECTORY_READ,
    "describe_service_provider": P.DIRECTORY_WRITE,
    "add_provider_licence": P.DIRECTORY_WRITE,
    "restrict_provider": P.DIRECTORY_WRITE,
    "lift_provider_restriction": P.DIRECTORY_WRITE,
    "add_provider_price_list": P.DIRECTORY_WRITE,
    "close_service_provider": P.DIRECTORY_WRITE,
    "list_provider_inspections": P.DIRECTORY_READ,
    "add_provider_inspection": P.DIRECTORY_WRITE,
    "follow_up_provider_inspection": P.DIRECTORY_WRITE,
    "mark_provider_part_in_error": P.DIRECTORY_WRITE,
    # carers
    "list_carers": P.CARER_READ,
    "register_carer": P.CARER_WRITE,
    "read_carer": P.CARER_READ,
    "change_carer": P.CARER_WRITE,
    "add_carer_member": P.CARER_WRITE,
    "let_carer_member_leave": P.CARER_WRITE,
    "verify_carer": P.CARER_WRITE,
    "mark_verification_in_error": P.CARER_WRITE,
    "approve_carer": P.CARER_APPROVE,
    "refuse_carer": P.CARER_APPROVE,
    "withdraw_carer": P.CARER_WRITE,
    "strike_carer_off": P.CARER_APPROVE,
    "list_carer_lists": P.CARER_READ,
    "send_carer_list": P.CARER_WRITE,
    "read_carer_list": P.CARER_READ,
    # deadlines and oversight
    "list_limits": ANYBODY,
    "list_tasks": P.TASK_READ,
    "extend_task": P.TASK_EXTEND,
    "list_task_extensions": P.TASK_READ,
    "list_clock_rules": ANYBODY,
    "promise_shorter_term": P.CLOCK_PROMISE,
    "list_audit_events": P.AUDIT_READ,
    "verify_audit": P.AUDIT_READ,
    # registry
    "list_households": P.CHILD_READ,
    "register_household": P.CHILD_WRITE,
    "read_household": P.CHILD_READ,
    "change_household": P.CHILD_WRITE,
    "list_members": P.CHILD_READ,
    "add_member": P.CHILD_WRITE,
    "let_member_leave": P.CHILD_WRITE,
    "retract_member": P.CHILD_WRITE,
    "list_children": P.CHILD_READ,
    "register_child": P.CHILD_WRITE,
    "read_child": P.CHILD_READ,
    "change_child": P.CHILD_WRITE,
    "move_child": P.CHILD_MOVE,
    "list_child_moves": P.CHILD_READ,
    "withdraw_child_move": P.CHILD_MOVE,
    "list_received_child_moves": P.CHILD_MOVE,
    "read_received_child_move": P.CHILD_MOVE,
    "accept_child_move": P.CHILD_MOVE,
    "decline_child_move": P.CHILD_MOVE,
    "read_child_history": P.CHILD_READ,
    "read_child_access_log": P.AUDIT_READ,
    "add_circumstance": P.CHILD_WRITE,
    "end_circumstance": P.CHILD_WRITE,
    "retract_circumstance": P.CHILD_WRITE,
    "add_guardian": P.CHILD_WRITE,
    "end_guardian": P.CHILD_WRITE,
    "retract_guardian": P.CHILD_WRITE,
    "add_identifier": P.CHILD_WRITE,
    "retract_identifier": P.CHILD_WRITE,
    # intake
    "receive_intake": P.INTAKE_CREATE,
    "list_intakes": P.INTAKE_READ,
    "get_intake": P.INTAKE_READ,
    "get_intake_receipt": P.INTAKE_CREATE,
    "reveal_intake_reporter": P.INTAKE_REVEAL,
    "reveal_intake_harm_doers": P.INTAKE_REVEAL,
    "acknowledge_intake": P.INTAKE_WORK,
    "transfer_intake": P.INTAKE_TRANSFER,
    "assess_intake": P.INTAKE_WORK,
    "mark_intake_assessment_in_error": P.INTAKE_WORK,
    "dismiss_intake": P.INTAKE_WORK,
    "mark_intake_in_error": P.INTAKE_WORK,
    # cases
    "open_cases": P.CASE_OPEN,
    "link_child": P.CASE_WORK,
    "register_case_child": P.CASE_WORK,
    "list_cases": P.CASE_READ,
    "read_case": P.CASE_READ,
    "read_timeline": P.CASE_READ,
    "add_party": P.CASE_WORK,
    "list_parties": P.CASE_READ,
    "give_grant": P.CASE_DECIDE,
    "list_grants": P.CASE_READ,
    "revoke_grant": P.CASE_DECIDE,
    "enter_step_in_error": P.CASE_WORK,
    "record_emergency_measure": P.CASE_WORK,
    "list_emergency_measures": P.CASE_READ,
    "record_handover": P.CASE_WORK,
    "list_handovers": P.CASE_READ,
    "record_assessment": P.CASE_WORK,
    "list_assessments": P.CASE_READ,
    "record_meeting": P.CASE_WORK,
    "list_meetings": P.CASE_READ,
    "draft_plan": P.CASE_WORK,
    "list_plans": P.CASE_READ,
    "read_plan": P.CASE_READ,
    "change_plan": P.CASE_WORK,
    "submit_plan": P.CASE_WORK,
    "return_plan": P.CASE_DECIDE,
    "approve_plan": P.CASE_DECIDE,
    "adjust_plan": P.CASE_WORK,
    "record_service": P.CASE_WORK,
    "list_services": P.CASE_READ,
    "add_progress_note": P.CASE_WORK,
    "list_progress_notes": P.CASE_READ,
    "record_review": P.CASE_WORK,
    "list_reviews": P.CASE_READ,
    "close_case": P.CASE_CLOSE,
    "reveal_party": P.CASE_REVEAL,
    "exclude_person_from_case": P.CASE_DECIDE,
    "declare_conflict_in_case": P.CASE_READ,
    "list_case_exclusions": P.CASE_READ,
    "lift_exclusion_from_case": P.CASE_DECIDE,
    "exclude_person_from_intake": P.CASE_DECIDE,
    "declare_conflict_in_intake": P.INTAKE_READ,
    "set_case_confidentiality": P.CASE_DECIDE,
    "read_case_confidentiality": P.CASE_READ,
    "offer_case_transfer": P.CASE_DECIDE,
    "list_case_transfers": P.CASE_READ,
    "withdraw_case_transfer": P.CASE_DECIDE,
    "list_received_transfers": P.CASE_READ,
    "read_received_transfer": P.CASE_READ,
    "accept_case_transfer": P.CASE_DECIDE,
    "decline_case_transfer": P.CASE_DECIDE,
    "ask_referral": P.CASE_WORK,
    "list_referrals": P.CASE_READ,
    "write_down_referral_answer": P.CASE_WORK,
    "withdraw_case_referral": P.CASE_WORK,
    "list_received_referrals": P.CASE_READ,
    "read_received_referral": P.CASE_READ,
    "answer_received_referral": P.CASE_WORK,
    "break_glass": P.CASE_REVEAL,
    "list_broken_glasses": P.CASE_READ,
    "read_child_through_glass": P.CASE_REVEAL,
    "review_broken_glass": P.CASE_DECIDE,
    "record_care_needs": P.CASE_WORK,
    "list_care_needs": P.CASE_READ,
    "list_placement_candidates": P.CASE_READ,
    "request_placement": P.CASE_WORK,
    "list_placement_requests": P.CASE_READ,
    "decline_placement": P.CASE_DECIDE,
    "place_child": P.CASE_DECIDE,
    "list_placements": P.CASE_READ,
    "hand_child_over": P.CASE_WORK,
    "record_placement_visit": P.CASE_WORK,
    "list_placement_visits": P.CASE_READ,
    "record_carer_report": P.CASE_WORK,
    "list_carer_reports": P.CASE_READ,
    "request_placement_end": P.CASE_WORK,
    "end_placement": P.CASE_DECIDE,
    "mark_placing_step_in_error": P.CASE_WORK,
    "read_facility_places": P.CASE_READ,
    # papers
    "list_forms": P.CASE_READ,
    "print_form": P.CASE_READ,
    "join_case": P.CASE_OPEN,
    "join_other_case": P.CASE_OPEN,
    "list_reports_of_case": P.CASE_READ,
    "decide_separation": P.CASE_DECIDE,
    "list_separations": P.CASE_READ,
    "extend_separation": P.CASE_DECIDE,
    "cancel_separation": P.CASE_DECIDE,
    "request_court": P.CASE_DECIDE,
    "list_court_requests": P.CASE_READ,
    "record_court_order": P.CASE_WORK,
    "record_court_refusal": P.CASE_WORK,
    "record_plan_refusal": P.CASE_WORK,
    "list_plan_refusals": P.CASE_READ,
    "send_decision": P.CASE_WORK,
    "list_sendings": P.CASE_READ,
    "reopen_case": P.CASE_CLOSE,
    "record_death": P.CASE_WORK,
    "record_sixteenth": P.CASE_WORK,
    "list_life_events": P.CASE_READ,
    "read_archive": P.CASE_READ,
    "read_standing": P.CASE_READ,
    # action plans
    "list_action_plans": P.PLAN_READ,
    "draft_action_plan": P.PLAN_WRITE,
    "read_action_plan": P.PLAN_READ,
    "change_action_plan": P.PLAN_WRITE,
    "issue_action_plan": P.PLAN_ISSUE,
    "renew_action_plan": P.PLAN_WRITE,
    "list_plan_targets": P.PLAN_READ,
    "add_plan_target": P.PLAN_WRITE,
    "read_plan_target": P.PLAN_READ,
    "change_plan_target": P.PLAN_WRITE,
    "remove_plan_target": P.PLAN_WRITE,
    "list_plan_legal_bases": P.PLAN_READ,
    "add_plan_legal_basis": P.PLAN_WRITE,
    "remove_plan_legal_basis": P.PLAN_WRITE,
    "list_plan_budget_lines": P.PLAN_READ,
    "add_plan_budget_line": P.PLAN_WRITE,
    "remove_plan_budget_line": P.PLAN_WRITE,
    "list_plan_staffing_lines": P.PLAN_READ,
    "read_action_plan_progress": P.PLAN_READ,
    "list_measurements": P.PLAN_READ,
    "record_measurement": P.PLAN_WRITE,
    "mark_measurement_in_error": P.PLAN_WRITE,
    "list_plan_report_obligations": P.PLAN_READ,
    "add_plan_report_obligation": P.PLAN_WRITE,
    "remove_plan_report_obligation": P.PLAN_WRITE,
    # activities and reports
    "list_activities": P.ACTIVITY_READ,
    "list_plan_activities": P.ACTIVITY_READ,
    "record_activity": P.ACTIVITY_WRITE,
    "read_activity": P.ACTIVITY_READ,
    "mark_activity_in_error": P.ACTIVITY_WRITE,
    "list_report_obligations": P.REPORT_READ,
    "list_reports": P.REPORT_READ,
    "draft_report": P.REPORT_WRITE,
    "read_report": P.REPORT_READ,
    "change_report": P.REPORT_WRITE,
    "submit_report": P.REPORT_SUBMIT,
    "return_report": P.REPORT_ACCEPT,
    "accept_report": P.REPORT_ACCEPT,
    # hotlines
    "refer_report": P.HOTLINE_REFER,
    "get_referral": P.HOTLINE_READ,
    "update_referral": P.HOTLINE_REFER,
    "withdraw_referral": P.HOTLINE_REFER,
    "list_referral_feedback": P.HOTLINE_READ,
    "read_feedback_feed": P.HOTLINE_READ,
}

# Words for what a schema does not say by itself.
_BY_NAME = {
    "username": "nguyen.van.ba",
    "client_id": "he-thong-moi",
    "valid_to": "2030-01-01",
    "code": "03006",
}
DAY, INSTANT = "2026-11-20", "2026-11-20T01:00:00Z"


@dataclass(frozen=True)
class Operation:
    """One operation of the document."""

    id: str
    method: str
    path: str
    body: dict[str, Any] | None

    @property
    def parameters(self) -> list[str]:
        return re.findall(r"\{(\w+)\}", self.path)

    @property
    def record(self) -> str | None:
        """The name of the id its address begins with: whose record it is about."""
        return self.parameters[0] if self.parameters else None

    @property
    def wants(self) -> P | None:
        return WANTS[self.id]

    def address(self, **ids: object) -> str:
        """Fill in the path; what is not given is nobody's."""
        part = "licences" if "provider_id" in self.path else "assessments"
        part = "placement-visits" if "placing-steps" in self.path else part
        given = {"source": "nobodys-hotline", "unit_id": 1, "name": "sex", "part": part, "form": "mau-01", **ids}
        return re.sub(r"\{(\w+)\}", lambda m: str(given.get(m[1], uuid4())), self.path).removeprefix("/api/v1")

    async def ask(self, client: httpx.AsyncClient, **ids: object) -> httpx.Response:
        """Send it with a body that fits, a fresh key, and no version."""
        headers = {"Idempotency-Key": str(uuid4())} if self.method == "post" else {}
        if self.id.startswith("reveal_") or self.id == "break_glass":
            headers["X-Action-Reason"] = "Calling the reporter back."
        return await client.request(self.method.upper(), self.address(**ids), json=self.body, headers=headers)


def example(document: dict[str, Any], schema: dict[str, Any], name: str = "") -> Any:  # noqa: C901, PLR0911 - a table of kinds
    """Return the smallest value that a schema takes."""
    if "$ref" in schema:
        return example(document, document["components"]["schemas"][schema["$ref"].rpartition("/")[2]], name)
    if name in _BY_NAME:
        return _BY_NAME[name]
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    for choice in ("anyOf", "oneOf"):
        if choice in schema:
            return example(document, next(one for one in schema[choice] if one.get("type") != "null"), name)
    match schema.get("type"):
        case "object":
            wanted = schema.get("required", [])
            return {key: example(document, schema["properties"][key], key) for key in wanted}
        case "array":
            return [example(document, schema["items"]) for _ in range(schema.get("minItems", 0))]
        case "integer" | "number":
            return int(schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1))
        case "boolean":
            return False
        case _:
            return _text(schema)


def _text(schema: dict[str, Any]) -> str:
    formats = {"uuid": str(uuid4()), "date": DAY, "date-time": INSTANT}
    return formats.get(schema.get("format", ""), "a" * max(schema.get("minLength", 1), 1))


async def opened_case(officer: httpx.AsyncClient, unit_id: int) -> tuple[str, str, str]:
    """Take a report on two children in a commune, assess it, open the first one's case; return intake, case, second."""
    report = stories.REPORT | {"place": {"unit_id": unit_id}, "harm_doers": [{"relation": "neighbour"}]}
    taken = await officer.post("/intakes", json=report, headers=stories.keyed())
    assert taken.status_code == 201, taken.text
    address = f"/intakes/{taken.json()['id']}"
    body = stories.INITIAL_ASSESSMENT | {"emergency": False}
    judged = await officer.post(f"{address}/assess", json=body, headers=stories.tag(taken.json()["row_version"]))
    assert judged.status_code == 200, judged.text
    first, second = (child["id"] for child in judged.json()["children"])
    body = {"children": [{"intake_child_id": first}]}
    opened = await officer.post(f"{address}/open-case", json=body, headers=stories.tag(judged.json()["row_version"]))
    assert opened.status_code == 201, opened.text
    return taken.json()["id"], opened.json()["cases"][0]["id"], second
