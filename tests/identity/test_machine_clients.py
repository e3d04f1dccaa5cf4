"""/machine-clients: other systems, their scopes, and secrets that rotate."""

from base64 import b64encode
from uuid import uuid4

import pytest
from tests.people import HOTLINE_SOURCE, LAI_CHAU, LAO_CAI, MACHINES, SA_PA, VIET_NAM


def code(answer) -> str:
    return answer.json()["type"].rpartition(":")[2]


def machine_body(**changes) -> dict:
    body = {"client_id": "tong-dai-lao-cai", "name": "Tổng đài Lào Cai", "unit_id": LAO_CAI}
    return body | {"scopes": ["hotline:refer", "hotline:read"], **changes}


@pytest.fixture
async def machine(lao_cai_administrator) -> dict:
    answer = await lao_cai_administrator.post("/machine-clients", json=machine_body())
    assert answer.status_code == 201, answer.text
    return answer.json()


@pytest.fixture
def make_secret(lao_cai_administrator):
    async def make(machine: dict, version: int):
        return await lao_cai_administrator.post(
            f"/machine-clients/{machine['id']}/secrets", headers={"If-Match": f'"{version}"'}
        )

    return make


@pytest.fixture
def enter(ask):
    async def token(client_id: str, client_secret: str, **form: str):
        return await ask(grant_type="client_credentials", client_id=client_id, client_secret=client_secret, **form)

    return token


async def test_another_system_is_made_known(machine, rows, events):
    assert machine["scopes"] == ["hotline:read", "hotline:refer"]
    assert machine["source_id"]
    (row,) = await rows("SELECT * FROM machine_clients WHERE client_id = 'tong-dai-lao-cai'")
    assert (row["unit_id"], row["province_id"], row["commune_id"]) == (LAO_CAI, LAO_CAI, None)
    (event,) = await events("machine_client.created")
    assert event["holder_province_id"] == LAO_CAI


@pytest.mark.parametrize(
    ("changes", "status", "problem"),
    [
        ({"unit_id": LAI_CHAU}, 409, "unit_outside_scope"),
        ({"unit_id": VIET_NAM}, 409, "unit_outside_scope"),
        ({"client_id": "tong-dai-111"}, 409, "client_id_taken"),
        ({"source_id": str(HOTLINE_SOURCE)}, 422, "validation_failed"),
        ({"scopes": []}, 422, "validation_failed"),
        ({"scopes": ["audit:read"]}, 422, "validation_failed"),
        ({"scopes": ["*"]}, 422, "validation_failed"),
        ({"client_id": "Tổng Đài"}, 422, "validation_failed"),
        ({"secret": "chosen"}, 422, "validation_failed"),
    ],
)
async def test_what_cannot_be_made_known_is_refused(lao_cai_administrator, changes, status, problem):
    answer = await lao_cai_administrator.post("/machine-clients", json=machine_body(**changes))
    assert (answer.status_code, code(answer)) == (status, problem)


async def test_a_commune_has_no_hotline_whose_referrals_would_go_anywhere(
    lao_cai_administrator, sa_pa_administrator, rows
):
    """A commune's administrator could else write reports into every register of the country."""
    for administrator in (sa_pa_administrator, lao_cai_administrator):
        answer = await administrator.post("/machine-clients", json=machine_body(unit_id=SA_PA))
        assert (answer.status_code, code(answer)) == (409, "hotline_does_not_fit")
    assert not await rows("SELECT FROM machine_clients WHERE unit_id = $1", SA_PA)
    plain = machine_body(unit_id=SA_PA, scopes=["statistics:read"])
    made = (await sa_pa_administrator.post("/machine-clients", json=plain)).json()
    answer = await sa_pa_administrator.patch(
        f"/machine-clients/{made['id']}", json={"scopes": ["hotline:refer"]}, headers={"If-Match": '"1"'}
    )
    assert (answer.status_code, code(answer)) == (409, "hotline_does_not_fit")
    (row,) = await rows("SELECT scopes, source_id FROM machine_clients WHERE unit_id = $1", SA_PA)
    assert (row["scopes"], row["source_id"]) == (["statistics:read"], None)


async def test_it_enters_with_its_secret_and_never_refreshes(machine, make_secret, enter, nobody, rows):
    secret = await make_secret(machine, 1)
    assert secret.status_code == 201
    body = secret.json()
    assert body["row_version"] == 2
    answer = await enter(body["client_id"], body["client_secret"])
    assert answer.status_code == 200
    assert answer.json()["refresh_token"] is None
    assert answer.json()["scope"] == "hotline:read hotline:refer"
    me = await nobody.get("/me", headers={"Authorization": f"Bearer {answer.json()['access_token']}"})
    assert (me.json()["kind"], me.json()["unit_id"]) == ("machine", LAO_CAI)
    [kept] = await rows("SELECT t::text AS text FROM machine_secrets t")
    assert body["client_secret"] not in kept["text"]


async def test_it_may_name_itself_by_basic_authentication(machine, make_secret, ask):
    secret = (await make_secret(machine, 1)).json()
    word = b64encode(f"{secret['client_id']}:{secret['client_secret']}".encode()).decode()
    answer = await ask(grant_type="client_credentials", headers={"Authorization": f"Basic {word}"})
    assert answer.status_code == 200


