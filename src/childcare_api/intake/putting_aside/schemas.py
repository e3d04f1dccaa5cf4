"""Bodies and answers of putting a report aside and taking it up again."""

from uuid import UUID

from pydantic import Field

from childcare_api.shared.corrections import EnterInError
from childcare_api.shared.schemas import Answer, Command, Instant, PastInstant, Reason


class DismissIntake(Command):
    """Why a report is put aside."""

    reason: Reason
    happened_at: PastInstant | None = Field(default=None, description="Now if not stated.")


class MarkIntakeInError(EnterInError):
    """Say why a report should never have been written, and of one that was written down twice which one stays."""

    same_as_id: UUID | None = Field(
        default=None,
        description="Of a report that was taken in twice: the other one, which stays and is worked on. Where danger is"
        " told it has to tell of it as early as this one, and to be judged no sooner (`judged_before`).",
    )


class ReexamineIntake(Command):
    """What was learned since a report was put aside, so that it is taken up again."""

    reason: Reason = Field(description="What is new, and from whom; who told of it stays sealed, so do not name them.")
    emergency: bool = Field(
        default=False, description="Whether the new information says that the child is in danger now (Điều 31.1)."
    )
    happened_at: PastInstant | None = Field(
        default=None, description="When the new information came; now if not stated. The clocks run from here."
    )


class ReexaminationOut(Answer):
    """That a report was taken up again, and why it had been put aside."""

    id: UUID
    dismissed_at: Instant
    dismissed_by: UUID
    dismiss_reason: str
    reason: str
    emergency: bool
    happened_at: Instant
    recorded_at: Instant
    recorded_by: UUID
