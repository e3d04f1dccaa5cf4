"""Bodies and answers of plans and their parts."""

from typing import Annotated, Any, ClassVar, Literal, Self
from uuid import UUID

from pydantic import (
    AfterValidator,
    Field,
    model_validator,
)

from childcare_api.action_plans.drafting.models import ActionPlan, Part
from childcare_api.activities.schemas import Audience
from childcare_api.shared.schemas import (
    Command,
    Day,
    Instant,
    Line,
    NewRecord,
    PastDay,
    Text,
    Versioned,
    unfit,
)
from childcare_api.shared.writing import Written
from childcare_api.units.schemas import UnitLevel

PlanStatus = Literal["draft", "issued"]
TargetKind = Literal[
    "target", "activity_target", "qualitative_target", "obligation", "classification", "evaluation", "deliverable"
]
Operator = Literal["=", "<", "<=", ">", ">="]
Direction = Literal["up", "down", "maintain"]
Counts = Literal["activities", "participants"]
CarryOver = Literal["carried", "review", "not_carried"]
CarryOverNote = Literal[
    "counts_ended_level",
    "baseline_of_other_boundaries",
    "set_for_other_boundaries",
    "names_past_years",
    "names_ended_bodies",
    "amount_of_past_period",
    "check_in_force",
    "sender_level_ended",
    "no_sender_below",
]
Code = Annotated[
    str,
    Written(
        r"^[a-z0-9_]{1,100}$",
        "A code: lower case letters without accents, digits and underscores; at most 100.",
        "Một mã: chữ thường không dấu, chữ số và gạch dưới; nhiều nhất 100 ký tự.",
    ),
]
Statement = Annotated[Text, Field(max_length=2000)]
Vnd = Annotated[int, Field(ge=0, le=10**15)]
Year = Annotated[int, Field(ge=1990, le=2100)]


def _four_decimals(value: float) -> float:
    if round(value, 4) != value:
        raise unfit("decimals", "At most four decimals.", "Nhiều nhất bốn chữ số thập phân.")
    return value


Number = Annotated[float, Field(ge=-(10**15), le=10**15, allow_inf_nan=False), AfterValidator(_four_decimals)]
"""A number with at most four decimals: 1.36 stays 1.36."""


class Patch(Command):
    """A merge patch (RFC 7396): what is absent stays, null empties what may be empty."""

    never_null: ClassVar[frozenset[str]] = frozenset()

    @model_validator(mode="after")
    def _keeps_what_is_required(self) -> Self:
        for name in sorted(self.never_null & self.model_fields_set):
            if getattr(self, name) is None:
                raise unfit(
                    "null", "A required field cannot be emptied.", "Không thể bỏ trống trường bắt buộc.", at=name
                )
        return self


class DraftActionPlan(NewRecord):
    """Draft a plan of one's own unit."""

    title: Annotated[Text, Field(max_length=1000)]
    period_from: Day
    period_to: Day
    objective: Text | None = None
    parent_plan_id: UUID | None = Field(default=None, description="The plan it carries out or continues.")

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> Self:
        if self.period_from > self.period_to:
            raise unfit(
                "ends_before_it_begins",
                "It ends before it begins.",
                "Ngày kết thúc trước ngày bắt đầu.",
                at="period_to",
            )
        return self


class ChangeActionPlan(Patch):
    """Change the head of a draft."""

    never_null = frozenset({"title", "period_from", "period_to"})

    title: Annotated[Text, Field(max_length=1000)] | None = None
    period_from: Day | None = None
    period_to: Day | None = None
    objective: Text | None = None


class IssueActionPlan(Command):
    """Record that a plan was signed: its number and its day."""

    number: Line = Field(description="Such as `60/KH-UBND`.")
    issued_on: PastDay


class ActionPlanSummary(Versioned):
    """A plan in a list."""

    id: UUID
    source_key: str | None = Field(description="Set where the plan was loaded as published; it never changes.")
    parent_plan_id: UUID | None
    unit_id: int = Field(description="The unit it was made for, which may have ended since.")
    commune_id: int | None = Field(description="Who holds it today.")
    district_id: int | None
    province_id: int | None
    title: str
    number: str | None
    issued_on: Day | None
    issued_on_precision: Literal["day", "month"] | None
    period_from: Day
    period_to: Day
    status: PlanStatus


class ActionPlanOut(ActionPlanSummary):
    """A plan (kế hoạch) without its parts, which have lists of their own."""

    number_note: str | None
    objective: str | None
    renewal_year: int | None = Field(description="Set where it was made by renewing its parent for that year.")
    created_at: Instant
    changed_at: Instant
    issued_at: Instant | None


