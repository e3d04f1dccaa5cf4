"""A child goes home from care to a family that was found safe since (Luật Trẻ em, Điều 69.1 đ)."""

from datetime import UTC, datetime

import pytest
from tests.alternative_care.carers import listed
from tests.cases.care import DECISION, NEEDS
from tests.cases.stories import File, separation
from tests.cases.test_separation import SAFE

from childcare_api.shared import clock as time


@pytest.fixture(autouse=True)
def _november(clock):
    clock.set(datetime(2026, 11, 20, 3, tzinfo=UTC))


async def test_what_was_found_before_the_child_went_home_once_does_not_bring_it_home_again(
    case_id, sa_pa_officer, sa_pa_leader, clock
):
    """It was separated, its family found safe, and it returned; later it went into care, and nobody looked since."""
    file = File(case_id)
    carer = await listed(sa_pa_officer, sa_pa_leader)
    await file.do(sa_pa_officer, "/care-needs", NEEDS)

    async def separated() -> str:
        return (await file.do(sa_pa_leader, "/separations", separation(time.today())))["id"]

    async def found_safe() -> str:
        clock.forward(hours=1)
        return (await file.do(sa_pa_officer, "/assessments", SAFE))["id"]

    async def home_from_care() -> list[str]:
        paper = {"decision_number": "31/QĐ-UBND", "carer_id": carer["id"], "decided_on": time.today().isoformat()}
        path = f"/placements/{(await file.do(sa_pa_leader, '/placements', DECISION | paper))['id']}"
        end = {"ground": "family_reunited", "decision_number": "40/QĐ-UBND", "goes_to": "family"}
        ended = await file.do(sa_pa_leader, f"{path}/end", end | {"ended_on": time.today().isoformat()})
        return [one["what"] for one in ended["notices"]]

    apart, safe = await separated(), await found_safe()
    back = {
        "decision_number": "9",
        "decided_on": time.today().isoformat(),
        "returned_to": "mother",
        "reason": "An toàn.",
    }
    await file.do(sa_pa_leader, f"/separations/{apart}/cancel", back | {"assessment_id": safe})
    clock.forward(days=1)
    assert "family_not_found_safe" in await home_from_care()
    # What was found while it was apart, and went from there into care, is of now.
    await separated()
    await found_safe()
    assert "family_not_found_safe" not in await home_from_care()
    clock.forward(days=1)
    assert "family_not_found_safe" in await home_from_care(), "it went home in between"
