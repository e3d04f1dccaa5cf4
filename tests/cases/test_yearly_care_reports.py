"""The province's yearly report on alternative care, due before 25 December (TT 14/2020, Điều 15.1 a6)."""

import asyncio
import json
from datetime import UTC, date, datetime
from itertools import product
from uuid import UUID, uuid4

import pytest
from tests.alternative_care.carers import list_sent, listed
from tests.answers import code_of
from tests.cases.care import DECISION, HANDED, NEEDS
from tests.cases.stories import File, tag
from tests.people import LAI_CHAU, LAO_CAI, SA_PA

from childcare_api.cases.overseeing.yearly import rules

REPORT = {"year": 2026, "words": "Các xã thực hiện đúng quy định; còn thiếu người nhận chăm sóc."}


@pytest.fixture(autouse=True)
def _november(clock):
    clock.set(datetime(2026, 11, 20, 3, tzinfo=UTC))


def test_years_of_reports_end_on_24_december():
    days = (date(2026, 1, 1), date(2026, 12, 24), date(2026, 12, 25), date(2026, 12, 31))
    assert [rules.year_of(day) for day in days] == [2026, 2026, 2027, 2027]
    assert rules.last_of_year(2026) == date(2026, 12, 24)
    assert [rules.may_be_sent(2026, date(*day)) for day in ((2027, 12, 24), (2027, 12, 25))] == [True, False]
    # From where the last report ended, so that no day is told twice or never; to today, or to the end of its year.
    assert rules.days_told(2026, None, date(2026, 12, 10)) == (date(2025, 12, 25), date(2026, 12, 10))
    assert rules.days_told(2027, date(2026, 12, 10), date(2028, 1, 3)) == (date(2026, 12, 11), date(2027, 12, 24))


async def due(client) -> dict[str, str]:
    """The running clock of the yearly report: rule and last day."""
    tasks = (await client.get("/tasks", params={"limit": 200})).json()["items"]
    return {one["rule"]: one["due_at"][:10] for one in tasks if one["rule"] == "care.yearly_report"}


async def placed(case_id, officer, leader, **more) -> tuple[File, dict]:
    """A child in care with a family of the commune, not handed over yet."""
    carer, file = await listed(officer, leader), File(case_id)
    await list_sent(officer)
    await file.do(officer, "/care-needs", NEEDS)
    body = DECISION | {"carer_id": carer["id"], "decided_on": "2026-11-20"} | more
    return file, await file.do(leader, "/placements", body)


