"""Bodies and answers of moving a child's record."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from childcare_api.children.schemas import BirthPrecision, Note, Sex, UnitId, Why
from childcare_api.shared.schemas import Answer, Command, Instant, Line, NewRecord, PastDay, Versioned
from childcare_api.units.schemas import PlaceIn

MoveStatus = Literal["offered", "accepted", "declined", "withdrawn"]


class MoveChild(NewRecord):
    """The child lives in another commune now: offer its record there."""

    residence: PlaceIn
    address: Line | None = None
    moved_on: PastDay
    reason: Why | None = None


class AcceptMove(Command):
    """Take the record over."""

    village_id: UnitId | None = Field(default=None, description="The village of your commune where the child lives.")
    note: Note | None = None


class DeclineMove(Command):
    """Decline the record, with the reason. It stays where it is."""

    reason: Why


class WithdrawMove(Command):
    """Take the offer back."""

    reason: Why


class MovingChild(Answer):
    """The child as the other commune sees it before it takes the record."""

    full_name: str
    sex: Sex
    born_on: date
    born_on_precision: BirthPrecision


class MoveOut(Versioned):
    """A move to another commune, and what became of it. `row_version` is the move's own."""

    id: UUID
    child_id: UUID | None = Field(description="Null to the commune it is offered to, until the record is its own.")
    child: MovingChild
    status: MoveStatus
    from_commune_id: int
    to_commune_id: int
    village_id: int | None
    address: str | None
    moved_on: date
    reason: str | None
    offered_at: Instant
    offered_by: UUID | None = Field(description="Null to the commune it is offered to: it knows the office.")
    answered_at: Instant | None
    answer_note: str | None
