"""/users and /users/{id}/assignments, kept by administrators."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from tests.answers import faults_of
from tests.identity.conftest import PASSWORD
from tests.people import (
    HOTLINE_SOURCE,
    LAO_CAI,
    OLD_LAO_CAI,
    OLD_SA_PA_TOWN,
    PEOPLE,
    SA_PA,
    SA_PA_VILLAGE,
    TA_LENG,
    TA_VAN,
    VIET_NAM,
)

from childcare_api.shared.clock import day_of

PROBLEM = "urn:childcare-api:problem:"


def code(answer) -> str:
    return answer.json()["type"].removeprefix(PROBLEM)


def user_body(**changes) -> dict:
    return {"username": "nguyen.van.an", "display_name": "Nguyễn Văn An", "unit_id": SA_PA, **changes}


def assignment_body(**changes) -> dict:
    return {"role": "commune_officer", "unit_id": SA_PA, "valid_from": "2026-01-01", **changes}


@pytest.fixture
def made(sa_pa_administrator, cheap_hashes):
    """Make a user in Sa Pa and return the answer's body."""

    async def make(by=sa_pa_administrator, **changes) -> dict:
        answer = await by.post("/users", json=user_body(**changes))
        assert answer.status_code == 201, answer.text
        return answer.json()

    return make


def path(key: str) -> str:
    return f"/users/{PEOPLE[key].id}"


async def test_an_administrator_opens_an_account(sa_pa_administrator, rows, events):
    answer = await sa_pa_administrator.post("/users", json=user_body())
    assert answer.status_code == 201
    assert answer.headers["ETag"] == '"1"'
    assert answer.json()["display_name"] == "Nguyễn Văn An"
    assert "password" not in answer.text
    (row,) = await rows("SELECT * FROM users WHERE username = 'nguyen.van.an'")
    assert (row["unit_id"], row["commune_id"], row["province_id"]) == (SA_PA, SA_PA, LAO_CAI)
    (event,) = await events("user.created")
    assert event["subject_id"] == answer.json()["id"]
    assert event["actor_id"] == PEOPLE["sa_pa_administrator"].id


async def test_the_client_may_choose_the_id(sa_pa_administrator):
    chosen = str(uuid4())
    assert (await sa_pa_administrator.post("/users", json=user_body(id=chosen))).json()["id"] == chosen
    again = await sa_pa_administrator.post("/users", json=user_body(id=chosen, username="another.one"))
    assert (again.status_code, code(again)) == (409, "id_taken")


async def test_a_user_name_is_taken_once_in_the_whole_country(sa_pa_administrator, ta_leng_administrator, made):
    await made()
    answer = await ta_leng_administrator.post("/users", json=user_body(unit_id=TA_LENG))
    assert (answer.status_code, code(answer)) == (409, "username_taken")


@pytest.mark.parametrize(
    "username", ["A.b", "ab", "an nguyen", "nguyễn", "a" * 65, "-ab", "ab-", "", 5, None, "a\u0000b", "a'b"]
)
async def test_a_user_name_is_of_plain_letters(sa_pa_administrator, username):
    assert (await sa_pa_administrator.post("/users", json=user_body(username=username))).status_code == 422


@pytest.mark.parametrize("unit_id", [TA_VAN, TA_LENG, LAO_CAI, VIET_NAM, OLD_LAO_CAI, 999_999, 2**31 - 1])
async def test_an_account_is_kept_at_or_below_the_own_unit(sa_pa_administrator, unit_id, rows):
    answer = await sa_pa_administrator.post("/users", json=user_body(unit_id=unit_id))
    assert (answer.status_code, code(answer)) == (409, "unit_outside_scope")
    assert not await rows("SELECT FROM users WHERE username = 'nguyen.van.an'")


