"""A wrong end of the care at a facility is taken back while nobody received the child by it."""

import asyncio
from datetime import UTC, datetime

import pytest
from tests.alternative_care.carers import listed
from tests.answers import code_of
from tests.cases.care import DECISION, HANDED, NEEDS
from tests.cases.stories import File, tag
from tests.cases.test_facility_lists import CHILD, act, due, received

END = {"decision_number": "9/QĐ-SYT", "ended_on": "2026-11-20"}
WRONG = {"reason": "Ghi nhầm số của quyết định."}
MARK = "end-care/entered-in-error"


@pytest.fixture(autouse=True)
def _november(clock):
    clock.set(datetime(2026, 11, 20, 3, tzinfo=UTC))


@pytest.mark.committed
async def test_a_wrong_end_is_awaited_again_until_the_child_was_handed_over(
    case_id, sa_pa_officer, sa_pa_leader, lao_cai_province_officer, clock, events
):
    carer, file, province = await listed(sa_pa_officer, sa_pa_leader), File(case_id), lao_cai_province_officer
    (child,) = (await received(province, CHILD))["children"]
    await act(province, child, "appraise", {"result": "sent", "carer_id": carer["id"]})
    papers = [{"paper": paper, "reference": "4/BC-TT"} for paper in ("facility_admission", "facility_report")]
    await file.do(sa_pa_officer, "/care-needs", NEEDS | {"papers": [*NEEDS["papers"], *papers]})
    decision = DECISION | {"carer_id": carer["id"], "decided_on": "2026-11-20", "facility_agreed_on": "2026-11-19"}
    placed = await file.do(sa_pa_leader, "/placements", decision | {"facility_child_id": child["id"]})
    assert code_of(await act(province, child, MARK, WRONG)) == "facility_child_not_in_state"
    waited = (await due(province))["end_care"]
    await act(province, child, "end-care", END | {"decision_number": "6/QĐ-SYT"})
    clock.set(datetime(2026, 11, 24, 3, tzinfo=UTC))
    unsaid = await act(province, child, MARK, {"reason": "..."})
    assert (unsaid.status_code, (await act(sa_pa_leader, child, MARK, WRONG)).status_code) == (422, 403)
    assert (
        await province.post(f"/facility-children/{child['id']}/{MARK}", json=WRONG, headers=tag(1))
    ).status_code == 412
    marked = (await act(province, child, MARK, WRONG)).json()
    assert (marked["status"], marked["end_decision_number"], marked["ended_by"]) == ("placed", None, None)
    (wrong,) = marked["ends_in_error"]
    assert (wrong["decision_number"], wrong["entered_in_error_reason"]) == ("6/QĐ-SYT", WRONG["reason"])
    assert (await due(province))["end_care"] == waited, "from where it ran"
    assert len(await events("facility_child.care_end_in_error")) == 1
    early = await file.post(sa_pa_officer, f"/placements/{placed['id']}/handover", HANDED)
    assert "facility_care_not_ended" in [one["what"] for one in early.json()["missing"]]

    # Of a handover and an error at once one is told; what the child was handed over by stands.
    await act(province, child, "end-care", END)
    assert "end_care" not in await due(province)
    handover = HANDED | {"met_on": ["2026-11-18", "2026-11-19"]}
    handed, taken = await asyncio.gather(
        file.post(sa_pa_officer, f"/placements/{placed['id']}/handover", handover), act(province, child, MARK, WRONG)
    )
    assert sorted([handed.is_success, taken.is_success]) == [False, True], (handed.text, taken.text)
    if taken.is_success:
        await act(province, child, "end-care", END)
        await file.do(sa_pa_officer, f"/placements/{placed['id']}/handover", handover)
    await file.refresh(sa_pa_officer)
    stands = await act(province, child, MARK, WRONG)
    assert (stands.status_code, code_of(stands)) == (409, "facility_child_handed_over")
    # A handover that was none lets go of it.
    (there,) = (await sa_pa_officer.get(f"/cases/{case_id}/placements")).json()["items"]
    await file.do(sa_pa_officer, f"/placement-handovers/{there['handover']['id']}/entered-in-error", WRONG)
    again = (await act(province, child, MARK, WRONG)).json()
    assert (again["status"], again["ends_in_error"][0]) == ("placed", wrong)


async def test_an_end_that_stood_on_a_wrong_decision_is_taken_back_and_never_written_over(
    case_id, sa_pa_officer, sa_pa_leader, lao_cai_province_officer
):
    carer, file, province = await listed(sa_pa_officer, sa_pa_leader), File(case_id), lao_cai_province_officer
    (child,) = (await received(province, CHILD))["children"]
    fits = {"result": "sent", "carer_id": carer["id"]}
    await act(province, child, "appraise", fits)
    papers = [{"paper": paper, "reference": "4/BC-TT"} for paper in ("facility_admission", "facility_report")]
    await file.do(sa_pa_officer, "/care-needs", NEEDS | {"papers": [*NEEDS["papers"], *papers]})
    decision = DECISION | {"carer_id": carer["id"], "decided_on": "2026-11-20", "facility_agreed_on": "2026-11-19"}
    for number, taken_back in (("1/QĐ-SYT", MARK), ("2/QĐ-SYT", "appraise")):
        placed = await file.do(sa_pa_leader, "/placements", decision | {"facility_child_id": child["id"]})
        await act(province, child, "end-care", END | {"decision_number": number})
        await file.do(sa_pa_leader, f"/placements/{placed['id']}/entered-in-error", WRONG)
        again = (await province.get(f"/facility-children/{child['id']}")).json()
        assert (again["status"], again["end_decision_number"]) == ("sent", number), "it waits from where it waited"
        answer = await act(province, child, taken_back, WRONG if taken_back == MARK else fits)
        assert (answer.status_code, answer.json()["end_decision_number"]) == (200, None)
        assert "end_care" not in await due(province)
    kept = [(one["decision_number"], one["entered_in_error_reason"]) for one in answer.json()["ends_in_error"]]
    assert kept == [("1/QĐ-SYT", WRONG["reason"]), ("2/QĐ-SYT", "Thẩm định lại hồ sơ")]
    assert code_of(await act(province, child, MARK, WRONG)) == "facility_child_not_in_state"
