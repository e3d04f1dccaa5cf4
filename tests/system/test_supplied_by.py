"""What is lacking names where it is given: an operation of the document, and a field that its body has."""

import json
from pathlib import Path

import pytest

from childcare_api.alternative_care.rules import Lack
from childcare_api.cases.advising.answering import ASKS, SETTLED_BY
from childcare_api.shared.openapi import operations
from childcare_api.units.labels import supplied_by

LISTS = Path(__file__).parents[2] / "src" / "childcare_api" / "units" / "data" / "code_lists"
OF_WHAT_IS_LACKING = ("placement_obstacles", "carer_conditions", "care_dossier_papers", "dossier_contents")
OF_WHAT_FOLLOWS = ("separation_followings",)
GIVEN_BY_NOTHING = {"family_notice_runs"}
"""The day is waited for."""


def entries():
    for name in (*OF_WHAT_IS_LACKING, *OF_WHAT_FOLLOWS):
        for entry in json.loads((LISTS / f"{name}.json").read_text(encoding="utf-8"))["entries"]:
            yield name, entry


def has_field(document: dict, schema: dict, names: list[str]) -> bool:
    """Follow a pointer through a body as the document describes it; `*` is each item of a list."""
    if "$ref" in schema:
        return has_field(document, document["components"]["schemas"][schema["$ref"].rpartition("/")[2]], names)
    if any(has_field(document, one, names) for one in (*schema.get("anyOf", ()), *schema.get("allOf", ()))):
        return True
    if not names:
        return "anyOf" not in schema
    name, *rest = names
    inner = schema.get("items") if name == "*" else schema.get("properties", {}).get(name)
    return inner is not None and has_field(document, inner, rest)


def wrong_with(document: dict, code: str, of: str) -> list[str]:
    described = {one["operationId"]: one for _, _, one in operations(document)}
    found = []
    for given in supplied_by(code, of):
        operation, pointer = given["operation"], given["pointer"]
        if operation not in described:
            found.append(f"{code}: no operation {operation}")
        elif pointer is not None:
            bodies = described[operation]["requestBody"]["content"].values()
            if not any(has_field(document, body["schema"], pointer.split("/")[1:]) for body in bodies):
                found.append(f"{code}: no field {pointer} of {operation}")
    return found


def test_whatever_is_lacking_names_the_operation_and_the_field_that_give_it(app):
    document = app.openapi()
    known = list(entries())
    assert len(known) > 100
    named = {one["operationId"] for _, _, one in operations(document)}
    # What hinders an end, and what answers what others were asked: commands of a case, all of them.
    assert {one for settling in SETTLED_BY.values() for one in settling} | ASKS <= named
    assert [line for name, entry in known for line in wrong_with(document, entry["code"], name)] == []
    assert {entry["code"] for name, entry in known if not supplied_by(entry["code"], name)} == GIVEN_BY_NOTHING


@pytest.mark.parametrize("made_up", ["place_kid", "place_child#/opinion", "change_plan#/services/*/price"])
def test_a_name_that_the_document_does_not_have_is_found(app, monkeypatch, made_up):
    operation, _, pointer = made_up.partition("#")
    monkeypatch.setattr(f"{__name__}.supplied_by", lambda *_: [{"operation": operation, "pointer": pointer or None}])
    assert len(wrong_with(app.openapi(), "full", "placement_obstacles")) == 1


def test_a_lack_says_it_beside_its_article():
    assert Lack("met_twice", "TT 14/2020/TT-BLĐTBXH Điều 11.2").told()["supplied_by"] == [
        {"operation": "hand_child_over", "pointer": "/met_on"}
    ]
