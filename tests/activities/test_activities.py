"""What was done: classes, forums, campaigns, inspections; for whom and how many."""

from datetime import timedelta

import pytest
from tests.action_plans.plans import add_target, draft, etag, issued_plan, parts
from tests.answers import faults_of
from tests.people import LAO_CAI, SA_PA

from childcare_api.activities.schemas import ActivityKind, EvidenceKind
from childcare_api.shared import clock as time

CLASS = {"kind": "training", "title": "Tập huấn cộng tác viên", "started_on": "2026-03-10"}


async def record(client, **more):
    return await client.post("/activities", json={**CLASS, **more})


async def test_a_commune_writes_down_what_it_did(sa_pa_officer, sa_pa_leader, lao_cai_province_officer, events, rows):
    answer = await record(
        sa_pa_officer,
        ended_on="2026-03-12",
        session_count=2,
        participants=[{"audience": "collaborators", "count": 40}, {"audience": "children", "count": 20}],
        cost_vnd=5_000_000,
        evidence={"kind": "report", "number": "12/BC-UBND", "issued_on": "2026-03-20", "issuer": "UBND phường"},
    )

    assert answer.status_code == 201, answer.text
    activity = answer.json()
    assert (activity["participant_count"], activity["session_count"], activity["unit_id"]) == (60, 2, SA_PA)
    assert activity["evidence"]["number"] == "12/BC-UBND"
    assert answer.headers["location"] == f"/api/v1/activities/{activity['id']}"
    [event] = await events("activity.recorded")
    assert event["subject_id"] == activity["id"]
    [row] = await rows("SELECT * FROM activities")
    assert (row["commune_id"], row["province_id"]) == (SA_PA, LAO_CAI)
    for reader in (sa_pa_leader, lao_cai_province_officer):
        assert (await reader.get(f"/activities/{activity['id']}")).json() == activity


async def test_an_activity_of_another_commune_does_not_exist(sa_pa_officer, ta_van_officer, lai_chau_province_officer):
    activity = (await record(sa_pa_officer)).json()

    for stranger in (ta_van_officer, lai_chau_province_officer):
        assert (await stranger.get(f"/activities/{activity['id']}")).status_code == 404
        assert (await stranger.get("/activities")).json()["items"] == []


async def test_activities_are_listed_by_kind_unit_and_day(sa_pa_officer, ta_van_officer, lao_cai_province_officer):
    await record(sa_pa_officer)
    await record(sa_pa_officer, kind="forum", started_on="2026-05-01")
    await record(ta_van_officer, started_on="2026-04-01")

    async def days(**params):
        items = (await lao_cai_province_officer.get("/activities", params=params)).json()["items"]
        return [item["started_on"] for item in items]

    assert await days() == ["2026-05-01", "2026-04-01", "2026-03-10"]
    assert await days(kind="forum") == ["2026-05-01"]
    assert await days(unit_id=SA_PA) == ["2026-05-01", "2026-03-10"]
    assert await days(started_from="2026-04-01", started_to="2026-04-30") == ["2026-04-01"]
    seconds = await lao_cai_province_officer.get("/activities", params={"started_from": "1704153600"})
    assert seconds.status_code == 400


async def test_an_activity_entered_in_error_stays_readable(sa_pa_officer, lao_cai_province_officer, events):
    written = await record(sa_pa_officer)
    address, reason = f"/activities/{written.json()['id']}/entered-in-error", {"reason": "Nhập hai lần"}

    assert (await sa_pa_officer.post(address, json=reason)).status_code == 428
    elsewhere = await lao_cai_province_officer.post(address, json=reason, headers=etag(written))
    assert elsewhere.json()["type"].endswith(":activity_of_another_unit")
    marked = await sa_pa_officer.post(address, json=reason, headers=etag(written))
    assert (marked.status_code, marked.headers["etag"]) == (200, '"2"')
    assert marked.json()["entered_in_error_reason"] == "Nhập hai lần"
    assert len(await events("activity.entered_in_error")) == 1
    again = await sa_pa_officer.post(address, json=reason, headers=etag(marked))
    assert again.json()["type"].endswith(":already_entered_in_error")


