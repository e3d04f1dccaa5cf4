"""A sealed case whose child another commune follows in care: there for its leader, and for whom that leader names."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from tests.alternative_care.carers import listed
from tests.answers import code_of, faults_of
from tests.cases.care import DECISION, HANDED, NEEDS, VISIT, due
from tests.cases.moving import answer
from tests.cases.stories import REFERRAL, TRANSFER, File, keyed, tag
from tests.cases.test_carer_harms import in_care_of_ta_van
from tests.cases.test_harm_and_other_children import in_care
from tests.people import LAO_CAI, PEOPLE, SA_PA, TA_VAN

from childcare_api.shared.ids import new_id

SEAL = {"level": "sealed", "reason": "Báo chí đang tìm hiểu."}
UNPLANNED = VISIT | {"occasion": "unplanned"}
END = {"ground": "carer_asked", "decision_number": "9", "goes_to": "other_carer"}
ELSEWHERE = {"followed_elsewhere", "unseen_elsewhere"}


@pytest.fixture(autouse=True)
def _november(clock):
    clock.set(datetime(2026, 11, 20, 3, tzinfo=UTC))


async def put(who: httpx.AsyncClient, case_id: UUID, below: str, **body: Any) -> httpx.Response:
    """Put who sees the case, with the version that the caller sees; a stranger's is of nothing."""
    head = await who.get(f"/cases/{case_id}")
    version = head.json()["row_version"] if head.is_success else 1
    return await who.put(f"/cases/{case_id}{below}", json=body, headers=tag(version) | keyed())


async def sealed(leader: httpx.AsyncClient, case_id: UUID, **body: Any) -> dict[str, Any]:
    """Seal a case; return the answer, its warnings by their codes."""
    answered = await put(leader, case_id, "/confidentiality", **SEAL | body)
    assert answered.status_code == 200, answered.text
    return answered.json() | {"warnings": {one["code"]: one for one in answered.json()["warnings"]}}


async def tell_here(leader: httpx.AsyncClient, case_id: UUID, *people: str) -> dict[str, Any]:
    """Name who of the commune that follows the child sees the case."""
    named = [str(PEOPLE[one].id) for one in people]
    answered = await put(leader, case_id, "/recipients-here", recipients=named, reason="Người đến thăm cháu.")
    assert answered.status_code == 200, answered.text
    assert [one["user_id"] for one in answered.json()["recipients"]] == named
    return answered.json()


async def waiting(who: httpx.AsyncClient, case_id: UUID, whose: str) -> dict[str, bool]:
    """What runs about a case for who asks, and whether it is left over from others."""
    tasks = (await who.get("/tasks", params={"whose": whose, "case_id": str(case_id)})).json()["items"]
    of_care = [one for one in tasks if one["rule"].startswith("placement.")]
    return {one["rule"].removeprefix("placement."): one["left_over"] for one in of_care}


