"""Children in family care as their commune assessed them, and the half-yearly report of it (Luật Trẻ em, Điều 68.2)."""

from datetime import UTC, date, datetime

import pytest
from tests.alternative_care.carers import list_sent, listed
from tests.answers import code_of
from tests.cases.care import DECISION, HANDED, NEEDS, VISIT
from tests.cases.stories import File, tag
from tests.people import LAO_CAI, SA_PA, TA_VAN

from childcare_api.cases.overseeing import rules


@pytest.fixture(autouse=True)
def _november(clock):
    clock.set(datetime(2026, 11, 20, 3, tzinfo=UTC))


def test_half_years():
    assert [rules.half_of(date(2026, *day)) for day in ((6, 30), (7, 1))] == [(2026, 1), (2026, 2)]
    assert [rules.next_half(2026, half) for half in (1, 2)] == [(2026, 2), (2027, 1)]
    assert [rules.half_before(2026, half) for half in (1, 2)] == [(2025, 2), (2026, 1)]
    assert [rules.end_of_half(2026, half) for half in (1, 2)] == [date(2026, 6, 30), date(2026, 12, 31)]
    # This half year's report and the last one's can be sent, to the last day of the half year after it.
    assert [rules.may_be_sent((2026, 1), date(2026, *day)) for day in ((6, 30), (12, 31))] == [True, True]
    assert not rules.may_be_sent((2026, 1), date(2027, 1, 1))


@pytest.mark.parametrize(
    ("asked", "sent", "today", "wanted"),
    [
        (None, [], (2026, 12, 31), (2026, 2)),
        (None, [], (2027, 1, 1), (2027, 1)),
        (None, [(2026, 2)], (2026, 12, 31), (2027, 1)),
        ((2026, 2), [(2026, 2)], (2027, 1, 8), (2027, 1)),
        # Whoever sent this half year's first owes the last one's still, and then the next.
        ((2026, 2), [(2027, 1)], (2027, 1, 8), (2026, 2)),
        ((2026, 2), [(2027, 1), (2026, 2)], (2027, 1, 8), (2027, 2)),
        # What nobody can send any more is not asked for, but the last one is.
        ((2026, 1), [(2027, 1)], (2027, 1, 8), (2026, 2)),
    ],
)
def test_which_half_year_is_wanted_next(asked, sent, today, wanted):
    assert rules.wanted(asked, sent, date(*today)) == wanted


async def due(client) -> dict[str, str]:
    """The running clocks of reports: rule and last day."""
    tasks = (await client.get("/tasks", params={"limit": 200})).json()["items"]
    return {one["rule"]: one["due_at"][:10] for one in tasks if one["rule"].startswith(("care.half", "care.report"))}


async def placed_elsewhere(file: File, officer, leader, there_officer, there_leader) -> dict:
    """Place the child of a case with a carer of another commune, which follows it, and hand it over."""
    carer = await listed(there_officer, there_leader)
    await list_sent(there_officer)
    await file.do(officer, "/care-needs", NEEDS)
    await file.do(officer, "/placement-requests", {"commune_id": TA_VAN, "carer_id": carer["id"], "message": "Nhờ xã."})
    placed = await file.do(
        there_leader, "/placements", DECISION | {"carer_id": carer["id"], "decided_on": "2026-11-20"}
    )
    met = {"met_on": ["2026-11-18", "2026-11-19"]}
    await file.do(there_officer, f"/placements/{placed['id']}/handover", HANDED | met)
    return placed


