"""What was learned later is added to a report: kept beside it, with its own time, author, emergency and 12 hours."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from tests.answers import code_of, faults_of
from tests.cases.stories import MEASURE as TAKEN
from tests.cases.stories import REPORT, File, keyed
from tests.exchange.test_referrals import HERE, refer
from tests.intake.test_steps import ASSESSMENT, MEASURE, step, tasks_of
from tests.people import PEOPLE, SA_PA, TA_VAN

from childcare_api.intake.rules import Told, emergencies_of

NEW = {"text": "Bà hàng xóm quay lại: đêm qua lại nghe tiếng khóc.", "channel": "in_person", "told_by": "neighbour"}
CALM = ASSESSMENT | {"emergency": False}


def _iso(moment) -> str:
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
        (NEW | {"happened_at": _iso(first - timedelta(minutes=1))}, {"/happened_at": "too_early"}),
        (NEW | {"happened_at": _iso(clock.at + timedelta(hours=1))}, {"/happened_at": "in_future"}),
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
    assert (update["recorded_by"], update["from_source"], update["happened_at"]) == (by, False, _iso(clock.at))
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
    file = await added(sa_pa_officer, intake_id, 2, emergency=True, happened_at=_iso(second))
    assert file["emergencies"] == [_iso(first), _iso(second)]
    assert file["emergency_grounds"] == ["harm_doer_is_carer", "assessed", "told_later"]
    task = (await tasks_of(sa_pa_officer, intake_id))["emergency.intervene"]
    assert (task["starts_at"], task["due_at"]) == (_iso(second), _iso(second + timedelta(hours=12)))
    assert task["receipt_at"] == _iso(clock.at)
    # A third call waits with the second; a measure of fourteen hours later meets the one in time and not the other.
    clock.forward(hours=4)
    third = clock.at
    await added(sa_pa_officer, intake_id, 3, emergency=True)
    clock.forward(hours=7)
    again = await step(sa_pa_officer, intake_id, "assess", met, version=4)
    assert again.json()["emergencies"] == [_iso(first), _iso(second), _iso(third)]
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
    file = (await step(sa_pa_officer, intake_id, wrong, body, version=3)).json()
    assert (file["emergency"], file["emergencies"], file["updates"][0]["entered_in_error_reason"]) == (
        False, [], "Nhà khác.")  # fmt: skip
    assert "emergency.intervene" not in await tasks_of(sa_pa_officer, intake_id)
    assert code_of(await step(sa_pa_officer, intake_id, wrong, body, version=4)) == "already_entered_in_error"
    assert len(await events("intake.update_entered_in_error")) == 1


@pytest.mark.parametrize("by", ["office", "hotline"])
async def test_danger_that_was_added_is_danger_again_when_the_report_is_taken_up_again(
    clock, sa_pa_officer, hotline_111, by: str
):
    receipt = await refer(hotline_111, harm_doers=[], received_at=_iso(clock.at))
    intake_id = receipt.json()["intake_id"]
    await added(sa_pa_officer, intake_id, 1, emergency=True)
    assert (await step(sa_pa_officer, intake_id, "dismiss", {"reason": "Nhầm nhà."}, version=2)).status_code == 200
    clock.forward(days=1)
    if by == "office":
        await step(sa_pa_officer, intake_id, "re-examine", {"reason": "Đúng nhà ấy."}, version=3)
    else:
        assert (await hotline_111.post(f"{HERE}/updates", json={"text": "Đúng nhà ấy."}, headers=keyed())).is_success
    file = (await sa_pa_officer.get(f"/intakes/{intake_id}")).json()
    assert (file["emergencies"], file["emergency_grounds"]) == ([_iso(clock.at)], ["told_later"])
    assert (await tasks_of(sa_pa_officer, intake_id))["emergency.intervene"]["starts_at"] == _iso(clock.at)


async def test_a_message_in_error_that_took_a_report_up_again_takes_its_danger_back_and_the_report_stays(
    clock, sa_pa_officer, hotline_111
):
    """Of two such messages, either is danger by itself: only when both are marked is there none."""
    receipt = await refer(hotline_111, harm_doers=[], received_at=_iso(clock.at))
    intake_id = receipt.json()["intake_id"]
    received_anew = {"intake.acknowledge", "intake.assess"}

    async def called_again(version: int) -> dict:
        assert (await step(sa_pa_officer, intake_id, "dismiss", {"reason": "Nhầm nhà."}, version=version)).is_success
        clock.forward(hours=5)
        told = {"text": "Cháu đang bị đánh.", "emergency": True}
        assert (await hotline_111.post(f"{HERE}/updates", json=told, headers=keyed())).is_success
        file = (await sa_pa_officer.get(f"/intakes/{intake_id}")).json()
        assert (file["status"], file["emergency_grounds"]) == ("received", ["told_later"])
        assert set(await tasks_of(sa_pa_officer, intake_id)) == {*received_anew, "emergency.intervene"}
        return file

    async def marked(file: dict, number: int) -> dict:
        wrong = f"updates/{file['updates'][number]['id']}/entered-in-error"
        answer = await step(sa_pa_officer, intake_id, wrong, {"reason": "Nhầm số."}, version=file["row_version"])
        assert answer.status_code == 200, answer.text
        return answer.json()

    first = await marked(await called_again(1), 0)
    assert (first["status"], first["emergency"], first["emergencies"]) == ("received", False, [])
    assert set(await tasks_of(sa_pa_officer, intake_id)) == received_anew
    # Twice by mistake: only with the second is there no danger left.
    second = await called_again((await called_again(first["row_version"]))["row_version"])
    half = await marked(second, 2)
    assert (half["emergencies"], half["emergency_grounds"]) == ([half["reexamined_at"]], ["told_later"])
    assert "emergency.intervene" in await tasks_of(sa_pa_officer, intake_id)
    assert (await marked(half, 1))["emergencies"] == []
    assert set(await tasks_of(sa_pa_officer, intake_id)) == received_anew


@pytest.fixture
async def led_elsewhere(sa_pa_officer):
    """A calm report of Sa Pa on two brothers with an addition, and their cases: one is led in Sa Pa, one in Tả Van."""
    intake_id = await received(sa_pa_officer, **REPORT | {"harm_doers": [{"relation": "neighbour"}]})
    file = await added(sa_pa_officer, intake_id, 1, text="Cháu nghỉ học.")
    file = (await step(sa_pa_officer, intake_id, "assess", CALM, version=2)).json()
    cases = []
    for version, child, to in ((3, 0, None), (4, 1, TA_VAN)):
        wanted = {"intake_child_id": file["children"][child]["id"]}
        body = {"children": [wanted if to is None else wanted | {"residence": {"unit_id": to}}]}
        opened = await step(sa_pa_officer, intake_id, "open-case", body, version=version)
        assert opened.status_code == 201, opened.text
        cases.append(opened.json()["cases"][0]["id"])
    return intake_id, *cases


async def test_what_is_added_reaches_every_case_on_the_report_wherever_it_is_led(
    led_elsewhere, clock, sa_pa_officer, ta_van_officer, database, events
):
    intake_id, own, elsewhere = led_elsewhere
    # What was added before the case was opened stands in it from the start.
    for who, case_id in ((sa_pa_officer, own), (ta_van_officer, elsewhere)):
        items = (await who.get(f"/cases/{case_id}/timeline")).json()["items"]
        assert [(one["kind"], one["note"]) for one in items][:2] == [
            ("opening", None),
            ("report_updated", "Cháu nghỉ học."),
        ]
    clock.forward(days=1)
    there = File(elsewhere)
    await there.refresh(ta_van_officer)
    await there.do(ta_van_officer, "/emergency-measures", TAKEN)
    clock.forward(hours=2)
    heard = clock.at - timedelta(hours=1)
    file = await added(sa_pa_officer, intake_id, 5, emergency=True, happened_at=_iso(heard))
    assert (file["status"], file["emergencies"]) == ("case_opened", [_iso(heard)])
    assert await tasks_of(sa_pa_officer, intake_id) == {}, "its cases' clocks run"
    for who, case_id in ((sa_pa_officer, own), (ta_van_officer, elsewhere)):
        head = (await who.get(f"/cases/{case_id}")).json()
        items = (await who.get(f"/cases/{case_id}/timeline")).json()["items"]
        assert (head["emergency"], items[-1]["kind"], items[-1]["note"]) == (True, "report_updated", NEW["text"])
        assert items[-1]["about_id"] == file["updates"][-1]["id"]
        task = (await tasks_of(who, case_id))["emergency.intervene"]
        assert (task["starts_at"], task["due_at"]) == (_iso(heard), _iso(heard + timedelta(hours=12)))
        stale = await who.post(f"/cases/{case_id}/progress-notes", json={"note": "x"}, headers={"If-Match": '"1"'})
        assert stale.status_code == 412
    told = await events("case.report_updated")
    assert {event["subject_id"] for event in told[-2:]} == {own, elsewhere}
    assert {event["holder_commune_id"] for event in told[-2:]} == {SA_PA, TA_VAN}
    # The commune that leads meets it; read off the file there, the clock is the same one.
    await there.refresh(ta_van_officer)
    await there.do(ta_van_officer, "/progress-notes", {"note": "Đang đến."})
    assert (await tasks_of(ta_van_officer, elsewhere))["emergency.intervene"]["starts_at"] == _iso(heard)
    await there.do(ta_van_officer, "/emergency-measures", TAKEN)
    assert "emergency.intervene" not in await tasks_of(ta_van_officer, elsewhere)

    wrong = f"updates/{file['updates'][-1]['id']}/entered-in-error"
    marked = await step(sa_pa_officer, intake_id, wrong, {"reason": "Nhà khác."}, version=6)
    assert marked.json()["emergency"] is False
    head = (await sa_pa_officer.get(f"/cases/{own}")).json()
    assert (head["emergency"], "emergency.intervene" in await tasks_of(sa_pa_officer, own)) == (False, False)
    items = (await sa_pa_officer.get(f"/cases/{own}/timeline")).json()["items"]
    assert (items[-1]["counts"], items[-1]["entered_in_error_reason"]) == (False, "Nhà khác.")
    stray = await step(sa_pa_officer, intake_id, wrong, {"reason": "x"}, version=7)
    assert code_of(stray) == "already_entered_in_error"

    # Once nobody works on it any more, what is new is a report of its own.
    async with database.as_superuser() as connection:
        await connection.execute("UPDATE cases SET status = 'closed', closed_at = opened_at, closed_by = opened_by")
    refused = await step(sa_pa_officer, intake_id, "updates", NEW | {"emergency": True}, version=7)
    assert (refused.status_code, code_of(refused)) == (409, "no_case_open")
    assert len((await sa_pa_officer.get(f"/intakes/{intake_id}")).json()["updates"]) == 2


async def test_an_error_after_a_measure_was_not_met_by_it(led_elsewhere, clock, sa_pa_officer, rows):
    intake_id, own, _ = led_elsewhere
    case = File(own)
    await case.refresh(sa_pa_officer)
    await case.do(sa_pa_officer, "/emergency-measures", TAKEN)
    clock.forward(hours=5)
    file = await added(sa_pa_officer, intake_id, 5, emergency=True)
    wrong = f"updates/{file['updates'][-1]['id']}/entered-in-error"
    assert (await step(sa_pa_officer, intake_id, wrong, {"reason": "Nhà khác."}, version=6)).status_code == 200
    [task] = await rows(
        "SELECT done_at, cancel_reason FROM tasks WHERE rule_code = 'emergency.intervene' AND subject_id = $1",
        UUID(own),
    )
    assert (task["done_at"], task["cancel_reason"]) == (None, "no_longer_due")


async def test_what_others_told_is_not_for_the_commune_of_the_incident(led_elsewhere, sa_pa_officer, ta_van_officer):
    _, _, elsewhere = led_elsewhere
    other = await received(ta_van_officer, **REPORT | {"place": {"unit_id": TA_VAN}})
    file = (await step(ta_van_officer, other, "assess", CALM)).json()
    body = {"case_id": elsewhere, "intake_child_id": file["children"][1]["id"]}
    assert (await step(ta_van_officer, other, "join-case", body, version=2)).status_code == 200
    await added(ta_van_officer, other, 3)
    seen = [(await who.get(f"/cases/{elsewhere}/timeline")).json()["items"] for who in (ta_van_officer, sa_pa_officer)]
    assert [NEW["text"] in {one["note"] for one in items} for items in seen] == [True, False]
    assert [one["kind"] for one in seen[1]] == ["opening"]


async def test_an_addition_stands_once_in_a_case_whose_child_the_report_names_twice(sa_pa_officer):
    intake_id = await received(sa_pa_officer, **REPORT | {"harm_doers": [{"relation": "neighbour"}]})
    await added(sa_pa_officer, intake_id, 1, text="Cháu nghỉ học.")
    file = (await step(sa_pa_officer, intake_id, "assess", CALM, version=2)).json()
    first, second = (child["id"] for child in file["children"])
    opened = await step(sa_pa_officer, intake_id, "open-case", {"children": [{"intake_child_id": first}]}, version=3)
    case_id = opened.json()["cases"][0]["id"]
    body = {"case_id": case_id, "intake_child_id": second}
    assert (await step(sa_pa_officer, intake_id, "join-case", body, version=4)).status_code == 200
    await added(sa_pa_officer, intake_id, 5)
    items = (await sa_pa_officer.get(f"/cases/{case_id}/timeline")).json()["items"]
    assert [one["note"] for one in items if one["kind"] == "report_updated"] == ["Cháu nghỉ học.", NEW["text"]]
    # An error as a whole, the case takes nothing in any more.
    case = File(case_id)
    await case.refresh(sa_pa_officer)
    await case.do(sa_pa_officer, f"/opening/{items[0]['id']}/entered-in-error", {"reason": "Nhầm nhà."})
    after = (await sa_pa_officer.get(f"/cases/{case_id}/timeline")).json()["items"]
    assert [one["id"] for one in after] == [one["id"] for one in items]


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
