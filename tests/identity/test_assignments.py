"""Assignments: given, dated, ended, and who may not give which."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from tests.answers import code_of, faults_of
from tests.identity.accounts import assignment_body, path, user_body
from tests.identity.conftest import PASSWORD
from tests.people import (
    HOTLINE_SOURCE,
    LAO_CAI,
    PEOPLE,
    SA_PA,
    SA_PA_VILLAGE,
    TA_VAN,
    VIET_NAM,
)

from childcare_api.shared.clock import day_of


async def test_an_assignment_lets_a_new_person_in(sa_pa_administrator, made, log_in, nobody, events):
    user = await made()
    base = f"/users/{user['id']}"
    await sa_pa_administrator.post(
        base + "/reset-password", json={"new_password": PASSWORD}, headers={"If-Match": '"1"'}
    )
    assert code_of(await log_in("nguyen.van.an")) == "no_assignment"
    answer = await sa_pa_administrator.post(base + "/assignments", json=assignment_body())
    assert answer.status_code == 201
    assert (answer.json()["level"], answer.json()["revoked_at"]) == ("commune", None)
    token = (await log_in("nguyen.van.an")).json()["access_token"]
    me = (await nobody.get("/me", headers={"Authorization": f"Bearer {token}"})).json()
    assert (me["role"], me["unit_id"]) == ("commune_officer", SA_PA)
    (event,) = await events("assignment.created")
    assert event["holder_commune_id"] == SA_PA


async def test_an_assignment_that_begins_tomorrow_opens_nothing_today(sa_pa_administrator, log_in, made, clock):
    user = await made()
    base = f"/users/{user['id']}"
    tomorrow = day_of(clock.at) + timedelta(days=1)
    await sa_pa_administrator.post(
        base + "/reset-password", json={"new_password": PASSWORD}, headers={"If-Match": '"1"'}
    )
    body = assignment_body(valid_from=str(tomorrow), valid_to=str(tomorrow))
    assert (await sa_pa_administrator.post(base + "/assignments", json=body)).status_code == 201
    assert code_of(await log_in("nguyen.van.an")) == "no_assignment"
    clock.forward(days=1)
    assert (await log_in("nguyen.van.an")).status_code == 200
    clock.forward(days=1)
    assert code_of(await log_in("nguyen.van.an")) == "no_assignment"


async def test_an_assignment_ended_now_is_out_at_once(sa_pa_administrator, sa_pa_officer, events, rows):
    assignment = PEOPLE["sa_pa_officer"].assignment_id
    assert (await sa_pa_officer.get("/me")).status_code == 200
    answer = await sa_pa_administrator.post(
        path("sa_pa_officer") + f"/assignments/{assignment}/end", json={}, headers={"If-Match": '"1"'}
    )
    assert answer.status_code == 200
    assert answer.json()["revoked_at"]
    assert (await sa_pa_officer.get("/me")).status_code == 401
    assert len(await events("assignment.ended")) == 1
    again = await sa_pa_administrator.post(
        path("sa_pa_officer") + f"/assignments/{assignment}/end", json={}, headers={"If-Match": '"2"'}
    )
    assert (again.status_code, code_of(again)) == (409, "already_ended")


async def test_an_assignment_ends_after_a_day_to_come(sa_pa_administrator, sa_pa_officer, clock):
    assignment = PEOPLE["sa_pa_officer"].assignment_id
    today = day_of(clock.at)
    end = path("sa_pa_officer") + f"/assignments/{assignment}/end"
    past = {"json": {"valid_to": str(today - timedelta(days=1))}, "headers": {"If-Match": '"1"'}}
    assert faults_of(await sa_pa_administrator.post(end, **past)) == {"/valid_to": "has_passed"}
    to_come = {"json": {"valid_to": str(today + timedelta(days=2))}, "headers": {"If-Match": '"1"'}}
    assert (await sa_pa_administrator.post(end, **to_come)).json()["valid_to"] == str(today + timedelta(days=2))


async def test_an_assignment_does_not_end_before_it_begins_or_before_today(sa_pa_administrator, rows):
    before, address = await rows("SELECT count(*) FROM assignments"), path("sa_pa_officer") + "/assignments"
    turned = assignment_body(valid_from="2026-02-01", valid_to="2026-01-01")
    over = assignment_body(valid_from="2026-01-01", valid_to="2026-02-01")
    assert faults_of(await sa_pa_administrator.post(address, json=turned)) == {"/valid_to": "ends_before_it_begins"}
    assert faults_of(await sa_pa_administrator.post(address, json=over)) == {"/valid_to": "has_passed"}
    assert await rows("SELECT count(*) FROM assignments") == before


async def test_an_assignment_of_somebody_else_is_not_found_below_this_person(sa_pa_administrator):
    other = PEOPLE["sa_pa_leader"].assignment_id
    answer = await sa_pa_administrator.post(
        path("sa_pa_officer") + f"/assignments/{other}/end", json={}, headers={"If-Match": '"1"'}
    )
    assert answer.status_code == 404


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"role": "commune_leader", "unit_id": SA_PA_VILLAGE}, "role_does_not_fit"),
        ({"role": "village_collaborator"}, "role_does_not_fit"),
        ({"role": "province_officer"}, "role_does_not_fit"),
        ({"role": "central_analyst"}, "role_does_not_fit"),
        ({"role": "district_officer"}, "role_does_not_fit"),
        ({"role": "inspector", "unit_id": SA_PA_VILLAGE}, "role_does_not_fit"),
        ({"position": "chair"}, "position_does_not_fit"),
        ({"unit_id": TA_VAN}, "unit_outside_scope"),
        ({"role": "province_officer", "unit_id": LAO_CAI}, "unit_outside_scope"),
        ({"role": "central_analyst", "unit_id": VIET_NAM}, "unit_outside_scope"),
        ({"source_id": str(HOTLINE_SOURCE)}, "source_needed"),
        ({"is_default": True}, "default_taken"),
        ({"acting_for_assignment_id": str(uuid4()), "valid_to": "2027-01-01"}, "acting_for_nobody"),
        ({"acting_for_assignment_id": str(PEOPLE["ta_van_officer"].assignment_id), "valid_to": "2027-01-01"},
         "acting_for_nobody"),
        ({"acting_for_assignment_id": str(PEOPLE["sa_pa_leader"].assignment_id), "valid_to": "2027-01-01"},
         "acting_for_nobody"),
        ({"acting_for_assignment_id": str(PEOPLE["sa_pa_officer"].assignment_id), "valid_to": "2027-01-01"},
         "acting_for_nobody"),
        ({"acting_for_assignment_id": str(PEOPLE["sa_pa_leader"].assignment_id), "role": "commune_leader"},
         "acting_for_nobody"),
    ],
)  # fmt: skip
async def test_an_assignment_that_cannot_be_is_refused(sa_pa_administrator, changes, problem, rows, clock):
    clock.set(datetime(2026, 11, 21, 3, tzinfo=UTC))
    before = await rows("SELECT count(*) FROM assignments")
    answer = await sa_pa_administrator.post(path("sa_pa_officer") + "/assignments", json=assignment_body(**changes))
    assert (answer.status_code, code_of(answer)) == (409, problem), answer.text
    assert await rows("SELECT count(*) FROM assignments") == before


@pytest.mark.parametrize("role", ["mayor", "", None, 3, "COMMUNE_OFFICER"])
async def test_a_role_that_does_not_exist_is_refused(sa_pa_administrator, role):
    answer = await sa_pa_administrator.post(path("sa_pa_officer") + "/assignments", json=assignment_body(role=role))
    assert answer.status_code == 422


async def test_nobody_gives_themselves_an_assignment(sa_pa_administrator):
    answer = await sa_pa_administrator.post(path("sa_pa_administrator") + "/assignments", json=assignment_body())
    assert (answer.status_code, code_of(answer)) == (409, "own_account")


async def test_a_hotline_operator_gets_the_source_of_a_known_hotline(bo_y_te_administrator, lao_cai_administrator):
    body = assignment_body(role="hotline_operator", unit_id=LAO_CAI, source_id=str(HOTLINE_SOURCE))
    elsewhere = await lao_cai_administrator.post(path("lao_cai_province_officer") + "/assignments", json=body)
    assert (elsewhere.status_code, code_of(elsewhere)) == (409, "source_needed")
    without = body | {"source_id": None}
    nowhere = await bo_y_te_administrator.post(path("bo_y_te_analyst") + "/assignments", json=without | {"unit_id": 1})
    assert code_of(nowhere) == "source_needed"
    known = await bo_y_te_administrator.post(
        path("bo_y_te_analyst") + "/assignments", json=body | {"unit_id": VIET_NAM}
    )
    assert known.status_code == 201


async def test_assignments_are_listed_with_those_that_ended(sa_pa_administrator):
    answer = await sa_pa_administrator.get(path("sa_pa_officer") + "/assignments")
    (one,) = answer.json()["items"]
    assert (one["id"], one["role"]) == (str(PEOPLE["sa_pa_officer"].assignment_id), "commune_officer")


async def test_the_same_post_again_is_done_once(sa_pa_administrator, rows):
    headers = {"Idempotency-Key": "once-and-only-once"}
    first = await sa_pa_administrator.post("/users", json=user_body(), headers=headers)
    again = await sa_pa_administrator.post("/users", json=user_body(), headers=headers)
    assert first.json() == again.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    assert len(await rows("SELECT FROM users WHERE username = 'nguyen.van.an'")) == 1
