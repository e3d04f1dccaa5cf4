"""Bodies and answers of breaking the glass."""

from datetime import date
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from childcare_api.cases.file.models import CaseStatus, StepKind
from childcare_api.children.schemas import ChildOut, IdentifierKind
from childcare_api.shared.schemas import Answer, Command, Instant, Line, Text, Versioned, unfit
from childcare_api.units.schemas import UnitId


class KnownIdentifier(Command):
    """A paper of the child, exactly as written."""

    kind: IdentifierKind
    value: Annotated[Line, Field(max_length=40)]


class BreakGlass(Command):
    """Name the child exactly: by a paper, or by full name, birthday and the province where it was registered."""

    identifier: KnownIdentifier | None = None
    full_name: Line | None = Field(default=None, description="In full; accents do not matter.")
    born_on: date | None = None
    province_id: UnitId | None = Field(default=None, description="Today's province that the child came from.")

    @model_validator(mode="after")
    def _one_way_to_know_the_child(self) -> Self:
        by_name = (self.full_name, self.born_on, self.province_id)
        if (self.identifier is None) == (None in by_name) or (self.identifier and any(by_name)):
            raise unfit(
                "one_way_to_know_the_child",
                "Either an identifier, or full name, birthday and province.",
                "Nêu giấy tờ của trẻ, hoặc họ tên, ngày sinh và tỉnh, thành phố.",
            )
        return self


class GlassOut(Versioned):
    """That somebody reads another commune's child, until when and why."""

    id: UUID
    child_id: UUID
    commune_id: int
    user_id: UUID
    breaker_unit_id: int
    known_by: Literal["identifier", "name_and_birthday"]
    reason: str
    broken_at: Instant
    expires_at: Instant
    reviewed_at: Instant | None
    reviewed_by: UUID | None
    review_note: str | None


class BrokenHere(Answer):
    """Leave to read for some hours. The commune that holds the child was told."""

    id: UUID
    expires_at: Instant


class ReviewGlass(Command):
    """Say what came of looking into it."""

    note: Annotated[Text, Field(max_length=2000)]


class ActThroughGlass(Answer):
    """What was done in a case and when; not what it says."""

    kind: StepKind
    happened_at: Instant


class CaseThroughGlass(Answer):
    """A case of the child, as far as somebody who has it in front of them needs."""

    id: UUID
    commune_id: int
    status: CaseStatus
    emergency: bool
    harm_doer_is_carer: bool
    opened_at: Instant
    acts: list[ActThroughGlass]


class ChildThroughGlass(Answer):
    """A child's file and what is known of its cases, read through a broken glass."""

    expires_at: Instant
    child: ChildOut
    cases: list[CaseThroughGlass]
