"""The other children of who harmed one are seen at once, by a task of the carer's commune (LQ Điều 69.2, 50)."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.alternative_care.carers import VERIFICATION, listed
from tests.answers import code_of
from tests.cases.care import DECISION, HANDED, NEEDS, VISIT
from tests.cases.stories import File, separation, tag
from tests.cases.test_carer_harms import HARM
from tests.people import TA_VAN

from childcare_api.shared import clock as time

SEEN = VISIT | {"occasion": "unplanned"}
MET = HANDED | {"met_on": ["2026-11-18", "2026-11-19"]}
WRONG = {"reason": "Nhầm hồ sơ."}
END = {"ground": "family_reunited", "decision_number": "41/QĐ-UBND", "goes_to": "family"}


@pytest.fixture(autouse=True)
def _november(clock):
    # The morning of a Friday, so that a story of hours stays on one day in Viet Nam.
    clock.set(datetime(2026, 11, 20, 1, tzinfo=UTC))


@pytest.fixture
async def three(assessed_report, sa_pa_officer, ta_van_officer, ta_van_leader) -> tuple[dict[str, Any], list[File]]:
    """A carer of Tả Van, and three children for them: of two cases that Sa Pa leads, and of one of Tả Van's own."""
    carer = await listed(ta_van_officer, ta_van_leader, child_count=4)
    opened = await (await assessed_report(emergency=False, relation="neighbour")).open(sa_pa_officer)
    files = [File(one["id"]) for one in opened.json()["cases"]]
    for file in files:
        await file.do(sa_pa_officer, "/care-needs", NEEDS)
        await file.do(sa_pa_officer, "/placement-requests", {"commune_id": TA_VAN, "message": "Nhờ xem xét."})
    report = await assessed_report(emergency=False, relation="neighbour")
    own = File((await report.open(sa_pa_officer, {"unit_id": TA_VAN})).json()["cases"][0]["id"])
    await own.do(ta_van_officer, "/care-needs", NEEDS)
    return carer, [*files, own]


@pytest.fixture
def given(three, ta_van_leader) -> Callable[[File], Awaitable[str]]:
    """Decide on the care of one of the three, and return its path."""

    async def give(file: File) -> str:
        await file.refresh(ta_van_leader)
        decision = DECISION | {"carer_id": three[0]["id"], "decided_on": time.today().isoformat()}
        number = {"decision_number": f"{file.case_id}/QĐ"}
        return f"/placements/{(await file.do(ta_van_leader, '/placements', decision | number))['id']}"

    return give


@pytest.fixture
def to_see(three, ta_van_officer, rows) -> Callable[[], Awaitable[tuple[datetime, set[str]] | None]]:
    """Since when the task runs, and of which cases the children are, as an officer who follows it finds them."""

    async def look() -> tuple[datetime, set[str]] | None:
        carer = f"/carers/{three[0]['id']}"
        listing = {"see_at_once": True, "limit": 200}
        found = {
            one["case_id"] for one in (await ta_van_officer.get("/children-in-care", params=listing)).json()["items"]
        }
        record = (await ta_van_officer.get(carer)).json()
        assert record["children_to_see"] == len(found)
        assert ("children_to_see" in {one["what"] for one in record["notices"]}) is bool(found)
        tasks = (await ta_van_officer.get("/tasks", params={"whose": "my_unit", "limit": 200})).json()["items"]
        running = [one for one in tasks if one["rule"] == "carer.see_all"]
        assert len(running) == bool(found)
        if not running:
            return None
        (task,) = await rows("SELECT * FROM tasks WHERE id = $1", UUID(running[0]["id"]))
        assert (running[0]["path"], task["commune_id"]) == (carer, TA_VAN)
        assert task["due_at"] == task["starts_at"] + timedelta(hours=12)
        assert (task["answers"], task["escalates_to"]) == (
            ["commune_officer", "commune_leader"], ["province_officer", "province_leader"])  # fmt: skip
        return task["starts_at"], found

    return look


