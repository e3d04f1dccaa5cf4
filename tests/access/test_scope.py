"""The door to the database: what it lets in, what it shows, and what it leaves behind."""

import asyncio
from dataclasses import replace
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from tests.database import API_PASSWORD, database_url
from tests.people import LAO_CAI, PEOPLE, SA_PA, TA_VAN

from childcare_api.access import scope
from childcare_api.access.actor import Actor
from childcare_api.access.bootstrap import refuse_unsafe_login
from childcare_api.access.permissions import ROLE_PERMISSIONS, Level, Role


def actor_of(key: str) -> Actor:
    person = PEOPLE[key]
    role = Role(person.role)
    return Actor(
        id=person.id,
        kind="person",
        level=Level(person.level),
        unit_id=person.unit_id,
        permissions=ROLE_PERMISSIONS[role],
        database_role=f"childcare_{person.level}",
        role=role,
        assignment_id=person.assignment_id,
        session_id=person.session_id,
        token_id=uuid4(),
        **person.holder,
        version=1,
        request_id="it's a request",
    )


async def test_a_commune_sees_its_own_rows_and_nobody_elses(database):
    async with scope.open_connection(database, actor_of("sa_pa_administrator")) as connection:
        await connection.execute("RESET ROLE; SET LOCAL ROLE childcare_gate")
        everybody = {row["commune_id"] for row in await connection.fetch("SELECT commune_id FROM assignments")}
        await connection.execute("SET LOCAL ROLE childcare_commune")
        settings = await connection.fetchrow(
            "SELECT current_user, current_setting('app.commune_id') AS commune,"
            " current_setting('app.province_id') AS province, current_setting('app.request_id') AS request"
        )

    assert {SA_PA, TA_VAN} < everybody
    assert tuple(settings) == ("childcare_commune", str(SA_PA), str(LAO_CAI), "it's a request")


async def test_a_second_look_ends_in_the_role_that_it_began_in(database):
    for who, role in (("sa_pa_officer", "childcare_commune"), ("lao_cai_province_officer", "childcare_province")):
        async with scope.open_session(database, actor_of(who)) as session:
            async with scope.second_look(session):
                assert await session.scalar(text("SELECT current_user::text")) == "childcare_commune_granted"
            assert await session.scalar(text("SELECT current_user::text")) == role


async def test_what_fails_in_a_second_look_is_told_as_it_is(database):
    """Not as the role that could not be taken back afterwards; what is caught at a savepoint takes it back."""
    async with scope.open_session(database, actor_of("sa_pa_officer")) as session:
        with pytest.raises(DBAPIError, match="division by zero"):
            async with session.begin_nested(), scope.second_look(session):
                await session.execute(text("SELECT 1 / 0"))
        assert await session.scalar(text("SELECT current_user::text")) == "childcare_commune"
    with pytest.raises(DBAPIError, match="division by zero"):
        async with scope.open_session(database, actor_of("sa_pa_officer")) as session, scope.second_look(session):
            await session.execute(text("SELECT 1 / 0"))


@pytest.mark.parametrize(
    "lie",
    [
        {"session_id": uuid4()},
        {"assignment_id": uuid4()},
        {"id": uuid4()},
        {"version": 2},
        {"database_role": "childcare_province"},
        {"database_role": "childcare_central"},
        {"assignment_id": PEOPLE["lao_cai_province_officer"].assignment_id},
        {"session_id": PEOPLE["ta_van_officer"].session_id},
        {"kind": "machine"},
    ],
)
async def test_an_actor_that_the_database_does_not_know_like_this_is_refused(database, lie):
    with pytest.raises(scope.AccessEnded):
        async with scope.open_connection(database, replace(actor_of("sa_pa_officer"), **lie)):
            pytest.fail("it was let in")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE users SET disabled_at = now(), disabled_by = id WHERE id = $1",
        "UPDATE assignments SET revoked_at = now(), revoked_by = user_id WHERE user_id = $1",
        "UPDATE assignments SET valid_to = '2024-12-31' WHERE user_id = $1",
        "UPDATE assignments SET valid_from = '2999-01-01' WHERE user_id = $1",
        "UPDATE assignments SET row_version = row_version + 1 WHERE user_id = $1",
        "UPDATE sessions SET revoked_at = now() WHERE user_id = $1",
        "UPDATE sessions SET expires_at = '2025-01-01' WHERE user_id = $1",
    ],
)
async def test_a_change_of_rights_holds_from_the_next_transaction(database, change):
    actor = actor_of("sa_pa_officer")
    async with scope.open_connection(database, actor):
        pass

    async with database.as_superuser() as connection:
        await connection.execute(change, actor.id)

    with pytest.raises(scope.AccessEnded):
        async with scope.open_connection(database, actor):
            pytest.fail("it was let in")


