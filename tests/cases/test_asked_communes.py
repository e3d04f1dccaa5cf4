"""What a commune reads of a child's case that was only asked to take the child in, or had it in care once."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from tests.alternative_care.carers import listed
from tests.answers import code_of
from tests.cases.care import DECISION, HANDED, NEEDS, VISIT
from tests.cases.moving import answer
from tests.cases.stories import ASSESSMENT, MEASURE, REFERRAL, TRANSFER, File, separation
from tests.people import SA_PA, TA_LENG, TA_VAN

from childcare_api.shared import clock as time

HARM = VISIT | {"occasion": "unplanned", "carer_harmed_child": True, "proposal": "end"}


@pytest.fixture(autouse=True)
def _november(clock):
    clock.set(datetime(2026, 11, 20, 3, tzinfo=UTC))


async def test_who_is_asked_to_take_a_child_reads_of_other_carers_that_there_is_one_and_no_more(
    case_id, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_leader, ta_leng_officer, ta_leng_leader, clock
):
    """The needs, its own question, and what it decides itself; of others' words, names and visits nothing, anywhere."""
    file, there, asked_too = File(case_id), File(case_id), File(case_id)
    await file.do(sa_pa_officer, "/care-needs", NEEDS)
    carer = await listed(ta_van_officer, ta_van_leader)
    await file.do(sa_pa_officer, "/placement-requests", {"commune_id": TA_VAN, "message": "Nhà bà Mẩy."})
    await there.refresh(ta_van_leader)
    placed = await there.do(
        ta_van_leader, "/placements", DECISION | {"carer_id": carer["id"], "decided_on": "2026-11-20"}
    )
    path = f"/placements/{placed['id']}"
    await there.do(ta_van_officer, f"{path}/handover", HANDED | {"met_on": ["2026-11-18", "2026-11-19"]})
    clock.forward(days=3)
    await there.do(ta_van_officer, f"{path}/visits", HARM | {"harm": "Con trai bà Mẩy đánh cháu."})
    await there.do(
        ta_van_officer, f"{path}/end-requests", {"asked_by": "carer", "ground": "carer_asked", "reason": "Bà Mẩy ốm."}
    )
    await file.refresh(sa_pa_officer)
    other = await file.do(sa_pa_officer, "/placement-requests", {"commune_id": TA_VAN, "message": "Nhà cô ở Tả Van."})
    await there.refresh(ta_van_leader)
    await there.do(ta_van_leader, f"/placement-requests/{other['id']}/decline", {"reason": "Nhà bà Mẩy khó khăn."})
    await file.refresh(sa_pa_officer)
    mine = await file.do(sa_pa_officer, "/placement-requests", {"commune_id": TA_LENG, "message": "Bà ở Tả Lèng."})

    async def seen(below: str) -> dict[str, Any]:
        answer = await ta_leng_officer.get(f"/cases/{case_id}{below}")
        assert answer.status_code == 200, (below, answer.text)
        assert not {word for word in ("Mẩy", "Tả Van", carer["id"]) if word in answer.text}, below
        return answer.json()

    for below in ("", "/grants", "/standing", "/separations", "/care-papers", "/forms"):
        await seen(below)
    assert [one["circumstances"] for one in (await seen("/care-needs"))["items"]] == [NEEDS["circumstances"]]
    assert [one["id"] for one in (await seen("/placement-requests"))["items"]] == [mine["id"]]
    assert (await seen("/placements"))["items"] == []
    kinds = [one["kind"] for one in (await seen("/timeline"))["items"]]
    assert kinds == ["care_needs", "placement_requested", "placement", "placement_requested", "placement_requested"]
    for below in ("/visits", "/carer-reports"):
        assert (await ta_leng_officer.get(f"/cases/{case_id}{path}{below}")).status_code == 404
    printed = await ta_leng_officer.get(f"/cases/{case_id}/forms/mau-12", params={"format": "docx"})
    assert (printed.status_code, code_of(printed)) == (409, "form_without_step")

    # That the child is with somebody it is told when it decides; once that has ended, its own care is all it reads.
    aunt = await listed(ta_leng_officer, ta_leng_leader)
    decision = DECISION | {"carer_id": aunt["id"], "decided_on": "2026-11-23", "decision_number": "7"}
    await asked_too.refresh(ta_leng_leader)
    refused = await asked_too.post(ta_leng_leader, "/placements", decision)
    assert (refused.status_code, code_of(refused)) == (409, "child_is_placed")
    await there.refresh(ta_van_leader)
    end = {"ground": "carer_harmed_child", "decision_number": "9", "ended_on": "2026-11-23", "goes_to": "other_carer"}
    await there.do(ta_van_leader, f"{path}/end", end | {"reason": "Nhà bà Mẩy."})
    await asked_too.refresh(ta_leng_leader)
    own = await asked_too.do(ta_leng_leader, "/placements", decision)
    assert [one["id"] for one in (await seen("/placements"))["items"]] == [own["id"]]
    assert [one["answered"] for one in (await seen("/placement-requests"))["items"]] == ["placed"]
    # Nor does the former carer's commune read who has the child now.
    for below in ("/placements", "/placement-requests", "/timeline"):
        told = (await ta_van_officer.get(f"/cases/{case_id}{below}")).text
        assert (aunt["id"] in told, "Tả Lèng" in told) == (False, False), below
    # Who leads the case reads all of it.
    assert len((await sa_pa_leader.get(f"/cases/{case_id}/placements")).json()["items"]) == 2
    [told] = (await sa_pa_leader.get(f"/cases/{case_id}{path}/visits")).json()["items"]
    assert told["harm"] == "Con trai bà Mẩy đánh cháu."


