"""Which assignment a login carries."""

from uuid import uuid4

from tests.people import PEOPLE, TA_VAN


async def second_assignment(database, *, default: bool) -> str:
    assignment = uuid4()
    person = PEOPLE["sa_pa_officer"]
    async with database.as_superuser() as connection:
        await connection.execute("UPDATE assignments SET is_default = $2 WHERE id = $1", person.assignment_id, default)
        await connection.execute(
            "INSERT INTO assignments"
            " (id, user_id, role, level, unit_id, commune_id, province_id, valid_from, created_at)"
            " SELECT $1, user_id, 'commune_leader', level, $3, $3, province_id, valid_from, created_at"
            " FROM assignments WHERE id = $2",
            assignment,
            person.assignment_id,
            TA_VAN,
        )
    return str(assignment)


async def test_of_several_assignments_the_default_one_is_carried(officer, log_in, database):
    await second_assignment(database, default=True)
    assert (await log_in(officer)).json()["assignment_id"] == str(PEOPLE["sa_pa_officer"].assignment_id)


async def test_the_named_assignment_is_carried(officer, log_in, database):
    other = await second_assignment(database, default=True)
    assert (await log_in(officer, assignment_id=other)).json()["assignment_id"] == other


async def test_without_a_default_the_person_is_asked_which_one(officer, log_in, database, rows):
    other = await second_assignment(database, default=False)
    answer = await log_in(officer)
    assert answer.status_code == 400
    assert {one["id"] for one in answer.json()["assignments"]} == {
        other,
        str(PEOPLE["sa_pa_officer"].assignment_id),
    }
    assert [row["outcome"] for row in await rows("SELECT outcome FROM login_attempts")] == ["succeeded"]


async def test_somebody_elses_assignment_is_refused(officer, log_in):
    answer = await log_in(officer, assignment_id=str(PEOPLE["sa_pa_leader"].assignment_id))
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
