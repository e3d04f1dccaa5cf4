"""What a case is said to allow now: no answer where nobody asked, and no end of what is not there."""

from datetime import UTC, datetime

import pytest
from tests.alternative_care.carers import listed
from tests.cases.care import DECISION, HANDED, NEEDS
from tests.cases.furnished import COURT
from tests.cases.stories import PLAN, REFERRAL, TRANSFER, File, separation
from tests.people import TA_VAN

from childcare_api.cases.advising.answering import ASKS
from childcare_api.cases.file.guards import GUARDS
from childcare_api.shared import clock as time

CARE = {"record_placement_visit", "record_carer_report", "request_placement_end", "end_placement"}
BY_COURT = {"record_court_order", "record_court_refusal", "withdraw_court_request"}


@pytest.fixture(autouse=True)
def _november(clock):
    clock.set(datetime(2026, 11, 20, 3, tzinfo=UTC))


async def test_a_command_is_possible_while_there_is_something_to_give_it_on(case_id, sa_pa_officer, sa_pa_leader):
    file, today = File(case_id), time.today().isoformat()
    more = {"/court-requests": {"withdrawn_on": today}}

    async def possible() -> set[str]:
        told = (await sa_pa_leader.get(f"/cases/{case_id}/standing")).json()["possible_now"]
        named = {one["operation"] for one in told}
        assert {"record_assessment", "place_child", "offer_case_transfer", "send_decision"} <= named
        return named & ASKS

    assert {one.operation for one in GUARDS} >= ASKS
    assert await possible() == set()
    for who, path, body, answers, over in (
        (sa_pa_leader, "/court-requests", COURT | {"requested_on": today}, BY_COURT, "withdraw"),
        (sa_pa_officer, "/referrals", REFERRAL, {"write_down_referral_answer", "withdraw_case_referral"}, "withdraw"),
        (sa_pa_officer, "/placement-requests", {"commune_id": TA_VAN, "message": "Nhờ xem xét."},
         {"withdraw_placement_request"}, "withdraw"),
        (sa_pa_leader, "/transfer", TRANSFER, {"withdraw_case_transfer"}, "withdraw"),
        (sa_pa_leader, "/separations", separation(time.today()), {"extend_separation", "cancel_separation"},
         "entered-in-error"),
    ):  # fmt: skip
        if path == "/placement-requests":
            await file.do(sa_pa_officer, "/care-needs", NEEDS)
        step = await file.do(who, path, body)
        assert await possible() == answers, path
        of = "transfers" if path == "/transfer" else path.strip("/")
        ended = await file.post(who, f"/{of}/{step['id']}/{over}", {"reason": "Không còn cần."} | more.get(path, {}))
        assert ended.is_success, ended.text
        assert await possible() == set(), path
    carer = await listed(sa_pa_officer, sa_pa_leader)
    placed = await file.do(sa_pa_leader, "/placements", DECISION | {"carer_id": carer["id"], "decided_on": today})
    assert await possible() == CARE | {"hand_child_over"}
    met = HANDED | {"met_on": ["2026-11-18", "2026-11-19"]}
    await file.do(sa_pa_officer, f"/placements/{placed['id']}/handover", met)
    assert await possible() == CARE
    await file.do(sa_pa_officer, "/intervention-plans", PLAN)
    assert await possible() == CARE | {"submit_plan"}
