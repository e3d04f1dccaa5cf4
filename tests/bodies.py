"""Bodies that fit the document, made from it: for the tests that walk every operation."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

_PATTERNED = (
    "0912345678",
    "012345678901",
    "nobody",
    "no.body",
    "N1",
    "2026",
    "01",
    "3.1",
    "tên",
    "111-2026-1",
    "REF2026.1",
)
Words = Callable[[], str]
Wanted = Callable[[dict[str, Any], str], bool]


def full_body(document: dict[str, Any], operation: dict[str, Any], words: Words) -> Any:
    """Return a body for an operation with every field filled in, free text by `words`; None if it takes none."""
    return _body(document, operation, lambda _schema, _name: True, words)


def least_body(document: dict[str, Any], operation: dict[str, Any]) -> Any:
    """Return a body for an operation with what it needs and no more; None if it takes none."""
    return _body(document, operation, lambda schema, name: name in schema.get("required", ()), lambda: "chữ")


def _body(document: dict[str, Any], operation: dict[str, Any], wanted: Wanted, words: Words) -> Any:
    content = operation.get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema")
    return None if schema is None else _value(document, schema, wanted, words)


def address_of(path: str, operation: dict[str, Any]) -> str:
    """Fill in a path: ids that are well formed and nobody's."""
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "path":
            schema = parameter["schema"]
            value = "1" if schema.get("type") == "integer" else str(uuid4()) if "uuid" in str(schema) else "nobody"
            value = schema.get("enum", [value])[0]
            path = path.replace("{" + parameter["name"] + "}", value)
    return re.sub(r"[{}]", "", path)


def _value(document: dict[str, Any], schema: dict[str, Any], wanted: Wanted, words: Words) -> Any:
    if schema.get("$ref", "").endswith("/PlaceIn"):
        # Its fields exclude each other.
        return {"text": words()}
    if "$ref" in schema:
        return _value(document, document["components"]["schemas"][schema["$ref"].rpartition("/")[2]], wanted, words)
    for name in ("anyOf", "oneOf", "allOf"):
        if name in schema:
            kinds = [kind for kind in schema[name] if kind.get("type") != "null"]
            return _value(document, kinds[0], wanted, words)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    return _plain(document, schema, wanted, words)


def _plain(document: dict[str, Any], schema: dict[str, Any], wanted: Wanted, words: Words) -> Any:
    kind = schema.get("type")
    if kind == "object":
        named = {name: part for name, part in schema.get("properties", {}).items() if wanted(schema, name)}
        parts = {name: _value(document, part, wanted, words) for name, part in named.items()}
        return {name: part for name, part in parts.items() if part is not None or name in schema.get("required", ())}
    if kind == "array":
        return [_value(document, schema.get("items", {"type": "string"}), wanted, words)]
    if kind in {"integer", "number"}:
        return int(max(schema.get("minimum", 1), schema.get("exclusiveMinimum", 0) + 1))
    if kind == "boolean":
        return True
    formats = {"uuid": str(uuid4()), "date": "2026-01-05", "date-time": "2026-01-05T02:03:04Z"}
    if "pattern" in schema:
        return next((word for word in _PATTERNED if re.search(schema["pattern"], word)), None)
    word = formats.get(schema.get("format", "")) or words()[: schema.get("maxLength", 10_000)]
    return word.ljust(schema.get("minLength", 0), "x")
