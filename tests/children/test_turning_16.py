"""Turning 16 is an event: the record stays, and says so."""

from childcare_api.children import jobs
from childcare_api.children.rules import years_before
from childcare_api.jobs.worker import work_once
from childcare_api.shared import clock as product_clock


async def work_all(database):
    while await work_once(database, jobs.HANDLERS):
        pass


async def test_who_turns_16_is_noted_once_and_stays(sa_pa_officer, database, register, events, clock):
    tomorrow = years_before(product_clock.today(), 16).toordinal() + 1
    child = await register(sa_pa_officer, born_on=str(type(product_clock.today()).fromordinal(tomorrow)))
    younger = await register(sa_pa_officer, full_name="Lù A Páo")
    await jobs.announce_sixteenth_birthdays(database)
    await work_all(database)
    assert await events("child.turned_16") == []

    clock.forward(days=1)
    for _ in range(2):
        await jobs.announce_sixteenth_birthdays(database)
        await jobs.announce_sixteenth_birthdays(database)
        await work_all(database)
    [event] = await events("child.turned_16")
    assert (event["subject_id"], event["actor_kind"]) == (child["id"], "system")

    history = (await sa_pa_officer.get(f"/children/{child['id']}/history")).json()["items"]
    assert [one["action"] for one in history] == ["turned_16", "registered"]
    assert history[0]["fields"]["turned_16_on"]["new"] == str(product_clock.today())
    now = (await sa_pa_officer.get(f"/children/{child['id']}")).json()
    assert (now["row_version"], now["full_name"]) == (2, child["full_name"])
    assert (await sa_pa_officer.get(f"/children/{younger['id']}")).json()["row_version"] == 1


async def test_who_died_before_is_not_announced(sa_pa_officer, database, register, rows, clock):
    child = await register(sa_pa_officer, born_on=str(years_before(product_clock.today(), 15)))
    await sa_pa_officer.patch(
        f"/children/{child['id']}",
        json={"died_on": str(product_clock.today())},
        headers={"If-Match": '"1"'},
    )
    clock.forward(days=366)
    await jobs.announce_sixteenth_birthdays(database)
    assert await rows("SELECT FROM outbox WHERE event = 'child.turning_16'") == []
