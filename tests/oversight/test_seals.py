"""Seals over the audit: every way of tampering, done as superuser, is found and named."""

import asyncio

import pytest

from childcare_api.access.scope import open_worker_connection
from childcare_api.oversight import jobs
from childcare_api.oversight.jobs import seal_audit, seals_folder

pytestmark = pytest.mark.committed


async def event_ids(tamper):
    return [row["id"] for row in await tamper("SELECT id FROM audit.events WHERE action = 'agency.added' ORDER BY id")]


async def test_an_untouched_audit_is_intact(write_events, seal, verified, events):
    await write_events()
    await seal()
    await write_events(2)
    await seal()
    found = await verified()
    assert (found["intact"], found["complete"], found["first_fault"], found["next_seal"]) == (True, True, None, None)
    assert found["checked_events"] >= 7
    assert found["newest_seal"]["no"] == found["witness"]["newest_no"] == found["checked_seals"]
    assert found["newest_seal"]["hash"] == found["witness"]["newest_hash"]
    assert len(await events("audit.verified")) == 1


async def test_an_empty_audit_is_intact(verified):
    found = await verified()
    assert (found["intact"], found["complete"], found["newest_seal"], found["checked_seals"]) == (True, True, None, 0)
    assert not found["witness"]["kept"]


@pytest.mark.parametrize(
    "change",
    [
        "action = 'agency.seen'",
        "actor_id = NULL",
        "subject_id = 'x'",
        "detail = '{\"a\": 1}'",
        "reason = 'x'",
        "recorded_at = recorded_at + interval '1 microsecond'",
        "holder_province_id = 260012",
        "request_id = 'x'",
        "actor_unit_id = 1",
    ],
)
async def test_a_changed_event_is_named(write_events, seal, verified, tamper, change):
    await write_events()
    await seal()
    bad = (await event_ids(tamper))[2]
    await tamper("UPDATE audit.events SET " + change + " WHERE id = $1", bad)  # noqa: S608 - the words stand above
    found = await verified()
    assert not found["intact"]
    assert (found["first_fault"]["kind"], found["first_fault"]["event_id"]) == ("event_changed", bad)


async def test_a_deleted_event_is_named(write_events, seal, verified, tamper):
    await write_events()
    await seal()
    bad = (await event_ids(tamper))[1]
    await tamper("DELETE FROM audit.events WHERE id = $1", bad)
    assert (await verified())["first_fault"] | {"seal_no": 0} == {
        "kind": "event_missing",
        "event_id": bad,
        "seal_no": 0,
    }


async def test_swapped_events_are_named(write_events, seal, verified, tamper):
    await write_events()
    await seal()
    ids = await event_ids(tamper)
    await tamper("UPDATE audit.events SET id = -id WHERE id IN ($1, $2)", ids[1], ids[3])
    await tamper("UPDATE audit.events SET id = $1 WHERE id = -$2::bigint", ids[3], ids[1])
    await tamper("UPDATE audit.events SET id = $1 WHERE id = -$2::bigint", ids[1], ids[3])
    fault = (await verified())["first_fault"]
    assert (fault["kind"], fault["event_id"]) == ("event_changed", ids[1])


async def test_an_event_slipped_in_afterwards_is_named(write_events, seal, verified, tamper):
    await write_events()
    await seal()
    (row,) = await tamper(
        "INSERT INTO audit.events (transaction_id, action, subject_kind)"
        " SELECT transaction_id, 'agency.added', 'agency' FROM audit.events"
        " WHERE action = 'agency.added' LIMIT 1 RETURNING id"
    )
    fault = (await verified())["first_fault"]
    assert (fault["kind"], fault["event_id"]) == ("event_added", row["id"])


async def cut_tail(tamper):
    """Delete the newest seal with all its events, as if they had never been; returns the first of them."""
    (seal,) = await tamper("DELETE FROM audit.seals WHERE no = (SELECT max(no) FROM audit.seals) RETURNING *")
    await tamper("DELETE FROM audit.events WHERE id = ANY ($1)", seal["event_ids"])
    return seal


async def test_a_cut_off_tail_is_found_by_the_copy_outside(write_events, seal, verified, tamper):
    await write_events()
    await seal()
    await write_events(3)
    await seal()
    lost = await cut_tail(tamper)
    fault = (await verified())["first_fault"]
    assert fault == {"kind": "tail_cut_off", "seal_no": lost["no"], "event_id": lost["event_ids"][0]}


async def test_a_tail_that_was_cut_off_and_grew_again_is_found(write_events, seal, verified, tamper):
    await write_events()
    await seal()
    await write_events(3)
    await seal()
    lost = await cut_tail(tamper)
    await write_events(4)
    await seal()
    fault = (await verified())["first_fault"]
    assert fault == {"kind": "seal_replaced", "seal_no": lost["no"], "event_id": lost["event_ids"][0]}


