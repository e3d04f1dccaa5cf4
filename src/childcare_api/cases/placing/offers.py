"""Answers that say who could take a child in, and where there is a place."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from childcare_api.alternative_care.schemas import LackOut
from childcare_api.cases.placing.needing import Relative
from childcare_api.cases.placing.schemas import CareForm
from childcare_api.shared.schemas import Answer, Versioned

CareOrder = Literal["relative", "commune", "vietnamese", "foreigner"]


class Candidate(Answer):
    """Somebody who could take the child in: why at this place in the order, and what stands against it, by article."""

    carer_id: UUID
    commune_id: int
    full_name: str | None = Field(description="In the carer's own commune alone.")
    form: CareForm
    order: CareOrder
    order_article: str
    places: int
    children_in_care: int
    siblings_there: bool = Field(description="A brother or sister of the child lives there (Luật Trẻ em, Điều 60.4).")
    against: list[LackOut]


class CandidateElsewhere(Answer):
    """Somebody of another commune who could take the child in: whom to ask there, and nothing that names them."""

    carer_id: UUID = Field(description="To ask that commune by (`POST …/placement-requests`).")
    commune_id: int
    commune_name: str
    province_name: str
    order: CareOrder
    order_article: str
    against: list[LackOut]


class FacilityCandidate(Answer):
    """A facility, which comes after carers (NĐ 56/2017, Điều 42.2 c)."""

    provider_id: UUID
    name: str
    places: int | None
    free: int | None
    against: list[LackOut]


class Candidates(Versioned):
    """Who could take the child in, in the order of NĐ 56/2017, Điều 42.2, 42.3. People choose; nothing is scored."""

    case_id: UUID
    child_must_be_asked: bool
    relatives: list[Relative] = Field(description="The relatives that the last report on the child's needs names.")
    carers: list[Candidate] = Field(description="Of other communes the first 200 of the own province.")
    more_in_province: bool = Field(description="`…/elsewhere` with the own `province_id` lists them all.")
    facilities: list[FacilityCandidate]


class FacilityPlaces(Answer):
    """A facility's places on a day, as the placements of all communes have it."""

    provider_id: UUID
    as_of: date
    places: int | None
    taken: int
    free: int | None
