"""The dossier of a child for whom carers are looked for, and the notice that looks for its family."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.alternative_care.carers import listed
from tests.answers import code_of, faults_of
from tests.cases.care import DECISION, NEEDS, PAPERS
from tests.cases.stories import REVIEW, File, separation
from tests.exchange.papers.reading import squeezed, text_of
from tests.people import TA_VAN

from childcare_api.cases.gathering.rules import PAPERS as DOSSIER
from childcare_api.cases.gathering.rules import Gathered, Written, dossier, missing
from childcare_api.shared import clock as time
from childcare_api.shared.ids import new_id

STEP = new_id()


@pytest.fixture(autouse=True)
def _november(clock):
    clock.set(datetime(2026, 11, 20, 3, tzinfo=UTC))


def test_the_dossier_asks_for_what_the_decree_asks_of_this_child():
    def lacking(*, abandoned: bool = False, facility: bool = False, **written: bool) -> list[str]:
        told = {paper: Written(STEP, there) for paper, there in written.items()}
        return [one.code for one in missing(Gathered(told, {"care_needs": STEP}, abandoned, facility))]

    ordinary = ["child_identity_paper", "child_health_certificate", "child_photos"]
    assert lacking() == ordinary
    assert lacking(abandoned=True) == [*ordinary, "abandonment_minutes"]
    assert lacking(facility=True) == [*ordinary, "facility_admission", "facility_report"]
    # "Nếu có" is said of the identity paper alone.
    assert lacking(child_identity_paper=False, child_photos=False) == ["child_health_certificate", "child_photos"]
    nothing = dossier(Gathered({}, {}, found_abandoned=False, in_facility=False))
    assert {one.paper: one.article.rpartition(" ")[2] for one in nothing} == DOSSIER


async def test_papers_are_gathered_one_by_one_and_seen_where_the_carer_lives(
    case_id, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_leader, events, rows
):
    """Điều 38.3, 42.5: whoever decides elsewhere is refused for the same papers, and reads what there is."""
    file, there = File(case_id), File(case_id)
    carer = await listed(ta_van_officer, ta_van_leader)
    await file.do(sa_pa_officer, "/care-needs", NEEDS | {"papers": PAPERS[1:]})
    await file.do(sa_pa_officer, "/placement-requests", {"commune_id": TA_VAN, "message": "Nhờ xem xét."})
    decision = DECISION | {"carer_id": carer["id"], "decided_on": "2026-11-20"}
    await there.refresh(ta_van_leader)
    refused = await there.post(ta_van_leader, "/placements", decision)
    assert [(one["what"], one["article"]) for one in refused.json()["missing"]] == [
        ("child_identity_paper", "NĐ 56/2017 Điều 38.3.a")
    ]
    none = {"papers": [{"paper": "child_identity_paper", "there_is_one": False, "kept_at": "Công an xã xác nhận"}]}
    assert (await file.post(sa_pa_leader, "/care-papers", none)).status_code == 403
    assert (await there.post(ta_van_officer, "/care-papers", none)).status_code == 404
    recorded = await file.do(sa_pa_officer, "/care-papers", none)
    for reader in (sa_pa_leader, ta_van_leader):
        seen = (await reader.get(f"/cases/{case_id}/care-papers")).json()
        assert (seen["missing"], seen["dossier"][0]["status"], seen["found_abandoned"]) == ([], "none_exists", False)
        assert seen["dossier"][0]["step_id"] == seen["items"][0]["id"] == recorded["id"]
    await file.do(sa_pa_officer, f"/care-papers/{recorded['id']}/entered-in-error", {"reason": "Tìm thấy giấy."})
    await there.refresh(ta_van_leader)
    assert (await there.post(ta_van_leader, "/placements", decision)).json()["missing"] == refused.json()["missing"]
    await file.do(sa_pa_officer, "/care-papers", {"papers": PAPERS[:1]})
    await there.refresh(ta_van_leader)
    assert (await there.do(ta_van_leader, "/placements", decision))["in_force"] is True
    assert [event["subject_id"] for event in await events("case.care_papers_recorded")] == [str(case_id)] * 2
    assert len(await rows("SELECT 1 FROM case_care_papers")) == 2


async def test_no_paper_holds_up_care_that_is_given_at_once_or_by_a_court(case_id, sa_pa_officer, sa_pa_leader):
    file = File(case_id)
    carer = await listed(sa_pa_officer, sa_pa_leader)
    await file.do(sa_pa_leader, "/separations", separation(time.today()))
    decision = {"carer_id": carer["id"], "decision_number": "8", "decided_on": "2026-11-20"}
    at_once = await file.do(sa_pa_leader, "/placements", decision | {"temporary": True})
    # What a court decided is carried out; what lacks is told of both, once.
    await file.do(sa_pa_officer, "/care-needs", NEEDS | {"papers": []})
    court = {"decided_by": "court", "issuer": "TAND khu vực 1", "child_was_asked": True, "child_opinion": "Đồng ý."}
    refused = await file.post(sa_pa_leader, "/placements", decision | DECISION)
    assert {one["paper"] for one in PAPERS} <= {one["what"] for one in refused.json()["missing"]}
    ordered = await file.do(sa_pa_leader, "/placements", decision | court)
    for placed in (at_once, ordered):
        told = [one["what"] for one in placed["notices"]]
        assert [told.count(one["paper"]) for one in PAPERS] == [1, 1, 1]


async def test_a_child_found_abandoned_is_given_to_somebody_at_once_and_separated_from_nobody(
    case_id, sa_pa_officer, sa_pa_leader, tasks, clock
):
    """TT 14/2020, Điều 10.1 a2: what follows is decided when nobody has come for the child."""
    file = File(case_id)
    carer = await listed(sa_pa_officer, sa_pa_leader)
    decision = {"carer_id": carer["id"], "decision_number": "8", "decided_on": "2026-11-20", "temporary": True}
    other = await file.post(sa_pa_leader, "/placements", decision)
    assert [one["what"] for one in other.json()["missing"]] == ["separation"]
    left = {"ground": "orphan_abandoned_no_support", "found_abandoned": True} | {
        "parents": {"father": "never_known", "mother": "never_known", "reason": "Không ai biết."}
    }
    none = {"paper": "child_identity_paper", "there_is_one": False}
    await file.do(sa_pa_officer, "/care-needs", NEEDS | left | {"papers": [none, PAPERS[1]]})
    placed = await file.do(sa_pa_leader, "/placements", decision)
    assert "abandonment_minutes" in [one["what"] for one in placed["notices"]]
    for form in ("pdf", "docx"):
        paper = await sa_pa_leader.get(f"/cases/{case_id}/forms/mau-12", params={"format": form})
        said = text_of(paper.content, form)
        assert (squeezed("tạm thời, theo điểm a khoản 1 Điều 10 Thông tư số 14/2020") in said) is True
        assert "Điều32" not in said
    assert {"family.notice", "placement.end_temporary"} & await tasks(case_id) == {"family.notice"}
    up = {"posted_on": "2026-11-20", "until_on": "2026-11-27", "places": ["Trụ sở UBND"]}
    await file.do(sa_pa_officer, "/family-notices", up)
    bound = text_of((await sa_pa_officer.get(f"/cases/{case_id}/forms/case-file")).content, "pdf")
    for said in ("Không có", "112/GKSK", "Trụ sở UBND", "đến hết ngày 27/11/2026"):
        assert squeezed(said) in bound
    running = (await sa_pa_officer.get("/tasks", params={"limit": 200})).json()["items"]
    (now,) = [one for one in running if one["rule"] == "placement.hand_over_now"]
    assert ("bị bỏ rơi" in now["title_vi"], "10.1 a2" in now["article"]) == (True, True)
    due = {one["rule"]: one["due_at"][:10] for one in running}
    assert (due["placement.end_temporary"], due["birth.register"]) == ("2026-11-30", "2026-12-04")
    # Who decides for good while the notice runs is told until when; the birth still wants its paper.
    papers = [{"paper": "child_photos", "kept_at": "Tủ"}, {"paper": "abandonment_minutes", "reference": "2/BB"}]
    await file.do(sa_pa_officer, "/care-papers", {"papers": papers})
    none = {"consent": {"override": {"ground": "no_natural_guardian", "reason": "Không rõ cha mẹ."}}}
    lasting = decision | DECISION | none | {"temporary": False}
    early = await file.do(sa_pa_leader, "/placements", lasting)
    assert [(one["what"], one["article"], one["until_on"]) for one in early["notices"]] == [
        ("family_notice_runs", "TT 14/2020/TT-BLĐTBXH Điều 10.1.a2", "2026-11-27"),
        ("guardian_not_appointed", "Luật Trẻ em Điều 66.1", None),
    ]
    both = {"birth.register", "placement.end_temporary"}
    assert both & await tasks(case_id) == {"birth.register"}
    await file.do(sa_pa_leader, f"/placements/{early['id']}/entered-in-error", {"reason": "Chưa hết thông báo."})
    assert both & await tasks(case_id) == both
    clock.set(datetime(2026, 11, 28, 3, tzinfo=UTC))
    after = await file.do(sa_pa_leader, "/placements", lasting | {"decided_on": "2026-11-28"})
    assert [one["what"] for one in after["notices"]] == ["guardian_not_appointed"]
    await file.do(sa_pa_leader, f"/placements/{after['id']}/entered-in-error", {"reason": "Có người đến nhận."})
    home = {"ground": "family_reunited", "decision_number": "9", "ended_on": "2026-11-28", "goes_to": "family"}
    await file.do(sa_pa_leader, f"/placements/{placed['id']}/end", home)
    assert "placement.end_temporary" not in await tasks(case_id)
    # Nor does a closed case end what its birth still wants; the paper does, and is recorded there.
    plan_id = await file.plan_submitted(sa_pa_officer, time.now())
    await file.approve(sa_pa_leader, plan_id, "2026-11-28")
    await file.tell_everybody(sa_pa_officer)
    await file.do(sa_pa_officer, "/reviews", REVIEW)
    assert (await file.do(sa_pa_leader, "/close", {}))["status"] == "closed"
    assert await tasks(case_id) == {"birth.register"}
    await file.do(sa_pa_officer, "/care-papers", {"papers": PAPERS[:1]})
    assert await tasks(case_id) == set()


async def test_a_child_without_parents_is_given_to_somebody_at_once_and_one_who_has_any_is_separated_first(
    case_id, sa_pa_officer, sa_pa_leader
):
    """No paper keeps an orphan waiting; that nobody was separated from it is told, as all else that is open."""
    file = File(case_id)
    carer = await listed(sa_pa_officer, sa_pa_leader)
    decision = {"carer_id": carer["id"], "decision_number": "8", "decided_on": "2026-11-20", "temporary": True}
    orphan = {"ground": "orphan_abandoned_no_support", "found_abandoned": False}
    for father, mother, more in (("dead", "left", {}), ("dead", "left", orphan), ("rights_restricted", "dead", {})):
        parents = {"father": father, "mother": mother, "reason": "Trưởng thôn kể."}
        await file.do(sa_pa_officer, "/care-needs", NEEDS | more | {"parents": parents})
        refused = await file.post(sa_pa_leader, "/placements", decision)
        assert [one["what"] for one in refused.json()["missing"]] == ["separation"], parents
    gone = {"parents": {"father": "dead", "mother": "missing", "reason": "Lũ quét đêm qua."}, "papers": []}
    await file.do(sa_pa_officer, "/care-needs", NEEDS | {"ground": "disaster_or_conflict"} | gone)
    placed = await file.do(sa_pa_leader, "/placements", decision)
    assert [one["what"] for one in placed["notices"]][:2] == ["separation", "child_opinion"]
    running = (await sa_pa_officer.get("/tasks", params={"limit": 200})).json()["items"]
    due = {one["rule"]: one["due_at"][:10] for one in running}
    assert due["placement.end_temporary"] == "2026-12-07", "as long as a separation, and a working day"
    await file.do(sa_pa_leader, f"/placements/{placed['id']}/entered-in-error", {"reason": "Nhầm người nhận."})
    unknown = {name: value for name, value in NEEDS.items() if name != "parents"}
    await file.do(sa_pa_officer, "/care-needs", unknown | orphan)
    assert (await file.do(sa_pa_leader, "/placements", decision))["in_force"] is True


async def test_bad_papers_and_notices_are_refused(case_id, sa_pa_officer, sa_pa_leader, ta_van_officer, clock, rows):
    file = File(case_id)
    health, photos = {"paper": "child_health_certificate"}, {"paper": "child_photos", "kept_at": "Tủ số 2"}
    for code, papers in (
        ("where_is_it", [health]),
        ("paper_must_exist", [health | {"there_is_one": False}]),
        ("no_such_paper", [{"paper": "child_identity_paper", "there_is_one": False, "reference": "41"}]),
        ("paper_twice", [photos, photos]),
        ("too_short", []),
        ("too_early", [photos | {"dated_on": "2026-05-19"}]),
    ):
        for path, body in (("/care-papers", {}), ("/care-needs", NEEDS)):
            if (code, path) != ("too_short", "/care-needs"):
                refused = await file.post(sa_pa_officer, path, body | {"papers": papers})
                assert (refused.status_code, [*faults_of(refused).values()]) == (422, [code]), (path, papers)
    await file.do(sa_pa_officer, "/care-papers", {"papers": [photos | {"dated_on": "2026-05-20"}]})
    up = {"posted_on": "2026-11-20", "places": ["Trụ sở UBND"]}
    before = (clock.at - timedelta(days=2)).date().isoformat()
    for code, body in (
        ("posted_or_reason", {}),
        ("posted_or_reason", up | {"not_posted_reason": "Đã rõ cha mẹ."}),
        ("places", {"posted_on": "2026-11-20"}),
        ("not_posted", {"not_posted_reason": "Đã rõ cha mẹ.", "number": "5"}),
        ("ends_before_it_begins", up | {"until_on": "2026-11-19"}),
        ("too_early", up | {"posted_on": before}),
        ("in_future", up | {"posted_on": "2026-11-21"}),
    ):
        refused = await file.post(sa_pa_officer, "/family-notices", body)
        assert (refused.status_code, [*faults_of(refused).values()]) == (422, [code]), body
    # No task is done by a paper that bears a later day.
    early = {"happened_at": clock.at.isoformat()}
    clock.forward(days=1)
    later = {"papers": [{"paper": "child_identity_paper", "reference": "41", "dated_on": "2026-11-21"}]}
    for path, body in (("/family-notices", up | {"posted_on": "2026-11-21"}), ("/care-papers", later)):
        assert faults_of(await file.post(sa_pa_officer, path, body | early)) == {"/happened_at": "too_early"}, path
    assert (await file.post(sa_pa_leader, "/family-notices", up)).status_code == 403
    assert (await ta_van_officer.get(f"/cases/{case_id}/family-notices")).status_code == 404
    assert await rows("SELECT 1 FROM case_family_notices") == []


async def test_the_family_of_an_abandoned_child_is_looked_for_until_it_is_known(case_id, sa_pa_officer, tasks, clock):
    """The report on the child's needs says if it was abandoned; whose family is known is not looked for."""
    file = File(case_id)
    needs = NEEDS | {"ground": "orphan_abandoned_no_support"}
    both = {"family.notice", "birth.register"}
    told = await file.do(sa_pa_officer, "/care-needs", needs | {"found_abandoned": True, "papers": []})
    assert await tasks(case_id) & both == {"family.notice"}
    known = await file.do(sa_pa_officer, "/family-notices", {"not_posted_reason": "Bà ngoại nhận ra cháu."})
    assert await tasks(case_id) & both == set()
    await file.do(sa_pa_officer, f"/family-notices/{known['id']}/entered-in-error", {"reason": "Nhầm người."})
    assert await tasks(case_id) & both == {"family.notice"}
    await file.do(sa_pa_officer, "/family-notices", {"posted_on": "2026-11-20", "places": ["Trụ sở UBND"]})
    assert await tasks(case_id) & both == {"birth.register"}
    again = await file.post(sa_pa_officer, "/care-needs", needs)
    assert code_of(again) == "validation_failed"
    await file.do(sa_pa_officer, "/care-needs", needs | {"found_abandoned": False, "papers": []})
    assert await tasks(case_id) & both == set()
    await file.do(sa_pa_officer, f"/care-needs/{told['id']}/entered-in-error", {"reason": "Nhầm."})
    assert await tasks(case_id) & both == set()
