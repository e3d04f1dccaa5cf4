"""Writing the audit: what was done to which record. Who, when and where are filled in by the database itself."""

from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.shared.db import Holder

# The columns a caller may fill; who, when and where are defaults that the database takes from the scope.
_INSERT = text(
    "INSERT INTO audit.events (action, subject_kind, subject_id, detail, reason)"
    " VALUES (:action, :subject_kind, :subject_id, CAST(:detail AS jsonb), :reason)"
)
_INSERT_FOR_HOLDER = text(
    "INSERT INTO audit.events (action, subject_kind, subject_id, detail, reason, holder_commune_id, holder_province_id)"
    " VALUES (:action, :subject_kind, :subject_id, CAST(:detail AS jsonb), :reason, :commune_id, :province_id)"
)


async def record(
    session: AsyncSession,
    action: str,
    *,
    subject_kind: str,
    subject_id: UUID | int | None,
    detail: dict[str, Any] | None = None,
    reason: str | None = None,
    holder: Holder | None = None,
) -> None:
    """Record that the actor did something to a record, in the transaction that did it.

    `detail` holds ids, codes and field names, never a name, a number or a text of a person. `holder` is the record,
    so that the inspector of its commune or province finds the event; without it the actor's own unit stands.
    """
    values = {
        "action": action,
        "subject_kind": subject_kind,
        "subject_id": None if subject_id is None else str(subject_id),
        "detail": orjson.dumps(detail or {}).decode(),
        "reason": reason,
    }
    if holder is None:
        await session.execute(_INSERT, values)
    else:
        held_by = {"commune_id": holder.commune_id, "province_id": holder.province_id}
        await session.execute(_INSERT_FOR_HOLDER, values | held_by)
