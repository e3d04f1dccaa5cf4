"""A report that was put aside is taken up again when something new is learned."""

import asyncio
from datetime import timedelta

import pytest
from tests.answers import code_of, faults_of
from tests.cases.stories import keyed
from tests.intake.test_steps import ASSESSMENT, MEASURE, put_aside, step, tasks_of
from tests.people import SA_PA, TA_VAN

ASIDE = {"reason": "Không có căn cứ"}
NEW = {"reason": "Cô giáo thấy vết bầm mới."}


def _iso(moment) -> str:
    return moment.isoformat().replace("+00:00", "Z")


@pytest.fixture
def receive(sa_pa_officer):
    """Take a report in at Sa Pa, assess it there, and put it aside."""

    async def run(**body):
        posted = await sa_pa_officer.post("/intakes", json={"narrative": "Tiếng khóc."} | body, headers=keyed())
        assert posted.status_code == 201, posted.text
        found = ASSESSMENT | {"emergency": False, "safety_measures": [MEASURE]}
        intake_id = posted.json()["id"]
        assert (await step(sa_pa_officer, intake_id, "assess", found)).status_code == 200
        assert (await step(sa_pa_officer, intake_id, "dismiss", ASIDE, version=2)).status_code == 200
        return intake_id

    return run


async def test_new_facts_take_a_report_up_again_with_clocks_of_its_own(
    clock, receive, sa_pa_officer, sa_pa_leader, ta_van_officer, events
):
    intake_id = await receive(children=[{"full_name": "Lý Thị Mẩy"}])
    aside = clock.at
    clock.forward(days=40)
    told = clock.at - timedelta(hours=3)
    again = "re-examine"
    for body, fault in (
        ({}, {"/reason": "missing"}),
        (NEW | {"happened_at": _iso(aside - timedelta(minutes=1))}, {"/happened_at": "too_early"}),
        (NEW | {"happened_at": _iso(clock.at + timedelta(hours=1))}, {"/happened_at": "in_future"}),
    ):
        assert faults_of(await step(sa_pa_officer, intake_id, again, body, version=3)) == fault
    assert (await step(sa_pa_leader, intake_id, again, NEW, version=3)).status_code == 403
    assert (await step(ta_van_officer, intake_id, again, NEW, version=3)).status_code == 404
    assert code_of(await step(sa_pa_officer, intake_id, again, NEW, version=2)) == "stale_version"

    danger = NEW | {"emergency": True, "happened_at": _iso(told)}
    answer = await step(sa_pa_officer, intake_id, again, danger, version=3)
    assert answer.status_code == 200, answer.text
    file = answer.json()
    assert (file["status"], file["emergency_grounds"], file["dismissed_at"]) == ("acknowledged", ["stated"], None)
    assert file["reexamined_at"] == _iso(told)
    (before,) = file["reexaminations"]
    assert (before["dismiss_reason"], before["dismissed_at"]) == (ASIDE["reason"], _iso(aside))
    tasks = await tasks_of(sa_pa_officer, intake_id)
    assert {rule: task["due_at"] for rule, task in tasks.items()} == {
        rule: _iso(told + timedelta(hours=12)) for rule in ("intake.assess", "emergency.intervene")
    }
    assert code_of(await step(sa_pa_officer, intake_id, again, NEW, version=4)) == "intake_status_forbids"
    [event] = await events("intake.reexamined")
    assert (event["subject_id"], event["holder_commune_id"]) == (intake_id, SA_PA)
    assert NEW["reason"] not in str(event)

    # What was found before stays readable, and says nothing of what is new: it carries no case.
    child = {"children": [{"intake_child_id": file["children"][0]["id"]}]}
    assert code_of(await step(sa_pa_officer, intake_id, "open-case", child, version=4)) == "intake_status_forbids"
    early = ASSESSMENT | {"happened_at": _iso(told - timedelta(minutes=1))}
    assert faults_of(await step(sa_pa_officer, intake_id, "assess", early, version=4)) == {"/happened_at": "too_early"}
    judged = await step(sa_pa_officer, intake_id, "assess", ASSESSMENT, version=4)
    assert [one["emergency"] for one in judged.json()["assessments"]] == [False, True]
    wrong = f"assessments/{judged.json()['assessments'][1]['id']}/entered-in-error"
    undone = await step(sa_pa_officer, intake_id, wrong, {"reason": "Nhầm"}, version=5)
    assert (undone.json()["status"], undone.json()["emergency_grounds"]) == ("acknowledged", ["stated"])
    old = f"assessments/{undone.json()['assessments'][0]['id']}/entered-in-error"
    assert (await step(sa_pa_officer, intake_id, old, {"reason": "Nhầm"}, version=6)).status_code == 200
    tasks = await tasks_of(sa_pa_officer, intake_id)
    assert tasks["intake.assess"]["due_at"] == _iso(told + timedelta(hours=12))
    await step(sa_pa_officer, intake_id, "assess", ASSESSMENT, version=7)
    opened = await step(sa_pa_officer, intake_id, "open-case", child, version=8)
    assert opened.status_code == 201, opened.text
    # The 12 hours of the case run from the new information, not from the call of forty days ago.
    case_id = opened.json()["cases"][0]["id"]
    clock_of_case = (await tasks_of(sa_pa_officer, case_id))["emergency.intervene"]
    assert (clock_of_case["due_at"], clock_of_case["receipt_at"]) == (_iso(told + timedelta(hours=12)), _iso(clock.at))
    assert (await sa_pa_officer.get(f"/cases/{case_id}")).json()["received_at"] == _iso(told)


