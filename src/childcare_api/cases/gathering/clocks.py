"""The tasks for a child who was found abandoned: the notice that looks for its family, and its birth registration."""

from datetime import datetime, time

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.cases.file.models import CaseStatus, CaseStep, StepKind
from childcare_api.cases.file.queries import CaseFile, details
from childcare_api.cases.file.wanted import Wanted, is_open, last
from childcare_api.cases.gathering.models import CaseCarePapers, CaseFamilyNotice
from childcare_api.cases.placing.models import CaseCareNeeds
from childcare_api.shared import clock

NOTICE, BIRTH = "family.notice", "birth.register"


async def family_clocks(session: AsyncSession, file: CaseFile) -> tuple[Wanted, Wanted]:
    """Want the family of an abandoned child looked for by notice, and its birth registered (TT 14/2020, 10.1 a2).

    The report says that a child was abandoned, until the report on its needs says it better. Its birth is registered
    once the notice is over; whose family is known, and so not looked for, is registered by it. No term is in the law.
    Only the paper itself ends that: no decision on care does, nor that the case is closed.
    """
    needs = await details(session, file, CaseCareNeeds, StepKind.CARE_NEEDS)
    judged = [one for one in needs if file.counts(one[0])]
    notices = [
        one for one in await details(session, file, CaseFamilyNotice, StepKind.FAMILY_NOTICE) if file.counts(one[0])
    ]
    told = last(file, StepKind.FAMILY_NOTICE)
    registered = await _registered(session, file, judged)
    since = _abandoned_since(file, judged)
    lives = file.standing.child_died_id is None and file.standing.status is not CaseStatus.ENTERED_IN_ERROR
    sought = since if not notices and is_open(file) else None
    family = Wanted(NOTICE, sought, None if sought is not None else told)
    if since is None or not lives or not notices or notices[-1][1].posted_on is None or registered is not None:
        return family, Wanted(BIRTH, None, registered)
    return family, Wanted(BIRTH, notice_over(*notices[-1]))


def notice_over(step: CaseStep, notice: CaseFamilyNotice) -> datetime:
    """Return when a notice is over, on its last day or the day it was posted; whose family is known, when that was."""
    last_day = notice.until_on or notice.posted_on
    return step.happened_at if last_day is None else datetime.combine(last_day, time(12), clock.VIET_NAM)


def _abandoned_since(file: CaseFile, needs: list[tuple[CaseStep, CaseCareNeeds]]) -> datetime | None:
    """Return from when it is known that the child was abandoned, or None."""
    reported = "abandonment" in file.case.harm_kinds
    if not needs:
        return file.case.opened_at if reported else None
    if not needs[-1][1].found_abandoned:
        return None
    said = next(step.happened_at for step, found in needs if found.found_abandoned)
    return file.case.opened_at if reported else said


async def _registered(
    session: AsyncSession, file: CaseFile, needs: list[tuple[CaseStep, CaseCareNeeds]]
) -> datetime | None:
    """Return when the child's birth or identity paper was there, by the last word on it."""
    later = await details(session, file, CaseCarePapers, StepKind.CARE_PAPERS)
    told = [(step, detail.papers) for step, detail in needs]
    told += [(step, detail.papers) for step, detail in later if file.counts(step)]
    found = None
    for step, papers in sorted(told, key=lambda one: one[0].position):
        for paper in papers:
            if paper["paper"] == "child_identity_paper":
                found = step.happened_at if paper["there_is_one"] else None
    return found
