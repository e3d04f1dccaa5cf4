"""Finding an addition to a report, and telling the cases that the report stands in, wherever they are led."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import orjson
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.scope import bare_connection
from childcare_api.intake.models import Intake, IntakeUpdate
from childcare_api.shared import clock
from childcare_api.shared.ids import new_id
from childcare_api.shared.problems import NotFound

_TOLD_BY_ME = "SELECT * FROM intake_told_by_me($1)"
_TELL_MORE = "SELECT tell_more_of_intake($1, $2, $3, $4::text::jsonb, $5, $6::text::jsonb)"
_OURS = text("SELECT teller_took_back(:update_id)")
_TELL = text("SELECT tell_cases_of_update(:update_id, :now)")
_MARK = text("SELECT mark_update_in_cases(:update_id, :now)")


async def get_update(session: AsyncSession, intake: Intake, update_id: UUID) -> IntakeUpdate:
    """Return an addition to a report. Raises NotFound."""
    found: IntakeUpdate | None = await session.scalar(
        select(IntakeUpdate).where(
            IntakeUpdate.id == update_id,
            IntakeUpdate.intake_id == intake.id,
            IntakeUpdate.commune_id == intake.commune_id,
        )
    )
    if found is None:
        raise NotFound(update_id=update_id)
    return found


async def is_ours_to_mark(session: AsyncSession, update: IntakeUpdate) -> bool:
    """Return whether an office may mark an addition: its own, or one that who told it has taken back since."""
    if update.source_id is None and update.told_from_unit_id is None:
        return True
    return bool(await session.scalar(_OURS, {"update_id": update.id}))


async def told_by_me(session: AsyncSession, intake_id: UUID) -> Mapping[str, Any]:
    """Return the receipt of a report that the actor may add to, wherever it stands. Raises NotFound."""
    connection = await bare_connection(session)
    row = await connection.fetchrow(_TOLD_BY_ME, intake_id)
    if row is None:
        raise NotFound(intake_id=intake_id)
    return cast("Mapping[str, Any]", row)


async def tell_more(
    session: AsyncSession, intake_id: UUID, said: Mapping[str, Any], *, now: datetime, clocks: Sequence[dict[str, Any]]
) -> str | None:
    """Add to a report of others what the actor learned later; None where it is none that they told of or sent on.

    Else `added`, `no_case_open`, or `withdrawn`. `clocks` start where the report is received again by this, or where it
    tells of danger.
    """
    connection = await bare_connection(session)
    words, rows = (orjson.dumps(one, default=str).decode() for one in (said, clocks))
    became: str | None = await connection.fetchval(_TELL_MORE, intake_id, new_id(), new_id(), words, now, rows)
    return became


async def tell_cases(session: AsyncSession, update: IntakeUpdate) -> int:
    """Write an addition into the open cases that its report stands in, with the 12 hours of danger; return how many."""
    return int(await session.scalar(_TELL, {"update_id": update.id, "now": update.recorded_at}) or 0)


async def mark_in_cases(session: AsyncSession, update: IntakeUpdate) -> None:
    """Let an addition that was an error count in no case."""
    await session.execute(_MARK, {"update_id": update.id, "now": clock.now()})
