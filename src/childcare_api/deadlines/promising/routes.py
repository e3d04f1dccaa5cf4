"""Addresses of the clocks of the law, and of what a unit promises."""

from childcare_api.access.dependencies import CurrentActor, Session
from childcare_api.access.permissions import Permission
from childcare_api.deadlines import queries as clocks
from childcare_api.deadlines.errors import TermNotShorter
from childcare_api.deadlines.models import ClockRule, UnitTerm
from childcare_api.deadlines.promising import actions, queries
from childcare_api.deadlines.promising.schemas import ClockList, ClockOut, PromiseOut, PromiseTerm
from childcare_api.shared import clock
from childcare_api.shared.idempotency import OnceIfKeyed
from childcare_api.shared.problems import NotFound, problems
from childcare_api.shared.requests import Router

router = Router(prefix="/clock-rules")


def _out(rule: ClockRule, promise: UnitTerm | None) -> ClockOut:
    same = {name: getattr(rule, name) for name in ClockOut.model_fields if hasattr(rule, name)}
    mine = None if promise is None else PromiseOut.model_validate(promise)
    return ClockOut.model_validate(same | {"extendable_by": rule.extension_length, "my_unit": mine})


@router.get("")
async def list_clock_rules(actor: CurrentActor, session: Session) -> ClockList:
    """Read the terms of the law: how long, from which event, by which article, who answers and whom they climb to."""
    today = clock.today()
    promises = await queries.promises_of(session, queries.office(actor), today)
    return ClockList(items=[_out(one, promises.get(one.code)) for one in await queries.clocks_today(session, today)])


@router.post("/{code}/shorter", responses=problems(NotFound, TermNotShorter))
async def promise_shorter_term(
    code: str, body: PromiseTerm, *, once: OnceIfKeyed, actor: CurrentActor, session: Session
) -> ClockOut:
    """Promise a shorter term for your unit, never a longer one; tasks that run keep theirs. Null takes it back."""
    actor.require(Permission.CLOCK_PROMISE)
    await once.begin(session)
    try:
        rule = await clocks.get_clock(session, code, clock.today())
    except LookupError:
        raise NotFound(code=code) from None
    term = await actions.promise_term(session, actor, rule, body)
    return _out(rule, term if term.length is not None else None)
