"""Answers about the forms of a case."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from childcare_api.cases.file.models import StepKind
from childcare_api.shared.schemas import Answer, Instant, Versioned

FormCode = Literal[
    "mau-01",
    "mau-02",
    "mau-03",
    "minutes",
    "mau-04",
    "mau-05",
    "mau-06",
    "mau-07",
    "separation-extension",
    "separation-cancellation",
    "court-request",
    "mau-10",
    "mau-12",
    "mau-13",
    "mau-15",
    "mau-16",
    "timeline",
    "case-file",
]


class PrintableStep(Answer):
    """A step that a form can be printed from. One that no longer counts is printed with the mark VÔ HIỆU."""

    step_id: UUID
    kind: StepKind
    happened_at: Instant
    counts: bool


class Blank(Answer):
    """What a paper leaves to be filled in by hand: on which form, made from which step."""

    form: str
    label: str = Field(description="What the decree calls that form.")
    step_id: UUID
    item: str = Field(description="In the words of the form.")


class FormOut(Answer):
    """A form: by which article, from which steps, and what is missing for it."""

    form: str
    label: str = Field(description="What the decree calls it.")
    title: str
    article: str
    layout_unverified: bool = Field(
        description="The decree's printed layout could not be read; it is laid out from the contents it demands."
    )
    stands_on: list[StepKind]
    steps: list[PrintableStep] = Field(
        description="The newest last; without `step_id` the last that counts is printed."
    )
    missing: list[Blank] = Field(
        description="What the newest leaves to be filled in by hand; of the bound file, in each of its papers."
    )


class FormList(Versioned):
    """The forms of a case."""

    items: list[FormOut]
