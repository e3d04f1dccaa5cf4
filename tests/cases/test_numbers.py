"""One number of the office on two decisions, of two cases or of one: it is told, and nothing is refused for it."""

from datetime import UTC, datetime

from tests.alternative_care.carers import listed
from tests.cases.care import DECISION, NEEDS
from tests.cases.stories import File, separation, tag
from tests.people import TA_VAN

from childcare_api.shared import clock as time

NUMBER = "12/QĐ-UBND"


def told(answer: dict) -> list[tuple[str, str]]:
    return [(one["code"], one["decision_number"]) for one in answer["warnings"]]


async def test_a_number_given_to_another_case_in_the_same_year_is_told_to_whoever_gives_it(
    assessed_report, sa_pa_officer, sa_pa_leader, lao_cai_province_officer
):
    report = await assessed_report(emergency=False, relation="neighbour")
    first, second = (File(case["id"]) for case in (await report.open(sa_pa_officer)).json()["cases"])
    day = time.today().isoformat()
    plan_id = await first.plan_submitted(sa_pa_officer, time.now())
    assert told(await first.approve(sa_pa_leader, plan_id, day, NUMBER)) == []
    # Whoever may not see the one case is told of the number all the same, and of nothing else.
    seal = {"level": "sealed", "reason": "Báo chí chú ý."}
    sealed = await sa_pa_leader.put(
        f"/cases/{first.case_id}/confidentiality", json=seal, headers=tag(first.row_version)
    )
    assert sealed.status_code == 200, sealed.text

    other = await second.plan_submitted(sa_pa_officer, time.now())
    approved = await second.approve(sa_pa_leader, other, day, NUMBER)
    assert told(approved) == [("number_used", NUMBER)]
    assert not {str(first.case_id)} & set(map(str, approved["warnings"][0].values()))
    address = f"/cases/{second.case_id}/intervention-plans/{other}"
    assert told((await sa_pa_officer.get(address)).json()) == [("number_used", NUMBER)]
    assert told((await lao_cai_province_officer.get(address)).json()) == []
    apart = await second.do(sa_pa_leader, "/separations", separation(time.today(), decision_number="77/QĐ-UBND"))
    assert told(apart) == []
    more = {"decision_number": NUMBER, "decided_on": day, "reason": "Chưa an toàn.", "days": 2}
    longer = await second.do(sa_pa_leader, f"/separations/{apart['id']}/extend", more)
    assert told(longer) == [("number_used", NUMBER)]
    await first.refresh(sa_pa_leader)
    again = await first.do(sa_pa_leader, "/separations", separation(time.today(), decision_number="77/QĐ-UBND"))
    assert told(again) == [("number_used", "77/QĐ-UBND")]
    # What was marked as an error gave no number.
    await first.do(sa_pa_leader, f"/separations/{again['id']}/entered-in-error", {"reason": "Nhầm số."})
    listed_ = (await sa_pa_leader.get(f"/cases/{second.case_id}/separations")).json()["items"]
    assert told(listed_[0]) == [("number_used", NUMBER)]

    carer = await listed(sa_pa_officer, sa_pa_leader)
    await second.refresh(sa_pa_officer)
    await second.do(sa_pa_officer, "/care-needs", NEEDS)
    decision = DECISION | {"carer_id": carer["id"], "decided_on": day, "decision_number": NUMBER}
    placed = await second.do(sa_pa_leader, "/placements", decision)
    assert told(placed) == [("number_used", NUMBER)]


async def test_a_register_of_numbers_begins_anew_every_year_and_in_every_office(
    assessed_report, sa_pa_officer, sa_pa_leader, ta_van_leader, clock
):
    clock.set(datetime(2026, 11, 20, 3, tzinfo=UTC))

    async def opened(**residence: object) -> File:
        report = await assessed_report(emergency=False, relation="neighbour")
        return File((await report.open(sa_pa_officer, **residence)).json()["cases"][0]["id"])

    assert told(await (await opened()).do(sa_pa_leader, "/separations", separation(time.today()))) == []
    there = await opened(residence={"unit_id": TA_VAN})
    assert told(await there.do(ta_van_leader, "/separations", separation(time.today()))) == []
    clock.forward(days=60)
    assert told(await (await opened()).do(sa_pa_leader, "/separations", separation(time.today()))) == []
    assert told(await (await opened()).do(sa_pa_leader, "/separations", separation(time.today()))) == [
        ("number_used", "7/QĐ-UBND")
    ]


async def test_a_number_given_twice_in_one_case_is_told_unless_the_other_fell(case_id, sa_pa_officer, sa_pa_leader):
    file, day = File(case_id), time.today().isoformat()
    plan_id = await file.plan_submitted(sa_pa_officer, time.now())
    approved = await file.approve(sa_pa_leader, plan_id, day, NUMBER)
    assert told(approved) == []
    # Decided anew under its number, since the first was written down in error.
    decision = approved["decisions"][0]["id"]
    await file.do(sa_pa_leader, f"/decisions/{decision}/entered-in-error", {"reason": "Nhầm ngày."})
    assert told(await file.approve(sa_pa_leader, plan_id, day, NUMBER)) == []
    apart = await file.do(sa_pa_leader, "/separations", separation(time.today(), decision_number=NUMBER))
    assert told(apart) == [("number_used", NUMBER)]
    assert "quyết định khác" in apart["warnings"][0]["message_vi"]
    more = {"decision_number": "13/QĐ-UBND", "decided_on": day, "reason": "Chưa an toàn.", "days": 2}
    assert told(await file.do(sa_pa_leader, f"/separations/{apart['id']}/extend", more)) == [("number_used", NUMBER)]
    address = f"/cases/{case_id}/intervention-plans/{plan_id}"
    assert told((await sa_pa_leader.get(address)).json()) == [("number_used", NUMBER)]
    # What fell with the separation gave no number, though nobody marked it itself.
    await file.do(sa_pa_leader, f"/separations/{apart['id']}/entered-in-error", {"reason": "Nhầm số."})
    assert told((await sa_pa_leader.get(address)).json()) == []
    again = separation(time.today(), decision_number="13/QĐ-UBND")
    assert told(await file.do(sa_pa_leader, "/separations", again)) == []
