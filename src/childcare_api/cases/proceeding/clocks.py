"""The clocks of proceedings: what an authority asked, by the day it named; and a release, prepared for by its day."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.cases.file.models import CaseStep, StepKind
from childcare_api.cases.file.queries import CaseFile
from childcare_api.cases.file.wanted import Wanted, is_open, last
from childcare_api.cases.proceeding.models import CaseProceeding, CaseReleaseNotice
from childcare_api.cases.proceeding.waiting import release_ahead, unanswered
from childcare_api.deadlines import queries as deadlines
from childcare_api.deadlines.promising.queries import office_of, promised_length
from childcare_api.shared import clock
from childcare_api.shared.db import holder_of

ANSWER, PREPARE = "proceeding.answer", "release.prepare"


async def proceeding_clocks(session: AsyncSession, file: CaseFile) -> tuple[Wanted, Wanted]:
    """Return both as the file says they should be. A case that knows neither is asked nothing more."""
    return await _answer(session, file), await _prepare(session, file)


async def _answer(session: AsyncSession, file: CaseFile) -> Wanted:
    """Want done what an authority asked, by the day it named, else within days of ours; the first due comes first."""
    waiting = {step.id: step for step in unanswered(file)}
    if not waiting or not is_open(file):
        return Wanted(ANSWER, None, None if waiting else last(file, StepKind.PROCEEDING_ANSWERED))
    rows = await session.execute(
        select(CaseProceeding.id, CaseProceeding.due_on).where(
            CaseProceeding.id.in_(waiting), CaseProceeding.commune_id == file.case.commune_id
        )
    )
    rule = await deadlines.get_clock(session, ANSWER, clock.today())
    ours = await promised_length(session, rule, office_of(holder_of(file.case)), clock.today()) or rule.length
    terms = []
    for row in rows:
        step = waiting[row.id]
        days = ours if row.due_on is None else _days_until(step, row.due_on)
        terms.append((clock.day_of(step.happened_at) + timedelta(days=days), step.position, step, days))
    _, _, first, days = min(terms, key=lambda term: term[:2])
    return Wanted(ANSWER, first.happened_at, length=days)


async def _prepare(session: AsyncSession, file: CaseFile) -> Wanted:
    """Want the reception of a child prepared by the day of its release (LQ, Điều 73.2, 73.3)."""
    notice = release_ahead(file)
    if notice is None or not is_open(file):
        return Wanted(PREPARE, None, last(file, StepKind.RELEASE_PREPARED) if notice is None else None)
    release_on: date = await session.scalar(
        select(CaseReleaseNotice.release_on).where(
            CaseReleaseNotice.id == notice.id, CaseReleaseNotice.commune_id == file.case.commune_id
        )
    ) or clock.day_of(notice.happened_at)
    return Wanted(PREPARE, notice.happened_at, length=_days_until(notice, release_on))


def _days_until(step: CaseStep, day: date) -> int:
    """Return in how many days a day comes; one that had passed when it was told is due at once."""
    return max(0, (day - clock.day_of(step.happened_at)).days)
