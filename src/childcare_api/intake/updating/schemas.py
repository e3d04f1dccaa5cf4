"""Bodies and answers of adding to a report what was learned later."""

from typing import Annotated, Self
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


TakesBack = Annotated[
    bool,
    Field(
        description="Whether you say by it that what you added before was an error, such as another house. The office"
        " that has the report may then mark that as entered in error, and the danger with it."
    ),
]


class TellMore(UpdateIntake):
    """What whoever told of a report, or sent it on, learned later."""

    takes_back: TakesBack = False


class UpdateOut(Answer):
    """What was learned later: added by who told of the report or sent it on, or by the office that has it."""

    id: UUID
    from_source: bool = Field(description="Whether the hotline that brought the report sent it itself.")
    told_from_unit_id: int | None = Field(
        description="The village, commune or province that told it; null where the office that has the report wrote it."
    )
    takes_back: bool = Field(description="Whether they say by it that what they added before was an error.")
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
