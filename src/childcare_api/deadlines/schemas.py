"""Answers about what the law wants, by when, by which article."""

from datetime import date, datetime
from typing import Literal, Self
from uuid import UUID

from pydantic import Field

from childcare_api.deadlines import rules
from childcare_api.deadlines.models import ClockRule, Task
from childcare_api.deadlines.rules import SubjectKind, TaskStatus
from childcare_api.shared.schemas import Answer, Instant, Versioned

TaskFilter = Literal["due", "overdue", "undecided", "escalated"]
Whose = Literal["mine", "my_unit", "my_province"]


class LimitOut(Answer):
    """A number that is judged by and that no clock runs by, with its article. `verified` is false without a source."""

    code: str
    value: int
    unit: Literal["years", "months", "days", "times"]
    title_vi: str
    title_en: str
    article: str
    basis: Literal["law", "house"]
    verified: bool
    valid_from: date
    valid_to: date | None


class LimitList(Answer):
    """The numbers of a day, by their codes."""

    items: list[LimitOut]


class TaskOut(Versioned):
    """One thing that the law wants of somebody."""

    id: UUID
    rule: str = Field(description="The code of the clock, such as `emergency.intervene`.")
    title_vi: str
    title_en: str
    article: str = Field(description="Where the law says so.")
    basis: str = Field(
        description="`law`: the article names the number; `derived`: it follows from another; `house`: our own promise."
    )
    subject_kind: SubjectKind = Field(description="What it is about.")
    subject_id: UUID = Field(description="The record that it is about, or the step of a case, such as a referral.")
    case_id: UUID | None = Field(
        description="The case that it belongs to: yours, or one that you are shown something of. A commune that was"
        " asked for a service alone is told of no case."
    )
    path: str | None = Field(
        description="Where you read what it is about, behind `/api/v1`, such as `/intakes/{id}`, `/cases/{id}`;"
        " `/cases/{case_id}/referrals`, `/cases/{case_id}/transfers` and `/cases/{case_id}/placement-requests`, where"
        " the item with `subject_id` is meant; `/referrals/{id}`, `/transfers/{id}` and `/child-moves/{id}` for the"
        " commune that was asked; `/facility-children/{id}` and `/facility-lists/{id}`; `/carer-lists`,"
        " `/facility-lists`, `/care-reports` and `/broken-glasses`. Null where your office or your role reads"
        " none of it: a province's leader is told of a report that nobody assessed, and its officer reads it."
    )
    external_ref: str | None = Field(
        description="Of a task about a report: the number by which its source, such as the hotline, calls it."
    )
    unit_id: int
    commune_id: int | None
    province_id: int | None
    as_soon_as_possible: bool = Field(description="The law wants it at once; `due_at` is only the latest moment.")
    starts_at: Instant = Field(description="The stated event that started the clock.")
    due_at: Instant
    provisional: bool = Field(
        description="The days off until then are not all announced: `due_at` is the earliest it can be, and nobody is"
        " called late by it."
    )
    receipt_at: Instant | None = Field(description="When this office itself was told, beside the stated event.")
    receipt_due_at: Instant | None = Field(description="When the same time would be over, counted from that receipt.")
    status: TaskStatus
    answers: list[str] = Field(description="Which roles answer for it.")
    escalates_to: list[str] = Field(description="Which roles it climbs to when it is missed.")
    escalated: bool = Field(description="Whether those above are shown it as well.")
    left_over: bool = Field(
        description="Nobody of the commune who should do it may see it, for a conflict of interest or a seal: have"
        " somebody assigned or named who may, or ask the level above."
    )
    extension: int | None = Field(description="How much time was added with a reason, in the clock's own unit.")
    extendable_by: int = Field(description="How much may still be added; 0 for a term that the law states.")
    done_at: Instant | None

    @classmethod
    def of(
        cls,
        task: Task,
        rule: ClockRule,
        now: datetime,
        *,
        left_over: bool,
        case_id: UUID | None,
        path: str | None,
        external_ref: str | None,
    ) -> Self:
        """Return a task as it stands at an instant."""
        status = rules.task_status(
            now,
            due_at=task.due_at,
            provisional=task.provisional,
            done_at=task.done_at,
            cancelled_at=task.cancelled_at,
        )
        return cls(
            row_version=task.row_version,
            id=task.id,
            rule=task.rule_code,
            title_vi=rule.title_vi,
            title_en=rule.title_en,
            article=task.article,
            basis=rule.basis,
            subject_kind=rules.subject_kind_of(task.subject_kind),
            subject_id=task.subject_id,
            case_id=case_id,
            path=path,
            external_ref=external_ref,
            unit_id=task.unit_id,
            commune_id=task.commune_id,
            province_id=task.province_id,
            as_soon_as_possible=task.as_soon_as_possible,
            starts_at=task.starts_at,
            due_at=task.due_at,
            provisional=task.provisional,
            receipt_at=task.receipt_at,
            receipt_due_at=task.receipt_due_at,
            status=status,
            answers=task.answers,
            escalates_to=task.escalates_to,
            left_over=left_over,
            extension=task.extension,
            extendable_by=max((rule.extension_length or 0) - (task.extension or 0), 0),
            escalated=task.done_at is None and task.cancelled_at is None and task.escalate_at <= now,
            done_at=task.done_at,
        )
