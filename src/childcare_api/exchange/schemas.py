"""Bodies and answers of the exchange with hotlines."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from childcare_api.intake.receiving.schemas import PlaceNoticeOut, ReportContent
from childcare_api.intake.schemas import OfficeOut, Status
from childcare_api.intake.updating.schemas import TakesBack
from childcare_api.shared.schemas import Answer, Command, Instant, Line, PastInstant, Reason, Versioned
from childcare_api.shared.writing import Written
from childcare_api.units.schemas import PlaceIn

ExternalRef = Annotated[
    Line,
    Written(
        r"^[A-Za-z0-9][A-Za-z0-9._~:-]{0,99}$",
        "Letters without accents, digits, and . _ ~ : - after the first; at most 100 of them, without a space.",
        "Chữ cái không dấu, chữ số và . _ ~ : - sau ký tự đầu; nhiều nhất 100 ký tự, không có dấu cách.",
    ),
]
FeedbackKind = Literal[
    "acknowledged",
    "transferred",
    "assessed",
    "dismissed",
    "re_examined",
    "entered_in_error",
    "case_opened",
    "case_joined",
    "emergency_measure_taken",
    "plan_approved",
    "case_transferred",
    "case_closed",
    "taken_back",
]


class ReferReport(ReportContent):
    """A report as a hotline took it. A referral is never refused for its place."""

    external_ref: ExternalRef = Field(description="The hotline's own case number, unique for it.")
    received_at: Instant = Field(description="When the hotline received the call; the clocks run from here.")


class UpdateReferral(Command):
    """What the hotline learned later, or corrects."""

    text: Reason
    place: PlaceIn | None = Field(
        default=None,
        description="While the referral waits in the hotline's own queue, this sends it on. Later the office reads it.",
    )
    emergency: bool = Field(
        default=False,
        description="Whether it says that the child is in danger now (NĐ 56/2017, Điều 31.1): 12 hours run from"
        " `happened_at` until a measure is taken after it.",
    )
    takes_back: TakesBack = False
    happened_at: PastInstant | None = Field(default=None, description="When it was learned; now if not stated.")


class WithdrawHotlineReferral(Command):
    """The hotline takes its referral back: a mistake, or a hoax."""

    reason: Reason


class HotlineReferralOut(Versioned):
    """The receipt of a referral: which office has it, and how far it is."""

    id: UUID
    source: str
    external_ref: str
    intake_id: UUID
    status: Status
    emergency: bool
    received_at: Instant
    recorded_at: Instant
    acknowledged_at: Instant | None
    withdrawn_at: Instant | None
    office: OfficeOut | None = Field(description="Null while it waits in the hotline's own queue.")


class ReferralReceived(HotlineReferralOut):
    """The receipt of what a hotline has just sent, and what to think of: nothing was refused for it."""

    warnings: list[PlaceNoticeOut]


class FeedbackOut(Answer):
    """One thing that happened to a referral. It names nobody.

    `re_examined` says that a report told as dismissed is worked on again, also where the hotline's own message took it
    up; `taken_back` that what `corrects_id` told was entered in error: a case told as closed is open again.
    `case_joined` says that the child had a case, in which the report is worked on: what happens there follows, without
    its `case_id`. A case that was opened on the report first and joined then is taken back.
    """

    id: UUID
    source: str
    external_ref: str
    referral_id: UUID
    kind: FeedbackKind
    case_id: UUID | None = Field(description="Which of the cases opened on the referral; null for others.")
    corrects_id: UUID | None = Field(description="Which earlier entry is taken back; it stays in the feed.")
    unit_id: int | None = Field(description="The office that did it.")
    happened_at: Instant
    recorded_at: Instant


class Feed(Answer):
    """A part of the feed. Keep `next_cursor` and come back with it: nothing is missed and nothing told twice."""

    items: list[FeedbackOut]
    next_cursor: str | None = Field(description="Send it as `cursor` next time, also when `has_more` is false.")
    has_more: bool
