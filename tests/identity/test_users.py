"""/users and /users/{id}/assignments, kept by administrators."""

from uuid import uuid4

import pytest
from tests.answers import code_of, faults_of
from tests.identity.accounts import assignment_body, path, user_body
from tests.identity.conftest import PASSWORD
from tests.people import (
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
    assert (again.status_code, code_of(again)) == (409, "id_taken")


async def test_a_user_name_is_taken_once_in_the_whole_country(sa_pa_administrator, ta_leng_administrator, made):
    await made()
    answer = await ta_leng_administrator.post("/users", json=user_body(unit_id=TA_LENG))
    assert (answer.status_code, code_of(answer)) == (409, "username_taken")


@pytest.mark.parametrize("username", ["A.b", "ab", "an nguyen", "nguyễn", "a" * 65, "-ab", "ab-", "", 5, None, "a'b"])
async def test_a_user_name_is_of_plain_letters(sa_pa_administrator, username):
    refused = await sa_pa_administrator.post("/users", json=user_body(username=username))
    code = "string_pattern_mismatch" if isinstance(username, str) else "string_type"
    assert faults_of(refused) == {"/username": code}
    # The form is told, which is ours, and in words; never what was sent.
    assert ("3 to 64 lower case letters without accents" in refused.json()["errors"][0]["message"]) == isinstance(
        username, str
    )


@pytest.mark.parametrize("unit_id", [TA_VAN, TA_LENG, LAO_CAI, VIET_NAM, OLD_LAO_CAI, 999_999, 2**31 - 1])
async def test_an_account_is_kept_at_or_below_the_own_unit(sa_pa_administrator, unit_id, rows):
    answer = await sa_pa_administrator.post("/users", json=user_body(unit_id=unit_id))
    assert (answer.status_code, code_of(answer)) == (409, "unit_outside_scope")
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
        assert (answer.status_code, code_of(answer)) == (409, "unit_ended")


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
    assert (answer.status_code, code_of(answer)) == (409, "own_account")


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
    assert (refused.status_code, code_of(refused)) == (409, "own_account")
    assert await rows("SELECT password_hash FROM credentials WHERE user_id = $1", me) == before
    assert await events("user.password_reset") == []


async def test_a_password_that_opens_another_unit_too_is_not_the_communes_to_replace(
    sa_pa_administrator, lao_cai_administrator, cheap_hashes
):
    body = assignment_body(role="province_officer", unit_id=LAO_CAI)
    assert (await lao_cai_administrator.post(path("sa_pa_officer") + "/assignments", json=body)).status_code == 201
    reset = {"json": {"new_password": PASSWORD}, "headers": {"If-Match": '"1"'}}
    refused = await sa_pa_administrator.post(path("sa_pa_officer") + "/reset-password", **reset)
    assert (refused.status_code, code_of(refused)) == (409, "assigned_elsewhere")
    done = await lao_cai_administrator.post(path("sa_pa_officer") + "/reset-password", **reset)
    assert done.status_code == 200
