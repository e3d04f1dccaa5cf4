"""Whose written consent a decision on care takes, whose decision it is, and what is told where nothing is refused."""

from datetime import UTC, datetime

import pytest
from tests.alternative_care.carers import VERIFICATION, listed, registered
from tests.answers import code_of, faults_of
from tests.cases.care import DECISION, HANDED, NEEDS
from tests.cases.stories import ASSESSMENT, File, separation, tag
from tests.exchange.papers.reading import squeezed, text_of

from childcare_api.cases.consenting.to_care import (
    ORPHANED,
)
from childcare_api.shared import clock as time
from childcare_api.units.labels import labels

DISASTER = "disaster_or_conflict"
BY_COURT = "Luật Trẻ em Điều 66.4"


@pytest.fixture(autouse=True)
def _november(clock):
    clock.set(datetime(2026, 11, 20, 3, tzinfo=UTC))


async def lacks(file: File, leader, body) -> list[str]:
    """Return what a decision is refused for."""
    refused = await file.post(leader, "/placements", body)
    assert (refused.status_code, code_of(refused)) == (409, "placement_not_ready"), refused.text
    assert all(one["label_vi"] and one["article"] for one in refused.json()["missing"])
    return [one["what"] for one in refused.json()["missing"]]


async def test_who_is_left_is_stated_or_read_off_the_childs_record_and_never_guessed(
    case_id, sa_pa_officer, sa_pa_leader, clock, rows
):
    file = File(case_id)
    carer = await listed(sa_pa_officer, sa_pa_leader)
    decision = DECISION | {"carer_id": carer["id"], "decided_on": time.today().isoformat()}
    unsaid = {name: value for name, value in NEEDS.items() if name != "parents"} | {"ground": DISASTER}
    told = await file.do(sa_pa_officer, "/care-needs", unsaid)
    assert told["parents"] == {"father": None, "mother": None, "reason": None}
    nobody = {"consent": None}
    assert await lacks(file, sa_pa_leader, decision | nobody) == ["father_unstated", "mother_unstated"]

    mother = {"full_name": "Lý Thị Máy", "relation": "mother", "is_main_carer": True}
    child = {"full_name": "Vàng A Pao", "sex": "male", "born_on": "2018-05-04", "guardians": [mother]}
    await file.do(sa_pa_officer, "/register-child", {"child": child})
    told = await file.do(sa_pa_officer, "/care-needs", unsaid)
    assert told["parents"] == {"father": None, "mother": "left", "reason": None}
    assert await lacks(file, sa_pa_leader, decision | nobody) == ["father_unstated", "mother_consent"]
    for wrong, code in (
        ({"father": "dead", "mother": "left"}, {"/parents/reason": "missing"}),
        ({"father": "gone", "mother": "left", "reason": "Bà kể."}, {"/parents/father": "literal_error"}),
        ({"father": "dead", "mother": "left", "reason": "..."}, {"/parents/reason": "says_nothing"}),
    ):
        assert faults_of(await file.post(sa_pa_officer, "/care-needs", unsaid | {"parents": wrong})) == code
    dead = {"father": "dead", "mother": "left", "reason": "Giấy chứng tử số 4/2024."}
    await file.do(sa_pa_officer, "/care-needs", unsaid | {"parents": dead})
    assert await lacks(file, sa_pa_leader, decision | nobody) == ["mother_consent"]
    measure = {"consent": {"override": {"ground": "protection_measure", "reason": "Đang cách ly."}}}
    unmeasured = ["no_measure_applied", "mother_consent"]
    assert await lacks(file, sa_pa_leader, decision | measure) == unmeasured
    # A separation that was cancelled is no measure any more.
    apart = await file.do(sa_pa_leader, "/separations", separation(time.today()))
    safe = ASSESSMENT | {"risk_level": "low", "carers_ensure_safety": True}
    found = await file.do(sa_pa_officer, "/assessments", safe)
    back = {"decision_number": "9", "decided_on": "2026-11-20", "reason": "Đã an toàn.", "returned_to": "mother"}
    await file.do(sa_pa_leader, f"/separations/{apart['id']}/cancel", back | {"assessment_id": found["id"]})
    assert await lacks(file, sa_pa_leader, decision | measure) == unmeasured

    # Nobody who is dead signs, and nobody signs for a child that was not born yet.
    for giver in (["father"], ["father", "mother"]):
        signed = await file.post(sa_pa_leader, "/placements", decision | {"consent": {"given_by": giver,
                                 "given_on": "2026-11-20"}})  # fmt: skip
        assert faults_of(signed) == {"/consent/given_by": "giver_not_left"}
        assert "the father is dead" in signed.json()["errors"][0]["message"]
    unborn = decision | {"consent": {"given_by": ["mother"], "given_on": "2018-05-03"}}
    assert faults_of(await file.post(sa_pa_leader, "/placements", unborn)) == {"/consent/given_on": "too_early"}
    late = decision | {"consent": {"given_by": ["mother"], "given_on": "2026-11-21"}}
    clock.forward(days=1)
    after = await file.post(sa_pa_leader, "/placements", late)
    assert faults_of(after) == {"/decided_on": "too_early"}
    late["consent"] = {"given_by": ["mother"], "given_on": "2026-11-20"}
    placed = await file.do(sa_pa_leader, "/placements", late)
    assert (placed["notices"], placed["consent"]["given_by"]) == ([], ["mother"])
    stored = await rows("SELECT father, mother, parents_reason FROM case_care_needs ORDER BY id")
    assert [tuple(row) for row in stored] == [
        (None, None, None), (None, "left", None), ("dead", "left", "Giấy chứng tử số 4/2024.")]  # fmt: skip


