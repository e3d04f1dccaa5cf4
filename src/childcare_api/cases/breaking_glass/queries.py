"""Breaking the glass by a function of the gate, and looking through it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.access.scope import bare_connection, in_scope
from childcare_api.cases.breaking_glass.models import BrokenGlass
from childcare_api.cases.breaking_glass.schemas import BreakGlass
from childcare_api.cases.file.models import Case, CaseStep
from childcare_api.shared import clock
from childcare_api.shared.concurrency import Version
from childcare_api.shared.ids import new_id
from childcare_api.shared.problems import NotFound
from childcare_api.shared.text import fold

_BREAK = "SELECT break_the_glass($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
_TRIES_A_DAY = "SELECT glass_tries_a_day()"


@dataclass(frozen=True, slots=True)
class Breaking:
    """A glass about to be broken: until when, why, and the task of whoever looks into it, in each length."""

    id: UUID
    reason: str
    expires_at: datetime
    tasks: list[dict[str, Any]]


async def break_glass(session: AsyncSession, command: BreakGlass, breaking: Breaking) -> str:
    """Break it; returns `broken`, `nobody`, `own` or `too_many`. The database records it and tells the holder."""
    known = command.identifier
    return str(
        await (await bare_connection(session)).fetchval(
            _BREAK,
            breaking.id,
            new_id(),
            None if known is None else known.kind,
            None if known is None else known.value,
            None if command.full_name is None else fold(command.full_name),
            command.born_on,
            command.province_id,
            breaking.reason,
            clock.now(),
            breaking.expires_at,
            orjson.dumps(breaking.tasks, default=str).decode(),
        )
    )


async def tries_a_day(session: AsyncSession) -> int:
    """Return how often one person may try to break a glass within 24 hours, as the database counts it."""
    return int(await (await bare_connection(session)).fetchval(_TRIES_A_DAY))


async def get_own_glass(session: AsyncSession, actor: Actor, glass_id: UUID) -> BrokenGlass:
    """Return a glass the actor broke and that has not expired; inside `second_look`. Raises NotFound."""
    glass: BrokenGlass | None = await session.scalar(
        select(BrokenGlass).where(
            BrokenGlass.id == glass_id, BrokenGlass.user_id == actor.id, BrokenGlass.expires_at > clock.now()
        )
    )
    if glass is None:
        raise NotFound(glass_id=glass_id)
    return glass


async def cases_of(session: AsyncSession, glass: BrokenGlass) -> list[tuple[Case, list[CaseStep]]]:
    """Return the child's cases with the steps that were not entered in error; inside `second_look`."""
    cases = await session.scalars(
        select(Case)
        .where(Case.child_id == glass.child_id, Case.status != "entered_in_error")
        .order_by(Case.opened_at, Case.id)
    )
    found = []
    for case in cases:
        steps = await session.scalars(
            select(CaseStep)
            .where(CaseStep.case_id == case.id, CaseStep.commune_id == case.commune_id, CaseStep.in_error_at.is_(None))
            .order_by(CaseStep.position)
        )
        found.append((case, list(steps)))
    return found


def glasses_statement(actor: Actor) -> Select[Any]:
    """Return the statement of all glasses broken over children that the actor's unit holds."""
    return select(BrokenGlass).where(in_scope(BrokenGlass, actor))


async def lock_glass(session: AsyncSession, actor: Actor, glass_id: UUID, version: Version) -> BrokenGlass:
    """Return a glass broken over a child of the actor's unit, locked until commit. Raises NotFound."""
    glass = await session.scalar(
        select(BrokenGlass).where(BrokenGlass.id == glass_id, in_scope(BrokenGlass, actor)).with_for_update()
    )
    if glass is None:
        raise NotFound(glass_id=glass_id)
    version.check_number(glass.row_version)
    return glass
