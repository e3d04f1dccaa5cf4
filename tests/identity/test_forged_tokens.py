"""Forged, expired, re-signed and algorithm-swapped tokens, at the door of the real application."""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from uuid import uuid4

import pytest
from jose import jws
from tests.people import MACHINES, PEOPLE

from childcare_api.access.tokens import KeySet
from childcare_api.identity.keys import key_set, new_private_key
from childcare_api.identity.tokens import mint_access_token, mint_machine_token

OFFICER, LEADER, HOTLINE = PEOPLE["sa_pa_officer"], PEOPLE["sa_pa_leader"], MACHINES["hotline_111"]


def encoded(value: object) -> str:
    text = value if isinstance(value, bytes) else json.dumps(value).encode()
    return urlsafe_b64encode(text).rstrip(b"=").decode()


def minted(keys: KeySet, **changes) -> str:
    wanted = {"subject": OFFICER.id, "session_id": OFFICER.session_id, "assignment_id": OFFICER.assignment_id}
    return mint_access_token(keys, **(wanted | changes))


def resigned(keys: KeySet, **claims) -> str:
    """A token with other claims, really signed with our key."""
    stated = json.loads(urlsafe_b64decode(minted(keys).split(".")[1] + "==")) | claims
    headers = {"typ": "at+jwt", "kid": keys.signing_kid}
    return jws.sign(json.dumps(stated).encode(), keys.signing_key, headers=headers, algorithm="ES256")


def under(keys: KeySet, header: dict, signature: bytes | None = None) -> str:
    text = f"{encoded({'typ': 'at+jwt', 'kid': keys.signing_kid, **header})}.{minted(keys).split('.')[1]}"
    public = keys.public_keys[keys.signing_kid].to_pem()
    made = hmac.new(public, text.encode(), sha256).digest() if signature is None else signature
    return f"{text}.{encoded(made)}"


def theirs(keys: KeySet) -> KeySet:
    made = key_set(new_private_key(), issuer=keys.issuer, audience=keys.audience)
    return KeySet(keys.issuer, keys.audience, keys.signing_kid, made.signing_key, made.public_keys)


FORGED = {
    "none": lambda keys: under(keys, {"alg": "none"}, b""),
    "hs256 by our public key": lambda keys: under(keys, {"alg": "HS256"}),
    "hs256 with the length of es256": lambda keys: under(keys, {"alg": "HS256"}, b"x" * 64),
    "signed by somebody's key under our kid": lambda keys: minted(theirs(keys)),
    "kid as a path": lambda keys: under(keys, {"alg": "ES256", "kid": "../../dev/null"}, b"\0" * 64),
    "zeros as a signature": lambda keys: under(keys, {"alg": "ES256"}, b"\0" * 64),
    "deep header": lambda _: f"{encoded(b'[' * 350)}.e30.{'A' * 86}",
    "expired": lambda keys: resigned(keys, exp=1, iat=0, nbf=0),
    "for ever": lambda keys: resigned(keys, exp=4_102_444_800),
    "for another audience": lambda keys: resigned(keys, aud="another-api"),
    "somebody else's session": lambda keys: minted(keys, session_id=LEADER.session_id),
    "somebody else's assignment": lambda keys: minted(keys, assignment_id=LEADER.assignment_id),
    "somebody else with an own session": lambda keys: minted(keys, subject=LEADER.id),
    "a session that never was": lambda keys: minted(keys, session_id=uuid4()),
    "nobody": lambda keys: minted(keys, subject=uuid4()),
    "a machine with a person's session": lambda keys: mint_machine_token(
        keys, subject=HOTLINE.id, session_id=OFFICER.session_id, client_id=HOTLINE.client_id
    ),
    "a person as a machine": lambda keys: mint_machine_token(
        keys, subject=OFFICER.id, session_id=OFFICER.session_id, client_id=HOTLINE.client_id
    ),
    "a refresh token": lambda _: "x" * 43,
    "letters of the world": lambda _: "Nguyễn.Văn.An",
    "very long": lambda _: "a." * 30_000,
}


@pytest.mark.parametrize("kind", FORGED)
async def test_a_forged_token_opens_nothing_and_tells_nothing(kind, nobody, keys, sa_pa_officer):
    # The right one has been read before: neither memory of the process may vouch for a wrong one.
    assert (await sa_pa_officer.get("/me")).status_code == 200
    headers = {"Authorization": f"Bearer {FORGED[kind](keys)}".encode()}
    answers = [await nobody.get("/me", headers=headers) for _ in range(2)]
    answers.append(await nobody.get(f"/users/{OFFICER.id}", headers=headers))
    answers.append(await nobody.post("/intakes", json={}, headers=headers))
    for answer in answers:
        assert answer.status_code == 401, answer.text
        assert answer.headers["www-authenticate"].startswith("Bearer")
        left_out = {"instance", "request_id"}
        told = {name: value for name, value in answer.json().items() if name not in left_out}
        assert told["type"].endswith(":unauthenticated")
        assert set(told) == {"type", "title", "status", "detail"}
    assert (await sa_pa_officer.get("/me")).status_code == 200


async def test_a_token_minted_by_us_opens(nobody, keys):
    for token in (minted(keys), resigned(keys)):
        assert (await nobody.get("/me", headers={"Authorization": f"Bearer {token}"})).status_code == 200