async def test_the_leader_there_names_the_officer_who_visits_and_ends_it(  # noqa: PLR0915 - one story
    case_id, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_second_officer, ta_van_leader, clock, events
):
    """Nobody forgets the child: what no officer there may see is the leader's task until one is named."""
    there, path = await in_care_of_ta_van(case_id, sa_pa_officer, ta_van_officer, ta_van_leader)
    visits, sought = f"/cases/{case_id}{path}/visits", {"commune_ids": [TA_VAN]}
    clocks = await due(ta_van_officer)
    own = {"recipients": [str(PEOPLE["sa_pa_officer"].id)]}
    told = await sealed(sa_pa_leader, case_id, **own)
    assert told["warnings"].keys() & ELSEWHERE == {"followed_elsewhere"}
    assert told["warnings"]["followed_elsewhere"].items() >= sought.items()
    assert await due(ta_van_officer) == {}
    assert await due(ta_van_leader) == clocks
    assert set((await waiting(ta_van_leader, case_id, "mine")).values()) == {True}
    standing = (await ta_van_leader.get(f"/cases/{case_id}/standing")).json()
    assert "set_recipients_here" in {one["operation"] for one in standing["possible_now"]}
    assert (await ta_van_leader.get(visits)).status_code == 200
    assert (await ta_van_leader.get(f"/cases/{case_id}/recipients-here")).json()["recipients"] == []

    body = {"recipients": [str(PEOPLE["ta_van_officer"].id)], "reason": "Người đến thăm cháu."}
    bare = await ta_van_leader.put(f"/cases/{case_id}/recipients-here", json=body)
    assert (bare.status_code, code_of(bare)) == (428, "version_required")
    old = await ta_van_leader.put(f"/cases/{case_id}/recipients-here", json=body, headers=tag(1))
    assert (old.status_code, code_of(old)) == (412, "stale_version")
    for stranger in (str(PEOPLE["sa_pa_officer"].id), str(PEOPLE["lao_cai_province_officer"].id), str(uuid4())):
        wrong = await put(ta_van_leader, case_id, "/recipients-here", **body | {"recipients": [stranger]})
        assert faults_of(wrong) == {"/recipients": "no_such_record"}
    for nobody, status in ((ta_van_officer, 403), (sa_pa_leader, 409)):
        assert (await put(nobody, case_id, "/recipients-here", **body)).status_code == status
    assert (await ta_van_officer.get(f"/cases/{case_id}/recipients-here")).status_code == 404

    named = await tell_here(ta_van_leader, case_id, "ta_van_officer")
    assert named["row_version"] == there.row_version + 2
    assert await due(ta_van_officer) == clocks
    assert await waiting(ta_van_leader, case_id, "mine") == {}
    await there.refresh(ta_van_officer)
    clock.forward(hours=1)
    visit = await there.do(ta_van_officer, f"{path}/visits", UNPLANNED)
    assert [one["id"] for one in (await ta_van_officer.get(visits)).json()["items"]] == [visit["id"]]
    assert (await ta_van_officer.get(f"/cases/{case_id}/confidentiality")).status_code == 404
    assert len((await ta_van_officer.get(f"/cases/{case_id}/recipients-here")).json()["recipients"]) == 1
    assert (await ta_van_second_officer.get(visits)).status_code == 404
    # Who holds the case reads whom the other leader named, and their own list neither names nor drops them.
    again = await sealed(sa_pa_leader, case_id, **own)
    (grant,) = [one["id"] for one in (await sa_pa_leader.get(f"/cases/{case_id}/grants")).json()["items"]]
    assert {(one["user_id"], one["works_in_id"], one["grant_id"]) for one in again["recipients"]} == {
        (str(PEOPLE["sa_pa_officer"].id), SA_PA, None),
        (str(PEOPLE["ta_van_officer"].id), TA_VAN, grant),
    }
    assert (await ta_van_officer.get(visits)).status_code == 200
    (event,) = await events("case.recipients_set_elsewhere")
    assert (event["holder_commune_id"], event["actor_unit_id"], event["reason"]) == (SA_PA, TA_VAN, body["reason"])
    assert event["detail"] == {"commune_id": TA_VAN, "recipients": body["recipients"]}

    await tell_here(ta_van_leader, case_id, "ta_van_second_officer")
    assert [(await who.get(visits)).status_code for who in (ta_van_officer, ta_van_second_officer)] == [404, 200]
    await tell_here(ta_van_leader, case_id)
    assert (await ta_van_second_officer.get(visits)).status_code == 404
    assert await due(ta_van_leader) == clocks
    # What is no longer sealed is there for all of them; sealed once more, it is told to nobody anew.
    await tell_here(ta_van_leader, case_id, "ta_van_officer")
    await put(sa_pa_leader, case_id, "/confidentiality", level="sensitive", reason="Đã yên.")
    assert [(await who.get(visits)).status_code for who in (ta_van_officer, ta_van_second_officer)] == [200, 200]
    unsealed = await put(ta_van_leader, case_id, "/recipients-here", **body)
    assert faults_of(unsealed) == {"/recipients": "recipients_unsealed"}
    await sealed(sa_pa_leader, case_id, **own)
    assert (await ta_van_officer.get(visits)).status_code == 404

    # The end of the care ends it: a day to mend what was written wrongly, and nothing after that.
    await tell_here(ta_van_leader, case_id, "ta_van_officer")
    await there.refresh(ta_van_leader)
    await there.do(ta_van_leader, f"{path}/end", END | {"ended_on": "2026-11-20"})
    assert (await ta_van_officer.get(visits)).status_code == 200
    clock.set(datetime(2026, 11, 20, 17, 1, tzinfo=UTC))
    for who in (ta_van_officer, ta_van_leader):
        assert (await who.get(visits)).status_code == 404
        assert (await who.get("/tasks", params={"whose": "my_unit", "subject_id": str(case_id)})).json()["items"] == []
    told = (await sa_pa_leader.get(f"/cases/{case_id}/confidentiality")).json()
    assert [one["grant_id"] for one in told["recipients"]] == [None]
    assert {one["code"] for one in told["warnings"]} & ELSEWHERE == set()


