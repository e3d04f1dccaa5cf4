"""How many failed logins an account and an address have."""

import asyncio

import pytest


async def test_the_sixth_try_in_fifteen_minutes_is_not_heard_even_with_the_right_password(officer, log_in, clock, rows):
    for _ in range(5):
        assert (await log_in(officer, "wrong")).status_code == 400
    answer = await log_in(officer)
    assert answer.status_code == 429
    assert answer.json()["error"]
    assert 890 <= int(answer.headers["Retry-After"]) <= 900
    assert [r["outcome"] for r in await rows("SELECT outcome FROM login_attempts WHERE outcome <> 'failed'")] == [
        "limited"
    ]
    clock.forward(seconds=901)
    assert (await log_in(officer)).status_code == 200


async def test_unknown_names_are_limited_in_the_same_way(log_in, cheap_hashes):
    for _ in range(5):
        assert (await log_in("nobody.at.all", "wrong")).status_code == 400
    assert (await log_in("nobody.at.all", "wrong")).status_code == 429


async def test_a_right_login_forgets_the_failures_before_it(officer, log_in, clock):
    for _ in range(4):
        await log_in(officer, "wrong")
    clock.forward(seconds=1)
    assert (await log_in(officer)).status_code == 200
    clock.forward(seconds=1)
    for _ in range(4):
        assert (await log_in(officer, "wrong")).status_code == 400
    assert (await log_in(officer)).status_code == 200


async def test_an_address_has_fifty_failures_over_all_accounts(officer, log_in, clock):
    for number in range(50):
        assert (await log_in(f"name{number}", "wrong")).status_code == 400
    assert (await log_in(officer)).status_code == 429
    clock.forward(minutes=16)
    assert (await log_in(officer)).status_code == 200


async def test_who_claims_another_address_is_not_believed(officer, log_in, rows):
    await log_in(officer, "wrong", headers={"X-Forwarded-For": "203.0.113.9"})
    (row,) = await rows("SELECT host(address) AS address FROM login_attempts")
    assert row["address"] == "127.0.0.1"


@pytest.mark.committed
async def test_guesses_sent_at_once_are_not_all_heard(officer, log_in):
    answers = await asyncio.gather(*(log_in(officer, "wrong") for _ in range(20)))
    assert sorted(answer.status_code for answer in answers) == [400] * 5 + [429] * 15
