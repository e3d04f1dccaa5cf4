"""Putting a report aside as unfounded or as an error, and taking it up again: no steps of the decree, but of practice.

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
from childcare_api.intake.putting_aside.schemas import DismissIntake, MarkIntakeInError, ReexamineIntake
from childcare_api.intake.queries import IntakeFile
from childcare_api.shared import clock
from childcare_api.shared.corrections import AlreadyEnteredInError
from childcare_api.shared.db import holder_of
from childcare_api.shared.ids import new_id
from childcare_api.shared.refusals import refused

_WORKED_ON: Final = frozenset({"received", "acknowledged", "assessed", "case_opened"})


async def dismiss(session: AsyncSession, actor: Actor, intake: Intake, command: DismissIntake) -> None:
    """Put a report aside as unfounded, with its reason.

    Raises EmergencyNotRefuted where danger was told that no initial assessment judged, or the last one found it.
    """
    file = await queries.file_of(session, intake)
    last = max(queries.counting(file), key=lambda one: (one.happened_at, one.recorded_at, one.id.bytes), default=None)
    happened_at = permit(intake, "dismiss", command.happened_at, on=last)
    if (why := _not_refuted(file)) is not None:
        raise EmergencyNotRefuted(why=why)
    intake.dismissed_at, intake.dismissed_by, intake.dismiss_reason = happened_at, actor.id, command.reason
    intake.status = "dismissed"
    await deadlines.cancel_all(session, intake.id, reason="dismissed", happened_at=happened_at)
    await tell(session, intake, "intake.dismissed", happened_at)


def _not_refuted(file: IntakeFile) -> rules.NotRefuted | None:
    """Return why the danger that a report tells of is not unfounded yet; None where it is, or none was told."""
    return rules.what_forbids_dismissal(told_and_found(file)) if file.intake.emergency else None


async def mark_in_error(
    session: AsyncSession, actor: Actor, intake: Intake, stays: Intake | None, command: MarkIntakeInError
) -> None:
    """Mark a whole report as entered in error; it stays readable and stops counting.

    Danger that it tells of ends by an assessment alone (Điều 26.2), unless `stays` is the report that it was written
    down as a second time: that has the danger, and its 12 hours began no later.
    """
    if intake.entered_in_error_at is not None:
        raise AlreadyEnteredInError
    happened_at = permit(intake, "enter_in_error", None)
    why = None if intake.status == "withdrawn" else _not_refuted(await queries.file_of(session, intake))
    if stays is not None:
        _guard_stays(intake, await queries.file_of(session, stays), with_danger=why is not None)
    elif why is not None:
        raise EmergencyNotRefuted(why=why)
    intake.entered_in_error_at, intake.entered_in_error_by = happened_at, actor.id
    intake.entered_in_error_reason, intake.same_as_id = command.reason, command.same_as_id
    intake.status = "entered_in_error"
    await deadlines.cancel_all(session, intake.id, reason="entered_in_error")
    same_as = None if stays is None else str(stays.id)
    await tell(session, intake, "intake.entered_in_error", happened_at, same_as_id=same_as)


def _guard_stays(intake: Intake, other: IntakeFile, *, with_danger: bool) -> None:
    """Refuse a report that does not carry on what its double told: itself, one that ended, or one that knows less.

    Nor does one whose danger was judged before the double told of it: what is told since is fresh danger.
    """
    stays = other.intake
    if stays.id == intake.id or stays.status not in _WORKED_ON:
        raise refused(
            "/same_as_id",
            "not_worked_on",
            "Name another report that is worked on: this one would leave nobody to look.",
            "Hãy nêu một thông tin khác đang được xử lý; nếu không sẽ không còn ai xem xét.",
        )
    if with_danger and not (stays.emergency and min(stays.emergencies) <= min(intake.emergencies)):
        raise refused(
            "/same_as_id",
            "danger_told_here_first",
            "That report tells of no danger, or of it later than this one: mark that one instead, or add the danger to"
            " it first (`POST /intakes/{id}/updates`).",
            "Thông tin đó không cho biết trẻ em gặp nguy hiểm, hoặc cho biết muộn hơn: hãy đánh dấu thông tin đó thay"
            " cho thông tin này, hoặc bổ sung nguy hiểm vào đó trước (`POST /intakes/{id}/updates`).",
        )
    if with_danger and any(one.happened_at < max(intake.emergencies) for one in queries.counting(other)):
        raise refused(
            "/same_as_id",
            "judged_before",
            "That report was assessed before this danger was told: assess this one, then let it join that case"
            " (`POST /intakes/{id}/join-case`).",
            "Thông tin đó đã được đánh giá trước khi có tin về nguy hiểm này: hãy đánh giá thông tin này, rồi ghép vào"
            " hồ sơ đang có (`POST /intakes/{id}/join-case`).",
        )


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
