"""A case in which everything is under way that a command can be about, in each state; each with a real step to name."""

from copy import deepcopy
from typing import Any

import httpx
from tests.cases.care import DECISION, HANDED, NEEDS
from tests.cases.states import Prepared, step_to
from tests.cases.stories import ASSESSMENT, PROCEEDING, REFERRAL, RELEASE, TRANSFER, keyed, separation
from tests.people import PEOPLE, TA_LENG, TA_VAN

from childcare_api.cases.file.models import CaseStatus
from childcare_api.shared import clock as time

COURT: dict[str, Any] = {
    "court": "Tòa án nhân dân khu vực 1",
    "request_number": "3/TTr-UBND",
    "measures": ["restrict_rights"],
    "grounds": ["harm_or_risk_by_carer"],
    "reason": "Cha còn ở trong nhà.",
}
REFUSAL: dict[str, Any] = {"refused_by": ["father"], "whole": True, "explained": "Điều 29.3."}
WHY = {"reason": "Nhầm."}


async def furnish(case: Prepared, officer: httpx.AsyncClient, leader: httpx.AsyncClient, carer_id: str) -> None:
    """Begin in an opened case all that can be under way."""
    await _begin(case, officer, leader, carer_id)
    await case.has_reached(CaseStatus.OPENED, officer)


async def furnished_step_to(
    state: CaseStatus, case: Prepared, officer: httpx.AsyncClient, leader: httpx.AsyncClient
) -> None:
    """Lead a furnished case from the state before into this one, with all of it under way as far as it knows it."""
    if state is CaseStatus.CLOSED:
        # A case is not closed over the head of a child that is kept apart, nor over what others wait for.
        await _take_back(case, officer, leader)
    if state is CaseStatus.ENTERED_IN_ERROR:
        await _settle(case, officer, leader)
    else:
        await step_to(state, case, officer, leader)
    if state is CaseStatus.ASSESSED:
        found = await case.file.do(officer, "/assessments", ASSESSMENT | {"carers_ensure_safety": True})
        case.bodies["cancel_separation"] = {"assessment_id": found["id"]}
    if state is CaseStatus.IMPLEMENTING:
        refused = await case.file.do(officer, "/plan-refusals", REFUSAL)
        case.about["end_plan_refusal"] = {"refusal_id": refused["id"]}
    await case.has_reached(state, officer)


async def for_a_try(
    state: CaseStatus, case: Prepared, officer: httpx.AsyncClient, leader: httpx.AsyncClient
) -> Prepared:
    """Return a furnished case with what the state knows beside the path: a plan that was returned."""
    case = deepcopy(case)
    if state is CaseStatus.PLANNING:
        await case.file.do(officer, f"/intervention-plans/{case.ids['plan_id']}/submit", {})
        await case.file.do(leader, f"/intervention-plans/{case.ids['plan_id']}/return", WHY)
        await case.has_reached(state, officer)
    return case


