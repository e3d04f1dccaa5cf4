"""The quarterly lists over HTTP."""

from collections.abc import Iterable
from uuid import UUID

from childcare_api.access import audit
from childcare_api.access.dependencies import CurrentActor, Session
from childcare_api.access.permissions import Permission
from childcare_api.alternative_care.errors import CarerListSent
from childcare_api.alternative_care.listing import actions, queries
from childcare_api.alternative_care.listing.schemas import (
    CarerListOut,
    CarerListSummary,
    QuarterNumber,
    SendCarerList,
    Year,
)
from childcare_api.alternative_care.models import CarerList
from childcare_api.shared import paging
from childcare_api.shared.idempotency import OnceIfKeyed
from childcare_api.shared.paging import Page, Paging
from childcare_api.shared.problems import BadQuery, IdTaken, NotFound, ValidationFailed, problems
from childcare_api.shared.requests import Router

router = Router(prefix="/carer-lists", tags=["alternative care"])
_MADE = {"carer_count", "layout"}


@router.get("", responses=problems(BadQuery))
async def list_carer_lists(
    actor: CurrentActor,
    session: Session,
    page: Paging,
    *,
    year: Year | None = None,
    quarter: QuarterNumber | None = None,
) -> Page[CarerListSummary]:
    """List the quarterly lists that communes of your unit sent, the newest first."""
    actor.require(Permission.CARER_READ)
    statement = queries.lists_statement(actor, year=year, quarter=quarter)
    found = await paging.fetch(session, statement, page, CarerList.id, descending=True)
    rows = [CarerListSummary.model_validate(_told(one, CarerListSummary.model_fields.keys())) for one in found.items]
    return Page[CarerListSummary](items=rows, next_cursor=found.next_cursor, total=found.total)


@router.post("", status_code=201, responses=problems(ValidationFailed, CarerListSent, IdTaken))
async def send_carer_list(
    body: SendCarerList, actor: CurrentActor, session: Session, *, once: OnceIfKeyed
) -> CarerListOut:
    """Bring the list of a quarter up to date and write down that it was sent (NĐ 56/2017, Điều 40.1; Mẫu 09)."""
    actor.require(Permission.CARER_WRITE)
    await once.begin(session)
    return _out(await actions.send_list(session, actor, body))


@router.get("/{list_id}", responses=problems(NotFound))
async def read_carer_list(list_id: UUID, actor: CurrentActor, session: Session) -> CarerListOut:
    """Read a list as it was sent. That you did is recorded, with who stands on it."""
    actor.require(Permission.CARER_READ)
    sent = await queries.get_list(session, actor, list_id)
    ids = [str(one) for one in sent.carer_ids]
    await audit.record(
        session, "carer_list.opened", subject_kind="carer_list", subject_id=sent.id, detail={"ids": ids}, holder=sent
    )
    return _out(sent)


def _out(sent: CarerList) -> CarerListOut:
    return CarerListOut.model_validate(_told(sent, CarerListOut.model_fields.keys()) | {"layout": "unverified"})


def _told(sent: CarerList, names: Iterable[str]) -> dict[str, object]:
    return {name: getattr(sent, name) for name in set(names) - _MADE} | {"carer_count": len(sent.carer_ids)}
