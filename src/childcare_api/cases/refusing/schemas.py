"""Bodies and answers of a refusal of the plan."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from childcare_api.cases.consenting.schemas import ConsentGiver
from childcare_api.cases.file.schemas import Because, Happened, Note, StepHead, Steps
from childcare_api.shared.schemas import Instant, Versioned, unfit


class RecordPlanRefusal(Happened):
    """Record that parents, carers or the child refuse to carry out the plan."""

    refused_by: Annotated[list[ConsentGiver], Field(min_length=1, max_length=5)]
    whole: bool = Field(description="The whole plan; else `refused` says what of it.")
    refused: Note | None = None
    said: Note | None = Field(default=None, description="The reason, in their own words.")
    explained: Note = Field(
        description="What they were told: that they must carry it out (NĐ 56/2017, Điều 29.3), and what may follow."
    )

    @model_validator(mode="after")
    def _says_what(self) -> Self:
        if self.whole is (self.refused is not None):
            raise unfit(
                "refused",
                "State what is refused of a part.",
                "Nêu nội dung bị từ chối khi không từ chối toàn bộ.",
                at="refused",
            )
        return self


class EndPlanRefusal(Happened):
    """Record that who refused the plan carries it out after all."""

    reason: Because = Field(description="How it is known: what they did, or what they agreed to.")


class PlanRefusalOut(StepHead):
    """A refusal of a plan. It is a ground to separate the child and to ask the court (Điều 32.1; LQ, Điều 52.3)."""

    plan_id: UUID
    refused_by: list[ConsentGiver]
    whole: bool
    refused: str | None
    said: str | None
    explained: str
    ended_id: UUID | None = Field(description="The step by which they carry it out after all.")
    ended_at: Instant | None
    end_reason: str | None


class PlanRefusalList(Versioned):
    """The refusals of plans in a case."""

    items: Steps[PlanRefusalOut]