async def _begin(case: Prepared, officer: httpx.AsyncClient, leader: httpx.AsyncClient, carer_id: str) -> None:
    """Place the child at once in a separation, then for good, separate it anew, and ask everybody who can be asked."""
    file, today = case.file, time.today().isoformat()
    opening = (await officer.get(f"/cases/{file.case_id}/timeline")).json()["items"][0]
    await file.do(leader, "/separations", separation(time.today()))
    given = DECISION | {"carer_id": carer_id, "decided_on": today}
    at_once = await file.do(leader, "/placements", given | {"temporary": True})
    await file.do(officer, f"/placements/{at_once['id']}/handover", HANDED)
    needs = await file.do(officer, "/care-needs", NEEDS)
    placed = await file.do(leader, "/placements", given)
    apart = await file.do(leader, "/separations", separation(time.today(), days=5))
    court = await file.do(leader, "/court-requests", COURT | {"requested_on": today})
    in_court = await file.do(officer, "/proceedings", PROCEEDING)
    coming = await file.do(officer, "/release-notices", RELEASE)
    asked = await file.do(officer, "/placement-requests", {"commune_id": TA_VAN, "message": "Chú ở Tả Van."})
    in_words = REFERRAL | {"commune_id": None, "body_name": "Trung tâm Công tác xã hội"}
    referred = await file.do(officer, "/referrals", in_words)
    offered = await file.do(leader, "/transfer", TRANSFER)
    granted = await file.do(leader, "/grants", {"commune_id": TA_LENG, "kinds": ["review"], "reason": "Bà ở đó."})
    inspector = {"user_id": str(PEOPLE["sa_pa_inspector"].id), "reason": "Là người thân."}
    kept = await leader.post(f"/cases/{file.case_id}/exclusions", json=inspector, headers=keyed())
    placement, separated = {"placement_id": placed["id"]}, {"separation_id": apart["id"]}
    asked_court, asked_commune = {"request_id": court["id"]}, {"request_id": asked["id"]}
    asked_body = {"referral_id": referred["id"]}
    case.about = {
        **dict.fromkeys(("extend_separation", "cancel_separation"), separated),
        **dict.fromkeys(("record_court_order", "record_court_refusal", "withdraw_court_request"), asked_court),
        **dict.fromkeys(("decline_placement", "withdraw_placement_request"), asked_commune),
        **dict.fromkeys(("hand_child_over", "record_placement_visit", "record_carer_report"), placement),
        **dict.fromkeys(("request_placement_end", "end_placement"), placement),
        **dict.fromkeys(("write_down_referral_answer", "withdraw_case_referral"), asked_body),
        "answer_proceeding": {"proceeding_id": in_court["id"]},
        "record_release_prepared": {"notice_id": coming["id"]},
        "withdraw_case_transfer": {"transfer_id": offered["id"]},
        "revoke_grant": {"grant_id": granted["id"]},
        "lift_exclusion_from_case": {"exclusion_id": kept.json()["id"]},
        "enter_step_in_error": {"part": "care-needs", "step_id": needs["id"]},
    }
    # The visits of the follow-up, and what the carer tells, have their months.
    case.bodies |= {"record_placement_visit": {"occasion": "unplanned"}, "record_carer_report": {"occasion": "sudden"}}
    case.ids |= {"opening": opening["id"], "at_once": at_once["id"]}


async def _take_back(case: Prepared, officer: httpx.AsyncClient, leader: httpx.AsyncClient) -> None:
    """Take back the separation and what others were asked."""
    about = case.about
    for who, path in (
        (leader, f"/separations/{about['extend_separation']['separation_id']}/entered-in-error"),
        (leader, f"/court-requests/{about['record_court_order']['request_id']}/entered-in-error"),
        (officer, f"/proceedings/{about['answer_proceeding']['proceeding_id']}/entered-in-error"),
        (officer, f"/release-notices/{about['record_release_prepared']['notice_id']}/entered-in-error"),
        (officer, f"/placement-requests/{about['decline_placement']['request_id']}/withdraw"),
        (officer, f"/referrals/{about['withdraw_case_referral']['referral_id']}/withdraw"),
        (leader, f"/transfers/{about['withdraw_case_transfer']['transfer_id']}/withdraw"),
    ):
        await case.file.do(who, path, WHY)


async def _settle(case: Prepared, officer: httpx.AsyncClient, leader: httpx.AsyncClient) -> None:
    """Take back all that is under way, so that the opening can be marked as entered in error."""
    await _take_back(case, officer, leader)
    for placed in (case.about["end_placement"]["placement_id"], case.ids["at_once"]):
        await case.file.do(leader, f"/placements/{placed}/entered-in-error", WHY)
    apart = next(
        one for one in (await leader.get(f"/cases/{case.file.case_id}/separations")).json()["items"] if one["counts"]
    )
    await case.file.do(leader, f"/separations/{apart['id']}/entered-in-error", WHY)
    await case.file.do(officer, f"/opening/{case.ids['opening']}/entered-in-error", WHY)
