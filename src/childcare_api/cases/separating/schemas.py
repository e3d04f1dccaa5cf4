"""Bodies and answers of separations and of requests to the court."""

from datetime import date
from typing import Annotated, Final, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from childcare_api.cases.file.models import StepKind
from childcare_api.cases.file.schemas import Because, Happened, Note, NumberNoticeOut, StepHead, Steps
from childcare_api.intake.receiving.schemas import Relation
from childcare_api.shared.schemas import Answer, Command, Day, Instant, Line, PastDay, PastInstant, Versioned, unfit
from childcare_api.units.schemas import Supplied

SeparationGround = Literal["harm_or_risk_by_carer", "plan_refused", "harm_may_continue"]
StayKind = Literal["relative", "individual", "family", "social_facility", "health_facility", "other"]
CourtMeasure = Literal["restrict_rights", "separate_and_place"]
Number = Annotated[Line, Field(max_length=50)]
Days = Annotated[int, Field(ge=1, le=366)]
Grounds = Annotated[list[SeparationGround], Field(min_length=1, max_length=3)]

ONE_PERSON: Final = frozenset({"father", "mother"})
"""Who is one person to a child; of other relatives one may have harmed it, and another keep it safe."""


class SafeStay(Command):
    """Where the child stays safely, with whom, and how they are related (Điều 32.2, 32.4)."""

    kind: StayKind
    name: Line = Field(description="The person, the family or the facility that takes the child in.")
    relation: Relation | None = None
    address: Line | None = None
    phone: Annotated[Line, Field(max_length=40)] | None = None


class DecideSeparation(Happened):
    """Separate the child for a time by decision (Mẫu 07), with a safe place to stay from the first hour."""

    decision_number: Number
    decided_on: PastDay
    grounds: Grounds = Field(description="On which of the grounds of Điều 32.1.")
    separated_from: Annotated[list[Relation], Field(min_length=1, max_length=10)] = Field(
        description="From whom: how those parents or carers are related to the child."
    )
    needs_and_safety: Note = Field(description="The assessment of needs and safety that the length rests on (32.3).")
    days: Days = Field(description="For how many days; 15 at most without an authority that requires more.")
    stay: SafeStay
    informed_at: PastInstant | None = Field(
        default=None,
        description="When the information was received from which the 12 hours run, if no report waits (32.2).",
    )

    @model_validator(mode="after")
    def _stays_with_another(self) -> Self:
        if self.stay.relation in ONE_PERSON.intersection(self.separated_from):
            raise unfit(
                "not_apart",
                "From them the child is separated: it stays with somebody else (NĐ 56/2017, Điều 32.2).",
                "Trẻ em được cách ly khỏi chính người này: hãy bố trí nơi ở an toàn khác (NĐ 56/2017, Điều 32.2).",
                at="stay",
            )
        return self


class AuthorityPaper(Command):
    """The paper by which a competent authority requires the separation to go on (Điều 32.3)."""

    issuer: Line
    number: Number
    issued_on: PastDay


class ExtendSeparation(Happened):
    """Extend a separation by decision."""

    decision_number: Number
    decided_on: PastDay
    days: Days = Field(description="By how many days more.")
    reason: Because
    required_by: AuthorityPaper | None = Field(default=None, description="Needed beyond 15 days in all.")


class CancelSeparation(Happened):
    """Cancel a separation, now that an assessment finds the parents or carers safe (Điều 32.3)."""

    decision_number: Number
    decided_on: PastDay
    assessment_id: UUID = Field(description="The assessment since then (Mẫu 03) that says so.")
    returned_to: Relation = Field(description="To whom the child returned.")
    reason: Because


class RequestCourt(Happened):
    """Ask the court to restrict the rights of parents or carers, or to separate the child (Luật Trẻ em, Điều 52.3)."""

    court: Line
    request_number: Number
    requested_on: PastDay
    measures: Annotated[list[CourtMeasure], Field(min_length=1, max_length=2)]
    grounds: Grounds
    reason: Because


