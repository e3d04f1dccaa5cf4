"""Putting a report aside as unfounded, and taking it up again. The decree has neither step; practice needs both.

New facts are information that is received: the decree has it taken in (NĐ 56/2017, Điều 25.1), assessed (26.2), and
acted on within 12 hours of it in an emergency (26.3).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.deadlines import actions as deadlines
from childcare_api.intake import queries, rules
from childcare_api.intake.actions import permit, tell
from childcare_api.intake.concluding import grounds_at_first, start_clock, told_and_found
from childcare_api.intake.errors import EmergencyNotRefuted
from childcare_api.intake.models import Intake, IntakeReexamination
from childcare_api.intake.putting_aside.schemas import DismissIntake, ReexamineIntake
from childcare_api.shared import clock
from childcare_api.shared.db import holder_of
from childcare_api.shared.ids import new_id


async def dismiss(session: AsyncSession, actor: Actor, intake: Intake, command: DismissIntake) -> None:
    """Put a report aside as unfounded, with its reason.

    Raises EmergencyNotRefuted where danger was told that no initial assessment judged, or the last one found it.
    """
    happened_at = permit(intake, "dismiss", command.happened_at)
    if intake.emergency:
        why = rules.what_forbids_dismissal(told_and_found(await queries.file_of(session, intake)))
        if why is not None:
            raise EmergencyNotRefuted(why=why)
    intake.dismissed_at, intake.dismissed_by, intake.dismiss_reason = happened_at, actor.id, command.reason
    intake.status = "dismissed"
    await deadlines.cancel_all(session, intake.id, reason="dismissed")
    await tell(session, intake, "intake.dismissed", happened_at)


async def reexamine(session: AsyncSession, actor: Actor, intake: Intake, command: ReexamineIntake) -> None:
    """Take a report up again that was put aside: it is with the commune, to be assessed anew, from the new facts on.

    An emergency that it was, it is again until somebody assesses it: what was told then is judged with what is new.
    """
    happened_at = permit(intake, "reexamine", command.happened_at)
    now = clock.now()
    session.add(
        IntakeReexamination(
            **holder_of(intake),
            id=new_id(),
            intake_id=intake.id,
            dismissed_at=intake.dismissed_at,
            dismissed_by=intake.dismissed_by,
            dismiss_reason=intake.dismiss_reason,
            reason=command.reason,
            emergency=command.emergency,
            happened_at=happened_at,
            recorded_at=now,
            recorded_by=actor.id,
        )
    )
    intake.dismissed_at, intake.dismissed_by, intake.dismiss_reason = None, None, None
    intake.reexamined_at, intake.reexamined_by, intake.status = happened_at, actor.id, "acknowledged"
    if intake.acknowledged_at is None:
        intake.acknowledged_at, intake.acknowledged_by = now, actor.id
    if command.emergency and "stated" not in intake.reported_grounds:
        intake.reported_grounds = [*intake.reported_grounds, "stated"]
    await session.flush()  # What was told is read off all of it, with this.
    intake.emergency_grounds = grounds_at_first(await queries.file_of(session, intake))
    intake.emergency = bool(intake.emergency_grounds)
    intake.emergencies = [happened_at] if intake.emergency else []
    await session.flush()  # The clocks are started for the report as it stands now.
    await start_clock(session, intake, "intake.assess")
    if intake.emergency:
        await start_clock(session, intake, "emergency.intervene")
    await tell(session, intake, "intake.reexamined", happened_at, emergency=intake.emergency)


_RECEIVED_ANEW: Final = ("intake.acknowledge", "intake.assess", "emergency.intervene")


async def clocks_anew(
    session: AsyncSession, actor: Actor, intake_id: UUID, holder: Mapping[str, int | None], *, heard_at: datetime
) -> list[dict[str, Any]]:
    """Return the clocks of a report that its source tells more of after it was put aside: it is received again."""
    now = clock.now()
    return [
        await deadlines.prepare(
            session,
            rule,
            subject_kind="intake",
            subject_id=intake_id,
            holder=holder,
            from_instant=now if rule == "intake.acknowledge" else heard_at,
            receipt_at=now,
            origin_unit_id=actor.unit_id,
            source_id=actor.source_id,
        )
        for rule in _RECEIVED_ANEW
    ]
