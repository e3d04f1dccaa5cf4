"""Tokens that are refused, whoever signed them: claims, headers, keys, algorithms, and text that is none."""

import hmac
import json
from hashlib import sha256
from uuid import uuid4

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jose import jws
from tests.identity.minting import KEYS, OTHER_PEM, decoded, encoded, minted, own_claims, refused, signed

from childcare_api.access.tokens import TokenRefused
from childcare_api.identity.keys import key_set
from childcare_api.identity.tokens import verify_access_token


@pytest.mark.parametrize("claim", ["iss", "aud", "sub", "sid", "iat", "nbf", "exp", "jti", "assignment_id"])
def test_a_token_of_ours_without_a_required_claim_is_refused(claim):
    verify_access_token(KEYS, signed(own_claims()))
    refused(signed(own_claims(**{claim: None})))


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("iss", "https://elsewhere.example"),
        ("aud", "another-api"),
        ("aud", ["childcare-api", "another-api"]),
        ("sub", "admin"),
        ("sub", 7),
        ("sid", {}),
        ("jti", ""),
        ("exp", "4102444800"),
        ("exp", True),
        ("exp", 4_102_444_800),
        ("exp", 1e400),
        ("iat", 0),
        ("nbf", 4_102_444_800),
        ("assignment_id", "none"),
        ("client_id", "tong-dai-111"),
    ],
)
def test_a_token_of_ours_with_an_odd_claim_is_refused(claim, value):
    refused(signed(own_claims(**{claim: value})))


@pytest.mark.parametrize("payload", [b"", b"null", b"[]", b'"x"', b"{", b"\xff\xfe", b"[" * 1_000, b"NaN"])
def test_a_signed_payload_that_is_no_object_is_refused(payload):
    refused(signed(payload))


@pytest.mark.parametrize("member", ["jku", "x5u", "jwk", "crit", "x5c", "cty", "b64", "enc"])
def test_a_header_that_names_keys_or_conditions_is_refused_even_when_signed_by_us(member):
    value = {"crit": ["exp"], "jwk": KEYS.jwks()["keys"][0], "b64": False}.get(member, "https://evil.example/keys")
    assert refused(signed(own_claims(), {member: value})) == "header has other members than alg, typ and kid"


@pytest.mark.parametrize(
    "kid", ["", "../../../dev/null", "/etc/passwd", "' OR 1=1 --", "\x00", None, 1, [], {}, "x" * 300]
)
def test_only_the_ids_of_our_own_keys_name_a_key(kid):
    assert refused(signed(own_claims(), {"kid": kid})) == "unknown key"


@pytest.mark.parametrize("typ", ["JWT", "AT+JWT", "application/at+jwt", "", None, 1])
def test_another_kind_of_token_is_no_access_token(typ):
    refused(signed(own_claims(), {"typ": typ}))


def test_a_token_signed_by_another_key_under_our_key_id_is_refused():
    theirs = key_set(OTHER_PEM, issuer=KEYS.issuer, audience=KEYS.audience)
    token = jws.sign(
        json.dumps(own_claims()).encode(),
        theirs.signing_key,
        headers={"typ": "at+jwt", "kid": KEYS.signing_kid},
        algorithm="ES256",
    )
    assert refused(token) == "signature does not match"


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "HS256", "RS256", "ES384", "ES512", "es256", "", None])
def test_a_swapped_algorithm_is_refused(algorithm):
    header = encoded({"alg": algorithm, "typ": "at+jwt", "kid": KEYS.signing_kid})
    claims = encoded(own_claims())
    public_pem = KEYS.public_keys[KEYS.signing_kid].to_pem()
    by_public_key = hmac.new(public_pem, f"{header}.{claims}".encode(), sha256).digest()
    refused(f"{header}.{claims}.")
    refused(f"{header}.{claims}.{encoded(by_public_key)}")
    refused(f"{header}.{claims}.{encoded(by_public_key * 2)}")


def test_an_hmac_by_our_public_key_under_the_right_header_is_refused():
    header, claims, _ = minted().split(".")
    public_pem = KEYS.public_keys[KEYS.signing_kid].to_pem()
    by_public_key = hmac.new(public_pem, f"{header}.{claims}".encode(), sha256).digest()
    refused(f"{header}.{claims}.{encoded(by_public_key * 2)}")
    refused(f"{header}.{claims}.{'A' * 86}")


def test_claims_changed_after_signing_are_refused():
    header, claims, signature = minted().split(".")
    changed = encoded({**decoded(claims), "sub": str(uuid4())})
    assert refused(f"{header}.{changed}.{signature}") == "signature does not match"


def test_a_remembered_signature_does_not_vouch_for_other_claims():
    header, claims, signature = minted().split(".")
    verify_access_token(KEYS, f"{header}.{claims}.{signature}")
    changed = encoded({**decoded(claims), "assignment_id": str(uuid4())})
    refused(f"{header}.{changed}.{signature}")


@pytest.mark.parametrize("depth", [10, 100, 380])
def test_a_deep_header_is_refused_like_any_other(depth):
    header = encoded(b'{"alg":' + b"[" * depth)
    refused(f"{header}.e30.{'A' * 86}")
    closed = encoded(b'{"kid":' + b"[" * (depth // 2) + b"]" * (depth // 2) + b"}")
    refused(f"{closed}.e30.{'A' * 86}")


@given(st.text(max_size=3000))
@example("")
@example("..")
@example("e30.e30.e30")
@example("a" * 100_000)
@example(f"{'A' * 511}.A.{'A' * 86}")
@example(f"{encoded(b'[' * 380)}.A.{'A' * 86}")
def test_text_that_is_no_token_is_refused(text):
    refused(text)


@given(st.data())
def test_a_token_with_one_letter_changed_is_refused_or_states_the_same(data):
    token = minted()
    stated = verify_access_token(KEYS, token)
    place = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(st.characters(codec="utf-8"))
    forged = token[:place] + letter + token[place + 1 :]
    try:
        # The last letter of each part has bits without meaning: only there may another letter pass, and change nothing.
        assert verify_access_token(KEYS, forged) == stated
    except TokenRefused:
        return
    assert letter == token[place] or place == len(token) - 1


@given(
    header=st.dictionaries(
        st.sampled_from(["alg", "typ", "kid", "jku", "crit", "x"]),
        st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists, max_leaves=5),
    ),
    claims=st.binary(max_size=200),
    signature=st.binary(min_size=64, max_size=64),
)
def test_no_header_ends_in_another_exception(header, claims, signature):
    refused(f"{encoded(header)}.{encoded(claims)}.{encoded(signature)}")