@pytest.mark.parametrize("unit_id", [0, -1, 2**31, 2**80, "1", 1.5, True, None])
async def test_a_number_no_unit_can_have_is_refused(sa_pa_administrator, unit_id):
    assert (await sa_pa_administrator.post("/users", json=user_body(unit_id=unit_id))).status_code == 422


@pytest.mark.parametrize(
    ("who", "unit_id"),
    [
        ("sa_pa_administrator", SA_PA_VILLAGE),
        ("lao_cai_administrator", SA_PA),
        ("lao_cai_administrator", LAO_CAI),
        ("lao_cai_administrator", SA_PA_VILLAGE),
        ("bo_y_te_administrator", VIET_NAM),
        ("bo_y_te_administrator", LAO_CAI),
        ("bo_y_te_administrator", TA_LENG),
    ],
)
async def test_administrators_keep_every_unit_below_theirs(speak_as, who, unit_id):
    answer = await speak_as(who).post("/users", json=user_body(unit_id=unit_id))
    assert answer.status_code == 201, answer.text


async def test_no_account_is_kept_for_a_unit_that_ended(lao_cai_administrator, bo_y_te_administrator):
    for who, unit in ((lao_cai_administrator, OLD_SA_PA_TOWN), (bo_y_te_administrator, OLD_LAO_CAI)):
        answer = await who.post("/users", json=user_body(unit_id=unit))
        assert (answer.status_code, code(answer)) == (409, "unit_ended")


@pytest.mark.parametrize("who", ["sa_pa_officer", "sa_pa_leader", "sa_pa_inspector", "bo_y_te_analyst", "hotline_111"])
async def test_others_keep_no_users(speak_as, who):
    client = speak_as(who)
    assert (await client.get("/users")).status_code == 403
    assert (await client.post("/users", json=user_body())).status_code == 403
    assert (await client.get(path("sa_pa_officer"))).status_code == 403


async def usernames(client, **query) -> set[str]:
    found, cursor = set(), None
    while True:
        answer = await client.get("/users", params={"limit": 7, **query, **({"cursor": cursor} if cursor else {})})
        assert answer.status_code == 200, answer.text
        found |= {item["username"] for item in answer.json()["items"]}
        cursor = answer.json()["next_cursor"]
        if cursor is None:
            return found


async def test_lists_end_where_the_own_units_end(sa_pa_administrator, lao_cai_administrator, bo_y_te_administrator):
    commune = await usernames(sa_pa_administrator)
    province = await usernames(lao_cai_administrator)
    country = await usernames(bo_y_te_administrator)
    assert {"sa-pa-officer", "sa-pa-village-collaborator"} <= commune
    assert "ta-van-officer" not in commune
    assert {"sa-pa-officer", "ta-van-officer", "lao-cai-inspector"} <= province
    assert not {"ta-leng-officer", "lai-chau-inspector", "bo-y-te-analyst"} & province
    assert country == {person.username for person in PEOPLE.values()}
    assert await usernames(lao_cai_administrator, unit_id=SA_PA) == commune - {
        "sa-pa-village-collaborator",
        "sa-pa-other-village-collaborator",
    }
    assert await usernames(lao_cai_administrator, username="ta-van-officer") == {"ta-van-officer"}
    assert await usernames(lao_cai_administrator, username="ta-leng-officer") == set()
    assert await usernames(lao_cai_administrator, disabled="true") == set()


@pytest.mark.parametrize("query", ["disabled=perhaps", "unit_id=x", "unit_id=99999999999", "name=a", "limit=201"])
async def test_a_query_that_makes_no_sense_is_refused(lao_cai_administrator, query):
    assert (await lao_cai_administrator.get(f"/users?{query}")).status_code == 400


