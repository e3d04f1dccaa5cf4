"""Bodies and answers of reopening, of what happened to the child, and of the archive."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from childcare_api.cases.file.models import CaseStatus, StepKind
from childcare_api.cases.file.schemas import CloseReason, Happened, Note, StepHead, Steps
from childcare_api.shared.schemas import Answer, Instant, Line, PastDay, Reason, Versioned


class ReopenCase(Happened):
    """Open a closed case again, because risk has shown again; a plan is built once more, as in Điều 30.1 c."""

    reason: Annotated[Reason, Field(max_length=4000)]


class RecordDeath(Happened):
    """Record that the child died. The case stays readable; every clock ends, and the leader closes it."""

    died_on: PastDay
    document_number: Annotated[Line, Field(max_length=100)] | None = None
    note: Note | None = None


class RecordSixteenth(Happened):
    """Record that the child turned 16, where the birthday is not in the register."""

    note: Note | None = None


class LifeEventOut(StepHead):
    """That the child of a case died or turned 16."""

    died_on: date | None
    document_number: str | None
    note: str | None


class LifeEventList(Versioned):
    """What happened to the child of a case."""

    items: Steps[LifeEventOut]


class ArchivedPaper(Answer):
    """One paper of the file: what it is, by which form of the decree, and its number where it has one."""

    step_id: UUID
    kind: StepKind
    form: str | None
    happened_at: Instant
    number: str | None
    pages: int | None = Field(description="Not known to this system: papers are counted by whoever files them.")


class ArchiveOut(Versioned):
    """What is known of the archived file (NĐ 56/2017, Điều 30.3): only what was recorded here."""

    case_id: UUID
    status: CaseStatus
    article: str
    kept_by_commune_id: int
    closed_at: Instant
    close_reason: CloseReason
    papers: list[ArchivedPaper]
    steps: int
    pages: int | None
    in_national_database: bool | None = Field(description="Not recorded here, so not known.")
