"""Promising a shorter term than the law's (as a ward does: 8 hours instead of 12)."""

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access import audit
from childcare_api.access.actor import Actor
from childcare_api.deadlines.errors import TermNotShorter
from childcare_api.deadlines.models import ClockRule, UnitTerm
from childcare_api.deadlines.promising import queries
from childcare_api.deadlines.promising.schemas import PromiseTerm
from childcare_api.shared import clock
from childcare_api.shared.ids import new_id
from childcare_api.shared.problems import NotFound


async def promise_term(session: AsyncSession, actor: Actor, rule: ClockRule, command: PromiseTerm) -> UnitTerm:
    """Set a shorter term for the actor's own unit from today on. The country promises nothing by itself."""
    unit_id = queries.office(actor)
    if unit_id is None:
        raise NotFound(code=rule.code)
    if command.length is not None and command.length >= rule.length:
        raise TermNotShorter(article=rule.article, length=rule.length, longest=max(rule.length - 1, 0))
    term = UnitTerm(
        id=new_id(),
        unit_id=unit_id,
        rule_code=rule.code,
        length=command.length,
        valid_from=clock.today(),
        reason=command.reason,
        promised_at=clock.now(),
        promised_by=actor.id,
    )
    session.add(term)
    queries.forget_promises()
    await audit.record(
        session,
        "clock.promised",
        subject_kind="unit",
        subject_id=None,
        detail={"unit_id": unit_id, "rule": rule.code, "length": command.length},
    )
    return term
