"""Of two who name one person as related at the same moment the second is told so, and no id that is nobody's."""

import asyncio

import pytest
from tests.answers import code_of
from tests.cases.test_exclusions import WHY
from tests.cases.test_racing_for_a_carer import STOPPED
from tests.people import PEOPLE


@pytest.mark.committed
async def test_of_two_who_name_one_person_at_once_the_second_is_told_so(case_id, sa_pa_leader, database, rows):
    related = WHY | {"user_id": str(PEOPLE["sa_pa_second_officer"].id)}
    watching, stopping = database.as_superuser(), database.as_superuser()
    async with watching as watch, stopping as stop, asyncio.timeout(20):
        # Both are stopped before they write, where neither sees the other's.
        held = stop.transaction()
        await held.start()
        await stop.execute("SELECT FROM intakes FOR UPDATE")
        address = f"/cases/{case_id}/exclusions"
        both = asyncio.gather(*(sa_pa_leader.post(address, json=related) for _ in range(2)))
        while await watch.fetchval(STOPPED) < 2:  # noqa: ASYNC110 - nothing of ours tells that it waits
            await asyncio.sleep(0.02)
        await held.rollback()
        named, second = sorted(await both, key=lambda one: one.status_code)
    assert (named.status_code, code_of(second)) == (201, "already_excluded")
    assert {str(row["id"]) for row in await rows("SELECT id FROM exclusions")} == {named.json()["id"]}
