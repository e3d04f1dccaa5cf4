"""The clock of a "no": what was asked elsewhere and declined waits for who asked, until the next thing is decided."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.cases.file.models import CaseStep, StepKind
from childcare_api.cases.file.queries import CaseFile
from childcare_api.cases.file.wanted import Wanted, is_open
from childcare_api.cases.referring.models import CaseReferralAnswer

DECLINED = "request.declined"
_FOLLOWS = (
    StepKind.REFERRAL,
    StepKind.PLACEMENT_REQUESTED,
    StepKind.PLACEMENT,
    StepKind.TRANSFER_OFFERED,
    StepKind.PLAN_DRAFTED,
    StepKind.REVIEW,
    StepKind.CLOSURE,
    StepKind.PROGRESS_NOTE,
)
"""What decides where a request goes after a "no": another body, other care, another plan, or a note that says why."""


async def declined(session: AsyncSession, file: CaseFile) -> Wanted:
    """Want the next thing decided after another body declined (Điều 29.1 a, b); it counts from the earliest "no"."""
    decided = [step for kind in _FOLLOWS for step in file.counting(kind)]
    since = max((step.position for step in decided), default=0)
    refusals = [
        *file.counting(StepKind.PLACEMENT_DECLINED),
        *file.counting(StepKind.TRANSFER_DECLINED),
        *await _declined_referrals(session, file, since),
    ]
    waiting = [step.happened_at for step in refusals if step.position > since]
    if waiting:
        # What was decided before met an earlier "no": who died, or whose case has ended, is asked nothing for.
        return Wanted(DECLINED, min(waiting) if is_open(file) else None)
    return Wanted(DECLINED, None, max((step.happened_at for step in decided), default=None))


async def _declined_referrals(session: AsyncSession, file: CaseFile, since: int) -> list[CaseStep]:
    """Return the answers "no" that stand, of those that came since: what was written wrongly is answered anew."""
    latest = {step.about_id: step for step in file.counting(StepKind.REFERRAL_ANSWERED) if step.position > since}
    if not latest:
        return []
    found = await session.scalars(
        select(CaseReferralAnswer.id).where(
            CaseReferralAnswer.id.in_([step.id for step in latest.values()]), CaseReferralAnswer.answer == "declined"
        )
    )
    nos = set(found)
    return [step for step in latest.values() if step.id in nos]