async def test_a_province_reports_the_year_and_the_ministry_reads_it(  # noqa: PLR0915 - one story
    case_id, speak_as, sa_pa_officer, sa_pa_leader, clock, events
):
    leader, officer, ministry = map(
        speak_as, ("lao_cai_province_leader", "lao_cai_province_officer", "bo_y_te_analyst")
    )
    assert await due(leader) == {}
    file, care = await placed(case_id, sa_pa_officer, sa_pa_leader)
    await file.do(
        sa_pa_officer, f"/placements/{care['id']}/handover", HANDED | {"met_on": ["2026-11-18", "2026-11-19"]}
    )
    assert await due(leader) == {"care.yearly_report": "2026-12-24"}
    assert await due(ministry) == await due(sa_pa_leader) == await due(speak_as("lai_chau_province_leader")) == {}
    (task,) = (await leader.get("/tasks", params={"whose": "my_unit"})).json()["items"]
    assert (task["path"], task["unit_id"], task["commune_id"]) == ("/province-care-reports", LAO_CAI, None)
    assert "Điều 15.1.a6" in task["article"]

    # The whole of 24 December is in time; then it climbs to the ministry.
    clock.set(datetime(2026, 12, 24, 16, 30, tzinfo=UTC))
    assert [one["status"] for one in (await leader.get("/tasks")).json()["items"] if one["id"] == task["id"]] == ["due"]
    assert await due(ministry) == {}
    clock.set(datetime(2026, 12, 24, 17, 30, tzinfo=UTC))
    assert await due(ministry) == {"care.yearly_report": "2026-12-24"}
    for path in (f"/tasks/{task['id']}/extensions", f"/tasks?case_id={case_id}"):
        assert (await ministry.get(path)).json()["items"] == []

    for who in (officer, sa_pa_leader, ministry):
        assert (await who.post("/province-care-reports", json=REPORT)).status_code == 403
    assert (await leader.post("/province-care-reports", json=REPORT | {"words": "…"})).status_code == 422
    bad = [await leader.post("/province-care-reports", json=REPORT | {"year": year}) for year in (2025, 2028)]
    assert [one.json()["errors"][0]["code"] for one in bad] == ["too_late", "too_early"]
    # The new year's report does not answer for the last one's, nor does one that was asked for.
    asked = {"asked_by": "Bộ Y tế, công văn 12/BYT-BMTE"}
    beside = (await leader.post("/province-care-reports", json=REPORT | {"year": 2027} | asked)).json()
    assert (beside["since_on"], beside["until_on"]) == ("2026-12-25", "2026-12-25")
    assert (await leader.post("/province-care-reports", json=REPORT | {"year": 2027})).status_code == 201
    assert await due(leader) == {"care.yearly_report": "2026-12-24"}
    sent = await leader.post("/province-care-reports", json=REPORT)
    assert sent.status_code == 201, sent.text
    report, path = sent.json(), f"/province-care-reports/{sent.json()['id']}"
    twice = await leader.post("/province-care-reports", json=REPORT)
    assert (twice.status_code, code_of(twice)) == (409, "province_care_report_sent")
    assert await due(leader) == {"care.yearly_report": "2028-12-24"}
    assert (report["since_on"], report["until_on"], report["asked_by"]) == ("2025-12-25", "2026-12-24", None)
    # One child: nothing is told of it, to the province as to the ministry.
    assert report["counts"] == {
        "in_care": None,
        "by_form": {"relative": None, "non_relative": None, "facility": None},
        "by_duration": {"temporary": None, "lasting": None},
        "assessed": None,
        "overdue": None,
        "begun": None,
        "ended": 0,
        "ended_by_ground": {},
        "half_years": [
            {"year": 2025, "half": 2, "sent": 0, "not_sent": 0},
            {"year": 2026, "half": 1, "sent": 0, "not_sent": 0},
        ],
    }
    assert str(case_id) not in sent.text
    assert care["id"] not in sent.text

    for who in (leader, officer, ministry):
        assert (await who.get(path)).json() == report
        rows = (await who.get("/province-care-reports", params={"year": 2026, "province_id": LAO_CAI})).json()["items"]
        assert [one["id"] for one in rows] == [report["id"]]
    assert (await ministry.get("/province-care-reports", params={"province_id": LAI_CHAU})).json()["items"] == []
    for nobody in (speak_as("lai_chau_province_leader"), sa_pa_leader, speak_as("sa_pa_officer")):
        assert (await nobody.get(path)).status_code == 404
        assert (await nobody.get("/province-care-reports")).json()["items"] == []

    # What was sent wrong is wanted again, in place of what the clock runs for now.
    wrong = {"reason": "Gửi nhầm bản nháp."}
    assert (await ministry.post(f"{path}/entered-in-error", json=wrong, headers=tag(1))).status_code == 403
    assert (await leader.post(f"{path}/entered-in-error", json=wrong)).status_code == 428
    marked = await leader.post(f"{path}/entered-in-error", json=wrong, headers=tag(1))
    assert (marked.status_code, marked.json()["entered_in_error_reason"]) == (200, wrong["reason"])
    again = await leader.post(f"{path}/entered-in-error", json=wrong, headers=tag(2))
    assert code_of(again) == "already_entered_in_error"
    assert await due(leader) == {"care.yearly_report": "2026-12-24"}
    assert (await leader.post("/province-care-reports", json=REPORT)).status_code == 201
    assert await due(leader) == {"care.yearly_report": "2028-12-24"}
    found = await events("province_care_report.sent")
    assert [one["detail"] for one in found] == [
        {"year": 2027, "asked": True},
        {"year": 2027, "asked": False},
        {"year": 2026, "asked": False},
        {"year": 2026, "asked": False},
    ]
    assert {(one["actor_unit_id"], one["holder_province_id"]) for one in found} == {(LAO_CAI, LAO_CAI)}
    (marked_event,) = await events("province_care_report.entered_in_error")
    assert marked_event["subject_id"] == report["id"]


