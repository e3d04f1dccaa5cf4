"""Trying what the database refuses."""

from contextlib import asynccontextmanager

import asyncpg
import pytest
from tests.access.test_scope import actor_of
from tests.cases.stories import INITIAL_ASSESSMENT, keyed
from tests.people import TA_VAN

from childcare_api.access import scope


async def case_of(officer, intake_id: str) -> str:
    path = f"/intakes/{intake_id}"
    version = (await officer.get(path)).headers["ETag"]
    await officer.post(f"{path}/assess", json=INITIAL_ASSESSMENT, headers={"If-Match": version})
    report = await officer.get(path)
    body = {"children": [{"intake_child_id": report.json()["children"][0]["id"], "residence": {"unit_id": TA_VAN}}]}
    answer = await officer.post(f"{path}/open-case", json=body, headers={"If-Match": report.headers["ETag"], **keyed()})
    assert answer.status_code == 201, answer.text
    return answer.json()["cases"][0]["id"]


async def refused(
    database,
    who: str,
    statement: str,
    *values: object,
    by=asyncpg.InsufficientPrivilegeError,
    way=scope.open_connection,
) -> None:
    with pytest.raises(by):
        async with way(database, actor_of(who)) as connection:
            await connection.execute(statement, *values)


@asynccontextmanager
async def second_look(database, actor):
    """Come in as who looks at what another commune granted."""
    async with scope.open_connection(database, actor) as connection:
        await connection.execute("SET LOCAL ROLE childcare_commune_granted")
        yield connection
