"""Reads access tokens: which are ours, what they state, until when. Minting them is identity's part.

A token states who comes with which session and assignment; whether these still hold is asked of the database in the
message that opens the transaction. python-jose checks the signature and nothing else: on its own it lets `crit`,
`jku` and missing claims pass and fails on deep headers with the wrong exception, so header and claims are checked
here by hand, and the header before python-jose sees the token.
"""

import re
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import orjson
from jose import jws
from jose.backends.base import Key
from jose.exceptions import JOSEError

from childcare_api.shared import clock

ALGORITHM: Final = "ES256"
TOKEN_TYPE: Final = "at+jwt"  # noqa: S105 - a media type, no secret
LIFETIME_SECONDS: Final = 15 * 60
LEEWAY_SECONDS: Final = 5  # the clocks of two servers differ; allowed towards the future only, never past the end
CACHE_SIZE: Final = 4096

_MAX_LENGTH = 2048
# The 64 bytes of an ES256 signature are 86 letters.
_SHAPE = re.compile(r"([A-Za-z0-9_-]{1,512})\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{86}")
_HEADER_MEMBERS = {"alg", "typ", "kid"}


class TokenRefused(Exception):  # noqa: N818 - a fact about the token, as all problems here are named
    """The token is not ours, not whole or not valid now; `reason` is for the log and never quotes the token."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Claims:
    """What a verified token states. A person has an assignment, a machine has none; times are epoch seconds."""

    subject: UUID
    session_id: UUID
    assignment_id: UUID | None
    token_id: UUID
    issued_at: int
    not_before: int
    expires_at: int

    @property
    def is_machine(self) -> bool:
        """Machine clients carry no assignment: their scopes stand in the database."""
        return self.assignment_id is None


@dataclass(frozen=True, slots=True)
class KeySet:
    """The keys tokens are verified with, by key id, and the one that signs new tokens.

    Signatures once verified are remembered here, so that a new set of keys starts with an empty memory.
    """

    issuer: str
    audience: str
    signing_kid: str
    signing_key: Key
    public_keys: Mapping[str, Key]
    _verified: dict[str, Claims] = field(default_factory=dict, repr=False, compare=False)

    def jwks(self) -> dict[str, list[dict[str, str]]]:
        """Return the public keys as the JSON Web Key Set that other systems may fetch."""
        return {"keys": [{**key.to_dict(), "kid": kid, "use": "sig"} for kid, key in self.public_keys.items()]}

    def recall(self, token: str) -> Claims | None:
        """Return the claims of a token whose signature was found right before."""
        return self._verified.get(token)

    def remember(self, token: str, claims: Claims) -> None:
        """Keep the claims of a verified token; the oldest give way, so a flood of tokens fills no memory."""
        while len(self._verified) >= CACHE_SIZE:
            self._verified.pop(next(iter(self._verified)), None)
        self._verified[token] = claims


def verify_access_token(keys: KeySet, token: str) -> Claims:
    """Return what the token states; raise TokenRefused and nothing else for anything that is not ours and valid now.

    Only the signature is remembered between calls: the times are judged at each one.
    """
    claims = keys.recall(token)
    if claims is None:
        claims = _read(keys, token)
        _check_times(claims)
        keys.remember(token, claims)
    else:
        _check_times(claims)
    return claims


def _read(keys: KeySet, token: str) -> Claims:
    shape = _SHAPE.fullmatch(token) if len(token) <= _MAX_LENGTH else None
    if shape is None:
        raise TokenRefused("not a compact ES256 token")
    key = _key_for(keys, shape[1])
    try:
        payload = jws.verify(token, key, algorithms=[ALGORITHM])
    except JOSEError:
        raise TokenRefused("signature does not match") from None
    except RecursionError:
        raise TokenRefused("not a compact ES256 token") from None
    return _claims(keys, _object(payload, "claims are not a JSON object"))


def _key_for(keys: KeySet, header_segment: str) -> Key:
    """Find our key by the header's kid. Members we do not make (jku, x5u, jwk, crit, …) refuse the token."""
    header = _object(_decoded(header_segment), "header is not a JSON object")
    if set(header) != _HEADER_MEMBERS:
        raise TokenRefused("header has other members than alg, typ and kid")
    if header["alg"] != ALGORITHM or header["typ"] != TOKEN_TYPE:
        raise TokenRefused("not an access token of this algorithm")
    kid = header["kid"]
    key = keys.public_keys.get(kid) if isinstance(kid, str) else None
    if key is None:
        raise TokenRefused("unknown key")
    return key


def _decoded(segment: str) -> bytes:
    try:
        return urlsafe_b64decode(segment + "=" * (-len(segment) % 4))
    except ValueError:
        raise TokenRefused("header is not base64url") from None


def _object(text: bytes, otherwise: str) -> dict[str, Any]:
    try:
        # orjson refuses what is nested too deep with its ordinary error.
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise TokenRefused(otherwise) from None
    if not isinstance(value, dict):
        raise TokenRefused(otherwise)
    return value


def _claims(keys: KeySet, stated: dict[str, Any]) -> Claims:
    if stated.get("iss") != keys.issuer or stated.get("aud") != keys.audience:
        raise TokenRefused("made by or for someone else")
    claims = Claims(
        subject=_uuid(stated, "sub"),
        session_id=_uuid(stated, "sid"),
        assignment_id=_uuid(stated, "assignment_id") if "assignment_id" in stated else None,
        token_id=_uuid(stated, "jti"),
        issued_at=_seconds(stated, "iat"),
        not_before=_seconds(stated, "nbf"),
        expires_at=_seconds(stated, "exp"),
    )
    # Exactly one of the two says whether a person or a machine comes; a machine's client_id is its subject's name.
    if ("client_id" in stated) is not claims.is_machine:
        raise TokenRefused("neither a person's nor a machine's token")
    if claims.expires_at - claims.issued_at > LIFETIME_SECONDS:
        raise TokenRefused("valid for too long")
    return claims


def _uuid(stated: dict[str, Any], name: str) -> UUID:
    try:
        return UUID(stated[name])
    except (KeyError, ValueError, AttributeError, TypeError):
        raise TokenRefused(f"claim {name} is missing or not an id") from None


def _seconds(stated: dict[str, Any], name: str) -> int:
    value = stated.get(name)
    if type(value) is not int:  # True is an int to isinstance
        raise TokenRefused(f"claim {name} is missing or not a number of seconds")
    return value


def _check_times(claims: Claims) -> None:
    now = clock.now().timestamp()
    if now >= claims.expires_at:
        raise TokenRefused("expired")
    if now + LEEWAY_SECONDS < max(claims.not_before, claims.issued_at):
        raise TokenRefused("not valid yet")
