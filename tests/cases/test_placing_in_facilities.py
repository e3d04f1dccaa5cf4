"""Giving a child into the care of a facility: its places, one after the other and at once."""

import asyncio
from datetime import UTC, datetime

import pytest
from tests.agencies.test_service_providers import CENTRE
from tests.alternative_care.carers import listed
from tests.answers import code_of
from tests.cases.care import DECISION, HANDED, NEEDS, VISIT, due
from tests.cases.stories import File, separation
from tests.people import TA_VAN

from childcare_api.shared import clock as time


@pytest.fixture(autouse=True)
def _november(clock):
    clock.set(datetime(2026, 11, 20, 3, tzinfo=UTC))


async def test_a_facility_has_places_and_a_child_moves_on_from_it_by_decision(  # noqa: PLR0915 - one story
    case_id, sa_pa_officer, sa_pa_leader, lao_cai_province_officer, hoang_mai_officer
):
    body = CENTRE | {"description": CENTRE["description"] | {"places": 1}}
    provider = (await lao_cai_province_officer.post("/service-providers", json=body)).json()["id"]
    file, today = File(case_id), time.today().isoformat()
    await file.do(sa_pa_officer, "/care-needs", NEEDS)
    facility = (
        DECISION
        | {"provider_id": provider, "facility_ground": "no_carer_found", "decided_on": today}
        | {
            "decided_by": "facility_authority",
            "issuer": "Giám đốc Sở Y tế tỉnh Lào Cai",
        }
    )
    closed = await lao_cai_province_officer.post(
        f"/service-providers/{provider}/close", json={"valid_to": "2026-11-30"}, headers={"If-Match": '"1"'}
    )
    assert closed.status_code == 200, closed.text
    late = await file.post(sa_pa_leader, "/placements", facility | {"starts_on": "2026-12-01"})
    assert (late.status_code, code_of(late)) == (409, "provider_closed")
    unasked = await file.post(sa_pa_leader, "/placements", facility | {"facility_agreed_on": today})
    assert [one["code"] for one in unasked.json()["errors"]] == ["no_facility_left"]
    placed = await file.do(sa_pa_leader, "/placements", facility)
    assert (placed["form"], placed["notices"]) == ("facility", [])
    # The province has the care of the year to report (TT 14/2020, Điều 15.1 a6).
    waiting = (await lao_cai_province_officer.get("/tasks", params={"whose": "my_unit"})).json()["items"]
    assert [one["due_at"][:10] for one in waiting if one["rule"] == "care.yearly_report"] == ["2026-12-24"]
    undue = await file.post(sa_pa_officer, f"/placements/{placed['id']}/handover", HANDED)
    assert (code_of(undue), undue.json()["why"]) == ("placement_not_in_state", "in_a_facility")
    assert "no handover is due there" in undue.json()["detail"]
    places = (await hoang_mai_officer.get(f"/service-providers/{provider}/places")).json()
    assert (places["taken"], places["free"]) == (1, 0)
    earlier = await hoang_mai_officer.get(f"/service-providers/{provider}/places", params={"as_of": "2026-11-19"})
    assert earlier.json()["free"] == 1
    seen = (await sa_pa_officer.get(f"/cases/{case_id}/placement-candidates")).json()["facilities"]
    assert [(one["free"], one["against"][0]["what"]) for one in seen] == [(0, "full")]

    carer = await listed(sa_pa_officer, sa_pa_leader)
    # Its facility agrees in writing, and it has met its aunt twice, relative or not (TT 14/2020, Điều 11.2, 11.3).
    late = DECISION | {"carer_id": carer["id"], "relation": "other_relative", "decided_on": "2026-11-19"}
    before = await file.post(sa_pa_leader, "/placements", late | {"facility_agreed_on": today})
    assert [(one["pointer"], one["code"]) for one in before.json()["errors"]] == [("/decided_on", "too_early")]
    to_aunt = DECISION | {"carer_id": carer["id"], "relation": "other_relative", "decided_on": today}
    refused = await file.post(sa_pa_leader, "/placements", to_aunt)
    assert [(one["what"], one["article"]) for one in refused.json()["missing"]] == [
        ("facility_report", "NĐ 56/2017 Điều 38.4.c"),
        ("facility_agreement", "TT 14/2020/TT-BLĐTBXH Điều 11.3"),
    ]
    dossier = (await sa_pa_officer.get(f"/cases/{case_id}/care-papers")).json()["dossier"]
    assert {one["paper"]: (one["status"], one["step_id"]) for one in dossier}["facility_admission"] == (
        "in_case",
        placed["id"],
    )
    await file.do(sa_pa_officer, "/care-papers", {"papers": [{"paper": "facility_report", "reference": "4/BC-TT"}]})
    moved = await file.do(sa_pa_leader, "/placements", to_aunt | {"facility_agreed_on": today})
    assert await due(sa_pa_leader) == {"end_at_facility": "2026-11-27"}
    assert ("not_on_facility_list", "TT 14/2020/TT-BLĐTBXH Điều 5.2") in [
        (one["what"], one["article"]) for one in moved["notices"]
    ]
    met = {"met_on": ["2026-11-18", "2026-11-19"]}
    early = await file.post(sa_pa_officer, f"/placements/{moved['id']}/handover", HANDED | met)
    assert [one["what"] for one in early.json()["missing"]] == ["facility_care_not_ended"]
    end = {"ground": "moved_to_carer", "decision_number": "9/QĐ-SYT", "ended_on": today, "goes_to": "other_carer"}
    await file.do(sa_pa_leader, f"/placements/{placed['id']}/end", end)
    strange = await file.post(sa_pa_officer, f"/placements/{moved['id']}/handover", HANDED)
    assert [one["article"] for one in strange.json()["missing"]] == ["TT 14/2020/TT-BLĐTBXH Điều 11.2"]
    await file.do(sa_pa_officer, f"/placements/{moved['id']}/handover", HANDED | met)
    places = (await sa_pa_officer.get(f"/service-providers/{provider}/places")).json()
    assert (places["taken"], places["free"]) == (0, 1)

    # The facility goes on following the child with the commune (NĐ 56/2017, Điều 46.1).
    alone = await file.do(sa_pa_officer, f"/placements/{moved['id']}/visits", VISIT | {"occasion": "unplanned"})
    assert [one["article"] for one in alone["notices"]] == ["NĐ 56/2017 Điều 46.1"]
    present = {"facility_representative": "Hoàng Thị Nga", "others_present": ["Lý Văn Páo, cộng tác viên"]}
    together = await file.do(
        sa_pa_officer, f"/placements/{moved['id']}/visits", VISIT | present | {"occasion": "unplanned"}
    )
    assert (together["notices"], together["others_present"]) == ([], present["others_present"])
    nameless = await file.post(
        sa_pa_officer, f"/placements/{moved['id']}/visits", VISIT | {"occasion": "unplanned", "others_present": [""]}
    )
    assert nameless.status_code == 422
    listed_visits = (await sa_pa_officer.get(f"/cases/{case_id}/placements/{moved['id']}/visits")).json()["items"]
    assert [one["facility_representative"] for one in listed_visits] == [None, "Hoàng Thị Nga"]


