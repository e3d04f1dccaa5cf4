"""GET /me, POST /auth/password, and the published keys."""

import httpx
import pytest
from tests.identity.conftest import PASSWORD
from tests.people import PEOPLE, SA_PA, VIET_NAM

from childcare_api.access.tokens import verify_access_token

NEW = "một mật khẩu khác hẳn"


async def test_a_person_sees_role_unit_and_permissions(sa_pa_officer):
    me = (await sa_pa_officer.get("/me")).json()
    assert (me["kind"], me["role"], me["level"], me["unit_id"]) == ("person", "commune_officer", "commune", SA_PA)
    assert "case:work" in me["permissions"]
    assert "case:close" not in me["permissions"]
    (assignment,) = me["assignments"]
    assert assignment["id"] == me["assignment_id"] == str(PEOPLE["sa_pa_officer"].assignment_id)
    assert assignment["unit_name"] == "Phường Sa Pa"


async def test_a_machine_client_sees_its_scopes_as_permissions(hotline_111):
    me = (await hotline_111.get("/me")).json()
    assert (me["kind"], me["role"], me["unit_id"], me["username"]) == ("machine", None, VIET_NAM, "tong-dai-111")
    assert me["permissions"] == ["hotline:read", "hotline:refer", "task:read"]
    assert me["assignments"] == []


@pytest.mark.parametrize(
    "who", ["sa_pa_village_collaborator", "operator_111", "bo_y_te_analyst", "lao_cai_inspector", "sa_pa_administrator"]
)
async def test_everybody_may_ask_who_they_are(speak_as, who):
    answer = await speak_as(who).get("/me")
    assert answer.status_code == 200
    assert answer.json()["username"] == PEOPLE[who].username


async def test_without_a_token_nobody_is_anybody(nobody):
    answer = await nobody.get("/me")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


async def test_a_person_chooses_a_new_password(officer, log_in, nobody, events):
    mine, other = (await log_in(officer)).json(), (await log_in(officer)).json()
    headers = {"Authorization": f"Bearer {mine['access_token']}"}
    body = {"current_password": PASSWORD, "new_password": NEW}
    answer = await nobody.post("/auth/password", json=body, headers=headers)
    assert answer.status_code == 204
    assert (await log_in(officer, PASSWORD)).status_code == 400
    assert (await log_in(officer, NEW)).status_code == 200
    assert (await nobody.get("/me", headers=headers)).status_code == 200
    ended = await nobody.get("/me", headers={"Authorization": f"Bearer {other['access_token']}"})
    assert ended.status_code == 401
    (event,) = await events("user.password_changed")
    assert event["actor_id"] == PEOPLE["sa_pa_officer"].id


async def test_the_current_password_is_asked_for_and_guessing_it_is_limited(officer, sa_pa_officer, log_in):
    body = {"current_password": "wrong", "new_password": NEW}
    for _ in range(5):
        answer = await sa_pa_officer.post("/auth/password", json=body)
        assert (answer.status_code, answer.json()["type"].rpartition(":")[2]) == (409, "wrong_password")
    assert (await sa_pa_officer.post("/auth/password", json=body)).status_code == 429
    assert (await log_in(officer)).status_code == 200


@pytest.mark.parametrize("password", ["short", "", "x" * 1025, 7, None])
async def test_a_password_has_twelve_letters_at_least(officer, sa_pa_officer, password):
    body = {"current_password": PASSWORD, "new_password": password}
    answer = await sa_pa_officer.post("/auth/password", json=body)
    assert answer.status_code == 422
    assert "new_password" in answer.json()["errors"][0]["pointer"]


async def test_a_machine_client_has_no_password(hotline_111):
    body = {"current_password": "x", "new_password": NEW}
    assert (await hotline_111.post("/auth/password", json=body)).status_code == 403


async def test_the_keys_are_published_at_the_root(app, keys, officer, log_in):
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        answer = await client.get("/.well-known/jwks.json")
    assert answer.status_code == 200
    assert [key["kid"] for key in answer.json()["keys"]] == [keys.signing_kid]
    assert "d" not in answer.json()["keys"][0]
    assert verify_access_token(keys, (await log_in(officer)).json()["access_token"])