async def test_without_the_copy_outside_a_cut_off_tail_goes_unnoticed_and_the_answer_says_so(
    write_events, seal, verified, tamper, tmp_path
):
    await write_events()
    await seal()
    await write_events(3)
    await seal()
    await cut_tail(tamper)
    for file in seals_folder(tmp_path).glob("*.jsonl"):
        file.unlink()
    found = await verified()
    assert found["intact"]
    assert not found["witness"]["kept"]


async def test_a_seal_rewritten_to_fit_a_changed_event_is_found(write_events, seal, verified, tamper):
    await write_events()
    await seal()
    (first,) = await tamper("SELECT no, event_ids FROM audit.seals ORDER BY no LIMIT 1")
    await tamper("UPDATE audit.events SET reason = 'x' WHERE id = $1", first["event_ids"][0])
    await tamper(
        "UPDATE audit.seals SET digests = (SELECT string_agg(audit.digest(e), '' ORDER BY transaction_id, id)"
        " FROM audit.events e WHERE id = ANY (event_ids))"
    )
    fault = (await verified())["first_fault"]
    assert (fault["kind"], fault["event_id"]) == ("seal_broken", first["event_ids"][0])
    # Even with its hash made anew it is not the one that is kept outside.
    await tamper("UPDATE audit.seals s SET hash = audit.seal_hash(s)")
    fault = (await verified())["first_fault"]
    assert (fault["kind"], fault["seal_no"]) == ("seal_replaced", first["no"])


async def test_a_missing_seal_is_named(write_events, seal, verified, tamper):
    for _ in range(3):
        await write_events(2)
        await seal()
    (gone,) = await tamper("DELETE FROM audit.seals WHERE no = 2 RETURNING event_ids")
    assert (await verified())["first_fault"] == {
        "kind": "seal_missing",
        "seal_no": 2,
        "event_id": gone["event_ids"][0],
    }


async def test_a_long_audit_is_verified_in_stretches(write_events, seal, verified, tamper, monkeypatch):
    monkeypatch.setattr("childcare_api.oversight.queries.EVENTS_PER_CALL", 4)
    for _ in range(4):
        await write_events(3)
        await seal()
    start, stretches = 1, 0
    while start is not None:
        found = await verified(from_seal=start)
        assert found["intact"]
        start, stretches = found["next_seal"], stretches + 1
    assert stretches > 1


async def test_a_large_backlog_becomes_several_seals(write_events, seal, verified, monkeypatch):
    monkeypatch.setattr(jobs, "SEAL_EVENTS", 3)
    await write_events(10)
    await seal()
    found = await verified()
    assert found["intact"]
    assert found["checked_seals"] >= 3


async def test_sealers_that_race_make_one_chain_and_one_copy(write_events, seal, database, verified, tmp_path):
    await write_events(8)
    await asyncio.gather(*(seal_audit(database, tmp_path) for _ in range(6)))
    await seal()
    found = await verified()
    assert found["intact"]
    lines = [line for file in seals_folder(tmp_path).glob("*.jsonl") for line in file.read_bytes().splitlines()]
    assert len(lines) == found["checked_seals"]


async def test_events_of_a_transaction_that_ends_late_are_sealed_when_it_ends(
    database, write_events, seal, verified, tmp_path
):
    """Its ids are lower than those of events sealed before: a sealer that follows ids would miss them."""
    async with database.bare() as late, late.transaction():
        await late.execute("SET LOCAL ROLE childcare_worker")
        await late.execute("INSERT INTO audit.events (action, subject_kind) VALUES ('late', 'test')")
        await write_events(3)
        await seal_audit(database, tmp_path)
        async with open_worker_connection(database) as connection:
            assert await connection.fetchval("SELECT audit.seal(now(), 10)") is None
    await seal()
    found = await verified()
    assert found["intact"]
    assert found["checked_events"] >= 4


async def test_a_line_cut_short_by_a_power_failure_is_passed_over(write_events, seal, verified, tmp_path):
    await write_events(2)
    await seal()
    (file,) = seals_folder(tmp_path).glob("*.jsonl")
    with file.open("ab") as half:
        half.write(b'{"no": 99, "ha')
    await write_events(2)
    await seal()
    assert (await verified())["witness"]["kept"]


async def test_the_copy_outside_is_nobody_elses(write_events, seal, tmp_path):
    await write_events(1)
    await seal()
    assert seals_folder(tmp_path).stat().st_mode & 0o077 == 0
