"""Passwords: hashed with argon2 in threads of their own.

One hash takes 100 ms of a processor and 64 MiB; on the event loop, five logins at once stalled everyone. Two threads
bound both. Whoever has no password is compared with a made-up one, so that nobody learns from the time it took which
names exist.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from secrets import token_urlsafe

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from childcare_api.shared.text import nfc

_THREADS = ThreadPoolExecutor(max_workers=2, thread_name_prefix="password")
_HASHER = PasswordHash((Argon2Hasher(),))


async def hash_password(password: str) -> str:
    """Return what is stored instead of the password. It is taken in NFC: keyboards type one letter in two ways."""
    return await asyncio.get_running_loop().run_in_executor(_THREADS, _HASHER.hash, nfc(password))


async def matches(password: str, stored: str | None) -> bool:
    """Say whether it is the password behind the stored hash. Takes as long where there is none."""
    return await asyncio.get_running_loop().run_in_executor(_THREADS, _matches, nfc(password), stored)


def needs_rehash(stored: str) -> bool:
    """Say whether a hash was made with other costs than are used today, to be renewed at the next login."""
    return _HASHER.current_hasher.check_needs_rehash(stored)


def _matches(password: str, stored: str | None) -> bool:
    found = _HASHER.verify(password, stored or nobodys_hash())
    return found and stored is not None


@cache
def nobodys_hash() -> str:
    return _HASHER.hash(token_urlsafe(32))