async def test_a_user_of_another_unit_does_not_exist(sa_pa_administrator):
    theirs = await sa_pa_administrator.get(path("ta_van_officer"))
    nobodys = await sa_pa_administrator.get(f"/users/{uuid4()}")
    assert theirs.status_code == nobodys.status_code == 404
    left_out = {"instance", "request_id"}
    assert {k: v for k, v in theirs.json().items() if k not in left_out} == {
        k: v for k, v in nobodys.json().items() if k not in left_out
    }
    for call in (
        sa_pa_administrator.patch(path("ta_van_officer"), json={"disabled": True}, headers={"If-Match": '"1"'}),
        sa_pa_administrator.patch(path("ta_van_officer"), json={"disabled": True}),
        sa_pa_administrator.post(path("ta_van_officer") + "/reset-password", json={"new_password": PASSWORD}),
        sa_pa_administrator.get(path("ta_van_officer") + "/assignments"),
        sa_pa_administrator.post(path("ta_van_officer") + "/assignments", json=assignment_body()),
    ):
        assert (await call).status_code == 404


async def test_a_disabled_user_is_out_at_once(sa_pa_administrator, sa_pa_officer, rows, events):
    assert (await sa_pa_officer.get("/me")).status_code == 200
    answer = await sa_pa_administrator.patch(
        path("sa_pa_officer"), json={"disabled": True}, headers={"If-Match": '"1"'}
    )
    assert answer.status_code == 200
    assert answer.json()["disabled_at"]
    assert answer.json()["row_version"] == 2
    assert (await sa_pa_officer.get("/me")).status_code == 401
    (row,) = await rows("SELECT disabled_by FROM users WHERE disabled_at IS NOT NULL")
    assert row["disabled_by"] == PEOPLE["sa_pa_administrator"].id
    (event,) = await events("user.changed")
    assert event["detail"] == {"fields": ["disabled"], "disabled": True}


async def test_a_user_let_in_again_logs_in_anew(sa_pa_administrator, sa_pa_officer, officer, log_in):
    for version, disabled in ((1, True), (2, False)):
        headers = {"If-Match": f'"{version}"'}
        answer = await sa_pa_administrator.patch(path("sa_pa_officer"), json={"disabled": disabled}, headers=headers)
        assert answer.status_code == 200
    assert (await sa_pa_officer.get("/me")).status_code == 401
    assert (await log_in(officer)).status_code == 200


async def test_nobody_disables_themselves(sa_pa_administrator):
    answer = await sa_pa_administrator.patch(
        path("sa_pa_administrator"), json={"disabled": True}, headers={"If-Match": '"1"'}
    )
    assert (answer.status_code, code(answer)) == (409, "own_account")


@pytest.mark.parametrize(("header", "status"), [(None, 428), ("*", 428), ('"7"', 412), ("1", 400)])
async def test_a_change_says_which_version_was_read(sa_pa_administrator, header, status):
    headers = {"If-Match": header} if header else {}
    answer = await sa_pa_administrator.patch(path("sa_pa_officer"), json={"display_name": "X"}, headers=headers)
    assert answer.status_code == status


@pytest.mark.parametrize("body", [{"display_name": None}, {"display_name": ""}, {"username": "x"}, {"disabled": None}])
async def test_what_cannot_be_changed_is_refused(sa_pa_administrator, body):
    answer = await sa_pa_administrator.patch(path("sa_pa_officer"), json=body, headers={"If-Match": '"1"'})
    assert answer.status_code == 422


async def test_a_lost_password_is_replaced_and_every_login_ends(sa_pa_administrator, officer, log_in, nobody, events):
    mine = (await log_in(officer)).json()
    answer = await sa_pa_administrator.post(
        path("sa_pa_officer") + "/reset-password",
        json={"new_password": "mật khẩu mới hoàn toàn"},
        headers={"If-Match": '"1"'},
    )
    assert answer.status_code == 200
    assert "mật khẩu" not in answer.text
    assert (await log_in(officer, PASSWORD)).status_code == 400
    assert (await log_in(officer, "mật khẩu mới hoàn toàn")).status_code == 200
    headers = {"Authorization": f"Bearer {mine['access_token']}"}
    assert (await nobody.get("/me", headers=headers)).status_code == 401
    assert len(await events("user.password_reset")) == 1


