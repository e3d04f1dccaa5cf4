"""POST /auth/token with a password."""

import asyncio
import statistics
import time
import unicodedata
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from tests.identity.conftest import PASSWORD
from tests.people import PEOPLE, SA_PA

from childcare_api.access.tokens import verify_access_token
from childcare_api.identity import passwords


async def test_a_person_with_the_right_password_gets_both_tokens(officer, log_in, keys, events):
    answer = await log_in(officer)
    assert answer.status_code == 200
    body = answer.json()
    assert body["token_type"] == "Bearer"
    assert body["expires_in"] == 900
    assert answer.headers["Cache-Control"] == "no-store"
    claims = verify_access_token(keys, body["access_token"])
    assert claims.subject == PEOPLE["sa_pa_officer"].id
    assert str(claims.assignment_id) == body["assignment_id"]
    (event,) = await events("session.started")
    assert event["subject_id"] == str(claims.subject)
    assert event["holder_commune_id"] == SA_PA


async def test_the_token_opens_the_api(officer, log_in, nobody):
    token = (await log_in(officer)).json()["access_token"]
    me = await nobody.get("/me", headers={"Authorization": f"Bearer {token}"})
    assert me.status_code == 200
    assert me.json()["username"] == officer


@pytest.mark.parametrize("password", ["wrong", " " + PASSWORD, PASSWORD.upper()])
async def test_a_wrong_password_is_refused_and_counted(officer, log_in, password, rows, events):
    answer = await log_in(officer, password)
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["error"] == "invalid_grant"
    assert answer.json()["error_description"]
    assert [row["outcome"] for row in await rows("SELECT outcome FROM login_attempts")] == ["failed"]
    (event,) = await events("login.failed")
    assert event["holder_commune_id"] == SA_PA
    assert not await rows("SELECT FROM refresh_tokens")


async def test_the_answer_does_not_tell_which_names_exist(officer, log_in, rows, events):
    wrong, unknown = await log_in(officer, "wrong"), await log_in("nobody.at.all", "wrong")
    left_out = {"instance", "request_id"}
    assert wrong.status_code == unknown.status_code
    assert {k: v for k, v in wrong.json().items() if k not in left_out} == {
        k: v for k, v in unknown.json().items() if k not in left_out
    }
    assert len(await events("login.failed")) == 1
    assert len(await rows("SELECT FROM login_attempts WHERE outcome = 'failed'")) == 2


async def test_a_login_under_way_does_not_outlive_a_new_password(officer, log_in, database, monkeypatch, rows):
    """Whoever has the old password could else keep a login going that ends after the change, and stay for 90 days."""
    compare = passwords.matches

    async def compare_while_it_changes(password: str, stored: str | None) -> bool:
        right = await compare(password, stored)
        async with database.as_superuser() as connection:
            await connection.execute("UPDATE credentials SET password_hash = 'another'")
        return right

    monkeypatch.setattr(passwords, "matches", compare_while_it_changes)
    before = await rows("SELECT FROM sessions")
    answer = await log_in(officer)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
    assert len(await rows("SELECT FROM sessions")) == len(before)
    assert [row["outcome"] for row in await rows("SELECT outcome FROM login_attempts")] == ["failed"]


@pytest.mark.parametrize(
    ("known", "unknown"),
    [
        ({"grant_type": "password", "username": "sa-pa-officer"}, {"username": "nobody.at.all"}),
        ({"grant_type": "client_credentials", "client_id": "tong-dai-111"}, {"client_id": "nobody-at-all"}),
    ],
)
async def test_an_unknown_name_costs_the_database_as_much_as_a_known_one(
    officer, ask, database, monkeypatch, known, unknown
):
    """A transaction less, about as long as a write to disk, would tell which names exist."""
    begun = []
    lend = database.bare
    monkeypatch.setattr(database, "bare", lambda: (begun.append(True), lend())[1])
    secrets = {"password": "wrong", "client_secret": "wrong"}
    statuses = {(await ask(**{**secrets, **known})).status_code}
    for_known = len(begun)
    statuses.add((await ask(**{**secrets, **known, **unknown})).status_code)
    assert len(statuses) == 1
    assert len(begun) == 2 * for_known


async def test_an_unknown_name_takes_as_long_as_a_wrong_password():
    stored = await passwords.hash_password(PASSWORD)
    await passwords.matches("x", None)

    async def seconds(hash_: str | None) -> float:
        started = time.perf_counter()
        assert not await passwords.matches("wrong", hash_)
        return time.perf_counter() - started

    # Taken in turns, and the quickest of each: on a busy machine everything else says more about the others.
    pairs = [(await seconds(stored), await seconds(None)) for _ in range(7)]
    known, unknown = min(pair[0] for pair in pairs), min(pair[1] for pair in pairs)
    assert unknown == pytest.approx(known, rel=0.6)


async def test_hashing_does_not_stall_the_others():
    running = asyncio.gather(*(passwords.hash_password(PASSWORD) for _ in range(4)))
    gaps, last = [], time.perf_counter()
    while not running.done():
        await asyncio.sleep(0.001)
        gaps.append(time.perf_counter() - last)
        last = time.perf_counter()
    assert statistics.median(gaps) < 0.1


