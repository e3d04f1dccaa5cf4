"""The decision that takes a child from a facility goes to it and to who ends its care (Điều 45.4; TT 14/2020, 11.4)."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.agencies.test_service_providers import CENTRE
from tests.alternative_care.carers import listed
from tests.answers import code_of, faults_of
from tests.cases.care import DECISION, NEEDS, due
from tests.cases.stories import File, keyed, tag
from tests.cases.test_facility_lists import CHILD, act, received
from tests.exchange.papers.reading import squeezed, text_of
from tests.people import TA_VAN

from childcare_api.shared import clock as time

CENTRE_NAME = CENTRE["description"]["name"]
TO_FACILITY = {"recipient_kind": "facility", "recipient": CENTRE_NAME.upper(), "way": "post"}
TO_AUTHORITY = {"recipient_kind": "facility_authority", "recipient": "Sở Y tế tỉnh Lào Cai", "way": "electronic"}
PAPERS = [{"paper": paper, "reference": "4/BC-TT"} for paper in ("facility_admission", "facility_report")]


@pytest.fixture(autouse=True)
def _november(clock):
    clock.set(datetime(2026, 11, 20, 3, tzinfo=UTC))


async def waits(client, case_id) -> list[tuple[str, str | None]]:
    """Who is still to be told, by kind and name."""
    found = (await client.get(f"/cases/{case_id}/sendings")).json()["still_to_be_told"]
    return [(one["recipient_kind"], one["recipient"]) for one in found]


async def test_a_facility_and_who_ends_its_care_are_sent_the_decision_that_takes_the_child(  # noqa: PLR0915 - one story
    case_id, sa_pa_officer, sa_pa_leader, lao_cai_province_officer, clock, events
):
    provider = (await lao_cai_province_officer.post("/service-providers", json=CENTRE)).json()["id"]
    file, today = File(case_id), time.today().isoformat()
    await file.do(sa_pa_officer, "/care-needs", NEEDS)
    facility = DECISION | {"provider_id": provider, "facility_ground": "no_carer_found", "decided_on": today}
    facility |= {"decided_by": "facility_authority", "issuer": "Giám đốc Sở Y tế tỉnh Lào Cai"}
    kept = await file.do(sa_pa_leader, "/placements", facility)
    assert await waits(sa_pa_officer, case_id) == []
    into = await file.post(sa_pa_officer, f"/decisions/{kept['id']}/sendings", TO_FACILITY)
    assert faults_of(into) == {"/recipient_kind": "no_facility_left"}
    await file.do(sa_pa_officer, "/care-papers", {"papers": PAPERS[1:]})
    carer = await listed(sa_pa_officer, sa_pa_leader)
    to_carer = DECISION | {"carer_id": carer["id"], "decided_on": today, "facility_agreed_on": today}
    moved = await file.do(sa_pa_leader, "/placements", to_carer)
    path = f"/decisions/{moved['id']}/sendings"

    # A task of the officer, 2 working days of the house; the law's 5 to end the care run from the decision meanwhile.
    assert (await due(sa_pa_officer))["send"] == "2026-11-24"
    assert await due(sa_pa_leader) == {"end_at_facility": "2026-11-27"}
    asked = [("facility", CENTRE_NAME), ("facility_authority", "Giám đốc Sở Y tế tỉnh Lào Cai")]
    assert await waits(sa_pa_officer, case_id) == await waits(lao_cai_province_officer, case_id) == asked
    paper = (await sa_pa_officer.get(f"/cases/{case_id}/forms/mau-12", params={"format": "docx"})).content
    for line in (f"{CENTRE_NAME} (nơi trẻ em chuyển đi);", "Giám đốc Sở Y tế tỉnh Lào Cai (để chấm dứt việc chăm sóc"):
        assert squeezed(line) in text_of(paper, "docx")

    for body, wrong in (
        (TO_FACILITY | {"recipient": "Trung tâm khác"}, {"/recipient": "not_told_of_it"}),
        (TO_AUTHORITY | {"recipient_kind": "other"}, {"/recipient_kind": "not_told_of_it"}),
    ):
        assert faults_of(await file.post(sa_pa_officer, path, body)) == wrong
    assert (await file.post(sa_pa_leader, path, TO_FACILITY)).status_code == 403
    # Of two officers who record it at once one is told.
    version, address = file.row_version, f"/cases/{case_id}{path}"
    twice = [await sa_pa_officer.post(address, json=TO_FACILITY, headers=tag(version) | keyed()) for _ in range(2)]
    assert [one.status_code for one in twice] == [201, 412]
    await file.refresh(sa_pa_officer)
    assert await waits(sa_pa_officer, case_id) == asked[1:]
    assert "send" in await due(sa_pa_officer)

    clock.forward(days=4)
    received_at = time.now() - timedelta(hours=1)
    told = await file.do(sa_pa_officer, path, TO_AUTHORITY | {"happened_at": received_at.isoformat()})
    assert (told["decision_id"], told["stands_on"]) == (moved["id"], [moved["id"]])
    assert (await waits(sa_pa_officer, case_id), await due(sa_pa_officer)) == ([], {"hand_over": "2026-12-11"})
    # Who ends the care received the decision only then (Điều 48.3).
    assert await due(sa_pa_leader) == {"end_at_facility": "2026-12-01"}
    assert len(await events("case.decision_sent")) == 2
    bound = (await sa_pa_officer.get(f"/cases/{case_id}/forms/case-file", params={"format": "docx"})).content
    assert squeezed("31/QĐ-UBND Sở Y tế tỉnh Lào Cai Gửi điện tử") in text_of(bound, "docx")
    paper = (await sa_pa_officer.get(f"/cases/{case_id}/forms/mau-12", params={"format": "docx"})).content
    line = f"{CENTRE_NAME} (nơi trẻ em chuyển đi); - Sở Y tế tỉnh Lào Cai (để chấm dứt việc chăm sóc tại cơ sở);"
    assert squeezed(line) in text_of(paper, "docx")

    # What was not sent is not received: marked, it is to be sent again, and the days run as before.
    wrong = await file.do(sa_pa_officer, f"/sendings/{told['id']}/entered-in-error", {"reason": "Ghi nhầm hồ sơ."})
    assert (wrong["id"], wrong["counts"]) == (told["id"], False)
    assert await waits(sa_pa_officer, case_id) == asked[1:]
    assert (await due(sa_pa_officer))["send"] == "2026-11-24"
    assert (await due(sa_pa_leader))["end_at_facility"] == "2026-11-27"
    unsent = {"way": "not_possible", "not_sent_reason": "Cơ quan đã giải thể."}
    await file.do(sa_pa_officer, path, TO_AUTHORITY | unsent)
    assert await waits(sa_pa_officer, case_id) == []
    assert (await due(sa_pa_leader))["end_at_facility"] == "2026-11-27"
    # A decision that should never have been made is sent to nobody.
    await file.do(sa_pa_leader, f"/placements/{moved['id']}/entered-in-error", {"reason": "Nhầm trẻ."})
    late = await file.post(sa_pa_officer, path, TO_FACILITY)
    assert code_of(late) == "decision_not_in_force"
    # From a family a child goes to nobody who has to be told.
    plan_id = await file.plan_submitted(sa_pa_officer, time.now())
    agreed = {"decision_number": "12", "decided_on": time.today().isoformat(), "facility_agreed_on": today}
    plan = await file.do(sa_pa_leader, f"/intervention-plans/{plan_id}/approve", agreed)
    of_plan = await file.post(sa_pa_officer, f"/decisions/{plan['decisions'][0]['id']}/sendings", TO_FACILITY)
    assert faults_of(of_plan) == {"/recipient_kind": "not_told_of_it"}


async def test_what_a_court_decided_nobody_is_asked_to_send_on(
    case_id, sa_pa_officer, sa_pa_leader, lao_cai_province_officer
):
    provider = (await lao_cai_province_officer.post("/service-providers", json=CENTRE)).json()["id"]
    file, today = File(case_id), time.today().isoformat()
    await file.do(sa_pa_officer, "/care-needs", NEEDS)
    facility = DECISION | {"provider_id": provider, "facility_ground": "no_carer_found", "decided_on": today}
    await file.do(sa_pa_leader, "/placements", facility)
    carer = await listed(sa_pa_officer, sa_pa_leader)
    by_court = {"carer_id": carer["id"], "decided_on": today, "decided_by": "court", "issuer": "Tòa án khu vực 1"}
    moved = await file.do(sa_pa_leader, "/placements", DECISION | by_court | {"facility_agreed_on": today})
    assert (await waits(sa_pa_officer, case_id), "send" in await due(sa_pa_officer)) == ([], False)
    # The care at the facility is to be ended all the same; who is told of it by the commune may be written down.
    assert "end_at_facility" in await due(sa_pa_leader)
    await file.do(sa_pa_officer, f"/decisions/{moved['id']}/sendings", TO_FACILITY)


async def test_the_commune_of_the_carer_sends_its_decision_and_a_list_tells_the_authority(
    case_id, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_leader, lao_cai_province_officer, clock, events, agree
):
    carer, file = await listed(ta_van_officer, ta_van_leader), File(case_id)
    sent_list = await received(lao_cai_province_officer, CHILD)
    (child,), provider = sent_list["children"], sent_list["provider_id"]
    fits = {"result": "sent", "carer_id": carer["id"]}
    assert (await act(lao_cai_province_officer, child, "appraise", fits)).status_code == 200
    await file.do(sa_pa_officer, "/care-needs", NEEDS | {"papers": [*NEEDS["papers"], *PAPERS]})
    plan_id = await file.plan_submitted(sa_pa_officer, time.now())
    await file.approve(sa_pa_leader, plan_id, time.today().isoformat())
    await file.tell_everybody(sa_pa_officer)
    facility = DECISION | {"provider_id": provider, "facility_ground": "no_carer_found", "decided_on": "2026-11-20"}
    await file.do(sa_pa_leader, "/placements", facility | {"decided_by": "facility_authority", "issuer": "Sở Y tế"})
    await file.do(sa_pa_officer, "/placement-requests", {"commune_id": TA_VAN, "message": "Nhờ xã xem xét."})
    decision = DECISION | {"carer_id": carer["id"], "decided_on": "2026-11-20", "facility_agreed_on": "2026-11-19"}
    placed = await file.do(ta_van_leader, "/placements", decision | {"facility_child_id": child["id"]})
    path = f"/decisions/{placed['id']}/sendings"
    # The province has it by its list; the facility is to be sent it, by who decided.
    seen = (await ta_van_officer.get(f"/cases/{case_id}/sendings")).json()
    (by_list,) = seen["told_by_list"]
    assert (by_list["decision_id"], by_list["facility_child_id"]) == (placed["id"], child["id"])
    # Of a plan's sendings it reads none.
    assert seen["items"] == []
    assert seen["still_to_be_told"] == [
        {"decision_id": placed["id"], "recipient_kind": "facility", "recipient": CENTRE_NAME}
    ]
    assert ((await due(ta_van_officer))["send"], await waits(sa_pa_officer, case_id)) == ("2026-11-24", [])
    assert "send" not in await due(sa_pa_officer)
    possible = (await ta_van_officer.get(f"/cases/{case_id}/standing")).json()["possible_now"]
    assert "send_decision" in [one["operation"] for one in possible]
    assert code_of(await file.post(sa_pa_officer, path, TO_FACILITY)) == "placement_elsewhere"
    plans = (await sa_pa_officer.get(f"/cases/{case_id}/intervention-plans")).json()["items"]
    of_plan = f"/decisions/{plans[0]['decisions'][0]['id']}/sendings"
    assert (await file.post(ta_van_officer, of_plan, TO_FACILITY)).status_code == 404

    sent = await file.do(ta_van_officer, path, TO_FACILITY | {"received_by": "Hoàng Thị Nga"})
    assert "send" not in await due(ta_van_officer)
    for who in (sa_pa_officer, ta_van_officer):
        items = (await who.get(f"/cases/{case_id}/sendings")).json()["items"]
        assert [one["received_by"] for one in items if one["decision_id"] == placed["id"]] == ["Hoàng Thị Nga"]
    (*_, told) = await events("case.decision_sent")
    assert told["detail"]["step_id"] == sent["id"]
    bound = (await lao_cai_province_officer.get(f"/cases/{case_id}/forms/case-file", params={"format": "docx"})).content
    assert squeezed("31/QĐ-UBND Cơ quan quản lý cơ sở trợ giúp xã hội Qua danh sách") in text_of(bound, "docx")
    why, marked = {"reason": "Ghi nhầm cơ sở."}, f"/sendings/{sent['id']}/entered-in-error"
    assert code_of(await file.post(sa_pa_officer, marked, why)) == "placement_elsewhere"
    await file.do(ta_van_officer, f"/placing-steps{marked}", why)
    assert (await due(ta_van_officer))["send"] == "2026-11-24"
    # The clock of who leads the case follows what is sent from there at once, and its mark (Điều 48.3).
    assert (await due(sa_pa_leader))["end_at_facility"] == "2026-11-27"
    clock.forward(days=3)
    copy = await file.do(ta_van_officer, path, TO_AUTHORITY)
    assert (await due(sa_pa_leader))["end_at_facility"] == "2026-11-30"
    await agree("a sending from elsewhere", case_id, "sa_pa_officer", "ta_van_officer")
    await file.do(ta_van_officer, f"/placing-steps/sendings/{copy['id']}/entered-in-error", why)
    await agree("its mark", case_id, "sa_pa_officer", "ta_van_officer")
    assert (await due(sa_pa_leader))["end_at_facility"] == "2026-11-27"
