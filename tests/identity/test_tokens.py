"""Access tokens: ours are read, everything else is refused with one kind of exception."""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import example, given
from hypothesis import strategies as st
from jose import jws

from childcare_api.access import tokens
from childcare_api.access.tokens import Claims, KeySet, TokenRefused
from childcare_api.identity.keys import UnusableKey, key_set, new_private_key, private_key_kept_in
from childcare_api.identity.tokens import mint_access_token, mint_machine_token, verify_access_token
from childcare_api.shared import clock

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


@pytest.fixture
def at(monkeypatch):
    """Move the clock by so many seconds from the start of the test."""
    start = datetime.now(UTC)

    def move(seconds: float) -> None:
        monkeypatch.setattr(clock, "now", lambda: start + timedelta(seconds=seconds))

    move(0)
    return move


def test_a_persons_token_states_who_comes_with_which_assignment():
    person, session, assignment = uuid4(), uuid4(), uuid4()
    claims = verify_access_token(KEYS, minted(subject=person, session_id=session, assignment_id=assignment))
    assert (claims.subject, claims.session_id, claims.assignment_id) == (person, session, assignment)
    assert not claims.is_machine
    assert claims.expires_at - claims.issued_at == 900


def test_a_machines_token_has_no_assignment():
    token = mint_machine_token(KEYS, subject=uuid4(), session_id=uuid4(), client_id="tong-dai-111")
    assert verify_access_token(KEYS, token).is_machine
    assert decoded(token.split(".")[1])["client_id"] == "tong-dai-111"


def test_a_token_carries_the_header_and_claims_of_the_contract():
    header, claims, _ = minted().split(".")
    assert decoded(header) == {"alg": "ES256", "typ": "at+jwt", "kid": KEYS.signing_kid}
    assert {"iss", "aud", "sub", "iat", "nbf", "exp", "jti"} <= set(decoded(claims))


def test_two_tokens_never_share_an_id():
    first, second = minted(), minted()
    assert verify_access_token(KEYS, first).token_id != verify_access_token(KEYS, second).token_id


def test_nobody_mints_a_token_for_longer_than_15_minutes():
    claims = verify_access_token(KEYS, minted(lifetime_seconds=86_400))
    assert claims.expires_at - claims.issued_at == 900


def test_a_token_ends_to_the_second(at):
    token = minted()
    claims = verify_access_token(KEYS, token)
    at(claims.expires_at - clock.now().timestamp() - 0.001)
    verify_access_token(KEYS, token)
    at(901)
    assert refused(token) == "expired"


def test_an_expired_token_is_refused_at_first_sight_too(at):
    token = minted()
    at(901)
    assert refused(token) == "expired"


def test_a_token_of_a_server_whose_clock_runs_ahead_counts_within_seconds(at):
    at(4)
    nearly = minted()
    at(60)
    later = minted()
    at(0)
    verify_access_token(KEYS, nearly)
    assert refused(later) == "not valid yet"


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


def test_a_rotated_key_signs_while_the_old_one_still_counts():
    old = minted()
    public = KEYS.public_keys[KEYS.signing_kid].to_pem().decode()
    rotated = key_set(OTHER_PEM, public_pems=[public], issuer=KEYS.issuer, audience=KEYS.audience)
    assert rotated.signing_kid != KEYS.signing_kid
    verify_access_token(rotated, old)
    verify_access_token(rotated, minted(rotated))
    assert len(rotated.jwks()["keys"]) == 2
    ended = key_set(OTHER_PEM, issuer=KEYS.issuer, audience=KEYS.audience)
    assert refused(old, ended) == "unknown key"


def test_the_published_keys_hold_nothing_private():
    (key,) = KEYS.jwks()["keys"]
    assert set(key) == {"kty", "crv", "alg", "x", "y", "kid", "use"}
    assert (key["kty"], key["crv"], key["alg"], key["use"]) == ("EC", "P-256", "ES256", "sig")


def test_the_memory_of_verified_tokens_is_bounded(monkeypatch):
    monkeypatch.setattr(tokens, "CACHE_SIZE", 3)
    keys = key_set(PRIVATE_PEM, issuer=KEYS.issuer, audience=KEYS.audience)
    made = [minted(keys) for _ in range(5)]
    for token in made:
        verify_access_token(keys, token)
    assert [keys.recall(token) is not None for token in made] == [False, False, True, True, True]


def test_a_refused_token_is_not_remembered(at):
    keys = key_set(PRIVATE_PEM, issuer=KEYS.issuer, audience=KEYS.audience)
    token = minted(keys)
    at(901)
    refused(token, keys)
    assert keys.recall(token) is None


def test_the_memory_saves_the_signature(monkeypatch):
    keys = key_set(PRIVATE_PEM, issuer=KEYS.issuer, audience=KEYS.audience)
    token = minted(keys)
    verify_access_token(keys, token)
    monkeypatch.setattr(tokens.jws, "verify", None)
    assert isinstance(verify_access_token(keys, token), Claims)


def test_the_demo_key_is_made_once_and_is_its_owners_alone(tmp_path):
    first = private_key_kept_in(tmp_path)
    assert private_key_kept_in(tmp_path) == first
    (path,) = tmp_path.iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    key_set(first, issuer="i", audience="a")


@pytest.mark.parametrize("pem", ["", "not a key", PRIVATE_PEM[:-40]])
def test_a_private_key_that_is_none_stops_the_start(pem):
    with pytest.raises(UnusableKey):
        key_set(pem, issuer="i", audience="a")


def test_keys_of_another_curve_stop_the_start():
    key = ec.generate_private_key(ec.SECP384R1())
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    public = (
        key.public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )
    with pytest.raises(UnusableKey):
        key_set(private, issuer="i", audience="a")
    with pytest.raises(UnusableKey):
        key_set(PRIVATE_PEM, public_pems=[public], issuer="i", audience="a")
    with pytest.raises(UnusableKey):
        key_set(PRIVATE_PEM, public_pems=[PRIVATE_PEM], issuer="i", audience="a")
