"""What a hotline is told about its referrals, by whom, and that it is told nothing else."""

import asyncio
from uuid import UUID, uuid4

import pytest
from tests.people import HOTLINE_SOURCE, LAO_CAI, SA_PA, TA_LENG, TA_VAN

from childcare_api.exchange.jobs import HANDLERS
from childcare_api.jobs.worker import work_once
from childcare_api.shared.ids import new_id

REFERRAL = {"external_ref": "111-7", "received_at": "2026-11-20T03:00:00Z", "place": {"unit_id": SA_PA}}
FEEDBACK = "/hotline/referrals/tong-dai-111/111-7/feedback"


@pytest.fixture
def empty_outbox(database):
    """Do what the worker does until nothing waits."""

    async def run() -> None:
        while await work_once(database, HANDLERS):
            pass

    return run


async def refer(hotline, **over) -> str:
    answer = await hotline.post("/hotline/referrals", json=REFERRAL | over, headers={"Idempotency-Key": str(uuid4())})
    assert answer.status_code == 201, answer.text
    return answer.json()["intake_id"]


async def acknowledge(person, intake_id: str) -> None:
    answer = await person.post(f"/intakes/{intake_id}/acknowledge", json={}, headers={"If-Match": '"1"'})
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("hotline", ["hotline_111", "operator_111"])
async def test_a_hotline_is_told_that_it_found_the_place_itself(speak_as, hotline, hotline_111, empty_outbox, rows):
    """What waits in its own queue is handed over by the country's hotline, in whose name the worker then tells."""
    await refer(hotline_111, place={"text": "gần chợ"})
    found = {"text": "Ở Sa Pa", "place": {"unit_id": SA_PA}}
    updated = await speak_as(hotline).post(
        "/hotline/referrals/tong-dai-111/111-7/updates", json=found, headers={"Idempotency-Key": str(uuid4())}
    )
    assert updated.status_code == 200, updated.text
    await empty_outbox()
    assert await rows("SELECT event, failure FROM outbox WHERE done_at IS NULL AND attempts > 0") == []
    told = (await hotline_111.get(FEEDBACK)).json()["items"]
    assert [one["kind"] for one in told] == ["transferred"]


async def test_a_hotline_reads_what_became_of_its_referral(clock, hotline_111, sa_pa_officer, empty_outbox):
    intake_id = await refer(hotline_111)
    await acknowledge(sa_pa_officer, intake_id)
    clock.forward(minutes=5)
    assert (await hotline_111.get(FEEDBACK)).json()["items"] == []
    await empty_outbox()
    [told] = (await hotline_111.get(FEEDBACK)).json()["items"]
    assert (told["kind"], told["external_ref"], told["unit_id"]) == ("acknowledged", "111-7", SA_PA)
    assert told["happened_at"] < told["recorded_at"]


async def test_each_office_tells_of_its_own_steps_alone(
    hotline_111, sa_pa_officer, ta_leng_officer, empty_outbox, rows
):
    intake_id = await refer(hotline_111)
    body = {"to": {"unit_id": TA_LENG}, "reason": "Xảy ra ở Tả Lèng"}
    moved = await sa_pa_officer.post(
        f"/intakes/{intake_id}/transfer", json=body, headers={"If-Match": '"1"', "Idempotency-Key": "a"}
    )
    assert moved.status_code == 200, moved.text
    answer = await ta_leng_officer.post(
        f"/intakes/{intake_id}/dismiss", json={"reason": "Không có"}, headers={"If-Match": '"2"'}
    )
    assert answer.status_code == 200, answer.text
    await empty_outbox()
    told = (await hotline_111.get(FEEDBACK)).json()["items"]
    assert [(each["kind"], each["unit_id"]) for each in told] == [("transferred", SA_PA), ("dismissed", TA_LENG)]
    assert "Không có" not in str(told)
    assert {row["failure"] for row in await rows("SELECT failure FROM outbox")} == {None}


async def test_a_unit_that_has_nothing_to_do_with_a_report_cannot_speak_of_it(hotline_111, database, rows):
    intake_id = UUID(await refer(hotline_111))
    async with database.as_superuser() as connection:
        for commune, province, expected in ((TA_LENG, None, False), (TA_VAN, LAO_CAI, False), (SA_PA, LAO_CAI, True)):
            await connection.execute(
                f"SET LOCAL app.commune_id = '{commune}'; SET LOCAL app.province_id = '{province or ''}';"
                f" SET LOCAL app.unit_id = '{commune}'; SET LOCAL ROLE childcare_commune"
            )
            told = await connection.fetchval(
                "SELECT hotline_tell($1, $2, NULL, NULL, 'acknowledged', now(), now())", new_id(), intake_id
            )
            await connection.execute("SET LOCAL ROLE NONE")
            assert told is expected
    assert len(await rows("SELECT 1 FROM hotline_feedback")) == 1


async def test_a_report_that_no_hotline_brought_tells_nobody(
    sa_pa_village_collaborator, sa_pa_officer, empty_outbox, rows
):
    posted = await sa_pa_village_collaborator.post(
        "/intakes", json={"narrative": "Có tiếng trẻ khóc."}, headers={"Idempotency-Key": "a"}
    )
    await acknowledge(sa_pa_officer, posted.json()["id"])
    await empty_outbox()
    assert await rows("SELECT 1 FROM hotline_feedback") == []
    assert {row["failure"] for row in await rows("SELECT failure FROM outbox")} == {None}


