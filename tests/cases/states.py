"""A case brought into each state of the procedure, for tests that try something in all of them."""

from dataclasses import dataclass, field
from typing import Any

import httpx
from tests.cases.care import NEEDS
from tests.cases.stories import ASSESSMENT, PLAN, REVIEW, RISKY_REVIEW, File, meeting

from childcare_api.cases.file.models import CaseStatus
from childcare_api.shared import clock as time

_PATH = [
    CaseStatus.OPENED,
    CaseStatus.ASSESSED,
    CaseStatus.PLANNING,
    CaseStatus.AWAITING_DECISION,
    CaseStatus.IMPLEMENTING,
    CaseStatus.READY_TO_CLOSE,
    CaseStatus.CLOSED,
]
"""The states of a case that goes well, in order."""

STEPS_TO = {state: _PATH[1 : number + 1] for number, state in enumerate(_PATH)} | {
    CaseStatus.REPLANNING: [*_PATH[1 : _PATH.index(CaseStatus.IMPLEMENTING) + 1], CaseStatus.REPLANNING]
}
"""By which states an opened case gets where."""


@dataclass
class Prepared:
    """A case, the ids that addresses below it ask for, and what single commands say of it: in address and body."""

    file: File
    ids: dict[str, str] = field(default_factory=dict)
    about: dict[str, dict[str, str]] = field(default_factory=dict)
    bodies: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def row_version(self) -> int:
        return self.file.row_version


async def brought_to(state: CaseStatus, file: File, officer: httpx.AsyncClient, leader: httpx.AsyncClient) -> Prepared:
    """Lead an opened case into a state."""
    case = Prepared(file, {"case_id": str(file.case_id)})
    await file.do(officer, "/care-needs", NEEDS)
    if state is CaseStatus.ENTERED_IN_ERROR:
        steps = (await officer.get(f"/cases/{file.case_id}/timeline")).json()["items"]
        await file.do(officer, f"/opening/{steps[0]['id']}/entered-in-error", {"reason": "Nhầm."})
    else:
        await _go(case, state, officer, leader)
    assert (await file.refresh(officer))["status"] == state
    return case


async def _go(case: Prepared, to: CaseStatus, officer: httpx.AsyncClient, leader: httpx.AsyncClient) -> None:
    for state in STEPS_TO[to]:
        await step_to(state, case, officer, leader)


async def step_to(state: CaseStatus, case: Prepared, officer: httpx.AsyncClient, leader: httpx.AsyncClient) -> None:
    """Take the one step that leads from the state before into this one."""
    file = case.file
    match state:
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
        case _:
            await file.do(leader, "/close", {})
