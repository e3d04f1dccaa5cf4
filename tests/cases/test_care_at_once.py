"""Care that is given at once protects a child in danger, and a carer who has as many as they take is no secret."""

from datetime import UTC, datetime

import pytest
from tests.alternative_care.carers import listed
from tests.cases.care import DECISION, HANDED, NEEDS
from tests.cases.stories import File
from tests.cases.test_carer_harms import waiting
from tests.people import TA_VAN

from childcare_api.shared import clock as time


@pytest.fixture(autouse=True)
def _november(clock):
    clock.set(datetime(2026, 11, 20, 3, tzinfo=UTC))


async def in_danger(assessed_report, officer) -> File:
    """A case of a child in an emergency that was found abandoned, and in which nobody did anything yet."""
    opened = await (await assessed_report(emergency=True)).open(officer)
    file = File(opened.json()["cases"][0]["id"])
    await file.do(officer, "/care-needs", NEEDS | {"found_abandoned": True})
    return file


async def test_a_child_given_and_handed_over_at_once_is_protected(assessed_report, sa_pa_officer, sa_pa_leader, rows):
    file = await in_danger(assessed_report, sa_pa_officer)
    full = await listed(sa_pa_officer, sa_pa_leader, child_count=1)
    decision = DECISION | {"carer_id": full["id"], "decided_on": time.today().isoformat()}
    placed = await file.do(sa_pa_leader, "/placements", decision | {"temporary": True})
    assert "full" not in {one["what"] for one in placed["notices"]}
    assert "emergency.intervene" in await waiting(sa_pa_officer, file.case_id), "decided on is not yet protected"
    handed = await file.do(sa_pa_officer, f"/placements/{placed['id']}/handover", HANDED)
    at = datetime.fromisoformat(handed["handover"]["happened_at"])
    assert "emergency.intervene" not in await waiting(sa_pa_officer, file.case_id)
    measured = "SELECT emergency_measure_at AS at FROM cases WHERE id = $1"
    assert [row["at"] for row in await rows(measured, file.case_id)] == [at]
    # Who goes on with the child is not full by that child; who takes another one is, and it is no refusal.
    await file.do(sa_pa_officer, "/care-needs", NEEDS)
    lasting = await file.do(sa_pa_leader, "/placements", decision | {"decision_number": "32/QĐ-UBND"})
    assert "full" not in {one["what"] for one in lasting["notices"]}
    other = await in_danger(assessed_report, sa_pa_officer)
    await other.do(sa_pa_officer, "/care-needs", NEEDS)
    also = await other.do(sa_pa_leader, "/placements", decision | {"decision_number": "33/QĐ-UBND"})
    assert ("full", "TT 14/2020/TT-BLĐTBXH Điều 7.1.b") in {(one["what"], one["article"]) for one in also["notices"]}
    await other.do(
        sa_pa_officer, f"/placements/{also['id']}/handover", HANDED | {"met_on": ["2026-11-18", "2026-11-19"]}
    )
    assert "emergency.intervene" in await waiting(sa_pa_officer, other.case_id), "lasting care is no measure"


async def test_also_by_the_commune_of_the_carer_and_no_more_once_it_was_an_error(
    assessed_report, sa_pa_officer, ta_van_officer, ta_van_leader, rows
):
    file = await in_danger(assessed_report, sa_pa_officer)
    await file.do(sa_pa_officer, "/placement-requests", {"commune_id": TA_VAN, "message": "Nhờ nhận cháu ngay."})
    there = File(file.case_id)
    await there.refresh(ta_van_leader)
    carer = await listed(ta_van_officer, ta_van_leader)
    decision = DECISION | {"carer_id": carer["id"], "decided_on": time.today().isoformat(), "temporary": True}
    placed = await there.do(ta_van_leader, "/placements", decision)
    handed = await there.do(ta_van_officer, f"/placements/{placed['id']}/handover", HANDED)
    at = datetime.fromisoformat(handed["handover"]["happened_at"])
    protected = "SELECT emergency_measure_at AS at FROM cases WHERE id = $1"
    assert [row["at"] for row in await rows(protected, file.case_id)] == [at]
    assert "emergency.intervene" not in await waiting(sa_pa_officer, file.case_id)
    mark = f"/placing-steps/placement-handovers/{handed['handover']['id']}/entered-in-error"
    await there.do(ta_van_officer, mark, {"reason": "Cháu chưa được đưa đến."})
    assert [row["at"] for row in await rows(protected, file.case_id)] == [None]
    assert "emergency.intervene" in await waiting(sa_pa_officer, file.case_id)
