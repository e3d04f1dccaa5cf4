"""The OpenAPI document: what FastAPI generates, completed with what every operation has in common.

A generated client sees each problem an operation can answer, what must be sent with it, and both ways to a token.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from childcare_api.shared.idempotency import IdempotencyConflict, IdempotencyKeyRequired, RequestInProgress
from childcare_api.shared.problems import (
    BadQuery,
    BodyTooLarge,
    ConcurrentChange,
    Forbidden,
    IdTaken,
    InternalError,
    NotFound,
    Problem,
    StaleVersion,
    Unauthenticated,
    Unavailable,
    UnsupportedMediaType,
    ValidationFailed,
    VersionRequired,
    problems,
)

METHODS = ("get", "put", "post", "delete", "patch")
_TOKEN_URL = "/api/v1/auth/token"  # noqa: S105 - an address
_ERROR_SCHEMA: dict[str, Any] = {
    "type": "object",
    "title": "FieldProblem",
    "description": "One thing wrong with one place of the body (a JSON pointer) or with one parameter (its name).",
    "required": ["pointer", "code", "message"],
    "properties": {
        "pointer": {"type": "string"},
        "code": {"type": "string", "description": "A word that never changes."},
        "message": {"type": "string", "description": "In the caller's language."},
    },
}
_PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "title": "Problem",
    "description": "RFC 9457. The last word of `type` is the problem's code; further members are its facts.",
    "required": ["type", "title", "status", "detail", "instance", "request_id"],
    "properties": {
        "type": {"type": "string", "format": "uri", "description": "`urn:childcare-api:problem:` and the code."},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string", "description": "What to do about it, in Vietnamese or English."},
        "instance": {"type": "string", "format": "uri"},
        "request_id": {"type": "string"},
        "errors": {"type": "array", "items": {"$ref": "#/components/schemas/FieldProblem"}},
    },
    "additionalProperties": True,
}


def complete(app: FastAPI, *, examples: Mapping[str, Any], addresses: Mapping[str, str]) -> dict[str, Any]:
    """Return the document of an application: FastAPI's, with what every operation has in common.

    `examples` are bodies to try by the operation's id, `addresses` says what parameters of paths mean.
    """
    made = get_openapi(
        title=app.title,
        version=app.version,
        summary=app.summary,
        description=app.description,
        license_info=app.license_info,
        routes=app.routes,
        tags=app.openapi_tags,
        servers=[{"url": "/"}],
    )
    schemas = made.setdefault("components", {}).setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas["Problem"], schemas["FieldProblem"] = _PROBLEM_SCHEMA, _ERROR_SCHEMA
    for flows in made["components"].get("securitySchemes", {}).values():
        flows["flows"]["clientCredentials"] = {"tokenUrl": _TOKEN_URL, "scopes": {}}
    for path, method, operation in operations(made):
        _require_marked_parameters(operation)
        _describe(operation, examples, addresses)
        _add_problems(operation, path, method)
        _add_headers(operation, schemas)
        # Said outright where no token is needed: silence reads like an oversight, and linters take it for one.
        operation.setdefault("security", [])
    for schema in merge_patches(made):
        # What a merge patch does not name stays: a client that filled in a default would overwrite it.
        for field in schema["properties"].values():
            field.pop("default", None)
    return made


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield path, method and operation of a document. Walk this: `app.routes` is a tree, and a loop finds nothing."""
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield path, method, item[method]


def merge_patches(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the schema of every body that changes only what it names."""
    for _path, method, operation in operations(document):
        if method == "patch":
            reference = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
            yield document["components"]["schemas"][reference.rpartition("/")[2]]


def _require_marked_parameters(operation: dict[str, Any]) -> None:
    """Show as required what is asked for only after the token was checked, and so is optional to FastAPI."""
    for parameter in operation.get("parameters", ()):
        if parameter["schema"].pop("x-required", False):
            parameter["required"] = True
        if parameter["in"] == "header" and "anyOf" in parameter["schema"]:
            # A header is there or not; it is never null.
            kinds = [kind for kind in parameter["schema"].pop("anyOf") if kind != {"type": "null"}]
            parameter["schema"] = {"title": parameter["name"], **parameter["schema"], **kinds[0]}


def _describe(operation: dict[str, Any], examples: Mapping[str, Any], addresses: Mapping[str, str]) -> None:
    """Say what to put into the address, and show a body to try."""
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "path" and "description" not in parameter:
            record = parameter["name"].removesuffix("_id").replace("_", " ")
            parameter["description"] = addresses.get(parameter["name"], f"The id of the {record}.")
    body = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if body is not None and operation["operationId"] in examples:
        body["example"] = examples[operation["operationId"]]


def _add_problems(operation: dict[str, Any], path: str, method: str) -> None:
    answers = operation["responses"]
    if "HTTPValidationError" in str(answers.get("422")):
        del answers["422"]
    names = {parameter["name"].lower() for parameter in operation.get("parameters", ())}
    for problem in _common(operation, path, method, names):
        ((status, answer),) = problems(problem).items()
        known = answers.setdefault(str(status), answer)
        if f"`{problem.code}`" not in known["description"]:
            known["description"] += f"; {answer['description']}"
        known.setdefault("content", {}).update(answer["content"])
    operation["responses"] = dict(sorted(answers.items()))


def _common(operation: dict[str, Any], path: str, method: str, names: set[str]) -> Iterator[type[Problem]]:
    yield from (BadQuery, InternalError, Unavailable)
    if operation.get("security"):
        yield from (Unauthenticated, Forbidden)
    if "{" in path:
        yield NotFound
    if "requestBody" in operation:
        yield from (BodyTooLarge, UnsupportedMediaType)
        if "application/json" in operation["requestBody"]["content"]:
            yield ValidationFailed
    if method != "get":
        yield ConcurrentChange
    if method == "post":
        yield IdTaken
    if "if-match" in names:
        yield from (VersionRequired, StaleVersion)
    if "idempotency-key" in names:
        yield from (IdempotencyKeyRequired, IdempotencyConflict, RequestInProgress)


def _add_headers(operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    for status, answer in operation["responses"].items():
        if not status.startswith("2"):
            continue
        headers = answer.setdefault("headers", {})
        headers["X-Request-Id"] = {"description": "Names this request.", "schema": {"type": "string"}}
        reference = answer.get("content", {}).get("application/json", {}).get("schema", {}).get("$ref", "")
        properties = schemas.get(reference.rpartition("/")[2], {}).get("properties", {})
        if "row_version" in properties:
            headers["ETag"] = {"description": "The version, for `If-Match`.", "schema": {"type": "string"}}
        if "next_cursor" in properties:
            headers["Link"] = {
                "description": '`rel="next"`, unless this is the last page.',
                "schema": {"type": "string"},
            }
        if any(parameter["name"].lower() == "idempotency-key" for parameter in operation.get("parameters", ())):
            headers["Idempotency-Replayed"] = {
                "description": "`true` when this is the stored answer of an earlier post.",
                "schema": {"type": "string", "enum": ["true"]},
            }
