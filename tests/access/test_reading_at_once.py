"""A read that is let in, recorded and committed in one message: what it leaves, and what it must never leave."""

import asyncio
from dataclasses import replace
from uuid import uuid4

import asyncpg
import pytest
from tests.access.test_scope import actor_of
from tests.people import LAO_CAI, SA_PA

from childcare_api.access import scope

_READ = """
WITH seen AS (
    INSERT INTO audit.events (action, subject_kind, subject_id) VALUES ('test.seen', 'test', $1)
)
SELECT current_user::text, current_setting('app.commune_id') AS commune, current_setting('app.request_id') AS request
"""
_FAILING = _READ + ", 1 / (length($1) - 3)"
_SEEN = "SELECT actor_id, actor_unit_id, holder_province_id, subject_id FROM audit.events WHERE action = 'test.seen'"


async def seen(database) -> list[tuple]:
    async with database.as_superuser() as connection:
        return [tuple(row) for row in await connection.fetch(_SEEN)]


async def left_on(database) -> tuple:
    async with database.bare() as connection:
        return tuple(await connection.fetchrow("SELECT current_user::text, access.setting_int('app.commune_id')"))


@pytest.mark.committed
async def test_a_read_is_committed_when_it_is_answered_and_leaves_no_scope_behind(database):
    officer, province = actor_of("sa_pa_officer"), actor_of("lao_cai_province_officer")

    rows = await scope.read_at_once(database, officer, _READ, "one")
    others = await scope.read_at_once(database, province, _READ, "two")

    assert [tuple(row) for row in rows] == [("childcare_commune", str(SA_PA), "it's a request")]
    assert [row["current_user"] for row in others] == ["childcare_province"]
    assert await seen(database) == [
        (officer.id, SA_PA, LAO_CAI, "one"),
        (province.id, LAO_CAI, LAO_CAI, "two"),
    ]
    assert await left_on(database) == ("childcare_api", None)


@pytest.mark.committed
async def test_a_second_look_is_one_message_too_and_the_next_look_is_the_usual_one(database):
    officer = actor_of("sa_pa_officer")
    for second_look, role in ((True, "childcare_commune_granted"), (False, "childcare_commune")):
        rows = await scope.read_at_once(database, officer, "SELECT current_user::text", second_look=second_look)
        assert rows[0]["current_user"] == role
    assert await left_on(database) == ("childcare_api", None)


@pytest.mark.committed
async def test_whoever_is_not_let_in_reads_and_records_nothing(database):
    actor = replace(actor_of("sa_pa_officer"), session_id=uuid4())

    for _ in range(2):
        with pytest.raises(scope.AccessEnded):
            await scope.read_at_once(database, actor, _READ, "one")

    assert await seen(database) == []
    assert await left_on(database) == ("childcare_api", None)


@pytest.mark.committed
async def test_a_read_that_fails_is_recorded_nowhere_and_the_next_one_works(database):
    actor = actor_of("sa_pa_officer")

    with pytest.raises(asyncpg.DivisionByZeroError):
        await scope.read_at_once(database, actor, _FAILING, "one")
    with pytest.raises(asyncpg.UndefinedTableError):
        await scope.read_at_once(database, actor, "SELECT * FROM nothing_of_the_kind")
    await scope.read_at_once(database, actor, _FAILING, "three!")

    assert [row[3] for row in await seen(database)] == ["three!"]
    assert await left_on(database) == ("childcare_api", None)


@pytest.mark.committed
async def test_the_entrance_of_a_statement_that_was_never_sent_serves_nobody_else(database):
    # The driver refuses a number for text when the entrance stands before it already.
    actor = actor_of("sa_pa_officer")
    await scope.read_at_once(database, actor, _READ, "one")

    with pytest.raises(asyncpg.exceptions.DataError):
        await scope.read_at_once(database, actor, _READ, 1)

    assert await left_on(database) == ("childcare_api", None)
    assert [row[3] for row in await seen(database)] == ["one"]


@pytest.mark.committed
async def test_a_cancelled_read_hands_no_scope_on(database):
    actor = actor_of("sa_pa_officer")
    waiting = asyncio.create_task(scope.read_at_once(database, actor, "SELECT pg_sleep(60)"))
    await asyncio.sleep(0.2)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)

    assert await left_on(database) == ("childcare_api", None)
    assert len(await scope.read_at_once(database, actor, _READ, "one")) == 1
