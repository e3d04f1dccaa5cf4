"""Every command on a case, in every state, by every role: allowed, or refused with a problem that has a name."""

from pathlib import Path

import pytest
from tests.answers import faults_of
from tests.cases import stories
from tests.cases.refusals import FOR_A_NEED, OUT_OF_STATE
from tests.cases.states import Prepared, brought_to
from tests.cases.stories import HANDOVER, PLAN, File, tag
from tests.matrix.bodies import BODIES
from tests.matrix.declared import WANTS
from tests.matrix.operations import Operation, example
from tests.matrix.permitted import ONE_OF_EACH_ROLE, code
from tests.people import PEOPLE, TA_LENG

from childcare_api.access.permissions import Role
from childcare_api.cases import procedure_page
from childcare_api.cases.advising import words
from childcare_api.cases.file.guards import GUARDS
from childcare_api.cases.file.models import CaseStatus
from childcare_api.shared import clock as time
from childcare_api.shared.openapi import operations
from childcare_api.shared.problems import every_problem

PAGE = Path(__file__).parents[2] / "docs" / "case-work.md"
GIVEN = BODIES | {
    "give_grant": {"commune_id": TA_LENG, "kinds": ["assessment"], "reason": "Bà ngoại ở đó."},
    "adjust_plan": PLAN | {"reason": "Cháu chuyển trường."},
    "approve_plan": {"decision_number": "9/QĐ-UBND", "decided_on": "2026-11-20"},
    "request_placement": {"commune_id": TA_LENG, "message": "Bà ngoại ở đó."},
    "add_party": {"role": "witness", "relation": "neighbour"},
}
"""Bodies that do what they say, so that nothing but state and role decides."""


@pytest.fixture
def commands(app) -> dict[str, Operation]:
    """Every command of the table, with a body that fits."""
    document = app.openapi()
    wanted = {guard.operation for guard in GUARDS}
    found = {}
    for path, method, described in operations(document):
        name = described["operationId"]
        if name in wanted:
            schema = described["requestBody"]["content"]["application/json"]["schema"]
            found[name] = Operation(name, method.lower(), path, GIVEN.get(name, example(document, schema)))
    assert set(found) == wanted
    for name in ("approve_plan", "decide_separation"):
        found[name].body["decided_on"] = time.today().isoformat()
    for name, day in (("request_court", "requested_on"), ("record_death", "died_on")):
        found[name].body[day] = time.today().isoformat()
    return found


@pytest.fixture
async def in_each_state(assessed_report, sa_pa_officer, sa_pa_leader) -> dict[CaseStatus, Prepared]:
    """A case in each state that commands lead to."""
    prepared = {}
    for state in CaseStatus:
        report = await assessed_report(emergency=False, relation="neighbour")
        file = File((await report.open(sa_pa_officer)).json()["cases"][0]["id"])
        prepared[state] = await brought_to(state, file, sa_pa_officer, sa_pa_leader)
    return prepared


def test_the_page_is_the_generated_one():
    assert PAGE.read_text(encoding="utf-8") == procedure_page.page()


def test_the_table_asks_for_the_permissions_that_the_matrix_declares():
    assert {guard.operation: guard.permission for guard in GUARDS} == {
        guard.operation: WANTS[guard.operation] for guard in GUARDS
    }
    assert set(procedure_page.SHORT) == set(Role)
    assert set(words.STATES) == set(CaseStatus)
    assert set(words.NEEDS_VI) == {guard.operation for guard in GUARDS if guard.needs}


@pytest.mark.timeout(240)
async def test_every_command_in_every_state_by_every_role(commands, in_each_state, speak_as, database):
    """Each try is rolled back, so every command meets the case as it was prepared."""
    named = {problem.code for problem in every_problem()}
    clients = {who: speak_as(who) for who in ONE_OF_EACH_ROLE}
    # It settles what the cases' assessments found, so it was held after them.
    commands["record_meeting"].body.update(stories.meeting(time.now()))
    wrong: list[object] = []
    inside: dict[str, set[str]] = {}
    outside: dict[str, set[str]] = {}
    tried = allowed = 0
    for guard in GUARDS:
        for state, case in in_each_state.items():
            for who, client in clients.items():
                command = commands[guard.operation]
                async with database.as_superuser() as connection:
                    await connection.execute("SAVEPOINT tried")
                answer = await client.request(
                    command.method.upper(),
                    command.address(**case.ids),
                    json=command.body,
                    headers=stories.keyed() | tag(case.row_version),
                )
                async with database.as_superuser() as connection:
                    await connection.execute("ROLLBACK TO SAVEPOINT tried; RELEASE SAVEPOINT tried")
                tried += 1
                allowed += answer.is_success
                works = who in PEOPLE and Role(PEOPLE[who].role) in guard.roles
                seen = (guard.operation, state.value, who, answer.status_code, code(answer))
                if not works:
                    # Whoever may not is told so before anything is looked for.
                    fits = (answer.status_code, code(answer)) == (403, "forbidden")
                elif answer.is_success:
                    fits = state in guard.states
                else:
                    fits = code(answer) in named and answer.status_code in (404, 409, 422)
                    told = set(faults_of(answer).values()) if answer.status_code == 422 else {code(answer)}
                    found = inside if state in guard.states else outside
                    found[guard.operation] = found.get(guard.operation, set()) | told
                if not fits:
                    wrong.append(seen)
    assert not wrong, "\n".join(map(str, wrong))
    # What the table allows is refused for what it says in words that it needs, and by the problem of that need.
    assert inside == FOR_A_NEED
    assert {name: told for name, told in outside.items() if told != {"case_not_in_state"}} == OUT_OF_STATE
    assert tried == len(GUARDS) * len(in_each_state) * len(ONE_OF_EACH_ROLE)
    assert allowed > len(GUARDS) * 3, "most of the table was really carried out"


async def test_a_command_that_is_refused_leaves_the_case_as_it_was(in_each_state, sa_pa_officer, rows):
    case = in_each_state[CaseStatus.CLOSED]
    before = await rows("SELECT c.*, (SELECT count(*) FROM case_steps) AS steps FROM cases c ORDER BY id")
    address = f"/cases/{case.ids['case_id']}/handovers"
    refused = await sa_pa_officer.post(address, json=HANDOVER, headers=tag(case.row_version))
    assert (refused.status_code, code(refused)) == (409, "case_not_in_state")
    assert await rows("SELECT c.*, (SELECT count(*) FROM case_steps) AS steps FROM cases c ORDER BY id") == before
