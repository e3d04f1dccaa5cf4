"""What is planted from, and where: Sa Pa's officer, and a report of Ta Van."""

import pytest
from tests.access.test_scope import actor_of
from tests.cases.stories import REPORT, keyed
from tests.people import TA_VAN

from childcare_api.access import scope


@pytest.fixture
def as_sa_pa(database):
    """Run a statement in the scope of Sa Pa's officer."""

    async def run(statement: str, *values: object) -> None:
        async with scope.open_connection(database, actor_of("sa_pa_officer")) as connection:
            await connection.execute(statement, *values)

    return run


@pytest.fixture
async def report_of_ta_van(ta_van_officer) -> str:
    body = {**REPORT, "place": {"unit_id": TA_VAN}}
    answer = await ta_van_officer.post("/intakes", json=body, headers=keyed())
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]
