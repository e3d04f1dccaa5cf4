"""Bringing a database to the newest shape: where the migrations are, and how they are run."""

import asyncio
from pathlib import Path

import asyncpg
from alembic import command
from alembic.config import Config

from childcare_api.shared import clock


def migrations_folder() -> Path:
    """Return where the migrations are: beside the package in a wheel, at the top of the tree in a checkout."""
    package = Path(__file__).parent
    for folder in (package / "migrations", package.parents[1] / "migrations"):
        if (folder / "env.py").is_file():
            return folder
    msg = "the migrations are neither beside the package nor in the tree"
    raise RuntimeError(msg)


def alembic_config(owner_url: str) -> Config:
    """Return Alembic's configuration for a database, reached as its owner."""
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()))
    config.set_main_option("path_separator", "os")
    config.set_main_option("prepend_sys_path", str(migrations_folder()))
    config.attributes["url"] = owner_url
    return config


async def migrate(owner_url: str, *, revision: str = "head") -> None:
    """Upgrade the database and make the audit's partitions for the months to come."""
    # Alembic runs an event loop of its own.
    await asyncio.to_thread(command.upgrade, alembic_config(owner_url), revision)
    connection = await asyncpg.connect(owner_url)
    try:
        await connection.execute("CALL audit.make_partitions($1, 3)", clock.today())
    finally:
        await connection.close()