async def test_what_is_recorded_after_the_end_of_the_care_is_not_shown_on_that_day_either(  # noqa: PLR0915 - one story
    case_id, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_leader, clock
):
    """What was there is, until the day ends; an end that was an error shows again what came after it."""
    file, there = File(case_id), File(case_id)
    await file.do(sa_pa_officer, "/care-needs", NEEDS)
    carer = await listed(ta_van_officer, ta_van_leader)

    async def ask() -> str:
        await file.refresh(sa_pa_officer)
        asked = await file.do(sa_pa_officer, "/placement-requests", {"commune_id": TA_VAN, "message": "Chú ở đó."})
        await there.refresh(ta_van_leader)
        return f"/placement-requests/{asked['id']}"

    async def known() -> list[str]:
        """The circumstances that Tả Van reads there, and no step of later than the last of them."""
        told = (await ta_van_officer.get(f"/cases/{case_id}/care-needs")).json()["items"]
        timeline = (await ta_van_officer.get(f"/cases/{case_id}/timeline")).json()["items"]
        assert [one["id"] for one in timeline if one["kind"] == "care_needs"] == [one["id"] for one in told]
        assert [one["id"] for one in timeline if one["kind"] == "separation"] == []
        return [one["circumstances"] for one in told]

    async def goes_on(circumstances: str) -> None:
        await file.refresh(sa_pa_officer)
        await file.do(sa_pa_officer, "/care-needs", NEEDS | {"circumstances": circumstances})

    await there.do(ta_van_leader, f"{await ask()}/decline", {"reason": "Chưa có ai."})
    await goes_on("Mẹ đã về.")
    assert await known() == [NEEDS["circumstances"]]
    await ask()
    assert await known() == [NEEDS["circumstances"], "Mẹ đã về."]
    decision = DECISION | {"carer_id": carer["id"], "decided_on": "2026-11-20"}
    placed = await there.do(ta_van_leader, "/placements", decision)
    end = {"ground": "family_reunited", "decision_number": "1", "ended_on": "2026-11-20", "goes_to": "family"}
    path = f"/placements/{placed['id']}/end"
    ended = await there.do(ta_van_leader, path, end)
    clock.forward(hours=1)
    await goes_on("Cháu ở nhà bạn.")
    assert await known() == [NEEDS["circumstances"], "Mẹ đã về."]
    await file.do(sa_pa_leader, "/separations", separation(clock.at.date()))
    assert (await known(), (await ta_van_leader.get(f"/cases/{case_id}")).json()["separation_id"]) == (
        [NEEDS["circumstances"], "Mẹ đã về."],
        None,
    )
    await there.refresh(ta_van_leader)
    wrong = f"/placing-steps/placement-ends/{ended['end']['id']}/entered-in-error"
    await there.do(ta_van_leader, wrong, {"reason": "Nhầm trẻ."})
    told = (await ta_van_officer.get(f"/cases/{case_id}/care-needs")).json()["items"]
    assert [one["circumstances"] for one in told] == [NEEDS["circumstances"], "Mẹ đã về.", "Cháu ở nhà bạn."]
    await there.do(ta_van_leader, path, end | {"ground": "carer_asked", "goes_to": "other_carer"})
    shown = (await sa_pa_leader.get(f"/cases/{case_id}/grants")).json()["items"]
    assert [one["until_position"] is None for one in shown] == [False, False]

    # A day's grace, to mend what was written wrongly: the head, by whose version that is done, tells nothing of later.
    clock.set(datetime(2026, 11, 20, 16, 59, tzinfo=UTC))
    await file.refresh(sa_pa_officer)
    await file.do(sa_pa_officer, "/emergency-measures", MEASURE)
    of_case, shared = f"/cases/{case_id}", {"shared": True}
    seen, version = (await ta_van_officer.get(of_case)).json(), file.row_version
    left = ("separation_id", "separation_ends_at", "emergency_measure_at", "assessment_id", "review_id", "plan_id")
    assert (seen["row_version"], {seen[name] for name in left}) == (version, {None})
    assert [one["id"] for one in (await ta_van_officer.get("/cases", params=shared)).json()["items"]] == [str(case_id)]
    clock.forward(minutes=1)
    gone = [await ta_van_officer.get(f"{of_case}{part}") for part in ("", "/timeline", "/care-needs", "/standing")]
    gone.append(await there.post(ta_van_leader, wrong, {"reason": "Nhầm trẻ."}))
    assert {one.status_code for one in gone} == {404}
    assert (await ta_van_officer.get("/cases", params=shared)).json()["items"] == []


