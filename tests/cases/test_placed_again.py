"""A separated child whose care ended is placed again at once (NĐ 56/2017, Điều 32.4), whichever commune ended it."""

from datetime import UTC, datetime

import pytest
from tests.alternative_care.carers import list_sent, listed
from tests.cases.care import DECISION, NEEDS
from tests.cases.stories import File, separation
from tests.people import TA_VAN

from childcare_api.shared import clock as time

END = {"ground": "carer_asked", "decision_number": "11", "goes_to": "other_carer"}
WRONG = {"reason": "Nhầm hồ sơ."}


@pytest.fixture(autouse=True)
def _november(clock):
    # The morning of a Friday, so that a story of hours stays on one day in Viet Nam.
    clock.set(datetime(2026, 11, 20, 1, tzinfo=UTC))


@pytest.mark.parametrize("elsewhere", [False, True])
async def test_a_separated_child_whose_care_ended_is_placed_again_at_once(
    *, elsewhere, case_id, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_leader, clock, agree, rows
):
    file = File(case_id)
    leader, officer = (ta_van_leader, ta_van_officer) if elsewhere else (sa_pa_leader, sa_pa_officer)
    both = ("ta_van_officer",) if elsewhere else ()
    gate = "/placing-steps" if elsewhere else ""
    carer = await listed(officer, leader)

    async def do(who, path: str, body: dict) -> dict:
        clock.forward(minutes=5)
        await file.refresh(who)
        return await file.do(who, path, body)

    async def place(number: str) -> dict:
        given = {"carer_id": carer["id"], "temporary": True, "decision_number": number}
        return await do(leader, "/placements", given | {"decided_on": time.today().isoformat()})

    async def runs(act: str, *follow: str) -> list[tuple[datetime, datetime | None, str | None]]:
        clock.forward(minutes=5)
        await agree(act, case_id, "sa_pa_officer", *follow)
        found = await rows("SELECT * FROM tasks WHERE rule_code = 'separation.place' ORDER BY starts_at")
        return [(one["starts_at"], one["done_at"], one["cancel_reason"]) for one in found]

    apart = await do(sa_pa_leader, "/separations", separation(time.today()))
    began = time.now()
    assert await runs("a separation") == [(began, None, None)]
    if elsewhere:
        await do(sa_pa_officer, "/placement-requests", {"commune_id": TA_VAN, "message": "Nhờ xem xét."})
    first, given = await place("8"), time.now()
    met = (began, given, None)
    assert await runs("care at once", *both) == [met]
    ended = await do(leader, f"/placements/{first['id']}/end", END | {"ended_on": time.today().isoformat()})
    left = time.now()
    assert await runs("its end") == [met, (left, None, None)]
    await do(leader, f"{gate}/placement-ends/{ended['end']['id']}/entered-in-error", WRONG)
    assert await runs("that end in error", *both) == [met, (left, None, "no_longer_due")]
    await do(leader, f"/placements/{first['id']}/end", END | {"ended_on": time.today().isoformat()})
    left = time.now()
    assert (await runs("another end"))[-1] == (left, None, None)
    if elsewhere:
        await do(sa_pa_officer, "/placement-requests", {"commune_id": TA_VAN, "message": "Nhờ xem xét."})
    second, given = await place("9"), time.now()
    assert (await runs("other care", *both))[-1] == (left, given, None)
    await do(leader, f"{gate}/placements/{second['id']}/entered-in-error", WRONG)
    assert (await runs("other care in error"))[-1] == (left, None, None)
    await do(sa_pa_leader, f"/separations/{apart['id']}/entered-in-error", WRONG)
    assert (await runs("the separation in error"))[-1][2] == "no_longer_due"


@pytest.mark.parametrize("elsewhere", [False, True])
async def test_lasting_care_meets_the_task_of_a_child_whose_first_care_ended(
    *, elsewhere, assessed_report, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_leader, clock, rows
):
    report = await assessed_report(emergency=True)
    file = File((await report.open(sa_pa_officer)).json()["cases"][0]["id"])
    leader, officer = (ta_van_leader, ta_van_officer) if elsewhere else (sa_pa_leader, sa_pa_officer)
    at_once = {"carer_id": (await listed(sa_pa_officer, sa_pa_leader, full_name="Má A Lử"))["id"], "temporary": True}
    carer = await listed(officer, leader)
    await list_sent(officer)

    async def do(who, path: str, body: dict) -> dict:
        clock.forward(minutes=5)
        await file.refresh(who)
        return await file.do(who, path, body)

    await do(sa_pa_leader, "/separations", separation(time.today()))
    today = {"decided_on": time.today().isoformat()}
    first = await do(sa_pa_leader, "/placements", at_once | today | {"decision_number": "8"})
    given = time.now()
    await do(sa_pa_officer, "/care-needs", NEEDS)
    await do(sa_pa_leader, f"/placements/{first['id']}/end", END | {"ended_on": time.today().isoformat()})
    left = time.now()
    if elsewhere:
        await do(sa_pa_officer, "/placement-requests", {"commune_id": TA_VAN, "message": "Nhờ xem xét."})
    await do(leader, "/placements", DECISION | today | {"carer_id": carer["id"]})
    found = await rows("SELECT * FROM tasks WHERE rule_code = 'separation.place' ORDER BY starts_at")
    assert [(one["done_at"], one["cancel_reason"]) for one in found] == [(given, None), (time.now(), None)]
    assert found[1]["starts_at"] == left
