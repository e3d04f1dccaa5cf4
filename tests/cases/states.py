"""A case brought into each state of the procedure, for tests that try something in all of them."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx
from tests.cases.care import NEEDS
from tests.cases.stories import ASSESSMENT, PLAN, REVIEW, RISKY_REVIEW, File, meeting

from childcare_api.cases.file.models import CaseStatus
from childcare_api.shared import clock as time

PATH = [
    CaseStatus.OPENED,
    CaseStatus.ASSESSED,
    CaseStatus.PLANNING,
    CaseStatus.AWAITING_DECISION,
    CaseStatus.IMPLEMENTING,
    CaseStatus.READY_TO_CLOSE,
    CaseStatus.CLOSED,
]
"""The states of a case that goes well, in order."""

ASIDE = {CaseStatus.OPENED: CaseStatus.ENTERED_IN_ERROR, CaseStatus.IMPLEMENTING: CaseStatus.REPLANNING}
"""The states beside that path, by where they leave it."""


@dataclass
class Prepared:
    """A case, the ids that addresses below it ask for, and what single commands say of it: in address and body."""

    file: File
    ids: dict[str, str] = field(default_factory=dict)
    about: dict[str, dict[str, str]] = field(default_factory=dict)
    bodies: dict[str, dict[str, Any]] = field(default_factory=dict)
    state: CaseStatus = CaseStatus.OPENED

    @property
    def row_version(self) -> int:
        return self.file.row_version

    async def has_reached(self, state: CaseStatus, officer: httpx.AsyncClient) -> None:
        """Note the state, which has to be the one that the case says."""
        assert (await self.file.refresh(officer))["status"] == state
        self.state = state


def prepared(case_id: UUID | str) -> Prepared:
    """Return a case that was just opened, with nothing known of it but its id."""
    return Prepared(File(case_id), {"case_id": str(case_id)})


async def brought_to(state: CaseStatus, file: File, officer: httpx.AsyncClient, leader: httpx.AsyncClient) -> Prepared:
    """Lead an opened case into a state, by the path or from where that state leaves it."""
    case = prepared(file.case_id)
    leaves = next((left for left, aside in ASIDE.items() if aside is state), None)
    for reached in PATH[: PATH.index(leaves or state) + 1]:
        await step_to(reached, case, officer, leader)
    if leaves is not None:
        await step_to(state, case, officer, leader)
    return case


async def step_to(state: CaseStatus, case: Prepared, officer: httpx.AsyncClient, leader: httpx.AsyncClient) -> None:
    """Take what leads from the state before into this one; of an opened case, say what care its child needs."""
    file = case.file
    match state:
        case CaseStatus.OPENED:
            await file.do(officer, "/care-needs", NEEDS)
        case CaseStatus.ENTERED_IN_ERROR:
            steps = (await officer.get(f"/cases/{file.case_id}/timeline")).json()["items"]
            await file.do(officer, f"/opening/{steps[0]['id']}/entered-in-error", {"reason": "Nhầm."})
        case CaseStatus.ASSESSED:
            await file.do(officer, "/assessments", ASSESSMENT)
        case CaseStatus.PLANNING:
            await file.do(officer, "/meetings", meeting(time.now()))
            plan = await file.do(officer, "/intervention-plans", PLAN)
            case.ids["plan_id"] = plan["id"]
            case.bodies["record_service"] = {"plan_service_id": plan["services"][0]["id"]}
        case CaseStatus.AWAITING_DECISION:
            await file.do(officer, f"/intervention-plans/{case.ids['plan_id']}/submit", {})
        case CaseStatus.IMPLEMENTING:
            approved = await file.approve(leader, case.ids["plan_id"], time.today().isoformat())
            case.ids["decision_id"] = approved["decisions"][0]["id"]
        case CaseStatus.REPLANNING:
            await file.do(officer, "/reviews", RISKY_REVIEW)
        case CaseStatus.READY_TO_CLOSE:
            await file.do(officer, "/reviews", REVIEW)
            await file.tell_everybody(officer)
        case _:
            await file.do(leader, "/close", {})
    await case.has_reached(state, officer)