@pytest.mark.parametrize("word", ["x", "====", "Og==", "4pig", b64encode(b"a\0:b").decode(), "é"])
async def test_odd_basic_authentication_is_refused(ask, word):
    headers = {"Authorization": b"Basic " + word.encode()}
    answer = await ask(grant_type="client_credentials", headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert answer.headers["WWW-Authenticate"] == "Basic"


async def test_two_secrets_are_valid_while_rotating_and_no_third(machine, make_secret, enter, lao_cai_administrator):
    first, second = (await make_secret(machine, 1)).json(), (await make_secret(machine, 2)).json()
    assert code(await make_secret(machine, 3)) == "too_many_secrets"
    tokens = [await enter(one["client_id"], one["client_secret"]) for one in (first, second)]
    assert [token.status_code for token in tokens] == [200, 200]
    listed = (await lao_cai_administrator.get(f"/machine-clients/{machine['id']}/secrets")).json()["items"]
    assert [one["id"] for one in listed] == [second["id"], first["id"]]
    assert all(set(one) == {"id", "created_at", "revoked_at"} for one in listed)


async def test_an_ended_secret_opens_nothing_and_its_tokens_end(
    machine, make_secret, enter, nobody, lao_cai_administrator
):
    first, second = (await make_secret(machine, 1)).json(), (await make_secret(machine, 2)).json()
    token = (await enter(first["client_id"], first["client_secret"])).json()["access_token"]
    end = f"/machine-clients/{machine['id']}/secrets/{first['id']}/end"
    answer = await lao_cai_administrator.post(end, headers={"If-Match": '"3"'})
    assert (answer.status_code, answer.json()["row_version"]) == (200, 4)
    assert (await nobody.get("/me", headers={"Authorization": f"Bearer {token}"})).status_code == 401
    assert (await enter(first["client_id"], first["client_secret"])).status_code == 401
    assert (await enter(second["client_id"], second["client_secret"])).status_code == 200
    assert code(await lao_cai_administrator.post(end, headers={"If-Match": '"4"'})) == "already_ended"
    last = f"/machine-clients/{machine['id']}/secrets/{second['id']}/end"
    assert code(await lao_cai_administrator.post(last, headers={"If-Match": '"4"'})) == "last_secret"
    strange = f"/machine-clients/{machine['id']}/secrets/{uuid4()}/end"
    assert (await lao_cai_administrator.post(strange, headers={"If-Match": '"4"'})).status_code == 404


async def test_a_wrong_secret_is_counted_and_limited(machine, make_secret, enter, events):
    secret = (await make_secret(machine, 1)).json()
    for _ in range(5):
        answer = await enter(machine["client_id"], "wrong")
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert (await enter(machine["client_id"], secret["client_secret"])).status_code == 429
    assert len(await events("login.failed")) == 5


async def test_an_unknown_client_gets_the_same_answer(enter):
    answer = await enter("no-such-client", "wrong")
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


async def test_a_scope_it_does_not_have_is_refused(machine, make_secret, enter):
    secret = (await make_secret(machine, 1)).json()
    names = secret["client_id"], secret["client_secret"]
    assert (await enter(*names, scope="registry:import")).json()["error"] == "invalid_scope"
    assert (await enter(*names, scope="hotline:read")).status_code == 200


async def test_a_change_of_scopes_holds_for_tokens_that_live(
    machine, make_secret, enter, nobody, lao_cai_administrator
):
    secret = (await make_secret(machine, 1)).json()
    token = (await enter(secret["client_id"], secret["client_secret"])).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    before = (await nobody.get("/me", headers=headers)).json()["permissions"]
    assert before == ["hotline:read", "hotline:refer", "task:read"]
    answer = await lao_cai_administrator.patch(
        f"/machine-clients/{machine['id']}", json={"scopes": ["hotline:read"]}, headers={"If-Match": '"2"'}
    )
    assert answer.status_code == 200
    # What the process remembered is found stale by the database; the next request reads it anew.
    assert (await nobody.get("/me", headers=headers)).status_code == 401
    assert (await nobody.get("/me", headers=headers)).json()["permissions"] == ["hotline:read", "task:read"]


async def test_a_disabled_client_is_out_at_once(machine, make_secret, enter, nobody, lao_cai_administrator):
    secret = (await make_secret(machine, 1)).json()
    token = (await enter(secret["client_id"], secret["client_secret"])).json()["access_token"]
    answer = await lao_cai_administrator.patch(
        f"/machine-clients/{machine['id']}", json={"disabled": True}, headers={"If-Match": '"2"'}
    )
    assert answer.json()["disabled_at"]
    assert (await nobody.get("/me", headers={"Authorization": f"Bearer {token}"})).status_code == 401
    assert (await enter(secret["client_id"], secret["client_secret"])).status_code == 401


async def test_machine_clients_of_other_units_do_not_exist(lao_cai_administrator, bo_y_te_administrator, machine):
    theirs = f"/machine-clients/{MACHINES['hotline_111'].id}"
    assert (await lao_cai_administrator.get(theirs)).status_code == 404
    assert (await lao_cai_administrator.post(theirs + "/secrets")).status_code == 404
    assert (await lao_cai_administrator.patch(theirs, json={"name": "x"})).status_code == 404
    assert (await lao_cai_administrator.get(theirs + "/secrets")).status_code == 404
    listed = {one["client_id"] for one in (await lao_cai_administrator.get("/machine-clients")).json()["items"]}
    assert "tong-dai-lao-cai" in listed
    assert "tong-dai-111" not in listed
    everything = {one["client_id"] for one in (await bo_y_te_administrator.get("/machine-clients")).json()["items"]}
    assert {"tong-dai-111", "tong-dai-lao-cai"} <= everything


@pytest.mark.parametrize("who", ["sa_pa_officer", "lao_cai_province_officer", "lao_cai_inspector", "hotline_111"])
async def test_only_administrators_keep_machine_clients(speak_as, who):
    client = speak_as(who)
    assert (await client.get("/machine-clients")).status_code == 403
    assert (await client.post("/machine-clients", json=machine_body())).status_code == 403
