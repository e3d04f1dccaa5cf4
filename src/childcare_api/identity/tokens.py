"""Mints access tokens. Reading them is access's part, since every request does it."""

from uuid import UUID

import orjson
from jose import jws

from childcare_api.access.tokens import (
    ALGORITHM,
    LIFETIME_SECONDS,
    TOKEN_TYPE,
    Claims,
    KeySet,
    TokenRefused,
    verify_access_token,
)
from childcare_api.shared import clock
from childcare_api.shared.ids import new_id

__all__ = ["Claims", "KeySet", "TokenRefused", "mint_access_token", "mint_machine_token", "verify_access_token"]


def mint_access_token(
    keys: KeySet,
    *,
    subject: UUID,
    session_id: UUID,
    assignment_id: UUID,
    lifetime_seconds: int = LIFETIME_SECONDS,
) -> str:
    """Return an access token for a person at work in one assignment."""
    return _mint(keys, subject, session_id, {"assignment_id": str(assignment_id)}, lifetime_seconds)


def mint_machine_token(
    keys: KeySet,
    *,
    subject: UUID,
    session_id: UUID,
    client_id: str,
    lifetime_seconds: int = LIFETIME_SECONDS,
) -> str:
    """Return an access token for a machine client; what it may do stands in the database, not in the token."""
    return _mint(keys, subject, session_id, {"client_id": client_id}, lifetime_seconds)


def _mint(keys: KeySet, subject: UUID, session_id: UUID, bearer: dict[str, str], lifetime_seconds: int) -> str:
    issued = int(clock.now().timestamp())
    claims = {
        "iss": keys.issuer,
        "aud": keys.audience,
        "sub": str(subject),
        "sid": str(session_id),
        "iat": issued,
        "nbf": issued,
        "exp": issued + min(lifetime_seconds, LIFETIME_SECONDS),
        "jti": str(new_id()),
        **bearer,
    }
    token: str = jws.sign(
        orjson.dumps(claims),
        keys.signing_key,
        headers={"typ": TOKEN_TYPE, "kid": keys.signing_kid},
        algorithm=ALGORITHM,
    )
    return token
