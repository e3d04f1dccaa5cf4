"""An answered request is gone at once: nothing of it waits for the collector, which holds up every other answer."""

import gc
from collections.abc import Iterator
from uuid import uuid4

import pytest
from starlette.requests import Request
from tests.exchange.referring import REFERRAL


@pytest.fixture
def no_collector() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def requests_left() -> int:
    return sum(isinstance(thing, Request) for thing in gc.get_objects())


async def test_an_answered_request_leaves_no_circle(sa_pa_officer, hotline_111, no_collector):
    before = requests_left()
    assert (await sa_pa_officer.get("/children")).status_code == 200
    assert (await sa_pa_officer.get("/cases")).status_code == 200
    assert (await sa_pa_officer.get(f"/children/{uuid4()}")).status_code == 404
    assert (await sa_pa_officer.get("/audit/verification")).status_code == 403
    headers = {"Idempotency-Key": str(uuid4())}
    assert (await hotline_111.post("/hotline/referrals", json=REFERRAL, headers=headers)).status_code == 201
    assert (await hotline_111.post("/hotline/referrals", json={}, headers=headers)).status_code == 422
    assert requests_left() == before
