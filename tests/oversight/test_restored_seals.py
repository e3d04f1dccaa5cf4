"""Seals over the audit of a database that was restored, where transaction numbers began anew."""

import pytest

from childcare_api.oversight.jobs import seals_folder

pytestmark = pytest.mark.committed


async def unused_id(tamper):
    (row,) = await tamper("SELECT nextval('audit.events_id_seq') AS id")
    return row["id"]


async def restore_elsewhere(tamper, folder):
    """As after restoring a dump into a new cluster: transaction numbers above any here, and no copy outside."""
    ahead = 1_000_000_000
    await tamper("UPDATE audit.events SET transaction_id = (transaction_id::text::bigint + $1)::text::xid8", ahead)
    previous = bytes(32)
    for row in await tamper("SELECT no FROM audit.seals ORDER BY no"):
        await tamper(
            "UPDATE audit.seals SET until_transaction = (until_transaction::text::bigint + $2)::text::xid8,"
            " from_transaction = CASE from_transaction WHEN '0' THEN from_transaction"
            " ELSE (from_transaction::text::bigint + $2)::text::xid8 END, previous_hash = $3,"
            " digests = (SELECT string_agg(audit.digest(e), '' ORDER BY array_position(event_ids, e.id))"
            " FROM audit.events e WHERE e.id = ANY (event_ids)) WHERE no = $1",
            row["no"],
            ahead,
            previous,
        )
        (sealed,) = await tamper(
            "UPDATE audit.seals s SET hash = audit.seal_hash(s) WHERE no = $1 RETURNING hash", row["no"]
        )
        previous = sealed["hash"]
    for file in seals_folder(folder).glob("*.jsonl"):
        file.unlink()


async def test_a_restored_database_starts_a_new_era_and_loses_nothing(write_events, seal, verified, tamper, tmp_path):
    await write_events(3)
    await seal()
    await write_events(2)
    await restore_elsewhere(tamper, tmp_path)
    await seal()
    await write_events(2)
    assert (await verified())["first_fault"] is None
    await seal()
    rows = await tamper("SELECT era, event_ids FROM audit.seals ORDER BY no")
    sealed = [event for row in rows for event in row["event_ids"]]
    everything = [row["id"] for row in await tamper("SELECT id FROM audit.events WHERE action = 'agency.added'")]
    assert (rows[0]["era"], rows[-1]["era"]) == (1, 2)
    assert len(sealed) == len(set(sealed))
    assert set(everything) <= set(sealed)
    found = await verified()
    assert (found["intact"], found["complete"], found["first_fault"]) == (True, True, None)


@pytest.mark.parametrize("era", [1, 2])
async def test_tampering_with_either_era_of_a_restored_database_is_named(
    write_events, seal, verified, tamper, tmp_path, era
):
    await write_events(2)
    unused = {1: await unused_id(tamper)}
    await write_events(2)
    await seal()
    await restore_elsewhere(tamper, tmp_path)
    await seal()
    await write_events(2)
    unused[2] = await unused_id(tamper)
    await write_events(2)
    await seal()
    assert (await verified())["intact"]
    (last,) = await tamper(
        "SELECT id, transaction_id::text AS number FROM audit.events WHERE id = (SELECT max(i)"
        " FROM audit.seals, unnest(event_ids) i WHERE era = $1)",
        era,
    )
    await tamper(
        "INSERT INTO audit.events (id, transaction_id, action, subject_kind)"
        " VALUES ($1, $2::text::xid8, 'agency.added', 'agency')",
        unused[era],
        last["number"],
    )
    fault = (await verified())["first_fault"]
    assert (fault["kind"], fault["event_id"]) == ("event_added", unused[era])
    await tamper("DELETE FROM audit.events WHERE id IN ($1, $2)", unused[era], last["id"])
    fault = (await verified())["first_fault"]
    assert (fault["kind"], fault["event_id"]) == ("event_missing", last["id"])
