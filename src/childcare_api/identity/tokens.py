"""Mints access tokens. Reading them is access's part, since every request does it."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
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

__all__ = ["Claims", "KeySet", "Post", "TokenRefused", "mint_access_token", "mint_machine_token", "verify_access_token"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """Where a bearer stands: the level and unit of its assignment, and the units that unit lies in."""

    level: str
    unit_id: int
    village_id: int | None = None
    commune_id: int | None = None
    district_id: int | None = None
    province_id: int | None = None


def mint_access_token(
    keys: KeySet, *, subject: UUID, session_id: UUID, assignment_id: UUID, role: str, post: Post
) -> str:
    """Return an access token for a person at work in one assignment."""
    return _mint(keys, subject, session_id, {"assignment_id": str(assignment_id), "role": role, **_stated(post)})


def mint_machine_token(
    keys: KeySet,
    *,
    subject: UUID,
    session_id: UUID,
    client_id: str,
    scopes: Iterable[str],
    source_id: UUID | None,
    post: Post,
) -> str:
    """Return an access token for a machine client. Scopes that change end its sessions, so these cannot be stale."""
    bearer: dict[str, object] = {"client_id": client_id, "scope": " ".join(sorted(scopes)), **_stated(post)}
    if source_id is not None:
        bearer["source_id"] = str(source_id)
    return _mint(keys, subject, session_id, bearer)


def _stated(post: Post) -> dict[str, object]:
    return {name: value for name, value in asdict(post).items() if value is not None}


def _mint(keys: KeySet, subject: UUID, session_id: UUID, bearer: dict[str, object]) -> str:
    issued = int(clock.now().timestamp())
    claims = {
        "iss": keys.issuer,
        "aud": keys.audience,
        "sub": str(subject),
        "sid": str(session_id),
        "iat": issued,
        "nbf": issued,
        "exp": issued + LIFETIME_SECONDS,
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
