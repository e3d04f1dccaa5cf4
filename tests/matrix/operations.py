"""An operation of the document as the matrix sends it, and the records it is sent about."""

import re
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
from tests.cases import stories
from tests.matrix.declared import WANTS, P

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