async def test_who_does_not_lead_a_case_is_told_what_there_is_for_it_to_do(
    case_id, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_leader, ta_leng_officer, clock
):
    file, there = File(case_id), File(case_id)

    async def told(who: httpx.AsyncClient = ta_van_officer) -> tuple[set[str], dict[str, Any]]:
        answer = await who.get(f"/cases/{case_id}/standing")
        assert answer.status_code == 200, answer.text
        possible = answer.json()["possible_now"]
        assert all(one["roles"] and one["article"] for one in possible)
        return {one["operation"] for one in possible}, answer.json()

    await file.do(sa_pa_officer, "/care-needs", NEEDS)
    await file.do(sa_pa_leader, "/grants", {"commune_id": TA_LENG, "kinds": ["review"], "reason": "Bà ở đó."})
    possible, standing = await told(ta_leng_officer)
    assert (possible, "xã khác quản lý" in standing["usually_follows_vi"]) == (set(), True)
    await file.do(sa_pa_officer, "/placement-requests", {"commune_id": TA_VAN, "message": "Nhà bà Mẩy."})
    possible, standing = await told()
    assert possible == {"place_child", "decline_placement"}
    assert (standing["article"], "trả lời đề nghị" in standing["usually_follows_vi"]) == (
        "NĐ 56/2017 Điều 42.5, 42.7, 42.8",
        True,
    )
    assert {"record_assessment", "withdraw_placement_request"} <= (await told(sa_pa_officer))[0]
    await there.refresh(ta_van_leader)
    carer = await listed(ta_van_officer, ta_van_leader)
    decision = DECISION | {"carer_id": carer["id"], "decided_on": "2026-11-20"}
    path = f"/placements/{(await there.do(ta_van_leader, '/placements', decision))['id']}"
    possible, standing = await told()
    assert possible == {"hand_child_over", "request_placement_end", "end_placement"}
    assert standing["usually_follows_en"].startswith("the handing over")
    await there.do(ta_van_officer, f"{path}/handover", HANDED | {"met_on": ["2026-11-18", "2026-11-19"]})
    follows = {"record_placement_visit", "record_carer_report", "request_placement_end", "end_placement"}
    possible, standing = await told()
    assert (possible, standing["usually_follows_en"].startswith("visits")) == (follows, True)
    assert (await told(ta_leng_officer))[0] == set()

    # A child that its carer harms: how it is recorded there that the child was moved, since no measure is (Điều 69.2).
    clock.forward(days=3)
    await there.do(ta_van_officer, f"{path}/visits", HARM | {"harm": "Cháu bị đánh."})
    measured = await there.post(ta_van_officer, "/emergency-measures", MEASURE)
    assert measured.status_code == 404
    possible, standing = await told()
    assert (possible, "69.2" in standing["article"]) == (follows, True)
    assert all("moved_out_at" in standing[f"usually_follows_{one}"] for one in ("vi", "en"))
    waits = (await ta_van_officer.get("/tasks", params={"whose": "my_unit", "subject_id": str(case_id)})).json()[
        "items"
    ]
    [task] = (one for one in waits if one["rule"] == "placement.move_out")
    assert ("lần thăm" in task["title_vi"], "visit" in task["title_en"]) == (True, True)
    end = {"ground": "carer_harmed_child", "decision_number": "9", "ended_on": "2026-11-23", "goes_to": "facility"}
    await there.do(ta_van_leader, f"{path}/end", end)
    assert (await told())[0] == set()


