"""A facility's list of children who need a family: appraised, sent, decided on, and the care there ended (Điều 45)."""

import asyncio
from datetime import UTC, datetime
from uuid import UUID

import pytest
from tests.agencies.test_service_providers import CENTRE
from tests.alternative_care.carers import listed, registered
from tests.answers import code_of, faults_of
from tests.cases.care import DECISION, HANDED, NEEDS, VISIT
from tests.cases.stories import File, tag
from tests.exchange.papers.reading import squeezed, text_of
from tests.people import LAO_CAI, SA_PA, TA_VAN

CHILD = {"full_name": "Vàng A Pao", "sex": "male", "born_on": "2017-03-04", "wishes": "Cháu muốn có gia đình."}


@pytest.fixture(autouse=True)
def _november(clock):
    clock.set(datetime(2026, 11, 20, 3, tzinfo=UTC))


async def received(officer, *children: dict) -> dict:
    """Take a list of a new facility."""
    provider = (await officer.post("/service-providers", json=CENTRE)).json()["id"]
    body = {"received_on": "2026-11-19", "children": list(children)}
    answer = await officer.post(f"/service-providers/{provider}/facility-lists", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def act(client, child: dict, what: str, body: dict):
    """Give a command on a child of a list, at the version it has."""
    seen = await client.get(f"/facility-children/{child['id']}")
    version = tag(seen.json()["row_version"]) if seen.is_success else tag(1)
    return await client.post(f"/facility-children/{child['id']}/{what}", json=body, headers=version)


async def due(client, *prefixes: str) -> dict[str, tuple[str, str]]:
    """The running clocks of facilities: rule, last day, and where it is read."""
    tasks = (await client.get("/tasks", params={"limit": 200})).json()["items"]
    found = [one for one in tasks if one["rule"].startswith(prefixes or ("facility.",))]
    return {one["rule"].removeprefix("facility."): (one["due_at"][:10], one["path"]) for one in found}


async def test_a_child_of_a_facilitys_list_goes_to_a_family(  # noqa: PLR0915 - one story of Điều 45
    case_id, sa_pa_officer, sa_pa_leader, lao_cai_province_officer, lao_cai_province_leader, clock, events, rows
):
    sent_list = await received(lao_cai_province_officer, CHILD)
    (child,) = sent_list["children"]
    path = f"/facility-children/{child['id']}"
    assert (child["status"], sent_list["layout"]) == ("received", "unverified")
    # 10 working days; the next list in 6 months (Điều 45.2; TT 14/2020, Điều 3.2).
    assert await due(lao_cai_province_officer) == {
        "appraise": ("2026-12-03", f"/facility-lists/{sent_list['id']}"),
        "list_review": ("2027-05-19", "/facility-lists"),
    }
    carer = await listed(sa_pa_officer, sa_pa_leader)
    assert (await sa_pa_officer.get(path)).status_code == 404
    unsent = await act(lao_cai_province_officer, child, "appraise", {"result": "sent"})
    unsaid = await act(lao_cai_province_officer, child, "appraise", {"result": "no_carer"})
    assert [faults_of(one) for one in (unsent, unsaid)] == [{"/carer_id": "carer_id"}, {"/reason": "reason"}]
    unready = await registered(sa_pa_officer, full_name="Sùng A Lềnh")
    nobody = await act(lao_cai_province_officer, child, "appraise", {"result": "sent", "carer_id": unready["id"]})
    (fault,) = nobody.json()["errors"]
    assert (fault["code"], "on a list in force" in fault["message"]) == ("no_such_record", True)
    fits = {"result": "sent", "carer_id": carer["id"]}
    assert (await act(sa_pa_leader, child, "appraise", fits)).status_code == 403
    sent = await act(lao_cai_province_officer, child, "appraise", fits)
    assert (sent.json()["status"], sent.json()["commune_id"]) == ("sent", SA_PA)
    assert "appraise" not in await due(lao_cai_province_officer)
    # 15 working days for the leader, climbing to the province (Điều 45.4).
    assert await due(sa_pa_leader) == {"decide": ("2026-12-11", path)}
    clock.set(datetime(2026, 12, 14, 3, tzinfo=UTC))
    assert await due(lao_cai_province_leader, "facility.decide") == {"decide": ("2026-12-11", path)}

    file = File(case_id)
    await file.do(sa_pa_officer, "/care-needs", NEEDS)
    decision = DECISION | {"carer_id": carer["id"], "decided_on": "2026-12-14", "facility_child_id": child["id"]}
    hurried = await file.post(sa_pa_leader, "/placements", decision | {"temporary": True})
    assert hurried.json()["errors"][0]["code"] == "lasting_with_a_carer"
    unagreed = await file.post(sa_pa_leader, "/placements", decision)
    assert [one["what"] for one in unagreed.json()["missing"]] == [
        "facility_admission",
        "facility_report",
        "facility_agreement",
    ]
    papers = [{"paper": paper, "reference": "4/BC-TT"} for paper in ("facility_admission", "facility_report")]
    await file.do(sa_pa_officer, "/care-papers", {"papers": papers})
    agreed = decision | {"facility_agreed_on": "2026-12-10"}
    # Written up after its term, and decided within it.
    decided_at = datetime(2026, 12, 11, 4, tzinfo=UTC)
    in_time = {"decided_on": "2026-12-11", "happened_at": decided_at.isoformat()}
    mistaken = await file.do(sa_pa_leader, "/placements", agreed | in_time)
    (done,) = await rows("SELECT done_at FROM tasks WHERE rule_code = 'facility.decide'")
    assert done["done_at"] == decided_at
    twice = await file.post(sa_pa_leader, "/placements", agreed)
    assert (twice.status_code, code_of(twice)) == (409, "facility_child_not_in_state")
    assert "The province ends its care at the facility (`POST" in twice.json()["detail"]
    # A decision that should never have been written lets the child wait again, from where it waited.
    await file.do(sa_pa_leader, f"/placements/{mistaken['id']}/entered-in-error", {"reason": "Nhầm trẻ."})
    assert (await sa_pa_officer.get(path)).json()["status"] == "sent"
    assert await due(sa_pa_leader, "facility.decide") == {"decide": ("2026-12-11", path)}
    placed = await file.do(sa_pa_leader, "/placements", agreed)
    paper = (await sa_pa_officer.get(f"/cases/{case_id}/forms/mau-12", params={"format": "docx"})).content
    assert squeezed("đang được chăm sóc tại Trung tâm Công tác xã hội tỉnh Lào Cai cho") in text_of(paper, "docx")
    # The decision reaches the province by being made; 5 working days to end the care there (Điều 48.3).
    told = (await lao_cai_province_officer.get(path)).json()
    assert (told["status"], told["decision_number"], told["decided_on"]) == ("placed", "31/QĐ-UBND", "2026-12-14")
    assert (await due(lao_cai_province_officer))["end_care"] == ("2026-12-21", path)

    # Handed over with both decisions, and after two meetings (Điều 45.4; TT 14/2020, Điều 11.2).
    handover = f"/placements/{placed['id']}/handover"
    early = await file.post(sa_pa_officer, handover, HANDED)
    assert {one["what"] for one in early.json()["missing"]} == {"facility_care_not_ended", "met_twice"}
    wrong = await act(
        lao_cai_province_officer, child, "end-care", {"decision_number": "9/QĐ-SYT", "ended_on": "2026-12-13"}
    )
    assert wrong.json()["errors"][0]["code"] == "too_early"
    end = {"decision_number": "9/QĐ-SYT", "ended_on": "2026-12-14"}
    ended = await act(lao_cai_province_officer, child, "end-care", end)
    assert ended.json()["status"] == "left"
    assert "end_care" not in await due(lao_cai_province_officer)
    assert code_of(await act(lao_cai_province_officer, child, "end-care", end)) == "facility_child_not_in_state"
    bound = (await sa_pa_officer.get(f"/cases/{case_id}/forms/case-file", params={"format": "docx"})).content
    row = "9/QĐ-SYT Ngày 14/12/2026 Cơ quan quản lý cơ sở Chấm dứt việc chăm sóc tại Trung tâm Công tác xã hội"
    assert squeezed(row) in text_of(bound, "docx")
    met = {"met_on": ["2026-12-08", "2026-12-10"]}
    # Not before the day on which the facility ends its care.
    before = await file.post(sa_pa_officer, handover, HANDED | met | {"happened_at": "2026-12-13T23:00:00+07:00"})
    assert (before.json()["errors"][0]["pointer"], faults_of(before)) == ("/happened_at", {"/happened_at": "too_early"})
    await file.do(sa_pa_officer, handover, HANDED | met)
    visit = await file.do(sa_pa_officer, f"/placements/{placed['id']}/visits", VISIT | {"occasion": "unplanned"})
    assert [one["what"] for one in visit["notices"]] == ["facility_absent"]
    for what, times in (("appraised", 1), ("placed", 2), ("waits_again", 1), ("care_ended", 1)):
        assert len(await events(f"facility_child.{what}")) == times, what
    assert (await events("facility_list.received"))[0]["detail"]["ids"] == [child["id"]]


async def test_a_child_is_declined_sent_on_and_read_by_whom_it_concerns(
    speak_as, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_leader, lao_cai_province_officer, events
):
    other = CHILD | {"full_name": "Lý A Tủa"}
    sent_list = await received(lao_cai_province_officer, CHILD, other)
    child, second = sent_list["children"]
    here, there = await listed(sa_pa_officer, sa_pa_leader), await listed(ta_van_officer, ta_van_leader)
    province = lao_cai_province_officer
    await act(province, child, "appraise", {"result": "sent", "carer_id": here["id"]})
    assert "appraise" in await due(province)
    wrong = await act(province, second, "entered-in-error", {"reason": "Không còn ở cơ sở."})
    assert wrong.json()["status"] == "entered_in_error"
    assert "appraise" not in await due(province)
    again = await act(province, second, "entered-in-error", {"reason": "Không còn ở cơ sở."})
    assert code_of(again) == "already_entered_in_error"

    assert (await act(sa_pa_officer, child, "decline", {"reason": "Gia đình chuyển đi."})).status_code == 403
    stale = await sa_pa_leader.post(
        f"/facility-children/{child['id']}/decline", json={"reason": "Gia đình chuyển đi."}, headers=tag(1)
    )
    assert stale.status_code == 412
    declined = await act(sa_pa_leader, child, "decline", {"reason": "Gia đình chuyển đi."})
    assert (declined.json()["status"], await due(sa_pa_leader)) == ("declined", {})
    moved = await act(province, child, "appraise", {"result": "sent", "carer_id": there["id"]})
    assert (moved.json()["answer_reason"], moved.json()["answered_at"]) == (None, None)
    assert set(await due(ta_van_leader)) == {"decide"}
    for stranger in (sa_pa_officer, speak_as("lai_chau_province_officer")):
        assert (await stranger.get(f"/facility-children/{child['id']}")).status_code == 404
        assert (await stranger.get("/facility-children")).json()["items"] == []
        assert (await stranger.get(f"/facility-lists/{sent_list['id']}")).status_code == 404
    names = [(await who.get("/facility-children?status=sent")).json()["items"] for who in (ta_van_officer, province)]
    assert [one["full_name"] for (one,) in names] == ["Vàng A Pao", "V. A. P."]
    read = (await province.get(f"/facility-lists/{sent_list['id']}")).json()
    assert {one["full_name"] for one in read["children"]} == {"Vàng A Pao", "Lý A Tủa"}
    (opened,) = await events("facility_list.opened")
    assert (opened["holder_province_id"], len(opened["detail"]["ids"])) == (LAO_CAI, 2)
    assert (await sa_pa_officer.get("/facility-lists")).json()["items"] == []
    lists = (await province.get("/facility-lists", params={"provider_id": sent_list["provider_id"]})).json()["items"]
    assert [one["id"] for one in lists] == [sent_list["id"]]


async def test_a_list_is_of_a_facility_that_the_province_keeps_and_is_awaited_until_it_closes(
    lao_cai_province_officer, lai_chau_province_officer, sa_pa_officer
):
    provider = (await lao_cai_province_officer.post("/service-providers", json=CENTRE)).json()
    assert await due(lao_cai_province_officer) == {"list_review": ("2027-05-20", "/facility-lists")}
    path, body = f"/service-providers/{provider['id']}/facility-lists", {"received_on": "2026-11-20"}
    assert (await sa_pa_officer.post(path, json=body)).status_code == 403
    strange = await lai_chau_province_officer.post(path, json=body)
    assert code_of(strange) == "unit_not_yours"
    adviser = await lao_cai_province_officer.post("/service-providers", json=CENTRE | {"is_facility": False})
    of_none = f"/service-providers/{adviser.json()['id']}/facility-lists"
    assert code_of(await lao_cai_province_officer.post(of_none, json=body)) == "provider_is_no_facility"
    of_nobody = f"/service-providers/{UUID(int=7)}/facility-lists"
    assert code_of(await lao_cai_province_officer.post(of_nobody, json=body)) == "not_found"
    future = await lao_cai_province_officer.post(path, json=body | {"received_on": "2026-11-21"})
    assert future.json()["errors"][0]["code"] == "in_future"
    # Nobody needs a family: that is a list, too, and nothing is to be appraised.
    assert (await lao_cai_province_officer.post(path, json=body)).status_code == 201
    assert (await lao_cai_province_officer.post(path, json={"received_on": "2026-05-20"})).status_code == 201
    assert await due(lao_cai_province_officer) == {"list_review": ("2027-05-20", "/facility-lists")}
    closed = await lao_cai_province_officer.post(
        f"/service-providers/{provider['id']}/close",
        json={"valid_to": "2026-11-20"},
        headers=tag(provider["row_version"]),
    )
    assert closed.status_code == 200, closed.text
    assert await due(lao_cai_province_officer) == {}
    # Its last list may come after that, and no other is awaited.
    assert (await lao_cai_province_officer.post(path, json=body)).status_code == 201
    assert await due(lao_cai_province_officer) == {}


@pytest.mark.committed
async def test_of_two_who_appraise_at_once_one_is_told_and_the_last_ends_the_clock(
    sa_pa_officer, sa_pa_leader, lao_cai_province_officer
):
    sent_list = await received(lao_cai_province_officer, CHILD, CHILD)
    one, other = sent_list["children"]
    # Two lists of one facility at once are both taken, and one clock awaits the next; so with two carers of a commune.
    path = f"/service-providers/{sent_list['provider_id']}/facility-lists"
    days = [{"received_on": day} for day in ("2026-11-18", "2026-11-20")]
    taken = await asyncio.gather(*(lao_cai_province_officer.post(path, json=body) for body in days))
    assert [answer.status_code for answer in taken] == [201, 201]
    assert (await due(lao_cai_province_officer))["list_review"][0] == "2027-05-20"
    await asyncio.gather(registered(sa_pa_officer), registered(sa_pa_officer, full_name="Sùng A Lềnh"))
    carer = await listed(sa_pa_officer, sa_pa_leader)
    bodies = ({"result": "sent", "carer_id": carer["id"]}, {"result": "no_carer", "reason": "Chưa tìm được."})

    async def appraise(child, body):
        address = f"/facility-children/{child['id']}/appraise"
        return (await lao_cai_province_officer.post(address, json=body, headers=tag(1))).status_code

    assert sorted(await asyncio.gather(*(appraise(one, body) for body in bodies))) == [200, 412]
    assert sorted(await asyncio.gather(appraise(other, bodies[1]), appraise(other, bodies[1]))) == [200, 412]
    assert "appraise" not in await due(lao_cai_province_officer)


async def test_the_commune_of_the_carer_decides_in_the_case_that_another_leads(
    case_id, sa_pa_officer, ta_van_officer, ta_van_leader, lao_cai_province_officer
):
    """What it was sent by the province it answers in the child's case, through the gate (ADR 0034)."""
    carer, file = await listed(ta_van_officer, ta_van_leader), File(case_id)
    (child,) = (await received(lao_cai_province_officer, CHILD))["children"]
    fits = {"result": "sent", "carer_id": carer["id"]}
    assert (await act(lao_cai_province_officer, child, "appraise", fits)).status_code == 200
    papers = [{"paper": paper, "reference": "4/BC-TT"} for paper in ("facility_admission", "facility_report")]
    await file.do(sa_pa_officer, "/care-needs", NEEDS | {"papers": [*NEEDS["papers"], *papers]})
    await file.do(sa_pa_officer, "/placement-requests", {"commune_id": TA_VAN, "message": "Nhờ xã xem xét."})
    decision = DECISION | {"carer_id": carer["id"], "decided_on": "2026-11-20", "facility_agreed_on": "2026-11-19"}
    placed = await file.do(ta_van_leader, "/placements", decision | {"facility_child_id": child["id"]})
    early = await file.post(ta_van_officer, f"/placements/{placed['id']}/handover", HANDED)
    assert "facility_care_not_ended" in [one["what"] for one in early.json()["missing"]]
    assert "end_care" in await due(lao_cai_province_officer)
    marked = await file.post(
        ta_van_leader, f"/placing-steps/placements/{placed['id']}/entered-in-error", {"reason": "Nhầm trẻ."}
    )
    assert marked.status_code == 200, marked.text
    assert set(await due(ta_van_leader)) == {"decide"}
    assert "end_care" not in await due(lao_cai_province_officer)
    assert (await lao_cai_province_officer.get(f"/facility-children/{child['id']}")).json()["status"] == "sent"
