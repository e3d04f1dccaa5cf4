"""A report as the commune of the incident has it, assessed and ready for cases to be opened on it."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest_asyncio
from tests.cases.stories import Report
from tests.people import LAO_CAI, SA_PA

from childcare_api.shared.ids import new_id

_INTAKE = """
INSERT INTO intakes (id, origin_unit_id, created_by, channel, received_at, recorded_at, arrived_at, place_divided,
    harm_kinds, harm_doers, emergency, reported_grounds, emergency_grounds, narrative, reporter_known, status,
    acknowledged_at, acknowledged_by, unit_id, commune_id, province_id, row_version)
VALUES ($1, $2, $1, 'hotline_111', $3, $3, $3, false, ARRAY['violence'], $4::jsonb, $5, $6, $6, 'Cháu bị đánh.', true,
    'assessed', $3, $1, $2, $2, $7, 3)
"""
_CHILD = """
INSERT INTO intake_children (id, intake_id, origin_unit_id, position, full_name, estimated_age, sex, unit_id,
    commune_id, province_id)
VALUES ($1, $2, $3, $4, $5, $6, 'male', $3, $3, $7)
"""
_ASSESSMENT = """
INSERT INTO intake_assessments (id, intake_id, happened_at, recorded_at, recorded_by, harm_level, perpetrator_access,
    care_obstacles, self_protection, emergency, conclusion, unit_id, commune_id, province_id)
VALUES ($1, $2, $3, $3, $1, 'high', 'high', 'medium', 'low', $4, 'Cần bảo vệ ngay.', $5, $5, $6)
"""


@pytest_asyncio.fixture
async def assessed_report(database) -> Callable[..., Awaitable[Report]]:
    """Return a maker of reports: `await assessed_report(emergency=True)`."""

    async def make(
        *, emergency: bool = True, relation: str = "father", commune: int = SA_PA, received_at: datetime | None = None
    ) -> Report:
        received = received_at or datetime.now(UTC) - timedelta(hours=2)
        report = Report(new_id(), [new_id(), new_id()], received, row_version=3)
        grounds = ["harm_doer_is_carer"] if emergency else []
        async with database.as_superuser() as connection:
            doers = f'[{{"relation": "{relation}"}}]'
            await connection.execute(_INTAKE, report.id, commune, received, doers, emergency, grounds, LAO_CAI)
            for position, child in enumerate(report.children, start=1):
                name, age = ("Vàng A Pao", 8) if position == 1 else ("Vàng A Tủa", 5)
                await connection.execute(_CHILD, child, report.id, commune, position, name, age, LAO_CAI)
            at = received + timedelta(minutes=30)
            await connection.execute(_ASSESSMENT, new_id(), report.id, at, emergency, commune, LAO_CAI)
        return report

    return make


@pytest_asyncio.fixture
async def case_id(assessed_report, sa_pa_officer) -> UUID:
    """A case that Sa Pa leads itself, just opened, no emergency."""
    report = await assessed_report(emergency=False, relation="neighbour")
    opened = await report.open(sa_pa_officer)
    assert opened.status_code == 201, opened.text
    return UUID(opened.json()["cases"][0]["id"])