async def test_a_commune_that_is_asked_for_a_service_or_had_the_incident_is_told_its_own_part(
    assessed_report, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_leader, ta_leng_officer
):
    report = await assessed_report()
    case_id = (await report.open(sa_pa_officer, {"unit_id": TA_VAN})).json()["cases"][0]["id"]
    file = File(case_id)

    async def of_the_incident() -> list[str]:
        apart = (await sa_pa_officer.get(f"/cases/{case_id}/standing")).json()
        assert apart["article"] == "NĐ 56/2017 Điều 32.2"
        return [one["operation"] for one in apart["possible_now"]]

    assert await of_the_incident() == ["decide_separation"]
    await file.refresh(sa_pa_leader)
    made = await file.do(sa_pa_leader, "/separations", separation(time.today()))
    assert await of_the_incident() == ["extend_separation"], "it reads no assessment to cancel one on"
    shown = {"commune_id": SA_PA, "kinds": ["assessment"], "reason": "Để hủy bỏ quyết định cách ly."}
    await file.refresh(ta_van_leader)
    await file.do(ta_van_leader, "/grants", shown)
    await file.do(ta_van_officer, "/assessments", ASSESSMENT)
    assert await of_the_incident() == ["extend_separation", "cancel_separation"]
    await file.do(ta_van_leader, f"/separations/{made['id']}/entered-in-error", {"reason": "Nhầm trẻ."})
    assert await of_the_incident() == ["decide_separation"]
    plan_id = await file.plan_submitted(ta_van_officer, time.now())
    approved = await file.approve(ta_van_leader, plan_id, time.today().isoformat())
    service = {"plan_service_id": approved["services"][0]["id"], "commune_id": TA_LENG}
    asked = await file.do(
        ta_van_officer, "/referrals", REFERRAL | service | {"shows": ["assessment"], "names_child": True}
    )
    served = (await ta_leng_officer.get(f"/cases/{case_id}/standing")).json()
    assert [one["operation"] for one in served["possible_now"]] == ["answer_received_referral"]
    assert (asked["id"] is not None, served["article"]) == (True, "NĐ 56/2017 Điều 29.2")


async def test_a_commune_that_is_offered_a_case_is_told_to_take_it_over_or_say_no(
    case_id, sa_pa_officer, sa_pa_leader, ta_van_leader, ta_leng_officer, ta_leng_leader
):
    """In the case itself, if it is shown any of it; and once it has answered, what follows from that."""
    file, answers = File(case_id), {"accept_case_transfer", "decline_case_transfer"}

    async def told(who: httpx.AsyncClient) -> tuple[set[str], str]:
        standing = (await who.get(f"/cases/{case_id}/standing")).json()
        named = {one["operation"]: one for one in standing["possible_now"]}
        assert all(named[one]["roles"] == ["commune_leader"] for one in answers & set(named))
        return set(named), standing["article"]

    async def offered() -> str:
        await file.refresh(sa_pa_leader)
        return (await file.do(sa_pa_leader, "/transfer", TRANSFER | {"residence": {"unit_id": TA_LENG}}))["id"]

    first = await offered()
    assert (await ta_leng_leader.get(f"/cases/{case_id}/standing")).status_code == 404, "the offer is all it sees"
    await file.do(sa_pa_leader, "/grants", {"commune_id": TA_LENG, "kinds": ["review"], "reason": "Bà ở đó."})
    await file.do(sa_pa_leader, "/grants", {"commune_id": TA_VAN, "kinds": ["review"], "reason": "Chú ở đó."})
    for who in (ta_leng_leader, ta_leng_officer):
        assert await told(who) == (answers, "Luật Trẻ em Điều 52.2")
    assert await told(ta_van_leader) == (set(), "NĐ 56/2017 Điều 24.2"), "another one's offer"
    # What a child needs sooner comes first.
    await file.do(sa_pa_officer, "/placement-requests", {"commune_id": TA_LENG, "message": "Nhà bà."})
    assert await told(ta_leng_leader) == (
        {*answers, "place_child", "decline_placement"},
        "NĐ 56/2017 Điều 42.5, 42.7, 42.8",
    )
    assert (await answer(ta_leng_leader, first, "decline", reason="Cháu ở với dì.")).is_success
    assert not (await told(ta_leng_leader))[0] & answers
    assert (await answer(ta_leng_leader, await offered(), "accept")).is_success
    possible, _ = await told(ta_leng_officer)
    assert ({"record_assessment", "offer_case_transfer"} <= possible, possible & answers) == (True, set())
    # The incident was there: that its leader may separate the child is all that is left to it.
    assert await told(sa_pa_leader) == ({"decide_separation"}, "NĐ 56/2017 Điều 32.2")
