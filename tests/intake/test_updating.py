"""What was learned later is added to a report: kept beside it, with its own time, author, emergency and 12 hours."""

from datetime import datetime, timedelta

import pytest
from tests.answers import code_of, faults_of
from tests.cases.stories import keyed
from tests.exchange.referring import HERE, refer
from tests.intake.test_steps import ASSESSMENT, MEASURE, put_aside, step, tasks_of
from tests.people import PEOPLE, SA_PA, TA_VAN

from childcare_api.intake.rules import Told, emergencies_of

NEW = {"text": "Bà hàng xóm quay lại: đêm qua lại nghe tiếng khóc.", "channel": "in_person", "told_by": "neighbour"}
CALM = ASSESSMENT | {"emergency": False}


def iso(moment) -> str:
    return moment.isoformat().replace("+00:00", "Z")


async def received(officer, **body) -> str:
    answer = await officer.post("/intakes", json={"narrative": "Tiếng khóc."} | body, headers=keyed())
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


async def added(officer, intake_id: str, version: int, **body) -> dict:
    answer = await step(officer, intake_id, "updates", NEW | body, version=version)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_an_officer_adds_to_a_report_and_what_was_first_told_stays(
    clock, sa_pa_officer, sa_pa_leader, ta_van_officer, lao_cai_province_officer, events, rows
):
    first = clock.at
    intake_id = await received(sa_pa_officer, children=[{"full_name": "Lý Thị Mẩy"}])
    clock.forward(hours=2)
    for body, fault in (
        ({}, {"/text": "missing"}),
        (NEW | {"text": " "}, {"/text": "string_too_short"}),
        (NEW | {"told_by": "aunt"}, {"/told_by": "literal_error"}),
        (NEW | {"happened_at": iso(first - timedelta(minutes=1))}, {"/happened_at": "too_early"}),
        (NEW | {"happened_at": iso(clock.at + timedelta(hours=1))}, {"/happened_at": "in_future"}),
        (NEW | {"recorded_by": intake_id}, {"/recorded_by": "extra_forbidden"}),
    ):
        assert faults_of(await step(sa_pa_officer, intake_id, "updates", body)) == fault
    for who, status in ((sa_pa_leader, 403), (lao_cai_province_officer, 403), (ta_van_officer, 404)):
        assert (await step(who, intake_id, "updates", NEW)).status_code == status
    assert code_of(await step(sa_pa_officer, intake_id, "updates", NEW, version=9)) == "stale_version"

    before = (await sa_pa_officer.get(f"/intakes/{intake_id}")).json()
    key = {"Idempotency-Key": "again"}
    file = (await step(sa_pa_officer, intake_id, "updates", NEW, **key)).json()
    assert (await step(sa_pa_officer, intake_id, "updates", NEW, **key)).json() == file
    [update] = file["updates"]
    assert {name: update[name] for name in NEW} == NEW
    by = str(PEOPLE["sa_pa_officer"].id)
    assert (update["recorded_by"], update["from_source"], update["happened_at"]) == (by, False, iso(clock.at))
    told = {"row_version", "updates"}
    assert {name: file[name] for name in file.keys() - told} == {name: before[name] for name in file.keys() - told}
    [event] = await events("intake.updated")
    assert (event["subject_id"], event["holder_commune_id"]) == (intake_id, SA_PA)
    assert event["detail"] == {"update_id": update["id"], "emergency": False}
    [note] = await rows("SELECT payload FROM outbox WHERE event = 'intake.updated'")
    assert (note["payload"]["update_id"], "text" in note["payload"]) == (update["id"], False)

    # It goes along with the report; put aside, a report is taken up again instead.
    aside = {"reason": "Không có căn cứ"}
    assert (await step(sa_pa_officer, intake_id, "dismiss", aside, version=2)).status_code == 200
    refused = await step(sa_pa_officer, intake_id, "updates", NEW, version=3)
    assert (refused.status_code, code_of(refused)) == (409, "intake_status_forbids")
    await step(sa_pa_officer, intake_id, "re-examine", {"reason": "Cô giáo thấy vết bầm."}, version=3)
    sent = {"to": {"unit_id": TA_VAN}, "reason": "Xảy ra ở Tả Van"}
    assert (await step(sa_pa_officer, intake_id, "transfer", sent, version=4)).status_code == 200
    there = (await ta_van_officer.get(f"/intakes/{intake_id}")).json()
    assert [one["id"] for one in there["updates"]] == [update["id"]]
    assert (await step(sa_pa_officer, intake_id, "updates", NEW, version=5)).status_code == 404
    assert len((await added(ta_van_officer, intake_id, 5))["updates"]) == 2


