"""A report opened, joined, added to, sealed and taken back by several at once: one order of locks, nothing is lost."""

import asyncio
import random
from collections import Counter

import pytest
from tests.answers import code_of
from tests.cases.stories import File, keyed, tag

ROUNDS = 16
WRONG = {"reason": "Nhầm trẻ."}


@pytest.mark.committed
@pytest.mark.timeout(120)
async def test_a_report_is_opened_joined_sealed_and_taken_back_at_once(
    assessed_report, case_id, sa_pa_officer, sa_pa_second_officer, sa_pa_leader, lao_cai_province_officer, rows
):
    """Each either happens or is told a fact that has a name; nobody is told that others were at the same rows."""
    base, rng = File(case_id), random.Random(20_261_122)  # noqa: S311 - a test's seed
    told: Counter[str] = Counter()
    for _ in range(ROUNDS):
        report = await assessed_report(emergency=False, relation="neighbour")
        body = {"children": [{"intake_child_id": str(report.children[0])}]}
        opened = await sa_pa_officer.post(f"/intakes/{report.id}/open-case", json=body, headers=tag(report.row_version))
        case = File(opened.json()["cases"][0]["id"])
        (opening,) = (await sa_pa_officer.get(f"/cases/{case.case_id}/timeline")).json()["items"]
        await case.refresh(sa_pa_officer)
        await base.refresh(sa_pa_officer)
        version = (await sa_pa_officer.get(f"/intakes/{report.id}")).json()["row_version"]
        join = {"case_id": str(case_id), "intake_child_id": str(report.children[1])}
        level = {"level": rng.choice(["normal", "sensitive"]), "reason": "x", "recipients": []}
        danger = {"text": "Lại nghe tiếng khóc.", "emergency": True}
        acts = [
            sa_pa_second_officer.post(f"/intakes/{report.id}/updates", json=danger, headers=tag(version)),
            lao_cai_province_officer.post(f"/intakes/{report.id}/told-later", json=danger, headers=keyed()),
            case.post(sa_pa_officer, f"/opening/{opening['id']}/entered-in-error", WRONG),
            sa_pa_second_officer.post(f"/intakes/{report.id}/join-case", json=join, headers=tag(version)),
            case.post(sa_pa_second_officer, "/join", {"case_id": str(case_id), "reason": "Cùng một trẻ."}),
            sa_pa_leader.put(f"/cases/{case_id}/confidentiality", json=level, headers=tag(base.row_version)),
        ]
        rng.shuffle(acts)

        async def soon(act):
            await asyncio.sleep(rng.random() / 100)
            return await act

        answers = await asyncio.gather(*map(soon, acts))
        told.update("done" if one.is_success else code_of(one) for one in answers)
        # The report asks for a case exactly where none stands on it, whoever was first.
        (seen,) = await rows(
            "SELECT i.status, (SELECT count(*) FROM tasks t WHERE t.subject_id = i.id AND t.rule_code = 'case.open'"
            " AND t.done_at IS NULL AND t.cancelled_at IS NULL) AS asks, (SELECT count(*) FROM case_reports r"
            " JOIN case_steps s ON s.id = r.id JOIN cases c ON c.id = s.case_id WHERE r.intake_id = i.id"
            " AND s.in_error_at IS NULL AND c.status <> 'entered_in_error') AS stand FROM intakes i WHERE i.id = $1",
            report.id,
        )
        assert (seen["status"], seen["asks"]) == (("case_opened", 0) if seen["stand"] else ("assessed", 1)), seen
        # What tells of danger runs in each case that has it, and nothing else does.
        assert not await rows(
            "SELECT FROM cases c WHERE c.status NOT IN ('closed', 'entered_in_error') AND c.emergency IS DISTINCT FROM"
            " EXISTS (SELECT FROM tasks t WHERE t.subject_id = c.id AND t.rule_code = 'emergency.intervene'"
            " AND t.done_at IS NULL AND t.cancelled_at IS NULL)"
        )
    assert set(told) <= {"done", "stale_version", "case_not_in_state", "intake_status_forbids", "no_case_open"}, told
    assert told["done"] > ROUNDS, "at least one of the four happens each time, and often more"
    (case,) = await rows("SELECT step_count FROM cases WHERE id = $1", case_id)
    assert case["step_count"] == len(await rows("SELECT 1 FROM case_steps WHERE case_id = $1", case_id))