async def test_what_has_not_happened_is_not_written_down(sa_pa_officer, rows):
    tomorrow = (time.today() + timedelta(days=1)).isoformat()
    answer = await record(sa_pa_officer, started_on=tomorrow)

    assert faults_of(answer) == {"/started_on": "in_future"}
    assert await rows("SELECT FROM activities") == []


@pytest.mark.parametrize(
    ("more", "place", "code"),
    [
        ({"ended_on": "2026-03-09"}, "/ended_on", "days_reversed"),
        (
            {"participants": [{"audience": "children", "count": count} for count in (1, 2)]},
            "/participants",
            "audience_twice",
        ),
        ({"participants": [{"audience": "children", "count": -1}]}, "/participants/0/count", "greater_than_equal"),
        ({"session_count": 0}, "/session_count", "greater_than_equal"),
        ({"kind": "party"}, "/kind", "literal_error"),
        ({"cost_vnd": 1.5}, "/cost_vnd", "int_type"),
        ({"evidence": {"number": "1"}}, "/evidence/kind", "missing"),
        ({"unit_id": 1}, "/unit_id", "extra_forbidden"),
    ],
)
async def test_a_malformed_activity_is_refused(sa_pa_officer, more, place, code):
    assert faults_of(await record(sa_pa_officer, **more)) == {place: code}


async def test_an_activity_counts_for_targets_of_ones_own_plan_and_of_the_province_s(
    sa_pa_officer, lao_cai_province_officer, lao_cai_province_leader, events
):
    provincial = await issued_plan(
        lao_cai_province_officer, lao_cai_province_leader, {"counts": "activities"}, {"counts": "participants"}
    )
    own = await draft(sa_pa_officer)
    target = await add_target(sa_pa_officer, own, counts="activities")
    ids = [part["id"] for part in await parts(sa_pa_officer, provincial.json()["id"])]
    answer = await record(sa_pa_officer, target_ids=[*ids, target.json()["id"]])

    assert answer.status_code == 201, answer.text
    assert len(await events("activity.counted")) == 3
    for plan, reader in ((provincial, lao_cai_province_officer), (own, sa_pa_officer)):
        listed = (await reader.get(f"/action-plans/{plan.json()['id']}/activities")).json()["items"]
        assert [item["id"] for item in listed] == [answer.json()["id"]]
    one = await sa_pa_officer.get(
        f"/action-plans/{provincial.json()['id']}/activities", params={"target_id": target.json()["id"]}
    )
    assert one.json()["items"] == []


async def test_what_an_activity_cannot_count_for_is_refused(
    sa_pa_officer, ta_van_officer, lao_cai_province_officer, rows
):
    own = await draft(sa_pa_officer)
    words = await add_target(sa_pa_officer, own)
    elsewhere = await add_target(ta_van_officer, await draft(ta_van_officer), counts="activities")

    async def problem(client, target, **more):
        answer = await record(client, target_ids=[target.json()["id"]], **more)
        return answer.status_code, answer.json()["type"].rpartition(":")[2]

    assert await problem(sa_pa_officer, words) == (409, "target_counts_no_activities")
    assert await problem(sa_pa_officer, elsewhere) == (404, "not_found")
    assert await problem(ta_van_officer, elsewhere, started_on="2025-12-31") == (409, "activity_outside_period")
    assert await problem(lao_cai_province_officer, elsewhere) == (403, "plan_of_another_unit")
    assert await rows("SELECT FROM activities") == []


async def test_who_may_not_write_activities(sa_pa_leader, sa_pa_village_collaborator, sa_pa_inspector):
    for who in (sa_pa_leader, sa_pa_village_collaborator, sa_pa_inspector):
        assert (await record(who)).status_code == 403


@pytest.mark.parametrize(("name", "codes"), [("activity_kinds", ActivityKind), ("evidence_kinds", EvidenceKind)])
async def test_the_codes_are_those_of_the_code_list(sa_pa_officer, name, codes):
    entries = (await sa_pa_officer.get(f"/code-lists/{name}")).json()["entries"]

    assert {entry["code"] for entry in entries} == set(codes.__args__)
