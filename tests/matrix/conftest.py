"""Every operation that wants a token, with a body that fits."""

import pytest
from tests.matrix.bodies import BODIES
from tests.matrix.operations import Operation, example
from tests.system.test_operations import OPEN_TO_ALL

from childcare_api.shared.openapi import operations


@pytest.fixture(scope="module")
def every_operation_once():
    return {}


@pytest.fixture
def every_operation(app, every_operation_once) -> list[Operation]:
    """Every operation that wants a token."""
    if not every_operation_once:
        document = app.openapi()
        for path, method, described in operations(document):
            if described["operationId"] in OPEN_TO_ALL:
                continue
            content = described.get("requestBody", {}).get("content", {})
            body = example(document, content["application/json"]["schema"]) if content else None
            name = described["operationId"]
            every_operation_once[name] = Operation(name, method.lower(), path, BODIES.get(name, body))
    assert len(every_operation_once) > 100
    return list(every_operation_once.values())