async def test_a_password_typed_in_another_unicode_form_is_the_same(officer, log_in):
    assert (await log_in(officer, unicodedata.normalize("NFD", PASSWORD))).status_code == 200


async def test_a_hash_of_lower_cost_is_renewed_at_login(officer, log_in, rows, monkeypatch):
    stronger = PasswordHash((Argon2Hasher(time_cost=2, memory_cost=16, parallelism=1),))
    monkeypatch.setattr(passwords, "_HASHER", stronger)
    assert (await log_in(officer)).status_code == 200
    (row,) = await rows("SELECT password_hash FROM credentials")
    assert "m=16,t=2" in row["password_hash"]


async def test_a_disabled_person_is_told_what_everybody_is_told(officer, log_in, database, clock):
    async with database.as_superuser() as connection:
        await connection.execute(
            "UPDATE users SET disabled_at = $1, disabled_by = id WHERE username = $2", clock.at, officer
        )
    answer = await log_in(officer)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


async def test_a_person_without_an_assignment_today_cannot_log_in(officer, log_in, database, clock, rows):
    async with database.as_superuser() as connection:
        await connection.execute(
            "UPDATE assignments SET valid_to = $1 WHERE user_id = $2",
            (clock.at - timedelta(days=2)).date(),
            PEOPLE["sa_pa_officer"].id,
        )
    answer = await log_in(officer)
    assert answer.status_code == 400
    assert answer.json()["type"].endswith("no_assignment")
    assert [row["outcome"] for row in await rows("SELECT outcome FROM login_attempts")] == ["succeeded"]


async def test_nobody_enters_through_an_assignment_to_a_unit_that_ended(give_password, log_in):
    answer = await log_in(await give_password("old_sa_pa_town_officer"))
    assert answer.json()["type"].endswith("no_assignment")


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"x": "y"}, "invalid_request"),
        ({"grant_type": ""}, "invalid_request"),
        ({"grant_type": "implicit"}, "unsupported_grant_type"),
        ({"grant_type": "authorization_code", "code": "x"}, "unsupported_grant_type"),
        ({"grant_type": "password"}, "invalid_request"),
        ({"grant_type": "password", "username": "a"}, "invalid_request"),
        ({"grant_type": "password", "username": "a", "password": "b", "assignment_id": "c"}, "invalid_request"),
        ({"grant_type": "password", "username": "a\0b", "password": "c"}, "invalid_request"),
        ({"grant_type": "password", "username": "a" * 5000, "password": "c"}, "invalid_request"),
        ({"grant_type": ["password", "password"], "username": "a", "password": "c"}, "invalid_request"),
        ({"grant_type": "password", "username": "'; DROP TABLE users; --", "password": "c"}, "invalid_grant"),
        ({"grant_type": "refresh_token"}, "invalid_request"),
        ({"grant_type": "refresh_token", "refresh_token": "x"}, "invalid_grant"),
        ({"grant_type": "client_credentials"}, "invalid_request"),
    ],
)
async def test_a_form_that_is_no_login_is_refused_in_the_words_of_oauth(nobody, cheap_hashes, form, error):
    answer = await nobody.post("/auth/token", data=form)
    assert answer.status_code == 400
    assert answer.json()["error"] == error
    assert answer.json()["error_description"]


async def test_what_a_login_lacks_is_named(nobody, cheap_hashes):
    lacking = await nobody.post("/auth/token", data={"grant_type": "password", "username": "sa-pa-officer"})
    assert [(one["pointer"], one["code"]) for one in lacking.json()["errors"]] == [("password", "missing")]
    assert "password: This field is required." in lacking.json()["error_description"]
    no_form = await nobody.post("/auth/token", json={"grant_type": "password"})
    assert no_form.status_code == 415
    assert "application/x-www-form-urlencoded" in no_form.json()["detail"]


async def test_bytes_that_are_no_text_are_refused(nobody, cheap_hashes):
    answer = await nobody.post(
        "/auth/token",
        content=b"grant_type=password&username=%ED%A0%80%FF&password=%FF",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert answer.status_code == 400


@pytest.mark.parametrize("kind", ["application/json", "text/plain", ""])
async def test_only_a_form_is_taken(nobody, kind):
    answer = await nobody.post("/auth/token", content=b'{"grant_type": "password"}', headers={"Content-Type": kind})
    assert answer.status_code == 415


async def test_a_form_of_ten_megabytes_is_refused(nobody):
    body = b"grant_type=password&username=" + b"a" * 10_000_000
    headers = {"Content-Type": "application/x-www-form-urlencoded"}

    async def chunks() -> AsyncIterator[bytes]:
        yield body

    for content in (body, chunks()):
        answer = await nobody.post("/auth/token", content=content, headers=headers)
        assert answer.status_code == 413
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["type"].endswith(":body_too_large")


async def test_the_form_says_what_is_wrong_in_vietnamese_too(officer, log_in):
    answer = await log_in(officer, "wrong", headers={"Accept-Language": "vi"})
    assert answer.json()["title"] == "Không được chấp nhận"
