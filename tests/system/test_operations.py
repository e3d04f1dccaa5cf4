"""Walks every operation of the document: what all of them owe their callers."""

import ast
import json
import re
from pathlib import Path
from uuid import UUID

import jsonschema_rs
import pytest
from fastapi.routing import iter_route_contexts
from pydantic import TypeAdapter
from tests.alternative_care.carers import VERIFICATION
from tests.bodies import address_of, least_body

from childcare_api.document import examples
from childcare_api.shared import catalogue
from childcare_api.shared.openapi import merge_patches, operations
from childcare_api.shared.problems import Problem, every_problem
from childcare_api.shared.validation import _MESSAGES

COMMITTED = Path(__file__).parents[2] / "openapi" / "openapi.json"
OPEN_TO_ALL = {"check_health", "check_readiness", "create_token", "revoke_token", "get_jwks"}
OPEN_TO_EVERY_CALLER = {
    *("get_me", "change_password", "list_units", "read_unit", "read_unit_succession", "list_code_lists"),
    "read_code_list",
    "list_clock_rules",
    "list_limits",
}
ASKED_FOR_BY_OTHERS = {
    "receive_intake": {"narrative": "x"},
    "refer_report": {"narrative": "x"},
    "break_glass": {"identifier": {"kind": "passport", "value": "C0000000"}},
    "record_assessment": {"child_wishes": "ở với bà"},
    "offer_case_transfer": {"consent": {"given_by": ["child"], "given_on": "2026-11-01"}},
    "ask_referral": {"body_name": "Trung tâm", "consent": {"given_by": ["child"], "given_on": "2026-11-01"}},
    "verify_carer": VERIFICATION,
    "record_court_order": {"measures": ["restrict_rights"]},
    "record_care_needs": {"child_wishes": "ở với bà", "found_abandoned": False},
    "record_care_papers": {"papers": [{"paper": "child_photos", "kept_at": "Tủ số 2"}]},
    "record_family_notice": {"not_posted_reason": "Đã rõ cha mẹ."},
    "place_child": {"carer_id": str(UUID(int=7))},
    "appraise_facility_child": {"result": "no_carer", "reason": "Chưa tìm được."},
    "request_placement_end": {"asked_by": "carer", "ground": "carer_asked"},
    "end_placement": {"decision_number": "1"},
    "record_placement_visit": {"carer_harmed_child": False},
}
"""Fields that another field of the body makes necessary."""
SOMEBODYS_ID = UUID("018f6f2e-0000-7000-8000-00000000dead")


@pytest.fixture
def described(app) -> dict:
    return app.openapi()


@pytest.fixture
def every_operation(described) -> list[tuple[str, str, dict]]:
    found = list(operations(described))
    assert len(found) > 1
    return found


def an_address_of(path: str) -> str:
    """Fill in a path: nobody's id, which is well formed."""
    return (
        re.sub(r"\{\w*?id\}", str(SOMEBODYS_ID), re.sub(r"\{(unit_id|old_unit_id)\}", "1", path))
        .replace("{", "")
        .replace("}", "")
    )


def test_operation_ids_are_the_names_of_functions_and_unique(every_operation):
    names = [operation["operationId"] for _, _, operation in every_operation]
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[a-z][a-z0-9_]+", name) for name in names)


def test_no_two_schemas_share_a_name(described):
    """FastAPI would write whole paths of modules into the references, and change them when a module moves."""
    schemas = described["components"]["schemas"]
    assert len(schemas) > 1
    assert [name for name in schemas if "__" in name or name.startswith("childcare_api")] == []


def test_one_thing_has_one_name(described):
    """Each of these stood beside the name that is left, in some other corner of the contract."""
    words = {word for schema in described["components"]["schemas"].values() for word in schema.get("properties", {})}
    kept = "phone born_year username full_name emergency valid_to place_unit_id status relation entered_in_error_at"
    gone = "telephone birth_year login_name notes is_emergency valid_until incident_unit_id state relation_to_child"
    assert words.issuperset(kept.split())
    assert words.isdisjoint(gone.split())


def test_every_operation_says_what_it_does(every_operation):
    silent = [name for path, method, operation in every_operation if not (name := operation.get("description"))]
    assert silent == []
    assert [(path, method) for path, method, operation in every_operation if not operation.get("tags")] == []


