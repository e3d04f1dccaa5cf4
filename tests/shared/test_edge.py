import gzip
import logging
from collections.abc import AsyncIterator

import httpx
import pytest

from childcare_api.shared import metrics
from childcare_api.shared.application import Application
from childcare_api.shared.requests import Router

router = Router()


@router.get("/people/{name}")
async def read_person(name: str, q: str = "") -> dict[str, str]:
    if name == "fails":
        raise ValueError(f"cannot read {name} {q}")
    return {"long": "ă" * 2000}


app = Application(redirect_slashes=False, cors_origins=["https://sa-pa.example"])
app.include_router(router, prefix="/api/v1")


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://api/api/v1") as client:
        yield client


async def test_every_answer_carries_an_id_and_may_not_be_kept(client):
    for address, status in (("/people/a", 200), ("/nowhere", 404), ("/people/fails", 500)):
        answer = await client.get(address)
        assert answer.status_code == status
        assert len(answer.headers["x-request-id"]) == 36
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "Authorization" in answer.headers["vary"]


async def test_a_request_id_from_outside_is_kept_if_it_is_a_plain_word(client):
    assert (await client.get("/people/a", headers={"X-Request-Id": "call-12345"})).headers[
        "x-request-id"
    ] == "call-12345"
    for strange in ("short", "x" * 65, "a b c d e f", "Giàng Thị Mỷ".encode(), "12345678\x1b[31m"):
        answer = await client.get("/nowhere", headers={"X-Request-Id": strange})
        assert len(answer.headers["x-request-id"]) == 36
        assert answer.json()["request_id"] == answer.headers["x-request-id"]


async def test_a_failure_says_no_more_than_its_request_id(client, caplog):
    with caplog.at_level(logging.INFO, logger="childcare_api"):
        answer = await client.get("/people/fails?q=0912345678")
    assert answer.status_code == 500
    assert answer.json()["type"].endswith(":internal_error")
    assert "0912345678" not in answer.text + caplog.text
    assert "unforeseen ValueError in request " + answer.json()["request_id"] in caplog.text
    assert "test_edge.py" in caplog.text


async def test_logs_and_metrics_name_the_route_and_nobody(client, caplog):
    with caplog.at_level(logging.INFO, logger="childcare_api"):
        await client.get("/people/giang-thi-my?q=0987654321")
    numbers = metrics.exposition().decode()
    assert "GET /api/v1/people/{name} 200" in caplog.text
    assert 'route="/api/v1/people/{name}"' in numbers
    for secret in ("giang-thi-my", "0987654321"):
        assert secret not in caplog.text + numbers


async def test_long_answers_are_compressed_for_who_can_read_it(client):
    answer = await client.get("/people/a", headers={"Accept-Encoding": "br, gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) < 200
    assert answer.json() == {"long": "ă" * 2000}
    plain = await client.get("/people/a", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert gzip.compress(plain.content)


async def test_only_listed_origins_may_call_from_a_browser(client):
    asked = {"Origin": "https://sa-pa.example", "Access-Control-Request-Method": "PATCH"}
    preflight = await client.options("/people/a", headers=asked)
    assert preflight.status_code == 204
    assert preflight.headers["access-control-allow-origin"] == "https://sa-pa.example"
    assert "PATCH" in preflight.headers["access-control-allow-methods"]
    assert int(preflight.headers["access-control-max-age"]) >= 600
    answer = await client.get("/people/a", headers={"Origin": "https://sa-pa.example"})
    assert "ETag" in answer.headers["access-control-expose-headers"]
    stranger = await client.options("/people/a", headers=asked | {"Origin": "https://else.example"})
    assert stranger.status_code == 405
    assert "access-control-allow-origin" not in stranger.headers