async def test_a_carer_is_asked_for_in_a_sealed_case_and_the_leader_there_answers(
    case_id, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_leader, clock
):
    await sealed(sa_pa_leader, case_id)
    file, there = File(case_id), File(case_id)
    await file.do(sa_pa_officer, "/care-needs", NEEDS)
    ask = {"commune_id": TA_VAN, "message": "Nhờ xem xét."}
    asked = await file.do(sa_pa_officer, "/placement-requests", ask)
    # A service that is asked of the same commune is for whoever carries it out, and does not fall to the leader.
    await file.do(sa_pa_officer, "/referrals", REFERRAL)
    for who, whose, served in ((ta_van_officer, "mine", True), (ta_van_leader, "mine", False)):
        tasks = (await who.get("/tasks", params={"whose": whose})).json()["items"]
        assert any(one["rule"].startswith("referral.") for one in tasks) is served
    assert [await waiting(who, case_id, "my_unit") for who in (ta_van_officer, ta_van_leader)] == [
        {},
        {"answer": False},
    ]
    assert (await ta_van_officer.get(f"/cases/{case_id}")).status_code == 404
    await there.refresh(ta_van_leader)
    refusal = f"/placement-requests/{asked['id']}/decline"
    assert (await there.post(ta_van_officer, refusal, {"reason": "x"})).status_code == 403
    await tell_here(ta_van_leader, case_id, "ta_van_officer")
    await there.refresh(ta_van_leader)
    await there.do(ta_van_leader, refusal, {"reason": "Nhà chật."})
    # Asked anew, it is the leader's alone again: whom it was told to ended with the answer.
    clock.forward(days=1)
    await file.refresh(sa_pa_officer)
    await file.do(sa_pa_officer, "/placement-requests", ask)
    assert (await ta_van_officer.get(f"/cases/{case_id}")).status_code == 404
    await there.refresh(ta_van_leader)
    carer = await listed(ta_van_officer, ta_van_leader)
    placed = await there.do(
        ta_van_leader, "/placements", DECISION | {"carer_id": carer["id"], "decided_on": "2026-11-21"}
    )
    handed = HANDED | {"met_on": ["2026-11-18", "2026-11-19"]}
    unnamed = await there.post(ta_van_officer, f"/placements/{placed['id']}/handover", handed)
    assert (unnamed.status_code, await waiting(ta_van_leader, case_id, "mine")) == (404, {"hand_over": True})
    await tell_here(ta_van_leader, case_id, "ta_van_officer")
    await there.refresh(ta_van_officer)
    await there.do(ta_van_officer, f"/placements/{placed['id']}/handover", handed)


async def test_who_seals_a_case_is_told_where_nobody_could_follow_the_child_any_more(
    case_id, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_leader, speak_as, rows
):
    """A leader who is kept from it sees nothing, a new one sees it by the post; an officer who is named is somebody."""
    _, path = await in_care_of_ta_van(case_id, sa_pa_officer, ta_van_officer, ta_van_leader)
    visits, acting = f"/cases/{case_id}{path}/visits", speak_as("ta_van_acting_leader")
    assert "unseen_elsewhere" not in (await sealed(sa_pa_leader, case_id))["warnings"]
    await tell_here(ta_van_leader, case_id, "ta_van_officer")
    for key in ("ta_van_leader", "ta_van_officer"):
        await rows(
            "INSERT INTO exclusions (id, subject_id, subject_kind, user_id, ground, reason, named_at, named_by,"
            " unit_id, commune_id, province_id) VALUES ($1, $2, 'case', $3, 'related', 'x', now(), $3, $4, $4, $5)",
            new_id(), case_id, PEOPLE[key].id, SA_PA, LAO_CAI,
        )  # fmt: skip
    for who in (ta_van_leader, ta_van_officer):
        assert (await who.get(visits)).status_code == 404
        assert await due(who) == {}
    assert (await acting.get(visits)).status_code == 200
    assert set((await waiting(acting, case_id, "mine")).values()) == {True}
    assert (await sealed(sa_pa_leader, case_id))["warnings"].keys() & ELSEWHERE == {"followed_elsewhere"}
    await rows(
        "UPDATE assignments SET valid_to = '2026-11-19' WHERE id = $1", PEOPLE["ta_van_acting_leader"].assignment_id
    )
    gone = (await sealed(sa_pa_leader, case_id))["warnings"]
    assert gone["unseen_elsewhere"]["commune_ids"] == [TA_VAN]
    await rows("UPDATE exclusions SET lifted_at = now(), lifted_by = user_id, lift_reason = 'x' WHERE user_id = $1",
               PEOPLE["ta_van_officer"].id)  # fmt: skip
    assert "unseen_elsewhere" not in (await sealed(sa_pa_leader, case_id))["warnings"]
    assert (await ta_van_officer.get(visits)).status_code == 200