def test_every_operation_lists_its_problems(every_operation):
    for path, method, operation in every_operation:
        wanted = {"400", "500", "503"}
        if operation.get("security"):
            wanted |= {"401", "403"}
        if "{" in path:
            wanted.add("404")
        if "application/json" in operation.get("requestBody", {}).get("content", {}):
            wanted |= {"413", "415", "422"}
        assert wanted <= set(operation["responses"]), (method, path)
        for status, answer in operation["responses"].items():
            if status[0] in "45":
                assert "application/problem+json" in answer["content"], (method, path, status)


async def test_every_operation_refuses_a_caller_without_a_token(every_operation, nobody):
    nobody.base_url = "http://test"
    for path, method, operation in every_operation:
        if operation["operationId"] in OPEN_TO_ALL:
            assert not operation.get("security"), path
            continue
        assert operation["security"], path
        for headers in ({}, {"Authorization": "Bearer no.such.token"}, {"Authorization": "Basic YTpi"}):
            answer = await nobody.request(method, an_address_of(path), headers=headers)
            assert answer.status_code == 401, (method, path)
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.headers["www-authenticate"].startswith("Bearer")


def test_answers_and_bodies_are_objects(described, every_operation):
    """A list at the top could never be extended."""
    schemas = described["components"]["schemas"]
    for path, method, operation in every_operation:
        for answer in (*operation["responses"].values(), operation.get("requestBody", {})):
            for kind, content in answer.get("content", {}).items():
                name = content["schema"].get("$ref", "").rpartition("/")[2]
                if "json" in kind and name:
                    schema = schemas[name]
                    assert schema.get("type") == "object" or "oneOf" in schema or "anyOf" in schema, (
                        method,
                        path,
                        name,
                    )


def test_no_field_of_a_merge_patch_has_a_default(described, every_operation):
    patches = list(merge_patches(described))
    assert len(patches) == sum(method == "patch" for _path, method, _operation in every_operation) > 0
    assert {"ChangeChild", "ChangeHousehold", "ChangeUser", "ChangeTarget"} <= {patch["title"] for patch in patches}
    fields = [(patch["title"], name, field) for patch in patches for name, field in patch["properties"].items()]
    assert len(fields) > len(patches)
    assert [(title, name) for title, name, field in fields if "default" in field] == []
    assert [patch["title"] for patch in patches if patch.get("required")] == []
    registered = described["components"]["schemas"]["RegisterChild"]["properties"]
    assert registered["sex"]["default"] == "unknown", "a new record still says what it takes for granted"


MAIN_JOB = {
    *("refer_report", "update_referral", "receive_intake", "acknowledge_intake", "transfer_intake", "assess_intake"),
    *("open_cases", "register_case_child", "link_child", "record_emergency_measure", "record_handover", "submit_plan"),
    *("record_assessment", "record_meeting", "draft_plan", "change_plan", "return_plan", "approve_plan", "adjust_plan"),
    *("record_service", "add_progress_note", "record_review", "close_case", "register_household", "register_child"),
    *("change_child", "add_circumstance", "add_guardian", "add_identifier", "record_activity", "record_measurement"),
}


def test_every_example_is_a_body_that_fits(app, described, every_operation):
    takes = {
        route.name: TypeAdapter(route.body_field.field_info.annotation)
        for route in iter_route_contexts(app.routes)
        if getattr(route, "body_field", None) is not None
    }
    shown, bare = {}, set()
    for _path, _method, operation in every_operation:
        content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
        if content and "example" not in content:
            bare.add(operation["operationId"])
        if "example" in content:
            shown[operation["operationId"]] = content["example"]
            schema = content["schema"] | {"components": described["components"]}
            jsonschema_rs.validator_for(schema, validate_formats=True).validate(content["example"])
            takes[operation["operationId"]].validate_json(json.dumps(content["example"]), strict=True)
    assert set(shown) >= MAIN_JOB
    assert bare == {"change_password", "reset_user_password"}, "nobody is shown a password to copy"
    assert set(examples()) == set(shown), "every example has its operation"


async def test_the_examples_work(speak_as):
    """Those that need no record of an earlier step, sent as they stand there."""
    for who, address, name in (
        ("sa_pa_officer", "/households", "register_household"),
        ("sa_pa_officer", "/children", "register_child"),
        ("sa_pa_officer", "/intakes", "receive_intake"),
        ("hotline_111", "/hotline/referrals", "refer_report"),
        ("ta_van_administrator", "/users", "create_user"),
        ("lao_cai_administrator", "/machine-clients", "create_machine_client"),
        ("lao_cai_province_officer", "/agencies", "add_agency"),
        ("lao_cai_province_officer", "/action-plans", "draft_action_plan"),
        ("sa_pa_officer", "/activities", "record_activity"),
    ):
        answer = await speak_as(who).post(address, json=examples()[name], headers={"Idempotency-Key": name})
        assert answer.status_code == 201, (name, answer.text)


