"""Writing, sealing and verifying the audit, and tampering with it."""

import asyncio

import pytest

from childcare_api.oversight.jobs import seal_audit

AGENCY = {"name": "Trạm y tế", "kind": "health_facility", "unit_id": 260015, "source": "QĐ 1"}


@pytest.fixture
def write_events(lao_cai_province_officer):
    async def write(count=5):
        for _ in range(count):
            assert (await lao_cai_province_officer.post("/agencies", json=AGENCY)).status_code == 201

    return write


@pytest.fixture
def seal(database, tmp_path):
    async def seal_all():
        # Transactions of other tests on the same cluster hold the sealer back until they end, a minute and more.
        for _ in range(1_000):
            await seal_audit(database, tmp_path)
            async with database.as_superuser() as connection:
                if await connection.fetchval("SELECT unsealed_events FROM audit.standing()") == 0:
                    return
            await asyncio.sleep(0.1)
        pytest.fail("the events were not sealed")

    return seal_all


@pytest.fixture
def verified(lao_cai_inspector):
    async def verify(**params):
        answer = await lao_cai_inspector.get("/audit/verification", params=params)
        assert answer.status_code == 200
        return answer.json()

    return verify


@pytest.fixture
def tamper(database):
    """Do something as superuser."""

    async def do(statement, *values):
        async with database.as_superuser() as connection:
            return await connection.fetch(statement, *values)

    return do
