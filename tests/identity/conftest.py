"""Passwords that cost nothing, and people who have them."""

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from tests.identity.accounts import user_body
from tests.people import PEOPLE

from childcare_api.identity import passwords
from childcare_api.shared import clock

PASSWORD = "một mật khẩu đủ dài"


@pytest.fixture
def cheap_hashes(monkeypatch):
    """Hashing at its lowest cost: what is tested is never how long it takes, but in one test of its own."""
    hasher = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
    monkeypatch.setattr(passwords, "_HASHER", hasher)
    passwords.nobodys_hash.cache_clear()
    yield hasher
    passwords.nobodys_hash.cache_clear()


@pytest.fixture
def give_password(database, cheap_hashes):
    """Give a person of tests/people.py the password."""

    async def give(key: str) -> str:
        async with database.as_superuser() as connection:
            await connection.execute(
                "INSERT INTO credentials (user_id, password_hash, changed_at) VALUES ($1, $2, $3)",
                PEOPLE[key].id,
                cheap_hashes.hash(PASSWORD),
                clock.now(),
            )
        return PEOPLE[key].username

    return give


@pytest.fixture
async def officer(give_password):
    """The user name of Sa Pa's officer, who has a password."""
    return await give_password("sa_pa_officer")


@pytest.fixture
def ask(nobody):
    """Ask the token endpoint, by a form."""

    async def token(**form: str):
        headers = form.pop("headers", {})
        return await nobody.post("/auth/token", data=form, headers=headers)

    return token


@pytest.fixture
def log_in(ask):
    """Log in with the right password unless told otherwise."""

    async def token(username: str, password: str = PASSWORD, **form: str):
        return await ask(grant_type="password", username=username, password=password, **form)

    return token


@pytest.fixture
def made(sa_pa_administrator, cheap_hashes):
    """Make a user in Sa Pa and return the answer's body."""

    async def make(by=sa_pa_administrator, **changes) -> dict:
        answer = await by.post("/users", json=user_body(**changes))
        assert answer.status_code == 201, answer.text
        return answer.json()

    return make
