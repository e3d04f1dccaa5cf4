"""Reading offers: for the commune that leads, and for the commune that is offered the case."""

from datetime import datetime
from uuid import UUID

import orjson
from sqlalchemy import Select, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.access.permissions import Level
from childcare_api.access.scope import second_look
from childcare_api.cases.consenting.schemas import told_consent
from childcare_api.cases.file.models import StepKind
from childcare_api.cases.file.queries import CaseFile, details, told, told_child
from childcare_api.cases.transferring import rules
from childcare_api.cases.transferring.errors import TransferAnswered
from childcare_api.cases.transferring.models import CaseTransfer
from childcare_api.cases.transferring.schemas import CaseTransferOut, ReceivedTransfer
from childcare_api.shared import clock
from childcare_api.shared.ids import new_id
from childcare_api.shared.problems import NotFound

_TAKE_OVER = text(
    "SELECT case_take_over(:transfer, :version, :step, :event, :village, :grant, CAST(:kinds AS jsonb), :until,"
    " :child_change, :child_event, :note, :happened_at, :now)"
)
_ANSWERED = text("SELECT case_transfer_answered(:transfer)")
_DECLINE = text("SELECT case_transfer_decline(:transfer, :version, :step, :event, :note, :happened_at, :now)")


async def get_transfer(session: AsyncSession, file: CaseFile, transfer_id: UUID) -> CaseTransfer:
    """Return an offer of this case. Raises NotFound for one of another."""
    step = file.step(transfer_id)
    if step is None or step.kind != StepKind.TRANSFER_OFFERED:
        raise NotFound(transfer_id=transfer_id)
    found = await session.scalars(
        select(CaseTransfer).where(CaseTransfer.id == transfer_id, CaseTransfer.commune_id == file.case.commune_id)
    )
    return found.one()


async def transfers_out(session: AsyncSession, file: CaseFile) -> list[CaseTransferOut]:
    """Return the answers for all offers of a case, in their order."""
    rows = await details(session, file, CaseTransfer, StepKind.TRANSFER_OFFERED)
    return [
        told(CaseTransferOut, file, step, row, village_id=row.to_village_id, consent=told_consent(row))
        for step, row in rows
    ]


def offered_to(actor: Actor) -> Select[CaseTransfer]:
    """Return the statement for what is offered to the actor's commune; inside `second_look`."""
    return select(CaseTransfer).where(CaseTransfer.to_commune_id == actor.commune_id, CaseTransfer.status == "offered")


async def get_received(session: AsyncSession, actor: Actor, transfer_id: UUID) -> CaseTransfer:
    """Return an offer to the actor's commune; inside `second_look`. Raises NotFound for any other."""
    if actor.level is not Level.COMMUNE:
        raise NotFound(transfer_id=transfer_id)
    found: CaseTransfer | None = await session.scalar(offered_to(actor).where(CaseTransfer.id == transfer_id))
    if found is None:
        raise NotFound(transfer_id=transfer_id)
    return found


async def get_to_answer(session: AsyncSession, actor: Actor, transfer_id: UUID) -> CaseTransfer:
    """Return an offer that the actor's commune has to answer. Raises TransferAnswered for one that it answered before.

    Raises NotFound for any other.
    """
    try:
        async with second_look(session):
            return await get_received(session, actor, transfer_id)
    except NotFound:
        answered = actor.level is Level.COMMUNE and await session.scalar(_ANSWERED, {"transfer": transfer_id})
        if not answered:
            raise
        raise TransferAnswered(transfer_status=answered) from None


_OF_OFFER = (
    *("row_version", "id", "status", "from_commune_id", "address", "moved_on", "offered_at", "reason"),
    *("summary", "emergency", "case_status"),
)


def received_out(row: CaseTransfer) -> ReceivedTransfer:
    """Return the answer for an offer as the commune it is made to sees it."""
    return ReceivedTransfer.model_validate(
        {name: getattr(row, name) for name in _OF_OFFER} | {"village_id": row.to_village_id, "child": told_child(row)}
    )


async def take_over(
    session: AsyncSession, offer: CaseTransfer, *, village_id: int | None, note: str | None, happened_at: datetime
) -> str:
    """Move the case to the actor's commune; return `moved`, `changed`, or the state that the case must not be in."""
    values = _answer(offer, note, happened_at) | {
        "village": village_id,
        "grant": new_id(),
        "kinds": orjson.dumps(rules.GOES_ON_SEEING).decode(),
        "until": rules.reads_until(clock.today()),
        "child_change": new_id(),
        "child_event": new_id(),
    }
    return str(await session.scalar(_TAKE_OVER, values))


async def decline(session: AsyncSession, offer: CaseTransfer, *, note: str, happened_at: datetime) -> bool:
    """Decline the case for the actor's commune; False where the offer changed meanwhile."""
    return bool(await session.scalar(_DECLINE, _answer(offer, note, happened_at)))


def _answer(offer: CaseTransfer, note: str | None, happened_at: datetime) -> dict[str, object]:
    return {
        "transfer": offer.id,
        "version": offer.row_version,
        "step": new_id(),
        "event": new_id(),
        "note": note,
        "happened_at": happened_at,
        "now": clock.now(),
    }
