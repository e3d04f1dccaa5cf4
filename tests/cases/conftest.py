"""A report as the commune of the incident has it, assessed and ready for cases to be opened on it."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
import pytest_asyncio
from tests.cases.stories import INITIAL_ASSESSMENT, REPORT, Report, keyed, tag

from childcare_api.shared import clock as time


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
