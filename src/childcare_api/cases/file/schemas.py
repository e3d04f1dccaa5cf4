"""Bodies and answers of the case file as a whole."""

from datetime import date
from typing import Annotated, Literal, TypeVar
from uuid import UUID

from pydantic import AfterValidator, Field

from childcare_api.cases.file.errors import MOST_STEPS
from childcare_api.cases.file.grants import OF_THE_PROCEDURE
from childcare_api.cases.file.models import CaseStatus, Confidentiality, ReviewOutcome, StepKind
from childcare_api.children.schemas import DayPrecision, Sex
from childcare_api.shared.schemas import (
    Answer,
    Command,
    Day,
    Instant,
    NewRecord,
    PastInstant,
    Reason,
    Text,
    Versioned,
    unfit,
)
from childcare_api.units.schemas import UnitId

GrantableKind = Literal[
    "opening",
    "party",
    "emergency_measure",
    "handover",
    "separation",
    "separation_extended",
    "separation_cancelled",
    "assessment",
    "meeting",
    "service",
    "progress_note",
    "review",
]
Note = Annotated[Text, Field(max_length=4000)]
Because = Annotated[Reason, Field(max_length=4000)]
Money = Annotated[int, Field(ge=0, le=1_000_000_000_000, description="Vietnamese đồng, without fractions.")]


Item = TypeVar("Item")
Steps = Annotated[
    list[Item],
    Field(
        description="Whole, without pages: a case holds at most 2,000 steps.",
        json_schema_extra={"maxItems": MOST_STEPS},
    ),
]


class Happened(NewRecord):
    """Something that was done. Its own time is asked for, since it is often written down later."""

    happened_at: PastInstant | None = Field(
        default=None, description="When it happened, if not just now. Never in the future or before the report."
    )


CloseReason = Literal["no_remaining_risk", "turned_16", "child_died"]


def _in_own_words(reason: str) -> str:
    if reason in OF_THE_PROCEDURE:
        raise unfit("reason_of_the_procedure", "Say why in your own words.", "Hãy nêu lý do bằng lời của mình.")
    return reason


class GiveGrant(NewRecord):
    """Let another commune see some kinds of step of this case, from today on."""

    commune_id: UnitId = Field(description="The commune that may look.")
    kinds: Annotated[list[GrantableKind], Field(min_length=1, max_length=12)]
    reason: Annotated[Reason, Field(max_length=1000), AfterValidator(_in_own_words)] = Field(
        description="Why that commune needs it."
    )
    valid_to: Day | None = None


class RevokeGrant(Command):
    """End a grant before its day."""

    reason: Annotated[Reason, Field(max_length=1000)]


class StepHead(Versioned):
    """What every step says. `row_version` is the case's; `counts` is false for what is in error or stood on it."""

    id: UUID
    case_id: UUID
    kind: StepKind
    position: int
    happened_at: Instant
    recorded_at: Instant
    recorded_by: UUID
    stands_on: list[UUID]
    counts: bool
    entered_in_error_at: Instant | None
    entered_in_error_by: UUID | None
    entered_in_error_reason: str | None


class TimelineItem(StepHead):
    """One step of the timeline, with what it is about and the note it carries."""

    about_id: UUID | None
    outcome: ReviewOutcome | None
    note: str | None = Field(
        description="Empty for a `report_updated` whose report another case seals while this one is not sealed: the"
        " leader reads in the report what was added."
    )


class MarkedStep(TimelineItem):
    """A step that was marked as entered in error, and what went with it."""

    case_status: CaseStatus = Field(description="Where the case stands now: without the closure it is open again.")
    no_longer_counts: list[UUID] = Field(
        description="This step and what stood on it, to be done again. What a hotline was told of them is taken back."
    )


class Timeline(Versioned):
    """Everything that was recorded in a case, in the order it was recorded, what is in error included."""

    case_id: UUID
    status: CaseStatus
    items: Steps[TimelineItem]


class ToldChild(Answer):
    """The child as the body was told of it."""

    full_name: str | None
    sex: Sex | None
    born_on: date | None
    born_on_precision: DayPrecision | None
    estimated_age: int | None


class GrantOut(Versioned):
    """Leave for another commune to see part of a case. `row_version` is the case's."""

    id: UUID
    case_id: UUID
    commune_id: int
    kinds: list[StepKind]
    reason: str
    valid_from: date
    valid_to: date | None
    end_reason: str | None = Field(
        description="Why it ended, or ends on its day, where that was not said from the beginning: the leader's words,"
        " or `care_ended`, `request_declined`, `referral_done`, `case_moved`."
    )
    granted_at: Instant
    granted_by: UUID
    revoked_at: Instant | None
    until_position: int | None = Field(description="Steps after this one are not shown, where it is set.")


class NumberNoticeOut(Answer):
    """A number that looks wrong and may still be right, as of one decision on several children; nothing was refused."""

    code: Literal["number_used"]
    pointer: str
    decision_number: str
    message_vi: str
    message_en: str


class GrantList(Versioned):
    """All grants ever given for a case."""

    items: list[GrantOut]


class CaseSummary(Versioned):
    """A case as a list shows it."""

    id: UUID
    unit_id: int
    commune_id: int
    province_id: int | None
    intake_id: UUID
    sibling_group_id: UUID
    status: CaseStatus
    cycle: int
    confidentiality: Confidentiality
    emergency: bool
    harm_doer_is_carer: bool
    child_id: UUID | None
    child_name: str | None
    child_sex: Sex | None
    received_at: Instant
    opened_at: Instant
    plan_approved_at: Instant | None
    closed_at: Instant | None


class CaseOut(CaseSummary):
    """A case file's head. Its steps are at the addresses below it, and all together in its timeline."""

    village_id: int | None
    district_id: int | None
    origin_commune_id: int
    intake_child_id: UUID
    child_born_on: date | None
    child_born_on_precision: DayPrecision | None
    child_estimated_age: int | None
    harm_kinds: list[str]
    harm_doer_relations: list[str]
    opened_by: UUID
    emergency_measure_at: Instant | None
    separation_id: UUID | None = Field(description="The separation in force.")
    separation_ends_at: Instant | None
    assessment_id: UUID | None
    meeting_id: UUID | None
    plan_id: UUID | None
    review_id: UUID | None
    review_outcome: ReviewOutcome | None
    service_begun_at: Instant | None
    close_reason: CloseReason | None
    siblings: list[UUID]