async def test_the_clock_begins_by_the_days_of_viet_nam_and_ends_with_the_last_child(
    case_id, speak_as, sa_pa_officer, sa_pa_leader, clock
):
    leader = speak_as("lao_cai_province_leader")
    # Half past midnight on 25 December: the first child belongs to the year that ends in a year.
    clock.set(datetime(2026, 12, 24, 17, 30, tzinfo=UTC))
    file, care = await placed(case_id, sa_pa_officer, sa_pa_leader)
    assert await due(leader) == {"care.yearly_report": "2027-12-24"}
    clock.set(datetime(2027, 12, 24, 16, 30, tzinfo=UTC))
    met = {"met_on": ["2026-11-18", "2026-11-19"], "happened_at": "2026-12-24T18:00:00Z"}
    await file.do(sa_pa_officer, f"/placements/{care['id']}/handover", HANDED | met)
    assert (await sa_pa_leader.post("/care-reports", json={"year": 2027, "half": 1})).status_code == 201
    sent = (await leader.post("/province-care-reports", json=REPORT | {"year": 2027})).json()
    # Of the two half years that its commune owed since the child was received it sent one.
    assert sent["counts"]["half_years"] == [
        {"year": 2026, "half": 2, "sent": 0, "not_sent": 1},
        {"year": 2027, "half": 1, "sent": 1, "not_sent": 0},
    ]
    assert await due(leader) == {"care.yearly_report": "2028-12-24"}
    # In half an hour its year begins; the child is gone by then, and the year after it nobody asks for a report.
    clock.set(datetime(2027, 12, 31, 17, 30, tzinfo=UTC))
    end = {"ground": "family_reunited", "decision_number": "40/QĐ-UBND", "ended_on": "2028-01-01", "goes_to": "family"}
    await file.do(sa_pa_leader, f"/placements/{care['id']}/end", end)
    clock.set(datetime(2028, 12, 24, 3, tzinfo=UTC))
    assert (await leader.post("/province-care-reports", json=REPORT | {"year": 2028})).status_code == 201
    assert await due(leader) == {}


@pytest.mark.committed
async def test_of_two_reports_of_a_year_at_once_one_is_sent(case_id, speak_as, sa_pa_officer, sa_pa_leader, rows):
    leader = speak_as("lao_cai_province_leader")
    file, care = await placed(case_id, sa_pa_officer, sa_pa_leader)
    met = {"met_on": ["2026-11-18", "2026-11-19"]}
    await file.do(sa_pa_officer, f"/placements/{care['id']}/handover", HANDED | met)
    answers = await asyncio.gather(*(leader.post("/province-care-reports", json=REPORT) for _ in range(2)))
    assert sorted(one.status_code for one in answers) == [201, 409]
    ran = await rows("SELECT done_at IS NULL AS open FROM tasks WHERE rule_code = 'care.yearly_report' ORDER BY due_at")
    assert [one["open"] for one in ran] == [False, True]


_COPIES = (
    "INSERT INTO cases SELECT (jsonb_populate_record(c, $2)).* FROM cases c WHERE id = $1",
    "INSERT INTO case_steps SELECT (jsonb_populate_record(s, $2)).* FROM case_steps s WHERE id = $1",
    (
        "INSERT INTO case_steps SELECT (jsonb_populate_record(s, $2)).* FROM case_steps s"
        " WHERE about_id = $1 AND kind = 'placement_handover'"
    ),
    "INSERT INTO case_placements SELECT (jsonb_populate_record(p, $2)).* FROM case_placements p WHERE id = $1",
)
_END = (
    "INSERT INTO case_steps SELECT (jsonb_populate_record(s, $2)).* FROM case_steps s WHERE id = $1",
    (
        "INSERT INTO case_placement_ends SELECT (jsonb_populate_record(NULL::case_placement_ends, to_jsonb(s) || $2)).*"
        " FROM case_steps s WHERE id = $1"
    ),
)


async def write(database, *statements: tuple[str, object, dict]) -> None:
    """Write rows as they would be, past what only checks them."""
    async with database.as_superuser() as connection:
        await connection.execute("SET LOCAL session_replication_role = replica")
        for sql, like, more in statements:
            await connection.execute(sql, like, json.dumps(more, default=str))
        await connection.execute("SET LOCAL session_replication_role = origin")


async def more_children(database, case_id, placement_id: str, count: int, **decided) -> list[UUID]:
    """More children in care like that one, in sealed cases; `decided` is what differs in the decision."""
    made = [(uuid4(), uuid4()) for _ in range(count)]
    for case, placement in made:
        step = {"id": placement, "case_id": case}
        likes = (case_id, placement_id, placement_id, placement_id)
        others = (
            {"id": case, "intake_child_id": case, "confidentiality": "sealed"},
            step,
            step | {"id": uuid4(), "about_id": placement},
            decided | {"id": placement},
        )
        await write(database, *zip(_COPIES, likes, others, strict=True))
    return [placement for _, placement in made]


async def end(database, placements: list[UUID], ground: str) -> None:
    for placement in placements:
        step = {"id": uuid4(), "kind": "placement_ended", "about_id": placement, "position": 99}
        ended = {"placement_id": placement, "ground": ground, "ended_on": "2026-12-01", "goes_to": "family"}
        ended |= {"id": step["id"], "origin_commune_id": SA_PA}
        await write(database, *zip(_END, (placement, placement), (step, ended), strict=True))


