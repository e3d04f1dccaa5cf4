"""Taking a report in: where it lands, who sees it, and what bad input gets."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from tests.people import SA_PA

from childcare_api.shared import clock
from childcare_api.shared.ids import new_id

REPORT = {
    "channel": "phone",
    "harm_kinds": ["violence"],
    "harm_doers": [{"relation": "neighbour", "full_name": "Giàng A Pó"}],
    "children": [{"full_name": "Lý Thị Mẩy", "estimated_age": 8, "sex": "female"}, {}],
    "narrative": "Bị đánh nhiều lần",
    "reporter": {"kind": "neighbour", "full_name": "Má A Dế", "phone": "0912000111"},
}


def keyed() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid4())}


async def post(person, body: dict, **headers: str):
    return await person.post("/intakes", json=body, headers={**keyed(), **headers})


async def test_an_officer_takes_a_report_for_the_own_commune(clock, sa_pa_officer, events, rows):
    answer = await post(sa_pa_officer, REPORT)
    assert answer.status_code == 201, answer.text
    receipt = answer.json()
    assert (receipt["status"], receipt["emergency"], receipt["office"]["unit_id"]) == ("acknowledged", False, SA_PA)
    assert answer.headers["etag"] == '"1"'
    file = (await sa_pa_officer.get(f"/intakes/{receipt['id']}")).json()
    assert [child["full_name"] for child in file["children"]] == ["Lý Thị Mẩy", None]
    assert file["reporter_known"] is True
    assert "0912000111" not in str(file)
    [event] = await events("intake.received")
    assert (event["subject_id"], event["holder_commune_id"]) == (receipt["id"], SA_PA)
    [told] = await rows("SELECT * FROM outbox WHERE event = 'intake.received'")
    assert told["payload"] == {"intake_id": receipt["id"]}
    assert len(await events("intake.read")) == 1
    [task] = (await sa_pa_officer.get("/tasks")).json()["items"]
    assert (task["rule"], task["subject_id"]) == ("intake.assess", receipt["id"])


@pytest.mark.parametrize(
    "told",
    [
        {"narrative": "Có tiếng trẻ khóc."},
        {"place": {"text": "gần chợ"}},
        {"harm_kinds": ["violence"]},
        {"children": [{"estimated_age": 0}]},
        {"children": [{}, {"sex": "female"}]},
        {"harm_doers": [{"relation": "father"}]},
        {"mother": {"full_name": "Má A Dế"}},
        {"reporter": {"kind": "neighbour", "phone": "0912000111"}},
    ],
)
async def test_no_one_thing_needs_to_be_known(sa_pa_officer, told):
    """Mẫu 01 is filled in as far as things are known: nobody is sent away for what they do not know."""
    answer = await post(sa_pa_officer, told)
    assert answer.status_code == 201, answer.text
    file = (await sa_pa_officer.get(f"/intakes/{answer.json()['id']}")).json()
    assert len(file["children"]) == len(told.get("children", [{}]))
    assert (file["channel"], file["category"]) == ("other", None)


@pytest.mark.parametrize(
    "empty",
    [
        {},
        {"channel": "phone", "category": "abused", "emergency": True, "harm_level": "high"},
        {"children": [{"born_on_precision": "day", "sex": "unknown"}], "harm_doers": [{"relation": "unknown"}, {}]},
        {"reporter": {"kind": "anonymous"}, "father": {}, "harm_kinds": []},
    ],
)
async def test_a_report_that_tells_nothing_is_a_mistake(sa_pa_officer, hotline_111, empty, rows):
    """Also of a hotline, which is told so instead of sending an office out for nothing."""
    call = {"external_ref": "111-9", "received_at": "2026-11-20T02:00:00Z"}
    for who, address, body in (
        (sa_pa_officer, "/intakes", empty),
        (hotline_111, "/hotline/referrals", empty | call),
    ):
        key = keyed()
        answer = await who.post(address, json=body, headers=key)
        (error,) = answer.json()["errors"]
        assert (answer.status_code, error["pointer"], error["code"]) == (422, "", "nothing_told")
        # A refusal is kept under no key: the same one takes the mended report.
        mended = await who.post(address, json=body | {"narrative": "Có tiếng trẻ khóc."}, headers=key)
        assert mended.status_code == 201, mended.text
    assert len(await rows("SELECT 1 FROM intakes")) == 2


async def test_a_child_is_described_in_the_words_of_the_register(sa_pa_officer):
    told = [
        {"born_on": "2020-02-20", "ethnicity": "08"},
        {"born_on": "2020-02-29", "born_on_precision": "month"},
        {"estimated_age": 8},
    ]
    receipt = (await post(sa_pa_officer, REPORT | {"children": told})).json()
    file = (await sa_pa_officer.get(f"/intakes/{receipt['id']}")).json()
    found = [(child["born_on_precision"], child["estimated_age"], child["ethnicity"]) for child in file["children"]]
    assert found == [("day", None, "08"), ("month", None, None), (None, 8, None)]
    refused = await post(sa_pa_officer, REPORT | {"children": [{}, {"ethnicity": "99"}]})
    assert refused.json()["errors"][0] | {"message": ""} == {
        "pointer": "/children/1/ethnicity",
        "code": "unknown_code",
        "message": "",
    }


@pytest.mark.parametrize(
    ("told", "wrong"),
    [
        ([{"estimated_age": 99}], {"/children/0/estimated_age": "less_than_equal"}),
        (
            [{"full_name": "A", "sex": "x", "age": 7}],
            {"/children/0/sex": "literal_error", "/children/0/age": "extra_forbidden"},
        ),
        ([], {"/children": "too_short"}),
        # Of this year, whichever day of it stands there; but nobody is reported before being born.
        (
            [
                {"born_on": f"{clock.today().year}-12-31", "born_on_precision": "year"},
                {"born_on": f"{clock.today().year + 1}-12-31", "born_on_precision": "day"},
            ],
            {"/children/1/born_on": "born_later"},
        ),
    ],
)
async def test_only_the_fault_itself_is_named(sa_pa_officer, told, wrong):
    refused = await post(sa_pa_officer, REPORT | {"children": told})
    assert {one["pointer"]: one["code"] for one in refused.json()["errors"]} == wrong


async def test_a_parent_as_harm_doer_makes_it_an_emergency_of_twelve_hours_from_the_call(clock, sa_pa_officer):
    called = clock.at - timedelta(hours=5)
    body = {**REPORT, "harm_doers": [{"relation": "father"}], "received_at": called.isoformat()}
    receipt = (await post(sa_pa_officer, body)).json()
    tasks = {task["rule"]: task for task in (await sa_pa_officer.get("/tasks")).json()["items"]}
    task = tasks["emergency.intervene"]
    assert receipt["emergency"] is True
    assert datetime.fromisoformat(task["due_at"]) == called + timedelta(hours=12)
    assert datetime.fromisoformat(task["receipt_due_at"]) == clock.at + timedelta(hours=12)
    assert task["as_soon_as_possible"] is True
    assert "Điều 31.1" in task["article"]
    assert (await sa_pa_officer.get(f"/intakes/{receipt['id']}")).json()["emergency_grounds"] == ["harm_doer_is_carer"]


async def test_a_report_of_another_commune_does_not_exist(
    sa_pa_officer, ta_van_officer, lai_chau_province_officer, lao_cai_province_officer, bo_y_te_analyst
):
    intake_id = (await post(sa_pa_officer, REPORT)).json()["id"]
    nowhere = f"/intakes/{new_id()}"
    for stranger in (ta_van_officer, lai_chau_province_officer):
        hidden, missing = await stranger.get(f"/intakes/{intake_id}"), await stranger.get(nowhere)
        assert hidden.status_code == missing.status_code == 404
        assert _without_ids(hidden) == _without_ids(missing)
        assert (await stranger.get("/intakes")).json()["items"] == []
    assert (await lao_cai_province_officer.get(f"/intakes/{intake_id}")).status_code == 200
    assert (await bo_y_te_analyst.get(f"/intakes/{intake_id}")).status_code == 403


def _without_ids(answer) -> dict:
    return {name: value for name, value in answer.json().items() if name not in {"instance", "request_id"}}


async def test_a_repeated_post_gives_the_same_answer_and_one_report(sa_pa_officer):
    key = keyed()
    first = await sa_pa_officer.post("/intakes", json=REPORT, headers=key)
    again = await sa_pa_officer.post("/intakes", json=REPORT, headers=key)
    other = await sa_pa_officer.post("/intakes", json=REPORT | {"note": "x"}, headers=key)
    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422)
    assert again.json() == first.json()
    assert again.headers["idempotency-replayed"] == "true"
    assert len((await sa_pa_officer.get("/intakes")).json()["items"]) == 1


async def test_a_report_without_a_key_is_refused(sa_pa_officer):
    answer = await sa_pa_officer.post("/intakes", json=REPORT)
    assert (answer.status_code, answer.json()["type"].rpartition(":")[2]) == (400, "idempotency_key_required")


async def test_an_id_taken_anywhere_answers_alike(sa_pa_officer, ta_van_officer):
    taken = (await post(sa_pa_officer, {**REPORT, "id": str(new_id())})).json()["id"]
    for person in (sa_pa_officer, ta_van_officer):
        answer = await post(person, {**REPORT, "id": taken})
        assert (answer.status_code, answer.json()["type"].rpartition(":")[2]) == (409, "id_taken")


LATER = datetime(2060, 1, 1, tzinfo=UTC).isoformat()


@pytest.mark.parametrize(
    "body",
    [
        {"received_at": LATER},
        {"received_at": "2026-01-01T10:00:00"},
        {"received_at": "not a time"},
        {"children": []},
        {"children": [{"born_on": "1986-05-01", "born_on_precision": "day"}]},
        {"children": [{"born_on": "2999-05-01", "born_on_precision": "day"}]},
        {"children": [{"born_on": "2020-02-30", "born_on_precision": "day"}]},
        {"children": [{"born_on": "2020-02-20", "born_on_precision": "estimated"}]},
        {"children": [{}, {"ethnicity": "Mông"}]},
        {"children": [{}, {"ethnicity": "99"}]},
        {"children": [{"estimated_age": 40}]},
        {"children": [{"full_name": "a\u0000b"}]},
        {"children": [{}] * 31},
        {"place": {"code": "03006"}},
        {"place": {"code": "03006", "as_of": "2025-07-01", "unit_id": 1}},
        {"harm_doers": [{"relation": "uncle"}]},
        {"channel": "telegraph"},
        {"id": "7"},
        {"unknown": 1},
        {"emergency": "yes"},
        [],
        None,
    ],
)
async def test_bad_input_is_told_and_nothing_is_stored(sa_pa_officer, rows, body):
    answer = await post(sa_pa_officer, body)
    assert answer.status_code == 422, answer.text
    assert await rows("SELECT 1 FROM intakes") == []


async def test_only_who_may_report_reports(bo_y_te_analyst, sa_pa_inspector, sa_pa_leader, nobody):
    for person, status in ((bo_y_te_analyst, 403), (sa_pa_inspector, 403), (sa_pa_leader, 403), (nobody, 401)):
        assert (await post(person, REPORT)).status_code == status
