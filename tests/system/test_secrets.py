"""Plants unique names in every text field of every operation, and looks for them where nothing personal may be."""

import itertools
import logging

import pytest
from tests.bodies import address_of, full_body

from childcare_api.shared import metrics
from childcare_api.shared.openapi import operations

PEOPLE = ("sa_pa_officer", "sa_pa_leader", "lao_cai_province_officer", "hotline_111", "sa_pa_village_collaborator")


@pytest.fixture
def planted() -> list[str]:
    return []


@pytest.fixture
def secret(planted):
    numbers = itertools.count(1)

    def plant() -> str:
        # 12 characters: it fits the shortest field, and is no part of any other word.
        planted.append(f"Zq{next(numbers):05d}ẽyZq")
        return planted[-1]

    return plant


async def test_what_people_write_is_in_no_log_metric_problem_or_outbox_row(
    app, speak_as, secret, planted, caplog, rows
):
    document, problems, answered = app.openapi(), [], 0
    with caplog.at_level(logging.DEBUG, logger="childcare_api"):
        for who in PEOPLE:
            client = speak_as(who)
            client.base_url = "http://test"
            for path, method, operation in operations(document):
                if "/auth/" in path:
                    continue
                answer = await client.request(
                    method,
                    address_of(path, operation),
                    json=full_body(document, operation, secret),
                    headers={"Idempotency-Key": secret().encode().hex(), "If-Match": '"1"'},
                )
                answered += answer.is_success
                if answer.is_error:
                    problems.append(f"{path} {answer.text} {answer.headers}")
                assert answer.status_code < 500, (path, answer.text)
    assert len(planted) > 500
    assert answered > 20
    kept = {
        "logs": caplog.text,
        "metrics": metrics.exposition().decode(),
        "problems": "\n".join(problems),
        "outbox": str([tuple(row) for row in await rows("SELECT event, payload::text, failure FROM outbox")]),
        "audit": str([tuple(row) for row in await rows("SELECT action, subject_id, detail::text FROM audit.events")]),
    }
    assert kept["logs"]
    for place, text in kept.items():
        assert [word for word in planted if word in text] == [], place
