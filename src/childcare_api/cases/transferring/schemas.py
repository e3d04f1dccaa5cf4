"""Bodies and answers of handing a case over."""

from datetime import date
from uuid import UUID

from pydantic import Field

from childcare_api.cases.consenting.schemas import Consent, ConsentOut
from childcare_api.cases.file.models import CaseStatus
from childcare_api.cases.file.schemas import Because, Happened, Note, StepHead, Steps, ToldChild
from childcare_api.cases.transferring.models import TransferStatus
from childcare_api.shared.schemas import Instant, Line, PastDay, Versioned
from childcare_api.units.schemas import PlaceIn, UnitId


class OfferTransfer(Happened):
    """Offer the whole case to the commune where the child lives now."""

    residence: PlaceIn = Field(description="Where the child lives now: its commune is offered the case.")
    address: Line | None = Field(default=None, description="The new address, as the other commune will look for it.")
    moved_on: PastDay
    reason: Because
    summary: Note = Field(description="What the other commune has to know to decide. It sees no more until it accepts.")
    consent: Consent


class WithdrawTransfer(Happened):
    """Take an offer back: the case stays."""

    reason: Because


class AcceptTransfer(Happened):
    """Take the case over, with its clocks."""

    village_id: UnitId | None = Field(default=None, description="The village of your commune where the child lives.")
    note: Note | None = None


class DeclineTransfer(Happened):
    """Decline the case, with the reason. It stays with the commune that offered it."""

    reason: Because


class CaseTransferOut(StepHead):
    """An offer of the case and what became of it. `row_version` is the case's."""

    status: TransferStatus
    from_commune_id: int
    to_commune_id: int
    village_id: int | None
    address: str | None
    moved_on: date
    reason: str
    summary: str
    consent: ConsentOut
    answered_at: Instant | None
    answered_by: UUID | None
    answer_note: str | None


class TransferList(Versioned):
    """All offers of a case."""

    items: Steps[CaseTransferOut]


class ReceivedTransfer(Versioned):
    """A case that is offered to your commune, and all you see of it before you accept. `row_version` is the offer's."""

    id: UUID
    status: TransferStatus
    from_commune_id: int
    village_id: int | None
    address: str | None
    moved_on: date
    offered_at: Instant
    reason: str
    summary: str
    child: ToldChild
    emergency: bool
    case_status: CaseStatus = Field(description="Where the case stood when it was offered.")