async def test_every_other_child_is_seen_whoever_leads_its_case_and_whatever_becomes_of_it(  # noqa: PLR0915 - one story
    three, given, to_see, agree, clock, sa_pa_officer, sa_pa_leader, ta_van_officer, ta_van_leader, rows
):
    carer, (harmed, far, own) = three
    leads = {harmed: "sa_pa_officer", far: "sa_pa_officer", own: "ta_van_officer"}
    paths, acted = {}, [harmed]
    for file in leads:
        paths[file] = await given(file)
        await file.do(ta_van_officer, f"{paths[file]}/handover", MET)

    async def after(act: str) -> tuple[datetime, set[str]] | None:
        clock.forward(minutes=5)
        # Who was acted upon last; the others are with the same carer, whose task it is.
        file = acted[-1]
        await agree(act, file.case_id, leads[file], *(() if file is own else ("ta_van_officer",)))
        return await to_see()

    async def do(who, file: File, path: str, body: dict[str, Any]) -> dict[str, Any]:
        acted.append(file)
        await file.refresh(who)
        return await file.do(who, path, body)

    async def mark(file: File, kind: str, step: dict[str, Any]) -> None:
        await do(ta_van_leader if kind == "placement-ends" else ta_van_officer, file,
                 f"{'' if file is own else '/placing-steps'}/{kind}/{step['id']}/entered-in-error", WRONG)  # fmt: skip

    async def notices(file: File) -> set[str]:
        shown = (await ta_van_officer.get(f"/cases/{file.case_id}/placements")).json()["items"][0]["notices"]
        return {one["what"] for one in shown} & {"see_child_at_once", "harmed_a_child"}

    def cases(*files: File) -> set[str]:
        return {str(file.case_id) for file in files}

    assert await after("three in care") is None
    at = time.now()
    harm = await do(ta_van_officer, harmed, f"{paths[harmed]}/visits", HARM)
    assert await after("harm") == (at, cases(far, own))
    assert [await notices(file) for file in (far, own)] == [{"see_child_at_once", "harmed_a_child"}] * 2
    await do(ta_van_officer, far, f"{paths[far]}/visits", SEEN | {"child_seen": False, "child_words": None})
    assert await after("a visit in which nobody saw the child") == (at, cases(far, own))
    seen = await do(ta_van_officer, far, f"{paths[far]}/visits", SEEN)
    assert await after("a visit") == (at, cases(own))
    assert await notices(far) == {"harmed_a_child"}
    # Verified anew, and found to meet the conditions: none is left unseen by that.
    row_version = (await ta_van_officer.get(f"/carers/{carer['id']}")).json()["row_version"]
    cleared = VERIFICATION | {"verified_on": time.today().isoformat()}
    answer = await ta_van_officer.post(f"/carers/{carer['id']}/verifications", json=cleared, headers=tag(row_version))
    assert answer.is_success, answer.text
    assert await after("verified anew") == (at, cases(own))
    assert await notices(own) == {"see_child_at_once"}
    apart = await do(ta_van_leader, own, "/separations", separation(time.today(), separated_from=["other"]))
    assert await after("a separation") is None
    await do(ta_van_leader, own, f"/separations/{apart['id']}/entered-in-error", WRONG)
    assert await after("a separation in error") == (at, cases(own))
    await mark(far, "placement-visits", seen)
    assert await after("a visit in error") == (at, cases(far, own))
    apart = await do(sa_pa_leader, far, "/separations", separation(time.today(), separated_from=["other"]))
    assert await after("a separation where the case is led") == (at, cases(own))
    await do(sa_pa_leader, far, f"/separations/{apart['id']}/entered-in-error", WRONG)
    assert await after("that separation in error") == (at, cases(far, own))
    died = await do(sa_pa_officer, far, "/child-died", {"died_on": time.today().isoformat()})
    assert await after("a death") == (at, cases(own))
    ended = await do(ta_van_leader, own, f"{paths[own]}/end", END | {"ended_on": time.today().isoformat()})
    left = time.now()
    assert await after("the end of a care") is None
    (task,) = await rows("SELECT * FROM tasks WHERE rule_code = 'carer.see_all'")
    assert (task["done_at"], task["cancelled_at"]) == (left, None)
    await mark(own, "placement-ends", ended["end"])
    assert await after("that end in error") == (at, cases(own))
    other = await do(ta_van_officer, own, "/child-died", {"died_on": time.today().isoformat()})
    left = time.now()
    assert await after("another death") is None
    (task,) = await rows("SELECT * FROM tasks WHERE rule_code = 'carer.see_all'")
    assert (task["done_at"], task["cancelled_at"], task["cancel_reason"]) == (None, left, "child_died")
    await do(ta_van_officer, own, f"/deaths/{other['id']}/entered-in-error", WRONG)
    assert await after("that death in error") == (at, cases(own))
    await do(sa_pa_officer, far, f"/deaths/{died['id']}/entered-in-error", WRONG)
    assert await after("a death in error") == (at, cases(far, own))
    await mark(harmed, "placement-visits", harm)
    assert await after("the harm in error") is None
    assert [one["cancel_reason"] for one in await rows("SELECT * FROM tasks WHERE rule_code = 'carer.see_all'")] == [
        "no_longer_due"
    ]

    # The decision that ends the care says so as well; a second harm moves nothing while the first is unanswered.
    told = time.now()
    by_harm = {"ground": "carer_harmed_child", "ended_on": time.today().isoformat(), "goes_to": "facility"}
    ended = await do(ta_van_leader, harmed, f"{paths[harmed]}/end", END | by_harm)
    assert await after("an end by harm") == (told, cases(far, own))
    await mark(harmed, "placement-ends", ended["end"])
    assert await after("that end by harm in error") is None
    told = time.now()
    await do(ta_van_officer, harmed, f"{paths[harmed]}/visits", HARM)
    await after("harm anew")
    await do(ta_van_officer, far, f"{paths[far]}/visits", SEEN)
    clock.forward(minutes=5)
    second = time.now()
    await do(ta_van_officer, harmed, f"{paths[harmed]}/visits", HARM)
    assert await after("harm once more") == (told, cases(far, own))
    await do(ta_van_officer, own, f"{paths[own]}/visits", SEEN)
    assert await after("one of them seen since") == (second, cases(far))
    # Struck off, every care is ended by a task besides; nothing new was found by that, nor by the end of the care.
    row_version = (await ta_van_officer.get(f"/carers/{carer['id']}")).json()["row_version"]
    body = {"ground": "harmed_a_child"}
    off = await ta_van_leader.post(f"/carers/{carer['id']}/strike-off", json=body, headers=tag(row_version))
    assert off.is_success, off.text
    await do(ta_van_leader, harmed, f"{paths[harmed]}/end", END | by_harm)
    assert await after("struck off") == (second, cases(far))
    await do(ta_van_officer, far, f"{paths[far]}/visits", SEEN)
    assert await after("the last one seen") is None
    tasks = (await ta_van_leader.get("/tasks", params={"limit": 200})).json()["items"]
    assert [one["path"] for one in tasks if one["rule"] == "carer.end_all"] == [f"/carers/{carer['id']}"]


