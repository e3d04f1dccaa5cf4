"""Access tokens: ours are read, everything else is refused with one kind of exception."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from tests.identity.minting import KEYS, OTHER_PEM, PRIVATE_PEM, decoded, minted, refused

from childcare_api.access import tokens
from childcare_api.access.tokens import Claims
from childcare_api.identity.keys import UnusableKey, key_set, private_key_kept_in
from childcare_api.identity.tokens import mint_machine_token, verify_access_token
from childcare_api.shared import clock


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
