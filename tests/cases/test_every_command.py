"""Every command on a case, in every state, by every role: allowed, or refused with a problem that has a name."""

from collections.abc import Awaitable, Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from tests.alternative_care.carers import listed
from tests.answers import faults_of
from tests.cases import stories
from tests.cases.care import DECISION
from tests.cases.furnished import for_a_try, furnish, furnished_step_to
from tests.cases.refusals import FOR_A_NEED, FOR_WHAT_RUNS, NAMES_A_STEP, NEVER_CARRIED_OUT, OUT_OF_STATE
from tests.cases.states import ASIDE, PATH, Prepared, brought_to, prepared, step_to
from tests.cases.stories import HANDOVER, PLAN, File, tag
from tests.matrix.bodies import BODIES
from tests.matrix.declared import WANTS
from tests.matrix.operations import Operation, example
from tests.matrix.permitted import ONE_OF_EACH_ROLE, code
from tests.people import PEOPLE, TA_LENG

from childcare_api.access.permissions import Role
from childcare_api.cases import procedure_page
from childcare_api.cases.advising import words
from childcare_api.cases.file.commands import Guard
from childcare_api.cases.file.guards import GUARDS, ON_REPORTS, TOLD_FROM_ELSEWHERE
from childcare_api.cases.file.models import CaseStatus, StepKind
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
    "record_court_order": {"decision_number": "5/QĐ-TA", "measures": ["restrict_rights"]},
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
    decided = ("approve_plan", "decide_separation", "extend_separation", "cancel_separation", "place_child")
    for name in (*decided, "record_court_order", "record_court_refusal"):
        found[name].body["decided_on"] = time.today().isoformat()
    for name, day in (
        ("request_court", "requested_on"),
        ("withdraw_court_request", "withdrawn_on"),
        ("record_death", "died_on"),
        ("end_placement", "ended_on"),
    ):
        found[name].body[day] = time.today().isoformat()
    return found


@pytest.fixture
def opened(assessed_report, sa_pa_officer) -> Callable[[], Awaitable[Prepared]]:
    """Return a maker of cases that were just opened."""

    async def make() -> Prepared:
        report = await assessed_report(emergency=False, relation="neighbour")
        return prepared((await report.open(sa_pa_officer)).json()["cases"][0]["id"])

    return make


@pytest.fixture
async def carer_id(sa_pa_officer, sa_pa_leader) -> str:
    """A carer of the commune whom the law lets take a child in."""
    return (await listed(sa_pa_officer, sa_pa_leader))["id"]


def test_the_page_is_the_generated_one():
    assert PAGE.read_text(encoding="utf-8") == procedure_page.page()


def test_the_table_asks_for_the_permissions_that_the_matrix_declares():
    listed = (*ON_REPORTS, *TOLD_FROM_ELSEWHERE, *GUARDS)
    assert {guard.operation: guard.permission for guard in listed} == {
        guard.operation: WANTS[guard.operation] for guard in listed
    }
    # Whatever adds to a report is on the page: the office, who told of it, and the hotline.
    adding = {"update_intake", "tell_more_of_intake", "update_referral"}
    assert adding == {guard.operation for guard in listed if guard.kind is StepKind.REPORT_UPDATED}
    assert set(procedure_page.SHORT) == set(Role)
    assert set(words.STATES) == set(CaseStatus)
    assert set(words.NEEDS_VI) == {guard.operation for guard in GUARDS if guard.needs}


@dataclass
class Told:
    """What the tries of the table came to, and by which problems they were refused."""

    tried: int = 0
    allowed: dict[str, int] = field(default_factory=dict)
    inside: dict[str, set[str]] = field(default_factory=dict)
    outside: dict[str, set[str]] = field(default_factory=dict)
    wrong: list[object] = field(default_factory=list)

    def take(self, guard: Guard, state: CaseStatus, who: str, answer: httpx.Response) -> None:
        """Judge one answer by the table."""
        self.tried += 1
        works = who in PEOPLE and Role(PEOPLE[who].role) in guard.roles
        if not works:
            # Whoever may not is told so before anything is looked for.
            fits = (answer.status_code, code(answer)) == (403, "forbidden")
        elif answer.is_success:
            fits = state in guard.states
            self.allowed[guard.operation] = self.allowed.get(guard.operation, 0) + 1
        else:
            fits = code(answer) in NAMED and answer.status_code in (404, 409, 422)
            told = set(faults_of(answer).values()) if answer.status_code == 422 else {code(answer)}
            found = self.inside if state in guard.states else self.outside
            found[guard.operation] = found.get(guard.operation, set()) | told
        if not fits:
            self.wrong.append((guard.operation, state.value, who, answer.status_code, code(answer)))


NAMED = {problem.code for problem in every_problem()}