class PartOut(Versioned):
    """What all parts of a plan say. `row_version` is the plan's: a change of a part is a change of the plan."""

    id: UUID
    plan_id: UUID
    position: int
    source_row: str | None = Field(description="The row of the source catalogue it was loaded from.")
    section: str | None = Field(description="The section of the source in which the sentence stands.")
    quote: str | None = Field(description="The original sentence.")
    note: str | None
    carry_over: CarryOver | None = Field(
        description="Set by renewing: `carried`, `review` before it is issued, or `not_carried`, which binds nobody."
    )
    carry_over_notes: list[CarryOverNote]
    from_part_id: UUID | None

    @classmethod
    def of(cls, plan: ActionPlan, part: Part, **more: object) -> Self:
        """Return the answer for a part of a plan."""
        own = {name: getattr(part, name) for name in cls.model_fields if name != "row_version" and name not in more}
        return cls.model_validate({**own, **more, "row_version": plan.row_version})


class _TargetFields(Command):
    kind: TargetKind = "target"
    code: Code | None = Field(default=None, description="The indicator; progress is computed where one is known.")
    operator: Operator | None = None
    value: Number | None = Field(default=None, description="Together with `operator`; neither for a goal in words.")
    measure_unit: Line | None = Field(default=None, description="`%`, `VND`, or what is counted.")
    baseline: Number | None = None
    baseline_year: Year | None = None
    direction: Direction | None = None
    responsible: Annotated[Text, Field(max_length=1000)] | None = None
    counts: Counts | None = Field(default=None, description="What linked activities add up to.")
    audience: Audience | None = Field(default=None, description="Of the participants, only these are counted.")
    note: Statement | None = None


class AddTarget(_TargetFields, NewRecord):
    """Add a target to a draft."""

    statement: Statement

    @model_validator(mode="after")
    def _compares_with_a_value(self) -> Self:
        if (self.operator is None) != (self.value is None):
            lacking = "value" if self.value is None else "operator"
            words = ("State operator and value together.", "Cần cả phép so sánh và giá trị.")
            raise unfit("operator_and_value", *words, at=lacking)
        if self.audience is not None and self.counts != "participants":
            raise unfit(
                "audience",
                "Only participants have an audience.",
                "Chỉ đếm đối tượng khi đếm người tham gia.",
                at="audience",
            )
        return self


class ChangeTarget(Patch, _TargetFields):
    """Change a target of a draft. A renewed target that was changed counts as reviewed."""

    never_null = frozenset({"statement", "kind"})

    statement: Statement | None = None


class TargetOut(PartOut):
    """A goal or target of a plan (mục tiêu, chỉ tiêu)."""

    kind: TargetKind
    code: str | None
    statement: str
    operator: Operator | None
    value: Number | None
    measure_unit: str | None
    baseline: Number | None
    baseline_year: int | None
    direction: Direction | None
    responsible: str | None
    counts: Counts | None
    audience: Audience | None
    counts_level: UnitLevel | None


class AddLegalBasis(NewRecord):
    """Name a document the plan rests on or cites."""

    relation: Literal["basis", "cited"] = "basis"
    kind: Line | None = Field(default=None, description="Such as `Nghị định`.")
    number: Line
    issued_on: PastDay | None = None
    issuer: Line | None = None
    note: Statement | None = None


class LegalBasisOut(PartOut):
    """A document the plan rests on (căn cứ) or cites."""

    relation: Literal["basis", "cited"]
    kind: str | None
    number: str
    issued_on: Day | None
    issuer: str | None


class AddBudgetLine(NewRecord):
    """State where money comes from, and how much if it is known."""

    statement: Statement
    amount_vnd: Vnd | None = None
    responsible: Annotated[Text, Field(max_length=1000)] | None = None
    note: Statement | None = None


class BudgetLineOut(PartOut):
    """Where money of the plan comes from (kinh phí)."""

    statement: str
    amount_vnd: int | None
    responsible: str | None


class StaffingLineOut(PartOut):
    """How many people do this work at a level (bố trí cán bộ)."""

    statement: str
    level: UnitLevel
    headcount: int
    per_unit: bool = Field(description="Whether the number holds for each unit of the level.")
    responsible: str | None


def content_of(command: Command) -> dict[str, Any]:
    """Return what a command states for a new part, but its id."""
    return {name: value for name, value in command if name != "id"}
