"""POST /auth/token with a refresh token, and POST /auth/revoke."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from tests.people import PEOPLE, SA_PA, TA_VAN

from childcare_api.access.tokens import verify_access_token


@pytest.fixture
def refresh(ask):
    async def token(refresh_token: str, **form: str):
        return await ask(grant_type="refresh_token", refresh_token=refresh_token, **form)

    return token


@pytest.fixture
def revoke(nobody):
    async def token(text: str):
        return await nobody.post("/auth/revoke", data={"token": text})

    return token


@pytest.fixture
def opens(nobody):
    async def status(body: dict) -> int:
        return (await nobody.get("/me", headers={"Authorization": f"Bearer {body['access_token']}"})).status_code

    return status


@pytest.fixture
async def first(officer, log_in):
    """The answer to a login."""
    return (await log_in(officer)).json()


async def test_a_refresh_token_is_exchanged_for_a_new_pair(first, refresh, opens, keys):
    answer = await refresh(first["refresh_token"])
    assert answer.status_code == 200
    second = answer.json()
    assert second["refresh_token"] != first["refresh_token"]
    assert await opens(second) == 200
    one, two = (verify_access_token(keys, body["access_token"]) for body in (first, second))
    assert (one.session_id, one.assignment_id) == (two.session_id, two.assignment_id)
    assert one.token_id != two.token_id


async def test_the_refresh_token_itself_is_nowhere_in_the_database(first, refresh, rows):
    second = (await refresh(first["refresh_token"])).json()
    kept = {
        table: " ".join(row["text"] for row in await rows(f"SELECT t::text AS text FROM {table} t"))  # noqa: S608 - names of tables
        for table in ("sessions", "refresh_tokens", "login_attempts", "audit.events", "outbox")
    }
    assert all(kept[table] for table in ("sessions", "refresh_tokens", "audit.events"))
    for secret in (first["refresh_token"], second["refresh_token"]):
        assert [table for table, text in kept.items() if secret in text or secret.encode().hex() in text] == []


async def test_a_lost_answer_is_given_again_within_a_minute(first, refresh, clock):
    second = (await refresh(first["refresh_token"])).json()
    clock.forward(seconds=60)
    again = await refresh(first["refresh_token"])
    assert again.status_code == 200
    assert again.json()["refresh_token"] == second["refresh_token"]


async def test_a_token_shown_again_later_ends_the_whole_login(first, refresh, clock, opens, events):
    second = (await refresh(first["refresh_token"])).json()
    clock.forward(seconds=61)
    assert (await refresh(first["refresh_token"])).json()["error"] == "invalid_grant"
    assert await opens(second) == 401
    assert (await refresh(second["refresh_token"])).json()["error"] == "invalid_grant"
    (event,) = await events("session.refresh_reused")
    assert event["holder_commune_id"] == SA_PA


async def test_a_token_shown_again_after_its_successor_was_used_ends_the_login_at_once(first, refresh, events):
    second = (await refresh(first["refresh_token"])).json()
    third = (await refresh(second["refresh_token"])).json()
    assert (await refresh(first["refresh_token"])).status_code == 400
    assert (await refresh(third["refresh_token"])).status_code == 400
    assert len(await events("session.refresh_reused")) == 1


@pytest.mark.committed
async def test_the_same_refresh_sent_many_times_at_once_gives_one_successor(officer, log_in, refresh, rows):
    first = (await log_in(officer)).json()
    answers = await asyncio.gather(*(refresh(first["refresh_token"]) for _ in range(8)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["refresh_token"] for answer in answers}) == 1
    assert len(await rows("SELECT FROM refresh_tokens")) == 2


async def test_a_refresh_token_unused_for_thirty_days_has_ended(first, refresh, clock):
    clock.forward(days=30, seconds=-1)
    second = await refresh(first["refresh_token"])
    assert second.status_code == 200
    clock.forward(days=30, seconds=1)
    assert (await refresh(second.json()["refresh_token"])).json()["error"] == "invalid_grant"


async def test_after_ninety_days_a_person_logs_in_again(first, refresh, clock):
    body = first
    for _ in range(4):
        clock.forward(days=20)
        answer = await refresh(body["refresh_token"])
        assert answer.status_code == 200
        body = answer.json()
    clock.forward(days=10)
    assert (await refresh(body["refresh_token"])).status_code == 400


async def test_a_refresh_with_an_assignment_changes_over(first, refresh, database, nobody):
    other, person = uuid4(), PEOPLE["sa_pa_officer"]
    async with database.as_superuser() as connection:
        await connection.execute(
            "INSERT INTO assignments"
            " (id, user_id, role, level, unit_id, commune_id, province_id, valid_from, created_at)"
            " SELECT $1, user_id, 'commune_leader', level, $3, $3, province_id, valid_from, created_at"
            " FROM assignments WHERE id = $2",
            other,
            person.assignment_id,
            TA_VAN,
        )
    second = (await refresh(first["refresh_token"], assignment_id=str(other))).json()
    assert second["assignment_id"] == str(other)
    me = (await nobody.get("/me", headers={"Authorization": f"Bearer {second['access_token']}"})).json()
    assert (me["role"], me["unit_id"]) == ("commune_leader", TA_VAN)
    third = (await refresh(second["refresh_token"])).json()
    assert third["assignment_id"] == str(other)


async def test_a_refresh_to_somebody_elses_assignment_is_refused_and_costs_nothing(first, refresh):
    other = str(PEOPLE["sa_pa_leader"].assignment_id)
    assert (await refresh(first["refresh_token"], assignment_id=other)).status_code == 400
    assert (await refresh(first["refresh_token"])).status_code == 200


async def test_a_disabled_person_refreshes_nothing(first, refresh, opens, database, clock):
    async with database.as_superuser() as connection:
        await connection.execute(
            "UPDATE users SET disabled_at = $1, disabled_by = id WHERE id = $2", clock.at, PEOPLE["sa_pa_officer"].id
        )
    assert await opens(first) == 401
    assert (await refresh(first["refresh_token"])).status_code == 400


async def test_an_assignment_that_ended_is_refreshed_no_more(first, refresh, opens, database, clock):
    async with database.as_superuser() as connection:
        await connection.execute(
            "UPDATE assignments SET valid_to = $1 WHERE id = $2",
            (clock.at - timedelta(days=2)).date(),
            PEOPLE["sa_pa_officer"].assignment_id,
        )
    assert await opens(first) == 401
    assert (await refresh(first["refresh_token"])).status_code == 400


async def test_an_access_token_handed_back_is_refused_by_its_id(first, revoke, opens, refresh):
    assert await opens(first) == 200
    assert (await revoke(first["access_token"])).json() == {"revoked": True}
    assert await opens(first) == 401
    assert (await refresh(first["refresh_token"])).status_code == 200


async def test_another_spelling_of_a_token_handed_back_is_refused_too(first, revoke, opens, keys):
    # The last letter of a signature has bits without meaning: by its text, the token could be brought back to life.
    await revoke(first["access_token"])
    token = first["access_token"]
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    place = letters.index(token[-1])
    twin = token[:-1] + letters[place ^ 1]
    assert verify_access_token(keys, twin).token_id == verify_access_token(keys, token).token_id
    assert await opens({"access_token": twin}) == 401


async def test_a_refresh_token_handed_back_ends_the_login(first, revoke, opens, refresh, events):
    assert (await revoke(first["refresh_token"])).status_code == 200
    assert await opens(first) == 401
    assert (await refresh(first["refresh_token"])).status_code == 400
    assert len(await events("session.ended")) == 1


@pytest.mark.parametrize("text", ["x", "a.b.c", "é", "0" * 3000])
async def test_handing_back_what_is_no_token_is_no_error(revoke, text):
    assert (await revoke(text)).json() == {"revoked": True}


async def test_handing_back_nothing_is_an_error(nobody):
    answer = await nobody.post("/auth/revoke", data={"x": "y"})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
