"""Bodies and answers of the lists that facilities send."""

from datetime import date
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from childcare_api.alternative_care.facility_lists.rules import Status
from childcare_api.alternative_care.schemas import Long, Why
from childcare_api.children.schemas import BirthPrecision, Sex
from childcare_api.shared.schemas import Answer, Command, Instant, Line, NewRecord, PastDay, Versioned, unfit

Appraisal = Literal["sent", "no_carer", "not_eligible"]


class ListedChild(NewRecord):
    """A child in a facility who needs a family."""

    full_name: Line
    sex: Sex = "unknown"
    born_on: PastDay | None = None
    born_on_precision: BirthPrecision = "day"
    circumstances: Long | None = None
    wishes: Long | None = Field(default=None, description="What the child itself wishes.")
    dossier: Long | None = Field(default=None, description="What is there of the dossier of Điều 38.3, 38.4.")


class ReceiveFacilityList(NewRecord):
    """Take the list that the head of a facility sent (Mẫu 14), every six months; without children if none needs it."""

    received_on: PastDay
    note: Long | None = None
    children: Annotated[list[ListedChild], Field(max_length=200)] = Field(default=[])


class AppraiseFacilityChild(Command):
    """Say what came of comparing the dossier with the carers on the lists (NĐ 56/2017, Điều 45.2)."""

    result: Appraisal
    carer_id: UUID | None = Field(
        default=None, description="For `sent`: a listed carer of your province. List and dossier go to their commune."
    )
    reason: Why | None = Field(default=None, description="Why it is not sent on.")

    @model_validator(mode="after")
    def _sends_to_a_carer(self) -> Self:
        if (self.result == "sent") is (self.carer_id is None):
            raise unfit(
                "carer_id",
                "State the carer of a child that is sent on.",
                "Nêu người nhận khi chuyển hồ sơ.",
                at="carer_id",
            )
        if self.result != "sent" and self.reason is None:
            raise unfit("reason", "State why it is not sent on.", "Nêu lý do không chuyển hồ sơ.", at="reason")
        return self


class DeclineFacilityChild(Command):
    """Say why the carer does not take the child in, or may not (NĐ 56/2017, Điều 45.4)."""

    reason: Why


class EndFacilityCare(Command):
    """Write down the decision that ends the care at the facility (NĐ 56/2017, Điều 48.3)."""

    decision_number: Line
    ended_on: PastDay


class FacilityChildSummary(Versioned):
    """A child of a facility's list as lists show it: above the commune by initials."""

    id: UUID
    provider_id: UUID
    received_on: date
    full_name: str
    status: Status
    commune_id: int | None = Field(description="The commune of the carer, once it was sent there.")
    decided_on: date | None
    ended_on: date | None


class FacilityEndInError(Answer):
    """An end of the care at the facility that should not have been written down so."""

    decision_number: str
    ended_on: date
    ended_at: Instant
    ended_by: UUID
    entered_in_error_at: Instant
    entered_in_error_by: UUID
    entered_in_error_reason: str


class FacilityChildOut(FacilityChildSummary):
    """A child of a facility's list. The decision of the commune is told here, and so reaches the province (45.4)."""

    sex: Sex
    born_on: date | None
    born_on_precision: BirthPrecision
    circumstances: str | None
    wishes: str | None
    dossier: str | None
    appraisal_reason: str | None
    carer_id: UUID | None
    appraised_at: Instant | None
    appraised_by: UUID | None
    answer_reason: str | None
    decision_number: str | None
    answered_at: Instant | None
    answered_by: UUID | None
    end_decision_number: str | None
    ended_at: Instant | None
    ended_by: UUID | None
    ends_in_error: list[FacilityEndInError]
    recorded_at: Instant
    recorded_by: UUID
    entered_in_error_at: Instant | None
    entered_in_error_by: UUID | None
    entered_in_error_reason: str | None


class FacilityListSummary(Answer):
    """A list as it came in, without the children on it."""

    id: UUID
    provider_id: UUID
    received_on: date
    note: str | None
    recorded_at: Instant
    recorded_by: UUID


class FacilityListOut(FacilityListSummary):
    """A list with the children on it (Mẫu 14)."""

    layout: Literal["unverified"] = Field(description="The decree's own layout of Mẫu 14 is not in our sources.")
    children: list[FacilityChildOut]


class ListedAgainOut(Answer):
    """A child of the list that seems to be listed twice; nothing was refused for it.

    By another facility, on the same day, or while a commune decides on it already.
    """

    code: Literal["listed_before"]
    pointer: str
    facility_child_id: UUID = Field(description="Where it stands on the other list.")
    message_vi: str
    message_en: str


class StillWaitingOut(Answer):
    """How many children the facility named before, who wait still: its list of the half year names them again."""

    code: Literal["still_waiting"]
    pointer: str
    children: int
    since: date = Field(description="The day of the earliest list on which one of them waits.")
    message_vi: str
    message_en: str


class FacilityListReceived(FacilityListOut):
    """A list that was just taken, with what looked wrong about it, and how many wait since an earlier one."""

    warnings: list[ListedAgainOut | StillWaitingOut]
