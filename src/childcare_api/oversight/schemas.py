"""Answers about the audit."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from childcare_api.shared.schemas import Answer, Instant

FaultKind = Literal[
    "event_changed", "event_missing", "event_added", "seal_broken", "seal_missing", "seal_replaced", "tail_cut_off"
]


class AuditEventOut(Answer):
    """One thing that was done: who did it by name, role and unit, to which record by its id."""

    id: int
    recorded_at: Instant
    action: str = Field(description="What happened, such as `case.opened_to_read`.")
    subject_kind: str
    subject_id: str | None = Field(description="The record; null for lists and searches, whose `detail` has the ids.")
    actor_id: UUID | None
    actor_kind: str | None = Field(description="`person`, `machine`, or `system` for the program itself.")
    actor_name: str | None = Field(description="Of a person or machine client, as it is today.")
    actor_role: str | None = Field(description="The role they acted in; null for machines and the program itself.")
    actor_unit_name: str | None = Field(description="The unit they acted for.")
    assignment_id: UUID | None = Field(description="In which assignment they acted.")
    actor_unit_id: int | None
    request_id: str | None
    detail: dict[str, Any]
    reason: str | None = Field(description="The reason stated with `X-Action-Reason`.")
    holder_commune_id: int | None = Field(description="The commune that answers for the record.")
    holder_province_id: int | None


class SealFault(Answer):
    """The first thing found that is not as it was sealed."""

    kind: FaultKind
    seal_no: int
    event_id: int | None = Field(description="The first bad event; for a seal as a whole, its first event.")


class NewestSeal(Answer):
    """The newest seal."""

    no: int
    hash: str
    sealed_at: datetime


class SealWitness(Answer):
    """The copy of the seals outside the database, without which a cut-off tail goes unnoticed."""

    kept: bool = Field(description="Whether this server has one.")
    newest_no: int | None
    newest_hash: str | None = Field(description="Keep a copy of it elsewhere: whoever has it can check for themselves.")


class AuditVerificationOut(Answer):
    """Whether the audit is as it was sealed."""

    intact: bool = Field(description="Nothing bad was found among what was checked.")
    complete: bool = Field(description="Whether the newest seal was reached; else continue at `next_seal`.")
    first_fault: SealFault | None
    checked_seals: int
    checked_events: int
    next_seal: int | None
    newest_seal: NewestSeal | None
    unsealed_events: int = Field(description="Events too new to be sealed; changes to them would go unnoticed.")
    witness: SealWitness
