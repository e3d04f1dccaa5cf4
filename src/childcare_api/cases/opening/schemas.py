"""Bodies and answers of opening cases and linking child records."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from childcare_api.cases.file.models import CaseStatus
from childcare_api.cases.file.schemas import Happened, StepHead
from childcare_api.cases.opening.rules import Trait
from childcare_api.cases.protecting.schemas import RecordHandover
from childcare_api.children.schemas import RegisterChild
from childcare_api.shared.schemas import Answer, Command, PastInstant, Versioned
from childcare_api.units.schemas import PlaceIn


class OpenForChild(Command):
    """One child of the report, and where the child lives."""

    intake_child_id: UUID
    case_id: UUID | None = Field(
        default=None, description="A UUIDv7 of the client's own making; else the server makes one."
    )
    residence: PlaceIn | None = Field(
        default=None, description="Where the child lives, if not in your commune: its commune then leads the case."
    )


class OpenCases(Command):
    """Open a case for each of these children of a report."""

    children: Annotated[list[OpenForChild], Field(min_length=1, max_length=50)]
    handover: RecordHandover | None = Field(
        default=None, description="A hand-over to the police that your commune has made; it goes into each case."
    )
    happened_at: PastInstant | None = None


class OpenedCase(Answer):
    """A case that was opened. One that another commune leads is read with `GET /cases/{id}` as far as it is yours."""

    id: UUID
    intake_child_id: UUID
    commune_id: int
    status: CaseStatus
    led_elsewhere: bool


class OpenedCases(Versioned):
    """The cases opened for a report. `row_version` is the report's."""

    intake_id: UUID
    sibling_group_id: UUID
    cases: list[OpenedCase]


class LinkChild(Happened):
    """Link the case to a child of your register."""

    child_id: UUID


class RegisterCaseChild(Happened):
    """Register the child of the case, who may have no papers, and link the case to the new record."""

    child: RegisterChild


class ChildNoticeOut(Answer):
    """In what the child of the record differs from the child that was reported; nothing was refused for it."""

    code: Literal["child_differs"]
    pointer: str
    differs: list[Trait]
    message_vi: str
    message_en: str


class ChildLinkOut(StepHead):
    """That a case was linked to a child of the register. `warnings` says where it may be the wrong one."""

    child_id: UUID
    warnings: list[ChildNoticeOut]
