"""A report as the commune of the incident has it, assessed and ready for cases to be opened on it."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
import pytest_asyncio
from tests.access.test_scope import actor_of
from tests.cases.stories import INITIAL_ASSESSMENT, REPORT, Report, keyed, tag

from childcare_api.access.scope import open_session
from childcare_api.cases.file import clocks
from childcare_api.cases.file.queries import find_file_to_lock
from childcare_api.cases.placing import clocks as placing_clocks
from childcare_api.cases.placing import queries as placing
from childcare_api.shared import clock as time
from childcare_api.shared.concurrency import Version


@pytest_asyncio.fixture
async def assessed_report(sa_pa_officer) -> Callable[..., Awaitable[Report]]:
    """Return a maker of reports that Sa Pa took and assessed: `await assessed_report(emergency=True)`."""

    async def make(*, emergency: bool = True, relation: str = "father", received_at: datetime | None = None) -> Report:
        received = received_at or time.now() - timedelta(hours=2)
        body = REPORT | {"received_at": received.isoformat(), "harm_doers": [{"relation": relation}]}
        taken = await sa_pa_officer.post("/intakes", json=body, headers=keyed())
        assert taken.status_code == 201, taken.text
        receipt = taken.json()
        at = min(received + timedelta(minutes=30), time.now())
        judged = INITIAL_ASSESSMENT | {"happened_at": at.isoformat(), "emergency": emergency}
        assessed = await sa_pa_officer.post(
            f"/intakes/{receipt['id']}/assess", json=judged, headers=tag(receipt["row_version"])
        )
        assert assessed.status_code == 200, assessed.text
        file = assessed.json()
        assert file["emergency"] is emergency
        return Report(file["id"], [child["id"] for child in file["children"]], received, file["row_version"])

    return make


@pytest_asyncio.fixture
async def case_id(assessed_report, sa_pa_officer) -> UUID:
    """A case that Sa Pa leads itself, just opened, no emergency."""
    report = await assessed_report(emergency=False, relation="neighbour")
    opened = await report.open(sa_pa_officer)
    assert opened.status_code == 201, opened.text
    return UUID(opened.json()["cases"][0]["id"])


@pytest.fixture
def tasks(rows):
    """Which clocks of a case run."""

    async def read(case_id) -> set[str]:
        found = await rows(
            "SELECT rule_code FROM tasks WHERE subject_id = $1 AND done_at IS NULL AND cancelled_at IS NULL", case_id
        )
        return {row["rule_code"] for row in found}

    return read


@pytest.fixture
def agree(database, rows) -> Callable[..., Awaitable[set[str]]]:
    """Return a judge: `await agree("an act", case_id, "ta_van_officer", "sa_pa_officer")` tells what runs after it.

    The first of the people is of the commune that leads, the others of communes whose carer has the child: each
    reckons the clocks anew, and nothing may change by it.
    """

    async def running(case_id: UUID | str) -> dict[tuple[str, int], tuple[object, ...]]:
        found = await rows(
            "SELECT rule_code, commune_id, starts_at, due_at, length FROM tasks WHERE done_at IS NULL AND cancelled_at"
            " IS NULL AND (subject_id = $1 OR subject_id IN (SELECT id FROM case_steps WHERE case_id = $1)"
            " OR subject_id IN (SELECT p.carer_id FROM case_placements p JOIN case_steps s ON s.id = p.id"
            " WHERE s.case_id = $1))",
            case_id,
        )
        return {(one["rule_code"], one["commune_id"]): tuple(one) for one in found}

    async def judge(act: str, case_id: UUID | str, leads: str, *follow: str) -> set[str]:
        case_id = UUID(str(case_id))
        before = await running(case_id)
        async with open_session(database, actor_of(leads)) as session:
            file = await find_file_to_lock(session, actor_of(leads), case_id)
            assert file is not None, act
            await clocks.keep(session, file)
            version = Version(frozenset({str(file.case.row_version)}))
        for key in follow:
            actor = actor_of(key)
            async with open_session(database, actor) as session:
                there = await placing.lock_placing(session, actor, case_id, version)
                await placing_clocks.keep(session, there, actor.commune_id, actor.holder)
        assert await running(case_id) == before, act
        return {rule for rule, _ in before}

    return judge
