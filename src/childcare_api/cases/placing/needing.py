"""The body and the answer of the report on what a child needs who needs alternative care (Mẫu 10)."""

from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from childcare_api.cases.assessing.schemas import NeedGroup
from childcare_api.cases.file.schemas import Because, Happened, Note, StepHead, Steps
from childcare_api.cases.gathering.schemas import CarePaper, each_once
from childcare_api.shared.schemas import Answer, Command, Line, Versioned, unfit

CareGround = Literal["orphan_abandoned_no_support", "unsafe_or_unable_parents", "disaster_or_conflict", "refugee"]
ParentState = Literal["left", "dead", "missing", "never_known", "rights_restricted"]
RelativeRelation = Literal["grandparent", "sibling", "other_relative"]


class Relative(Command):
    """A relative who might take the child in (TT 14/2020, Điều 10.3 a)."""

    full_name: Line
    relation: RelativeRelation
    carer_id: UUID | None = Field(default=None, description="If they gave notice in your commune: their entry there.")
    willing: bool | None = None
    note: Note | None = None


class CareNeed(Command):
    """One need, in one of the six groups of TT 14/2020, Điều 4.2."""

    group: NeedGroup
    description: Note


class Parents(Command):
    """What has become of father and mother, adoptive ones too: whose consent care needs hangs on it (Điều 63.1)."""

    father: ParentState
    mother: ParentState
    reason: Because = Field(description="How that is known: a paper, or who says so.")


class RecordCareNeeds(Happened):
    """Record what a child needs who needs alternative care (Mẫu 10)."""

    ground: CareGround = Field(description="Why the child needs it (Luật Trẻ em, Điều 62).")
    found_abandoned: bool | None = Field(
        default=None, description="Whether the child was found abandoned; asked with `orphan_abandoned_no_support`."
    )
    circumstances: Note
    physical_health: Note | None = None
    mental_health: Note | None = None
    learning: Note | None = None
    current_care: Note | None = None
    risks: Note | None = None
    causes: Note | None = None
    family: Note | None = None
    parents: Parents | None = Field(
        default=None,
        description="Who is left of the parents. If not stated, those whom the child's record names count as left, and"
        " of the others nothing is known.",
    )
    relatives: Annotated[list[Relative], Field(max_length=50)] = Field(default=[])
    needs: Annotated[list[CareNeed], Field(max_length=50)] = Field(default=[])
    child_was_asked: bool = Field(description="From 7 years on the child must be asked (Luật Trẻ em, Điều 60.3).")
    child_wishes: Note | None = None
    child_not_asked_reason: Because | None = None
    papers: Annotated[list[CarePaper], Field(max_length=7)] = Field(
        default=[], description="The papers of the dossier that are there (Điều 38.3); others follow at `care-papers`."
    )

    @model_validator(mode="after")
    def _says_what_the_child_said(self) -> Self:
        each_once(self.papers)
        if self.found_abandoned is None and self.ground == "orphan_abandoned_no_support":
            raise unfit(
                "found_abandoned",
                "State if it was found abandoned.",
                "Nêu rõ trẻ có phải là trẻ bị bỏ rơi không.",
                at="found_abandoned",
            )
        if self.child_was_asked is (self.child_wishes is None):
            raise unfit(
                "child_wishes",
                "State the wishes of a child who was asked.",
                "Nêu nguyện vọng của trẻ khi đã hỏi.",
                at="child_wishes",
            )
        return self


class ParentsOut(Answer):
    """What has become of the parents: as somebody stated with a reason, else as the child's record had it that day."""

    father: ParentState | None = Field(description="Empty where nothing was known.")
    mother: ParentState | None = Field(description="Empty where nothing was known.")
    reason: str | None = Field(description="Empty where it is what the child's record had.")


class CareNeedsOut(StepHead):
    """What the child needs (Mẫu 10)."""

    ground: CareGround
    found_abandoned: bool
    circumstances: str
    physical_health: str | None
    mental_health: str | None
    learning: str | None
    current_care: str | None
    risks: str | None
    causes: str | None
    family: str | None
    parents: ParentsOut
    relatives: list[Relative]
    needs: list[CareNeed]
    child_was_asked: bool
    child_wishes: str | None
    child_not_asked_reason: str | None
    papers: list[CarePaper]


class CareNeedsList(Versioned):
    """Every report on what the child needs."""

    items: Steps[CareNeedsOut]
