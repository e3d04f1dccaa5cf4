"""A child in a facility is given to a carer of another commune: who agrees, who ends what, and by which clocks."""

from datetime import UTC, datetime
from typing import Any

import pytest
from tests.agencies.test_service_providers import CENTRE
from tests.alternative_care.carers import listed
from tests.answers import code_of
from tests.cases.care import DECISION, HANDED, NEEDS, VISIT, due
from tests.cases.stories import File, separation
from tests.people import TA_LENG, TA_VAN

from childcare_api.shared import clock as time

MET = HANDED | {"met_on": ["2026-11-18", "2026-11-19"]}
ENDS = {"ground": "moved_to_carer", "decision_number": "9/QĐ-SYT", "ended_on": "2026-11-20", "goes_to": "other_carer"}
REPORT = {"papers": [{"paper": "facility_report", "reference": "4/BC-TT"}]}


@pytest.fixture(autouse=True)
def _november(clock):
    clock.set(datetime(2026, 11, 20, 3, tzinfo=UTC))


@pytest.fixture
async def facility(lao_cai_province_officer) -> dict[str, Any]:
    provider = (await lao_cai_province_officer.post("/service-providers", json=CENTRE)).json()["id"]
    ground = {"provider_id": provider, "facility_ground": "safe_place", "decided_on": "2026-11-20"}
    return ground | {"decision_number": "1/QĐ"}


def missing(answer) -> list[str]:
    return [one["what"] for one in answer.json()["missing"]]


async def test_lasting_care_elsewhere_follows_on_a_facility_at_once(
    case_id, facility, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_leader, tasks, clock
):
    file, there = File(case_id), File(case_id)
    carer = await listed(ta_van_officer, ta_van_leader)
    await file.do(sa_pa_officer, "/care-needs", NEEDS)
    await file.do(sa_pa_leader, "/separations", separation(time.today()))
    kept = await file.do(sa_pa_leader, "/placements", facility | {"temporary": True})
    await file.do(sa_pa_officer, "/placement-requests", {"commune_id": TA_VAN, "message": "Nhờ xem xét."})
    await there.refresh(ta_van_leader)
    decision = DECISION | {"carer_id": carer["id"], "decided_on": "2026-11-20"}
    assert missing(await there.post(ta_van_leader, "/placements", decision)) == [
        "facility_report",
        "facility_agreement",
    ]
    await file.do(sa_pa_officer, "/care-papers", REPORT)
    await there.refresh(ta_van_leader)
    placed = await there.do(ta_van_leader, "/placements", decision | {"facility_agreed_on": "2026-11-20"})
    path, at_facility = f"/placements/{placed['id']}", f"/placements/{kept['id']}"
    # For good from the decision on: the separation is over, and nobody has to end the first care but its facility.
    assert (await file.refresh(sa_pa_leader))["separation_id"] is None
    assert await due(sa_pa_leader) == {"end_at_facility": "2026-11-27"}
    assert (await due(ta_van_officer))["hand_over"] == "2026-12-11"
    assert {"care.find", "separation.end", "separation.place"} & await tasks(case_id) == set()

    # Both may be asked to end at once, where each is kept.
    asked = {"asked_by": "carer", "ground": "carer_asked", "reason": "Gia đình có người ốm."}
    await there.do(ta_van_officer, f"{path}/end-requests", asked)
    await file.refresh(sa_pa_officer)
    await file.do(sa_pa_officer, f"{at_facility}/end-requests", asked | {"asked_by": "child", "ground": "child_wished"})
    assert "decide_end" in await due(ta_van_leader)

    await there.refresh(ta_van_officer)
    early = await there.post(ta_van_officer, f"{path}/handover", MET)
    assert missing(early) == ["facility_care_not_ended"]
    theirs = await there.post(ta_van_leader, f"{at_facility}/end", ENDS)
    assert code_of(theirs) == "placement_elsewhere", "who leads the case ends the care there"
    await file.refresh(sa_pa_leader)
    await file.do(sa_pa_leader, f"{at_facility}/end", ENDS)
    assert await due(sa_pa_leader) == {}
    assert "care.find" not in await tasks(case_id), "it goes to whom it was given"
    await there.refresh(ta_van_officer)
    assert missing(await there.post(ta_van_officer, f"{path}/handover", HANDED)) == ["met_twice"]
    await there.do(ta_van_officer, f"{path}/handover", MET)
    assert (await due(ta_van_officer))["visit_first"] == "2026-12-20"
    alone = await there.do(ta_van_officer, f"{path}/visits", VISIT | {"occasion": "unplanned"})
    assert [one["what"] for one in alone["notices"]] == ["facility_absent"]
    free = (await sa_pa_officer.get(f"/service-providers/{facility['provider_id']}/places")).json()
    assert free["taken"] == 0


async def test_care_elsewhere_in_between_spares_the_facilitys_word_only_if_it_was_to_last(
    case_id, facility, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_leader, ta_leng_officer, ta_leng_leader
):
    """Who is asked last sees of that care that there was some: the law is the same for it as for who sees all of it."""
    file, between, last = File(case_id), File(case_id), File(case_id)
    aunt, uncle = await listed(ta_leng_officer, ta_leng_leader), await listed(ta_van_officer, ta_van_leader)
    await file.do(sa_pa_officer, "/care-needs", NEEDS)
    authority = {"decided_by": "facility_authority", "issuer": "Sở Y tế"}
    kept = await file.do(sa_pa_leader, "/placements", DECISION | facility | authority)
    await file.do(sa_pa_leader, f"/placements/{kept['id']}/end", ENDS)
    await file.do(sa_pa_leader, "/separations", separation(time.today()))
    decision = DECISION | {"decided_on": "2026-11-20"}
    asked = {"message": "Nhờ xem xét."}

    async def ask(commune: int) -> None:
        await file.refresh(sa_pa_officer)
        await file.do(sa_pa_officer, "/placement-requests", asked | {"commune_id": commune})

    async def was_with_her_aunt(**decided: Any) -> None:
        await ask(TA_LENG)
        await between.refresh(ta_leng_leader)
        placed = await between.do(ta_leng_leader, "/placements", decision | {"carer_id": aunt["id"]} | decided)
        ended = {"ground": "carer_asked", "decision_number": "5", "ended_on": "2026-11-20", "goes_to": "other_carer"}
        await between.do(ta_leng_leader, f"/placements/{placed['id']}/end", ended)

    await was_with_her_aunt(temporary=True)
    await ask(TA_VAN)
    await file.do(sa_pa_officer, "/care-papers", REPORT)
    await last.refresh(ta_van_leader)
    lasting = decision | {"carer_id": uncle["id"]}
    assert missing(await last.post(ta_van_leader, "/placements", lasting)) == ["facility_agreement"]
    await was_with_her_aunt(facility_agreed_on="2026-11-20")
    await last.refresh(ta_van_leader)
    placed = await last.do(ta_van_leader, "/placements", lasting)
    assert "not_on_facility_list" not in [one["what"] for one in placed["notices"]]
    strange = await last.post(ta_van_officer, f"/placements/{placed['id']}/handover", HANDED)
    assert [one["article"] for one in strange.json()["missing"]] == ["TT 14/2020/TT-BLĐTBXH Điều 10.4.c"]