async def test_new_danger_gives_twelve_hours_of_its_own_and_each_is_judged_by_its_own_measure(
    clock, sa_pa_officer, rows
):
    intake_id = await received(sa_pa_officer, harm_doers=[{"relation": "father"}])
    first = clock.at
    clock.forward(hours=1)
    met = ASSESSMENT | {"safety_measures": [MEASURE]}
    assert (await step(sa_pa_officer, intake_id, "assess", met)).status_code == 200
    assert set(await tasks_of(sa_pa_officer, intake_id)) == {"case.open"}
    clock.forward(days=2)
    second = clock.at - timedelta(hours=3)
    file = await added(sa_pa_officer, intake_id, 2, emergency=True, happened_at=iso(second))
    assert file["emergencies"] == [iso(first), iso(second)]
    assert file["emergency_grounds"] == ["harm_doer_is_carer", "assessed", "told_later"]
    task = (await tasks_of(sa_pa_officer, intake_id))["emergency.intervene"]
    assert (task["starts_at"], task["due_at"]) == (iso(second), iso(second + timedelta(hours=12)))
    assert task["receipt_at"] == iso(clock.at)
    # A third call waits with the second; a measure of fourteen hours later meets the one in time and not the other.
    clock.forward(hours=4)
    third = clock.at
    await added(sa_pa_officer, intake_id, 3, emergency=True)
    clock.forward(hours=7)
    again = await step(sa_pa_officer, intake_id, "assess", met, version=4)
    assert again.json()["emergencies"] == [iso(first), iso(second), iso(third)]
    judged = await rows(
        "SELECT starts_at, done_at, due_at FROM tasks WHERE rule_code = 'emergency.intervene' ORDER BY starts_at"
    )
    assert [(one["starts_at"], one["done_at"] <= one["due_at"]) for one in judged] == [
        (first, True), (second, False), (third, True)]  # fmt: skip
    assert set(await tasks_of(sa_pa_officer, intake_id)) == {"case.open"}


async def test_an_addition_in_error_takes_its_danger_back(clock, sa_pa_officer, events):
    intake_id = await received(sa_pa_officer)
    await step(sa_pa_officer, intake_id, "assess", CALM)
    clock.forward(hours=1)
    file = await added(sa_pa_officer, intake_id, 2, emergency=True)
    assert (file["emergency"], file["emergency_grounds"]) == (True, ["told_later"])
    assert "emergency.intervene" in await tasks_of(sa_pa_officer, intake_id)
    wrong, body = f"updates/{file['updates'][0]['id']}/entered-in-error", {"reason": "Nhà khác."}
    missing = f"updates/{intake_id}/entered-in-error"
    assert (await step(sa_pa_officer, intake_id, missing, body, version=3)).status_code == 404
    # Not unseen: an assessment judges it (NĐ 56/2017, Điều 26.2), unless it was written down before.
    unseen = await step(sa_pa_officer, intake_id, wrong, body, version=3)
    assert (code_of(unseen), unseen.json()["why"]) == ("emergency_not_refuted", "not_assessed")
    assert "emergency.intervene" in await tasks_of(sa_pa_officer, intake_id)
    first = file["emergencies"]
    clock.forward(minutes=5)
    twice = (await added(sa_pa_officer, intake_id, 3, emergency=True))["updates"][1]["id"]
    again = await step(sa_pa_officer, intake_id, f"updates/{twice}/entered-in-error", body, version=4)
    assert (again.json()["emergency"], again.json()["emergencies"]) == (True, first)
    await step(sa_pa_officer, intake_id, "assess", CALM, version=5)
    file = (await step(sa_pa_officer, intake_id, wrong, body, version=6)).json()
    assert (file["emergency"], file["emergencies"], file["updates"][0]["entered_in_error_reason"]) == (
        False, [], "Nhà khác.")  # fmt: skip
    assert "emergency.intervene" not in await tasks_of(sa_pa_officer, intake_id)
    assert code_of(await step(sa_pa_officer, intake_id, wrong, body, version=7)) == "already_entered_in_error"
    assert len(await events("intake.update_entered_in_error")) == 2


