"""When a report may be put aside, or is marked as an error: what its danger waits for, and what stops with it."""

import pytest
from tests.answers import code_of
from tests.intake.test_steps import ASSESSMENT, receive, step, tasks_of
from tests.people import TA_LENG

__all__ = ["receive"]


async def test_danger_is_put_aside_once_the_last_assessment_found_none(clock, receive, sa_pa_officer, events):
    """Of what was told since, too (NĐ 56/2017, Điều 26.2); nobody waits with sending it on, or with an error."""
    aside = {"reason": "Không có thật"}
    intake_id = await receive(harm_doers=[{"relation": "father"}], children=[{"full_name": "Lý Thị Mẩy"}])
    version = 1
    for command, body, why in (
        ("acknowledge", {}, "not_assessed"),
        ("assess", ASSESSMENT, "not_assessed"),
        ("assess", {**ASSESSMENT, "emergency": False}, "danger_found"),
        ("updates", {"channel": "phone", "text": "Cháu khóc to.", "emergency": True}, None),
        ("assess", {**ASSESSMENT, "emergency": False}, "not_assessed"),
    ):
        running = set(await tasks_of(sa_pa_officer, intake_id))
        if why is not None:
            refused = await step(sa_pa_officer, intake_id, "dismiss", aside, version=version)
            assert (code_of(refused), refused.json()["why"]) == ("emergency_not_refuted", why), command
            assert set(await tasks_of(sa_pa_officer, intake_id)) == running >= {"emergency.intervene"}
        clock.forward(minutes=10)
        answer = await step(sa_pa_officer, intake_id, command, body, version=version)
        assert answer.is_success, answer.text
        version = answer.json()["row_version"]
    wrong = {**aside, "reason": " "}
    assert (await step(sa_pa_officer, intake_id, "dismiss", wrong, version=version)).status_code == 422
    assert (await step(sa_pa_officer, intake_id, "dismiss", aside, version=version)).status_code == 200
    assert (await tasks_of(sa_pa_officer, intake_id), len(await events("intake.dismissed"))) == ({}, 1)

    for command, body in (
        ("transfer", {"to": {"unit_id": TA_LENG}, "reason": "Xảy ra ở Tả Lèng"}),
        ("entered-in-error", {"reason": "Ghi hai lần"}),
    ):
        other = await receive(emergency=True)
        assert (await step(sa_pa_officer, other, command, body)).status_code == 200


@pytest.mark.parametrize(("command", "status"), [("dismiss", "dismissed"), ("entered-in-error", "entered_in_error")])
async def test_a_report_put_aside_stays_readable_and_its_clocks_stop(
    receive, sa_pa_officer, events, command: str, status: str
):
    intake_id = await receive(harm_doers=[{"relation": "neighbour"}])
    answer = await step(sa_pa_officer, intake_id, command, {"reason": "Không có trẻ nào ở đó"})
    assert answer.status_code == 200, answer.text
    assert answer.json()["status"] == status
    assert await tasks_of(sa_pa_officer, intake_id) == {}
    assert (await sa_pa_officer.get(f"/intakes/{intake_id}")).status_code == 200
    assert len(await events(f"intake.{status}")) == 1
    assert (await step(sa_pa_officer, intake_id, "acknowledge", version=2)).status_code == 409