async def comes_home_by_the_court(file, officer, leader, placed: dict, path: str):
    """Home a child goes once the court has ended its order (Điều 69.4); that nobody found its family safe is told."""
    today = time.today().isoformat()
    home = {"ground": "family_reunited", "decision_number": "40/QĐ-UBND", "ended_on": today, "goes_to": "family"}
    refused = await file.post(leader, f"/placements/{placed['id']}/end", home)
    assert faults_of(refused) == {"/goes_to": "court_order_in_force"}
    assert "69.4" in refused.json()["errors"][0]["message"]
    elsewhere = home | {"goes_to": "other_carer", "ground": "carer_asked"}
    moved = await file.do(leader, f"/placements/{placed['id']}/end", elsewhere)
    assert [one["what"] for one in moved["notices"]] == ["court_ends"]
    await file.do(leader, f"/placement-ends/{moved['end']['id']}/entered-in-error", {"reason": "Chưa chuyển."})
    ended = {"decision_number": "41/QĐ-TA", "decided_on": today, "measures": [], "changes_order": True}
    (lifted,) = (await file.do(officer, path, ended | {"reason": "Đã an toàn."}))["changes"]
    over = await file.do(leader, f"/placements/{placed['id']}/end", home | {"decision_number": "41/QĐ-TA"})
    assert [one["what"] for one in over["notices"]] == ["family_not_found_safe"]
    # The court ended nothing: what was recorded stays, and is told.
    await file.do(officer, f"/court-orders/{lifted['id']}/entered-in-error", {"reason": "Tòa chưa quyết."})
    (over,) = [
        one
        for one in (await officer.get(f"/cases/{file.case_id}/placements")).json()["items"]
        if one["id"] == placed["id"]
    ]
    assert [(one["what"], one["article"]) for one in over["notices"]] == [
        ("court_ends", "Luật Trẻ em Điều 69.4"),
        ("court_order_in_force", "Luật Trẻ em Điều 66.4, 69.4"),
        ("family_not_found_safe", "Luật Trẻ em Điều 69.1.đ; TT 14/2020/TT-BLĐTBXH Điều 13.3.a1"),
    ]
    await file.do(leader, f"/placement-ends/{over['end']['id']}/entered-in-error", {"reason": "Tòa chưa quyết."})


