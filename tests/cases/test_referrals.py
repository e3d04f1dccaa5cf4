"""A service asked of another body: who sees what of it, what it answers, and what happens when it does not."""

from datetime import timedelta
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio
from tests.answers import code_of, faults_of
from tests.cases.stories import ASSESSMENT, REFERRAL, File, tag
from tests.cases.test_walls import as_commune
from tests.people import LAO_CAI, SA_PA, TA_LENG, TA_VAN

from childcare_api.shared import clock as time
from childcare_api.shared.ids import new_id


def asked(**more) -> dict:
    """Return a referral to Tả Van that wants an answer within two days."""
    terms = {"respond_by": time.now() + timedelta(days=2), "needed_by": time.now() + timedelta(days=20)}
    return REFERRAL | {name: at.isoformat() for name, at in terms.items()} | more


async def refer(who, file: File, body: dict):
    return await file.post(who, "/referrals", body)


async def tasks_of(who, **asked: str) -> dict[str, tuple[str | None, str | None]]:
    """Return the running tasks of an office: of which case each is, and where it is read; what is named answers."""
    listed = (await who.get("/tasks", params={"whose": "my_unit"} | asked)).json()["items"]
    for task in listed:
        if task["path"] is not None:
            assert (await who.get(task["path"])).status_code == 200, task["path"]
    return {task["rule"]: (task["case_id"], task["path"]) for task in listed}


async def rules_of(who, subject_id: str) -> list[str]:
    tasks = (await who.get("/tasks", params={"whose": "my_unit", "subject_id": subject_id})).json()["items"]
    return sorted(task["rule"] for task in tasks)


@pytest_asyncio.fixture
async def planned(case_id, sa_pa_officer, sa_pa_leader) -> tuple[File, str]:
    """A case whose plan is in force, and the service of the plan."""
    file = File(case_id)
    plan_id = await file.plan_submitted(sa_pa_officer, time.now())
    plan = await file.approve(sa_pa_leader, plan_id, time.today().isoformat())
    return file, plan["services"][0]["id"]


async def test_a_commune_that_is_asked_sees_its_part_answers_itself_and_carries_it_out(
    planned, clock, sa_pa_officer, ta_van_officer, ta_van_leader, ta_leng_officer, events, rows
):
    file, service_id = planned
    body = asked(plan_service_id=service_id, names_child=True, shows=["assessment"], information="Nói tiếng Mông.")
    answer = await refer(sa_pa_officer, file, body)
    assert answer.status_code == 201, answer.text
    referral = answer.json()
    assert (referral["status"], referral["body_name"], referral["shows"]) == ("asked", "Xã Tả Van", ["assessment"])
    assert referral["consent"] == {"given_by": ["child", "guardian"], "given_on": "2026-11-01", "ground": None,
                                   "article": None, "reason": None}  # fmt: skip
    assert await rules_of(sa_pa_officer, referral["id"]) == ["referral.carry_out", "referral.follow_up"]
    assert await rules_of(ta_van_officer, referral["id"]) == ["referral.answer"]

    (seen,) = (await ta_van_officer.get("/referrals")).json()["items"]
    assert (seen["id"], seen["from_commune_id"], seen["case_id"]) == (referral["id"], SA_PA, str(file.case_id))
    assert (seen["child"]["full_name"], seen["plan_service"]["id"]) == ("V. A. P.", service_id)
    opened = (await ta_van_officer.get(f"/referrals/{referral['id']}")).json()
    assert opened == seen | {"child": seen["child"] | {"full_name": "Vàng A Pao"}}
    kinds = [step["kind"] for step in (await ta_van_officer.get(f"/cases/{file.case_id}/timeline")).json()["items"]]
    assert kinds == ["assessment"]
    assert (await ta_van_officer.get(f"/cases/{file.case_id}/intervention-plans")).json()["items"] == []
    assert (await ta_leng_officer.get("/referrals")).json()["items"] == []

    address = f"/referrals/{referral['id']}"
    first = (await ta_van_officer.get(address)).json()
    assert (await ta_van_leader.post(f"{address}/answer", json={"answer": "accepted"})).status_code == 403
    assert (await ta_van_officer.post(f"{address}/answer", json={"answer": "accepted"})).status_code == 428
    early = await ta_van_officer.post(f"{address}/answer", json={"answer": "done"}, headers=tag(first["row_version"]))
    assert (early.status_code, code_of(early)) == (409, "referral_not_in_state")
    accepted = await ta_van_officer.post(
        f"{address}/answer", json={"answer": "accepted"}, headers=tag(first["row_version"])
    )
    assert (accepted.status_code, accepted.json()["status"]) == (200, "accepted"), accepted.text
    stale = await ta_van_officer.post(f"{address}/answer", json={"answer": "done"}, headers=tag(first["row_version"]))
    assert stale.status_code == 412
    assert await rules_of(sa_pa_officer, referral["id"]) == ["referral.carry_out"]
    assert await rules_of(ta_van_officer, referral["id"]) == ["referral.perform"]
    clock.forward(days=3)
    done = await ta_van_officer.post(
        f"{address}/answer",
        json={"answer": "done", "note": "Đã tham vấn 3 buổi."},
        headers=tag(accepted.json()["row_version"]),
    )
    assert done.status_code == 200, done.text
    assert await rules_of(sa_pa_officer, referral["id"]) == await rules_of(ta_van_officer, referral["id"]) == []

    (own,) = (await sa_pa_officer.get(f"/cases/{file.case_id}/referrals")).json()["items"]
    assert [(one["answer"], one["by_itself"]) for one in own["answers"]] == [("accepted", True), ("done", True)]
    timeline = (await sa_pa_officer.get(f"/cases/{file.case_id}/timeline")).json()
    assert [step["kind"] for step in timeline["items"]][-3:] == ["referral", "referral_answered", "referral_answered"]
    assert [step["position"] for step in timeline["items"]] == list(range(1, len(timeline["items"]) + 1))
    told = await events("case.referral_answered")
    assert {(one["holder_commune_id"], one["actor_commune_id"]) for one in told} == {(SA_PA, TA_VAN)}
    assert len(await events("case.referred")) == 1
    payloads = await rows("SELECT payload FROM outbox WHERE event = 'case.referral_answered'")
    assert len(payloads) == 2
    assert "Tham vấn" not in str(payloads)

    clock.forward(days=91)
    assert (await ta_van_officer.get(address)).status_code == 404
    assert (await ta_van_officer.get(f"/cases/{file.case_id}")).status_code == 404


