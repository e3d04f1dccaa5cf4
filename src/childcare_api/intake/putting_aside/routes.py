"""Addresses of putting a report aside and taking it up again."""

from uuid import UUID

from childcare_api.access.dependencies import CurrentActor, Session
from childcare_api.access.permissions import Permission
from childcare_api.intake import answers, queries
from childcare_api.intake.errors import IntakeStatusForbids
from childcare_api.intake.putting_aside import actions
from childcare_api.intake.putting_aside.schemas import DismissIntake, ReexamineIntake
from childcare_api.intake.schemas import IntakeOut
from childcare_api.shared.concurrency import IfMatch
from childcare_api.shared.idempotency import OnceIfKeyed
from childcare_api.shared.problems import Forbidden, NotFound, StaleVersion, VersionRequired, problems
from childcare_api.shared.requests import Router

router = Router(prefix="/intakes", tags=["intake"])
_STEP = problems(NotFound, Forbidden, VersionRequired, StaleVersion, IntakeStatusForbids)


@router.post("/{intake_id}/dismiss", responses=_STEP)
async def dismiss_intake(
    intake_id: UUID, body: DismissIntake, *, if_match: IfMatch, actor: CurrentActor, session: Session, once: OnceIfKeyed
) -> IntakeOut:
    """Put a report aside as unfounded, with the reason."""
    actor.require(Permission.INTAKE_WORK)
    await once.begin(session)
    intake = await queries.lock_intake(session, actor, intake_id, if_match)
    await actions.dismiss(session, actor, intake, body)
    return await answers.answer(session, intake)


@router.post("/{intake_id}/re-examine", responses=_STEP)
async def reexamine_intake(
    intake_id: UUID,
    body: ReexamineIntake,
    *,
    if_match: IfMatch,
    actor: CurrentActor,
    session: Session,
    once: OnceIfKeyed,
) -> IntakeOut:
    """Take a report up again that was put aside, because something new was learned (NĐ 56/2017, Điều 25.1, 26.2).

    It is assessed anew: that clock, and the 12 hours of an emergency, run from when the new information came. Why it
    was put aside stays readable (`reexaminations`), and so does what was found before, which counts no more. A hotline
    that brought the report is told (`re_examined`); tell anybody else who heard that it was put aside yourself.
    """
    actor.require(Permission.INTAKE_WORK)
    await once.begin(session)
    intake = await queries.lock_intake(session, actor, intake_id, if_match)
    await actions.reexamine(session, actor, intake, body)
    return await answers.answer(session, intake)
