"""What a case is said to allow now: no answer where nobody asked, and no end of what is not there."""

from datetime import UTC, datetime

import pytest
from tests.alternative_care.carers import listed
from tests.cases.care import DECISION, HANDED, NEEDS
from tests.cases.furnished import COURT
from tests.cases.stories import ASSESSMENT, PLAN, REFERRAL, RELEASE, TRANSFER, File, meeting, separation
from tests.people import TA_VAN

from childcare_api.cases.advising.answering import ASKS
from childcare_api.cases.file.guards import GUARDS
from childcare_api.shared import clock as time

CARE = {"request_placement_end", "end_placement"}
RECEIVED = {"record_placement_visit", "record_carer_report"}
BY_COURT = {"record_court_order", "record_court_refusal", "withdraw_court_request"}
AT_FIRST = {"draft_plan", "decide_separation", "offer_case_transfer"}
BODY = {"commune_id": None, "body_name": "Trường Tiểu học Sa Pa"}


@pytest.fixture(autouse=True)
def _november(clock):
    clock.set(datetime(2026, 11, 20, 3, tzinfo=UTC))


@pytest.fixture
def possible(case_id, sa_pa_leader):
    """Of the commands that wait for something those that the case is said to allow now."""

    async def run() -> set[str]:
        told = (await sa_pa_leader.get(f"/cases/{case_id}/standing")).json()["possible_now"]
        named = {one["operation"] for one in told}
        assert {"record_assessment", "place_child"} <= named
        return named & ASKS

    return run


async def test_a_command_is_possible_while_there_is_something_to_give_it_on(
    case_id, possible, sa_pa_officer, sa_pa_leader
):
    file, today = File(case_id), time.today().isoformat()
    more = {"/court-requests": {"withdrawn_on": today}}
    assert {one.operation for one in GUARDS} >= ASKS
    assert await possible() == AT_FIRST
    await file.do(sa_pa_officer, "/care-needs", NEEDS)
    opened = {"commune_id": TA_VAN, "kinds": ["assessment"], "reason": "Hai xã cùng xác minh."}
    for who, path, body, answers, over in (
        (sa_pa_leader, "/court-requests", COURT | {"requested_on": today}, BY_COURT, "withdraw"),
        (sa_pa_officer, "/referrals", REFERRAL, {"withdraw_case_referral"}, "withdraw"),
        (sa_pa_officer, "/referrals", REFERRAL | BODY,
         {"write_down_referral_answer", "withdraw_case_referral"}, "withdraw"),
        # The grant by which it follows is not revoked, but the question withdrawn.
        (sa_pa_officer, "/placement-requests", {"commune_id": TA_VAN, "message": "Nhờ xem xét."},
         {"withdraw_placement_request"}, "withdraw"),
        (sa_pa_leader, "/grants", opened, {"revoke_grant"}, "revoke"),
        (sa_pa_leader, "/transfer", TRANSFER, {"withdraw_case_transfer", "offer_case_transfer"}, "withdraw"),
        (sa_pa_leader, "/separations", separation(time.today()),
         {"extend_separation", "cancel_separation", "decide_separation"}, "entered-in-error"),
    ):  # fmt: skip
        step = await file.do(who, path, body)
        assert await possible() == AT_FIRST ^ answers, path
        of = "transfers" if path == "/transfer" else path.strip("/")
        ended = await file.post(who, f"/{of}/{step['id']}/{over}", {"reason": "Không còn cần."} | more.get(path, {}))
        assert ended.is_success, ended.text
        await file.refresh(who)
        assert await possible() == AT_FIRST, path
    carer = await listed(sa_pa_officer, sa_pa_leader)
    placed = await file.do(sa_pa_leader, "/placements", DECISION | {"carer_id": carer["id"], "decided_on": today})
    assert await possible() == AT_FIRST | CARE | {"hand_child_over"}
    met = HANDED | {"met_on": ["2026-11-18", "2026-11-19"]}
    await file.do(sa_pa_officer, f"/placements/{placed['id']}/handover", met)
    assert await possible() == AT_FIRST | CARE | RECEIVED


async def test_of_a_plan_is_possible_what_goes_with_where_its_version_stands(
    case_id, possible, sa_pa_officer, sa_pa_leader
):
    file, others = File(case_id), AT_FIRST - {"draft_plan"}
    await file.do(sa_pa_officer, "/release-notices", RELEASE)
    assert await possible() == AT_FIRST, "a release is prepared for under a plan"
    await file.do(sa_pa_officer, "/intervention-plans", PLAN | {"objectives": "Nháp."})
    assert await possible() == others | {"submit_plan", "change_plan"}, "no second version beside a draft"
    (draft,) = (await sa_pa_officer.get(f"/cases/{case_id}/intervention-plans")).json()["items"]
    path = f"/intervention-plans/{draft['id']}"
    await file.do(sa_pa_officer, "/assessments", ASSESSMENT)
    await file.do(sa_pa_officer, "/meetings", meeting(time.now()))
    await file.do(sa_pa_officer, f"{path}/submit", {})
    assert await possible() == others | {"return_plan", "approve_plan"}
    await file.do(sa_pa_leader, f"{path}/return", {"reason": "Nêu rõ hơn."})
    assert await possible() == others | {"submit_plan", "revise_plan", "draft_plan"}
    await file.do(sa_pa_officer, f"{path}/submit", {"unchanged_reason": "Đã đủ."})
    await file.approve(sa_pa_leader, draft["id"], time.today().isoformat())
    in_force = others | {"record_service", "record_review", "record_release_prepared", "send_decision"}
    assert await possible() == in_force | {"adjust_plan"}
    await file.do(sa_pa_officer, f"{path}/adjust", {"reason": "Cháu chuyển trường.", **PLAN})
    assert await possible() == in_force | {"submit_plan", "change_plan"}
