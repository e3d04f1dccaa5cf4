"""Reading what happened to the child, and what is known of an archived file."""

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.cases.ending.models import CaseDeath
from childcare_api.cases.ending.schemas import ArchivedPaper, ArchiveOut, LifeEventOut
from childcare_api.cases.file.errors import CaseNotInState
from childcare_api.cases.file.models import CaseStatus, CaseStep, StepKind
from childcare_api.cases.file.queries import CaseFile, told
from childcare_api.cases.planning.models import CaseDecision
from childcare_api.cases.separating.models import (
    CaseCourtAnswer,
    CaseCourtRequest,
    CaseSeparation,
    CaseSeparationChange,
)
from childcare_api.children import rules as children
from childcare_api.children.models import Child

FORMS: dict[StepKind, str] = {
    StepKind.OPENING: "Mẫu số 01, 02",
    StepKind.REPORT_JOINED: "Mẫu số 01, 02",
    StepKind.ASSESSMENT: "Mẫu số 03",
    StepKind.PLAN_SUBMITTED: "Mẫu số 04",
    StepKind.PLAN_APPROVED: "Mẫu số 05",
    StepKind.REVIEW: "Mẫu số 06",
    StepKind.SEPARATION: "Mẫu số 07",
    StepKind.PLACEMENT: "Mẫu số 12",
}
"""The form of the decree's annex that each step is written on; other papers have none."""

PAPERS = frozenset({*FORMS, StepKind.MEETING, StepKind.HANDOVER, StepKind.SEPARATION_EXTENDED}) | {
    StepKind.SEPARATION_CANCELLED,
    StepKind.COURT_REQUEST,
    StepKind.COURT_GRANTED,
    StepKind.CHILD_DIED,
}


async def birthday_of(session: AsyncSession, file: CaseFile) -> date | None:
    """Return the latest day the child can have been born on: as registered, else as reported; None if unknown."""
    case = file.case
    if case.child_id is not None:
        born_on: date | None = await session.scalar(
            select(Child.born_on).where(Child.id == case.child_id, Child.commune_id == case.commune_id)
        )
        if born_on is not None:
            return born_on
    if case.child_born_on is None:
        return None
    match case.child_born_on_precision:
        case "month" | "year" as known:
            return children.latest_birthday(case.child_born_on, known)
        case _:
            return case.child_born_on


def life_event_out(file: CaseFile, step: CaseStep, death: CaseDeath | None) -> LifeEventOut:
    """Return the answer for what happened to the child."""
    return told(
        LifeEventOut,
        file,
        step,
        died_on=None if death is None else death.died_on,
        document_number=None if death is None else death.document_number,
        note=step.note,
    )


async def archive_of(session: AsyncSession, file: CaseFile) -> ArchiveOut:
    """Return what is known of an archived file. Raises CaseNotInState for one that is not closed."""
    case = file.case
    if case.closed_at is None or case.close_reason is None or case.commune_id is None:
        raise CaseNotInState(case_status=case.status)
    numbers = await _numbers(session, file)
    papers = [step for step in file.steps if StepKind(step.kind) in PAPERS and file.counts(step)]
    return ArchiveOut(
        row_version=case.row_version,
        case_id=case.id,
        status=CaseStatus(case.status),
        article="NĐ 56/2017 Điều 30.3",
        kept_by_commune_id=case.commune_id,
        closed_at=case.closed_at,
        close_reason=case.close_reason,
        papers=[
            ArchivedPaper(
                step_id=step.id,
                kind=StepKind(step.kind),
                form=FORMS.get(StepKind(step.kind)),
                happened_at=step.happened_at,
                number=numbers.get(step.id),
                pages=None,
            )
            for step in papers
        ],
        steps=len(file.steps),
        pages=None,
        in_national_database=None,
    )


async def _numbers(session: AsyncSession, file: CaseFile) -> dict[UUID, str]:
    """Return the number of each paper that has one."""
    ids = [step.id for step in file.steps]
    numbers: dict[UUID, str] = {}
    for model, column in (
        (CaseDecision, CaseDecision.decision_number),
        (CaseSeparation, CaseSeparation.decision_number),
        (CaseSeparationChange, CaseSeparationChange.decision_number),
        (CaseCourtRequest, CaseCourtRequest.request_number),
        (CaseCourtAnswer, CaseCourtAnswer.decision_number),
        (CaseDeath, CaseDeath.document_number),
    ):
        rows = await session.execute(
            select(model.id, column).where(model.id.in_(ids), model.commune_id == file.case.commune_id)
        )
        numbers |= {step_id: number for step_id, number in rows if number is not None}
    return numbers
