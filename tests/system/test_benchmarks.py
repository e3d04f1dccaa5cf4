"""What `make bench` fills and asks follows the tables; the speeds themselves are no test."""

from dataclasses import replace
from uuid import UUID

from benchmarks import floor
from benchmarks.__main__ import Line, judged
from benchmarks.filling import add, filled
from benchmarks.load import Measured
from benchmarks.rows import REFERENCE, ROWS, Row
from tests.people import LAO_CAI, SA_PA

CHILDREN = 1_200  # enough for a case of each level of secrecy and one that is granted


async def test_every_row_has_something_to_ask_for_and_the_same_of_its_floor(database, sa_pa_officer):
    async with database.as_superuser() as connection:
        await add(connection, CHILDREN)
        found = await filled(connection)

        # The last household comes with all its children: how many those are depends on the day.
        assert CHILDREN <= found.children < CHILDREN + 10
        assert all(row.paths(found) for row in ROWS)
        assert await connection.fetchrow(floor.ONE, found.ids[0])
        assert await connection.fetchrow(floor.CASE, found.granted_ids[0])
        plain = {
            kind: await connection.fetch(floor.LISTS[kind], unit)
            for kind, unit in (("list", SA_PA), ("cases", SA_PA), ("province", LAO_CAI))
        }

    assert {len(rows) for rows in plain.values()} == {20}
    listed = (await sa_pa_officer.get("/children")).json()["items"]
    assert [UUID(one["id"]) for one in listed] == [row["id"] for row in plain["list"]]
    for row in (row for row in ROWS if row.floor and row.who == "sa_pa_officer"):
        path = row.paths(found)[0].removeprefix("/api/v1")
        assert (await sa_pa_officer.get(path)).status_code == 200, row.name


def test_milliseconds_are_those_of_the_machine_that_they_were_promised_on():
    row = Row("one", paths=lambda _: [], ratio=3.0, p99=10, server_p95=4, per_second=1000)
    got = Measured(per_second=600, cpu=299, p95=20, p99=19.9, half_p95=7.9)
    line = Line(row, 1, product=got, floor=Measured(9_000, 100, 1, 1))

    def broken(plain_per_second):
        return judged(replace(line, pace=Measured(plain_per_second, 70, 1, 2)))

    assert broken(REFERENCE / 2) == []  # half as quick: twice the milliseconds, half the requests
    as_written = ["p95 7.9 ms instead of 4.0", "p99 19.9 ms instead of 10.0", "600/s instead of 1000"]
    assert broken(REFERENCE) == as_written
    assert broken(REFERENCE * 2) == as_written  # a quicker machine owes no more
    line.floor = Measured(9_000, 99, 1, 1)
    assert broken(REFERENCE / 2) == ["3.02 × instead of 3"]  # ratios are the same everywhere
