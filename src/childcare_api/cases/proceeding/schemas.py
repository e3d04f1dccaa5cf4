"""Bodies and answers of what authorities ask for a child in proceedings, and of notices of a release."""

from datetime import date
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from childcare_api.cases.file.schemas import Because, Happened, Note, StepHead, Steps
from childcare_api.shared.schemas import Answer, Day, Instant, Line, PastDay, Reason, Versioned, unfit

Matter = Literal["criminal", "administrative", "reformatory_at_court", "other_proceedings"]
ChildRole = Literal["offender", "victim", "witness"]
Asked = Literal["information", "participation", "council_meeting", "court_hearing", "measure_support"]
ServedMeasure = Literal["imprisonment", "reformatory"]
Number = Annotated[Line, Field(max_length=50)]
Body = Annotated[Reason, Field(max_length=200)]
_OF_OFFENDERS = ("council_meeting", "measure_support")


class RecordProceeding(Happened):
    """Record one thing that an authority asks for, or holds, in proceedings about the child (Luật Trẻ em, Điều 72)."""

    matter: Matter
    child_role: ChildRole
    asked: Asked = Field(
        description="What is asked of the commune's child-protection officer: information on the child and its family"
        " (72.2); to take part in the proceedings, a meeting of the council or a hearing of the court (72.3); to follow"
        " and support the carrying out of an educational measure (72.4)."
    )
    authority: Body = Field(description="Who asks, or holds it.")
    document_number: Number | None = None
    document_on: PastDay | None = None
    due_on: Day | None = Field(
        default=None,
        description="The day of the meeting or hearing, until which information is wanted, or the last of the measure."
        " The task runs until then; without a day the house gives it a term.",
    )
    note: Note | None = None

    @model_validator(mode="after")
    def _of_an_offender(self) -> Self:
        of_offenders = self.asked in _OF_OFFENDERS or self.matter == "reformatory_at_court"
        if of_offenders and self.child_role != "offender":
            raise unfit(
                "of_offenders",
                "A council's meeting, an educational measure and a reformatory are about a child who broke the law.",
                "Hội đồng tư vấn, biện pháp giáo dục và trường giáo dưỡng chỉ dành cho trẻ em vi phạm pháp luật.",
                at="child_role",
            )
        return self


class AnswerProceeding(Happened):
    """Record what was done of what an authority asked, or why nothing was."""

    result: Because = Field(description="What was told or done, to whom; or that the authority asks it no more.")


class RecordReleaseNotice(Happened):
    """Record a notice that the child will have served. `happened_at` is when the commune received it."""

    institution: Body = Field(description="The prison, detention facility or reformatory that gives it.")
    measure: ServedMeasure
    release_on: Day = Field(description="The day on which the child will have served; perhaps past, in a late notice.")
    document_number: Number | None = None
    document_on: PastDay | None = None
    about_child: Note | None = Field(
        default=None, description="What it tells of the child: schooling, health, what it needs, with whom it may live."
    )


class RecordReleasePrepared(Happened):
    """Record that the reception of the child is prepared, under the plan in force (Luật Trẻ em, Điều 73.2, 73.3)."""

    how: Because = Field(description="Who receives the child, where it lives, learns and is helped from that day on.")


class GroupNoticeOut(Answer):
    """That the register does not have the child in a group which this step speaks of; nothing was refused for it."""

    code: Literal["group_not_recorded"]
    group: Literal["in_conflict_with_law"]
    article: str
    message_vi: str
    message_en: str


class LateNoticeOut(Answer):
    """That a notice of a release came later than the law has it; it was taken, since the child comes all the same."""

    code: Literal["notice_late"]
    article: str
    message_vi: str
    message_en: str


class ProceedingOut(StepHead):
    """One thing that an authority asked, and what was done."""

    matter: Matter
    child_role: ChildRole
    asked: Asked
    authority: str
    document_number: str | None
    document_on: date | None
    due_on: date | None
    note: str | None
    answered_id: UUID | None = Field(description="The step by which it was done; empty while it waits.")
    answered_at: Instant | None
    result: str | None
    warnings: list[GroupNoticeOut]


class ProceedingList(Versioned):
    """What authorities asked for the child of a case."""

    items: Steps[ProceedingOut]


class ReleaseNoticeOut(StepHead):
    """A notice of a release, whether it came in time, and what was prepared."""

    institution: str
    measure: ServedMeasure
    release_on: date
    document_number: str | None
    document_on: date | None
    about_child: str | None
    notice_due_on: date = Field(
        description="The last day for the institution to give notice: 02 months before the end of imprisonment, 01"
        " month before the end of education in a reformatory (Luật Trẻ em, Điều 73.2)."
    )
    notified_in_time: bool = Field(description="By the day on which the commune received it.")
    replaced: bool = Field(description="Whether a newer notice of the case counts instead.")
    prepared_id: UUID | None = Field(description="The step by which the reception was prepared.")
    prepared_at: Instant | None
    how: str | None
    warnings: list[GroupNoticeOut | LateNoticeOut]


class ReleaseNoticeList(Versioned):
    """The notices of a release in a case."""

    items: Steps[ReleaseNoticeOut]
