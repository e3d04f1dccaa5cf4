import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI, Response

from childcare_api.access.audit import record
from childcare_api.access.dependencies import Connection, CurrentActor, Session
from childcare_api.access.tokens import KeySet
from childcare_api.app import create_app
from childcare_api.settings import Settings
from childcare_api.shared.db import Database
from childcare_api.shared.idempotency import OnceForADay, OnceForAWeek, OnceIfKeyed
from childcare_api.shared.problems import Conflict
from childcare_api.shared.requests import Router
from childcare_api.shared.schemas import Command, Versioned

router = Router()
doors: dict[str, asyncio.Event] = {}


class Note(Command):
    text: str
    number: int = 0
    wait_for: str | None = None


class NoteOut(Versioned):
    id: UUID
    text: str


@router.post("/notes", status_code=201)
async def write_note(
    body: Note, once: OnceForADay, actor: CurrentActor, session: Session, response: Response
) -> NoteOut:
    await once.begin(session)
    if body.wait_for:
        doors[body.wait_for].set()
        await doors[body.wait_for + " closed"].wait()
    if body.text == "refused":
        raise Conflict(constraint="notes_text_check")
    note_id = uuid4()
    await record(session, "note.written", subject_kind="note", subject_id=note_id)
    response.headers["Location"] = f"/api/v1/notes/{note_id}"
    return NoteOut(row_version=1, id=note_id, text=body.text)


@router.post("/quick-notes")
async def write_quickly(body: Note, once: OnceForAWeek, actor: CurrentActor, connection: Connection) -> Response:
    await once.begin(connection)
    return Response(b'{"row_version":7,"id":"' + str(uuid4()).encode() + b'"}', media_type="application/json")


@router.post("/casual-notes")
async def write_casually(body: Note, once: OnceIfKeyed, actor: CurrentActor, session: Session) -> NoteOut:
    await once.begin(session)
    return NoteOut(row_version=1, id=uuid4(), text=body.text)


@router.post("/forgetful-notes")
async def write_forgetfully(body: Note, once: OnceForADay, actor: CurrentActor, session: Session) -> NoteOut:
    return NoteOut(row_version=1, id=uuid4(), text=body.text)


@pytest.fixture(scope="module")
def assembled(keys: KeySet) -> FastAPI:
    """An application of its own, with these routes beside the product's."""
    app = create_app(Settings(), database=Database("postgresql://"), keys=keys)
    app.include_router(router, prefix="/api/v1")
    return app


def key(word: str = "k-1") -> dict[str, str]:
    return {"Idempotency-Key": word}


async def test_the_same_post_again_gets_the_same_answer(sa_pa_officer: httpx.AsyncClient, events):
    first = await sa_pa_officer.post("/notes", json={"text": "a", "number": 1}, headers=key())
    again = await sa_pa_officer.post(
        "/notes", content=b'{ "number":1, "text":"a" }', headers=key() | {"content-type": "application/json"}
    )
    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    for name in ("location", "etag", "content-type"):
        assert first.headers[name] == again.headers[name]
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert len(await events("note.written")) == 1


async def test_another_body_under_the_same_key_is_refused(sa_pa_officer):
    await sa_pa_officer.post("/notes", json={"text": "a"}, headers=key())
    other = await sa_pa_officer.post("/notes", json={"text": "b"}, headers=key())
    assert (other.status_code, other.json()["type"].rpartition(":")[2]) == (422, "idempotency_conflict")


async def test_a_key_belongs_to_one_caller_and_one_address(sa_pa_officer, sa_pa_leader):
    answers = [
        await sa_pa_officer.post("/notes", json={"text": "a"}, headers=key()),
        await sa_pa_leader.post("/notes", json={"text": "a"}, headers=key()),
        await sa_pa_officer.post("/casual-notes", json={"text": "a"}, headers=key()),
    ]
    assert len({answer.json()["id"] for answer in answers}) == 3


async def test_an_error_leaves_nothing_and_may_be_tried_again(sa_pa_officer, rows):
    refused = await sa_pa_officer.post("/notes", json={"text": "refused"}, headers=key())
    assert refused.status_code == 409
    assert not await rows("SELECT * FROM idempotency_keys")
    assert (await sa_pa_officer.post("/notes", json={"text": "a"}, headers=key())).status_code == 201