async def test_a_child_of_62_2_goes_into_lasting_care_by_the_court_or_by_its_parents_word(
    assessed_report, sa_pa_officer, sa_pa_leader
):
    report = await assessed_report(emergency=True)
    file = File((await report.open(sa_pa_officer)).json()["cases"][0]["id"])
    today = time.today().isoformat()
    carer = await listed(sa_pa_officer, sa_pa_leader)
    decision = DECISION | {"carer_id": carer["id"], "decided_on": today}
    await file.do(sa_pa_leader, "/separations", separation(time.today()))
    await file.do(sa_pa_officer, "/care-needs", NEEDS)
    # Nothing keeps a child waiting: what the procedure still asks for is told beside the care that is given at once.
    at_once = await file.do(sa_pa_leader, "/placements", decision | {"temporary": True, "consent": None})
    assert [one["what"] for one in at_once["notices"]] == ["father_consent", "mother_consent", "court_decides"]
    read = (await sa_pa_officer.get(f"/cases/{file.case_id}/placements")).json()["items"]
    assert read[0]["notices"] == at_once["notices"]

    one_parent = {"consent": {"given_by": ["mother"], "given_on": today}}
    assert await lacks(file, sa_pa_leader, decision | one_parent) == ["father_consent", "court_decides"]
    measure = {"consent": {"override": {"ground": "protection_measure", "reason": "Đang cách ly."}}}
    assert await lacks(file, sa_pa_leader, decision | measure) == ["court_decides"]
    restricted = {"consent": {"override": {"ground": "rights_restricted", "reason": "Bản án số 2."}}}
    assert await lacks(file, sa_pa_leader, decision | restricted) == ["court_decides"]
    # With every parent's consent the chair decides, as we read it; that the law names the court is told.
    both = await file.do(sa_pa_leader, "/placements", decision)
    assert [(one["what"], one["article"]) for one in both["notices"]] == [("court_decides", BY_COURT)]
    await file.do(sa_pa_leader, f"/placements/{both['id']}/entered-in-error", {"reason": "Mẹ rút lại."})

    asked = {"court": "TAND khu vực 1", "request_number": "3/TTr", "requested_on": today, "reason": "Còn nguy cơ."}
    asked |= {"measures": ["restrict_rights", "separate_and_place"], "grounds": ["harm_may_continue"]}
    request = await file.do(sa_pa_leader, "/court-requests", asked)
    order = {"decision_number": "5/2026/QĐ-TA", "decided_on": today}
    answered = await file.do(
        sa_pa_officer, f"/court-requests/{request['id']}/order", order | {"measures": ["restrict_rights"]}
    )
    assert await lacks(file, sa_pa_leader, decision | measure) == ["court_decides"], "of care it ordered nothing"
    await file.do(sa_pa_officer, f"/court-orders/{answered['answer']['id']}/entered-in-error", {"reason": "Ghi thiếu."})
    answered = await file.do(
        sa_pa_officer, f"/court-requests/{request['id']}/order", order | {"measures": ["separate_and_place"]}
    )
    placed = await file.do(sa_pa_leader, "/placements", decision | {"consent": None})
    assert (placed["court_order_id"], placed["notices"], placed["consent"]) == (answered["answer"]["id"], [], None)
    await file.do(sa_pa_leader, f"/placements/{placed['id']}/entered-in-error", {"reason": "Tòa án tự quyết định."})
    by_court = {"decided_by": "court", "issuer": "TAND khu vực 1", "decision_number": "5/2026/QĐ-TA", "consent": None}
    placed = await file.do(sa_pa_leader, "/placements", decision | by_court)
    assert (placed["court_order_id"], placed["notices"]) == (answered["answer"]["id"], [])
    await comes_home_by_the_court(file, sa_pa_officer, sa_pa_leader, placed, f"/court-requests/{request['id']}/order")
    # An error in the order takes no child out of care.
    wrong = f"/court-orders/{answered['answer']['id']}/entered-in-error"
    await file.do(sa_pa_officer, wrong, {"reason": "Ghi nhầm số."})
    (still,) = [
        one
        for one in (await sa_pa_officer.get(f"/cases/{file.case_id}/placements")).json()["items"]
        if one["id"] == placed["id"]
    ]
    assert (still["in_force"], still["counts"]) == (True, True)


