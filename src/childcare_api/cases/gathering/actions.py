"""Recording papers of a child's dossier, and the notice that looks for its family."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.cases.file.actions import guard_paper, record_step
from childcare_api.cases.file.models import CaseStep, StepKind
from childcare_api.cases.file.queries import CaseFile
from childcare_api.cases.gathering.models import CaseCarePapers, CaseFamilyNotice
from childcare_api.cases.gathering.schemas import CarePaper, RecordCarePapers, RecordFamilyNotice
from childcare_api.deadlines.limits import limit
from childcare_api.deadlines.rules import add_months
from childcare_api.shared import clock
from childcare_api.shared.refusals import too_early


async def record_care_papers(
    session: AsyncSession, actor: Actor, file: CaseFile, command: RecordCarePapers
) -> tuple[CaseStep, CaseCarePapers]:
    """Record papers that are there now; they take the place of what was written down of the same papers before."""
    papers = CaseCarePapers(papers=stored(command.papers, command.happened_at))
    step = await record_step(session, actor, file, kind=StepKind.CARE_PAPERS, command=command, detail=papers)
    return step, papers


def stored(papers: Sequence[CarePaper], happened_at: datetime | None) -> list[dict[str, object]]:
    """Return papers as their row keeps them. Photographs are refused that were old when they were put in (38.3 c).

    Those of no stated day were taken that day.
    """
    day = clock.today() if happened_at is None else clock.day_of(happened_at)
    earliest = add_months(day, -limit("child.photo_age", day))
    kept = []
    for number, one in enumerate(papers):
        photos = one.paper == "child_photos"
        if photos and one.dated_on is not None and one.dated_on < earliest:
            raise too_early(f"/papers/{number}/dated_on", earliest)
        if one.dated_on is not None:
            guard_paper(happened_at, one.dated_on, f"papers/{number}/dated_on")
        kept.append(one.model_copy(update={"dated_on": one.dated_on or (day if photos else None)}))
    return [one.model_dump(mode="json") for one in kept]


async def record_family_notice(
    session: AsyncSession, actor: Actor, file: CaseFile, command: RecordFamilyNotice
) -> tuple[CaseStep, CaseFamilyNotice]:
    """Record that the child's family is looked for by notice, or why not (TT 14/2020, Điều 10.1 a2)."""
    earliest: date = clock.day_of(file.case.received_at)
    if command.posted_on is not None and command.posted_on < earliest:
        raise too_early("/posted_on", earliest)
    if command.posted_on is not None:
        guard_paper(command.happened_at, command.posted_on, "posted_on")
    notice = CaseFamilyNotice(**command.model_dump(exclude={"id", "happened_at"}))
    step = await record_step(session, actor, file, kind=StepKind.FAMILY_NOTICE, command=command, detail=notice)
    return step, notice
