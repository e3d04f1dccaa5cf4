"""Bodies and answers of sending a decision."""

from typing import Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from childcare_api.cases.file.schemas import Because, Happened, StepHead, Steps
from childcare_api.shared.schemas import Answer, Instant, Line, Versioned, unfit

RecipientKind = Literal[
    "implementing_body", "service_provider", "parent_or_carer", "facility", "facility_authority", "other"
]
Way = Literal["in_person", "post", "electronic", "read_aloud", "not_possible"]


class SendDecision(Happened):
    """Record that a decision went to one recipient: of a plan one body, one provider, one parent or carer.

    Of care that a child leaves a facility for, that facility, or who is competent to end its care there.
    """

    recipient_kind: RecipientKind = Field(
        description="Of a decision on care `facility` or `facility_authority` (NĐ 56/2017, Điều 45.4; TT 14/2020, Điều"
        " 11.4): from the sending to that authority its 5 working days are counted (Điều 48.3). Of a plan the others."
    )
    recipient: Line
    way: Way
    received_by: Line | None = None
    not_sent_reason: Because | None = None

    @model_validator(mode="after")
    def _sent_or_a_reason(self) -> Self:
        if (self.way == "not_possible") != (self.not_sent_reason is not None):
            raise unfit(
                "not_sent_reason",
                "Say why it could not be sent, and only then.",
                "Chỉ nêu lý do khi không thể gửi, và khi đó phải nêu.",
                at="not_sent_reason",
            )
        return self


class HarmDoerNoticeOut(Answer):
    """That the recipient may be who harmed the child; nothing was refused, and whoever sends it knows who it is."""

    code: Literal["may_be_harm_doer"]
    pointer: str
    message_vi: str
    message_en: str


class SendingOut(StepHead):
    """A decision sent to one recipient."""

    decision_id: UUID = Field(description="The approval of the plan, or the placement.")
    recipient_kind: RecipientKind
    recipient: str
    way: Way
    received_by: str | None
    not_sent_reason: str | None
    warnings: list[HarmDoerNoticeOut] = Field(
        description="Of a plan that went to a parent or carer, where by the reports or the people added to the case one"
        " of the family did the harm; of a recipient who is in the case by name as another of them nothing is said."
    )


class WaitingRecipient(Answer):
    """Somebody who is to be sent a decision and was not yet; who has no name in the file is named by the sender."""

    decision_id: UUID
    recipient_kind: RecipientKind
    recipient: str | None


class ToldByList(Answer):
    """That an authority has a decision on care by the row of its facility's list, and reads it there (Điều 45.4)."""

    decision_id: UUID
    facility_child_id: UUID
    told_at: Instant


class SendingList(Versioned):
    """To whom decisions of a case were sent, and who still has to be told of those in force (Điều 28.5, 45.4).

    Of a decision on care that another commune made, who waits is told to that one.
    """

    items: Steps[SendingOut]
    told_by_list: list[ToldByList]
    still_to_be_told: list[WaitingRecipient]
