"""Tokens made by hand, ours and forged, with the keys of these tests."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from uuid import uuid4

import pytest
from jose import jws

from childcare_api.access.tokens import KeySet, TokenRefused
from childcare_api.identity.keys import key_set, new_private_key
from childcare_api.identity.tokens import mint_access_token, verify_access_token

PRIVATE_PEM = new_private_key()


OTHER_PEM = new_private_key()


KEYS = key_set(PRIVATE_PEM, issuer="https://api.example.vn", audience="childcare-api")


def minted(keys: KeySet = KEYS, **changes) -> str:
    wanted = {"subject": uuid4(), "session_id": uuid4(), "assignment_id": uuid4(), **changes}
    return mint_access_token(keys, **wanted)


def encoded(value: object) -> str:
    text = value if isinstance(value, bytes) else json.dumps(value).encode()
    return urlsafe_b64encode(text).rstrip(b"=").decode()


def decoded(segment: str) -> dict:
    return json.loads(urlsafe_b64decode(segment + "=="))


def signed(claims: object, header: dict | None = None, keys: KeySet = KEYS) -> str:
    """Return a token really signed with our key, whatever it states."""
    text = claims if isinstance(claims, bytes) else json.dumps(claims).encode()
    headers = {"typ": "at+jwt", "kid": keys.signing_kid, **(header or {})}
    return jws.sign(text, keys.signing_key, headers=headers, algorithm="ES256")


def own_claims(**changes) -> dict:
    claims = decoded(minted().split(".")[1])
    return {name: value for name, value in {**claims, **changes}.items() if value is not None}


def refused(token: str, keys: KeySet = KEYS) -> str:
    with pytest.raises(TokenRefused) as refusal:
        verify_access_token(keys, token)
    return refusal.value.reason
