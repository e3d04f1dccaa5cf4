"""Bodies and answers while a child is in care."""

from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from childcare_api.alternative_care.schemas import LackOut
from childcare_api.cases.file.schemas import Because, Happened, Note, StepHead, Steps
from childcare_api.cases.placing.schemas import EndGround, GoesTo
from childcare_api.shared.schemas import Line, PastDay, Versioned, unfit

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
    proposal: Proposal
    proposal_note: Note | None = None

    @model_validator(mode="after")
    def _heard_whom_it_saw(self) -> Self:
        if self.child_words is not None and not self.child_seen:
            raise unfit(
                "child_not_seen",
                "Who did not see the child has no words of its own to write down.",
                "Không gặp trực tiếp trẻ em thì không ghi lời của trẻ em.",
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
            raise unfit("ground", "It does not fit who asks.", "Lý do không phù hợp với người đề nghị.")
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
            raise unfit("decision_missing", "State the decision.", "Nêu số quyết định.")
        if (self.ground == "child_died") is not (self.goes_to == "nowhere"):
            raise unfit("goes_to", "State where the child goes.", "Nêu nơi trẻ em đến.")
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
    proposal: Proposal
    proposal_note: str | None
    notices: list[LackOut] = Field(description="What the law asks attention for; nothing is refused for it.")


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