async def test_a_facility_that_ended_its_care_for_a_carer_agrees_all_the_same(
    case_id, sa_pa_officer, sa_pa_leader, lao_cai_province_officer
):
    """TT 14/2020, Điều 11.2, 11.3: whose end was written first makes no other child of it."""
    provider = (await lao_cai_province_officer.post("/service-providers", json=CENTRE)).json()["id"]
    file, today = File(case_id), time.today().isoformat()
    await file.do(sa_pa_officer, "/care-needs", NEEDS)
    facility = DECISION | {"provider_id": provider, "facility_ground": "no_carer_found", "decided_on": today}
    facility |= {"decided_by": "facility_authority", "issuer": "Sở Y tế"}
    placed = await file.do(sa_pa_leader, "/placements", facility)
    end = {"ground": "moved_to_carer", "decision_number": "9/QĐ-SYT", "ended_on": today, "goes_to": "other_carer"}
    await file.do(sa_pa_leader, f"/placements/{placed['id']}/end", end)
    carer = await listed(sa_pa_officer, sa_pa_leader)
    decision = DECISION | {"carer_id": carer["id"], "decided_on": today}
    refused = await file.post(sa_pa_leader, "/placements", decision)
    lacks = [one["what"] for one in refused.json()["missing"]]
    assert lacks == ["facility_report", "facility_agreement"]
    dossier = (await sa_pa_officer.get(f"/cases/{case_id}/care-papers")).json()
    assert [one["what"] for one in dossier["missing"]] == lacks[:1]
    await file.do(sa_pa_officer, "/care-papers", {"papers": [{"paper": "facility_report", "reference": "4/BC-TT"}]})
    # Care given at once in between is no way round it: its agreement stands open, and is asked for in the end.
    await file.do(sa_pa_leader, "/separations", separation(time.today()))
    at_once = await file.do(sa_pa_leader, "/placements", decision | {"temporary": True})
    assert "facility_agreement" in [one["what"] for one in at_once["notices"]]
    refused = await file.post(sa_pa_leader, "/placements", decision)
    assert [one["what"] for one in refused.json()["missing"]] == lacks[1:]
    await file.do(sa_pa_leader, f"/placements/{at_once['id']}/entered-in-error", {"reason": "Chưa giao."})
    agreed = {"facility_agreed_on": today}
    moved = await file.do(sa_pa_leader, "/placements", decision | agreed)
    assert "not_on_facility_list" in [one["what"] for one in moved["notices"]]
    strange = await file.post(sa_pa_officer, f"/placements/{moved['id']}/handover", HANDED)
    assert [one["article"] for one in strange.json()["missing"]] == ["TT 14/2020/TT-BLĐTBXH Điều 11.2"]
    # From that carer it goes to another as any child does.
    again = {"ground": "carer_asked", "decision_number": "10", "ended_on": today, "goes_to": "other_carer"}
    await file.do(sa_pa_leader, f"/placements/{moved['id']}/end", again)
    late = await file.post(sa_pa_leader, "/placements", decision | agreed)
    assert [one["code"] for one in late.json()["errors"]] == ["no_facility_left"]
    moved = await file.do(sa_pa_leader, "/placements", decision)
    # Nor is one left that gave the child home, whatever care at once its own went on from.
    home = again | {"goes_to": "family"}
    await file.do(sa_pa_leader, f"/placements/{moved['id']}/end", home)
    await file.do(sa_pa_leader, "/separations", separation(time.today()))
    for temporary in (True, False):
        placed = await file.do(sa_pa_leader, "/placements", facility | {"temporary": temporary})
    assert placed["continues_id"] is not None
    await file.do(sa_pa_leader, f"/placements/{placed['id']}/end", home | {"ground": "family_reunited"})
    late = await file.post(sa_pa_leader, "/placements", decision | agreed)
    assert [one["code"] for one in late.json()["errors"]] == ["no_facility_left"]


