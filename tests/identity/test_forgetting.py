"""The worker forgets logins that are over, and nothing else."""

from tests.people import SA_PA

from childcare_api.identity.jobs import forget_old_logins
from childcare_api.working import forget_idempotency_keys


async def count(rows, table: str) -> int:
    return len(await rows(f"SELECT FROM {table}"))


async def test_a_login_is_forgotten_once_nothing_of_it_counts(officer, log_in, ask, database, clock, rows):
    token = (await log_in(officer)).json()["refresh_token"]
    before = await count(rows, "sessions")
    clock.forward(days=29)
    await forget_old_logins(database)
    assert (await ask(grant_type="refresh_token", refresh_token=token)).status_code == 200
    clock.forward(days=61)
    await forget_old_logins(database)
    assert await count(rows, "refresh_tokens") == 0
    assert await count(rows, "sessions") == before - 1


async def test_attempts_are_kept_for_a_month(officer, log_in, database, clock, rows):
    await log_in(officer, "wrong")
    clock.forward(days=29)
    await forget_old_logins(database)
    assert await count(rows, "login_attempts") == 1
    clock.forward(days=2)
    await forget_old_logins(database)
    assert await count(rows, "login_attempts") == 0


async def test_a_token_handed_back_is_forgotten_when_it_would_have_ended(
    officer, log_in, nobody, database, clock, rows
):
    await nobody.post("/auth/revoke", data={"token": (await log_in(officer)).json()["access_token"]})
    await forget_old_logins(database)
    assert await count(rows, "revoked_tokens") == 1
    clock.forward(minutes=16)
    await forget_old_logins(database)
    assert await count(rows, "revoked_tokens") == 0


async def test_stored_answers_are_forgotten_after_their_time(sa_pa_administrator, database, clock, rows):
    body = {"username": "nguyen.van.an", "display_name": "An", "unit_id": SA_PA}
    headers = {"Idempotency-Key": "once-and-only-once"}
    assert (await sa_pa_administrator.post("/users", json=body, headers=headers)).status_code == 201
    await forget_idempotency_keys(database)
    assert await count(rows, "idempotency_keys") == 1
    clock.forward(hours=25)
    await forget_idempotency_keys(database)
    assert await count(rows, "idempotency_keys") == 0