async def test_a_key_is_asked_for_where_it_is_needed(sa_pa_officer):
    missing = await sa_pa_officer.post("/notes", json={"text": "a"})
    assert (missing.status_code, missing.json()["type"].rpartition(":")[2]) == (400, "idempotency_key_required")
    assert (await sa_pa_officer.post("/casual-notes", json={"text": "a"})).status_code == 200
    for word in ("", "x" * 201, "a b"):
        assert (await sa_pa_officer.post("/notes", json={"text": "a"}, headers=key(word))).status_code == 400


async def test_a_key_is_forgotten_after_a_day_and_a_referrals_after_a_week(sa_pa_officer, clock):
    async def post(address: str) -> bool:
        answer = await sa_pa_officer.post(address, json={"text": "a"}, headers=key())
        assert answer.is_success
        return "idempotency-replayed" in answer.headers

    assert [await post("/casual-notes"), await post("/quick-notes")] == [False, False]
    clock.forward(minutes=14)
    assert [await post("/casual-notes"), await post("/quick-notes")] == [True, True]


async def test_how_long_a_key_is_kept_stands_beside_it(sa_pa_officer, rows):
    await sa_pa_officer.post("/notes", json={"text": "a"}, headers=key())
    await sa_pa_officer.post("/quick-notes", json={"text": "a"}, headers=key())
    kept = {
        row["address"]: row["expires_at"] - row["created_at"] for row in await rows("SELECT * FROM idempotency_keys")
    }
    assert kept == {"POST /api/v1/notes": timedelta(days=1), "POST /api/v1/quick-notes": timedelta(days=7)}


async def test_the_bare_connection_keeps_answers_too(sa_pa_officer):
    first = await sa_pa_officer.post("/quick-notes", json={"text": "a"}, headers=key())
    again = await sa_pa_officer.post("/quick-notes", json={"text": "a"}, headers=key())
    assert first.content == again.content
    assert again.headers["etag"] == '"7"'


async def test_a_route_that_forgets_its_promise_never_works(sa_pa_officer):
    assert (await sa_pa_officer.post("/forgetful-notes", json={"text": "a"}, headers=key())).status_code == 500


async def test_an_expired_key_is_free_again(sa_pa_officer, database):
    first = await sa_pa_officer.post("/notes", json={"text": "a"}, headers=key())
    assert first.status_code == 201
    async with database.as_superuser() as connection:
        await connection.execute("UPDATE idempotency_keys SET expires_at = now() - interval '1 second'")
    other = await sa_pa_officer.post("/notes", json={"text": "b"}, headers=key())
    assert (other.status_code, other.json()["text"]) == (201, "b")


@pytest.mark.committed
async def test_a_running_twin_is_told_of(sa_pa_officer, events):
    doors["first"], doors["first closed"] = asyncio.Event(), asyncio.Event()
    body = {"text": "a", "wait_for": "first"}
    first = asyncio.create_task(sa_pa_officer.post("/notes", json=body, headers=key()))
    await doors["first"].wait()
    twin = await sa_pa_officer.post("/notes", json=body, headers=key())
    assert (twin.status_code, twin.json()["type"].rpartition(":")[2]) == (409, "request_in_progress")
    assert int(twin.headers["retry-after"]) >= 1
    doors["first closed"].set()
    done = await first
    again = await sa_pa_officer.post("/notes", json=body, headers=key())
    assert again.headers["idempotency-replayed"] == "true"
    assert again.content == done.content
    assert len(await events("note.written")) == 1


@pytest.mark.committed
async def test_of_many_racing_posts_one_is_done(sa_pa_officer, events):
    async def post() -> httpx.Response:
        return await sa_pa_officer.post("/notes", json={"text": "a"}, headers=key())

    answers = await asyncio.gather(*(post() for _ in range(12)))
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.json()["id"] for answer in answers if answer.status_code == 201}) == 1
    assert len(await events("note.written")) == 1
