"""A plan goes to a parent or carer (NĐ 56/2017, Điều 28.5), and the sender is told where that may be the harm-doer."""

import pytest
from tests.cases.stories import File

from childcare_api.shared import clock as time


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
