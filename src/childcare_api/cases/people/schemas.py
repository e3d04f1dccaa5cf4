"""Bodies and answers about the people in a case."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from childcare_api.cases.file.schemas import Happened, StepHead, Steps
from childcare_api.children.schemas import Sex, Year
from childcare_api.intake.receiving.schemas import Relation
from childcare_api.shared.schemas import Answer, Line, Versioned

PartyRole = Literal["parent", "carer", "alleged_harm_doer", "witness", "supporter", "professional", "other"]


class AddParty(Happened):
    """Add a person to the case. The reporter is never added: who reported stays sealed with the intake."""

    role: PartyRole
    relation: Relation
    full_name: Line | None = None
    sex: Sex | None = Field(
        default=None,
        description="Papers then say “cha dượng” or “mẹ kế”, “ông” or “bà”. Of the alleged harm-doer it is sealed.",
    )
    born_year: Year | None = None
    phone: Annotated[Line, Field(max_length=40)] | None = None
    address: Line | None = None
    occupation: Line | None = None
    user_id: UUID | None = Field(
        default=None,
        description="Where this person works in your office or your province: who that is, as `GET /colleagues` has "
        "them. They then see nothing of "
        "the case, whatever their role.",
    )


class PartyOut(StepHead):
    """A person in the case. The alleged harm-doer is sealed: who that is, is asked for with a reason."""

    role: PartyRole
    relation: Relation
    sealed: bool
    full_name: str | None
    sex: Sex | None
    born_year: int | None
    phone: str | None
    address: str | None
    occupation: str | None
    user_id: UUID | None


class PartyList(Versioned):
    """The people in a case."""

    items: Steps[PartyOut]


class RevealedParty(Answer):
    """Who the alleged harm-doer is."""

    id: UUID
    full_name: str | None
    sex: Sex | None
    born_year: int | None
    phone: str | None
    address: str | None
    occupation: str | None
    user_id: UUID | None
