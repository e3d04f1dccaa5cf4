"""Bodies and answers of the clocks and of what a unit promises."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from childcare_api.shared.schemas import Answer, Command, Instant, Reason


class PromiseTerm(Command):
    """Promise a shorter term for your unit, from today on; tasks that run keep theirs. Null takes the promise back."""

    length: Annotated[int, Field(ge=1, le=10_000)] | None = Field(description="In the clock's own unit.")
    reason: Annotated[Reason, Field(max_length=1000)]


class PromiseOut(Answer):
    """What a unit promises, and since when."""

    length: int | None
    valid_from: date
    reason: str
    promised_at: Instant
    promised_by: UUID


class ClockOut(Answer):
    """One term of the law, as it stands today."""

    code: str
    title_vi: str
    title_en: str
    article: str
    basis: str = Field(description="`law`: the article names the number; `derived`; or `house`: our own promise.")
    length: int
    unit: str
    start_event: str
    start_choices: list[str]
    answers: list[str] = Field(description="Which roles answer for it.")
    escalates_to: list[str] = Field(description="Which roles it climbs to when it is missed.")
    escalate_before_hours: int = Field(description="How long before its last moment they are shown it.")
    as_soon_as_possible: bool
    emergency_article: str | None
    extendable_by: int | None = Field(description="How much longer a task may be made with a reason; null: never.")
    valid_from: date
    valid_to: date | None
    my_unit: PromiseOut | None = Field(description="What your unit promises instead, if it does.")


class ClockList(Answer):
    """The terms of the law, with what your unit promises, all at once.

    There is one for each code that the program knows; no client adds any.
    """

    items: list[ClockOut]
