"""Which children stand on a facility's list, and for which child and carer a decision answers it."""

from datetime import UTC, datetime

import pytest
from tests.alternative_care.carers import listed
from tests.answers import faults_of
from tests.cases.care import DECISION, NEEDS
from tests.cases.stories import File
from tests.cases.test_facility_lists import CHILD, act, received


@pytest.fixture(autouse=True)
def _november(clock):
    clock.set(datetime(2026, 11, 20, 3, tzinfo=UTC))


async def test_no_list_is_answered_for_another_child_or_with_another_carer_by_oversight(
    case_id, sa_pa_officer, sa_pa_leader, lao_cai_province_officer
):
    """By the decision the province ends the care of whoever stands there; what nobody knows differs in nothing."""
    carer, file, province = await listed(sa_pa_officer, sa_pa_leader), File(case_id), lao_cai_province_officer
    other = {"full_name": "Sùng Thị Khác", "sex": "female", "born_on": "2021-01-01", "born_on_precision": "year"}
    girl, short = (await received(province, other, {"full_name": "VANG A PAO"}))["children"]
    for child in (girl, short):
        await act(province, child, "appraise", {"result": "sent", "carer_id": carer["id"]})
    papers = [{"paper": paper, "reference": "4/BC-TT"} for paper in ("facility_admission", "facility_report")]
    await file.do(sa_pa_officer, "/care-needs", NEEDS | {"papers": [*NEEDS["papers"], *papers]})
    decision = DECISION | {"carer_id": carer["id"], "decided_on": "2026-11-20", "facility_agreed_on": "2026-11-19"}
    refused = await file.post(sa_pa_leader, "/placements", decision | {"facility_child_id": girl["id"]})
    (error,) = refused.json()["errors"]
    assert (refused.status_code, error["pointer"], error["code"]) == (422, "/facility_child_id", "child_differs")
    assert "name, sex, year of birth" in error["message"]
    assert (await province.get(f"/facility-children/{girl['id']}")).json()["status"] == "sent"
    why = {"same_child_reason": "Cơ sở ghi nhầm tên và giới tính của cháu."}
    # The province found that carer to fit, and nobody else (Điều 45.2); for another one it appraises anew.
    unseen = {"carer_id": (await listed(sa_pa_officer, sa_pa_leader, full_name="Sùng A Lềnh"))["id"]}
    astray = await file.post(sa_pa_leader, "/placements", decision | unseen | {"facility_child_id": short["id"]})
    assert faults_of(astray) == {"/carer_id": "carer_differs"}
    alone = await file.post(sa_pa_leader, "/placements", decision | why)
    assert alone.json()["errors"][0]["code"] == "only_with_a_list"
    placed = await file.do(sa_pa_leader, "/placements", decision | why | {"facility_child_id": girl["id"]})
    assert placed["same_child_reason"] == why["same_child_reason"]
    await file.do(sa_pa_leader, f"/placements/{placed['id']}/entered-in-error", {"reason": "Nhầm trẻ."})
    assert (await file.do(sa_pa_leader, "/placements", decision | {"facility_child_id": short["id"]}))["in_force"]


async def test_a_list_is_of_children_and_tells_who_waits_on_another(
    lao_cai_province_officer, sa_pa_officer, sa_pa_leader, clock
):
    """Under 16 on the day of the list (Luật Trẻ em, Điều 1); who may still be is taken for it."""
    province = lao_cai_province_officer
    first = await received(province, CHILD)
    path = f"/service-providers/{first['provider_id']}/facility-lists"

    async def take(*children: dict):
        return await province.post(path, json={"received_on": "2026-11-20", "children": list(children)})

    for born in ({"born_on": "1990-01-01"}, {"born_on": "2010-11-20"}):
        (error,) = (await take(CHILD, {"full_name": "Lý A Lớn"} | born)).json()["errors"]
        assert (error["pointer"], error["code"]) == ("/children/1/born_on", "not_under_16")
    nearly = ({"born_on": "2010-11-21"}, {"born_on": "2010-11-01", "born_on_precision": "month"})
    older = [{"full_name": "Lý A Lớn"} | born for born in nearly]
    other = CHILD | {"born_on": "2020-03-04"}
    again = (await take(*older, {"full_name": "VÀNG A PAO"}, other)).json()
    # The list of the half year repeats who waits: they are counted, and nobody has to mark an error.
    told = [(one["code"], one["pointer"], one["children"], one["since"]) for one in again["warnings"]]
    assert (first["warnings"], told) == ([], [("still_waiting", "/children", 1, "2026-11-19")])
    # What is listed twice is said of each: by another facility, on one day, or while a commune decides.
    elsewhere = await received(province, CHILD)
    (warned,) = elsewhere["warnings"]
    assert (warned["code"], warned["pointer"], warned["facility_child_id"]) == (
        "listed_before", "/children/0", again["children"][2]["id"])  # fmt: skip
    twice = (await take(other, *older)).json()
    assert [(one["code"], one["pointer"]) for one in twice["warnings"]] == [
        ("listed_before", f"/children/{place}") for place in range(3)
    ]
    carer = await listed(sa_pa_officer, sa_pa_leader)
    sent = {"result": "sent", "carer_id": carer["id"]}
    assert (await act(province, twice["children"][0], "appraise", sent)).is_success
    next_half = {"received_on": "2027-05-18", "children": [other, {"full_name": "Lý A Lớn"}]}
    clock.set(datetime(2027, 5, 18, 3, tzinfo=UTC))
    later = (await province.post(path, json=next_half)).json()
    told = [(one["code"], one["pointer"]) for one in later["warnings"]]
    assert told == [("listed_before", "/children/0"), ("still_waiting", "/children")]
    # One of before the decree waits by it, too.
    assert (await province.post(path, json={"received_on": "2015-02-28", "children": [other]})).status_code == 201
    for child in (first["children"][0], elsewhere["children"][0], again["children"][2]):
        await act(province, child, "entered-in-error", {"reason": "Đã về nhà."})
    assert (await take(CHILD)).json()["warnings"] == [], "of who waits no more nothing is said"
