"""What `make bench` fills and asks follows the tables; the speeds themselves are no test."""

from uuid import UUID

from benchmarks import floor
from benchmarks.__main__ import ROWS
from benchmarks.filling import add, filled
from tests.people import LAO_CAI, SA_PA

CHILDREN = 1_200  # enough for a case of each level of secrecy and one that is granted


async def test_every_row_has_something_to_ask_for_and_the_same_of_its_floor(database, sa_pa_officer):
    async with database.as_superuser() as connection:
        await add(connection, CHILDREN)
        found = await filled(connection)

        assert found.children == CHILDREN
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
