"""What the child's own record says of it, as far as alternative care asks: its birthday, and its parents."""

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.alternative_care.rules import Birthday
from childcare_api.cases.file.models import Case
from childcare_api.children.models import Child, Guardian
from childcare_api.children.rules import birthday_of_age
from childcare_api.shared import clock


async def birthday_of(session: AsyncSession, case: Case) -> Birthday | None:
    """Return the child's birthday as the register has it, else as the report did."""
    if case.child_id is not None:
        child = await session.scalar(
            select(Child).where(Child.id == case.child_id, Child.commune_id == case.commune_id)
        )
        if child is not None:
            return birthday_told(case, child)
    return birthday_told(case, None)


def birthday_told(case: Case, child: Child | None) -> Birthday | None:
    """Return the birthday that a child's own record has, where there is one, else the case by its report."""
    if child is not None:
        return Birthday(child.born_on, child.born_on_precision)  # type: ignore[arg-type]
    if case.child_born_on is not None:
        return Birthday(case.child_born_on, case.child_born_on_precision or "day")  # type: ignore[arg-type]
    if case.child_estimated_age is not None:
        return Birthday(birthday_of_age(case.child_estimated_age, clock.day_of(case.received_at)), "estimated")
    return None


async def parents_on_record(session: AsyncSession, case: Case) -> set[str]:
    """Return which of father and mother the child's own record names today, in the commune that keeps it."""
    if case.child_id is None:
        return set()
    found = await session.scalars(
        select(Guardian.relation).where(
            Guardian.child_id == case.child_id,
            Guardian.commune_id == case.commune_id,
            Guardian.relation.in_(("father", "mother")),
            or_(Guardian.ended_on.is_(None), Guardian.ended_on > clock.today()),
            Guardian.entered_in_error_at.is_(None),
        )
    )
    return set(found)
