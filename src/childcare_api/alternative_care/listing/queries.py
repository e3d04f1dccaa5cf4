"""Reading the quarterly lists within the caller's scope."""

from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.access.scope import in_scope
from childcare_api.alternative_care.models import CarerList
from childcare_api.shared.problems import NotFound


def lists_statement(actor: Actor, *, year: int | None, quarter: int | None) -> Select[CarerList]:
    """Return the statement for the lists of the caller's unit and those below it."""
    statement = select(CarerList).where(in_scope(CarerList, actor))
    if year is not None:
        statement = statement.where(CarerList.year == year)
    if quarter is not None:
        statement = statement.where(CarerList.quarter == quarter)
    return statement


async def get_list(session: AsyncSession, actor: Actor, list_id: UUID) -> CarerList:
    """Return a list. Raises NotFound for one outside the caller's scope."""
    found = await session.scalar(select(CarerList).where(CarerList.id == list_id, in_scope(CarerList, actor)))
    if found is None:
        raise NotFound(list_id=list_id)
    return found


async def latest_quarter(session: AsyncSession, actor: Actor) -> tuple[int, int] | None:
    """Return the newest quarter whose list the commune has sent."""
    row = (
        await session.execute(
            select(CarerList.year, CarerList.quarter)
            .where(in_scope(CarerList, actor))
            .order_by(CarerList.year.desc(), CarerList.quarter.desc())
            .limit(1)
        )
    ).first()
    return None if row is None else (row.year, row.quarter)
