"""The transactional outbox: what happened, told to other modules and systems after the change is safe."""

from uuid import UUID

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.shared.ids import new_id

_INSERT = text("INSERT INTO outbox (id, event, payload) VALUES (:id, :event, CAST(:payload AS jsonb))")


async def publish(session: AsyncSession, event: str, **ids: UUID | int | str | list[str] | None) -> None:
    """Write an event with the change that caused it. It carries ids and codes alone, nothing personal."""
    payload = {name: str(value) if isinstance(value, UUID) else value for name, value in ids.items()}
    await session.execute(_INSERT, {"id": new_id(), "event": event, "payload": orjson.dumps(payload).decode()})
