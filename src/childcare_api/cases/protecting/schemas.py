"""Bodies and answers of emergency measures and hand-overs."""

from datetime import date
from typing import Literal

from pydantic import Field

from childcare_api.cases.file.schemas import Happened, Note, StepHead, Steps
from childcare_api.shared.schemas import Line, PastDay, Versioned

Measure = Literal[
    "stopped_harm",
    "first_aid",
    "hospital",
    "safe_place",
    "guarded",
    "evidence_kept",
    "counselling",
    "essentials",
    "found_safe",
    "other",
]
HandoverBody = Literal["police", "prosecution", "court", "health_facility", "social_facility", "other"]


class RecordEmergencyMeasure(Happened):
    """Record what was done at once to keep the child safe."""

    measure: Measure = Field(
        description="What was done; `found_safe` where somebody looked at once and nothing else was needed."
    )
    description: Note
    done_by: Line = Field(description="The body or the office that did it.")


class RecordHandover(Happened):
    """Record that the case, or what may be evidence, was handed to the police or another body. The case goes on."""

    body: HandoverBody = "police"
    body_name: Line
    received_by: Line | None = None
    document_number: Line | None = None
    document_on: PastDay | None = None
    subject: Note
    evidence: list[Line] = Field(default=[], max_length=50)


class EmergencyMeasureOut(StepHead):
    """Something done at once to keep the child safe."""

    measure: Measure
    description: str
    done_by: str


class EmergencyMeasureList(Versioned):
    """The emergency measures of a case."""

    items: Steps[EmergencyMeasureOut]


class HandoverOut(StepHead):
    """A hand-over to the police or another body."""

    body: HandoverBody
    body_name: str
    received_by: str | None
    document_number: str | None
    document_on: date | None
    subject: str
    evidence: list[str]


class HandoverList(Versioned):
    """The hand-overs of a case."""

    items: Steps[HandoverOut]