@pytest.mark.parametrize("by", ["office", "hotline"])
async def test_danger_that_was_added_is_danger_again_when_the_report_is_taken_up_again(
    clock, sa_pa_officer, hotline_111, by: str
):
    receipt = await refer(hotline_111, harm_doers=[], received_at=iso(clock.at))
    intake_id = receipt.json()["intake_id"]
    await added(sa_pa_officer, intake_id, 1, emergency=True)
    version = await put_aside(sa_pa_officer, intake_id)
    clock.forward(days=1)
    if by == "office":
        await step(sa_pa_officer, intake_id, "re-examine", {"reason": "Đúng nhà ấy."}, version=version)
    else:
        assert (await hotline_111.post(f"{HERE}/updates", json={"text": "Đúng nhà ấy."}, headers=keyed())).is_success
    file = (await sa_pa_officer.get(f"/intakes/{intake_id}")).json()
    assert (file["emergencies"], file["emergency_grounds"]) == ([iso(clock.at)], ["told_later"])
    assert (await tasks_of(sa_pa_officer, intake_id))["emergency.intervene"]["starts_at"] == iso(clock.at)


async def test_a_message_in_error_that_took_a_report_up_again_takes_its_danger_back_and_the_report_stays(
    clock, sa_pa_officer, hotline_111
):
    """Of two such messages, either is danger by itself: only when both are marked is there none."""
    receipt = await refer(hotline_111, harm_doers=[], received_at=iso(clock.at))
    intake_id = receipt.json()["intake_id"]
    received_anew = {"intake.acknowledge", "intake.assess"}

    async def called_again() -> dict:
        clock.forward(minutes=1)
        await put_aside(sa_pa_officer, intake_id)
        clock.forward(hours=5)
        told = {"text": "Cháu đang bị đánh.", "emergency": True}
        assert (await hotline_111.post(f"{HERE}/updates", json=told, headers=keyed())).is_success
        file = (await sa_pa_officer.get(f"/intakes/{intake_id}")).json()
        assert (file["status"], file["emergency_grounds"]) == ("received", ["told_later"])
        assert set(await tasks_of(sa_pa_officer, intake_id)) == {*received_anew, "emergency.intervene"}
        return file

    async def marked(file: dict, number: int):
        wrong = f"updates/{file['updates'][number]['id']}/entered-in-error"
        version = (await sa_pa_officer.get(f"/intakes/{intake_id}")).json()["row_version"]
        return await step(sa_pa_officer, intake_id, wrong, {"reason": "Nhầm số."}, version=version)

    async def taken_back() -> None:
        """An office does not unsay what the hotline said: the hotline takes it back."""
        said = {"text": "Tổng đài ghi nhầm số.", "takes_back": True}
        assert (await hotline_111.post(f"{HERE}/updates", json=said, headers=keyed())).is_success

    told = await called_again()
    refused = await marked(told, 0)
    assert (refused.status_code, code_of(refused)) == (409, "told_from_elsewhere")
    await taken_back()
    first = (await marked(told, 0)).json()
    assert (first["status"], first["emergency"], first["emergencies"]) == ("received", False, [])
    assert set(await tasks_of(sa_pa_officer, intake_id)) == received_anew
    # Twice by mistake: only with the second is there no danger left.
    await called_again()
    second = await called_again()
    assert code_of(await marked(second, 3)) == "told_from_elsewhere", "what was taken back before says nothing of it"
    await taken_back()
    half = (await marked(second, 3)).json()
    assert (half["emergencies"], half["emergency_grounds"]) == ([half["reexamined_at"]], ["told_later"])
    assert "emergency.intervene" in await tasks_of(sa_pa_officer, intake_id)
    assert (await marked(second, 2)).json()["emergencies"] == []
    assert set(await tasks_of(sa_pa_officer, intake_id)) == received_anew


AT = datetime.fromisoformat("2026-11-20T01:00:00+00:00")


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ("b", []),
        ("B", [0]),
        ("b+", [0]),
        ("B-", []),
        ("b-+", [0]),
        ("b-U", [2]),
        ("b-u+", [2]),
        ("b-U-", []),
        ("bu+", [0]),
        ("bU+", [1]),
        ("BU+", [0, 1]),
        ("B-U-u+", [4]),
        ("B+U", [0, 2]),
    ],
)
def test_each_assessment_judges_what_was_told_since_the_one_before(events: str, expected: list[int]):
    """b or u is the report or an addition, in capitals where it tells of danger; + and - what an assessment found."""
    told = [
        one == "+" if one in "+-" else Told(None, AT + timedelta(hours=at), ("stated",) if one.isupper() else ())
        for at, one in enumerate(events)
    ]
    assert [(one.since - AT) // timedelta(hours=1) for one in emergencies_of(told)] == expected