async def test_nobody_resets_their_own_password(sa_pa_administrator, rows, events):
    me = PEOPLE["sa_pa_administrator"].id
    before = await rows("SELECT password_hash FROM credentials WHERE user_id = $1", me)
    refused = await sa_pa_administrator.post(
        path("sa_pa_administrator") + "/reset-password",
        json={"new_password": "mật khẩu mới hoàn toàn"},
        headers={"If-Match": '"1"'},
    )
    assert (refused.status_code, code(refused)) == (409, "own_account")
    assert await rows("SELECT password_hash FROM credentials WHERE user_id = $1", me) == before
    assert await events("user.password_reset") == []


async def test_a_password_that_opens_another_unit_too_is_not_the_communes_to_replace(
    sa_pa_administrator, lao_cai_administrator, cheap_hashes
):
    body = assignment_body(role="province_officer", unit_id=LAO_CAI)
    assert (await lao_cai_administrator.post(path("sa_pa_officer") + "/assignments", json=body)).status_code == 201
    reset = {"json": {"new_password": PASSWORD}, "headers": {"If-Match": '"1"'}}
    refused = await sa_pa_administrator.post(path("sa_pa_officer") + "/reset-password", **reset)
    assert (refused.status_code, code(refused)) == (409, "assigned_elsewhere")
    done = await lao_cai_administrator.post(path("sa_pa_officer") + "/reset-password", **reset)
    assert done.status_code == 200


async def test_an_assignment_lets_a_new_person_in(sa_pa_administrator, made, log_in, nobody, events):
    user = await made()
    base = f"/users/{user['id']}"
    await sa_pa_administrator.post(
        base + "/reset-password", json={"new_password": PASSWORD}, headers={"If-Match": '"1"'}
    )
    assert code(await log_in("nguyen.van.an")) == "no_assignment"
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
    assert code(await log_in("nguyen.van.an")) == "no_assignment"
    clock.forward(days=1)
    assert (await log_in("nguyen.van.an")).status_code == 200
    clock.forward(days=1)
    assert code(await log_in("nguyen.van.an")) == "no_assignment"


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
    assert (again.status_code, code(again)) == (409, "already_ended")


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
    assert faults_of(await sa_pa_administrator.post(address, json=turned)) == {"": "ends_before_it_begins"}
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
async def test_an_assignment_that_cannot_be_is_refused(sa_pa_administrator, changes, problem, rows):
    before = await rows("SELECT count(*) FROM assignments")
    answer = await sa_pa_administrator.post(path("sa_pa_officer") + "/assignments", json=assignment_body(**changes))
    assert (answer.status_code, code(answer)) == (409, problem), answer.text
    assert await rows("SELECT count(*) FROM assignments") == before


@pytest.mark.parametrize("role", ["mayor", "", None, 3, "COMMUNE_OFFICER"])
async def test_a_role_that_does_not_exist_is_refused(sa_pa_administrator, role):
    answer = await sa_pa_administrator.post(path("sa_pa_officer") + "/assignments", json=assignment_body(role=role))
    assert answer.status_code == 422


async def test_somebody_acts_for_the_leader_for_some_days(sa_pa_administrator, officer, log_in, nobody, clock):
    clock.set(datetime(2026, 11, 21, 3, tzinfo=UTC))
    body = assignment_body(
        role="commune_leader",
        valid_from="2026-11-21",
        valid_to="2026-11-25",
        position="deputy_chair",
        acting_for_assignment_id=str(PEOPLE["sa_pa_leader"].assignment_id),
    )
    answer = await sa_pa_administrator.post(path("sa_pa_officer") + "/assignments", json=body)
    assert answer.status_code == 201, answer.text
    acting = answer.json()["id"]
    assert answer.json()["position"] == "deputy_chair"
    token = (await log_in(officer, assignment_id=acting)).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    me = (await nobody.get("/me", headers=headers)).json()
    assert me["role"] == "commune_leader"
    assert [one["position"] for one in me["assignments"]] == [None, "deputy_chair"]
    assert {one["acting_for_assignment_id"] for one in me["assignments"]} == {
        None,
        str(PEOPLE["sa_pa_leader"].assignment_id),
    }
    clock.set(datetime(2026, 11, 26, 3, tzinfo=UTC))
    assert (await log_in(officer, assignment_id=acting)).json()["error"] == "invalid_grant"