async def test_a_task_says_of_which_case_it_is_and_where_that_is_read(
    planned, sa_pa_officer, ta_van_officer, lao_cai_province_officer, hotline_111
):
    """Whoever is asked for a service alone is told of no case; whoever is shown a part of it, is."""
    file, service_id = planned
    case = str(file.case_id)
    await refer(sa_pa_officer, file, asked(plan_service_id=service_id))
    of_case = dict.fromkeys(("decision.send", "plan.review"), (case, f"/cases/{case}"))
    of_referral = dict.fromkeys(("referral.carry_out", "referral.follow_up"), (case, f"/cases/{case}/referrals"))
    assert await tasks_of(sa_pa_officer, case_id=case) == of_case | of_referral
    assert await tasks_of(sa_pa_officer, subject_id=case) == of_case
    [(told_of, path)] = (await tasks_of(ta_van_officer)).values()
    assert (told_of, path) == (None, f"/referrals/{(await ta_van_officer.get('/referrals')).json()['items'][0]['id']}")
    assert await tasks_of(ta_van_officer, case_id=case) == await tasks_of(hotline_111, case_id=case) == {}
    there = await tasks_of(lao_cai_province_officer, whose="my_province", case_id=case)
    assert there == of_case | of_referral | {"referral.answer": (case, f"/cases/{case}/referrals")}

    await file.do(sa_pa_officer, "/placement-requests", {"commune_id": TA_VAN, "message": "Chú ở Tả Van."})
    assert await tasks_of(ta_van_officer, case_id=case) == {
        "placement.answer": (case, f"/cases/{case}/placement-requests"),
        "referral.answer": (case, path),
    }
    assert (await sa_pa_officer.get("/tasks", params={"case_id": "x"})).status_code == 400


async def test_what_is_declined_or_withdrawn_is_seen_no_more(planned, sa_pa_officer, ta_van_officer, events):
    file, service_id = planned
    body = asked(plan_service_id=service_id, shows=["assessment"], names_child=True)
    first, second = [(await refer(sa_pa_officer, file, body)).json()["id"] for _ in range(2)]
    assert (await ta_van_officer.get(f"/cases/{file.case_id}")).status_code == 200
    unfounded = await ta_van_officer.post(f"/referrals/{first}/answer", json={"answer": "declined"}, headers=tag(1))
    assert (unfounded.status_code, unfounded.json()["errors"][0]["code"]) == (422, "reason_missing")
    declined = await ta_van_officer.post(
        f"/referrals/{first}/answer", json={"answer": "declined", "note": "Xã chưa có người."}, headers=tag(1)
    )
    assert (declined.status_code, declined.json()["status"]) == (200, "declined"), declined.text
    assert await rules_of(sa_pa_officer, first) == []
    waits = {"request.declined": (str(file.case_id), f"/cases/{file.case_id}")}
    assert (await tasks_of(sa_pa_officer, case_id=str(file.case_id))).items() >= waits.items()
    assert (await ta_van_officer.get(f"/referrals/{first}")).status_code == 404
    await file.refresh(sa_pa_officer)
    withdrawn = await file.do(sa_pa_officer, f"/referrals/{second}/withdraw", {"reason": "Đã có nơi khác."})
    assert withdrawn["status"] == "withdrawn"
    assert "request.declined" in await tasks_of(sa_pa_officer, case_id=str(file.case_id)), "the other one's no waits"
    await file.do(sa_pa_officer, "/progress-notes", {"note": "Trường sẽ tham vấn cho cháu."})
    assert "request.declined" not in await tasks_of(sa_pa_officer, case_id=str(file.case_id))
    assert (await ta_van_officer.get("/referrals")).json()["items"] == []
    assert await rules_of(ta_van_officer, second) == []
    assert (await ta_van_officer.get(f"/cases/{file.case_id}")).status_code == 404
    again = await file.post(sa_pa_officer, f"/referrals/{second}/withdraw", {"reason": "x"})
    assert (again.status_code, code_of(again)) == (409, "referral_not_in_state")
    assert len(await events("case.referral_withdrawn")) == 1


