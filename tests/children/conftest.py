"""Children to begin with."""

from collections.abc import Callable

import httpx
import pytest

SA = {"full_name": "Giàng A Sà", "sex": "male", "born_on": "2018-05-12", "ethnicity": "08"}


@pytest.fixture
def register() -> Callable:
    """Return what registers a child as somebody: `await register(sa_pa_officer, full_name="…")`."""

    async def written(who: httpx.AsyncClient, **fields) -> dict:
        answer = await who.post("/children", json={**SA, **fields})
        assert answer.status_code == 201, answer.text
        return answer.json()

    return written
