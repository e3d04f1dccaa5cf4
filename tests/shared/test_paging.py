import base64
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Annotated, Literal
from uuid import UUID

import httpx
import pytest
from fastapi import Header, Request

from childcare_api.shared.application import Application
from childcare_api.shared.callers import name_caller
from childcare_api.shared.paging import Fetched, Page, Paging
from childcare_api.shared.requests import Router

router = Router()
NUMBERS = range(45)


def page_of(request: Request, page: Paging, caller: str) -> Page[int]:
    name_caller(request.scope, caller)
    after = page.after()
    rows = [number for number in NUMBERS if after is None or number > after[0]][: page.limit + 1]
    keys = (rows[: page.limit][-1], "tên", UUID(int=1), date(2026, 1, 2), datetime(2026, 1, 2, tzinfo=UTC))
    cursor = page.cursor_after(keys) if len(rows) > page.limit else None
    total = len(NUMBERS) if page.with_total else None
    return Page[int].model_validate(Fetched(rows[: page.limit], cursor, total))


@router.get("/numbers")
async def list_numbers(
    request: Request, page: Paging, caller: Annotated[str, Header()] = "a", parity: Literal["odd"] | None = None
) -> Page[int]:
    return page_of(request, page, caller)


@router.get("/others")
async def list_others(request: Request, page: Paging, caller: Annotated[str, Header()] = "a") -> Page[int]:
    return page_of(request, page, caller)


app = Application()
app.state.cursor_key = b"k" * 32
app.include_router(router)


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://api") as client:
        yield client


async def test_pages_follow_each_other_to_the_end(client):
    address, seen = "/numbers?include=total", []
    while address:
        answer = await client.get(address)
        seen += answer.json()["items"]
        assert answer.json()["total"] == 45
        assert ("next" in answer.links) == (answer.json()["next_cursor"] is not None)
        address = answer.links.get("next", {}).get("url")
    assert seen == list(NUMBERS)


async def test_a_page_may_be_longer_but_not_endless(client):
    assert len((await client.get("/numbers?limit=200")).json()["items"]) == 45
    for limit in ("0", "201", "-1", "x", ""):
        assert (await client.get(f"/numbers?limit={limit}")).status_code == 400


async def test_a_cursor_tells_nobody_what_the_list_is_sorted_by(client):
    cursor = (await client.get("/numbers")).json()["next_cursor"]
    unpacked = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    assert len(unpacked) > 60
    for key in ("tên".encode(), b"2026", b"0000"):
        assert key not in unpacked


async def test_a_cursor_belongs_to_one_list_its_filters_and_its_caller(client):
    cursor = (await client.get("/numbers?parity=odd")).json()["next_cursor"]
    assert (await client.get(f"/numbers?parity=odd&limit=5&cursor={cursor}")).status_code == 200
    for refused in (
        await client.get(f"/numbers?cursor={cursor}"),
        await client.get(f"/others?cursor={cursor}"),
        await client.get(f"/numbers?parity=odd&cursor={cursor}", headers={"caller": "b"}),
        await client.get(f"/numbers?parity=odd&cursor={cursor[:-1]}"),
        await client.get(f"/numbers?parity=odd&cursor={cursor[:4]}AA{cursor[6:]}"),
        await client.get("/numbers?cursor=ế"),
        await client.get("/numbers?cursor=A"),
        await client.get("/numbers?cursor="),
    ):
        assert refused.status_code == 400
        assert refused.json()["errors"][0]["code"] == "not_of_this_list"
