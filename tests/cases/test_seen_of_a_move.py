"""What those who had to do with a case learn once it has moved: its hotline, and the commune of the incident."""

from datetime import timedelta

from tests.cases.moving import IN_HA_NOI, answer
from tests.cases.stories import (
    INITIAL_ASSESSMENT,
    MEASURE,
    TRANSFER,
    File,
    keyed,
    separation,
    tag,
)
from tests.people import SA_PA, TA_VAN

from childcare_api.jobs.worker import work_once
from childcare_api.shared import clock as time
from childcare_api.working import MODULES, handlers_of


async def test_a_hotline_is_told_that_the_case_went_elsewhere(
    hotline_111, sa_pa_officer, sa_pa_leader, ta_van_leader, database
):
    referral = {"external_ref": "111-9", "received_at": (time.now() - timedelta(hours=1)).isoformat(),
                "place": {"unit_id": SA_PA}, "children": [{"full_name": "Vàng A Pao", "estimated_age": 8}]}  # fmt: skip
    sent = await hotline_111.post("/hotline/referrals", json=referral, headers=keyed())
    assert sent.status_code == 201, sent.text
    report = f"/intakes/{sent.json()['intake_id']}"
    known = (await sa_pa_officer.post(f"{report}/acknowledge", json={}, headers=tag(1))).json()["row_version"]
    assessed = (await sa_pa_officer.post(f"{report}/assess", json=INITIAL_ASSESSMENT, headers=tag(known))).json()
    body = {"children": [{"intake_child_id": assessed["children"][0]["id"]}]}
    opened = await sa_pa_officer.post(f"{report}/open-case", json=body, headers=tag(assessed["row_version"]))
    file = File(opened.json()["cases"][0]["id"])
    await file.refresh(sa_pa_leader)
    offered = await file.do(sa_pa_leader, "/transfer", TRANSFER)
    assert (await answer(ta_van_leader, offered["id"], "accept")).status_code == 200
    while await work_once(database, handlers_of(MODULES)):
        pass
    told = (await hotline_111.get("/hotline/referrals/tong-dai-111/111-9/feedback")).json()["items"]
    assert [(one["kind"], one["unit_id"]) for one in told][-1] == ("case_transferred", TA_VAN)


async def test_the_commune_of_the_incident_reads_nothing_new_of_a_case_that_moved_on_but_separations(
    assessed_report, clock, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_leader, hoang_mai_officer,
    hoang_mai_leader,
):  # fmt: skip
    opened = await (await assessed_report()).open(sa_pa_officer, residence={"unit_id": TA_VAN})
    file, seen = File(opened.json()["cases"][0]["id"]), ["opening", "emergency_measure"]
    await file.do(ta_van_officer, "/emergency-measures", MEASURE | {"happened_at": time.now().isoformat()})

    async def acts(who) -> list[str]:
        shown = await who.get(f"/cases/{file.case_id}/timeline")
        return [one["kind"] for one in shown.json().get("items", ())]

    assert await acts(sa_pa_officer) == seen
    offered = await file.do(ta_van_leader, "/transfer", IN_HA_NOI)
    assert (await answer(hoang_mai_leader, offered["id"], "accept")).status_code == 200
    await file.refresh(hoang_mai_leader)
    clock.forward(hours=1)
    await file.do(hoang_mai_officer, "/emergency-measures", MEASURE | {"happened_at": time.now().isoformat()})
    await file.do(hoang_mai_officer, "/parties", {"role": "witness", "relation": "neighbour"})
    assert await acts(sa_pa_officer) == seen
    # Its leader may still separate the child (Điều 32.2), and so reads that it was.
    await file.refresh(sa_pa_leader)
    await file.do(sa_pa_leader, "/separations", separation(time.today()))
    assert await acts(sa_pa_officer) == [*seen, "separation"]
    clock.forward(days=366)
    assert await acts(sa_pa_officer) == []
    assert (await file.post(sa_pa_leader, "/separations", separation(time.today()))).status_code == 404
