"""Bodies and answers while a child is in care."""

from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from childcare_api.alternative_care.schemas import LackOut
from childcare_api.cases.file.schemas import Because, Happened, Note, StepHead, Steps
from childcare_api.cases.placing.schemas import EndGround, GoesTo
from childcare_api.shared.schemas import Instant, Line, PastDay, PastInstant, Versioned, unfit

VisitOccasion = Literal["month_1", "month_3", "half_year", "change", "unplanned"]
Proposal = Literal["continue", "support", "change_form", "end"]
ReportOccasion = Literal["month_6", "yearly", "sudden"]


class HandChildOver(Happened):
    """Record that the child was handed over to the carer (NĐ 56/2017, Điều 42.7)."""

    handed_over_by: Line
    received_by: Line
    met_on: Annotated[list[PastDay], Field(max_length=20)] = Field(
        default=[], description="When the child met them before; two times at least (TT 14/2020, Điều 10.4 c, 11.2)."
    )
    minutes: Note | None = None


class RecordVisit(Happened):
    """Record how the child fares with the carer (Mẫu 13)."""

    occasion: VisitOccasion
    living_conditions: Note
    health: Note
    physical: Note | None = None
    mental: Note
    integration: Note
    child_seen: bool
    child_words: Note | None = None
    facility_representative: Line | None = Field(
        default=None,
        description="Who took part for the facility that the child came from: it follows the child together with the"
        " commune (NĐ 56/2017, Điều 46.1; TT 14/2020, Điều 13.2).",
    )
    others_present: Annotated[list[Line], Field(max_length=20)] = Field(
        default=[], description="Who else took part (TT 14/2020, Điều 13.1)."
    )
    carer_harmed_child: bool = Field(
        description="Whether the carer or one of their family (in a facility somebody who works there) harms the child."
        " That is an emergency from the visit on (NĐ 56/2017, Điều 31.1), and from a carer the child leaves at once"
        " (Luật Trẻ em, Điều 69.2).",
    )
    harm: Note | None = Field(default=None, description="What was done to the child, by whom, and how it is known.")
    moved_out_at: PastInstant | None = Field(
        default=None, description="When the child was brought out of there, if it was: that answers the 12 hours."
    )
    moved_to: Line | None = Field(default=None, description="Where the child was brought to.")
    proposal: Proposal
    proposal_note: Note | None = None

    @model_validator(mode="after")
    def _tells_the_whole_harm(self) -> Self:
        if self.carer_harmed_child is (self.harm is None):
            raise unfit(
                "harm_untold",
                "Who says that the child was harmed says in `harm` what was done to it, and nobody else does.",
                "Nếu trẻ em bị xâm hại thì nêu rõ sự việc tại `harm`; nếu không thì để trống.",
                at="harm",
            )
        if (self.moved_out_at is None) is not (self.moved_to is None):
            raise unfit(
                "move_untold",
                "Say both when the child was brought out and where to.",
                "Nêu cả thời điểm đưa trẻ em ra và nơi đưa đến.",
                at="moved_to" if self.moved_to is None else "moved_out_at",
            )
        if self.moved_out_at is not None and not self.carer_harmed_child:
            raise unfit(
                "moved_without_harm",
                "A visit moves a child out only from who harmed it; any other care is ended by decision.",
                "Chỉ chuyển ngay trẻ em ra khi trẻ em bị xâm hại; trường hợp khác thì phải có quyết định chấm dứt.",
                at="moved_out_at",
            )
        return self

    @model_validator(mode="after")
    def _heard_whom_it_saw(self) -> Self:
        if self.child_words is not None and not self.child_seen:
            raise unfit(
                "child_not_seen",
                "Who did not see the child has no words of its own to write down.",
                "Không gặp trực tiếp trẻ em thì không ghi lời của trẻ em.",
                at="child_words",
            )
        return self


class RecordCarerReport(Happened):
    """Record what the carer told of the child (Luật Trẻ em, Điều 64.1 b)."""

    occasion: ReportOccasion
    physical: Note
    mental: Note
    integration: Note
    other: Note | None = None


class RequestEnd(Happened):
    """Record that somebody asked to end the placement (Mẫu 15; Luật Trẻ em, Điều 69.1 c, d, 69.3)."""

    asked_by: Literal["carer", "child"]
    ground: Literal["carer_asked", "child_harmed_carer", "child_wished"]
    reason: Because

    @model_validator(mode="after")
    def _asks_for_itself(self) -> Self:
        if (self.asked_by == "child") is not (self.ground == "child_wished"):
            raise unfit(
                "ground",
                "It does not fit who asks: a child wishes to leave (`child_wished`), a carer asks to end it"
                " (`carer_asked`), or since the child harmed them (`child_harmed_carer`).",
                "Lý do không phù hợp với người đề nghị: trẻ em có nguyện vọng (`child_wished`); người nhận chăm sóc đề"
                " nghị chấm dứt (`carer_asked`) hoặc vì bị trẻ em xâm phạm (`child_harmed_carer`).",
                at="ground",
            )
        return self


class EndPlacement(Happened):
    """End a placement by decision (Mẫu 16), and say where the child goes."""

    ground: EndGround
    decision_number: Line | None = Field(default=None, description="Asked for but where the child died or grew up.")
    ended_on: PastDay
    goes_to: GoesTo
    reason: Because | None = None
    child_opinion: Note | None = None

    @model_validator(mode="after")
    def _is_decided(self) -> Self:
        if self.decision_number is None and self.ground not in ("turned_sixteen", "child_died"):
            raise unfit("decision_missing", "State the decision.", "Nêu số quyết định.", at="decision_number")
        if (self.ground == "child_died") is not (self.goes_to == "nowhere"):
            raise unfit("goes_to", "State where the child goes.", "Nêu nơi trẻ em đến.", at="goes_to")
        return self


class VisitOut(StepHead):
    """A visit (Mẫu 13)."""

    placement_id: UUID
    occasion: VisitOccasion
    living_conditions: str
    health: str
    physical: str | None
    mental: str
    integration: str
    child_seen: bool
    child_words: str | None
    facility_representative: str | None
    others_present: list[str]
    carer_harmed_child: bool
    harm: str | None
    moved_out_at: Instant | None
    moved_to: str | None
    proposal: Proposal
    proposal_note: str | None
    notices: list[LackOut] = Field(
        description="What the law asks attention for; where the carer harmed the child, what it wants at once until the"
        " care has ended."
    )


class VisitList(Versioned):
    """The visits of a placement."""

    items: Steps[VisitOut]


class CarerReportOut(StepHead):
    """What the carer told."""

    placement_id: UUID
    occasion: ReportOccasion
    physical: str
    mental: str
    integration: str
    other: str | None


class CarerReportList(Versioned):
    """What the carer told of a child, in order."""

    items: Steps[CarerReportOut]