async def test_the_commune_of_the_carer_reports_each_child_and_the_province_reads_it(  # noqa: PLR0915 - one story
    case_id, speak_as, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_leader, clock, events
):
    province, file = speak_as("lao_cai_province_officer"), File(case_id)
    assert await due(ta_van_leader) == {}
    placed = await placed_elsewhere(file, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_leader)
    # The end of the half year, for the commune that follows the child, and not for the one that leads its case.
    assert await due(ta_van_leader) == {"care.half_year_report": "2026-12-31"}
    assert await due(sa_pa_leader) == {}
    (seen,) = (await province.get("/children-in-care")).json()["items"]
    assert seen == {
        "placement_id": placed["id"],
        "case_id": str(case_id),
        "commune_id": TA_VAN,
        "form": "non_relative",
        "temporary": False,
        "received_on": "2026-11-20",
        "assessed_on": None,
        "occasion": None,
        "proposal": None,
        "due_on": "2027-05-20",
    }
    assert (await ta_van_officer.get("/children-in-care")).json()["items"] == [seen]
    for nobody in (sa_pa_officer, speak_as("ta_leng_officer"), speak_as("lai_chau_province_officer")):
        assert (await nobody.get("/children-in-care")).json()["items"] == []
    assert (await province.get("/children-in-care", params={"commune_id": SA_PA})).json()["items"] == []

    body = {"year": 2026, "half": 2, "note": "Đề nghị tư vấn cho gia đình."}
    assert (await ta_van_officer.post("/care-reports", json=body)).status_code == 403
    bad = [await ta_van_leader.post("/care-reports", json=body | one) for one in ({"half": 3}, {"year": 2025})]
    bad.append(await ta_van_leader.post("/care-reports", json=body | {"year": 2027, "half": 1}))
    assert [one.json()["errors"][0]["code"] for one in bad[1:]] == ["too_late", "too_early"]
    assert bad[0].status_code == 422
    clock.set(datetime(2026, 12, 21, 3, tzinfo=UTC))
    await file.do(
        ta_van_officer,
        f"/placements/{placed['id']}/visits",
        VISIT | {"occasion": "month_1", "proposal": "support", "proposal_note": "Hỗ trợ học phí."},
    )
    clock.set(datetime(2027, 1, 8, 3, tzinfo=UTC))
    assert await due(province) == {"care.half_year_report": "2026-12-31"}
    sent = (await ta_van_leader.post("/care-reports", json=body)).json()
    assert {name: sent[name] for name in ("children", "not_yet_received", "unassessed", "proposed")} == {
        "children": 1,
        "not_yet_received": 0,
        "unassessed": 0,
        "proposed": 1,
    }
    (entry,) = sent["entries"]
    assert (entry["placement_id"], entry["proposal"]) == (placed["id"], "support")
    assert "Hỗ trợ học phí" not in str(sent)
    twice = await ta_van_leader.post("/care-reports", json=body)
    assert (twice.status_code, code_of(twice)) == (409, "care_report_sent")
    # The next one runs, and the province has this one to read.
    assert await due(ta_van_leader) == {"care.half_year_report": "2027-06-30"}
    assert set(await due(province)) == {"care.report_read"}

    path = f"/care-reports/{sent['id']}"
    (row,) = (await province.get("/care-reports", params={"year": 2026, "half": 2})).json()["items"]
    assert (row["commune_id"], row["acknowledged_at"]) == (TA_VAN, None)
    for nobody in (sa_pa_leader, speak_as("lai_chau_province_officer")):
        assert (await nobody.get(path)).status_code == 404
    measures = {"measures": "Trung tâm tư vấn cho gia đình trong tháng 1."}
    assert (await ta_van_leader.post(f"{path}/acknowledge", json=measures, headers=tag(1))).status_code == 403
    assert (await province.post(f"{path}/acknowledge", json=measures)).status_code == 428
    read = await province.post(f"{path}/acknowledge", json=measures, headers=tag(1))
    assert (read.status_code, read.json()["measures"]) == (200, measures["measures"])
    again = await province.post(f"{path}/acknowledge", json=measures, headers=tag(2))
    assert code_of(again) == "care_report_acknowledged"
    assert await due(province) == {}
    assert (await ta_van_leader.get(path)).json()["measures"] == measures["measures"]
    (opened,) = await events("care_report.opened")
    assert (opened["holder_commune_id"], opened["detail"]["ids"]) == (TA_VAN, [str(case_id)])
    assert (await events("care_report.acknowledged"))[0]["actor_unit_id"] == LAO_CAI

    # What is overdue comes first to who asks for it; who has left the care is on no list.
    clock.set(datetime(2027, 5, 21, 3, tzinfo=UTC))
    late = (await province.get("/children-in-care", params={"overdue": True})).json()["items"]
    assert [one["assessed_on"] for one in late] == ["2026-12-21"]
    end = {"ground": "family_reunited", "decision_number": "40/QĐ-UBND", "ended_on": "2027-05-21", "goes_to": "family"}
    await file.do(ta_van_leader, f"/placements/{placed['id']}/end", end)
    assert (await province.get("/children-in-care")).json()["items"] == []
    last = (await ta_van_leader.post("/care-reports", json={"year": 2027, "half": 1})).json()
    assert last["children"] == 0
    assert await due(ta_van_leader) == {}


