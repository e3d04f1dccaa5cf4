"""How Alembic reaches the database: as the owner, one migration a transaction, one migrator at a time."""

import asyncio

from alembic import context
from sqlalchemy import Connection, pool, text
from sqlalchemy.ext.asyncio import create_async_engine

from childcare_api import tables
from childcare_api.shared.db import sqlalchemy_url

# Any number will do, as long as nothing else in this database takes the same advisory lock.
MIGRATION_LOCK = 7_102_016


def include_object(_item: object, _name: str | None, kind: str, reflected: bool, model: object) -> bool:  # noqa: FBT001
    """Compare the tables that have a model, column by column.

    The SQL beside the revisions is the truth: indexes, keys and whole tables that only statements use stand there alone.
    """
    return kind == "column" or not reflected or model is not None


def migrate(connection: Connection) -> None:
    connection.execute(text("SET lock_timeout = '5s'"))
    connection.execute(text("SET statement_timeout = '10min'"))
    connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": MIGRATION_LOCK})
    connection.commit()
    context.configure(
        connection=connection,
        target_metadata=tables.metadata,
        transaction_per_migration=True,
        include_schemas=False,
        include_object=include_object,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": MIGRATION_LOCK})
    connection.commit()


async def online() -> None:
    url = context.config.attributes.get("url") or context.config.get_main_option("sqlalchemy.url")
    engine = create_async_engine(sqlalchemy_url(str(url)), poolclass=pool.NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(migrate)
    await engine.dispose()


def offline() -> None:
    """Print the SQL, for squawk and for a database administrator."""
    context.configure(
        dialect_name="postgresql", target_metadata=tables.metadata, literal_binds=True, transaction_per_migration=True
    )
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    offline()
else:
    asyncio.run(online())