async def test_the_officer_writes_down_what_a_body_without_users_says(
    case_id, clock, sa_pa_officer, sa_pa_leader, lao_cai_province_officer
):
    hospital = {"name": "Bệnh viện đa khoa tỉnh Lào Cai", "kind": "health_facility", "unit_id": LAO_CAI,
                "source": "Sở Y tế"}  # fmt: skip
    agency = await lao_cai_province_officer.post("/agencies", json=hospital)
    assert agency.status_code == 201, agency.text
    file = File(case_id)
    body = asked(commune_id=None, agency_id=agency.json()["id"], group="health")
    referral = (await refer(sa_pa_officer, file, body)).json()
    assert (referral["body_name"], referral["child"], referral["shows"]) == (hospital["name"], None, [])
    clock.forward(days=3)
    task = (await sa_pa_officer.get("/tasks", params={"subject_id": referral["id"], "status": "overdue"})).json()
    assert [one["rule"] for one in task["items"]] == ["referral.follow_up"]
    # Nobody said until when it is needed: thirty days after the answer was due, it is asked after.
    clock.forward(days=30)
    task = (await sa_pa_officer.get("/tasks", params={"subject_id": referral["id"], "status": "overdue"})).json()
    assert [one["rule"] for one in task["items"]] == ["referral.follow_up", "referral.carry_out"]
    assert (await sa_pa_leader.get("/tasks", params={"subject_id": referral["id"]})).json()["items"] != []

    address = f"/referrals/{referral['id']}/answer"
    assert (await file.post(sa_pa_officer, address, {"answer": "accepted"})).status_code == 422
    said = {"answered_by": "BS Lê Thị Hoa, phòng CTXH"}
    for answer in ("declined", "accepted", "done", "accepted", "done"):
        note = {"note": "Hết giường."} if answer == "declined" else {}
        out = await file.do(sa_pa_officer, address, {"answer": answer} | said | note)
        assert out["status"] == answer
        assert ("request.declined" in await rules_of(sa_pa_officer, str(case_id))) is (answer == "declined")
    assert [one["answer"] for one in out["answers"]] == ["declined", "accepted", "done", "accepted", "done"]
    assert await rules_of(sa_pa_officer, referral["id"]) == []
    marked = await file.post(sa_pa_officer, f"/referrals/{referral['id']}/entered-in-error", {"reason": "x"})
    assert marked.status_code == 404, "it is withdrawn instead"


async def test_what_was_asked_on_friday_is_written_up_on_sunday_with_the_term_it_had(planned, clock, sa_pa_officer):
    file, _ = planned
    friday = clock.at + timedelta(hours=1)
    clock.forward(days=2)
    body = {"happened_at": friday.isoformat(), "respond_by": (friday - timedelta(hours=1)).isoformat()}
    refused = await refer(sa_pa_officer, file, asked(**body))
    assert (refused.status_code, faults_of(refused)) == (422, {"/respond_by": "too_early"})
    body["respond_by"] = (friday + timedelta(days=1)).isoformat()
    referral = (await refer(sa_pa_officer, file, asked(**body))).json()
    late = await sa_pa_officer.get("/tasks", params={"subject_id": referral["id"], "status": "overdue"})
    assert [one["rule"] for one in late.json()["items"]] == ["referral.follow_up"]


