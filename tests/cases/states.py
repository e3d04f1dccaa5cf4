"""A case brought into each state of the procedure, for tests that try something in all of them."""

from dataclasses import dataclass, field

import httpx
from tests.cases.stories import ASSESSMENT, PLAN, REFERRAL, REVIEW, RISKY_REVIEW, File, meeting

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


@dataclass
class Prepared:
    """A case, and the ids that addresses below it ask for."""

    file: File
    ids: dict[str, str] = field(default_factory=dict)

    @property
    def row_version(self) -> int:
        return self.file.row_version


async def brought_to(state: CaseStatus, file: File, officer: httpx.AsyncClient, leader: httpx.AsyncClient) -> Prepared:
    """Lead an opened case into a state."""
    case = Prepared(file, {"case_id": str(file.case_id)})
    in_words = REFERRAL | {"commune_id": None, "body_name": "Trung tâm Công tác xã hội"}
    case.ids["referral_id"] = (await file.do(officer, "/referrals", in_words))["id"]
    if state is CaseStatus.ENTERED_IN_ERROR:
        await file.do(officer, f"/referrals/{case.ids['referral_id']}/withdraw", {"reason": "Nhầm."})
        steps = (await officer.get(f"/cases/{file.case_id}/timeline")).json()["items"]
        await file.do(officer, f"/opening/{steps[0]['id']}/entered-in-error", {"reason": "Nhầm."})
    elif state is CaseStatus.REPLANNING:
        await _go(case, CaseStatus.IMPLEMENTING, officer, leader)
        await file.do(officer, "/reviews", RISKY_REVIEW)
    else:
        await _go(case, state, officer, leader)
    assert (await file.refresh(officer))["status"] == state
    return case


async def _go(case: Prepared, to: CaseStatus, officer: httpx.AsyncClient, leader: httpx.AsyncClient) -> None:
    for state in _PATH[1 : _PATH.index(to) + 1]:
        await _step_to(state, case, officer, leader)


async def _step_to(state: CaseStatus, case: Prepared, officer: httpx.AsyncClient, leader: httpx.AsyncClient) -> None:
    file = case.file
    match state:
        case CaseStatus.ASSESSED:
            await file.do(officer, "/assessments", ASSESSMENT)
        case CaseStatus.PLANNING:
            await file.do(officer, "/meetings", meeting(time.now()))
            plan = await file.do(officer, "/intervention-plans", PLAN)
            case.ids |= {"plan_id": plan["id"], "plan_service_id": plan["services"][0]["id"]}
        case CaseStatus.AWAITING_DECISION:
            await file.do(officer, f"/intervention-plans/{case.ids['plan_id']}/submit", {})
        case CaseStatus.IMPLEMENTING:
            approved = await file.approve(leader, case.ids["plan_id"], time.today().isoformat())
            case.ids["decision_id"] = approved["decisions"][0]["id"]
        case CaseStatus.READY_TO_CLOSE:
            await file.do(officer, "/reviews", REVIEW)
        case _:
            await file.do(leader, "/close", {})