async def test_a_sealed_case_moves_and_whoever_follows_the_child_goes_on(
    case_id, sa_pa_officer, sa_pa_leader, sa_pa_second_officer, ta_van_officer, ta_van_leader
):
    """To the commune that follows, whose people are its own then; and from one whose carer keeps the child."""
    file, there = File(case_id), File(case_id)
    await file.do(sa_pa_officer, "/care-needs", NEEDS)
    path = await in_care(file, sa_pa_officer, sa_pa_leader, await listed(sa_pa_officer, sa_pa_leader))
    visits = f"/cases/{case_id}{path}/visits"
    await sealed(sa_pa_leader, case_id, recipients=[str(PEOPLE["sa_pa_second_officer"].id)])
    await file.refresh(sa_pa_leader)
    offered = (await file.do(sa_pa_leader, "/transfer", TRANSFER))["id"]
    assert (await answer(ta_van_leader, offered, "accept")).status_code == 200
    # Whoever opened it did so where it was led; whom the leader named goes on visiting, and is not the new leader's.
    assert [(await who.get(visits)).status_code for who in (sa_pa_officer, sa_pa_second_officer)] == [404, 200]
    assert await due(sa_pa_second_officer) != {}
    now = await sealed(ta_van_leader, case_id, recipients=[str(PEOPLE["ta_van_officer"].id)])
    assert {(one["works_in_id"], one["grant_id"] is None) for one in now["recipients"]} == {
        (SA_PA, False), (TA_VAN, True)}  # fmt: skip
    assert (await sa_pa_second_officer.get(visits)).status_code == 200
    await tell_here(sa_pa_leader, case_id, "sa_pa_second_officer", "sa_pa_officer")
    await there.refresh(ta_van_leader)
    back = (await there.do(ta_van_leader, "/transfer", TRANSFER | {"residence": {"unit_id": SA_PA}}))["id"]
    assert (await answer(sa_pa_leader, back, "accept")).status_code == 200
    told = (await sa_pa_leader.get(f"/cases/{case_id}/confidentiality")).json()["recipients"]
    assert {(one["user_id"], one["grant_id"]) for one in told if one["works_in_id"] == SA_PA} == {
        (str(PEOPLE[one].id), None) for one in ("sa_pa_officer", "sa_pa_second_officer")}  # fmt: skip
    # Beyond what was there while it led, nobody there reads on.
    assert (await ta_van_officer.get(visits)).status_code == 404


async def test_whom_care_that_is_over_was_told_to_is_named_anew_for_other_care_and_where_the_case_moves(
    case_id, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_leader, rows
):
    await in_care_of_ta_van(case_id, sa_pa_officer, ta_van_officer, ta_van_leader)
    await sealed(sa_pa_leader, case_id)
    await tell_here(ta_van_leader, case_id, "ta_van_officer")
    # The care ends today, and another begins.
    await rows("UPDATE case_grants SET valid_to = '2026-11-20' WHERE case_id = $1", case_id)
    other = new_id()
    await rows(
        "INSERT INTO case_grants (id, origin_commune_id, case_id, granted_commune_id, reason, kinds, valid_from,"
        " granted_at, granted_by, unit_id, commune_id, province_id) SELECT $1, origin_commune_id, case_id,"
        " granted_commune_id, reason, kinds, valid_from, granted_at + interval '1 hour', granted_by, unit_id,"
        " commune_id, province_id FROM case_grants WHERE case_id = $2", other, case_id,
    )  # fmt: skip
    for _ in range(2):
        await tell_here(ta_van_leader, case_id, "ta_van_officer")
        in_force = await rows("SELECT grant_id FROM case_recipients WHERE case_id = $1 AND ended_at IS NULL", case_id)
        assert [one["grant_id"] for one in in_force] == [other]
    await rows("UPDATE case_grants SET valid_from = '2026-11-18', valid_to = '2026-11-19' WHERE case_id = $1", case_id)
    file = File(case_id)
    await file.refresh(sa_pa_leader)
    offered = (await file.do(sa_pa_leader, "/transfer", TRANSFER))["id"]
    assert (await answer(ta_van_leader, offered, "accept")).status_code == 200
    assert (await ta_van_officer.get(f"/cases/{case_id}")).status_code == 404
    now = await sealed(ta_van_leader, case_id, recipients=[str(PEOPLE["ta_van_officer"].id)])
    assert [one["grant_id"] for one in now["recipients"]] == [None]
    assert (await ta_van_officer.get(f"/cases/{case_id}")).status_code == 200