@pytest.fixture
def nobody_writes(rows):
    """Wait until no transaction of the cluster is older than the feedback: the feed stops before the oldest one.

    Tests that run beside this one hold theirs open for as long as they take.
    """

    async def run() -> None:
        for _ in range(600):
            [row] = await rows(
                "SELECT count(*) AS hidden FROM hotline_feedback"
                " WHERE transaction_id >= access.place_of(pg_snapshot_xmin(pg_current_snapshot()))"
            )
            if not row["hidden"]:
                return
            await asyncio.sleep(0.1)
        pytest.fail("somebody writes for a minute")

    return run


@pytest.mark.committed
async def test_the_feed_gives_everything_once_and_only_the_own(
    hotline_111, hotline_lao_cai, sa_pa_officer, empty_outbox, sa_pa_second_officer, nobody_writes
):
    for person, ref in ((sa_pa_officer, "111-7"), (sa_pa_second_officer, "111-8")):
        await acknowledge(person, await refer(hotline_111, external_ref=ref))
    await acknowledge(sa_pa_officer, await refer(hotline_lao_cai, external_ref="LC-1"))
    await empty_outbox()
    await nobody_writes()

    first = (await hotline_111.get("/hotline/feedback?limit=1")).json()
    assert (len(first["items"]), first["has_more"]) == (1, True)
    rest = (await hotline_111.get(f"/hotline/feedback?cursor={first['next_cursor']}")).json()
    assert [each["external_ref"] for each in first["items"] + rest["items"]] == ["111-7", "111-8"]
    assert rest["has_more"] is False
    nothing = (await hotline_111.get(f"/hotline/feedback?cursor={rest['next_cursor']}")).json()
    assert (nothing["items"], nothing["next_cursor"]) == ([], rest["next_cursor"])

    await acknowledge(sa_pa_officer, await refer(hotline_111, external_ref="111-9"))
    await empty_outbox()
    await nobody_writes()
    later = (await hotline_111.get(f"/hotline/feedback?cursor={nothing['next_cursor']}")).json()
    assert [each["external_ref"] for each in later["items"]] == ["111-9"]
    stolen = await hotline_lao_cai.get(f"/hotline/feedback?cursor={nothing['next_cursor']}")
    assert stolen.status_code == 400


@pytest.mark.committed
async def test_the_feed_waits_for_whoever_is_still_writing(
    hotline_111, sa_pa_officer, empty_outbox, nobody_writes, database
):
    """A row written earlier and committed later must not be passed by: the feed stops before it."""
    intake_id = await refer(hotline_111)
    async with database.as_superuser() as slow:
        writing = slow.transaction()
        await writing.start()
        await slow.execute(
            "INSERT INTO hotline_feedback (id, source_id, referral_id, kind, happened_at, recorded_at)"
            " SELECT $1, $2, id, 'assessed', now(), now() FROM hotline_referrals",
            new_id(),
            HOTLINE_SOURCE,
        )
        await acknowledge(sa_pa_officer, intake_id)
        await empty_outbox()
        assert (await hotline_111.get("/hotline/feedback")).json()["items"] == []
        await writing.commit()
    await nobody_writes()
    told = (await hotline_111.get("/hotline/feedback")).json()["items"]
    assert [each["kind"] for each in told] == ["assessed", "acknowledged"]


@pytest.mark.committed
async def test_after_a_restore_the_feed_goes_on_where_it_was(
    hotline_111, sa_pa_officer, empty_outbox, nobody_writes, database
):
    """Transaction numbers begin anew there: what came with the backup has higher ones than anything written here."""
    for ref in ("111-1", "111-2", "111-3"):
        await acknowledge(sa_pa_officer, await refer(hotline_111, external_ref=ref))
        await empty_outbox()
    await nobody_writes()
    async with database.as_superuser() as connection:
        await connection.execute("UPDATE hotline_feedback SET transaction_id = transaction_id + 1000000000")
        assert (await hotline_111.get("/hotline/feedback")).json()["items"] == []
        await connection.execute("SELECT nextval('access.eras')")
        first = (await hotline_111.get("/hotline/feedback?limit=1")).json()
        rest = (await hotline_111.get(f"/hotline/feedback?cursor={first['next_cursor']}")).json()
        assert [each["external_ref"] for each in first["items"] + rest["items"]] == ["111-1", "111-2", "111-3"]
        # Told after the backup, and lost with the old database: the hotline's cursor stands on a row that is gone.
        await connection.execute(
            "DELETE FROM hotline_feedback WHERE transaction_id = (SELECT max(transaction_id) FROM hotline_feedback)"
        )
    await acknowledge(sa_pa_officer, await refer(hotline_111, external_ref="111-4"))
    await empty_outbox()
    await nobody_writes()
    for cursor, expected in ((first["next_cursor"], ["111-2", "111-4"]), (rest["next_cursor"], ["111-4"])):
        later = (await hotline_111.get(f"/hotline/feedback?cursor={cursor}")).json()
        assert [each["external_ref"] for each in later["items"]] == expected


async def test_who_may_not_read_feedback(sa_pa_officer, nobody):
    for address in ("/hotline/feedback", FEEDBACK):
        assert (await sa_pa_officer.get(address)).status_code == 403
        assert (await nobody.get(address)).status_code == 401