async def test_the_clock_of_a_half_year_at_its_borders(case_id, sa_pa_officer, sa_pa_leader, clock):
    """By the days of Viet Nam: 16:30 UTC is half past eleven at night there, 17:30 the next day."""
    carer, file = await listed(sa_pa_officer, sa_pa_leader), File(case_id)
    await list_sent(sa_pa_officer)
    await file.do(sa_pa_officer, "/care-needs", NEEDS)
    placed = await file.do(
        sa_pa_leader, "/placements", DECISION | {"carer_id": carer["id"], "decided_on": "2026-11-20"}
    )

    async def send(*half: int) -> str | None:
        answer = await sa_pa_leader.post("/care-reports", json=dict(zip(("year", "half"), half, strict=True)))
        return None if answer.status_code == 201 else answer.json()["errors"][0]["code"]

    # The half year is that in which the child was received, and not in which that is written up.
    clock.set(datetime(2026, 12, 31, 17, 30, tzinfo=UTC))
    met = {"met_on": ["2026-11-18", "2026-11-19"], "happened_at": "2026-12-31T16:30:00Z"}
    await file.do(sa_pa_officer, f"/placements/{placed['id']}/handover", HANDED | met)
    assert await due(sa_pa_leader) == {"care.half_year_report": "2026-12-31"}
    overdue = (await sa_pa_leader.get("/tasks", params={"status": "overdue", "limit": 200})).json()["items"]
    assert [one["escalated"] for one in overdue if one["rule"] == "care.half_year_report"] == [True]
    # The new half year's report does not answer for the last one's.
    assert await send(2027, 1) is None
    assert await due(sa_pa_leader) == {"care.half_year_report": "2026-12-31"}
    assert await send(2026, 2) is None
    assert await due(sa_pa_leader) == {"care.half_year_report": "2027-12-31"}
    clock.set(datetime(2027, 6, 30, 16, 30, tzinfo=UTC))
    assert await send(2027, 2) == "too_early"
    clock.set(datetime(2027, 6, 30, 17, 30, tzinfo=UTC))
    assert await send(2026, 2) == "too_late"
    assert await send(2027, 2) is None
    assert await due(sa_pa_leader) == {"care.half_year_report": "2028-06-30"}


async def test_a_sealed_case_is_on_no_list_or_report_but_for_whom_it_is_open(
    case_id, sa_pa_officer, sa_pa_leader, lao_cai_province_officer, events
):
    carer, file = await listed(sa_pa_officer, sa_pa_leader), File(case_id)
    await file.do(sa_pa_officer, "/care-needs", NEEDS)
    given = DECISION | {"carer_id": carer["id"], "decided_on": "2026-11-20"}
    placed = await file.do(sa_pa_leader, "/placements", given)
    met = {"met_on": ["2026-11-18", "2026-11-19"]}
    await file.do(sa_pa_officer, f"/placements/{placed['id']}/handover", HANDED | met)
    sealed = {"level": "sealed", "recipients": [], "reason": "Trẻ bị đe dọa."}
    seen = await sa_pa_leader.get(f"/cases/{case_id}")
    answer = await sa_pa_leader.put(
        f"/cases/{case_id}/confidentiality", json=sealed, headers={"If-Match": seen.headers["etag"]}
    )
    assert answer.status_code == 200, answer.text
    shown = [(await who.get("/children-in-care")).json()["items"] for who in (sa_pa_leader, lao_cai_province_officer)]
    assert [len(one) for one in shown] == [1, 0]
    # Nor in the report that its leader sends, whoever reads that.
    sent = (await sa_pa_leader.post("/care-reports", json={"year": 2026, "half": 2})).json()
    assert (sent["children"], [one["case_id"] for one in sent["entries"]]) == (1, [str(case_id)])
    for who, children in ((sa_pa_leader, 1), (sa_pa_officer, 1), (lao_cai_province_officer, 0)):
        read = (await who.get(f"/care-reports/{sent['id']}")).json()
        (row,) = (await who.get("/care-reports")).json()["items"]
        assert (read["children"], len(read["entries"]), row["children"]) == (children,) * 3
    found = await events("care_report.opened")
    assert [one["detail"]["ids"] for one in found] == [[str(case_id)], [str(case_id)], []]


async def test_whom_nobody_has_received_yet_is_told_apart(
    case_id, sa_pa_officer, sa_pa_leader, lao_cai_province_officer
):
    """Nobody's to assess until it is handed over (Luật Trẻ em, Điều 68.2), also who is given away at once."""
    carer, file, half = await listed(sa_pa_officer, sa_pa_leader), File(case_id), {"year": 2026, "half": 2}
    await file.do(
        sa_pa_officer, "/care-needs", NEEDS | {"ground": "orphan_abandoned_no_support", "found_abandoned": True}
    )
    decided = {"carer_id": carer["id"], "decision_number": "8/QĐ-UBND", "decided_on": "2026-11-20", "temporary": True}
    placed = await file.do(sa_pa_leader, "/placements", decided)

    async def shown(**received: bool) -> list[str | None]:
        answer = await lao_cai_province_officer.get("/children-in-care", params=received)
        return [one["received_on"] for one in answer.json()["items"]]

    assert (await shown(), await shown(received=False), await shown(received=True)) == ([None], [None], [])
    sent = (await sa_pa_leader.post("/care-reports", json=half)).json()
    assert [sent[name] for name in ("children", "not_yet_received", "unassessed", "proposed")] == [0, 1, 0, 0]
    assert [one["received_on"] for one in sent["entries"]] == [None]
    assert await due(sa_pa_leader) == {}, "no report is wanted before a child is received"

    await file.do(sa_pa_officer, f"/placements/{placed['id']}/handover", HANDED)
    assert (await shown(received=False), await shown(received=True)) == ([], ["2026-11-20"])
    assert await due(sa_pa_leader) == {"care.half_year_report": "2027-06-30"}
