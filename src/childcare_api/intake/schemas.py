"""Steps on a report of concern, and the report as it is read."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field

from childcare_api.children.schemas import DayPrecision, Sex
from childcare_api.intake.models import (
    Intake,
    IntakeAssessment,
    IntakeChild,
    IntakeReexamination,
    IntakeSafetyMeasure,
    IntakeTransfer,
    IntakeUpdate,
)
from childcare_api.intake.putting_aside.schemas import ReexaminationOut
from childcare_api.intake.receiving.schemas import (
    AbuseType,
    Category,
    Channel,
    Confidentiality,
    Grade,
    PlaceNoticeOut,
    Relation,
)
from childcare_api.intake.rules import Ground
from childcare_api.intake.updating.schemas import UpdateOut
from childcare_api.shared.schemas import Answer, Command, Instant, Line, PastInstant, Reason, Text, Versioned
from childcare_api.units.schemas import PlaceIn

Status = Literal["received", "acknowledged", "assessed", "case_opened", "dismissed", "withdrawn", "entered_in_error"]


class AcknowledgeIntake(Command):
    """The commune has the report and answers for it."""

    happened_at: PastInstant | None = Field(default=None, description="Now if not stated.")


class TransferIntake(Command):
    """The report belongs with another office: the commune of the incident, or the province to find it."""

    to: PlaceIn
    reason: Reason
    happened_at: PastInstant | None = Field(default=None, description="Now if not stated.")


class SafetyMeasure(Command):
    """Something done at once to keep the child safe."""

    kind: Literal["medical_care", "safe_place", "watch", "police_protection", "contact_stopped", "other"]
    description: Text
    responsible: Line | None = None
    happened_at: PastInstant | None = Field(
        default=None, description="When it was done; that of the assessment otherwise."
    )


class AssessIntake(Command):
    """The initial assessment of risk and harm (Mẫu 02), with the temporary safety measures taken."""

    happened_at: PastInstant | None = Field(default=None, description="Now if not stated.")
    harm_level: Grade = Field(description="How severe the harm is.")
    harm_doer_access: Grade = Field(description="How easily the harm-doer reaches the child.")
    care_obstacles: Grade = Field(description="How much stands in the way of safe care where the child lives.")
    self_protection: Grade = Field(description="How well the child can protect itself.")
    emergency: bool = Field(description="The conclusion: emergency intervention is needed.")
    conclusion: Text
    safety_measures: Annotated[tuple[SafetyMeasure, ...], Field(max_length=20)] = ()


class OfficeOut(Answer):
    """The office that a report stands with."""

    unit_id: int
    name: str
    phone: str | None = Field(description="From the directory; null where it is not known.")


class TransferredIntake(Versioned):
    """A report that was sent on, and the office that answers for it now."""

    id: UUID
    office: OfficeOut


class IntakeReceipt(Versioned):
    """What whoever made a report may know of it: that it arrived, with whom, and how far it is."""

    id: UUID
    status: Status
    received_at: Instant
    recorded_at: Instant
    acknowledged_at: Instant | None
    emergency: bool
    office: OfficeOut | None = Field(description="Null while it waits in the queue of the hotline that brought it.")


class IntakeReceived(IntakeReceipt):
    """The receipt of a report that has just come in, and what to think of: nothing was refused for it."""

    warnings: list[PlaceNoticeOut]


class IntakeSummary(Versioned):
    """A report in a list; it names nobody."""

    id: UUID
    status: Status
    channel: Channel
    received_at: Instant
    arrived_at: Instant = Field(description="When it reached the office that holds it.")
    acknowledged_at: Instant | None
    emergency: bool
    category: Category | None
    harm_kinds: list[AbuseType]
    harm_level: Grade | None
    unit_id: int
    commune_id: int | None
    province_id: int | None
    place_divided: bool = Field(
        description="The place named is divided among several communes, so that a person must choose."
    )


class HarmDoerOut(Answer):
    """Somebody said to have done the harm. Who that is, is sealed: see `GET /intakes/{id}/harm-doers`."""

    relation: Relation | None
    cares_for_child: bool | None
    name_known: bool


class ReportedParentOut(Answer):
    """A parent as far as known."""

    full_name: str | None
    age: int | None
    occupation: str | None


class ReportedChildOut(Answer):
    """A child as the report describes it."""

    id: UUID
    position: int
    full_name: str | None
    born_on: date | None
    born_on_precision: DayPrecision | None = Field(description="Null where no birthday was told.")
    estimated_age: int | None
    sex: Sex | None
    ethnicity: str | None
    residence: str | None
    condition: str | None


class SafetyMeasureOut(Answer):
    """Something done at once to keep the child safe."""

    id: UUID
    kind: str
    description: str
    responsible: str | None
    happened_at: Instant


class InitialAssessmentOut(Answer):
    """An initial assessment (Mẫu 02). One entered in error stays readable and no longer counts."""

    id: UUID
    happened_at: Instant
    recorded_at: Instant
    recorded_by: UUID
    harm_level: Grade
    harm_doer_access: Grade
    care_obstacles: Grade
    self_protection: Grade
    totals: dict[Grade, int] = Field(description="How often each grade was given to the three risks.")
    emergency: bool
    conclusion: str
    safety_measures: list[SafetyMeasureOut]
    entered_in_error_at: Instant | None
    entered_in_error_reason: str | None

    @classmethod
    def of(cls, assessment: IntakeAssessment, measures: Sequence[IntakeSafetyMeasure]) -> Self:
        """Return an assessment with its measures."""
        own = {name: getattr(assessment, name) for name in cls.model_fields.keys() - {"totals", "safety_measures"}}
        given = (assessment.harm_level, assessment.harm_doer_access, assessment.care_obstacles)
        return cls.model_validate(
            {
                **own,
                "totals": {grade: given.count(grade) for grade in ("high", "medium", "low")},
                "safety_measures": measures,
            }
        )


class IntakeTransferOut(Answer):
    """One hand-over between offices."""

    from_unit_id: int
    to_unit_id: int
    reason: str
    happened_at: Instant
    transferred_at: Instant


class IntakeOut(IntakeSummary):
    """A report of concern in full, but for who reported, which stays sealed."""

    recorded_at: Instant
    external_ref: str | None = Field(description="The number that the source gave it, such as 111's case number.")
    place_unit_id: int | None
    place_text: str | None
    occurred_on: date | None
    occurred_text: str | None
    harm_doers: list[HarmDoerOut]
    emergency_grounds: list[Ground] = Field(description="Why it is an emergency (NĐ 56/2017, Điều 31.1).")
    emergencies: list[Instant] = Field(
        description="From when each of its emergencies runs: when the information came that it rests on. Each is met by"
        " a measure of its own within 12 hours (Điều 26.3)."
    )
    narrative: str | None
    presumed_consequences: str | None
    father: ReportedParentOut | None
    mother: ReportedParentOut | None
    family_circumstances: str | None
    current_carer: str | None
    help_given: str | None
    requested_action: str | None
    confidentiality: Confidentiality | None
    allowed_recipients: str | None
    reporter_known: bool = Field(description="Whether it is recorded who reported; see `GET /intakes/{id}/reporter`.")
    note: str | None
    dismissed_at: Instant | None
    dismiss_reason: str | None
    reexamined_at: Instant | None = Field(description="When it was last taken up again after it was put aside.")
    withdrawn_at: Instant | None
    withdraw_reason: str | None
    entered_in_error_at: Instant | None
    entered_in_error_reason: str | None
    same_as_id: UUID | None = Field(description="The report that stays, of one that was taken in twice.")
    case_opened_at: Instant | None
    children: list[ReportedChildOut]
    assessments: list[InitialAssessmentOut]
    transfers: list[IntakeTransferOut]
    updates: list[UpdateOut] = Field(
        description="What was learned later, in the order in which it was written down; one in error counts no more."
    )
    reexaminations: list[ReexaminationOut] = Field(description="Why it was put aside before, and what was new.")

    @classmethod
    def of(
        cls,
        intake: Intake,
        *,
        children: Sequence[IntakeChild],
        assessments: Sequence[IntakeAssessment],
        measures: Sequence[IntakeSafetyMeasure],
        transfers: Sequence[IntakeTransfer],
        updates: Sequence[IntakeUpdate],
        reexaminations: Sequence[IntakeReexamination],
    ) -> Self:
        """Return a report with its parts."""
        parts = {"children", "assessments", "transfers", "updates", "reexaminations", "harm_doers"}
        own = {name: getattr(intake, name) for name in cls.model_fields.keys() - parts}
        return cls.model_validate(
            {
                **own,
                "harm_doers": [
                    {
                        "relation": doer.get("relation"),
                        "cares_for_child": doer.get("cares_for_child"),
                        "name_known": doer.get("full_name") is not None,
                    }
                    for doer in intake.harm_doers
                ],
                "children": children,
                "assessments": [
                    InitialAssessmentOut.of(each, [measure for measure in measures if measure.assessment_id == each.id])
                    for each in assessments
                ],
                "transfers": transfers,
                "updates": [UpdateOut.of(each) for each in updates],
                "reexaminations": reexaminations,
            }
        )
