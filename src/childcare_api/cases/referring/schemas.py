"""Bodies and answers of referrals."""

from datetime import date
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from childcare_api.cases.assessing.schemas import NeedGroup
from childcare_api.cases.consenting.schemas import Consent, ConsentOut
from childcare_api.cases.file.models import StepKind
from childcare_api.cases.file.schemas import Because, GrantableKind, Happened, Note, StepHead, Steps, ToldChild
from childcare_api.cases.planning.schemas import PlanServiceOut
from childcare_api.cases.referring.models import ReferralStatus
from childcare_api.shared.schemas import Answer, Instant, Line, Versioned, unfit
from childcare_api.units.schemas import UnitId

ReferralAnswer = Literal["accepted", "declined", "done"]


class AskForService(Happened):
    """Ask another body for a service (Điều 29.1 b): one commune, agency or service provider, or a body in words."""

    commune_id: UnitId | None = Field(default=None, description="Another commune, which answers here itself.")
    agency_id: UUID | None = Field(default=None, description="An agency of the directory: write down what it says.")
    provider_id: UUID | None = Field(default=None, description="A service provider of the directory, likewise.")
    body_name: Line | None = Field(default=None, description="A body that the directory does not have.")
    plan_service_id: UUID | None = Field(
        default=None, description="The service of an approved plan it is about; the commune asked sees that line."
    )
    group: NeedGroup
    request: Note = Field(description="What is asked for. Write only what that body has to know.")
    respond_by: Instant = Field(description="Until when you want an answer. The law gives no term.")
    needed_by: Instant | None = Field(default=None, description="Until when the service has to be done.")
    names_child: bool = Field(
        default=False, description="Whether the body is told the child's name, sex and age as this case has them."
    )
    information: Note | None = Field(default=None, description="What else the body is told.")
    shows: list[GrantableKind] = Field(
        default=[],
        max_length=9,
        description="Kinds of step the commune asked may read, as long as it is concerned; only with a service of"
        " the plan in force, and only where it is told who the child is (`names_child`).",
    )
    consent: Consent

    def _bodies(self) -> tuple[object, ...]:
        return (self.commune_id, self.agency_id, self.provider_id, self.body_name)

    @model_validator(mode="after")
    def _asks_one_body(self) -> Self:
        if sum(body is not None for body in self._bodies()) != 1:
            raise unfit(
                "one_body", "Name exactly one body.", "Nêu đúng một nơi được đề nghị: xã, cơ quan hoặc tên nơi đó."
            )
        if self.shows and self.commune_id is None:
            raise unfit(
                "shows_to_nobody",
                "Only a commune reads here: write what the body was told into `information`.",
                "Chỉ xã mới đọc được hồ sơ ở đây: ghi nội dung đã cung cấp vào `information`.",
                at="shows",
            )
        if self.shows and not self.names_child:
            raise unfit(
                "shows_who_it_is",
                "Whoever reads steps of the case reads whose it is: set `names_child`, or show none.",
                "Ai đọc bước xử lý của hồ sơ thì biết hồ sơ của trẻ nào: hãy đặt `names_child`, hoặc không cho đọc.",
                at="shows",
            )
        return self


class AnswerReferral(Happened):
    """What becomes of a referral. Declining needs its reason in `note`."""

    answer: ReferralAnswer
    answered_by: Line | None = Field(default=None, description="Who said so, by name and post.")
    note: Note | None = None

    @model_validator(mode="after")
    def _declines_with_a_reason(self) -> Self:
        if self.answer == "declined" and self.note is None:
            raise unfit("reason_missing", "Declining needs its reason.", "Từ chối cần nêu lý do.", at="note")
        return self


class WriteDownAnswer(AnswerReferral):
    """Write down what another body answered: who said it, and when."""

    answered_by: Line = Field(description="Who said so, by name and post.")


class WithdrawCaseReferral(Happened):
    """Take a referral back: the body sees nothing of it from then on."""

    reason: Annotated[Because, Field(max_length=1000)]


class ReferralAnswerOut(Answer):
    """One answer. `by_itself` says that the commune asked gave it here, and no officer for it."""

    id: UUID
    answer: ReferralAnswer
    answered_by: str | None
    note: str | None
    happened_at: Instant
    recorded_at: Instant
    recorded_by: UUID
    by_itself: bool


class CaseReferralOut(StepHead):
    """A service asked of another body, and what it answered. `row_version` is the case's."""

    status: ReferralStatus
    commune_id: int | None
    agency_id: UUID | None
    provider_id: UUID | None
    body_name: str
    plan_service_id: UUID | None
    group: NeedGroup
    request: str
    information: str | None
    respond_by: Instant
    needed_by: Instant | None
    child: ToldChild | None
    shows: list[StepKind]
    grant_id: UUID | None
    consent: ConsentOut
    readable_until: date | None
    answers: list[ReferralAnswerOut]


class ReferralList(Versioned):
    """All referrals of a case."""

    items: Steps[CaseReferralOut]


class ReceivedReferral(Versioned):
    """What another commune asks of yours. `row_version` is the referral's own; of the case you see what was granted."""

    id: UUID
    status: ReferralStatus
    from_commune_id: int
    asked_at: Instant
    group: NeedGroup
    request: str
    information: str | None
    respond_by: Instant
    needed_by: Instant | None
    child: ToldChild | None
    plan_service: PlanServiceOut | None = Field(description="The line of the plan it is about, and no other.")
    shows: list[StepKind] = Field(description="Kinds of step to read at `/cases/{case_id}`, by a grant.")
    case_id: UUID | None = Field(description="Where something of the case is granted with it.")
    readable_until: date | None
