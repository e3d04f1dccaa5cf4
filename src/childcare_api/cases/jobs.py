"""What happens to cases by itself: a child turns 16, which is a step with consequences and deletes nothing.

Forgotten are old tries to break a glass alone; who read a child stands in the audit and in `broken_glasses`.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.access.permissions import Level
from childcare_api.access.scope import SYSTEM, open_worker_connection
from childcare_api.cases.ending.actions import record_sixteenth
from childcare_api.cases.ending.queries import birthday_of
from childcare_api.cases.ending.schemas import RecordSixteenth
from childcare_api.cases.file.commands import OPEN
from childcare_api.cases.file.models import Case, StepKind
from childcare_api.cases.file.queries import with_parts
from childcare_api.children.rules import is_child_on
from childcare_api.jobs.worker import Handler
from childcare_api.shared import clock
from childcare_api.shared.db import Database

GLASS_ATTEMPTS_KEPT: Final = timedelta(days=30)
"""Far longer than the limit looks back, as attempts at a login are kept."""


async def forget_glass_attempts(database: Database) -> None:
    """Delete old tries to break a glass."""
    async with open_worker_connection(database) as connection:
        await connection.fetchval("SELECT forget_glass_attempts($1)", clock.now() - GLASS_ATTEMPTS_KEPT)


async def announce_sixteen_in_cases(database: Database) -> None:
    """Put into the outbox the open cases whose child turned 16, by the register or else by the report, each once."""
    async with open_worker_connection(database) as connection:
        await connection.fetchval("SELECT announce_sixteen_in_cases($1)", clock.today())


async def note_sixteenth_birthday(session: AsyncSession, payload: dict[str, Any]) -> None:
    """Record in the case that its child turned 16. Whatever has changed since then is judged anew."""
    case = await session.get(Case, UUID(payload["case_id"]), with_for_update=True)
    if case is None:
        return
    file = await with_parts(session, case)
    born_on = await birthday_of(session, file)
    known = any(step.kind == StepKind.TURNED_SIXTEEN for step in file.steps)
    if file.standing.status not in OPEN or known or born_on is None or is_child_on(born_on, clock.today()):
        return
    system = Actor(SYSTEM, "system", Level.COMMUNE, case.unit_id, frozenset(), "childcare_commune")
    await record_sixteenth(session, system, file, RecordSixteenth())


HANDLERS: Mapping[str, Sequence[Handler]] = {"case.child_turning_16": (note_sixteenth_birthday,)}