async def test_no_paper_of_a_facility_keeps_a_child_there_who_is_given_to_a_carer_at_once(
    case_id, sa_pa_officer, sa_pa_leader, lao_cai_province_officer, tasks
):
    """Điều 32.4: it goes, and what the facility has still to write is told and waits as a task (48.3)."""
    provider = (await lao_cai_province_officer.post("/service-providers", json=CENTRE)).json()["id"]
    file, today = File(case_id), time.today().isoformat()
    await file.do(sa_pa_officer, "/care-needs", NEEDS)
    facility = {"provider_id": provider, "facility_ground": "no_carer_found", "decided_on": today}
    kept = await file.do(
        sa_pa_leader, "/placements", DECISION | facility | {"decided_by": "facility_authority", "issuer": "Sở Y tế"}
    )
    carer = await listed(sa_pa_officer, sa_pa_leader)
    await file.do(sa_pa_leader, "/separations", separation(time.today()))
    at_once = {"carer_id": carer["id"], "decision_number": "8", "decided_on": today, "temporary": True}
    placed = await file.do(sa_pa_leader, "/placements", at_once)
    assert "facility_agreement" in [one["what"] for one in placed["notices"]]
    handed = await file.do(sa_pa_officer, f"/placements/{placed['id']}/handover", HANDED)
    assert handed["handover"] is not None
    (told,) = [one for one in handed["notices"] if one["what"] == "facility_care_not_ended"]
    assert ("/placements/{id}/end`" in told["label_vi"], "end-care`" in told["label_vi"]) == (True, True)
    assert "placement.end_at_facility" in await tasks(case_id)
    end = {"ground": "moved_to_carer", "decision_number": "9/QĐ-SYT", "ended_on": today, "goes_to": "other_carer"}
    await file.do(sa_pa_leader, f"/placements/{kept['id']}/end", end)
    placements = (await sa_pa_officer.get(f"/cases/{case_id}/placements")).json()["items"]
    assert "facility_care_not_ended" not in [one["what"] for each in placements for one in each["notices"]]


