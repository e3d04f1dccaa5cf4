"""Two leaders at one offer of a case, and what its wall lets through."""

import asyncio
from uuid import uuid4

import asyncpg
import pytest
from tests.cases.moving import answer
from tests.cases.stories import TRANSFER, File, keyed, tag
from tests.cases.test_walls import as_commune
from tests.people import LAO_CAI, PEOPLE, SA_PA, TA_VAN

from childcare_api.shared import clock as time
from childcare_api.shared.ids import new_id


async def test_the_wall_moves_a_case_for_nobody_but_whom_it_is_offered_to(case_id, database, sa_pa_leader):
    file = File(case_id)
    await file.refresh(sa_pa_leader)
    offered = (await file.do(sa_pa_leader, "/transfer", TRANSFER))["id"]
    take = "SELECT case_take_over($1, 1, $2, $3, NULL, $4, '{}', '2099-01-01', $5, $6, NULL, $7, $7)"
    for key, moved in (
        ("sa_pa_leader", "changed"),
        ("ta_leng_leader", "changed"),
        ("ta_van_officer", "changed"),
        ("ta_van_leader", "moved"),
    ):
        commune = PEOPLE[key].unit_id
        async with as_commune(database, commune) as connection:
            await connection.execute(f"SET LOCAL app.assignment_id = '{PEOPLE[key].assignment_id}'")
            await connection.execute(f"SET LOCAL app.actor_id = '{uuid4()}'; SET LOCAL app.province_id = '{LAO_CAI}'")
            await connection.execute(f"SET LOCAL app.unit_id = '{commune}'; SET LOCAL app.today = '{time.today()}'")
            ids = [new_id() for _ in range(5)]
            assert await connection.fetchval(take, offered, *ids, time.now()) == moved
            if moved == "moved":
                # Who gave it away made its steps, and adds nothing to them.
                await connection.execute(f"SET LOCAL app.commune_id = '{SA_PA}'")
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await connection.execute(
                        "INSERT INTO case_parties (id, origin_commune_id, role, relation, unit_id, commune_id,"
                        " province_id) VALUES ($1, $2, 'other', 'other', $2, $3, $4)",
                        offered, SA_PA, TA_VAN, LAO_CAI,
                    )  # fmt: skip
    for inner in (
        "SELECT access.parts_follow('cases', ARRAY[$1::uuid], NULL, NULL)",
        "SELECT child_moves_over($1::uuid, 1, NULL, 1, 1, NULL, '2026-01-01', $1::uuid, $1::uuid, now())",
        "SELECT case_transfer_locked($1::uuid, 1, now(), now())",
    ):
        async with as_commune(database, TA_VAN) as connection:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(inner, case_id)


@pytest.mark.committed
async def test_of_leaders_racing_for_one_offer_one_is_heard(
    case_id, sa_pa_officer, sa_pa_leader, ta_van_leader, ta_van_acting_leader, rows
):
    """Accept, decline and withdraw at once, with officers writing on: the case is in one commune, and whole."""
    await asyncio.gather(
        *(one.get("/me") for one in (sa_pa_officer, sa_pa_leader, ta_van_leader, ta_van_acting_leader))
    )
    ended = []
    for _ in range(8):
        file = File(case_id)
        await file.refresh(sa_pa_leader)
        offered = (await file.do(sa_pa_leader, "/transfer", TRANSFER))["id"]
        version = file.row_version
        note = sa_pa_officer.post(f"/cases/{case_id}/progress-notes", json={"note": "Vẫn làm."}, headers=tag(version))
        withdrawn = sa_pa_leader.post(
            f"/cases/{case_id}/transfers/{offered}/withdraw", json={"reason": "x"}, headers=tag(version) | keyed()
        )
        codes = [
            one.status_code
            for one in await asyncio.gather(
                answer(ta_van_leader, offered, "accept"),
                answer(ta_van_acting_leader, offered, "decline", reason="x"),
                withdrawn,
                note,
            )
        ]
        (case,) = await rows("SELECT commune_id, step_count, row_version FROM cases WHERE id = $1", case_id)
        (offer,) = await rows("SELECT * FROM case_transfers WHERE id = $1", offered)
        ended.append(offer["status"])
        assert sum(code == 200 for code in codes[:3]) == 1, codes
        assert set(codes) <= {200, 201, 404, 409, 412}, codes
        assert case["commune_id"] == offer["commune_id"] == (TA_VAN if offer["status"] == "accepted" else SA_PA)
        steps = await rows("SELECT position, commune_id FROM case_steps WHERE case_id = $1 ORDER BY position", case_id)
        assert [step["position"] for step in steps] == list(range(1, case["step_count"] + 1))
        assert {step["commune_id"] for step in steps} == {case["commune_id"]}
        assert not await rows(
            "SELECT FROM tasks WHERE subject_id = $1 AND done_at IS NULL AND cancelled_at IS NULL", offered
        )
        assert not await rows("SELECT FROM tasks WHERE subject_id = $1 AND done_at IS NULL AND cancelled_at IS NULL"
                              " AND commune_id <> $2", case_id, case["commune_id"])  # fmt: skip
        if offer["status"] == "accepted":
            back = File(case_id)
            await back.refresh(ta_van_leader)
            home = TRANSFER | {"residence": {"unit_id": SA_PA}}
            returned = (await back.do(ta_van_leader, "/transfer", home))["id"]
            assert (await answer(sa_pa_leader, returned, "accept")).status_code == 200
    assert set(ended) <= {"accepted", "declined", "withdrawn"}
