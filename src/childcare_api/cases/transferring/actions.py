"""Handing a case over to the commune where the child lives now (Luật Trẻ em, Điều 52.2).

Nothing falls between: until the other commune accepts, this one leads and answers for every clock.
"""

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.cases.consenting.schemas import columns_of
from childcare_api.cases.file.actions import record_step, stated_after
from childcare_api.cases.file.errors import CaseNotInState
from childcare_api.cases.file.models import CaseStep, StepKind
from childcare_api.cases.file.queries import CaseFile, end_tasks
from childcare_api.cases.transferring import queries
from childcare_api.cases.transferring.errors import TransferAnswered, TransferPending
from childcare_api.cases.transferring.models import CaseTransfer, TransferStatus
from childcare_api.cases.transferring.schemas import AcceptTransfer, DeclineTransfer, OfferTransfer, WithdrawTransfer
from childcare_api.children.queries import require_village
from childcare_api.deadlines import actions as deadlines
from childcare_api.shared import clock
from childcare_api.shared.problems import StaleVersion
from childcare_api.units.errors import ResidenceUnknown
from childcare_api.units.queries import holder_of_unit, resolve_place
from childcare_api.units.refusals import still_own_commune

ANSWER = "transfer.answer"
_OF_CHILD = ("name", "sex", "born_on", "born_on_precision", "estimated_age")


async def offer(session: AsyncSession, actor: Actor, file: CaseFile, command: OfferTransfer) -> CaseStep:
    """Offer the case to the commune of the new residence, which has to answer."""
    case = file.case
    place = await resolve_place(session, command.residence, clock.today())
    if place.commune_id is None:
        raise ResidenceUnknown
    if place.commune_id == case.commune_id:
        raise still_own_commune("/residence")
    if any(one.status == TransferStatus.OFFERED for one in await queries.transfers_out(session, file)):
        raise TransferPending
    theirs = await holder_of_unit(session, place.commune_id)
    transfer = CaseTransfer(
        case_id=case.id,
        from_commune_id=case.commune_id,
        to_commune_id=place.commune_id,
        to_village_id=place.village_id,
        address=command.address,
        moved_on=command.moved_on,
        reason=command.reason,
        summary=command.summary,
        emergency=case.emergency,
        case_status=file.standing.status.value,
        **{f"child_{name}": getattr(case, f"child_{name}") for name in _OF_CHILD},
        **columns_of(command.consent),
        status=TransferStatus.OFFERED.value,
        offered_at=command.happened_at or clock.now(),
        offered_by=actor.id,
        answered_at=None,
        answered_by=None,
        answer_note=None,
        row_version=1,
    )
    step = await record_step(session, actor, file, kind=StepKind.TRANSFER_OFFERED, command=command, detail=transfer)
    await deadlines.start(
        session,
        ANSWER,
        subject_kind="case_transfer",
        subject_id=transfer.id,
        holder=theirs.columns(),
        from_instant=step.happened_at,
        origin_unit_id=actor.unit_id,
    )
    await session.flush()  # The answer reads the offer back.
    return step


async def withdraw(
    session: AsyncSession, actor: Actor, file: CaseFile, transfer: CaseTransfer, command: WithdrawTransfer
) -> CaseStep:
    """Take an offer back before it is answered."""
    if transfer.status != TransferStatus.OFFERED:
        raise TransferAnswered(transfer_status=transfer.status)
    step = await record_step(
        session,
        actor,
        file,
        kind=StepKind.TRANSFER_WITHDRAWN,
        command=command,
        stands_on=[transfer.id],
        about_id=transfer.id,
        note=command.reason,
    )
    transfer.status, transfer.answer_note = TransferStatus.WITHDRAWN.value, command.reason
    transfer.answered_at, transfer.answered_by = step.happened_at, actor.id
    transfer.row_version += 1
    await session.flush()  # The function that ends the clocks looks at the offer as it stands.
    await end_tasks(session, transfer.id, reason="withdrawn")
    return step


async def accept(session: AsyncSession, actor: Actor, transfer: CaseTransfer, command: AcceptTransfer) -> None:
    """Take the case over. From here on this commune leads, and the other reads what it left, for a time."""
    village_id = transfer.to_village_id if command.village_id is None else command.village_id
    await require_village(session, actor, village_id, clock.today())
    happened_at = stated_after(transfer.offered_at, command.happened_at)
    became = await queries.take_over(
        session, transfer, village_id=village_id, note=command.note, happened_at=happened_at
    )
    if became == "changed":
        raise StaleVersion(row_version=transfer.row_version + 1)
    if became != "moved":
        raise CaseNotInState(case_status=became)


async def decline(session: AsyncSession, transfer: CaseTransfer, command: DeclineTransfer) -> None:
    """Decline the case; it goes on where it is."""
    happened_at = stated_after(transfer.offered_at, command.happened_at)
    if not await queries.decline(session, transfer, note=command.reason, happened_at=happened_at):
        raise StaleVersion(row_version=transfer.row_version + 1)