class RecordCourtOrder(Happened):
    """Record what the court ordered on a request, or by which decision it changed or ended that order later."""

    decision_number: Number
    decided_on: PastDay
    measures: Annotated[list[CourtMeasure], Field(max_length=2)] = Field(
        description="What it ordered, all that was asked or part of it; of one that is changed what holds from now on,"
        " of one that has ended nothing."
    )
    valid_to: Day | None = Field(default=None, description="The last day of the order, if it names one.")
    changes_order: bool = Field(
        default=False,
        description="Whether the court changes or ends by this decision what it ordered on the request before (Luật Trẻ"
        " em, Điều 69.4: who decided on a care decides on its end).",
    )
    reason: Because | None = Field(default=None, description="Why the order ended, where it did.")

    @model_validator(mode="after")
    def _orders_or_ends(self) -> Self:
        if not self.measures and not self.changes_order:
            raise unfit(
                "nothing_ordered",
                "State what the court ordered; a refusal is recorded as one (`POST …/refusal`), and one that ends an"
                " earlier order says so (`changes_order`).",
                "Nêu biện pháp Tòa án quyết định; nếu Tòa án không chấp nhận thì ghi tại `POST …/refusal`, nếu Tòa án"
                " hủy bỏ quyết định trước thì nêu `changes_order`.",
                at="measures",
            )
        if bool(self.measures) is (self.reason is not None):
            raise unfit(
                "reason_of_the_end",
                "State why the order ended, and only then.",
                "Nêu lý do khi Tòa án hủy bỏ quyết định, và chỉ khi đó.",
                at="reason",
            )
        if self.valid_to is not None and not self.measures:
            raise unfit(
                "nothing_lasts", "What has ended has no last day.", "Đã hủy bỏ thì không còn thời hạn.", at="valid_to"
            )
        return self


class RecordCourtRefusal(Happened):
    """Record that the court ordered nothing on a request: it refused, or sent it back."""

    decided_on: PastDay
    reason: Because


class WithdrawCourtRequest(Happened):
    """Withdraw a request that the court has not answered."""

    withdrawn_on: PastDay
    reason: Because


class SafeStayOut(Answer):
    """Where the child stays safely."""

    kind: StayKind
    name: str
    relation: Relation | None
    address: str | None
    phone: str | None


class SeparationChangeOut(Answer):
    """An extension or the cancellation of a separation."""

    id: UUID
    kind: Literal["separation_extended", "separation_cancelled"]
    happened_at: Instant
    decision_number: str
    decided_on: date
    reason: str
    days: int | None
    authority_issuer: str | None
    authority_number: str | None
    authority_issued_on: date | None
    assessment_id: UUID | None
    returned_to: Relation | None
    counts: bool


class FollowingOut(Answer):
    """Something that may follow, with its article. People choose."""

    what: str = Field(description="A code of the list `separation_followings`.")
    label_vi: str
    label_en: str
    article: str
    supplied_by: Supplied


class SeparationOut(StepHead):
    """A separation, until when it holds, and what may follow it."""

    decision_number: str
    decided_on: date
    acting_for_assignment_id: UUID | None
    origin_commune_id: int = Field(description="The commune whose leader decided: of residence, or of the incident.")
    grounds: list[SeparationGround]
    separated_from: list[Relation]
    needs_and_safety: str
    days: int
    stay: SafeStayOut
    informed_at: Instant | None = Field(
        description="When the information was received; empty where no emergency waited and nobody stated it."
    )
    decide_by: Instant | None = Field(
        description="The last moment of the 12 hours from the information (Điều 32.2); empty where that is unknown."
    )
    decided_in_time: bool | None = Field(description="Empty where `informed_at` is: nothing is concluded from nothing.")
    running: bool
    ends_at: Instant = Field(description="Until when it holds, with its extensions.")
    days_in_all: int
    changes: list[SeparationChangeOut]
    may_follow: list[FollowingOut]
    warnings: list[NumberNoticeOut] = Field(
        description="Numbers that the commune gave to another case in the same year; told to that commune alone."
    )


class SeparationList(Versioned):
    """The separations of a case."""

    items: Steps[SeparationOut]


class CourtAnswerOut(StepHead):
    """What became of a request: the court's order, or none with the reason, or that it was withdrawn and why."""

    kind: Literal[StepKind.COURT_GRANTED, StepKind.COURT_REFUSED, StepKind.COURT_WITHDRAWN]
    decision_number: str | None
    decided_on: date = Field(description="Of a request that was withdrawn, the day of that.")
    measures: list[CourtMeasure]
    valid_to: date | None
    reason: str | None


class CourtRequestOut(StepHead):
    """A request to the court."""

    court: str
    request_number: str
    requested_on: date
    measures: list[CourtMeasure]
    grounds: list[SeparationGround]
    reason: str
    answer: CourtAnswerOut | None = Field(
        description="The answer that counts, or its withdrawal (`kind` = `court_withdrawn`)."
    )
    changes: list[CourtAnswerOut] = Field(
        description="By which later decisions the court changed its order, or ended it (no `measures`), in their order."
    )


class CourtRequestList(Versioned):
    """The requests to the court in a case."""

    items: Steps[CourtRequestOut]
