"""Parents refuse the plan: a ground of separation, and of asking the court (NĐ 56/2017, Điều 32.1; LQ, Điều 52.3)."""

from datetime import timedelta

from tests.answers import code_of, faults_of
from tests.cases.stories import ASSESSMENT, meeting, separation
from tests.stories.telling import acts, at, clocks, due, judged, opened, plan, recorded, taken

CALL = {
    "channel": "health_facility",
    "category": "abused",
    "harm_kinds": ["neglect"],
    "harm_doers": [{"relation": "father"}, {"relation": "mother"}],
    "children": [{"full_name": "Tẩn A Lềnh", "estimated_age": 4, "sex": "male", "condition": "Suy dinh dưỡng nặng."}],
}
COURT = {
    "court": "Tòa án nhân dân khu vực 3, tỉnh Lào Cai",
    "request_number": "4/TTr-UBND",
    "measures": ["restrict_rights", "separate_and_place"],
    "grounds": ["plan_refused", "harm_may_continue"],
    "reason": "Cha mẹ không thực hiện kế hoạch, không cho cháu điều trị.",
}


async def test_parents_refuse_the_plan(  # noqa: PLR0915 - one story
    clock, sa_pa_officer, sa_pa_leader, sa_pa_inspector, ta_leng_officer
):
    # A clinic reports both parents, so it is an emergency, and neither is asked for wishes (Điều 31.1, 27.1 h).
    clock.set(at("2026-09-07"))
    receipt = await taken(sa_pa_officer, **CALL)
    assert receipt["emergency"] is True
    file = await opened(sa_pa_officer, await judged(sa_pa_officer, receipt["id"]))
    measure = {"measure": "hospital", "description": "Nhập viện điều trị.", "done_by": "BVĐK Sa Pa"}
    await file.do(sa_pa_officer, "/emergency-measures", measure)
    young = {"child_was_asked": False, "child_wishes": None, "child_not_asked_reason": "Cháu mới 4 tuổi."}
    await file.do(sa_pa_officer, "/assessments", ASSESSMENT | young | {"carers_wishes": []})
    await file.do(sa_pa_officer, "/meetings", meeting(clock.at))
    drafted = await file.do(sa_pa_officer, "/intervention-plans", plan("2026-09-09", "2026-12-31"))
    await file.do(sa_pa_officer, f"/intervention-plans/{drafted['id']}/submit", {})
    decided = await file.approve(sa_pa_leader, drafted["id"], "2026-09-07")

    # Parents must carry the plan out (Điều 29.3). They take the paper, take the boy out of hospital, and say no.
    clock.set(at("2026-09-09"))
    sent = f"/decisions/{decided['decisions'][0]['id']}/sendings"
    parents = {"recipient_kind": "parent_or_carer", "recipient": "Cha, mẹ", "way": "read_aloud"}
    await file.do(sa_pa_officer, sent, parents)
    refusal = {
        "refused_by": ["mother", "father"],
        "whole": True,
        "said": "Cháu không ốm, gia đình tự lo.",
        "explained": "Đã giải thích Điều 29.3 và việc có thể tạm thời cách ly, đề nghị Tòa án.",
    }
    for wrong, place, code in (
        ({"whole": False}, "/refused", "refused"),
        ({"refused": "Khám lại"}, "/refused", "refused"),
        ({"refused_by": []}, "/refused_by", "too_short"),
        ({"refused_by": ["teacher"]}, "/refused_by/0", "literal_error"),
    ):
        assert faults_of(await file.post(sa_pa_officer, "/plan-refusals", refusal | wrong)) == {place: code}
    assert (await file.post(sa_pa_leader, "/plan-refusals", refusal)).status_code == 403
    refused = await file.do(sa_pa_officer, "/plan-refusals", refusal)
    assert (refused["refused_by"], refused["plan_id"]) == (["father", "mother"], drafted["id"])
    # They must carry it out all the same: the plan stays in force, and its review due.
    assert (await file.refresh(sa_pa_officer))["status"] == "implementing"
    assert "plan.review" in await clocks(sa_pa_officer, file.case_id)
    refusal_known = clock.at
    # The chair has twelve hours to say what follows (Điều 32.2). They promise the plan, and take it back next morning.
    assert due((await clocks(sa_pa_leader, file.case_id))["plan.refused"]) == refusal_known + timedelta(hours=12)
    assert "plan.refused" not in await clocks(ta_leng_officer, file.case_id)
    end = f"/plan-refusals/{refused['id']}/end"
    promise = {"reason": "Đã hứa đưa cháu trở lại viện."}
    assert (await file.post(sa_pa_leader, end, promise)).status_code == 403
    assert (await file.post(sa_pa_officer, end, {})).status_code == 422
    ended = await file.do(sa_pa_officer, end, promise)
    assert (ended["id"], ended["end_reason"]) == (refused["id"], promise["reason"])
    assert code_of(await file.post(sa_pa_officer, end, promise)) == "already_ended"
    assert "plan.refused" not in await clocks(sa_pa_leader, file.case_id)
    undone = await file.do(
        sa_pa_officer,
        f"/plan-refusal-ends/{ended['ended_id']}/entered-in-error",
        {"reason": "Không thực hiện lời hứa."},
    )
    assert undone["no_longer_counts"] == [ended["ended_id"]]
    assert due((await clocks(sa_pa_leader, file.case_id))["plan.refused"]) == refusal_known + timedelta(hours=12)

    # Refusing it is a ground of its own; whom the boy is taken from, and where he sleeps, stands in the decision.
    clock.set(at("2026-09-09", 14))
    nurse = {"kind": "social_facility", "name": "Trung tâm Bảo trợ xã hội tỉnh Lào Cai"}
    body = separation(clock.at.date(), grounds=["plan_refused"], separated_from=["father", "mother"], stay=nurse)
    apart = await file.do(sa_pa_leader, "/separations", body | {"days": 15, "informed_at": refusal_known.isoformat()})
    assert (apart["grounds"], apart["stay"]["kind"]) == (["plan_refused"], "social_facility")
    assert (apart["decided_in_time"], apart["decide_by"]) == (True, "2026-09-09T13:00:00Z")
    assert [one["what"] for one in apart["may_follow"]] == ["return_to_family", "alternative_care", "court_request"]
    assert "plan.refused" not in await clocks(sa_pa_leader, file.case_id)
    end = (await clocks(sa_pa_leader, file.case_id))["separation.end"]
    assert due(end).date().isoformat() == "2026-09-24"

    # Nothing changes, and fifteen days are all the commune has: the chair, and nobody else, asks the court.
    clock.set(at("2026-09-21"))
    requested = COURT | {"requested_on": "2026-09-21"}
    assert (await file.post(sa_pa_officer, "/court-requests", requested)).status_code == 403
    groundless = await file.post(sa_pa_leader, "/court-requests", requested | {"grounds": []})
    assert groundless.status_code == 422
    asked = await file.do(sa_pa_leader, "/court-requests", requested)
    assert (asked["measures"], asked["stands_on"]) == (["restrict_rights", "separate_and_place"], [apart["id"]])
    # That answers for day fifteen; the boy stays where he is, so the case cannot be closed over his head.
    assert "separation.end" not in await clocks(sa_pa_leader, file.case_id)
    assert (await file.refresh(sa_pa_leader))["separation_id"] == apart["id"]
    closing = await file.post(sa_pa_leader, "/close", {})
    assert closing.status_code == 409, code_of(closing)

    # The court sends it back, so somebody has to say again where the boy goes; and then it orders what was asked.
    clock.set(at("2026-09-23"))
    path = f"/court-requests/{asked['id']}"
    back = {"decided_on": "2026-09-23", "reason": "Chưa đủ chứng cứ."}
    early = await file.post(sa_pa_officer, f"{path}/refusal", back | {"decided_on": "2026-09-20"})
    assert faults_of(early) == {"/decided_on": "too_early"}
    sent_back = await file.do(sa_pa_officer, f"{path}/refusal", back)
    assert (sent_back["answer"]["kind"], sent_back["answer"]["reason"]) == ("court_refused", "Chưa đủ chứng cứ.")
    assert due((await clocks(sa_pa_leader, file.case_id))["separation.end"]).date().isoformat() == "2026-09-24"
    twice = await file.post(sa_pa_officer, f"{path}/refusal", back)
    assert (twice.status_code, code_of(twice)) == (409, "court_answered")
    again = await file.do(sa_pa_leader, "/court-requests", requested | {"requested_on": "2026-09-23"})
    assert "separation.end" not in await clocks(sa_pa_leader, file.case_id)
    clock.set(at("2026-10-12"))
    order = {"decision_number": "9/2026/QĐST-HNGĐ", "decided_on": "2026-10-09", "measures": ["restrict_rights"]}
    path = f"/court-requests/{again['id']}/order"
    backwards = await file.post(sa_pa_officer, path, order | {"valid_to": "2026-10-08"})
    assert (backwards.status_code, backwards.json()["errors"][0]["pointer"]) == (422, "/valid_to")
    ordered = await file.do(sa_pa_officer, path, order | {"valid_to": "2027-10-09"})
    assert (ordered["answer"]["kind"], ordered["answer"]["measures"]) == ("court_granted", ["restrict_rights"])
    assert "separation.end" not in await clocks(sa_pa_leader, file.case_id)
    # A refusal that was never spoken is marked, and the first request counts as asked again.
    (first, _) = (await sa_pa_officer.get(f"/cases/{file.case_id}/court-requests")).json()["items"]
    await file.do(sa_pa_officer, f"/court-refusals/{first['answer']['id']}/entered-in-error", {"reason": "Nhầm."})
    (first, _) = (await sa_pa_officer.get(f"/cases/{file.case_id}/court-requests")).json()["items"]
    assert first["answer"] is None

    assert await acts(sa_pa_officer, file) == [
        *("opening", "emergency_measure", "assessment", "meeting", "plan_drafted", "plan_submitted", "plan_approved"),
        *(
            "decision_sent",
            "plan_refused",
            "plan_refusal_ended",
            "separation",
            "court_request",
            "court_refused",
            "court_request",
        ),
        "court_granted",
    ]
    told = await recorded(sa_pa_inspector, file.case_id)
    assert [one for one in told if one in ("case.plan_refused", "case.court_refused", "case.court_ordered")] == [
        "case.plan_refused", "case.court_refused", "case.court_ordered"]  # fmt: skip
    assert (await ta_leng_officer.get(f"/cases/{file.case_id}/court-requests")).status_code == 404