async def test_the_head_of_a_facility_agrees_on_the_plan_and_its_authority_looks_into_the_care(
    case_id, sa_pa_officer, sa_pa_leader, lao_cai_province_officer, ta_van_officer, ta_leng_officer
):
    """TT 14/2020, Điều 9.5, and NĐ 56/2017, Điều 47, with the notice to the commune of the child."""
    provider = (await lao_cai_province_officer.post("/service-providers", json=CENTRE)).json()["id"]
    file, now = File(case_id), time.now()
    today = time.today().isoformat()
    await file.do(sa_pa_officer, "/care-needs", NEEDS)
    facility = DECISION | {"provider_id": provider, "facility_ground": "no_carer_found", "decided_on": today}
    facility |= {"decided_by": "facility_authority", "issuer": "Giám đốc Sở Y tế tỉnh Lào Cai"}
    placed = await file.do(sa_pa_leader, "/placements", facility)
    assert placed["notices"] == []
    plan_id = await file.plan_submitted(sa_pa_officer, now)
    decision = {"decision_number": "12/QĐ-UBND", "decided_on": today}
    refused = await file.post(sa_pa_leader, f"/intervention-plans/{plan_id}/approve", decision)
    assert [(one["what"], one["article"]) for one in refused.json()["missing"]] == [
        ("facility_agreement", "TT 14/2020/TT-BLĐTBXH Điều 9.5")
    ]
    agreed = decision | {"facility_agreed_on": today}
    early = await file.post(
        sa_pa_leader, f"/intervention-plans/{plan_id}/approve", agreed | {"facility_agreed_on": "2030-01-01"}
    )
    assert [one["code"] for one in early.json()["errors"]] == ["in_future"]
    approved = await file.do(sa_pa_leader, f"/intervention-plans/{plan_id}/approve", agreed)
    assert approved["decisions"][0]["facility_agreed_on"] == today

    found = {"inspected_on": today, "body_name": "Sở Y tế tỉnh Lào Cai", "findings": "Trẻ được chăm sóc tốt."}
    inspected = await lao_cai_province_officer.post(
        f"/service-providers/{provider}/inspections", json=found, headers={"If-Match": '"1"'}
    )
    assert inspected.status_code == 201, inspected.text
    [seen] = (await sa_pa_officer.get(f"/cases/{case_id}/placements")).json()["items"]
    assert [(one["what"], one["article"]) for one in seen["notices"]] == [("facility_inspected", "NĐ 56/2017 Điều 47")]
    # A commune that is asked for a carer meanwhile reads the same of it, by the grant.
    await file.do(sa_pa_officer, "/placement-requests", {"commune_id": TA_VAN, "message": "Nhờ tìm gia đình."})
    [shown] = (await ta_van_officer.get(f"/cases/{case_id}/placements")).json()["items"]
    assert shown["notices"] == seen["notices"]
    read = await sa_pa_officer.get(f"/service-providers/{provider}/inspections")
    assert [one["findings"] for one in read.json()["items"]] == [found["findings"]]
    assert (await ta_leng_officer.get(f"/service-providers/{provider}/inspections")).json()["items"] == []


@pytest.mark.committed
async def test_of_two_communes_that_take_the_last_place_at_once_one_is_told(
    assessed_report, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_leader, lao_cai_province_officer, rows
):
    """The database counts, whatever each of them saw; and a stated reason is heard."""
    body = CENTRE | {"description": CENTRE["description"] | {"places": 1}}
    provider = (await lao_cai_province_officer.post("/service-providers", json=body)).json()["id"]
    here = await assessed_report(emergency=False, relation="neighbour")
    there = await assessed_report(emergency=False, relation="neighbour")
    cases = [
        (sa_pa_leader, (await here.open(sa_pa_officer)).json()["cases"][0]["id"]),
        (ta_van_leader, (await there.open(sa_pa_officer, {"unit_id": TA_VAN})).json()["cases"][0]["id"]),
    ]
    for leader, case in cases:
        await File(case).do(leader, "/separations", separation(time.today()))
    facility = {"provider_id": provider, "facility_ground": "safe_place", "temporary": True, "decision_number": "1"}
    facility |= {"decided_on": time.today().isoformat()}

    async def places(leader, case, **more):
        return await File(case).post(leader, "/placements", facility | more)

    answers = await asyncio.gather(*(places(*one) for one in cases))
    assert sorted(one.status_code for one in answers) == [201, 409]
    (refused,) = [one for one in answers if one.status_code == 409]
    assert code_of(refused) == "facility_full"
    late = cases[answers.index(refused)]
    assert (await places(*late, over_places_reason="Cơ sở kê thêm giường.")).status_code == 201
    assert [row["taken"] for row in await rows("SELECT facility_places_taken($1, $2) AS taken", provider, time.today())
            ] == [2]  # fmt: skip
    # Care that goes on there takes no other place.
    leader, case = cases[1 - answers.index(refused)]
    file = File(case)
    await file.do({sa_pa_leader: sa_pa_officer, ta_van_leader: ta_van_officer}[leader], "/care-needs", NEEDS)
    lasting = await file.do(leader, "/placements", facility | DECISION | {"temporary": False})
    assert "facility_authority_decides" in [one["what"] for one in lasting["notices"]]
