"""Adding to a report, and marking that as an error: its emergencies and clocks follow, and the cases it stands in.

What comes in later is information that is received, as the report was (NĐ 56/2017, Điều 25.1): kept beside it with its
own time and author. New danger gives 12 hours of its own (Điều 26.3, 31.2).
"""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.intake.actions import permit, tell
from childcare_api.intake.concluding import conclude, told_and_found
from childcare_api.intake.errors import EmergencyNotRefuted, IntakeStatusForbids, NoCaseOpen, ToldFromElsewhere
from childcare_api.intake.models import Intake, IntakeUpdate
from childcare_api.intake.putting_aside.actions import clocks_anew
from childcare_api.intake.queries import file_of
from childcare_api.intake.rules import ends_unseen, may
from childcare_api.intake.updating import queries
from childcare_api.intake.updating.schemas import TellMore, UpdateIntake
from childcare_api.shared import clock, corrections
from childcare_api.shared.corrections import EnterInError
from childcare_api.shared.db import holder_of
from childcare_api.shared.ids import new_id
from childcare_api.shared.problems import NotFound
from childcare_api.shared.refusals import too_early

_NOT_IN_A_CASE: Final = frozenset({"received", "acknowledged", "assessed"})


async def add(session: AsyncSession, actor: Actor, intake: Intake, command: UpdateIntake) -> None:
    """Write down what was learned later. Raises NoCaseOpen where cases were opened on the report and all are closed."""
    happened_at = permit(intake, "update", command.happened_at)
    update = IntakeUpdate(
        **holder_of(intake),
        id=new_id(),
        intake_id=intake.id,
        source_id=None,
        told_from_unit_id=None,
        takes_back=False,
        channel=command.channel,
        told_by=command.told_by,
        text=command.text,
        emergency=command.emergency,
        place_unit_id=None,
        place_text=None,
        happened_at=happened_at,
        recorded_at=clock.now(),
        recorded_by=actor.id,
        entered_in_error_at=None,
        entered_in_error_by=None,
        entered_in_error_reason=None,
    )
    session.add(update)
    await session.flush()  # What the report adds up to is read off all that was told, with this.
    await conclude(session, intake)
    if not await queries.tell_cases(session, update) and intake.status == "case_opened":
        raise NoCaseOpen
    await tell(session, intake, "intake.updated", happened_at, update_id=str(update.id), emergency=command.emergency)


async def tell_more(session: AsyncSession, actor: Actor, intake_id: UUID, command: TellMore) -> Mapping[str, Any]:
    """Add to a report what whoever told of it, or sent it on, learned later; wherever it stands. Returns its receipt.

    What was put aside is received again by it, as by a hotline's message: its office looks at it no more.
    """
    now = clock.now()
    receipt = await queries.told_by_me(session, intake_id)
    happened_at = command.happened_at or now
    if happened_at < receipt["received_at"]:
        raise too_early("/happened_at", receipt["received_at"])
    holder = {name: receipt[name] for name in ("commune_id", "province_id")}
    holder |= {"unit_id": holder["commune_id"] or holder["province_id"], "village_id": None, "district_id": None}
    anew = await clocks_anew(session, actor, intake_id, holder, heard_at=happened_at)
    said = command.model_dump() | {"happened_at": happened_at}
    became = await queries.tell_more(session, intake_id, said, now=now, clocks=anew)
    if became is None:
        raise NotFound(intake_id=intake_id)
    if became == "withdrawn":
        raise IntakeStatusForbids(intake_status=became)
    if became == "no_case_open":
        raise NoCaseOpen
    return await queries.told_by_me(session, intake_id)


async def mark_in_error(
    session: AsyncSession, actor: Actor, intake: Intake, update: IntakeUpdate, command: EnterInError
) -> None:
    """Mark an addition as entered in error: it stays readable, and neither the report nor a case counts it.

    What others told is theirs to take back: an office that could unsay a call for help could end its own 12 hours. So
    danger that it wrote down itself is judged first, as that of the report is (Điều 26.2); a case answers for its own.
    """
    if not await queries.is_ours_to_mark(session, update):
        raise ToldFromElsewhere
    told_here = update.source_id is None and update.told_from_unit_id is None
    here = told_here and update.entered_in_error_at is None and intake.status in _NOT_IN_A_CASE
    if here and ends_unseen(told_and_found(await file_of(session, intake)), update.id):
        raise EmergencyNotRefuted(why="not_assessed")
    corrections.retract(update, command, by=actor.id)
    if not may("update", intake.status):
        raise IntakeStatusForbids(intake_status=intake.status)
    await session.flush()  # As above.
    await conclude(session, intake)
    await queries.mark_in_cases(session, update)
    await tell(session, intake, "intake.update_entered_in_error", clock.now(), update_id=str(update.id))