async def test_what_the_court_itself_decided_is_written_down_and_prints_no_decision_of_the_commune(
    case_id, sa_pa_officer, sa_pa_leader
):
    file = File(case_id)
    carer = await listed(sa_pa_officer, sa_pa_leader)
    decision = DECISION | {"carer_id": carer["id"], "decided_on": time.today().isoformat(), "consent": None}
    await file.do(sa_pa_officer, "/care-needs", NEEDS)
    by_court = {"decided_by": "court", "issuer": "TAND khu vực 1", "decision_number": "9/2026/QĐ-TA"}
    placed = await file.do(sa_pa_leader, "/placements", decision | by_court)
    # A typed name of a court is no order: what the file lacks is named, and stays with the decision.
    assert (placed["consent"], placed["court_order_id"]) == (None, None)
    assert [(one["what"], one["article"]) for one in placed["notices"]] == [("court_order_missing", BY_COURT)]
    assert (await sa_pa_officer.get(f"/cases/{case_id}/forms/mau-12")).status_code == 409
    # Who decided decides on the end, too (Điều 69.4): no chair's paper ends what a court decided.
    today = time.today().isoformat()
    end = {"ground": "carer_asked", "decision_number": "10/2026/QĐ-TA", "ended_on": today, "goes_to": "other_carer"}
    ended = await file.do(sa_pa_leader, f"/placements/{placed['id']}/end", end)
    assert [one["what"] for one in ended["notices"]] == ["court_ends", "court_order_missing"]
    assert (await sa_pa_officer.get(f"/cases/{case_id}/forms/mau-16")).status_code == 409
    bound = text_of((await sa_pa_officer.get(f"/cases/{case_id}/forms/case-file")).content, "pdf")
    for number, what in (("9/2026", "Giao trẻ em cho Lù Thị Mẩy"), ("10/2026", "Chấm dứt việc chăm sóc thay thế của")):
        assert squeezed(f"{number}/QĐ-TA") in bound
        assert squeezed(what) in bound
    assert bound.count(squeezed("TAND khu vực 1")) >= 2


