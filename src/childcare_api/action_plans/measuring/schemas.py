"""Bodies and answers of measurements, activities that count, and progress."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from childcare_api.action_plans.drafting.schemas import Number, Operator
from childcare_api.activities.schemas import Evidence, EvidenceOut, RecordActivity
from childcare_api.shared.schemas import Answer, Day, Instant, NewRecord, PastDay, Text, Versioned

Method = Literal["computed", "activities", "measurements"]
Status = Literal["measured", "waiting_for_data", "no_verdict", "not_carried_over"]
Reason = Literal[
    "nobody_to_count",
    "coverage_incomplete",
    "too_few_to_tell",
    "nothing_measured",
    "not_carried_over",
    "goal_in_words",
]


class RecordMeasurement(NewRecord):
    """State what was reached of a target by a day, with the paper that says so."""

    measured_on: PastDay = Field(description="The day by which it was reached; the newest measurement stands.")
    value: Number | None = Field(
        default=None, description="In the target's unit: 0 to 100 for `%`, whole đồng for `VND`, else a whole count."
    )
    finding: Annotated[Text, Field(max_length=4000)] | None = Field(
        default=None, description="In words; required for a goal without a number."
    )
    evidence: Evidence


class MeasurementOut(Versioned):
    """What was reached of a target by a day."""

    id: UUID
    target_id: UUID
    unit_id: int
    measured_on: Day
    value: Number | None
    finding: str | None
    evidence: EvidenceOut
    recorded_at: Instant
    recorded_by: UUID
    entered_in_error_at: Instant | None
    entered_in_error_reason: str | None


class RecordCountedActivity(RecordActivity):
    """Write down something your unit did, and name the targets of plans that it counts for."""

    target_ids: Annotated[list[UUID], Field(max_length=20)] = Field(
        default=[], description="Targets with `counts`, of a plan of your unit or of one above it."
    )


class TargetCoverage(Answer):
    """How much of the territory is in the register: units with at least one registered child, of all."""

    covered: int
    expected: int
    is_full: bool


class TargetProgress(Answer):
    """How far one target is."""

    target_id: UUID
    source_row: str | None
    code: str | None
    statement: str
    operator: Operator | None
    goal: Number | None
    measure_unit: str | None
    method: Method = Field(description="Where the value comes from.")
    status: Status = Field(
        description="`measured`; `waiting_for_data`; `no_verdict`: there is a value that says nothing about the goal;"
        " `not_carried_over`: the target of the parent plan has no meaning any more."
    )
    reason: Reason | None
    value: Number | None
    numerator: int | None = Field(
        description="Of children, a count from 1 to 4 is told to their commune alone: above it such a count is null,"
        " and so is what it could be reckoned from (`too_few_to_tell`)."
    )
    denominator: int | None
    not_yet_due: int | None = Field(description="Children for whom nothing is late and something is still to come.")
    coverage: TargetCoverage | None
    details: dict[str, int | None] = Field(description="Why the others were not counted, for a computed indicator.")
    is_met: bool | None = Field(description="Null where nothing can be concluded.")
    measurement_id: UUID | None
    definition_vi: str | None
    definition_en: str | None
    article: str | None


class ActionPlanProgress(Answer):
    """How far a plan is, target by target."""

    plan_id: UUID
    unit_id: int
    period_from: Day
    period_to: Day
    as_of: Day
    boundaries: Literal["own", "successors"] = Field(
        description="`successors`: counted in today's communes that hold, wholly or in part, what the unit was."
    )
    items: list[TargetProgress]