async def test_acting_ends_at_once_with_the_post_that_is_acted_for(clock, sa_pa_administrator, officer, log_in, nobody):
    """Who was dismissed has nobody who signs in their place."""
    leader = PEOPLE["sa_pa_leader"]
    body = assignment_body(
        role="commune_leader",
        valid_from=clock.at.date().isoformat(),
        valid_to=(clock.at.date() + timedelta(days=30)).isoformat(),
        acting_for_assignment_id=str(leader.assignment_id),
    )
    made = await sa_pa_administrator.post(path("sa_pa_officer") + "/assignments", json=body)
    assert made.status_code == 201, made.text
    acting = made.json()["id"]
    token = (await log_in(officer, assignment_id=acting)).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    assert (await nobody.get("/me", headers=headers)).status_code == 200
    end = f"{path('sa_pa_leader')}/assignments/{leader.assignment_id}/end"
    assert (await sa_pa_administrator.post(end, json={}, headers={"If-Match": '"1"'})).status_code == 200
    assert (await nobody.get("/me", headers=headers)).status_code == 401
    assert (await log_in(officer, assignment_id=acting)).json()["error"] == "invalid_grant"


async def test_acting_ends_at_once_with_the_account_of_who_is_acted_for(
    clock, sa_pa_administrator, officer, log_in, nobody
):
    body = assignment_body(
        role="commune_leader",
        valid_from=clock.at.date().isoformat(),
        valid_to=(clock.at.date() + timedelta(days=30)).isoformat(),
        acting_for_assignment_id=str(PEOPLE["sa_pa_leader"].assignment_id),
    )
    acting = (await sa_pa_administrator.post(path("sa_pa_officer") + "/assignments", json=body)).json()["id"]
    token = (await log_in(officer, assignment_id=acting)).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    assert (await nobody.get("/me", headers=headers)).status_code == 200

    async def disable(version: int, *, disabled: bool) -> None:
        answer = await sa_pa_administrator.patch(
            path("sa_pa_leader"), json={"disabled": disabled}, headers={"If-Match": f'"{version}"'}
        )
        assert answer.status_code == 200, answer.text

    await disable(1, disabled=True)
    assert (await nobody.get("/me", headers=headers)).status_code == 401
    assert (await log_in(officer, assignment_id=acting)).json()["error"] == "invalid_grant"
    assert (await log_in(officer)).status_code == 200
    await disable(2, disabled=False)
    assert (await nobody.get("/me", headers=headers)).status_code == 200


async def test_nobody_gives_themselves_an_assignment(sa_pa_administrator):
    answer = await sa_pa_administrator.post(path("sa_pa_administrator") + "/assignments", json=assignment_body())
    assert (answer.status_code, code(answer)) == (409, "own_account")


async def test_a_hotline_operator_gets_the_source_of_a_known_hotline(bo_y_te_administrator, lao_cai_administrator):
    body = assignment_body(role="hotline_operator", unit_id=LAO_CAI, source_id=str(HOTLINE_SOURCE))
    elsewhere = await lao_cai_administrator.post(path("lao_cai_province_officer") + "/assignments", json=body)
    assert (elsewhere.status_code, code(elsewhere)) == (409, "source_needed")
    without = body | {"source_id": None}
    assert (
        code(await bo_y_te_administrator.post(path("bo_y_te_analyst") + "/assignments", json=without | {"unit_id": 1}))
        == "source_needed"
    )
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