async def test_a_child_without_guardian_is_given_one_by_the_same_decision(case_id, sa_pa_officer, sa_pa_leader, rows):
    """Luật Trẻ em, Điều 66.1: no natural guardian, and the carer agrees."""
    file, today = File(case_id), time.today().isoformat()
    this_year = {"born_on": "2008-12-31", "born_on_precision": "year"}
    aunt = await registered(sa_pa_officer, basis="relative_notice", counselled_on=None, **this_year)
    dead = {"parents": {"father": "dead", "mother": "dead", "reason": "Giấy chứng tử."}}
    await file.do(sa_pa_officer, "/care-needs", NEEDS | dead | {"ground": ORPHANED, "found_abandoned": False})
    none = {"consent": {"override": {"ground": "no_natural_guardian", "reason": "Không còn ai."}}}
    decision = DECISION | {"carer_id": aunt["id"], "decided_on": today, "relation": "other_relative"} | none
    for wrong, code in (
        ({"guardian_appointed": True}, "guardian_agreed"),
        ({"guardian_agreed_on": today}, "guardian_agreed"),
        ({"guardian_appointed": True, "guardian_agreed_on": today,
          "consent": {"given_by": ["guardian"], "given_on": today}}, "guardian_is_carer"),
        ({"guardian_appointed": True, "guardian_agreed_on": today, "carer_id": None, "relation": None,
          "provider_id": aunt["id"], "facility_ground": "safe_place"}, "guardian_is_carer"),
    ):  # fmt: skip
        answer = await file.post(sa_pa_leader, "/placements", decision | wrong)
        assert (answer.status_code, [one["code"] for one in answer.json()["errors"]]) == (422, [code]), wrong
    assert await lacks(file, sa_pa_leader, decision) == ["verification"]
    unsaid = (await file.post(sa_pa_leader, "/placements", decision | {"consent": None})).json()["missing"]
    assert [one["what"] for one in unsaid] == ["guardian_consent", "verification"]
    # Who is asked for a guardian that is not there is told what to do, in the words of that ground.
    ground = labels("no_natural_guardian", "placement_consent_grounds")
    assert ground["label_vi"].lower() in unsaid[0]["label_vi"]
    assert ("cử người nhận chăm sóc làm người giám hộ" in unsaid[0]["label_vi"]) is True
    verified = await sa_pa_officer.post(
        f"/carers/{aunt['id']}/verifications", json=VERIFICATION, headers=tag(aunt["row_version"])
    )
    assert verified.status_code == 201, verified.text
    # What is not known of her, and what the officer still owes her, is told; nothing is refused for it.
    open_points = ["counselling", "relative_age_unknown", "guardian_not_appointed"]
    placed = await file.do(sa_pa_leader, "/placements", decision)
    assert [one["what"] for one in placed["notices"]] == open_points
    assert "the chair of the commune makes the carer one by the same decision" in placed["notices"][-1]["label_en"]
    assert [one["article"].split(" Điều ")[1] for one in placed["notices"]] == ["10.3.đ", "63.2.d", "66.1"]
    # Of care that is over nothing of this is open any more.
    end = {"ground": "carer_asked", "decision_number": "32/QĐ-UBND", "ended_on": today, "goes_to": "other_carer"}
    over = await file.do(sa_pa_leader, f"/placements/{placed['id']}/end", end)
    assert over["notices"] == []
    await file.do(sa_pa_leader, f"/placement-ends/{over['end']['id']}/entered-in-error", {"reason": "Nhầm."})
    await file.do(sa_pa_leader, f"/placements/{placed['id']}/entered-in-error", {"reason": "Chưa cử người giám hộ."})
    agreed = {"guardian_appointed": True, "guardian_agreed_on": today}
    placed = await file.do(sa_pa_leader, "/placements", decision | agreed)
    assert (placed["guardian_agreed_on"], [one["what"] for one in placed["notices"]]) == (today, open_points[:2])
    stored = await rows(
        "SELECT guardian_appointed, jsonb_array_length(left_open) AS points FROM case_placements ORDER BY id"
    )
    assert [tuple(row) for row in stored] == [(False, 3), (True, 2)]


async def test_who_has_no_parent_left_or_unheard_ones_is_told_on_every_ground(case_id, sa_pa_officer, sa_pa_leader):
    """Luật Trẻ em, Điều 63.1 b, 66.1: told with the decision, and refused for none of it."""
    file, today = File(case_id), time.today().isoformat()
    carer = await listed(sa_pa_officer, sa_pa_leader)
    decision = DECISION | {"carer_id": carer["id"], "decided_on": today, "consent": None}
    override = {"consent": {"override": {"ground": "no_natural_guardian", "reason": "Không ai nhận cháu."}}}
    parents = {"father": "dead", "mother": "missing", "reason": "Lũ quét."}
    unheard = {"father": "left", "mother": "left", "reason": "Bỏ đi."}
    agreed = {"guardian_appointed": True, "guardian_agreed_on": today}
    for needs, body, told in (
        ({"ground": DISASTER, "parents": parents}, {}, ["guardian_not_appointed"]),
        ({"ground": DISASTER, "parents": parents}, agreed, []),
        ({"ground": DISASTER, "parents": parents}, {"consent": {"given_by": ["guardian"], "given_on": today}}, []),
        ({"ground": "refugee", "parents": None}, {}, ["guardian_not_appointed"]),
        ({"ground": "refugee", "parents": None}, {"decided_by": "court", "issuer": "TAND"}, ["court_order_missing"]),
        ({"ground": ORPHANED, "found_abandoned": False, "parents": unheard}, override,
         ["father_consent", "mother_consent", "guardian_not_appointed"]),
    ):  # fmt: skip
        await file.do(sa_pa_officer, "/care-needs", NEEDS | needs)
        placed = await file.do(sa_pa_leader, "/placements", decision | body)
        assert [one["what"] for one in placed["notices"]] == told, (needs, body)
        assert told[-1:] != ["guardian_not_appointed"] or "no natural one" in placed["notices"][-1]["label_en"]
        await file.do(sa_pa_leader, f"/placements/{placed['id']}/entered-in-error", {"reason": "Làm lại."})


