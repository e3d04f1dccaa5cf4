"""Reading separations with their extensions and what may follow."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.cases.assessing.models import CaseAssessment
from childcare_api.cases.file.clocks import INTERVENE
from childcare_api.cases.file.elsewhere import eyes_of
from childcare_api.cases.file.models import CaseStep, StepKind
from childcare_api.cases.file.numbers import Numbered, warnings_of
from childcare_api.cases.file.queries import CaseFile, details, told
from childcare_api.cases.file.schemas import NumberNoticeOut
from childcare_api.cases.separating import rules
from childcare_api.cases.separating.guards import NO_BY_THE_COURT
from childcare_api.cases.separating.models import (
    CaseCourtAnswer,
    CaseCourtRequest,
    CaseSeparation,
    CaseSeparationChange,
)
from childcare_api.cases.separating.schemas import CourtAnswerOut, CourtRequestOut, SeparationOut
from childcare_api.deadlines import queries as deadlines
from childcare_api.deadlines import rules as terms
from childcare_api.shared import clock

_KEPT_APART = text("SELECT case_kept_apart_by_court(:case_id, :day)")

Change = tuple[CaseStep, CaseSeparationChange]


async def separations_of(session: AsyncSession, file: CaseFile) -> list[SeparationOut]:
    """Return the separations of a file in the order they were recorded."""
    rows = await details(session, file, CaseSeparation, StepKind.SEPARATION)
    changes = [
        *await details(session, file, CaseSeparationChange, StepKind.SEPARATION_EXTENDED),
        *await details(session, file, CaseSeparationChange, StepKind.SEPARATION_CANCELLED),
    ]
    return [await _out(session, file, step, row, changes) for step, row in rows]


def court_answer_of(file: CaseFile, request: CaseStep) -> CaseStep | None:
    """Return the step by which the court answered a request, or by which it was withdrawn, if one counts."""
    answers = (step for kind in (StepKind.COURT_GRANTED, *NO_BY_THE_COURT) for step in file.counting(kind))
    return next((step for step in answers if step.about_id == request.id), None)


async def last_order_on(
    session: AsyncSession, file: CaseFile, request: CaseStep
) -> tuple[CaseStep, CaseCourtAnswer] | None:
    """Return what the court ordered last on a request; None where it ordered nothing, or ended it."""
    orders = await details(session, file, CaseCourtAnswer, StepKind.COURT_GRANTED)
    mine = [one for one in orders if one[0].about_id == request.id and file.counts(one[0])]
    return mine[-1] if mine and mine[-1][1].measures else None


async def kept_apart_by_court(session: AsyncSession, file: CaseFile, day: date) -> bool:
    """Say whether an order of a court in force on a day keeps the child from its family."""
    if file.elsewhere:  # No step of a court is seen from there.
        return bool(await session.scalar(_KEPT_APART, {"case_id": file.case.id, "day": day}))
    orders = await details(session, file, CaseCourtAnswer, StepKind.COURT_GRANTED)
    return rules.order_on((one for one in orders if file.counts(one[0])), day) is not None


async def finds_carers_safe(session: AsyncSession, file: CaseFile, assessment: CaseStep) -> bool:
    """Say whether an assessment of the file finds that the carers keep the child safe."""
    async with eyes_of(session, file):
        found: bool | None = await session.scalar(
            select(CaseAssessment.carers_ensure_safety).where(
                CaseAssessment.id == assessment.id, CaseAssessment.commune_id == file.case.commune_id
            )
        )
    return found is True


async def court_requests_of(session: AsyncSession, file: CaseFile) -> list[CourtRequestOut]:
    """Return the requests to the court with their answers, in the order they were recorded."""
    rows = await details(session, file, CaseCourtRequest, StepKind.COURT_REQUEST)
    given = [
        one
        for kind in (StepKind.COURT_GRANTED, *NO_BY_THE_COURT)
        for one in await details(session, file, CaseCourtAnswer, kind)
    ]
    answers: dict[UUID | None, list[CourtAnswerOut]] = {}
    for step, row in given:
        if file.counts(step):
            answers.setdefault(step.about_id, []).append(told(CourtAnswerOut, file, step, row))
    found = ((step, row, answers.get(step.id, [])) for step, row in rows)
    return [
        told(CourtRequestOut, file, step, row, answer=next(iter(of), None), changes=of[1:]) for step, row, of in found
    ]


async def after(session: AsyncSession, file: CaseFile, separation_id: UUID) -> SeparationOut:
    """Return one separation as it stands after a command, read with the eyes of whoever gave it."""
    async with eyes_of(session, file):
        return next(one for one in await separations_of(session, file) if one.id == separation_id)


async def _out(
    session: AsyncSession, file: CaseFile, step: CaseStep, row: CaseSeparation, changes: list[Change]
) -> SeparationOut:
    informed_at = step.informed_at or step.happened_at
    known = step.informed_at is not None
    rule = await deadlines.get_clock(session, INTERVENE, clock.day_of(informed_at))
    calendar = await deadlines.working_calendar(session, clock.day_of(informed_at))
    decide_by = terms.due(calendar, informed_at, rule.length, terms.unit_of(rule.unit)).at
    mine = sorted((one for one in changes if one[1].separation_id == step.id), key=lambda one: one[0].position)
    ends = [change.ends_at for change, _ in mine if change.ends_at is not None and file.counts(change)]
    ends_at = max([step.ends_at or step.happened_at, *ends])
    running = file.standing.separation_id == step.id
    return told(
        SeparationOut,
        file,
        step,
        row,
        acting_for_assignment_id=row.acting_for_id,
        stay={
            "kind": row.stay_kind,
            "name": row.stay_name,
            "relation": row.stay_relation,
            "address": row.stay_address,
            "phone": row.stay_phone,
        },
        # With no receipt to reckon from, nothing is concluded.
        informed_at=informed_at if known else None,
        decide_by=decide_by if known else None,
        decided_in_time=step.happened_at <= decide_by if known else None,
        running=running,
        ends_at=ends_at,
        days_in_all=rules.days_in_all(step.happened_at, ends_at),
        changes=[_change(file, *one) for one in mine],
        may_follow=[one.told() for one in rules.FOLLOWING] if running else [],
        warnings=await _warnings(session, file, [(step, row), *mine]),
    )


async def _warnings(
    session: AsyncSession, file: CaseFile, given: Sequence[tuple[CaseStep, CaseSeparation | CaseSeparationChange]]
) -> list[NumberNoticeOut]:
    """Return which numbers stand on another case: each told to the commune that gave it, of the two that may decide."""
    found = []
    for issuer in dict.fromkeys(row.origin_commune_id for _, row in given):
        counting = [row for step, row in given if file.counts(step) and row.origin_commune_id == issuer]
        numbered = [Numbered(row.decision_number, row.decided_on) for row in counting]
        found += await warnings_of(session, file.case.id, issuer, numbered)
    return found


def _change(file: CaseFile, step: CaseStep, row: CaseSeparationChange) -> dict[str, object]:
    return {
        "id": step.id,
        "kind": step.kind,
        "happened_at": step.happened_at,
        "decision_number": row.decision_number,
        "decided_on": row.decided_on,
        "reason": row.reason,
        "days": row.days,
        "authority_issuer": row.authority_issuer,
        "authority_number": row.authority_number,
        "authority_issued_on": row.authority_issued_on,
        "assessment_id": row.assessment_id,
        "returned_to": row.returned_to,
        "counts": file.counts(step),
    }