async def test_numbers_of_children_are_told_from_five_on_and_count_who_is_sealed(
    case_id, speak_as, sa_pa_officer, sa_pa_leader, clock, database
):
    leader = speak_as("lao_cai_province_leader")
    file, care = await placed(case_id, sa_pa_officer, sa_pa_leader)

    async def told(year: int = 2026) -> dict:
        asked = REPORT | {"asked_by": "Bộ Y tế", "year": year}
        return (await leader.post("/province-care-reports", json=asked)).json()["counts"]

    # Decided on and not handed over, nobody is in care; and at the end nothing ends.
    undelivered = await more_children(database, case_id, care["id"], 9)
    await end(database, undelivered[:1], "family_reunited")
    counts = await told()
    assert [counts[name] for name in ("in_care", "begun", "assessed", "overdue", "ended")] == [0] * 5
    assert counts["by_form"] == {"relative": 0, "non_relative": 0, "facility": 0}
    met = {"met_on": ["2026-11-18", "2026-11-19"]}
    await file.do(sa_pa_officer, f"/placements/{care['id']}/handover", HANDED | met)
    sealed = await more_children(database, case_id, care["id"], 9)
    assert len((await leader.get("/children-in-care")).json()["items"]) == 1
    counts = await told()
    assert (counts["in_care"], counts["begun"], counts["assessed"]) == (10, 10, 0)
    assert (counts["ended"], counts["ended_by_ground"]) == (0, {})
    assert counts["by_form"] == {"relative": 0, "non_relative": 10, "facility": 0}
    assert counts["by_duration"] == {"temporary": 0, "lasting": 10}

    # Three came to their end: ten that began and seven in care do not tell so, nor on which ground they did.
    clock.set(datetime(2026, 12, 2, 3, tzinfo=UTC))
    await end(database, sealed[:3], "family_reunited")
    counts = await told()
    assert [counts[name] for name in ("in_care", "begun", "ended", "ended_by_ground")] == [5, 10, None, None]

    # Five are ended on one ground; a sixth on another would be told by what is told of the five.
    await end(database, sealed[3:5], "family_reunited")
    counts = await told()
    assert (counts["in_care"], counts["ended"], counts["ended_by_ground"]) == (5, 5, {"family_reunited": 5})
    await end(database, sealed[5:6], "child_wished")
    counts = await told()
    assert [counts[name] for name in ("in_care", "begun", "ended")] == [None, 10, 5]
    assert counts["ended_by_ground"] == {"family_reunited": None, "child_wished": None}

    # With two at a facility it is not told how many are overdue with families, where all of them are.
    clock.set(datetime(2027, 5, 21, 3, tzinfo=UTC))
    await more_children(database, case_id, care["id"], 3)
    late = await told(2027)
    assert (late["in_care"], late["overdue"], late["assessed"], late["begun"]) == (5, 5, 0, 0)
    facility = {"form": "facility", "carer_id": None, "carer_commune_id": None, "provider_id": uuid4()}
    await more_children(database, case_id, care["id"], 2, **facility)
    late = await told(2027)
    assert (late["in_care"], late["overdue"], late["assessed"]) == (5, None, 0)
    assert late["by_form"] == {"relative": 0, "non_relative": None, "facility": None}


async def test_from_any_two_reports_nobody_reckons_one_to_four_children(rows):
    """Whichever days they tell of: by all breakdowns of who is in care, and who went of those that came since."""
    told = await rows(
        "SELECT a + b + c AS total, a, b, c, a + b + c + went AS came, went,"
        " ARRAY[told_in_fives(a + b + c), (parts->>'a')::int, (parts->>'b')::int, (parts->>'c')::int,"
        " told_in_fives(a + b + c + went), told_in_fives(went)] AS told"
        " FROM generate_series(0, 14) a, generate_series(0, 9) b, generate_series(0, 9) c, generate_series(0, 9) went,"
        " LATERAL (SELECT counts_told(jsonb_build_object('a', a, 'b', b, 'c', c)) AS parts) p"
    )
    # What a reader of one report knows of each number in it: those that it may be.
    known: dict[tuple[int | None, ...], list[set[int]]] = {}
    for *true, said in (tuple(one) for one in told):
        for may_be, number in zip(known.setdefault(tuple(said), [set() for _ in true]), true, strict=True):
            may_be.add(number)
    for said, numbers in known.items():
        kept = [may_be for number, may_be in zip(said, numbers, strict=True) if number is None]
        assert all(len(may_be) > 1 for may_be in kept), said
    for which in range(6):
        seen = {(said[which], frozenset(numbers[which])) for said, numbers in known.items() if said[which] is not None}
        assert len(seen) > 1
        for (one, was), (other, now) in product(seen, repeat=2):
            assert abs(other - one) not in range(1, 5)
            assert not {after - before for before in was for after in now} <= {1, 2, 3, 4}