async def test_who_is_no_relative_is_twenty_years_older_was_counselled_and_met_the_child_twice_before(
    case_id, sa_pa_officer, sa_pa_leader
):
    """Luật Trẻ em, Điều 63.2 d; TT 14/2020, Điều 8.4, 10.4 c: where it is known that it fails, it is refused."""
    file, today = File(case_id), time.today().isoformat()
    child = {"full_name": "Vàng A Pao", "sex": "male", "born_on": "2018-05-04"}
    await file.do(sa_pa_officer, "/register-child", {"child": child})
    await file.do(sa_pa_officer, "/care-needs", NEEDS)
    decision = DECISION | {"decided_on": today}
    young = await listed(sa_pa_officer, sa_pa_leader, full_name="Sùng Thị Dua", born_on="2000-01-01")
    assert await lacks(file, sa_pa_leader, decision | {"carer_id": young["id"]}) == ["not_twenty_years_older"]
    notice = await registered(sa_pa_officer, full_name="Giàng Thị Sua", basis="relative_notice", counselled_on=None)
    found = await lacks(file, sa_pa_leader, decision | {"carer_id": notice["id"]})
    assert found == ["verification", "counselling", "not_listed"], "a notice is enough for relatives alone"
    carer = await listed(sa_pa_officer, sa_pa_leader)
    placed = await file.do(sa_pa_leader, "/placements", decision | {"carer_id": carer["id"]})
    for met in (["2026-11-19", "2026-11-20"], ["2026-11-19"]):
        early = await file.post(sa_pa_officer, f"/placements/{placed['id']}/handover", HANDED | {"met_on": met})
        assert [(one["what"], one["article"][-6:]) for one in early.json()["missing"]] == [("met_twice", "10.4.c")]


async def test_whether_a_child_must_be_asked_goes_by_its_age_on_the_day_of_the_decision(
    clock, case_id, sa_pa_officer, sa_pa_leader
):
    """Luật Trẻ em, Điều 60.3: what was decided before the seventh birthday may be written down after it."""
    cases = (await sa_pa_officer.get("/cases")).json()["items"]
    (file,) = [File(one["id"]) for one in cases if one["id"] != str(case_id)]
    carer = await listed(sa_pa_officer, sa_pa_leader)
    unasked = {name: value for name, value in NEEDS.items() if name != "child_wishes"} | {"child_was_asked": False}
    await file.do(sa_pa_officer, "/care-needs", unasked)
    clock.set(datetime(2029, 11, 20, 3, tzinfo=UTC))
    late = await file.post(sa_pa_officer, "/care-needs", unasked)
    assert [one["what"] for one in late.json()["missing"]] == ["child_opinion"]
    decision = DECISION | {"carer_id": carer["id"], "child_was_asked": False, "child_opinion": None}
    assert await lacks(file, sa_pa_leader, decision | {"decided_on": "2029-11-20"}) == ["child_opinion"]
    await file.do(sa_pa_leader, "/placements", decision | {"decided_on": "2026-11-20"})
