"""Bodies and answers of adding to a report what was learned later."""

from typing import Self
from uuid import UUID

from pydantic import Field

from childcare_api.intake.models import IntakeUpdate
from childcare_api.intake.receiving.schemas import Channel, ReporterKind
from childcare_api.shared.schemas import Answer, Command, Instant, PastInstant, Reason


class UpdateIntake(Command):
    """What was learned of a report later: the neighbour comes back with something new."""

    text: Reason = Field(description="What is new. Who told of it stays sealed, so do not name them.")
    channel: Channel | None = Field(default=None, description="How it came.")
    told_by: ReporterKind | None = Field(default=None, description="What kind of person or body told of it.")
    emergency: bool = Field(
        default=False,
        description="Whether it says that the child is in danger now (NĐ 56/2017, Điều 31.1): 12 hours run from"
        " `happened_at` until a measure is taken after it.",
    )
    happened_at: PastInstant | None = Field(
        default=None,
        description="When it was told; now if not stated. Not before the report, or what took it up again.",
    )


class UpdateOut(Answer):
    """What was learned later: sent by the source of the report, or written down by the office that has it."""

    id: UUID
    from_source: bool = Field(description="Whether the hotline that brought the report sent it itself.")
    channel: Channel | None
    told_by: ReporterKind | None
    text: str
    emergency: bool
    place_unit_id: int | None
    place_text: str | None
    happened_at: Instant
    recorded_at: Instant
    recorded_by: UUID
    entered_in_error_at: Instant | None
    entered_in_error_reason: str | None

    @classmethod
    def of(cls, update: IntakeUpdate) -> Self:
        """Return an addition as it is read."""
        own = {name: getattr(update, name) for name in cls.model_fields.keys() - {"from_source"}}
        return cls.model_validate(own | {"from_source": update.source_id is not None})