async def test_who_harmed_a_child_is_handed_none_that_was_given_to_them_before(
    three, given, to_see, clock, ta_van_officer, ta_van_leader
):
    carer, (harmed, far, own) = three
    path, waits, other = [await given(file) for file in (harmed, far, own)]
    await harmed.do(ta_van_officer, f"{path}/handover", MET)
    clock.forward(hours=1)
    at = time.now()
    await harmed.do(ta_van_officer, f"{path}/visits", HARM)
    clock.forward(hours=1)
    assert await to_see() is None
    await far.refresh(ta_van_officer)
    refused = await far.post(ta_van_officer, f"{waits}/handover", MET)
    told = [(one["what"], one["article"]) for one in refused.json()["missing"]]
    assert (code_of(refused), told) == ("placement_not_ready", [("harmed_a_child", "Luật Trẻ em Điều 63.2, 69.2")])
    # Whom they had received before that, as is written down only now, lives there.
    await own.refresh(ta_van_officer)
    before = MET | {"happened_at": (at - timedelta(minutes=30)).isoformat()}
    await own.do(ta_van_officer, f"{other}/handover", before)
    assert await to_see() == (at, {str(own.case_id)})
    # Cleared, they may be handed the other one, for whom nothing is to be seen to.
    row_version = (await ta_van_officer.get(f"/carers/{carer['id']}")).json()["row_version"]
    cleared = VERIFICATION | {"verified_on": time.today().isoformat()}
    answer = await ta_van_officer.post(f"/carers/{carer['id']}/verifications", json=cleared, headers=tag(row_version))
    assert answer.is_success, answer.text
    await far.do(ta_van_officer, f"{waits}/handover", MET)
    assert await to_see() == (at, {str(own.case_id)})


async def test_who_is_struck_off_for_harm_that_no_visit_tells_of_has_the_children_seen_all_the_same(
    three, given, to_see, clock, ta_van_officer, ta_van_leader
):
    carer, (_, far, own) = three
    for file in (far, own):
        await file.do(ta_van_officer, f"{await given(file)}/handover", MET)
    clock.forward(hours=1)
    off = await ta_van_leader.post(
        f"/carers/{carer['id']}/strike-off", json={"ground": "harmed_a_child"}, headers=tag(carer["row_version"])
    )
    assert (off.status_code, off.json()["children_to_see"]) == (200, 2)
    assert await to_see() == (time.now(), {str(far.case_id), str(own.case_id)})


async def test_they_are_seen_when_they_were_and_not_when_the_harmed_child_or_one_who_had_left_was_separated(
    three, given, to_see, clock, sa_pa_leader, ta_van_officer, ta_van_leader, rows
):
    _, (harmed, left, other) = three
    paths = [await given(file) for file in three[1]]
    for file, path in zip(three[1], paths, strict=True):
        await file.refresh(ta_van_officer)
        await file.do(ta_van_officer, f"{path}/handover", MET)
    clock.forward(minutes=5)
    await left.refresh(ta_van_leader)
    await left.do(ta_van_leader, f"{paths[1]}/end", END | {"ended_on": time.today().isoformat()})
    clock.forward(minutes=5)
    at = time.now()
    await harmed.refresh(ta_van_officer)
    await harmed.do(ta_van_officer, f"{paths[0]}/visits", HARM)
    clock.forward(hours=10)
    for file in (harmed, left):
        clock.forward(hours=1)
        await file.refresh(sa_pa_leader)
        await file.do(sa_pa_leader, "/separations", separation(time.today(), separated_from=["other"]))
    assert await to_see() == (at, {str(other.case_id)})
    clock.forward(minutes=30)
    await other.refresh(ta_van_officer)
    seen = at + timedelta(hours=8)
    await other.do(ta_van_officer, f"{paths[2]}/visits", SEEN | {"happened_at": seen.isoformat()})
    assert await to_see() is None
    (task,) = await rows("SELECT * FROM tasks WHERE rule_code = 'carer.see_all'")
    assert (task["done_at"], task["cancelled_at"]) == (seen, None)
