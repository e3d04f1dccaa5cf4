"""No act lies before the day on its own paper: by when it happened, the terms of the law are judged."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.alternative_care.carers import listed
from tests.answers import faults_of
from tests.cases.care import DECISION, NEEDS
from tests.cases.furnished import COURT
from tests.cases.stories import File, separation
from tests.cases.test_separation import SAFE
from tests.people import TA_VAN

from childcare_api.shared import clock as time


@pytest.fixture(autouse=True)
def _november(clock):
    clock.set(datetime(2026, 11, 20, 3, tzinfo=UTC))


async def test_what_changes_a_separation_or_gives_a_child_away_lies_not_before_its_paper(
    case_id, sa_pa_officer, sa_pa_leader, clock
):
    """NĐ 56/2017, Điều 32.3; Luật Trẻ em, Điều 52.3, 66: a term is not met by a decision that bears a later day."""
    file = File(case_id)
    # The child is brought to safety first, and the decision is signed on the next day.
    apart = {"happened_at": time.now().isoformat()}
    clock.forward(days=1)
    path = f"/separations/{(await file.do(sa_pa_leader, '/separations', separation(time.today()) | apart))['id']}"
    clock.forward(days=3)
    early = {"happened_at": (time.now() - timedelta(days=1)).isoformat()}
    today = time.today().isoformat()
    safe = (await file.do(sa_pa_officer, "/assessments", SAFE | early))["id"]
    await file.do(sa_pa_officer, "/care-needs", NEEDS | early)
    carer = (await listed(sa_pa_officer, sa_pa_leader))["id"]
    asked = (await file.do(sa_pa_leader, "/court-requests", COURT | early | {"requested_on": "2026-11-23"}))["id"]
    paper, why = {"decision_number": "8", "decided_on": today}, {"reason": "Người cha còn ở đó."}
    home = {"assessment_id": safe, "returned_to": "mother"}
    acts = {
        f"{path}/extend": paper | why | {"days": 2},
        f"{path}/cancel": paper | why | home,
        "/court-requests": COURT | {"requested_on": today},
        f"/court-requests/{asked}/order": paper | {"measures": COURT["measures"]},
        f"/court-requests/{asked}/refusal": {"decided_on": today} | why,
        f"/court-requests/{asked}/withdraw": {"withdrawn_on": today} | why,
        "/placements": DECISION | {"carer_id": carer, "decided_on": today},
    }
    for act, body in acts.items():
        who = sa_pa_officer if act.endswith(("/order", "/refusal")) else sa_pa_leader
        refused = await file.post(who, act, body | early)
        assert faults_of(refused) == {"/happened_at": "too_early"}, act
        assert "day on the paper" in refused.text
    await file.do(sa_pa_leader, "/placements", acts["/placements"] | early | {"temporary": True})
    await file.do(sa_pa_leader, f"{path}/extend", acts[f"{path}/extend"])


async def test_nor_does_what_the_commune_of_the_incident_or_of_a_carer_decides(
    case_id, assessed_report, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_leader, clock
):
    report = await assessed_report()
    elsewhere = File((await report.open(sa_pa_officer, {"unit_id": TA_VAN})).json()["cases"][0]["id"])
    await elsewhere.refresh(sa_pa_leader)
    path = f"/separations/{(await elsewhere.do(sa_pa_leader, '/separations', separation(time.today())))['id']}"
    file = File(case_id)
    await file.do(sa_pa_officer, "/care-needs", NEEDS)
    await file.do(sa_pa_officer, "/placement-requests", {"commune_id": TA_VAN, "message": "Nhờ xem xét."})
    there = File(case_id)
    await there.refresh(ta_van_leader)
    carer = (await listed(ta_van_officer, ta_van_leader))["id"]
    early = {"happened_at": time.now().isoformat(), "decided_on": "2026-11-21"}
    clock.forward(days=1)
    more = {"decision_number": "8", "reason": "Người cha còn ở đó.", "days": 2}
    for of, who, act, body in (
        (elsewhere, sa_pa_leader, f"{path}/extend", more),
        (there, ta_van_leader, "/placements", DECISION | {"carer_id": carer}),
    ):
        assert faults_of(await of.post(who, act, body | early)) == {"/happened_at": "too_early"}, act