async def test_a_revoked_token_is_refused(database):
    actor = actor_of("sa_pa_officer")
    async with database.as_superuser() as connection:
        await connection.execute("INSERT INTO revoked_tokens VALUES ($1, now() + interval '1 hour')", actor.token_id)

    with pytest.raises(scope.AccessEnded):
        async with scope.open_connection(database, actor):
            pytest.fail("it was let in")


async def test_an_assignment_to_an_ended_unit_is_refused_today_and_held_before(database, clock):
    actor = actor_of("old_sa_pa_town_officer")
    with pytest.raises(scope.AccessEnded):
        async with scope.open_connection(database, actor):
            pytest.fail("it was let in")

    clock.set(clock.at.replace(year=2025, month=6, day=30, hour=5))
    async with scope.open_connection(database, actor) as connection:
        assert await connection.fetchval("SELECT current_user") == "childcare_district"


@pytest.mark.committed
async def test_nothing_of_a_scope_is_left_on_a_pooled_connection(database):
    database.size = 1
    async with scope.open_connection(database, actor_of("sa_pa_officer")):
        pass
    async with database.bare() as connection:
        left = await connection.fetchrow(
            "SELECT current_user, current_setting('app.commune_id', true), access.setting_int('app.commune_id')"
        )
        assert left[0] == "childcare_api"
        assert left[1] in {None, ""}
        assert left[2] is None
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.fetch("SELECT * FROM users")


@pytest.mark.committed
async def test_what_fails_is_rolled_back_and_the_connection_serves_the_next(database):
    actor = actor_of("sa_pa_officer")

    async def fail() -> None:
        async with scope.open_connection(database, actor) as connection:
            await connection.execute("INSERT INTO audit.events (action, subject_kind) VALUES ('test.failed', 'test')")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    async with database.as_superuser() as connection:
        assert await connection.fetchval("SELECT count(*) FROM audit.events WHERE action = 'test.failed'") == 0
    async with scope.open_connection(database, actor) as connection:
        assert await connection.fetchval("SELECT 1") == 1


@pytest.mark.committed
async def test_a_cancelled_request_hands_no_open_transaction_back(database):
    actor = actor_of("sa_pa_officer")

    async def wait() -> None:
        async with scope.open_connection(database, actor) as connection:
            await connection.execute("SELECT pg_sleep(60)")

    waiting = [asyncio.create_task(wait()) for _ in range(4)]
    await asyncio.sleep(0.3)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    async with scope.open_session(database, actor) as session:
        connection = await scope.bare_connection(session)
        assert await connection.fetchval("SELECT current_setting('app.commune_id')") == str(SA_PA)
    async with database.as_superuser() as connection:
        open_ones = await connection.fetchval(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'"
        )
    assert open_ones == 0


@pytest.mark.committed
async def test_the_audit_says_who_and_where_by_itself_and_cannot_be_told_otherwise(database):
    actor = actor_of("sa_pa_officer")
    async with scope.open_connection(database, actor) as connection:
        await connection.execute("INSERT INTO audit.events (action, subject_kind) VALUES ('test.done', 'test')")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with scope.open_connection(database, actor) as connection:
            await connection.execute(
                "INSERT INTO audit.events (action, subject_kind, actor_id) VALUES ('test.done', 'test', $1)", uuid4()
            )
    async with database.as_superuser() as connection:
        row = await connection.fetchrow("SELECT * FROM audit.events WHERE action = 'test.done'")
    assert (row["actor_id"], row["actor_unit_id"], row["holder_commune_id"], row["holder_province_id"]) == (
        actor.id,
        SA_PA,
        SA_PA,
        LAO_CAI,
    )


@pytest.mark.parametrize("statement", ["UPDATE audit.events SET action = 'x'", "DELETE FROM audit.events"])
async def test_nobody_changes_or_deletes_audit_events(database, statement):
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with scope.open_connection(database, actor_of("sa_pa_inspector")) as connection:
            await connection.execute(statement)


@pytest.mark.committed
async def test_a_login_that_would_see_everything_is_refused_at_start(database, cluster_url):
    async with database.bare() as connection:
        await refuse_unsafe_login(connection)
    name = urlsplit(database.url).path.removeprefix("/")
    superuser = await asyncpg.connect(database_url(cluster_url, name))
    try:
        with pytest.raises(RuntimeError, match="superuser"):
            await refuse_unsafe_login(superuser)
        login = f"inheriting_{name}"
        await superuser.execute(f"CREATE ROLE {login} LOGIN INHERIT PASSWORD '{API_PASSWORD}'")
        await superuser.execute(f"GRANT childcare_province TO {login}")
        inheriting = await asyncpg.connect(database_url(cluster_url, name, login=login, password=API_PASSWORD))
        try:
            with pytest.raises(RuntimeError, match="inheriting"):
                await refuse_unsafe_login(inheriting)
        finally:
            await inheriting.close()
            await superuser.execute(f"DROP ROLE {login}")
    finally:
        await superuser.close()