def test_tags_addresses_and_versions_are_explained(described, every_operation):
    told = {tag["name"]: tag["description"] for tag in described["tags"]}
    assert {tag for _path, _method, operation in every_operation for tag in operation["tags"]} == set(told)
    every = [one for _path, _method, operation in every_operation for one in operation.get("parameters", ())]
    unexplained = [one["name"] for one in every if one["in"] == "path" and not one.get("description")]
    assert unexplained == []
    versions = [one for one in every if one["name"].lower() == "if-match"]
    assert len(versions) > 10
    assert all(one["required"] and re.fullmatch(one["schema"]["pattern"], '"3"') for one in versions)


def test_a_records_version_is_the_first_field_of_its_answer(described):
    """The route class reads the ETag there."""
    for name, schema in described["components"]["schemas"].items():
        fields = list(schema.get("properties", ()))
        if "row_version" in fields and schema.get("additionalProperties") is False and "Out" in name:
            assert fields[0] == "row_version", name


def test_the_committed_document_is_the_generated_one(described):
    assert json.loads(COMMITTED.read_bytes()) == described


def test_the_catalogue_of_problems_is_the_generated_one(described):
    assert (COMMITTED.parents[1] / "docs" / "problems.md").read_text(encoding="utf-8") == catalogue.page()


def test_problems_have_codes_of_their_own_and_words_in_both_languages():
    found = [
        problem
        for problem in every_problem()
        if problem.__module__.startswith("childcare_api.") and problem.title_en != Problem.title_en
    ]
    assert len(found) > 10
    codes = [problem.code for problem in found]
    assert sorted(codes) == sorted(set(codes))
    for problem in found:
        assert problem.__doc__, problem
        assert problem.title_vi != Problem.title_vi, problem
        assert problem.title_en != problem.title_vi, problem
        # What to do, or which thing is meant: never the title once more, nor another problem's words.
        assert problem.detail_en not in ("", problem.title_en), problem
        assert problem.detail_vi not in ("", problem.title_vi), problem
        assert {"detail_en", "detail_vi"} <= set(vars(problem)), problem
        # A state is told in words, beside its code in a member.
        assert not re.search(r"\{\w+_(status|on|type)\}", problem.detail_vi), problem


VIETNAMESE = re.compile("[ăâđêôơưàáảãạèéẻẽẹìíỉĩịòóỏõọùúủũụỳýỷỹỵằắẳẵặầấẩẫậềếểễệồốổỗộờớởỡợừứửữự]", re.IGNORECASE)


TELLING = {"FieldError", "unfit", "_refusal", "refused"}
"""The functions whose last word is told to a person."""


def test_whatever_is_told_in_vietnamese_is_vietnamese():
    told = [words for problem in every_problem() for words in (problem.title_vi, problem.detail_vi) if words]
    told += [vietnamese for _english, vietnamese in _MESSAGES.values()]
    for file in (COMMITTED.parents[1] / "src").rglob("*.py"):
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") in TELLING:
                told += [word.value for word in call.args[-1:] if isinstance(word, ast.Constant)]
    assert len(told) > 150
    assert [words for words in told if not VIETNAMESE.search(words)] == []


async def test_every_operation_refuses_somebody_without_the_permission(described, every_operation, speak_as):
    """Whoever knows the address and holds a token of another office is told 403, not what is there."""
    outsiders = [speak_as(one) for one in ("bo_y_te_analyst", "hotline_111", "sa_pa_officer", "sa_pa_administrator")]
    admitted = []
    for path, method, operation in every_operation:
        if operation["operationId"] in OPEN_TO_ALL | OPEN_TO_EVERY_CALLER:
            continue
        body, statuses = least_body(described, operation), []
        body = body | ASKED_FOR_BY_OTHERS[name] if (name := operation["operationId"]) in ASKED_FOR_BY_OTHERS else body
        for client in outsiders:
            client.base_url = "http://test"
            headers = {"Idempotency-Key": "k-outsider", "If-Match": '"1"', "X-Action-Reason": "test"}
            answer = await client.request(method, address_of(path, operation), json=body, headers=headers)
            statuses.append(answer.status_code)
        if 403 not in statuses:
            admitted.append((method, path, operation["operationId"], statuses))
    assert admitted == []
