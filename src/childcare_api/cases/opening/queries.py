"""Gathering a report as it stands when cases are opened on it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from childcare_api.access.actor import Actor
from childcare_api.access.scope import in_scope
from childcare_api.cases.file.models import Case, CaseStatus, CaseStep, StepKind
from childcare_api.cases.file.queries import CaseFile
from childcare_api.cases.opening.models import CaseReport
from childcare_api.cases.opening.rules import Described, called, differing, years_of
from childcare_api.cases.opening.schemas import ChildNoticeOut
from childcare_api.children.models import Child
from childcare_api.children.rules import Precision
from childcare_api.intake.concluding import emergencies_of, protections_of, updates_that_count
from childcare_api.intake.models import Intake, IntakeAssessment, IntakeChild, IntakeSafetyMeasure, IntakeUpdate
from childcare_api.intake.queries import file_of
from childcare_api.shared import clock

CARER_GROUNDS = "harm_doer_is_carer"


@dataclass(frozen=True, slots=True)
class Reported:
    """A report with its children and its initial assessment."""

    intake: Intake
    children: list[IntakeChild]
    assessment: IntakeAssessment | None
    measures: list[IntakeSafetyMeasure]
    """Those of that assessment."""
    protections: list[datetime]
    """When temporary safety measures were taken, at any assessment that counts, the earliest first."""
    updates: list[IntakeUpdate]
    """What was added to it, of that which counts."""
    dangers: dict[UUID | None, datetime]
    """Its emergencies: from when each runs, by the addition that brought it, or None for the report itself."""

    def protected_since(self, moment: datetime) -> datetime | None:
        """Return when a measure was first taken since some moment."""
        return next((at for at in self.protections if at >= moment), None)

    def child(self, child_id: UUID) -> IntakeChild | None:
        """Return a child of the report."""
        return next((child for child in self.children if child.id == child_id), None)

    @property
    def harm_doer_relations(self) -> list[str]:
        """Return how those who did the harm are related to the child."""
        return sorted({str(one["relation"]) for one in self.intake.harm_doers if one.get("relation")})

    @property
    def harm_doer_is_carer(self) -> bool:
        """Say whether it is an emergency because a parent or carer did the harm (Điều 31.1)."""
        return CARER_GROUNDS in self.intake.emergency_grounds

    @property
    def initial_assessment(self) -> dict[str, Any]:
        """Return the initial assessment (Mẫu 02) with its measures, as the dossier keeps it."""
        found = self.assessment
        if found is None:
            return {}
        return {
            "assessment_id": str(found.id),
            "happened_at": found.happened_at.isoformat(),
            "harm_level": found.harm_level,
            "harm_doer_access": found.harm_doer_access,
            "care_obstacles": found.care_obstacles,
            "self_protection": found.self_protection,
            "emergency": found.emergency,
            "conclusion": found.conclusion,
            "safety_measures": [
                {
                    "kind": measure.kind,
                    "description": measure.description,
                    "responsible": measure.responsible,
                    "happened_at": measure.happened_at.isoformat(),
                }
                for measure in self.measures
            ],
        }


async def reported_of(session: AsyncSession, intake: Intake) -> Reported:
    """Return what a report says, with the initial assessment that counts: the last one made, whenever written down."""
    file = await file_of(session, intake)
    assessment = max(
        (one for one in file.assessments if one.entered_in_error_at is None),
        key=lambda one: (one.happened_at, one.recorded_at, one.id.bytes),
        default=None,
    )
    return Reported(
        intake,
        list(file.children),
        assessment,
        [one for one in file.measures if assessment is not None and one.assessment_id == assessment.id],
        # As the report's own 12 hours are judged: an assessment made once more does not undo what protected the child.
        protections_of(file),
        updates_that_count(file),
        {one.told: one.since for one in emergencies_of(file)},
    )


def standing_on(intake_id: UUID) -> Select[CaseStep]:
    """Return the statement for the steps by which a report stands in a case: it opened it, or joined it."""
    return (
        select(CaseStep)
        .join(CaseReport, CaseReport.id == CaseStep.id)
        .join(Case, Case.id == CaseStep.case_id)
        .where(
            CaseReport.intake_id == intake_id,
            CaseStep.in_error_at.is_(None),
            Case.status != CaseStatus.ENTERED_IN_ERROR.value,
        )
    )


async def joined_children(session: AsyncSession, intake: Intake) -> set[UUID | None]:
    """Return the children of a report for whom it was joined to a case that they have already."""
    joined = standing_on(intake.id).where(CaseStep.kind == StepKind.REPORT_JOINED.value)
    return {step.about_id for step in await session.scalars(joined)}


async def find_child(session: AsyncSession, actor: Actor, child_id: UUID) -> Child | None:
    """Return a child of the register within the actor's scope."""
    child: Child | None = await session.scalar(select(Child).where(Child.id == child_id, in_scope(Child, actor)))
    return child


def warnings_of(file: CaseFile, child: Child, pointer: str) -> list[ChildNoticeOut]:
    """Return the notice that the linked child differs from the one reported, and nothing where it may be that one."""
    case = file.case
    reported = Described(
        case.child_name,
        case.child_sex,
        years_of(
            case.child_born_on,
            cast("Precision | None", case.child_born_on_precision),
            case.child_estimated_age,
            clock.day_of(case.received_at),
        ),
    )
    born = years_of(child.born_on, cast("Precision", child.born_on_precision), None, clock.today())
    differs = differing(reported, Described(child.full_name, child.sex, born))
    if not differs:
        return []
    vi, en = called(differs)
    return [
        ChildNoticeOut(
            code="child_differs",
            pointer=pointer,
            differs=differs,
            message_vi=f"Trẻ em được liên kết khác với trẻ em trong thông tin báo về: {vi}. Hãy kiểm tra lại.",
            message_en=f"The child differs from the one that was reported in: {en}. Look at it again.",
        )
    ]
