"""The keys that sign access tokens: where they come from, and how they are told apart.

Rotation: put the new private key in place and leave the public key of the old one among the further keys for
15 minutes, the longest an access token lives.
"""

import os
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from jose import jwk
from jose.backends.base import Key

from childcare_api.access.tokens import ALGORITHM, KeySet


class UnusableKey(Exception):  # noqa: N818 - a fact, as all problems here are named
    """A configured key is not a P-256 key in PEM; the sentence says which, and start-up stops."""


def new_private_key() -> str:
    """Return a fresh P-256 private key as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def key_set(private_pem: str, *, public_pems: Iterable[str] = (), issuer: str, audience: str) -> KeySet:
    """Return the keys to sign and verify with: the private one, and further public ones that are still accepted."""
    signing = _private_key(private_pem)
    further = [_public_key(pem) for pem in public_pems]
    public = {key_id(key): key for key in (signing.public_key(), *further)}
    return KeySet(
        issuer=issuer,
        audience=audience,
        signing_kid=key_id(signing),
        signing_key=signing,
        public_keys=public,
    )


def key_id(key: Key) -> str:
    """Return the thumbprint of RFC 7638, so that a key has the same id in every process without being told."""
    public = key.to_dict()
    text = '{{"crv":"{crv}","kty":"{kty}","x":"{x}","y":"{y}"}}'.format_map(public)
    return urlsafe_b64encode(sha256(text.encode()).digest()).rstrip(b"=").decode()


def private_key_kept_in(folder: Path) -> str:
    """Return the demo's own private key, made on the first start and readable by its owner alone.

    Two processes starting at once agree: the one that comes second takes the first one's key.
    """
    path = folder / "jwt-private-key.pem"
    if not path.exists():
        draft = folder / f".jwt-private-key.{os.getpid()}"
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(new_private_key())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text()


def _private_key(pem: str) -> Key:
    try:
        key = load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError):
        raise UnusableKey("the private key for tokens is not an unencrypted PEM key") from None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise UnusableKey("the private key for tokens is not of the curve P-256")
    return jwk.construct(pem, algorithm=ALGORITHM)


def _public_key(pem: str) -> Key:
    try:
        key = load_pem_public_key(pem.encode())
    except ValueError:
        raise UnusableKey("a further key for tokens is not a PEM public key") from None
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise UnusableKey("a further key for tokens is not of the curve P-256")
    return jwk.construct(pem, algorithm=ALGORITHM)
