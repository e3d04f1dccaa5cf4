"""The demo of an installation: loaded once, its cases told, and its accounts shown with a password that is theirs."""

import asyncio
from itertools import groupby
from textwrap import wrap

import asyncpg
import httpx

from childcare_api.demo import stories
from childcare_api.demo.loading import holds_demo, load_demo
from childcare_api.demo.people import DEMO_PEOPLE, HOTLINE_CLIENT_ID, NAMES
from childcare_api.identity.passwords import matches
from childcare_api.installation import DEMO_PASSWORD, NotReady, Step, demo_password, keeps_demo_password
from childcare_api.serving import assembled
from childcare_api.settings import Settings
from childcare_api.shared import clock

_PLACES, _LINE = 12, 79
"""How wide the column of places is at the terminal, and a whole line."""
_STORED = "SELECT password_hash FROM credentials WHERE user_id = $1"


def load(settings: Settings, step: Step) -> None:
    """Fill an empty database with the demo; one that holds it stays as it is. Raises DatabaseNotEmpty for others."""
    with step("Loading the demo"):
        is_new = asyncio.run(_load(settings))
    if is_new:
        with step("Telling its first cases"):
            asyncio.run(_tell(settings))


def accounts(settings: Settings) -> str:
    """Return who may log in to the demo, and with which password, for the terminal."""
    if not asyncio.run(_knows_password(settings)):
        return (
            "\n  The demo's people keep the password they were made with, and it is not known here:"
            f"\n  set CHILDCARE_DEMO_PASSWORD to it, or write it into {settings.data_dir / DEMO_PASSWORD}.\n"
        )
    lines = ["", "  Demo people, named place.post (as in sa-pa.officer), each with the one password:", *people()]
    kept = "" if settings.childcare_demo_password else f"   [dim](kept in {settings.data_dir / DEMO_PASSWORD})[/]"
    lines.append(f"  The hotline's machine: {HOTLINE_CLIENT_ID}, with the same as its secret")
    lines.append(f"  Password: {demo_password(settings)}{kept}")
    return "\n".join([*lines, ""])


def people() -> list[str]:
    """Return everybody who may log in, a line for each place and as many more as do not fit beside it."""
    lines = []
    for place, names in groupby(NAMES, key=lambda name: name.partition(".")[0]):
        posts = "  ".join(name.partition(".")[2] for name in names)
        begun = f"    {place:<{_PLACES}} "
        lines += wrap(posts, _LINE, initial_indent=begun, subsequent_indent=" " * len(begun), break_on_hyphens=False)
    return lines


async def _load(settings: Settings) -> bool:
    """Return whether it was loaded now."""
    connection = await asyncpg.connect(_owner_url(settings))
    try:
        if await holds_demo(connection):
            return False
        await load_demo(connection, password=demo_password(settings), now=clock.now(), today=clock.today())
    finally:
        await connection.close()
    return True


async def _tell(settings: Settings) -> None:
    app, database = assembled(settings)
    await database.open()
    try:
        # As the server will answer, without its port: the same rules, walls and audit.
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://demo", timeout=60) as client:
            await stories.tell(client, demo_password(settings))
    finally:
        await database.close()


async def _knows_password(settings: Settings) -> bool:
    """Say whether the password at hand is the one that the people were made with: a restored demo brings its own."""
    if not keeps_demo_password(settings):
        return False
    if settings.database_owner_url is None:
        return True
    connection = await asyncpg.connect(settings.database_owner_url)
    try:
        stored = await connection.fetchval(_STORED, DEMO_PEOPLE[0].id)
    finally:
        await connection.close()
    return stored is not None and await matches(demo_password(settings), stored)


def _owner_url(settings: Settings) -> str:
    if settings.database_owner_url is None:
        raise NotReady("DATABASE_OWNER_URL is not set: the demo is written as the owner of the tables.")
    return settings.database_owner_url
