"""A plan goes to a parent or carer (NĐ 56/2017, Điều 28.5), and the sender is told where that may be the harm-doer."""

from datetime import timedelta

import pytest
from tests.cases.stories import INITIAL_ASSESSMENT, REPORT, File, Report, keyed, tag

from childcare_api.shared import clock as time


@pytest.fixture
async def receive_by_carer(sa_pa_officer) -> File:
    """A case of a child whom somebody harmed who cares for it, and is none of its family."""
    at = {"received_at": (time.now() - timedelta(hours=1)).isoformat()}
    body = REPORT | at | {"harm_doers": [{"relation": "acquaintance", "cares_for_child": True}]}
    taken = (await sa_pa_officer.post("/intakes", json=body, headers=keyed())).json()
    path, version = f"/intakes/{taken['id']}", tag(taken["row_version"])
    file = (await sa_pa_officer.post(f"{path}/assess", json=INITIAL_ASSESSMENT, headers=version)).json()
    report = Report(file["id"], [file["children"][0]["id"]], time.now(), file["row_version"])
    return File((await report.open(sa_pa_officer)).json()["cases"][0]["id"])


@pytest.mark.parametrize(("relation", "code"), [("step_parent", "may_be_harm_doer"), ("neighbour", None)])
async def test_a_plan_that_may_have_gone_to_who_harmed_the_child_is_told(
    assessed_report, sa_pa_officer, sa_pa_leader, relation, code
):
    report = await assessed_report(emergency=code is not None, relation=relation)
    file = File((await report.open(sa_pa_officer)).json()["cases"][0]["id"])
    plan_id = await file.plan_submitted(sa_pa_officer, time.now())
    decision = await file.approve(sa_pa_leader, plan_id, time.today().isoformat())
    path = f"/decisions/{decision['decisions'][0]['id']}/sendings"
    to_family = {"recipient_kind": "parent_or_carer", "recipient": "Lý A Sử", "way": "in_person"}
    for more, warned in (
        ({}, code),
        ({"way": "not_possible", "not_sent_reason": "Người này đang bị cách ly khỏi trẻ em."}, None),
        ({"recipient_kind": "implementing_body", "recipient": "Trạm Y tế xã"}, None),
    ):
        sent = await file.do(sa_pa_officer, path, to_family | more)
        assert [one["code"] for one in sent["warnings"]] == ([] if warned is None else [warned])
        assert all("Step-parent" in one["message_en"] and "Cha dượng" in one["message_vi"] for one in sent["warnings"])
    listed = (await sa_pa_officer.get(f"/cases/{file.case_id}/sendings")).json()["items"]
    assert [len(one["warnings"]) for one in listed] == [int(code is not None), 0, 0]


async def test_who_was_found_since_is_meant_too_and_the_other_parent_is_not(case_id, sa_pa_officer, sa_pa_leader):
    """No report named one of the family: the officer found out. The mother, in the case by name, is not meant."""
    file = File(case_id)
    for role, relation, name in (
        ("parent", "mother", "Lù Thị Mẩy"),
        ("carer", "carer", "Giàng A Tráng"),
        ("alleged_harm_doer", "father", "Vàng A Sử"),
    ):
        added = await file.do(sa_pa_officer, "/parties", {"role": role, "relation": relation, "full_name": name})
    plan_id = await file.plan_submitted(sa_pa_officer, time.now())
    decision = await file.approve(sa_pa_leader, plan_id, time.today().isoformat())
    path = f"/decisions/{decision['decisions'][0]['id']}/sendings"
    for name, warned in (("Vàng A Sử", True), ("Ai đó", True), ("LÙ THỊ MẨY", False), ("Giàng A Tráng", True)):
        to = {"recipient_kind": "parent_or_carer", "recipient": name, "way": "in_person"}
        sent = await file.do(sa_pa_officer, path, to)
        assert [one["code"] for one in sent["warnings"]] == ["may_be_harm_doer"] * warned, name
        assert all(" Father." in one["message_en"] for one in sent["warnings"])
    await file.do(sa_pa_officer, f"/parties/{added['id']}/entered-in-error", {"reason": "Nhầm người."})
    listed = (await sa_pa_officer.get(f"/cases/{case_id}/sendings")).json()["items"]
    assert [one["warnings"] for one in listed] == [[]] * 4


async def test_a_carer_by_whatever_relation_is_meant(receive_by_carer, sa_pa_officer, sa_pa_leader):
    """Who cares for the child and is called an acquaintance is sent the plan as its carer."""
    file = receive_by_carer
    plan_id = await file.plan_submitted(sa_pa_officer, time.now())
    decision = await file.approve(sa_pa_leader, plan_id, time.today().isoformat())
    path = f"/decisions/{decision['decisions'][0]['id']}/sendings"
    to = {"recipient_kind": "parent_or_carer", "recipient": "Lý A Sử", "way": "post"}
    (said,) = (await file.do(sa_pa_officer, path, to))["warnings"]
    assert "Another carer" in said["message_en"]