async def test_a_report_may_be_put_aside_again_and_takes_its_history_to_another_commune(
    clock, receive, sa_pa_officer, ta_van_officer
):
    """Without danger in what is new, an emergency that it was is one again, until somebody assesses it."""
    intake_id = await receive(harm_doers=[{"relation": "father"}])
    for version in (3, 6):
        clock.forward(hours=20)
        answer = await step(sa_pa_officer, intake_id, "re-examine", NEW, version=version)
        assert (answer.status_code, answer.json()["emergency_grounds"]) == (200, ["harm_doer_is_carer"])
        if version == 3:
            refused = await step(sa_pa_officer, intake_id, "dismiss", ASIDE, version=4)
            assert refused.json()["why"] == "not_assessed"
            clock.forward(minutes=1)
            assert await put_aside(sa_pa_officer, intake_id) == 6
    assert (await step(ta_van_officer, intake_id, "acknowledge", version=7)).status_code == 404
    sent = {"to": {"unit_id": TA_VAN}, "reason": "Xảy ra ở Tả Van"}
    assert (await step(sa_pa_officer, intake_id, "transfer", sent, version=7)).status_code == 200
    file = (await ta_van_officer.get(f"/intakes/{intake_id}")).json()
    assert [one["reason"] for one in file["reexaminations"]] == [NEW["reason"]] * 2
    assert set(await tasks_of(ta_van_officer, intake_id)) == {
        "intake.acknowledge", "intake.assess", "emergency.intervene"}  # fmt: skip


@pytest.mark.parametrize(
    ("language", "first", "since"),
    [
        (
            "vi",
            "hãy xem xét lại thông tin: `POST /intakes/{id}/re-examine`.",
            ", lúc thông tin được kết thúc.",
        ),
        ("en", "take it up again first: `POST /intakes/{id}/re-examine`.", ", when it was put aside."),
    ],
)
async def test_a_refusal_names_what_comes_first_and_of_what_a_time_is(
    clock, receive, sa_pa_officer, language: str, first: str, since: str
):
    spoken = {"Accept-Language": language}
    received = clock.at
    clock.forward(hours=1)
    intake_id = await receive(received_at=_iso(received))
    child = (await sa_pa_officer.get(f"/intakes/{intake_id}")).json()["children"][0]["id"]
    steps = {"updates": {"text": "Cháu lại khóc."}, "assess": ASSESSMENT, "acknowledge": {}}
    for command, body in (steps | {"open-case": {"children": [{"intake_child_id": child}]}}).items():
        refused = await step(sa_pa_officer, intake_id, command, body, version=3, **spoken)
        assert (refused.status_code, refused.json()["detail"].endswith(first)) == (409, True), refused.text
    # Also a time before the report itself: the first that may be is when it was put aside.
    for early in (timedelta(minutes=1), timedelta(days=1)):
        body = NEW | {"happened_at": _iso(clock.at - early)}
        refused = await step(sa_pa_officer, intake_id, "re-examine", body, version=3, **spoken)
        [fault] = refused.json()["errors"]
        assert (fault["code"], fault["message"].endswith(since)) == ("too_early", True), refused.text
    taken = await step(sa_pa_officer, intake_id, "re-examine", NEW, version=3, **spoken)
    assert taken.status_code == 200
    again = await step(sa_pa_officer, intake_id, "re-examine", NEW, version=4, **spoken)
    assert "re-examine" not in again.json()["detail"], "only where that comes first"


@pytest.mark.committed
async def test_of_two_who_take_a_report_up_again_at_once_one_does(receive, sa_pa_officer, rows):
    intake_id = await receive()
    answers = await asyncio.gather(*(step(sa_pa_officer, intake_id, "re-examine", NEW, version=3) for _ in range(4)))
    assert sorted(one.status_code for one in answers) == [200, 412, 412, 412]
    assert len(await rows("SELECT 1 FROM intake_reexaminations")) == 1
    assert len(await rows("SELECT 1 FROM tasks WHERE rule_code = 'intake.assess' AND done_at IS NULL")) == 1
