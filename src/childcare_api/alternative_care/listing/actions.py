"""Bringing the list up to date each quarter, and the clock that asks for it."""

from datetime import datetime, time
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access import audit
from childcare_api.access.actor import Actor
from childcare_api.alternative_care import queries, rules
from childcare_api.alternative_care.listing.queries import latest_quarter
from childcare_api.alternative_care.listing.schemas import SendCarerList
from childcare_api.alternative_care.models import Carer, CarerList
from childcare_api.deadlines import actions as deadlines
from childcare_api.deadlines import queries as deadline_queries
from childcare_api.shared import clock
from childcare_api.shared.ids import new_id
from childcare_api.shared.refusals import too_early

LIST_UPDATE = "carers.list_update"
_LISTS = UUID("018f6f2e-0016-7000-8000-000000000000")


def list_of_commune(commune_id: int) -> UUID:
    """Return what the clock of a commune's list runs for: the next list is no record yet, so the commune makes its id.

    The database knows it, too, and lets each commune start its own.
    """
    return UUID(int=_LISTS.int + commune_id)


async def keep_clock(session: AsyncSession, actor: Actor) -> None:
    """Let the clock run from the day the commune has a carer: to the end of the quarter whose list is not sent."""
    if actor.commune_id is None:
        return
    subject = list_of_commune(actor.commune_id)
    last = await latest_quarter(session, actor)
    due = rules.quarter_of(clock.today()) if last is None else rules.next_quarter(*last)
    ends = datetime.combine(rules.end_of_quarter(*due), time(12), clock.VIET_NAM)
    running = await deadline_queries.find_open_task(session, LIST_UPDATE, subject)
    if running is not None and running.starts_at == ends:
        return
    if running is not None:
        await deadlines.finish(session, LIST_UPDATE, subject, happened_at=clock.now())
    await deadlines.start_unless_running(
        session, LIST_UPDATE, subject_kind="carer_list", subject_id=subject, holder=actor.holder, from_instant=ends
    )


async def send_list(session: AsyncSession, actor: Actor, command: SendCarerList) -> CarerList:
    """Write down the list of a quarter as it is sent: everybody who is listed now."""
    if rules.quarter_of(command.sent_on) < (command.year, command.quarter):
        raise too_early("/sent_on", rules.first_of_quarter(command.year, command.quarter))
    carers = await queries.listed_carers(session, actor)
    sent = CarerList(
        **actor.holder,
        id=command.id or new_id(),
        year=command.year,
        quarter=command.quarter,
        sent_on=command.sent_on,
        sent_to=command.sent_to,
        carer_ids=[carer.id for carer in carers],
        entries=[_entry(carer) for carer in carers],
        recorded_at=clock.now(),
        recorded_by=actor.id,
    )
    session.add(sent)
    await session.flush()  # A second list of the quarter is refused here, before the event is written.
    await keep_clock(session, actor)
    detail = {"year": sent.year, "quarter": sent.quarter, "ids": [str(one) for one in sent.carer_ids]}
    await audit.record(
        session, "carer_list.sent", subject_kind="carer_list", subject_id=sent.id, detail=detail, holder=sent
    )
    return sent


def _entry(carer: Carer) -> dict[str, object]:
    names = ("kind", "full_name", "phone", "address", "is_foreigner", "child_count", "wishes")
    return {"carer_id": str(carer.id)} | {name: getattr(carer, name) for name in names}
