"""Carers: applying, being verified, listed, taken off; who sees them; the quarterly list."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.alternative_care.carers import CARER, VERIFICATION, list_sent, listed, registered
from tests.answers import code_of, faults_of
from tests.cases.stories import tag
from tests.people import LAO_CAI, SA_PA

from childcare_api.alternative_care import rules
from childcare_api.alternative_care.models import Carer
from childcare_api.alternative_care.rules import Birthday, age_against, papers_missing
from childcare_api.children.rules import years_before

IN_NOVEMBER = datetime(2026, 11, 21, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _november(clock):
    clock.set(IN_NOVEMBER)


async def test_a_carer_is_listed_when_the_law_is_met_and_not_before(sa_pa_officer, sa_pa_leader, events, rows):
    carer = await registered(sa_pa_officer, health_certificate_on="2026-04-04", counselled_on=None)
    address, seen = f"/carers/{carer['id']}", tag(carer["row_version"])
    lacks = {one["what"]: one["article"] for one in carer["missing"]}
    assert lacks == {
        "health_certificate": "NĐ 56/2017 Điều 41.1.b",
        "counselling": "TT 14/2020/TT-BLĐTBXH Điều 8.4",
        "verification": "NĐ 56/2017 Điều 42.1",
    }
    refused = await sa_pa_leader.post(f"{address}/approve", headers=seen)
    assert (refused.status_code, code_of(refused)) == (409, "carer_not_ready")
    assert {one["what"] for one in refused.json()["missing"]} == set(lacks)
    assert (await sa_pa_officer.post(f"{address}/approve", headers=seen)).status_code == 403

    mended = await sa_pa_officer.patch(
        address, json={"health_certificate_on": "2026-04-05", "counselled_on": "2026-11-01"}, headers=seen
    )
    seen = tag(mended.json()["row_version"])
    poor = [{"condition": one["condition"], "met": "no" if one["condition"] == "suitable_home" else "yes"}
            for one in VERIFICATION["conditions"]]  # fmt: skip
    contrary = await sa_pa_officer.post(
        f"{address}/verifications", json=VERIFICATION | {"conditions": poor}, headers=seen
    )
    assert (contrary.status_code, contrary.json()["errors"][0]["code"]) == (422, "condition_not_met")
    found = await sa_pa_officer.post(
        f"{address}/verifications", json=VERIFICATION | {"conditions": poor, "result": "does_not_meet"}, headers=seen
    )
    assert (found.json()["status"], [one["what"] for one in found.json()["missing"]]) == ("applied", ["suitable_home"])
    again = await sa_pa_officer.post(
        f"{address}/verifications", json=VERIFICATION | {"verified_on": "2026-11-10"}, headers=tag(3)
    )
    assert (again.json()["status"], again.json()["missing"]) == ("verified", [])
    approved = await sa_pa_leader.post(f"{address}/approve", headers=tag(again.json()["row_version"]))
    assert (approved.status_code, approved.json()["status"]) == (200, "listed")

    # What the list stood on was an error: the place on it falls, and the verification before decides again.
    last = approved.json()["verifications"][-1]
    assert last["conditions"][0]["article"] == "Luật Trẻ em Điều 63.2.a"
    marked = await sa_pa_officer.post(
        f"{address}/verifications/{last['id']}/entered-in-error",
        json={"reason": "Nhầm hộ."},
        headers=tag(approved.json()["row_version"]),
    )
    assert (marked.json()["status"], marked.json()["listed_at"]) == ("applied", None)
    off = await sa_pa_leader.post(
        f"{address}/strike-off", json={"ground": "conditions_lost"}, headers=tag(marked.json()["row_version"])
    )
    assert off.json()["status"] == "struck_off"
    closed = await sa_pa_officer.patch(address, json={"phone": "0912"}, headers=tag(off.json()["row_version"]))
    assert (closed.status_code, code_of(closed)) == (409, "carer_not_in_state")
    for what, times in (("registered", 1), ("verified", 2), ("listed", 1), ("struck_off", 1)):
        assert len(await events(f"carer.{what}")) == times, what
    (row,) = await rows("SELECT status, commune_id, row_version FROM carers")
    assert tuple(row) == ("struck_off", SA_PA, off.json()["row_version"])
    assert await rows("SELECT 1 FROM outbox WHERE event LIKE 'carer%'") == []


async def test_carers_are_read_by_their_commune_and_province_and_listed_by_name_in_the_commune_alone(
    sa_pa_officer, sa_pa_leader, ta_van_officer, lao_cai_province_officer, lai_chau_province_officer, events
):
    carer = await listed(sa_pa_officer, sa_pa_leader)
    own = (await sa_pa_officer.get("/carers", params={"q": "may lu", "status": "listed"})).json()["items"]
    above = (await lao_cai_province_officer.get("/carers")).json()["items"]
    found = (await lao_cai_province_officer.get("/carers", params={"q": "lù thi mẩy"})).json()["items"]
    for part in ("lu", "may", "lu thi", "lu thi ma"):
        assert (await lao_cai_province_officer.get("/carers", params={"q": part})).json()["items"] == [], part
    assert (await sa_pa_officer.get("/carers", params={"q": " "})).status_code == 400
    assert [one["full_name"] for one in own] == ["Lù Thị Mẩy"]
    assert [(one["id"], one["full_name"]) for one in above] == [(carer["id"], "L. T. M.")]
    assert found == above
    assert (await lao_cai_province_officer.get(f"/carers/{carer['id']}")).json()["full_name"] == "Lù Thị Mẩy"
    for stranger in (ta_van_officer, lai_chau_province_officer):
        assert (await stranger.get(f"/carers/{carer['id']}")).status_code == 404
        assert (await stranger.get("/carers")).json()["items"] == []
    (opened,) = await events("carer.opened")
    assert (opened["holder_commune_id"], opened["actor_unit_id"]) == (SA_PA, LAO_CAI)
    for action in ("carers.listed", "carers.searched"):
        assert (await events(action))[0]["detail"] == {"ids": [carer["id"]]}


async def test_the_list_is_due_each_quarter_and_stays_as_it_was_sent(
    sa_pa_officer, sa_pa_leader, lao_cai_province_officer, clock, events
):
    async def due() -> list[tuple[str, str]]:
        tasks = (await sa_pa_officer.get("/tasks")).json()["items"]
        return [(task["article"], task["due_at"]) for task in tasks if task["rule"] == "carers.list_update"]

    assert await due() == []
    carer = await listed(sa_pa_officer, sa_pa_leader)
    await registered(sa_pa_officer, full_name="Sùng A Lềnh")
    assert await due() == [
        ("Nghị định 56/2017/NĐ-CP, Điều 40.1 (hằng quý; tính đến ngày cuối quý)", "2026-12-31T16:59:59.999999Z")
    ]
    sent = await list_sent(sa_pa_officer)
    assert [(one["carer_id"], one["full_name"]) for one in sent["entries"]] == [(carer["id"], "Lù Thị Mẩy")]
    assert (sent["layout"], sent["carer_count"]) == ("unverified", 1)
    assert [when for _, when in await due()] == ["2027-03-31T16:59:59.999999Z"]
    twice = await sa_pa_officer.post(
        "/carer-lists", json={"year": 2026, "quarter": 4, "sent_on": "2026-11-21", "sent_to": "Sở Y tế"}
    )
    assert (twice.status_code, code_of(twice)) == (409, "carer_list_sent")
    early = await sa_pa_officer.post(
        "/carer-lists", json={"year": 2027, "quarter": 1, "sent_on": "2026-11-21", "sent_to": "Sở Y tế"}
    )
    assert early.status_code == 422
    await sa_pa_officer.patch(
        f"/carers/{carer['id']}", json={"full_name": "Lù Thị May"}, headers=tag(carer["row_version"])
    )
    read = (await lao_cai_province_officer.get(f"/carer-lists/{sent['id']}")).json()
    assert read["entries"][0]["full_name"] == "Lù Thị Mẩy"
    assert [one["id"] for one in (await lao_cai_province_officer.get("/carer-lists")).json()["items"]] == [sent["id"]]
    assert len(await events("carer_list.sent")) == len(await events("carer_list.opened")) == 1
    # Late: the list of a quarter that is over is still owed, and the next clock is that of the quarter after it.
    clock.set(datetime(2027, 4, 10, tzinfo=UTC))
    await list_sent(sa_pa_officer, year=2027, quarter=1, sent_on="2027-04-09")
    assert [when for _, when in await due()] == ["2027-06-30T16:59:59.999999Z"]


async def test_a_carer_is_an_adult_and_perhaps_registered_before(sa_pa_officer, sa_pa_leader, ta_van_officer, rows):
    """Luật Trẻ em, Điều 63.2 a and d: a relative too. What a half-known birthday leaves open is not refused."""
    for young in (
        {"born_on": "2015-04-02"},
        {"born_on": "2008-10-06", "basis": "relative_notice"},
        {"born_on": "2009-01-01", "born_on_precision": "year"},
    ):
        refused = await sa_pa_officer.post("/carers", json=CARER | young)
        (error,) = refused.json()["errors"]
        assert (refused.status_code, error["pointer"], error["code"]) == (422, "/born_on", "not_an_adult")
        assert "Điều 63" in error["message"]
    assert await rows("SELECT 1 FROM carers") == []
    for old_enough in ({"born_on": "2008-10-05"}, {"born_on": "2008-01-01", "born_on_precision": "year"}):
        await registered(sa_pa_officer, full_name="Vàng Thị Mai", **old_enough)

    def told(answer) -> list[tuple[str, str]]:
        return [(one["code"], one["carer_id"]) for one in answer["warnings"]]

    first = await registered(sa_pa_officer, identity_number="010085001234")
    assert told(first) == []
    assert told(await registered(ta_van_officer)) == [], "nothing is said of another commune's register"
    off = await sa_pa_leader.post(
        f"/carers/{first['id']}/strike-off", json={"ground": "harmed_a_child"}, headers=tag(first["row_version"])
    )
    assert off.status_code == 200
    again = await registered(sa_pa_officer, full_name="LÙ THỊ MẨY", born_on="1985-12-31")
    assert told(again) == [("maybe_registered_before", first["id"])]
    numbered = await sa_pa_officer.patch(
        f"/carers/{again['id']}", json={"full_name": "Lù Mẩy", "identity_number": "010 085 001 234"}, headers=tag(1)
    )
    assert told(numbered.json()) == [("identity_number_held_by_another", first["id"])]
    assert told(await registered(sa_pa_officer, born_on="1986-01-01")) == []
    assert "warnings" not in (await sa_pa_officer.get(f"/carers/{again['id']}")).json()


async def test_bad_bodies_are_refused_and_leave_nothing(sa_pa_officer, sa_pa_leader, rows):
    for wrong, place, code in (
        ({"applied_on": "2027-01-01"}, "/applied_on", "in_future"),
        ({"health_certificate_on": "2027-01-01"}, "/health_certificate_on", "in_future"),
        ({"child_age_from": 9, "child_age_to": 3}, "/child_age_to", "ends_before_it_begins"),
        ({"child_count": 0}, "/child_count", "greater_than_equal"),
        ({"born_on_precision": "estimated"}, "/born_on_precision", "literal_error"),
        ({"members": [{"full_name": "A"}]}, "/members/0/relation", "missing"),
    ):
        assert faults_of(await sa_pa_officer.post("/carers", json=CARER | wrong)) == {place: code}
    assert (await sa_pa_leader.post("/carers", json=CARER)).status_code == 403
    assert await rows("SELECT 1 FROM carers") == []
    carer = await registered(sa_pa_officer)
    address = f"/carers/{carer['id']}"
    short = VERIFICATION | {"conditions": VERIFICATION["conditions"][:-1] + VERIFICATION["conditions"][:1]}
    early = VERIFICATION | {"verified_on": "2026-10-01"}
    for body, place, code in ((short, "/conditions", "conditions_incomplete"), (early, "/verified_on", "too_early")):
        refused = await sa_pa_officer.post(f"{address}/verifications", json=body, headers=tag(1))
        assert faults_of(refused) == {place: code}
    few = VERIFICATION | {"conditions": VERIFICATION["conditions"][:10]}
    [fault] = (
        await sa_pa_officer.post(f"{address}/verifications", json=few, headers=tag(1) | {"Accept-Language": "vi"})
    ).json()["errors"]
    assert fault["code"] == "conditions_incomplete"
    assert fault["message"].endswith(
        "Còn thiếu: Có sự đồng thuận giữa các thành viên gia đình (`family_agrees`);"
        " Thành viên gia đình không bị truy cứu, xử lý về xâm hại trẻ em (`family_not_prosecuted_for_abuse`)."
    )
    bare = await sa_pa_leader.post(f"{address}/strike-off", json={"ground": "other"}, headers=tag(1))
    assert (bare.status_code, bare.json()["errors"][0]["code"]) == (422, "reason_missing")
    assert (await sa_pa_officer.patch(address, json={"phone": "1"}, headers={})).status_code == 428
    assert (await sa_pa_officer.patch(address, json={"phone": "1"}, headers=tag(9))).status_code == 412


def foreigner(**more) -> Carer:
    good = {
        "basis": "application",
        "is_foreigner": True,
        "commitment": True,
        "applied_on": date(2026, 10, 5),
        "health_certificate_on": date(2026, 10, 1),
        "judicial_record_on": date(2026, 9, 1),
        "resident_from": date(2026, 4, 5),
        "resident_until": date(2027, 10, 5),
        "counselled_on": date(2026, 10, 6),
    }
    return Carer(**good | more)


@pytest.mark.parametrize(
    ("change", "lacks"),
    [
        ({}, []),
        ({"resident_from": date(2026, 4, 6)}, ["residence_six_months"]),
        ({"resident_until": date(2027, 10, 4)}, ["residence_twelve_months_left"]),
        ({"judicial_record_on": None}, ["judicial_record"]),
        ({"health_certificate_on": date(2026, 4, 4)}, ["health_certificate"]),
        ({"commitment": False}, ["commitment"]),
        ({"basis": "relative_notice", "commitment": False, "judicial_record_on": None, "counselled_on": None}, []),
    ],
)
def test_the_papers_the_decree_asks_for(change, lacks):
    """A relative gives notice and files nothing (Luật Trẻ em, Điều 65.4)."""
    assert [one.code for one in papers_missing(foreigner(**change))] == lacks


BIRTHDAYS = st.builds(
    Birthday, st.dates(date(1940, 1, 1), date(2026, 11, 1)), st.sampled_from(["day", "month", "year"])
)


@given(carer=BIRTHDAYS, child=BIRTHDAYS)
def test_twenty_years_older_is_judged_only_where_it_is_certain(carer, child):
    found = age_against(carer, child, relative=False, today=date(2026, 11, 21))
    surely_older = carer.latest <= years_before(child.earliest, 20)
    surely_not = carer.earliest > years_before(child.latest, 20)
    expected = None if surely_older else "not_twenty_years_older" if surely_not else "age_difference_unknown"
    assert (None if found is None else found.code) == expected
    if carer.precision == child.precision == "day":
        assert expected != "age_difference_unknown"


def test_a_relative_needs_only_be_an_adult():
    today, child = date(2026, 11, 21), Birthday(date(2018, 5, 1), "day")
    brother, minor = Birthday(date(2008, 11, 21), "day"), Birthday(date(2008, 11, 22), "day")
    assert age_against(brother, child, relative=True, today=today) is None
    assert age_against(minor, child, relative=True, today=today).code == "relative_not_adult"
    this_year = Birthday(date(2008, 12, 31), "year")
    assert age_against(this_year, child, relative=True, today=today).code == "relative_age_unknown"
    assert age_against(brother, None, relative=False, today=today).code == "age_difference_unknown"


@given(st.dates(date(2017, 1, 1), date(2100, 12, 31)))
def test_a_quarter_ends_on_its_last_day(day):
    ends = rules.end_of_quarter(*rules.quarter_of(day))
    assert day <= ends
    assert rules.quarter_of(ends) == rules.quarter_of(day)
    assert rules.quarter_of(ends + timedelta(days=1)) == rules.next_quarter(*rules.quarter_of(day))
