"""Bodies and answers of sending a decision."""

from typing import Literal, Self
from uuid import UUID

from pydantic import model_validator

from childcare_api.cases.file.schemas import Because, Happened, StepHead, Steps
from childcare_api.shared.schemas import Answer, Line, Versioned, unfit

RecipientKind = Literal["implementing_body", "service_provider", "parent_or_carer", "other"]
Way = Literal["in_person", "post", "electronic", "read_aloud", "not_possible"]


class SendDecision(Happened):
    """Record that the decision and its plan went to one recipient: one body, one provider, one parent or carer."""

    recipient_kind: RecipientKind
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


class SendingOut(StepHead):
    """A decision sent to one recipient."""

    decision_id: UUID
    recipient_kind: RecipientKind
    recipient: str
    way: Way
    received_by: str | None
    not_sent_reason: str | None


class WaitingRecipient(Answer):
    """Somebody whom the decision names and who was not told yet; a parent or carer has no name in it."""

    recipient_kind: RecipientKind
    recipient: str | None


class SendingList(Versioned):
    """To whom decisions of a case were sent, and who still has to be told of the one in force (Điều 28.5)."""

    items: Steps[SendingOut]
    still_to_be_told: list[WaitingRecipient]