@pytest.fixture
def attempt(commands, speak_as, database):
    """Try one command on a prepared case, by every role; each try is undone, so each meets the case as prepared."""
    clients = {who: speak_as(who) for who in ONE_OF_EACH_ROLE}

    async def run(told: Told, guard: Guard, case: Prepared, by: Sequence[str] = ONE_OF_EACH_ROLE) -> None:
        command = commands[guard.operation]
        address = command.address(**case.ids, **case.about.get(guard.operation, {}))
        body = command.body | case.bodies.get(guard.operation, {})
        # Who is kept from a case is a record with a version of its own.
        version = 1 if guard.operation == "lift_exclusion_from_case" else case.row_version
        for who in by:
            async with database.rewound():
                headers = stories.keyed() | tag(version)
                answer = await clients[who].request(command.method.upper(), address, json=body, headers=headers)
            told.take(guard, case.state, who, answer)

    return run


@pytest.mark.timeout(240)
async def test_every_command_in_every_state_by_every_role(
    commands, opened, carer_id, sa_pa_officer, sa_pa_leader, attempt, database
):
    """A command that names a step is tried where that step waits, and every other one in a plain case.

    Two cases go from state to state side by side, and are tried in each: a plain one, and one in which a separation,
    care and questions to others are under way.
    """
    child = (await sa_pa_officer.post("/children", json={"full_name": "Vàng A Pao", "estimated_age": 8})).json()
    commands["link_child"].body["child_id"] = child["id"]
    commands["place_child"].body.update(DECISION | {"carer_id": carer_id})
    other, plain, furnished = [await opened() for _ in range(3)]
    await brought_to(CaseStatus.ASSESSED, other.file, sa_pa_officer, sa_pa_leader)
    commands["join_other_case"].body["case_id"] = other.ids["case_id"]
    told, hindered, tried = Told(), Told(), []

    async def try_all(state: CaseStatus, plain: Prepared, furnished: Prepared) -> None:
        await step_to(state, plain, sa_pa_officer, sa_pa_leader)
        if state is CaseStatus.OPENED:
            await furnish(furnished, sa_pa_officer, sa_pa_leader, carer_id)
        else:
            await furnished_step_to(state, furnished, sa_pa_officer, sa_pa_leader)
        # It settles what the case's assessments found, so it was held after them.
        commands["record_meeting"].body.update(stories.meeting(time.now()))
        # A case cannot be joined to itself.
        plain.bodies["join_other_case"] = plain.ids if state is CaseStatus.ASSESSED else {}
        async with database.rewound():
            waiting = await for_a_try(state, furnished, sa_pa_officer, sa_pa_leader)
            for guard in GUARDS:
                await attempt(told, guard, waiting if guard.operation in NAMES_A_STEP else plain)
                if guard.operation in FOR_WHAT_RUNS:
                    await attempt(hindered, guard, waiting, by=("sa_pa_officer", "sa_pa_leader"))
        tried.append(state)

    for state in PATH:
        await try_all(state, plain, furnished)
        if state in ASIDE:
            async with database.rewound():
                await try_all(ASIDE[state], deepcopy(plain), deepcopy(furnished))
    assert set(tried) == set(CaseStatus)
    assert not told.wrong, "\n".join(map(str, told.wrong))
    # What the table allows is refused for what it says in words that it needs, and by the problem of that need.
    assert told.inside == FOR_A_NEED
    assert {name: said for name, said in told.outside.items() if said != {"case_not_in_state"}} == OUT_OF_STATE
    assert told.tried == len(GUARDS) * len(CaseStatus) * len(ONE_OF_EACH_ROLE)
    # Nearly every command was really carried out somewhere, and the others for a reason that stands in the table.
    assert {guard.operation for guard in GUARDS} - told.allowed.keys() == NEVER_CARRIED_OUT
    assert sum(told.allowed.values()) > len(GUARDS) * 3
    # No second separation, care or offer, no closing and no joining over what is under way, whatever the state.
    assert (hindered.wrong, hindered.allowed, hindered.inside) == ([], {}, FOR_WHAT_RUNS)


async def test_a_command_that_is_refused_leaves_the_case_as_it_was(case_id, sa_pa_officer, sa_pa_leader, rows):
    case = await brought_to(CaseStatus.CLOSED, File(case_id), sa_pa_officer, sa_pa_leader)
    before = await rows("SELECT c.*, (SELECT count(*) FROM case_steps) AS steps FROM cases c ORDER BY id")
    address = f"/cases/{case.ids['case_id']}/handovers"
    refused = await sa_pa_officer.post(address, json=HANDOVER, headers=tag(case.row_version))
    assert (refused.status_code, code(refused)) == (409, "case_not_in_state")
    assert await rows("SELECT c.*, (SELECT count(*) FROM case_steps) AS steps FROM cases c ORDER BY id") == before
