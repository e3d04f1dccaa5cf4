"""The worker: one row, one scope, one transaction."""

import asyncio

import pytest
from sqlalchemy import text
from tests.access.test_scope import actor_of
from tests.people import SA_PA

from childcare_api.access import audit, scope
from childcare_api.jobs import given_up, outbox
from childcare_api.jobs.worker import tick_off, work_once


async def publish(database, event="test.happened"):
    async with scope.open_session(database, actor_of("sa_pa_officer")) as session:
        await outbox.publish(session, event, unit=SA_PA)


async def note(session, payload):
    await audit.record(session, "test.handled", subject_kind="test", subject_id=payload["unit"])


async def test_an_event_is_handled_in_the_scope_of_its_own_unit(database, events, rows):
    await publish(database)
    seen = []

    async def look(session, payload):
        seen.append((await session.execute(text("SELECT current_user, current_setting('app.commune_id')"))).one())
        await note(session, payload)

    assert await work_once(database, {"test.happened": [look]})
    assert not await work_once(database, {"test.happened": [look]})

    assert seen == [("childcare_commune", str(SA_PA))]
    (event,) = await events("test.handled")
    assert (event["actor_kind"], event["actor_unit_id"], event["subject_id"]) == ("system", SA_PA, str(SA_PA))
    (row,) = await rows("SELECT done_at, attempts, failure FROM outbox")
    assert row["done_at"] is not None
    assert (row["attempts"], row["failure"]) == (1, None)


async def test_a_failing_handler_leaves_nothing_and_is_tried_again_later(database, events, rows, clock):
    await publish(database)

    async def fail(session, payload):
        await note(session, payload)
        raise ValueError("Vừ A Páo")

    assert await work_once(database, {"test.happened": [fail]})
    assert not await work_once(database, {"test.happened": [fail]})

    assert await events("test.handled") == []
    (row,) = await rows("SELECT done_at, attempts, failure FROM outbox")
    assert tuple(row) == (None, 1, "ValueError")

    clock.forward(minutes=1)
    assert await work_once(database, {"test.happened": [note]})
    assert len(await events("test.handled")) == 1


async def test_an_event_that_failed_twelve_times_is_given_up_aloud(database, rows, events, clock, caplog):
    await publish(database)

    async def fail(session, payload):
        raise ValueError("Vừ A Páo")

    for _ in range(12):
        assert await work_once(database, {"test.happened": [fail]})
        clock.forward(hours=2)
    assert not await work_once(database, {"test.happened": [fail]})

    (row,) = await rows("SELECT id, done_at, attempts, failure FROM outbox")
    assert (row["done_at"], row["attempts"], row["failure"]) == (None, 12, "ValueError")
    (told,) = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert told == f"outbox event test.happened {row['id']} is given up: ValueError"
    async with database.as_superuser() as connection:
        assert await given_up.standing(connection) == (1, 0)
        [line] = await given_up.given_up(connection)
        assert all(word in line for word in ("test.happened", "ValueError", str(row["id"])))
        assert await given_up.try_again(connection, clock.at) == 1
        assert (await given_up.standing(connection), await given_up.given_up(connection)) == ((0, 1), [])
    assert await tick_off(database, {})
    assert len(await events("outbox.tried_again")) == 1


async def test_events_that_no_module_cares_for_are_done_in_one_go_and_the_others_wait(database, rows):
    for event in ("test.ignored", "test.happened", "test.ignored"):
        await publish(database, event)

    assert await tick_off(database, {"test.happened": [note]})
    assert not await tick_off(database, {"test.happened": [note]})

    found = await rows("SELECT event, done_at IS NOT NULL AS done FROM outbox ORDER BY id")
    assert [tuple(row) for row in found] == [("test.ignored", True), ("test.happened", False), ("test.ignored", True)]
    assert await work_once(database, {"test.happened": [note]})
    assert not await work_once(database, {"test.happened": [note]})


@pytest.mark.committed
async def test_many_workers_handle_each_event_once(database, events):
    for _ in range(30):
        await publish(database)

    async def work():
        while await work_once(database, {"test.happened": [note]}):
            pass

    await asyncio.gather(*(work() for _ in range(6)))

    assert len(await events("test.handled")) == 30