async def test_what_is_asked_has_a_body_a_term_and_a_basis(planned, sa_pa_officer, ta_van_officer):
    file, service_id = planned
    past = (time.now() - timedelta(minutes=1)).isoformat()
    wrong = {
        "one_body": {"body_name": "Trung tâm"},
        "consent_or_override": {"consent": {"given_by": ["child"]}},
        "shows_to_nobody": {"commune_id": None, "body_name": "Trung tâm", "shows": ["assessment"]},
        "shows_who_it_is": {"plan_service_id": service_id, "shows": ["assessment"]},
        "has_passed": {"respond_by": past},
        "no_such_record": {"commune_id": None, "provider_id": str(uuid4())},
        "own_commune": {"commune_id": SA_PA},
        "in_future": {"consent": REFERRAL["consent"] | {"given_on": "2097-01-01"}},
    }
    for code, change in wrong.items():
        refused = await refer(sa_pa_officer, file, asked(**change))
        assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, code), refused.text
    assert (await refer(sa_pa_officer, file, asked(commune_id=LAO_CAI))).status_code == 422, "a province is an agency"
    shown = await refer(sa_pa_officer, file, asked(shows=["assessment"], names_child=True))
    assert (shown.status_code, code_of(shown)) == (409, "grant_needs_leader")
    bare = await sa_pa_officer.post(f"/cases/{file.case_id}/referrals", json=asked(), headers=tag(file.row_version))
    assert (bare.status_code, code_of(bare)) == (400, "idempotency_key_required")
    ground = {"override": {"ground": "harm_doer_is_carer", "reason": "Cha là người gây tổn hại."}}
    told = (await refer(sa_pa_officer, file, asked(consent=ground, plan_service_id=service_id))).json()
    assert told["consent"]["article"] == "Nghị định 56/2017/NĐ-CP, Điều 31.1"
    (seen,) = (await ta_van_officer.get("/referrals")).json()["items"]
    assert (seen["child"], seen["case_id"], seen["plan_service"]["id"]) == (None, None, service_id)
    itself = await file.post(
        sa_pa_officer, f"/referrals/{told['id']}/answer", {"answer": "accepted", "answered_by": "Ai đó"}
    )
    assert (itself.status_code, code_of(itself)) == (409, "answers_for_itself")


async def test_the_wall_shows_a_referral_to_nobody_but_the_commune_asked(planned, database, sa_pa_officer):
    file, service_id = planned
    referral = (await refer(sa_pa_officer, file, asked(plan_service_id=service_id))).json()["id"]
    answer = "SELECT case_referral_answer($1, $2, $3, 1, $4, NULL, NULL, '2027-01-01', $5, $5, '[]')"
    seen = {}
    async with database.as_superuser() as connection:
        for commune in (TA_VAN, TA_LENG):
            await connection.execute(f"SET LOCAL app.commune_id = '{commune}'; SET LOCAL app.today = '2026-11-22'")
            await connection.execute("SET LOCAL ROLE childcare_commune_granted")
            seen[commune] = [
                await connection.fetchval(f"SELECT count(*) FROM {table}")  # noqa: S608 - named here
                for table in ("case_referrals", "case_plan_services", "cases", "case_steps")
            ]
            await connection.execute("SET LOCAL ROLE NONE")
        await connection.execute("SET LOCAL app.commune_id = ''; SET LOCAL app.today = ''")
    assert seen == {TA_VAN: [1, 1, 0, 0], TA_LENG: [0, 0, 0, 0]}
    for commune, word, taken in ((TA_LENG, "accepted", False), (TA_VAN, "done", False), (TA_VAN, "accepted", True)):
        async with as_commune(database, commune) as connection:
            await connection.execute(f"SET LOCAL app.actor_id = '{uuid4()}'")
            assert await connection.fetchval(answer, referral, new_id(), new_id(), word, time.now()) is taken
    for commune in (TA_VAN, TA_LENG):
        async with as_commune(database, commune) as connection:
            await connection.execute("SELECT case_tasks_of_step_end($1, 'x', now())", referral)
            assert await connection.fetchval("SELECT count(*) FROM tasks") == (commune == TA_VAN)
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(
                    "SELECT case_step_from_elsewhere($1, $2, 'referral', $2, NULL, now(), now())",
                    file.case_id,
                    new_id(),
                )


async def test_a_referral_of_another_commune_answers_like_none(planned, sa_pa_officer, ta_leng_officer, ta_van_officer):
    file, _ = planned
    referral = (await refer(sa_pa_officer, file, asked())).json()["id"]
    for path, send in (("", "get"), ("/answer", "post")):
        told = [
            await getattr(ta_leng_officer, send)(
                f"/referrals/{one}{path}", **({"json": {"answer": "accepted"}} if path else {})
            )
            for one in (referral, uuid4())
        ]
        bodies = [{k: v for k, v in one.json().items() if k not in ("instance", "request_id")} for one in told]
        assert told[0].status_code == 404
        assert bodies[0] == bodies[1]
    other = await ta_van_officer.post(f"/cases/{file.case_id}/assessments", json=ASSESSMENT, headers=tag(1))
    assert other.status_code == 404
